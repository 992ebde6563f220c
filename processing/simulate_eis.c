/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-eis: impedance spectra of a circuit at several temperatures, for tests of everything
 * else. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "circuit.h"
#include "random.h"

typedef struct {
    const char *circuit, *parameters, *resistor, *sample, *origin;
    double conductivity, reference, activation, thickness, area, noise, seed, stream;
    as_list temperatures;
    as_range frequencies;
    int per_decade;
} eis_settings;

static const as_param params[] = {
    AS_STRING(eis_settings, circuit, "circuit", "L0-R0-CPE1", "as that of eis-fit"),
    AS_STRING(eis_settings, parameters, "parameters", NULL,
              "values of all its parameters in SI units: \"L0=1e-7 R0=12 CPE1.q=2e-6 CPE1.n=0.9\""),
    AS_DOUBLE(eis_settings, conductivity, "conductivity", "0", 0, 1e6, "S/cm",
              "of the sample at --reference; 0: the resistor is as given at all temperatures"),
    AS_DOUBLE(eis_settings, reference, "reference", "298.15K", 1, 5000, "K",
              "temperature of --conductivity"),
    AS_DOUBLE(eis_settings, activation, "activation-energy", "0eV", 0, 10, "eV",
              "of ln(sigma) per carrier"),
    AS_STRING(eis_settings, resistor, "resistor", "R0", "resistance that is d/(sigma A)"),
    AS_LIST(eis_settings, temperatures, "temperatures", "25", "degC", "one spectrum at each"),
    AS_DOUBLE(eis_settings, thickness, "thickness", "100um", 1e-6, 1e7, "um", "of the sample"),
    AS_DOUBLE(eis_settings, area, "area", "1cm2", 1e-9, 1e6, "cm2", "of the electrodes"),
    AS_RANGE(eis_settings, frequencies, "frequencies", "1:1e6", "Hz", "from the highest down"),
    AS_INT(eis_settings, per_decade, "per-decade", "10", 1, 1000, "points for each decade"),
    AS_DOUBLE(eis_settings, noise, "noise", "0.002", 0, 1, NULL,
              "standard deviation of either part, over the modulus; 0: none"),
    AS_DOUBLE(eis_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(eis_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers at the first temperature; the next ones follow"),
    AS_STRING(eis_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(eis_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_X,
                                   .name = "z_real",
                                   .unit = "Ohm",
                                   .help = "with noise" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "z_imag",
                                   .unit = "Ohm",
                                   .help = "with noise, capacitive negative" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_OTHER,
                                   .name = "frequency",
                                   .unit = "Hz",
                                   .help = "falling" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_resistance",
                                   .unit = "Ohm",
                                   .help = "of each resistance" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_conductivity",
                                   .unit = "S/cm",
                                   .help = "with --conductivity" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_activation_energy",
                                   .unit = "eV",
                                   .help = "with --conductivity" },
                                 { 0 } };

static const double TWO_PI = 6.28318530717958647692;
static const double BOLTZMANN_EV = 1.380649e-23 / 1.602176634e-19; /* CODATA 2018, exact */

/* The same digits on every machine. */
static double round_to(double v, int digits)
{
    const double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    return v == 0 ? 0 : round(v * scale) / scale;
}

typedef struct state {
    as_circuit c;
    size_t resistor;
    double p[AS_CIRCUIT_PARAMS];
} state;

static as_status prepare(as_run *run, state *s)
{
    const eis_settings *set = run->settings;
    AS_TRY(as_circuit_parse(run->ctx, as_scratch(run->ctx), set->circuit, &s->c));
    AS_TRY(as_circuit_settings(run->ctx, &s->c, set->parameters));
    s->resistor = as_circuit_find(&s->c, set->resistor, strlen(set->resistor));
    const bool wanted = set->conductivity > 0;
    if (wanted && (s->resistor == s->c.n_params ||
                   strcmp(s->c.param[s->resistor].what->quantity, "resistance") != 0))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "%s has no resistance %s", s->c.text,
                       set->resistor);
    for (size_t k = 0; k < s->c.n_params; k++) {
        s->p[k] = s->c.param[k].start;
        if (isnan(s->p[k]) && !(wanted && k == s->resistor))
            return as_fail(run->ctx, AS_E_USAGE, NULL, "--parameters gives no value of %s",
                           s->c.param[k].name);
    }
    return AS_OK;
}

static as_status metadata(as_ctx *ctx, as_table *t, const eis_settings *set, double celsius,
                          double stream)
{
    char text[200];
    const char *sample = set->sample ? set->sample : "cell";
    (void)snprintf(text, sizeof text, "assay simulate-eis, seed %.0f stream %.0f: no measurement",
                   set->seed, stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    AS_TRY(as_set_meta(ctx, t, "sample", sample, NULL, NULL));
    if (set->origin && *set->origin)
        AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    t->name = as_format(t->arena, "%s-%.4g", sample, celsius);
    t->label = as_format(t->arena, "%s, %.4g °C (simulated)", sample, celsius);
    if (!t->name || !t->label) return AS_ERR;
    AS_TRY(as_set_number(ctx, t, "temperature", celsius + 273.15, NAN, as_unit_of("K"), NULL));
    AS_TRY(as_set_number(ctx, t, "thickness", set->thickness, NAN, as_unit_of("um"), NULL));
    return as_set_number(ctx, t, "electrode_area", set->area, NAN, as_unit_of("cm2"), NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, const state *s, const eis_settings *set,
                       double sigma)
{
    for (size_t e = 0; e < s->c.n_elements; e++) {
        const size_t k = s->c.element[e].first;
        if (strcmp(s->c.param[k].what->quantity, "resistance") != 0) continue;
        AS_TRY(as_add_quantity(ctx, t, s->c.element[e].name, "true_resistance", s->p[k], 0, "Ohm",
                               NULL, "truth"));
    }
    if (!(set->conductivity > 0)) return AS_OK;
    AS_TRY(as_add_quantity(ctx, t, "sample", "true_conductivity", sigma, 0, "S/cm", NULL, "truth"));
    return as_add_quantity(ctx, t, "sample", "true_activation_energy", set->activation, 0, "eV",
                           NULL, "truth;ln(sigma)");
}

static as_status columns(as_ctx *ctx, as_table *t, const state *s, const eis_settings *set,
                         double stream)
{
    const as_unit ohm = as_unit_of("Ohm");
    as_column *re = as_add_column(ctx, t, "z_real", AS_ROLE_X, ohm);
    as_column *im = as_add_column(ctx, t, "z_imag", AS_ROLE_Y, ohm);
    as_column *f = as_add_column(ctx, t, "frequency", AS_ROLE_OTHER, as_unit_of("Hz"));
    as_random r;
    if (!re || !im || !f) return AS_ERR;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)stream);
    for (size_t i = 0; i < t->rows; i++) {
        f->v.f[i] = round_to(set->frequencies.hi * pow(10, -(double)i / set->per_decade), 7);
        const double _Complex z = as_circuit_impedance(&s->c, TWO_PI * f->v.f[i], s->p, NULL);
        const double size = set->noise * cabs(z), a = as_random_normal(&r),
                     b = as_random_normal(&r);
        re->v.f[i] = round_to(creal(z) + size * a, 7);
        im->v.f[i] = round_to(cimag(z) + size * b, 7);
    }
    return AS_OK;
}

static as_status source(as_run *run)
{
    const eis_settings *set = run->settings;
    const as_range *f = &set->frequencies;
    state *s = AS_NEW(as_scratch(run->ctx), state);
    if (!s) return AS_ERR;
    AS_TRY(prepare(run, s));
    if (!(f->lo > 0 && f->hi > f->lo && isfinite(f->hi)))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "--frequencies must have both ends, above zero");
    const size_t rows = (size_t)floor(log10(f->hi / f->lo) * set->per_decade + 1e-9) + 1;
    for (size_t i = 0; i < set->temperatures.n; i++) {
        const double celsius = set->temperatures.v[i], kelvin = celsius + 273.15,
                     stream = set->stream + (double)i;
        if (!(kelvin > 0))
            return as_fail(run->ctx, AS_E_USAGE, NULL, "%.6g degC is below absolute zero", celsius);
        const double sigma = set->conductivity * exp(-set->activation / BOLTZMANN_EV *
                                                     (1 / kelvin - 1 / set->reference));
        if (sigma > 0) s->p[s->resistor] = set->thickness * 1e-4 / (sigma * set->area);
        as_table *t = as_table_new(run->ctx, rows);
        if (!t) return AS_ERR;
        t->technique = "echem";
        AS_TRY(columns(run->ctx, t, s, set, stream));
        AS_TRY(metadata(run->ctx, t, set, celsius, stream));
        AS_TRY(truth(run->ctx, t, s, set, sigma));
        AS_TRY(as_emit(run->out, run->ctx, t));
    }
    return AS_OK;
}

static const as_example examples[] = {
    { "a solid electrolyte at three temperatures, and the activation energy that is found",
      "assay simulate-eis --parameters \"L0=2e-7 CPE1.q=2e-6 CPE1.n=0.9\" --conductivity 0.5mS/cm "
      "--activation-energy 0.3eV --temperatures 25,50,75 | assay eis-fit --circuit L0-R0-CPE1 "
      "--bulk R0"
      " | assay conductivity | assay arrhenius | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Lasia 2014, Electrochemical Impedance Spectroscopy and its Applications, Springer", NULL
};
static const char *const see_also[] = { "eis-fit", "conductivity", "arrhenius",
                                        "simulate-voltammetry", NULL };

const as_op as_op_simulate_eis = {
    .name = "simulate-eis",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(eis_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate impedance spectra of a circuit at several temperatures",
             .description = "The circuit is that of `eis-fit`. With *conductivity* the *resistor* "
                            "is d/(sigma A), and sigma follows "
                            "sigma(T) = sigma(*reference*) exp(-E/k (1/T - 1/T_ref)): one series "
                            "for each temperature. The noise is "
                            "relative to the modulus and independent in both parts.\n\n"
                            "The same settings give the same values on every machine. The metadata "
                            "say `simulated`; resistances, "
                            "conductivity and activation energy are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
