/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with slopes to the results they came from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claim_value.h"

as_status as_source_add(as_sources *s, const as_source *new_one, uint32_t *out)
{
    as_source *wider = as_grow(s->a, s->v, s->n, sizeof *wider);
    if (!wider) return AS_ERR;
    s->v = wider;
    *out = (uint32_t)s->n;
    s->v[s->n++] = *new_one;
    return AS_OK;
}

/* By how much the arm on which the source moves x to this side is longer than u. */
static double stretch(const as_source *a, double slope, int side)
{
    const double arm = side == 0 ? a->u : side * slope > 0 ? a->up : a->down;
    return a->u > 0 ? arm / a->u : 1;
}

double as_value_arm(const as_sources *s, const as_value *x, int side, const char **who)
{
    double variance = 0, scale = 0;
    if (who) *who = NULL;
    for (size_t i = 0; i < x->n; i++) {
        const as_source *a = &s->v[x->slope[i].source];
        if (!(a->u >= 0)) {
            if (who) *who = a->name;
            return NAN;
        }
        const double di = x->slope[i].d * stretch(a, x->slope[i].d, side);
        for (size_t j = 0; j <= i; j++) {
            const as_source *b = &s->v[x->slope[j].source];
            double c;
            (void)as_source_covariance(a, b, &c);
            c *= di * x->slope[j].d * stretch(b, x->slope[j].d, side);
            variance += i == j ? c : 2 * c;
            scale += fabs(c);
        }
    }
    if (variance < 0 && variance > -1e-9 * scale) variance = 0; /* fully correlated: rounding */
    return sqrt(variance);
}

double as_value_u(const as_sources *s, const as_value *x, const char **who)
{
    return as_value_arm(s, x, 0, who);
}

bool as_value_assumes(const as_sources *s, const as_value *x)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t j = 0; j < i; j++) {
            const as_source *a = &s->v[x->slope[i].source], *b = &s->v[x->slope[j].source];
            double c;
            const bool matter = a->u > 0 && b->u > 0 && x->slope[i].d != 0 && x->slope[j].d != 0;
            if (matter && !as_source_covariance(a, b, &c)) return true;
        }
    return false;
}

static as_side flip(as_side s)
{
    return s == AS_B_ABOVE ? AS_B_BELOW : s == AS_B_BELOW ? AS_B_ABOVE : s;
}

/* The side of a sum of two parts, each multiplied by a factor of known sign. */
static as_side joined(as_side a, double da, as_side b, double db)
{
    if (da == 0) a = AS_B_EXACT;
    if (db == 0) b = AS_B_EXACT;
    if (da < 0) a = flip(a);
    if (db < 0) b = flip(b);
    if (a == AS_B_EXACT) return b;
    if (b == AS_B_EXACT || a == b) return a;
    return AS_B_UNKNOWN;
}

as_status as_value_combine(as_sources *s, const as_value *a, double da, const as_value *b,
                           double db, double v, as_value *out)
{
    as_slope *slope = AS_NEW_N(s->a, as_slope, a->n + b->n);
    if (!slope) return AS_ERR;
    size_t i = 0, j = 0, n = 0;
    while (i < a->n || j < b->n) {
        const uint32_t left = i < a->n ? a->slope[i].source : UINT32_MAX;
        const uint32_t right = j < b->n ? b->slope[j].source : UINT32_MAX;
        as_slope *to = &slope[n++];
        to->source = left < right ? left : right;
        if (left <= right) to->d += da * a->slope[i++].d;
        if (right <= left) to->d += db * b->slope[j++].d;
    }
    const char *problem = a->problem ? a->problem : b->problem;
    if (!problem && !isfinite(v)) problem = "the value is not finite";
    *out = (as_value){ .v = v,
                       .n = n,
                       .slope = slope,
                       .problem = problem,
                       .side = joined(a->side, da, b->side, db),
                       .table = a->table,
                       .item = a->item };
    return AS_OK;
}

static int by_source(const void *a, const void *b)
{
    const uint32_t x = ((const as_slope *)a)->source, y = ((const as_slope *)b)->source;
    return (x > y) - (x < y);
}

as_status as_value_sum(as_sources *s, size_t n, const as_value *x, double f, as_value *out)
{
    size_t total = 0, kept = 0;
    for (size_t i = 0; i < n; i++) total += x[i].n;
    as_slope *slope = AS_NEW_N(s->a, as_slope, total);
    if (!slope) return AS_ERR;
    *out = (as_value){ .slope = slope };
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < x[i].n; k++)
            slope[at++] = (as_slope){ x[i].slope[k].source, f * x[i].slope[k].d };
        out->v += f * x[i].v;
        if (!out->problem) out->problem = x[i].problem;
        out->side = joined(out->side, 1, x[i].side, f);
    }
    if (total) qsort(slope, total, sizeof *slope, by_source);
    for (size_t i = 0; i < total; i++) {
        if (kept && slope[kept - 1].source == slope[i].source)
            slope[kept - 1].d += slope[i].d;
        else
            slope[kept++] = slope[i];
    }
    out->n = kept;
    return AS_OK;
}

bool as_value_keeps_sign(const as_value *x)
{
    if (x->side == AS_B_EXACT) return true;
    return (x->side == AS_B_ABOVE && x->v >= 0) || (x->side == AS_B_BELOW && x->v <= 0);
}

/* min of values and bounds: with an upper bound present the minimum lies below the least of all
 * upper bounds and exact values; otherwise a lower bound under the exact ones bounds it from below.
 */
void as_value_least(size_t n, const as_value *x, double sign, as_value *out)
{
    const as_value *top = NULL, *floor = NULL;
    const char *problem = NULL;
    bool unknown = false, below = false;
    for (size_t i = 0; i < n; i++) {
        const as_side side = sign > 0 ? x[i].side : flip(x[i].side);
        if (!problem) problem = x[i].problem;
        unknown |= side == AS_B_UNKNOWN;
        below |= side == AS_B_BELOW;
        const as_value **which = side == AS_B_ABOVE ? &floor : &top;
        if (!*which || sign * x[i].v < sign * (*which)->v) *which = &x[i];
    }
    const as_value *least =
        !top || (floor && !below && sign * floor->v < sign * top->v) ? floor : top;
    *out = *least;
    if (unknown)
        out->side = AS_B_UNKNOWN;
    else if (below)
        out->side = sign > 0 ? AS_B_BELOW : AS_B_ABOVE;
    out->problem = problem;
}

/* Decimals that show u > 0 with two digits. */
static int decimals(double u)
{
    if (!isfinite(u)) return 0;
    const int d = 1 - (int)floor(log10(u));
    return d < 0 ? 0 : d > 12 ? 12 : d;
}

const char *as_quantity_text(as_arena *a, double value, double u, const char *unit, as_bound bound)
{
    static const char *const bounds[] = { "", "< ", "> " };
    const bool bare = strcmp(unit, "1") == 0;
    const char *sign = bounds[bound], *open = bare ? "" : "(", *close = bare ? "" : ") ";
    const double size = fmax(fabs(value), u);
    if (!(u > 0) || !isfinite(u) || !isfinite(value)) {
        return as_format(a, "%s%.7g%s%s%s", sign, value, bare ? "" : " ", bare ? "" : unit,
                         isnan(u) ? " (no uncertainty)" : "");
    }
    if (bare) unit = "";
    if (size >= 1e7 || size < 1e-4) { /* (2.28 ± 0.34)e-05 g/mmol */
        const int power = (int)floor(log10(size));
        const double unit_of = pow(10, power);
        const int d = decimals(u / unit_of);
        return as_format(a, "%s(%.*f ± %.*f)e%+03d%s%s", sign, d, value / unit_of, d, u / unit_of, power,
                         bare ? "" : " ", unit);
    }
    const int d = decimals(u);
    return as_format(a, "%s%s%.*f ± %.*f%s%s", sign, open, d, value, d, u, close, unit);
}

const char *as_value_text(as_arena *a, const as_sources *s, const as_value *x)
{
    const double offset = x->scale == AS_S_POINT ? x->unit.offset : 0;
    const as_bound bound = x->side == AS_B_ABOVE   ? AS_ABOVE
                           : x->side == AS_B_BELOW ? AS_BELOW
                                                   : AS_EQUAL;
    return as_quantity_text(a, (x->v - offset) / x->unit.factor,
                            as_value_u(s, x, NULL) / x->unit.factor, x->unit.symbol, bound);
}
