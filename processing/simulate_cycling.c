/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-cycling: a cell whose capacity at some cycles is known, as a cycler records it; for
 * tests of everything else.
 *
 * Between the stated cycles the capacity goes along a line or an exponential; to it comes
 * independent normal scatter of each cycle. The potential at the share s of a half cycle is E = lo
 * + (hi - lo) g(s),  g(s) = a exp(-s/d) + p +- h - m (s - 1/2) - w tanh((s - 0.3)/0.07) - b exp((s
 * - 1)/d) with a and b such that g(0) = 1 and g(1) = 0; charging runs through it backwards, at +h.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "random.h"
#include "simulated.h"

enum { MOST_KNOTS = 64, MOST_POINTS = 2000 };

typedef struct {
    const char *capacity, *sample, *origin;
    as_ranges records;
    as_range window;
    int form, electrode, points, first;
    double noise, potential_noise, efficiency, first_efficiency, efficiency_noise, mass, current,
        polarization, seed, stream;
} settings;

enum { LINEAR, EXPONENTIAL };
enum { NCM, LFP, LTO };
enum { CHARGE, DISCHARGE };

static const as_choice forms[] = { { "linear", LINEAR, "the same loss in each cycle" },
                                   { "exponential", EXPONENTIAL, "the same share in each cycle" },
                                   { 0 } };
static const as_choice firsts[] = {
    { "charge", CHARGE,
      "a cathode against metal, or a full cell: the efficiency is discharge over charge" },
    { "discharge", DISCHARGE, "an anode against metal: the efficiency is charge over discharge" },
    { 0 }
};
static const as_choice electrodes[] = { { "ncm", NCM, "a slope with a step, as of layered oxides" },
                                        { "lfp", LFP, "a plateau, as of iron phosphate" },
                                        { "lto", LTO, "a plateau, as of lithium titanate" },
                                        { 0 } };
static const as_param params[] = {
    AS_STRING(settings, capacity, "capacity", NULL,
              "CYCLE:VALUE of discharge in mAh/g, separated by commas and rising in cycle: "
              "1:191.5,300:171.2"),
    AS_CHOICE(settings, form, "form", "linear", forms, "of the capacity between these cycles"),
    AS_DOUBLE(settings, noise, "noise", "0.3mAh/g", 0, 1e4, "mAh/g",
              "scatter of the capacity of each cycle"),
    AS_DOUBLE(settings, efficiency, "efficiency", "99.9%", 1, 100, "%",
              "of each cycle, by the half that comes first"),
    AS_DOUBLE(settings, first_efficiency, "first-efficiency", "88%", 1, 100, "%",
              "of the first cycle"),
    AS_DOUBLE(settings, efficiency_noise, "efficiency-noise", "0.02%", 0, 10, "%",
              "scatter of the efficiency of each cycle"),
    AS_DOUBLE(settings, mass, "mass", "400mg", 1e-6, 1e9, "mg", "of active material"),
    AS_DOUBLE(settings, current, "current", "20mA", 1e-9, 1e9, "mA", "of charge and discharge"),
    AS_CHOICE(settings, electrode, "electrode", "ncm", electrodes, "shape of the potential"),
    AS_CHOICE(settings, first, "first", "charge", firsts, "half of each cycle"),
    AS_RANGE(settings, window, "window", "2.7:4.4", "V", "of the potential"),
    AS_DOUBLE(settings, polarization, "polarization", "50mV", 0, 2000, "mV",
              "of charge and of discharge, each"),
    AS_DOUBLE(settings, potential_noise, "potential-noise", "0mV", 0, 1000, "mV",
              "of each reading"),
    AS_RANGES(settings, records, "records", "", "1",
              "cycles recorded reading by reading: 1,100 or 1:10; none: one row for each cycle"),
    AS_INT(settings, points, "points", "40", 5, MOST_POINTS, "readings of each half cycle"),
    AS_DOUBLE(settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each cell of a set"),
    AS_STRING(settings, sample, "sample", "", "name of the cell"),
    AS_STRING(settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .name = "cycle",
                                   .unit = "1",
                                   .help = "from the first stated to the last" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_capacity",
                                   .unit = "mAh/g",
                                   .help = "at the stated cycles" },
                                 { 0 } };

typedef struct knots {
    size_t n;
    double cycle[MOST_KNOTS], value[MOST_KNOTS];
} knots;

static as_status knots_of(as_ctx *ctx, const char *text, knots *k)
{
    for (const char *at = text; *at;) {
        const size_t n = strcspn(at, ":"), m = at[n] ? strcspn(at + n + 1, ",") : 0;
        if (k->n == MOST_KNOTS || !at[n] || !as_read_number(at, n, '.', &k->cycle[k->n]) ||
            !as_read_number(at + n + 1, m, '.', &k->value[k->n]) || !(k->value[k->n] > 0) ||
            k->cycle[k->n] != floor(k->cycle[k->n]) ||
            !(k->cycle[k->n] >= (k->n ? k->cycle[k->n - 1] + 1 : 1)) || k->cycle[k->n] > 1e6)
            return as_fail(
                ctx, AS_E_USAGE, NULL,
                "'%.40s' found in --capacity, expected CYCLE:VALUE above 0, cycles rising", at);
        k->n++;
        at += n + 1 + m;
        at += *at == ',';
    }
    return AS_OK;
}

static double true_capacity(const knots *k, int form, double cycle)
{
    size_t i = 0;
    while (i + 2 < k->n && cycle > k->cycle[i + 1]) i++;
    if (k->n == 1) return k->value[0];
    const double share = (cycle - k->cycle[i]) / (k->cycle[i + 1] - k->cycle[i]);
    if (form == LINEAR) return k->value[i] + share * (k->value[i + 1] - k->value[i]);
    return k->value[i] * pow(k->value[i + 1] / k->value[i], share);
}

/* V at the share s of a discharge (way -1) or, run backwards, of a charge (+1). */
static double potential(const settings *set, int way, double s)
{
    static const struct {
        double p, m, w, d;
    } shape[] = { { 0.62, 0.30, 0.04, 0.02 }, { 0.70, 0.01, 0, 0.015 }, { 0.37, 0.01, 0, 0.015 } };
    const double span = set->window.hi - set->window.lo;
    const double p = shape[set->electrode].p + way * set->polarization / 1000 / span,
                 m = shape[set->electrode].m;
    const double w = shape[set->electrode].w, d = shape[set->electrode].d;
    const double at = way > 0 ? 1 - s : s;
    const double first = p + m / 2 + w * tanh(0.3 / 0.07), last = p - m / 2 - w * tanh(0.7 / 0.07);
    const double middle = p - m * (at - 0.5) - w * tanh((at - 0.3) / 0.07);
    return set->window.lo + span * ((1 - first) * exp(-at / d) + middle - last * exp((at - 1) / d));
}

typedef struct one_cycle {
    double number, charge, discharge; /* mAh/g */
} one_cycle;

static as_status per_cycle(as_ctx *ctx, as_table *t, int first, const one_cycle *c)
{
    const as_unit per_gram = as_unit_of("mAh/g"), percent = as_unit_of("%");
    as_column *n = as_add_column(ctx, t, "cycle", AS_ROLE_X, AS_UNITLESS);
    as_column *out = as_add_column(ctx, t, "specific_discharge_capacity", AS_ROLE_Y, per_gram);
    as_column *in = as_add_column(ctx, t, "specific_charge_capacity", AS_ROLE_OTHER, per_gram);
    as_column *efficiency = as_add_column(ctx, t, "efficiency", AS_ROLE_OTHER, percent);
    if (!n || !out || !in || !efficiency) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        n->v.f[i] = c[i].number;
        out->v.f[i] = as_round_digits(c[i].discharge, 6);
        in->v.f[i] = as_round_digits(c[i].charge, 6);
        const double ratio = out->v.f[i] / in->v.f[i];
        efficiency->v.f[i] = as_round_digits(100 * (first == CHARGE ? ratio : 1 / ratio), 6);
    }
    return AS_OK;
}

/* --- readings ------------------------------------------------------------------------------- */
typedef struct recorder {
    const settings *set;
    as_random r;
    as_column *time, *potential, *current, *cycle, *step, *type, *in, *out, *capacity;
    size_t row;
    double now; /* s */
} recorder;

static as_status columns(as_ctx *ctx, as_table *t, recorder *r)
{
    const as_unit mah = as_unit_of("mAh");
    r->time = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    r->potential = as_add_column(ctx, t, "potential", AS_ROLE_Y, as_unit_of("V"));
    r->current = as_add_column(ctx, t, "current", AS_ROLE_OTHER, as_unit_of("mA"));
    r->cycle = as_add_column(ctx, t, "cycle", AS_ROLE_OTHER, AS_UNITLESS);
    r->step = as_add_column(ctx, t, "step", AS_ROLE_OTHER, AS_UNITLESS);
    r->type = as_add_text(ctx, t, "step_type", AS_ROLE_OTHER);
    r->in = as_add_column(ctx, t, "charge_capacity", AS_ROLE_OTHER, mah);
    r->out = as_add_column(ctx, t, "discharge_capacity", AS_ROLE_OTHER, mah);
    r->capacity = as_add_column(ctx, t, "capacity", AS_ROLE_OTHER, mah);
    return r->time && r->potential && r->current && r->cycle && r->step && r->type && r->in &&
                   r->out && r->capacity
               ? AS_OK
               : AS_ERR;
}

static void put(recorder *r, double cycle, int step, int way, double volt, double milliamp,
                double in, double out, double capacity)
{
    static const char *const types[] = { "CC DChg", "Rest", "CC Chg" };
    const size_t i = r->row++;
    r->time->v.f[i] = round(r->now * 1000) / 1000;
    r->potential->v.f[i] =
        round((volt + r->set->potential_noise / 1000 * as_random_normal(&r->r)) * 1e6) / 1e6;
    r->current->v.f[i] = milliamp;
    r->cycle->v.f[i] = cycle;
    r->step->v.f[i] = step;
    r->type->v.s[i] = types[way + 1];
    r->in->v.f[i] = as_round_digits(in, 8);
    r->out->v.f[i] = as_round_digits(out, 8);
    r->capacity->v.f[i] = as_round_digits(capacity, 8);
}

/* One half cycle: way +1 charges, -1 discharges. */
static void record_half(recorder *r, const one_cycle *c, int way)
{
    const settings *set = r->set;
    const double grams = set->mass / 1000, in = c->charge * grams, out = c->discharge * grams;
    const double amount = way > 0 ? in : out, began = r->now;
    const bool first = (way > 0) == (set->first == CHARGE);
    for (int i = 0; i < set->points; i++) {
        const double s = (double)i / (set->points - 1), done = s * amount;
        r->now = began + done / set->current * 3600;
        put(r, c->number, first ? 1 : 3, way, potential(set, way, s), way * set->current,
            way > 0 ? done
            : first ? 0
                    : in,
            way < 0 ? done
            : first ? 0
                    : out,
            done);
    }
}

/* Half a cycle, five minutes of rest, the other half; the first reading of a step stands at its
 * begin. */
static void record(recorder *r, const one_cycle *c)
{
    const settings *set = r->set;
    const int way = set->first == CHARGE ? 1 : -1;
    const double grams = set->mass / 1000, end = potential(set, way, 1);
    const double in = way > 0 ? c->charge * grams : 0, out = way < 0 ? c->discharge * grams : 0;
    record_half(r, c, way);
    put(r, c->number, 2, 0, end, 0, in, out, 0);
    r->now += 300;
    put(r, c->number, 2, 0, end - way * set->polarization / 1000, 0, in, out, 0);
    record_half(r, c, -way);
}

static as_status records(as_ctx *ctx, as_table *t, const settings *set, size_t n,
                         const one_cycle *c)
{
    recorder r = { .set = set };
    as_random_seed(&r.r, (uint64_t)set->seed + 1, (uint64_t)set->stream);
    AS_TRY(columns(ctx, t, &r));
    for (size_t i = 0; i < n; i++)
        if (as_in_ranges(&set->records, c[i].number)) record(&r, &c[i]);
    return AS_OK;
}

static as_status truth(as_ctx *ctx, as_table *t, const knots *k)
{
    for (size_t i = 0; i < k->n; i++) {
        const char *item = as_format(as_scratch(ctx), "cycle %.0f", k->cycle[i]);
        if (!item) return AS_ERR;
        AS_TRY(
            as_add_quantity(ctx, t, item, "true_capacity", k->value[i], 0, "mAh/g", NULL, "truth"));
    }
    return AS_OK;
}

static as_status source(as_run *run)
{
    const settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    knots *k = AS_NEW(as_scratch(ctx), knots);
    as_random r;
    size_t rows = 0;
    if (!k) return AS_ERR;
    if (!(isfinite(set->window.lo) && set->window.hi > set->window.lo && isfinite(set->window.hi)))
        return as_fail(ctx, AS_E_USAGE, NULL, "--window needs both ends, LO:HI");
    AS_TRY(knots_of(ctx, set->capacity, k));
    if (k->n == 0) return as_fail(ctx, AS_E_USAGE, NULL, "no cycle in --capacity");
    const size_t n = (size_t)(k->cycle[k->n - 1] - k->cycle[0]) + 1;
    one_cycle *c = AS_NEW_N(as_scratch(ctx), one_cycle, n);
    if (!c) return AS_ERR;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < n; i++) {
        c[i].number = k->cycle[0] + (double)i;
        c[i].discharge = fmax(
            true_capacity(k, set->form, c[i].number) + set->noise * as_random_normal(&r), 1e-3);
        const double efficiency = (i ? set->efficiency : set->first_efficiency) +
                                  set->efficiency_noise * as_random_normal(&r);
        c[i].charge = c[i].discharge * (set->first == CHARGE ? 100 / efficiency : efficiency / 100);
        if (set->records.n && as_in_ranges(&set->records, c[i].number))
            rows += 2 * (size_t)set->points + 2;
    }
    if (set->records.n && rows == 0)
        return as_fail(ctx, AS_E_USAGE, NULL, "no cycle of --records is simulated");
    as_table *t = as_table_new(ctx, set->records.n ? rows : n);
    if (!t) return AS_ERR;
    t->technique = "echem";
    AS_TRY(set->records.n ? records(ctx, t, set, n, c) : per_cycle(ctx, t, set->first, c));
    AS_TRY(as_say_simulated(ctx, t, "simulate-cycling", set->seed, set->stream, set->sample,
                            set->origin));
    AS_TRY(as_set_number(ctx, t, "active_mass", set->mass, NAN, as_unit_of("mg"), NULL));
    AS_TRY(truth(ctx, t, k));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "a cell that is bent at cycle 36, and what its plateaus are",
      "assay simulate-cycling --capacity 1:170.5,35:170.5,36:167.7,77:167.7 | assay cycling "
      "--event bent=36"
      " | assay results" },
    { "the readings of two cycles", "assay simulate-cycling --capacity 1:160,100:150 --records "
                                    "1:1,100:100 --electrode lfp --window 2.5:3.8"
                                    " --points 10 | assay cycle-curves" },
    { 0 }
};
static const char *const see_also[] = { "cycling", "cycle-curves", "simulate-plating", NULL };

const as_op as_op_simulate_cycling = {
    .name = "simulate-cycling",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate the cycling of a cell of known capacities",
             .description = "The discharge capacity goes through the stated values, with normal "
                            "scatter for each cycle; the "
                            "charge is that over the efficiency, or with `--first discharge` times "
                            "it. Without `--records` there is one "
                            "row for each cycle, with them "
                            "what a cycler records: charge, five minutes of rest, discharge, at "
                            "one current. A step at cycle 36 "
                            "is written as two neighbouring cycles: 35:170.5,36:167.7.\n\n"
                            "The potential is a simple closed form between the ends of `--window`, "
                            "no model of an electrode. "
                            "The metadata say `simulated`; the stated capacities are results of "
                            "method `truth`.",
             .examples = examples,
             .see_also = see_also },
};
