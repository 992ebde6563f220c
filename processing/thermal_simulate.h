/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mass of a sample heated at a constant rate, as a sum of independent losses in closed form.
 * Temperatures in K. I(T) is the integral of exp(-E / (R T')) from 0 to T: T E2(E / (R T)).
 */
#ifndef AS_PROCESSING_THERMAL_SIMULATE_H
#define AS_PROCESSING_THERMAL_SIMULATE_H

#include <stddef.h>

#include "random.h"

typedef enum {
    AS_FIRST_ORDER, /* conversion 1 - exp(-q (I(T) - I(T0))): a decomposition */
    AS_ZERO_ORDER   /* q (I(T) - I(T0)), at most 1: a liquid that evaporates from a pan */
} as_loss_kind;

typedef struct as_loss {
    as_loss_kind kind;
    double share;  /* of the sample, in % */
    double energy; /* J/mol */
    double done;   /* share of itself that is gone ... */
    double at;     /* ... at this temperature: fixes q, whatever the heating rate */
} as_loss;

/* Of one loss that began at `start`: its conversion at T, and its derivative by T in 1/K. */
double as_loss_conversion(const as_loss *l, double start, double kelvin);
double as_loss_rate(const as_loss *l, double start, double kelvin);
/* Where its rate is greatest (zero order: where it ends), and where the tangent there meets 0. */
double as_loss_peak(const as_loss *l, double start);
double as_loss_onset(const as_loss *l, double start);

/* Mass of all in % of that at `start`, and its derivative in %/K. */
double as_losses_mass(size_t n, const as_loss *l, double start, double kelvin);
double as_losses_rate(size_t n, const as_loss *l, double start, double kelvin);
/* Where `percent` of the sample is gone; nan: nowhere up to `end`. */
double as_losses_reach(size_t n, const as_loss *l, double start, double end, double percent);

typedef struct as_balance {
    double white;    /* standard deviation of one reading, % */
    double drift;    /* %/h */
    double buoyancy; /* % by which the mass seems to have risen when the gas is all but gone */
} as_balance;

/* What the balance shows `hours` after `start` for a true mass in %. */
double as_balance_reading(const as_balance *b, as_random *r, double mass, double start,
                          double kelvin, double hours);

#endif
