/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Energy axes, counting and settings of electron spectra. */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"
#include "number.h"

static bool says(const char *text, const char *part)
{
    return text && as_find_text(text, part);
}

as_status as_add_energy(as_ctx *ctx, as_table *t, const char *label, const char *unit,
                        as_column **out)
{
    as_heading h;
    const char *name = NULL;
    AS_TRY(as_heading_of(ctx, label, unit, &h));
    if (says(label, "binding") || as_starts(label, "B.E") || as_starts(label, "BE"))
        name = "binding_energy";
    if (says(label, "kinetic") || as_starts(label, "K.E") || as_starts(label, "KE"))
        name = "kinetic_energy";
    if (name && (!h.stated || h.unit.opaque)) h.unit = as_unit_of("eV");
    const as_unit ev = as_unit_of("eV");
    if (!name || !as_unit_same_dimension(&h.unit, &ev)) name = *h.name ? h.name : "x";
    as_column *x = as_add_column(ctx, t, name, AS_ROLE_X, h.unit);
    if (out) *out = x;
    return x ? AS_OK : AS_ERR;
}

const char *as_count_unit(const char *label, const char *unit, const char *mode)
{
    static const char *const rates[] = { "cps", "counts/s", "counts / s", "counts per s",
                                         "c/s", "count/s",  "counts s-1" };
    const char *const texts[] = { unit, label };
    for (size_t k = 0; k < AS_COUNT(texts); k++)
        for (size_t i = 0; i < AS_COUNT(rates); i++)
            if (says(texts[k], rates[i])) return "count/s";
    if (says(label, "count") || says(unit, "count")) return "count";
    return says(mode, "pulse counting") && (!unit || as_same(unit, "d") || as_same(unit, "n"))
               ? "count"
               : "1";
}

as_status as_add_electron_sigma(as_ctx *ctx, as_table *t, double seconds)
{
    const as_unit rate = as_unit_of("count/s"), count = as_unit_of("count");
    const as_column *y = as_need(ctx, t, AS_ROLE_Y);
    if (!y) return AS_ERR;
    if (as_unit_same_dimension(&y->unit, &count))
        return as_are_counts(y->v.f, NULL, t->rows) ? as_add_counting_sigma(ctx, t, seconds)
                                                    : AS_OK;
    if (!as_unit_same_dimension(&y->unit, &rate) || !(seconds > 0)) return AS_OK;
    double *counts = AS_NEW_N(as_scratch(ctx), double, t->rows);
    if (!counts) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        /* rates in text have six digits or more: a whole number within that */
        counts[i] = y->v.f[i] * seconds;
        if (fabs(counts[i] - round(counts[i])) <= 1e-3 + 5e-6 * fabs(counts[i]))
            counts[i] = round(counts[i]);
    }
    return as_are_counts(counts, NULL, t->rows) ? as_add_counting_sigma(ctx, t, seconds) : AS_OK;
}

bool as_leading_number(const char *text, double *value, const char **rest)
{
    while (*text == ' ' || *text == '\t') text++;
    const size_t used = as_scan_number(text, strlen(text), '.', value);
    if (used == 0) return false;
    text += used;
    while (*text == ' ' || *text == '\t') text++;
    if (rest) *rest = text;
    return true;
}

static const as_known settings[] = {
    { "Pass Energy", "pass_energy", "eV" },
    { "PassEnergy", "pass_energy", "eV" },
    { "Dwell Time", "dwell_time", "s" },
    { "Excitation Energy", "photon_energy", "eV" },
    { "Characteristic Energy eV", "photon_energy", "eV" },
    { "Eff. Workfunction", "work_function", "eV" },
    { "Work Function", "work_function", "eV" },
    { "AnalyserWorkFcn", "work_function", "eV" },
    { "Number of Scans", "scans", "1" },
    { "Number of Sweeps", "scans", "1" },
    { "Analyzer", "instrument", NULL },
    { "Instrument", "instrument", NULL },
    { "InstrumentModel", "instrument", NULL },
    { "Analyzer Lens", "lens_mode", NULL },
    { "Lens Mode", "lens_mode", NULL },
    { "Scan Mode", "analyser_mode", NULL },
    { "Acquisition Mode", "scan_mode", NULL },
    { "AnalyserMode", "analyser_mode", NULL },
    { "Source", "excitation", NULL },
    { "XraySource", "excitation", NULL },
    { "Analysis Method", "technique_name", NULL },
    { "Technique", "technique_name", NULL },
    { "Acquisition Date", "measured", NULL },
    { "User", "operator", NULL },
    { "Operator", "operator", NULL },
    { "Created by", "software", NULL },
    { "SoftwareVersion", "software", NULL },
    { "Group", "sample", NULL },
    { "Sample", "sample", NULL },
    { "Comment", "comment", NULL },
    { "Comments", "comment", NULL },
    { "Region", "region", NULL },
    { "Region Name", "region", NULL },
};

/* "4.250 eV": a number with its unit behind it. */
static bool has_unit(as_ctx *ctx, as_table *t, const char *value, const char *expected,
                     double *number, as_unit *unit)
{
    const char *rest;
    const as_unit want = as_unit_of(expected);
    if (!as_leading_number(value, number, &rest) || !*rest) return false;
    if (as_unit_parse(ctx, t->arena, rest, unit) != AS_OK) return false;
    return as_unit_same_dimension(unit, &want);
}

as_status as_set_setting(as_ctx *ctx, as_table *t, const char *key, const char *value,
                         const as_where *from)
{
    double number;
    as_unit unit;
    for (size_t i = 0; i < AS_COUNT(settings); i++)
        if (settings[i].unit && strcmp(settings[i].key, key) == 0 &&
            has_unit(ctx, t, value, settings[i].unit, &number, &unit))
            return as_set_number(ctx, t, settings[i].meta, number, NAN, unit, from);
    return as_set_known(ctx, t, settings, AS_COUNT(settings), key, value, from);
}

/* Whether components, the baseline taken off, add up to the model; NaN aside. */
static bool components_add_up(const as_table *t, const as_column *base, const as_column *model)
{
    double worst = 0, scale = 0;
    for (size_t i = 0; i < t->rows; i++) {
        double sum = base->v.f[i];
        for (size_t k = 0; k < t->n_columns; k++)
            if (t->column[k]->role == AS_ROLE_COMPONENT) sum += t->column[k]->v.f[i] - base->v.f[i];
        if (isnan(sum) || isnan(model->v.f[i])) continue;
        worst = fmax(worst, fabs(sum - model->v.f[i]));
        scale = fmax(scale, fabs(model->v.f[i]));
    }
    return scale > 0 && worst <= 1e-3 * scale;
}

as_status as_lift_components(as_ctx *ctx, as_table *t)
{
    const as_column *base = as_find_role(t, AS_ROLE_BASELINE),
                    *model = as_find_role(t, AS_ROLE_MODEL);
    size_t n = 0;
    for (size_t k = 0; k < t->n_columns; k++) n += t->column[k]->role == AS_ROLE_COMPONENT;
    if (n == 0) return AS_OK;
    const bool agrees = base && model && components_add_up(t, base, model);
    for (size_t k = 0; k < t->n_columns; k++) {
        as_column *c = t->column[k];
        if (c->role != AS_ROLE_COMPONENT) continue;
        if (!agrees) c->role = AS_ROLE_OTHER;
        for (size_t i = 0; agrees && i < t->rows; i++) /* 1e-9: what the text can tell */
            c->v.f[i] = round((c->v.f[i] - base->v.f[i]) * 1e9) / 1e9;
    }
    return as_set_meta(ctx, t, "vendor.components",
                       agrees ? "curves of the file, its background taken off"
                              : "curves as the file has them",
                       NULL, NULL);
}
