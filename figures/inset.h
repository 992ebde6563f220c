/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame inside the frame: the same data once more, enlarged or on another scale. */
#ifndef AS_FIGURES_INSET_H
#define AS_FIGURES_INSET_H

#include "layout.h"

/* A view like `v` inside `at` (mm), with smaller text, without legend, marks and name of y; its axes are
 * those of `v` until the caller sets others. */
as_status as_inset_open(as_view *v, as_box at, as_view **out) AS_NODISCARD;

/* Corners that --zoom names are taken: before the legend looks for its place. */
void as_zooms_reserve(as_view *v);

/* What --zoom asks for. Settled after the dry run (places are taken), drawn after the data. */
typedef struct as_zoom {
    double x[2], y[2]; /* y NaN: as high as the data there */
    as_box at;
} as_zoom;
as_status as_zooms_settle(as_view *v, as_zoom **out) AS_NODISCARD;
as_status as_zooms_draw(as_view *v, const as_zoom *zoom, as_content content, void *data) AS_NODISCARD;

#endif
