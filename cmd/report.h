/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe as one page that stands alone: figures, plots to zoom into, tables, claims with their
 * verdicts, the pipeline, and where everything came from. Between verb_report.c and report_*.c.
 *
 * The page loads nothing: style, scripts and data lie in it, and its policy (CSP) names the hashes
 * of those scripts and of no other. It is well-formed XML as well as HTML 5. What can be
 * downloaded lies in data: links; plots read the data from the very links.
 */
#ifndef AS_CMD_REPORT_H
#define AS_CMD_REPORT_H

#include "recipe_run.h"

typedef struct as_report_part { /* a figure or a table */
    const as_product *product;
    const char *failed; /* why it could not be made; NULL */
    as_gather *all;     /* its tables; of a figure those it was drawn from */
    as_drawing drawing; /* figures only */
    bool simulated;
} as_report_part;

typedef struct as_report_sheet { /* a page of the recipe: several of its figures */
    const as_recipe_page *page;
    const char *failed;
    as_canvas *canvas;
    as_page size;
} as_report_sheet;

typedef struct as_report_warning {
    const char *text, *series; /* series: names, comma between */
} as_report_warning;

typedef struct as_report {
    as_kitchen *k;
    as_session *s; /* the kitchen's */
    const as_recipe *r;
    as_text source; /* of the recipe's file */
    as_report_part *figure, *table;
    as_report_sheet *sheet;
    as_answered *claim;
    size_t surprises;
    size_t n_warnings;
    as_report_warning *warning;
    bool simulated; /* some of the data are */
    FILE *to;
} as_report;

/* report_make.c: everything made, nothing written. With --keep-going what fails is shown as failed
 * and counted in *failed. */
as_status as_report_make(as_kitchen *k, as_report *out, size_t *failed) AS_NODISCARD;
bool as_table_is_simulated(const as_table *t);

/* report_page.c: the page to r->to. */
as_status as_report_page(as_report *r) AS_NODISCARD;

/* Its sections. */
void as_report_claims(as_report *r);
as_status as_report_figures(as_report *r) AS_NODISCARD;
as_status as_report_tables(as_report *r) AS_NODISCARD;
as_status as_report_graph(as_report *r) AS_NODISCARD;
as_status as_report_stages(as_report *r) AS_NODISCARD;
as_status as_report_origin(as_report *r) AS_NODISCARD;

/* A value with its uncertainty and unit, (5.81 ± 0.02) cm<sup>−1</sup>. */
void as_report_quantity(as_report *r, double v, double u, const as_unit *unit, as_bound bound);

/* --- report_html.c: pieces of a page ------------------------------------------------------------
 */

/* Text and attribute values: & < > " escaped; what XML forbids becomes U+FFFD. */
void as_html(FILE *to, const char *text);
/* Likewise, for prose and cells with numbers in them: their hyphens become minus signs, −0.087 and 1e−7. Not for
 * what is copied into programs: commands, files, data. */
void as_html_numbers(FILE *to, const char *text);
/* printf whose %s are escaped; of conversions only %s, %zu, %u and %%. */
void as_htmlf(FILE *to, const char *format, ...);
/* Labels in the markup of figures as HTML with sup, sub, i and b, and as text alone (not escaped).
 * NULL without memory. */
const char *as_label_html(as_arena *a, const char *label);
const char *as_label_plain(as_arena *a, const char *label);
/* A name as part of an id: letters, digits, '-' and '_' as they are, other bytes as .XX; in the
 * session's arena, "" without memory. */
const char *as_html_name(as_arena *a, const char *name);
/* "input-NAME" or "step-NAME": the id of what `from` names. */
const char *as_html_source(as_report *r, const char *name);
void as_html_base64(FILE *to, const void *data, size_t n);
/* 'sha256-...' of a script or style, as a policy names it. */
void as_html_hash(FILE *to, const char *content);
/* A JSON text inside a script element: < > & as \u00xx. */
void as_html_json(FILE *to, const char *json);
/* A link that saves bytes as `file`; id may be NULL. */
void as_html_download(FILE *to, const char *id, const char *file, const char *type,
                      const char *text, const void *data, size_t n);
/* "supported" as the name of a class: not-supported. */
const char *as_verdict_class(as_verdict v);

/* --- report_plot.c: the data of a figure ----------------------------------------------------- */

/* Links that save the tables of a part, as list items: one stream, or one for each series where they
 * do not share their columns. */
as_status as_report_links(as_report *r, const as_report_part *p, bool is_figure,
                          size_t *n_links) AS_NODISCARD;
/* What the page's script needs to plot them: a JSON text in the session's arena; NULL: they are no
 * curves. */
as_status as_report_plot(as_report *r, const as_report_part *p, size_t n_links,
                         const char **out) AS_NODISCARD;

#endif
