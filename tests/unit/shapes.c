/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every shape: its Jacobian against differences, its area, height, position and width against
 * quadrature and search, their gradients against differences; Voigt and its relatives against
 * the published tables where they are at hand.
 */
#include <stdint.h>

#include "check.h"
#include "faddeeva.h"
#include "lanes.h"
#include "shape.h"

static const double constants[4] = { -5, 9, 1.5, 4 };

static size_t count_of(const as_shape *s)
{
    return s->n_params ? s->n_params : 4;
}

static double value(const as_shape *s, const double *p, double x)
{
    double xs[AS_LANE], f[AS_LANE];
    for (int i = 0; i < AS_LANE; i++) xs[i] = x;
    s->eval(AS_LANE, xs, p, constants, f, NULL);
    return f[0];
}

/* Parameters off any symmetry; angles for fcj. */
static void sample(const as_shape *s, double *p)
{
    for (size_t k = 0; k < count_of(s); k++) {
        p[k] = s->params[k].def;
        if (strcmp(s->params[k].unit, "x") == 0) p[k] = 0.9 + 0.3 * (double)k;
    }
    p[0] = 2.5;
    if (s->kind == AS_SHAPE_BACKGROUND) {
        for (size_t k = 1; k < count_of(s); k++) p[k] = 0.7 - 0.1 * (double)k;
    }
    if (strcmp(s->name, "fcj") == 0) p[1] = 4, p[4] = 0.021, p[5] = 0.034;
    if (strcmp(s->name, "emg") == 0) p[3] = 0.8;
}

static void jacobian(const as_shape *s)
{
    double p[AS_SHAPE_PARAMS] = { 0 }, xs[16], f[16], column[AS_SHAPE_PARAMS][16];
    double *J[AS_SHAPE_PARAMS];
    sample(s, p);
    for (int i = 0; i < 16; i++) xs[i] = p[1] - 3.1 + 0.43 * i;
    if (s->kind == AS_SHAPE_BACKGROUND)
        for (int i = 0; i < 16; i++) xs[i] = 0.2 + 0.5 * i;
    for (size_t k = 0; k < AS_SHAPE_PARAMS; k++) J[k] = column[k];
    s->eval(16, xs, p, constants, f, J);
    for (size_t k = 0; k < count_of(s); k++) {
        double scale = 0, worst = 0;
        for (int i = 0; i < 16; i++) {
            const double h = 1e-4 * (fabs(p[k]) + 0.01), at = p[k];
            double d[4];
            for (int m = 0; m < 4; m++) {
                p[k] = at + h * (m - 1.5) * 2;
                d[m] = value(s, p, xs[i]);
            }
            p[k] = at;
            /* five-point formula at -3h, -h, h, 3h */
            const double slope = (27 * (d[2] - d[1]) - (d[3] - d[0])) / (48 * h);
            worst = fmax(worst, fabs(slope - column[k][i]));
            scale = fmax(scale, fabs(slope));
            NEAR(f[i], value(s, p, xs[i]), 0);
        }
        if (!(worst <= 3e-7 * scale))
            printf("%s %s: %g of %g\n", s->name, s->params[k].name, worst, scale);
        CHECK(worst <= 3e-7 * scale);
    }
}

typedef double quantity(const as_shape *, const double *, double *);

static void gradient(const as_shape *s, quantity *of, const char *what, double tolerance)
{
    double p[AS_SHAPE_PARAMS] = { 0 }, g[AS_SHAPE_PARAMS];
    sample(s, p);
    const double v = of(s, p, g);
    if (isnan(v)) return;
    for (size_t k = 0; k < s->n_params; k++) {
        const double h = 1e-3 * (fabs(p[k]) + 0.01), at = p[k];
        p[k] = at + h;
        const double up = of(s, p, NULL);
        p[k] = at - h;
        const double down = of(s, p, NULL);
        p[k] = at;
        const double slope = (up - down) / (2 * h);
        if (!(fabs(slope - g[k]) <= tolerance * (1 + fabs(slope))))
            printf("%s %s by %s: %g, expected %g\n", s->name, what, s->params[k].name, g[k], slope);
        CHECK(fabs(slope - g[k]) <= tolerance * (1 + fabs(slope)));
    }
}

/* Area by the trapezoidal rule in u = artanh-like coordinate x = c + w sinh(3u). */
static double quadrature(const as_shape *s, const double *p)
{
    double sum = 0;
    for (int k = -6000; k <= 6000; k++) {
        const double u = k * 0.002;
        sum += value(s, p, p[1] + sinh(u)) * cosh(u) * 0.002;
    }
    return sum;
}

static void peak(const as_shape *s)
{
    double p[AS_SHAPE_PARAMS] = { 0 };
    sample(s, p);
    const double area = as_shape_area(s, p, NULL), height = as_shape_height(s, p, NULL);
    const double x = as_shape_position(s, p, NULL), w = as_shape_fwhm(s, p, NULL);
    if (!isnan(area) && strcmp(s->name, "fcj") != 0) {
        if (!(fabs(quadrature(s, p) - area) < 2e-4 * area))
            printf("%s area %g, quadrature %g\n", s->name, area, quadrature(s, p));
        CHECK(fabs(quadrature(s, p) - area) < 2e-4 * area); /* tails beyond sinh(12) */
    }
    NEAR(value(s, p, x), height, 1e-9 * height);
    for (double d = 0.01; d < 0.5; d *= 2)
        CHECK(value(s, p, x + d) < height && value(s, p, x - d) < height);
    if (!isnan(w) && strncmp(s->name, "split", 5) != 0 && strcmp(s->name, "tch") != 0) {
        double lo = x, hi = x;
        while (value(s, p, lo) > 0.5 * height) lo -= 1e-4;
        while (value(s, p, hi) > 0.5 * height) hi += 1e-4;
        NEAR(w, hi - lo, 3e-4);
    }
    gradient(s, as_shape_area, "area", 1e-5);
    gradient(s, as_shape_height, "height", 1e-4);
    gradient(s, as_shape_fwhm, "fwhm", 1e-4);
    gradient(s, as_shape_position, "position", 1e-4);
}

static void exponential(void)
{
    double x[AS_LANE], worst = 0, worst_log = 0;
    for (int i = 0; i < 200000; i++) {
        as_v8 v, e, l;
        for (int k = 0; k < AS_LANE; k++)
            x[k] =
                -705 + 1410.0 * ((i * 8 + k) * 0.61803398875 - floor((i * 8 + k) * 0.61803398875));
        as_load8(x, &v);
        as_exp8(&v, &e);
        for (int k = 0; k < AS_LANE; k++)
            worst = fmax(worst, (double)fabsl((e[k] - expl(x[k])) / expl(x[k])));
        for (int k = 0; k < AS_LANE; k++) x[k] = exp(x[k] / 20);
        as_load8(x, &v);
        as_log8(&v, &l);
        for (int k = 0; k < AS_LANE; k++)
            if (fabs(x[k] - 1) > 1e-300)
                worst_log = fmax(worst_log, (double)fabsl((l[k] - logl(x[k])) / logl(x[k])));
    }
    printf("exp within %.2g, log within %.2g\n", worst, worst_log);
    CHECK(worst < 1.5 * 0x1p-53);
    CHECK(worst_log < 2.2 * 0x1p-53);
    const double edge[AS_LANE] = { -1e9, -709, -INFINITY, 710, INFINITY, NAN, 0, -0.0 };
    as_v8 v, e;
    as_load8(edge, &v);
    as_exp8(&v, &e);
    CHECK(e[0] == 0 && e[1] == 0 && e[2] == 0 && isinf(e[3]) && isinf(e[4]) && isnan(e[5]));
    CHECK(e[6] == 1 && e[7] == 1);
}

static FILE *table(const char *name)
{
    char path[1024];
    const char *shared = getenv("ASSAY_SHARED");
    snprintf(path, sizeof path, "%s/truth/numeric/%s", shared ? shared : "../shared", name);
    FILE *f = fopen(path, "r");
    if (!f) printf("%s is not there: skipped\n", path);
    if (f && !fgets(path, sizeof path, f)) CHECK(0);
    return f;
}

/* Columns of one row; text "inf" included. */
static int row(FILE *f, double *v, int n)
{
    char line[1024];
    if (!fgets(line, sizeof line, f)) return 0;
    char *at = line;
    for (int i = 0; i < n; i++) v[i] = strtod(at, &at);
    return 1;
}

#define RELATIVE(got, want, t) NEAR(got, want, (t)*fabs(want) + 1e-300)

static void tables(void)
{
    double v[6];
    FILE *f = table("faddeeva.tsv");
    while (f && row(f, v, 4)) {
        double re, im;
        as_faddeeva_at(v[0], v[1], &re, &im);
        RELATIVE(re, v[2], 1e-13);
        RELATIVE(im, v[3], 1e-13);
    }
    if (f) fclose(f);
    const as_shape *voigt = as_shape_find("voigt"), *fast = as_shape_find("voigt-fast");
    f = table("voigt.tsv");
    while (f && row(f, v, 4)) {
        const double p[4] = { 1, 0, v[0] * 2.3548200450309493820, 2 * v[1] };
        RELATIVE(value(voigt, p, v[2]), v[3], 1e-13);
        RELATIVE(value(fast, p, v[2]), v[3], 1e-6);
    }
    if (f) fclose(f);
    f = table("voigt_fwhm.tsv");
    while (f && row(f, v, 4)) {
        const double p[4] = { 1, 0, v[0] * 2.3548200450309493820, 2 * v[1] };
        RELATIVE(as_shape_height(voigt, p, NULL), v[2], 1e-13);
        RELATIVE(as_shape_fwhm(voigt, p, NULL), v[3], 1e-12);
    }
    if (f) fclose(f);
    f = table("pseudovoigt_area.tsv");
    while (f && row(f, v, 3)) {
        const double p[4] = { 1, 0, 1, v[0] };
        if (isinf(v[1])) RELATIVE(as_shape_area(as_shape_find("pvoigt"), p, NULL), v[2], 1e-14);
    }
    if (f) fclose(f);
    f = table("pearson7_area.tsv");
    while (f && row(f, v, 2)) {
        const double p[4] = { 1, 0, 1, v[0] };
        RELATIVE(as_shape_area(as_shape_find("pearson7"), p, NULL), v[1], 1e-13);
    }
    if (f) fclose(f);
}

/* Limits and identities that need no table. */
static void identities(void)
{
    const double n[4] = { 1, 0, 1, 0 }, l[4] = { 1, 0, 0, 1 }, mixed[4] = { 1, 0.3, 0.8, 0.4 };
    for (double far = 1; far < 1e9; far *= 1.37) /* across the place where the rule changes */
        RELATIVE(value(as_shape_find("voigt-fast"), mixed, 0.3 - far),
                 value(as_shape_find("voigt"), mixed, 0.3 - far), 1e-6);
    RELATIVE(value(as_shape_find("voigt"), n, 0.7),
             0.93943727869965133 * exp(-2.7725887222397812 * 0.49), 1e-13);
    RELATIVE(value(as_shape_find("voigt"), l, 0.7), 0.63661977236758134 / (1 + 4 * 0.49), 1e-9);
    /* one curve, two conventions: eta_area = k eta / (k eta + 1 - eta), k = sqrt(pi ln 2) */
    const double k = sqrt(acos(-1.0) * log(2.0)), eta = k * 0.4 / (k * 0.4 + 0.6);
    const as_shape *pv = as_shape_find("pvoigt"), *pa = as_shape_find("pvoigt-area");
    const double same[4] = { as_shape_area(pv, mixed, NULL), 0.3, 0.8, eta };
    for (double x = -2; x < 3; x += 0.37) RELATIVE(value(pv, mixed, x), value(pa, same, x), 1e-13);
    /* far too narrow a tail must not overflow: lmfit 1.1 gives nan here */
    const double emg[4] = { 1, 0, 50 * 2.3548, 1 };
    for (double x = -500; x < 500; x += 10) CHECK(isfinite(value(as_shape_find("emg"), emg, x)));
    /* Doniach-Sunjic of alpha 0.15, F 0.5: maximum 0.064 off, FWHM 1.229 */
    const double ds[5] = { 1, 0, 1, 0.15, 0 };
    NEAR(as_shape_position(as_shape_find("doniach"), ds, NULL), 0.064, 5e-3);
    NEAR(as_shape_fwhm(as_shape_find("doniach"), ds, NULL), 1.229, 1e-3);
    const double gl[4] = { 1, 0, 1, 0.5 };
    NEAR(as_shape_fwhm(as_shape_find("gl"), gl, NULL), 0.956, 1e-3);
    const double none[] = { 0, 0, 1, 6 }, some[] = { 1, 0, 1, 6 }; /* no amplitude, the same width */
    const as_shape *fast = as_shape_find("voigt-fast");
    NEAR(as_shape_fwhm(fast, none, NULL), as_shape_fwhm(fast, some, NULL), 1e-12);
}

int main(void)
{
    exponential();
    for (size_t i = 0; as_shapes[i]; i++) {
        jacobian(as_shapes[i]);
        if (as_shapes[i]->kind == AS_SHAPE_PEAK) peak(as_shapes[i]);
    }
    identities();
    tables();
    DONE();
}
