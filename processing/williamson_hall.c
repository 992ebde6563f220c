/* SPDX-License-Identifier: GPL-3.0-or-later */
/* williamson-hall: size and microstrain from breadths at several angles. */
#include <math.h>

#include "normal.h"
#include "peak_width.h"

typedef struct {
    as_width_settings width;
} williamson_settings;

static const as_param params[] = { AS_WIDTH_PARAMS(williamson_settings, width), AS_PARAMS_END };

static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .unit = "deg", .help = "of three reflections or more" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .unit = "deg", .optional = true,
      .help = "or integral_breadth, as --breadth says" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "crystallite_size", .unit = "nm", .help = "from the intercept" },
    { .kind = AS_NEED_RESULT, .name = "strain", .unit = "1", .help = "from the slope" },
    { .kind = AS_NEED_RESULT, .name = "reduced_chi2", .unit = "1", .help = "of the line" },
    { 0 }
};

static const double degree = 0.017453292519943295;

typedef struct line {
    double intercept, slope, var_i, var_s, cov, chi2;
    size_t n;
    bool known; /* the breadths have uncertainties */
} line;

/* beta cos(theta) = K lambda / D + 4 e sin(theta), weighted. False: the angles do not differ. */
static bool fit_line(size_t n, const as_peak_width *p, line *out)
{
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    out->known = true;
    for (size_t i = 0; i < n; i++) out->known = out->known && p[i].beta_u > 0;
    for (size_t i = 0; i < n; i++) {
        const double t = p[i].two_theta * degree / 2, x = 4 * sin(t), y = p[i].beta * cos(t);
        const double u = p[i].beta_u * cos(t), w = out->known ? 1 / (u * u) : 1;
        s += w;
        sx += w * x;
        sy += w * y;
        sxx += w * x * x;
        sxy += w * x * y;
    }
    const double det = s * sxx - sx * sx;
    if (!(det > 1e-9 * s * sxx)) return false;
    out->slope = (s * sxy - sx * sy) / det;
    out->intercept = (sxx * sy - sx * sxy) / det;
    out->chi2 = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = p[i].two_theta * degree / 2, u = p[i].beta_u * cos(t);
        const double r = p[i].beta * cos(t) - out->intercept - out->slope * 4 * sin(t);
        out->chi2 += out->known ? r * r / (u * u) : r * r;
    }
    const double reduced = out->chi2 / (double)(n - 2);
    const double widen = out->known ? fmax(reduced, 1) : reduced;
    out->var_i = widen * sxx / det;
    out->var_s = widen * s / det;
    out->cov = -widen * sx / det;
    out->n = n;
    return true;
}

/* An intercept that is not above 0 by 1.645 u leaves a lower limit of the size. */
static as_status give(as_ctx *ctx, as_table *t, const line *l, double k_lambda, const char *method)
{
    const double u = sqrt(l->var_i), us = sqrt(l->var_s), z = AS_Z95;
    const bool sized = l->intercept > z * u;
    const double least = l->intercept + z * u;
    const double size = sized ? k_lambda / l->intercept : least > 0 ? k_lambda / least : NAN;
    const bool strained = l->slope > z * us;
    const as_result d = { .item = "williamson-hall", .quantity = "crystallite_size", .value = size,
                          .u = sized ? size * u / l->intercept : NAN, .unit = as_unit_of("nm"),
                          .bound = sized ? AS_EQUAL : AS_ABOVE,
                          .flag = sized ? "ok" : "not_determined", .method = method };
    const as_result e = { .item = "williamson-hall", .quantity = "strain", .u = strained ? us : NAN,
                          .value = strained ? l->slope : fmax(l->slope, 0) + z * us,
                          .unit = AS_UNITLESS, .bound = strained ? AS_EQUAL : AS_BELOW,
                          .flag = strained ? "ok" : "not_determined", .method = method };
    const as_result chi2 = { .item = "williamson-hall", .quantity = "reduced_chi2", .u = NAN,
                             .value = l->known ? l->chi2 / (double)(l->n - 2) : NAN,
                             .unit = AS_UNITLESS, .flag = l->known ? "ok" : "no_sigma",
                             .method = method };
    const size_t at[2] = { t->n_results, t->n_results + 1 };
    AS_TRY(as_add_result(ctx, t, &d));
    AS_TRY(as_add_result(ctx, t, &e));
    AS_TRY(as_add_result(ctx, t, &chi2));
    if (!sized || !strained) return AS_OK;
    const double slope = -size / l->intercept; /* dD / d intercept */
    const double cov[4] = { slope * slope * l->var_i, slope * l->cov, slope * l->cov, l->var_s };
    return as_set_covariance(ctx, t, 2, at, cov);
}

static as_status series(as_run *run, as_table *owned)
{
    const williamson_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_doublet radiation;
    as_peak_width *p;
    size_t n, broader = 0;
    line l;
    AS_TRY(as_line_of(ctx, owned, &set->width.line, &radiation));
    AS_TRY(as_peak_widths(ctx, owned, &set->width, &n, &p));
    for (size_t i = 0; i < n; i++) broader += p[i].beta > 0;
    if (n < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu reflections cannot separate size and strain, expected "
                       "3 or more", n);
    if (!broader)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no reflection is broader than the instrument: neither "
                       "size nor strain can be told");
    if (!fit_line(n, p, &l))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the reflections stand at one angle: size and strain "
                       "cannot be separated");
    const char *method = as_width_method(owned, &set->width);
    if (!method) return AS_ERR;
    AS_TRY(give(ctx, owned, &l, set->width.k * radiation.alpha1 / 10, method));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "size and strain from the widths of a pattern",
      "assay reflection --cell cubic:26.343:F --hkl 200,220,222,400,331,440 --widths free --positions free"
      " datasets/chang2022/xrd/activated.xrdml | assay williamson-hall --instrument 0.05deg"
      " | assay results --item williamson-hall" },
    { 0 }
};
static const char *const references[] = {
    "Williamson & Hall 1953, X-ray line broadening from filed aluminium and wolfram, Acta Metall. 1, 22, "
    "doi:10.1016/0001-6160(53)90006-6",
    NULL
};
static const char *const see_also[] = { "scherrer", "reflection", NULL };

const as_op as_op_williamson_hall = {
    .name = "williamson-hall",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(williamson_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "size and microstrain from breadths at several angles",
             .description =
                 "The line beta cos(theta) = K lambda / D + 4 e sin(theta) through the breadths without "
                 "the instrument's, weighted with their uncertainties. It holds for Lorentzian breadths "
                 "that add up and for size and strain that do not depend on the direction; reduced chi2 "
                 "says how far that is from true.\n\n"
                 "What cannot be told is said: fewer than three reflections, none broader than the "
                 "instrument or all at one angle are refused; an intercept or a slope that is not above "
                 "zero by 1.645 of its uncertainty gives a limit, flagged *not_determined*.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
