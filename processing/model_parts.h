/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of models, shared by model_parse.c, model_bind.c and model_eval.c only. */
#ifndef AS_PROCESSING_MODEL_PARTS_H
#define AS_PROCESSING_MODEL_PARTS_H

#include "model.h"

enum { AS_MODEL_TERM_PARAMS = AS_EXPRESSION_PARAMS };

typedef struct as_model_work {
    bool *direct;                /* n_terms: kernels write straight into the Jacobian */
    bool *direct_column;         /* n_columns */
    double *line_f, *line_J;     /* stride, AS_SHAPE_PARAMS x stride */
    double *term_f, *term_J;     /* stride, AS_MODEL_TERM_PARAMS x stride */
    double *formula;
} as_model_work;

/* f, J of the whole model: the as_ls_model of a bound model. */
void as_model_evaluate(void *user, const double *p, double *f, double *J, size_t stride);
/* m->value from the params' own values (starts), ties followed. */
void as_model_values(as_model *m);

#endif
