/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a canvas, for back ends only: a plain list of marks in millimetres. The draw module
 * reads it without calling back, so nothing here needs a function of ours.
 */
#ifndef AS_FIGURES_DISPLAY_H
#define AS_FIGURES_DISPLAY_H

#include "figure.h"

typedef enum {
    AS_MARK_LINE,
    AS_MARK_FILL,
    AS_MARK_MARKERS,
    AS_MARK_CLIP,
    AS_MARK_UNCLIP,
    AS_MARK_IMAGE,
    AS_MARK_TEXT
} as_mark_kind;

typedef struct as_mark {
    as_mark_kind kind;
    as_marker marker;
    size_t n;          /* points; line, fill, markers */
    const as_point *p; /* text: the anchor, n == 1 */
    as_pen pen;
    uint32_t rgba;     /* fill of fills and markers, colour of text */
    double size;       /* markers: mm; text: pt */
    as_box box;        /* clip, image */
    size_t rows, columns;
    const uint32_t *pixels;
    as_anchor anchor;
    double angle_deg;
    const char *text;
    as_size extent; /* of the text, mm */
} as_mark;

enum { AS_BLOCK_MARKS = 64 };

typedef struct as_mark_block {
    struct as_mark_block *next;
    size_t n;
    as_mark mark[AS_BLOCK_MARKS];
} as_mark_block;

struct as_canvas {
    as_ctx *ctx;
    as_arena *arena;
    as_size mm;
    uint32_t paper; /* background, drawn by every back end */
    int clips;      /* open ones */
    as_margins least, used; /* between page and frames: at least; and what they became */
    as_mark_block *first, *last;
};

/* An empty canvas whose list lives in `a`. */
as_canvas *as_canvas_new(as_ctx *ctx, as_arena *a, as_size mm, uint32_t paper) AS_NODISCARD;

/* All of `from` on `to`, its top left corner at `at`, clipped to its page. */
as_status as_canvas_place(as_canvas *to, const as_canvas *from, as_point at) AS_NODISCARD;

#endif
