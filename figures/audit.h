/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a journal's production office would complain about, asked of a drawn canvas. */
#ifndef AS_FIGURES_AUDIT_H
#define AS_FIGURES_AUDIT_H

#include "figure.h"

typedef struct as_audit {
    double smallest_pt, largest_pt;  /* text as printed, superscripts aside; NaN: there is no text */
    double thinnest_pt;              /* of lines; NaN: there are none */
    double raster_dpi;               /* of the coarsest image, as printed; NaN: no images */
    size_t texts, overlaps, off_page; /* labels; pairs that cover each other; that leave the page */
    const char *overlap[2];          /* the first such pair */
    const char *off;                 /* the first that leaves the page, or is cut by the frame it is drawn in */
    size_t on_data;                  /* labels that a curve or dots run through */
    const char *covered;             /* the first of them */
    double contrast;                 /* least ratio of luminance of any text to the page (WCAG 2) */
    double colour_distance;          /* least CIE76 distance between two colours of lines, fills of markers and
                                        areas, as the eye with the least favourable of protan, deutan and tritan
                                        deficiency sees them; NaN: fewer than two */
    uint32_t closest[2];             /* those two */
} as_audit;

/* Colours of images and of lines with more than a quarter transparency are not compared; nor more than
 * eight colours of lines from one map, which are read along a scale. */
void as_canvas_audit(const as_canvas *c, as_audit *out);

#endif
