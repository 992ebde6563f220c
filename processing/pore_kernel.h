/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Isotherms of pores of single widths, a kernel, and the distribution of widths whose sum an isotherm is.
 *
 *   n(p) = sum over widths of k(p, w) v(w),  v >= 0
 *
 * (Seaton, Walton & Quirke 1989, Carbon 27, 853). The problem is ill-posed; the roughness of dV/d ln w, the
 * integral of its squared second derivative over ln w, can be held down.
 */
#ifndef AS_PROCESSING_PORE_KERNEL_H
#define AS_PROCESSING_PORE_KERNEL_H

#include "input.h"
#include "nnls.h"

typedef struct as_pore_kernel {
    size_t n_p, n_w;
    double *p;      /* n_p relative pressures, rising, above 0 */
    double *width;  /* n_w, nm, rising, above 0 */
    double *edge;   /* n_w + 1 bounds of the classes: halfway between widths */
    double *amount; /* n_p to a width, per volume of pores: amount[w * n_p + p] */
} as_pore_kernel;

/* A plain table: the first line has a word (or nothing) and the widths in nm, every other one a relative
 * pressure and the amounts. Separated by comma, semicolon, tab or blanks; lines that begin with # are
 * skipped; rows in any order, one at p = 0 is left out. AS_E_SYNTAX at the place that is wrong. */
as_status as_pore_kernel_read(as_ctx *ctx, as_arena *a, const as_input *in, as_pore_kernel *out) AS_NODISCARD;

/* Column-major n x n_w: the amounts at n pressures inside the kernel's, by PCHIP over ln p, times `factor`. */
as_status as_pore_kernel_at(as_ctx *ctx, const as_pore_kernel *k, size_t n, const double *p, double factor,
                            double *out) AS_NODISCARD;

typedef struct as_pore_inverse {
    const as_pore_kernel *kernel;
    size_t n, rows;   /* points; rows of the stacked problem */
    double *A, *b;    /* points first, then the penalty at the strength it was last solved with */
    double scale;     /* of the penalty: strength 1 makes its trace that of the data's */
    as_nnls nnls;
    double *volume;   /* n_w, cm3/g */
    double residual2; /* sum of squares over the points */
    double roughness2;/* the penalty without its strength */
    double effective; /* parameters spent on the points */
} as_pore_inverse;

/* data: n x n_w from as_pore_kernel_at; amounts: n. All in `a`. */
as_status as_pore_inverse_new(as_arena *a, const as_pore_kernel *k, size_t n, const double *data,
                              const double *amounts, as_pore_inverse *out) AS_NODISCARD;

/* The distribution at this strength of the penalty, 0: none. */
as_status as_pore_inverse_solve(as_ctx *ctx, as_pore_inverse *v, double strength) AS_NODISCARD;

/* That of other amounts (n) at the strength of the call before, beginning with its distribution. */
as_status as_pore_inverse_again(as_ctx *ctx, as_pore_inverse *v, const double *amounts) AS_NODISCARD;

typedef enum { AS_PORE_PLAIN, AS_PORE_GCV, AS_PORE_LCURVE, AS_PORE_GIVEN } as_pore_penalty;

/* Chooses among strengths from 1e-10 to 1e4, four to a decade, and solves there: the least n residual2 /
 * (n - effective)^2 (generalised cross validation: Golub, Heath & Wahba 1979,
 * doi:10.1080/00401706.1979.10489751), or the corner of ln roughness over ln residual (L-curve: Hansen 1992,
 * doi:10.1137/1034115), taken as the point furthest below the chord of its ends. at_end: an end of them. */
as_status as_pore_inverse_choose(as_ctx *ctx, as_pore_inverse *v, as_pore_penalty by, double *strength,
                                 bool *at_end) AS_NODISCARD;

/* The amounts that the distribution gives at the n points. */
void as_pore_inverse_fitted(const as_pore_inverse *v, double *out);

#endif
