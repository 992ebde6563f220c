/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate-x: correct x by references whose true positions are known. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "number.h"
#include "op.h"
#include "polyfit.h"

typedef struct {
    as_texts pair;
    int order;
    const char *reference;
} calibrate_settings;

static const as_param params[] = {
    AS_TEXTS(calibrate_settings, pair, "pair", NULL,
             "FOUND=TRUE positions in the unit of x; FOUND may be the item of a result, such as 3"),
    AS_INT(calibrate_settings, order, "order", "0", 0, 9,
           "degree of the correction: 0 shifts, 1 also stretches"),
    AS_STRING(calibrate_settings, reference, "reference", "", "what the references are, for the record"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "to be corrected" }, { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "corrected" },
    { .kind = AS_NEED_RESULT, .name = "shift", .help = "added to x at each reference" },
    { .kind = AS_NEED_META, .name = "calibration", .unit = "", .help = "the references" },
    { 0 }
};

/* FOUND: the item of a result with a position, else a number. u is NaN when it is only typed. */
static as_status read_pair(as_run *run, const as_table *t, const char *text, double *found, double *real,
                           double *u)
{
    const char *equal = strchr(text, '=');
    if (!equal || !as_read_number(equal + 1, strlen(equal + 1), '.', real))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "'%s', expected FOUND=TRUE", text);
    const char *name = as_strndup(as_scratch(run->ctx), text, (size_t)(equal - text));
    if (!name) return AS_ERR;
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const as_result *r = as_get_result(t, name, "position");
    *u = NAN;
    if (r) {
        *found = as_unit_convert(r->value, &r->unit, &x->unit);
        *u = as_unit_scale(r->u, &r->unit, &x->unit);
        if (isfinite(*found)) return AS_OK;
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the position of '%s' is no number in %s", name,
                       x->unit.symbol);
    }
    if (as_read_number(name, strlen(name), '.', found) && isfinite(*found)) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL, "'%s' is no number and no result with a position", name);
}

static as_status record(as_run *run, as_table *t, const double *found, const double *real, size_t m)
{
    const calibrate_settings *set = run->settings;
    char text[1024];
    size_t at = (size_t)snprintf(text, sizeof text, "%s%s", set->reference ? set->reference : "",
                                 set->reference && set->reference[0] ? ": " : "");
    for (size_t k = 0; k < m && at < sizeof text - 80; k++) {
        char a[AS_NUMBER_MAX], b[AS_NUMBER_MAX];
        (void)as_write_number(found[k], a);
        (void)as_write_number(real[k], b);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s to %s", k ? ", " : "", a, b);
    }
    return as_set_meta(run->ctx, t, "calibration", text, NULL, NULL);
}

static as_status series(as_run *run, as_table *owned)
{
    const calibrate_settings *set = run->settings;
    const size_t m = set->pair.n;
    as_ctx *ctx = run->ctx;
    as_column *x = as_need(ctx, owned, AS_ROLE_X);
    if (!x) return AS_ERR;
    if (as_get_meta(owned, "calibration"))
        return as_fail(ctx, AS_E_USAGE, NULL, "x is calibrated already (%s); it would be done twice",
                       as_get_meta(owned, "calibration")->text);
    if (m <= (size_t)set->order)
        return as_fail(ctx, AS_E_USAGE, NULL, "%zu references, --order %d needs %d", m, set->order,
                       set->order + 1);
    const size_t n = m + owned->rows;
    double *memory = AS_NEW_N(as_scratch(ctx), double, 8 * n + 3 * m);
    if (!memory) return AS_ERR;
    double *all = memory, *u = all + n, *w = u + n, *d = w + n, *z = d + n, *work = z + n;
    double *real = memory + 8 * n, *error = real + m;
    for (size_t k = 0; k < m; k++) {
        AS_TRY(read_pair(run, owned, set->pair.v[k], &all[k], &real[k], &error[k]));
        w[k] = 1;
        d[k] = real[k] - all[k];
    }
    memcpy(all + m, x->v.f, owned->rows * sizeof *all);
    as_polyfit_scale(n, all, u); /* the references first, then the rows, which have no weight */
    as_polyfit(n, set->order, u, w, d, work, z);
    for (size_t i = 0; i < owned->rows; i++) x->v.f[i] += z[m + i];
    for (size_t k = 0; k < m; k++) {
        char item[64];
        (void)snprintf(item, sizeof item, "%.60s", set->pair.v[k]);
        const as_result r = { .item = item, .quantity = "shift", .value = z[k], .u = error[k],
                              .unit = x->unit, .flag = "ok", .method = "polynomial through references" };
        AS_TRY(as_add_result(ctx, owned, &r));
    }
    AS_TRY(record(run, owned, all, real, m));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "a silicon line found at 519.8 stands at 520.7 cm-1",
      "assay calibrate-x 519.8=520.7 --reference silicon < tests/corpus/raman/fluorescence.ecsv"
      " | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "align", "convert-x", "peaks", NULL };

const as_op as_op_calibrate_x = {
    .name = "calibrate-x",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(calibrate_settings),
    .params = params,
    .operands = "pair",
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "correct x by references of known position",
             .description =
                 "Each `FOUND=TRUE` names where a reference was found and where it stands; a "
                 "polynomial of `--order` through the differences is added to x. FOUND may be the "
                 "item of an earlier result: `peaks` or `fit` first, then `calibrate-x 3=520.7`, or "
                 "`C1s=284.8` for the energies of photoelectrons. The references are kept in the "
                 "metadata `calibration`; a second calibration is refused.",
             .examples = examples,
             .see_also = see_also },
};
