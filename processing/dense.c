/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small dense linear algebra for least squares: see dense.h. */
#include <math.h>
#include <string.h>

#include "dense.h"
#include "lanes.h"

AS_WIDEST
double as_dot(size_t n, const double *a, const double *b)
{
    as_v8 sum = { 0 };
    for (size_t i = 0; i < n; i += AS_LANE) {
        as_v8 x, y;
        as_load8(a + i, &x);
        as_load8(b + i, &y);
        sum = sum + x * y;
    }
    return as_v8_sum(sum);
}

AS_WIDEST
void as_dots(size_t n, size_t m, const double *A, size_t stride, const double *b, double *out)
{
    for (size_t k = 0; k < m; k += 4) { /* four chains of sums, so that none waits for itself */
        const double *a[4];
        for (size_t j = 0; j < 4; j++) a[j] = A + (k + j < m ? k + j : m - 1) * stride;
        as_v8 s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
        for (size_t i = 0; i < n; i += AS_LANE) {
            as_v8 x, y;
            as_load8(b + i, &y);
            as_load8(a[0] + i, &x);
            s0 = s0 + x * y;
            as_load8(a[1] + i, &x);
            s1 = s1 + x * y;
            as_load8(a[2] + i, &x);
            s2 = s2 + x * y;
            as_load8(a[3] + i, &x);
            s3 = s3 + x * y;
        }
        const double sum[4] = { as_v8_sum(s0), as_v8_sum(s1), as_v8_sum(s2), as_v8_sum(s3) };
        for (size_t j = 0; j < 4 && k + j < m; j++) out[k + j] = sum[j];
    }
}

/* Two columns against four: eight sums at once keep the arithmetic busy. */
AS_INLINE void tile(size_t rows, const double *const *a, const double *const *b, double out[2][4])
{
    as_v8 s00 = { 0 }, s01 = { 0 }, s02 = { 0 }, s03 = { 0 };
    as_v8 s10 = { 0 }, s11 = { 0 }, s12 = { 0 }, s13 = { 0 };
    for (size_t i = 0; i < rows; i += AS_LANE) {
        as_v8 x0, x1, y;
        as_load8(a[0] + i, &x0);
        as_load8(a[1] + i, &x1);
        as_load8(b[0] + i, &y);
        s00 = s00 + x0 * y;
        s10 = s10 + x1 * y;
        as_load8(b[1] + i, &y);
        s01 = s01 + x0 * y;
        s11 = s11 + x1 * y;
        as_load8(b[2] + i, &y);
        s02 = s02 + x0 * y;
        s12 = s12 + x1 * y;
        as_load8(b[3] + i, &y);
        s03 = s03 + x0 * y;
        s13 = s13 + x1 * y;
    }
    const as_v8 *const sum[2][4] = { { &s00, &s01, &s02, &s03 }, { &s10, &s11, &s12, &s13 } };
    for (int r = 0; r < 2; r++)
        for (int c = 0; c < 4; c++) out[r][c] = as_v8_sum(*sum[r][c]);
}

/* Two neighbouring columns against themselves, out[0][1] not needed. */
AS_INLINE void corner(size_t rows, const double *const *a, double out[2][4])
{
    as_v8 s00 = { 0 }, s10 = { 0 }, s11 = { 0 };
    for (size_t i = 0; i < rows; i += AS_LANE) {
        as_v8 x0, x1;
        as_load8(a[0] + i, &x0);
        as_load8(a[1] + i, &x1);
        s00 = s00 + x0 * x0;
        s10 = s10 + x1 * x0;
        s11 = s11 + x1 * x1;
    }
    out[0][0] = as_v8_sum(s00);
    out[1][0] = as_v8_sum(s10);
    out[1][1] = as_v8_sum(s11);
}

typedef struct span {
    size_t from, to; /* blocks of AS_LANE rows that are not all zero lie between */
} span;

static span span_of(size_t rows, const double *a)
{
    size_t from = 0, to = rows;
    while (from < rows && a[from] == 0) from++;
    while (to > from && a[to - 1] == 0) to--;
    return (span){ from / AS_LANE * AS_LANE, as_lanes(to) };
}

static span join(span a, span b)
{
    return (span){ a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to };
}

AS_WIDEST
void as_gram(size_t rows, size_t m, const double *A, size_t stride, double *H)
{
    enum { MOST = 1024 };
    span all[MOST]; /* of each column; of wider matrices the whole */
    for (size_t k = 0; k < m && k < MOST; k++) all[k] = span_of(rows, A + k * stride);
    for (size_t r = 0; r < m; r += 2)
        for (size_t c = 0; c <= r + 1 && c < m; c += 4) {
            const double *a[2], *b[4];
            double out[2][4] = { { 0 } };
            span left = { rows, 0 }, right = { rows, 0 };
            size_t of[4];
            for (size_t k = 0; k < 2; k++) {
                of[k] = r + k < m ? r + k : m - 1;
                a[k] = A + of[k] * stride;
                left = join(left, of[k] < MOST ? all[of[k]] : (span){ 0, rows });
            }
            for (size_t k = 0; k < 4; k++) {
                of[k] = c + k < m ? c + k : m - 1;
                b[k] = A + of[k] * stride;
                right = join(right, of[k] < MOST ? all[of[k]] : (span){ 0, rows });
            }
            const size_t from = left.from > right.from ? left.from : right.from;
            const size_t to = left.to < right.to ? left.to : right.to;
            if (from < to) {
                for (size_t k = 0; k < 2; k++) a[k] += from;
                for (size_t k = 0; k < 4; k++) b[k] += from;
                if (c == r)
                    corner(to - from, a, out);
                else
                    tile(to - from, a, b, out);
            }
            for (size_t i = 0; i < 2 && r + i < m; i++)
                for (size_t k = 0; k < 4 && c + k <= r + i; k++)
                    H[(c + k) * m + r + i] = H[(r + i) * m + c + k] = out[i][k];
        }
}

/* a_j -= beta v (v' a_j) for `m` columns, rows first .. stride. Four columns together: the sums do not wait
 * for one another. A column beyond the last is the last one, written once. */
AS_WIDEST
static void reflect(size_t first, size_t end, size_t stride, const double *v, double beta, size_t m, double *A,
                    span *of)
{
    for (size_t j = 0; j < m; j += 4) {
        double *a[4], s[4];
        const size_t n = m - j < 4 ? m - j : 4;
        bool meets = !of;
        for (size_t c = 0; of && c < n; c++) meets |= of[j + c].from < end && of[j + c].to > first;
        if (!meets) continue; /* the product is zero */
        for (size_t c = 0; of && c < n; c++) of[j + c] = join(of[j + c], (span){ first, end });
        for (size_t c = 0; c < 4; c++) a[c] = A + (j + (c < n ? c : n - 1)) * stride;
        as_v8 s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
        for (size_t i = first; i < end; i += AS_LANE) {
            as_v8 w, x;
            as_load8(v + i, &w);
            as_load8(a[0] + i, &x);
            s0 = s0 + w * x;
            as_load8(a[1] + i, &x);
            s1 = s1 + w * x;
            as_load8(a[2] + i, &x);
            s2 = s2 + w * x;
            as_load8(a[3] + i, &x);
            s3 = s3 + w * x;
        }
        s[0] = beta * as_v8_sum(s0);
        s[1] = beta * as_v8_sum(s1);
        s[2] = beta * as_v8_sum(s2);
        s[3] = beta * as_v8_sum(s3);
        for (size_t i = first; i < end; i += AS_LANE) {
            as_v8 w, x;
            as_load8(v + i, &w);
            for (size_t c = 0; c < n; c++) {
                as_load8(a[c] + i, &x);
                x = x - w * s[c];
                as_store8(a[c] + i, &x);
            }
        }
    }
}

void as_qr(size_t n, size_t m, double *A, size_t stride, double *v)
{
    enum { MOST = 1024 };
    span of[MOST]; /* of each column; wider matrices are taken as full */
    for (size_t k = 0; k < m && k < MOST; k++) of[k] = span_of(stride, A + k * stride);
    for (size_t k = 0; k < m && k < n; k++) {
        double *a = A + k * stride;
        const size_t first = k / AS_LANE * AS_LANE;
        memset(v, 0, stride * sizeof *v);
        memcpy(v + k, a + k, (n - k) * sizeof *v);
        const double norm = sqrt(as_dot(stride - first, v + first, v + first));
        memset(a + k, 0, (n - k) * sizeof *a);
        if (!(norm > 0)) {
            if (isnan(norm)) a[k] = norm;
            continue;
        }
        const double alpha = v[k] > 0 ? -norm : norm;
        v[k] -= alpha;
        a[k] = alpha;
        if (k + 1 < m) /* beta = 2 / v'v = -1 / (alpha v_k) */
            reflect(first, first + span_of(stride - first, v + first).to, stride, v, -1 / (alpha * v[k]),
                    m - k - 1, a + stride, m <= MOST ? of + k + 1 : NULL);
    }
}

/* Entries i .. m - 1 of row i less those that the rows above take off, row j with the factor
 * H[j * m + i]. Eight at a time from the end; what a block covers below i is left as it was. */
AS_INLINE void take_off(size_t i, size_t m, double *H)
{
    double *row = H + i * m;
    size_t end = m;
    while (end > i && m >= AS_LANE) {
        const size_t from = end > AS_LANE ? end - AS_LANE : 0, kept = from > i ? from : i;
        double left[AS_LANE];
        as_v8 sum, other;
        as_load8(row + from, &sum);
        for (size_t j = 0; j < i; j++) {
            as_load8(H + j * m + from, &other);
            sum = sum - other * H[j * m + i];
        }
        as_store8(left, &sum);
        memcpy(row + kept, left + (kept - from), (end - kept) * sizeof *left);
        end = kept;
    }
    for (size_t j = 0; j < i && end > i; j++)
        for (size_t k = i; k < m; k++) row[k] -= H[j * m + k] * H[j * m + i];
}

/* Row by row of R, each built in the lower triangle, where it is contiguous. */
AS_WIDEST
bool as_cholesky(size_t m, double *H, double least)
{
    for (size_t i = 0; i < m; i++) {
        double *row = H + i * m; /* row i of R from the diagonal on */
        const double diagonal = row[i];
        for (size_t k = i + 1; k < m; k++) row[k] = H[k * m + i];
        take_off(i, m, H);
        if (!(row[i] > least * diagonal)) return false;
        const double root = sqrt(row[i]);
        row[i] = root;
        for (size_t k = i + 1; k < m; k++) row[k] = H[k * m + i] = row[k] / root;
    }
    return true;
}

void as_back(size_t m, const double *R, double *b)
{
    for (size_t k = m; k-- > 0;) {
        b[k] /= R[k * m + k];
        for (size_t i = 0; i < k; i++) b[i] -= R[k * m + i] * b[k];
    }
}

void as_forward(size_t m, const double *R, double *b)
{
    for (size_t k = 0; k < m; k++) {
        for (size_t i = 0; i < k; i++) b[k] -= R[k * m + i] * b[i];
        b[k] /= R[k * m + k];
    }
}

void as_invert(size_t m, const double *R, double *inverse)
{
    memset(inverse, 0, m * m * sizeof *inverse);
    for (size_t k = 0; k < m; k++) {
        double *column = inverse + k * m;
        column[k] = 1;
        for (size_t j = k + 1; j-- > 0;) {
            column[j] /= R[j * m + j];
            if (column[j] == 0) continue;
            for (size_t i = 0; i < j; i++) column[i] -= R[j * m + i] * column[j];
        }
    }
}

void as_outer(size_t m, const double *inverse, double *C)
{
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k <= i; k++) {
            double s = 0;
            for (size_t j = i; j < m; j++) s += inverse[j * m + i] * inverse[j * m + k];
            C[i * m + k] = C[k * m + i] = s;
        }
}

double as_condition(size_t m, const double *R, const double *inverse)
{
    double a = 0, b = 0;
    for (size_t k = 0; k < m; k++) {
        double s = 0, t = 0;
        for (size_t i = 0; i <= k; i++) {
            s += fabs(R[k * m + i]);
            t += fabs(inverse[k * m + i]);
        }
        a = fmax(a, s);
        b = fmax(b, t);
    }
    return a * b;
}

void as_damped(size_t m, const double *R, const double *E, double *b, double *work)
{
    double *S = work, *row = work + m * m; /* S: a copy of R, rotated; row: one of E, filling in */
    memcpy(S, R, m * m * sizeof *S);
    for (size_t j = 0; j < m; j++) {
        double rest = 0;
        memset(row, 0, m * sizeof *row);
        row[j] = E[j];
        for (size_t k = j; k < m; k++) {
            if (row[k] == 0) continue;
            const double r = hypot(S[k * m + k], row[k]), c = S[k * m + k] / r, s = row[k] / r;
            for (size_t i = k; i < m; i++) {
                const double up = S[i * m + k], down = row[i];
                S[i * m + k] = c * up + s * down;
                row[i] = c * down - s * up;
            }
            const double up = b[k];
            b[k] = c * up + s * rest;
            rest = c * rest - s * up;
        }
    }
    as_back(m, S, b);
}
