/* SPDX-License-Identifier: GPL-3.0-or-later */
/* casa-components: what CasaXPS found, from the comment that it leaves in a VAMAS block, as results. */
#include <math.h>
#include <string.h>

#include "input.h"
#include "number.h"
#include "op.h"

typedef struct {
    char nothing;
} casa_settings;

static const as_param params[] = { AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_META, .name = "comment", .optional = true, .help = "with lines 'CASA comp'" },
    { .kind = AS_NEED_META, .name = "photon_energy", .unit = "eV", .optional = true,
      .help = "for binding energies" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .unit = "count/s*eV", .help = "of each line, above the background" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .unit = "eV", .help = "as CasaXPS has it" },
    { .kind = AS_NEED_RESULT, .name = "position", .unit = "eV", .help = "binding energy after its calibration" },
    { 0 }
};

typedef struct component {
    const char *name, *shape;
    double area, fwhm, kinetic;
} component;

/* The text in the next "(*" "*)" behind *at, which goes on behind it; NULL: none. */
static const char *bracketed(as_ctx *ctx, const char **at)
{
    const char *from = strstr(*at, "(*"), *to = from ? strstr(from + 2, "*)") : NULL;
    if (!to) return NULL;
    *at = to + 2;
    return as_trim(as_scratch(ctx), from + 2, (size_t)(to - from - 2));
}

/* The number behind a word of the line; NaN: none. */
static double number_behind(const char *line, const char *word)
{
    const char *at = strstr(line, word);
    double v = NAN;
    if (at) at += strlen(word);
    while (at && *at == ' ') at++;
    if (!at || !as_scan_number(at, strlen(at), '.', &v)) return NAN;
    return v;
}

static as_status read_line(as_ctx *ctx, const char *line, component *c)
{
    const char *at = line;
    c->name = bracketed(ctx, &at);
    c->shape = c->name ? bracketed(ctx, &at) : NULL;
    c->area = number_behind(at, " Area ");
    c->fwhm = number_behind(at, " MFWHM ");
    c->kinetic = number_behind(at, " Position ");
    if (c->name && *c->name && c->shape && isfinite(c->area) && isfinite(c->fwhm) && isfinite(c->kinetic)) return AS_OK;
    return as_fail(ctx, AS_E_SYNTAX, NULL, "'%.60s' has no name, shape, area, width and position", line);
}

/* The lines of a doublet have one name: the second is "name (2)". */
static const char *item_of(as_ctx *ctx, const as_table *t, const char *name)
{
    const char *item = name;
    for (int i = 2; item && as_get_result(t, item, "area"); i++) item = as_format(as_scratch(ctx), "%s (%d)", name, i);
    return item;
}

static as_status give(as_ctx *ctx, as_table *t, const component *c, double photon)
{
    const char *item = item_of(ctx, t, c->name);
    const char *method = as_format(as_scratch(ctx), "CasaXPS, %s", c->shape);
    if (!item || !method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, item, "area", c->area, NAN, "count/s*eV", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, item, "fwhm", c->fwhm, NAN, "eV", NULL, method));
    if (isnan(photon)) return AS_OK;
    return as_add_quantity(ctx, t, item, "position", photon - c->kinetic, NAN, "eV", NULL, method);
}

static as_status series(as_run *run, as_table *owned)
{
    static const char mark[] = "CASA comp ";
    as_ctx *ctx = run->ctx;
    const as_meta *comment = as_get_meta(owned, "comment"), *energy = as_get_meta(owned, "photon_energy");
    const as_unit ev = as_unit_of("eV");
    const double photon = energy ? as_unit_convert(energy->number, &energy->unit, &ev) : NAN;
    const char *at = comment && comment->text ? strstr(comment->text, mark) : NULL;
    if (at && as_get_result(owned, NULL, "area"))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s' has areas already, which would stand beside those of CasaXPS: "
                       "begin with the series as read", owned->name ? owned->name : "");
    while (at) {
        const char *end = strchr(at, '\n');
        component c;
        const char *line = as_strndup(as_scratch(ctx), at, end ? (size_t)(end - at) : strlen(at));
        if (!line) return AS_ERR;
        AS_TRY(read_line(ctx, line, &c));
        AS_TRY(give(ctx, owned, &c, photon));
        at = end ? strstr(end, mark) : NULL;
    }
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the lines of a doublet that was fitted there",
      "assay casa-components tests/corpus/xps/casa.vms | assay results" },
    { 0 }
};
static const char *const see_also[] = { "fit", "quantify", "results", NULL };

const as_op as_op_casa_components = {
    .name = "casa-components",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(casa_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "components that CasaXPS left in the comment of a VAMAS file, as results",
             .description =
                 "CasaXPS keeps its components in the comments of the blocks. Each line of them becomes an item "
                 "with area (counts per second times eV), width and, where the photon energy is known, binding "
                 "energy after the calibration that was made there; CasaXPS states no uncertainties. Lines of one "
                 "name (a doublet) are numbered. `quantify` makes atomic fractions of these areas as of others, so "
                 "that they can stand beside those of a fit: `recipes/examples/xps-casa-sulfides.yaml`. Series "
                 "without such lines go on as they are.",
             .examples = examples,
             .see_also = see_also },
};
