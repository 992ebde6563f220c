/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block of ISO 14976 (VAMAS) as it stands in the file, between the reader of its lines (vamas.c)
 * and the making of its series (vamas_series.c).
 */
#ifndef AS_PARSERS_VAMAS_H
#define AS_PARSERS_VAMAS_H

#include "parser.h"

/* When a parameter is there, by experiment mode, scan mode and technique of its block. */
typedef enum {
    VAMAS_ALWAYS,
    VAMAS_AT_POSITION, /* MAP and MAPDP */
    VAMAS_WITH_ION,    /* depth profiles, mass spectra, ion scattering: the primary ion */
    VAMAS_WITH_VIEW,   /* maps and images */
    VAMAS_WITH_LINES,  /* images */
    VAMAS_DIFFERENTIAL,
    VAMAS_REGULAR_ONLY,
    VAMAS_WITH_SPUTTER /* electron and X-ray techniques in depth profiles */
} vamas_condition;

typedef enum {
    VAMAS_LINE,
    VAMAS_COUNTED_LINES,
    VAMAS_VARIABLES,
    VAMAS_CORRESPONDING,
    VAMAS_TRIPLES
} vamas_kind;

/* The parameters of a block in their order. `number` is that of the inclusion list. */
enum {
    VAMAS_YEAR,
    VAMAS_MONTH,
    VAMAS_DAY,
    VAMAS_HOUR,
    VAMAS_MINUTE,
    VAMAS_SECOND,
    VAMAS_GMT,
    VAMAS_COMMENT,
    VAMAS_TECHNIQUE,
    VAMAS_X,
    VAMAS_Y,
    VAMAS_VALUES,
    VAMAS_SOURCE,
    VAMAS_ION_Z,
    VAMAS_ION_ATOMS,
    VAMAS_ION_CHARGE,
    VAMAS_ENERGY,
    VAMAS_STRENGTH,
    VAMAS_BEAM_X,
    VAMAS_BEAM_Y,
    VAMAS_VIEW_X,
    VAMAS_VIEW_Y,
    VAMAS_LINE_1X,
    VAMAS_LINE_1Y,
    VAMAS_LINE_2X,
    VAMAS_LINE_2Y,
    VAMAS_LINE_3X,
    VAMAS_LINE_3Y,
    VAMAS_POLAR,
    VAMAS_AZIMUTH,
    VAMAS_MODE,
    VAMAS_PASS,
    VAMAS_WIDTH,
    VAMAS_MAGNIFICATION,
    VAMAS_WORK,
    VAMAS_BIAS,
    VAMAS_AREA_X,
    VAMAS_AREA_Y,
    VAMAS_TAKE_OFF,
    VAMAS_TAKE_OFF_AZIMUTH,
    VAMAS_SPECIES,
    VAMAS_TRANSITION,
    VAMAS_CHARGE,
    VAMAS_ABSCISSA,
    VAMAS_ABSCISSA_UNIT,
    VAMAS_START,
    VAMAS_STEP,
    VAMAS_COLUMNS,
    VAMAS_SIGNAL,
    VAMAS_TIME,
    VAMAS_SCANS,
    VAMAS_CORRECTION,
    VAMAS_SPUTTER_ENERGY,
    VAMAS_SPUTTER_CURRENT,
    VAMAS_SPUTTER_X,
    VAMAS_SPUTTER_Y,
    VAMAS_SPUTTER_POLAR,
    VAMAS_SPUTTER_AZIMUTH,
    VAMAS_SPUTTER_MODE,
    VAMAS_TILT,
    VAMAS_TILT_AZIMUTH,
    VAMAS_ROTATION,
    VAMAS_EXTRA,
    VAMAS_N_ITEMS
};
typedef struct vamas_item {
    int number;
    vamas_condition when;
    vamas_kind kind;
    const char *key;  /* of the metadata; NULL: used by the reader alone */
    const char *unit; /* NULL: text */
} vamas_item;
extern const vamas_item vamas_items[VAMAS_N_ITEMS];
enum { VAMAS_N_NUMBERS = 40 };

typedef struct vamas_field {
    const char *text; /* trimmed; NULL: the block has none */
    as_where where;
} vamas_field;

typedef struct vamas_list { /* n groups of 1, 2 or 3 fields */
    size_t n;
    vamas_field *f;
} vamas_list;

typedef struct vamas_block {
    vamas_field id, sample, item[VAMAS_N_ITEMS];
    vamas_list variables, columns, extra;
    const char *comment;
} vamas_block;

typedef struct vamas_reading {
    as_parse *job;
    as_lines it;
    vamas_field institution, instrument, operator, experiment, mode, scan;
    const char *comment;
    vamas_list variables; /* label and unit of each experimental variable */
    size_t n_future;      /* lines at the end of the parameters of each block */
    bool excluded[VAMAS_N_NUMBERS + 1];
    vamas_block first;
} vamas_reading;

/* Whether the text is one of `names`, which end with NULL; without regard to case. */
bool vamas_is_mode(const char *text, const char *const *names);
/* Whether a block of this experiment mode, scan mode and technique has such parameters. */
bool vamas_has(const char *mode, const char *scan, const char *technique, vamas_condition when);
/* Parameter i as a number; AS_E_SYNTAX naming `what` where it is none. */
as_status vamas_number(vamas_reading *r, const vamas_block *b, size_t i, const char *what,
                       double *out) AS_NODISCARD;
/* A table of n rows with the columns of the block, the abscissa filled where it is not among the
 * values. values[k], k < b->columns.n, is where corresponding variable k belongs. */
as_status vamas_table(vamas_reading *r, const vamas_block *b, size_t n, as_table **out,
                      double **values) AS_NODISCARD;
/* Header, parameters and labelled numbers as metadata; sigma where the values are counts. */
as_status vamas_describe(vamas_reading *r, const vamas_block *b, as_table *t) AS_NODISCARD;

#endif
