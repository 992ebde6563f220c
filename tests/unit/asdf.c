/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordinates of JCAMP-DX, token by token: every first character, checks, repetitions, and what is
 * refused.
 */
#include <math.h>
#include <string.h>

#include "asdf.h"
#include "check.h"

static as_asdf_answer line(as_ctx *ctx, as_asdf *s, const char *text, size_t *at)
{
    *at = 0;
    return as_asdf_line(ctx, s, text, strlen(text), at);
}

/* The lines, one after the other, give these ordinates. */
static void gives(as_ctx *ctx, const char *first, const char *second, size_t n, const double *want)
{
    as_asdf s = { 0 };
    size_t at;
    CHECK(line(ctx, &s, first, &at) == AS_ASDF_OK);
    if (second) CHECK(line(ctx, &s, second, &at) == AS_ASDF_OK);
    CHECK(s.n == n);
    for (size_t i = 0; i < n && i < s.n; i++)
        CHECK(s.v[i] == want[i] || (isnan(s.v[i]) && isnan(want[i])));
}
#define GIVES(first, second, ...)                                          \
    do {                                                                   \
        const double want_[] = { __VA_ARGS__ };                            \
        gives(ctx, first, second, sizeof want_ / sizeof *want_, want_);    \
    } while (0)

static void refuses(as_ctx *ctx, const char *first, const char *second, as_asdf_answer answer,
                    size_t where)
{
    as_asdf s = { .most = 1000 };
    size_t at;
    as_asdf_answer got = line(ctx, &s, first, &at);
    if (second) {
        CHECK(got == AS_ASDF_OK);
        got = line(ctx, &s, second, &at);
    }
    CHECK(got == answer && at == where);
}

static void abscissae(void)
{
    double x, unit;
    CHECK(as_asdf_abscissa("4000+10160", 10, &x, &unit) == 4 && x == 4000 && unit == 1);
    CHECK(as_asdf_abscissa(" -12.50A1", 9, &x, &unit) == 7 && x == -12.5 && fabs(unit - 0.01) < 1e-12);
    CHECK(as_asdf_abscissa("400E12", 6, &x, &unit) == 3 && x == 400); /* E is an ordinate here */
    CHECK(as_asdf_abscissa("4.0E+02D", 8, &x, &unit) == 7 && x == 400 && fabs(unit - 10) < 1e-9);
    CHECK(as_asdf_abscissa("A12", 3, &x, &unit) == 0 && as_asdf_abscissa("", 0, &x, &unit) == 0);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    const double gap = (double)NAN;
    GIVES("1 -2, 3;+4.5\t1.5E3 2e-3", NULL, 1, -2, 3, 4.5, 1500, 0.002);
    GIVES("+1-2+30", NULL, 1, -2, 30);
    GIVES("1E3 2e2", NULL, 1000, 200);
    GIVES("@A1B2C3D4E5F6G7H8I9", NULL, 0, 11, 22, 33, 44, 55, 66, 77, 88, 99);
    GIVES("a1b2c3d4e5f6g7h8i9", NULL, -11, -22, -33, -44, -55, -66, -77, -88, -99);
    GIVES("@%JKLMNOPQR", NULL, 0, 0, 1, 3, 6, 10, 15, 21, 28, 36, 45);
    GIVES("@jklmnopqr", NULL, 0, -1, -3, -6, -10, -15, -21, -28, -36, -45);
    GIVES("A0J0T", NULL, 10, 20, 30);                 /* DUP of a difference */
    GIVES("A0U", NULL, 10, 10, 10);                   /* DUP of an ordinate */
    GIVES("A0S1", NULL, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10);
    GIVES("A0s", NULL, 10, 10, 10, 10, 10, 10, 10, 10, 10);
    GIVES("A0J", "A1J", 10, 11, 12);                  /* the check value is no ordinate */
    GIVES("A0J", "A1", 10, 11);                       /* a last line of a check value only */
    GIVES("A0J", "11J", 10, 11, 12);                  /* written in free format */
    GIVES("A0", "A1J", 10, 11, 12);                   /* no difference, no check */
    GIVES("A0?B0", NULL, 10, gap, 20);
    GIVES("-123456789012345678 0.1", NULL, -123456789012345678.0, 0.1);
    refuses(ctx, "A0J", "A2J", AS_ASDF_CHECK, 0);
    refuses(ctx, "A0J", "J", AS_ASDF_ALONE, 0);
    refuses(ctx, "J", NULL, AS_ASDF_ALONE, 0);
    refuses(ctx, "T", NULL, AS_ASDF_ALONE, 0);
    refuses(ctx, "A0?J", NULL, AS_ASDF_ALONE, 3);
    refuses(ctx, "A0 z", NULL, AS_ASDF_TOKEN, 3);
    refuses(ctx, "1 - 2", NULL, AS_ASDF_TOKEN, 2);
    refuses(ctx, "A0Z99999999", NULL, AS_ASDF_MANY, 2);
    refuses(ctx, "A0V999", NULL, AS_ASDF_MANY, 2);
    as_asdf s = { .lenient = true };
    size_t at;
    CHECK(line(ctx, &s, "A0J", &at) == AS_ASDF_OK && line(ctx, &s, "A5J", &at) == AS_ASDF_OK);
    CHECK(s.n == 3 && s.v[2] == 16 && s.wrong == 1);
    abscissae();
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
