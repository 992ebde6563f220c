/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Thermo Avantage data space: values over one to four axes, of which the first is the energy.
 * The text dump (.avg) and the compound file (.vgd) hold the same.
 */
#ifndef AS_PARSERS_AVANTAGE_H
#define AS_PARSERS_AVANTAGE_H

#include "electron.h"

enum { AVANTAGE_AXES = 8 };

typedef struct avantage_axis {
    const char *type; /* ENERGY, X, ETCHLEVEL ... */
    const char *label, *unit;
    double n, start, step;
    const double *value; /* of an axis that is not linear; NULL: linear */
} avantage_axis;

typedef struct avantage_space {
    as_table *meta; /* no rows */
    size_t n_axes;
    avantage_axis axis[AVANTAGE_AXES];
    /* a data axis has several space axes: etch time and etch level count the same levels */
    size_t n_data_axes, count[AVANTAGE_AXES], spaces[AVANTAGE_AXES];
} avantage_space;

/* A property under its name in the dump, as metadata; text without quotes. */
as_status avantage_property(as_ctx *ctx, as_table *t, const char *key, const char *value,
                            const as_where *from) AS_NODISCARD;
/* How many spectra the data axes make; 0: the axes do not agree, or the first is no energy. */
size_t avantage_spectra(const avantage_space *s);
/* The table of spectrum k, counted with the second axis fastest, y still zero. */
as_table *avantage_table(as_ctx *ctx, const avantage_space *s, size_t k);
/* sigma, and out. */
as_status avantage_emit(as_parse *job, as_table *t) AS_NODISCARD;

#endif
