/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token is a first character, which tells its kind, sign and first digit, and decimal digits. */
#include <math.h>
#include <string.h>

#include "asdf.h"
#include "number.h"
#include "number_digits.h"

enum { EXACT_DIGITS = 15, EXACT_POWER = 22 }; /* m / 10^k is correctly rounded up to these */

static const double power[EXACT_POWER + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

typedef enum { BAD, VALUE, DIF, DUP, AFFN, MISSING, END } kind;

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

/* What a first character tells. */
typedef struct first {
    unsigned char kind;
    signed char digit; /* of a pseudo-digit, with its sign */
} first;

#define NINE(kind, sign, a, b, c, d, e, f, g, h, i) \
    [a] = { kind, sign 1 }, [b] = { kind, sign 2 }, [c] = { kind, sign 3 }, [d] = { kind, sign 4 }, \
    [e] = { kind, sign 5 }, [f] = { kind, sign 6 }, [g] = { kind, sign 7 }, [h] = { kind, sign 8 }, \
    [i] = { kind, sign 9 }
static const first firsts[256] = {
    NINE(VALUE, +, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'),
    NINE(VALUE, -, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
    NINE(DIF, +, 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R'),
    NINE(DIF, -, 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r'),
    NINE(DUP, +, 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 's'),
    NINE(AFFN, +, '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    ['@'] = { VALUE, 0 }, ['%'] = { DIF, 0 }, ['0'] = { AFFN, 0 }, ['+'] = { AFFN, 0 },
    ['-'] = { AFFN, 0 },  ['.'] = { AFFN, 0 }, ['?'] = { MISSING, 0 }
};
#undef NINE

/* What nearly every token is, read with few questions: a pseudo-digit and digits, or digits with or
 * without a point, short enough to be exact. Its length; 0: it may be anything else. */
static inline size_t short_token(const char *text, const char *end, first f, double *out)
{
    const char *at = text;
    const bool packed = f.kind != AFFN, negative = packed ? f.digit < 0 : *at == '-';
    unsigned places = 0;
    uint64_t m = packed ? (unsigned)(negative ? -f.digit : f.digit) : 0;
    at += packed || *at == '-' || *at == '+';
    const char *const digit = at;
    while (at < end && is_digit(*at)) m = 10 * m + (unsigned)(*at++ - '0');
    if (at < end && *at == '.') {
        const char *const point = at++;
        while (at < end && is_digit(*at)) m = 10 * m + (unsigned)(*at++ - '0');
        places = (unsigned)(at - point) - 1;
    }
    if (at - text > EXACT_DIGITS || (!packed && (at == digit + 1 ? *digit == '.' : at == digit)))
        return 0;
    if (!packed && at < end && (*at | 0x20) == 'e') return 0;
    *out = places ? (double)m / power[places] : (double)m;
    if (negative) *out = -*out;
    return (size_t)(at - text);
}

size_t as_asdf_abscissa(const char *text, size_t n, double *x, double *unit)
{
    size_t at = 0;
    digits d;
    while (at < n && is_separator(text[at])) at++;
    const size_t start = at;
    const first f = at < n ? firsts[(unsigned char)text[at]] : (first){ BAD, 0 };
    const size_t used = f.kind == AFFN ? short_token(text + at, text + n, f, x) : 0;
    if (used) {
        const char *point = memchr(text + at, '.', used);
        *unit = point ? 1 / power[text + at + used - point - 1] : 1;
        return at + used;
    }
    if (!read_affn(text, n, &at, true, x, &d)) return 0;
    const double scale = d.value > 0 ? fabs(*x) / (d.value / power[d.places > EXACT_POWER ? 0 : d.places])
                                     : 1; /* of the exponent */
    *unit = d.places > EXACT_POWER ? scale * pow(10, -(double)d.places) : scale / power[d.places];
    return at > start ? at : 0;
}

static inline kind next_token(const char *text, size_t n, size_t *at, double *out)
{
    while (*at < n && is_separator(text[*at])) ++*at;
    if (*at >= n) return END;
    const size_t start = *at;
    const first f = firsts[(unsigned char)text[start]];
    digits d;
    if (f.kind == BAD || f.kind == MISSING) {
        *at += f.kind == MISSING;
        return f.kind;
    }
    const size_t used = short_token(text + start, text + n, f, out);
    *at += used;
    if (used) return f.kind == AFFN ? VALUE : f.kind;
    if (f.kind == AFFN) {
        if (read_affn(text, n, at, false, out, &d)) return VALUE;
        *at = start;
        return BAD;
    }
    ++*at;
    d = read_digits(text, n, at, (unsigned)(f.digit < 0 ? -f.digit : f.digit));
    if (d.count > EXACT_DIGITS || d.places > EXACT_POWER) {
        *at = start;
        return BAD;
    }
    *out = (f.digit < 0 ? -d.value : d.value) / power[d.places];
    return f.kind;
}

static as_asdf_answer make_room(as_ctx *ctx, as_asdf *s, size_t count)
{
    const size_t room = 2 * (s->n + count) + 1024;
    double *v = AS_NEW_N(as_scratch(ctx), double, room);
    if (!v) return AS_ASDF_FAILED;
    if (s->n) memcpy(v, s->v, s->n * sizeof *v);
    s->v = v;
    s->room = room;
    return AS_ASDF_OK;
}

static inline as_asdf_answer put(as_ctx *ctx, as_asdf *s, double value, size_t count)
{
    if (s->most && s->n + count > s->most) return AS_ASDF_MANY;
    if (s->n + count > s->room) {
        const as_asdf_answer a = make_room(ctx, s, count);
        if (a != AS_ASDF_OK) return a;
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
    if (!s->in_dif || s->step == 0) return put(ctx, s, s->last, (size_t)count - 1);
    for (double i = 1; i < count; i++) {
        const as_asdf_answer a = put(ctx, s, s->last + s->step, 1);
        if (a != AS_ASDF_OK) return a;
    }
    return AS_ASDF_OK;
}

static inline as_asdf_answer take(as_ctx *ctx, as_asdf *s, kind k, double value, bool *check)
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

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The difference at `at`, of which `f` is the first character: this digit and up to six more, taken
 * together as a word. Returns the characters; 0: there are more, or a point. `begin` is the line's. */
static inline size_t short_difference(const char *begin, const char *at, const char *end, first f,
                                      double *step)
{
    enum { WORD = 8 };
    const size_t left = (size_t)(end - at);
    uint64_t other, v;
    if (end - begin < WORD) return 0;
    v = as_load_eight(left < WORD ? end - WORD : at, &other);
    if (left < WORD) { /* what was read before `at` goes, no digits come */
        const unsigned away = 8 * (unsigned)(WORD - left);
        v >>= away;
        other = (other >> away) | UINT64_C(0x8080808080808080) << 8 * left;
    }
    other &= ~UINT64_C(0xff); /* of the first character itself */
    if (!other) return 0;
    const unsigned n = (unsigned)__builtin_ctzll(other) / 8; /* 1 to 7 */
    if (n < left && at[n] == '.') return 0;
    const int64_t sign = f.digit < 0 ? -1 : 0;
    v = (v & ~UINT64_C(0xff)) | (uint64_t)((f.digit ^ sign) - sign);
    const int64_t m = (int64_t)as_sum_eight(v << 8 * (WORD - n));
    *step = (double)((m ^ sign) - sign);
    return n;
}
#else
static inline size_t short_difference(const char *begin, const char *at, const char *end, first f,
                                      double *step)
{
    (void)begin, (void)at, (void)end, (void)f, (void)step;
    return 0;
}
#endif

/* Differences one after the other, each of a few characters: most of what packed tables consist of.
 * How many bytes they take; what follows is left to the caller. */
static size_t run_of_differences(as_asdf *s, const char *text, size_t n)
{
    if (!s->any || isnan(s->last)) return 0;
    const size_t most = s->most && s->most < s->room ? s->most : s->room;
    const char *at = text, *const end = text + n;
    double last = s->last, step = s->step;
    size_t k = s->n;
    while (at < end && k < most) {
        const first f = firsts[(unsigned char)*at];
        const size_t used = f.kind == DIF ? short_difference(text, at, end, f, &step) : 0;
        if (used == 0) break;
        s->v[k++] = last += step;
        at += used;
    }
    if (at == text) return 0;
    s->n = k;
    s->last = last;
    s->step = step;
    s->in_dif = true;
    return (size_t)(at - text);
}

as_asdf_answer as_asdf_line(as_ctx *ctx, as_asdf *s, const char *text, size_t n, size_t *at)
{
    bool check = s->in_dif;
    double value = (double)NAN;
    for (;;) {
        if (!check) *at += run_of_differences(s, text + *at, n - *at);
        const size_t start = *at;
        const kind k = next_token(text, n, at, &value);
        if (k == END) return AS_ASDF_OK;
        const as_asdf_answer a = take(ctx, s, k, value, &check);
        if (a == AS_ASDF_OK) continue;
        for (*at = start; *at < n && is_separator(text[*at]);) ++*at;
        return a;
    }
}
