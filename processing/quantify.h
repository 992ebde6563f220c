/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantify, inside: which areas count, as which line, and what each is divided by. */
#ifndef AS_PROCESSING_QUANTIFY_H
#define AS_PROCESSING_QUANTIFY_H

#include "curve.h"

enum { AS_IN_FACTOR_NOTHING = 0, AS_IN_FACTOR_PATH = 1, AS_IN_FACTOR_TRANSMISSION = 2 };
enum { AS_TABLE_NONE, AS_TABLE_KISSEL };
enum { AS_T_NONE, AS_T_COLUMN, AS_T_POWER };
enum { AS_PATH_NONE, AS_PATH_POWER, AS_PATH_TPP2M };

typedef struct as_quantify_settings {
    as_tables factors;
    as_texts line, without, asymmetry;
    int table, contain, transmission, path;
    double factor_u, transmission_power, path_power, density, valence, molar_mass, gap, angle;
} as_quantify_settings;

/* One area that counts. */
typedef struct as_quantified {
    const as_table *t;
    size_t result;      /* of t: its area */
    const char *line;   /* as the factor table calls it */
    const char *item;   /* the component; "region" for a net area */
    double area;        /* of all lines of a doublet, in the unit of the first series */
    double doublet;     /* area over the value of the result, units included */
    double energy;      /* eV, on the axis */
    double sensitivity; /* sigma L T lambda, relative */
} as_quantified;

/* Settings that fit together: nothing twice, nothing missing. AS_E_USAGE, AS_E_MISSING. */
as_status as_quantify_check(as_run *run) AS_NODISCARD;

/* Of the longest line of the built-in table that `name` begins with, or with name NULL the region of
 * `t`: over that of C 1s, at the photon_energy of `t`. *line NULL: none. AS_E_MISSING without
 * photon_energy, for photons that the table does not have and for levels out of their reach. */
as_status as_cross_section(as_ctx *ctx, const as_table *t, const char *name, const char **line,
                           double *value) AS_NODISCARD;

/* The areas of all series at the place of series `first`, ordered by line, in scratch; `done` is
 * set for these series. Refuses two series with areas of one line, different counting times, no
 * factor. */
as_status as_quantify_collect(as_run *run, const as_held *held, size_t first, bool *done, size_t *n,
                              as_quantified **out) AS_NODISCARD;

/* The definition for the results, in scratch: cross_section_T-column_lambda-E^0.75. */
const char *as_quantify_method(as_run *run);

#endif
