/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heating curve on an even grid of temperatures, its derivative, its steps and the temperatures
 * that go by the name of onset. Pure functions; mass in percent, temperature in degC, rates in %/K.
 */
#ifndef AS_PROCESSING_THERMOGRAM_H
#define AS_PROCESSING_THERMOGRAM_H

#include <stddef.h>

#include "table.h"

typedef struct as_thermogram {
    size_t n;           /* of the grid */
    double first, step; /* temperature of row i is first + i step */
    double *p;          /* mass in % of that at the first row */
    double *rate;       /* dp/dT by Savitzky-Golay, order 2 */
    double noise;       /* standard deviation of one measured p, in % */
    double rate_noise;  /* of rate, from `noise` through the filter */
    size_t half;        /* rows of the derivative's window on either side */
    double per_row;     /* measured points per row of the grid, at most 1 */
    double reference;   /* the mass that is 100 %, in the unit it came in */
    size_t
        kept; /* measured points used: up to the highest temperature, each hotter than all before */
} as_thermogram;

/* The column `mass`, else `mass_fraction`; NULL: AS_E_MISSING recorded. */
const as_column *as_thermal_mass(as_ctx *ctx, const as_table *t);
/* Rows in which both temperature (degC) and mass (in its own unit) are numbers, in scratch. */
as_status as_thermal_columns(as_ctx *ctx, const as_table *t, double **temperature, double **mass,
                             size_t *n) AS_NODISCARD;

/* n measured points (temperature in degC, mass in any unit, no nan). `half` rows of the
 * derivative's window on either side. Arrays in `a`. AS_E_NUMERIC: fewer than 20 usable points or a
 * grid shorter than the window. */
as_status as_thermogram_of(as_ctx *ctx, as_arena *a, size_t n, const double *temperature,
                           const double *mass, double step, size_t half,
                           as_thermogram *out) AS_NODISCARD;

double as_thermogram_temperature(const as_thermogram *t, double row);
/* p at a temperature, between rows by a straight line; nan outside the grid. */
double as_thermogram_at(const as_thermogram *t, double temperature);
/* From now on 100 % is `mass`, above 0, in the unit of `reference`. */
void as_thermogram_refer(as_thermogram *t, double mass);

typedef struct as_thermal_step {
    size_t left, peak, right; /* rows: begin, fastest loss, end */
    double loss, u_loss;      /* p(left) - p(right) */
    double fastest, u_fastest; /* temperature: inflection of the cubic through the window around `peak` */
    double onset, u_onset;    /* inflection tangent x horizontal through the begin */
    double endset, u_endset;  /* inflection tangent x horizontal through the end */
} as_thermal_step;

/* Steps: maxima of -rate with a prominence of at least `share` of the largest and `least` %/K, at
 * least `apart` rows from each other; they part at the minima of -rate between. How many, in order
 * of temperature; room for n / 2. Uncertainties: the noise of p, and for what hangs on where steps
 * part the rows whose rate the noise cannot tell from the minimum, evenly likely. */
size_t as_thermal_steps(as_ctx *ctx, const as_thermogram *t, double share, double least,
                        size_t apart, size_t room, as_thermal_step *out);

/* The temperature at which p first falls below `level` %; nan: never. */
double as_thermal_crossing(const as_thermogram *t, double level);
/* Its uncertainty at temperature `at`: the noise there and that of the reference, over the slope. */
double as_thermal_crossing_u(const as_thermogram *t, double at, double level);

typedef struct as_thermal_line {
    double level, slope; /* p = level + slope (T - middle) */
    double middle, from, to, scatter;
    size_t n;
} as_thermal_line;

/* The straight line through p between two temperatures: the baseline of onsets. False: fewer than 5
 * rows. */
as_status as_thermal_baseline(as_ctx *ctx, const as_thermogram *t, double from, double to,
                              as_thermal_line *out) AS_NODISCARD;

/* Where p first stays below the baseline by k times its scatter for `persist` rows; nan: never. */
double as_thermal_deviation(const as_thermogram *t, const as_thermal_line *line, double k,
                            size_t persist);

/* Standard uncertainty of a first deviation at temperature `at`, in K: the mass there, the line and k times a
 * scatter known from few rows, over the slope at which the curve leaves the line; and the grid. */
double as_thermal_deviation_u(const as_thermogram *t, const as_thermal_line *line, double k,
                              size_t persist, double at);

/* Where the inflection tangent at row `peak` meets the baseline; *u: its uncertainty by the noise of the
 * mass and of the rate there and by the line. */
double as_thermal_tangent(const as_thermogram *t, const as_thermal_line *line, size_t peak, double *u);

#endif
