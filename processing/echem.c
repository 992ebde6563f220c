/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operations of electrochemistry share: see echem.h. */
#include <math.h>

#include "curve.h"
#include "echem.h"

void as_warn_placeholder(as_ctx *ctx, as_table *t, const as_meta *m, const char *option)
{
    if (m->number != 0.001) return;
    as_warn(ctx, t, NULL,
            "%s is 0.001 %s, which many EC-Lab files carry whatever the cell: give --%s if it is "
            "not meant",
            m->key, m->unit.symbol ? m->unit.symbol : "", option);
}

/* Area of the electrode in cm2: `given`, or electrode_area of the metadata where that is 0; *relative: its standard
 * uncertainty over it, 0 where none is stated. AS_E_MISSING, AS_E_NUMERIC: not above zero. */
static as_status electrode_area(as_ctx *ctx, as_table *t, double given, double *cm2, double *relative)
{
    const as_unit unit = as_unit_of("cm2");
    *cm2 = given;
    *relative = 0;
    if (given > 0) return AS_OK;
    const as_meta *m = as_need_meta(ctx, t, "electrode_area");
    if (!m) return AS_ERR;
    as_warn_placeholder(ctx, t, m, "area");
    *cm2 = as_unit_convert(m->number, &m->unit, &unit);
    if (isfinite(m->u)) *relative = fabs(m->u / m->number);
    if (*cm2 > 0) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "electrode area %.4g cm2: it must be above zero", *cm2);
}

as_status as_current_density(as_ctx *ctx, as_table *t, double given_area, as_column **out, double *relative)
{
    const as_unit ma = as_unit_of("mA");
    double area;
    *relative = 0;
    *out = as_find_numbers(t, "current_density");
    if (*out) return AS_OK;
    const as_column *i = as_need_column(ctx, t, "current");
    if (!i) return AS_ERR;
    AS_TRY(electrode_area(ctx, t, given_area, &area, relative));
    as_drop_sigma(t); /* it was that of the current */
    *out = as_add_column(ctx, t, "current_density", AS_ROLE_OTHER, as_unit_of("mA/cm2"));
    if (!*out) return AS_ERR;
    for (size_t k = 0; k < t->rows; k++) (*out)->v.f[k] = as_unit_convert(i->v.f[k], &i->unit, &ma) / area;
    return AS_OK;
}

const char *as_ir_record(as_ctx *ctx, const as_table *t)
{
    const as_meta *r = as_get_meta(t, "ir_resistance"), *share = as_get_meta(t, "ir_share");
    if (!r || !share) return "";
    return as_format(as_scratch(ctx), ";iR_%.4g_Ohm_x_%.4g%%", r->number, share->number);
}

void as_set_axes(as_table *t, as_column *x, as_column *y)
{
    for (size_t k = 0; k < t->n_columns; k++)
        if (t->column[k]->role == AS_ROLE_X || t->column[k]->role == AS_ROLE_Y)
            t->column[k]->role = AS_ROLE_OTHER;
    x->role = AS_ROLE_X;
    y->role = AS_ROLE_Y;
}
