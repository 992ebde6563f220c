/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asymmetric reweighting (reweight.h): the rules of AsLS, airPLS, arPLS and their kin. */
#include <math.h>

#include "curve.h"
#include "reweight.h"
#include "whittaker.h"

/* What a pass needs to know of the residuals; one lane per series. */
typedef struct { as_v8 count, sum, square; } below; /* of the residuals below 0 */
typedef struct { as_v8 change, norm; } moved;       /* sums of (w_new - w)^2 and w^2 */

enum { STRIPES = 8 };

/* One series: stripes are the lanes of one vector; eight: one vector for each stripe. */
AS_INLINE as_v8 gathered(const as_v8 *stripe, size_t stripes)
{
    if (stripes == 1) return as_v8_of(as_v8_sum(stripe[0]));
    return ((stripe[0] + stripe[1]) + (stripe[2] + stripe[3])) +
           ((stripe[4] + stripe[5]) + (stripe[6] + stripe[7]));
}

AS_WIDEST static void sum_below(size_t vectors, size_t stripes, const as_v8 *y, const as_v8 *use,
                                const as_v8 *z, below *out)
{
    as_v8 count[STRIPES] = { { 0 } }, sum[STRIPES] = { { 0 } }, square[STRIPES] = { { 0 } };
    const as_v8 zero = { 0 }, one = zero + 1.0;
    for (size_t i = 0; i < vectors; i++) {
        const size_t j = i & (stripes - 1);
        const as_v8 r = (y[i] - z[i]) * use[i];
        const as_v8 low = as_v8_min(r, zero);
        count[j] += as_v8_select(r < zero, one, zero);
        sum[j] += low;
        square[j] += low * low;
    }
    out->count = gathered(count, stripes);
    out->sum = gathered(sum, stripes);
    out->square = gathered(square, stripes);
}

/* u = (r - from) * by has been formed; `p` is the asymmetry. */
AS_INLINE as_v8 weight(as_rule rule, as_v8 u, as_v8 p)
{
    const as_v8 zero = { 0 }, one = zero + 1.0, half = zero + 0.5;
    switch (rule) {
    case AS_RULE_ASLS: return as_v8_select(u > zero, p, one - p);
    case AS_RULE_AIRPLS: return as_v8_select(u > zero, as_v8_exp(u), zero); /* by < 0 */
    case AS_RULE_ARPLS:
    case AS_RULE_ASPLS: return one / (one + as_v8_exp(u));
    case AS_RULE_DRPLS:
    case AS_RULE_LSRPLS: return half * (one - u / (one + as_v8_abs(u)));
    case AS_RULE_IARPLS: {
        const as_v8 a = as_v8_max(as_v8_abs(u), one); /* u^2 must not overflow */
        const as_v8 v = u / a, s = one / (a * a) + v * v;
        as_v8 root = s;
        for (int k = 0; k < 8; k++) root[k] = sqrt(s[k]);
        return half * (one - v / root);
    }
    case AS_RULE_PSALSA: return as_v8_select(u > zero, p * as_v8_exp(-u), one - p);
    case AS_RULE_DERPSALSA:
        return as_v8_select(u > zero, p * as_v8_exp(-half * u * u), one - p);
    case AS_RULE_BRPLS: break;
    }
    return one;
}

AS_INLINE void weigh_all(as_rule rule, size_t vectors, size_t stripes, const as_v8 *y,
                         const as_v8 *use, const as_v8 *z, as_v8 from, as_v8 by, as_v8 p,
                         as_v8 *w, moved *out)
{
    as_v8 change[STRIPES] = { { 0 } }, norm[STRIPES] = { { 0 } };
    for (size_t i = 0; i < vectors; i++) {
        const size_t j = i & (stripes - 1);
        const as_v8 now = weight(rule, ((y[i] - z[i]) - from) * by, p) * use[i];
        const as_v8 d = now - w[i];
        change[j] += d * d;
        norm[j] += w[i] * w[i];
        w[i] = now;
    }
    out->change = gathered(change, stripes);
    out->norm = gathered(norm, stripes);
}

#define WEIGH(name, rule)                                                                        \
    AS_WIDEST static void name(size_t vectors, size_t stripes, const as_v8 *y, const as_v8 *use, \
                               const as_v8 *z, const as_v8 *from_by_p, as_v8 *w, moved *out)     \
    {                                                                                            \
        weigh_all(rule, vectors, stripes, y, use, z, from_by_p[0], from_by_p[1], from_by_p[2],   \
                  w, out);                                                                       \
    }
WEIGH(weigh_side, AS_RULE_ASLS)
WEIGH(weigh_exponential, AS_RULE_AIRPLS)
WEIGH(weigh_logistic, AS_RULE_ARPLS)
WEIGH(weigh_softsign, AS_RULE_DRPLS)
WEIGH(weigh_root, AS_RULE_IARPLS)
WEIGH(weigh_psalsa, AS_RULE_PSALSA)
WEIGH(weigh_derpsalsa, AS_RULE_DERPSALSA)

typedef void weigher(size_t, size_t, const as_v8 *, const as_v8 *, const as_v8 *, const as_v8 *,
                     as_v8 *, moved *);
static weigher *const weighers[] = {
    [AS_RULE_ASLS] = weigh_side,        [AS_RULE_AIRPLS] = weigh_exponential,
    [AS_RULE_ARPLS] = weigh_logistic,   [AS_RULE_DRPLS] = weigh_softsign,
    [AS_RULE_IARPLS] = weigh_root,      [AS_RULE_LSRPLS] = weigh_softsign,
    [AS_RULE_ASPLS] = weigh_logistic,   [AS_RULE_PSALSA] = weigh_psalsa,
    [AS_RULE_DERPSALSA] = weigh_derpsalsa,
};

/* Where the rule bends and how steeply, from the residuals below: m their mean, s their
 * standard deviation. False: nothing lies below, or only rounding. */
static bool bend(const as_reweighting *how, double scale, int t, double count, double sum,
                 double square, double *from, double *by)
{
    *from = 0;
    *by = 1;
    if (how->rule == AS_RULE_ASLS) return true;
    if (how->rule == AS_RULE_PSALSA || how->rule == AS_RULE_DERPSALSA) {
        *by = 1 / scale;
        return true;
    }
    if (count < 2 || !(square > 0)) return false;
    if (how->rule == AS_RULE_AIRPLS) {
        *by = t / sum; /* sum < 0: u is positive below */
        return true;
    }
    const double m = sum / count, s = sqrt((square - count * m * m) / (count - 1));
    if (!(s > 0)) return false;
    const double grow = how->rule == AS_RULE_LSRPLS ? pow(10, fmin(t, 100)) : exp(fmin(t, 100));
    switch (how->rule) {
    case AS_RULE_ARPLS: *from = 2 * s - m; *by = 2 / s; break;
    case AS_RULE_ASPLS: *from = s - m; *by = how->asymmetry / s; break;
    case AS_RULE_IARPLS: *from = 2 * s; *by = grow / s; break;
    default: *from = 2 * s - m; *by = grow / s; break;
    }
    return true;
}

/* exp(x^2) erfc(x) for x >= 0, to 1e-9 or so: enough for a weight. */
static double erfc_scaled(double x)
{
    if (x < 5) return exp(x * x) * erfc(x);
    const double q = 1 / (2 * x * x);
    return (1 - q * (1 - 3 * q * (1 - 5 * q * (1 - 7 * q)))) / (x * sqrt(acos(-1.0)));
}

/* Wang et al. 2022: w = P(no peak | r) where noise is normal(s) and a peak, present with
 * probability beta, adds an exponential of mean m. */
static double weigh_bayes(size_t n, const double *y, const double *use, const double *z, double beta,
                          double *w)
{
    double up = 0, n_up = 0, down = 0, n_down = 0, change = 0, norm = 0;
    for (size_t i = 0; i < n; i++) {
        const double r = (y[i] - z[i]) * use[i];
        if (r > 0) { up += r; n_up++; }
        if (r < 0) { down += r * r; n_down++; }
    }
    if (n_down < 2 || n_up < 2) return NAN;
    const double m = up / n_up, s = sqrt(down / n_down);
    const double odds = beta / (1 - beta) * sqrt(acos(-1.0) / 2) * s / m;
    for (size_t i = 0; i < n; i++) {
        const double v = ((y[i] - z[i]) / s - s / m) / sqrt(2);
        const double tail = v < 0 ? erfc_scaled(-v) : exp(fmin(v * v, 700)) * (1 + erf(v));
        const double now = use[i] / (1 + odds * tail);
        change += (now - w[i]) * (now - w[i]);
        norm += w[i] * w[i];
        w[i] = now;
    }
    return sqrt(change / norm);
}

static double one_pass(const as_reweighting *how, int t, size_t n, const double *y,
                       const double *use, const double *z, double *w, double *sum)
{
    if (how->rule == AS_RULE_BRPLS) return weigh_bayes(n, y, use, z, how->asymmetry, w);
    const size_t vectors = as_padded(n) / 8;
    below b = { 0 };
    as_v8 set[3];
    double from, by;
    if (how->rule != AS_RULE_ASLS && how->rule != AS_RULE_PSALSA && how->rule != AS_RULE_DERPSALSA)
        sum_below(vectors, 1, (const as_v8 *)y, (const as_v8 *)use, (const as_v8 *)z, &b);
    if (!bend(how, how->scale, t, b.count[0], b.sum[0], b.square[0], &from, &by)) return NAN;
    set[0] = as_v8_of(from);
    set[1] = as_v8_of(by);
    set[2] = as_v8_of(how->asymmetry);
    moved m;
    weighers[how->rule](vectors, 1, (const as_v8 *)y, (const as_v8 *)use, (const as_v8 *)z, set,
                        (as_v8 *)w, &m);
    *sum = -b.sum[0];
    return sqrt(m.change[0] / m.norm[0]);
}

double as_reweight_once(const as_reweighting *how, int t, size_t n, const double *y,
                        const double *use, const double *z, double *w)
{
    double sum = 0;
    return one_pass(how, t, n, y, use, z, w, &sum);
}

/* airPLS stops on what is left below, the others on how far the weights moved. */
static bool still(const as_reweighting *how, double change, double sum, double total)
{
    if (isnan(change)) return true;
    return how->rule == AS_RULE_AIRPLS ? sum < how->tolerance * total : change <= how->tolerance;
}

as_status as_reweight(as_ctx *ctx, const as_reweighting *how, size_t n, const double *y,
                      const double *use, as_smoother smooth, double *w, double *z)
{
    double change = NAN, sum = 0, stripe[STRIPES] = { 0 };
    for (size_t i = 0; i < n; i++) stripe[i % STRIPES] += fabs(y[i]) * use[i];
    const double total = ((stripe[0] + stripe[1]) + (stripe[2] + stripe[3])) +
                         ((stripe[4] + stripe[5]) + (stripe[6] + stripe[7]));
    for (int t = 1; t <= how->iterations; t++) {
        smooth.draw(smooth.self, w, z);
        change = one_pass(how, t, n, y, use, z, w, &sum);
        if (still(how, change, sum, total)) return AS_OK;
    }
    return as_not_settled(ctx, "the weights still change", change, how->iterations, "iterations");
}

void as_reweight8(const as_reweighting *how, const double scale[8], const double lambda[8], size_t n,
                  const as_v8 *y, const as_v8 *use, as_v8 *w, as_v8 *z, as_v8 *work,
                  double *const out[8], bool done[8])
{
    as_v8 total[STRIPES] = { { 0 } }, set[3], lambdas;
    memcpy(&lambdas, lambda, sizeof lambdas);
    for (size_t i = 0; i < n; i++) total[i % STRIPES] += as_v8_abs(y[i]) * use[i];
    const as_v8 all = gathered(total, STRIPES);
    for (int k = 0; k < 8; k++) done[k] = !out[k];
    set[2] = as_v8_of(how->asymmetry);
    for (int t = 1; t <= how->iterations; t++) {
        bool quiet[8], any = false;
        as_whittaker8(n, y, w, &lambdas, work, z);
        below b = { 0 };
        if (how->rule != AS_RULE_ASLS && how->rule != AS_RULE_PSALSA)
            sum_below(n, STRIPES, y, use, z, &b);
        for (int k = 0; k < 8; k++) {
            double from, by;
            quiet[k] = !bend(how, scale[k], t, b.count[k], b.sum[k], b.square[k], &from, &by);
            set[0][k] = from;
            set[1][k] = quiet[k] ? 0 : by;
        }
        moved m;
        weighers[how->rule](n, STRIPES, y, use, z, set, w, &m);
        for (int k = 0; k < 8; k++) {
            const double change = quiet[k] ? NAN : sqrt(m.change[k] / m.norm[k]);
            if (!done[k] && still(how, change, -b.sum[k], all[k])) {
                for (size_t i = 0; i < n; i++) out[k][i] = z[i][k];
                done[k] = true;
            }
            any |= !done[k];
        }
        if (!any) return;
    }
}

/* Korepanov 2020: rows of slope or curvature beyond their root mean square fade, of the curve
 * smoothed by 16 moving means over n/200 rows to each side. */
as_status as_fade_slopes(as_ctx *ctx, const as_curve *c, double *use)
{
    const size_t n = c->n, half = n / 200 > 0 ? n / 200 : 1;
    double *s = as_curve_bridged(ctx, c), *m = AS_NEW_N(as_scratch(ctx), double, n);
    double *sum = AS_NEW_N(as_scratch(ctx), double, n + 1); /* of all rows before */
    if (!s || !m || !sum) return AS_ERR;
    for (int pass = 0; pass < 16; pass++) {
        for (size_t i = 0; i < n; i++) sum[i + 1] = sum[i] + s[i];
        for (size_t i = 0; i < n; i++) {
            const size_t lo = i > half ? i - half : 0, hi = i + half < n ? i + half : n - 1;
            s[i] = (sum[hi + 1] - sum[lo]) / (double)(hi - lo + 1);
        }
    }
    for (int order = 0; order < 2; order++) {
        double square = 0;
        for (size_t i = 0; i < n; i++)
            m[i] = i == 0 ? s[1] - s[0] : i + 1 == n ? s[i] - s[i - 1] : (s[i + 1] - s[i - 1]) / 2;
        for (size_t i = 0; i < n; i++) square += m[i] * m[i] / (double)n;
        for (size_t i = 0; i < n && square > 0; i++) use[i] *= exp(-m[i] * m[i] / square / 2);
        double *swap = s;
        s = m;
        m = swap;
    }
    return AS_OK;
}

double as_tenth_of_spread(const as_curve *c)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->use[i] > 0) mean += c->y[i] / (double)c->used;
    for (size_t i = 0; i < c->n; i++)
        if (c->use[i] > 0) square += (c->y[i] - mean) * (c->y[i] - mean) / (double)c->used;
    return square > 0 ? sqrt(square) / 10 : 1;
}
