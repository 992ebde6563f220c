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

enum { FRACTION_BITS = 52, BIAS = 1023 + FRACTION_BITS, DIGITS = 17 };

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

/* The decimal digits of n at out, at most 20: how many. */
static size_t write_integer(char *out, uint64_t n)
{
    char text[24];
    size_t at = sizeof text;
    while (n >= 100000000) {
        at -= 8;
        write_eight(text + at, (uint32_t)(n % 100000000));
        n /= 100000000;
    }
    uint32_t rest = (uint32_t)n;
    while (rest >= 100) {
        at -= 2;
        write_pair(text + at, rest % 100);
        rest /= 100;
    }
    if (rest >= 10) {
        at -= 2;
        write_pair(text + at, rest);
    } else {
        text[--at] = (char)('0' + rest);
    }
    memcpy(out, text + at, sizeof text - at);
    return sizeof text - at;
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

/* As repr() lays digits out: plain from 1e-4 to below 1e16, else with an exponent. */
static size_t lay_out(char *out, decimal d)
{
    char digits[24];
    if (d.digits % 100000000 == 0) {
        d.digits /= 100000000;
        d.exponent += 8;
    }
    size_t n = write_integer(digits, d.digits);
    const int power = d.exponent + (int)n - 1; /* of the first digit */
    while (n > 1 && digits[n - 1] == '0') n--;
    if (power < -4 || power >= 16) {
        out[0] = digits[0];
        out[1] = '.';
        memcpy(out + 2, digits + 1, DIGITS);
        const size_t used = n > 1 ? n + 1 : 1;
        return used + write_exponent(out + used, power);
    }
    if (power < 0) {
        memcpy(out, "0.0000", 6);
        memcpy(out + 1 - power, digits, DIGITS);
        return (size_t)(1 - power) + n;
    }
    const size_t whole = (size_t)power + 1;
    if (n <= whole) {
        memcpy(out, digits, n);
        memset(out + n, '0', whole - n);
        return whole;
    }
    memcpy(out, digits, whole);
    out[whole] = '.';
    memcpy(out + whole + 1, digits + whole, n - whole);
    return n + 1;
}

static size_t write_positive(char *out, uint64_t bits)
{
    const uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    const int biased = (int)(bits >> FRACTION_BITS);
    if (biased == 0) return lay_out(out, shortest(fraction, 1 - BIAS, false));
    const uint64_t c = fraction | UINT64_C(1) << FRACTION_BITS;
    const int q = biased - BIAS;
    if (q <= 0 && q > -FRACTION_BITS - 1 && (c & ((UINT64_C(1) << -q) - 1)) == 0)
        return write_integer(out, c >> -q);
    return lay_out(out, shortest(c, q, fraction == 0 && biased > 1));
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
        n += write_positive(out + n, bits);
    out[n] = '\0';
    return n;
}
