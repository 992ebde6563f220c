/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Potentials in micropores: sums over cylinders and spheres against integrals over the atoms of the wall, limits of
 * wide pores, and widths found again from their potentials.
 */
#include "check.h"
#include "hk.h"
#include "hk_atoms.h"

static const double pi = 3.14159265358979323846, mc2 = 8.1871057769e-14, boltzmann = 1.380649e-23;

static double wall_constant(const as_hk *h)
{
    const double w = h->wall.polarisability * 1e-27, g = h->gas.polarisability * 1e-27;
    return 6 * mc2 * w * g / (w / (h->wall.susceptibility * 1e-27) + g / (h->gas.susceptibility * 1e-27));
}

/* One layer in a cylinder or sphere: the wall's atoms, n per m2, each (A/c)(d^6/r^12 - 1/r^6), c = pi for
 * slits and cylinders and 1 for spheres, as the papers have them; by the trapezoidal rule. */
static double integral(const as_hk *h, double width)
{
    const double d = (h->wall.diameter + h->gas.diameter) / 2, r = (width + h->wall.diameter) / 2, s = r - d;
    double sum = 0;
    for (int i = 0; i < 4000; i++) {
        const double phi = pi * (i + 0.5) / 4000, q = r * r + s * s - 2 * r * s * cos(phi);
        if (h->shape == AS_HK_CYLINDER) /* along z in closed form */
            sum += 2 * r * pi / 4000 * (63 * pi / 256 * pow(d, 6) * pow(q, -5.5) - 3 * pi / 8 * pow(q, -2.5)) / pi;
        else
            sum += 2 * pi * r * r * sin(phi) * pi / 4000 * (pow(d, 6) * pow(q, -6) - pow(q, -3));
    }
    return h->wall.density * wall_constant(h) * sum * 1e36 / (boltzmann * h->kelvin);
}

static void single_layers(void)
{
    as_hk h = { .wall = *as_hk_wall(1), .gas = *as_hk_gas("N2"), .kelvin = 77.355, .layers = true };
    for (int shape = AS_HK_CYLINDER; shape <= AS_HK_SPHERE; shape++)
        for (double w = 0.31; w < 0.89; w += 0.07) {
            h.shape = (as_hk_shape)shape;
            const double want = integral(&h, w);
            NEAR(as_hk_potential(&h, w), want, 2e-5 * fabs(want));
        }
}

/* A wide slit has the inner potential of the liquid; the outer layers weigh as 2/M. */
static void wide(void)
{
    as_hk h = { .shape = AS_HK_SLIT, .wall = *as_hk_wall(0), .gas = *as_hk_gas("N2"), .kelvin = 77.355,
                .layers = true };
    const double gas = 1.5 * mc2 * 1.7403e-3 * 3.6e-8 * 1e-54, sg = pow(0.4, 1 / 6.0) * 0.3e-9;
    const double inner = 2 * 6.71e18 * gas / (2 * pow(sg, 4)) * (pow(0.4, 10 / 6.0) - pow(0.4, 4 / 6.0)) /
                         (boltzmann * 77.355);
    NEAR(as_hk_potential(&h, 3e5), inner, 1e-4 * fabs(inner));
    const double m = 20, at = as_hk_potential(&h, m * 0.3), twice = as_hk_potential(&h, 2 * m * 0.3);
    NEAR(at - inner, 2 * (twice - inner), 1e-9); /* 1/M */
    CHECK(as_hk_potential(&h, 0.31) < as_hk_potential(&h, 0.59)); /* one layer: deeper where narrower */
}

static void widths(void)
{
    for (int layers = 0; layers < 2; layers++)
        for (int shape = AS_HK_SLIT; shape <= AS_HK_SPHERE; shape++) {
            as_hk h = { .shape = (as_hk_shape)shape, .wall = *as_hk_wall(1), .gas = *as_hk_gas("N2"), .kelvin = 77.355,
                        .layers = layers == 1 };
            double before = 0;
            for (double ln_p = -25; ln_p < -1.5; ln_p += 0.5) {
                const double w = as_hk_width(&h, ln_p);
                if (isnan(w)) continue;
                CHECK(w >= before);
                before = w;
                /* passed at w, from below: equal where the potential does not jump */
                CHECK(as_hk_potential(&h, w * (1 - 1e-9)) <= ln_p + 1e-6);
                CHECK(as_hk_potential(&h, w * (1 + 1e-9)) >= ln_p - 1e-6);
            }
            CHECK(before > 0.4);
        }
}

int main(void)
{
    single_layers();
    wide();
    widths();
    DONE();
}
