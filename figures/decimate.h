/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fewer points for the same picture. */
#ifndef AS_FIGURES_DECIMATE_H
#define AS_FIGURES_DECIMATE_H

#include "figure.h"

/* Keeps what a pen four times as wide as `step` can show of the line p[0 .. n) and writes it to `out`
 * (room for n; `p` itself will do); returns how many. A run of points inside one column of width `step`
 * becomes its lowest and highest (after Jugel et al. 2014, doi:10.14778/2732951.2732953), so no extreme is
 * lost; then points nearer than step/4 to the chord of their neighbours go. NaN breaks stay. */
size_t as_decimate(size_t n, const as_point *p, double step, as_point *out);

#endif
