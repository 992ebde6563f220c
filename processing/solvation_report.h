/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fit of solvation leaves in a table: areas, fractions with the parts of their uncertainty,
 * whether neighbouring states are separable, columns of the model. Shared by solvation.c and
 * solvation_report.c only.
 */
#ifndef AS_PROCESSING_SOLVATION_REPORT_H
#define AS_PROCESSING_SOLVATION_REPORT_H

#include "fit_job.h"
#include "solvation_fit.h"

/* One spectrum on its way. */
typedef struct as_solvation_job {
    as_run *run;
    as_table *t;
    as_fit_job points; /* curve and rows that count; its model is not used */
    as_solvation_band band[AS_SOLVATION_MOST_BANDS];
    as_solvation_problem p;
    as_solvation_fit fit, curved; /* the latter with a background of one degree more */
    bool known, has_curved;       /* sigma is the data's; the second fit converged */
    double ratio, ratio_u;        /* cross-section of coordinated over free */
    double per_salt, per_salt_u;  /* molecules of solvent for each cation; 0: not said */
    const as_tables *hosts;
    double *sigma;                /* p.n, of the fit */
    const char *how;              /* weights and kind of uncertainties */
} as_solvation_job;

/* Results, columns and warnings into j->t. */
as_status as_solvation_report(as_solvation_job *j) AS_NODISCARD;

#endif
