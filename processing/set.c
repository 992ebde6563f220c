/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set: metadata that a file lacks or has wrong, with unit and uncertainty, recorded in the history.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "vocabulary.h"

typedef struct {
    as_texts values;
} set_settings;

static const as_param params[] = {
    AS_TEXTS(
        set_settings, values, "values", NULL,
        "KEY=VALUE, such as temperature=25degC, the value with unit and, behind ~, its standard "
        "uncertainty; KEY= removes"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

typedef struct assignment {
    const char *key, *text;
    double number, u;
    as_unit unit;
} assignment;

/* "52.1mg~0.1mg": number, unit, uncertainty in any unit of its dimension. False: it is a text. */
static as_status read_quantity(as_ctx *ctx, const char *text, assignment *out, bool *is_number)
{
    const size_t n = strlen(text);
    size_t at = as_scan_number(text, n, '.', &out->number);
    const char *tilde = strchr(text, '~');
    const size_t end = tilde ? (size_t)(tilde - text) : n;
    const char *unit = as_strndup(as_scratch(ctx), text + at, end - at);
    if (!unit) return AS_ERR;
    while (*unit == ' ') unit++;
    *is_number = at > 0;
    out->u = NAN;
    if (!*is_number) return AS_OK;
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), *unit ? unit : "1", &out->unit));
    *is_number = !out->unit.opaque;
    if (!*is_number || !tilde) return AS_OK;
    at = as_scan_number(tilde + 1, strlen(tilde + 1), '.', &out->u);
    const char *u_unit = tilde + 1 + at;
    while (*u_unit == ' ') u_unit++;
    if (at == 0 || !(out->u >= 0))
        return as_fail(ctx, AS_E_USAGE, NULL, "%s: '%s' is no uncertainty", out->key, tilde + 1);
    if (*u_unit == '\0') return AS_OK;
    as_unit given;
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), u_unit, &given));
    out->u = as_unit_scale(out->u, &given, &out->unit);
    if (isnan(out->u))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s: the uncertainty is in '%s', the value in %s",
                       out->key, u_unit, out->unit.symbol);
    return AS_OK;
}

/* What the vocabulary knows to be a number in some unit must be one, in a unit that fits. */
static as_status check_known(as_ctx *ctx, assignment *a, bool is_number)
{
    const as_word_entry *known = as_vocabulary(AS_WORD_META, a->key);
    if (!known || !*known->unit || strcmp(known->unit, "1") == 0) return AS_OK;
    const as_unit want = as_unit_of(known->unit);
    if (!is_number)
        return as_fail(ctx, AS_E_USAGE, NULL, "%s is '%s', expected a number with a unit like %s",
                       a->key, a->text, known->unit);
    if (strcmp(a->unit.symbol, "1") == 0)
        a->unit = want; /* a bare number stands in the usual unit */
    if (!as_unit_same_dimension(&a->unit, &want))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s is given in %s, expected a unit like %s", a->key,
                       a->unit.symbol, known->unit);
    return AS_OK;
}

static bool per_mass(const as_column *c)
{
    return c->type == AS_F64 && !c->unit.opaque && c->unit.dim[AS_DIM_KG] == -2; /* in halves */
}

/* Another sample mass than the file's: what was divided by that one is divided by this one. */
static void reweigh(as_ctx *ctx, as_table *t, const assignment *a)
{
    const as_meta *old = as_get_meta(t, "sample_mass");
    const double now = old ? as_unit_convert(a->number, &a->unit, &old->unit) : NAN;
    size_t n = 0;
    for (size_t c = 0; c < t->n_columns; c++) n += per_mass(t->column[c]);
    if (n == 0 || (old && now == old->number)) return;
    if (!old || !(now > 0) || !(old->number > 0)) {
        as_warn(ctx, t, NULL,
                "values per mass stay as they are: the mass they were divided by is not known");
        return;
    }
    for (size_t c = 0; c < t->n_columns; c++)
        for (size_t i = 0; i < t->rows && per_mass(t->column[c]); i++)
            t->column[c]->v.f[i] *= old->number / now;
    as_warn(ctx, t, NULL, "values per mass were weighed again: %.6g %s instead of %.6g", now,
            old->unit.symbol, old->number);
}

static as_status assign(as_ctx *ctx, as_table *t, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is not KEY=VALUE", text);
    assignment a = { .key = as_strndup(as_scratch(ctx), text, (size_t)(equals - text)),
                     .text = equals + 1 };
    bool is_number;
    if (!a.key) return AS_ERR;
    if (strcmp(a.key, "label") == 0 || strcmp(a.key, "name") == 0 ||
        strcmp(a.key, "technique") == 0) {
        const char *copy = as_strdup(t->arena, a.text);
        if (!copy) return AS_ERR;
        *(a.key[0] == 'l' ? &t->label : a.key[0] == 'n' ? &t->name : &t->technique) = copy;
        return AS_OK;
    }
    if (*a.text == '\0') return as_drop_meta(t, a.key);
    AS_TRY(read_quantity(ctx, a.text, &a, &is_number));
    AS_TRY(check_known(ctx, &a, is_number));
    const as_word_entry *known = as_vocabulary(AS_WORD_META, a.key);
    const bool text_key = known && *known->unit == '\0';
    if (!is_number || text_key) return as_set_meta(ctx, t, a.key, a.text, NULL, NULL);
    if (strcmp(a.key, "sample_mass") == 0) reweigh(ctx, t, &a);
    return as_set_number(ctx, t, a.key, a.number, a.u, a.unit, NULL);
}

static as_status series(as_run *run, as_table *owned)
{
    const set_settings *set = run->settings;
    for (size_t i = 0; i < set->values.n; i++) AS_TRY(assign(run->ctx, owned, set->values.v[i]));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the wavelength that a text file does not state",
      "assay set wavelength=1.5406Angstrom sample=LaB6 tests/corpus/xrd/small.xy" },
    { "a mass with its uncertainty",
      "assay set 'sample_mass=52.1mg~0.1mg' tests/corpus/xrd/small.xy" },
    { 0 }
};
static const char *const see_also[] = { "info", "select", NULL };

const as_op as_op_set = {
    .name = "set",
    .group = "select",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(set_settings),
    .params = params,
    .operands = "values",
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "supply metadata that the file lacks or has wrong",
             .description =
                 "Values may carry a unit and, behind `~`, a standard uncertainty. A key of the "
                 "vocabulary "
                 "needs a unit of its dimension; a bare number stands in its usual unit. An empty "
                 "value "
                 "removes the key. `label`, `name` and `technique` set those of the series. "
                 "Another `sample_mass` than the file's "
                 "weighs again what is given per mass, with a warning.\n\n"
                 "What was set stands in the history of the stream.",
             .examples = examples,
             .see_also = see_also },
};
