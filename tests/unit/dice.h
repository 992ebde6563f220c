/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers of unit tests: the same in every run. */
#ifndef AS_TESTS_DICE_H
#define AS_TESTS_DICE_H

#include <math.h>
#include <stdint.h>

static uint64_t dice_state = 88172645463325252u;

static inline double uniform(void) /* [0, 1), Marsaglia's xorshift */
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (double)(dice_state >> 11) / 9007199254740992.0;
}

static inline double normal(void)
{
    return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform());
}

#endif
