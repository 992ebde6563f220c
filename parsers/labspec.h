/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the three formats of Horiba LabSpec share: the names of settings, and the tree of tagged
 * values that .xml and .l6s hold.
 */
#ifndef AS_PARSERS_LABSPEC_H
#define AS_PARSERS_LABSPEC_H

#include "spectrum.h"

/* The four letters of a tag as LabSpec scrambles them. */
enum {
    AS_LSX_TYPE = 0x6D707974,
    AS_LSX_TITLE = 0x6C7469D9,
    AS_LSX_SPECTRA = 0x7A74D9D6,
    AS_LSX_AXES = 0x7B697861,
    AS_LSX_UNIT = 0x7C696E75,
    AS_LSX_VALUES = 0x7D6CD4DB,
    AS_LSX_NAME = 0x6D6D616E,
    AS_LSX_VALUE = 0x7D6C61DB,
    AS_LSX_NUMBER = 0x08736F70 /* of a choice: 632.817 for the laser "633" */
};

typedef struct as_lsx {
    uint32_t tag;
    const char *text;      /* of a value; NULL: a list or a branch */
    size_t n;              /* numbers of a list */
    const double *list;
    struct as_lsx *parent, *child, *last, *next;
    as_where where;
} as_lsx;

/* A new last child, in scratch; `parent` may be NULL. */
as_lsx *as_lsx_add(as_ctx *ctx, as_lsx *parent, uint32_t tag) AS_NODISCARD;
/* The first child with this tag; NULL: none. */
const as_lsx *as_lsx_child(const as_lsx *in, uint32_t tag);

/* Emits a series for each spectrum of the tree: the axes 0 (intensity), 1 (spectral), 2 and up
 * (coordinates, the first changing fastest). `values`: all intensities; NULL: those of axis 0. */
as_status as_lsx_emit(as_parse *job, const as_lsx *root, size_t n, const double *values);

/* A setting under its name in LabSpec, "Laser (nm)", "Acq. time (s)". */
as_status as_labspec_setting(as_ctx *ctx, as_table *t, const char *name, const char *value,
                             const as_where *from);
/* The key of a coordinate by the type of its axis: "X" x, "Time" time; else vendor.TYPE. */
const char *as_labspec_coordinate(as_ctx *ctx, const char *type);

#endif
