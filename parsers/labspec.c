/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horiba LabSpec: settings by name, and the tree of .xml and .l6s made into spectra. */
#include "labspec.h"

#include <math.h>
#include <string.h>

#include "number.h"

as_lsx *as_lsx_add(as_ctx *ctx, as_lsx *parent, uint32_t tag)
{
    as_lsx *node = AS_NEW(as_scratch(ctx), as_lsx);
    if (!node) return NULL;
    node->tag = tag;
    node->parent = parent;
    if (parent && parent->last) parent->last->next = node;
    else if (parent) parent->child = node;
    if (parent) parent->last = node;
    return node;
}

const as_lsx *as_lsx_child(const as_lsx *in, uint32_t tag)
{
    const as_lsx *c = in ? in->child : NULL;
    while (c && c->tag != tag) c = c->next;
    return c;
}

static const char *text_of(const as_lsx *in, uint32_t tag)
{
    const as_lsx *c = as_lsx_child(in, tag);
    return c && c->text ? c->text : "";
}

/* --- settings ---------------------------------------------------------------------------- */

as_status as_labspec_setting(as_ctx *ctx, as_table *t, const char *name, const char *value,
                             const as_where *from)
{
    static const as_known known[] = {
        { "Acq. time (s)", "exposure", "s" },      { "Exposition", "exposure", "s" },
        { "Accumulations", "accumulations", "1" }, { "Accumulation", "accumulations", "1" },
        { "Laser (nm)", "laser_wavelength", "nm" }, { "Laser", "laser_wavelength", "nm" },
        { "Grating", "grating", NULL },            { "Objective", "objective", NULL },
        { "Objectiv", "objective", NULL },         { "Instrument", "instrument", NULL },
        { "Detector", "detector", NULL },          { "Sample", "sample", NULL },
        { "Remark", "comment", NULL },             { "X (\xc2\xb5m)", "x", "um" },
        { "Y (\xc2\xb5m)", "y", "um" },            { "Z (\xc2\xb5m)", "z", "um" },
    };
    if (!*value) return AS_OK;
    if (strcmp(name, "Date") == 0 && as_get_meta(t, "measured")) return AS_OK;
    if (strcmp(name, "Acquired") == 0 || strcmp(name, "Date") == 0)
        return as_set_measured(ctx, t, value, false, from);
    if (strcmp(name, "Title") == 0 && !as_get_meta(t, "sample"))
        return as_set_text(ctx, t, "sample", value, from);
    return as_set_measure(ctx, t, known, AS_COUNT(known), name, value, from);
}

const char *as_labspec_coordinate(as_ctx *ctx, const char *type)
{
    static const char *const own[][2] = {
        { "X", "x" }, { "Y", "y" }, { "Z", "z" }, { "Time", "time" }, { "t", "time" },
        { "Temperature", "temperature" },
    };
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (as_same(type, own[i][0])) return own[i][1];
    return as_format(as_scratch(ctx), "vendor.%s", *type ? type : "coordinate");
}

/* --- the tree ------------------------------------------------------------------------------- */

enum { MOST_AXES = 8 };

typedef struct {
    const as_lsx *axis[MOST_AXES];
    size_t length[MOST_AXES]; /* values of each axis, at least 1 */
    size_t n_axes, spectra;
    as_spectrum_kind kind;
    as_table *head;
} layout;

/* Every branch that has a name and a value is a setting. */
static as_status read_settings(as_parse *job, const as_lsx *root, as_table *t)
{
    for (const as_lsx *e = root; e;) {
        const as_lsx *name = as_lsx_child(e, AS_LSX_NAME), *value = as_lsx_child(e, AS_LSX_VALUE);
        const as_lsx *number = as_lsx_child(e, AS_LSX_NUMBER);
        if (name && name->text && value && value->text) {
            if (strcmp(name->text, "Laser (nm)") == 0 && number && number->text) value = number;
            AS_TRY(as_labspec_setting(job->ctx, t, name->text, value->text, &e->where));
        }
        if (e->child) {
            e = e->child;
            continue;
        }
        while (e && e != root && !e->next) e = e->parent;
        e = !e || e == root ? NULL : e->next;
    }
    return AS_OK;
}

static as_status read_axes(as_parse *job, const as_lsx *root, layout *l)
{
    const as_lsx *axes = as_lsx_child(as_lsx_child(root, AS_LSX_SPECTRA), AS_LSX_AXES);
    for (const as_lsx *a = axes ? axes->child : NULL; a && l->n_axes < MOST_AXES; a = a->next) {
        const as_lsx *values = as_lsx_child(a, AS_LSX_VALUES);
        l->axis[l->n_axes] = a;
        l->length[l->n_axes++] = values && values->n ? values->n : 1;
    }
    if (l->n_axes < 2 || !as_lsx_child(l->axis[1], AS_LSX_VALUES))
        return as_fail(job->ctx, AS_E_FORMAT, &root->where,
                       "no spectrum: expected an axis of intensities and a spectral one");
    l->spectra = 1;
    for (size_t i = 2; i < l->n_axes; i++) {
        if (l->spectra > SIZE_MAX / 2 / l->length[i] / l->length[1])
            return as_fail(job->ctx, AS_E_SYNTAX, &root->where, "axes of too many values");
        l->spectra *= l->length[i];
    }
    return AS_OK;
}

static void choose_kind(layout *l)
{
    l->kind = (as_spectrum_kind){ "x", "1", "intensity", "1", "raman" };
    as_spectral_x(text_of(l->axis[1], AS_LSX_UNIT), &l->kind);
    as_spectral_y(text_of(l->axis[0], AS_LSX_UNIT), &l->kind);
}

/* Where spectrum number i lies: the axes from 2 on, the first changing fastest. */
static as_status set_coordinates(as_parse *job, const layout *l, as_table *t, size_t i)
{
    for (size_t k = 2; k < l->n_axes; i /= l->length[k], k++) {
        const as_lsx *values = as_lsx_child(l->axis[k], AS_LSX_VALUES);
        const char *key = as_labspec_coordinate(job->ctx, text_of(l->axis[k], AS_LSX_TYPE));
        const char *unit = text_of(l->axis[k], AS_LSX_UNIT);
        as_unit parsed;
        if (!key) return AS_ERR;
        if (!values) continue;
        AS_TRY(as_unit_parse(job->ctx, t->arena, *unit ? unit : "1", &parsed));
        AS_TRY(as_set_number(job->ctx, t, key, values->list[i % l->length[k]], NAN, parsed,
                             &values->where));
    }
    return AS_OK;
}

as_status as_lsx_emit(as_parse *job, const as_lsx *root, size_t n, const double *values)
{
    layout l = { .head = as_table_new(job->ctx, 0) };
    if (!l.head) return AS_ERR;
    AS_TRY(read_axes(job, root, &l));
    choose_kind(&l);
    const as_lsx *own = as_lsx_child(l.axis[0], AS_LSX_VALUES);
    const double *x = as_lsx_child(l.axis[1], AS_LSX_VALUES)->list;
    const size_t points = l.length[1];
    if (!values && own) n = own->n, values = own->list;
    if (!values || n != l.spectra * points)
        return as_fail(job->ctx, values && n > l.spectra * points ? AS_E_SYNTAX : AS_E_TRUNCATED,
                       &root->where, "%zu intensities, expected %zu spectra of %zu points", n,
                       l.spectra, points);
    AS_TRY(as_set_text(job->ctx, l.head, "sample", text_of(root, AS_LSX_TITLE), &root->where));
    AS_TRY(read_settings(job, root, l.head));
    for (size_t i = 0; i < l.spectra; i++) {
        as_table *t = as_spectrum_of(job->ctx, &l.kind, points, x, values + i * points);
        if (!t) return AS_ERR;
        AS_TRY(as_copy_meta(job->ctx, t, l.head));
        AS_TRY(set_coordinates(job, &l, t, i));
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    return AS_OK;
}
