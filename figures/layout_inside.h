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
/* Where neither helps: in the size of notes; false: it covers data all the same. */
bool as_legend_smaller(as_view *v, as_box *at);
void as_view_reticks(as_view *v);
as_status as_legend_draw(as_view *v, as_box at) AS_NODISCARD;

/* The size in which `text` has room, not larger than `pt` and not smaller than notes. */
double as_pt_fitted(const as_view *v, const char *text, double room, double pt);
/* `text` as it is, with *pt small enough for `room` mm, down to the size of notes; what is too long even
 * then is cut, with a warning. In scratch; NULL without memory. */
const char *as_text_fitted(as_view *v, const char *text, double room, double *pt) AS_NODISCARD;
/* Labels of one size: where one has no room, all lose the words that they begin with in common, then those
 * that are still too long their ends, with one warning for all. */
as_status as_texts_fitted(as_view *v, size_t n, const char **text, double room, double pt) AS_NODISCARD;
/* Sizes and labels of the legend, once the frame is known: they fit. */
as_status as_legend_fit(as_view *v) AS_NODISCARD;
/* Room between numbers and name of an upright axis, mm. */
double as_beside_gap(const as_view *v, const as_axis *a);
void as_view_cross(as_view *v, as_point a, as_point b); /* a mark's line: cells that are free yet */

as_status as_view_axes(as_view *v) AS_NODISCARD;
as_status as_view_bands(as_view *v) AS_NODISCARD; /* under the data */
as_status as_view_cover_breaks(as_view *v) AS_NODISCARD; /* over the data */
as_status as_view_mark_lines(as_view *v) AS_NODISCARD; /* of the dry run: where marks will be */
as_status as_view_marks(as_view *v) AS_NODISCARD; /* over them: marks and notes */
as_status as_view_head(as_view *v) AS_NODISCARD;  /* title, simulated */

#endif
