/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The powder profile against the formulas of its papers, integrated without our substitutions. */
#include "check.h"
#include "powder_profile.h"

static const double degree = 0.017453292519943295, pi = 3.14159265358979323846;
static const double ln2 = 0.69314718055994530942;

static double pv(double x, double g, double l)
{
    const as_tch t = as_tch_of(g, l);
    const double r2 = 4 * x * x / (t.fwhm * t.fwhm);
    return t.eta * 2 / (pi * t.fwhm) / (1 + r2) +
           (1 - t.eta) * 2 / t.fwhm * sqrt(ln2 / pi) * exp(-ln2 * r2);
}

/* Finger, Cox & Jephcoat as printed, S = H: D = W / (h cos 2phi), h = L sqrt(cos^2 2phi/cos^2 2theta
 * - 1), W = 2S - h; the root at 2phi = 2theta is taken out by steps that shrink towards it. */
static double fcj(double x, const as_powder_shape *p)
{
    const double c = cos(p->centre * degree), low = acos(c * sqrt(1 + 4 * p->s * p->s)) / degree;
    double sum = 0, total = 0;
    const int steps = 20000;
    for (int i = 0; i < steps; i++) {
        const double v = (i + 0.5) / steps; /* 2phi = 2theta - (2theta - low) v^2 */
        const double phi = p->centre - (p->centre - low) * v * v;
        const double cp = cos(phi * degree), h = sqrt(fmax(cp * cp / (c * c) - 1, 0));
        const double w = (2 * p->s - h) / (h * fabs(cp)) * v;
        if (!(w > 0)) continue;
        sum += w * pv(x - phi, p->g, p->l);
        total += w;
    }
    return sum / total;
}

static double at(double x, const as_powder_shape *p)
{
    double v = 0;
    as_powder_line(1, &x, p, 1, &(as_powder_arrays){ .p = &v });
    return v;
}

static void formulas(void)
{
    static const as_powder_shape shapes[] = {
        { 5.806, 0.05, 0.14, 0.02, 0, 0, 0, 0 }, { 11.63, 0.05, 0.14, 0.02, 0, 0, 0, 0 }, { 5.8, 0.05, 0.03, 0.02, 0, 0, 0, 0 },
        { 21.36, 0.04, 0.03, 0.03, 0, 0, 0, 0 }, { 60, 0.06, 0.05, 0.04, 0, 0, 0, 0 },    { 140.5, 0.1, 0.1, 0.04, 0, 0, 0, 0 },
        { 90, 0.1, 0.1, 0.04, 0, 0, 0, 0 },      { 30, 0.1, 0, 0, 0, 0, 0, 0 },
    };
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const as_powder_shape *p = &shapes[s];
        const double top = at(p->centre, p);
        for (double x = p->centre - 1.2; x < p->centre + 0.8; x += 0.0371) {
            const double want = p->s > 0 && p->centre != 90 ? fcj(x, p) : pv(x - p->centre, p->g, p->l);
            NEAR(at(x, p), want, 4e-4 * top);
        }
    }
}

/* Thompson, Cox & Hastings: the pure cases, and the width of a Voigt (g = l = 1: 1.6376, Olivero &
 * Longbothum 1977) whose best pseudo-Voigt is 0.2 % narrower. */
static void widths(void)
{
    NEAR(as_tch_of(1, 0).fwhm, 1, 1e-12);
    NEAR(as_tch_of(1, 0).eta, 0, 1e-12);
    NEAR(as_tch_of(0, 2).fwhm, 2, 1e-12);
    NEAR(as_tch_of(0, 2).eta, 1, 1e-12);
    NEAR(as_tch_of(1, 1).fwhm, 1.6376, 4e-3);
}

static void area(void)
{
    const as_powder_shape p = { 11.63, 0.05, 0.14, 0.02, 0, 0, 0, 0 };
    double sum = 0;
    for (double x = 2; x < 21; x += 0.002) sum += 0.002 * at(x, &p);
    const double tails = 0.14 / (2 * pi) * (1 / 9.6 + 1 / 9.4); /* of a Lorentzian, both sides */
    NEAR(sum + tails, 1, 1e-3);
}

static double both(double x, const as_powder_shape *p, bool fine)
{
    const as_doublet cu = { 1.540593, 1.544427, 0.5, fine };
    double v = 0;
    as_powder_doublet(1, &x, p, &cu, &(as_powder_arrays){ .p = &v });
    return v;
}

static void derivatives(double centre, double reach, bool fine)
{
    const as_doublet cu = { 1.540593, 1.544427, 0.5, fine };
    const as_powder_shape p = { centre, 0.06, 0.08, 0.025, 0, 0, 0, fine ? 1.0 : 0 };
    for (double x = centre - reach; x < centre + reach; x += 0.083 * reach) {
        double v[5] = { 0 };
        as_powder_doublet(1, &x, &p, &cu,
                          &(as_powder_arrays){ &v[0], &v[1], &v[2], &v[3], &v[4] });
        const double by[4] = { v[1], v[2], v[3], v[4] };
        /* the widths of the fine lines are not followed when the centre moves */
        for (int k = 0; k < 4; k++) {
            as_powder_shape up = p, down = p;
            double *u = k == 0 ? &up.centre : k == 1 ? &up.g : k == 2 ? &up.l : &up.s;
            double *d = k == 0 ? &down.centre : k == 1 ? &down.g : k == 2 ? &down.l : &down.s;
            *u += 1e-6;
            *d -= 1e-6;
            NEAR(by[k], (both(x, &up, fine) - both(x, &down, fine)) / 2e-6, (fine ? 2e-3 : 1e-5) * fabs(by[k]) + 2e-4);
        }
    }
}

int main(void)
{
    formulas();
    widths();
    area();
    derivatives(9.5, 0.6, false);
    derivatives(20, 4, true);
    derivatives(63.2, 2, false);
    derivatives(63.2, 2, true);
    derivatives(141.7, 3, false);
    const as_doublet cu = { 1.5406, 1.54439, 0.497, false };
    NEAR(as_alpha2_position(11.62742, &cu), 11.65612, 3e-5); /* cell 26.343, 222 */
    DONE();
}
