/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as the nearest double, ties to even.
 *
 * w 10^q with w <= 2^53 and |q| <= 22 is one correctly rounded operation (Clinger 1990,
 * doi:10.1145/93542.93557). Otherwise w times the 128 leading bits of 10^q brackets the value
 * so tightly (Lemire 2021, doi:10.1002/spe.2984, multiplies likewise) that both ends nearly
 * always round to the same double. Where they do not, the decimal number is compared with the
 * midpoint of the two candidates as integers of as many bits as it takes.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "number_digits.h"
#include "pow10.h"

enum {
    WORD_DIGITS = 19,  /* decimal digits that always fit a uint64_t */
    KEPT_DIGITS = 800, /* a midpoint of doubles has at most 767: what follows is only "more" */
    LIMBS = 160,       /* of 32 bits: 10^342 * 2^1075 and 800 digits fit with room to spare */
    FRACTION_BITS = 52,
    LEAST_EXPONENT = -1074,
    EXPONENT_END = 100000 /* beyond any double, whatever the digits */
};

#define INFINITY_BITS (UINT64_C(0x7ff) << FRACTION_BITS)

const double as_exact_tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* --- exact comparison ------------------------------------------------------------------ */

typedef struct big { /* little-endian; n without leading zeros */
    int n;
    uint32_t limb[LIMBS];
} big;

static void big_multiply_add(big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry && b->n < LIMBS) b->limb[b->n++] = (uint32_t)carry;
}

static void big_times_pow5(big *b, int n)
{
    for (; n >= 13; n -= 13) big_multiply_add(b, 1220703125, 0);
    for (; n > 0; n--) big_multiply_add(b, 5, 0);
}

static void big_shift(big *b, int bits)
{
    for (; bits >= 31; bits -= 31) big_multiply_add(b, UINT32_C(1) << 31, 0);
    big_multiply_add(b, UINT32_C(1) << bits, 0);
}

static int big_compare(const big *a, const big *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (int i = a->n; i-- > 0;)
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* What the text says: digits, a point somewhere among them, and a power of ten. */
typedef struct parts {
    const char *digit; /* the first digit that is not 0; the decimal character may follow */
    const char *end;   /* of the digits */
    uint64_t word;     /* its first WORD_DIGITS digits */
    int64_t exponent;  /* of 10, for `word` */
    bool more;         /* digits after those of `word`, not all 0 */
} parts;

/* The digits as an integer times 10^*exponent, cut after KEPT_DIGITS; *more: something not 0
 * was cut. */
static void big_digits(const parts *p, big *b, int64_t *exponent, bool *more)
{
    int kept = 0;
    *exponent = p->exponent;
    *more = false;
    b->n = 0;
    for (const char *c = p->digit; c < p->end; c++) {
        const unsigned digit = (unsigned)*c - '0';
        if (digit > 9) continue; /* the decimal character */
        if (kept == KEPT_DIGITS) {
            *more = *more || digit != 0;
            continue;
        }
        big_multiply_add(b, 10, digit);
        if (b->n == 0 && digit) b->limb[b->n++] = digit;
        if (++kept > WORD_DIGITS) --*exponent;
    }
}

/* The sign of (value - midpoint of the double `low` and the next one up). */
static int compare_with_midpoint(const parts *p, uint64_t low)
{
    big value, middle = { .n = 2 };
    int64_t e10;
    bool more;
    big_digits(p, &value, &e10, &more);
    const int biased = (int)(low >> FRACTION_BITS);
    uint64_t c = low & ((UINT64_C(1) << FRACTION_BITS) - 1);
    if (biased) c |= UINT64_C(1) << FRACTION_BITS;
    const int e2 = (biased ? biased - 1 : 0) + LEAST_EXPONENT - 1; /* midpoint = (2c + 1) 2^e2 */
    middle.limb[0] = (uint32_t)(2 * c + 1);
    middle.limb[1] = (uint32_t)((2 * c + 1) >> 32);
    if (middle.limb[1] == 0) middle.n = 1;
    if (e10 >= 0)
        big_times_pow5(&value, (int)e10);
    else
        big_times_pow5(&middle, (int)-e10);
    const int shift = (int)e10 - e2; /* powers of 2 that the value has more */
    if (shift >= 0)
        big_shift(&value, shift);
    else
        big_shift(&middle, -shift);
    const int sign = big_compare(&value, &middle);
    return sign == 0 && more ? 1 : sign;
}

/* --- 128-bit bracket ------------------------------------------------------------------- */

static int leading_zeros(uint64_t x)
{
    return __builtin_clzll(x);
}

/* The double nearest to (high 2^64 + low) 2^e2, ties to even, as bits; `sticky`: there is
 * something more below. high >= 2^62. */
static uint64_t round_bits(uint64_t high, uint64_t low, bool sticky, int e2)
{
    const int zeros = leading_zeros(high);
    int drop = 64 - 53 - zeros; /* bits of `high` below the 53 kept */
    int exponent = e2 + 64 + drop;
    if (exponent < LEAST_EXPONENT) {
        drop += LEAST_EXPONENT - exponent;
        exponent = LEAST_EXPONENT;
    }
    if (drop > 64) return 0; /* below half of the least double */
    uint64_t kept = drop == 64 ? 0 : high >> drop;
    const uint64_t rest = drop == 64 ? high : high & ((UINT64_C(1) << drop) - 1);
    const uint64_t half = UINT64_C(1) << (drop - 1);
    const bool below = low != 0 || sticky;
    if (rest > half || (rest == half && (below || (kept & 1)))) kept++;
    /* a carry out of the 53 bits moves on into the exponent, as it must */
    const uint64_t biased = (uint64_t)(exponent - LEAST_EXPONENT);
    const uint64_t bits = (biased << FRACTION_BITS) + kept;
    return bits >= INFINITY_BITS ? INFINITY_BITS : bits;
}

/* The doubles nearest to the ends of an interval that holds every number from w 10^q to
 * (w + wide) 10^q. w > 0, q inside the table. */
static void bracket(uint64_t w, int q, bool wide, uint64_t *lowest, uint64_t *highest)
{
    const as_pow10 *p = &as_pow10_table[q - AS_POW10_FIRST];
    const int zeros = leading_zeros(w);
    const uint64_t m = w << zeros;
    const as_u128 below = (as_u128)p->lo * m;
    const as_u128 above = (as_u128)p->hi * m + (uint64_t)(below >> 64);
    const int e2 = as_log2_pow10(q) - 127 + 64 - zeros; /* of the product's upper 128 bits */
    *lowest = round_bits((uint64_t)(above >> 64), (uint64_t)above, (uint64_t)below != 0, e2);
    *highest = *lowest;
    if (as_pow10_exact(q) && !wide) return;
    /* The table's error is less than 1 in its last place: m more at most in the lowest word,
     * so 1 more in the word above it covers it, plus 2^zeros times the power if w is cut. */
    as_u128 end = above + 1;
    if (wide) end += ((as_u128)p->hi + 1) << zeros;
    if (end < above) end = ~(as_u128)0;
    *highest = round_bits((uint64_t)(end >> 64), (uint64_t)end, true, e2);
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double nearest(const parts *p)
{
    const int64_t q = p->exponent;
    if (p->word <= UINT64_C(1) << 53 && q >= -22 && q <= 22 && !p->more)
        return q < 0 ? (double)p->word / as_exact_tens[-q] : (double)p->word * as_exact_tens[q];
    if (p->word == 0 || q < AS_POW10_FIRST) return 0; /* w < 2^64: below half of the least */
    if (q > 308) return (double)INFINITY;
    uint64_t low, high;
    bracket(p->word, (int)q, p->more, &low, &high);
    if (low != high) {
        const int sign = compare_with_midpoint(p, low);
        if (sign > 0 || (sign == 0 && (low & 1))) low = high;
    }
    return from_bits(low);
}

/* --- text -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

/* Digits from `at` on, added to `word` modulo 2^64; where they end. Up to eight are taken at
 * once: the bytes up to the first that is no digit, moved to the end of a word of zeros. */
static inline __attribute__((always_inline)) const char *digits(const char *at, const char *end,
                                                                uint64_t *word)
{
    uint64_t w = *word;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    static const uint32_t tens[] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000
    };
    while (end - at >= 8) {
        uint64_t other;
        const uint64_t v = as_load_eight(at, &other);
        const int n = other ? __builtin_ctzll(other) / 8 : 8;
        if (n == 0) break;
        w = w * tens[n] + as_sum_eight(v << (64 - 8 * n));
        at += n;
        if (n < 8) break;
    }
#endif
    while (at < end && is_digit(*at)) w = 10 * w + (unsigned)(*at++ - '0');
    *word = w;
    return at;
}

/* The first WORD_DIGITS of more digits than that; the exponent counts the digits left out. */
static void shorten(parts *p, const char *point)
{
    int taken = 0;
    p->word = 0;
    for (const char *c = p->digit; c < p->end; c++) {
        if (c == point) continue;
        const unsigned digit = (unsigned)(*c - '0');
        if (taken < WORD_DIGITS) {
            p->word = 10 * p->word + digit;
            taken++;
            continue;
        }
        p->more = p->more || digit != 0;
        p->exponent++;
    }
}

/* "e-07" at `at`: where it ends; `at` itself when it is no exponent. */
static const char *exponent(const char *at, const char *end, int64_t *add)
{
    const char *c = at;
    if (c == end || ((*c | 0x20) != 'e' && (*c | 0x20) != 'd')) return at;
    c++;
    const bool negative = c < end && *c == '-';
    if (c < end && (*c == '-' || *c == '+')) c++;
    if (c == end || !is_digit(*c)) return at;
    int64_t size = 0;
    for (; c < end && is_digit(*c); c++)
        if (size < EXPONENT_END) size = 10 * size + (*c - '0');
    *add += negative ? -size : size;
    return c;
}

static bool same_word(const char *at, const char *end, const char *word)
{
    for (; *word; word++, at++)
        if (at == end || (*at | 0x20) != *word) return false;
    return at == end || !(is_digit(*at) || *at == '_' || (unsigned char)((*at | 0x20) - 'a') < 26);
}

/* nan, inf, infinity: its length, or 0. */
static size_t scan_word(const char *at, const char *end, double *out)
{
    *out = (double)NAN;
    if (same_word(at, end, "nan")) return 3;
    *out = (double)INFINITY;
    if (same_word(at, end, "inf")) return 3;
    return same_word(at, end, "infinity") ? 8 : 0;
}

/* What is neither short nor plain. */
static double scan_rest(parts *p, const char *first, const char *point, int64_t count)
{
    p->digit = first;
    if (count > WORD_DIGITS) {
        for (; p->digit < p->end && (*p->digit == '0' || p->digit == point); p->digit++)
            if (p->digit != point) count--;
        if (count > WORD_DIGITS) shorten(p, point);
    }
    return nearest(p);
}

size_t as_scan_number(const char *text, size_t n, char decimal, double *out)
{
    const char *const end = text + n, *at = text;
    const bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    const char *const first = at, *point = NULL;
    uint64_t word = 0;
    at = digits(at, end, &word);
    int64_t count = at - first, power = 0;
    if (at < end && *at == decimal) {
        point = at;
        at = digits(at + 1, end, &word);
        power = point + 1 - at;
        count -= power;
    }
    if (count == 0) {
        const size_t used = scan_word(first, end, out);
        if (negative) *out = -*out;
        return used ? (size_t)(first - text) + used : 0;
    }
    const char *const digits_end = at;
    at = exponent(at, end, &power);
    double size;
    if (count <= WORD_DIGITS && word <= UINT64_C(1) << 53 && power <= 0 && power >= -22) {
        size = (double)word / as_exact_tens[-power];
    } else {
        parts p = { .end = digits_end, .word = word, .exponent = power };
        size = scan_rest(&p, first, point, count);
    }
    *out = negative ? -size : size;
    return (size_t)(at - text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool as_read_number(const char *text, size_t n, char decimal, double *out)
{
    while (n > 0 && is_blank(*text)) {
        text++;
        n--;
    }
    while (n > 0 && is_blank(text[n - 1])) n--;
    return n > 0 && as_scan_number(text, n, decimal, out) == n;
}
