/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several drawn figures on one page: a grid with letters. */
#ifndef AS_FIGURES_PANELS_H
#define AS_FIGURES_PANELS_H

#include "figure.h"

typedef struct as_panels {
    size_t columns;      /* 0: as many as stand side by side in `width_mm` */
    double width_mm;     /* of the page where columns is 0; else ignored */
    double gap_mm;       /* between panels */
    double letter_pt;    /* of the bold letters; 0: none */
    const char *const *letter; /* markup of each panel's; NULL: a, b, c ... */
    uint32_t ink, paper; /* of letters and page, 0xRRGGBBAA */
} as_panels;

/* n canvases in reading order; a column is as wide as its widest, a row as high as its highest. The page
 * lives in `keep`, and so must the canvases. AS_E_USAGE when there is none. */
as_status as_panels_draw(as_ctx *ctx, const as_panels *p, size_t n, const as_canvas *const *panel,
                         as_arena *keep, as_canvas **page) AS_NODISCARD;

#endif
