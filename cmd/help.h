/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything people read about verbs, operations, figures and formats, from their descriptors. */
#ifndef AS_CMD_HELP_H
#define AS_CMD_HELP_H

#include "figure_options.h"
#include "verb.h"

/* One thing that has a page: built from whichever descriptor has the name. */
typedef struct as_page_of {
    const char *name, *kind; /* verb, operation, figure, format, exporter, topic */
    const char *group, *operands;
    const as_param *params;
    const as_doc *doc;
    const as_op *op; /* NULL unless an operation */
    const as_parser *parser;
} as_page_of;

struct as_exporter;
bool as_page_find(const char *name, as_page_of *out);
/* Of a format that is read too as_page_find gives the reader: this is the other. */
as_page_of as_exporter_page(const struct as_exporter *e);
/* Names of verbs, operations and figures that hold `word`, or else whose summaries do: "a, b, c", eight at
 * most and how many more. NULL: none, or no memory. */
const char *as_names_about(as_arena *a, const char *word);
/* One line for each operation of the group: false where there is no such group. */
bool as_group_page(const char *group, FILE *to);
/* Every name that may follow `assay`, in the session's arena. */
const char **as_all_names(as_arena *a, size_t *n);

as_status as_overview(as_session *s, FILE *to) AS_NODISCARD;
/* The page about `name`; of a format that is written too (xrdml) that of its exporter after it. */
as_status as_help(as_session *s, const char *name, FILE *to) AS_NODISCARD;
/* "--window WIDTH": the option with the kind of value it takes. */
const char *as_option_text(as_arena *a, const as_param *p);

/* Its help with choices, unit and default. */
const char *as_param_help(as_arena *a, const as_param *p);

/* What an operation needs, "role mask", and its text; NULL without memory. */
const char *as_demand_text(as_arena *a, const as_demand *d, const char **name);
/* "result position": what it gives; its text is g->help. */
const char *as_give_name(as_arena *a, const as_give *g);

/* draw.c. A figure into files, whose suffixes choose the back ends (none: SVG to stdout). */
as_status as_figure_write(as_session *s, const as_panel *p, const as_texts *files) AS_NODISCARD;
/* A canvas into files as above. */
as_status as_drawn_write(as_session *s, const as_canvas *canvas, const as_page *page,
                         const as_texts *files) AS_NODISCARD;
/* AS_E_USAGE where --output names a file that no back end writes. */
as_status as_check_suffixes(as_session *s) AS_NODISCARD;
/* Every option of every kind, each name once: enough to tell options from files. */
const as_param *as_all_figure_options(as_arena *a) AS_NODISCARD;
/* The kind that `plot` takes for these series; n may be 0. */
const as_figure *as_figure_for(size_t n, const as_table *const *tables);
as_status as_run_figure(as_session *s, const as_figure *figure, size_t n,
                        const as_word *words) AS_NODISCARD;

#endif
