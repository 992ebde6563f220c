/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a solvation fit: see solvation_report.h. */
#include "normal.h"
#include "solvation_report.h"

#include <math.h>
#include <string.h>

#include "detection.h"
#include "fit_extra.h"
#include "fit_report.h"

/* AICc of the fit in which bands i and i + 1 are one, at a place between them, less that of the fit. */
static as_status gain(as_solvation_job *j, size_t i, double *out)
{
    as_ctx *ctx = j->run->ctx;
    as_solvation_band band[AS_SOLVATION_MOST_BANDS];
    as_solvation_problem p = j->p;
    as_solvation_fit f;
    const as_solvation_band *a = &j->band[i], *b = a + 1;
    size_t n = 0;
    for (size_t k = 0; k < j->p.n_bands; k++)
        if (k != i + 1) band[n++] = j->band[k];
    band[i].position = (a->position + b->position) / 2;
    band[i].u = hypot(fabs(a->position - b->position) / 2, fmax(a->u, b->u));
    band[i].fwhm = (a->fwhm + b->fwhm) / 2;
    band[i].fwhm_u = hypot(fabs(a->fwhm - b->fwhm) / 2, fmax(a->fwhm_u, b->fwhm_u));
    p.band = band;
    p.n_bands = n;
    p.starts = 8;
    *out = INFINITY; /* no fit with one band: two are needed */
    if (as_solvation_solve(ctx, as_scratch(ctx), &p, &f) == AS_OK)
        *out = f.r.aicc - j->fit.r.aicc;
    else if (as_pending(ctx) != AS_E_NUMERIC)
        return AS_ERR;
    else
        as_forget_error(ctx);
    return AS_OK;
}

/* --- a group of states -------------------------------------------------------------------------- */

typedef struct group {
    const char *name;
    size_t first, n;   /* of the bands; states other come nowhere in it */
    double area[AS_SOLVATION_MOST_BANDS], share[AS_SOLVATION_MOST_BANDS], slope[AS_SOLVATION_MOST_BANDS];
    bool bound[AS_SOLVATION_MOST_BANDS], tied[AS_SOLVATION_MOST_BANDS]; /* tied: not separable from another */
    double *area_gradient, *gradient; /* n x columns: of the areas, of the shares */
    /* What the other minima change: of a share and of all bound, times the root of their weights. */
    double spread[AS_SOLVATION_MOST_BANDS][AS_SOLVATION_MOST_STARTS], bound_spread[AS_SOLVATION_MOST_STARTS];
    bool absent;             /* all its bands together are not above the noise */
    double low, high, limit; /* of the share of the free state: its 95 % interval; NaN: not known */
} group;

/* A quantity of the fit on its way into the results; extra: shares of u that are common to many. */
typedef struct entry {
    const double *gradient;
    double cross, curve;
    const double *over; /* AS_SOLVATION_MOST_STARTS; NULL: none */
    double wider;       /* by which the interval is, signed */
} entry;

typedef struct report {
    as_solvation_job *j;
    size_t n, room, *which;
    entry *e;
} report;

static double *new_gradient(as_solvation_job *j, size_t n)
{
    return AS_NEW_N(as_scratch(j->run->ctx), double, n *j->fit.n_columns + 1);
}

/* Areas and shares of the group that starts at band `first`, by one of the two fits. */
static as_status shares(as_solvation_job *j, const as_solvation_fit *f, size_t first, group *g)
{
    const size_t c = f->n_columns;
    double own[AS_SOLVATION_MOST_BANDS * AS_SOLVATION_MOST_BANDS];
    memset(g, 0, sizeof *g);
    g->name = j->band[first].group;
    g->first = first;
    while (first + g->n < j->p.n_bands && strcmp(j->band[first + g->n].group, g->name) == 0 &&
           as_solvation_state_of(&j->band[first + g->n]) != AS_STATE_OTHER)
        g->n++;
    g->area_gradient = AS_NEW_N(as_scratch(j->run->ctx), double, 2 * g->n * c + 1);
    if (!g->area_gradient) return AS_ERR;
    g->gradient = g->area_gradient + g->n * c;
    for (size_t i = 0; i < g->n; i++) {
        g->bound[i] = as_solvation_state_of(&j->band[first + i]) == AS_STATE_BOUND;
        g->area[i] = as_solvation_quantity(f, first + i, AS_OF_AREA, g->area_gradient + i * c);
    }
    as_solvation_shares(g->n, g->area, g->bound, j->ratio, g->share, own, g->slope);
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = 0; k < g->n; k++)
            for (size_t q = 0; q < c; q++)
                g->gradient[i * c + q] += own[i * g->n + k] * g->area_gradient[k * c + q];
    return AS_OK;
}

/* Shares at the other minima: how far they are from those at the lowest. */
static void spread(const as_solvation_job *j, group *g)
{
    for (size_t o = 0; o < j->fit.n_others; o++) {
        const as_solvation_minimum *m = &j->fit.other[o];
        double area[AS_SOLVATION_MOST_BANDS], share[AS_SOLVATION_MOST_BANDS], slope[AS_SOLVATION_MOST_BANDS];
        double unused[AS_SOLVATION_MOST_BANDS * AS_SOLVATION_MOST_BANDS], bound = 0;
        for (size_t i = 0; i < g->n; i++) area[i] = as_solvation_area(&j->fit, g->first + i, m->p);
        as_solvation_shares(g->n, area, g->bound, j->ratio, share, unused, slope);
        for (size_t i = 0; i < g->n; i++) {
            g->spread[i][o] = sqrt(m->weight) * (share[i] - g->share[i]);
            bound += g->bound[i] ? share[i] - g->share[i] : 0;
        }
        g->bound_spread[o] = sqrt(m->weight) * bound;
    }
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; a && b && i < AS_SOLVATION_MOST_STARTS; i++) sum += a[i] * b[i];
    return sum;
}

/* What one degree more of the background changes a share by, beyond what the noise lets it: signed. */
static double beyond_chance(as_solvation_job *j, double share, const double *gradient, double other,
                            const double *other_gradient)
{
    const size_t a = j->fit.n_columns, b = j->curved.n_columns;
    const double change = other - share;
    const double v = as_propagate2(a, j->fit.covariance, gradient, gradient);
    const double w = as_propagate2(b, j->curved.covariance, other_gradient, other_gradient);
    const double excess = change * change - fmax(0, w - v);
    return excess > 0 && isfinite(excess) ? copysign(sqrt(excess), change) : 0;
}

static as_status put(report *p, const char *item, const char *quantity, double value, double u,
                     const char *unit, const char *flag, const char *method, const entry *e)
{
    as_result r = { .item = item, .quantity = quantity, .value = value, .u = u, .flag = flag, .method = method };
    AS_TRY(as_fit_unit(p->j->run->ctx, p->j->t, unit, &r.unit));
    AS_TRY(as_add_result(p->j->run->ctx, p->j->t, &r));
    if (!e || p->n == p->room) return AS_OK;
    p->which[p->n] = p->j->t->n_results - 1;
    p->e[p->n++] = *e;
    return AS_OK;
}

static double sigma_of(const report *p, const double *gradient)
{
    return as_propagate(p->j->fit.n_columns, p->j->fit.covariance, gradient);
}

/* --- bands ------------------------------------------------------------------------------------ */

static as_status band_results(report *p, size_t k)
{
    as_solvation_job *j = p->j;
    const as_solvation_band *b = &j->band[k];
    static const struct {
        as_derived what;
        const char *name, *unit;
    } all[] = { { AS_OF_AREA, "area", "x*y" }, { AS_OF_POSITION, "position", "x" }, { AS_OF_FWHM, "fwhm", "x" } };
    for (size_t i = 0; i < 3; i++) {
        double *g = new_gradient(j, 1);
        if (!g) return AS_ERR;
        const double v = as_solvation_quantity(&j->fit, k, all[i].what, g), u = sigma_of(p, g);
        AS_TRY(put(p, b->label, all[i].name, v, u, all[i].unit, "ok", b->source, &(entry){ g, 0, 0, NULL, 0 }));
        if (all[i].what == AS_OF_POSITION && fabs(v - b->position) > 3 * b->u)
            as_warn(j->run->ctx, j->t, NULL, "'%s' lies at %.5g cm-1, %.1f u from the table's %.5g", b->label, v,
                    fabs(v - b->position) / b->u, b->position);
        if (all[i].what != AS_OF_AREA) continue;
        const as_limits limits = as_detection_limits(v, u, u, 0);
        AS_TRY(put(p, b->label, "upper_limit", limits.upper_limit, NAN, "x*y", "ok", "one-sided 95 %", NULL));
    }
    return AS_OK;
}

/* What the interval of the free share adds to the standard uncertainty u of it: the longer arm counts. */
static double beyond_normal(const group *g, double u)
{
    if (isnan(g->low) || isnan(g->high)) return 0;
    const double most = fmax(g->high - g->share[0], g->share[0] - g->low) / AS_Z975;
    return most > u ? sqrt(most * most - u * u) : 0;
}

/* The interval of the free share, or, `bound`, of what it leaves, with what else is in u. */
static as_status interval_results(report *p, const char *item, const group *g, bool bound, double share, double more,
                                  const char *flag)
{
    static const char how[] = "95 %, likelihood of the share integrated over positions, widths, areas and background";
    const double below = hypot(g->share[0] - g->low, AS_Z975 * more);
    const double above = hypot(g->high - g->share[0], AS_Z975 * more);
    const double low = fmax(0, share - (bound ? above : below)), high = fmin(1, share + (bound ? below : above));
    if (isnan(g->low) || isnan(g->high)) return AS_OK;
    AS_TRY(put(p, item, "fraction_low", low, NAN, "1", low > 0 ? flag : "at_bound", how, NULL));
    return put(p, item, "fraction_high", high, NAN, "1", high < 1 ? flag : "at_bound", how, NULL);
}

/* The share of one state, or of several together, with the parts of its u. sided: the free state, -1 all others
 * of its group together, 0 neither. */
static as_status share_results(report *p, const char *item, double share, double slope, const double *gradient,
                               double curve, const double *other, const group *g, int sided, const char *flag,
                               const char *method)
{
    as_solvation_job *j = p->j;
    as_ctx *ctx = j->run->ctx;
    const double noise = as_solvation_variance(ctx, &j->fit, gradient, AS_FROM_NOISE);
    const double shape = as_solvation_variance(ctx, &j->fit, gradient, AS_FROM_RESTRAINTS);
    const double all = pow(sigma_of(p, gradient), 2), cross = slope * j->ratio_u;
    double *kept = AS_NEW_N(as_scratch(ctx), double, AS_SOLVATION_MOST_STARTS);
    if (!kept) return AS_ERR;
    memcpy(kept, other, AS_SOLVATION_MOST_STARTS * sizeof *kept);
    const double over = dot(other, other), wider = sided ? beyond_normal(g, sqrt(all + over)) : 0;
    const double u = sqrt(all + cross * cross + curve * curve + over + wider * wider);
    const double rest = hypot(cross, curve), k = AS_Z95;
    const double arm = sided > 0   ? g->limit - share
                       : sided < 0 ? (g->share[0] - g->low) * k / AS_Z975
                                      : NAN;
    const double limit = isfinite(arm) ? hypot(arm, k * rest) : k * u;
    AS_TRY(put(p, item, "fraction", share, u, "1", flag, method,
               &(entry){ gradient, cross, curve, kept, sided * wider }));
    if (sided) AS_TRY(interval_results(p, item, g, sided < 0, share, rest, flag));
    AS_TRY(put(p, item, "fraction_limit", fmin(1, fmax(share, 0) + limit), NAN, "1", flag, "one-sided 95 %", NULL));
    AS_TRY(put(p, item, "u_statistical", sqrt(noise), NAN, "1", flag, "noise, all but the areas known", NULL));
    AS_TRY(put(p, item, "u_restraint", sqrt(fmax(0, shape - noise) + over + wider * wider), NAN, "1", flag,
               "positions and widths; other minima", NULL));
    AS_TRY(put(p, item, "u_baseline", sqrt(fmax(0, all - shape) + curve * curve), NAN, "1", flag,
               "background and hosts; one degree more", NULL));
    return put(p, item, "u_cross_section", fabs(cross), NAN, "1", flag, "ratio of cross-sections", NULL);
}

/* --- neighbours ------------------------------------------------------------------------------- */

static as_status neighbours(report *p, group *g, size_t i)
{
    as_solvation_job *j = p->j;
    as_ctx *ctx = j->run->ctx;
    const size_t c = j->fit.n_columns;
    const double *a = g->area_gradient + i * c, *b = a + c, *V = j->fit.covariance;
    const double r = as_propagate2(c, V, a, b) / (as_propagate(c, V, a) * as_propagate(c, V, b));
    const char *item = as_format(j->t->arena, "%s %s/%s", g->name, j->band[g->first + i].state,
                                 j->band[g->first + i + 1].state);
    double better = NAN;
    if (!item) return AS_ERR;
    AS_TRY(put(p, item, "correlation", r, NAN, "1", "ok", "of the areas", NULL));
    if (g->bound[i] && g->bound[i + 1]) {
        AS_TRY(gain(j, g->first + i, &better));
        AS_TRY(put(p, item, "delta_aicc", better, NAN, "1", "ok", "AICc with one band between them less that with two",
                   NULL));
    }
    const bool apart = fabs(r) <= 0.95 && !(better < 2);
    if (!apart) {
        g->tied[i] = g->tied[i + 1] = true;
        as_warn(ctx, j->t, NULL, "%s not separable: correlation %.3f%s; only their sum is valid", item, r,
                better < 2 ? ", no better than one band" : "");
    }
    return put(p, item, "verdict", NAN, NAN, "1", apart ? "separable" : "not_separable",
               "|correlation| at most 0.95; both coordinated: AICc better by 2", NULL);
}

static as_status verdicts(report *p, const group *g)
{
    for (size_t i = 0; p->j->known && i < g->n; i++) {
        const double u = sigma_of(p, g->area_gradient + i * p->j->fit.n_columns);
        const as_detection found = as_detection_limits(g->area[i], u, u, 0).verdict;
        AS_TRY(put(p, p->j->band[g->first + i].label, "verdict", NAN, NAN, "1",
                   g->tied[i]               ? "undecided"
                   : found == AS_PRESENT      ? "present"
                   : found == AS_NOT_DETECTED ? "not_detected"
                                              : "undecided",
                   "Currie: area above 3.09 u, below 1.645 u", NULL));
    }
    return AS_OK;
}

/* --- all coordinated states together ------------------------------------------------------------- */

/* The mean position of the coordinated bands, weighted by area: known where each alone is not. */
static as_status centroid(report *p, const group *g, const char *item)
{
    as_solvation_job *j = p->j;
    const size_t c = j->fit.n_columns;
    double *sum = new_gradient(j, 2), *one = sum ? sum + c : NULL, total = 0, mean = 0;
    if (!sum) return AS_ERR;
    for (size_t i = 0; i < g->n; i++) {
        if (!g->bound[i]) continue;
        total += g->area[i];
        mean += g->area[i] * as_solvation_quantity(&j->fit, g->first + i, AS_OF_POSITION, one);
    }
    mean /= total;
    for (size_t i = 0; i < g->n; i++) {
        if (!g->bound[i]) continue;
        const double at = as_solvation_quantity(&j->fit, g->first + i, AS_OF_POSITION, one);
        for (size_t q = 0; q < c; q++)
            sum[q] += ((at - mean) * g->area_gradient[i * c + q] + g->area[i] * one[q]) / total;
    }
    return put(p, item, "centroid", mean, sigma_of(p, sum), "x", "ok", "of the coordinated bands, by area",
               &(entry){ sum, 0, 0, NULL, 0 });
}

static as_status coordination(report *p, const group *g, double share, double slope, const double *gradient,
                              double curve)
{
    as_solvation_job *j = p->j;
    const double cross = slope * j->ratio_u;
    const double fit = pow(sigma_of(p, gradient), 2) + dot(g->bound_spread, g->bound_spread);
    const double u = sqrt(fit + pow(beyond_normal(g, sqrt(fit)), 2) + cross * cross + curve * curve);
    const char *method = as_format(j->t->arena,
                                   "coordinated fraction times %.4g(%.2g) molecules for each cation; cross-sections "
                                   "%.3g(%.2g), assumed; every cation alike",
                                   j->per_salt, j->per_salt_u, j->ratio, j->ratio_u);
    if (!method) return AS_ERR;
    as_warn(j->run->ctx, j->t, NULL,
            "a coordination number from band areas is contested: \"PC solvation numbers cannot be accurately "
            "determined from a Raman analysis\" (Allen et al., J. Power Sources 267 (2014) 821)");
    return put(p, g->name, "coordination_number", share * j->per_salt,
               hypot(u * j->per_salt, share * j->per_salt_u), "1", "ok", method, NULL);
}

static as_status together(report *p, const group *g, const group *curved, bool solvent, const char *method)
{
    as_solvation_job *j = p->j;
    const size_t c = j->fit.n_columns, d = j->has_curved ? j->curved.n_columns : 0;
    const char *item = as_format(j->t->arena, "%s coordinated", g->name);
    double *sum = new_gradient(j, 1), *other = AS_NEW_N(as_scratch(j->run->ctx), double, d + 1);
    double share = 0, slope = 0, other_share = 0;
    if (!item || !sum || !other) return AS_ERR;
    for (size_t i = 0; i < g->n; i++) {
        if (!g->bound[i]) continue;
        share += g->share[i];
        slope += g->slope[i];
        other_share += j->has_curved ? curved->share[i] : 0;
        for (size_t q = 0; q < c; q++) sum[q] += g->gradient[i * c + q];
        for (size_t q = 0; q < d; q++) other[q] += curved->gradient[i * d + q];
    }
    const double curve = j->has_curved ? beyond_chance(j, share, sum, other_share, other) : 0;
    double *area = new_gradient(j, 1), all = 0;
    if (!area) return AS_ERR;
    for (size_t i = 0; i < g->n; i++)
        for (size_t q = 0; g->bound[i] && q < c; q++) area[q] += g->area_gradient[i * c + q];
    for (size_t i = 0; i < g->n; i++) all += g->bound[i] ? g->area[i] : 0;
    AS_TRY(put(p, item, "area", all, sigma_of(p, area), "x*y", "ok", "sum of the coordinated bands",
               &(entry){ area, 0, 0, NULL, 0 }));
    AS_TRY(share_results(p, item, share, slope, sum, curve, g->bound_spread, g, -1,
                         g->absent ? "not_detected" : "ok", method));
    AS_TRY(centroid(p, g, item));
    return solvent && j->per_salt > 0 ? coordination(p, g, share, slope, sum, curve) : AS_OK;
}

/* Shares of what is not there are shares of noise. */
static as_status is_there(report *p, group *g)
{
    as_solvation_job *j = p->j;
    const size_t c = j->fit.n_columns;
    double *sum = new_gradient(j, 1), total = 0;
    if (!sum) return AS_ERR;
    for (size_t i = 0; i < g->n; i++) {
        total += g->area[i];
        for (size_t q = 0; q < c; q++) sum[q] += g->area_gradient[i * c + q];
    }
    const double u = sigma_of(p, sum);
    g->absent = !(as_detection_limits(total, u, u, 0).verdict == AS_PRESENT);
    if (g->absent)
        as_warn(j->run->ctx, j->t, NULL,
                "%s: its bands together (area %.3g, u %.2g) are not above the noise; the fractions mean nothing",
                g->name, total, u);
    return AS_OK;
}

static as_status group_results(report *p, size_t first, bool solvent)
{
    as_solvation_job *j = p->j;
    group g, curved;
    AS_TRY(shares(j, &j->fit, first, &g));
    spread(j, &g);
    AS_TRY(is_there(p, &g));
    const double u = g.absent ? 0 : sqrt(pow(sigma_of(p, g.gradient), 2) + dot(g.spread[0], g.spread[0]));
    AS_TRY(as_solvation_interval(j->run->ctx, &j->p, &j->fit, first, g.n, j->ratio, u, &g.low, &g.high, &g.limit));
    const double apart = sqrt(dot(g.bound_spread, g.bound_spread));
    if (apart > 0.02)
        as_warn(j->run->ctx, j->t, NULL,
                "%s: other arrangements of the bands fit nearly as well; they add %.2g to the uncertainty of the "
                "coordinated fraction", g.name, apart);
    if (j->has_curved) AS_TRY(shares(j, &j->curved, first, &curved));
    const char *method = as_format(j->t->arena,
                                   "share of the areas of %s; cross-section of coordinated over free %.3g(%.2g), "
                                   "assumed", g.name, j->ratio, j->ratio_u);
    if (!method) return AS_ERR;
    for (size_t i = 0; i + 1 < g.n; i++) AS_TRY(neighbours(p, &g, i));
    AS_TRY(verdicts(p, &g));
    for (size_t i = 0; i < g.n; i++) {
        const double *gradient = g.gradient + i * j->fit.n_columns;
        const double curve = j->has_curved ? beyond_chance(j, g.share[i], gradient, curved.share[i],
                                                           curved.gradient + i * j->curved.n_columns)
                                           : 0;
        AS_TRY(share_results(p, j->band[first + i].label, g.share[i], g.slope[i], gradient, curve, g.spread[i], &g,
                             i == 0, g.absent    ? "not_detected"
                                     : g.tied[i] ? "not_separable"
                                                 : "ok",
                             method));
    }
    return together(p, &g, &curved, solvent, method);
}

/* --- the whole -------------------------------------------------------------------------------- */

static as_status statistics(report *p)
{
    const as_solvation_job *j = p->j;
    const as_ls_result *r = &j->fit.r;
    for (size_t h = 0; h < j->p.n_hosts; h++) {
        const size_t column = j->fit.m.n_columns + h;
        double *g = new_gradient(p->j, 1);
        const char *name = j->hosts->t[h]->name;
        const char *item = name && *name ? as_format(j->t->arena, "host %s", name)
                                         : as_format(j->t->arena, "host %zu", h + 1);
        if (!g || !item) return AS_ERR;
        g[column] = 1;
        AS_TRY(put(p, item, "factor", r->p[column], sigma_of(p, g), "1", "ok", j->how, &(entry){ g, 0, 0, NULL, 0 }));
    }
    const struct {
        const char *name;
        double value;
    } all[] = { { "chi2", r->cost }, { "reduced_chi2", r->reduced }, { "aicc", r->aicc },
                { "degrees_of_freedom", (double)r->dof } };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        AS_TRY(put(p, "fit", all[k].name, all[k].value, NAN, "1", "ok", j->how, NULL));
    return AS_OK;
}

static as_status covariance(report *p)
{
    const size_t c = p->j->fit.n_columns;
    double *v = AS_NEW_N(as_scratch(p->j->run->ctx), double, p->n * p->n + 1);
    if (!v) return AS_ERR;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k <= i; k++)
            v[i * p->n + k] = v[k * p->n + i] =
                as_propagate2(c, p->j->fit.covariance, p->e[i].gradient, p->e[k].gradient) +
                p->e[i].cross * p->e[k].cross + p->e[i].curve * p->e[k].curve +
                p->e[i].wider * p->e[k].wider +
                dot(p->e[i].over, p->e[k].over);
    return p->n ? as_set_covariance(p->j->run->ctx, p->j->t, p->n, p->which, v) : AS_OK;
}

/* The chord of the hosts' part over the region, from its ends: their background rather than their bands. */
static void chord(const as_solvation_job *j, double *level, double *slope)
{
    const size_t n = j->p.n, k = n / 20 + 1;
    double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
    for (size_t i = 0; i < k; i++) {
        x0 += j->p.x[i] / (double)k;
        y0 += j->fit.host_f[i] / (double)k;
        x1 += j->p.x[n - 1 - i] / (double)k;
        y1 += j->fit.host_f[n - 1 - i] / (double)k;
    }
    *slope = x1 != x0 ? (y1 - y0) / (x1 - x0) : 0;
    *level = y0 - *slope * x0;
}

/* model, residual, components, baseline; the hosts as one component above the baseline. */
static as_status columns(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    const as_curve *c = &j->points.c;
    AS_TRY(as_fit_columns(ctx, j->t, c, j->points.p.in, &j->fit.m, NULL,
                          AS_FIT_COLUMNS_ALL, true));
    if (!j->p.n_hosts) return AS_OK;
    as_column *host = as_curve_column(ctx, j->t, "component_host", AS_ROLE_COMPONENT, c->y_column->unit);
    as_column *model = as_find_name(j->t, "model"), *residual = as_find_name(j->t, "residual");
    as_column *base = as_find_role(j->t, AS_ROLE_BASELINE);
    if (!host || !model || !residual || !base || !(host->label = as_strdup(j->t->arena, "host"))) return AS_ERR;
    double level, slope;
    chord(j, &level, &slope);
    for (size_t i = 0; i < j->t->rows; i++) host->v.f[i] = NAN;
    for (size_t i = 0; i < j->p.n; i++) {
        const size_t row = j->points.p.row[i];
        const double line = level + slope * j->p.x[i];
        host->v.f[row] = j->fit.host_f[i] - line;
        base->v.f[row] += line;
        model->v.f[row] += j->fit.host_f[i];
        residual->v.f[row] -= j->fit.host_f[i];
    }
    return AS_OK;
}

as_status as_solvation_report(as_solvation_job *j)
{
    as_ctx *ctx = j->run->ctx;
    report p = { .j = j, .room = 8 * j->p.n_bands + AS_SOLVATION_MOST_HOSTS };
    p.which = AS_NEW_N(as_scratch(ctx), size_t, p.room);
    p.e = AS_NEW_N(as_scratch(ctx), entry, p.room);
    if (!p.which || !p.e) return AS_ERR;
    for (size_t k = 0; k < j->p.n_bands; k++) AS_TRY(band_results(&p, k));
    bool solvent = true;
    for (size_t k = 0; k < j->p.n_bands; k++) {
        if (as_solvation_state_of(&j->band[k]) != AS_STATE_FREE) continue;
        AS_TRY(group_results(&p, k, solvent));
        solvent = false;
    }
    AS_TRY(statistics(&p));
    AS_TRY(covariance(&p));
    if (as_is_processed(j->t, "smoothed"))
        as_warn(ctx, j->t, NULL, "y was smoothed: neighbouring errors are not independent and the uncertainties "
                                 "too small");
    return columns(j);
}
