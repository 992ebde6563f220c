/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model of a curve: a sum of named terms (shapes, formulas) whose parameters are free, fixed,
 * bounded, restrained or tied to others; from text, or built by the caller. It is the bridge
 * between shapes (shape.h) and the engine (least_squares.h).
 *
 *     as_model_parse(ctx, a, text, NULL, &m);              the language of docs/models.md
 *     as_model_bind(ctx, a, &m, n, x);                     to these points
 *     as_model_guess(ctx, &m, y);                          what the text left open
 *     as_model_problem(ctx, a, &m, &q); q.y = y; q.sigma = s;
 *     as_least_squares(ctx, a, &q, m.start, &r);
 *     as_model_take(&m, &r);
 *     as_model_quantity(&m, 0, AS_OF_AREA, gradient);      and as_propagate with r.covariance
 */
#ifndef AS_PROCESSING_MODEL_H
#define AS_PROCESSING_MODEL_H

#include "expression.h"
#include "least_squares.h"
#include "shape.h"

enum { AS_NO_COLUMN = -1 };

typedef struct as_model_param {
    const char *name;
    const char *unit; /* "x", "y", "x*y", "1", "y/x"; "": y/x^k, or not known (formulas) */
    double value, u;  /* value NaN: still open */
    double lo, hi;
    double restraint, restraint_u; /* NaN: none */
    bool fixed, given;             /* given: its start comes from the text */
    int tie;                       /* index of the parameter it follows: factor * that + offset */
    const char *tie_name;          /* what the text called it; NULL: not from text */
    double factor, offset;
    struct as_model_rule *rule; /* an expression of other parameters; NULL: none */
    int column; /* of the fit: its own or that of the root it is tied to; AS_NO_COLUMN: fixed */
    bool at_bound;
} as_model_param;

typedef struct as_model_term {
    const char *label;
    const as_shape *shape;        /* NULL: a formula */
    const as_expression *formula;
    size_t first, n_params;       /* in the model's params; those of the shape come first */
    bool converted;               /* the amplitude is area where the shape has height, or height
                                     where it has area */
    int split, ratio;             /* indices of a doublet's parameters; AS_NO_COLUMN: none */
    double q[4];                  /* constants of backgrounds (shapes_background.c) */
    bool origin_given, named;     /* named: the label comes from the text */
} as_model_term;

typedef struct as_model {
    size_t n_terms, n_params;
    as_model_term *term;
    as_model_param *param;
    /* K alpha 2 beside every peak: wavelengths and intensity ratio; ratio 0: none. x is then
     * two theta in degrees; height, area and position are those of K alpha 1. */
    double alpha1, alpha2, alpha2_ratio;

    /* after as_model_bind */
    size_t n, stride;
    double *x;        /* stride entries, the last repeated */
    size_t n_columns; /* free parameters */
    size_t *root;     /* n_columns: the parameter each column is */
    double *start;    /* n_columns */
    struct as_model_work *work;
    double *value;    /* n_params: all values at the parameters of the last evaluation */
} as_model;

/* AS_E_USAGE at the spot (`at`: the place of the first byte; NULL: the text itself is shown). */
as_status as_model_parse(as_ctx *ctx, as_arena *a, const char *text, const as_where *at,
                         as_model *out) AS_NODISCARD;

/* An expression with TERM.NAME in it, as one with fitted_0, fitted_1 ... for expression.h. */
typedef struct as_model_names_out {
    char *plain;
    size_t length, n;
    const as_model_term *term[AS_EXPRESSION_PARAMS];
    const char *name[AS_EXPRESSION_PARAMS];
} as_model_names_out;
as_status as_model_names(as_ctx *ctx, as_arena *a, const as_model *m, const char *text, size_t n,
                         as_model_names_out *out) AS_NODISCARD;
/* of[k]: which name parameter k of the parsed expression is. AS_E_USAGE: none. */
as_status as_model_names_match(as_ctx *ctx, const as_model_names_out *names,
                               const as_expression *e, const char *text,
                               size_t *of) AS_NODISCARD;

/* To n points x (not necessarily sorted). Resolves ties; AS_E_USAGE on a circle of ties. */
as_status as_model_bind(as_ctx *ctx, as_arena *a, as_model *m, size_t n,
                        const double *x) AS_NODISCARD;

/* Starts of all that is open, from y at the points bound. AS_E_USAGE when a formula's
 * parameter has no start: it cannot be guessed. */
as_status as_model_guess(as_ctx *ctx, as_model *m, const double *y) AS_NODISCARD;

/* Everything of the problem but y, sigma, loss and options; m->start is filled. */
as_status as_model_problem(as_ctx *ctx, as_arena *a, as_model *m, as_ls_problem *q) AS_NODISCARD;

/* Values, uncertainties and flags of the fit into the params. */
void as_model_take(as_model *m, const as_ls_result *r);

/* f (stride entries) of one term at x (both stride entries, a multiple of AS_LANE). */
void as_model_term_values(const as_model *m, size_t term, size_t n, const double *x, double *f);

typedef enum { AS_OF_POSITION, AS_OF_HEIGHT, AS_OF_AREA, AS_OF_FWHM } as_derived;
/* A derived quantity of a peak and its gradient over the columns of the fit (n_columns). For a
 * doublet it is that of the first line. NaN: not defined. */
double as_model_quantity(const as_model *m, size_t term, as_derived what, double *gradient);
/* Gradient of a parameter's value over the columns. */
void as_model_param_gradient(const as_model *m, size_t param, double *gradient);

/* For callers that build models: the named parameter of a term, or -1. */
int as_model_find(const as_model *m, const char *label, const char *param);

#endif
