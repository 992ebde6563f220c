/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A colour bar with its axis. */
#ifndef AS_FIGURES_COLOURBAR_H
#define AS_FIGURES_COLOURBAR_H

#include "layout.h"

typedef struct as_colourbar {
    double lo, hi;
    as_scale scale;
    const char *name, *unit;
} as_colourbar;

/* Takes the width it needs off v->outer's right; call it before the frame is placed. */
double as_colourbar_width(const as_view *v, const as_colourbar *b);
/* Draws it right of the outer box, as high as the frame; after the frame is placed. */
as_status as_colourbar_draw(const as_view *v, const as_colourbar *b) AS_NODISCARD;

#endif
