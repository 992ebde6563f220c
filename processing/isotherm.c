/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a table to an isotherm: branch, relative pressure, amount in mmol/g, and what was left out.
 */
#include <math.h>
#include <string.h>

#include "isotherm.h"
#include "linear_fit.h"

const as_choice as_branches[] = { { "adsorption", AS_ADSORPTION, "rising pressure" },
                                  { "desorption", AS_DESORPTION, "falling pressure" },
                                  { 0 } };

/* Relative pressures of all rows, in scratch, and where they come from. */
static as_status relative_pressures(as_ctx *ctx, as_table *t, const as_isotherm_options *o,
                                    double **out, const char **from)
{
    const as_column *rel = as_find_numbers(t, "relative_pressure"), *p = as_find_numbers(t, "pressure");
    const as_column *p0 = as_find_numbers(t, "saturation_pressure");
    const as_meta *p0_meta = as_get_meta(t, "saturation_pressure");
    const as_unit one = AS_UNITLESS, kpa = as_unit_of("kPa");
    double *x = AS_NEW_N(as_scratch(ctx), double, t->rows);
    if (!x) return AS_ERR;
    *out = x;
    if (rel && !(o->p0 > 0 && p)) {
        *from = "as_measured";
        for (size_t i = 0; i < t->rows; i++) x[i] = as_unit_convert(rel->v.f[i], &rel->unit, &one);
        return AS_OK;
    }
    if (!p) return as_need_column(ctx, t, "relative_pressure") ? AS_OK : AS_ERR;
    if (!as_unit_same_dimension(&p->unit, &kpa))
        return as_fail(ctx, AS_E_UNIT, NULL, "pressure is in %s, expected a unit like kPa",
                       p->unit.symbol);
    const double fixed = o->p0 > 0 ? o->p0
                         : p0_meta ? as_unit_convert(p0_meta->number, &p0_meta->unit, &kpa)
                                   : NAN;
    *from = o->p0 > 0 ? "given_p0"
            : p0      ? "column_saturation_pressure"
                      : "metadata_saturation_pressure";
    if (!(fixed > 0) && !p0)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the data have absolute pressures and no saturation pressure; give it with "
                       "--p0, such as 101.325kPa");
    for (size_t i = 0; i < t->rows; i++) {
        const double at = as_unit_convert(p->v.f[i], &p->unit, &kpa);
        const double saturation =
            o->p0 > 0 || !p0 ? fixed : as_unit_convert(p0->v.f[i], &p0->unit, &kpa);
        x[i] = at / saturation;
    }
    return AS_OK;
}

/* Pressures of all rows in kPa, in scratch. */
static as_status absolute_pressures(as_ctx *ctx, as_table *t, const as_isotherm_options *o, double **out,
                                    const char **from)
{
    const as_column *rel = as_find_numbers(t, "relative_pressure"), *p = as_find_numbers(t, "pressure");
    const as_column *p0 = as_find_numbers(t, "saturation_pressure");
    const as_meta *p0_meta = as_get_meta(t, "saturation_pressure");
    const as_unit one = AS_UNITLESS, kpa = as_unit_of("kPa");
    double *x = AS_NEW_N(as_scratch(ctx), double, t->rows);
    if (!x) return AS_ERR;
    *out = x;
    if (p) {
        if (!as_unit_same_dimension(&p->unit, &kpa))
            return as_fail(ctx, AS_E_UNIT, NULL, "pressure is in %s, expected a unit like kPa", p->unit.symbol);
        for (size_t i = 0; i < t->rows; i++) x[i] = as_unit_convert(p->v.f[i], &p->unit, &kpa);
        *from = "as_measured";
        return AS_OK;
    }
    if (!rel) return as_need_column(ctx, t, "pressure") ? AS_OK : AS_ERR;
    if (!(o->p0 > 0) && !p0 && !p0_meta)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the data have relative pressures and no saturation pressure; give it with --p0, such as "
                       "101.325kPa");
    for (size_t i = 0; i < t->rows; i++) {
        const double saturation = o->p0 > 0 ? o->p0
                                  : p0      ? as_unit_convert(p0->v.f[i], &p0->unit, &kpa)
                                            : as_unit_convert(p0_meta->number, &p0_meta->unit, &kpa);
        x[i] = as_unit_convert(rel->v.f[i], &rel->unit, &one) * saturation;
    }
    *from = o->p0 > 0 ? "p/p0_times_given_p0" : "p/p0_times_saturation_pressure";
    return AS_OK;
}

/* The factor that turns `uptake` into mmol/g. */
static as_status uptake_factor(as_ctx *ctx, const as_table *t, const as_column *uptake, double *out)
{
    const as_unit per_gram = as_unit_of("mmol/g"), amount = as_unit_of("mmol"),
                  gram = as_unit_of("g");
    if (as_unit_same_dimension(&uptake->unit, &per_gram)) {
        *out = as_unit_convert(1, &uptake->unit, &per_gram);
        return AS_OK;
    }
    if (!as_unit_same_dimension(&uptake->unit, &amount))
        return as_fail(ctx, AS_E_UNIT, NULL,
                       "uptake is in %s, expected an amount like mmol/g or cm3(STP)/g",
                       uptake->unit.symbol);
    const as_meta *mass = as_need_meta(ctx, t, "sample_mass");
    if (!mass) return as_while(ctx, "turning an amount per sample into one per gram");
    *out = as_unit_convert(1, &uptake->unit, &amount) /
           as_unit_convert(mass->number, &mass->unit, &gram);
    return AS_OK;
}

/* Without a branch column everything up to the highest pressure is adsorption. */
static bool in_branch(const as_column *branch, int wanted, size_t row, size_t top)
{
    if (!branch || branch->type != AS_TEXT)
        return wanted == AS_ADSORPTION ? row <= top : row >= top;
    const char *text = branch->v.s[row];
    return text && (strncmp(text, "des", 3) == 0) == (wanted == AS_DESORPTION);
}

static size_t highest(size_t n, const double *x)
{
    size_t top = 0;
    for (size_t i = 1; i < n; i++)
        if (x[i] > x[top] || isnan(x[top])) top = i;
    return top;
}

static void identify_gas(as_table *t, const as_isotherm_options *o, as_isotherm *out)
{
    const as_meta *gas = as_get_meta(t, "adsorbate"), *temperature = as_get_meta(t, "temperature");
    const as_unit kelvin = as_unit_of("K");
    const char *name = o->gas ? o->gas : gas ? gas->text : NULL;
    out->gas = name ? as_gas_find(name) : NULL;
    out->temperature =
        temperature ? as_unit_convert(temperature->number, &temperature->unit, &kelvin) : NAN;
}

/* Part of the largest amount by which the curve may go the wrong way before that is more than noise. */
static const double WRONG_WAY = 0.01;

/* What the points themselves say against the isotherm: p/p0 above 1, amounts that go the wrong way. */
static void check_points(as_ctx *ctx, as_table *t, const as_isotherm_options *o, const as_isotherm *iso)
{
    size_t above = 0, wrong = 0;
    double most = 0, largest = 0;
    for (size_t i = 0; i < iso->n; i++) {
        above += !o->absolute && iso->x[i] > 1;
        largest = fmax(largest, iso->uptake[i]);
    }
    for (size_t i = 1; i < iso->n; i++) {
        const double against = (iso->uptake[i - 1] - iso->uptake[i]) * (o->branch == AS_ADSORPTION ? 1 : -1);
        wrong += against > WRONG_WAY * largest;
        most = fmax(most, against);
    }
    if (above)
        as_warn(ctx, t, NULL, "p/p0 is above 1 at %zu points: the saturation pressure is too low for them", above);
    if (wrong)
        as_warn(ctx, t, NULL, "the amount %s at %zu points, by up to %.2g %% of the largest",
                o->branch == AS_ADSORPTION ? "falls with rising pressure" : "rises with falling pressure", wrong,
                100 * most / largest);
}

as_status as_isotherm_of(as_ctx *ctx, as_table *t, const as_isotherm_options *o, as_isotherm *out)
{
    double *x = NULL, factor = NAN;
    *out = (as_isotherm){ 0 };
    const as_column *uptake = as_need_column(ctx, t, "uptake"), *branch = as_find_name(t, "branch");
    if (!uptake) return AS_ERR;
    AS_TRY(uptake_factor(ctx, t, uptake, &factor));
    AS_TRY((o->absolute ? absolute_pressures : relative_pressures)(ctx, t, o, &x, &out->p0_from));
    out->x = AS_NEW_N(as_scratch(ctx), double, t->rows);
    out->uptake = AS_NEW_N(as_scratch(ctx), double, t->rows);
    out->row = AS_NEW_N(as_scratch(ctx), size_t, t->rows);
    if (!out->x || !out->uptake || !out->row) return AS_ERR;
    const size_t top = highest(t->rows, x);
    const double sense = o->branch == AS_ADSORPTION ? 1 : -1;
    for (size_t i = 0; i < t->rows; i++) {
        if (!in_branch(branch, o->branch, i, top)) continue;
        const bool advances = out->n == 0 || sense * (x[i] - out->x[out->n - 1]) > 0;
        if (!(x[i] > 0) || !isfinite(uptake->v.f[i]) || !advances) {
            out->dropped++;
            continue;
        }
        out->x[out->n] = x[i];
        out->uptake[out->n] = factor * uptake->v.f[i];
        out->row[out->n++] = i;
    }
    if (out->n < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%zu usable points in the branch, at least 3 are needed", out->n);
    if (out->dropped)
        as_warn(ctx, t, NULL, "%zu points left out: %s not above 0 or not advancing", out->dropped,
                o->absolute ? "pressure" : "p/p0");
    check_points(ctx, t, o, out);
    identify_gas(t, o, out);
    return AS_OK;
}

as_status as_isotherm_need_gas(as_ctx *ctx, const as_isotherm *iso)
{
    if (!iso->gas)
        return as_fail(
            ctx, AS_E_MISSING, NULL,
            "the adsorptive is not known; give it with --gas or: assay set adsorbate=N2");
    if (iso->temperature > iso->gas->critical_temperature)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "%s at %.2f K is above its critical temperature (%.2f K): there is no "
                       "saturation pressure",
                       iso->gas->name, iso->temperature, iso->gas->critical_temperature);
    return AS_OK;
}

bool as_isotherm_window(const as_isotherm *iso, double lo, double hi, size_t least, size_t *first,
                        size_t *last)
{
    size_t n = 0;
    for (size_t i = 0; i < iso->n; i++) {
        if (iso->x[i] < lo || iso->x[i] > hi || iso->x[i] >= 1) continue;
        if (n++ == 0) *first = i;
        *last = i;
    }
    return n >= least;
}

double as_isotherm_kelvin(const as_isotherm *iso)
{
    return isnan(iso->temperature) ? iso->gas->boiling_point : iso->temperature;
}

as_status as_isotherm_molar_volume(as_ctx *ctx, as_table *t, const as_isotherm *iso, double given,
                                   double *out)
{
    *out = given;
    if (given > 0) return AS_OK;
    AS_TRY(as_isotherm_need_gas(ctx, iso));
    *out = iso->gas->molar_volume;
    if (fabs(as_isotherm_kelvin(iso) - iso->gas->boiling_point) > 2)
        as_warn(ctx, t, NULL,
                "the molar volume is that of liquid %s at %.2f K, the isotherm is of %.2f K; another: "
                "--molar-volume", iso->gas->name, iso->gas->boiling_point, iso->temperature);
    return AS_OK;
}

as_status as_isotherm_rising(as_ctx *ctx, const as_isotherm *iso, const double **x,
                             const double **uptake)
{
    *x = iso->x;
    *uptake = iso->uptake;
    if (iso->n < 2 || iso->x[1] > iso->x[0]) return AS_OK;
    double *rx = AS_NEW_N(as_scratch(ctx), double, iso->n);
    double *ru = AS_NEW_N(as_scratch(ctx), double, iso->n);
    if (!rx || !ru) return AS_ERR;
    for (size_t i = 0; i < iso->n; i++) {
        rx[i] = iso->x[iso->n - 1 - i];
        ru[i] = iso->uptake[iso->n - 1 - i];
    }
    *x = rx;
    *uptake = ru;
    return AS_OK;
}

as_status as_isotherm_fit(as_ctx *ctx, size_t n, const double *x, const double *y,
                          as_isotherm_line *out)
{
    as_linear_fit fit;
    double sum = 0;
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), n, 1, x, y, NULL, false, &fit));
    for (size_t i = 0; i < n; i++) sum += fit.residual[i] * fit.residual[i];
    *out = (as_isotherm_line){ .slope = fit.p[1], .intercept = fit.p[0],
                               .u_slope = fit.u[1], .u_intercept = fit.u[0],
                               .covariance = fit.covariance[1], .r2 = fit.r_squared,
                               .rms = sqrt(sum / (double)n) };
    return AS_OK;
}

as_status as_isotherm_dose_u(as_ctx *ctx, const as_isotherm *iso, double u_dose, as_isotherm_values *values,
                             void *user, size_t m, double *u)
{
    double *moved = AS_NEW_N(as_scratch(ctx), double, iso->n + 2 * m);
    if (!moved) return AS_ERR;
    double *above = moved + iso->n, *below = above + m;
    for (size_t j = 0; j < m; j++) u[j] = u_dose > 0 ? 0 : NAN;
    if (!(u_dose > 0)) return AS_OK;
    if (iso->x[1] < iso->x[0])
        return as_fail(ctx, AS_E_USAGE, NULL, "--u-dose is for the adsorption branch");
    for (size_t k = 0; k < iso->n; k++) {
        const double dose = iso->uptake[k] - (k ? iso->uptake[k - 1] : 0);
        for (int sign = -1; sign <= 1; sign += 2) {
            for (size_t i = 0; i < iso->n; i++) moved[i] = iso->uptake[i] + (i < k ? 0 : sign * u_dose * dose);
            AS_TRY(values(user, moved, sign < 0 ? below : above));
        }
        for (size_t j = 0; j < m; j++) u[j] = hypot(u[j], (above[j] - below[j]) / 2);
    }
    return AS_OK;
}

as_status as_give_line(as_ctx *ctx, as_table *t, const char *item, const as_isotherm_line *line,
                       size_t points, const char *slope_unit, const char *intercept_unit,
                       const char *method)
{
    AS_TRY(as_add_quantity(ctx, t, item, "slope", line->slope, line->u_slope, slope_unit, NULL, method));
    AS_TRY(as_add_quantity(ctx, t, item, "intercept", line->intercept, line->u_intercept,
                           intercept_unit, NULL, method));
    AS_TRY(as_add_quantity(ctx, t, item, "r_squared", line->r2, NAN, "1", NULL, method));
    return as_add_quantity(ctx, t, item, "points_used", (double)points, NAN, "1", NULL, method);
}
