/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scherrer: crystallite sizes from the breadths of reflections. */
#include <math.h>

#include "normal.h"
#include "peak_width.h"

typedef struct {
    as_width_settings width;
} scherrer_settings;

static const as_param params[] = { AS_WIDTH_PARAMS(scherrer_settings, width), AS_PARAMS_END };

static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .unit = "deg", .help = "of reflections" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .unit = "deg", .optional = true,
      .help = "or integral_breadth, as --breadth says" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "crystallite_size", .unit = "nm",
      .help = "of each reflection; a lower limit where it is not broader than the instrument" },
    { 0 }
};

static const double degree = 0.017453292519943295;

/* D = K lambda / (beta cos theta). A breadth that is not above 0 by 1.645 u gives a limit only. */
static as_status give_size(as_ctx *ctx, as_table *t, const as_peak_width *p, double k_lambda,
                           const char *method)
{
    const double cosine = cos(p->two_theta * degree / 2), u = p->beta_u > 0 ? p->beta_u : 0;
    const bool broader = p->beta > AS_Z95 * u && p->beta > 0;
    const double most = p->beta + AS_Z95 * u;
    const double beta = broader ? p->beta : most;
    const double size = beta > 0 ? k_lambda / (beta * cosine) : NAN;
    const as_result r = { .item = p->item, .quantity = "crystallite_size", .value = size,
                          .u = broader && p->beta_u > 0 ? size * p->beta_u / p->beta : NAN,
                          .unit = as_unit_of("nm"), .bound = broader ? AS_EQUAL : AS_ABOVE,
                          .flag = !broader ? "not_broader" : p->extrapolated ? "extrapolated" : "ok",
                          .method = method };
    return as_add_result(ctx, t, &r);
}

static as_status series(as_run *run, as_table *owned)
{
    const scherrer_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_doublet line;
    as_peak_width *p;
    size_t n, lost = 0;
    AS_TRY(as_line_of(ctx, owned, &set->width.line, &line));
    AS_TRY(as_peak_widths(ctx, owned, &set->width, &n, &p));
    const char *method = as_width_method(owned, &set->width);
    if (!method) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(give_size(ctx, owned, &p[i], set->width.k * line.alpha1 / 10, method));
        lost += !(p[i].beta > AS_Z95 * (p[i].beta_u > 0 ? p[i].beta_u : 0));
    }
    if (lost)
        as_warn(ctx, owned, NULL, "%zu of %zu reflections are not broader than the instrument: their size "
                "is a lower limit", lost, n);
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "sizes from the widths of a pattern, with an instrument of 0.05 degrees",
      "assay reflection --cell cubic:26.343:F --hkl 200,220,222 datasets/chang2022/xrd/activated.xrdml"
      " | assay scherrer --instrument 0.05deg | assay results --item 222" },
    { 0 }
};
static const char *const references[] = {
    "Scherrer 1918, Nachr. Ges. Wiss. Goettingen, 98",
    "Langford & Wilson 1978, Scherrer after sixty years, J. Appl. Cryst. 11, 102, "
    "doi:10.1107/S0021889878012844",
    NULL
};
static const char *const see_also[] = { "williamson-hall", "reflection", NULL };

const as_op as_op_scherrer = {
    .name = "scherrer",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(scherrer_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "crystallite sizes from the breadths of reflections",
             .description =
                 "D = K lambda / (beta cos theta), volume-weighted, with beta the breadth that is left "
                 "when the instrument's is taken off. The constant, the kind of breadth and the way of "
                 "taking off stand in the method of every result. Strain is not separated: see "
                 "`williamson-hall`.\n\n"
                 "A reflection that is not broader than the instrument by 1.645 of its uncertainty has no "
                 "size: the result is a lower limit, flagged *not_broader*.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
