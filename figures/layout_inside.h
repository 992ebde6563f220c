/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the layout tell each other. */
#ifndef AS_FIGURES_LAYOUT_INSIDE_H
#define AS_FIGURES_LAYOUT_INSIDE_H

#include "layout.h"

/* 0 at lo, 1 at hi, or the reverse. */
double as_axis_place(const as_axis *a, double value);
bool as_axis_named(const as_axis *a);
/* A point of the data on the page where an axis has a break, which is covered afterwards. */
as_point as_axes_point(const as_view *v, as_side side, double x, double y);
const char *as_tick_text(const as_axis *a, size_t i); /* what is written at tick i */
/* The height of a level axis' labels with their distance, mm. */
double as_level_labels(const as_view *v, const as_axis *a);

#define AS_TILT 0.6 /* rad, of names too long to stand side by side */

/* The width, mm, that a legend beside the frame takes; 0: it stands inside. */
double as_legend_outside(const as_view *v);
/* After the dry pass: the legend's place; false where there is none: the caller makes room above the
 * data, runs dry again and asks again. */
bool as_legend_settle(as_view *v, as_box *at);
/* Moves the top of the y axis up by the height of the legend; false: it must stay. */
bool as_legend_room(as_view *v);
void as_view_reticks(as_view *v);
as_status as_legend_draw(as_view *v, as_box at) AS_NODISCARD;

as_status as_view_axes(as_view *v) AS_NODISCARD;
as_status as_view_bands(as_view *v) AS_NODISCARD; /* under the data */
as_status as_view_cover_breaks(as_view *v) AS_NODISCARD; /* over the data */
as_status as_view_marks(as_view *v) AS_NODISCARD; /* over them: marks and notes */
as_status as_view_head(as_view *v) AS_NODISCARD;  /* title, simulated */

#endif
