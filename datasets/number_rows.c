/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and lists of numbers. What instruments write mostly, a sign, digits and perhaps a point, is read
 * at once: where digits end is found for 64 characters together, so that no number waits for the
 * one before it, and eight digits are one word. The rest goes number by number.
 */
#include <math.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "number.h"
#include "number_digits.h"

enum {
    WINDOW = 64, /* characters looked at together */
    BEHIND = 16, /* that must follow them, since words are read whole */
    WORD = 8,    /* digits of a word */
    EXACT = 15   /* digits that a double holds */
};

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool ends_one(char c)
{
    return is_blank(c) || c == ',' || c == '\n' || c == '\r';
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Bit i is set where at[i] is no digit. */
static inline uint64_t no_digits(const char *at)
{
    uint64_t mask = 0;
#ifdef __SSE2__
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    for (int i = 0; i < WINDOW; i += 16) {
        const __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        const __m128i digit = _mm_sub_epi8(c, zero);
        const __m128i is = _mm_cmpeq_epi8(_mm_min_epu8(digit, nine), digit);
        mask |= (uint64_t)(~(unsigned)_mm_movemask_epi8(is) & 0xffff) << i;
    }
#else
    for (int i = 0; i < WINDOW; i += 8) {
        uint64_t other;
        (void)as_load_eight(at + i, &other);
        mask |= ((other >> 7) * UINT64_C(0x0102040810204080) >> 56) << i;
    }
#endif
    return mask;
}

static inline uint64_t word_at(const char *at)
{
    uint64_t v;
    memcpy(&v, at, sizeof v);
    return v ^ UINT64_C(0x3030303030303030);
}

/* The whole number of the first n digits of a word, 1 <= n <= WORD. */
static inline uint64_t first_digits(uint64_t v, unsigned n)
{
    return as_sum_eight(v << 8 * (WORD - n));
}

/* n digits, a point, f digits; 1 <= n <= WORD, f <= WORD, both together at most EXACT. */
static inline double with_point(const char *at, unsigned n, unsigned f)
{
    uint64_t v = word_at(at), whole;
    if (n + f < WORD) { /* the point is taken out */
        const uint64_t before = (UINT64_C(1) << 8 * n) - 1;
        whole = first_digits((v & before) | (v >> 8 & ~before), n + f);
    } else {
        whole = first_digits(v, n) * (uint64_t)as_exact_tens[f];
        if (f) whole += first_digits(word_at(at + n + 1), f);
    }
    return (double)whole / as_exact_tens[f];
}

/* Rows from *place on, as as_scan_rows and (with `list`, of one number) as_scan_list want them, as long
 * as they are short and plain: how many. *place moves behind the last. */
static inline __attribute__((always_inline)) size_t short_rows(const char **place, const char *end,
                                                               const as_row_form *form, bool list,
                                                               size_t most, double *out,
                                                               size_t stride, size_t step)
{
    const char *at = *place;
    const char decimal = form->decimal, separator = form->separator;
    double *row = out, *to = out, *const all = out + most * step;
    const char *done = at;     /* behind the last row that is whole */
    size_t left = form->count; /* numbers of the row */
    while (row != all && end - at >= WINDOW + BEHIND) {
        uint64_t other = no_digits(at);
        unsigned from = 0; /* of the number */
        while (other) {
            unsigned stop = (unsigned)__builtin_ctzll(other), digit = from;
            double value, sign = 1;
            other &= other - 1;
            if (stop == from) {
                if (!list && !form->bare && is_blank(at[stop])) {
                    from++;
                    continue;
                }
                if (at[stop] != '-') goto end;
                if (!other) break;
                digit++;
                stop = (unsigned)__builtin_ctzll(other);
                other &= other - 1;
                sign = -1;
            }
            const unsigned n = stop - digit;
            if (n - 1 >= WORD) goto end; /* none, or long */
            char c = at[stop];
            if (c == decimal) {
                if (!other) break;
                stop = (unsigned)__builtin_ctzll(other);
                other &= other - 1;
                const unsigned f = stop - digit - n - 1;
                if (f > WORD || n + f > EXACT) goto end;
                value = with_point(at + digit, n, f);
                c = at[stop];
            } else {
                value = (double)first_digits(word_at(at + digit), n);
            }
            *to = sign * value;
            if (--left > 0) {
                if (separator ? c != separator : !is_blank(c)) goto end;
                from = stop + 1;
                to += stride;
                continue;
            }
            from = stop + 1;
            if (list ? !ends_one(c) : c != '\n') {
                if (list || c != '\r' || at[from] != '\n') goto end;
                other &= other - 1;
                from++;
            }
            left = form->count;
            row += step;
            to = row;
            done = at + from;
            if (row == all) goto end;
        }
        if (from == 0) break;
        at += from;
    }
end:
    at = done;
    const size_t k = (size_t)(row - out) / step;
    *place = at;
    return k;
}

/* Digits with or without a point in at most seven characters. Returns those used; 0: it may be
 * anything else. */
static inline size_t scan_short(const char *at, const char *end, char decimal, double *out)
{
    uint64_t other;
    if (end - at < WORD) return 0;
    (void)as_load_eight(at, &other);
    if (other == 0) return 0;
    const unsigned n = (unsigned)__builtin_ctzll(other) / 8;
    unsigned used = n;
    if (n == 0) return 0;
    if (at[n] == decimal) {
        other &= other - 1;
        if (other == 0) return 0;
        used = (unsigned)__builtin_ctzll(other) / 8;
        *out = with_point(at, n, used - n - 1);
    } else {
        *out = (double)first_digits(word_at(at), n);
    }
    const char next = (char)(at[used] | 0x20);
    return next == 'e' || next == 'd' ? 0 : used;
}
#else
static size_t short_rows(const char **place, const char *end, const as_row_form *form, bool list,
                         size_t most, double *out, size_t stride, size_t step)
{
    (void)place, (void)end, (void)form, (void)list, (void)most, (void)out, (void)stride, (void)step;
    return 0;
}

static size_t scan_short(const char *at, const char *end, char decimal, double *out)
{
    (void)at, (void)end, (void)decimal, (void)out;
    return 0;
}
#endif

static const char *skip_gap(const char *at, const char *end, char separator)
{
    while (at < end && is_blank(*at) && *at != separator) at++;
    return at;
}

size_t as_scan_row(const char *text, size_t n, const as_row_form *form, double *out, size_t stride)
{
    const char *at = text, *const end = text + n;
    const char separator = form->separator;
    for (size_t i = 0; i < form->count; i++) {
        if (!form->bare) at = skip_gap(at, end, separator);
        size_t used = scan_short(at, end, form->decimal, out);
        if (used == 0) used = as_scan_number(at, (size_t)(end - at), form->decimal, out);
        if (used == 0 || (isnan(*out) && !form->gaps)) return 0;
        at += used;
        out += stride;
        if (i + 1 == form->count) break;
        if (separator && !form->bare) at = skip_gap(at, end, separator);
        if (at == end || (separator ? *at != separator : !is_blank(*at))) return 0;
        at++;
    }
    if (!form->bare) at = skip_gap(at, end, separator);
    if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n') at++;
    if (at < end && *at != '\n') return 0;
    return (size_t)(at - text) + (at < end);
}

size_t as_scan_rows(const char **text, const char *end, const as_row_form *form, size_t most,
                    double *out, size_t stride, size_t step)
{
    enum { PATIENCE = 16 }; /* rows one by one before short ones are expected again */
    size_t k = 0;
    while (k < most && *text < end) {
        const size_t got = short_rows(text, end, form, false, most - k, out + k * step, stride, step);
        k += got;
        for (size_t i = got ? PATIENCE - 1 : 0; i < PATIENCE && k < most && *text < end; i++) {
            const size_t used = as_scan_row(*text, (size_t)(end - *text), form, out + k * step, stride);
            if (used == 0) return k;
            *text += used;
            k++;
        }
    }
    return k;
}

size_t as_scan_list(const char *text, size_t n, size_t room, double *out, size_t *count)
{
    static const as_row_form one = { .decimal = '.', .count = 1 };
    const char *at = text, *const end = text + n;
    size_t k = 0;
    while (k < room && at < end) {
        const size_t got = short_rows(&at, end, &one, true, room - k, out + k, 1, 1);
        k += got;
        if (got && (k == room || at == end)) break;
        const size_t used = as_scan_number(at, (size_t)(end - at), '.', &out[k]);
        if (used == 0 || !isfinite(out[k])) break;
        if (at + used < end && !ends_one(at[used])) break;
        at += used + (at + used < end);
        k++;
    }
    *count = k;
    return (size_t)(at - text);
}
