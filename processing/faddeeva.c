/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The complex error function: see faddeeva.h. */
#include <math.h>

#include "faddeeva.h"

#define PI 3.14159265358979323846

const as_faddeeva_rule as_faddeeva_exact = {
    12,
    0.51166335397324425,
    { { 0, 0.26179938779914946, 1.0471975511965979, 2.3561944901923448, 4.1887902047863914,
        6.5449846949787363, 9.4247779607693793, 12.828170002158322, 16.755160819145566,
        21.205750411731103, 26.179938779914945, 31.677725923697082 },
      { 0.065449846949787366, 0.58904862254808621, 1.6362461737446841, 3.2070425005395804,
        5.3014376029327757, 7.9194314809242705, 11.061024134514064, 14.726215563702155,
        18.915005768488548, 23.627394748873236, 28.863382504856226, 34.62296903643751 } },
    { { 0.5, 0.76966541249323983, 0.35091980717841098, 0.094780224842154856, 0.01516461986454657,
        0.0014373060804075317, 8.0699517570304602e-05, 2.6840867930967431e-06,
        5.2884221169441576e-08, 6.1724788652243099e-10, 4.2677311354552244e-12,
        1.7479879405655014e-14 },
      { 0.9366460212365959, 0.55485491015985344, 0.1947095780852903, 0.04047614460380574,
        0.0049844231324685864, 0.00036360898638930446, 1.5712969017800481e-05,
        4.0224054215648138e-07, 6.0998249159121596e-09, 5.4796502397575273e-11,
        2.9160317551794992e-13, 9.192541525134372e-16 } },
};

const as_faddeeva_rule as_faddeeva_fast = {
    7,
    0.66992458569067881,
    { { 0, 0.44879895051282759, 1.7951958020513104, 4.0391905546154483, 7.1807832082052414,
        11.21997376282069, 16.156762218461793 },
      { 0.1121997376282069, 1.0097976386538621, 2.8049934407051724, 5.497787143782138,
        9.0881787478847595, 13.576168253013035, 18.961755659166965 } },
    { { 0.5, 0.63839443466609913, 0.16609492743521068, 0.017611722374953849, 0.00076107153119550446,
        1.3403780514896252e-05, 9.6207144155468532e-08 },
      { 0.89386570105366636, 0.36429269087242588, 0.060507168055633213, 0.0040958248893508357,
        0.00011299367120172604, 1.2704133309367609e-06, 5.821221839567465e-09 } },
};

/* sin and cos of 2 pi p by the half angle, |pi r| <= pi/2, Taylor series to the 22nd order, or the
 * 12th where 1e-7 is enough. */
AS_INLINE void turn(const as_v8 *p, const int fine, as_v8 *s, as_v8 *c)
{
    static const double odd[] = { -1.0 / 6,        1.0 / 120,         -1.0 / 5040,
                                  1.0 / 362880,    -1.0 / 39916800,   1.0 / 6227020800,
                                  -1.0 / 1307674368000,               1.0 / 355687428096000,
                                  -1.0 / 121645100408832000,
                                  1.0 / 51090942171709440000.0 };
    static const double even[] = { -1.0 / 2,         1.0 / 24,          -1.0 / 720,
                                   1.0 / 40320,      -1.0 / 3628800,    1.0 / 479001600,
                                   -1.0 / 87178291200,                  1.0 / 20922789888000,
                                   -1.0 / 6402373705728000,             1.0 / 2432902008176640000,
                                   -1.0 / 1124000727777607680000.0 };
    const as_v8 zero = *p * 0.0, magic = zero + 0x1.8p52;
    const as_v8 r = (*p - ((*p + magic) - magic)) * PI, z = r * r;
    as_v8 a = zero, b = zero;
    for (int k = fine ? 9 : 4; k >= 0; k--) a = (a + odd[k]) * z;
    for (int k = fine ? 10 : 5; k >= 0; k--) b = (b + even[k]) * z;
    const as_v8 half = r * (1.0 + a);
    *s = half * (1.0 + b) * 2.0;
    *c = 1.0 - half * half * 2.0;
}

/* Node and weight k of the rule that each lane uses. */
AS_INLINE void node(const as_faddeeva_rule *rule, int k, const as_m8 *trapezoid, as_v8 *t2,
                    as_v8 *w)
{
    const as_v8 zero = { 0 };
    const as_v8 ts = zero + rule->square[0][k], tm = zero + rule->square[1][k];
    const as_v8 ws = zero + rule->weight[0][k], wm = zero + rule->weight[1][k];
    as_select8(trapezoid, &ts, &tm, t2);
    as_select8(trapezoid, &ws, &wm, w);
}

/* Far from the real nodes two pairs of Gauss-Hermite nodes do: w = (i/pi) sum W_k / (z - t_k), exact to the
 * seventh moment, so that the error is below 13 / |z|^8 of the real part: 6e-9 at x = 15. */
AS_INLINE void far_block(const int both, const as_v8 *x, const as_v8 *u, const as_v8 *m, const as_v8 *v2,
                         double y, as_v8 *re, as_v8 *im)
{
    const double t1 = 0.27525512860841095, t2 = 2.7247448713915890;
    const double w1 = 0.80491409000551284, w2 = 0.081312835447245177;
    const as_v8 e1 = *u - t1, e2 = *u - t2, d1 = e1 * e1 + *v2, d2 = e2 * e2 + *v2;
    const as_v8 q = 1.0 / (d1 * d2), q1 = d2 * q * w1, q2 = d1 * q * w2;
    *re = (q1 * (*m + t1) + q2 * (*m + t2)) * (y * (2 / PI));
    if (both) *im = (q1 * (*m - t1) + q2 * (*m - t2)) * *x * (2 / PI);
}

/* One block; size and `both` (the imaginary part too) are constants where this is inlined. x >= 0. */
AS_INLINE void block(const as_faddeeva_rule *rule, const int size, const int both, const as_v8 *xs,
                     double y, as_v8 *re, as_v8 *im)
{
    const as_v8 x = *xs, x2 = x * x, u = x2 - y * y, m = x2 + y * y, v = x * (2.0 * y);
    const as_v8 v2 = v * v, zero = x * 0.0;
    const double h = rule->h;
    int far = size == 7;
    for (int k = 0; k < AS_LANE; k++) far &= x2[k] >= 225;
    if (far) {
        far_block(both, &x, &u, &m, &v2, y, re, im);
        return;
    }

    /* midpoint nodes unless x lies near one of them: x/h mod 1 within 1/4 of 1/2 */
    const as_v8 magic = zero + 0x1.8p52, turns = x * (1.0 / h);
    as_v8 near = turns - ((turns + magic) - magic); /* -1/2 .. 1/2, 0 at a trapezoid node */
    const as_m8 trapezoid = (near * near > 0.0625) & (x > y);

    as_v8 a = zero, b = zero;
    for (int k = 0; k < size; k += 2) { /* two terms share a division */
        as_v8 t1, w1, t2, w2;
        node(rule, k, &trapezoid, &t1, &w1);
        const as_v8 e1 = u - t1, d1 = e1 * e1 + v2;
        if (k + 1 == size) {
            const as_v8 q = w1 / d1;
            a = a + q * (m + t1);
            if (both) b = b + q * (m - t1);
            break;
        }
        node(rule, k + 1, &trapezoid, &t2, &w2);
        const as_v8 e2 = u - t2, d2 = e2 * e2 + v2, q = 1.0 / (d1 * d2);
        const as_v8 q1 = w1 * d2 * q, q2 = w2 * d1 * q;
        a = a + q1 * (m + t1) + q2 * (m + t2);
        if (both) b = b + q1 * (m - t1) + q2 * (m - t2);
    }
    *re = a * (y * (2.0 * h / PI));
    if (both) *im = b * x * (2.0 * h / PI);
    if (y >= PI / h) return;
    const double reach = y * y + 41 - log(y); /* beyond, the residue is below 1e-17 of the sum */
    int matters = 0;
    for (int k = 0; k < AS_LANE; k++) matters |= !(x2[k] > reach);
    if (!matters) return;

    /* the pole: 2 exp(-z^2) / (1 +- exp(-2 pi i z/h)) */
    const as_v8 ex = y * y - x2;
    as_v8 size2, sz, cz, sh, ch;
    as_exp8(&ex, &size2);
    const as_v8 phase = v * (0.5 / PI);
    turn(&phase, size > 7, &sz, &cz);
    turn(&near, size > 7, &sh, &ch);
    const double grow = exp(2 * PI * y / h);
    const as_v8 plus = zero + 1.0, minus = zero - 1.0;
    as_v8 sign;
    as_select8(&trapezoid, &minus, &plus, &sign);
    const as_v8 dr = 1.0 + sign * ch * grow, di = sign * sh * -grow;
    const as_v8 scale = size2 * 2.0 / (dr * dr + di * di);
    /* exp(-z^2) = size (cos v - i sin v), times the conjugate of the denominator */
    *re = *re + scale * (cz * dr - sz * di);
    if (both) *im = *im - scale * (sz * dr + cz * di);
}

AS_WIDEST
static void many(const as_faddeeva_rule *rule, size_t n, const double *x, double y, double *re,
                 double *im)
{
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 v, r, j, zero;
        as_load8(x + i, &v);
        zero = v * 0.0;
        const as_m8 negative = v < zero;
        const as_v8 flipped = zero - v;
        as_v8 size;
        as_select8(&negative, &flipped, &v, &size);
        if (rule->n == 12)
            block(rule, 12, 1, &size, y, &r, &j);
        else
            block(rule, 7, 1, &size, y, &r, &j);
        const as_v8 back = zero - j;
        as_select8(&negative, &back, &j, &j);
        as_store8(re + i, &r);
        as_store8(im + i, &j);
    }
}

/* The real part alone is even in x. */
AS_WIDEST
static void many_real(const as_faddeeva_rule *rule, size_t n, const double *x, double y, double *re)
{
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 v, r;
        as_load8(x + i, &v);
        const as_m8 negative = v < v * 0.0;
        const as_v8 flipped = v * 0.0 - v;
        as_select8(&negative, &flipped, &v, &v);
        if (rule->n == 12)
            block(rule, 12, 0, &v, y, &r, NULL);
        else
            block(rule, 7, 0, &v, y, &r, NULL);
        as_store8(re + i, &r);
    }
}

void as_faddeeva(const as_faddeeva_rule *rule, size_t n, const double *x, double y, double *re,
                 double *im)
{
    if (im)
        many(rule, n, x, y, re, im);
    else
        many_real(rule, n, x, y, re);
}

void as_faddeeva_at(double x, double y, double *re, double *im)
{
    double xs[AS_LANE] = { x, x, x, x, x, x, x, x }, r[AS_LANE], j[AS_LANE];
    many(&as_faddeeva_exact, AS_LANE, xs, y, r, j);
    *re = r[0];
    *im = j[0];
}
