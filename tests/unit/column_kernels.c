/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels over columns give the bits of plain loops, at every length around their blocks. */
#include <stdint.h>

#include "check.h"
#include "column_kernels.h"
#include "diffraction.h"

enum { MOST = 3000 };

static double x[MOST], y[MOST], got[MOST];

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void positions(void)
{
    static const struct { double start, step; } axes[] = {
        { 5, 1e-4 },    { 105, -0.013 },  { -3, 0.001 },   { 0, 0 },        { 298, -0.1 },
        { 99999, 0.5 }, { 1e-11, 1e-11 }, { -1e5, 33.25 }, { 0.5e-10, 0 }, { 4e20, 1 },
        { NAN, 1 },     { 0, INFINITY },  { 1486.6, 1e-9 },
    };
    for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
        as_step_positions(axes[k].start, axes[k].step, MOST, x);
        for (size_t i = 0; i < MOST; i++)
            CHECK(same(x[i], as_step_position(axes[k].start, axes[k].step, i)));
    }
}

/* What spoils a column of counts is seen wherever it stands. */
static void whole_and_finite(size_t n)
{
    static const double odd[] = { 0.5, -1, 1e15, NAN, INFINITY, -INFINITY, 2.25 };
    for (size_t i = 0; i < n; i++) y[i] = i % 7 ? (double)(i * 12345 % 100003) : 999999999999999.0;
    CHECK(as_are_whole(y, n) && as_are_finite(y, n));
    for (size_t i = 0; i < n; i += 1 + n / 5)
        for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
            const double was = y[i];
            y[i] = odd[k];
            CHECK(!as_are_whole(y, n) && as_are_finite(y, n) == isfinite(odd[k]));
            y[i] = was;
        }
}

static void sigmas(double scale)
{
    for (size_t i = 0; i < MOST; i++) y[i] = (double)(i % 50) * 7 - 3;
    y[3] = NAN;
    y[5] = INFINITY;
    as_counting_sigmas(y, MOST, scale, got);
    for (size_t i = 0; i < MOST; i++) {
        const double n = y[i] * scale;
        CHECK(same(got[i], isfinite(y[i]) ? sqrt(n > 1 ? n : 1) / scale : (double)NAN));
    }
}

static void runs(size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] = 0.1 * (double)i;
    CHECK(as_run_up(x, n, 1) && (n < 2 || !as_run_up(x, n, -1)));
    for (size_t i = 1; i < n; i += 1 + n / 4) {
        const double was = x[i];
        x[i] = x[i - 1];
        CHECK(!as_run_up(x, n, 1));
        x[i] = NAN;
        CHECK(!as_run_up(x, n, 1));
        x[i] = was;
    }
    for (size_t i = 0; i < n; i++) x[i] = -x[i];
    CHECK(as_run_up(x, n, -1));
}

static void range(size_t n)
{
    double low, high, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        y[i] = i % 11 == 3 ? NAN : sin((double)i) * (double)i;
        if (y[i] < least) least = y[i];
        if (y[i] > most) most = y[i];
    }
    as_least_and_most(y, n, &low, &high);
    CHECK(low == least && high == most);
}

int main(void)
{
    static const size_t lengths[] = { 0, 1, 2, 7, 8, 9, 1023, 1024, 1025, 2049, MOST };
    positions();
    sigmas(1);
    sigmas(0.25);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        whole_and_finite(lengths[i]);
        runs(lengths[i]);
        range(lengths[i]);
    }
    DONE();
}
