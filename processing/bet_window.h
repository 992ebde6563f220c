/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BET equation over a window of an isotherm, and the search for windows that are consistent.
 *
 *   x / (n (1 - x)) = 1/(n_m C) + (C - 1)/(n_m C) x
 *
 * x relative pressure, n amount adsorbed, n_m monolayer capacity (Brunauer, Emmett & Teller 1938,
 * doi:10.1021/ja01269a023). The consistency criteria are those of Rouquerol et al. 2007
 * (doi:10.1016/S0167-2991(07)80008-5) as Osterrieth et al. 2022 (doi:10.1002/adma.202201502) code them.
 */
#ifndef AS_PROCESSING_BET_WINDOW_H
#define AS_PROCESSING_BET_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

enum { AS_BET_CRITERIA = 5 };

typedef struct as_bet_fit {
    size_t first, last;              /* of the window, both belong to it */
    double slope, intercept, r2;     /* of x/(n(1-x)) against x */
    double u_slope, u_intercept, cov;/* from the scatter about the line; nan with two points */
    double c, monolayer, u_c, u_monolayer;
    double x_monolayer;              /* p/p0 at which the isotherm reaches n_m; nan: outside the data */
    double x_bet;                    /* p/p0 at which the equation does, 1/(sqrt(C) + 1); nan: C <= 0 */
    double mismatch;                 /* |x_bet - x_monolayer| / x_monolayer */
    bool holds[AS_BET_CRITERIA];     /* 1 n(1-x) and the ordinate rise over the window, 2 C > 0, 3 x_monolayer
                                        lies inside, 4 mismatch below its limit, 5 the window ends at the
                                        maximum of n(1-x) */
} as_bet_fit;

typedef enum { AS_BET_UNWEIGHTED, AS_BET_RELATIVE } as_bet_weights;

typedef struct as_bet_rules {
    as_bet_weights weights; /* RELATIVE: n has one relative uncertainty, so weights 1/ordinate^2 */
    double mismatch;        /* limit of criterion 4, 0.2 */
    size_t min_points;      /* a window needs at least so many */
    double min_r2;          /* and R2 above this */
} as_bet_rules;

/* Fit of the points first ... last (at least two) of n, x rising in (0, 1). */
void as_bet_fit_window(size_t n, const double *x, const double *uptake, size_t first, size_t last,
                       const as_bet_rules *rules, as_bet_fit *out);

/* The index of the maximum of n(1-x) for x <= 0.5: where a BET window has to end. */
size_t as_bet_knee(size_t n, const double *x, const double *uptake);

typedef struct as_bet_search {
    size_t tried, valid;
    double lowest, highest;        /* monolayer capacity over the valid windows; nan without one */
    size_t passed[AS_BET_CRITERIA];/* windows (of enough points and R2) that met each criterion */
    size_t enough;                 /* windows of enough points and R2 */
} as_bet_search;

/* All windows; the valid ones meet criteria 1-4, min_points and min_r2. The one chosen ends last and,
 * among those, has the smallest mismatch. False: none is valid. */
bool as_bet_search_windows(size_t n, const double *x, const double *uptake,
                           const as_bet_rules *rules, as_bet_fit *best, as_bet_search *found);

#endif
