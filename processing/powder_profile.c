/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profile of a powder line: see powder_profile.h. */
#include <math.h>
#include <stdbool.h>

#include "powder_profile.h"

enum { NODES_MAX = 48, NODES_FAR = 2, FLAT_NODES = 4, ALL_NODES = NODES_MAX * FLAT_NODES };

static const double degree = 0.017453292519943295, pi = 3.14159265358979323846;
static const double ln2 = 0.69314718055994530942;

as_tch as_tch_of(double g, double l)
{
    const double g2 = g * g, g3 = g2 * g, g4 = g3 * g, l2 = l * l, l3 = l2 * l, l4 = l3 * l;
    const double sum = g4 * g + 2.69269 * g4 * l + 2.42843 * g3 * l2 + 4.47163 * g2 * l3 +
                       0.07842 * g * l4 + l4 * l;
    const double fwhm = pow(sum, 0.2), factor = fwhm / (5 * sum);
    as_tch t = { .fwhm = fwhm };
    t.fwhm_g = factor * (5 * g4 + 4 * 2.69269 * g3 * l + 3 * 2.42843 * g2 * l2 +
                         2 * 4.47163 * g * l3 + 0.07842 * l4);
    t.fwhm_l = factor * (2.69269 * g4 + 2 * 2.42843 * g3 * l + 3 * 4.47163 * g2 * l2 +
                         4 * 0.07842 * g * l3 + 5 * l4);
    const double q = l / fwhm, slope = 1.36603 - 2 * 0.47719 * q + 3 * 0.11116 * q * q;
    t.eta = q * (1.36603 + q * (-0.47719 + q * 0.11116));
    t.eta_g = -slope * q / fwhm * t.fwhm_g;
    t.eta_l = slope * (1 - q * t.fwhm_l) / fwhm;
    return t;
}

/* Nodes and weights of Gauss-Legendre on [-1, 1], by Newton's method on P_n. */
static void gauss_legendre(int n, double *x, double *w)
{
    for (int i = 0; i < n; i++) {
        double z = cos(pi * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int turn = 0; turn < 8; turn++) {
            double p = 1, before = 0;
            for (int k = 1; k <= n; k++) {
                const double next = ((2 * k - 1) * z * p - (k - 1) * before) / k;
                before = p;
                p = next;
            }
            slope = n * (z * p - before) / (z * z - 1);
            const double step = p / slope;
            z -= step;
            if (fabs(step) < 1e-13) break;
        }
        x[i] = z;
        w[i] = 2 / ((1 - z * z) * slope * slope);
    }
}

/* Where the axial divergence puts the intensity: positions and weights with what they change by
 * centre (c) and divergence (s). */
typedef struct axial {
    int n;
    double at[ALL_NODES], weight[ALL_NODES];
    double at_c[ALL_NODES], at_s[ALL_NODES], ln_c[ALL_NODES], ln_s[ALL_NODES];
} axial;

/* With h = s u the height of a ray over the radius, cos(2phi) = cos(2theta) sqrt(1 + h^2), and the
 * weight of the paper, W/(h cos 2phi) d2phi, becomes (2 - u) / ((1 + h^2) sin 2phi) du: smooth. */
static void axial_of(int n, double centre, double s, axial *a)
{
    double z[NODES_MAX], w[NODES_MAX], total = 0, mean_c = 0, mean_s = 0;
    gauss_legendre(n, z, w);
    a->n = 0;
    const double c = cos(centre * degree), sine = sin(centre * degree);
    for (int i = 0; i < n; i++) {
        const double u = 1 + z[i], h2 = s * s * u * u, root = sqrt(1 + h2), cos_phi = c * root;
        if (!(fabs(cos_phi) < 0.9999999)) continue; /* such a ray misses the cone */
        const double sin_phi = sqrt(1 - cos_phi * cos_phi);
        const int k = a->n++;
        a->at[k] = acos(cos_phi) / degree;
        a->weight[k] = w[i] * (2 - u) / ((1 + h2) * sin_phi);
        a->at_c[k] = sine * root / sin_phi;
        a->at_s[k] = -c * s * u * u / (root * sin_phi) / degree;
        const double cot = cos_phi / sin_phi;
        a->ln_c[k] = -cot * a->at_c[k] * degree;
        a->ln_s[k] = -2 * s * u * u / (1 + h2) - cot * a->at_s[k] * degree;
        total += a->weight[k];
        mean_c += a->weight[k] * a->ln_c[k];
        mean_s += a->weight[k] * a->ln_s[k];
    }
    for (int k = 0; k < a->n; k++) {
        a->weight[k] /= total;
        a->ln_c[k] -= mean_c / total;
        a->ln_s[k] -= mean_s / total;
    }
}

static void no_axial(double centre, axial *a)
{
    *a = (axial){ .n = 1, .at = { centre }, .weight = { 1 }, .at_c = { 1 } };
}

/* Each node becomes FLAT_NODES of them, at - e v^2 with v even in 0 .. 1. */
static void flatten(const as_powder_shape *shape, axial *a)
{
    double z[FLAT_NODES], w[FLAT_NODES];
    gauss_legendre(FLAT_NODES, z, w);
    const double half = shape->centre * degree / 2, scale = pi / 360 * shape->divergence * shape->divergence;
    const double e = scale / tan(half), e_c = -scale * degree / 2 / (sin(half) * sin(half));
    const int n = a->n;
    a->n = n * FLAT_NODES;
    for (int k = n - 1; k >= 0; k--)
        for (int j = FLAT_NODES - 1; j >= 0; j--) {
            const double v = (1 + z[j]) / 2;
            const int to = k * FLAT_NODES + j;
            a->ln_c[to] = a->ln_c[k];
            a->ln_s[to] = a->ln_s[k];
            a->at_s[to] = a->at_s[k];
            a->at_c[to] = a->at_c[k] - e_c * v * v;
            a->at[to] = a->at[k] - e * v * v;
            a->weight[to] = a->weight[k] * w[j] / 2;
        }
}

typedef struct value { double p, by_x, by_fwhm, by_eta; } value;

static value pseudo_voigt(double x, const as_tch *t)
{
    const double r = x / t->fwhm, r2 = 4 * r * r, e = ln2 * r2;
    const double lorentz = 2 / (pi * t->fwhm) / (1 + r2);
    const double gauss = e < 40 ? 2 / t->fwhm * sqrt(ln2 / pi) * exp(-e) : 0;
    const double fall = 2 * r2 / (1 + r2), fall_g = 2 * e; /* -d ln/d ln x */
    const double pl = t->eta * lorentz, pg = (1 - t->eta) * gauss;
    return (value){ .p = pl + pg,
                    .by_x = -(8 * x / (t->fwhm * t->fwhm)) * (pl / (1 + r2) + pg * ln2),
                    .by_fwhm = (pl * (fall - 1) + pg * (fall_g - 1)) / t->fwhm,
                    .by_eta = lorentz - gauss };
}

/* `slope`: by how much the line moves when the centre that the caller counts in does. */
static void add_point(double x, const axial *a, const as_tch *t, double weight, double slope,
                      size_t i, const as_powder_arrays *out)
{
    value sum = { 0 };
    double by_c = 0, by_s = 0;
    for (int k = 0; k < a->n; k++) {
        const value v = pseudo_voigt(x - a->at[k], t);
        const double w = a->weight[k];
        sum.p += w * v.p;
        sum.by_fwhm += w * v.by_fwhm;
        sum.by_eta += w * v.by_eta;
        by_c += w * (v.p * a->ln_c[k] - v.by_x * a->at_c[k]);
        by_s += w * (v.p * a->ln_s[k] - v.by_x * a->at_s[k]);
    }
    out->p[i] += weight * sum.p;
    if (!out->by_centre) return;
    out->by_centre[i] += weight * slope * by_c;
    out->by_g[i] += weight * (sum.by_fwhm * t->fwhm_g + sum.by_eta * t->eta_g);
    out->by_l[i] += weight * (sum.by_fwhm * t->fwhm_l + sum.by_eta * t->eta_l);
    out->by_s[i] += weight * by_s;
}

/* The same five and more widths away, where the Gaussian is nothing. */
static void add_tail(double x, const axial *a, const as_tch *t, double weight, double slope,
                     size_t i, const as_powder_arrays *out)
{
    const double q = 4 / (t->fwhm * t->fwhm), top = 2 / (pi * t->fwhm);
    double p = 0, by_fwhm = 0, by_c = 0, by_s = 0;
    for (int k = 0; k < a->n; k++) {
        const double d = x - a->at[k], inverse = 1 / (1 + q * d * d);
        const double v = a->weight[k] * top * inverse, by_x = -2 * q * d * v * inverse;
        p += v;
        by_fwhm += v * (1 - 2 * inverse); /* the Lorentzian's -1 + 2 (1 - inverse) */
        by_c += v * a->ln_c[k] - by_x * a->at_c[k];
        by_s += v * a->ln_s[k] - by_x * a->at_s[k];
    }
    out->p[i] += weight * t->eta * p;
    if (!out->by_centre) return;
    by_fwhm *= t->eta / t->fwhm;
    out->by_centre[i] += weight * slope * t->eta * by_c;
    out->by_g[i] += weight * (by_fwhm * t->fwhm_g + p * t->eta_g);
    out->by_l[i] += weight * (by_fwhm * t->fwhm_l + p * t->eta_l);
    out->by_s[i] += weight * t->eta * by_s;
}

void as_powder_resolve(as_powder_shape *shape)
{
    const double fwhm = as_tch_of(shape->g, shape->l).fwhm;
    const double c = cos(shape->centre * degree) * sqrt(1 + 4 * shape->s * shape->s);
    const double end = fabs(c) < 1 ? acos(c) / degree : c > 0 ? 0 : 180;
    const double reach = fabs(end - shape->centre);
    /* node spacing well below the width: checked against a fine integral in the unit test */
    shape->nodes = (int)fmin(4 + 4.5 * reach / fwhm, NODES_MAX);
    shape->far = 1.5 * reach + 5 * fwhm;
    shape->about = shape->centre;
}

static void add_line(size_t n, const double *x, const as_powder_shape *given, double weight,
                     double slope, const as_powder_arrays *out)
{
    as_powder_shape shape = *given;
    if (!shape.nodes) as_powder_resolve(&shape);
    const as_tch t = as_tch_of(shape.g, shape.l);
    axial near = { 0 }, far = { 0 };
    if (shape.s > 0) {
        axial_of(NODES_FAR, shape.centre, shape.s, &far);
        axial_of(shape.nodes, shape.centre, shape.s, &near);
    }
    if (near.n == 0 || far.n == 0) {
        no_axial(shape.centre, &near);
        far = near;
    }
    if (shape.divergence > 0) {
        flatten(&shape, &near);
        flatten(&shape, &far);
    }
    for (size_t i = 0; i < n; i++) {
        if (fabs(x[i] - shape.about) < shape.far)
            add_point(x[i], &near, &t, weight, slope, i, out);
        else
            add_tail(x[i], &far, &t, weight, slope, i, out);
    }
}

void as_powder_line(size_t n, const double *x, const as_powder_shape *shape, double weight,
                    const as_powder_arrays *out)
{
    add_line(n, x, shape, weight, 1, out);
}

double as_alpha2_position(double two_theta, const as_doublet *d)
{
    const double s = d->alpha2 / d->alpha1 * sin(two_theta * degree / 2);
    return s < 1 ? 2 * asin(s) / degree : NAN;
}

/* One line of wavelength ratio `r` to that which the centre is for. */
static void add_shifted(size_t n, const double *x, const as_powder_shape *shape, double r,
                        double widening, double weight, const as_powder_arrays *out)
{
    const double half = shape->centre * degree / 2, sine = r * sin(half);
    if (!(sine < 1) || !(weight > 0)) return;
    as_powder_shape moved = *shape;
    moved.centre = 2 * asin(sine) / degree;
    moved.about = 2 * asin(fmin(r * sin(shape->about * degree / 2), 1)) / degree;
    moved.l += 2 * tan(half) / degree * widening;
    add_line(n, x, &moved, weight, r * cos(half) / sqrt(1 - sine * sine), out);
}

/* Hoelzer et al. 1997, table II: energies 8047.837, 8045.367, 8027.993, 8026.504 eV; wavelength over
 * that of the peak of its line (1.5405929, 1.5444274); share of the line's area; FWHM less that of
 * the first, over the wavelength. */
static const struct { double r, share, widening; } copper[2][2] = {
    { { 1.5405909 / 1.5405929, 0.579 / 0.659, 0 },
      { 1.5410639 / 1.5405929, 0.080 / 0.659, (0.6432e-3 - 0.4374e-3) / 1.5406 } },
    { { 1.5443990 / 1.5444274, 0.236 / 0.341, (0.5129e-3 - 0.4374e-3) / 1.5444 },
      { 1.5446855 / 1.5444274, 0.105 / 0.341, (0.6872e-3 - 0.4374e-3) / 1.5444 } },
};

void as_powder_doublet(size_t n, const double *x, const as_powder_shape *shape,
                       const as_doublet *d, const as_powder_arrays *out)
{
    const double second = d->ratio > 0 ? d->alpha2 / d->alpha1 : 0;
    const bool both = second > 0 && second * sin(shape->centre * degree / 2) < 1;
    /* K alpha 3 and 4: 1.59 % of all at 1.534753, 3.6854 mA wide (Berger 1986) */
    const double satellite = d->fine ? 0.0159 : 0;
    const double share[2] = { (1 - satellite) / (1 + (both ? d->ratio : 0)),
                              both ? (1 - satellite) * d->ratio / (1 + d->ratio) : 0 };
    if (d->fine)
        add_shifted(n, x, shape, 1.534753 / 1.5405929, (3.6854e-3 - 0.4374e-3) / 1.5406, satellite, out);
    for (int k = 0; k < 1 + both; k++) {
        const double r = k ? second : 1;
        if (!d->fine) add_shifted(n, x, shape, r, 0, share[k], out);
        for (int j = 0; j < 2 && d->fine; j++)
            add_shifted(n, x, shape, r * copper[k][j].r, copper[k][j].widening,
                        share[k] * copper[k][j].share, out);
    }
}
