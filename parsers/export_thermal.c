/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heating curves as the text exports of two makers hold them: Netzsch Proteus ("#KEY:value", the
 * head of the columns behind "##") and TA Universal Analysis (key and value by tab, Sig1 ... name
 * the columns). Temperatures in degC, times in minutes, masses in mg or %.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"

typedef struct {
    char unused;
} no_settings;

static const as_param params[] = { AS_PARAMS_END };

/* What a column is called where it has a place. */
static const struct place {
    const char *name, *unit, *netzsch, *ua;
} places[] = {
    { "temperature", "degC", "Temp./\302\260C", "Temperature (\302\260C)" },
    { "time", "min", "Time/min", "Time (min)" },
    { "mass", "mg", "Mass/mg", "Weight (mg)" },
    { "mass_fraction", "%", "Mass/%", "Weight (%)" },
    { "dta", "uV", "DTA/uV", "Temperature Difference (\302\265V)" },
    { "heat_flow", "mW", "DSC/mW", "Heat Flow (mW)" },
    { "specific_heat_flow", "mW/mg", "DSC/(mW/mg)", "Heat Flow (W/g)" },
};
enum { PLACES = sizeof places / sizeof *places };

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m ? m->text : NULL;
}

static double number_of(const as_table *t, const char *key, const char *unit)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit to = as_unit_of(unit);
    return m ? as_unit_convert(m->number, &m->unit, &to) : NAN;
}

/* Key, what stands between, value without line ends and tabs. */
static void put_text(as_text_out *o, const char *key, const char *before, const char *value)
{
    if (!value) return;
    as_out_text(o, key);
    as_out_text(o, before);
    for (; *value; value++) as_out_bytes(o, (unsigned char)*value < 0x20 ? " " : value, 1);
    as_out_text(o, "\n");
}

static void put_number(as_text_out *o, const char *key, double value, const char *behind)
{
    if (isnan(value)) return;
    as_out_text(o, key);
    as_out_number(o, value);
    as_out_text(o, behind);
}

static void put_comment(as_text_out *o, const char *key, const as_table *t)
{
    const char *simulated = text_of(t, "simulated"), *comment = text_of(t, "comment");
    if (simulated)
        put_text(o, key, "simulated: ", simulated);
    else
        put_text(o, key, "", comment);
}

/* The columns that have a place, as they are written. */
typedef struct layout {
    size_t n;
    const as_column *c[PLACES];
    const struct place *place[PLACES];
    as_unit unit[PLACES];
} layout;

/* AS_E_UNIT: no place for x or y; AS_E_FORMAT: a second series. */
static as_status layout_of(as_export_job *job, const as_table *t, layout *l)
{
    bool whole = true;
    if (job->done)
        return as_fail(job->ctx, AS_E_FORMAT, NULL, "%s holds one series; choose with `assay select`",
                       job->exporter->name);
    l->n = 0;
    for (size_t i = 0; i < PLACES; i++) {
        const as_column *found = as_find_name(t, places[i].name);
        const as_unit to = as_unit_of(places[i].unit);
        if (!found || found->type != AS_F64 || !as_unit_same_dimension(&found->unit, &to)) continue;
        l->c[l->n] = found;
        l->unit[l->n] = to;
        l->place[l->n++] = &places[i];
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        bool kept = false;
        for (size_t k = 0; k < l->n; k++) kept = kept || l->c[k] == t->column[i];
        if (!kept && (t->column[i]->role == AS_ROLE_X || t->column[i]->role == AS_ROLE_Y))
            return as_fail(job->ctx, AS_E_UNIT, NULL,
                           "%s holds temperature, time, mass, DTA and heat flow; found %s in %s",
                           job->exporter->name, t->column[i]->name, t->column[i]->unit.symbol);
        whole = whole && kept;
    }
    if (whole) job->kept |= AS_KEEPS_COLUMNS;
    return AS_OK;
}

static void put_rows(as_text_out *o, const as_table *t, const layout *l, const char *between)
{
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < l->n; k++) {
            as_out_number(o, as_unit_convert(l->c[k]->v.f[i], &l->c[k]->unit, &l->unit[k]));
            as_out_text(o, k + 1 < l->n ? between : "\n");
        }
}

static as_status put_netzsch(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    layout l;
    AS_TRY(layout_of(job, t, &l));
    as_out_text(o, "#EXPORTTYPE:DATA ALL\n#FORMAT:NETZSCH5\n#DECIMAL:POINT\n#SEPARATOR:SEMICOLON\n");
    put_text(o, "#INSTRUMENT:", "", text_of(t, "instrument"));
    put_text(o, "#SAMPLE:", "", text_of(t, "sample"));
    put_number(o, "#SAMPLE MASS /mg:", number_of(t, "sample_mass", "mg"), "\n");
    put_comment(o, "#REMARK:", t);
    put_text(o, "#ATMOSPHERE:", "", text_of(t, "atmosphere"));
    put_text(o, "#TYPE OF CRUCIBLE:", "", text_of(t, "crucible"));
    const double rate = number_of(t, "heating_rate", "K/min");
    const as_column *at = as_find_name(t, "temperature");
    if (!isnan(rate) && at && t->rows) {
        const as_unit celsius = as_unit_of("degC");
        put_number(o, "#RANGE:", as_unit_convert(at->v.f[0], &at->unit, &celsius), "\302\260C/");
        put_number(o, "", rate, "(K/min)/");
        put_number(o, "", as_unit_convert(at->v.f[t->rows - 1], &at->unit, &celsius), "\302\260C\n");
    }
    as_out_text(o, "\n##");
    for (size_t k = 0; k < l.n; k++) {
        as_out_text(o, l.place[k]->netzsch);
        as_out_text(o, k + 1 < l.n ? ";" : "\n");
    }
    put_rows(o, t, &l, ";");
    return AS_OK;
}

static as_status put_ua(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    layout l;
    AS_TRY(layout_of(job, t, &l));
    as_out_text(o, "CLOSED\nVersion\t2.0\nLanguage\tEnglish\n");
    put_text(o, "Instrument\t", "", text_of(t, "instrument"));
    put_text(o, "Sample\t", "", text_of(t, "sample"));
    put_number(o, "Size\t", number_of(t, "sample_mass", "mg"), "\tmg\n");
    put_comment(o, "Comment\t", t);
    put_text(o, "Xcomment\t", "Pan: ", text_of(t, "crucible"));
    put_text(o, "Xcomment\t", "Gas1: ", text_of(t, "atmosphere"));
    put_number(o, "OrgMethod\tRamp ", number_of(t, "heating_rate", "K/min"), " \302\260C/min\n");
    put_number(o, "Nsig\t", (double)l.n, "\n");
    for (size_t k = 0; k < l.n; k++) {
        put_number(o, "Sig", (double)k + 1, "\t");
        put_text(o, l.place[k]->ua, "", "");
    }
    as_out_text(o, "StartOfData\n");
    put_rows(o, t, &l, "\t");
    return AS_OK;
}

static const as_example examples_netzsch[] = {
    { "a heating curve for a program that reads exports of Proteus",
      "assay convert --to netzsch tests/corpus/thermal/rate-5.ecsv | head -n 8" },
    { 0 }
};
static const as_example examples_ua[] = {
    { "a heating curve for a program that reads Universal Analysis",
      "assay convert --to ta-ua tests/corpus/thermal/rate-5.ecsv | head -n 8" },
    { 0 }
};
static const char *const see_also[] = { "convert", "simulate-thermal", NULL };

#define ABOUT                                                                                     \
    "Temperature, time, mass, DTA and heat flow have columns; sample, mass of the sample, remark, "  \
    "crucible, atmosphere and the one heating rate are kept. One series a file."

const as_exporter as_exporter_netzsch = {
    .name = "netzsch",
    .suffix = "txt",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_netzsch,
    .doc = { .summary = "text as Netzsch Proteus exports it",
             .description = ABOUT,
             .examples = examples_netzsch,
             .see_also = see_also },
};

const as_exporter as_exporter_ta_ua = {
    .name = "ta-ua",
    .suffix = "txt",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_ua,
    .doc = { .summary = "text as TA Universal Analysis writes it",
             .description = ABOUT,
             .examples = examples_ua,
             .see_also = see_also },
};
