/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refinement of cells: see cell_refine.h. Gauss-Newton on positions made independent by the Cholesky
 * factor of their covariance.
 */
#include <math.h>
#include <string.h>

#include "cell_refine.h"
#include "dense.h"

enum { P = AS_CELL_PARAMETERS, MAX_ITERATIONS = 30 };

static const double degree = 0.017453292519943295;

/* What reflection i should give; NaN when the wavelength cannot reach it. */
static double position(const as_cell_problem *p, const as_cell *cell, const double *terms, size_t i)
{
    const int *h = p->hkl[i];
    const double t = as_two_theta(1 / sqrt(as_inverse_d2(cell, h[0], h[1], h[2])), p->wavelength);
    return t + terms[0] - 2 * terms[1] / p->radius * cos(t * degree / 2) / degree +
           terms[2] / tan(t * degree);
}

/* Parameters to the cell and to zero, displacement and axial term. */
static void spread(const as_cell_problem *p, const double *value, as_cell *cell, double terms[3])
{
    size_t k = as_cell_free(p->cell.symmetry.system);
    *cell = p->cell;
    as_cell_set(cell, value);
    terms[0] = p->zero ? value[k++] : 0;
    terms[1] = p->displacement ? value[k++] : 0;
    terms[2] = p->axial ? value[k++] : 0;
}

static void names_of(as_cell_problem *p)
{
    const as_crystal_system system = p->cell.symmetry.system;
    const as_cell *c = &p->cell;
    const double all[6] = { c->a, c->b, c->c, c->alpha, c->beta, c->gamma };
    static const char *const letters[6] = { "a", "b", "c", "alpha", "beta", "gamma" };
    p->n_values = 0;
    for (size_t k = 0; as_cell_names(system)[k]; k++)
        for (size_t j = 0; j < 6; j++)
            if (strcmp(as_cell_names(system)[k], letters[j]) == 0) {
                p->value[p->n_values] = all[j];
                p->name[p->n_values++] = letters[j];
            }
    const struct { bool on; const char *name; } terms[] = {
        { p->zero, "zero" }, { p->displacement, "displacement" }, { p->axial, "axial" }
    };
    for (size_t k = 0; k < 3; k++)
        if (terms[k].on) {
            p->value[p->n_values] = 0;
            p->name[p->n_values++] = terms[k].name;
        }
}

/* Residuals, and their derivatives by central differences, both whitened by R (R'R = covariance). */
static bool linearise(const as_cell_problem *p, const double *r, double *residual, double *jacobian)
{
    as_cell cell;
    double terms[3], moved[P];
    spread(p, p->value, &cell, terms);
    for (size_t i = 0; i < p->n; i++) {
        residual[i] = p->two_theta[i] - position(p, &cell, terms, i);
        if (!isfinite(residual[i])) return false;
    }
    for (size_t k = 0; k < p->n_values; k++) {
        const double step = k < as_cell_free(p->cell.symmetry.system) ? 1e-6 * p->value[k] : 1e-4;
        double *column = jacobian + k * p->n;
        for (int side = 1; side >= -1; side -= 2) {
            memcpy(moved, p->value, sizeof moved);
            moved[k] += side * step;
            spread(p, moved, &cell, terms);
            for (size_t i = 0; i < p->n; i++)
                column[i] = (side > 0 ? 0 : column[i]) + side * position(p, &cell, terms, i) / (2 * step);
        }
        as_forward(p->n, r, column);
    }
    as_forward(p->n, r, residual);
    return true;
}

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Normal matrix scaled to unit diagonal, its factor in `h`; scale[k] the root of its diagonal. */
static bool normal(const as_cell_problem *p, const double *jacobian, double *h, double *scale)
{
    const size_t m = p->n_values;
    for (size_t k = 0; k < m; k++)
        scale[k] = sqrt(dot(p->n, jacobian + k * p->n, jacobian + k * p->n));
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < m; j++)
            h[k * m + j] = dot(p->n, jacobian + k * p->n, jacobian + j * p->n) / (scale[k] * scale[j]);
    return as_cholesky(m, h, 1e-13);
}

static void covariances(as_cell_problem *p, const double *h, const double *scale)
{
    const size_t m = p->n_values;
    double inverse[P * P], c[P * P];
    as_invert(m, h, inverse);
    as_outer(m, inverse, c);
    for (size_t k = 0; k < m; k++) {
        p->inflation[k] = sqrt(c[k * m + k]);
        for (size_t j = 0; j < m; j++)
            p->covariance_out[k * m + j] = c[k * m + j] / (scale[k] * scale[j]) * p->widened * p->widened;
    }
}

static as_status iterate(as_ctx *ctx, as_cell_problem *p, const double *r, double *residual,
                         double *jacobian)
{
    double h[P * P], scale[P], step[P];
    for (int turn = 0; turn < MAX_ITERATIONS; turn++) {
        if (!linearise(p, r, residual, jacobian))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the refinement leads to a cell that cannot be");
        if (!normal(p, jacobian, h, scale))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the positions do not determine all parameters "
                           "of the cell and the diffractometer");
        for (size_t k = 0; k < p->n_values; k++)
            step[k] = dot(p->n, jacobian + k * p->n, residual) / scale[k];
        as_forward(p->n_values, h, step);
        const double promise = dot(p->n_values, step, step);
        as_back(p->n_values, h, step);
        for (size_t k = 0; k < p->n_values; k++) p->value[k] += step[k] / scale[k];
        if (promise > 1e-12) continue;
        p->chi2 = dot(p->n, residual, residual);
        p->degrees = p->n - p->n_values;
        const double reduced = p->degrees ? p->chi2 / (double)p->degrees : 1;
        p->widened = sqrt(fmax(reduced, 1));
        covariances(p, h, scale);
        return AS_OK;
    }
    return as_fail(ctx, AS_E_NUMERIC, NULL, "the cell does not converge in %d iterations",
                   MAX_ITERATIONS);
}

/* The refinement with `extra` added to every variance. */
static as_status refine_with(as_ctx *ctx, as_cell_problem *p, double extra, double *work)
{
    double *r = work, *jacobian = work + p->n * p->n, *residual = jacobian + p->n * P;
    memcpy(r, p->covariance, p->n * p->n * sizeof *r);
    for (size_t i = 0; i < p->n; i++) r[i * (p->n + 1)] += extra * extra;
    if (!as_cholesky(p->n, r, 1e-12))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the positions depend on each other: fit them with "
                       "reflection --positions free");
    return iterate(ctx, p, r, residual, jacobian);
}

static as_status find_extra(as_ctx *ctx, as_cell_problem *p, double *work)
{
    double low = 0, high = 1; /* degrees: nothing scatters more */
    for (int turn = 0; turn < 40; turn++) {
        p->extra = (low + high) / 2;
        AS_TRY(refine_with(ctx, p, p->extra, work));
        if (p->chi2 > (double)p->degrees) low = p->extra;
        else high = p->extra;
    }
    return AS_OK;
}

as_status as_cell_refine(as_ctx *ctx, as_arena *arena, as_cell_problem *p)
{
    names_of(p);
    if (p->n < p->n_values)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu positions cannot determine %zu parameters", p->n,
                       p->n_values);
    double *work = AS_NEW_N(as_scratch(ctx), double, p->n * (p->n + P + 1));
    p->residual = AS_NEW_N(arena, double, p->n);
    if (!work || !p->residual) return AS_ERR;
    AS_TRY(refine_with(ctx, p, 0, work));
    const double chi2 = p->chi2;
    if (!p->scale && p->degrees && chi2 > (double)p->degrees) AS_TRY(find_extra(ctx, p, work));
    p->chi2 = chi2;
    as_cell cell;
    double terms[3];
    spread(p, p->value, &cell, terms);
    p->cell = cell;
    for (size_t i = 0; i < p->n; i++) p->residual[i] = p->two_theta[i] - position(p, &cell, terms, i);
    return AS_OK;
}
