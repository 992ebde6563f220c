/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe at work: what its inputs and steps yield, and what is made of that. Between the
 * recipe_*.c files and verb_run.c.
 */
#ifndef AS_CMD_RECIPE_RUN_H
#define AS_CMD_RECIPE_RUN_H

#include "cache.h"
#include "page.h"
#include "recipe.h"

typedef struct as_shape as_shape; /* recipe_flow.c: what is known of a series before it is there */

typedef enum { AS_R_OPEN, AS_R_DONE, AS_R_FAILED } as_result_state;

/* What an input or a step yields: tables that everyone who needs them copies. */
typedef struct as_yield {
    const char *name;
    const as_recipe_input *input; /* one of these two */
    const as_product *step;
    as_result_state state; /* of the tables */
    as_gather *tables;
    /* How many products still read them, where that was counted: the last takes them. 0: keep. */
    size_t readers;
    bool rowless; /* nobody reads rows */
    char key[AS_SHA256_TEXT]; /* of everything they depend on; "": not known yet */
    const char *stamp; /* of an input's files when the key was taken from their bytes; NULL: from its tables */
    size_t n_shapes;
    as_shape *shape; /* NULL: not looked at yet */
} as_yield;

typedef struct as_kitchen {
    as_session session; /* first: a copy whose loader also knows the recipe's own names */
    as_session *outer;
    const as_recipe *r;
    size_t n;
    as_yield *yield;
    const char *out;           /* folder of this recipe's outputs, ending in '/' */
    as_variables given;        /* names of inputs and steps whose tables come from a file instead */
    const as_cache *cache;     /* NULL: none */
    size_t written, unchanged; /* files */
    size_t made, kept;         /* steps that ran, and that came from the cache */
    size_t skipped;            /* files of an input that could not be read, with --keep-going */
} as_kitchen;

/* The recipe of a file, checked, with these parameters (cmd/recipe_open.c). */
as_status as_recipe_open(as_session *s, const as_word *file, const as_variables *set,
                         as_recipe *r) AS_NODISCARD;
/* NAME=VALUE texts, given with --option; AS_E_USAGE. */
as_status as_variables_of(as_session *s, const char *option, const as_texts *set,
                          as_variables *out) AS_NODISCARD;

as_status as_kitchen_new(as_session *s, const as_recipe *r, const char *out, const as_cache *cache,
                         as_kitchen **result) AS_NODISCARD;

/* What is made of this recipe, and no more, is what `only` chooses: tables are kept no longer and
 * no wider than that needs (cmd/recipe_readers.c). */
void as_kitchen_count_readers(as_kitchen *k, const as_texts *only);
/* Is a figure, page, table or "claims" among what `only` names? With none, all are. */
bool as_chosen(const as_texts *only, const char *name);

/* File names in options stand against this folder from now on. */
as_status as_kitchen_enter(as_kitchen *k, const char *folder) AS_NODISCARD;

/* The tables of an input or step, made now unless they are there. */
as_status as_yield_get(as_kitchen *k, const char *name, as_yield **out) AS_NODISCARD;
/* Some tables of an input, the first at least, to see what it holds: of streams that only one product
 * reads no more than that is read. */
as_status as_yield_first(as_kitchen *k, as_yield *y, as_gather **out) AS_NODISCARD;
/* The input or step of that name; there is one. */
as_yield *as_yield_find(as_kitchen *k, const char *name);
bool as_yield_is_given(const as_kitchen *k, const char *name);

/* Inputs are read; then roles, columns, units, metadata and results are followed through all that
 * `p` is made from. AS_E_MISSING or AS_E_UNIT at the stage that cannot have what it needs. */
as_status as_product_flow(as_kitchen *k, const as_product *p) AS_NODISCARD;
as_status as_yield_shapes(as_kitchen *k, const char *name, as_yield **out) AS_NODISCARD;

/* The key of what `p` makes, with `extra` (the format of an output; NULL). */
as_status as_product_key(as_kitchen *k, const as_product *p, const char *extra,
                         char key[AS_SHA256_TEXT]) AS_NODISCARD;
/* Copies of what `from` names (for its last reader the tables themselves), in its order and numbered
 * anew, through the first n_stages stages. */
as_status as_product_run(as_kitchen *k, const as_product *p, size_t n_stages,
                         as_sink *to) AS_NODISCARD;
/* The tables that come out of them, to be looked at only: a yield's own (*lent: not to be dropped) where it has
 * more readers and nothing comes between, else new ones. */
as_status as_product_look(as_kitchen *k, const as_product *p, size_t n_stages, as_gather **out,
                          bool *lent) AS_NODISCARD;

typedef struct as_key_text { char hex[AS_SHA256_TEXT]; } as_key_text;
typedef struct as_outputs { /* files NAME.FORMAT of one product, and what each depends on */
    const char *name;
    size_t n;
    const char *const *formats;
    as_key_text *key; /* n; NULL without a cache */
} as_outputs;
as_status as_outputs_of(as_kitchen *k, const as_product *p, as_outputs *out) AS_NODISCARD;
/* Are all of them what would be made again? Then they are counted as unchanged. */
as_status as_outputs_current(as_kitchen *k, const as_outputs *o, bool *current) AS_NODISCARD;
/* After numeric failures nothing is noted: the next run must meet them again. */
as_status as_outputs_note(as_kitchen *k, const as_outputs *o) AS_NODISCARD;
as_status as_canvas_outputs(as_kitchen *k, const as_outputs *o, const as_canvas *canvas,
                            const as_page *page) AS_NODISCARD;
/* What the last stage of a figure says, for these tables. */
as_status as_drawing_read(as_kitchen *k, const as_product *p, const as_gather *all,
                          as_panel *out) AS_NODISCARD;
/* Option text of a stage with its defaults, where it is an operation, after its name (a figure's
 * words as they were typed), and the hashes of the files it names. */
as_status as_product_stage_text(as_kitchen *k, const as_product *p, size_t i, const char **text,
                                const char **hashes) AS_NODISCARD;

/* A figure drawn from the tables before its last stage; all but them lies in the session's arena. */
typedef struct as_drawing {
    as_panel panel;
    const char *text; /* option text of the settings */
    as_canvas *canvas;
    as_page page; /* with its provenance */
} as_drawing;
as_status as_draw_product(as_kitchen *k, const as_product *p, const as_gather *all,
                          as_drawing *out) AS_NODISCARD;
/* n tables as a stream, which lies in `a`. */
as_status as_tables_text(as_session *s, as_arena *a, size_t n, as_table *const *tables,
                         const char **text, size_t *size) AS_NODISCARD;

as_status as_make_figure(as_kitchen *k, const as_product *p) AS_NODISCARD;
/* The figures of a page drawn on one canvas, in the session's arena. */
as_status as_draw_page(as_kitchen *k, const as_recipe_page *p, as_canvas **canvas,
                       as_page *page) AS_NODISCARD;
as_status as_make_page(as_kitchen *k, const as_recipe_page *p) AS_NODISCARD;
as_status as_make_table(as_kitchen *k, const as_product *p) AS_NODISCARD;

/* A file of the outputs: written beside its place, moved there when it is whole and differs from
 * what lies there. */
as_status as_outfile_open(as_kitchen *k, const char *name, as_partial *out) AS_NODISCARD;
as_status as_outfile_close(as_kitchen *k, as_partial *f) AS_NODISCARD;

typedef struct as_answered {
    const as_recipe_claim *claim;
    bool failed; /* it could not be evaluated; `answer.because` says why */
    as_answer answer;
    size_t *n_reported; /* per report expression */
    as_reported **reported;
} as_answered;
/* One answer per claim of the recipe, in the session's arena; counted as below. */
as_status as_claims_evaluate(as_kitchen *k, as_answered **out, size_t *surprises,
                             size_t *failed) AS_NODISCARD;

/* Claims answered: text to `text`, claims.tsv, reported.tsv and claims.json among the outputs.
 * Those whose verdict is not the expected one are counted in *surprises. A claim that cannot be
 * evaluated is shown as an error and counted in *failed. */
as_status as_answer_claims(as_kitchen *k, FILE *text, size_t *surprises,
                           size_t *failed) AS_NODISCARD;

/* The table's formats from its stream, which has been written to `stream`; ecsv itself is kept only
 * if it is among them. */
as_status as_table_from_stream(as_kitchen *k, const as_product *p, as_partial *stream) AS_NODISCARD;

typedef struct as_order { /* what to make and from what */
    const as_texts *only; /* names of figures and tables, "claims"; none: all */
    as_variables given;
    const as_cache *cache;
    FILE *answers; /* where claims are answered in words; NULL: stdout */
    /* Of a recipe with `each`, which a cluster makes file by file: */
    const char *each;    /* make this file alone, its tables too; NULL: all */
    const char *parts;   /* its tables as streams, PARTS/FILE/TABLE.ecsv, instead; ends in '/' */
    const char *collect; /* make the tables of all files from such parts, and nothing else */
} as_order;

typedef struct as_tally {
    size_t failed;    /* products not made, claims not evaluated, files not read */
    as_code code;     /* of the first of them */
    size_t surprises; /* claims with another verdict than expected */
    size_t claims, written, unchanged, made, kept;
} as_tally;

/* The recipe with its input number `each` bound to one file; series without a label get the file's
 * `stem`. `out` may be `r`. */
as_status as_recipe_bind(as_session *s, const as_recipe *r, size_t each, const char *file,
                         const char *stem, as_recipe *out) AS_NODISCARD;

/* Make it, with outputs in the folder `out`, which ends in '/'. */
as_status as_recipe_make(as_session *s, const as_recipe *r, const char *out, const as_order *order,
                         as_tally *t) AS_NODISCARD;

/* Inputs are read, of an `each` the first file; then roles, columns, units and results are followed
 * through the whole recipe. Nothing runs. */
as_status as_recipe_flow(as_session *s, const as_recipe *r) AS_NODISCARD;
/* What would be made; with `explain` every option of every stage. */
as_status as_recipe_explain(as_session *s, const as_recipe *r, bool explain, FILE *to) AS_NODISCARD;
/* What the format of an input opens beside its files, which are read for it: nothing is said of what is
 * wrong with them. */
as_status as_recipe_beside(as_session *s, const as_recipe_input *in, size_t n, const as_word *files,
                           size_t *n_beside, const char ***out) AS_NODISCARD;
/* The same commands as a file for another program, with outputs below `out`. */
typedef enum { AS_L_NONE, AS_L_SHELL, AS_L_MAKE, AS_L_NINJA, AS_L_SNAKEMAKE } as_language;
as_status as_recipe_print(as_session *s, const as_recipe *r, const char *out, as_language language,
                          FILE *to) AS_NODISCARD;
/* The same for a recipe with `each`: one job a file, and one that collects the tables. */
as_status as_recipe_print_each(as_session *s, const as_recipe *r, const char *out,
                               as_language language, FILE *to) AS_NODISCARD;
/* make, ninja and Snakemake cannot write every name: AS_E_USAGE for one that they cannot. */
as_status as_plain_name(as_ctx *ctx, const char *name) AS_NODISCARD;
/* The number of the input with `each`; n_inputs: there is none. */
size_t as_recipe_each(const as_recipe *r);
/* The graph in the language of dot. */
as_status as_recipe_graph(as_session *s, const as_recipe *r, FILE *to) AS_NODISCARD;

#endif
