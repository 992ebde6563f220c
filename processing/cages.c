/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guests in cages: see cages.h. */
#include <math.h>
#include <string.h>

#include "cages.h"

enum { GRID = AS_CAGE_GRID, HALF = GRID / 2 };

static double radius_of(const as_structure *s, size_t site)
{
    for (size_t i = 0; i < s->n_radii; i++)
        if (s->radius[i].f == s->site[site].f) return s->radius[i].radius;
    return NAN;
}

/* Mark the grid points inside the sphere about an atom, in the eighth 0..HALF of the cell. */
static void fill_sphere(unsigned char *full, double edge, const double *x, double radius)
{
    const double r = radius / edge * GRID;
    for (int i = (int)ceil(x[0] * GRID - r); i <= (int)floor(x[0] * GRID + r); i++) {
        const int wi = (i + GRID) % GRID;
        if (wi > HALF) continue;
        const double di = i - x[0] * GRID;
        for (int j = (int)ceil(x[1] * GRID - r); j <= (int)floor(x[1] * GRID + r); j++) {
            const int wj = (j + GRID) % GRID;
            if (wj > HALF) continue;
            const double dj = j - x[1] * GRID;
            for (int k = (int)ceil(x[2] * GRID - r); k <= (int)floor(x[2] * GRID + r); k++) {
                const int wk = (k + GRID) % GRID;
                const double dk = k - x[2] * GRID;
                if (wk > HALF || di * di + dj * dj + dk * dk >= r * r) continue;
                full[(wi * (HALF + 1) + wj) * (HALF + 1) + wk] = 1;
            }
        }
    }
}

/* All centres of one cage that the group makes of it; distances are periodic. */
typedef struct centres {
    size_t n;
    double x[AS_SYMMETRY_MAX][3], radius;
} centres;

static void centres_of(const as_structure *s, const as_cage *cage, centres *out)
{
    out->n = 0;
    out->radius = cage->radius;
    for (size_t g = 0; g < s->cell.symmetry.n; g++) {
        const as_symmetry_op *op = &s->cell.symmetry.op[g];
        double x[3];
        bool seen = false;
        for (int i = 0; i < 3; i++) {
            x[i] = op->t[i] / (double)AS_TRANSLATION;
            for (int j = 0; j < 3; j++) x[i] += op->r[i][j] * cage->x[j];
            x[i] -= floor(x[i] + 1e-9);
        }
        for (size_t k = 0; k < out->n && !seen; k++)
            seen = fabs(x[0] - out->x[k][0]) + fabs(x[1] - out->x[k][1]) +
                       fabs(x[2] - out->x[k][2]) < 1e-6;
        if (!seen) memcpy(out->x[out->n++], x, sizeof x);
    }
}

static double distance(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double d = fabs(a[i] - b[i]), w = fmin(d, 1 - d);
        sum += w * w;
    }
    return sqrt(sum);
}

static size_t nearest(const as_structure *s, const centres *c, const double *x)
{
    size_t best = 0;
    double least = INFINITY;
    for (size_t k = 0; k < s->n_cages; k++)
        for (size_t i = 0; i < c[k].n; i++) {
            const double d = s->cell.a * distance(x, c[k].x[i]) - c[k].radius;
            if (d < least - 1e-12) {
                least = d;
                best = k;
            }
        }
    return best;
}

/* How many points of the cell are equivalent to i <= j <= k under m-3m. */
static unsigned char equivalents(int i, int j, int k)
{
    int n = i == j && j == k ? 1 : i == j || j == k ? 3 : 6;
    if (i != 0 && i != HALF) n *= 2;
    if (j != 0 && j != HALF) n *= 2;
    if (k != 0 && k != HALF) n *= 2;
    return (unsigned char)n;
}

/* The group holds x,y,-z and y,x,z and z,x,y without translations. */
static bool is_full_cubic(const as_symmetry *s)
{
    static const signed char need[3][3][3] = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, -1 } },
                                               { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } },
                                               { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 } } };
    static const signed char none[3] = { 0 };
    int found = 0;
    for (int k = 0; k < 3; k++)
        for (size_t g = 0; g < s->n; g++)
            if (memcmp(s->op[g].r, need[k], 9) == 0 && memcmp(s->op[g].t, none, 3) == 0) found++;
    return s->system == AS_CUBIC && found == 3;
}

as_status as_cages_of(as_ctx *ctx, as_arena *arena, const as_structure *s, const as_atoms *atoms,
                      as_cages *out)
{
    if (!is_full_cubic(&s->cell.symmetry))
        return as_fail(ctx, AS_E_USAGE, NULL, "guest densities need a cubic structure of class m-3m "
                       "with its mirror planes through the origin");
    const size_t room = (size_t)(HALF + 1) * (HALF + 2) * (HALF + 3) / 6;
    unsigned char *full = as_alloc(as_scratch(ctx), (size_t)(HALF + 1) * (HALF + 1) * (HALF + 1), 1);
    centres *c = AS_NEW_N(as_scratch(ctx), centres, s->n_cages + 1);
    out->at = as_alloc(arena, room, sizeof *out->at);
    out->cage = as_alloc(arena, room, 1);
    out->weight = as_alloc(arena, room, 1);
    if (!full || !c || !out->at || !out->cage || !out->weight) return AS_ERR;
    for (size_t i = 0; i < atoms->n; i++) {
        const as_site *site = &s->site[atoms->site[i]];
        const double r = radius_of(s, atoms->site[i]);
        if (isnan(r))
            return as_fail(ctx, AS_E_MISSING, NULL, "the structure gives no radius of %s",
                           site->f->element);
        if (!site->guest) fill_sphere(full, s->cell.a, atoms->x[i], r);
    }
    for (size_t k = 0; k < s->n_cages; k++) centres_of(s, &s->cage[k], &c[k]);
    out->n = 0;
    out->n_cages = s->n_cages;
    out->point_volume = s->cell.a * s->cell.a * s->cell.a / ((double)GRID * GRID * GRID);
    for (int i = 0; i <= HALF; i++)
        for (int j = i; j <= HALF; j++)
            for (int k = j; k <= HALF; k++) {
                if (full[(i * (HALF + 1) + j) * (HALF + 1) + k]) continue;
                const double x[3] = { i / (double)GRID, j / (double)GRID, k / (double)GRID };
                const unsigned char at[3] = { (unsigned char)i, (unsigned char)j, (unsigned char)k };
                memcpy(out->at[out->n], at, 3);
                out->cage[out->n] = (unsigned char)nearest(s, c, x);
                out->weight[out->n++] = equivalents(i, j, k);
            }
    return AS_OK;
}

void as_cages_factor(const as_cages *cages, const int hkl[3], double *out)
{
    double c[3][HALF + 1]; /* cos(2 pi h i / GRID) */
    for (int q = 0; q < 3; q++)
        for (int i = 0; i <= HALF; i++)
            c[q][i] = cos(2 * 3.14159265358979323846 * ((hkl[q] * i) % GRID) / GRID);
    for (size_t k = 0; k < cages->n_cages; k++) out[k] = 0;
    for (size_t p = 0; p < cages->n; p++) {
        const unsigned char *a = cages->at[p];
        const double x = c[0][a[0]] * (c[1][a[1]] * c[2][a[2]] + c[1][a[2]] * c[2][a[1]]);
        const double y = c[0][a[1]] * (c[1][a[0]] * c[2][a[2]] + c[1][a[2]] * c[2][a[0]]);
        const double z = c[0][a[2]] * (c[1][a[0]] * c[2][a[1]] + c[1][a[1]] * c[2][a[0]]);
        out[cages->cage[p]] += cages->weight[p] * (x + y + z) / 6;
    }
    for (size_t k = 0; k < cages->n_cages; k++) out[k] *= cages->point_volume;
}
