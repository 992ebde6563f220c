/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pipeline as a picture: inputs on the left, steps in columns by how much is before them,
 * figures, tables and claims on the right. Each box leads to its part of the page.
 */
#include <string.h>

#include "report.h"

enum { LINES_MOST = 6, CHARACTERS_MOST = 26, GAP_X = 56, GAP_Y = 16, PAD = 9, LINE = 14 };

typedef struct node {
    const char *kind, *name, *href, *verdict; /* verdict: the class of a claim */
    const as_product *product;                /* NULL: an input or a claim */
    const as_recipe_claim *claim;
    size_t column, lines;
    double x, y, w, h;
    double wish; /* the mean height of what it comes from */
} node;

typedef struct graph {
    as_report *r;
    size_t n, n_columns;
    node *v;
    double w, h;
} graph;

static node *source(graph *g, const char *name)
{
    for (size_t i = 0; i < g->r->k->n; i++)
        if (strcmp(g->v[i].name, name) == 0) return &g->v[i];
    return NULL;
}

static size_t n_from(const node *v)
{
    return v->product ? v->product->n_from + v->product->n_uses : v->claim ? v->claim->n_from : 0;
}

static const char *from(const node *v, size_t i)
{
    if (v->claim) return v->claim->from[i].name;
    return i < v->product->n_from ? v->product->from[i].name
                                  : v->product->uses[i - v->product->n_from].name;
}

/* --- nodes ---------------------------------------------------------------------------------- */

static as_status add(graph *g, node v)
{
    as_arena *a = g->r->s->arena;
    v.href = v.claim ? as_format(a, "#%s", v.name)
                     : as_format(a, "#%s-%s", v.kind, as_html_name(a, v.name));
    g->v[g->n++] = v;
    return v.href ? AS_OK : AS_ERR;
}

/* Inputs and steps first, as the kitchen has them: `source` relies on it. */
static as_status add_all(graph *g)
{
    const as_recipe *r = g->r->r;
    const size_t n = r->n_inputs + r->n_steps + r->n_figures + r->n_tables + r->n_claims;
    g->v = AS_NEW_N(g->r->s->arena, node, n);
    if (!g->v) return AS_ERR;
    for (size_t i = 0; i < r->n_inputs; i++)
        AS_TRY(add(g, (node){ .kind = "input", .name = r->input[i].name }));
    for (size_t i = 0; i < r->n_steps; i++)
        AS_TRY(add(g, (node){ .kind = "step", .name = r->step[i].name, .product = &r->step[i] }));
    for (size_t i = 0; i < r->n_figures; i++)
        AS_TRY(add(g, (node){ .kind = "figure", .name = r->figure[i].name, .product = &r->figure[i] }));
    for (size_t i = 0; i < r->n_tables; i++)
        AS_TRY(add(g, (node){ .kind = "table", .name = r->table[i].name, .product = &r->table[i] }));
    for (size_t i = 0; i < r->n_claims; i++) {
        const char *name = as_format(g->r->s->arena, "claim-%zu", i + 1);
        if (!name) return AS_ERR;
        AS_TRY(add(g, (node){ .kind = "claim", .name = name, .claim = &r->claim[i],
                              .verdict = as_verdict_class(g->r->claim[i].answer.verdict) }));
    }
    return AS_OK;
}

/* --- places --------------------------------------------------------------------------------- */

/* A step stands right of all it comes from (the recipe's check put steps in such an order); what is
 * made of them stands in the last column. */
static void columns(graph *g)
{
    size_t last = 0;
    for (size_t i = 0; i < g->r->k->n; i++) {
        for (size_t f = 0; f < n_from(&g->v[i]); f++) {
            const node *s = source(g, from(&g->v[i], f));
            if (s && s->column + 1 > g->v[i].column) g->v[i].column = s->column + 1;
        }
        if (g->v[i].column > last) last = g->v[i].column;
    }
    for (size_t i = g->r->k->n; i < g->n; i++) g->v[i].column = last + 1;
    g->n_columns = last + 2;
}

static size_t shown(const char *text)
{
    const size_t n = strlen(text);
    return n < CHARACTERS_MOST ? n : CHARACTERS_MOST;
}

static void measure(node *v)
{
    const size_t n = v->product ? v->product->n_stages : 0;
    double w = 7.2 * (double)shown(v->claim ? "claim 99" : v->name);
    v->lines = v->claim ? 1 : n > LINES_MOST ? LINES_MOST : n;
    for (size_t i = 0; i < v->lines && v->product; i++) {
        const double stage = 6.1 * (double)shown(v->product->stage[i].word[0].text);
        if (stage > w) w = stage;
    }
    if (v->claim) w = 6.1 * 13;
    v->w = w + 2 * PAD;
    v->h = LINE * (double)(1 + v->lines) + PAD;
}

/* Those of one column, those whose sources are higher first. */
static void place_column(graph *g, size_t column, double x, double *width)
{
    double y = 0;
    *width = 0;
    for (size_t i = 0; i < g->n; i++) {
        node *v = &g->v[i];
        if (v->column != column) continue;
        if (v->w > *width) *width = v->w;
        v->wish = 0;
        v->y = -1;
        for (size_t f = 0; f < n_from(v); f++) {
            const node *s = source(g, from(v, f));
            if (s) v->wish += (s->y + s->h / 2) / (double)n_from(v);
        }
    }
    for (;;) {
        node *next = NULL;
        for (size_t i = 0; i < g->n; i++) {
            node *v = &g->v[i];
            if (v->column == column && v->y < 0 && (!next || v->wish < next->wish - 1e-9)) next = v;
        }
        if (!next) break;
        next->x = x;
        next->y = y;
        y += next->h + GAP_Y;
    }
    if (y - GAP_Y > g->h) g->h = y - GAP_Y;
}

/* Columns that are lower than the highest stand in its middle. */
static void centre(graph *g)
{
    for (size_t c = 0; c < g->n_columns; c++) {
        double low = 0;
        for (size_t i = 0; i < g->n; i++)
            if (g->v[i].column == c && g->v[i].y + g->v[i].h > low) low = g->v[i].y + g->v[i].h;
        for (size_t i = 0; i < g->n; i++)
            if (g->v[i].column == c) g->v[i].y += (g->h - low) / 2;
    }
}

static void place(graph *g)
{
    double x = 0;
    columns(g);
    for (size_t i = 0; i < g->n; i++) measure(&g->v[i]);
    for (size_t c = 0; c < g->n_columns; c++) {
        double width;
        place_column(g, c, x, &width);
        for (size_t i = 0; i < g->n; i++)
            if (g->v[i].column == c) g->v[i].w = width;
        x += width + GAP_X;
    }
    g->w = x - GAP_X;
    centre(g);
}

/* --- drawing -------------------------------------------------------------------------------- */

static void put_text(FILE *to, double x, double y, const char *class, const char *text)
{
    char cut[CHARACTERS_MOST + 4];
    fprintf(to, "<text x=\"%.1f\" y=\"%.1f\"%s%s%s>", x, y, class ? " class=\"" : "",
            class ? class : "", class ? "\"" : "");
    if (strlen(text) > CHARACTERS_MOST) {
        (void)snprintf(cut, sizeof cut, "%.*s…", CHARACTERS_MOST - 1, text);
        text = cut;
    }
    as_html(to, text);
    fputs("</text>", to);
}

static void put_edges(graph *g, const node *v)
{
    for (size_t f = 0; f < n_from(v); f++) {
        const node *s = source(g, from(v, f));
        if (!s) continue;
        const double x0 = s->x + s->w, y0 = s->y + s->h / 2, x1 = v->x, y1 = v->y + v->h / 2;
        const double bend = 0.5 * (x1 - x0);
        const bool uses = v->product && f >= v->product->n_from;
        fprintf(g->r->to, "<path%s d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n",
                uses ? " class=\"uses\"" : "", x0, y0, x0 + bend, y0, x1 - bend, y1, x1, y1);
    }
}

static void put_node(graph *g, size_t i)
{
    const node *v = &g->v[i];
    FILE *to = g->r->to;
    const char *name = v->name;
    if (v->claim) name = as_format(g->r->s->arena, "claim %s", v->name + strlen("claim-"));
    as_htmlf(to, "<a class=\"%s\" href=\"%s\">", v->kind, v->href);
    fprintf(to, "<rect%s%s%s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>",
            v->verdict ? " class=\"" : "", v->verdict ? v->verdict : "", v->verdict ? "\"" : "", v->x,
            v->y, v->w, v->h, strcmp(v->kind, "input") == 0 ? 0 : 5);
    put_text(to, v->x + PAD, v->y + LINE + 2, NULL, name ? name : "");
    if (v->claim)
        put_text(to, v->x + PAD, v->y + 2 * LINE + 1, "stage",
                 as_verdict_name(g->r->claim[v->claim - g->r->r->claim].answer.verdict));
    for (size_t l = 0; l < v->lines && v->product; l++) {
        const bool more = l + 1 == LINES_MOST && v->product->n_stages > LINES_MOST;
        put_text(to, v->x + PAD, v->y + LINE * (double)(l + 2) + 1, "stage",
                 more ? "…" : v->product->stage[l].word[0].text);
    }
    fputs("</a>\n", to);
}

as_status as_report_graph(as_report *r)
{
    graph g = { .r = r };
    AS_TRY(add_all(&g));
    if (g.n == 0) return AS_OK;
    place(&g);
    fprintf(r->to,
            "<div class=\"card graph\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of the "
            "pipeline\">\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"-2 -2 %.0f %.0f\" role=\"group\" aria-label=\"%zu inputs, %zu steps, %zu figures, "
            "%zu tables, %zu claims\">\n",
            g.w + 4, g.h + 4, g.w + 4, g.h + 4, r->r->n_inputs, r->r->n_steps, r->r->n_figures,
            r->r->n_tables, r->r->n_claims);
    for (size_t i = 0; i < g.n; i++) put_edges(&g, &g.v[i]);
    for (size_t i = 0; i < g.n; i++) put_node(&g, i);
    fputs("</svg>\n</div>\n", r->to);
    return AS_OK;
}
