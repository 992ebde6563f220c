/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of a recipe: its figures side by side, each drawn anew for the page. */
#include <string.h>

#include "recipe_run.h"

static const as_product *figure_of(const as_recipe *r, const char *name)
{
    for (size_t i = 0; i < r->n_figures; i++)
        if (strcmp(r->figure[i].name, name) == 0) return &r->figure[i];
    return NULL; /* as_recipe_check has seen to it */
}

static as_status settings_of(as_kitchen *k, const as_recipe_page *p, as_page_settings *out)
{
    return as_settings_read(k->session.ctx, k->session.arena, as_page_params, p->n_options,
                            p->options, NULL, out);
}

/* A page depends on all that its figures depend on, and on its own options. */
static as_status outputs_of(as_kitchen *k, const as_recipe_page *p, as_outputs *out)
{
    as_session *s = &k->session;
    as_page_settings set;
    *out = (as_outputs){ p->name, p->n_formats, p->formats, NULL };
    if (!k->cache) return AS_OK;
    AS_TRY(settings_of(k, p, &set));
    const char **texts = AS_NEW_N(s->arena, const char *, p->n_panels + 2);
    as_key_text *part = AS_NEW_N(s->arena, as_key_text, p->n_panels);
    out->key = AS_NEW_N(s->arena, as_key_text, p->n_formats);
    if (!texts || !part || !out->key) return AS_ERR;
    for (size_t i = 0; i < p->n_panels; i++) {
        AS_TRY(as_product_key(k, figure_of(k->r, p->panel[i].name), "panel", part[i].hex));
        texts[i] = part[i].hex;
    }
    texts[p->n_panels] = as_settings_text(s->arena, as_page_params, &set);
    for (size_t i = 0; i < p->n_formats; i++) {
        texts[p->n_panels + 1] = p->formats[i];
        AS_TRY(as_cache_key(s, k->cache, p->n_panels + 2, texts, out->key[i].hex));
    }
    return AS_OK;
}

as_status as_draw_page(as_kitchen *k, const as_recipe_page *p, as_canvas **canvas, as_page *page)
{
    as_session *s = &k->session;
    as_page_settings set;
    as_panel *panel = AS_NEW_N(s->arena, as_panel, p->n_panels);
    if (!panel) return AS_ERR;
    AS_TRY(settings_of(k, p, &set));
    for (size_t i = 0; i < p->n_panels; i++) {
        const as_product *figure = figure_of(k->r, p->panel[i].name);
        as_gather *all;
        AS_TRY(as_gather_new(s, &all));
        AS_TRY(as_product_run(k, figure, figure->n_stages - 1, &all->sink));
        AS_TRY(as_drawing_read(k, figure, all, &panel[i]));
    }
    return as_page_compose(s, &set, p->n_panels, panel, canvas, page);
}

static as_status make(as_kitchen *k, const as_recipe_page *p)
{
    as_outputs o;
    as_canvas *canvas;
    as_page page;
    bool current;
    AS_TRY(outputs_of(k, p, &o));
    AS_TRY(as_outputs_current(k, &o, &current));
    if (current) return AS_OK;
    AS_TRY(as_draw_page(k, p, &canvas, &page));
    AS_TRY(as_canvas_outputs(k, &o, canvas, &page));
    return as_outputs_note(k, &o);
}

as_status as_make_page(as_kitchen *k, const as_recipe_page *p)
{
    const as_frame frame = as_enter(k->session.ctx);
    const as_status status = make(k, p);
    as_leave(k->session.ctx, frame);
    if (status == AS_OK) return AS_OK;
    return as_while(k->session.ctx, "making the page '%s' (%s:%u)", p->name, p->where.file,
                    p->where.line);
}
