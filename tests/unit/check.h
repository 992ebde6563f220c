/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few lines a unit test needs: CHECK(condition), NEAR(got, want, tolerance), DONE(). */
#ifndef AS_TESTS_CHECK_H
#define AS_TESTS_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks_failed;
static int checks_done;

#define CHECK(condition)                                                            \
    do {                                                                            \
        checks_done++;                                                              \
        if (!(condition)) {                                                         \
            checks_failed++;                                                        \
            printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);          \
        }                                                                           \
    } while (0)

/* |got - want| <= tolerance; NaN is near NaN only. */
#define NEAR(got, want, tolerance)                                                  \
    do {                                                                            \
        const double near_g = (got), near_w = (want), near_t = (tolerance);         \
        checks_done++;                                                              \
        if (!(fabs(near_g - near_w) <= near_t || (isnan(near_g) && isnan(near_w)))) { \
            checks_failed++;                                                        \
            printf("%s:%d: %s is %.17g, expected %.17g within %g\n", __FILE__, __LINE__, #got, \
                   near_g, near_w, near_t);                                         \
        }                                                                           \
    } while (0)

#define DONE()                                                                      \
    do {                                                                            \
        printf("%d checks, %d failed\n", checks_done, checks_failed);               \
        return checks_failed || !checks_done ? EXIT_FAILURE : EXIT_SUCCESS;         \
    } while (0)

#define SKIP(...)                                                                   \
    do {                                                                            \
        printf("skipped: " __VA_ARGS__);                                            \
        printf("\n");                                                               \
        return 77;                                                                  \
    } while (0)

#endif
