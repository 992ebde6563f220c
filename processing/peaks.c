/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peaks: find the peaks of a curve by prominence, against its noise. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "noise_level.h"
#include "op.h"
#include "peaks_find.h"
#include "savgol.h"

typedef struct {
    double prominence, height, threshold, snr, share;
    as_width distance, width, smooth;
    int top;
    bool ghosts;
} peaks_settings;

static const as_param params[] = {
    AS_DOUBLE(peaks_settings, prominence, "prominence", "0", 0, 1e300, NULL,
              "least height above the higher of the two neighbouring valleys, in the unit of y"),
    AS_DOUBLE(peaks_settings, snr, "snr", "0", 0, 1e9, NULL,
              "least prominence over noise; 0: noise alone shows a peak in 1 of 100 curves, or no limit "
              "when --prominence is given"),
    AS_DOUBLE(peaks_settings, height, "height", "-inf", 0, 0, NULL, "least y at the maximum"),
    AS_DOUBLE(peaks_settings, threshold, "threshold", "0", 0, 1e300, NULL,
              "least y above both neighbouring points"),
    AS_WIDTH(peaks_settings, distance, "distance", "1pt",
             "least distance between peaks; of two the lower goes"),
    AS_WIDTH(peaks_settings, width, "width", "1pt", "least width"),
    AS_DOUBLE(peaks_settings, share, "width-at", "0.5", 0.01, 0.99, NULL,
              "share of the prominence below the maximum at which the width is taken"),
    AS_WIDTH(peaks_settings, smooth, "smooth", "1pt",
             "window of a Savitzky-Golay filter used for finding only; 1pt: none"),
    AS_INT(peaks_settings, top, "top", "0", 0, 1000000, "only so many, the most prominent; 0: all"),
    AS_BOOL(peaks_settings, ghosts, "ghosts", "yes",
            "mark K-alpha 2, K-beta and tungsten lines of stronger reflections (diffraction)"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; rows that are nan are left out" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true,
      .help = "else the noise is estimated from second differences" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .optional = true,
      .help = "heights are above it" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .help = "of the maximum" },
    { .kind = AS_NEED_RESULT, .name = "height", .help = "of the maximum" },
    { .kind = AS_NEED_RESULT, .name = "prominence", .help = "above the higher valley" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .help = "at the share of --width-at" },
    { .kind = AS_NEED_RESULT, .name = "snr", .unit = "1", .help = "prominence over noise" },
    { .kind = AS_NEED_RESULT, .name = "noise", .help = "of the curve" },
    { 0 }
};

/* The usable rows without gaps. */
typedef struct {
    size_t n;
    double *x, *y, *raw, *sigma, *base; /* y: what is searched, raw: as measured; base or NULL */
    double noise;                       /* typical, of y */
    bool measured;                      /* sigma comes from the data's own column */
    bool smoothed;
} search;

static as_status gather(as_run *run, as_table *owned, const as_curve *c, search *s)
{
    const peaks_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_column *base = as_baseline_below(owned);
    double points, *m = AS_NEW_N(as_scratch(ctx), double, 8 * c->n + 8);
    if (!m) return AS_ERR;
    *s = (search){ .x = m, .raw = m + c->n, .sigma = m + 2 * c->n, .base = base ? m + 3 * c->n : NULL,
                   .measured = c->sigma != NULL };
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0)) continue;
        s->x[s->n] = c->x[i];
        s->raw[s->n] = c->y[i];
        s->sigma[s->n] = c->sigma && c->sigma[i] > 0 ? c->sigma[i] : NAN;
        if (base) s->base[s->n] = base->v.f[i];
        s->n++;
    }
    s->y = s->raw;
    s->noise = as_noise_level(s->n, s->raw, m + 4 * c->n);
    AS_TRY(as_width_points(ctx, &set->smooth, owned, &points));
    const size_t half = (size_t)rint((points - 1) / 2);
    if (half > 0 && 2 * half < s->n) {
        double *coefficient = m + 4 * c->n, square = 0;
        s->y = m + 7 * c->n;
        as_savgol(s->n, half, 2, 0, s->raw, coefficient, s->y);
        for (size_t j = 0; j <= 2 * half; j++) square += coefficient[j] * coefficient[j];
        s->noise *= sqrt(square);
        for (size_t i = 0; i < s->n; i++) s->sigma[i] *= sqrt(square);
        s->smoothed = true;
    }
    for (size_t i = 0; i < s->n; i++)
        if (isnan(s->sigma[i])) s->sigma[i] = s->noise;
    return AS_OK;
}

/* The noise that a peak must top is that of its foot: what would be there without it. */
static double foot_noise(const search *s, const as_peak *p)
{
    const size_t foot = s->y[p->left_base] > s->y[p->right_base] ? p->left_base : p->right_base;
    return s->sigma[foot];
}

static bool passes(const peaks_settings *set, const search *s, const as_peak *p, double snr)
{
    return p->prominence >= set->prominence && p->prominence >= snr * foot_noise(s, p);
}

/* The peaks that pass all limits, in the order of rows. scipy's order of the filters: height,
 * threshold, distance, prominence, width. */
static size_t find(as_run *run, as_table *owned, search *s, as_peak **out, size_t *n_out)
{
    const peaks_settings *set = run->settings;
    as_arena *scratch = as_scratch(run->ctx);
    double distance, width;
    size_t *at = AS_NEW_N(scratch, size_t, s->n / 2 + 2);
    if (!at || as_width_points(run->ctx, &set->distance, owned, &distance) != AS_OK ||
        as_width_points(run->ctx, &set->width, owned, &width) != AS_OK)
        return 0;
    const size_t n = as_peaks_maxima(s->n, s->y, at);
    size_t *work = AS_NEW_N(scratch, size_t, 4 * n + 4);
    as_peak *p = AS_NEW_N(scratch, as_peak, n + 1);
    bool *keep = AS_NEW_N(scratch, bool, n + 1);
    if (!work || !p || !keep) return 0;
    as_peaks_prominences(s->n, s->y, n, at, work, p);
    size_t left = 0;
    for (size_t k = 0; k < n; k++) {
        const double y = s->y[p[k].at], *near = s->y + p[k].at;
        if (y >= set->height && fmin(y - near[-1], y - near[1]) >= set->threshold) p[left++] = p[k];
    }
    const size_t rows = (size_t)fmin(ceil(distance), 1e15);
    if (rows > 1) {
        as_peaks_thin(left, p, s->y, rows, work, keep);
        size_t kept = 0;
        for (size_t k = 0; k < left; k++)
            if (keep[k]) p[kept++] = p[k];
        left = kept;
    }
    const double snr = set->snr > 0          ? set->snr
                       : set->prominence > 0 ? 0
                                             : as_noise_range((double)s->n);
    const bool by_width = !set->width.points || set->width.value > 1;
    *n_out = 0;
    for (size_t k = 0; k < left; k++) {
        if (!passes(set, s, &p[k], snr)) continue;
        as_peaks_width(s->y, set->share, &p[k]);
        if (by_width && p[k].width < width) continue;
        p[(*n_out)++] = p[k];
    }
    *out = p;
    return 1;
}

/* Only the most prominent stay, in the order of rows. */
static size_t only_top(as_peak *p, size_t n, size_t top)
{
    while (top > 0 && n > top) {
        size_t least = 0;
        for (size_t k = 1; k < n; k++)
            if (p[k].prominence < p[least].prominence) least = k;
        memmove(p + least, p + least + 1, (n - least - 1) * sizeof *p);
        n--;
    }
    return n;
}

static double x_at(const search *s, double row)
{
    const size_t i = row < (double)(s->n - 1) ? (size_t)row : s->n - 2;
    return s->x[i] + (row - (double)i) * (s->x[i + 1] - s->x[i]);
}

/* Top of the parabola through the maximum and its neighbours, with the first-order error of
 * three independent values. */
static double parabola(const search *s, const as_peak *p, double *u)
{
    const double *y = s->y + p->at, *e = s->sigma + p->at;
    const double a = y[-1] - y[1], b = y[-1] - 2 * y[0] + y[1];
    const double step = 0.5 * (s->x[p->at + 1] - s->x[p->at - 1]);
    *u = NAN;
    if (!(b < 0)) return s->x[p->at];
    const double dm = 0.5 / b - 0.5 * a / (b * b), d0 = a / (b * b), dp = -0.5 / b - 0.5 * a / (b * b);
    if (s->measured && !s->smoothed)
        *u = fabs(step) * sqrt(dm * dm * e[-1] * e[-1] + d0 * d0 * e[0] * e[0] + dp * dp * e[1] * e[1]);
    const double shift = fmax(-1, fmin(1, 0.5 * a / b));
    return s->x[p->at] + step * shift;
}

/* Slope of y over x and the error of y where the flank is crossed at row `at` and a fraction. */
static double crossed(const search *s, double at, double *sigma)
{
    const size_t i = at < (double)(s->n - 1) ? (size_t)at : s->n - 2;
    const double u = at - (double)i;
    *sigma = hypot((1 - u) * s->sigma[i], u * s->sigma[i + 1]);
    return (s->y[i + 1] - s->y[i]) / (s->x[i + 1] - s->x[i]);
}

/* Error of the width: that of the level, made of top and foot, moves both crossings apart; that of
 * each flank moves its own. */
static double width_error(const search *s, const as_peak *p, size_t foot, double share)
{
    double left, right;
    const double a = crossed(s, p->left, &left), b = crossed(s, p->right, &right);
    const double level = hypot((1 - share) * s->sigma[p->at], share * s->sigma[foot]);
    if (!(a * b < 0)) return NAN;
    return hypot(level * (1 / a - 1 / b), hypot(left / a, right / b));
}

/* Lines that a laboratory tube adds to every strong reflection: positions from the same d. */
typedef struct { const char *anode; double k_alpha1, k_beta; } tube;
static const tube tubes[] = { /* Angstrom; to recognise lines by, not to measure with */
    { "Cu", 1.5405929, 1.392235 }, { "Co", 1.788996, 1.620826 }, { "Fe", 1.936041, 1.756605 },
    { "Cr", 2.289726, 2.084888 },  { "Mo", 0.709317, 0.632303 }, { "Ag", 0.559422, 0.497082 },
};
static const double tungsten_l_alpha = 1.476370;

/* Wavelengths in Angstrom; NaN: not known, or not in the data. */
typedef struct { double own, alpha2, beta; } lines;

static double angstrom(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    const as_unit unit = as_unit_of("Angstrom");
    return m ? as_unit_convert(m->number, &m->unit, &unit) : NAN;
}

static bool lines_of(const as_table *t, const as_curve *c, lines *l)
{
    const as_meta *anode = as_get_meta(t, "anode"), *ratio = as_get_meta(t, "alpha2_ratio");
    const as_unit deg = as_unit_of("deg");
    *l = (lines){ angstrom(t, "wavelength"), angstrom(t, "wavelength_alpha2"),
                  angstrom(t, "wavelength_beta") };
    if (strcmp(c->x_column->name, "two_theta") != 0 || !(l->own > 0) ||
        !as_unit_same_dimension(&c->x_column->unit, &deg))
        return false;
    if (!(ratio && ratio->number > 0)) l->alpha2 = NAN;
    for (size_t k = 0; k < sizeof tubes / sizeof *tubes; k++) {
        const bool same = anode && anode->text && strncmp(anode->text, tubes[k].anode, 2) == 0;
        if (!same && !(fabs(l->own / tubes[k].k_alpha1 - 1) < 2e-3)) continue;
        if (!(l->beta > 0)) l->beta = tubes[k].k_beta;
        return true;
    }
    return l->alpha2 > 0 || l->beta > 0;
}

/* Which line of which stronger peak stands here: the flag, and its parent. */
static const char *ghost(const as_table *t, const as_curve *c, const search *s, const as_peak *p,
                         size_t n, size_t k, size_t *parent)
{
    lines l;
    if (!lines_of(t, c, &l)) return NULL;
    const as_unit rad = as_unit_of("rad"), *unit = &c->x_column->unit;
    const double here = as_unit_convert(s->x[p[k].at], unit, &rad);
    const struct { const char *name; double wave, most; } line[] = { /* most: of the parent's height */
        { "k_alpha2", l.alpha2, 0.75 }, { "k_beta", l.beta, 0.3 }, { "w_l_alpha", tungsten_l_alpha, 0.05 }
    };
    for (size_t j = 0; j < n; j++) {
        const double sine = sin(as_unit_convert(s->x[p[j].at], unit, &rad) / 2) / l.own;
        const double near = as_unit_convert(fabs(x_at(s, p[j].right) - x_at(s, p[j].left)), unit, &rad);
        for (size_t m = 0; m < sizeof line / sizeof *line; m++) {
            const double top = s->y[p[k].at] - s->y[p[j].left_base];
            const double high = s->y[p[j].at] - s->y[p[j].left_base];
            if (!(line[m].wave > 0) || !(sine * line[m].wave < 1) || top > line[m].most * high) continue;
            if (fabs(2 * asin(sine * line[m].wave) - here) > 0.3 * near + 0.0005) continue;
            *parent = j;
            return line[m].name;
        }
    }
    return NULL;
}

static as_status add(as_run *run, as_table *t, const char *item, const char *quantity, double value,
                     double u, as_unit unit, const char *flag, const char *method)
{
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = u, .unit = unit,
                          .bound = AS_EQUAL, .flag = flag, .method = method };
    return as_add_result(run->ctx, t, &r);
}

static as_status report(as_run *run, as_table *t, const as_curve *c, const search *s,
                        const as_peak *p, size_t n, size_t k)
{
    const peaks_settings *set = run->settings;
    const as_peak *q = &p[k];
    char item[32], method[64] = "parabola";
    size_t parent = 0;
    const as_unit xu = c->x_column->unit, yu = c->y_column->unit;
    const char *line = set->ghosts ? ghost(t, c, s, p, n, k, &parent) : NULL;
    const char *flag = line ? line : "ok";
    const size_t foot = s->y[q->left_base] > s->y[q->right_base] ? q->left_base : q->right_base;
    const bool errors = s->measured && !s->smoothed;
    double u;
    (void)snprintf(item, sizeof item, "%zu", k + 1);
    if (line) (void)snprintf(method, sizeof method, "parabola, %s of peak %zu", line, parent + 1);
    const double x = parabola(s, q, &u);
    const double *e = s->sigma;
    AS_TRY(add(run, t, item, "position", x, u, xu, flag, method));
    const double base = s->base ? s->base[q->at] : 0;
    AS_TRY(add(run, t, item, "height", s->y[q->at] - base, errors ? e[q->at] : NAN, yu, flag,
               s->base ? "maximum above baseline" : "maximum above zero"));
    AS_TRY(add(run, t, item, "prominence", q->prominence,
               errors ? hypot(e[q->at], e[foot]) : NAN, yu, flag, "above the higher valley"));
    const double width = fabs(x_at(s, q->right) - x_at(s, q->left));
    (void)snprintf(method, sizeof method, "at %g of the prominence", 1 - set->share);
    u = errors ? width_error(s, q, foot, set->share) : NAN;
    AS_TRY(add(run, t, item, "fwhm", width, u, xu, flag, method));
    return add(run, t, item, "snr", e[foot] > 0 ? q->prominence / e[foot] : NAN, NAN, AS_UNITLESS, flag,
               s->measured ? "over sigma of the foot" : "over noise of second differences");
}

static as_status series(as_run *run, as_table *owned)
{
    const peaks_settings *set = run->settings;
    as_curve c;
    search s;
    as_peak *p;
    size_t n;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    AS_TRY(gather(run, owned, &c, &s));
    if (!find(run, owned, &s, &p, &n)) return AS_ERR;
    n = only_top(p, n, (size_t)set->top);
    for (size_t k = 0; k < n; k++) AS_TRY(report(run, owned, &c, &s, p, n, k));
    AS_TRY(add(run, owned, "curve", "noise", s.noise, NAN, c.y_column->unit, "ok",
               "second differences"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "positions and widths of the bands of a spectrum",
      "assay peaks --smooth 5pt < tests/corpus/raman/fluorescence.ecsv"
      " | assay results | grep -v '^#' | head -n 6" },
    { "the same as a table for a notebook, above the baseline",
      "assay baseline-arpls --subtract tests/corpus/raman/fluorescence.ecsv | assay peaks --smooth 5pt | "
      "assay tabulate --quantity position --quantity height --quantity fwhm | assay convert --to markdown" },
    { "a figure with the positions over the bands",
      "assay peaks --smooth 5pt tests/corpus/raman/fluorescence.ecsv | assay plot-lines --peaks -o peaks.svg" },
    { 0 }
};
static const char *const references[] = {
    "Virtanen et al. 2020, SciPy 1.0, Nat. Methods 17, 261, doi:10.1038/s41592-019-0686-2",
    "Bearden 1967, X-ray wavelengths, Rev. Mod. Phys. 39, 78, doi:10.1103/RevModPhys.39.78",
    NULL
};
static const char *const see_also[] = { "peaks-cwt", "peak-area", "fit", NULL };

const as_op as_op_peaks = {
    .name = "peaks",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(peaks_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "find peaks by prominence, against the noise",
             .description =
                 "A peak is a local maximum whose prominence, the height above the higher of its two "
                 "valleys, tops the noise of its foot: `snr` times sigma where the data have one, "
                 "else times the noise that second differences show. Without any limit given the factor is such "
                 "that noise alone, however long, gives a peak in one of a hundred curves; `--snr` "
                 "or `--prominence` ask for more, `--snr 3` finds weak ones and noise with them. "
                 "`--smooth` finds broad weak bands, with the noise lowered accordingly.\n\n"
                 "Prominence, width, distance, height and threshold mean what they mean in "
                 "scipy.signal.find_peaks. Uncertainties are given where sigma is known and nothing "
                 "was smoothed; a fit gives better ones.\n\n"
                 "In diffraction data with a wavelength, peaks that stand where K-alpha 2, K-beta or "
                 "tungsten L-alpha of a stronger reflection would are flagged `k_alpha2`, `k_beta` and "
                 "`w_l_alpha`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
