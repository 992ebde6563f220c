/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The detection of (111) over 1000 noise seeds of each simulated pattern of datasets/chang2022/xrd, and
 * at chosen true areas: coverage of the intervals, false positives, missed peaks. No files written.
 */
#include "check.h"
#include "detection.h"
#include "powder_fit.h"
#include "powder_select.h"
#include "powder_simulate.h"
#include "random.h"

enum { SEEDS = 1000 };

static as_ctx *ctx;
static const int hkl111[1][3] = { { 1, 1, 1 } };
static const int named[3][3] = { { 1, 1, 1 }, { 2, 0, 0 }, { 2, 2, 2 } };

typedef struct sample { /* as the Makefile of the data set states them */
    const char *name;
    const char *cell;
    double oxygen, density[3];
    bool without_111;
} sample;

static const sample samples[] = {
    { "pristine", "Fm-3m:26.310", 1, { 0.20, 0.05, 0.20 }, false },
    { "activated, no 111", "Fm-3m:26.279", 0, { 0 }, true },
    { "quasi-solid", "Fm-3m:26.290", 0.6, { 0.1837, 0, 0 }, false },
    { "activated, bare structure", "Fm-3m:26.279", 0, { 0 }, false },
    { "pristine, no 111", "Fm-3m:26.310", 1, { 0.20, 0.05, 0.20 }, true },
    { "quasi-solid, no 111", "Fm-3m:26.290", 0.6, { 0.1837, 0, 0 }, true },
    { "quasi-solid, stated loading", "Fm-3m:26.290", 0.2, { 0.0612, 0, 0 }, false },
};
enum { N_SAMPLES = sizeof samples / sizeof *samples };

static void pattern_of(as_arena *arena, as_structure *s, const sample *from, as_powder_pattern *out)
{
    CHECK(as_cell_parse(ctx, from->cell, &s->cell) == AS_OK);
    s->site[6].occupancy = from->oxygen;
    for (int k = 0; k < 3; k++) s->cage[k].density = from->density[k];
    const as_powder_sample p = {
        .structure = s, .doublet = { 1.5406, 1.54439, 0.497, false }, .from = 4, .to = 30, .step = 0.016,
        .crystallite = 60, .scherrer = 0.94, .instrument = 0.05, .axial = 0.02, .zero = 0.01,
        .displacement = 0.05, .radius = 280, .background = { 2000, 4, 60 }, .hump = { 150, 20, 3 },
        .reference = { 2, 2, 2 }, .counts = 20000, .n_absent = from->without_111, .absent = hkl111
    };
    CHECK(as_powder_simulate(ctx, arena, &p, out) == AS_OK);
}

static double area_of(const as_powder_pattern *p, int h, int k, int l)
{
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->line[i].r.h == h && p->line[i].r.k == k && p->line[i].r.l == l) return p->line[i].area;
    return NAN;
}

typedef struct answer {
    double area, area_u, ratio, ratio_u, reference, reference_u;
    as_limits limits;
    double chi2;
    int iterations;
} answer;

static as_cell cell_26343;

static as_status fit_of(const as_powder_pattern *p, const double *y, answer *out)
{
    const as_frame frame = as_enter(ctx);
    double *sigma = AS_NEW_N(as_scratch(ctx), double, p->n);
    for (size_t i = 0; i < p->n; i++) sigma[i] = sqrt(fmax(y[i], 1));
    const as_powder_request q = { &cell_26343, 3, named, 1, 3, 4, 30 };
    as_powder_fit f = { .doublet = { 1.5406, 1.54439, 0.497, false }, .position_tolerance = 0.1,
                        .scale_tolerance = 0.005, .fwhm = 0.15, .axial = 0.02 };
    as_powder_family *family;
    size_t *row;
    as_status s = as_powder_select(ctx, as_scratch(ctx), &q, p->n, p->x, y, sigma, NULL, &f, &family,
                                   &row);
    if (s == AS_OK) s = as_powder_fit_run(ctx, as_scratch(ctx), &f);
    if (s == AS_OK) {
        size_t one = 0, ref = 0;
        for (size_t k = 0; k < f.n_peaks; k++) {
            if (family[k].hkl[0] == 1 && family[k].hkl[2] == 1) one = k;
            if (family[k].hkl[0] == 2 && family[k].hkl[2] == 2) ref = k;
        }
        const as_powder_peak *a = &f.peak[one], *b = &f.peak[ref];
        const double cov = f.covariance[(f.area_at + one) * f.n_values + f.area_at + ref];
        out->area = a->area;
        out->area_u = a->area_u;
        out->reference = b->area;
        out->reference_u = b->area_u;
        out->ratio = a->area / b->area;
        out->ratio_u = sqrt(a->area_u * a->area_u + out->ratio * out->ratio * b->area_u * b->area_u -
                            2 * out->ratio * cov) / b->area;
        out->limits = as_detection_limits(a->area, a->area_u, a->zero_u, 0.016);
        out->chi2 = f.chi2 / (double)f.degrees;
        out->iterations = f.iterations;
    }
    as_leave(ctx, frame);
    return s;
}

/* Without noise the areas come back: what is left is the background's shape. */
static void noise_free(const as_powder_pattern *p, double *limit)
{
    answer a;
    CHECK(fit_of(p, p->mean, &a) == AS_OK);
    const double truth = area_of(p, 1, 1, 1);
    NEAR(a.area, truth, 0.35 * a.area_u);
    NEAR(a.reference, area_of(p, 2, 2, 2), a.reference_u);
    printf("  area %.4f (truth %.4f, u %.4f), 222 %.3f (truth %.3f, u %.3f), Lc %.4f, LD %.4f, %d iterations\n",
           a.area, truth, a.area_u, a.reference, area_of(p, 2, 2, 2), a.reference_u, a.limits.critical_level,
           a.limits.detection_limit, a.iterations);
    *limit = a.limits.detection_limit;
}

typedef struct tally { int covered, present, missed, undecided, failed; double worst_limit; } tally;

static tally seeds_of(const as_powder_pattern *p, double truth, uint64_t stream)
{
    tally t = { 0 };
    double *y = AS_NEW_N(as_scratch(ctx), double, p->n);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_random r;
        answer a;
        as_random_seed(&r, seed, stream);
        for (size_t i = 0; i < p->n; i++) y[i] = as_random_poisson(&r, p->mean[i]);
        if (fit_of(p, y, &a) != AS_OK) {
            printf("  seed %d: %s\n", (int)seed, as_pending_message(ctx));
            as_forget_error(ctx);
            t.failed++;
            continue;
        }
        t.covered += fabs(a.ratio - truth) < 1.959963984540054 * a.ratio_u;
        t.present += a.limits.verdict == AS_PRESENT;
        t.missed += a.limits.verdict == AS_NOT_DETECTED;
        t.undecided += a.limits.verdict == AS_UNDECIDED_PEAK;
        t.worst_limit = fmax(t.worst_limit, a.limits.upper_limit / a.reference);
    }
    printf("  covered %d, present %d, undecided %d, not detected %d, failed %d; largest limit %.3f %%\n",
           t.covered, t.present, t.undecided, t.missed, t.failed, 100 * t.worst_limit);
    CHECK(t.failed == 0);
    return t;
}

/* The same pattern with a (111) of the area given. */
static void with_area(as_powder_pattern *p, double area)
{
    for (size_t k = 0; k < p->n_lines; k++) {
        as_powder_truth *line = &p->line[k];
        if (line->r.d < 12) continue;
        const as_powder_shape shape = { line->position, 0.05,
                                        0.94 * 1.5406 / 600 / cos(line->position / 2 * 0.0174532925) /
                                            0.0174532925, 0.02, 0, 0, 0, 0 };
        double *one = AS_NEW_N(as_scratch(ctx), double, p->n);
        const as_doublet cu = { 1.5406, 1.54439, 0.497, false };
        as_powder_doublet(p->n, p->x, &shape, &cu, &(as_powder_arrays){ .p = one });
        for (size_t i = 0; i < p->n; i++) p->mean[i] += (area - line->area) * one[i];
        line->area = area;
    }
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    const as_input *in;
    as_structure s;
    as_arena *arena = as_scratch(ctx);
    CHECK(as_cell_parse(ctx, "cubic:26.343:F", &cell_26343) == AS_OK);
    CHECK(as_input_open(ctx, ASSAY_SOURCE "/datasets/chang2022/xrd/hkust-1.structure", &in) == AS_OK);
    CHECK(as_structure_parse(ctx, arena, in, &s) == AS_OK);
    for (size_t k = 0; k < N_SAMPLES; k++) {
        const as_frame frame = as_enter(ctx);
        as_powder_pattern p;
        double limit;
        pattern_of(arena, &s, &samples[k], &p);
        const double truth = area_of(&p, 1, 1, 1) / area_of(&p, 2, 2, 2);
        printf("%s: I111/I222 = %.4f %%\n", samples[k].name, 100 * truth);
        noise_free(&p, &limit);
        const tally t = seeds_of(&p, truth, k);
        CHECK(t.covered >= 0.90 * SEEDS && t.covered <= 0.98 * SEEDS);
        if (samples[k].without_111) {
            CHECK(t.present <= 0.005 * SEEDS);
            CHECK(t.worst_limit < 0.01);
        }
        if (k == 1) { /* the set whose claim rests on it */
            with_area(&p, 2 * limit);
            printf("  at twice the detection limit:\n");
            CHECK(seeds_of(&p, area_of(&p, 1, 1, 1) / area_of(&p, 2, 2, 2), 100 + k).missed <=
                  0.005 * SEEDS);
        }
        if (truth > 0.01) CHECK(t.present == SEEDS);
        as_leave(ctx, frame);
    }
    as_ctx_free(ctx);
    DONE();
}
