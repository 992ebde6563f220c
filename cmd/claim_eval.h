/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluation of claims: between claim_lookup.c (results), claim_eval.c (numbers) and
 * claim_decide.c (verdicts) only. */
#ifndef AS_CMD_CLAIM_EVAL_H
#define AS_CMD_CLAIM_EVAL_H

#include "claim_expr.h"
#include "claim_value.h"
#include "normal.h"

typedef struct as_evaluator {
    as_ctx *ctx;
    as_arena *a;
    size_t n;
    const as_table *const *table;
    uint32_t **known; /* per table and result: 1 + its source */
    as_sources sources;
} as_evaluator;

typedef struct as_values { /* one number, or the members of a set */
    size_t n;
    as_value *v;
} as_values;

as_status as_expr_values(as_evaluator *ev, const as_expr *e, as_values *out) AS_NODISCARD;
/* The same where a difference is meant: 5 degC is 5 K there. */
as_status as_expr_difference(as_evaluator *ev, const as_expr *e, as_values *out) AS_NODISCARD;

/* claim_lookup.c: the results a path names. AS_E_MISSING says at which part of it. */
as_status as_lookup_quantity(as_evaluator *ev, const as_expr *e, as_values *out) AS_NODISCARD;

/* a + sign*b, with units and scales checked; messages point at `e`. */
as_status as_values_subtract(as_evaluator *ev, const as_expr *e, const as_value *a,
                             const as_value *b, double sign, as_value *out) AS_NODISCARD;
/* How many pairs the two arguments of `e` make; AS_E_USAGE when two sets do not pair up. */
as_status as_values_pair(as_evaluator *ev, const as_expr *e, const as_values *a, const as_values *b,
                         size_t *n) AS_NODISCARD;

const as_result *as_given_limit(const as_evaluator *ev, const as_expr *e, const as_value *x);
as_where as_expr_where(as_evaluator *ev, const as_expr *e);
const char *as_expr_text(as_evaluator *ev, const as_expr *e); /* never NULL */

#endif
