/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers: the same for ever, and of the distributions that they claim. */
#include "check.h"
#include "random.h"

static void fixed(void)
{
    /* xoshiro256** with state 1, 2, 3, 4: the values of the authors' reference code */
    as_random r = { { 1, 2, 3, 4 } };
    const uint64_t want[] = { 11520u, 0u, 1509978240u, 1215971899390074240u };
    for (int i = 0; i < 4; i++) CHECK(as_random_bits(&r) == want[i]);
    as_random a, b;
    as_random_seed(&a, 1, 0);
    as_random_seed(&b, 1, 1);
    CHECK(as_random_bits(&a) != as_random_bits(&b));
}

static void poisson(double mean)
{
    as_random r;
    as_random_seed(&r, 11, (uint64_t)mean);
    enum { N = 200000 };
    double sum = 0, square = 0, cube = 0;
    for (int i = 0; i < N; i++) {
        const double d = as_random_poisson(&r, mean) - mean;
        sum += d / N;
        square += d * d / N;
        cube += d * d * d / N;
    }
    const double root = sqrt(mean / N);
    NEAR(sum, 0, 4 * root);
    NEAR(square / mean, 1, 4 * sqrt((2 + 1 / mean) / N));
    NEAR(cube / mean, 1, 4 * sqrt((15 * mean + 40 + 1 / mean) * 1.2 / N)); /* third central moment */
}

static void normal(void)
{
    as_random r;
    as_random_seed(&r, 5, 0);
    enum { N = 200000 };
    double sum = 0, square = 0, beyond = 0;
    for (int i = 0; i < N; i++) {
        const double x = as_random_normal(&r);
        sum += x / N;
        square += x * x / N;
        beyond += (fabs(x) > 1.959963984540054) / (double)N;
    }
    NEAR(sum, 0, 4 / sqrt(N));
    NEAR(square, 1, 4 * sqrt(2.0 / N));
    NEAR(beyond, 0.05, 4 * sqrt(0.05 * 0.95 / N));
}

int main(void)
{
    fixed();
    const double means[] = { 0.3, 4, 9.9, 10, 31.7, 500, 20000 };
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) poisson(means[i]);
    normal();
    as_random r;
    as_random_seed(&r, 1, 1);
    CHECK(as_random_poisson(&r, 0) == 0 && as_random_poisson(&r, NAN) == 0);
    DONE();
}
