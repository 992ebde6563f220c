/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ir-correct: the potential without the part that drops in the electrolyte, recorded in the
 * metadata. */
#include <math.h>

#include "curve.h"

typedef struct {
    double resistance, share, u;
    bool again;
} ir_settings;

static const as_param params[] = {
    AS_DOUBLE(ir_settings, resistance, "resistance", NULL, 0, 1e12, "Ohm",
              "not compensated, as of eis-fit or resistance"),
    AS_DOUBLE(ir_settings, u, "u-resistance", "0", 0, 1e12, "Ohm", "its standard uncertainty"),
    AS_DOUBLE(ir_settings, share, "share", "100%", 0, 100, "%", "of the drop that is taken off"),
    AS_BOOL(ir_settings, again, "again", "no",
            "although the metadata say that a drop was taken off before"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "that is corrected" },
    { .kind = AS_NEED_COLUMN, .name = "current", .unit = "A", .help = "through the cell" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "potential",
      .unit = "V",
      .help = "without the drop" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "potential_measured",
      .unit = "V",
      .help = "as it was" },
    { .kind = AS_NEED_META, .name = "ir_resistance", .unit = "Ohm", .help = "that was used" },
    { .kind = AS_NEED_META,
      .name = "ir_share",
      .unit = "%",
      .help = "of the drop that was taken off" },
    { .kind = AS_NEED_RESULT, .name = "largest_drop", .unit = "V", .help = "that was taken off" },
    { 0 }
};

static as_status series(as_run *run, as_table *owned)
{
    const ir_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_unit volt = as_unit_of("V"), ampere = as_unit_of("A");
    as_column *e = as_need_column(ctx, owned, "potential");
    const as_column *i = e ? as_need_column(ctx, owned, "current") : NULL;
    double largest = 0;
    if (!i) return AS_ERR;
    if (as_get_meta(owned, "ir_resistance") && !set->again)
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "a drop of %.4g Ohm was taken off before; --again for one more",
                       as_get_meta(owned, "ir_resistance")->number);
    as_column *before = as_curve_column(ctx, owned, "potential_measured", AS_ROLE_OTHER, e->unit);
    if (!before) return AS_ERR;
    for (size_t k = 0; k < owned->rows; k++) {
        const double drop =
            set->share / 100 * set->resistance * as_unit_convert(i->v.f[k], &i->unit, &ampere);
        before->v.f[k] = e->v.f[k];
        e->v.f[k] -= as_unit_convert(drop, &volt, &e->unit);
        if (fabs(drop) > fabs(largest)) largest = drop;
    }
    AS_TRY(as_set_number(ctx, owned, "ir_resistance", set->resistance, set->u > 0 ? set->u : NAN,
                         as_unit_of("Ohm"), NULL));
    AS_TRY(as_set_number(ctx, owned, "ir_share", set->share, NAN, as_unit_of("%"), NULL));
    const double u = set->u > 0 ? fabs(largest) * set->u / set->resistance : NAN;
    AS_TRY(as_add_quantity(ctx, owned, "correction", "largest_drop", largest, u, "V", NULL,
                           "share_x_current_x_resistance"));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "a sweep of a cell of 80 Ohm, and where it begins to pass current",
      "assay ir-correct --resistance 80Ohm --u-resistance 2Ohm tests/corpus/echem/sweep.ecsv"
      " | assay lsv-window --background 2.6:3.6 | assay results" },
    { 0 }
};
static const char *const references[] = { "Bard, Faulkner & White 2022, Electrochemical Methods, "
                                          "3rd ed., chapter 1 (uncompensated resistance)",
                                          NULL };
static const char *const see_also[] = { "lsv-window", "cv", "resistance", "eis-fit", NULL };

const as_op as_op_ir_correct = {
    .name = "ir-correct",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(ir_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "take the ohmic drop off a potential, and record it",
             .description = "E - share R I for every row; the potential as measured stays in "
                            "`potential_measured`. Resistance and "
                            "share go into the metadata, from where `lsv-window` and `cv` put them "
                            "into the method of what they "
                            "find. A second correction is refused unless *again* says that it is "
                            "meant. What the instrument "
                            "compensated while it measured is not known here.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
