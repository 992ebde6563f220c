/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outlines of markers, the same for every back end; sized so that all kinds look equally big. */
#ifndef AS_FIGURES_MARKER_H
#define AS_FIGURES_MARKER_H

#include "figure.h"

enum { AS_MARKER_CORNERS = 4 };

/* Corners around the origin for a circle of radius r that looks as big; a cross has two lines of two.
 * How many: 0 for the circle itself. */
static inline size_t as_marker_corners(as_marker kind, double r, as_point out[AS_MARKER_CORNERS])
{
    const double s = 0.89 * r, d = 1.25 * r;
    const as_point square[] = { { -s, -s }, { s, -s }, { s, s }, { -s, s } };
    const as_point diamond[] = { { 0, -d }, { d, 0 }, { 0, d }, { -d, 0 } };
    const as_point triangle[] = { { 0, -1.2 * r }, { 1.1 * r, 0.75 * r }, { -1.1 * r, 0.75 * r } };
    const as_point cross[] = { { -s, -s }, { s, s }, { -s, s }, { s, -s } };
    const as_point *from = kind == AS_SQUARE ? square : kind == AS_DIAMOND ? diamond
                         : kind == AS_TRIANGLE ? triangle : cross;
    const size_t n = kind == AS_CIRCLE ? 0 : kind == AS_TRIANGLE ? 3 : 4;
    for (size_t i = 0; i < n; i++) out[i] = from[i];
    return n;
}

#endif
