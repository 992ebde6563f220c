/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Film thickness: see film.h for the equations. */
#include <math.h>

#include "film.h"
#include "interpolate.h"

const as_choice as_films[] = {
    { "harkins-jura", AS_FILM_HARKINS_JURA, "sqrt(0.1399/(0.034 - lg x)) nm, nitrogen at 77 K" },
    { "halsey", AS_FILM_HALSEY, "0.354 (-5/ln x)^(1/3) nm, nitrogen at 77 K" },
    { "broekhoff-de-boer", AS_FILM_BROEKHOFF,
      "lg x = -16.11/t2 + 0.1682 exp(-0.1137 t), t in Angstrom, nitrogen at 77 K" },
    { "carbon-black", AS_FILM_CARBON_BLACK, "0.298 + 0.645 x + 0.088 x2 nm, ASTM D6556" },
    { "curve", AS_FILM_CURVE, "the points of --thickness-curve" },
    { 0 }
};

/* t in Angstrom by bisection: lg x rises with t up to t = 40, where x is above 0.98. */
static double broekhoff(double x)
{
    double lo = 0.1, hi = 100;
    const double wanted = log10(x);
    for (int i = 0; i < 100; i++) {
        const double t = (lo + hi) / 2;
        if (-16.11 / (t * t) + 0.1682 * exp(-0.1137 * t) < wanted) lo = t;
        else hi = t;
    }
    return (lo + hi) / 2;
}

double as_film_equation(as_film kind, double x)
{
    if (!(x > 0 && x < 1)) return NAN;
    switch (kind) {
    case AS_FILM_HARKINS_JURA: return sqrt(0.1399 / (0.034 - log10(x)));
    case AS_FILM_HALSEY: return 0.354 * cbrt(-5 / log(x));
    case AS_FILM_BROEKHOFF: return broekhoff(x) / 10;
    case AS_FILM_CARBON_BLACK: return 0.298 + 0.645 * x + 0.088 * x * x;
    default: return NAN;
    }
}

static as_status on_curve(as_ctx *ctx, const as_tables *curve, size_t n, const double *x,
                          double *out)
{
    const as_table *t = curve->t[0];
    const as_column *px = as_need_column(ctx, t, "relative_pressure");
    const as_column *py = px ? as_need_column(ctx, t, "film_thickness") : NULL;
    const as_unit nm = as_unit_of("nm"), one = AS_UNITLESS;
    if (!px || !py) return as_while(ctx, "reading the thickness curve %s", curve->from);
    if (!as_unit_same_dimension(&py->unit, &nm))
        return as_fail(ctx, AS_E_UNIT, NULL, "film_thickness is in %s, expected nm", py->unit.symbol);
    if (t->rows < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the thickness curve has fewer than 3 points");
    double *cx = AS_NEW_N(as_scratch(ctx), double, 5 * t->rows);
    if (!cx) return AS_ERR;
    double *ct = cx + t->rows, *work = ct + t->rows;
    for (size_t i = 0; i < t->rows; i++) {
        cx[i] = as_unit_convert(px->v.f[i], &px->unit, &one);
        ct[i] = as_unit_convert(py->v.f[i], &py->unit, &nm);
        if (!isfinite(ct[i]) || !isfinite(cx[i]) || (i && !(cx[i] > cx[i - 1])))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "row %zu of the thickness curve: the pressures must rise", i + 1);
    }
    as_interpolate(AS_PCHIP, t->rows, cx, ct, false, n, x, work, out);
    return AS_OK;
}

as_status as_film_thickness(as_ctx *ctx, const as_film_options *o, size_t n, const double *x,
                            double *out)
{
    if (o->kind == AS_FILM_CURVE && o->curve.n == 0)
        return as_fail(ctx, AS_E_USAGE, NULL, "--thickness curve needs --thickness-curve FILE");
    if (o->kind == AS_FILM_CURVE) return on_curve(ctx, &o->curve, n, x, out);
    for (size_t i = 0; i < n; i++) out[i] = as_film_equation((as_film)o->kind, x[i]);
    return AS_OK;
}
