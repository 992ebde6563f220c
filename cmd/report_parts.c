/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures and tables on the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "render.h"
#include "series.h"
#include "report.h"

enum { ROWS_SHOWN = 500 };

/* --- figures -------------------------------------------------------------------------------- */

/* An SVG file as an element of the page: no XML declaration, no metadata (the file to be saved has
 * them), a role and a name for readers that see nothing, and ids of its own. */
static void put_svg(FILE *to, const char *svg, const char *prefix, const char *title)
{
    const char *at = strstr(svg, "<svg ");
    if (!at) return;
    as_htmlf(to, "<svg role=\"img\" aria-label=\"%s\" ", title);
    for (at += 5; *at; at++) {
        if (strncmp(at, "<metadata>", 10) == 0) {
            const char *end = strstr(at, "</metadata>");
            if (!end) return;
            at = end + 10;
            continue;
        }
        fputc(*at, to);
        const bool name = strncmp(at, "\"", 1) == 0 && strncmp(at - 4, " id=", 4) == 0;
        const bool use = (at[0] == '(' && at[1] == '#' && strncmp(at - 3, "url", 3) == 0) ||
                         (at[0] == '"' && at[1] == '#' && strncmp(at - 5, "href=", 5) == 0);
        if (use) fputc(*++at, to);
        if (name || use) fputs(prefix, to);
    }
}

static as_status svg_text(as_report *r, const as_canvas *canvas, const as_page *page, char **text,
                          size_t *size)
{
    FILE *to = open_memstream(text, size);
    if (!to) return as_fail(r->s->ctx, AS_E_NOMEM, NULL, "no memory for a figure");
    const as_status status = as_canvas_write(r->s->ctx, canvas, page, "svg", to);
    return fclose(to) == 0 ? status : AS_ERR;
}

static const char *title_of(as_report *r, const as_report_part *p)
{
    const char *plain = p->product->title ? as_label_plain(r->s->arena, p->product->title) : NULL;
    return plain ? plain : p->product->name;
}

static void chips(as_report *r, const as_report_part *p)
{
    if (p->simulated)
        fputs(" <span class=\"chip simulated\">simulated data</span>", r->to);
}

static void head(as_report *r, const as_report_part *p, const char *what)
{
    const char *id = as_html_name(r->s->arena, p->product->name);
    as_htmlf(r->to, "id=\"%s-%s\">\n<h3>%s", what, id, p->product->name);
    chips(r, p);
    fputs("</h3>\n", r->to);
    const char *title = p->product->title ? as_label_html(r->s->arena, p->product->title) : NULL;
    if (title) fprintf(r->to, "<p>%s</p>\n", title);
    if (p->failed) as_htmlf(r->to, "<p class=\"warned\">Not made: %s</p>\n", p->failed);
}

static as_status figure_data(as_report *r, const as_report_part *p, const char *svg, size_t size)
{
    FILE *to = r->to;
    size_t n_links;
    const char *plot, *id = as_html_name(r->s->arena, p->product->name);
    const char *file = as_format(r->s->arena, "%s.svg", p->product->name);
    if (!file) return AS_ERR;
    fputs("<ul class=\"links\">\n<li>", to);
    as_html_download(to, NULL, file, "image/svg+xml", "Figure, SVG", svg, size);
    fputs("</li>\n", to);
    AS_TRY(as_report_links(r, p, true, &n_links));
    as_htmlf(to, "<li><a href=\"#how-figure-%s\">How it was made</a></li>\n</ul>\n</div>\n", id);
    AS_TRY(as_report_plot(r, p, n_links, &plot));
    if (!plot) return AS_OK;
    as_htmlf(to, "<div class=\"explore js-only\" data-plot=\"%s\">\n<script type=\"application/json\">", id);
    as_html_json(to, plot);
    fputs("</script>\n</div>\n", to);
    return AS_OK;
}

static as_status put_figure(as_report *r, const as_report_part *p)
{
    char *svg = NULL;
    size_t size = 0;
    const char *id = as_html_name(r->s->arena, p->product->name);
    const char *prefix = as_format(r->s->arena, "%s-", id);
    const bool broad = !p->failed && p->drawing.page.mm.w > 120;
    fprintf(r->to, "<figure class=\"card%s\" ", broad ? "" : " pair");
    head(r, p, "figure");
    if (p->failed) {
        fputs("</figure>\n", r->to);
        return AS_OK;
    }
    as_status status = prefix ? svg_text(r, p->drawing.canvas, &p->drawing.page, &svg, &size) : AS_ERR;
    if (status == AS_OK) {
        fprintf(r->to, "<div class=\"shown\">\n<div class=\"picture%s\">\n", broad ? " broad" : "");
        put_svg(r->to, svg, prefix, title_of(r, p));
        fputs("</div>\n", r->to);
        status = figure_data(r, p, svg, size);
    }
    free(svg);
    fputs("</figure>\n", r->to);
    return status;
}

/* Several figures on one page: as they are; what each shows is told at the figure itself. */
static as_status put_sheet(as_report *r, const as_report_sheet *p)
{
    char *svg = NULL;
    size_t size = 0;
    const char *name = p->page->name, *id = as_html_name(r->s->arena, name);
    const char *prefix = as_format(r->s->arena, "page-%s-", id);
    const char *file = as_format(r->s->arena, "%s.svg", name);
    const char *title = p->page->title ? as_label_plain(r->s->arena, p->page->title) : NULL;
    if (!prefix || !file) return AS_ERR;
    as_htmlf(r->to, "<figure class=\"card\" id=\"page-%s\">\n<h3>%s%s%s</h3>\n", id, name,
             title ? ": " : "", title);
    if (p->failed) {
        as_htmlf(r->to, "<p class=\"warned\">Not made: %s</p>\n</figure>\n", p->failed);
        return AS_OK;
    }
    const as_status status = svg_text(r, p->canvas, &p->size, &svg, &size);
    if (status == AS_OK) {
        fprintf(r->to, "<div class=\"picture%s\">\n", p->size.mm.w > 120 ? " broad" : "");
        put_svg(r->to, svg, prefix, title ? title : name);
        fputs("</div>\n<ul class=\"links\"><li>", r->to);
        as_html_download(r->to, NULL, file, "image/svg+xml", "Page, SVG", svg, size);
        fputs("</li></ul>\n</figure>\n", r->to);
    }
    free(svg);
    return status;
}

as_status as_report_figures(as_report *r)
{
    if (r->r->n_figures == 0) return AS_OK;
    fputs("<section id=\"figures\" aria-labelledby=\"figures-title\">\n<h2 "
          "id=\"figures-title\">Figures</h2>\n", r->to);
    for (size_t i = 0; i < r->r->n_pages; i++) AS_TRY(put_sheet(r, &r->sheet[i]));
    for (size_t i = 0; i < r->r->n_figures; i++) {
        const as_frame frame = as_enter(r->s->ctx);
        const as_status status = put_figure(r, &r->figure[i]);
        as_leave(r->s->ctx, frame);
        AS_TRY(status);
    }
    fputs("</section>\n", r->to);
    return AS_OK;
}

/* --- tables --------------------------------------------------------------------------------- */

static void number_cell(FILE *to, double v)
{
    char text[AS_NUMBER_MAX];
    as_write_number(v, text);
    fputs("<td class=\"n\">", to);
    as_html_numbers(to, isnan(v) ? "–" : text);
    fputs("</td>", to);
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0) return true;
    return false;
}

/* In results value, u, unit and bound stand in one cell, as one says them. */
static const char *const joined[] = { "value", "u", "unit", "bound", NULL };

static bool has_results(const as_table *t)
{
    for (size_t i = 0; joined[i]; i++)
        if (!as_find_name(t, joined[i])) return false;
    return as_find_name(t, "value")->type == AS_F64 && as_find_name(t, "u")->type == AS_F64 &&
           as_find_name(t, "unit")->type == AS_TEXT && as_find_name(t, "bound")->type == AS_TEXT;
}

static void column_head(as_report *r, const as_column *c)
{
    const char *label = as_column_label(r->s->ctx, c), *unit = as_unit_label(r->s->ctx, &c->unit);
    const char *name = as_label_html(r->s->arena, label);
    const char *in = c->type == AS_F64 && unit ? as_label_html(r->s->arena, unit) : "";
    fprintf(r->to, "<th scope=\"col\"%s>%s", c->type == AS_F64 ? " class=\"n\"" : "", name ? name : "");
    if (in && *in) fprintf(r->to, " (%s)", in);
    fputs("</th>", r->to);
}

static void table_head(as_report *r, const as_table *t, bool results)
{
    fputs("<thead><tr><th scope=\"col\">Series</th>", r->to);
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        if (results && strcmp(c->name, "value") == 0)
            fputs("<th scope=\"col\" class=\"n\">Value</th>", r->to);
        else if (!results || (!is_one_of(c->name, joined) && strcmp(c->name, "name") != 0))
            column_head(r, c);
    }
    fputs("</tr></thead>\n", r->to);
}

void as_report_quantity(as_report *r, double v, double u, const as_unit *unit, as_bound bound)
{
    as_arena *a = r->s->arena;
    if (isnan(v)) { /* a verdict, which the flag has, or what failed */
        fputs("–", r->to);
        return;
    }
    const char *text = as_quantity_text(a, v, u, unit->symbol, bound);
    const char *none = text ? strstr(text, " (no uncertainty)") : NULL; /* a table of them says it once */
    const size_t all = none ? (size_t)(none - text) : text ? strlen(text) : 0;
    const size_t n_unit = strcmp(unit->symbol, "1") == 0 ? 0 : strlen(unit->symbol);
    const char *value = text && all >= n_unit ? as_strndup(a, text, all - n_unit) : NULL;
    as_html_numbers(r->to, value ? value : "?");
    const char *label = n_unit ? as_label_html(a, as_unit_label(r->s->ctx, unit)) : "";
    if (value && label) fputs(label, r->to);
}

static void value_cell(as_report *r, double v, double u, const as_unit *unit, as_bound bound)
{
    fputs("<td class=\"n\">", r->to);
    as_report_quantity(r, v, u, unit, bound);
    fputs("</td>", r->to);
}

static void result_cell(as_report *r, const as_table *t, size_t row)
{
    const char *bound = as_find_name(t, "bound")->v.s[row], *unit = as_find_name(t, "unit")->v.s[row];
    const as_bound b = !bound || *bound == '=' ? AS_EQUAL : *bound == '<' ? AS_BELOW : AS_ABOVE;
    as_unit of;
    if (as_unit_parse(r->s->ctx, r->s->arena, unit ? unit : "1", &of) != AS_OK) of = AS_UNITLESS;
    value_cell(r, as_find_name(t, "value")->v.f[row], as_find_name(t, "u")->v.f[row], &of, b);
}

/* "weighted_mean_of_3,common_u" with blanks, for people. */
static void words_cell(as_report *r, const char *text)
{
    char *out = text ? as_alloc(r->s->arena, 2 * strlen(text) + 1, 1) : NULL;
    size_t n = 0;
    for (const char *c = text; out && *c; c++) {
        out[n++] = *c == '_' ? ' ' : *c;
        if ((*c == ',' || *c == ';') && c[1] && c[1] != ' ') out[n++] = ' ';
    }
    if (out) out[n] = '\0';
    as_htmlf(r->to, "<td>%s</td>", out ? out : "");
}

static void table_row(as_report *r, const as_table *t, size_t row, bool results)
{
    const char *label = as_label_html(r->s->arena, t->label ? t->label : t->name);
    fprintf(r->to, "<tr><td>%s</td>", label ? label : "?");
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        if (results && strcmp(c->name, "value") == 0)
            result_cell(r, t, row);
        else if (results && (is_one_of(c->name, joined) || strcmp(c->name, "name") == 0))
            continue;
        else if (results && (strcmp(c->name, "flag") == 0 || strcmp(c->name, "method") == 0))
            words_cell(r, c->v.s[row]);
        else if (c->type == AS_F64)
            number_cell(r->to, c->v.f[row]);
        else
            as_htmlf(r->to, "<td>%s</td>", c->v.s[row]);
    }
    fputs("</tr>\n", r->to);
}

/* The results of a table that has them apart from its rows, as `assay results` prints them. */
static void result_rows(as_report *r, const as_table *t, size_t *shown, size_t *left)
{
    const char *label = as_label_html(r->s->arena, t->label ? t->label : t->name);
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *v = &t->result[i];
        if (*shown == ROWS_SHOWN) {
            ++*left;
            continue;
        }
        ++*shown;
        fprintf(r->to, "<tr><td>%s</td>", label ? label : "?");
        as_htmlf(r->to, "<td>%s</td><td>%s</td>", v->item, v->quantity);
        value_cell(r, v->value, v->u, &v->unit, v->bound);
        words_cell(r, v->flag);
        words_cell(r, v->method);
        fputs("</tr>\n", r->to);
    }
}

static void results_head(FILE *to)
{
    fputs("<thead><tr><th scope=\"col\">Series</th><th scope=\"col\">Item</th><th "
          "scope=\"col\">Quantity</th><th scope=\"col\" class=\"n\">Value</th><th "
          "scope=\"col\">Flag</th><th scope=\"col\">Method</th></tr></thead>\n", to);
}

static bool is_list_of_results(const as_table *t)
{
    return t->kind == AS_KIND_RESULTS && t->n_columns == 0;
}

static bool same_columns(const as_table *a, const as_table *b)
{
    bool same = a->n_columns == b->n_columns;
    for (size_t i = 0; same && i < a->n_columns; i++)
        same = strcmp(a->column[i]->name, b->column[i]->name) == 0 &&
               strcmp(a->column[i]->unit.symbol, b->column[i]->unit.symbol) == 0;
    return same;
}

static void rows(as_report *r, const as_report_part *p)
{
    size_t shown = 0, left = 0;
    const as_table *before = NULL;
    as_htmlf(r->to, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table %s\"><table>\n",
             p->product->name);
    for (size_t i = 0; i < p->all->n; i++) {
        const as_table *t = p->all->t[i];
        const bool results = has_results(t);
        if (before && !same_columns(before, t)) fputs("</tbody></table>\n<table>\n", r->to);
        if (!before || !same_columns(before, t)) {
            if (is_list_of_results(t))
                results_head(r->to);
            else
                table_head(r, t, results);
            fputs("<tbody>\n", r->to);
        }
        before = t;
        if (is_list_of_results(t)) result_rows(r, t, &shown, &left);
        for (size_t row = 0; row < t->rows; row++) {
            if (shown < ROWS_SHOWN) {
                table_row(r, t, row, results);
                shown++;
            } else {
                left++;
            }
        }
    }
    fputs(before ? "</tbody></table></div>\n" : "<tbody><tr><td>empty</td></tr></tbody></table></div>\n",
          r->to);
    if (left) as_htmlf(r->to, "<p class=\"soft\">%zu more rows are in the file.</p>\n", left);
}

static as_status put_table(as_report *r, const as_report_part *p)
{
    size_t n_links;
    fputs("<article class=\"card\" ", r->to);
    head(r, p, "table");
    if (!p->failed) {
        rows(r, p);
        fputs("<ul class=\"links\">\n", r->to);
        AS_TRY(as_report_links(r, p, false, &n_links));
        as_htmlf(r->to, "<li><a href=\"#how-table-%s\">How it was made</a></li>\n</ul>\n",
                 as_html_name(r->s->arena, p->product->name));
    }
    fputs("</article>\n", r->to);
    return AS_OK;
}

as_status as_report_tables(as_report *r)
{
    if (r->r->n_tables == 0) return AS_OK;
    fputs("<section id=\"tables\" aria-labelledby=\"tables-title\">\n<h2 id=\"tables-title\">Tables</h2>\n"
          "<p class=\"soft\">Behind ± stands one standard uncertainty; the method says by which definition a value was "
          "found, the flag how far to trust it.</p>\n", r->to);
    for (size_t i = 0; i < r->r->n_tables; i++) {
        const as_frame frame = as_enter(r->s->ctx);
        const as_status status = put_table(r, &r->table[i]);
        as_leave(r->s->ctx, frame);
        AS_TRY(status);
    }
    fputs("</section>\n", r->to);
    return AS_OK;
}
