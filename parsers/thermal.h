/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of thermal analysis share: which columns are x and y, and rates in the text of
 * a programme. Only for parsers/.
 */
#ifndef AS_PARSERS_THERMAL_H
#define AS_PARSERS_THERMAL_H

#include "columns.h"

/* Roles. y: mass first, else the heat signal, else another; of two alike the one that stands first.
 * x: the temperature where it goes one way, isotherms and noise aside (it never falls back, or
 * never rises back, by more than 5 K and 2 % of its range), else the time. AS_E_MISSING at `where`
 * when there is no such pair. */
as_status as_thermal_axes(as_ctx *ctx, as_table *t, const as_where *where) AS_NODISCARD;

/* Whether the column never falls back, or never rises back, by more than 5 and 2 % of its range, which is
 * larger than that; NaN are passed over. */
bool as_goes_one_way(const as_column *c, size_t n);
/* Where x is a temperature that is held, or goes up and down, and a time goes on beside it: x becomes the
 * time. A temperature that only rises or falls stays, however little. */
void as_hold_against_time(as_table *t);

/* The one rate that texts of a programme name, "25°C/10.0(K/min)/950°C", "Ramp 5 °C/min to ...", and its steps
 * one behind another, parted by semicolons; NULL: none. */
typedef struct as_rate {
    double value;
    bool several;
    const char *programme;
} as_rate;
void as_rate_in(as_rate *r, const char *text);
/* One more step of the programme, and the rate in it. */
as_status as_programme_in(as_ctx *ctx, as_rate *r, const char *step) AS_NODISCARD;
/* "Nitrogen at 45.0 ml/min", "Nitrogen  50 mL/min", "Air": metadata atmosphere, and gas_flow where it is told. */
as_status as_set_atmosphere(as_ctx *ctx, as_table *t, const char *text, const as_where *from) AS_NODISCARD;
/* Metadata heating_rate, when there was one, and programme. */
as_status as_set_rate(as_ctx *ctx, as_table *t, const as_rate *r, const as_where *from) AS_NODISCARD;

/* Text in an 8-bit code page whose degree sign and letter behind it look like one Japanese sign is
 * read again as windows-1252: job->in becomes that input. */
as_status as_western_text(as_parse *job) AS_NODISCARD;

/* The decimal sign of the rows below the line that `it` read last, for them and for the texts in
 * `r`: German and French systems write a comma. */
as_status as_find_decimal(as_parse *job, as_lines *it, as_run *r) AS_NODISCARD;

/* Rows of a table read, none of them empty: finishes the table with the metadata of `head`, axes, a
 * warning when the text was cut, and emits it. */
as_status as_emit_thermal(as_parse *job, as_run *r, const as_table *head,
                          const as_where *where) AS_NODISCARD;

/* The names that makers of thermal analysers share. */
extern const as_names as_thermal_names;

#endif
