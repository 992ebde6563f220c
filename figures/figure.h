/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure kind lays tables out as a display list; back ends (PNG, SVG, PDF)
 * draw display lists and know nothing of tables. One kind = one file + one line
 * in figures/figures.def; one back end = one file + one line in backends.def.
 */
#ifndef AS_FIGURES_FIGURE_H
#define AS_FIGURES_FIGURE_H

#include <stdio.h>

#include "doc.h"
#include "param.h"
#include "table.h"

typedef struct as_point { double x, y; } as_point;
typedef struct as_size { double w, h; } as_size;
typedef struct as_box { double x, y, w, h; } as_box;
typedef struct as_margins { double left, right, top, bottom; } as_margins;

/* Display list in millimetres, origin top left, y down; what comes later covers
 * what came before. Colours are 0xRRGGBBAA. Points are copied; a NaN breaks a line. */
typedef struct as_canvas as_canvas;

as_size as_canvas_size(const as_canvas *c);

typedef struct as_pen {
    double width_mm;
    const double *dash_mm; /* on, off, on ...; NULL: solid */
    size_t n_dash;
    uint32_t rgba;
} as_pen;

as_status as_canvas_line(as_canvas *c, size_t n, const as_point *p, as_pen pen) AS_NODISCARD;
as_status as_canvas_fill(as_canvas *c, size_t n, const as_point *p, uint32_t rgba) AS_NODISCARD;

typedef enum { AS_CIRCLE, AS_SQUARE, AS_DIAMOND, AS_TRIANGLE, AS_WEDGE, AS_PENTAGON, AS_CROSS } as_marker;
/* One marker at each point: filled with `fill`, outlined by `pen`; alpha 0 leaves either out. */
as_status as_canvas_markers(as_canvas *c, size_t n, const as_point *p, as_marker kind,
                            double size_mm, uint32_t fill, as_pen pen) AS_NODISCARD;

/* Until the matching unclip nothing is drawn outside `box`; clips nest. */
as_status as_canvas_clip(as_canvas *c, as_box box) AS_NODISCARD;
as_status as_canvas_unclip(as_canvas *c) AS_NODISCARD;

/* rows x columns pixels, row-major, stretched to `box` without smoothing: maps stay data. */
as_status as_canvas_image(as_canvas *c, as_box box, size_t rows, size_t columns,
                          const uint32_t *rgba) AS_NODISCARD;

/* `at` is the anchor: h 0 left, 0.5 middle, 1 right of the text; v 0 baseline, 1 top. */
typedef struct as_anchor { double h, v; } as_anchor;
as_status as_canvas_text(as_canvas *c, as_point at, as_anchor anchor, double size_pt,
                         double angle_deg, uint32_t rgba, const char *utf8) AS_NODISCARD;

typedef struct as_figure {
    const char *name; /* plot-stack, plot-depth, plot-isotherm; `plot` chooses by technique */
    const char *const *techniques; /* for which it is the choice of `plot`; ends with NULL */
    /* `plot` takes this kind for such series (n >= 1), whatever the technique: asked before
     * techniques. NULL: for none */
    bool (*suits)(size_t n, const as_table *const *tables);
    size_t settings_size;
    const as_param *params;
    as_status (*draw)(as_ctx *ctx, const void *settings, size_t n, const as_table *const *tables,
                      as_canvas *c);
    /* height of the page over its width, where the kind needs another than its size preset's;
     * NULL: it does not */
    double (*height)(const void *settings, size_t n, const as_table *const *tables);
    /* The option with which it draws results and metadata, never rows ("--result"): a recipe need
     * keep none for it. NULL: none */
    const char *rowless;
    bool by_series; /* one curve for each table, in their order: it follows colours of other panels */
    as_doc doc;
} as_figure;

typedef struct as_page {
    as_size mm;
    double dpi;             /* pixels of PNG and of images inside PDF and SVG */
    const char *provenance; /* JSON, embedded where the format has a place for it; NULL: none */
    const char *date;       /* where a format demands one, ISO 8601; NULL: 1970-01-01T00:00:00Z */
} as_page;

typedef struct as_backend {
    const char *suffix; /* png, svg, pdf */
    as_status (*write)(as_ctx *ctx, const as_canvas *c, const as_page *page,
                       FILE *to); /* byte-reproducible */
} as_backend;

extern const as_figure *const as_figures[]; /* from figures.def, ends with NULL */
const as_figure *as_figure_find(const char *name); /* NULL: none */
extern const as_backend *const as_backends[]; /* from backends.def, ends with NULL */
const as_backend *as_backend_find(const char *suffix); /* any case, NULL: none */

#endif
