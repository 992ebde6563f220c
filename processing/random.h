/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers whose bytes are the same on every machine for a seed and a stream.
 *
 * xoshiro256** 1.0 (Blackman & Vigna 2021, doi:10.1145/3460772), its state filled by splitmix64 from
 * seed and stream; normal deviates by inversion; Poisson deviates exactly (no normal approximation).
 */
#ifndef AS_PROCESSING_RANDOM_H
#define AS_PROCESSING_RANDOM_H

#include <stdint.h>

typedef struct as_random { uint64_t s[4]; } as_random;

/* Streams of one seed are independent: one for each series. */
void as_random_seed(as_random *r, uint64_t seed, uint64_t stream);
uint64_t as_random_bits(as_random *r);
double as_random_uniform(as_random *r); /* in (0, 1), 2^-53 apart, never 0 or 1 */
double as_random_normal(as_random *r);  /* mean 0, variance 1 */
/* Mean >= 0 and finite; 0 for NaN. Inversion below 10, above it the transformed rejection PTRS of
 * Hoermann 1993 (doi:10.1016/0167-6687(93)90997-4). */
double as_random_poisson(as_random *r, double mean);

#endif
