/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From named reflections of a cell to what is fitted: the rows about them, in groups that share a
 * background, and their neighbours of the same cell.
 */
#ifndef AS_PROCESSING_POWDER_SELECT_H
#define AS_PROCESSING_POWDER_SELECT_H

#include "crystal.h"
#include "powder_fit.h"

typedef struct as_powder_request {
    const as_cell *cell;
    size_t n_named;           /* 0: every reflection that the rows cover */
    const int (*named)[3];
    double window;            /* degrees on either side of a named reflection */
    int degree;               /* of the background of one window; one more for each that is joined */
    double lo, hi;            /* rows outside are left */
} as_powder_request;

typedef struct as_powder_family { /* one fitted peak */
    int hkl[3];               /* as it was named, else the first of those at this spacing */
    int multiplicity;         /* of all at this spacing */
    bool named;
    char others[64];          /* further reflections at the same spacing; "": none */
} as_powder_family;

/* Fills fit->n, x, y, sigma (rising x; rows with nan or mask left out), groups and peaks; all else
 * in `fit` (doublet, options) is the caller's and the doublet is read. family[k] belongs to
 * fit->peak[k]; row[i] is the row of the table that x[i] came from. Everything is in `arena`.
 * AS_E_USAGE: a reflection that the cell does not allow; AS_E_NUMERIC: one that the rows do not
 * cover, or that has fewer than 8 rows about it. */
as_status as_powder_select(as_ctx *ctx, as_arena *arena, const as_powder_request *request, size_t n,
                           const double *x, const double *y, const double *sigma,
                           const double *mask, as_powder_fit *fit, as_powder_family **family,
                           size_t **row) AS_NODISCARD;

#endif
