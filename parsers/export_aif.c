/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adsorption Information File (Evans et al. 2021, doi:10.1021/acs.langmuir.1c00122): one block for
 * each series, a loop for each branch, absolute pressures and amounts per mass.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "exporter.h"

static const as_param params[] = { AS_PARAMS_END };

typedef struct aif_settings {
    char unused;
} aif_settings;

static const struct { const char *meta, *tag, *unit; } keys[] = {
    { "operator", "_exptl_operator", NULL },
    { "measured", "_exptl_date", NULL },
    { "instrument", "_exptl_instrument", NULL },
    { "adsorbate", "_exptl_adsorptive", NULL },
    { "temperature", "_exptl_temperature", "K" },
    { "sample_mass", "_adsnt_sample_mass", "g" },
    { "sample", "_adsnt_sample_id", NULL },
    { "material", "_adsnt_material_id", NULL },
    { "degas_temperature", "_adsnt_degas_temperature", "K" },
    { "comment", "_adsnt_info", NULL },
    { "simulated", "_simltn_code", NULL },
};

/* --- CIF values -------------------------------------------------------------------------------- */
static void put_block_name(as_text_out *o, const char *name)
{
    as_out_text(o, "data_");
    if (!name || !*name) name = "isotherm";
    for (; *name; name++) {
        const unsigned char c = (unsigned char)*name;
        const bool plain = c < 128 && (isalnum(c) || strchr("_.-+()", c));
        as_out_bytes(o, plain ? name : "_", 1);
    }
    as_out_text(o, "\n");
}

/* In quotes; a text with both kinds of quotes or with line ends as a field between semicolons,
 * in which no line may begin with one. */
static void put_text(as_text_out *o, const char *text)
{
    const bool lines = strpbrk(text, "\r\n") != NULL;
    if (!lines && !strchr(text, '\'')) {
        as_out_text(o, "'");
        as_out_text(o, text);
        as_out_text(o, "'");
    } else if (!lines && !strchr(text, '"')) {
        as_out_text(o, "\"");
        as_out_text(o, text);
        as_out_text(o, "\"");
    } else {
        as_out_text(o, "\n;");
        for (; *text; text++) {
            if (*text != '\r') as_out_bytes(o, text, 1);
            if (*text == '\n' && text[1] == ';') as_out_text(o, " ");
        }
        as_out_text(o, "\n;");
    }
    as_out_text(o, "\n");
}

static void put_number(as_text_out *o, double value)
{
    if (isfinite(value)) as_out_number(o, value);
    else as_out_text(o, "?");
}

/* --- metadata ------------------------------------------------------------------------------------ */
/* vendor.citation_doi is _citation_doi; a key that is no tag of CIF has no place. */
static bool is_tag(const char *key)
{
    const char *at = key + strlen("vendor.");
    if (!as_starts(key, "vendor.") || !*at) return false;
    for (; *at; at++)
        if ((unsigned char)*at >= 128 || !(isalnum((unsigned char)*at) || *at == '_')) return false;
    return true;
}

static void put_meta(as_text_out *o, const char *tag, const as_meta *m, const char *unit)
{
    as_out_text(o, tag);
    as_out_text(o, " ");
    if (!unit) {
        put_text(o, m->text ? m->text : "");
        return;
    }
    const as_unit to = as_unit_of(unit);
    put_number(o, as_unit_convert(m->number, &m->unit, &to));
    as_out_text(o, "\n");
}

static void put_all_meta(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    for (size_t i = 0; i < t->n_meta; i++) {
        const as_meta *m = &t->meta[i];
        bool done = as_starts(m->key, "source.") || as_starts(m->key, "saturation_pressure") ||
                    as_starts(m->key, "uptake_basis");
        for (size_t k = 0; k < sizeof keys / sizeof *keys && !done; k++) {
            if (strcmp(keys[k].meta, m->key) != 0) continue;
            put_meta(o, keys[k].tag, m, keys[k].unit);
            done = true;
        }
        if (!done && is_tag(m->key) && m->text) {
            as_out_text(o, "_");
            as_out_text(o, m->key + strlen("vendor."));
            as_out_text(o, " ");
            put_text(o, m->text);
            done = true;
        }
        if (!done) job->kept &= ~(unsigned)AS_KEEPS_META;
    }
}

/* --- points -------------------------------------------------------------------------------------- */
typedef struct points {
    size_t n;
    double *pressure, *p0, *amount; /* p0 NULL: not known */
    bool *desorption;
    const char *pressure_unit, *amount_unit;
} points;

static const as_meta *number_of(const as_table *t, const char *key, const char *unit)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit expected = as_unit_of(unit);
    return m && m->number > 0 && as_unit_same_dimension(&m->unit, &expected) ? m : NULL;
}

/* p0 of each point in the unit of `to`: its column, else the metadata, else p over p/p0. */
static as_status saturation(as_export_job *job, const as_table *t, const as_unit *to, points *p)
{
    const as_column *p0 = as_find_name(t, "saturation_pressure");
    const as_column *rel = as_find_numbers(t, "relative_pressure");
    const as_meta *meta = number_of(t, "saturation_pressure", "kPa");
    if (!p0 && !meta && !(rel && as_find_numbers(t, "pressure"))) return AS_OK;
    p->p0 = AS_NEW_N(as_scratch(job->ctx), double, t->rows + 1);
    if (!p->p0) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++)
        p->p0[i] = p0     ? as_unit_convert(p0->v.f[i], &p0->unit, to)
                   : meta ? as_unit_convert(meta->number, &meta->unit, to)
                          : p->pressure[i] / as_unit_convert(rel->v.f[i], &rel->unit, &AS_UNITLESS);
    return AS_OK;
}

static as_status pressures(as_export_job *job, const as_table *t, points *p)
{
    as_ctx *ctx = job->ctx;
    const as_unit kpa = as_unit_of("kPa");
    const as_column *absolute = as_find_numbers(t, "pressure");
    const as_column *rel = as_find_numbers(t, "relative_pressure");
    const as_unit *unit = absolute ? &absolute->unit : &kpa;
    p->pressure_unit = unit->symbol;
    if (absolute && !as_unit_same_dimension(unit, &kpa))
        return as_fail(ctx, AS_E_UNIT, NULL, "pressure is in %s, expected a unit like kPa",
                       unit->symbol);
    if (absolute) {
        memcpy(p->pressure, absolute->v.f, t->rows * sizeof(double));
        return saturation(job, t, unit, p);
    }
    if (!rel) return as_need_column(ctx, t, "pressure") ? AS_OK : AS_ERR;
    AS_TRY(saturation(job, t, unit, p));
    if (!p->p0)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "AIF has absolute pressures and the data have p/p0 only; give the "
                       "saturation pressure first: assay set saturation_pressure=101.325kPa");
    for (size_t i = 0; i < t->rows; i++)
        p->pressure[i] = p->p0[i] * as_unit_convert(rel->v.f[i], &rel->unit, &AS_UNITLESS);
    return AS_OK;
}

/* Amounts of the whole sample are divided by its mass: AIF has amounts per mass. */
static as_status amounts(as_export_job *job, const as_table *t, points *p)
{
    const as_unit mole = as_unit_of("mol"), gram = as_unit_of("g");
    const as_column *uptake = as_need_column(job->ctx, t, "uptake");
    double mass = 1;
    if (!uptake) return AS_ERR;
    p->amount_unit = uptake->unit.symbol;
    if (as_unit_same_dimension(&uptake->unit, &mole)) {
        const as_meta *m = as_need_meta(job->ctx, t, "sample_mass");
        if (!m) return as_while(job->ctx, "turning an amount per sample into one per gram");
        mass = as_unit_convert(m->number, &m->unit, &gram);
        p->amount_unit = as_format(as_scratch(job->ctx), "%s/g", uptake->unit.symbol);
        if (!p->amount_unit) return AS_ERR;
    }
    for (size_t i = 0; i < t->rows; i++) p->amount[i] = uptake->v.f[i] / mass;
    return AS_OK;
}

static void branches(const as_table *t, points *p)
{
    const as_column *branch = as_find_name(t, "branch");
    size_t top = 0;
    for (size_t i = 1; i < t->rows; i++)
        if (p->pressure[i] > p->pressure[top]) top = i;
    for (size_t i = 0; i < t->rows; i++) {
        const char *text = branch && branch->type == AS_TEXT ? branch->v.s[i] : NULL;
        p->desorption[i] = text ? as_starts(text, "des") : !branch && i > top;
    }
}

static void put_loop(as_text_out *o, const points *p, bool desorption)
{
    const char *prefix = desorption ? "_desorp_" : "_adsorp_";
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) n += p->desorption[i] == desorption;
    if (n == 0) return;
    as_out_text(o, "\nloop_\n");
    static const char *const names[] = { "pressure", "p0", "amount" };
    for (size_t k = 0; k < 3; k++) {
        if (k == 1 && !p->p0) continue;
        as_out_text(o, prefix);
        as_out_text(o, names[k]);
        as_out_text(o, "\n");
    }
    for (size_t i = 0; i < p->n; i++) {
        if (p->desorption[i] != desorption) continue;
        put_number(o, p->pressure[i]);
        as_out_text(o, " ");
        if (p->p0) put_number(o, p->p0[i]);
        if (p->p0) as_out_text(o, " ");
        put_number(o, p->amount[i]);
        as_out_text(o, "\n");
    }
}

static void note_columns(as_export_job *job, const as_table *t)
{
    static const char *const kept[] = { "branch", "saturation_pressure", "pressure", "uptake",
                                        "relative_pressure" };
    for (size_t i = 0; i < t->n_columns; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            known = known || strcmp(t->column[i]->name, kept[k]) == 0;
        if (!known) job->kept &= ~(unsigned)AS_KEEPS_COLUMNS;
    }
}

static as_status each(as_export_job *job, const as_table *t)
{
    as_arena *a = as_scratch(job->ctx);
    as_text_out *o = job->out;
    points p = { .n = t->rows, .pressure = AS_NEW_N(a, double, t->rows + 1),
                 .amount = AS_NEW_N(a, double, t->rows + 1),
                 .desorption = AS_NEW_N(a, bool, t->rows + 1) };
    if (!p.pressure || !p.amount || !p.desorption) return AS_ERR;
    AS_TRY(pressures(job, t, &p));
    AS_TRY(amounts(job, t, &p));
    branches(t, &p);
    note_columns(job, t);
    if (job->done > 0) as_out_text(o, "\n");
    put_block_name(o, t->name);
    put_all_meta(job, t);
    as_out_text(o, "_units_temperature K\n_units_mass g\n_units_pressure ");
    put_text(o, p.pressure_unit);
    as_out_text(o, "_units_loading ");
    put_text(o, p.amount_unit);
    put_loop(o, &p, false);
    put_loop(o, &p, true);
    return AS_OK;
}

static const as_example examples[] = {
    { "a report as AIF",
      "assay read tests/corpus/sorption/belsorp.DAT | assay convert --to aif | head -12" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_aif = {
    .name = "aif",
    .suffix = "aif",
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_META | AS_KEEPS_COLUMNS,
    .settings_size = sizeof(aif_settings),
    .params = params,
    .each = each,
    .doc = { .summary = "isotherms as an Adsorption Information File",
             .description =
                 "One block for each series, one loop for each branch. Pressures are absolute: p/p0 "
                 "is multiplied by the saturation pressure, a column or the metadata, without which "
                 "it is refused. An amount of the whole sample is divided by sample_mass. Metadata "
                 "under vendor become tags where their name can be one. Written numbers read back "
                 "to the same doubles.",
             .examples = examples,
             .see_also = see_also },
};
