/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a battery cycler recorded, row by row: which cycle, and the charge and energy that passed.
 */
#ifndef AS_PROCESSING_CYCLER_H
#define AS_PROCESSING_CYCLER_H

#include "op.h"

enum {
    AS_CHARGE_AUTO,
    AS_CHARGE_COUNTERS,
    AS_CHARGE_STEPS,
    AS_CHARGE_CURRENT,
    AS_CHARGE_NET,
    AS_CHARGE_CAPACITY
};
extern const as_choice as_charge_sources[];

typedef struct as_cycler {
    size_t rows, n;         /* of the table; cycles */
    double *number, *count; /* n: number of the cycle, its rows */
    size_t *of;             /* rows: index of the cycle; SIZE_MAX: none, or masked */
    double *in, *out; /* rows: charge passed since the row before, charging and discharging, in mAh,
                         mAh/g with `specific`; NaN: not known */
    double *e_in, *e_out; /* rows: the same of energy, mWh or mWh/g; NULL: not known */
    double *efficiency;   /* rows: of the file, %, where it has one row per cycle; else NULL */
    bool specific, one_row_each;
    const char *how, *how_energy; /* methods, for results */
} as_cycler;

/* Reads the columns by their names: `cycle` (without it cycles are counted, with a warning, from
 * each time the current takes its first direction again), then as `source` says (AUTO: counters,
 * else the counter of a step with its direction, else current over time, else the net charge, else
 * one capacity per cycle). Specific capacities are taken before absolute ones with `specific`. All
 * memory is scratch. AS_E_NUMERIC: cycles that go back, nothing that tells charge from discharge;
 * AS_E_MISSING, AS_E_UNIT. */
as_status as_cycler_of(as_ctx *ctx, as_table *t, int source, bool specific,
                       as_cycler *out) AS_NODISCARD;

/* +1 charging, -1 discharging, 0 neither, by the words of cyclers: C, D, R; "CC Chg", "CCCV_DChg",
 * "Rest"; "Charge", "Discharge". */
int as_charge_direction(const char *word);

/* The column whose texts are such words: md, step_type, instruction_name ...; NULL: none. */
const as_column *as_direction_column(const as_table *t);

/* g of active material: `option` (mg) where above 0, else active_mass, else mass_loading times
 * electrode_area of the metadata, else NaN; `u` likewise. A mass of 0 or less is AS_E_NUMERIC. */
as_status as_active_mass(as_ctx *ctx, as_table *t, double option, double *grams,
                         double *u) AS_NODISCARD;

/* Standard deviation of the scatter of n values about a curve that is straight over three of them:
 * of second differences, by their median, so that single steps do not count. NaN: fewer than 5
 * finite. */
double as_neighbour_scatter(as_ctx *ctx, size_t n, const double *v);

#endif
