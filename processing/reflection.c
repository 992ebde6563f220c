/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reflection: fit the named reflections of a cell on the raw pattern and say whether they are there. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "beam.h"
#include "curve.h"
#include "detection.h"
#include "diffraction_line.h"
#include "normal.h"
#include "powder_fit.h"
#include "powder_select.h"
#include "smooth.h"

typedef enum { SHARED, FREE } freedom;

typedef struct {
    const char *cell, *hkl, *reference;
    as_line_settings line;
    as_range range;
    double window, tolerance, scale, fwhm, axial, divergence;
    int degree, positions, widths;
    bool axial_fixed, columns;
} reflection_settings;

static const as_choice freedoms[] = {
    { "shared", SHARED, "one for all reflections" },
    { "free", FREE, "one for each reflection" },
    { 0 }
};
static const as_param params[] = {
    AS_STRING(reflection_settings, cell, "cell", NULL,
              "system:parameters:centring or space group:parameters, as in cubic:26.343:F"),
    AS_STRING(reflection_settings, hkl, "hkl", "",
              "reflections by comma, as in 111,200 or 10.0.2; none: all that the data cover"),
    AS_STRING(reflection_settings, reference, "reference", "",
              "reflection that ratios refer to; none: the strongest of those named"),
    AS_LINE_PARAMS(reflection_settings, line),
    AS_RANGE(reflection_settings, range, "range", ":", "deg", "part of the pattern to use"),
    AS_DOUBLE(reflection_settings, window, "window", "1deg", 0.05, 30, "deg",
              "of the pattern on either side of each reflection; windows that meet are one"),
    AS_INT(reflection_settings, degree, "degree", "3", 0, 8,
           "of the polynomial background of a window; one more for each window that is joined to it"),
    AS_CHOICE(reflection_settings, positions, "positions", "shared", freedoms,
              "shared: the cell's, with one zero and one scale for all"),
    AS_CHOICE(reflection_settings, widths, "widths", "shared", freedoms,
              "shared: one Gaussian and one size broadening for all"),
    AS_DOUBLE(reflection_settings, tolerance, "position-tolerance", "0.1deg", 1e-4, 5, "deg",
              "standard deviation of the restraint on zero or on each free position"),
    AS_DOUBLE(reflection_settings, scale, "scale-tolerance", "0.5%", 1e-6, 0.2, "1",
              "standard deviation of the restraint on the scale of the cell"),
    AS_DOUBLE(reflection_settings, fwhm, "fwhm", "0deg", 0, 10, "deg",
              "width to start from; 0: found by trial"),
    AS_DOUBLE(reflection_settings, axial, "axial", "0.02", 0, 0.15, NULL,
              "axial divergence, half the height of slit and sample over the radius: to start from"),
    AS_BOOL(reflection_settings, axial_fixed, "axial-fixed", "no", "keep --axial as it is"),
    AS_DOUBLE(reflection_settings, divergence, "divergence", "0deg", 0, 10, "deg",
              "full equatorial divergence, for the asymmetry of a flat sample; 0: not modelled"),
    AS_BOOL(reflection_settings, columns, "columns", "no",
            "add the columns model and baseline (nan outside the windows)"),
    AS_PARAMS_END
};

static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "two_theta", .unit = "deg", .help = "as x" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "raw: the background is fitted here" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .optional = true,
      .help = "without it there is no verdict" },
    { .kind = AS_NEED_META, .name = "wavelength", .unit = "Angstrom", .optional = true,
      .help = "unless --wavelength is given" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .unit = "x*y", .help = "of both K alpha lines" },
    { .kind = AS_NEED_RESULT, .name = "position", .unit = "deg", .help = "of K alpha 1" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .unit = "deg", .help = "without axial divergence" },
    { .kind = AS_NEED_RESULT, .name = "integral_breadth", .unit = "deg", .help = "likewise" },
    { .kind = AS_NEED_RESULT, .name = "two_theta_calc", .unit = "deg", .help = "from the cell" },
    { .kind = AS_NEED_RESULT, .name = "ratio", .unit = "1", .help = "of the area to the reference's" },
    { .kind = AS_NEED_RESULT, .name = "critical_level", .unit = "x*y", .help = "1.645 u at area 0" },
    { .kind = AS_NEED_RESULT, .name = "detection_limit", .unit = "x*y", .help = "after Currie" },
    { .kind = AS_NEED_RESULT, .name = "upper_limit", .unit = "x*y", .help = "one-sided 95 %" },
    { .kind = AS_NEED_RESULT, .name = "relative_upper_limit", .unit = "1",
      .help = "one-sided 95 %, of the ratio" },
    { .kind = AS_NEED_RESULT, .name = "verdict", .unit = "1",
      .help = "1 present, 0 not detected, nan undecided; the flag says it in words" },
    { .kind = AS_NEED_RESULT, .name = "reduced_chi2", .unit = "1", .help = "of the window" },
    { 0 }
};

/* What one series is about. */
typedef struct {
    as_run *run;
    as_table *t;
    as_cell cell;
    as_powder_fit fit;
    as_powder_family *family;
    size_t *row, reference;
    as_unit area_unit;
    double count; /* one count in units of area; 0: y counts nothing */
} job;

static as_status named_of(as_ctx *ctx, const char *text, size_t *n, const int (**out)[3])
{
    int(*list)[3] = as_alloc(as_scratch(ctx), strlen(text) / 2 + 1, sizeof *list);
    if (!list) return AS_ERR;
    *n = 0;
    for (const char *at = text; *at;) {
        at += strspn(at, " ");
        const size_t length = strcspn(at, ",");
        if (!as_hkl_parse(at, length, list[*n]))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%.*s' is no reflection; expected one like 111 or "
                           "10.0.2", (int)length, at);
        (*n)++;
        at += length + (at[length] == ',');
    }
    *out = (const int(*)[3])list;
    return AS_OK;
}

/* The peak that ratios refer to. */
static as_status choose_reference(job *j)
{
    const reflection_settings *set = j->run->settings;
    const as_powder_fit *f = &j->fit;
    int hkl[3];
    size_t best = f->n_peaks;
    if (set->reference && !as_hkl_parse(set->reference, strlen(set->reference), hkl))
        return as_fail(j->run->ctx, AS_E_USAGE, NULL, "'%s' is no reflection", set->reference);
    for (size_t k = 0; k < f->n_peaks; k++) {
        if (!j->family[k].named) continue;
        if (set->reference ? memcmp(j->family[k].hkl, hkl, sizeof hkl) == 0
                           : best == f->n_peaks || f->peak[k].area > f->peak[best].area)
            best = k;
    }
    if (best == f->n_peaks)
        return as_fail(j->run->ctx, AS_E_USAGE, NULL, "the reference %s is not among the reflections "
                       "of --hkl", set->reference);
    j->reference = best;
    return AS_OK;
}

static as_status give(job *j, const char *item, const char *quantity, double value, double u,
                      as_unit unit, const char *flag, const char *method)
{
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = u, .unit = unit,
                          .flag = flag, .method = method };
    return as_add_result(j->run->ctx, j->t, &r);
}

static as_status give_limits(job *j, size_t k, const char *item)
{
    static const char *const words[] = { "not_detected", "undecided", "present" };
    const as_powder_peak *p = &j->fit.peak[k], *ref = &j->fit.peak[j->reference];
    const bool known = j->fit.sigma != NULL;
    const as_limits l = as_detection_limits(p->area, p->area_u, known ? p->zero_u : NAN, j->count);
    const double ratio = p->area / ref->area;
    const double cov = as_powder_covariance(&j->fit, AS_POWDER_AREA, k, AS_POWDER_AREA, j->reference);
    const double u = k == j->reference
                         ? 0
                         : sqrt(fmax(p->area_u * p->area_u + ratio * ratio * ref->area_u * ref->area_u -
                                         2 * ratio * cov, 0)) / fabs(ref->area);
    const bool scaled = ref->area > 3 * ref->area_u; /* else there is nothing to refer to */
    const double verdict = l.verdict == AS_UNDECIDED_PEAK || !known ? NAN : l.verdict == AS_PRESENT;
    const as_unit one = AS_UNITLESS, a = j->area_unit;
    AS_TRY(give(j, item, "ratio", scaled ? ratio : NAN, scaled ? u : NAN, one,
                scaled ? "ok" : "failed", "area_over_reference"));
    AS_TRY(give(j, item, "critical_level", l.critical_level, NAN, a, known ? "ok" : "no_sigma",
                "Currie1968_alpha0.05"));
    AS_TRY(give(j, item, "detection_limit", l.detection_limit, NAN, a, known ? "ok" : "no_sigma",
                "Currie1968_alpha0.05_beta0.05"));
    AS_TRY(give(j, item, "upper_limit", l.upper_limit, NAN, a, "ok", "one_sided_95"));
    AS_TRY(give(j, item, "relative_upper_limit", scaled ? fmax(ratio, 0) + AS_Z95 * u : NAN,
                NAN, one, scaled ? "ok" : "failed", "one_sided_95"));
    return give(j, item, "verdict", verdict, NAN, one, known ? words[l.verdict] : "no_sigma",
                "present_above_3.09u0_not_below_1.645u0");
}

static as_status give_peak(job *j, size_t k, size_t *area_at, size_t *position_at)
{
    const as_powder_peak *p = &j->fit.peak[k];
    const as_unit deg = as_unit_of("deg");
    char item[AS_HKL_TEXT];
    as_hkl_text(j->family[k].hkl, item);
    if (*j->family[k].others)
        as_warn(j->run->ctx, j->t, NULL, "%s has the same spacing as %s: the area is that of all", item,
                j->family[k].others);
    *area_at = j->t->n_results;
    AS_TRY(give(j, item, "area", p->area, p->area_u, j->area_unit, "ok", "profile_fit"));
    *position_at = j->t->n_results;
    AS_TRY(give(j, item, "position", p->shape.centre, p->centre_u, deg, "ok",
                j->fit.free_positions ? "free" : "cell_zero_scale"));
    AS_TRY(give(j, item, "fwhm", p->fwhm, p->fwhm_u, deg, "ok", "TCH"));
    const double eta = as_tch_of(p->shape.g, p->shape.l).eta; /* pi/2 and sqrt(pi / ln 2) / 2 */
    const double wider = 1 / (eta / 1.5707963267948966 + (1 - eta) / 1.0644670194312262);
    AS_TRY(give(j, item, "integral_breadth", p->fwhm * wider, p->fwhm_u * wider, deg, "ok", "TCH"));
    AS_TRY(give(j, item, "two_theta_calc", p->calculated, NAN, deg, "ok", "Bragg"));
    AS_TRY(give(j, item, "reduced_chi2", as_powder_group_chi2(&j->fit, k), NAN, AS_UNITLESS, "ok",
                j->fit.sigma ? "window" : "unit_weights"));
    return give_limits(j, k, item);
}

/* Areas and positions with their covariance; then what they are judged by. */
static as_status give_all(job *j)
{
    const as_powder_fit *f = &j->fit;
    as_arena *scratch = as_scratch(j->run->ctx);
    size_t *at = AS_NEW_N(scratch, size_t, 2 * f->n_peaks), *peak = AS_NEW_N(scratch, size_t, f->n_peaks);
    size_t n = 0;
    if (!at || !peak) return AS_ERR;
    for (size_t k = 0; k < f->n_peaks; k++) {
        if (!j->family[k].named) continue;
        peak[n] = k;
        AS_TRY(give_peak(j, k, &at[2 * n], &at[2 * n + 1]));
        n++;
    }
    double *cov = AS_NEW_N(scratch, double, 4 * n * n);
    if (!cov) return AS_ERR;
    for (size_t a = 0; a < 2 * n; a++)
        for (size_t b = 0; b < 2 * n; b++)
            cov[a * 2 * n + b] = as_powder_covariance(f, (as_powder_quantity)(a % 2), peak[a / 2],
                                                      (as_powder_quantity)(b % 2), peak[b / 2]);
    AS_TRY(as_set_covariance(j->run->ctx, j->t, 2 * n, at, cov));
    const double s = f->value[f->axial_at], u = sqrt(f->covariance[f->axial_at * (f->n_values + 1)]);
    AS_TRY(give(j, "fit", "axial_divergence", s, u, AS_UNITLESS, u > 0 ? "ok" : "fixed", "FCJ1994"));
    AS_TRY(give(j, "fit", "degrees_of_freedom", (double)f->degrees, NAN, AS_UNITLESS, "ok", ""));
    return give(j, "fit", "reduced_chi2", f->chi2 / (double)f->degrees, NAN, AS_UNITLESS, "ok",
                f->sigma ? "given_sigma" : "unit_weights");
}

static as_status add_columns(job *j)
{
    const as_powder_fit *f = &j->fit;
    const as_unit unit = as_find_role(j->t, AS_ROLE_Y)->unit;
    as_column *model = as_curve_column(j->run->ctx, j->t, "model", AS_ROLE_MODEL, unit);
    as_column *base = as_curve_column(j->run->ctx, j->t, "baseline", AS_ROLE_BASELINE, unit);
    if (!model || !base) return AS_ERR;
    for (size_t i = 0; i < j->t->rows; i++) model->v.f[i] = base->v.f[i] = NAN;
    for (size_t i = 0; i < f->n; i++) {
        model->v.f[j->row[i]] = f->model[i];
        base->v.f[j->row[i]] = f->background[i];
    }
    return AS_OK;
}

static as_status check_raw(as_ctx *ctx, const as_table *t)
{
    const as_meta *m = as_get_meta(t, "processed");
    if (!m || as_find_role(t, AS_ROLE_SIGMA)) return AS_OK;
    return as_fail(ctx, AS_E_USAGE, NULL,
                   "y is %s and has no sigma, so that no uncertainty of an area would be true; expected "
                   "the raw pattern: its background is fitted here", m->text);
}

static as_status run_fit(job *j, const as_curve *c)
{
    const reflection_settings *set = j->run->settings;
    as_ctx *ctx = j->run->ctx;
    as_powder_request q = { .cell = &j->cell, .window = set->window, .degree = set->degree,
                            .lo = set->range.lo, .hi = set->range.hi };
    AS_TRY(named_of(ctx, set->hkl ? set->hkl : "", &q.n_named, &q.named));
    j->fit.free_positions = set->positions == FREE;
    j->fit.free_widths = set->widths == FREE;
    j->fit.position_tolerance = set->tolerance;
    j->fit.scale_tolerance = set->scale;
    j->fit.fwhm = set->fwhm > 0 ? set->fwhm : NAN;
    j->fit.axial = set->axial;
    j->fit.axial_fixed = set->axial_fixed;
    j->fit.divergence = set->divergence;
    const as_column *mask = as_find_role(j->t, AS_ROLE_MASK);
    AS_TRY(as_powder_select(ctx, as_scratch(ctx), &q, c->n, c->x, c->y, c->sigma,
                            mask ? mask->v.f : NULL, &j->fit, &j->family, &j->row));
    return as_powder_fit_run(ctx, as_scratch(ctx), &j->fit);
}

/* One count, as an area: the counts' factor times the step. */
static double count_of(const as_powder_fit *f)
{
    if (isnan(f->group[0].gain)) return 0;
    return f->group[0].gain * (f->x[f->n - 1] - f->x[0]) / (double)(f->n - 1);
}

static as_status series(as_run *run, as_table *owned)
{
    const reflection_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    job j = { .run = run, .t = owned };
    as_curve c;
    AS_TRY(as_cell_parse(ctx, set->cell, &j.cell));
    if (!as_need_column(ctx, owned, "two_theta")) return AS_ERR;
    AS_TRY(check_raw(ctx, owned));
    AS_TRY(as_curve_of(ctx, owned, 8, &c));
    AS_TRY(as_line_of(ctx, owned, &set->line, &j.fit.doublet));
    AS_TRY(run_fit(&j, &c));
    AS_TRY(choose_reference(&j));
    AS_TRY(as_unit_times(ctx, owned, &c.y_column->unit, &c.x_column->unit, 1, &j.area_unit));
    j.count = count_of(&j.fit);
    as_warn_of_beam(ctx, owned, fmin(c.x[0], c.x[c.n - 1]));
    if (!j.fit.sigma)
        as_warn(ctx, owned, NULL, "y has no sigma: uncertainties come from the scatter, and no verdict "
                "is given");
    else if (j.fit.widened > 1)
        as_warn(ctx, owned, NULL, "the profile misfits (reduced chi2 %.3g): all uncertainties are "
                "widened by %.3g", j.fit.chi2 / (double)j.fit.degrees, j.fit.widened);
    AS_TRY(give_all(&j));
    if (set->columns) AS_TRY(add_columns(&j));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "is (111) of HKUST-1 there?",
      "assay reflection --cell cubic:26.343:F --hkl 111,200,222 datasets/chang2022/xrd/activated.xrdml"
      " | assay results --item 111" },
    { 0 }
};
static const char *const references[] = {
    "Currie 1968, Limits for qualitative detection and quantitative determination, Anal. Chem. 40, 586, "
    "doi:10.1021/ac60259a007",
    "Thompson, Cox & Hastings 1987, J. Appl. Cryst. 20, 79, doi:10.1107/S0021889887087090",
    "Finger, Cox & Jephcoat 1994, J. Appl. Cryst. 27, 892, doi:10.1107/S0021889894004218",
    NULL
};
static const char *const see_also[] = { "hkl", "cell", "fit", "peaks", NULL };

const as_op as_op_reflection = {
    .name = "reflection",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(reflection_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "fit the reflections of a cell and say whether they are there",
             .description =
                 "The reflections named by *hkl* are fitted where the cell puts them, together with "
                 "their neighbours of the same cell and a polynomial background in each *window*, on y "
                 "as measured. The line is a pseudo-Voigt with axial divergence, as a K alpha doublet "
                 "where the data have one; areas are those of both lines.\n\n"
                 "With *positions* and *widths* shared (the default) one zero, one scale of the cell "
                 "and one pair of widths serve all reflections, so that an absent one is tested where "
                 "the others say it would be. Free positions and widths are for `cell`, `scherrer` and "
                 "`williamson-hall`.\n\n"
                 "The verdict stands in the flag of the quantity `verdict`: *present* when the area "
                 "exceeds 3.09 times its uncertainty at zero area, *not_detected* when it is below the "
                 "critical level (1.645 times), else *undecided*. An area may be negative: that is "
                 "noise. `detection_limit` is the true area that would be found in 95 of 100 "
                 "measurements. Without sigma no verdict is given.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
