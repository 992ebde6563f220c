/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-regions: photoelectron regions, a panel each, since they lie far apart; the levels or samples
 * of a region share its panel.
 */
#include <math.h>
#include <string.h>

#include "layout.h"

typedef struct {
    as_look look;
} regions_settings;

static const as_param params[] = { AS_LOOK_PARAMS(regions_settings), AS_PARAMS_END };

enum { REGIONS_MAX = 24, NAMED_MOST = 4 }; /* of more curves the legend names the first and the last */

/* The region of a series, "C 1s"; "" without one: they share a panel. */
static const char *region_of(const as_table *t)
{
    const as_meta *m = as_get_meta(t, "region");
    return m && m->text ? as_region_plain(m->text) : "";
}

/* The regions as they first appear; how many, REGIONS_MAX at most. */
static size_t regions(size_t n, const as_table *const *tables, const char *out[REGIONS_MAX])
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < found && strcmp(out[k], region_of(tables[i])) != 0) k++;
        if (k == found && found < REGIONS_MAX) out[found++] = region_of(tables[i]);
    }
    return found;
}

typedef struct panel {
    const char *region;
    size_t n;
    as_series *s;
} panel;

/* Levels in the order of a map's colours, since the legend names the ends alone. */
static as_brush brush(const as_view *v, const panel *p, size_t i)
{
    as_brush b = as_brush_line(v, i, p->n);
    const double f = p->n > 1 ? (double)i / (double)(p->n - 1) : 0;
    if (p->n > NAMED_MOST && v->look->colours.n == 0)
        b.line = as_map_colour((as_palette)v->look->palette, v->style.dark ? 0.15 + 0.85 * f : 0.9 * f);
    return b;
}

static as_status content(as_view *v, void *data)
{
    const panel *p = data;
    for (size_t i = 0; i < p->n; i++) {
        const as_series *s = &p->s[i];
        AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->y, brush(v, p, i)));
        if (s->baseline) AS_TRY(as_view_curve(v, AS_SIDE_Y, s->n, s->x, s->baseline, as_brush_baseline(v)));
    }
    return AS_OK;
}

/* Where the curves stand by another name than the region's, a sample's, the axis has it. */
static as_status name_region(as_view *v, const panel *p)
{
    const bool told = v->look->x_label && *v->look->x_label;
    if (told || !*p->region || strstr(p->s[0].label, p->region)) return AS_OK;
    v->x.name = as_format(as_scratch(v->ctx), "%s, %s", v->x.name, p->region);
    return v->x.name ? AS_OK : AS_ERR;
}

static as_status draw_panel(as_view *v, panel *p)
{
    AS_TRY(as_view_spans(v, p->n, p->s, 0, 0.08));
    AS_TRY(name_region(v, p));
    for (size_t i = 0; i < p->n; i++)
        if (p->n <= NAMED_MOST || i == 0 || i + 1 == p->n)
            AS_TRY(as_view_entry(v, p->s[i].label, brush(v, p, i), false));
    return as_view_draw(v, content, p);
}

static size_t columns_of(size_t n)
{
    return n < 2 ? 1 : n < 7 ? 2 : 3;
}

static as_status draw(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c)
{
    const regions_settings *set = settings;
    const char *region[REGIONS_MAX];
    as_view *v = AS_NEW(as_scratch(ctx), as_view);
    as_series *all;
    if (!v) return AS_ERR;
    AS_TRY(as_series_of(ctx, &set->look, n, tables, &all));
    const size_t found = regions(n, tables, region), columns = columns_of(found);
    const size_t rows = (found + columns - 1) / columns;
    panel p = { .s = AS_NEW_N(as_scratch(ctx), as_series, n) };
    if (!p.s) return AS_ERR;
    for (size_t k = 0; k < found; k++) {
        p.n = 0;
        p.region = region[k];
        for (size_t i = 0; i < n; i++)
            if (strcmp(region_of(tables[i]), region[k]) == 0) p.s[p.n++] = all[i];
        AS_TRY(as_view_open(ctx, &set->look, c, n, tables, v));
        v->bare = k > 0;
        v->outer.w /= (double)columns;
        v->outer.h /= (double)rows;
        v->outer.x = v->outer.w * (double)(k % columns);
        v->outer.y = v->outer.h * (double)(k / columns);
        AS_TRY(draw_panel(v, &p));
    }
    if (found == REGIONS_MAX) as_warn(ctx, NULL, NULL, "%d regions have a panel, no more", REGIONS_MAX);
    return AS_OK;
}

static double height(const void *settings, size_t n, const as_table *const *tables)
{
    const char *region[REGIONS_MAX];
    const size_t found = regions(n, tables, region), columns = columns_of(found);
    (void)settings;
    return (columns == 1 ? 0.7 : columns == 2 ? 0.42 : 0.34) * (double)((found + columns - 1) / columns);
}

/* Two regions or more, of photoelectrons. */
static bool suits(size_t n, const as_table *const *tables)
{
    const char *region[REGIONS_MAX];
    for (size_t i = 0; i < n; i++)
        if (!tables[i]->technique || strcmp(tables[i]->technique, "xps") != 0 || !*region_of(tables[i])) return false;
    return regions(n, tables, region) > 1;
}

static const as_example examples[] = {
    { "every region of a file", "assay plot-regions tests/corpus/xps/regions.vms -o regions.svg" }, { 0 }
};
static const char *const references[] = { NULL };
static const char *const see_also[] = { "plot-lines", "plot-fit", NULL };
static const char *const techniques[] = { NULL };

const as_figure as_figure_plot_regions = {
    .name = "plot-regions",
    .techniques = techniques,
    .suits = suits,
    .settings_size = sizeof(regions_settings),
    .params = params,
    .draw = draw,
    .height = height,
    .doc = { .summary = "draw photoelectron regions, a panel each",
             .description = "Series are put together by their metadata `region`; of more than four in a panel "
                            "the legend names the first and the last.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
