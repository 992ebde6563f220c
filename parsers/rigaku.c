/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Rigaku scan, from rows and header to a table. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "rigaku.h"

static const as_known known[] = {
    { "FILE_SAMPLE", "sample", NULL },
    { "FILE_COMMENT", "comment", NULL },
    { "FILE_OPERATOR", "operator", NULL },
    { "FILE_SYSTEM_NAME", "instrument", NULL },
    { "HW_XG_TARGET_NAME", "anode", NULL },
    { "HW_XG_WAVE_LENGTH_BETA", "wavelength_beta", "Angstrom" },
    { "HW_COUNTER_SELECT_NAME", "detector", NULL },
    { "MEAS_COND_XG_VOLTAGE", "tube_voltage", "kV" },
    { "MEAS_COND_XG_CURRENT", "tube_current", "mA" },
    { "MEAS_SCAN_AXIS_X", "scan_axis", NULL },
    { "MEAS_SCAN_MODE", "scan_mode", NULL },
};

static const char *value_of(const as_table *head, as_ctx *ctx, const char *key)
{
    const char *name = as_format(as_scratch(ctx), "vendor.%s", key);
    const as_meta *m = name ? as_get_meta(head, name) : NULL;
    return m && m->text ? m->text : "";
}

static double number_of(const as_table *head, as_ctx *ctx, const char *key)
{
    double value;
    const char *text = value_of(head, ctx, key);
    return as_read_number(text, strlen(text), '.', &value) ? value : NAN;
}

static as_status set_meta(as_ctx *ctx, const as_table *head, as_table *t)
{
    for (size_t i = 0; i < head->n_meta; i++) {
        const as_meta *m = &head->meta[i];
        const char *key = m->key + strlen("vendor.");
        if (strcmp(key, "MEAS_SCAN_START_TIME") == 0)
            AS_TRY(as_set_measured(ctx, t, m->text, true, &m->from));
        else
            AS_TRY(as_set_known(ctx, t, known, AS_COUNT(known), key, m->text, &m->from));
    }
    /* "Ka": the doublet, "Ka1": a monochromator passes alpha 1 only */
    const bool alone = as_same(value_of(head, ctx, "MEAS_COND_XG_WAVE_TYPE"), "Ka1");
    return as_set_doublet(ctx, t, number_of(head, ctx, "HW_XG_WAVE_LENGTH_ALPHA1"),
                          number_of(head, ctx, "HW_XG_WAVE_LENGTH_ALPHA2"), alone ? 0 : NAN, NULL);
}

/* The axes that stood still: MEAS_COND_AXIS_NAME_INTERNAL-i, ..._POSITION-i, ..._UNIT-i. */
static as_status set_positions(as_ctx *ctx, const as_table *head, as_table *t, const char *x_name)
{
    static const char *const wanted[] = { "two_theta", "omega", "chi", "phi", "alpha",
                                          "beta",      "stage_x", "stage_y", "stage_z" };
    for (size_t i = 0; i < head->n_meta; i++) {
        const as_meta *m = &head->meta[i];
        as_axis axis;
        double value;
        if (strncmp(m->key, "vendor.MEAS_COND_AXIS_NAME_INTERNAL-", 36) != 0) continue;
        const char *index = m->key + 36;
        const char *position = as_format(as_scratch(ctx), "MEAS_COND_AXIS_POSITION-%s", index);
        if (!position) return AS_ERR;
        const char *text = value_of(head, ctx, position);
        if (!as_read_number(text, strlen(text), '.', &value)) continue;
        AS_TRY(as_axis_of(as_scratch(ctx), m->text, NULL, &axis));
        bool coordinate = strcmp(axis.column, x_name) != 0 && !as_get_meta(t, axis.meta);
        if (strcmp(x_name, "two_theta") == 0 && strcmp(axis.column, "omega") == 0 &&
            !as_same(value_of(head, ctx, "MEAS_SCAN_AXIS_X_INTERNAL"), "TwoTheta"))
            coordinate = false; /* moves along */
        for (size_t k = 0; coordinate && k < AS_COUNT(wanted); k++)
            if (strcmp(wanted[k], axis.column) == 0)
                AS_TRY(as_set_position(ctx, t, m->text, value, NULL, &m->from));
    }
    return AS_OK;
}

/* Multiply by the factor where it is not 1; NULL in *factor where it is 1 everywhere. */
static as_status apply_attenuation(as_ctx *ctx, as_table *t, const as_where *at, double **factor)
{
    double *y = t->column[1]->v.f, *f = t->column[2]->v.f;
    bool one = true, good = true;
    *factor = NULL;
    for (size_t i = 0; i < t->rows; i++) {
        one = one && f[i] == 1;
        good = good && f[i] > 0;
    }
    if (!good) {
        as_warn(ctx, t, at, "attenuation factors that are not positive: intensities as stored");
        return AS_OK;
    }
    if (one) return AS_OK;
    for (size_t i = 0; i < t->rows; i++) y[i] *= f[i];
    *factor = f;
    return AS_OK;
}

as_status as_rigaku_emit(as_parse *job, const as_table *head, as_table *t, const as_where *at)
{
    as_ctx *ctx = job->ctx;
    as_axis axis;
    as_unit unit;
    double *factor;
    const char *name = value_of(head, ctx, "MEAS_SCAN_AXIS_X_INTERNAL");
    const char *y_unit = value_of(head, ctx, "MEAS_SCAN_UNIT_Y");
    const double count = number_of(head, ctx, "MEAS_DATA_COUNT");
    const double out = number_of(head, ctx, "commented_rows"); /* by hand */
    if (isfinite(count) && count != (double)t->rows + (isfinite(out) ? out : 0))
        return as_fail(ctx, AS_E_TRUNCATED, at, "%zu points, expected %.0f as the header says",
                       t->rows, count);
    if (!*name) name = value_of(head, ctx, "MEAS_SCAN_AXIS_X");
    if (!*name)
        return as_fail(ctx, AS_E_MISSING, at,
                       "the header does not name the axis (MEAS_SCAN_AXIS_X)");
    AS_TRY(as_axis_of(as_scratch(ctx), name, value_of(head, ctx, "MEAS_SCAN_UNIT_X"), &axis));
    AS_TRY(as_unit_parse(ctx, t->arena, axis.unit, &unit));
    AS_TRY(as_name_column(ctx, t, 0, axis.column, AS_ROLE_X, unit));
    AS_TRY(as_unit_parse(ctx, t->arena, *y_unit ? y_unit : "1", &unit));
    AS_TRY(as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y, unit));
    AS_TRY(as_name_column(ctx, t, 2, "attenuation", AS_ROLE_OTHER, AS_UNITLESS));
    AS_TRY(set_meta(ctx, head, t));
    AS_TRY(as_note_simulated(ctx, t));
    AS_TRY(set_positions(ctx, head, t, axis.column));
    const bool seconds = as_starts(value_of(head, ctx, "MEAS_SCAN_SPEED_UNIT"), "s");
    const double time = seconds ? number_of(head, ctx, "MEAS_SCAN_SPEED") : NAN;
    if (time > 0) AS_TRY(as_set_number(ctx, t, "step_time", time, NAN, as_unit_of("s"), at));
    AS_TRY(apply_attenuation(ctx, t, at, &factor));
    if (!factor || strcmp(unit.symbol, "count") == 0)
        AS_TRY(as_add_counted_sigma(ctx, t, factor, time));
    return as_emit(job->out, ctx, t);
}
