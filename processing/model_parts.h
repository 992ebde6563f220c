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
    bool cumulative;             /* there is a Shirley term */
    double *sum, *integral;      /* of the peaks, stride each, where there is */
} as_model_work;

/* A parameter that is an expression of others (model_rule.c). */
typedef struct as_model_rule {
    as_expression expression;
    int of[AS_EXPRESSION_PARAMS];       /* parameters of the model */
    const char *name[AS_EXPRESSION_PARAMS];
    double slope[AS_EXPRESSION_PARAMS]; /* at the last values */
    double *work;
} as_model_rule;

as_status as_model_rule_parse(as_ctx *ctx, as_arena *a, const as_model *m, const char *text,
                              size_t n, as_model_rule **rule) AS_NODISCARD;
/* AS_E_USAGE where an expression depends on another one, or a tie on an expression. */
as_status as_model_rules_check(as_ctx *ctx, const as_model *m) AS_NODISCARD;
/* Values of all expressions from the other values; NaN outside the parameter's domain. */
void as_model_rule_values(const as_model *m, double *value);
/* gradient[columns] += by * d value[param] / d column. */
void as_model_add_gradient(const as_model *m, size_t param, double by, double *gradient);
bool as_model_in_rule(const as_model *m, size_t param);

/* Shirley terms (model_shirley.c): the integral of g from the lowest x up, in the order of m->x. */
void as_model_integrate(const as_model *m, const double *g, double *integral);
/* loss times that of the peaks at any x, between the points by straight lines. */
void as_model_shirley_values(const as_model *m, double loss, size_t n, const double *x, double *f);
/* AS_E_NUMERIC unless x rises or falls all along. */
as_status as_model_shirley_check(as_ctx *ctx, const as_model *m) AS_NODISCARD;

/* f, J of the whole model: the as_ls_model of a bound model. */
void as_model_evaluate(void *user, const double *p, double *f, double *J, size_t stride);
/* m->value from the params' own values (starts), ties followed. */
void as_model_values(as_model *m);

#endif
