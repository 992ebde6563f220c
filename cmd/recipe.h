/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe says what goes in, which pipelines run, and what comes out: figures,
 * tables and answered claims. A pipeline is in the very words of the command
 * line, so that it can be pasted from and to a shell:
 *
 *   steps:
 *     clean: {from: [pristine], pipe: "crop --x 4:25 | baseline-snip --window 1.5deg"}
 *
 * (DESIGN.md section 5 shows a whole one.)
 * Names, options and the graph are checked before anything is opened; then only
 * the heads of the inputs are read, and roles, columns and units are checked
 * through the graph before any operation runs.
 */
#ifndef AS_CMD_RECIPE_H
#define AS_CMD_RECIPE_H

#include <stdio.h>

#include "figure.h"
#include "op.h"
#include "parser.h"

typedef struct as_recipe_input {
    const char *name; /* becomes the name of its series: name.0, name.1 ... if several */
    const char *file, *label;
    as_word *read, *set; /* options of `read`, arguments of `set` */
    size_t n_read, n_set;
    as_where where;
} as_recipe_input;

typedef struct as_stage {
    const char *verb;
    const as_op *op;         /* one of these two, or neither: results, select */
    const as_figure *figure;
    void *settings;
    as_where where;          /* line and column in the recipe, for every later message */
} as_stage;

typedef struct as_product { /* a step, a figure or a table */
    const char *name;
    const char *const *from;    /* inputs and steps */
    const char *const *formats; /* figures and tables: svg, pdf, png; csv */
    const char *size;           /* figures: nature-1col */
    size_t n_from, n_formats, n_stages;
    as_stage *stage;
    as_where where;
} as_product;

typedef enum { AS_SUPPORTED, AS_NOT_SUPPORTED, AS_UNDECIDED } as_verdict;

typedef struct as_claim {
    const char *says;           /* in words */
    const char *from;           /* the step whose results it is about */
    const char *holds;          /* the expression that decides */
    const char *const *report;  /* further expressions to print */
    const char *stated;         /* what the publication says; NULL */
    size_t n_report;
    as_verdict expect;          /* --verify fails when the answer is another one */
    as_where where;
} as_claim;

typedef struct as_recipe {
    const char *title;
    size_t n_inputs, n_steps, n_figures, n_tables, n_claims;
    as_recipe_input *input;
    as_product *step, *figure, *table; /* steps in an order that can run */
    as_claim *claim;
} as_recipe;

as_status as_recipe_parse(as_ctx *ctx, as_arena *a, const as_input *in,
                          as_recipe *out) AS_NODISCARD;
as_status as_recipe_check(as_ctx *ctx, const as_recipe *r) AS_NODISCARD;
as_status as_recipe_run(as_ctx *ctx, const as_recipe *r, int threads) AS_NODISCARD;
as_status as_recipe_print_makefile(as_ctx *ctx, const as_recipe *r, FILE *to) AS_NODISCARD;

#endif
