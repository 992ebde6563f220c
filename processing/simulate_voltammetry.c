/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-voltammetry: sweeps, cycles and potential steps of an electrolyte between an electrode
 * and lithium, for tests of everything else.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "random.h"

enum { LSV, CV, PITT, MOST_ROWS = 2000000, MOST_COUPLES = 8 };

static const as_choice programs[] = {
    { "lsv", LSV, "one sweep from the lower to the upper end of --potentials" },
    { "cv", CV, "up and down, --cycles times" },
    { "pitt", PITT, "steps of --step, each held for --hold" },
    { 0 }
};

typedef struct {
    int program, cycles;
    as_range potentials;
    as_texts couples;
    double rate, step, hold, interval, onset, density, limit, transfer, background, charge,
        relaxation, drift;
    double temperature, area, noise, seed, stream;
    const char *reference, *sample, *origin;
} sweep_settings;

static const as_param params[] = {
    AS_CHOICE(sweep_settings, program, "program", "lsv", programs, "of the potential"),
    AS_RANGE(sweep_settings, potentials, "potentials", "2.5:6", "V", "against the reference"),
    AS_DOUBLE(sweep_settings, rate, "rate", "1mV/s", 1e-6, 1e6, "mV/s", "of sweeps"),
    AS_DOUBLE(sweep_settings, step, "step", "5mV", 1e-3, 1e4, "mV",
              "between points of a sweep, or between the potentials of pitt"),
    AS_INT(sweep_settings, cycles, "cycles", "3", 1, 10000, "of cv"),
    AS_DOUBLE(sweep_settings, hold, "hold", "10min", 1e-3, 1e8, "s", "of each step of pitt"),
    AS_DOUBLE(sweep_settings, interval, "interval", "10s", 1e-3, 1e6, "s",
              "between points of pitt"),
    AS_DOUBLE(sweep_settings, onset, "onset", "5V", -100, 100, "V",
              "where decomposition passes --density"),
    AS_DOUBLE(sweep_settings, density, "density", "10uA/cm2", 0, 1e6, "uA/cm2",
              "of decomposition at the onset; 0: none"),
    AS_DOUBLE(sweep_settings, limit, "limit", "5mA/cm2", 1e-6, 1e6, "mA/cm2",
              "of transport, above the density"),
    AS_DOUBLE(sweep_settings, transfer, "transfer", "0.5", 0.01, 1, NULL, "transfer coefficient"),
    AS_DOUBLE(sweep_settings, background, "background", "0.5uA/cm2", 0, 1e6, "uA/cm2",
              "in the direction of a sweep; steady in pitt"),
    AS_TEXTS(sweep_settings, couples, "couple", "",
             "E:Q of a redox couple bound to the surface: potential in V, charge in uC/cm2; may be "
             "repeated"),
    AS_DOUBLE(sweep_settings, charge, "charge", "20uC/cm2", 0, 1e6, "uC/cm2",
              "of the relaxation after a step of pitt"),
    AS_DOUBLE(sweep_settings, relaxation, "relaxation", "40s", 1e-3, 1e6, "s", "its time constant"),
    AS_DOUBLE(sweep_settings, drift, "fading", "1", 0, 1, NULL,
              "decomposition of a cycle of cv over that of the one before"),
    AS_DOUBLE(sweep_settings, temperature, "temperature", "298.15K", 1, 2000, "K", "of the cell"),
    AS_DOUBLE(sweep_settings, area, "area", "1cm2", 1e-9, 1e6, "cm2", "of the electrode"),
    AS_DOUBLE(sweep_settings, noise, "noise", "0.05uA/cm2", 0, 1e6, "uA/cm2",
              "standard deviation; 0: none"),
    AS_DOUBLE(sweep_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(sweep_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each curve of a set"),
    AS_STRING(sweep_settings, reference, "reference", "Li/Li+", "electrode of the potentials"),
    AS_STRING(sweep_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(sweep_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_OTHER,
                                   .name = "time",
                                   .unit = "s",
                                   .help = "x with pitt" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_X,
                                   .name = "potential",
                                   .unit = "V",
                                   .help = "of the program" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "current",
                                   .unit = "mA",
                                   .help = "with noise" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_OTHER,
                                   .name = "cycle",
                                   .unit = "1",
                                   .help = "with cv" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_onset_potential",
                                   .unit = "V",
                                   .help = "where decomposition passes --density" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_peak_potential",
                                   .unit = "V",
                                   .help = "of each couple" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_charge_density",
                                   .unit = "uC/cm2",
                                   .help = "of each couple" },
                                 { 0 } };

static const double FARADAY_GAS = 96485.33212 / 8.31446261815324; /* F/R in K/V, CODATA 2018 */

typedef struct couple {
    double volt, charge; /* V, uC/cm2 */
} couple;

typedef struct cell {
    const sweep_settings *set;
    size_t n_couples;
    couple couple[MOST_COUPLES];
    as_random r;
} cell;

static double round_to(double v, int digits)
{
    const double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    return v == 0 ? 0 : round(v * scale) / scale;
}

/* Decomposition in uA/cm2: exponential, bent over by a limit of transport so that it is `density`
 * at the onset. */
static double decomposition(const sweep_settings *set, double volt)
{
    const double limit = set->limit * 1e3, at = set->density * limit / (limit - set->density);
    const double k = at * exp(set->transfer * FARADAY_GAS / set->temperature * (volt - set->onset));
    return set->density > 0 ? limit * k / (limit + k) : 0;
}

/* Current of couples bound to the surface, reversible: F Q v / (4 R T) sech2(F (E - E0) / (2 R T)),
 * uA/cm2; v in V/s (Laviron 1979, J. Electroanal. Chem. 101, 19). */
static double bound(const cell *c, double volt, double rate)
{
    double sum = 0;
    const double f = FARADAY_GAS / c->set->temperature;
    for (size_t k = 0; k < c->n_couples; k++) {
        const double s = 1 / cosh(f * (volt - c->couple[k].volt) / 2);
        sum += f * c->couple[k].charge * rate / 4 * s * s;
    }
    return sum;
}

static as_status couples_of(as_ctx *ctx, const sweep_settings *set, cell *c)
{
    if (set->couples.n > MOST_COUPLES)
        return as_fail(ctx, AS_E_USAGE, NULL, "%zu couples, at most %d", set->couples.n,
                       MOST_COUPLES);
    for (size_t k = 0; k < set->couples.n; k++) {
        const char *text = set->couples.v[k];
        const size_t n = strcspn(text, ":");
        couple *o = &c->couple[k];
        if (text[n] != ':' || !as_read_number(text, n, '.', &o->volt) ||
            !as_read_number(text + n + 1, strlen(text + n + 1), '.', &o->charge))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' found, expected E:Q in V and uC/cm2", text);
    }
    c->n_couples = set->couples.n;
    return AS_OK;
}

typedef struct point {
    double second, volt, direction, faded; /* faded: share of the decomposition */
    double since;                          /* the step began; pitt only */
    double cycle;
} point;

/* Row i of the program; points on one leg of a sweep: n. */
static point point_of(const sweep_settings *set, size_t i, size_t n)
{
    const double span = set->potentials.hi - set->potentials.lo, leg = span / (set->rate * 1e-3);
    if (set->program == PITT) {
        const size_t held = (size_t)floor(set->hold / set->interval + 1e-9);
        const size_t at = i / held, k = i % held;
        return (point){ .second = (double)at * set->hold + (double)k * set->interval,
                        .volt = set->potentials.lo + (double)at * set->step * 1e-3,
                        .direction = 0,
                        .faded = 1,
                        .since = (double)k * set->interval,
                        .cycle = 1 };
    }
    const size_t which = i / n, k = i % n;
    const double share = (double)k / (double)(set->program == LSV ? n - 1 : n);
    const bool up = which % 2 == 0;
    return (point){ .second = ((double)which + share) * leg,
                    .volt =
                        up ? set->potentials.lo + share * span : set->potentials.hi - share * span,
                    .direction = up ? 1 : -1,
                    .faded = pow(set->drift, (double)(which / 2)),
                    .cycle = (double)(which / 2) + 1 };
}

static double density_at(const cell *c, const point *p)
{
    const sweep_settings *set = c->set;
    double j = p->faded * decomposition(set, p->volt);
    if (set->program == PITT)
        j += set->background + set->charge / set->relaxation * exp(-p->since / set->relaxation);
    else
        j += p->direction * (set->background + bound(c, p->volt, set->rate * 1e-3));
    return j;
}

static as_status columns(as_ctx *ctx, as_table *t, cell *c, size_t leg)
{
    const sweep_settings *set = c->set;
    const bool steps = set->program == PITT;
    as_column *time =
        as_add_column(ctx, t, "time", steps ? AS_ROLE_X : AS_ROLE_OTHER, as_unit_of("s"));
    as_column *e =
        as_add_column(ctx, t, "potential", steps ? AS_ROLE_OTHER : AS_ROLE_X, as_unit_of("V"));
    as_column *i = as_add_column(ctx, t, "current", AS_ROLE_Y, as_unit_of("mA"));
    as_column *cycle =
        set->program == CV ? as_add_column(ctx, t, "cycle", AS_ROLE_OTHER, AS_UNITLESS) : NULL;
    if (!time || !e || !i || (set->program == CV && !cycle)) return AS_ERR;
    as_random_seed(&c->r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t k = 0; k < t->rows; k++) {
        const point p = point_of(set, k, leg);
        const double j = density_at(c, &p) + set->noise * as_random_normal(&c->r);
        time->v.f[k] = round_to(p.second, 8);
        e->v.f[k] = round_to(p.volt, 7);
        i->v.f[k] = round_to(j * set->area * 1e-3, 6);
        if (cycle) cycle->v.f[k] = p.cycle;
    }
    return AS_OK;
}

static as_status metadata(as_ctx *ctx, as_table *t, const sweep_settings *set)
{
    static const char *const name[] = { "Linear Sweep Voltammetry", "Cyclic Voltammetry",
                                        "Chronoamperometry / Chronocoulometry" };
    const char *sample = set->sample && *set->sample ? set->sample : "cell";
    char text[200];
    (void)snprintf(text, sizeof text,
                   "assay simulate-voltammetry, seed %.0f stream %.0f: no measurement", set->seed,
                   set->stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    AS_TRY(as_set_meta(ctx, t, "technique_name", name[set->program], NULL, NULL));
    AS_TRY(as_set_meta(ctx, t, "sample", sample, NULL, NULL));
    if (set->origin && *set->origin)
        AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    t->name = as_strdup(t->arena, sample);
    t->label = as_format(t->arena, "%s (simulated)", sample);
    if (!t->name || !t->label) return AS_ERR;
    if (set->reference)
        AS_TRY(as_set_meta(ctx, t, "reference_electrode", set->reference, NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "temperature", set->temperature, NAN, as_unit_of("K"), NULL));
    AS_TRY(as_set_number(ctx, t, "electrode_area", set->area, NAN, as_unit_of("cm2"), NULL));
    if (set->program == PITT) return AS_OK;
    return as_set_number(ctx, t, "scan_rate", set->rate, NAN, as_unit_of("mV/s"), NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, const cell *c)
{
    char item[40];
    if (c->set->density > 0)
        AS_TRY(as_add_quantity(ctx, t, "decomposition", "true_onset_potential", c->set->onset, 0,
                               "V", NULL,
                               as_format(as_scratch(ctx), "truth;%.6g_uA/cm2", c->set->density)));
    for (size_t k = 0; k < c->n_couples; k++) {
        (void)snprintf(item, sizeof item, "couple %zu", k + 1);
        AS_TRY(as_add_quantity(ctx, t, item, "true_peak_potential", c->couple[k].volt, 0, "V", NULL,
                               "truth"));
        AS_TRY(as_add_quantity(ctx, t, item, "true_charge_density", c->couple[k].charge, 0,
                               "uC/cm2", NULL, "truth"));
    }
    return AS_OK;
}

/* Rows of the program, and of one leg of a sweep. */
static as_status rows_of(as_ctx *ctx, const sweep_settings *set, double *rows, double *leg)
{
    const double span = set->potentials.hi - set->potentials.lo,
                 steps = floor(span * 1e3 / set->step + 0.5);
    if (!isfinite(span) || !(span > 0) || steps < 1)
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--potentials must have both ends, at least one step apart");
    if (set->limit * 1e3 <= set->density)
        return as_fail(ctx, AS_E_USAGE, NULL, "the limit must lie above the density at the onset");
    *leg = set->program == LSV ? steps + 1 : steps;
    *rows = set->program == LSV ? *leg : 2 * set->cycles * *leg + 1;
    if (set->program == PITT) *rows = (steps + 1) * floor(set->hold / set->interval + 1e-9);
    if (*rows >= 1 && *rows <= MOST_ROWS) return AS_OK;
    return as_fail(ctx, AS_E_USAGE, NULL, "%.0f points, expected 1 to %d", *rows, MOST_ROWS);
}

static as_status source(as_run *run)
{
    as_ctx *ctx = run->ctx;
    cell *c = AS_NEW(as_scratch(ctx), cell);
    double rows, leg;
    if (!c) return AS_ERR;
    c->set = run->settings;
    AS_TRY(couples_of(ctx, c->set, c));
    AS_TRY(rows_of(ctx, c->set, &rows, &leg));
    as_table *t = as_table_new(ctx, (size_t)rows);
    if (!t) return AS_ERR;
    t->technique = "echem";
    AS_TRY(columns(ctx, t, c, (size_t)leg));
    AS_TRY(metadata(ctx, t, c->set));
    AS_TRY(truth(ctx, t, c));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "a sweep and where it leaves the background",
      "assay simulate-voltammetry --onset 5.4V | assay lsv-window --cut 0.01 --background 3:4.5 | "
      "assay results" },
    { "cycles with a redox couple on the electrode",
      "assay simulate-voltammetry --program cv --potentials 2.8:4.2 --couple 3.4:300 --density 0 | "
      "head -n 20" },
    { 0 }
};
static const char *const references[] = {
    "Bard, Faulkner & White 2022, Electrochemical Methods, 3rd ed., chapters 3 and 17",
    "Laviron 1979, J. Electroanal. Chem. 101, 19 (couples bound to the surface)", NULL
};
static const char *const see_also[] = { "lsv-window", "cv", "pitt", "simulate-eis", NULL };

const as_op as_op_simulate_voltammetry = {
    .name = "simulate-voltammetry",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(sweep_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate sweeps, cycles or potential steps of an electrolyte",
             .description = "Decomposition is exponential in the potential, j exp(a F (E - "
                            "E_onset) / RT), bent over by a limit of "
                            "transport, and is *density* at the *onset* exactly. Sweeps add a "
                            "background in their direction and "
                            "couples bound to the surface, whose peaks have the height F Q v / (4 "
                            "R T) and the width 3.53 RT/F; "
                            "steps add a relaxation of a charge that dies out exponentially.\n\n"
                            "The same settings give the same currents on every machine. The "
                            "metadata say `simulated`; what was put "
                            "in are results of method `truth`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
