/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photoelectron lines: closed forms against integrals, and how often the intervals that fit and
 * quantify state hold what a simulation put in. */
#include "check.h"
#include "photoline.h"
#include "quantify.h"
#include "random.h"
#include "run_op.h"
#include "xps_simulate.h"

enum { SEEDS = 1000, ROWS = 130, LINES = 3 };

static as_ctx *ctx;

static void closed_forms(void)
{
    const as_xps_line l[] = { { 285, 1.3, 0.3, 1000, 0, 0 }, { 168, 1.1, 0.2, 500, 1.18, 0.5 } };
    for (size_t k = 0; k < 2; k++) {
        double sum = 0;
        for (int i = 0; i < 200000; i++)
            sum += 0.001 * as_xps_lines(1, &l[k], l[k].energy - 100 + 0.001 * (i + 0.5));
        NEAR(sum, as_xps_integral(1, &l[k], l[k].energy - 100, l[k].energy + 100),
             1e-6 * l[k].area);
        NEAR(as_xps_integral(1, &l[k], -1e9, 1e9), l[k].area * (1 + l[k].ratio), 1e-5 * l[k].area);
    }
    /* half of the first layer's electrons come from ln 2 lengths; what was etched is gone */
    const double top[] = { 0, 2 * 0.69314718055994530942 }, c[] = { 100, 40 };
    NEAR(as_xps_seen(2, top, c, 0, 2), 70, 1e-9);
    NEAR(as_xps_seen(2, top, c, 5, 2), 40, 1e-9);
    NEAR(as_xps_seen(1, top, c, 3, 2), 100, 1e-9);
}

/* Silicon and gold as Tanuma, Powell & Penn tabulate TPP-2M to a few per cent, and the trend. */
static void paths(void)
{
    const as_tpp2m si = { 2.33, 4, 28.086, 1.1 }, au = { 19.3, 11, 196.97, 0 };
    printf("TPP-2M at 1000 eV: Si %.3f nm, Au %.3f nm\n", as_tpp2m_path(&si, 1000),
           as_tpp2m_path(&au, 1000));
    NEAR(as_tpp2m_path(&si, 1000), 2.4, 0.15);
    NEAR(as_tpp2m_path(&au, 1000), 1.3, 0.15);
    const double power = log(as_tpp2m_path(&si, 1400) / as_tpp2m_path(&si, 700)) / log(2);
    CHECK(power > 0.7 && power < 0.85);
    NEAR(as_angular_factor(2, 54.735610317245346 * 3.14159265358979323846 / 180), 1, 1e-12);
    NEAR(as_angular_factor(2, 0), 0, 1e-12);
    NEAR(as_angular_factor(2, 3.14159265358979323846 / 2), 1.5, 1e-12);
}

static void names(void)
{
    CHECK(as_line_begins("C1s Scan", "C 1s") && as_line_begins("c 1s/6", "C 1s"));
    CHECK(!as_line_begins("Ca 2p", "C 1s") && !as_line_begins("C", "C 1s"));
    as_table *t = as_table_new(ctx, 0);
    CHECK(as_set_meta(ctx, t, "region", "3: S 2p", NULL, NULL) == AS_OK);
    CHECK(as_is_region(t, "S 2p") && !as_is_region(t, "S 2s"));
}

static const as_xps_line truth[LINES] = { { 284.8, 1.3, 0.3, 2500, 0, 0 },
                                          { 290.8, 1.5, 0.3, 900, 0, 0 },
                                          { 687.9, 1.8, 0.3, 3000, 0, 0 } };
static const char *const models[] = {
    "pvoigt(C-C) center=284.8 fwhm=1.3 eta=0.3! + pvoigt(CF2) center=290.8 fwhm=1.5 eta=0.3! + "
    "shirley + linear",
    "pvoigt(C-F) center=687.9 fwhm=1.8 eta=0.3! + shirley + linear"
};

/* The region with the lines from, counted. */
static as_table *counted(as_random *r, const char *region, size_t from, size_t n)
{
    as_table *t = as_table_new(ctx, ROWS);
    as_column *x = as_add_column(ctx, t, "binding_energy", AS_ROLE_X, as_unit_of("eV"));
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of("count"));
    const double low = truth[from].energy - 5;
    for (size_t i = 0; i < ROWS; i++) {
        x->v.f[i] = low + 0.12 * (double)(ROWS - 1 - i);
        y->v.f[i] = as_random_poisson(
            r, 400 + 3 * (x->v.f[i] - low) + as_xps_lines(n, truth + from, x->v.f[i]) +
                   0.04 * as_xps_integral(n, truth + from, low, x->v.f[i]));
    }
    CHECK(as_add_counting_sigma(ctx, t, 1) == AS_OK);
    CHECK(as_set_meta(ctx, t, "region", region, NULL, NULL) == AS_OK);
    CHECK(as_set_number(ctx, t, "photon_energy", 1486.6, NAN, as_unit_of("eV"), NULL) == AS_OK);
    CHECK(as_set_number(ctx, t, "dwell_time", 1, NAN, as_unit_of("s"), NULL) == AS_OK);
    return t;
}

static void fitted(as_table *t, const char *model, const char *baseline)
{
    const as_op *op = as_op_find("fit");
    const as_word words[] = {
        { .text = "--model" }, { .text = model }, { .text = "--baseline" }, { .text = baseline }
    };
    caught out = { .sink = { catch_table } };
    void *settings = as_alloc(as_scratch(ctx), 1, op->settings_size + 1);
    CHECK(as_settings_read(ctx, as_scratch(ctx), op->params, baseline ? 4 : 2, words, NULL,
                           settings) == AS_OK);
    as_run run = { .ctx = ctx, .op = op, .settings = settings, .out = &out.sink };
    CHECK(op->series(&run, t) == AS_OK);
}

static as_table *quantified(size_t n, as_table **t, const as_table *factors)
{
    const as_op *op = as_op_find("quantify");
    const as_quantify_settings set = { .factors = { "factors", 1, &factors },
                                       .path = AS_PATH_POWER,
                                       .path_power = 0.75,
                                       .angle = 54.7356 };
    caught out = { .sink = { catch_table } };
    as_run run = { .ctx = ctx,
                   .op = op,
                   .settings = &set,
                   .out = &out.sink,
                   .keep = as_arena_new(ctx, SIZE_MAX) };
    run.state = as_alloc(run.keep, 1, op->state_size);
    for (size_t i = 0; i < n; i++) CHECK(op->series(&run, t[i]) == AS_OK);
    CHECK(op->finish(&run) == AS_OK);
    as_arena_free(run.keep);
    CHECK(out.n == 1);
    return out.n ? out.t[0] : NULL;
}

static as_table *factor_table(void)
{
    as_table *t = as_table_new(ctx, 2);
    as_column *line = as_add_text(ctx, t, "line", AS_ROLE_LABEL);
    as_column *factor = as_add_column(ctx, t, "factor", AS_ROLE_X, AS_UNITLESS);
    line->v.s[0] = "C 1s";
    line->v.s[1] = "F 1s";
    factor->v.f[0] = 1;
    factor->v.f[1] = 4.43;
    return t;
}

typedef struct {
    const char *name;
    double truth;
    int hits;
    double sum, square, u;
} tally;

static void count(tally *c, const as_result *r)
{
    CHECK(r != NULL);
    if (!r) return;
    c->hits += fabs(r->value - c->truth) < 1.96 * r->u;
    c->sum += r->value / SEEDS;
    c->square += r->value * r->value / SEEDS;
    c->u += r->u / SEEDS;
}

static void covers(const tally *c)
{
    const double sd = sqrt(c->square - c->sum * c->sum);
    printf("%-28s %6.3f: 95 %% intervals cover in %.1f %%, scatter %.4f, stated %.4f\n", c->name,
           c->truth, 100.0 * c->hits / SEEDS, sd, c->u);
    CHECK(c->hits >= 0.91 * SEEDS && c->hits <= 0.98 * SEEDS);
    CHECK(sd > 0.92 * c->u && sd < 1.08 * c->u);
}

static void coverage(void)
{
    double number[LINES], sum = 0;
    for (size_t k = 0; k < LINES; k++) {
        number[k] =
            truth[k].area / (k < 2 ? 1 : 4.43) / pow((1486.6 - truth[k].energy) / 1000, 0.75);
        sum += number[k];
    }
    tally all[] = { { "position of C-C", truth[0].energy, 0, 0, 0, 0 },
                    { "position of CF2", truth[1].energy, 0, 0, 0, 0 },
                    { "position of C-F", truth[2].energy, 0, 0, 0, 0 },
                    { "fraction of F 1s", 100 * number[2] / sum, 0, 0, 0, 0 },
                    { "fraction of C 1s/CF2", 100 * number[1] / sum, 0, 0, 0, 0 },
                    { "share of CF2 in C 1s", 100 * number[1] / (number[0] + number[1]), 0, 0, 0,
                      0 } };
    tally area = { "net area of C 1s", 0, 0, 0, 0, 0 };
    for (int seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        as_random r;
        as_random_seed(&r, (uint64_t)seed, 7);
        as_table *t[] = { counted(&r, "C 1s", 0, 2), counted(&r, "F 1s", 2, 1) };
        caught out;
        CHECK(run_tables(ctx, "baseline-shirley", "", 1, t, false, &out) == AS_OK);
        count(&area, as_get_result(t[0], "region", "area"));
        fitted(t[0], models[0], NULL);
        fitted(t[1], models[1], NULL);
        count(&all[0], as_get_result(t[0], "C-C", "position"));
        count(&all[1], as_get_result(t[0], "CF2", "position"));
        count(&all[2], as_get_result(t[1], "C-F", "position"));
        const as_result *ends = as_get_result(t[0], "region", "end_level_u");
        CHECK(ends && ends->value > 0);
        as_table *q = quantified(2, t, factor_table());
        if (q) {
            count(&all[3], as_get_result(q, "F 1s", "atomic_fraction"));
            count(&all[4], as_get_result(q, "C 1s/CF2", "atomic_fraction"));
            count(&all[5], as_get_result(q, "C 1s/CF2", "component_fraction"));
        }
        as_leave(ctx, frame);
    }
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) covers(&all[k]);
    /* a static background is biased by what its ends cut off; its scatter is what it states */
    const double sd = sqrt(area.square - area.sum * area.sum);
    printf("net area: scatter %.2f, stated %.2f\n", sd, area.u);
    CHECK(sd > 0.93 * area.u && sd < 1.07 * area.u);
}

/* Ghosts made by the table are taken off again, on either axis and in either order. */
static void satellites(void)
{
    enum { N = 601 };
    static const double above[] = { 9.8, 11.8, 20.1, 23.4, 69.7 },
                        ratio[] = { 0.064, 0.032, 0.004, 0.003, 0.0055 };
    double x[N], y[N], want[N], total = 1;
    for (size_t k = 0; k < 5; k++) total += ratio[k];
    for (int turned = 0; turned < 2; turned++) {
        for (size_t i = 0; i < N; i++) {
            x[i] = turned ? 260 + 0.1 * (double)i : 320 - 0.1 * (double)i;
            want[i] = 100 + as_xps_lines(2, truth, x[i]);
            y[i] = 100 * total + as_xps_lines(2, truth, x[i]);
            for (size_t k = 0; k < 5; k++)
                y[i] += ratio[k] * as_xps_lines(2, truth, x[i] + above[k]);
        }
        for (int kinetic = 0; kinetic < 2; kinetic++) {
            as_table *t = curve_table(ctx, N, x, y, kinetic ? "kinetic_energy" : "binding_energy",
                                      "eV", "count");
            caught out;
            for (size_t i = 0; kinetic && i < N; i++)
                as_find_role(t, AS_ROLE_X)->v.f[i] = 1486.6 - x[i];
            CHECK(run_tables(ctx, "strip-satellites", "--anode al", 1, &t, false, &out) == AS_OK);
            for (size_t i = 0; i < N; i++) NEAR(as_find_role(t, AS_ROLE_Y)->v.f[i], want[i], 0.02);
            CHECK(run_tables(ctx, "strip-satellites", "--anode al", 1, &t, false, &out) == AS_ERR);
            CHECK(as_pending(ctx) == AS_E_USAGE);
            as_forget_error(ctx);
        }
    }
}

/* Components on a background drawn before: the jitter of its ends is in the scatter of what they
 * share. */
static void static_background(void)
{
    tally f = { "F 1s, drawn background", 0, 0, 0, 0, 0 };
    static const char *const drawn[] = {
        "pvoigt(C-C) center=284.8 fwhm=1.3 eta=0.3! + pvoigt(CF2) center=290.8 fwhm=1.5 eta=0.3!",
        "pvoigt(C-F) center=687.9 fwhm=1.8 eta=0.3!"
    };
    for (int seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        as_random r;
        as_random_seed(&r, (uint64_t)seed, 8);
        as_table *t[] = { counted(&r, "C 1s", 0, 2), counted(&r, "F 1s", 2, 1) };
        caught out;
        for (size_t i = 0; i < 2; i++) {
            CHECK(run_tables(ctx, "baseline-shirley", "", 1, &t[i], false, &out) == AS_OK);
            fitted(t[i], drawn[i], "baseline");
        }
        as_table *q = quantified(2, t, factor_table());
        if (q) count(&f, as_get_result(q, "F 1s", "atomic_fraction"));
        as_leave(ctx, frame);
    }
    const double sd = sqrt(f.square - f.sum * f.sum);
    printf("%s: scatter %.4f, stated %.4f\n", f.name, sd, f.u);
    CHECK(sd > 0.92 * f.u && sd < 1.08 * f.u);
}

/* The thickness of an oxide from two lines of one region that a fit correlates. */
static void thickness(void)
{
    enum { N = 120 };
    const double depth = 3, length = 2.79;
    const as_xps_line oxide[] = { { 99.3, 0.6, 0.3, 2000 * exp(-depth / length), 0.61, 0.5 },
                                  { 103.3, 1.3, 0.3, 2000 * (1 - exp(-depth / length)), 0.61,
                                    0.5 } };
    tally d = { "thickness in nm", depth, 0, 0, 0, 0 };
    for (int seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        as_random r;
        as_random_seed(&r, (uint64_t)seed, 9);
        double x[N], y[N];
        for (int i = 0; i < N; i++) {
            x[i] = 108 - 0.1 * i;
            y[i] = as_random_poisson(&r, 200 + as_xps_lines(2, oxide, x[i]) +
                                             0.04 * as_xps_integral(2, oxide, x[0] - 12, x[i]));
        }
        as_table *t = curve_table(ctx, N, x, y, "binding_energy", "eV", "count");
        caught out;
        CHECK(as_add_counting_sigma(ctx, t, 1) == AS_OK &&
              as_set_meta(ctx, t, "region", "Si2p", NULL, NULL) == AS_OK);
        fitted(t,
               "pvoigt(Si) center=99.3 fwhm=0.6 eta=0.3! doublet=Si2p + pvoigt(SiO2) center=103.3 "
               "fwhm=1.3 "
               "eta=0.3! doublet=Si2p + shirley + linear",
               NULL);
        CHECK(run_tables(
                  ctx, "overlayer",
                  "--overlayer Si2p/SiO2 --substrate Si2p/Si --ratio 1 --length-overlayer 2.79nm "
                  "--length-substrate 2.79nm --length-u 0",
                  1, &t, false, &out) == AS_OK);
        count(&d, as_get_result(t, "Si2p/SiO2", "thickness"));
        as_leave(ctx, frame);
    }
    covers(&d);
}

/* The splittings of doublet= against what others state: within a few hundredths, or the last digit given. */
static void doublets(void)
{
    static const struct { const char *name; double split, within; } stated[] = {
        { "Se3d", 0.86, 0.005 }, { "Se3d", 0.85, 0.015 }, { "Rh3d", 4.71, 0.005 }, { "Sb3d", 9.34, 0.005 },
        { "Cd3d", 6.8, 0.1 },    { "Te3d", 10.4, 0.05 },  { "Ru3d", 4.2, 0.05 },   { "Ir4f", 3.0, 0.05 },
        { "Cs3d", 14.0, 0.1 },
    };
    static const struct { const char *name; double split, ratio; } ours[] = {
#define AS_DOUBLET(name, split, ratio) { name, split, ratio },
#include "doublets.def"
#undef AS_DOUBLET
    };
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        size_t k = 0, n = sizeof ours / sizeof *ours;
        while (k < n && strcmp(ours[k].name, stated[i].name) != 0) k++;
        CHECK(k < n);
        if (k < n) NEAR(ours[k].split, stated[i].split, stated[i].within);
    }
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    doublets();
    closed_forms();
    paths();
    names();
    satellites();
    coverage();
    static_background();
    thickness();
    as_ctx_free(ctx);
    DONE();
}
