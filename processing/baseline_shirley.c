/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-shirley, -smart, -tougaard, -tougaard3, -linear: backgrounds of photoelectron spectra
 * (shirley.h), between the levels at the ends of a region. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "morphology.h"
#include "op.h"
#include "shirley.h"
#include "smooth.h"

typedef struct {
    as_range region;
    int ends, iterations, smooth;
    double tolerance, b, c, d;
    bool fixed, subtract;
} shirley_settings;

#define REGION                                                                                   \
    AS_RANGE(shirley_settings, region, "region", ":", NULL,                                      \
             "stretch of x, in its unit, over which the background is drawn"),                   \
    AS_INT(shirley_settings, ends, "ends", "5", 1, 100000,                                       \
           "points at each end of the region whose mean is the level there")
#define SUBTRACT                                                                                 \
    AS_BOOL(shirley_settings, subtract, "subtract", "no", "also take it off y, for figures"),    \
    AS_PARAMS_END
#define ENDING                                                                                   \
    AS_DOUBLE(shirley_settings, tolerance, "tolerance", "1e-06", 0, 1, NULL,                     \
              "largest change, over the step, at which it counts as still"),                     \
    AS_INT(shirley_settings, iterations, "iterations", "200", 1, 100000, "rounds before giving up")
#define TOUGAARD(bd, cd)                                                                         \
    AS_DOUBLE(shirley_settings, b, "b", bd, 0, 1e12, NULL, "B of the loss function, eV^2"),       \
    AS_DOUBLE(shirley_settings, c, "c", cd, 0, 1e12, NULL, "C of the loss function, eV^2"),       \
    AS_BOOL(shirley_settings, fixed, "fixed", "no",                                              \
            "keep B; otherwise it is scaled so that the background meets the data at the high-loss "\
            "end")

static const as_param params_linear[] = { REGION, SUBTRACT };
static const as_param params_shirley[] = { REGION, ENDING, SUBTRACT };
static const as_param params_smart[] = {
    REGION, ENDING,
    AS_INT(shirley_settings, smooth, "smooth", "5", 0, 10000,
           "rows to each side whose mean the background may not top"),
    SUBTRACT
};
static const as_param params_two[] = { REGION, TOUGAARD("2866", "1643"), SUBTRACT };
static const as_param params_three[] = {
    REGION, TOUGAARD("434", "551"),
    AS_DOUBLE(shirley_settings, d, "d", "436", 1e-9, 1e12, NULL, "D of the loss function, eV^2"),
    SUBTRACT
};

static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "energy, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .name = "baseline",
      .help = "nan outside the region" },
    { .kind = AS_NEED_RESULT, .name = "area", .help = "above it, of the item region" },
    { .kind = AS_NEED_RESULT, .name = "end_level_u", .help = "of the area, by the end levels alone" },
    { .kind = AS_NEED_RESULT, .name = "first_level", .help = "at the first row of the region" },
    { .kind = AS_NEED_RESULT, .name = "last_level", .help = "at the last row" },
    { 0 }
};

typedef enum { LINEAR, SHIRLEY, SMART, TWO, THREE } kind;
typedef struct { kind kind; } method;

typedef struct {
    as_run *run;
    size_t n;
    const double *x, *y; /* the rows of the region */
    double *b, *work;    /* work: 3 n */
    const char *x_name;
    bool turned; /* the last row of the table comes first */
} task;

static double end_level(const task *t, bool right, size_t ends)
{
    double sum = 0;
    if (ends > t->n) ends = t->n;
    for (size_t i = 0; i < ends; i++) sum += t->y[right ? t->n - 1 - i : i] / (double)ends;
    return sum;
}

static as_status linear(task *t)
{
    const shirley_settings *set = t->run->settings;
    const double left = end_level(t, false, (size_t)set->ends);
    const double right = end_level(t, true, (size_t)set->ends);
    for (size_t i = 0; i < t->n; i++)
        t->b[i] = left + (right - left) * (t->x[i] - t->x[0]) / (t->x[t->n - 1] - t->x[0]);
    return AS_OK;
}

static as_status shirley(task *t, bool smart)
{
    const shirley_settings *set = t->run->settings;
    as_shirley_how how = { .ends = (size_t)set->ends, .tolerance = set->tolerance,
                           .iterations = set->iterations };
    if (smart) {
        as_moving_mean(t->n, (size_t)set->smooth, t->y, t->work + t->n);
        how.ceiling = t->work + t->n;
    }
    const int rounds = as_shirley(t->n, t->x, t->y, &how, t->work, t->b);
    if (rounds > 0) return AS_OK;
    return as_fail(t->run->ctx, AS_E_NUMERIC, NULL, "%s",
                   rounds < 0 ? "the spectrum does not stand above a background between its end "
                                "levels; choose other ends with --region, or baseline-smart"
                              : "the background does not settle; it crosses the data");
}

/* Losses count from the side of fast electrons, which the name of x must tell. */
static as_status tougaard(task *t, bool three)
{
    const shirley_settings *set = t->run->settings;
    const bool kinetic = strcmp(t->x_name, "kinetic_energy") == 0;
    if (!kinetic && strcmp(t->x_name, "binding_energy") != 0)
        return as_fail(t->run->ctx, AS_E_MISSING, NULL,
                       "x is %s, expected binding_energy or kinetic_energy", t->x_name);
    const bool reversed = (t->x[t->n - 1] > t->x[0]) == kinetic; /* the loss falls with the row */
    double *loss = t->work, *y = t->work + t->n, *b = t->work + 2 * t->n;
    const double level = end_level(t, reversed, (size_t)set->ends);
    for (size_t i = 0; i < t->n; i++) {
        const size_t j = reversed ? t->n - 1 - i : i;
        loss[i] = kinetic ? -t->x[j] : t->x[j];
        y[i] = t->y[j] - level;
    }
    const as_tougaard_how how = { .b = set->b, .c = set->c, .d = set->d, .three = three };
    AS_TRY(as_tougaard(t->run->ctx, t->n, loss, y, &how, b));
    const size_t ends = (size_t)set->ends < t->n ? (size_t)set->ends : t->n;
    double have = 0, want = 0;
    for (size_t i = t->n - ends; i < t->n; i++) {
        have += b[i] / (double)ends;
        want += y[i] / (double)ends;
    }
    if (!set->fixed && !(have > 0 && want > 0))
        return as_fail(t->run->ctx, AS_E_NUMERIC, NULL,
                       "the high-loss end is not above the other: B cannot be scaled to meet it");
    const double scale = set->fixed ? 1 : want / have;
    for (size_t i = 0; i < t->n; i++) t->b[reversed ? t->n - 1 - i : i] = level + scale * b[i];
    return AS_OK;
}

static as_status draw(task *t, kind which)
{
    switch (which) {
    case LINEAR: return linear(t);
    case SHIRLEY: return shirley(t, false);
    case SMART: return shirley(t, true);
    case TWO: return tougaard(t, false);
    case THREE: break;
    }
    return tougaard(t, true);
}

/* The mean square scatter of the end points about their levels. */
static double end_scatter(const task *t, size_t ends)
{
    double square = 0;
    for (int right = 0; right < 2; right++)
        for (size_t i = 0; i < ends; i++)
            square += pow(t->y[right ? t->n - 1 - i : i] - end_level(t, right, ends), 2);
    return ends > 1 ? square / (2.0 * (double)ends - 2) : NAN;
}

static double weight(const task *t, size_t i)
{
    const double left = i > 0 ? t->x[i] - t->x[i - 1] : 0;
    const double right = i + 1 < t->n ? t->x[i + 1] - t->x[i] : 0;
    return 0.5 * (fabs(left) + fabs(right));
}

/* How the area S above b depends on a row's own y (times its weight), and on the levels l and r. */
typedef struct {
    double *own;
    double left, right;
} gradient;

/* b = l + (r - l) f with f as it stands: S loses int (1 - f) for l and int f for r. */
static void levels_gradient(const task *t, double l, double r, gradient *g)
{
    for (size_t i = 0; i < t->n; i++) {
        const double w = weight(t, i);
        const double f = r != l ? (t->b[i] - l) / (r - l) : (double)i / (double)(t->n - 1);
        g->own[i] = w;
        g->left -= w * (1 - f);
        g->right -= w * f;
    }
}

/* Shirley's b solves b' = k (y - b) from l to r, so that S = (r - l)/k, with k from
 * l e^(-k X) + k int e^(-k (X - x)) y dx = r; differentiated. */
static void shirley_gradient(const task *t, double l, double r, double s, gradient *g)
{
    const double k = (r - l) / s, length = fabs(t->x[t->n - 1] - t->x[0]);
    double slope = -length * l * exp(-k * length); /* of the left side, by k */
    for (size_t i = 0; i < t->n; i++) {
        const double beyond = length - fabs(t->x[i] - t->x[0]);
        g->own[i] = weight(t, i) * exp(-k * beyond);
        slope += g->own[i] * t->y[i] * (1 - k * beyond);
    }
    for (size_t i = 0; i < t->n; i++) g->own[i] *= s / slope;
    g->left = (s / slope * exp(-k * length) - 1) / k;
    g->right = (1 - s / slope) / k;
}

/* In place of what an earlier background left: there is one baseline, and one area above it. */
static as_status put(as_ctx *ctx, as_table *t, const as_result *r)
{
    for (size_t i = 0; i < t->n_results; i++) {
        as_result *old = &t->result[i];
        if (strcmp(old->item, r->item) != 0 || strcmp(old->quantity, r->quantity) != 0) continue;
        const char *item = old->item, *quantity = old->quantity;
        *old = *r;
        old->item = item;
        old->quantity = quantity;
        return AS_OK;
    }
    return as_add_result(ctx, t, r);
}

static as_status report_area(const task *t, as_table *owned, double value, double u, double jitter)
{
    as_ctx *ctx = t->run->ctx;
    as_result r = { .item = "region", .quantity = "area", .value = value, .u = u, .flag = "ok",
                    .method = t->run->op->name };
    AS_TRY(as_unit_times(ctx, owned, &as_find_role(owned, AS_ROLE_Y)->unit,
                         &as_find_role(owned, AS_ROLE_X)->unit, 1, &r.unit));
    AS_TRY(put(ctx, owned, &r));
    r.quantity = "end_level_u";
    r.value = jitter;
    r.u = NAN;
    return put(ctx, owned, &r);
}

static as_status report_levels(const task *t, as_table *owned, const double *sigma, size_t ends)
{
    for (int last = 0; last < 2; last++) {
        const bool right = last != t->turned;
        double variance = 0;
        for (size_t i = 0; i < ends; i++) {
            const size_t row = right ? t->n - 1 - i : i;
            variance += sigma ? sigma[row] * sigma[row] : end_scatter(t, ends);
        }
        AS_TRY(put(
            t->run->ctx, owned,
            &(as_result){ .item = "region", .quantity = last ? "last_level" : "first_level",
                          .value = end_level(t, right, ends), .u = sqrt(variance) / (double)ends,
                          .unit = as_find_role(owned, AS_ROLE_Y)->unit, .flag = "ok",
                          .method = t->run->op->name }));
    }
    return AS_OK;
}

/* The area and its uncertainty: the noise of every row, of end points also through their level. */
static as_status area(task *t, as_table *owned, const double *sigma, kind which)
{
    const shirley_settings *set = t->run->settings;
    as_ctx *ctx = t->run->ctx;
    const size_t n = t->n, ends = (size_t)set->ends < n / 2 ? (size_t)set->ends : n / 2;
    const double l = end_level(t, false, ends), r = end_level(t, true, ends), scatter = end_scatter(t, ends);
    double sum = 0, counted = 0, jitter = 0;
    gradient g = { .own = AS_NEW_N(as_scratch(ctx), double, n) };
    if (!g.own) return AS_ERR;
    for (size_t i = 0; i < n; i++) sum += weight(t, i) * (t->y[i] - t->b[i]);
    if ((which == SHIRLEY || which == SMART) && fabs(r - l) > 1e-6 * fabs(l))
        shirley_gradient(t, l, r, sum, &g);
    else
        levels_gradient(t, l, r, &g);
    for (size_t i = 0; i < n; i++) {
        const double level = ((i < ends) * g.left + (i + ends >= n) * g.right) / (double)ends;
        const double square = sigma ? sigma[i] * sigma[i] : scatter;
        counted += (g.own[i] + level) * (g.own[i] + level) * square;
        jitter += level * level * square;
    }
    return report_area(t, owned, sum, sqrt(counted), sqrt(jitter)) == AS_OK
               ? report_levels(t, owned, sigma, ends)
               : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const shirley_settings *set = run->settings;
    const method *m = run->op->method;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    AS_TRY(as_curve_rising(run->ctx, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    double *y = as_curve_bridged(run->ctx, &c);
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 4 * c.n);
    if (!y || !memory) return AS_ERR;
    size_t from = 0, to = c.n;
    while (from < to && !(c.x[from] >= set->region.lo && c.x[from] <= set->region.hi)) from++;
    while (to > from && !(c.x[to - 1] >= set->region.lo && c.x[to - 1] <= set->region.hi)) to--;
    if (to - from < 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the region holds %zu rows, expected 3", to - from);
    for (size_t i = 0; i < c.n; i++) memory[i] = NAN;
    task t = { .run = run, .n = to - from, .x = c.x + from, .y = y + from, .b = memory + from,
               .work = memory + c.n, .x_name = c.x_column->name, .turned = c.turned };
    AS_TRY(draw(&t, m->kind));
    AS_TRY(area(&t, owned, c.sigma ? c.sigma + from : NULL, m->kind));
    return as_baseline_emit(run, owned, &c, memory, set->subtract);
}

static const char *const see_also[] = { "baseline-shirley", "baseline-tougaard", "fit", NULL };

#define METHOD(sym, nm, ex, opt, kd, prm, sum, text, ...)                                                 \
    static const method method_##sym = { kd };                                                   \
    static const as_example examples_##sym[] = {                                                 \
        { ex, "assay " nm opt " tests/corpus/xps/shirley.ecsv | assay plot-lines -o " nm ".svg" },\
        { 0 }                                                                                    \
    };                                                                                           \
    static const char *const references_##sym[] = { __VA_ARGS__, NULL };                         \
    const as_op as_op_##sym = {                                                                  \
        .name = nm, .group = "baseline", .effect = AS_ANNOTATES,                                 \
        .settings_size = sizeof(shirley_settings), .params = prm, .needs = needs,                \
        .gives = gives, .series = series, .method = &method_##sym,                               \
        .doc = { .summary = sum,                                                                 \
                 .description = text "\n\nThe level at each end of the region is the mean of "    \
                                     "`--ends` points; a single point would put its noise into "  \
                                     "every area. Outside the region there is no baseline (nan). The " \
                                     "result `region` is the area above it; its uncertainty holds " \
                                     "the noise of all rows, that of the end levels included.",    \
                 .references = references_##sym, .examples = examples_##sym, .see_also = see_also },   \
    };

METHOD(baseline_linear, "baseline-linear",
       "a line between the ends of a C 1s region", " --ends 3",
       LINEAR, params_linear,
       "add a straight line between the ends of a region",
       "For regions whose background does not step.",
       "Proctor & Sherwood 1982, Data analysis techniques in x-ray photoelectron spectroscopy, "
       "Anal. Chem. 54, 13, doi:10.1021/ac00238a008")
METHOD(baseline_shirley, "baseline-shirley",
       "a C 1s region with its background", "",
       SHIRLEY, params_shirley,
       "add Shirley's background",
       "The background rises in proportion to the area of the peaks on the side of lower binding "
       "energy, iterated until it is still. It is static: drawn before any fit. A spectrum that "
       "does not stand above it is refused.",
       "Shirley 1972, High-resolution X-ray photoemission spectrum of the valence bands of gold, "
       "Phys. Rev. B 5, 4709, doi:10.1103/PhysRevB.5.4709",
       "Proctor & Sherwood 1982, Data analysis techniques in x-ray photoelectron spectroscopy, "
       "Anal. Chem. 54, 13, doi:10.1021/ac00238a008")
METHOD(baseline_smart, "baseline-smart",
       "never above the data, means of 7 points", " --smooth 3",
       SMART, params_smart,
       "add Shirley's background, kept below the data",
       "As `baseline-shirley`, but nowhere above the moving mean of the data.",
       "Shirley 1972, High-resolution X-ray photoemission spectrum of the valence bands of gold, "
       "Phys. Rev. B 5, 4709, doi:10.1103/PhysRevB.5.4709")
METHOD(baseline_tougaard, "baseline-tougaard",
       "B scaled to meet the data at the high-loss end", "",
       TWO, params_two,
       "add Tougaard's background with the universal loss function",
       "Electrons lose the energy T with the probability B T / (C + T^2)^2. Needs 30 to 50 eV of "
       "spectrum above the peak in binding energy.",
       "Tougaard 1988, Quantitative analysis of the inelastic background in surface electron "
       "spectroscopy, Surf. Interface Anal. 11, 453, doi:10.1002/sia.740110902")
METHOD(baseline_tougaard3, "baseline-tougaard3",
       "the loss function of silicon dioxide", " --b 325 --c 542 --d 275",
       THREE, params_three,
       "add Tougaard's background with a loss function of three parameters",
       "Electrons lose the energy T with the probability B T / ((C - T^2)^2 + D T^2), for solids "
       "with a narrow plasmon. The universal form is D = 4 C; a small D makes a spike at T^2 = C. "
       "The defaults are those of polymers; silicon dioxide has 325, 542, 275.",
       "Tougaard 1997, Universality classes of inelastic electron scattering cross-sections, Surf. "
       "Interface Anal. 25, 137, "
       "doi:10.1002/(SICI)1096-9918(199703)25:3<137::AID-SIA230>3.0.CO;2-L")
