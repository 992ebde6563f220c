/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What solvation_fit.c and solvation_interval.c share: the least squares problem of restrained bands. */
#ifndef AS_PROCESSING_SOLVATION_PARTS_H
#define AS_PROCESSING_SOLVATION_PARTS_H

#include "random.h"
#include "solvation_fit.h"

typedef struct as_solvation_together {
    as_ls_problem q; /* of the model alone */
    const as_solvation_problem *p;
    const double *sum; /* by column: their sum is the value of the last point; NULL: no such point */
} as_solvation_together;

/* The problem of all columns, those of the model m, then the factors of the hosts, and where to start (one for each
 * column). p and t must outlive q. */
as_status as_solvation_pose(as_ctx *ctx, as_arena *a, const as_solvation_problem *p, as_model *m,
                            as_solvation_together *t, as_ls_problem *q, double **start) AS_NODISCARD;

/* Where to start: positions and widths drawn from the restraints, bands in the order of the table, the rest as in
 * `from`. r NULL: all as in `from`. to: one for each column. */
void as_solvation_draw(as_random *r, const as_model *m, const as_solvation_problem *p, const as_ls_problem *q,
                       const double *from, double *to);

/* ln of the volume about a minimum of chi2 with restraints, but for a constant: less half of ln det(J'WJ +
 * restraints), Laplace's approximation, and of that the share in which each band lies on its side of the next, as in
 * the table: the states are defined by their order. NaN: singular. */
double as_solvation_ln_volume(as_ctx *ctx, const as_ls_problem *q, const as_solvation_problem *p, const as_model *m,
                              const double *at);

#endif
