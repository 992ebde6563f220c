/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads dates of many makers and languages; what could mean two days is left alone. */
#include "calendar.h"

#include <string.h>

#include "input.h"

typedef struct date {
    int year, month, day;
    const char *clock; /* where the time begins; NULL: not known yet */
} date;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of any alphabet, as bytes of UTF-8. */
static bool is_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c > 127;
}

static const char *behind_blanks(const char *at)
{
    return at + strspn(at, " ,\t");
}

/* Up to four digits; how many, 0: none, or more. */
static size_t digits(const char **at, int *out)
{
    size_t n = 0;
    for (*out = 0; is_digit((*at)[n]) && n < 4; n++) *out = 10 * *out + ((*at)[n] - '0');
    if (is_digit((*at)[n])) return 0;
    *at += n;
    return n;
}

/* The month that a word begins: English, German, French, Spanish, Italian, Portuguese. */
static int month_of(const char *word, size_t length)
{
    static const struct { const char *starts; int month; } months[] = {
        { "jan", 1 }, { "jän", 1 }, { "ene", 1 }, { "gen", 1 }, { "feb", 2 }, { "fev", 2 },
        { "fév", 2 }, { "mar", 3 }, { "mär", 3 }, { "mrz", 3 }, { "apr", 4 }, { "abr", 4 },
        { "avr", 4 }, { "may", 5 }, { "mai", 5 }, { "mag", 5 }, { "jun", 6 }, { "juin", 6 },
        { "giu", 6 }, { "jul", 7 }, { "juil", 7 }, { "lug", 7 }, { "aug", 8 }, { "ago", 8 },
        { "aoû", 8 }, { "sep", 9 }, { "set", 9 }, { "oct", 10 }, { "okt", 10 }, { "ott", 10 },
        { "out", 10 }, { "nov", 11 }, { "dec", 12 }, { "dez", 12 }, { "déc", 12 }, { "dic", 12 },
    };
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (length >= strlen(months[i].starts) && as_starts(word, months[i].starts))
            return months[i].month;
    return 0;
}

/* A word with the dot that may shorten it; where it ends. */
static const char *word_end(const char *at)
{
    while (is_letter(*at)) at++;
    return at + (*at == '.');
}

/* Of the Gregorian calendar. */
static bool is_day(const date *d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);
    if (d->year < 1 || d->month < 1 || d->month > 12 || d->day < 1) return false;
    return d->day <= days[d->month - 1] + (leap && d->month == 2);
}

/* "2024/12/03", "2024.05.01.", "7.3.2022", "23/10/24": parts of one mark between them. */
static bool read_numbers(const char *at, as_date_order order, date *out)
{
    int part[3];
    size_t n[3];
    n[0] = digits(&at, &part[0]);
    const char mark = *at;
    if (!n[0] || !mark || !strchr("-/.", mark)) return false;
    at++;
    n[1] = digits(&at, &part[1]);
    if (!n[1] || n[1] > 2 || *at != mark) return false;
    at++;
    n[2] = digits(&at, &part[2]);
    *out = (date){ part[0], part[1], part[2], at + (n[0] == 4 && mark == '.' && *at == '.') };
    if (n[0] == 4) return n[2] >= 1 && n[2] <= 2 && is_day(out);
    if (n[0] > 2 || (n[2] != 4 && (n[2] != 2 || order == AS_DATE_UNTOLD))) return false;
    const bool both = part[0] <= 12 && part[1] <= 12 && part[0] != part[1];
    const bool day_first = both ? order != AS_DATE_MONTH_FIRST : part[1] <= 12;
    if (both && order == AS_DATE_UNTOLD && mark != '.') return false;
    *out = (date){ part[2] + (n[2] == 2 ? part[2] < 70 ? 2000 : 1900 : 0),
                   day_first ? part[1] : part[0], day_first ? part[0] : part[1], at };
    return is_day(out);
}

/* "04-Mar-2010", "11/Mar/2025", "3. April 2019", "25-Jan-17" of a format that puts the day first */
static bool read_day_month(const char *at, as_date_order order, date *out)
{
    size_t n = digits(&at, &out->day);
    at += strspn(at, "-/. ");
    const char *end = word_end(at);
    out->month = month_of(at, (size_t)(end - at));
    at = end + strspn(end, "-/, ");
    if (!n || n > 2) return false;
    const size_t n_year = digits(&at, &out->year);
    if (n_year != 4 && !(n_year == 2 && order == AS_DATE_DAY_FIRST)) return false;
    if (n_year == 2) out->year += out->year < 70 ? 2000 : 1900;
    out->clock = at;
    return is_day(out);
}

/* "2021 Sep 24", "2021-Sep-24" */
static bool read_year_month(const char *at, date *out)
{
    const size_t n = digits(&at, &out->year);
    at += strspn(at, "-/. ");
    const char *end = word_end(at);
    out->month = month_of(at, (size_t)(end - at));
    at = end + strspn(end, "-/, ");
    const size_t n_day = digits(&at, &out->day);
    out->clock = at;
    return n == 4 && n_day >= 1 && n_day <= 2 && is_day(out);
}

/* "Monday, July 03, 2017", "Fri Aug 19 13:19:52 CDT 2016": the word before the day is the month. */
static bool read_month_day(const char *at, date *out)
{
    for (const char *end; is_letter(*at); at = behind_blanks(end)) {
        end = word_end(at);
        out->month = month_of(at, (size_t)(end - at));
    }
    const size_t n = digits(&at, &out->day);
    if (!n || n > 2) return false;
    at = behind_blanks(at);
    const char *rest = at;
    if (digits(&rest, &out->year) == 4) {
        out->clock = rest;
        return is_day(out);
    }
    out->clock = at; /* then the year stands at the end */
    const char *last = strrchr(at, ' ');
    if (!last || digits((last++, &last), &out->year) != 4 || *last) return false;
    return is_day(out);
}

/* Offsets: "Z", "+0100", "-05:00", "UTC +01:00", "(UTC+1)". Others are names. */
static const char *read_zone(as_ctx *ctx, const char *at, bool *whole)
{
    int hours, minutes = 0;
    const size_t n_text = strlen(at);
    if (at[0] == '(' && at[n_text - 1] == ')') at = as_trim(as_scratch(ctx), at + 1, n_text - 2);
    if (!at) return NULL;
    if (as_same(at, "Z") || as_same(at, "UTC") || as_same(at, "GMT")) return "Z";
    if (as_starts(at, "UTC") || as_starts(at, "GMT")) at += 3 + strspn(at + 3, " ");
    const char sign = *at;
    if (sign == '+' || sign == '-') {
        at++;
        const size_t n = digits(&at, &hours);
        if (n == 4) minutes = hours % 100, hours /= 100;
        else if (*at == ':' && (at++, digits(&at, &minutes) != 2)) at = "?";
        if (n > 0 && n != 3 && !*at && hours < 15 && minutes < 60)
            return as_format(as_scratch(ctx), "%c%02d:%02d", sign, hours, minutes);
    }
    *whole = false;
    return "";
}

/* "13:19:52.5 PM +0100" as "T13:19:52.5+01:00"; NULL: no time of day, or no memory. */
static const char *read_clock(as_ctx *ctx, const char *at, int year, bool *whole)
{
    int hour, minute, second = 0;
    const char *fraction = "";
    if (!digits(&at, &hour) || *at++ != ':' || !digits(&at, &minute)) return NULL;
    const bool seconds = *at == ':';
    if (seconds && (at++, !digits(&at, &second))) return NULL;
    if (seconds && (*at == '.' || *at == ',') && is_digit(at[1])) {
        const size_t n = 1 + strspn(at + 1, "0123456789");
        fraction = as_format(as_scratch(ctx), ".%.*s", (int)n - 1, at + 1);
        at += n;
    }
    at += strspn(at, " ");
    const bool pm = as_starts(at, "PM") || as_starts(at, "p.m.");
    const bool am = as_starts(at, "AM") || as_starts(at, "a.m.");
    if ((am || pm) && hour > 12) return NULL;
    if (am || pm) hour = hour % 12 + (pm ? 12 : 0), at += at[1] == '.' ? 4 : 2;
    if (!fraction || hour > 23 || minute > 59 || second > 60) return NULL;
    const char *rest = as_trim(as_scratch(ctx), at, strlen(at)), *zone = "";
    const char *own_year = as_format(as_scratch(ctx), "%d", year);
    if (!rest || !own_year) return NULL;
    const size_t n = strlen(rest);
    if (n >= 4 && strcmp(rest + n - 4, own_year) == 0) rest = as_trim(as_scratch(ctx), rest, n - 4);
    if (rest && *rest) zone = read_zone(ctx, rest, whole);
    if (!rest || !zone) return NULL;
    return seconds ? as_format(as_scratch(ctx), "T%02d:%02d:%02d%s%s", hour, minute, second, fraction,
                               zone)
                   : as_format(as_scratch(ctx), "T%02d:%02d%s", hour, minute, zone);
}

as_status as_iso_date(as_ctx *ctx, const char *text, as_date_order order, const char **out,
                      bool *whole)
{
    date d = { 0 };
    text = behind_blanks(text);
    *out = NULL;
    *whole = true;
    const char *behind = is_letter(*text) ? behind_blanks(word_end(text)) : text; /* a weekday */
    if (!read_numbers(behind, order, &d) && !read_day_month(behind, order, &d) && !read_year_month(behind, &d) &&
        !read_month_day(text, &d))
        return AS_OK;
    const char *at = behind_blanks(d.clock);
    if (*at == '-' && at[1] == ' ') at = behind_blanks(at + 1);
    if (*at == 'T' && is_digit(at[1])) at++;
    const char *clock = *at && strcmp(at, "Z") != 0 ? read_clock(ctx, at, d.year, whole) : "";
    if (!clock) return AS_OK;
    *out = as_format(as_scratch(ctx), "%04d-%02d-%02d%s", d.year, d.month, d.day, clock);
    return *out ? AS_OK : AS_ERR;
}
