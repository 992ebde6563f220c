/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of a page data are drawn on: for the question whether a label covers them. */
#ifndef AS_FIGURES_AUDIT_DATA_H
#define AS_FIGURES_AUDIT_DATA_H

#include "display.h"

typedef struct as_inked {
    size_t columns, rows;
    double cell_mm;
    uint8_t *cell; /* not 0: a curve or a dot runs through; NULL: no memory, nothing is known */
} as_inked;

/* Cells of a quarter of a millimetre, in scratch of the canvas. */
as_inked as_inked_new(const as_canvas *c);
/* Curves and dots add to it inside `clip`; frames, ticks, marks and error bars do not. A level rectangle
 * in the colour of the page (under a legend or an inset) takes away what it hides. */
void as_inked_mark(as_inked *k, const as_mark *m, as_box clip, uint32_t paper);
/* True when data run through the inside of the box, more than a cell from its border. */
bool as_inked_in(const as_inked *k, as_box box);

#endif
