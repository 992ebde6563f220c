/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resampling of amounts: see pores_resample.h. */
#include <math.h>

#include "pores_resample.h"
#include "random.h"

static void draw(const as_amounts *a, as_random *r, double *out)
{
    double sum = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (a->draw == AS_DRAW_DOSES) {
            const double dose = a->base[i] - (i ? a->base[i - 1] : 0);
            out[i] = sum += dose * (1 + a->u_dose * as_random_normal(r));
        } else if (a->draw == AS_DRAW_POOLED) {
            out[i] = a->base[i] + a->widen * a->residual[(size_t)(as_random_uniform(r) * (double)a->n)];
        } else {
            out[i] = a->base[i] + a->residual[i] * as_random_normal(r);
        }
    }
}

static double deviation(double sum, double sum2, double n)
{
    return sqrt(fmax(sum2 - sum * sum / n, 0) / (n - 1));
}

as_status as_pores_resample(as_ctx *ctx, const as_pores_sampling *sampling, uint64_t stream, const as_amounts *amounts,
                            as_pores_again *again, void *user, const as_pores *best, double u[AS_PORES_MOMENTS],
                            double *sigma)
{
    const size_t m = AS_PORES_MOMENTS + (sigma ? best->n : 0);
    double *amount = AS_NEW_N(as_scratch(ctx), double, amounts->n + 2 * m);
    double first[AS_PORES_MOMENTS], v[AS_PORES_MOMENTS];
    as_random r;
    if (!amount) return AS_ERR;
    double *sum = amount + amounts->n, *sum2 = sum + m;
    for (int q = 0; q < AS_PORES_MOMENTS; q++) u[q] = NAN;
    as_pores_moments(best, first);
    as_random_seed(&r, (uint64_t)sampling->seed, stream);
    for (int b = 0; b < sampling->count && sampling->count > 1; b++) {
        as_pores p = *best;
        draw(amounts, &r, amount);
        AS_TRY(again(user, amount, &p));
        as_pores_moments(&p, v);
        for (size_t k = 0; k < m; k++) {
            const size_t j = k - AS_PORES_MOMENTS;
            const double d = k < AS_PORES_MOMENTS ? v[k] - first[k] : p.volume[j] - best->volume[j];
            sum[k] += d;
            sum2[k] += d * d;
        }
    }
    for (size_t k = 0; k < m && sampling->count > 1; k++)
        *(k < AS_PORES_MOMENTS ? &u[k] : &sigma[k - AS_PORES_MOMENTS]) = deviation(sum[k], sum2[k], sampling->count);
    as_pores_widen(best, u);
    return AS_OK;
}

/* Of y[i] from the parabola through the points a, b, c over ln x, less the part that their errors have in it. */
static double residual(const double *x, const double *y, size_t i, size_t a, size_t b, size_t c)
{
    const double at = log(x[i]), p = log(x[a]), q = log(x[b]), r = log(x[c]);
    const double wa = (at - q) * (at - r) / ((p - q) * (p - r)), wb = (at - p) * (at - r) / ((q - p) * (q - r)),
                 wc = (at - p) * (at - q) / ((r - p) * (r - q));
    return (y[i] - wa * y[a] - wb * y[b] - wc * y[c]) / sqrt(1 + wa * wa + wb * wb + wc * wc);
}

enum { REACH = 7 }; /* points on either side whose scatter counts */

static double miss(const as_isotherm *iso, size_t i)
{
    const size_t n = iso->n;
    if (i == 0) return residual(iso->x, iso->uptake, i, 1, 2, 3);
    if (i + 1 == n) return residual(iso->x, iso->uptake, i, n - 4, n - 3, n - 2);
    return residual(iso->x, iso->uptake, i, i - 1, i + 1, i + 2 < n ? i + 2 : i - 2);
}

as_status as_amounts_of(as_ctx *ctx, const as_isotherm *iso, double u_dose, as_amounts *out)
{
    const size_t n = iso->n;
    double *square = AS_NEW_N(as_scratch(ctx), double, 2 * n);
    if (!square) return AS_ERR;
    double *local = square + n;
    *out = (as_amounts){ .draw = u_dose > 0 ? AS_DRAW_DOSES : AS_DRAW_LOCAL, .n = n, .base = iso->uptake,
                         .residual = local, .u_dose = u_dose };
    if (u_dose > 0 && iso->x[1] < iso->x[0])
        return as_fail(ctx, AS_E_USAGE, NULL, "--u-dose is for the adsorption branch");
    for (size_t i = 0; i < n; i++) square[i] = n < 5 ? NAN : pow(miss(iso, i), 2);
    for (size_t i = 0; i < n; i++) {
        const size_t from = i > REACH ? i - REACH : 0, to = i + REACH < n ? i + REACH : n - 1;
        double sum = 0;
        for (size_t k = from; k <= to; k++) sum += square[k];
        local[i] = sqrt(sum / (double)(to - from + 1));
    }
    return AS_OK;
}
