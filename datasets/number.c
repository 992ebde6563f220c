/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doubles as the shortest text that reads back to the same double.
 *
 * The digits come by Schubfach (Giulietti 2021, "The Schubfach way to render doubles"): of the
 * numbers d 10^k that lie in the rounding interval of v, a scale 10^k is chosen so coarse that
 * one or two multiples of it, and at most one of 10^(k+1), can lie inside; the interval's ends
 * and v itself are compared with them after one multiplication each by a 126-bit 10^-k that is
 * rounded to odd, which his theorems show to decide every comparison as exact arithmetic would.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "pow10.h"

enum { FRACTION_BITS = 52, BIAS = 1023 + FRACTION_BITS };

static const char pairs[201] = "0001020304050607080910111213141516171819"
                               "2021222324252627282930313233343536373839"
                               "4041424344454647484950515253545556575859"
                               "6061626364656667686970717273747576777879"
                               "8081828384858687888990919293949596979899";

typedef struct decimal { /* digits * 10^exponent */
    uint64_t digits;
    int exponent;
} decimal;

/* The upper 64 bits of g * c / 2^64, the last one set when any bit below is lost. g is 10^-k
 * rounded up, so a remainder of at most 1 may be its excess alone. */
static uint64_t round_to_odd(as_u128 g, uint64_t c)
{
    const as_u128 low = (as_u128)(uint64_t)g * c;
    const as_u128 high = (as_u128)(uint64_t)(g >> 64) * c + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* v = c 2^q; `narrow`: c is the least of its binade, so the double below is half as far. */
static decimal shortest(uint64_t c, int q, bool narrow)
{
    const int k = (q * 1262611 - (narrow ? 524031 : 0)) >> 22; /* floor(log10 of 2^q or 3/4 2^q) */
    const int shift = q + as_log2_pow10(-k) + 1;
    const as_pow10 *p = &as_pow10_table[-k - AS_POW10_FIRST];
    const as_u128 g = (((as_u128)p->hi << 64) | p->lo) + !as_pow10_exact(-k);
    const uint64_t odd = c & 1; /* an even c owns the ends of its interval */
    const uint64_t low = round_to_odd(g, (4 * c - 2 + narrow) << shift) + odd;
    const uint64_t mid = round_to_odd(g, 4 * c << shift);
    const uint64_t high = round_to_odd(g, (4 * c + 2) << shift) - odd;
    const uint64_t s = mid / 4;
    if (s >= 10) {
        const uint64_t tens = s / 10;
        const bool under = low <= 40 * tens, over = 40 * tens + 40 <= high;
        if (under != over) return (decimal){ tens + over, k + 1 };
    }
    const bool under = low <= 4 * s, over = 4 * s + 4 <= high;
    if (under != over) return (decimal){ s + over, k };
    const uint64_t middle = 4 * s + 2; /* both lie inside: the nearer, or the even one */
    return (decimal){ s + (mid > middle || (mid == middle && (s & 1))), k };
}

static char *write_pair(char *out, unsigned two)
{
    memcpy(out, pairs + 2 * two, 2);
    return out + 2;
}

static void write_eight(char *out, uint32_t n)
{
    const uint32_t high = n / 10000, low = n % 10000;
    write_pair(out, high / 100);
    write_pair(out + 2, high % 100);
    write_pair(out + 4, low / 100);
    write_pair(out + 6, low % 100);
}

static const uint64_t tens[] = { 1,
                                 10,
                                 100,
                                 1000,
                                 10000,
                                 100000,
                                 1000000,
                                 10000000,
                                 100000000,
                                 1000000000,
                                 10000000000,
                                 100000000000,
                                 1000000000000,
                                 10000000000000,
                                 100000000000000,
                                 1000000000000000,
                                 10000000000000000,
                                 100000000000000000 };

static size_t count_digits(uint64_t n)
{
    const int bits = 64 - __builtin_clzll(n | 1);
    const int about = bits * 1233 >> 12; /* floor(bits log10 2) */
    return (size_t)(about + (n >= tens[about])) + (n == 0);
}

/* n < 10^count at out, with leading zeros: count. Backwards, in places that are never read
 * again, as a wide read soon after narrow writes would stall. */
static size_t write_digits(char *out, uint64_t n, size_t count)
{
    char *at = out + count;
    for (; at - out >= 8; n /= 100000000) {
        at -= 8;
        write_eight(at, (uint32_t)(n % 100000000));
    }
    uint32_t rest = (uint32_t)n;
    for (; at - out >= 2; rest /= 100) {
        at -= 2;
        write_pair(at, rest % 100);
    }
    if (at > out) *out = (char)('0' + rest);
    return count;
}

static size_t write_exponent(char *out, int exponent)
{
    const unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    size_t n = 0;
    out[n++] = 'e';
    out[n++] = exponent < 0 ? '-' : '+';
    if (size >= 100) out[n++] = (char)('0' + size / 100);
    write_pair(out + n, size % 100);
    return n + 2;
}

/* One step of stripping zeros; a constant power, so that no division is left. */
#define STRIP(digits, dropped, power, zeros)                                                       \
    if ((digits) % (power) == 0) {                                                                 \
        (digits) /= (power);                                                                       \
        (dropped) += (zeros);                                                                      \
    }

static void strip_zeros(decimal *d)
{
    STRIP(d->digits, d->exponent, 100000000, 8)
    STRIP(d->digits, d->exponent, 10000, 4)
    STRIP(d->digits, d->exponent, 100, 2)
    STRIP(d->digits, d->exponent, 10, 1)
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The eight digits of n < 10^8, each in a byte, the first in the lowest: fours, pairs and digits
 * are parted by multiplying with reciprocals, all of one kind at once. */
static inline uint64_t eight_digits(uint32_t n)
{
    uint64_t v = n / 10000 | (uint64_t)(n % 10000) << 32;
    uint64_t high = (v * 10486 >> 20) & UINT64_C(0x0000007f0000007f); /* / 100 below 10^4 */
    v = high | (v - 100 * high) << 16;
    high = (v * 103 >> 10) & UINT64_C(0x000f000f000f000f); /* / 10 below 100 */
    return high | (v - 10 * high) << 8;
}

static const uint64_t zeros = UINT64_C(0x3030303030303030);

/* n < 10^8 without leading zeros; eight bytes of `out` are touched. */
static inline size_t write_short(char *out, uint32_t n)
{
    const uint64_t v = eight_digits(n);
    const unsigned leading = n ? (unsigned)__builtin_ctzll(v) / 8 : 7;
    const uint64_t text = (v | zeros) >> 8 * leading;
    memcpy(out, &text, 8);
    return 8 - leading;
}

/* n 10^-4, 0 < n < 10^8, in the fewest digits; nine bytes of `out` are touched. */
static inline size_t write_four_decimals(char *out, uint32_t n)
{
    const uint64_t v = eight_digits(n), text = v | zeros;
    const uint32_t whole = (uint32_t)v, fraction = (uint32_t)(v >> 32);
    const unsigned leading = whole ? (unsigned)__builtin_ctz(whole) / 8 : 3, digits = 4 - leading;
    const uint32_t before = (uint32_t)text >> 8 * leading, behind = (uint32_t)(text >> 32);
    memcpy(out, &before, 4);
    out[digits] = '.';
    memcpy(out + digits + 1, &behind, 4);
    return fraction ? digits + 5 - (unsigned)__builtin_clz(fraction) / 8 : digits;
}

/* What stands behind a point, n 10^-8 with n > 0, without trailing zeros; as above. */
static inline size_t write_fraction(char *out, uint32_t n)
{
    const uint64_t v = eight_digits(n), text = v | zeros;
    memcpy(out, &text, 8);
    return 8 - (unsigned)__builtin_clzll(v) / 8;
}
#else
static size_t write_short(char *out, uint32_t n)
{
    return write_digits(out, n, count_digits(n));
}

static size_t write_fraction(char *out, uint32_t n)
{
    size_t used = write_digits(out, n, 8);
    while (out[used - 1] == '0') used--;
    return used;
}

static size_t write_four_decimals(char *out, uint32_t n)
{
    const size_t digits = write_short(out, n / 10000);
    if (n % 10000 == 0) return digits;
    out[digits] = '.';
    return digits + 1 + write_fraction(out + digits + 1, 10000 * (n % 10000));
}
#endif

/* What instruments write, 1e-4 <= v < 1e8 with at most six decimals, often four: when m / 10^6, rounded
 * once, is v and m has at most 14 digits, no other number of so few digits is v. 0: it is not so. */
static size_t write_decimals(char *out, double v)
{
    if (!(v >= 1e-4 && v < 1e8)) return 0;
    if (v < 9999.9) {
        const uint32_t n = (uint32_t)(int32_t)(v * 1e4 + 0.5);
        if ((double)(int32_t)n / 1e4 == v) return write_four_decimals(out, n);
    }
    const uint64_t m = (uint64_t)(int64_t)(v * 1e6 + 0.5);
    if ((double)(int64_t)m / 1e6 != v) return 0;
    const uint32_t whole = (uint32_t)(m / 1000000), fraction = (uint32_t)(m % 1000000);
    const size_t n = write_short(out, whole);
    if (fraction == 0) return n;
    out[n] = '.';
    return n + 1 + write_fraction(out + n + 1, 100 * fraction);
}

/* As repr() lays digits out: plain from 1e-4 to below 1e16, else with an exponent. */
static size_t lay_out(char *out, decimal d)
{
    strip_zeros(&d);
    const size_t n = count_digits(d.digits);
    const int power = d.exponent + (int)n - 1; /* of the first digit */
    if (power < -4 || power >= 16) {
        write_digits(out + 1, d.digits, n);
        out[0] = out[1];
        out[1] = '.';
        const size_t used = n > 1 ? n + 1 : 1;
        return used + write_exponent(out + used, power);
    }
    if (power < 0) {
        memcpy(out, "0.0000", 6);
        return (size_t)(1 - power) + write_digits(out + 1 - power, d.digits, n);
    }
    if (d.exponent >= 0) {
        write_digits(out, d.digits, n);
        memset(out + n, '0', (size_t)d.exponent);
        return n + (size_t)d.exponent;
    }
    const size_t whole = (size_t)power + 1;
    const uint64_t unit = tens[n - whole];
    write_digits(out, d.digits / unit, whole);
    out[whole] = '.';
    write_digits(out + whole + 1, d.digits % unit, n - whole);
    return n + 1;
}

static size_t write_positive(char *out, double value, uint64_t bits)
{
    const uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    const int biased = (int)(bits >> FRACTION_BITS);
    if (biased == 0) return lay_out(out, shortest(fraction, 1 - BIAS, false));
    const uint64_t c = fraction | UINT64_C(1) << FRACTION_BITS;
    const int q = biased - BIAS;
    if (q <= 0 && q > -FRACTION_BITS - 1 && (c & ((UINT64_C(1) << -q) - 1)) == 0)
        return c >> -q < 100000000 ? write_short(out, (uint32_t)(c >> -q))
                                   : write_digits(out, c >> -q, count_digits(c >> -q));
    const size_t n = write_decimals(out, value);
    return n ? n : lay_out(out, shortest(c, q, fraction == 0 && biased > 1));
}

size_t as_write_number(double value, char out[AS_NUMBER_MAX])
{
    size_t n = 0;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const bool negative = bits >> 63;
    bits &= UINT64_MAX >> 1;
    if (isnan(value)) {
        memcpy(out, "nan", 4);
        return 3;
    }
    if (negative && bits != 0) out[n++] = '-';
    if (bits == 0)
        out[n++] = '0';
    else if (isinf(value)) {
        memcpy(out + n, "inf", 3);
        n += 3;
    } else
        n += write_positive(out + n, fabs(value), bits);
    out[n] = '\0';
    return n;
}
