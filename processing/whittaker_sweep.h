/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two sweeps of whittaker.c, written once for T = double and T = eight lanes.
 * Included with T, SWEEP and ONE (the number 1 as a T) defined.
 *
 * Going in from an end, the rows so far leave a quadratic form in the present value l and
 * slope s (towards the end):  a l^2 + 2 b l s + c s^2 - 2 p l - 2 q s, all over lambda.
 * The next slope s' may differ from s at the price (s' - s)^2; the best s for given s', l is
 * k (s' + q - b l) with k = 1 / (c + 1), which is put in; then l = l' - s' makes the form
 * one in the next row's value, and that row's own w (y - l')^2 is added.
 */

typedef struct { T a, b, c, p, q; } SWEEP(form);

/* One row inwards; stores what the way back needs and adds row `y` of weight w. */
AS_INLINE void SWEEP(step)(SWEEP(form) *f, T w, T y, T *k_at, T *b_at, T *q_at)
{
    const T k = ONE / (f->c + ONE);
    *k_at = k;
    *b_at = f->b;
    *q_at = f->q;
    const T bk = f->b * k;
    const T a = f->a - f->b * bk;
    const T p = f->p - f->q * bk;
    f->c = k * (f->c - (f->b + f->b)) + a;
    f->b = bk - a;
    f->q = f->q * k - p;
    f->p = p + w * y;
    f->a = a + w;
}

/* One row outwards: the next value from value and slope, then the next slope. */
AS_INLINE void SWEEP(back)(T *l, T *s, T k, T b, T q)
{
    *l = *l - *s;
    *s = k * ((*s + q) - b * *l);
}

AS_INLINE void SWEEP(solve)(size_t n, const T *y, const T *w, T over, T *work, T *z)
{
    T *k = work, *b = work + n, *q = work + 2 * n;
    const size_t half = n / 2;
    const T zero = ONE - ONE;
    SWEEP(form) left = { over * w[0], zero, zero, over * w[0] * y[0], zero };
    SWEEP(form) right = { over * w[n - 1], zero, zero, over * w[n - 1] * y[n - 1], zero };

    /* k, b, q of row i belong to the step from i to its inner neighbour */
    for (size_t i = 1; i < half; i++) {
        const size_t j = n - 1 - i;
        SWEEP(step)(&left, over * w[i], y[i], &k[i - 1], &b[i - 1], &q[i - 1]);
        SWEEP(step)(&right, over * w[j], y[j], &k[j + 1], &b[j + 1], &q[j + 1]);
    }
    if (n % 2) /* the middle row goes to the left half */
        SWEEP(step)(&left, over * w[half], y[half], &k[half - 1], &b[half - 1], &q[half - 1]);

    /* Where they meet: the left form moved to the right half's first row, the right form with
     * its slope put in; both in that row's value l and the slope s that leads to it. */
    const size_t first = half + n % 2;
    SWEEP(step)(&left, zero, zero, &k[first - 1], &b[first - 1], &q[first - 1]);
    const T kr = ONE / (right.c + ONE);
    k[first] = kr;
    b[first] = right.b;
    q[first] = right.q;
    const T a = left.a + (right.a - right.b * right.b * kr);
    const T c = left.c + right.c * kr;
    const T cross = left.b - right.b * kr;
    const T p = left.p + (right.p - right.b * right.q * kr);
    const T s0 = left.q - right.q * kr;
    const T det = ONE / (a * c - cross * cross);
    const T l = (p * c - cross * s0) * det;
    const T s = (a * s0 - cross * p) * det;

    T l1 = l, s1 = s, l2 = l - s, s2 = zero - s;
    if (n % 2) {
        SWEEP(back)(&l1, &s1, k[half], b[half], q[half]);
        z[half] = l1;
    }
    for (size_t i = half; i-- > 0;) {
        const size_t j = n - 1 - i;
        SWEEP(back)(&l1, &s1, k[i], b[i], q[i]);
        SWEEP(back)(&l2, &s2, k[j], b[j], q[j]);
        z[i] = l1;
        z[j] = l2;
    }
}
