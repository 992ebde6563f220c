/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micromeritics reports as rows of cells, whether from a workbook or from text. Only for parsers/.
 */
#ifndef AS_PARSERS_MICROMERITICS_H
#define AS_PARSERS_MICROMERITICS_H

#include "sorption.h"

typedef struct as_mic {
    as_parse *job;
    as_iso iso;
    size_t isotherms, errors; /* tables read, errors that the software reported */
    const char *first_error;
    const as_grid *plot; /* the sheet with the points of an isotherm's plot; NULL: none seen */
    size_t plot_row, plot_cell; /* where its title stands */
} as_mic;

as_status as_mic_new(as_parse *job, as_mic *out) AS_NODISCARD;
/* All reports in `g`. `paged`: the lines of a printed report, one below the other, where the line
 * with the page's number ends a report; else a sheet, where they stand side by side. */
as_status as_mic_read(as_mic *m, const as_grid *g, bool paged) AS_NODISCARD;
/* Emits the isotherm with its results: that of the tabular report, else the points of its plot, whose
 * cells must still be there. AS_E_MISSING: there was none. */
as_status as_mic_finish(as_mic *m) AS_NODISCARD;

#endif
