/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report shows, made in memory: figures drawn, tables filled, claims answered. */
#include <string.h>

#include "report.h"

bool as_table_is_simulated(const as_table *t)
{
    const as_meta *comment = as_get_meta(t, "comment"), *software = as_get_meta(t, "software");
    return as_get_meta(t, "simulated") ||
           (comment && comment->text && strncmp(comment->text, "simulated", 9) == 0) ||
           (software && software->text && strncmp(software->text, "assay simulate", 14) == 0);
}

/* --- warnings, each once, with the series that have it --------------------------------------- */

static as_status note_warning(as_report *r, const char *text, const char *series)
{
    as_arena *a = r->s->arena;
    for (size_t i = 0; i < r->n_warnings; i++) {
        as_report_warning *w = &r->warning[i];
        if (strcmp(w->text, text) != 0) continue;
        if (!strstr(w->series, series)) w->series = as_format(a, "%s, %s", w->series, series);
        return w->series ? AS_OK : AS_ERR;
    }
    as_report_warning *more = AS_NEW_N(a, as_report_warning, r->n_warnings + 1);
    if (!more) return AS_ERR;
    if (r->n_warnings) memcpy(more, r->warning, r->n_warnings * sizeof *more);
    r->warning = more;
    as_report_warning *w = &more[r->n_warnings++];
    *w = (as_report_warning){ as_strdup(a, text), as_strdup(a, series) };
    return w->text && w->series ? AS_OK : AS_ERR;
}

static as_status note_tables(as_report *r, const as_gather *all, bool *simulated)
{
    for (size_t i = 0; i < all->n; i++) {
        const as_table *t = all->t[i];
        *simulated |= as_table_is_simulated(t);
        for (size_t w = 0; w < t->n_warnings; w++)
            AS_TRY(note_warning(r, t->warning[w], t->name ? t->name : "?"));
    }
    r->simulated |= *simulated;
    return AS_OK;
}

/* --- parts ---------------------------------------------------------------------------------- */

static as_status make_part(as_report *r, as_report_part *p, bool is_figure)
{
    const as_product *product = p->product;
    AS_TRY(as_gather_new(r->s, &p->all));
    AS_TRY(as_product_run(r->k, product, product->n_stages - is_figure, &p->all->sink));
    if (is_figure) AS_TRY(as_draw_product(r->k, product, p->all, &p->drawing));
    return note_tables(r, p->all, &p->simulated);
}

/* With --keep-going a part that fails is shown as failed. */
static as_status survive(as_report *r, const char *what, const char *name, const as_where *where,
                         const char **message, size_t *failed)
{
    as_ctx *ctx = r->s->ctx;
    const as_code code = as_pending(ctx);
    if (!r->s->keep_going || code == AS_E_NOMEM || code == AS_E_BUG)
        return as_while(ctx, "making the %s '%s' (%s:%u)", what, name, where->file, where->line);
    *message = as_strdup(r->s->arena, as_pending_message(ctx));
    as_flush_error(ctx);
    ++*failed;
    return *message ? AS_OK : AS_ERR;
}

static as_status make_or_note(as_report *r, as_report_part *p, bool is_figure, size_t *failed)
{
    as_ctx *ctx = r->s->ctx;
    const as_frame frame = as_enter(ctx);
    const as_status status = make_part(r, p, is_figure);
    as_leave(ctx, frame);
    if (status == AS_OK) return AS_OK;
    return survive(r, is_figure ? "figure" : "table", p->product->name, &p->product->where,
                   &p->failed, failed);
}

static as_status make_parts(as_report *r, size_t n, const as_product *product, bool are_figures,
                            as_report_part **out, size_t *failed)
{
    as_report_part *p = *out = AS_NEW_N(r->s->arena, as_report_part, n);
    if (!p) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        p[i].product = &product[i];
        AS_TRY(make_or_note(r, &p[i], are_figures, failed));
    }
    return AS_OK;
}

static as_status make_sheets(as_report *r, size_t *failed)
{
    as_ctx *ctx = r->s->ctx;
    r->sheet = AS_NEW_N(r->s->arena, as_report_sheet, r->r->n_pages);
    if (!r->sheet) return AS_ERR;
    for (size_t i = 0; i < r->r->n_pages; i++) {
        as_report_sheet *sheet = &r->sheet[i];
        sheet->page = &r->r->page[i];
        const as_frame frame = as_enter(ctx);
        const as_status status = as_draw_page(r->k, sheet->page, &sheet->canvas, &sheet->size);
        as_leave(ctx, frame);
        if (status != AS_OK)
            AS_TRY(survive(r, "page", sheet->page->name, &sheet->page->where, &sheet->failed, failed));
    }
    return AS_OK;
}

as_status as_report_make(as_kitchen *k, as_report *out, size_t *failed)
{
    const as_recipe *r = k->r;
    const as_input *in;
    *out = (as_report){ .k = k, .s = &k->session, .r = r };
    k->session.folder = NULL;
    AS_TRY(as_input_open(k->session.ctx, r->file, &in));
    out->source = as_text_of(as_strndup(k->session.arena, (const char *)in->data, in->size));
    if (!out->source.s) return AS_ERR;
    AS_TRY(make_parts(out, r->n_figures, r->figure, true, &out->figure, failed));
    AS_TRY(make_sheets(out, failed));
    AS_TRY(make_parts(out, r->n_tables, r->table, false, &out->table, failed));
    return r->n_claims ? as_claims_evaluate(k, &out->claim, &out->surprises, failed) : AS_OK;
}
