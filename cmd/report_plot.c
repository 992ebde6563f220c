/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of a figure on the page: what can be saved, and what a plot of it needs to know. The
 * numbers stand in the link alone; the script reads them from there.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinate.h"
#include "json.h"
#include "number.h"
#include "report.h"

enum { COLUMNS_MOST = 200 };

static const char *const stream_type = "text/plain;charset=utf-8";

/* --- links ---------------------------------------------------------------------------------- */

static const char *link_id(as_report *r, const as_report_part *p, size_t i)
{
    return as_format(r->s->arena, "data-%s-%zu", as_html_name(r->s->arena, p->product->name), i);
}

static void put_link(as_report *r, const char *id, const char *file, const char *what,
                     const char *text, size_t size)
{
    fputs("<li>", r->to);
    as_html_download(r->to, id, file, stream_type, what, text, size);
    fputs("</li>\n", r->to);
}

static as_status each_link(as_report *r, const as_report_part *p)
{
    for (size_t i = 0; i < p->all->n; i++) {
        const as_table *t = p->all->t[i];
        const char *text, *id = link_id(r, p, i);
        const char *file = as_format(r->s->arena, "%s-%s.ecsv", p->product->name, t->name);
        const char *what = as_format(r->s->arena, "Data of %s, ECSV", t->name);
        size_t size;
        AS_TRY(as_tables_text(r->s, as_scratch(r->s->ctx), 1, &p->all->t[i], &text, &size));
        if (!id || !file || !what) return AS_ERR;
        put_link(r, id, file, what, text, size);
    }
    return AS_OK;
}

as_status as_report_links(as_report *r, const as_report_part *p, bool is_figure, size_t *n_links)
{
    const char *text, *id = is_figure ? link_id(r, p, 0) : NULL;
    const char *file = as_format(r->s->arena, "%s%s.ecsv", p->product->name, is_figure ? "-data" : "");
    size_t size;
    if (!file) return AS_ERR;
    *n_links = 1;
    if (as_tables_text(r->s, as_scratch(r->s->ctx), p->all->n, p->all->t, &text, &size) == AS_OK) {
        put_link(r, id, file, is_figure ? "Data of the curves, ECSV" : "ECSV", text, size);
        return AS_OK;
    }
    const as_code code = as_pending(r->s->ctx);
    if (code == AS_E_NOMEM || code == AS_E_BUG) return AS_ERR;
    as_forget_error(r->s->ctx); /* the series do not share their columns */
    *n_links = p->all->n;
    return each_link(r, p);
}

/* --- the spec ------------------------------------------------------------------------------- */

/* The value of an option in the text of settings; "" when it is not there. */
static const char *option(as_report *r, const as_report_part *p, const char *name)
{
    const char *key = as_format(r->s->arena, "--%s ", name);
    const char *at = key ? strstr(p->drawing.text, key) : NULL;
    if (!at) return "";
    at += strlen(key);
    const char *value = as_strndup(r->s->arena, at, strcspn(at, " "));
    return value ? value : "";
}

static void text_pair(FILE *to, const char *key, const char *value)
{
    fprintf(to, "\"%s\":", key);
    as_json_text(to, value ? value : "");
}

static void column(as_report *r, FILE *to, const as_column *c)
{
    as_arena *a = r->s->arena;
    const char *label = as_column_label(r->s->ctx, c), *unit = as_unit_label(r->s->ctx, &c->unit);
    fputc('{', to);
    text_pair(to, "name", c->name);
    fputc(',', to);
    text_pair(to, "html", as_label_html(a, label));
    fputc(',', to);
    text_pair(to, "plain", as_label_plain(a, label));
    fputc(',', to);
    text_pair(to, "unit", as_label_plain(a, unit));
    fputc(',', to);
    text_pair(to, "unitHtml", as_label_html(a, unit));
    fputc(',', to);
    text_pair(to, "role", as_role_name(c->role));
    fprintf(to, ",\"text\":%s}", c->type == AS_TEXT ? "true" : "false");
}

static bool seen_before(const as_report_part *p, size_t table, size_t i)
{
    const char *name = p->all->t[table]->column[i]->name;
    for (size_t t = 0; t < table; t++)
        if (as_find_name(p->all->t[t], name)) return true;
    return false;
}

static void columns(as_report *r, FILE *to, const as_report_part *p)
{
    size_t n = 0;
    fputs(",\"columns\":[", to);
    for (size_t t = 0; t < p->all->n; t++)
        for (size_t i = 0; i < p->all->t[t]->n_columns; i++) {
            if (seen_before(p, t, i) || n == COLUMNS_MOST) continue;
            if (n++) fputc(',', to);
            column(r, to, p->all->t[t]->column[i]);
        }
    fputc(']', to);
}

static void names_of(FILE *to, const char *key, size_t n, const char *const *names)
{
    fprintf(to, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        if (i) fputc(',', to);
        as_json_text(to, names[i]);
    }
    fputc(']', to);
}

/* Columns drawn over y: what a fit or a baseline added, unless it has been taken off y. */
static void over(FILE *to, const as_table *t)
{
    const as_meta *processed = as_get_meta(t, "processed");
    const bool off = processed && processed->text && strstr(processed->text, "subtracted");
    const char *names[16];
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns && n < 16; i++) {
        const as_column *c = t->column[i];
        const bool drawn = c->role == AS_ROLE_MODEL ||
                           (c->role == AS_ROLE_BASELINE && !off) || c->role == AS_ROLE_COMPONENT;
        if (drawn && c->type == AS_F64) names[n++] = c->name;
    }
    names_of(to, "over", n, names);
}

/* The column of the right axis, by what its kind of figure takes. */
static void right(as_report *r, FILE *to, const as_report_part *p, const as_column *y)
{
    static const char *const usual[] = { "dta",        "heat_flow",       "dtg", "ion_current",
                                         "cumulative", "cumulative_volume", "coulombic_efficiency",
                                         "efficiency", "mass_change_per_kelvin", "mass_loss_per_kelvin",
                                         "mass_change_per_time", "mass_loss_per_time", NULL };
    const char *told = option(r, p, "right"), *kind = p->drawing.panel.kind->name;
    const as_table *t = p->all->t[0];
    const as_column *c = *told && strcmp(told, "auto") != 0 ? as_find_name(t, told) : NULL;
    const bool twin = strcmp(kind, "plot-thermogram") == 0 ||
                      strcmp(kind, "plot-distribution") == 0 || strcmp(kind, "plot-cycling") == 0;
    for (size_t i = 0; twin && !c && strcmp(told, "none") != 0 && usual[i]; i++)
        c = as_find_name(t, usual[i]);
    names_of(to, "right", twin && c && c != y && c->type == AS_F64, (const char *const[]){ c ? c->name : "" });
}

static as_status series(as_report *r, FILE *to, const as_report_part *p, size_t n_links, bool heat)
{
    as_coordinate along = { .key = NULL };
    const char *told = option(r, p, "along");
    const as_table *const *tables = (const as_table *const *)p->all->t;
    if (heat)
        AS_TRY(as_coordinate_of(r->s->ctx, *told ? told : "auto", p->all->n, tables, &along));
    fputs(",\"series\":[", to);
    uint32_t number = 0;
    for (size_t i = 0; i < p->all->n; i++) {
        const as_table *t = p->all->t[i];
        /* as the writer of a stream numbers them */
        number = i == 0 || n_links > 1 || t->number > number ? t->number : number + 1;
        fprintf(to, "%s{\"number\":%u,\"stream\":%zu,", i ? "," : "", number, n_links > 1 ? i : 0);
        text_pair(to, "html", as_label_html(r->s->arena, t->label ? t->label : t->name));
        if (heat) {
            fputs(",\"at\":", to);
            as_json_number(to, along.at ? along.at[i] : (double)i);
        }
        fputc('}', to);
    }
    fputc(']', to);
    if (!heat) return AS_OK;
    const char *unit = along.unit_label && *along.unit_label ? along.unit_label : NULL;
    const char *name = as_format(r->s->arena, unit ? "%s (%s)" : "%s",
                                 along.label ? along.label : "Series", unit);
    fputc(',', to);
    text_pair(to, "along", as_label_plain(r->s->arena, name));
    return AS_OK;
}

/* The part of x that the figure shows, as far as it was told in numbers. */
static void view(as_report *r, FILE *to, const as_report_part *p)
{
    const char *told = option(r, p, "x"), *colon = strchr(told, ':');
    double ends[2] = { NAN, NAN };
    if (!colon) return;
    const size_t n = (size_t)(colon - told), m = strlen(colon + 1);
    if (as_scan_number(told, n, '.', &ends[0]) != n) ends[0] = (double)NAN;
    if (as_scan_number(colon + 1, m, '.', &ends[1]) != m) ends[1] = (double)NAN;
    fputs(",\"view\":[", to);
    as_json_number(to, ends[0]);
    fputc(',', to);
    as_json_number(to, ends[1]);
    fputc(']', to);
}

static as_status spec(as_report *r, FILE *to, const as_report_part *p, size_t n_links)
{
    const as_table *t = p->all->t[0];
    const char *kind = p->drawing.panel.kind->name, *direction = option(r, p, "x-direction");
    const bool nyquist = strcmp(kind, "plot-nyquist") == 0 && as_find_name(t, "z_imag");
    const bool heat = strcmp(kind, "plot-heatmap") == 0;
    const as_column *x = nyquist ? as_find_name(t, "z_real") : as_find_role(t, AS_ROLE_X);
    const as_column *y = nyquist ? as_find_name(t, "z_imag") : as_find_role(t, AS_ROLE_Y);
    const bool down = strcmp(direction, "down") == 0 ||
                      (strcmp(direction, "up") != 0 && as_runs_down(x, t));
    const bool arrhenius = strcmp(kind, "plot-arrhenius") == 0;
    const char *title = p->product->title ? as_label_plain(r->s->arena, p->product->title)
                                          : p->product->name;
    fputc('{', to);
    text_pair(to, "title", title);
    fputc(',', to);
    text_pair(to, "x", x->name);
    fputc(',', to);
    text_pair(to, "y", y->name);
    fprintf(to, ",\"heat\":%s,\"reversed\":%s,\"equal\":%s", heat ? "true" : "false",
            down ? "true" : "false", nyquist ? "true" : "false");
    fprintf(to, ",\"logX\":%s,\"logY\":%s",
            strcmp(option(r, p, "x-scale"), "log") == 0 ? "true" : "false",
            arrhenius || strcmp(option(r, p, "y-scale"), "log") == 0 ? "true" : "false");
    names_of(to, "negate", nyquist, (const char *const[]){ "z_imag" });
    view(r, to, p);
    over(to, t);
    right(r, to, p, y);
    columns(r, to, p);
    fputs(",\"links\":[", to);
    for (size_t i = 0; i < n_links; i++) {
        if (i) fputc(',', to);
        as_json_text(to, link_id(r, p, i));
    }
    fputc(']', to);
    AS_TRY(series(r, to, p, n_links, heat));
    fputc('}', to);
    return AS_OK;
}

/* Curves: series of data whose x and y are numbers. */
static bool are_curves(const as_gather *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const as_table *t = all->t[i];
        const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
        if (t->kind != AS_KIND_DATA || !x || !y || x->type != AS_F64 || y->type != AS_F64)
            return false;
    }
    return all->n > 0;
}

as_status as_report_plot(as_report *r, const as_report_part *p, size_t n_links, const char **out)
{
    char *text = NULL;
    size_t size = 0;
    *out = NULL;
    if (!are_curves(p->all)) return AS_OK;
    FILE *to = open_memstream(&text, &size);
    if (!to) return as_fail(r->s->ctx, AS_E_NOMEM, NULL, "no memory for a report");
    as_status status = spec(r, to, p, n_links);
    if (fclose(to) != 0) status = AS_ERR;
    if (status == AS_OK && !(*out = as_strndup(r->s->arena, text, size))) status = AS_ERR;
    free(text);
    return status;
}
