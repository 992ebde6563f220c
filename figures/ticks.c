/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks at 1, 2, 5 times powers of ten; decades on log axes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ticks.h"

double as_unscaled(as_scale s, double place)
{
    if (s == AS_SQRT) return copysign(place * place, place);
    if (s == AS_LOG) return pow(10, place);
    return place;
}

typedef struct step { double size; int mantissa, exponent; } step;

/* The smallest 1, 2, 5 x 10^k that gives at most `most` ticks. */
static step nice(double span, int most)
{
    static const int mantissas[] = { 1, 2, 5 };
    const double least = span / most;
    int k = (int)floor(log10(least));
    for (;; k++)
        for (int i = 0; i < 3; i++) {
            const double size = mantissas[i] * pow(10, k);
            if (size >= least * (1 - 1e-9)) return (step){ size, mantissas[i], k };
        }
}

/* i * step without the rounding of pow(): 3 * 0.1 prints and compares as 0.3. */
static double multiple(double i, step s)
{
    const double n = i * s.mantissa;
    return s.exponent < 0 ? n / pow(10, -s.exponent) : n * pow(10, s.exponent);
}

void as_tick_label(double v, int decimals, char out[40])
{
    char digits[32];
    const int shown = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
    snprintf(digits, sizeof digits, "%.*f", shown, fabs(v));
    const bool zero = strspn(digits, "0.") == strlen(digits);
    snprintf(out, 40, "%s%s", v < 0 && !zero ? "\xe2\x88\x92" : "", digits);
}

static as_tick *add(as_ticks *t, double at, bool major)
{
    if (t->n == AS_TICKS_MAX) return NULL;
    as_tick *k = &t->tick[t->n++];
    *k = (as_tick){ .at = at, .major = major };
    return k;
}

/* The power of ten that goes into the axis label: for numbers too long to write at every tick. */
static int common_power(double lo, double hi)
{
    const double most = fmax(fabs(lo), fabs(hi));
    const int k = (int)floor(log10(most) + 1e-9);
    return k >= 5 || k <= -3 ? k : 0;
}

static void linear(double lo, double hi, int most, bool minors, as_ticks *out)
{
    const step s = nice(hi - lo, most);
    const int parts = s.mantissa == 2 ? 4 : 5;
    const double slack = 1e-9 * (hi - lo);
    out->power = common_power(lo, hi);
    if (out->power - s.exponent > 5) out->power = 0; /* far from zero: the digits are needed */
    for (double i = floor(lo / s.size) - 1; i * s.size <= hi + s.size; i++) {
        const double at = multiple(i, s);
        const bool inside = at >= lo - slack && at <= hi + slack;
        as_tick *t = inside ? add(out, at, true) : NULL;
        if (t) as_tick_label(at / pow(10, out->power), out->power - s.exponent, t->label);
        for (int m = 1; minors && m < parts; m++) {
            const double between = at + m * s.size / parts;
            if (between >= lo - slack && between <= hi + slack) add(out, between, false);
        }
    }
}

/* Squares of equal steps crowd nothing together: ticks at nice values nearest to them. */
static void root(double lo, double hi, int most, as_ticks *out)
{
    const double from = as_scaled(AS_SQRT, lo), to = as_scaled(AS_SQRT, hi);
    const double gap = (to - from) / most;
    out->power = common_power(lo, hi);
    double last = -INFINITY;
    for (int i = 0; i <= 8 * most; i++) {
        const double place = from + (to - from) * i / (8 * most), v = as_unscaled(AS_SQRT, place);
        const double unit = pow(10, floor(log10(fmax(fabs(v), (hi - lo) * 1e-3))));
        const double at = floor(v / unit + 0.5) * unit, there = as_scaled(AS_SQRT, at);
        if (at < lo || at > hi || there < last + 0.8 * gap) continue;
        as_tick *t = add(out, at, true);
        const double shown = unit / pow(10, out->power);
        if (t) as_tick_label(at / pow(10, out->power), (int)ceil(-log10(shown) - 1e-9), t->label);
        last = there;
    }
}

static void decade_label(double v, int k, bool plain, char out[40])
{
    if (plain) as_tick_label(v, k < 0 ? -k : 0, out);
    else snprintf(out, 40, k < 0 ? "10^{\xe2\x88\x92%d}" : "10^{%d}", k < 0 ? -k : k);
}

static void logarithmic(double lo, double hi, int most, bool minors, as_ticks *out)
{
    const int from = (int)floor(log10(lo) + 1e-9), to = (int)floor(log10(hi) + 1e-9);
    const int decades = (int)floor(log10(hi) + 1e-9) - (int)ceil(log10(lo) - 1e-9) + 1;
    const int skip = decades > most ? (decades + most - 1) / most : 1;
    const bool plain = lo >= 0.9e-3 && hi <= 1.1e5, twos = decades * 3 <= most;
    for (int k = from; k <= to; k++)
        for (int m = 1; m < 10; m++) {
            const double v = k < 0 ? m / pow(10, -k) : m * pow(10, k);
            if (v < lo * (1 - 1e-9) || v > hi * (1 + 1e-9)) continue;
            const bool major = (m == 1 && (k % skip == 0)) || (twos && (m == 2 || m == 5));
            if (!major && (!minors || skip > 1) && m != 1) continue;
            as_tick *t = add(out, v, major);
            if (!t || !major) continue;
            if (m == 1 || plain) decade_label(v, k, plain, t->label);
            else snprintf(t->label, sizeof t->label, k < 0 ? "%d×10^{\xe2\x88\x92%d}" : "%d×10^{%d}", m,
                          k < 0 ? -k : k);
        }
}

void as_ticks_find(as_scale s, double lo, double hi, int most, bool minors, as_ticks *out)
{
    out->n = 0;
    out->power = 0;
    if (!(lo < hi) || !isfinite(lo) || !isfinite(hi)) return;
    if (s == AS_LOG && !(lo > 0)) return;
    if (most < 2) most = 2;
    if (s == AS_SQRT) root(lo, hi, most, out);
    else if (s == AS_LOG) logarithmic(lo, hi, most, minors, out);
    if (s == AS_LOG) {
        size_t majors = 0;
        for (size_t i = 0; i < out->n; i++) majors += out->tick[i].major;
        if (majors >= 2) return;
        out->n = 0; /* less than a decade: ordinary numbers */
    }
    if (s != AS_SQRT) linear(lo, hi, most, minors, out);
}

void as_ticks_about_zero(double most, as_ticks *out)
{
    static const int firsts[] = { 8, 6, 5, 4, 3, 2, 1 };
    out->n = 0;
    out->power = 0;
    if (!(most > 0) || !isfinite(most)) return;
    const int k = (int)floor(log10(0.96 * most));
    const step unit = { .mantissa = 1, .exponent = k };
    size_t first = 0;
    while (firsts[first] > 1 && multiple(firsts[first], unit) > 0.96 * most) first++;
    const step by = { .mantissa = firsts[first], .exponent = k };
    out->power = common_power(-most, most);
    for (int i = -2; i <= 2; i++) {
        as_tick *t = add(out, multiple(i, by) / 2, i % 2 == 0);
        if (t && t->major) as_tick_label(t->at / pow(10, out->power), out->power - k, t->label);
    }
}

void as_ticks_degrees(double lo, double hi, int most, as_ticks *out)
{
    static const int steps[] = { 15, 30, 45, 90, 180 };
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && (hi - lo) / steps[i] > most) i++;
    if (hi - lo < 45 || hi - lo > 1800) {
        as_ticks_find(AS_LINEAR, lo, hi, most, true, out);
        return;
    }
    const int parts = steps[i] == 90 || steps[i] == 180 ? 2 : 3;
    out->n = 0;
    out->power = 0;
    for (double k = ceil(lo * parts / steps[i] - 1e-9); k * steps[i] <= hi * parts + 1e-9; k++) {
        const bool major = fmod(k, parts) == 0;
        as_tick *t = add(out, k * steps[i] / parts, major);
        if (t && major) as_tick_label(t->at, 0, t->label);
    }
}

void as_ticks_whole(as_ticks *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const double nearest = round(t->tick[i].at);
        if (fabs(t->tick[i].at - nearest) > 1e-6) continue;
        t->tick[n] = t->tick[i];
        if (t->power == 0 && t->tick[n].label[0]) as_tick_label(nearest, 0, t->tick[n].label);
        n++;
    }
    t->n = n;
}

void as_ticks_round(as_scale s, int most, double *lo, double *hi)
{
    if (s == AS_LOG) {
        *lo = pow(10, floor(log10(*lo) + 1e-9));
        *hi = pow(10, ceil(log10(*hi) - 1e-9));
        return;
    }
    const step by = nice(*hi - *lo, most < 2 ? 2 : most);
    *lo = multiple(floor(*lo / by.size + 1e-9), by);
    *hi = multiple(ceil(*hi / by.size - 1e-9), by);
}
