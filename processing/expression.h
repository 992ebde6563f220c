/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas that a person types: parsed once, evaluated over arrays with exact derivatives by
 * every parameter (forward differentiation, no differences).
 *
 *   numbers, + - * / ^ (or **), parentheses ( ) [ ], pi, and of one argument: exp ln log (natural)
 *   log10 sqrt sin cos tan asin acos atan sinh cosh tanh erf erfc abs
 *
 * -a^b is -(a^b), a^b^c is a^(b^c). A name that is no variable and no function is a parameter.
 */
#ifndef AS_PROCESSING_EXPRESSION_H
#define AS_PROCESSING_EXPRESSION_H

#include "arena.h"

enum { AS_EXPRESSION_PARAMS = 32 };

typedef struct as_expression {
    size_t n_params;
    const char *param[AS_EXPRESSION_PARAMS]; /* in the order of first appearance */
    const struct as_instruction *code;
    size_t n_code, depth; /* of the stack */
} as_expression;

/* `text[0 .. n)`; `at` is the place of its first byte (at->column from 1) for messages, NULL:
 * unknown. AS_E_USAGE at the spot when it is no formula. Lives in `a`. */
as_status as_expression_parse(as_ctx *ctx, as_arena *a, const char *text, size_t n,
                              const as_where *at, size_t n_variables,
                              const char *const *variables, as_expression *out) AS_NODISCARD;

/* Doubles of work that one evaluation needs. */
size_t as_expression_work(const as_expression *e);

/* f[i] and, unless J is NULL, J[k][i] = df[i]/dp[k] at n points; variable v at point i is
 * variables[v][i]. */
void as_expression_eval(const as_expression *e, size_t n, const double *const *variables,
                        const double *p, double *work, double *f, double *const *J);

#endif
