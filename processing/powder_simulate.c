/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated powder patterns: see powder_simulate.h. */
#include <math.h>
#include <string.h>

#include "cages.h"
#include "powder_simulate.h"

static const double degree = 0.017453292519943295;

static bool is_absent(const as_powder_sample *s, const as_reflection *r)
{
    for (size_t i = 0; i < s->n_absent; i++)
        if (memcmp(s->absent[i], &r->h, 3 * sizeof(int)) == 0) return true;
    return false;
}

/* F of atoms and smeared guests, real part (imaginary part of a centrosymmetric structure: 0). */
static void factor_of(const as_structure *s, const as_atoms *atoms, const as_cages *cages,
                      const as_reflection *r, double f_site[], double f_cage[], double out[2])
{
    const int hkl[3] = { r->h, r->k, r->l };
    const double s2 = 1 / (4 * r->d * r->d);
    for (size_t k = 0; k < s->n_sites; k++) f_site[k] = as_form_factor_at(s->site[k].f, s2);
    as_structure_factor(s, atoms, f_site, hkl, s2, out);
    if (!cages->n) return;
    as_cages_factor(cages, hkl, f_cage);
    for (size_t k = 0; k < s->n_cages; k++) out[0] += s->cage[k].density * f_cage[k];
}

static as_status factors(as_ctx *ctx, as_arena *arena, const as_powder_sample *s,
                         as_powder_pattern *p)
{
    const as_structure *st = s->structure;
    as_reflection *r;
    as_atoms atoms;
    as_cages cages = { 0 };
    const int *ref = s->reference; /* it may lie outside the range */
    const double d_ref = 1 / sqrt(as_inverse_d2(&st->cell, ref[0], ref[1], ref[2]));
    const double d_min = fmin(as_d_spacing(s->to + 1, s->doublet.alpha1), 0.999 * d_ref);
    if (!(d_min > 0)) return as_fail(ctx, AS_E_USAGE, NULL, "000 is no reference");
    AS_TRY(as_reflections(ctx, arena, &st->cell, d_min, 1e6, &r, &p->n_lines));
    AS_TRY(as_atoms_of(ctx, as_scratch(ctx), st, &atoms));
    bool guests = false;
    for (size_t k = 0; k < st->n_cages; k++) guests = guests || st->cage[k].density != 0;
    if (guests) AS_TRY(as_cages_of(ctx, as_scratch(ctx), st, &atoms, &cages));
    double *f = AS_NEW_N(as_scratch(ctx), double, st->n_sites + st->n_cages + 1);
    p->line = AS_NEW_N(arena, as_powder_truth, p->n_lines + 1);
    if (!f || !p->line) return AS_ERR;
    for (size_t i = 0; i < p->n_lines; i++) {
        double v[2];
        factor_of(st, &atoms, &cages, &r[i], f, f + st->n_sites, v);
        if (is_absent(s, &r[i])) v[0] = v[1] = 0;
        const double t = as_two_theta(r[i].d, s->doublet.alpha1);
        p->line[i] = (as_powder_truth){ .r = r[i], .f = v[0],
                                        .area = r[i].multiplicity * (v[0] * v[0] + v[1] * v[1]) *
                                                as_lorentz_polarisation(t) };
        p->line[i].position = t + s->zero -
                              2 * s->displacement / s->radius * cos(t * degree / 2) / degree;
    }
    return AS_OK;
}

static as_powder_shape shape_of(const as_powder_sample *s, const as_powder_truth *line)
{
    const double t = as_two_theta(line->r.d, s->doublet.alpha1);
    const double size = s->scherrer * s->doublet.alpha1 / (10 * s->crystallite * cos(t * degree / 2));
    return (as_powder_shape){ .centre = line->position, .g = s->instrument, .l = size / degree,
                              .s = s->axial };
}

/* The scale that puts the maximum of the reference at s->counts; NaN: no such reflection. */
static double scale_of(const as_powder_sample *s, const as_powder_pattern *p)
{
    double strongest = 0;
    for (size_t i = 0; i < p->n_lines; i++) strongest = fmax(strongest, p->line[i].area);
    for (size_t i = 0; i < p->n_lines; i++) {
        const as_powder_truth *line = &p->line[i];
        if (memcmp(&line->r.h, s->reference, sizeof s->reference) != 0) continue;
        if (!(line->area > 1e-3 * strongest)) return NAN;
        const as_powder_shape shape = shape_of(s, line);
        double top = 0;
        for (double x = shape.centre - 0.5; x < shape.centre + 0.5; x += 0.001) {
            double v = 0;
            as_powder_doublet(1, &x, &shape, &s->doublet, &(as_powder_arrays){ .p = &v });
            top = fmax(top, v);
        }
        return s->counts / (line->area * top);
    }
    return NAN;
}

static double background(const as_powder_sample *s, double x)
{
    const double u = (x - s->hump[1]) / s->hump[2];
    return s->background[0] * exp(-x / s->background[1]) + s->background[2] +
           s->hump[0] * exp(-u * u / 2);
}

as_status as_powder_simulate(as_ctx *ctx, as_arena *arena, const as_powder_sample *s,
                             as_powder_pattern *out)
{
    AS_TRY(factors(ctx, arena, s, out));
    const double scale = scale_of(s, out);
    if (!(scale > 0))
        return as_fail(ctx, AS_E_USAGE, NULL, "%d%d%d cannot be scaled to: the structure has no such "
                       "reflection, or a weak one", s->reference[0], s->reference[1], s->reference[2]);
    out->n = (size_t)floor((s->to - s->from) / s->step + 1e-6) + 1;
    out->x = AS_NEW_N(arena, double, out->n);
    out->mean = AS_NEW_N(arena, double, out->n);
    double *one = AS_NEW_N(as_scratch(ctx), double, out->n);
    if (!out->x || !out->mean || !one) return AS_ERR;
    for (size_t i = 0; i < out->n; i++) { /* rounded: the bytes agree across machines */
        out->x[i] = round((s->from + (double)i * s->step) * 1e6) / 1e6;
        out->mean[i] = background(s, out->x[i]);
    }
    for (size_t k = 0; k < out->n_lines; k++) {
        as_powder_truth *line = &out->line[k];
        const as_powder_shape shape = shape_of(s, line);
        line->area *= scale;
        line->fwhm = as_tch_of(shape.g, shape.l).fwhm;
        if (!(line->area > 0)) continue;
        memset(one, 0, out->n * sizeof *one);
        as_powder_doublet(out->n, out->x, &shape, &s->doublet, &(as_powder_arrays){ .p = one });
        for (size_t i = 0; i < out->n; i++) out->mean[i] += line->area * one[i];
    }
    if (s->extra[0] > 0) {
        const as_powder_shape shape = { .centre = s->extra[1], .l = s->extra[2] };
        as_powder_line(out->n, out->x, &shape, s->extra[0], &(as_powder_arrays){ .p = out->mean });
    }
    return AS_OK;
}
