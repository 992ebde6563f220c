/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of isotherms share: gathering points whose columns depend on the file, the
 * branch by the turning point, values of a report that carry their unit in the text. Only for
 * parsers/.
 */
#ifndef AS_PARSERS_SORPTION_H
#define AS_PARSERS_SORPTION_H

#include "diffraction.h"
#include "grid.h"

typedef enum {
    AS_ISO_RELATIVE,
    AS_ISO_PRESSURE,
    AS_ISO_SATURATION,
    AS_ISO_UPTAKE,
    AS_ISO_SIGMA,  /* of the uptake */
    AS_ISO_BRANCH, /* 0 adsorption, 1 desorption, NaN: not said */
    AS_ISO_EXTRA,  /* the first of further columns */
    AS_ISO_MOST = 17
} as_iso_column;

enum { AS_ISO_ADSORPTION, AS_ISO_DESORPTION };

typedef struct as_iso {
    as_rows *rows;                 /* AS_ISO_MOST columns */
    as_table *head;                /* its metadata */
    const char *unit[AS_ISO_MOST]; /* as the file writes them; NULL: the vocabulary's */
    const char *name[AS_ISO_MOST]; /* of further columns */
    size_t n;                      /* columns in use */
    unsigned taken;                /* columns that as_iso_heading gave; 0 before each head line */
    as_where at;                   /* of the table, for messages */
} as_iso;

as_status as_iso_new(as_parse *job, as_iso *out) AS_NODISCARD;
/* AS_ISO_MOST NaN to be filled. */
double *as_iso_add(as_ctx *ctx, as_iso *iso) AS_NODISCARD;

/* The column that a heading means, the first of its kind in the head line: "Relative Pressure
 * (p/p0)", "pe/kPa", "Va/cm3(STP) g-1", "loading(mmol)" ...; a heading that means none becomes a
 * further column, AS_ISO_MOST when there are too many or it is empty. Its unit is noted in `iso`.
 * `unit` apart: may be NULL. */
as_status as_iso_heading(as_ctx *ctx, as_iso *iso, const char *text, const char *unit,
                         size_t *column) AS_NODISCARD;

/* A further column by its name, the same again for the same name. */
as_status as_iso_further(as_ctx *ctx, as_iso *iso, const char *name, const char *unit,
                         size_t *column) AS_NODISCARD;

/* The table of the points: relative pressure is x where there is one, else pressure. The branch
 * is that of the column, else by the row of highest pressure. Warns of negative pressures and of
 * fewer than 3 points. AS_E_MISSING without points, pressure or uptake. */
as_status as_iso_table(as_parse *job, as_iso *iso, as_table **out) AS_NODISCARD;
/* The same, emitted. */
as_status as_iso_emit(as_parse *job, as_iso *iso) AS_NODISCARD;

/* "adsorption", "ads", "0" ..., "desorption", "DES", "1": the branch; NaN: neither. */
double as_branch_of(const char *text);

/* `value` under the key that `known` has for `key` (without regard to case, a colon at its end or
 * blanks), else verbatim under vendor; a number as `measured` is a date of a spreadsheet. Where a
 * unit is expected, the text may carry its own;
 * `stated` is one that stands apart, NULL: none. */
as_status as_set_reported(as_ctx *ctx, as_table *t, const as_known *known, size_t n,
                          const char *key, const char *value, const char *stated,
                          const as_where *from) AS_NODISCARD;

/* yy/mm/dd, as BELSORP writes it, as ISO 8601; others as as_set_measured. */
as_status as_set_short_date(as_ctx *ctx, as_table *t, const char *text,
                            const as_where *from) AS_NODISCARD;

/* A text as cells: all of them with their text, those that are numbers as a whole also with the
 * number, between semicolons with a point or a comma. Empty lines are rows without cells. In
 * scratch. */
as_status as_text_grid(as_ctx *ctx, const as_input *in, char separator, as_grid *out) AS_NODISCARD;
/* Whether a workbook's strings, as a probe sees them, hold this text. */
bool as_has_string(const as_probe *p, const char *text);
/* Words of a printed table: texts that two blanks or a tab part, and the place of their middle. */
typedef struct as_wide {
    const char *text;
    size_t middle; /* in characters from the line's start */
} as_wide;
as_status as_split_wide(as_ctx *ctx, const as_line *line, size_t room, as_wide *out,
                        size_t *n) AS_NODISCARD;
/* The one of n words whose middle is nearest; 0 without words. */
size_t as_nearest_wide(const as_wide *words, size_t n, size_t middle);

/* A printed report as cells, its words as above; the decimal sign is that of most numbers. Under the
 * lines that head a table, at the rule of dashes, stands one more row: the words of these lines
 * joined column by column. */
as_status as_printed_grid(as_ctx *ctx, const as_input *in, as_grid *out) AS_NODISCARD;

/* The text of a cell of a text or a sheet, a number as it is written; "" when empty. */
const char *as_cell(as_ctx *ctx, const as_grid_row *row, size_t i);
double as_cell_number(const as_grid_row *row, size_t i); /* NaN: none */

/* A result printed by the instrument's software, "803,818" or "162.4547 ± 1.0095 m2/g": item
 * "vendor BET" and so on. A text that is no number, or one that stands for none (-1.#IND), adds
 * nothing. */
as_status as_add_reported(as_ctx *ctx, as_table *t, const char *item, const char *quantity,
                          const char *text, const char *unit) AS_NODISCARD;

#endif
