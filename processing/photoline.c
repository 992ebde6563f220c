/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Common parts of operations on photoelectron spectra (photoline.h). */
#include <math.h>
#include <string.h>

#include "photoline.h"

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool as_line_begins(const char *name, const char *wanted)
{
    for (; *wanted; wanted++) {
        if (*wanted == ' ') continue;
        while (*name == ' ') name++;
        if (folded(*name) != folded(*wanted)) return false;
        name++;
    }
    return true;
}

const char *as_region_name(const as_table *t)
{
    const as_meta *m = as_get_meta(t, "region");
    return m && m->text ? m->text : t->label ? t->label : t->name;
}

bool as_is_region(const as_table *t, const char *wanted)
{
    const char *name = as_region_name(t);
    if (!name || !*wanted) return false;
    if (as_line_begins(name, wanted)) return true;
    const size_t digits = strspn(name, "0123456789");
    return digits > 0 && name[digits] == ':' && as_line_begins(name + digits + 1, wanted);
}

static bool same_meta(const as_table *a, const as_table *b, const char *key)
{
    const as_meta *p = as_get_meta(a, key), *q = as_get_meta(b, key);
    if (!p || !q) return !p && !q;
    if (isfinite(p->number) || isfinite(q->number)) return p->number == q->number;
    return strcmp(p->text ? p->text : "", q->text ? q->text : "") == 0;
}

bool as_same_place(const as_table *a, const as_table *b)
{
    static const char *const keys[] = { "sample", "etch_time", "depth", "position", "x", "y",
                                        "vendor.tilt_polar_angle", "vendor.take_off_polar_angle" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!same_meta(a, b, keys[i])) return false;
    return true;
}

static as_status need_ev(as_ctx *ctx, const as_table *t, const char *key, double *out)
{
    const as_unit ev = as_unit_of("eV");
    const as_meta *m = as_need_meta(ctx, t, key);
    if (!m) return AS_ERR;
    *out = as_unit_convert(m->number, &m->unit, &ev);
    if (isfinite(*out)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "%s is '%s', expected a number in eV", key,
                   m->text ? m->text : "");
}

as_status as_fermi_kinetic(as_ctx *ctx, const as_table *t, double x, double *out)
{
    const as_column *axis = as_find_role(t, AS_ROLE_X);
    const as_unit ev = as_unit_of("eV");
    double constant;
    if (!isfinite(x))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the line has no energy in series %s: what should find it failed",
                       t->name ? t->name : "unnamed");
    x = axis ? as_unit_convert(x, &axis->unit, &ev) : NAN;
    if (axis && strcmp(axis->name, "binding_energy") == 0) {
        AS_TRY(need_ev(ctx, t, "photon_energy", &constant));
        *out = constant - x;
    } else if (axis && strcmp(axis->name, "kinetic_energy") == 0) {
        AS_TRY(need_ev(ctx, t, "work_function", &constant));
        *out = x + constant;
    } else
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "x is %s, expected binding_energy or kinetic_energy",
                       axis ? axis->name : "missing");
    if (isfinite(*out)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "x is in %s, expected eV", axis->unit.symbol);
}

/* The vertex of the parabola through three points half a step apart at most, and its u by first
 * order. */
static void vertex(const double *x, const double *y, const double *sigma, double *out, double *u)
{
    const double step = (x[2] - x[0]) / 2, bend = y[0] - 2 * y[1] + y[2], slope = y[0] - y[2];
    const double lag = bend < 0 ? fmax(-0.5, fmin(0.5, 0.5 * slope / bend)) : 0;
    *out = x[1] + lag * step;
    *u = NAN;
    if (!sigma || !(bend < 0)) return;
    double variance = 0;
    const double g[] = { 0.5 / bend - 0.5 * slope / (bend * bend), slope / (bend * bend),
                         -0.5 / bend - 0.5 * slope / (bend * bend) };
    for (size_t k = 0; k < 3; k++) variance += g[k] * g[k] * sigma[k] * sigma[k];
    *u = fabs(step) * sqrt(variance);
}

as_status as_line_position(as_ctx *ctx, const as_table *t, const char *item, double lo, double hi,
                           double *out, double *u)
{
    const char *name = t->name ? t->name : "the series";
    const as_unit ev = as_unit_of("eV");
    if (item && *item) {
        const as_result *r = as_get_result(t, item, "position");
        if (!r || !isfinite(r->value) || !as_unit_same_dimension(&r->unit, &ev))
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "'%s' has no position of '%s' in eV; fit it before", name, item);
        *out = as_unit_convert(r->value, &r->unit, &ev);
        *u = as_unit_scale(r->u, &r->unit, &ev);
        return AS_OK;
    }
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    const as_column *mask = as_find_role(t, AS_ROLE_MASK), *sigma = as_find_role(t, AS_ROLE_SIGMA);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < t->rows; i++) {
        if ((mask && mask->v.f[i] == 1) || !isfinite(y->v.f[i])) continue;
        if (!(x->v.f[i] >= lo && x->v.f[i] <= hi)) continue;
        if (best == SIZE_MAX || y->v.f[i] > y->v.f[best]) best = i;
    }
    if (best == SIZE_MAX || best == 0 || best + 1 == t->rows)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "no maximum within the window in '%s'", name);
    vertex(x->v.f + best - 1, y->v.f + best - 1, sigma ? sigma->v.f + best - 1 : NULL, out, u);
    return AS_OK;
}

double as_tpp2m_path(const as_tpp2m *m, double energy)
{
    const double u = m->valence * m->density / m->molar_mass;
    const double plasmon2 = 28.8 * 28.8 * u; /* eV^2 */
    const double beta =
        -0.10 + 0.944 / sqrt(plasmon2 + m->gap * m->gap) + 0.069 * pow(m->density, 0.1);
    const double gamma = 0.191 / sqrt(m->density), c = 1.97 - 0.91 * u, d = 53.4 - 20.8 * u;
    return 0.1 * energy /
           (plasmon2 * (beta * log(gamma * energy) - c / energy + d / (energy * energy)));
}

double as_angular_factor(double beta, double gamma)
{
    const double s = sin(gamma);
    return 1 + 0.5 * beta * (1.5 * s * s - 1);
}
