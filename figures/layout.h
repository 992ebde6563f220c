/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame with its axes on a canvas: margins from the extents of the labels, data to millimetres,
 * legend, marks and notes. A kind of figure fills in axes and a function that draws its data:
 *
 *     as_view v;
 *     AS_TRY(as_view_open(ctx, &set->look, canvas, &v));
 *     as_axis_span(&v.x, lo, hi, 0);  as_axis_name(&v, &v.x, column, "");  ... the same for v.y
 *     as_view_entry(&v, label, &look of the curve);
 *     return as_view_draw(&v, content, &what);
 *
 * `content` is called twice: first dry, when lines and dots only note where they are, so that legend
 * and labels find free places, then to draw.
 */
#ifndef AS_FIGURES_LAYOUT_H
#define AS_FIGURES_LAYOUT_H

#include "figure.h"
#include "series.h"
#include "ticks.h"

typedef struct as_axis {
    bool shown, numbers, reversed; /* shown: the frame has this axis */
    bool fixed_lo, fixed_hi;       /* told by the user */
    as_scale scale;
    double lo, hi;
    bool has_break;                /* values between break_lo and break_hi are not drawn */
    double break_lo, break_hi;
    const char *name, *unit;       /* unit "": none; the power of ten goes beside it */
    uint32_t ink;                  /* 0: that of the style */
    size_t n_categories;           /* instead of numbers: names at 0, 1, 2 ... */
    const char **category;
    bool tilted;                   /* names too long to stand side by side */
    bool about_zero;               /* a residual: labelled at zero and as far on both sides */
    bool whole;                    /* of cycles: nothing is between them */
    bool degrees;                  /* of a phase: steps of 15, 30, 45 and 90 */
    as_ticks ticks;
} as_axis;

typedef enum { AS_SIDE_Y, AS_SIDE_Y2 } as_side;

typedef struct as_extent { double lo, hi; } as_extent;

typedef struct as_brush { /* how a curve is drawn */
    uint32_t line, fill; /* alpha 0: left out; `fill` is that of the dots */
    double width_mm;
    bool dots, dashed;
    as_marker marker;
    double size_mm;
} as_brush;

typedef struct as_entry_row { const char *label; as_brush brush; bool area; } as_entry_row;

enum { AS_ENTRIES_MAX = 64, AS_COLOURS_MAX = 64, AS_GRID_W = 160, AS_GRID_H = 160 };
#define AS_CROSSED_COST 1e-6
enum { AS_TAKEN = 1, AS_CROSSED = 2 }; /* cells of the grid: under data or text; under a mark's line alone */

typedef struct as_view {
    as_ctx *ctx;
    as_canvas *c;
    const as_look *look;
    as_style style;
    as_box outer, frame;
    as_axis x, x2, y, y2; /* x2 above, y2 on the right */
    bool dry, square;     /* square: equal scales of x and y */
    bool bare;            /* no title, note and legend: a panel that is not the first */
    bool panel;           /* margins are given: they stay */
    bool haloed;          /* numbers stand on paper: an inset, lines lead to it */
    bool bars;            /* sigma is drawn: y has room for it */
    size_t n_entries, entries_lost, legend_columns;
    double legend_pt;     /* 0: that of the ticks */
    bool legend_backed;   /* on paper: marks run under it */
    as_entry_row entry[AS_ENTRIES_MAX];
    struct { size_t number; uint32_t rgba; } colour[AS_COLOURS_MAX]; /* told; 0: usual (as_look_colour) */
    const char *origin;   /* "simulated data" or NULL */
    as_extent *seen;      /* of both sides: curves only note how high they are within x; NULL: they draw */
    uint8_t taken[AS_GRID_H][AS_GRID_W];
} as_view;

typedef as_status (*as_content)(as_view *v, void *data);

/* Style, page and empty axes; the note about simulated data from the tables. */
as_status as_view_open(as_ctx *ctx, const as_look *look, as_canvas *c, size_t n,
                       const as_table *const *tables, as_view *v) AS_NODISCARD;

/* The range of an axis: data, `pad` of their span on both sides, then what the user told (`told`
 * NULL: nothing) in the unit of `column`. Refuses a log axis without positive data. */
as_status as_axis_span(as_view *v, as_axis *a, double lo, double hi, double pad,
                       const as_range *told, const as_column *column) AS_NODISCARD;
void as_axis_name(as_view *v, as_axis *a, const as_column *column, const char *told);

/* Spans, names and direction of x and y for these curves; only rows inside a told x range count for y, with
 * their sigma where v->bars says so. */
as_status as_view_spans(as_view *v, size_t n, const as_series *s, double x_pad,
                        double y_pad) AS_NODISCARD;

/* Finds the frame inside v->outer; margins alone, to align panels, and from given margins. */
as_margins as_view_margins(as_view *v);
void as_view_place(as_view *v, as_margins m);
/* How long the name of an axis is as it is written beside it, with power and unit, in mm: once as_view_margins
 * has found its ticks. */
double as_view_name_length(as_view *v, const as_axis *a);

as_status as_view_entry(as_view *v, const char *label, as_brush brush, bool area) AS_NODISCARD;

/* Frame, legend, content, axes, notes: all. */
as_status as_view_draw(as_view *v, as_content content, void *data) AS_NODISCARD;
/* The same where the frame is already placed (panels). */
as_status as_view_fill(as_view *v, as_content content, void *data) AS_NODISCARD;

/* --- for contents ---------------------------------------------------------- */
as_point as_view_at(const as_view *v, as_side side, double x, double y); /* NaN: not on the scale */
double as_view_x(const as_view *v, double x);
double as_view_y(const as_view *v, as_side side, double y);
as_status as_view_curve(as_view *v, as_side side, size_t n, const double *x, const double *y,
                        as_brush b) AS_NODISCARD;
/* Between two curves; `below` NULL: down to the bottom of the frame. */
as_status as_view_area(as_view *v, as_side side, size_t n, const double *x, const double *y,
                       const double *below, uint32_t rgba) AS_NODISCARD;
as_status as_view_bars(as_view *v, as_side side, size_t n, const double *x, const double *y,
                       const double *sigma, uint32_t rgba) AS_NODISCARD; /* error bars */
as_status as_view_line(as_view *v, as_point a, as_point b, as_brush brush) AS_NODISCARD; /* mm */
/* Names of shaded parts of x, in one row where the data leave one: at the bottom of the frame or at
 * its top, which `top` prefers; else each where it is free. `from` < `to` in mm, inside the frame. */
typedef struct as_band { double from, to; bool cut; const char *label; } as_band; /* cut: goes on outside */
as_status as_view_band_labels(as_view *v, size_t n, const as_band *band, bool top) AS_NODISCARD;
/* Text in mm coordinates; notes the place as taken. */
as_status as_view_text(as_view *v, as_point at, as_anchor anchor, double size_pt, uint32_t rgba,
                       const char *text) AS_NODISCARD;

/* How much of `box` (mm) is taken, 0..1; a place that only marks cross counts next to nothing. */
double as_view_taken(const as_view *v, as_box box);
void as_view_take(as_view *v, as_box box);
/* A free place of this size inside the frame, corners first; how much of it is taken all the same. */
double as_view_free(const as_view *v, as_size size, as_box *out);

/* Curve i of n in the colour that was told, else in its usual one; and in colour i of n whatever was told. */
as_brush as_brush_line(const as_view *v, size_t i, size_t n);
as_brush as_brush_palette(const as_view *v, size_t i, size_t n);
/* The size of dots, over the usual one, where the fullest curve has so many that they touch. */
double as_crowded(size_t points);
/* Entries, in grey, of what is on the left axis and on the right, where colours tell the series. */
as_status as_view_kinds(as_view *v, as_brush left, as_brush right) AS_NODISCARD;
as_brush as_brush_baseline(const as_view *v);
as_brush as_brush_dots(const as_view *v, size_t i, size_t n, bool filled);

static inline double as_pt(double pt)
{
    return pt * 25.4 / 72;
}

#endif
