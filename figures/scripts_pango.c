/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scripts module: one label by pango, which shapes it, orders it and finds fonts for it. */
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "font.h"
#include "module.h"
#include "scripts.h"

/* Attributes of the bytes [from, to): a piece of one level and slant. */
static void dress(PangoAttrList *list, const as_glyph *g, double em, guint from, guint to)
{
    PangoAttribute *attribute[4];
    int n = 0;
    if (g->italic) attribute[n++] = pango_attr_style_new(PANGO_STYLE_ITALIC);
    if (g->bold) attribute[n++] = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
    if (g->level) {
        const double rise = g->level > 0 ? AS_SCRIPT_RAISE : -AS_SCRIPT_LOWER;
        attribute[n++] = pango_attr_scale_new(AS_SCRIPT_SCALE);
        attribute[n++] = pango_attr_rise_new((int)floor(rise * em * PANGO_SCALE + 0.5));
    }
    for (int i = 0; i < n; i++) {
        attribute[i]->start_index = from;
        attribute[i]->end_index = to;
        pango_attr_list_insert(list, attribute[i]);
    }
}

static bool alike(const as_glyph *a, const as_glyph *b)
{
    return a->level == b->level && a->italic == b->italic && a->bold == b->bold;
}

static void fill_layout(PangoLayout *layout, size_t n, const as_glyph *g, double em)
{
    char utf8[4 * AS_MARKUP_MAX];
    size_t bytes = 0;
    PangoAttrList *list = pango_attr_list_new();
    PangoFontDescription *font = pango_font_description_from_string(AS_FONT_FAMILY);
    pango_font_description_set_absolute_size(font, em * PANGO_SCALE);
    for (size_t i = 0, j; i < n; i = j) {
        const size_t from = bytes;
        for (j = i; j < n && alike(&g[i], &g[j]); j++) bytes += as_utf8_put(g[j].code, utf8 + bytes);
        dress(list, &g[i], em, (guint)from, (guint)bytes);
    }
    pango_layout_set_font_description(layout, font);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_attributes(layout, list);
    pango_layout_set_text(layout, utf8, (int)bytes);
    pango_font_description_free(font);
    pango_attr_list_unref(list);
}

/* Glyphs and places as they are in the font, whatever this desktop likes. */
static PangoLayout *layout_new(PangoContext *context, size_t n, const as_glyph *g, double em)
{
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, o);
    cairo_font_options_destroy(o);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en"));
    PangoLayout *layout = pango_layout_new(context);
    fill_layout(layout, n, g, em);
    return layout;
}

static void note_missing(PangoLayoutLine *line, as_drawn *d)
{
    for (GSList *run = line->runs; run; run = run->next) {
        const PangoGlyphString *s = ((PangoGlyphItem *)run->data)->glyphs;
        for (int i = 0; i < s->num_glyphs; i++)
            if (s->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG && s->glyphs[i].glyph != PANGO_GLYPH_EMPTY)
                as_drawn_missing(d, s->glyphs[i].glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
    }
}

static bool show(void *cairo, size_t n, const as_glyph *g, double em, double room, double h, as_drawn *d)
{
    cairo_t *cr = cairo;
    PangoContext *context = pango_cairo_create_context(cr);
    PangoLayout *layout = layout_new(context, n, g, em);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    const double own = (double)logical.width / PANGO_SCALE, squeeze = own > room && own > 0 ? room / own : 1;
    note_missing(line, d);
    cairo_save(cr);
    cairo_translate(cr, -h * own * squeeze, 0);
    cairo_scale(cr, squeeze, 1);
    cairo_move_to(cr, 0, 0);
    pango_cairo_show_layout_line(cr, line);
    cairo_restore(cr);
    g_object_unref(layout);
    g_object_unref(context);
    return true;
}

static bool look(size_t n, const as_glyph *g, as_drawn *d)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    PangoLayout *layout = layout_new(context, n, g, 10);
    note_missing(pango_layout_get_line_readonly(layout, 0), d);
    g_object_unref(layout);
    g_object_unref(context);
    return true;
}

AS_MODULE_EXPORT const as_scripts as_module_scripts = { .show = show, .look = look };
