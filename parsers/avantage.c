/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes and properties of Avantage data spaces. */
#include <math.h>
#include <string.h>

#include "avantage.h"

as_status avantage_property(as_ctx *ctx, as_table *t, const char *key, const char *value,
                            const as_where *from)
{
    static const as_known known[] = { { "DS_SOPROPID_ENERGY", "photon_energy", "eV" },
                                      { "DS_ANPROPID_PASS", "pass_energy", "eV" },
                                      { "DS_ANPROPID_WORK_FTN", "work_function", "eV" },
                                      { "DS_ACPROPID_ACQ_TIME", "dwell_time", "s" },
                                      { "DS_ANPROPID_LENS_MODE_NAME", "lens_mode", NULL },
                                      { "DS_GEPROPID_INSTRUMENT", "instrument", NULL },
                                      { "DS_EXT_SUPROPID_TITLE", "region", NULL },
                                      { "DS_EXT_SUPROPID_AUTHOR", "operator", NULL },
                                      { "DS_EXT_SUPROPID_COMMENTS", "comment", NULL } };
    double v;
    if (as_same(key, "DS_SOPROPID_ENERGY") && (!as_leading_number(value, &v, NULL) || !(v > 0)))
        return AS_OK;
    return as_set_known(ctx, t, known, AS_COUNT(known), key, value, from);
}

size_t avantage_spectra(const avantage_space *s)
{
    size_t n = 1, spaces = 0;
    if (s->n_axes == 0 || s->n_data_axes == 0) return 0;
    for (size_t k = 0; k < s->n_axes; k++)
        if (!s->axis[k].type) return 0; /* never described */
    if (!as_same(s->axis[0].type, "ENERGY")) return 0;
    if (s->spaces[0] != 1 || s->count[0] != (size_t)s->axis[0].n) return 0;
    for (size_t d = 0; d < s->n_data_axes; d++) {
        for (size_t k = 0; k < s->spaces[d]; k++, spaces++)
            if (spaces >= s->n_axes || (size_t)s->axis[spaces].n != s->count[d]) return 0;
        if (d > 0) {
            if (s->count[d] == 0 || n > ((size_t)1 << 32) / s->count[d]) return 0;
            n *= s->count[d];
        }
    }
    return spaces == s->n_axes ? n : 0;
}

static double place_of(const avantage_axis *a, size_t i)
{
    return a->value ? a->value[i] : a->start + (double)i * a->step;
}

/* Where on the axis this spectrum is, as the coordinate it stands for. */
static as_status set_place(as_ctx *ctx, as_table *t, const avantage_axis *a, size_t i)
{
    static const struct {
        const char *type, *key, *unit;
    } known[] = { { "X", "x", "um" },
                  { "Y", "y", "um" },
                  { "ETCHTIME", "etch_time", "s" },
                  { "ETCHLEVEL", "index", "1" },
                  { "LEVEL", "index", "1" } };
    as_unit unit;
    AS_TRY(as_unit_parse(ctx, t->arena, a->unit ? a->unit : "", &unit));
    for (size_t k = 0; k < AS_COUNT(known); k++) {
        const as_unit own = as_unit_of(known[k].unit);
        if (!as_same(a->type, known[k].type)) continue;
        return as_set_number(ctx, t, known[k].key, place_of(a, i), NAN,
                             as_unit_same_dimension(&unit, &own) ? unit : own, NULL);
    }
    const char *key =
        as_format(as_scratch(ctx), "vendor.%s", a->label && *a->label ? a->label : a->type);
    return key ? as_set_number(ctx, t, key, place_of(a, i), NAN, unit, NULL) : AS_ERR;
}

as_table *avantage_table(as_ctx *ctx, const avantage_space *s, size_t k)
{
    const as_axis axis = { "kinetic_energy", "", "eV" };
    const avantage_axis *energy = &s->axis[0];
    const as_meta *label = as_get_meta(s->meta, "vendor.DS_GEPROPID_VALUE_LABEL");
    const as_meta *symbol = as_get_meta(s->meta, "vendor.DS_GEPROPID_VALUE_UNIT");
    as_table *t =
        as_new_scan(ctx, s->count[0], &axis, energy->start, energy->step,
                    as_count_unit(label ? label->text : NULL, symbol ? symbol->text : NULL, NULL));
    if (!t || as_copy_meta(ctx, t, s->meta) != AS_OK) return NULL;
    for (size_t i = 0; energy->value && i < t->rows; i++) t->column[0]->v.f[i] = energy->value[i];
    size_t space = 1;
    for (size_t d = 1; d < s->n_data_axes; d++) {
        const size_t at = k % s->count[d];
        k /= s->count[d];
        for (size_t j = 0; j < s->spaces[d]; j++, space++)
            if (set_place(ctx, t, &s->axis[space], at) != AS_OK) return NULL;
    }
    return t;
}

as_status avantage_emit(as_parse *job, as_table *t)
{
    AS_TRY(as_add_electron_sigma(job->ctx, t, NAN));
    return as_emit(job->out, job->ctx, t);
}
