/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat-capacity: specific heat by three runs (ISO 11357-4): sample, empty crucible and a reference
 * of known heat capacity, heated alike:
 *
 *     cp = cp_ref (m_ref / m) (q - q_blank) / (q_ref - q_blank)
 */
#include <math.h>

#include "interpolate.h"
#include "noise_level.h"
#include "op.h"

typedef struct {
    as_tables blank, reference, standard;
    double mass, reference_mass;
} capacity_settings;

static const as_param params[] = {
    AS_TABLES(capacity_settings, blank, "blank", NULL, "run of the empty crucible"),
    AS_TABLES(capacity_settings, reference, "reference", NULL, "run of the reference"),
    AS_DOUBLE(capacity_settings, mass, "mass", "0", 0, 1e6, "mg",
              "of the sample; 0: sample_mass of the metadata"),
    AS_DOUBLE(capacity_settings, reference_mass, "reference-mass", "0", 0, 1e6, "mg",
              "of the reference; 0: sample_mass of its metadata"),
    AS_TABLES(
        capacity_settings, standard, "standard", "",
        "table of temperature and heat_capacity of the reference; none: sapphire (NBS SRM 720)"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN,
      .name = "heat_flow",
      .unit = "mW",
      .help = "as measured, not per mass" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "heat_capacity",
                                   .unit = "J/g/K",
                                   .help = "specific, becomes y" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_SIGMA,
                                   .name = "sigma_heat_capacity",
                                   .unit = "J/g/K",
                                   .help = "of the noise of the three runs, the masses and sapphire" },
                                 { 0 } };

#define SAPPHIRE_MOLAR_MASS 101.9613 /* g/mol, Al2O3 */
#define SAPPHIRE_U 0.001             /* relative, of the built-in table */

typedef struct curve { /* over rising temperature in degC */
    size_t n;
    double *x, *y;
    double noise;
} curve;

static as_status curve_of(as_ctx *ctx, const as_table *t, const char *name, const char *unit,
                          curve *out)
{
    const as_column *at = as_need_column(ctx, t, "temperature"),
                    *value = as_need_column(ctx, t, name);
    const as_unit celsius = as_unit_of("degC"), to = as_unit_of(unit);
    if (!at || !value) return AS_ERR;
    if (!as_unit_same_dimension(&value->unit, &to))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s, expected a unit like %s", name,
                       value->unit.symbol, unit);
    *out = (curve){ .x = AS_NEW_N(as_scratch(ctx), double, t->rows + 1),
                    .y = AS_NEW_N(as_scratch(ctx), double, t->rows + 1) };
    double *work = AS_NEW_N(as_scratch(ctx), double, 2 * t->rows + 1);
    if (!out->x || !out->y || !work) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double x = as_unit_convert(at->v.f[i], &at->unit, &celsius),
                     y = as_unit_convert(value->v.f[i], &value->unit, &to);
        if (!isfinite(x) || !isfinite(y) || (out->n && !(x > out->x[out->n - 1]))) continue;
        out->x[out->n] = x;
        out->y[out->n++] = y;
    }
    if (out->n < 5)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu points of rising temperature in '%s', at least 5 are needed", out->n,
                       t->name ? t->name : "a run");
    out->noise = as_noise_level(out->n, out->y, work);
    return AS_OK;
}

static as_status one_run(as_run *run, const as_tables *given, const char *what, curve *out)
{
    if (given->n != 1)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s holds %zu series, expected one %s run",
                       given->from, given->n, what);
    return curve_of(run->ctx, given->t[0], "heat_flow", "mW", out);
}

static as_status standard_of(as_run *run, curve *out)
{
    static const double table[][2] = {
#define AS_SAPPHIRE(kelvin, molar) { kelvin, molar },
#include "sapphire.def"
#undef AS_SAPPHIRE
    };
    const capacity_settings *set = run->settings;
    const size_t n = sizeof table / sizeof *table;
    if (set->standard.n == 1)
        return curve_of(run->ctx, set->standard.t[0], "heat_capacity", "J/g/K", out);
    if (set->standard.n > 1)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s holds %zu series, expected one table",
                       set->standard.from, set->standard.n);
    *out = (curve){ .n = n,
                    .x = AS_NEW_N(as_scratch(run->ctx), double, n),
                    .y = AS_NEW_N(as_scratch(run->ctx), double, n) };
    if (!out->x || !out->y) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        out->x[i] = table[i][0] - 273.15;
        out->y[i] = table[i][1] / SAPPHIRE_MOLAR_MASS;
    }
    return AS_OK;
}

/* mg, from the option, else the metadata of the run. */
static as_status mass_of(as_run *run, const as_table *t, double told, const char *option,
                         double *out, double *u)
{
    const as_unit mg = as_unit_of("mg");
    const as_meta *m = as_get_meta(t, "sample_mass");
    *out = told > 0 ? told : m ? as_unit_convert(m->number, &m->unit, &mg) : NAN;
    *u = told > 0 || !m || isnan(m->u) ? 0 : as_unit_scale(m->u, &m->unit, &mg);
    if (*out > 0) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL, "'%s' has no sample_mass: give it by --%s",
                   t->name ? t->name : "a run", option);
}

typedef struct three_runs {
    curve blank, reference, standard;
    double mass, u_mass, reference_mass, u_reference_mass; /* mg */
    double noise;                                          /* of the sample's heat flow, mW */
    double u_standard;                                     /* relative */
} three_runs;

/* Heat capacity and its uncertainty where sample (q), blank (b) and reference (r) are these. */
static double capacity(const three_runs *t, double q, double b, double r, double standard,
                       double *u)
{
    const double cp = standard * t->reference_mass / t->mass * (q - b) / (r - b);
    const double of_q = t->noise / (q - b), of_r = t->reference.noise / (r - b);
    const double of_b = t->blank.noise * (1 / (r - b) - 1 / (q - b));
    const double of_m = t->u_mass / t->mass, of_m_ref = t->u_reference_mass / t->reference_mass;
    *u = fabs(cp) * sqrt(of_q * of_q + of_r * of_r + of_b * of_b + of_m * of_m +
                         of_m_ref * of_m_ref + t->u_standard * t->u_standard);
    return cp;
}

static as_status fill(as_run *run, as_table *t, const three_runs *runs, as_column *cp,
                      as_column *sigma)
{
    const as_column *at = as_find_name(t, "temperature"), *flow = as_find_name(t, "heat_flow");
    const as_unit celsius = as_unit_of("degC"), mw = as_unit_of("mW");
    double *work = AS_NEW_N(as_scratch(run->ctx), double,
                            3 * (runs->blank.n + runs->reference.n + runs->standard.n));
    size_t outside = 0;
    if (!work) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double x = as_unit_convert(at->v.f[i], &at->unit, &celsius),
                     q = as_unit_convert(flow->v.f[i], &flow->unit, &mw);
        double b, r, standard;
        as_interpolate(AS_LINEAR, runs->blank.n, runs->blank.x, runs->blank.y, false, 1, &x, work,
                       &b);
        as_interpolate(AS_LINEAR, runs->reference.n, runs->reference.x, runs->reference.y, false, 1,
                       &x, work, &r);
        as_interpolate(AS_CUBIC, runs->standard.n, runs->standard.x, runs->standard.y, false, 1, &x,
                       work, &standard);
        cp->v.f[i] = capacity(runs, q, b, r, standard, &sigma->v.f[i]);
        outside += isfinite(x) && isnan(cp->v.f[i]);
    }
    if (outside == t->rows)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "the three runs and the standard have no temperature in common");
    if (outside)
        as_warn(run->ctx, t, NULL,
                "%zu rows outside the blank, the reference or the standard have no heat capacity",
                outside);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const capacity_settings *set = run->settings;
    three_runs runs;
    curve sample;
    AS_TRY(curve_of(run->ctx, owned, "heat_flow", "mW", &sample));
    AS_TRY(one_run(run, &set->blank, "blank", &runs.blank));
    AS_TRY(one_run(run, &set->reference, "reference", &runs.reference));
    AS_TRY(standard_of(run, &runs.standard));
    runs.u_standard = set->standard.n ? 0 : SAPPHIRE_U;
    AS_TRY(mass_of(run, owned, set->mass, "mass", &runs.mass, &runs.u_mass));
    AS_TRY(mass_of(run, set->reference.t[0], set->reference_mass, "reference-mass",
                   &runs.reference_mass, &runs.u_reference_mass));
    runs.noise = sample.noise;
    as_column *was = as_find_role(owned, AS_ROLE_Y), *old = as_find_role(owned, AS_ROLE_SIGMA);
    if (was) was->role = AS_ROLE_OTHER;
    if (old) old->role = AS_ROLE_OTHER;
    as_column *cp = as_add_column(run->ctx, owned, "heat_capacity", AS_ROLE_Y, as_unit_of("J/g/K"));
    as_column *sigma =
        cp ? as_add_column(run->ctx, owned, "sigma_heat_capacity", AS_ROLE_SIGMA, cp->unit) : NULL;
    if (!sigma) return AS_ERR;
    AS_TRY(fill(run, owned, &runs, cp, sigma));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "three runs of a differential calorimeter",
      "assay set sample_mass=10mg tests/corpus/thermal/cp-sample.csv | assay heat-capacity --blank "
      "tests/corpus/thermal/cp-blank.csv --reference tests/corpus/thermal/cp-sapphire.csv "
      "--reference-mass 25mg | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "ISO 11357-4:2021, Plastics - Differential scanning calorimetry - Part 4: specific heat "
    "capacity",
    "Ditmars et al. 1982, Enthalpy and heat-capacity standard reference material: synthetic "
    "sapphire (alpha-Al2O3) from 10 "
    "to 2250 K, J. Res. Natl. Bur. Stand. 87, 159",
    NULL
};
static const char *const see_also[] = { "glass-transition", "dsc-peak", "segments", NULL };

const as_op as_op_heat_capacity = {
    .name = "heat-capacity",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(capacity_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "specific heat capacity by three runs of a DSC",
             .description =
                 "The heat flow of the sample less that of the empty crucible, beside that of a reference of "
                 "known heat capacity less the same. Sapphire is built in (after NBS SRM 720, -73 to 927 degC, "
                 "taken as good to 0.1 %); another reference is a table of `temperature` and `heat_capacity`, "
                 "taken as exact. The runs are put on the sample's temperatures by straight lines. Sigma holds "
                 "the noise of the three runs, the masses' uncertainties where the metadata have them, and that "
                 "of the built-in table; not how well the crucible sat.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
