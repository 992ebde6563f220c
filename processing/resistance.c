/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resistance: the bulk resistance of an impedance spectrum by two named definitions. */
#include <math.h>

#include "impedance.h"

typedef struct {
    as_range frequencies;
} resistance_settings;

static const as_param params[] = {
    AS_RANGE(resistance_settings, frequencies, "frequencies", "", "Hz", "that are looked at; open: all"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "frequency", .unit = "Hz", .help = "in any order" },
    { .kind = AS_NEED_COLUMN, .name = "z_real", .unit = "Ohm", .help = "real part" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag", .unit = "Ohm", .help = "capacitive negative" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "bulk_resistance", .unit = "Ohm", .help = "by each definition" },
    { .kind = AS_NEED_RESULT, .name = "found_at", .unit = "Hz", .help = "frequency of each" },
    { 0 }
};

typedef struct found {
    double ohm, u, hertz; /* NaN: none */
} found;

/* The end of the inductive points that the spectrum begins with, by a straight line in the complex
 * plane. One that begins capacitive has none: a lone inductive point further down is noise or a loop. */
static found intercept(const as_impedance *s)
{
    const size_t k = as_impedance_leading(s);
    if (k == 0 || k == s->n) return (found){ NAN, NAN, NAN };
    const double share = s->im[k - 1] / (s->im[k - 1] - s->im[k]);
    return (found){ s->re[k - 1] + share * (s->re[k] - s->re[k - 1]),
                    fabs(s->re[k] - s->re[k - 1]) / sqrt(12),
                    exp(log(s->f[k - 1]) + share * log(s->f[k] / s->f[k - 1])) };
}

/* The lowest of the minima of |phase| that have both neighbours, capacitive points only: else it
 * would be the crossing of the axis once more. */
static found phase_minimum(const as_impedance *s)
{
    found best = { NAN, NAN, NAN };
    double least = INFINITY;
    for (size_t k = 1; k + 1 < s->n; k++) {
        const double before = fabs(atan2(s->im[k - 1], s->re[k - 1]));
        const double here = fabs(atan2(s->im[k], s->re[k]));
        const double after = fabs(atan2(s->im[k + 1], s->re[k + 1]));
        if (!(s->im[k - 1] < 0 && s->im[k] < 0 && s->im[k + 1] < 0)) continue;
        if (here > before || here > after || here >= least) continue;
        least = here;
        best = (found){ s->re[k], fabs(s->re[k + 1] - s->re[k - 1]) / sqrt(48), s->f[k] };
    }
    return best;
}

static as_status give(as_run *run, as_table *t, const as_impedance *s, const char *item, const found *r,
                      const char *missing, const char *how)
{
    const char *flag = isfinite(r->ohm) ? NULL : missing;
    const char *method = as_format(as_scratch(run->ctx), "%s;%zu_of_%zu_points_inductive", how, s->inductive, s->n);
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(run->ctx, t, item, "bulk_resistance", r->ohm, r->u, "Ohm", flag, method));
    return as_add_quantity(run->ctx, t, item, "found_at", r->hertz, NAN, "Hz", flag, method);
}

static as_status series(as_run *run, as_table *owned)
{
    const resistance_settings *set = run->settings;
    as_impedance s;
    AS_TRY(as_impedance_of(run->ctx, owned, &set->frequencies, 3, &s));
    const found axis = intercept(&s), phase = phase_minimum(&s);
    const size_t begin = as_impedance_leading(&s);
    if (begin < s.inductive)
        as_warn(run->ctx, owned, NULL,
                "%zu inductive points stand below capacitive ones: noise, or an inductive loop", s.inductive - begin);
    AS_TRY(give(run, owned, &s, "intercept", &axis, "not_reached", "-Im=0_interpolated_at_high_frequency"));
    AS_TRY(give(run, owned, &s, "phase minimum", &phase, "not_detected",
                "real_part_at_least_|phase|_of_capacitive_points"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the resistance of an electrolyte between blocking electrodes",
      "assay resistance tests/corpus/echem/blocking.ecsv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Lasia 2014, Electrochemical Impedance Spectroscopy and its Applications, Springer", NULL
};
static const char *const see_also[] = { "conductivity", "arrhenius", "plot-nyquist", NULL };

const as_op as_op_resistance = {
    .name = "resistance",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(resistance_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "bulk resistance of an impedance spectrum by named definitions",
             .description =
                 "`intercept` is the real part where the inductive points end that the spectrum begins with at "
                 "high frequency; one that begins capacitive has none, and nothing is extrapolated "
                 "(`not_reached`). `phase minimum` is the real part where |phase| is least between "
                 "capacitive neighbours: behind the arc of the bulk, before the tail of blocking electrodes. "
                 "Where an arc lies between, the two differ by its resistance: say which is meant.\n\n"
                 "Uncertainties come from the distance of the points alone, as if the value could lie "
                 "anywhere between neighbours.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
