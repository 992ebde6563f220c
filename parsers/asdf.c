/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token is a first character, which tells its kind, sign and first digit, and decimal digits. */
#include <math.h>
#include <string.h>

#include "asdf.h"
#include "number.h"

enum { EXACT_DIGITS = 15, EXACT_POWER = 22 }; /* m / 10^k is correctly rounded up to these */

static const double power[EXACT_POWER + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

typedef enum { END, VALUE, DIF, DUP, MISSING, BAD } kind;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';';
}

typedef struct digits {
    double value;    /* as a whole number, `first` before them */
    unsigned count;  /* digits, leading zeros aside */
    unsigned places; /* behind the point */
    bool point;
} digits;

/* Digits and perhaps a point at text[*at ..), behind the digit `first` of a pseudo-digit. */
static digits read_digits(const char *text, size_t n, size_t *at, unsigned first)
{
    digits d = { 0 };
    uint64_t m = first;
    d.count = first > 0;
    for (; *at < n; ++*at) {
        const char c = text[*at];
        if (c == '.' && !d.point) {
            d.point = true;
            continue;
        }
        if (!is_digit(c)) break;
        if (d.count < 18) m = 10 * m + (unsigned)(c - '0');
        d.count += d.count > 0 || c != '0';
        d.places += d.point;
    }
    d.value = (double)m;
    return d;
}

/* The exponent at text[at ..): its length, 0: none. */
static size_t exponent_length(const char *text, size_t n, size_t at, bool needs_sign)
{
    size_t i = at + 1;
    if (at >= n || (text[at] != 'E' && text[at] != 'e')) return 0;
    const bool sign = i < n && (text[i] == '+' || text[i] == '-');
    if (needs_sign && !sign) return 0;
    i += sign;
    if (i >= n || !is_digit(text[i])) return 0;
    while (i < n && is_digit(text[i])) i++;
    return i - at;
}

/* A number in free format. `needs_sign`: its exponent, since E may begin the next ordinate. */
static bool read_affn(const char *text, size_t n, size_t *at, bool needs_sign, double *out,
                      digits *d)
{
    const size_t start = *at;
    const bool negative = *at < n && text[*at] == '-';
    if (*at < n && (text[*at] == '-' || text[*at] == '+')) ++*at;
    const size_t first = *at;
    *d = read_digits(text, n, at, 0);
    if (*at - first < 1u + d->point) return false;
    const size_t exponent = exponent_length(text, n, *at, needs_sign);
    *at += exponent;
    if (exponent || d->count > EXACT_DIGITS || d->places > EXACT_POWER)
        return as_scan_number(text + start, *at - start, '.', out) == *at - start;
    *out = (negative ? -d->value : d->value) / power[d->places];
    return true;
}

size_t as_asdf_abscissa(const char *text, size_t n, double *x, double *unit)
{
    size_t at = 0;
    digits d;
    while (at < n && is_separator(text[at])) at++;
    const size_t start = at;
    if (!read_affn(text, n, &at, true, x, &d)) return 0;
    const double scale = d.value > 0 ? fabs(*x) / (d.value / power[d.places > EXACT_POWER ? 0 : d.places])
                                     : 1; /* of the exponent */
    *unit = scale * pow(10, -(double)d.places);
    return at > start ? at : 0;
}

as_more as_asdf_number(const char *text, size_t n, size_t *at, double *out)
{
    digits d;
    while (*at < n && is_separator(text[*at])) ++*at;
    if (*at >= n) return AS_DONE;
    const size_t start = *at;
    if (text[*at] == '?') {
        *out = (double)NAN;
        ++*at;
        return AS_ITEM;
    }
    if (!read_affn(text, n, at, false, out, &d)) {
        *at = start;
        return AS_FAILED;
    }
    return AS_ITEM;
}

/* The kind that a first character has, with its sign and digit. */
static kind kind_of(char c, int *digit)
{
    if (c >= 'A' && c <= 'I') return *digit = c - 'A' + 1, VALUE;
    if (c >= 'a' && c <= 'i') return *digit = -(c - 'a' + 1), VALUE;
    if (c >= 'J' && c <= 'R') return *digit = c - 'J' + 1, DIF;
    if (c >= 'j' && c <= 'r') return *digit = -(c - 'j' + 1), DIF;
    if (c >= 'S' && c <= 'Z') return *digit = c - 'S' + 1, DUP;
    if (c == 's') return *digit = 9, DUP;
    *digit = 0;
    return c == '@' ? VALUE : c == '%' ? DIF : c == '?' ? MISSING : BAD;
}

static kind next_token(const char *text, size_t n, size_t *at, double *out)
{
    while (*at < n && is_separator(text[*at])) ++*at;
    if (*at >= n) return END;
    const size_t start = *at;
    const char c = text[start];
    digits d;
    int digit;
    if (is_digit(c) || c == '+' || c == '-' || c == '.') {
        if (read_affn(text, n, at, false, out, &d)) return VALUE;
        *at = start;
        return BAD;
    }
    const kind found = kind_of(c, &digit);
    if (found == BAD || found == MISSING) {
        *at += found == MISSING;
        return found;
    }
    ++*at;
    d = read_digits(text, n, at, (unsigned)(digit < 0 ? -digit : digit));
    if (d.count > EXACT_DIGITS || d.places > EXACT_POWER) {
        *at = start;
        return BAD;
    }
    *out = (digit < 0 ? -d.value : d.value) / power[d.places];
    return found;
}

static as_asdf_answer put(as_ctx *ctx, as_asdf *s, double value, double times)
{
    if (s->most && (double)s->n + times > (double)s->most) return AS_ASDF_MANY;
    const size_t count = (size_t)times;
    if (s->n + count > s->room) {
        const size_t room = 2 * (s->n + count) + 1024;
        double *v = AS_NEW_N(as_scratch(ctx), double, room);
        if (!v) return AS_ASDF_FAILED;
        if (s->n) memcpy(v, s->v, s->n * sizeof *v);
        s->v = v;
        s->room = room;
    }
    for (size_t i = 0; i < count; i++) s->v[s->n++] = value;
    s->last = value;
    s->any = true;
    return AS_ASDF_OK;
}

/* "T" behind a difference repeats the difference, behind an ordinate the ordinate. */
static as_asdf_answer repeat(as_ctx *ctx, as_asdf *s, double count)
{
    enum { MOST = 10000000 }; /* of one token: far beyond any instrument */
    if (!s->any) return AS_ASDF_ALONE;
    if (!(count >= 1) || count != floor(count)) return AS_ASDF_TOKEN;
    if (count > MOST) return AS_ASDF_MANY;
    if (!s->in_dif || s->step == 0) return put(ctx, s, s->last, count - 1);
    for (double i = 1; i < count; i++) {
        const as_asdf_answer a = put(ctx, s, s->last + s->step, 1);
        if (a != AS_ASDF_OK) return a;
    }
    return AS_ASDF_OK;
}

static as_asdf_answer take(as_ctx *ctx, as_asdf *s, kind k, double value, bool *check)
{
    const bool checks = *check;
    *check = false;
    switch (k) {
    case VALUE:
        s->in_dif = false;
        if (!checks) return put(ctx, s, value, 1);
        if (value == s->last) return AS_ASDF_OK;
        if (!s->lenient) return AS_ASDF_CHECK;
        s->wrong++;
        s->last = value;
        return AS_ASDF_OK;
    case MISSING:
        s->in_dif = false;
        return put(ctx, s, (double)NAN, 1);
    case DIF:
        if (checks || !s->any || isnan(s->last)) return AS_ASDF_ALONE;
        s->in_dif = true;
        s->step = value;
        return put(ctx, s, s->last + value, 1);
    case DUP:
        return checks ? AS_ASDF_ALONE : repeat(ctx, s, value);
    default: return AS_ASDF_TOKEN;
    }
}

as_asdf_answer as_asdf_line(as_ctx *ctx, as_asdf *s, const char *text, size_t n, size_t *at)
{
    bool check = s->in_dif;
    double value = (double)NAN;
    for (;;) {
        const size_t start = *at;
        const kind k = next_token(text, n, at, &value);
        if (k == END) return AS_ASDF_OK;
        const as_asdf_answer a = take(ctx, s, k, value, &check);
        if (a == AS_ASDF_OK) continue;
        for (*at = start; *at < n && is_separator(text[*at]);) ++*at;
        return a;
    }
}
