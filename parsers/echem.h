/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of electrochemistry share: names of columns and which of them are x and y. Only
 * for parsers/.
 */
#ifndef AS_PARSERS_ECHEM_H
#define AS_PARSERS_ECHEM_H

#include "columns.h"

typedef enum {
    AS_ECHEM_IMPEDANCE, /* z_real, z_imag */
    AS_ECHEM_SWEEP,     /* potential, current */
    AS_ECHEM_TIME,      /* time; potential, else current */
    AS_ECHEM_HOLD,      /* time; current, else charge: at a potential that is held */
    AS_ECHEM_ONE_FREQUENCY /* time or potential; z_real: an impedance at one frequency */
} as_echem_kind;

/* The kind by the name of the technique, in any maker's words; else TIME. */
as_echem_kind as_echem_kind_of(const char *technique);

/* The rows as a table with the metadata of `head`, axes set, not yet emitted. No rows are
 * AS_E_MISSING. Where the time is written as dates, it becomes the seconds since the first, and the
 * dates the column date_time. With impedances is recorded whether the file has Im(Z) or -Im(Z). */
as_table *as_echem_table(as_parse *job, as_run *r, const as_table *head, as_echem_kind kind,
                         const as_where *where) AS_NODISCARD;

/* What is done to a table of rows there: metadata of `head` (NULL: none), times, axes; `minus`: the file has
 * -Im(Z), which was turned. */
as_status as_echem_finish(as_ctx *ctx, as_table *t, const as_table *head, as_echem_kind kind,
                          bool minus, const as_where *where) AS_NODISCARD;

/* as_echem_table, with a warning when the text does not end its last line, emitted. */
as_status as_emit_echem(as_parse *job, as_run *r, const as_table *head, as_echem_kind kind,
                        const as_where *where) AS_NODISCARD;

/* "Date: 04-06-2018    Time: 14:31:21" of Scribner's programs, with the month first, as `measured`. */
as_status as_set_date_and_time(as_ctx *ctx, as_table *t, const char *text, const as_where *where) AS_NODISCARD;

/* The first column named by one of `from` (ends with NULL) is `to`, unless there is a `to` already. */
void as_echem_rename(as_run *r, const char *const *from, const char *to);

/* A `time` without a unit gets that in which the dates of the column `stamps`, or its seconds, go on as it
 * does, when the first steps of ten seconds or more tell. `step_time` likewise. */
as_status as_echem_time_unit(as_ctx *ctx, as_table *t, const char *stamps) AS_NODISCARD;

/* The names that makers of potentiostats and cyclers share; those of tables of cyclers. */
extern const as_names as_echem_names, as_cycler_names;

/* Of a table of a cycler: "Time" beside no other time is the time. */
void as_cycler_times(as_run *r);
/* Times that `line`, the first row, writes as a clock does are seconds, whatever unit their heading lacks. */
void as_cycler_clocks(as_run *r, const as_line *line);
/* Once its rows are there: a "Time" that goes back begins anew with each step; it is the time of the step
 * then. Where there is no other time, dates are the time. */
void as_cycler_restarts(as_run *r);

#endif
