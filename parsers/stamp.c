/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates with clock times in the rows of a table, as time that went by. */
#include "stamp.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "number.h"

enum { YEAR_FIRST, MONTH_FIRST, DAY_FIRST };

static bool read_int(const char **at, size_t most, int *out)
{
    size_t n = 0;
    for (*out = 0; **at >= '0' && **at <= '9' && n < most; ++*at, n++) *out = *out * 10 + (**at - '0');
    return n > 0;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar, months counted from March. */
static double days_of(int year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
    return (double)(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469);
}

/* "15:09:50.123", "3:09:50 PM", "15:09" */
static bool read_clock(const char *at, double *seconds)
{
    int hour, minute;
    double second = 0;
    if (!read_int(&at, 2, &hour) || *at++ != ':' || !read_int(&at, 2, &minute)) return false;
    if (*at == ':') {
        const size_t used = as_scan_number(at + 1, strlen(at + 1), strchr(at, ',') ? ',' : '.', &second);
        if (!used) return false;
        at += used + 1;
    }
    while (*at == ' ') at++;
    const bool pm = *at == 'P' || *at == 'p', am = *at == 'A' || *at == 'a';
    if (am || pm) {
        hour = hour % 12 + (pm ? 12 : 0);
        at += 2;
    }
    *seconds = hour * 3600.0 + minute * 60.0 + second;
    return hour < 24 && minute < 60 && second < 61 && (!*at || *at == 'Z');
}

/* Whole days, and the seconds of the last: together they would leave few digits for fractions. */
static bool read_stamp(const char *at, int order, double *days, double *seconds)
{
    int part[3];
    if (!read_int(&at, 4, &part[0])) return false;
    const char mark = *at;
    if (!mark || !strchr("/-.", mark)) return false;
    at++;
    if (!read_int(&at, 2, &part[1]) || *at != mark) return false;
    at++;
    if (!read_int(&at, 4, &part[2]) || (*at != ' ' && *at != 'T')) return false;
    while (*at == ' ' || *at == 'T') at++;
    int year = order == YEAR_FIRST ? part[0] : part[2];
    const int month = part[order == MONTH_FIRST ? 0 : 1];
    const int day = part[order == YEAR_FIRST ? 2 : order == DAY_FIRST ? 0 : 1];
    if (year < 100) year += 2000;
    if ((order == YEAR_FIRST) != (part[0] > 31)) return false;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    if (!read_clock(at, seconds)) return false;
    *days = days_of(year, month, day);
    return true;
}

/* To the nanosecond, as long as a double has that many digits. */
static double rounded(double seconds)
{
    return seconds < 1e6 ? floor(seconds * 1e9 + 0.5) / 1e9 : seconds;
}

/* The time that all of it takes; NaN where the order does not fit. */
static double elapse(size_t n, const char *const *text, int order, double *seconds)
{
    double first_day = NAN, first = NAN, last = NAN;
    for (size_t i = 0; i < n; i++) {
        double days;
        seconds[i] = NAN;
        if (!text[i]) continue;
        if (!read_stamp(text[i], order, &days, &seconds[i])) return NAN;
        if (isnan(first)) first_day = days, first = seconds[i];
        seconds[i] = rounded(86400 * (days - first_day) + (seconds[i] - first));
        if (seconds[i] < last) return NAN;
        last = seconds[i];
    }
    return last;
}

bool as_elapsed(size_t n, const char *const *text, double *seconds)
{
    double best = NAN;
    int chosen = -1;
    for (int order = YEAR_FIRST; order <= DAY_FIRST; order++) {
        const double span = elapse(n, text, order, seconds);
        if (isnan(span) || span >= best) continue;
        best = span;
        chosen = order;
    }
    return chosen >= 0 && !isnan(elapse(n, text, chosen, seconds));
}
