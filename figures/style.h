/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What journals ask of a figure: widths, sizes of text, weights of lines. */
#ifndef AS_FIGURES_STYLE_H
#define AS_FIGURES_STYLE_H

#include "palette.h"
#include "param.h"

typedef struct as_style {
    const char *name;
    double width_mm, height_mm;  /* a usual height; figures may ask for another */
    double text_pt, tick_pt, small_pt;
    double line_pt, axis_pt;     /* of curves and of frames and ticks */
    double marker_mm, tick_mm;   /* length of a labelled tick */
    uint32_t ink, paper, muted, faint; /* text and axes, page, secondary text, bands */
    bool dark;
    double least_text_pt, least_line_pt, least_dpi; /* what the journal takes; 0: anything */
} as_style;

extern const as_choice as_sizes[];  /* ends with {0}; the value is the index of the style */
extern const as_choice as_themes[];
extern const as_choice as_palettes[];

as_style as_style_of(int size, int theme);

#endif
