/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of least_squares.c, shared by its four files only. */
#ifndef AS_PROCESSING_LS_PARTS_H
#define AS_PROCESSING_LS_PARTS_H

#include "least_squares.h"

typedef struct ls_work {
    const as_ls_problem *problem;
    size_t stride;  /* rows of J: points to whole lanes, then restraints to whole lanes */
    size_t lanes;   /* of the points alone; with blocks as stride */
    size_t n_blocks, n_own, n_common; /* one block without parameters of its own where there are none */
    size_t width;   /* columns of J: n_own + n_common */
    size_t only[2]; /* first and count of that one block */
    const size_t *first, *count;
    struct ls_blocks *blocks; /* NULL: none */
    size_t n_points; /* data */
    size_t points;  /* data and restraints */
    size_t n_restraints;
    size_t n_free;  /* not fixed */
    bool unit_variance; /* Poisson: weights are absolute */
    int strategy;   /* 0: More's scaling of the damping, 1: Levenberg's */

    bool *frozen, *pressed; /* m */
    double *start;          /* m */
    double *p, *trial;      /* m */
    double *f, *f_trial, *r, *r_trial; /* stride; r is weighted */
    double *J, *J_trial;    /* stride x width, weighted; a factor of J takes the room of J_trial */
    double cost, cost_trial, floor;
    double *weight;         /* stride: 1/sigma, of restraints too; 0 in the padding */
    double *H, *gradient;   /* m x m (no blocks), m: J'J, J'r */
    double *diagonal;       /* m: of J'J */

    size_t n_active, *active; /* indices */
    size_t n_dead, dead; /* columns without any influence on the model; the first of them */
    bool by_qr;
    bool keep_normal; /* so near to the minimum that H of the point before serves */
    double *norm, *R, *G, *qr; /* of the active columns: norms, triangle, scaled J'J, Q'r */
    double *trust, *damping, *step, *whole, *column, *square; /* m x 4, stride, m (m + 2) */
    double *reflector;        /* stride */
    double offset;
    int n_iterations, n_evaluations;
} ls_work;

as_status ls_prepare(as_ctx *ctx, const as_ls_problem *problem, const double *p0, ls_work *w);
void ls_restart(ls_work *w, const double *p0);
/* f_trial, r_trial, cost_trial and, if asked, J_trial at p; cost_trial inf outside the domain. */
void ls_evaluate(ls_work *w, const double *p, bool jacobian);
void ls_normal(ls_work *w); /* H, gradient, floor from J and r */
void ls_normal_of_active(ls_work *w); /* H, gradient of the active columns only */
/* R of the active columns by Cholesky of H, scaled to unit norm, and that matrix in G. False where a
 * pivot falls below `least`: they are nearly dependent. */
bool ls_factor_normal(ls_work *w, double least);
/* Rows between the points set to zero. */
void ls_clear(const ls_work *w, double *column);
/* R and qr of the active columns by QR of J, scaled to unit norm. */
void ls_factor_qr(ls_work *w, const double *J, const double *r);

/* ls_blocks.c: the same with blocks. */
as_status ls_blocks_prepare(as_ctx *ctx, ls_work *w);
void ls_blocks_normal(ls_work *w); /* diagonal and gradient */
void ls_blocks_factor(ls_work *w, const double *J, const double *r);
void ls_blocks_step(ls_work *w, double lambda); /* after the factor, into w->step */
double ls_blocks_square(const ls_work *w);      /* |J step|^2, after the factor */
/* Covariances times `variance`; the condition and which parameter is the least determined. */
double ls_blocks_covariance(ls_work *w, double variance, double *covariance, size_t *worst);

as_status ls_result_new(as_ctx *ctx, as_arena *a, const as_ls_problem *problem,
                        as_ls_result *out);
void ls_finish(ls_work *w, as_ls_result *out);
as_status ls_fail(as_ctx *ctx, const ls_work *w, const as_ls_result *out);

#endif
