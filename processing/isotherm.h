/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An isotherm as its analyses want it: relative pressures and amounts of one branch, in one unit,
 * cleaned by stated rules.
 */
#ifndef AS_PROCESSING_ISOTHERM_H
#define AS_PROCESSING_ISOTHERM_H

#include "gas.h"
#include "op.h"

typedef enum { AS_ADSORPTION, AS_DESORPTION } as_branch;
extern const as_choice as_branches[];

typedef struct as_isotherm {
    size_t n;
    double *x;           /* p/p0, or kPa where `absolute` was asked for; rising for adsorption, falling for
                            desorption */
    double *uptake;      /* mmol/g */
    size_t *row;         /* of the table */
    const as_gas *gas;   /* NULL: not known */
    double temperature;  /* K; nan: not stated */
    const char *p0_from; /* how p/p0 came about: "as measured", "column saturation_pressure" ... */
    size_t dropped;      /* points left out: no p/p0 above 0, or p/p0 that does not advance */
} as_isotherm;

/* What all sorption operations take. Begins their settings. */
typedef struct as_isotherm_options {
    int branch;
    const char *gas;     /* overrides the metadata `adsorbate`; NULL: it decides */
    double p0;           /* kPa; 0: from the data */
    double u_dose;       /* relative standard uncertainty of each amount dosed; 0: not stated */
    bool absolute;       /* x is the pressure in kPa; set by operations, no parameter */
} as_isotherm_options;

#define AS_ISOTHERM_PARAMS(S)                                                                      \
    AS_CHOICE(S, iso.branch, "branch", "adsorption", as_branches, "which branch"),                 \
    AS_STRING(S, iso.gas, "gas", "", "the adsorptive, where the data do not say: N2, Ar, Kr, CO2, O2, H2O"), \
    AS_DOUBLE(S, iso.p0, "p0", "0", 0, 1e6, "kPa",                                                 \
              "saturation pressure for data with absolute pressures only; 0: from the data")

/* Those that propagate as_isotherm_dose_u take this too. */
#define AS_ISOTHERM_DOSE(S)                                                                        \
    AS_DOUBLE(S, iso.u_dose, "u-dose", "0", 0, 1, NULL,                                            \
              "relative standard uncertainty of each amount dosed, for uncertainties; 0: not stated")

/* With `absolute` the column pressure, else relative_pressure times saturation_pressure or p0. Else
 * columns relative_pressure, or pressure with saturation_pressure (column or metadata) or p0;
 * uptake per mass, or per sample with metadata sample_mass. Points with p/p0 <= 0 or that do not advance
 * are left out and counted; p/p0 above 1 and amounts that go the wrong way by 1 % give warnings.
 * Arrays in scratch. AS_E_MISSING, AS_E_UNIT; AS_E_NUMERIC: fewer than 3 points. */
as_status as_isotherm_of(as_ctx *ctx, as_table *t, const as_isotherm_options *o,
                         as_isotherm *out) AS_NODISCARD;

/* AS_E_MISSING unless the adsorptive is known and below its critical temperature. */
as_status as_isotherm_need_gas(as_ctx *ctx, const as_isotherm *iso) AS_NODISCARD;

/* The points with lo <= p/p0 <= hi and p/p0 below 1, of an adsorption or desorption branch. False:
 * fewer than `least`. */
bool as_isotherm_window(const as_isotherm *iso, double lo, double hi, size_t least, size_t *first,
                        size_t *last);

/* cm3/mol of the adsorbed phase: `given` where above 0, else that of the liquid at its boiling point
 * (with a warning when the isotherm was measured more than 2 K from there). Needs a known gas. */
as_status as_isotherm_molar_volume(as_ctx *ctx, as_table *t, const as_isotherm *iso, double given,
                                   double *out) AS_NODISCARD;

/* K: as measured, else the boiling point of the gas. */
double as_isotherm_kelvin(const as_isotherm *iso);

/* The branch by rising p/p0: x and uptake (iso->n each) point into it or into new arrays of scratch. */
as_status as_isotherm_rising(as_ctx *ctx, const as_isotherm *iso, const double **x,
                             const double **uptake) AS_NODISCARD;

/* Straight line over n points, unweighted: y = intercept + slope x. */
typedef struct as_isotherm_line {
    double slope, intercept, u_slope, u_intercept, covariance;
    double r2;
    double rms; /* of the residuals */
} as_isotherm_line;
as_status as_isotherm_fit(as_ctx *ctx, size_t n, const double *x, const double *y,
                          as_isotherm_line *out) AS_NODISCARD;

/* m values from amounts (iso->n). */
typedef as_status as_isotherm_values(void *user, const double *uptake, double *out);
/* Standard uncertainties of these values when each dose, the difference of neighbouring amounts of an adsorption
 * branch, has the relative uncertainty `u_dose`, independent of the others: errors of a manometric instrument add
 * up along the branch. To first order, by differences. NaN where u_dose is 0; AS_E_USAGE on desorption. */
as_status as_isotherm_dose_u(as_ctx *ctx, const as_isotherm *iso, double u_dose, as_isotherm_values *values,
                             void *user, size_t m, double *u) AS_NODISCARD;

/* Results that every fit of a line has: slope, intercept (in these units), r_squared, points_used. */
as_status as_give_line(as_ctx *ctx, as_table *t, const char *item, const as_isotherm_line *line,
                       size_t points, const char *slope_unit, const char *intercept_unit,
                       const char *method) AS_NODISCARD;

#endif
