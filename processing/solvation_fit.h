/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bands of a solvent and an anion in several states of coordination, fitted together: areas free,
 * positions and widths restrained by a table, background and host spectra along with them.
 *
 * Each band is a Voigt line: Lorentzian of the table's FWHM, Gaussian of the instrument's.
 */
#ifndef AS_PROCESSING_SOLVATION_FIT_H
#define AS_PROCESSING_SOLVATION_FIT_H

#include "model.h"

enum { AS_SOLVATION_MOST_BANDS = 24, AS_SOLVATION_MOST_HOSTS = 4, AS_SOLVATION_MOST_STARTS = 32 };

typedef enum { AS_STATE_FREE, AS_STATE_BOUND, AS_STATE_OTHER } as_solvation_state;

typedef struct as_solvation_band {
    const char *group, *state, *label; /* PC, free, "PC free" */
    double position, u, fwhm, fwhm_u; /* of the Lorentzian; units of x */
    const char *source;
} as_solvation_band;

as_solvation_state as_solvation_state_of(const as_solvation_band *band); /* by the name of it */
/* The built-in table "raman" or "ftir"; *n bands. NULL: there is none of this name. */
const as_solvation_band *as_solvation_table(const char *name, size_t *n);

typedef struct as_solvation_problem {
    size_t n;
    const double *x, *y, *sigma; /* sigma > 0 everywhere */
    size_t n_bands;
    const as_solvation_band *band;
    double instrument;           /* FWHM of the Gaussian, >= 0 */
    int degree;                  /* of the polynomial background, 0 to 8 */
    size_t n_hosts;
    const double *const *host;   /* n each: each is taken with a factor of its own */
    const double *factor, *factor_u; /* n_hosts each: what is known of the factors; NULL: nothing */
    int starts;                  /* positions and widths to start from, 1 to 32; more find more minima */
    const struct as_solvation_fit *from; /* of the same bands: where to start; NULL: the table */
} as_solvation_problem;

/* What the uncertainty of an area comes from, each added to those before it. */
typedef enum { AS_FROM_NOISE, AS_FROM_RESTRAINTS, AS_FROM_BACKGROUND } as_solvation_part;

/* Another minimum of the same problem, with the bands in order. */
typedef struct as_solvation_minimum {
    double *p;      /* n_columns */
    double weight;  /* share of the posterior probability, by the volume about each minimum */
} as_solvation_minimum;

typedef struct as_solvation_fit {
    as_model m;                /* term k is band k; the background is the last */
    as_ls_result r;            /* columns of the model, then the factors of the hosts; absolute */
    size_t n_columns;          /* of all */
    double *information;       /* n_columns^2: J'WJ and the restraints at the minimum */
    double *covariance;        /* its inverse: an area at its bound, 0, counts as free */
    int *part;                 /* as_solvation_part of each column */
    double *host_f;            /* n: the hosts' part of the curve */
    size_t n_others;           /* minima beside the lowest, those of weight above 1e-4 */
    as_solvation_minimum *other;
} as_solvation_fit;

/* AS_E_NUMERIC: no minimum within half of the uncertainties (r.offset is what is left), or the data do
 * not determine it. */
as_status as_solvation_solve(as_ctx *ctx, as_arena *a, const as_solvation_problem *p,
                             as_solvation_fit *out) AS_NODISCARD;

/* The value of a band's area, position or FWHM with its gradient over the columns. */
double as_solvation_quantity(const as_solvation_fit *f, size_t band, as_derived what, double *gradient);

/* The area of a band at the parameters p (n_columns). */
double as_solvation_area(const as_solvation_fit *f, size_t band, const double *p);

/* Variance of a function of the parameters were all columns beyond `part` known; NaN: singular. */
double as_solvation_variance(as_ctx *ctx, const as_solvation_fit *f, const double *gradient,
                             as_solvation_part part);

/* The 95 % interval of the share of the free state in bands first .. first + n (the first of them is free, the
 * others bound with the cross-section `ratio`): the shares of the highest likelihood that hold 95 % of it, and what
 * lies between them. It is integrated over all else (Berger, Liseo & Wolpert 1999, Stat. Sci. 14, 1,
 * doi:10.1214/ss/1009211804): by Laplace's approximation exp(-chi2/2) over the root of det(J'WJ + restraints) at
 * each share, and of that the part in which the bands are in order. Such an interval holds a bound, 0 or 1, which the
 * data do not speak against. *limit: the share is below it by 95 %. u: standard uncertainty, the step to begin with.
 * The estimate is within. NaN where nothing fits. */
as_status as_solvation_interval(as_ctx *ctx, const as_solvation_problem *p, const as_solvation_fit *f, size_t first,
                                size_t n, double ratio, double u, double *low, double *high,
                                double *limit) AS_NODISCARD;

/* Shares of the areas of a group (member[0 .. n), areas a), each area divided by its cross-section:
 * 1 of free, `ratio` of bound. gradient[i * n + k] = d share i / d area k; slope[i] = d share i / d ratio. */
void as_solvation_shares(size_t n, const double *a, const bool *bound, double ratio, double *share,
                         double *gradient, double *slope);

#endif
