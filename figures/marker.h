/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outlines of markers, the same for every back end; sized so that all kinds look equally big. */
#ifndef AS_FIGURES_MARKER_H
#define AS_FIGURES_MARKER_H

#include "figure.h"

enum { AS_MARKER_CORNERS = 5 };

/* Corners around the origin for a circle of radius r that looks as big; a cross has two lines of two; a
 * wedge is a triangle that points down. How many: 0 for the circle itself. */
static inline size_t as_marker_corners(as_marker kind, double r, as_point out[AS_MARKER_CORNERS])
{
    static const struct { size_t n; as_point at[AS_MARKER_CORNERS]; } shapes[] = {
        [AS_CIRCLE] = { 0, { { 0, 0 } } },
        [AS_SQUARE] = { 4, { { -0.89, -0.89 }, { 0.89, -0.89 }, { 0.89, 0.89 }, { -0.89, 0.89 } } },
        [AS_DIAMOND] = { 4, { { 0, -1.25 }, { 1.25, 0 }, { 0, 1.25 }, { -1.25, 0 } } },
        [AS_TRIANGLE] = { 3, { { 0, -1.2 }, { 1.1, 0.75 }, { -1.1, 0.75 } } },
        [AS_WEDGE] = { 3, { { 0, 1.2 }, { 1.1, -0.75 }, { -1.1, -0.75 } } },
        [AS_PENTAGON] = { 5, { { 0, -1.15 }, { 1.09, -0.36 }, { 0.68, 0.93 }, { -0.68, 0.93 },
                               { -1.09, -0.36 } } },
        [AS_CROSS] = { 4, { { -0.89, -0.89 }, { 0.89, 0.89 }, { -0.89, 0.89 }, { 0.89, -0.89 } } },
    };
    for (size_t i = 0; i < shapes[kind].n; i++)
        out[i] = (as_point){ r * shapes[kind].at[i].x, r * shapes[kind].at[i].y };
    return shapes[kind].n;
}

#endif
