/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the noise of the end levels of a background drawn before adds to the uncertainties of a fit.
 *
 * A level that is off by u moves every row of the background by u db/dl or u db/dr, and the
 * parameters follow by C J' W: one row of the covariance for each level.
 */
#include <math.h>
#include <string.h>

#include "fit_job.h"
#include "lanes.h"

/* Whether the column taken off still is the background of these levels: another may have replaced
 * it. */
static bool ends_there(const as_fit_job *job)
{
    const double *b = job->p.offset, size = fabs(job->level[0]) + fabs(job->level[1]);
    size_t a = 0, z = job->c.n;
    while (a < z && !isfinite(b[a])) a++;
    while (z > a && !isfinite(b[z - 1])) z--;
    if (a == z) return false;
    const double off[] = { fabs(b[a] - job->level[0]), fabs(b[z - 1] - job->level[1]) };
    return fmin(off[0], off[1]) <= 1e-6 * size && off[0] <= 5 * job->level_u[0] &&
           off[1] <= 5 * job->level_u[1];
}

void as_fit_take_levels(const as_table *t, as_fit_job *job)
{
    static const char *const names[] = { "first_level", "last_level" };
    job->has_levels = job->p.offset != NULL;
    for (size_t k = 0; k < 2; k++) {
        const as_result *r = as_get_result(t, "region", names[k]);
        job->has_levels &= r && isfinite(r->value) && r->u > 0;
        if (r) job->level[k] = r->value, job->level_u[k] = r->u;
    }
    job->has_levels = job->has_levels && ends_there(job);
    const as_result *area = as_get_result(t, "region", "area");
    const bool shirley = area && area->method && strcmp(area->method, "baseline-linear") != 0 &&
                         !strstr(area->method, "tougaard");
    job->level_area = shirley && job->has_levels ? area->value : NAN;
}

/* b = l + (r - l) f with f as it stands. */
static void straight(const as_fit_job *job, double *by)
{
    const double step = job->level[1] - job->level[0];
    for (size_t i = 0; i < job->c.n; i++) {
        const double f = step != 0 ? (job->p.offset[i] - job->level[0]) / step : 0.5;
        by[i] = 1 - f;
        by[job->c.n + i] = f;
    }
}

/* Shirley's b' = k (y - b) from l to r: db/dr = M(x)/M(X), db/dl = e^(-k x) - e^(-k X) M(x)/M(X)
 * with M the integral of e^(-k (x - x')) (y - b), and k (y - b) = b'. */
static void through_shirley(const as_fit_job *job, double *by)
{
    const size_t n = job->c.n;
    const double *b = job->p.offset, *x = job->c.x,
                 k = (job->level[1] - job->level[0]) / job->level_area;
    double *left = by, *m = by + n, last = 0;
    size_t a = 0, z = n - 1;
    while (a < z && !isfinite(b[a])) a++;
    while (z > a && !isfinite(b[z])) z--;
    for (size_t i = a; i <= z; i++) {
        const double step = i > a ? fabs(x[i] - x[i - 1]) : 0;
        m[i] = i > a ? m[i - 1] * exp(-k * step) + (b[i] - b[i - 1]) * exp(-k * step / 2) : 0;
        last = m[i];
    }
    for (size_t i = a; i <= z; i++) {
        const double at = fabs(x[i] - x[a]), length = fabs(x[z] - x[a]);
        m[i] /= last;
        left[i] = exp(-k * at) - exp(-k * length) * m[i];
    }
}

/* How the parameters shift when row i is lower by d[i]. J: columns of `stride`. */
static void shift(const as_fit_job *job, const double *J, size_t stride, const double *d,
                  double *dp, double *work)
{
    const size_t m = job->q.m;
    const double *c = job->r.covariance,
                 scale = job->r.scaled && job->r.reduced > 0 ? job->r.reduced : 1;
    for (size_t k = 0; k < m; k++) {
        work[k] = 0;
        for (size_t i = 0; i < job->q.n; i++) {
            const double s = job->q.sigma ? job->q.sigma[i] : 1;
            work[k] -= J[k * stride + i] * d[i] / (s * s);
        }
    }
    for (size_t j = 0; j < m; j++) {
        dp[j] = 0;
        for (size_t k = 0; k < m; k++) dp[j] += c[j * m + k] / scale * work[k];
    }
}

as_status as_fit_add_levels(as_run *run, as_fit_job *job)
{
    const size_t m = job->q.m, n = job->q.n, stride = as_lanes(n);
    if (!job->has_levels || m == 0) return AS_OK;
    double *f = AS_NEW_N(as_scratch(run->ctx), double, (m + 2) * stride + 3 * m + 2 * job->c.n + 1);
    if (!f) return AS_ERR;
    double *J = f + stride, *d = J + m * stride, *dp = d + stride, *work = dp + 2 * m,
           *by = work + m;
    job->q.model(job->q.user, job->r.p, f, J, stride);
    if (fabs(job->level[1] - job->level[0]) > 1e-9 * fabs(job->level[0]) &&
        isfinite(job->level_area))
        through_shirley(job, by);
    else
        straight(job, by);
    for (size_t e = 0; e < 2; e++) {
        for (size_t i = 0; i < n; i++) d[i] = job->level_u[e] * by[e * job->c.n + job->p.row[i]];
        shift(job, J, stride, d, dp + e * m, work);
    }
    for (size_t j = 0; j < m; j++) {
        for (size_t k = 0; k < m; k++)
            job->r.covariance[j * m + k] += dp[j] * dp[k] + dp[m + j] * dp[m + k];
        if (isfinite(job->r.u[j])) job->r.u[j] = sqrt(job->r.covariance[j * m + j]);
    }
    job->how = as_format(as_scratch(run->ctx), "%s, with the end levels of the baseline", job->how);
    return job->how ? AS_OK : AS_ERR;
}
