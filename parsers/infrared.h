/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of infrared spectra share: names of the axes from the words that files have for
 * them, and tables with these. Only for parsers/.
 */
#ifndef AS_PARSERS_INFRARED_H
#define AS_PARSERS_INFRARED_H

#include "spectrum.h"

typedef struct as_ir_axis {
    const char *column;    /* wavenumber, absorbance ... */
    const char *unit;
    const char *technique; /* that the word alone proves: NULL: none */
} as_ir_axis;

/* "1/CM", "Wavenumber", "nm", "DATA POINTS" ...; "%T", "ABSORBANCE", "ARBITRARY UNITS" ... without
 * regard to case, blanks and signs. A word that is not known is the unit of x ("x") or of y
 * ("intensity"), as it stands. */
as_ir_axis as_ir_x(const char *word);
as_ir_axis as_ir_y(const char *word);

/* Give columns 0 and 1 their names, roles and units, and the metadata y_meaning. A unit that is not
 * in units.def stays as text. */
as_status as_name_ir(as_ctx *ctx, as_table *t, const as_ir_axis *x,
                           const as_ir_axis *y) AS_NODISCARD;

/* n points evenly from `first` to `last`; y is zero. */
as_table *as_new_ir(as_ctx *ctx, size_t n, double first, double last, const as_ir_axis *x,
                          const as_ir_axis *y) AS_NODISCARD;

/* Parts of a file that do not share their columns with its main data become secondary. */
typedef struct as_schema { char x[64], x_unit[32], y[64], y_unit[32]; } as_schema;
void as_keep_schema(as_schema *main, as_table *t);

#endif
