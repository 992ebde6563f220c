/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The positions of peaks, written above them. */
#ifndef AS_FIGURES_PEAK_LABELS_H
#define AS_FIGURES_PEAK_LABELS_H

#include "layout.h"

/* Every result `position` of these n series that lies within the axis is written upright over its curve
 * (`y` of each series is its own), in the unit of the axis, with the decimals that a reader can see and
 * its uncertainty allows. Labels that would touch move sideways, with a line to their peak; where there
 * is no room for all, those of the highest peaks stay and a warning says how many are left out. Both in
 * the dry pass and in the drawing one. */
as_status as_view_peak_labels(as_view *v, size_t n, const as_series *s) AS_NODISCARD;

/* Before the view is placed: raises the top of y so that the labels have room over the highest peak. */
void as_view_peak_room(as_view *v, size_t n, const as_series *s);

#endif
