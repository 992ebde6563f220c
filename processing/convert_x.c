/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert-x: another quantity, or another unit, along x.
 *
 * Quantities form three families. Inside each, everything goes through one hub: q for
 * diffraction, the vacuum wavenumber for light, the kinetic energy for electrons. One row of
 * forms[] per quantity says how it comes from the hub and goes to it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "vocabulary.h"

typedef struct {
    const char *to, *unit;
} convert_settings;

static const as_param params[] = {
    AS_STRING(convert_settings, to, "to", "",
              "quantity: two_theta, theta, d_spacing, q; wavenumber, raman_shift, wavelength, "
              "photon_energy, frequency; binding_energy, kinetic_energy"),
    AS_STRING(convert_settings, unit, "unit", "", "unit of the new x; none: the usual one"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "a quantity of the vocabulary" },
    { .kind = AS_NEED_META, .name = "wavelength", .unit = "Angstrom", .optional = true,
      .help = "of the radiation: between angles and d_spacing or q" },
    { .kind = AS_NEED_META, .name = "laser_wavelength", .unit = "nm", .optional = true,
      .help = "in vacuum: for raman_shift" },
    { .kind = AS_NEED_META, .name = "photon_energy", .unit = "eV", .optional = true,
      .help = "of the excitation: between binding and kinetic energy" },
    { .kind = AS_NEED_META, .name = "work_function", .unit = "eV", .optional = true,
      .help = "of the analyser: likewise" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "converted" },
    { 0 }
};

typedef enum { DIFFRACTION, LIGHT, ELECTRONS } family;

/* What a conversion may need besides x: Angstrom, cm-1, eV, eV. NaN: not known. */
typedef struct { double wavelength, laser, photon, work; } constants;

static const double pi = 3.14159265358979323846;
static const double ev_per_wavenumber = 1.239841984332003e-4; /* h c / e in eV cm, exact SI 2019 */
static const double hz_per_wavenumber = 2.99792458e10;

static double same(double v, const constants *k)
{
    (void)k;
    return v;
}
static double theta_to_q(double theta, const constants *k)
{
    return 4 * pi * sin(theta) / k->wavelength;
}
static double theta_from_q(double q, const constants *k)
{
    return asin(q * k->wavelength / (4 * pi)); /* NaN beyond the sphere of reflection */
}
static double two_theta_to_q(double two_theta, const constants *k)
{
    return theta_to_q(two_theta / 2, k);
}
static double two_theta_from_q(double q, const constants *k)
{
    return 2 * theta_from_q(q, k);
}
static double over_two_pi(double v, const constants *k)
{
    (void)k;
    return 2 * pi / v; /* d = 2 pi / q and back */
}
static double nm_to_wavenumber(double v, const constants *k)
{
    (void)k;
    return 1e7 / v;
}
static double shift_to_wavenumber(double shift, const constants *k)
{
    return k->laser - shift;
}
static double ev_to_wavenumber(double v, const constants *k)
{
    (void)k;
    return v / ev_per_wavenumber;
}
static double ev_from_wavenumber(double v, const constants *k)
{
    (void)k;
    return v * ev_per_wavenumber;
}
static double hz_to_wavenumber(double v, const constants *k)
{
    (void)k;
    return v / hz_per_wavenumber;
}
static double hz_from_wavenumber(double v, const constants *k)
{
    (void)k;
    return v * hz_per_wavenumber;
}
static double binding_to_kinetic(double v, const constants *k)
{
    return k->photon - k->work - v;
}

typedef struct {
    const char *name;
    family family;
    const char *unit; /* in which the functions count */
    double (*to_hub)(double, const constants *);
    double (*from_hub)(double, const constants *);
    const char *needs; /* metadata, between this and any other quantity */
} form;

static const form forms[] = {
    { "two_theta", DIFFRACTION, "rad", two_theta_to_q, two_theta_from_q, "wavelength" },
    { "theta", DIFFRACTION, "rad", theta_to_q, theta_from_q, "wavelength" },
    { "d_spacing", DIFFRACTION, "Angstrom", over_two_pi, over_two_pi, NULL },
    { "q", DIFFRACTION, "Angstrom-1", same, same, NULL },
    { "wavenumber", LIGHT, "cm-1", same, same, NULL },
    { "raman_shift", LIGHT, "cm-1", shift_to_wavenumber, shift_to_wavenumber, "laser_wavelength" },
    { "wavelength", LIGHT, "nm", nm_to_wavenumber, nm_to_wavenumber, NULL },
    { "photon_energy", LIGHT, "eV", ev_to_wavenumber, ev_from_wavenumber, NULL },
    { "frequency", LIGHT, "Hz", hz_to_wavenumber, hz_from_wavenumber, NULL },
    { "kinetic_energy", ELECTRONS, "eV", same, same, NULL },
    { "binding_energy", ELECTRONS, "eV", binding_to_kinetic, binding_to_kinetic, "photon_energy" },
};
enum { FORMS = sizeof forms / sizeof *forms };

static const form *form_of(const char *name)
{
    for (size_t k = 0; k < FORMS; k++)
        if (strcmp(forms[k].name, name) == 0) return &forms[k];
    return NULL;
}

static as_status constant(as_ctx *ctx, const as_table *t, const char *key, const char *unit,
                          double *out)
{
    const as_meta *m = as_need_meta(ctx, t, key);
    if (!m) return AS_ERR;
    const as_unit want = as_unit_of(unit);
    *out = as_unit_convert(m->number, &m->unit, &want);
    if (isfinite(*out)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "%s is '%s', expected a number in %s", key,
                   m->text ? m->text : "", unit);
}

static as_status constants_of(as_ctx *ctx, const as_table *t, const char *need, constants *k)
{
    if (!need) return AS_OK;
    if (strcmp(need, "wavelength") == 0)
        return constant(ctx, t, need, "Angstrom", &k->wavelength);
    if (strcmp(need, "photon_energy") == 0) {
        AS_TRY(constant(ctx, t, need, "eV", &k->photon));
        AS_TRY(constant(ctx, t, "work_function", "eV", &k->work));
        if (k->work >= 0) return AS_OK;
        (void)!as_fail(ctx, AS_E_UNIT, NULL, "work_function is %g eV, and none is negative", k->work);
        return as_while(ctx, "hint: Kratos writes -4.5 eV beside energies that count from the Fermi level: "
                             "assay set work_function=0eV");
    }
    AS_TRY(constant(ctx, t, need, "nm", &k->laser));
    k->laser = 1e7 / k->laser;
    return AS_OK;
}

static as_status pick(as_ctx *ctx, const as_column *x, const char *to, const form **from,
                      const form **into)
{
    const char *names[FORMS];
    for (size_t k = 0; k < FORMS; k++) names[k] = forms[k].name;
    *from = form_of(x->name);
    *into = form_of(to);
    if (!*into) {
        char known[512] = "";
        for (size_t k = 0, at = 0; k < FORMS && at < sizeof known; k++)
            at += (size_t)snprintf(known + at, sizeof known - at, "%s%s", k ? ", " : "", names[k]);
        const char *near = as_near_miss(to, FORMS, names);
        return as_fail(ctx, AS_E_USAGE, NULL, "x cannot be converted to '%s', expected one of %s%s%s%s", to, known,
                       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    if (!*from)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "x is called '%s', expected a quantity that converts to %s; `select` can "
                       "rename it", x->name, to);
    if (*from == *into)
        return as_fail(ctx, AS_E_USAGE, NULL, "x is %s already; it would be converted twice", to);
    if ((*from)->family != (*into)->family)
        return as_fail(ctx, AS_E_USAGE, NULL, "%s does not convert to %s", x->name, to);
    return AS_OK;
}

/* Only another unit of the same quantity. */
static as_status other_unit(as_ctx *ctx, as_table *t, as_column *x, const as_unit *unit)
{
    if (!as_unit_same_dimension(&x->unit, unit))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s in %s does not convert to %s", x->name,
                       x->unit.symbol, unit->symbol);
    for (size_t i = 0; i < t->rows; i++) x->v.f[i] = as_unit_convert(x->v.f[i], &x->unit, unit);
    x->unit = *unit;
    return AS_OK;
}

static as_status other_quantity(as_ctx *ctx, as_table *t, as_column *x, const char *to, as_unit unit,
                                bool has_unit)
{
    const form *from, *into;
    constants k = { NAN, NAN, NAN, NAN };
    AS_TRY(pick(ctx, x, to, &from, &into));
    AS_TRY(constants_of(ctx, t, from->needs, &k));
    AS_TRY(constants_of(ctx, t, into->needs, &k));
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, into->name);
    const as_unit counts_in = as_unit_of(from->unit), gives_in = as_unit_of(into->unit);
    if (!has_unit && word) AS_TRY(as_unit_parse(ctx, t->arena, word->unit, &unit));
    if (!as_unit_same_dimension(&unit, &gives_in))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s cannot be in %s", to, unit.symbol);
    if (!as_unit_same_dimension(&x->unit, &counts_in))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s, expected a unit like %s", x->name,
                       x->unit.symbol, from->unit);
    size_t lost = 0;
    for (size_t i = 0; i < t->rows; i++) {
        const double v = as_unit_convert(x->v.f[i], &x->unit, &counts_in);
        const double w = into->from_hub(from->to_hub(v, &k), &k);
        lost += isfinite(v) && !isfinite(w);
        x->v.f[i] = isfinite(w) ? as_unit_convert(w, &gives_in, &unit) : NAN;
    }
    if (lost)
        as_warn(ctx, t, NULL, "%zu values of %s have no %s; they are nan now", lost, from->name, to);
    x->name = as_strdup(t->arena, into->name);
    x->label = word ? word->label : x->name;
    x->unit = unit;
    return x->name ? AS_OK : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const convert_settings *set = run->settings;
    as_column *x = as_need(run->ctx, owned, AS_ROLE_X);
    as_unit unit = AS_UNITLESS;
    const bool has_unit = set->unit && set->unit[0];
    if (!x) return AS_ERR;
    if (x->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "x (%s) is text, expected numbers", x->name);
    if (has_unit) AS_TRY(as_unit_parse(run->ctx, owned->arena, set->unit, &unit));
    if (set->to && set->to[0])
        AS_TRY(other_quantity(run->ctx, owned, x, set->to, unit, has_unit));
    else if (has_unit)
        AS_TRY(other_unit(run->ctx, owned, x, &unit));
    else
        return as_fail(run->ctx, AS_E_USAGE, NULL, "convert-x needs --to or --unit");
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "Raman shift to the wavelength of the scattered light",
      "assay set laser_wavelength=632.8nm < tests/corpus/raman/fluorescence.ecsv"
      " | assay convert-x --to wavelength | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "convert-y", "calibrate-x", NULL };

const as_op as_op_convert_x = {
    .name = "convert-x",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(convert_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "convert x to another quantity or unit",
             .description =
                 "Diffraction: two_theta, theta, d_spacing, q; angles need the metadata `wavelength`. "
                 "Light, in vacuum: wavenumber, wavelength, photon_energy, frequency, and "
                 "raman_shift, which needs `laser_wavelength`. Electrons: binding_energy and "
                 "kinetic_energy, which need `photon_energy` and `work_function` (0 eV where the "
                 "kinetic energy counts from the Fermi level). Nothing is assumed: what is missing "
                 "is supplied with `assay set`.\n\n"
                 "y is left as it is, also where equal steps of the one are unequal steps of the "
                 "other. Rows keep their order. A conversion to what x is already is refused.",
             .examples = examples,
             .see_also = see_also },
};
