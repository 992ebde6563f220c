/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe says what goes in, which pipelines run, and what comes out: figures,
 * tables and answered claims. A pipeline is in the very words of the command
 * line, so that it can be pasted from and to a shell:
 *
 *   steps:
 *     clean: {from: [pristine], pipe: "crop --x 4:25 | baseline-snip --window 1.5deg"}
 *
 * (docs/recipes.md shows a whole one.)
 * Names, options and the graph are checked before anything is opened; then only
 * the heads of the inputs are read, and roles, columns and units are checked
 * through the graph before any operation runs.
 */
#ifndef AS_CMD_RECIPE_H
#define AS_CMD_RECIPE_H

#include "claim.h"
#include "figure.h"
#include "op.h"
#include "parser.h"
#include "pipeline.h"
#include "words.h"
#include "yaml_tree.h"

typedef struct as_recipe_input {
    const char *name; /* becomes the name of its series: name.0, name.1 ... if several */
    const char *file; /* as it is to be opened: relative to the working directory */
    const char *label, *note, *folder; /* folder: as in as_product */
    as_word *read, *set; /* options of `read`; arguments of `set`: sample_length=20 mm */
    size_t n_read, n_set;
    bool each; /* the recipe is made once for each file that `file` matches */
    as_where where, file_where;
} as_recipe_input;

typedef struct as_name {
    const char *name;
    as_where where;
} as_name;

typedef struct as_product { /* a step, a figure or a table */
    const char *name,
        *folder;          /* of the file it stands in: files of its options are relative to it */
    as_name *from;        /* inputs and steps */
    const char **formats; /* figures: svg, pdf, png; tables: csv, ecsv */
    const char *size;     /* figures: nature-1col; NULL */
    const char *title;    /* figures and tables; NULL */
    as_name *uses;        /* inputs and steps that options name: --blank empty_pan */
    size_t n_from, n_formats, n_stages, n_uses;
    as_command *stage;
    as_where where;
    bool wanted; /* by a figure, a table, a claim, or a step that is */
} as_product;

typedef struct as_recipe_page { /* figures of the recipe, side by side */
    const char *name, *title;
    as_name *panel;
    as_word *options; /* those of `panels`, columns and size among them */
    const char **formats;
    size_t n_panels, n_options, n_formats;
    as_where where;
} as_recipe_page;

typedef struct as_recipe_claim {
    const char *says; /* in words */
    as_name *from;    /* the steps whose results it is about */
    as_text holds;    /* the expression that decides */
    as_expr *expr;
    as_text *report; /* further expressions to print */
    as_expr **report_expr;
    const char *stated, *note; /* what the publication says; NULL */
    size_t n_from, n_report;
    as_verdict expect; /* --verify fails when the answer is another one */
    as_where where;
} as_recipe_claim;

typedef struct as_recipe {
    const char *file, *folder, *title;
    const char *slug;        /* the file's name without folders and suffix */
    const char *absent;      /* what `needs:` names and is not there; NULL: nothing */
    as_variables about;      /* dotted keys */
    as_variables parameters; /* with the values in force */
    size_t n_inputs, n_steps, n_figures, n_pages, n_tables, n_claims;
    as_recipe_input *input;
    as_product *step, *figure, *table; /* after as_recipe_check: steps in an order that can run */
    as_recipe_page *page;
    as_recipe_claim *claim;
} as_recipe;

/* Everything lies in `a`. `set` replaces defaults of parameters; files that `include:` names are
 * opened. All that is wrong with the text is AS_E_USAGE with its position. */
as_status as_recipe_read(as_ctx *ctx, as_arena *a, const as_input *in, const as_variables *set,
                         as_recipe *out) AS_NODISCARD;

/* Names, verbs, options and the graph; nothing is opened. Steps are put in order. */
as_status as_recipe_check(as_session *s, as_recipe *r) AS_NODISCARD;

/* The files of an input: its name, or those that its pattern (* ? [) matches, in the order of their
 * names. AS_E_MISSING, at the place in the recipe, when there is none. */
as_status as_recipe_files(as_ctx *ctx, as_arena *a, const as_recipe_input *in, size_t *n,
                          as_word **out) AS_NODISCARD;

/* The keys of a recipe as a JSON schema (draft 2020-12) for editors. */
void as_recipe_schema(FILE *to);

#endif
