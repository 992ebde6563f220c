/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BET fits over windows: see bet_window.h for the equation and the criteria. */
#include <math.h>

#include "bet_window.h"
#include "interpolate.h"

static double ordinate(double x, double n)
{
    return x / (n * (1 - x));
}

static double rouquerol(double x, double n)
{
    return n * (1 - x);
}

/* The straight line through the window and its covariance from the scatter. */
static void fit_line(const double *x, const double *n, as_bet_weights weights, as_bet_fit *f)
{
    double sw = 0, sx = 0, sy = 0;
    for (size_t i = f->first; i <= f->last; i++) {
        const double y = ordinate(x[i], n[i]), w = weights == AS_BET_RELATIVE ? 1 / (y * y) : 1;
        sw += w;
        sx += w * x[i];
        sy += w * y;
    }
    const double mx = sx / sw, my = sy / sw;
    double sxx = 0, sxy = 0, syy = 0;
    for (size_t i = f->first; i <= f->last; i++) {
        const double y = ordinate(x[i], n[i]), w = weights == AS_BET_RELATIVE ? 1 / (y * y) : 1;
        sxx += w * (x[i] - mx) * (x[i] - mx);
        sxy += w * (x[i] - mx) * (y - my);
        syy += w * (y - my) * (y - my);
    }
    const double dof = (double)(f->last - f->first + 1) - 2;
    f->slope = sxy / sxx;
    f->intercept = my - f->slope * mx;
    f->r2 = sxy * sxy / (sxx * syy);
    double rss = 0; /* summed as it stands: syy - slope sxy would cancel */
    for (size_t i = f->first; i <= f->last; i++) {
        const double y = ordinate(x[i], n[i]), w = weights == AS_BET_RELATIVE ? 1 / (y * y) : 1;
        const double r = y - f->intercept - f->slope * x[i];
        rss += w * r * r;
    }
    const double scatter = dof > 0 ? rss / dof : NAN;
    f->u_slope = sqrt(scatter / sxx);
    f->u_intercept = sqrt(scatter * (1 / sw + mx * mx / sxx));
    f->cov = -scatter * mx / sxx;
}

/* C = s/i + 1, n_m = 1/(s + i), and first-order uncertainties. */
static void constants(as_bet_fit *f)
{
    const double s = f->slope, i = f->intercept;
    f->c = s / i + 1;
    f->monolayer = 1 / (s + i);
    const double vs = f->u_slope * f->u_slope, vi = f->u_intercept * f->u_intercept;
    f->u_monolayer = f->monolayer * f->monolayer * sqrt(fmax(vs + vi + 2 * f->cov, 0));
    const double dc_ds = 1 / i, dc_di = -s / (i * i);
    f->u_c = sqrt(fmax(dc_ds * dc_ds * vs + dc_di * dc_di * vi + 2 * dc_ds * dc_di * f->cov, 0));
    f->x_bet = f->c > 0 ? 1 / (sqrt(f->c) + 1) : NAN;
}

/* Slope of x(n) at point k of PCHIP: that of the three points about it. */
static double slope_at(const double *n, const double *x, size_t count, size_t k)
{
    const size_t first = k == 0 ? 0 : k + 1 == count ? count - 3 : k - 1;
    double slope[3];
    as_pchip_slopes(3, n + first, x + first, slope);
    return slope[k - first];
}

/* p/p0 at which the measured isotherm reaches `level`: PCHIP of x against n where the amounts rise;
 * nan outside the data. */
static double pressure_at(size_t count, const double *x, const double *n, double level)
{
    for (size_t k = 0; k + 1 < count; k++) {
        const double h = n[k + 1] - n[k];
        if (!(level >= n[k] && level <= n[k + 1]) || !(h > 0)) continue;
        const double t = (level - n[k]) / h, u = 1 - t;
        const bool smooth =
            count > 2 && (k == 0 || n[k] > n[k - 1]) && (k + 2 == count || n[k + 2] > n[k + 1]);
        if (!smooth) return x[k] + t * (x[k + 1] - x[k]);
        const double d0 = slope_at(n, x, count, k), d1 = slope_at(n, x, count, k + 1);
        return x[k] * (1 + 2 * t) * u * u + x[k + 1] * t * t * (3 - 2 * t) +
               h * t * u * (u * d0 - t * d1);
    }
    return NAN;
}

size_t as_bet_knee(size_t n, const double *x, const double *uptake)
{
    size_t knee = 0;
    for (size_t i = 1; i < n && x[i] <= 0.5; i++)
        if (rouquerol(x[i], uptake[i]) > rouquerol(x[knee], uptake[knee])) knee = i;
    return knee;
}

static bool rises(const double *x, const double *n, size_t first, size_t last)
{
    for (size_t i = first + 1; i <= last; i++)
        if (rouquerol(x[i], n[i]) < rouquerol(x[i - 1], n[i - 1]) ||
            ordinate(x[i], n[i]) < ordinate(x[i - 1], n[i - 1]))
            return false;
    return true;
}

void as_bet_fit_window(size_t n, const double *x, const double *uptake, size_t first, size_t last,
                       const as_bet_rules *rules, as_bet_fit *out)
{
    *out = (as_bet_fit){ .first = first, .last = last };
    fit_line(x, uptake, rules->weights, out);
    constants(out);
    out->x_monolayer = pressure_at(n, x, uptake, out->monolayer);
    out->mismatch = fabs(out->x_monolayer - out->x_bet) / out->x_monolayer;
    out->holds[0] = rises(x, uptake, first, last);
    out->holds[1] = out->c > 0;
    out->holds[2] = out->x_monolayer > x[first] && out->x_monolayer < x[last];
    out->holds[3] = out->mismatch < rules->mismatch;
    out->holds[4] = last == as_bet_knee(n, x, uptake);
}

static void count(as_bet_search *found, const as_bet_fit *f)
{
    found->enough++;
    for (int c = 0; c < AS_BET_CRITERIA; c++) found->passed[c] += f->holds[c];
}

bool as_bet_search_windows(size_t n, const double *x, const double *uptake,
                           const as_bet_rules *rules, as_bet_fit *best, as_bet_search *found)
{
    *found = (as_bet_search){ .lowest = NAN, .highest = NAN };
    for (size_t first = 0; first < n; first++)
        for (size_t last = first + 2; last < n && x[last] < 1; last++) {
            as_bet_fit f;
            found->tried++;
            if (last - first + 1 < rules->min_points) continue;
            as_bet_fit_window(n, x, uptake, first, last, rules, &f);
            if (!(f.r2 > rules->min_r2)) continue;
            count(found, &f);
            if (!(f.holds[0] && f.holds[1] && f.holds[2] && f.holds[3])) continue;
            found->lowest = fmin(found->lowest, f.monolayer);
            found->highest = fmax(found->highest, f.monolayer);
            const bool better = found->valid == 0 || last > best->last ||
                                (last == best->last && f.mismatch < best->mismatch);
            found->valid++;
            if (better) *best = f;
        }
    return found->valid > 0;
}
