/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-depth: infrared spectra of an etched film, for tests of everything else.
 *
 * A layer of a product ends at depth d: its concentration is c/2 erfc((z - d)/(sqrt2 s)) with s for
 * roughness and mixing. Bands are Gaussian; those of the host rise slowly with depth. Noise is
 * white, the baseline of each level is a random cubic.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "edge.h"
#include "number.h"
#include "op.h"
#include "random.h"

typedef struct {
    as_texts product, host;
    const char *sample, *origin;
    int levels;
    double thickness, width, share, height, interval, start, rate, step, noise, wander, seed,
        stream;
    as_range range;
} depth_settings;

static const as_param params[] = {
    AS_DOUBLE(depth_settings, thickness, "thickness", "46nm", 0, 1e6, "nm",
              "of the layer: where its product is at half"),
    AS_DOUBLE(depth_settings, width, "width", "3nm", 1e-3, 1e6, "nm",
              "standard deviation of its edge"),
    AS_DOUBLE(depth_settings, share, "share", "1", 0, 1e3, NULL,
              "of the product's full concentration; 0: there is none"),
    AS_DOUBLE(depth_settings, height, "height", "0.05", 0, 10, NULL,
              "absorbance of the highest product band at share 1"),
    AS_TEXTS(depth_settings, product, "product", "",
             "POSITION:FWHM:HEIGHT of a band, height relative; none: 1355:45:1 "
             "and 1596:60:0.8"),
    AS_TEXTS(depth_settings, host, "host", "", "likewise, of the host; none: nine bands of PVDF"),
    AS_INT(depth_settings, levels, "levels", "25", 1, 100000, "number of spectra"),
    AS_DOUBLE(depth_settings, interval, "interval", "2s", 0, 1e6, "s", "between two spectra"),
    AS_DOUBLE(depth_settings, start, "start", "0s", 0, 1e6, "s",
              "etching before the first spectrum"),
    AS_DOUBLE(depth_settings, rate, "rate", "1nm/s", 1e-9, 1e6, "nm/s", "of the etching"),
    AS_RANGE(depth_settings, range, "range", "580:1800", "cm-1", "of wavenumbers"),
    AS_DOUBLE(depth_settings, step, "step", "4cm-1", 0.01, 100, "cm-1", "from point to point"),
    AS_DOUBLE(depth_settings, noise, "noise", "3e-4", 0, 1, NULL,
              "standard deviation of each point, in absorbance"),
    AS_DOUBLE(depth_settings, wander, "wander", "2e-3", 0, 1, NULL,
              "standard deviation of each term of the baseline"),
    AS_DOUBLE(depth_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(depth_settings, stream, "stream", "0", 0, 9e9, NULL,
              "of the random numbers: another one for each map of a set"),
    AS_STRING(depth_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(depth_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_X,
      .name = "wavenumber",
      .unit = "cm-1",
      .help = "rising" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_Y,
      .name = "absorbance",
      .unit = "1",
      .help = "with noise" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "true_absorbance",
      .unit = "1",
      .help = "without it" },
    { .kind = AS_NEED_META, .name = "etch_time", .unit = "s", .help = "of each spectrum" },
    { .kind = AS_NEED_RESULT, .name = "true_thickness", .unit = "nm", .help = "as given" },
    { .kind = AS_NEED_RESULT, .name = "true_interface_width", .unit = "nm", .help = "as given" },
    { .kind = AS_NEED_RESULT, .name = "true_area", .help = "of each band on each level" },
    { 0 }
};

enum { MAX_BANDS = 64, TERMS = 4 };

/* PVDF: alpha 614 and 763, beta and gamma 840, beta 1275, gamma 1234, shared 880, 1076, 1185, 1400
 * cm-1. */
static const char *const product_bands[] = { "1355:45:1", "1596:60:0.8" };
static const char *const host_bands[] = { "614:12:0.25",  "763:12:0.3",  "840:16:0.5",
                                          "880:20:0.8",   "1076:22:0.4", "1185:34:1",
                                          "1234:18:0.35", "1275:14:0.3", "1400:20:0.6" };

typedef struct band {
    double position, fwhm, height;
    bool product;
} band;

static as_status band_of(as_ctx *ctx, const char *text, bool product, band *out)
{
    double *const part[] = { &out->position, &out->fwhm, &out->height };
    const char *at = text;
    out->product = product;
    for (size_t k = 0; k < 3; k++) {
        const size_t n = strcspn(at, ":");
        if (!as_read_number(at, n, '.', part[k]) || !(*part[k] > 0) || (k < 2) != (at[n] == ':'))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' found, expected POSITION:FWHM:HEIGHT",
                           text);
        at += n + (k < 2);
    }
    return AS_OK;
}

static as_status add_bands(as_ctx *ctx, const as_texts *given, size_t n_usual,
                           const char *const *usual, bool product, band *out, size_t *n)
{
    const size_t count = given->n ? given->n : n_usual;
    if (*n + count > MAX_BANDS)
        return as_fail(ctx, AS_E_USAGE, NULL, "more than %d bands", MAX_BANDS);
    for (size_t k = 0; k < count; k++)
        AS_TRY(band_of(ctx, given->n ? given->v[k] : usual[k], product, &out[(*n)++]));
    return AS_OK;
}

/* Height of a band at depth z: the host's share rises from 70 % by 30 % over 50 nm. */
static double height_at(const depth_settings *set, const band *b, double z)
{
    if (!b->product) return set->height * b->height * (0.7 + 0.3 * fmin(z / 50, 1));
    return set->height * set->share * b->height * as_edge_value(1, set->thickness, set->width, z);
}

/* The same digits on every machine. */
static double round_to(double v, double per_unit)
{
    return round(v * per_unit) / per_unit;
}

static void fill(as_table *t, const depth_settings *set, size_t n, const band *b, double z,
                 as_random *r, as_column *const *c)
{
    const double middle = 0.5 * (set->range.lo + set->range.hi),
                 half = 0.5 * (set->range.hi - set->range.lo);
    double term[TERMS];
    for (size_t k = 0; k < TERMS; k++) term[k] = set->wander * as_random_normal(r);
    for (size_t i = 0; i < t->rows; i++) {
        const double x = set->range.lo + set->step * (double)i, q = (x - middle) / half;
        double y = 0;
        for (size_t k = 0; k < n; k++) {
            const double d = (x - b[k].position) / b[k].fwhm;
            y += height_at(set, &b[k], z) * exp(-4 * log(2) * d * d);
        }
        y += term[0] + term[1] * q + term[2] * 0.5 * (3 * q * q - 1) +
             term[3] * 0.5 * (5 * q * q * q - 3 * q);
        c[0]->v.f[i] = round_to(x, 1e4);
        c[1]->v.f[i] = round_to(y + set->noise * as_random_normal(r), 1e7);
        c[2]->v.f[i] = round_to(y, 1e7);
    }
}

static as_status metadata(as_ctx *ctx, as_table *t, const depth_settings *set, double time)
{
    char text[200], number[AS_NUMBER_MAX];
    (void)snprintf(text, sizeof text, "assay simulate-depth, seed %.0f stream %.0f: no measurement",
                   set->seed, set->stream);
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (set->sample) AS_TRY(as_set_meta(ctx, t, "sample", set->sample, NULL, NULL));
    if (set->origin) AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    const size_t n = as_write_number(time, number);
    t->label = as_format(t->arena, "%.*s s simulated", (int)n, number);
    if (!t->label) return AS_ERR;
    return as_set_number(ctx, t, "etch_time", time, NAN, as_unit_of("s"), NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, const depth_settings *set, size_t n, const band *b,
                       double z)
{
    const double area =
        sqrt(3.141592653589793 / log(2)) / 2; /* of a Gaussian of height and width 1 */
    AS_TRY(
        as_add_quantity(ctx, t, "layer", "true_thickness", set->thickness, 0, "nm", NULL, "truth"));
    AS_TRY(as_add_quantity(ctx, t, "layer", "true_interface_width", set->width, 0, "nm", NULL,
                           "truth"));
    for (size_t k = 0; k < n; k++) {
        char item[32];
        (void)snprintf(item, sizeof item, "%.6g", b[k].position);
        AS_TRY(as_add_quantity(ctx, t, item, "true_area",
                               area * b[k].fwhm * height_at(set, &b[k], z), 0, "cm-1", NULL,
                               "truth"));
    }
    return AS_OK;
}

static as_status level(as_run *run, size_t rows, size_t n, const band *b, size_t k)
{
    const depth_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const double time = set->start + set->interval * (double)k;
    as_table *t = as_table_new(ctx, rows);
    as_random r;
    if (!t) return AS_ERR;
    t->technique = "ftir";
    as_column *const c[] = { as_add_column(ctx, t, "wavenumber", AS_ROLE_X, as_unit_of("cm-1")),
                             as_add_column(ctx, t, "absorbance", AS_ROLE_Y, AS_UNITLESS),
                             as_add_column(ctx, t, "true_absorbance", AS_ROLE_OTHER, AS_UNITLESS) };
    if (!c[0] || !c[1] || !c[2]) return AS_ERR;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream * 1000003 + k);
    fill(t, set, n, b, set->rate * time, &r, c);
    AS_TRY(metadata(ctx, t, set, time));
    AS_TRY(truth(ctx, t, set, n, b, set->rate * time));
    return as_emit(run->out, ctx, t);
}

static as_status source(as_run *run)
{
    const depth_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    band *b = AS_NEW_N(as_scratch(ctx), band, MAX_BANDS);
    size_t n = 0;
    if (!b) return AS_ERR;
    const double points = floor((set->range.hi - set->range.lo) / set->step + 1e-9) + 1;
    if (!(points >= 2 && points <= 1e6))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--range and --step give %.6g points, expected 2 to a million", points);
    if (set->levels > 1 && !(set->interval > 0))
        return as_fail(ctx, AS_E_USAGE, NULL, "--interval 0 gives all levels one time");
    AS_TRY(add_bands(ctx, &set->product, sizeof product_bands / sizeof *product_bands,
                     product_bands, true, b, &n));
    AS_TRY(add_bands(ctx, &set->host, sizeof host_bands / sizeof *host_bands, host_bands, false, b,
                     &n));
    for (size_t k = 0; k < (size_t)set->levels; k++) AS_TRY(level(run, (size_t)points, n, b, k));
    return AS_OK;
}

static const as_example examples[] = {
    { "a film of 20 nm, and the thickness that is found",
      "assay simulate-depth --thickness 20nm --range 1250:1800 | assay depth --rate 1nm/s"
      " | assay fit-levels --model \"gaussian(C-O) center=1355 fwhm=45 + gaussian(C=O) center=1596 "
      "fwhm=60"
      " + gaussian(PVDF1275) center=1275! fwhm=14! + gaussian(PVDF1400) center=1400! fwhm=20! + "
      "poly3\""
      " | assay band-profile --item 'C*' | assay thickness | assay results --quantity thickness" },
    { 0 }
};
static const char *const see_also[] = { "fit-levels", "thickness", "depth", NULL };

const as_op as_op_simulate_depth = {
    .name = "simulate-depth",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(depth_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate infrared spectra through an etched film",
             .description = "A layer of a product on a host is etched away; one spectrum per "
                            "level. The product's concentration is "
                            "share/2 erfc((z - thickness)/(sqrt2 width)), the host's bands rise by "
                            "30 % over 50 nm. Bands are "
                            "Gaussian. With `--share 0` there is no product, with 0.02 so little "
                            "that a tool is tempted to say "
                            "that there is none.\n\n"
                            "The same settings give the same spectra on every machine. The "
                            "metadata say `simulated`; true thickness "
                            "and areas are results of method `truth`.",
             .examples = examples,
             .see_also = see_also },
};
