/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unit cells, spacings and lists of reflections: see crystal.h. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crystal.h"
#include "number.h"

static const double degree = 0.017453292519943295;

static const char *const names_cubic[] = { "a", NULL };
static const char *const names_uniaxial[] = { "a", "c", NULL };
static const char *const names_orthorhombic[] = { "a", "b", "c", NULL };
static const char *const names_monoclinic[] = { "a", "b", "c", "beta", NULL };
static const char *const names_triclinic[] = { "a", "b", "c", "alpha", "beta", "gamma", NULL };
static const char *const *const free_names[AS_N_SYSTEMS] = {
    names_triclinic, names_monoclinic, names_orthorhombic, names_uniaxial,
    names_uniaxial,  names_uniaxial,   names_cubic
};

const char *const *as_cell_names(as_crystal_system system)
{
    return free_names[system];
}

size_t as_cell_free(as_crystal_system system)
{
    size_t n = 0;
    while (free_names[system][n]) n++;
    return n;
}

void as_cell_set(as_cell *cell, const double *p)
{
    const as_crystal_system system = cell->symmetry.system;
    const bool hexagonal = system == AS_TRIGONAL || system == AS_HEXAGONAL;
    cell->alpha = cell->beta = 90;
    cell->gamma = hexagonal ? 120 : 90;
    cell->a = cell->b = cell->c = p[0];
    if (system == AS_TETRAGONAL || hexagonal) cell->c = p[1];
    if (system == AS_ORTHORHOMBIC || system == AS_MONOCLINIC || system == AS_TRICLINIC) {
        cell->b = p[1];
        cell->c = p[2];
    }
    if (system == AS_MONOCLINIC) cell->beta = p[3];
    if (system == AS_TRICLINIC) {
        cell->alpha = p[3];
        cell->beta = p[4];
        cell->gamma = p[5];
    }
}

/* Volume of the cell with unit edges. */
static double unit_volume(const as_cell *c)
{
    const double ca = cos(c->alpha * degree), cb = cos(c->beta * degree),
                 cg = cos(c->gamma * degree);
    return sqrt(1 - ca * ca - cb * cb - cg * cg + 2 * ca * cb * cg);
}

double as_cell_volume(const as_cell *c)
{
    return c->a * c->b * c->c * unit_volume(c);
}

/* The direct metric's inverse, element by element (International Tables B, section 1.1). */
double as_inverse_d2(const as_cell *c, int h, int k, int l)
{
    if (c->alpha == 90 && c->beta == 90 && c->gamma == 90)
        return h * h / (c->a * c->a) + k * k / (c->b * c->b) + l * l / (c->c * c->c);
    const double ca = cos(c->alpha * degree), cb = cos(c->beta * degree),
                 cg = cos(c->gamma * degree);
    const double x = h / c->a, y = k / c->b, z = l / c->c, v = unit_volume(c);
    return (x * x * (1 - ca * ca) + y * y * (1 - cb * cb) + z * z * (1 - cg * cg) +
            2 * y * z * (cb * cg - ca) + 2 * x * z * (cg * ca - cb) + 2 * x * y * (ca * cb - cg)) /
           (v * v);
}

double as_two_theta(double d, double wavelength)
{
    const double s = wavelength / (2 * d);
    return s <= 1 ? 2 * asin(s) / degree : NAN;
}

double as_d_spacing(double two_theta, double wavelength)
{
    return wavelength / (2 * sin(two_theta * degree / 2));
}

static as_status parameters_of(as_ctx *ctx, const char *text, size_t n, as_cell *out)
{
    const as_crystal_system system = out->symmetry.system;
    const size_t want = as_cell_free(system);
    double value[6];
    size_t got = 0, at = 0;
    while (got < 6 && at <= n) {
        const char *comma = memchr(text + at, ',', n - at);
        const size_t length = comma ? (size_t)(comma - text) - at : n - at;
        if (!as_read_number(text + at, length, '.', &value[got]))
            return as_fail(ctx, AS_E_USAGE, NULL, "'%.*s' in the cell is no number", (int)length,
                           text + at);
        got++;
        at += length + 1;
    }
    if (got != want || at <= n)
        return as_fail(ctx, AS_E_USAGE, NULL, "a %s cell has %zu free parameters, found '%.*s'",
                       as_crystal_system_name(system), want, (int)n, text);
    as_cell_set(out, value);
    const double v = as_cell_volume(out);
    if (!(out->a > 0 && out->b > 0 && out->c > 0 && v > 0 && isfinite(v)))
        return as_fail(ctx, AS_E_USAGE, NULL, "no cell has the parameters '%.*s'", (int)n, text);
    return AS_OK;
}

as_status as_cell_parse(as_ctx *ctx, const char *text, as_cell *out)
{
    char name[32];
    const char *colon = strchr(text, ':');
    if (!colon || colon == text || (size_t)(colon - text) >= sizeof name)
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "'%s' is no cell; expected one like cubic:26.343:F or Fm-3m:26.343", text);
    snprintf(name, sizeof name, "%.*s", (int)(colon - text), text);
    const char *values = colon + 1, *last = strchr(values, ':');
    const size_t n = last ? (size_t)(last - values) : strlen(values);
    as_crystal_system system;
    if (as_crystal_system_of(name, &system)) {
        if (last && strlen(last) != 2)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is no centring (P A B C I F R)", last + 1);
        AS_TRY(as_symmetry_centred(ctx, system, last ? last[1] : 'P', &out->symmetry));
    } else {
        AS_TRY(as_symmetry_named(ctx, name, &out->symmetry));
        if (last)
            return as_fail(ctx, AS_E_USAGE, NULL, "%s has its own centring; found '%s' behind it",
                           name, last);
    }
    return parameters_of(ctx, values, n, out);
}

static int by_d(const void *left, const void *right)
{
    const as_reflection *a = left, *b = right;
    if (fabs(a->d - b->d) > 1e-9 * a->d) return a->d > b->d ? -1 : 1;
    if (a->h != b->h) return a->h < b->h ? -1 : 1;
    if (a->k != b->k) return a->k < b->k ? -1 : 1;
    return (a->l > b->l) - (a->l < b->l);
}

/* hkl is kept when it is its own family's representative. */
static bool wanted(const as_cell *cell, const int hkl[3], double d_min, double d_max,
                   as_reflection *out)
{
    if (hkl[0] == 0 && hkl[1] == 0 && hkl[2] == 0) return false;
    const double d = 1 / sqrt(as_inverse_d2(cell, hkl[0], hkl[1], hkl[2]));
    if (d < d_min || d > d_max || !as_representative(&cell->symmetry, hkl) ||
        as_absent(&cell->symmetry, hkl))
        return false;
    int first[3];
    const int m = as_multiplicity(&cell->symmetry, hkl, first);
    *out = (as_reflection){ hkl[0], hkl[1], hkl[2], m, d };
    return true;
}

as_status as_reflections(as_ctx *ctx, as_arena *arena, const as_cell *cell, double d_min,
                         double d_max, as_reflection **out, size_t *n)
{
    /* |h| <= a/d_min holds in every system: h is a projection of 1/d on the edge a */
    const double edge[3] = { cell->a / d_min, cell->b / d_min, cell->c / d_min };
    if (!(d_min > 0) || !((2 * edge[0] + 1) * (2 * edge[1] + 1) * (2 * edge[2] + 1) <= 2e6))
        return as_fail(ctx, AS_E_LIMIT, NULL, "too many reflections down to d = %g Angstrom", d_min);
    const int top[3] = { (int)edge[0], (int)edge[1], (int)edge[2] };
    *n = 0;
    *out = NULL;
    for (int pass = 0; pass < 2; pass++) { /* count, then fill */
        size_t found = 0;
        for (int h = 0; h <= top[0]; h++)
            for (int k = -top[1]; k <= top[1]; k++)
                for (int l = -top[2]; l <= top[2]; l++) {
                    as_reflection r;
                    if (!wanted(cell, (int[]){ h, k, l }, d_min, d_max, &r)) continue;
                    if (*out) (*out)[found] = r;
                    found++;
                }
        if (pass == 0) {
            *out = AS_NEW_N(arena, as_reflection, found ? found : 1);
            if (!*out) return AS_ERR;
        }
        *n = found;
    }
    qsort(*out, *n, sizeof **out, by_d);
    return AS_OK;
}

bool as_hkl_parse(const char *text, size_t length, int hkl[3])
{
    const bool split = memchr(text, '.', length) || memchr(text, ' ', length);
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        while (at < length && (text[at] == '.' || text[at] == ' ')) at++;
        const bool minus = at < length && text[at] == '-';
        at += minus;
        int value = 0;
        size_t digits = 0;
        while (at < length && isdigit((unsigned char)text[at]) && digits < (split ? 3u : 1u)) {
            value = 10 * value + (text[at++] - '0');
            digits++;
        }
        if (!digits) return false;
        hkl[i] = minus ? -value : value;
    }
    return at == length;
}

void as_hkl_text(const int hkl[3], char out[AS_HKL_TEXT])
{
    const bool split = abs(hkl[0]) > 9 || abs(hkl[1]) > 9 || abs(hkl[2]) > 9;
    snprintf(out, AS_HKL_TEXT, split ? "%d.%d.%d" : "%d%d%d", hkl[0], hkl[1], hkl[2]);
}
