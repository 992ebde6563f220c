/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horvath-Kawazoe potentials: see hk.h. */
#include <math.h>

#include "hk.h"

static const double electron_rest = 8.1871057769e-14; /* m_e c^2, J */
static const double per_molecule = 1.380649e-23;      /* k: N_A / R T is 1 / k T */
static const double pi = 3.14159265358979323846;

/* Dispersion constants in J m6. */
static double wall_constant(const as_hk *h)
{
    const double w = h->wall.polarisability * 1e-27, g = h->gas.polarisability * 1e-27;
    return 6 * electron_rest * w * g /
           (w / (h->wall.susceptibility * 1e-27) + g / (h->gas.susceptibility * 1e-27));
}

static double gas_constant(const as_hk *h)
{
    return 1.5 * electron_rest * h->gas.polarisability * 1e-27 * h->gas.susceptibility * 1e-27;
}

/* Joule per area of wall and layer: N_w A_w + N_g A_g, J m4. */
static double strength(const as_hk *h)
{
    return h->wall.density * wall_constant(h) + h->gas.density * gas_constant(h);
}

/* l: distance of the nuclei of the two planes. */
static double slit(const as_hk *h, double l)
{
    const double d0 = (h->wall.diameter + h->gas.diameter) / 2, sigma = d0 * pow(0.4, 1 / 6.0);
    const double s4 = pow(sigma, 4) / 3, s10 = pow(sigma, 10) / 9;
    const double far = l - d0, gap = l - 2 * d0;
    const double mean = gap > 1e-9 * d0 ? (s4 / pow(far, 3) - s10 / pow(far, 9) + s10 / pow(d0, 9) -
                                           s4 / pow(d0, 3)) / gap
                                        : -3 * s4 / pow(d0, 4) + 9 * s10 / pow(d0, 10);
    return strength(h) / (per_molecule * h->kelvin) / pow(sigma * 1e-9, 4) * mean;
}

/* r: radius of the cylinder through the nuclei of the wall. */
static double cylinder(const as_hk *h, double r)
{
    const double d0 = (h->wall.diameter + h->gas.diameter) / 2, q = d0 / r;
    const double repulsion = 21 / 32.0 * pow(q, 10), attraction = pow(q, 4), step = (1 - q) * (1 - q);
    double a = 1, b = 1, power = 1, sum = repulsion - attraction;
    for (int k = 1; k < 200000; k++) {
        a *= (4.5 + k) * (4.5 + k) / ((double)k * k);
        b *= (1.5 + k) * (1.5 + k) / ((double)k * k);
        power *= step;
        const double term = power / (k + 1) * (a * repulsion - b * attraction);
        sum += term;
        if (k > 8 / q && fabs(term) < 1e-13 * fabs(sum)) break;
    }
    return 0.75 * pi * strength(h) / (per_molecule * h->kelvin) / pow(d0 * 1e-9, 4) * sum;
}

/* 1/(1-s)^n - 1/(1+s)^n */
static double shell(double s, int n)
{
    return pow(1 - s, -n) - pow(1 + s, -n);
}

/* r: radius of the sphere through the nuclei of the wall. The 6-12 potential of a shell, averaged
 * over the ball of radius r - d0 that the molecules have. */
static double sphere(const as_hk *h, double r)
{
    const double d0 = (h->wall.diameter + h->gas.diameter) / 2, inner = r - d0, s = inner / r;
    const double wall = 4 * pi * r * r * 1e-18 * h->wall.density * wall_constant(h) / (4 * pow(d0 * 1e-9, 6));
    const double gas = 4 * pi * inner * inner * 1e-18 * h->gas.density * gas_constant(h) /
                       (4 * pow(h->gas.diameter * 1e-9, 6));
    const double attraction = pow(d0 / r, 6) * (shell(s, 3) / 12 - shell(s, 2) / 8);
    const double repulsion = pow(d0 / r, 12) * (shell(s, 9) / 90 - shell(s, 8) / 80);
    return 6 * (wall + gas) / pow(s, 3) * (repulsion - attraction) / (per_molecule * h->kelvin);
}

/* Layers in a slit, l: distance of the nuclei of the walls. */
static double slit_layers(const as_hk *h, double l)
{
    const double d0 = (h->wall.diameter + h->gas.diameter) / 2, dg = h->gas.diameter, root = pow(0.4, 1 / 6.0);
    const double s = root * d0 * 1e-9, sg = root * dg * 1e-9, q = root * d0 / (l - d0);
    const double depth = pow(root, 10) - pow(root, 4), layers = (l - h->wall.diameter) / dg;
    const double wall = h->wall.density * wall_constant(h) / (2 * pow(s, 4));
    const double gas = h->gas.density * gas_constant(h) / (2 * pow(sg, 4)) * depth;
    if (layers < 2) return wall * (depth + pow(q, 10) - pow(q, 4)) / (per_molecule * h->kelvin);
    return (2 * (wall * depth + gas) + (layers - 2) * 2 * gas) / layers / (per_molecule * h->kelvin);
}

/* In a cylinder of molecules, at a = d/R from its wall in parts of its radius R, over 3/4 pi N A / d^4. */
static double ring(double a)
{
    const double step = (1 - a) * (1 - a);
    double r = 21 / 32.0 * pow(a, 10), t = pow(a, 4), sum = r - t;
    for (int k = 1; k < 200000; k++) {
        r *= (4.5 + k) * (4.5 + k) / ((double)k * k) * step;
        t *= (1.5 + k) * (1.5 + k) / ((double)k * k) * step;
        sum += r - t;
        if (k > 8 / a && fabs(r - t) < 1e-13 * fabs(sum)) break;
    }
    return sum;
}

/* The same in a sphere, over 2 n A/(4 d^6), n molecules on the sphere. */
static double ball(double a)
{
    const double b = 1 - a;
    if (b < 1e-5) return 2 * pow(a, 12) - 2 * pow(a, 6);
    return pow(a, 12) / (10 * b) * shell(b, 10) - pow(a, 6) / (4 * b) * shell(b, 4);
}

/* Concentric layers in a cylinder or sphere of radius r. */
static double round_layers(const as_hk *h, double r)
{
    const double d0 = (h->wall.diameter + h->gas.diameter) / 2, dg = h->gas.diameter;
    const int layers = (int)(((2 * r - h->wall.diameter) / dg - 1) / 2 + 1e-12) + 1;
    const bool is_ball = h->shape == AS_HK_SPHERE;
    double sum = 0, all = 0, outer = 4 * pi * r * r * 1e-18 * h->wall.density;
    for (int i = 0; i < layers; i++) {
        const double d = i ? dg : d0, at = r - d0 - i * dg, outside = i ? r - d0 - (i - 1) * dg : r;
        const double strength = i ? gas_constant(h) : wall_constant(h);
        const double n = is_ball ? fmax(4 * pi * at * at * 1e-18 * h->gas.density, 1)
                                 : 2 * at >= dg ? pi / asin(dg / (2 * at)) : 1;
        const double e = is_ball ? 2 * outer * strength / (4 * pow(d * 1e-9, 6)) * ball(d / outside)
                                 : 0.75 * pi * (i ? h->gas.density : h->wall.density) * strength /
                                       pow(d * 1e-9, 4) * ring(d / outside);
        sum += n * e;
        all += n;
        outer = n;
    }
    return sum / all / (per_molecule * h->kelvin);
}

double as_hk_potential(const as_hk *h, double width)
{
    const double nuclei = width + h->wall.diameter;
    if (h->layers) return h->shape == AS_HK_SLIT ? slit_layers(h, nuclei) : round_layers(h, nuclei / 2);
    switch (h->shape) {
    case AS_HK_SLIT: return slit(h, nuclei);
    case AS_HK_CYLINDER: return cylinder(h, nuclei / 2);
    case AS_HK_SPHERE: return sphere(h, nuclei / 2);
    }
    return NAN;
}

static double bisect(const as_hk *h, double ln_p, double lo, double hi)
{
    for (int i = 0; i < 60; i++) {
        const double middle = sqrt(lo * hi);
        if (as_hk_potential(h, middle) < ln_p) lo = middle;
        else hi = middle;
    }
    return sqrt(lo * hi);
}

double as_hk_width(const as_hk *h, double ln_p)
{
    double lo = h->gas.diameter * (1 + 1e-6), hi = 100;
    const double start = lo;
    for (double w = start; w < 3 * start; w *= 1.01) /* the deepest potential, where not at the start */
        if (as_hk_potential(h, w) < as_hk_potential(h, lo)) lo = w;
    if (!(ln_p >= as_hk_potential(h, lo)) || !(ln_p <= as_hk_potential(h, hi))) return NAN;
    if (!h->layers) return bisect(h, ln_p, lo, hi);
    for (double w = lo; w < hi; w *= 1.01)
        if (as_hk_potential(h, w * 1.01) >= ln_p) return bisect(h, ln_p, w, w * 1.01);
    return NAN;
}
