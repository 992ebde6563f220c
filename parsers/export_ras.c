/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rigaku RAS: a text of header lines *KEY "value" and rows of position, intensity and attenuation.
 * The third column is the factor already in the intensity; 1 without an absorber.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diffraction.h"
#include "exporter.h"

typedef struct ras_settings {
    char unused;
} ras_settings;

static const as_param params[] = { AS_PARAMS_END };

/* *KEY "value": quotes and line ends in the value become blanks. */
static void put_key(as_text_out *o, const char *key, const char *before, const char *value)
{
    if (!value) return;
    as_out_text(o, "*");
    as_out_text(o, key);
    as_out_text(o, " \"");
    as_out_text(o, before);
    for (; *value; value++)
        as_out_bytes(o, *value == '"' || (unsigned char)*value < 0x20 ? " " : value, 1);
    as_out_text(o, "\"\n");
}

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m ? m->text : NULL;
}

static void put_value(as_text_out *o, const char *key, double value)
{
    if (isnan(value)) return;
    as_out_text(o, "*");
    as_out_text(o, key);
    as_out_text(o, " \"");
    as_out_number(o, value);
    as_out_text(o, "\"\n");
}

static void put_number(as_text_out *o, const as_table *t, const char *key, const char *meta,
                       const char *unit)
{
    const as_meta *m = as_get_meta(t, meta);
    const as_unit to = as_unit_of(unit);
    if (m) put_value(o, key, as_unit_convert(m->number, &m->unit, &to));
}

/* Keys in the order of the alphabet, as Rigaku's programs write them. */
static void put_header(as_text_out *o, const as_table *t, const as_column *x)
{
    const char *simulated = text_of(t, "simulated");
    const as_meta *ratio = as_get_meta(t, "alpha2_ratio");
    as_out_text(o, "*RAS_HEADER_START\n");
    put_key(o, "FILE_COMMENT", simulated ? "simulated: " : "",
            simulated ? simulated : text_of(t, "comment"));
    if (simulated) put_key(o, "FILE_MEMO", "", text_of(t, "comment"));
    put_key(o, "FILE_SAMPLE", "", text_of(t, "sample"));
    put_key(o, "HW_XG_TARGET_NAME", "", text_of(t, "anode"));
    put_number(o, t, "HW_XG_WAVE_LENGTH_ALPHA1", "wavelength", "Angstrom");
    put_number(o, t, "HW_XG_WAVE_LENGTH_ALPHA2", "wavelength_alpha2", "Angstrom");
    put_number(o, t, "HW_XG_WAVE_LENGTH_BETA", "wavelength_beta", "Angstrom");
    put_number(o, t, "MEAS_COND_XG_CURRENT", "tube_current", "mA");
    put_number(o, t, "MEAS_COND_XG_VOLTAGE", "tube_voltage", "kV");
    put_key(o, "MEAS_COND_XG_WAVE_TYPE", "", ratio && ratio->number == 0 ? "Ka1" : "Ka");
    put_value(o, "MEAS_DATA_COUNT", (double)t->rows);
    put_key(o, "MEAS_SCAN_AXIS_X", "", "2-Theta/Theta");
    put_key(o, "MEAS_SCAN_AXIS_X_INTERNAL", "", "TwoThetaTheta");
    put_number(o, t, "MEAS_SCAN_SPEED", "step_time", "s");
    if (as_get_meta(t, "step_time")) put_key(o, "MEAS_SCAN_SPEED_UNIT", "", "sec");
    if (t->rows > 1) {
        const double step = (x->v.f[t->rows - 1] - x->v.f[0]) / (double)(t->rows - 1);
        put_value(o, "MEAS_SCAN_START", x->v.f[0]);
        put_key(o, "MEAS_SCAN_START_TIME", "", text_of(t, "measured"));
        put_value(o, "MEAS_SCAN_STEP", round(step * 1e9) / 1e9);
        put_value(o, "MEAS_SCAN_STOP", x->v.f[t->rows - 1]);
    }
    put_key(o, "MEAS_SCAN_UNIT_X", "", "deg");
    put_key(o, "MEAS_SCAN_UNIT_Y", "", "counts");
    as_out_text(o, "*RAS_HEADER_END\n");
}

static as_status put_scan(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    const as_column *x = as_need_column(job->ctx, t, "two_theta");
    const as_column *y = x ? as_need(job->ctx, t, AS_ROLE_Y) : NULL;
    const as_unit count = as_unit_of("count"), deg = as_unit_of("deg");
    if (!y) return AS_ERR;
    if (x->role != AS_ROLE_X || !as_unit_same_dimension(&x->unit, &deg) ||
        !as_unit_same_dimension(&y->unit, &count))
        return as_fail(job->ctx, AS_E_UNIT, NULL, "ras holds counts over two_theta; found %s (%s) "
                       "over %s", y->name, y->unit.symbol, as_find_role(t, AS_ROLE_X)->name);
    const as_column *factor = as_attenuation(job->ctx, t);
    put_header(o, t, x);
    as_out_text(o, "*RAS_INT_START\n");
    for (size_t i = 0; i < t->rows; i++) {
        /* readers multiply by the factor: what is written is what was counted */
        const double f = factor ? factor->v.f[i] : 1;
        as_out_number(o, x->v.f[i]);
        as_out_bytes(o, " ", 1);
        as_out_number(o, y->v.f[i] / f);
        as_out_bytes(o, " ", 1);
        as_out_number(o, f);
        as_out_bytes(o, "\n", 1);
    }
    as_out_text(o, "*RAS_INT_END\n");
    return AS_OK;
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    as_out_text(job->out, "*RAS_DATA_START\n");
    for (size_t i = 0; i < n; i++) AS_TRY(put_scan(job, t[i]));
    as_out_text(job->out, "*RAS_DATA_END\n");
    return AS_OK;
}

static const as_example examples[] = {
    { "counts of a UDF file for a program that reads RAS",
      "assay read tests/corpus/xrd/sample.udf | assay convert --to ras | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_ras = {
    .name = "ras",
    .suffix = "ras",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(ras_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "Rigaku RAS, counts over two-theta",
             .description =
                 "Wavelengths, tube, counting time, sample, comment and attenuation factors are kept; "
                 "other metadata have no place. Other axes than two-theta and other y than counts are "
                 "refused.",
             .examples = examples,
             .see_also = see_also },
};
