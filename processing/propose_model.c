/* SPDX-License-Identifier: GPL-3.0-or-later */
/* propose-model: the text of a model from the peaks of an earlier step, for a person to edit. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "op.h"

typedef struct {
    const char *shape, *background;
    int digits;
} propose_settings;

static const as_param params[] = {
    AS_STRING(propose_settings, shape, "shape", "pvoigt", "shape of every peak, as in models of fit"),
    AS_STRING(propose_settings, background, "background", "linear",
              "terms behind the peaks, such as poly3; none: no background"),
    AS_INT(propose_settings, digits, "digits", "5", 2, 15, "significant digits of the starts"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "of the peaks" },
    { .kind = AS_NEED_RESULT, .name = "position", .help = "from peaks, peaks-cwt or peaks-derivative" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_META, .name = "proposed_model", .unit = "", .help = "the text, for fit --model" },
    { 0 }
};

static double of(const as_table *t, const char *item, const char *quantity, const as_unit *unit)
{
    const as_result *r = as_get_result(t, item, quantity);
    return r ? as_unit_scale(r->value, &r->unit, unit) : NAN;
}

/* One term; starts only where they were found. False: the text is full. */
static bool add_term(const propose_settings *set, const as_table *t, const as_result *peak, char *text,
                     size_t room, size_t *at)
{
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    const double width = of(t, peak->item, "fwhm", &x->unit);
    double height = y ? of(t, peak->item, "prominence", &y->unit) : NAN;
    const int d = set->digits;
    const as_result *top = as_get_result(t, peak->item, "height");
    if (!(height > 0) && y && top && !(top->method && strstr(top->method, "zero")))
        height = of(t, peak->item, "height", &y->unit); /* one above zero is no start */
    size_t n = (size_t)snprintf(text + *at, room - *at, "%s%s(%s) center=%.*g", *at ? " + " : "",
                                set->shape, peak->item, d, as_unit_convert(peak->value, &peak->unit, &x->unit));
    if (height > 0 && n < room - *at)
        n += (size_t)snprintf(text + *at + n, room - *at - n, " height=%.*g", d, height);
    const bool plain = strstr(set->shape, "voigt") == set->shape || strstr(set->shape, "split") == set->shape;
    if (width > 0 && !plain && n < room - *at)
        n += (size_t)snprintf(text + *at + n, room - *at - n, " fwhm=%.*g [%.2g:%.2g]", d, width, width / 5,
                              width * 5);
    if (n >= room - *at) return false;
    *at += n;
    return true;
}

static as_status series(as_run *run, as_table *owned)
{
    const propose_settings *set = run->settings;
    const size_t room = 256 * (owned->n_results + 2);
    char *text = as_alloc(as_scratch(run->ctx), room, 1);
    size_t at = 0;
    if (!text || !as_need(run->ctx, owned, AS_ROLE_X)) return AS_ERR;
    for (size_t i = 0; i < owned->n_results; i++) {
        const as_result *r = &owned->result[i];
        if (strcmp(r->quantity, "position") != 0 || !isfinite(r->value)) continue;
        if (r->flag && (strncmp(r->flag, "k_", 2) == 0 || strncmp(r->flag, "w_l", 3) == 0)) continue;
        if (!add_term(set, owned, r, text, room, &at)) break;
    }
    if (at == 0)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no peak with a position, so there is no model to propose");
    if (set->background && set->background[0])
        (void)snprintf(text + at, room - at, " + %s", set->background);
    AS_TRY(as_set_meta(run->ctx, owned, "proposed_model", text, NULL, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a file to edit, for fit --model @bands.model",
      "assay peaks-cwt --max-width 80cm-1 < tests/corpus/raman/fluorescence.ecsv"
      " | assay propose-model --background poly3 --digits 4 | grep -o 'proposed_model: \"[^\"]*'"
      " | cut -d'\"' -f2" },
    { 0 }
};
static const char *const see_also[] = { "peaks", "peaks-cwt", "peaks-derivative", "fit", NULL };

const as_op as_op_propose_model = {
    .name = "propose-model",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(propose_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "write a model for fit from the peaks that were found",
             .description =
                 "One term for each peak of an earlier step, with its centre, height and width as starts "
                 "and wide bounds for the width, and a background. The text stands in the metadata "
                 "`proposed_model`; take it out into a file, correct what a finder cannot know, and give "
                 "that to `fit --model @FILE`. Peaks flagged as lines of the X-ray tube are left out.",
             .examples = examples,
             .see_also = see_also },
};
