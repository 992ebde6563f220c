/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels and their inversion: see pore_kernel.h. */
#include <math.h>
#include <string.h>

#include "interpolate.h"
#include "number.h"
#include "pore_kernel.h"

enum { PER_DECADE = 4, LOWEST = -10, HIGHEST = 4, STRENGTHS = PER_DECADE * (HIGHEST - LOWEST) + 1, MAX_WIDTHS = 4096 };

static char separator_of(const as_line *line)
{
    return memchr(line->text, ',', line->length)    ? ','
           : memchr(line->text, ';', line->length)  ? ';'
           : memchr(line->text, '\t', line->length) ? '\t'
                                                    : 0;
}

static as_more next_row(as_ctx *ctx, as_lines *it, as_line *line)
{
    as_more more;
    while ((more = as_next_line(ctx, it, line)) == AS_ITEM)
        if (line->length && line->text[0] != '#') break;
    return more;
}

static as_status read_widths(as_ctx *ctx, as_arena *a, const as_line *line, char separator, as_pore_kernel *k)
{
    as_field *f;
    size_t n = 0;
    AS_TRY(as_fields(ctx, line, separator, &f, &n));
    if (n < 4 || n > MAX_WIDTHS)
        return as_fail(ctx, AS_E_SYNTAX, &line->where,
                       "%zu columns, expected a column of pressures and 3 to %d pore widths", n, MAX_WIDTHS - 1);
    k->n_w = n - 1;
    k->width = AS_NEW_N(a, double, n);
    k->edge = AS_NEW_N(a, double, n + 1);
    if (!k->width || !k->edge) return AS_ERR;
    for (size_t j = 0; j < k->n_w; j++) {
        const as_where where = as_in_line(line, f[j + 1].at, f[j + 1].length);
        if (!as_read_number(f[j + 1].text, f[j + 1].length, '.', &k->width[j]) ||
            !(k->width[j] > (j ? k->width[j - 1] : 0)))
            return as_fail(ctx, AS_E_SYNTAX, &where, "'%s' found, expected a pore width in nm above the one before",
                           f[j + 1].text);
    }
    for (size_t j = 1; j < k->n_w; j++) k->edge[j] = (k->width[j - 1] + k->width[j]) / 2;
    k->edge[0] = fmax(k->width[0] - (k->edge[1] - k->width[0]), k->width[0] / 2);
    k->edge[k->n_w] = 2 * k->width[k->n_w - 1] - k->edge[k->n_w - 1];
    return AS_OK;
}

/* A row that is not all right: where. */
static as_status refuse_row(as_ctx *ctx, const as_line *line, char separator, const as_pore_kernel *k)
{
    as_field *f;
    size_t n = 0;
    AS_TRY(as_fields(ctx, line, separator, &f, &n));
    if (n != k->n_w + 1)
        return as_fail(ctx, AS_E_SYNTAX, &line->where, "%zu numbers, expected a pressure and %zu amounts", n, k->n_w);
    for (size_t j = 0; j < n; j++) {
        const as_where where = as_in_line(line, f[j].at, f[j].length);
        double v = NAN;
        if (!as_read_number(f[j].text, f[j].length, '.', &v) || !(v >= 0) || !isfinite(v) || (j == 0 && v > 1))
            return as_fail(ctx, AS_E_SYNTAX, &where, "'%s' found, expected %s", f[j].text,
                           j ? "an amount that is not negative" : "a relative pressure from 0 to 1");
    }
    return as_fail(ctx, AS_E_SYNTAX, &line->where, "expected a pressure and %zu amounts", k->n_w);
}

static as_status read_row(as_ctx *ctx, const as_lines *it, const as_line *line, const as_pore_kernel *k, double *row)
{
    bool right = as_line_numbers(it, line, k->n_w + 1, row) == k->n_w + 1 && row[0] <= 1;
    for (size_t j = 0; j <= k->n_w; j++) right &= row[j] >= 0 && isfinite(row[j]);
    return right ? AS_OK : refuse_row(ctx, line, it->separator, k);
}

/* Rows to rising pressures, the one at 0 left out. */
static as_status turn(as_ctx *ctx, as_arena *a, const as_input *in, size_t n, double *const *row, as_pore_kernel *k)
{
    const as_where where = { .file = in->name };
    size_t *order = AS_NEW_N(as_scratch(ctx), size_t, n + 1);
    if (!order) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        if (!(row[i][0] > 0)) continue;
        size_t at = k->n_p++;
        for (; at && row[order[at - 1]][0] > row[i][0]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    if (k->n_p < 3) return as_fail(ctx, AS_E_SYNTAX, &where, "%zu pressures above 0, expected at least 3", k->n_p);
    k->p = AS_NEW_N(a, double, k->n_p);
    k->amount = AS_NEW_N(a, double, k->n_p * k->n_w);
    if (!k->p || !k->amount) return AS_ERR;
    for (size_t i = 0; i < k->n_p; i++) {
        k->p[i] = row[order[i]][0];
        if (i && !(k->p[i] > k->p[i - 1]))
            return as_fail(ctx, AS_E_SYNTAX, &where, "the pressure %g occurs twice", k->p[i]);
        for (size_t j = 0; j < k->n_w; j++) k->amount[j * k->n_p + i] = row[order[i]][j + 1];
    }
    return AS_OK;
}

as_status as_pore_kernel_read(as_ctx *ctx, as_arena *a, const as_input *in, as_pore_kernel *out)
{
    as_lines it = { .in = in };
    as_line line;
    double **row = NULL;
    size_t n = 0, room = 0;
    *out = (as_pore_kernel){ 0 };
    as_more more = next_row(ctx, &it, &line);
    if (more == AS_FAILED) return AS_ERR;
    if (more == AS_DONE) return as_need_line(ctx, &it, &line, "a line of pore widths");
    const char separator = separator_of(&line);
    AS_TRY(read_widths(ctx, a, &line, separator, out));
    it.separator = separator == '\t' ? 0 : separator;
    while ((more = next_row(ctx, &it, &line)) == AS_ITEM) {
        if (n == room) {
            double **wider = AS_NEW_N(as_scratch(ctx), double *, room = 2 * room + 64);
            if (!wider) return AS_ERR;
            if (n) memcpy(wider, row, n * sizeof *row);
            row = wider;
        }
        if (!(row[n] = AS_NEW_N(as_scratch(ctx), double, out->n_w + 1))) return AS_ERR;
        AS_TRY(read_row(ctx, &it, &line, out, row[n++]));
    }
    if (more == AS_FAILED) return AS_ERR;
    return turn(ctx, a, in, n, row, out);
}

as_status as_pore_kernel_at(as_ctx *ctx, const as_pore_kernel *k, size_t n, const double *p, double factor,
                            double *out)
{
    double *ln_k = AS_NEW_N(as_scratch(ctx), double, 4 * k->n_p + n);
    if (!ln_k) return AS_ERR;
    double *ln_p = ln_k + k->n_p, *work = ln_p + n;
    for (size_t i = 0; i < k->n_p; i++) ln_k[i] = log(k->p[i]);
    for (size_t i = 0; i < n; i++) ln_p[i] = fmin(fmax(log(p[i]), ln_k[0]), ln_k[k->n_p - 1]);
    for (size_t j = 0; j < k->n_w; j++) {
        as_interpolate(AS_PCHIP, k->n_p, ln_k, k->amount + j * k->n_p, false, n, ln_p, work, out + j * n);
        for (size_t i = 0; i < n; i++) out[j * n + i] *= factor;
    }
    return AS_OK;
}

/* Row r of the penalty: the second derivative of dV/d ln w at width r + 1, three coefficients, times the root of
 * its piece of ln w. */
static void penalty(const as_pore_kernel *k, size_t r, double c[3])
{
    const double *w = k->width + r, h1 = log(w[1] / w[0]), h2 = log(w[2] / w[1]), piece = sqrt((h1 + h2) / 2);
    const double second[3] = { 2 / (h1 * (h1 + h2)), -2 / (h1 * h2), 2 / (h2 * (h1 + h2)) };
    for (size_t i = 0; i < 3; i++) c[i] = piece * second[i] / log(k->edge[r + i + 1] / k->edge[r + i]);
}

as_status as_pore_inverse_new(as_arena *a, const as_pore_kernel *k, size_t n, const double *data,
                              const double *amounts, as_pore_inverse *out)
{
    const size_t rows = n + k->n_w - 2;
    double of_data = 0, of_penalty = 0;
    *out = (as_pore_inverse){ .kernel = k, .n = n, .rows = rows, .A = AS_NEW_N(a, double, rows * k->n_w),
                              .b = AS_NEW_N(a, double, rows), .volume = AS_NEW_N(a, double, k->n_w) };
    if (!out->A || !out->b || !out->volume) return AS_ERR;
    for (size_t j = 0; j < k->n_w; j++)
        for (size_t i = 0; i < n; i++) {
            out->A[j * rows + i] = data[j * n + i];
            of_data += data[j * n + i] * data[j * n + i];
        }
    for (size_t r = 0; r + 2 < k->n_w; r++) {
        double c[3];
        penalty(k, r, c);
        of_penalty += c[0] * c[0] + c[1] * c[1] + c[2] * c[2];
    }
    memcpy(out->b, amounts, n * sizeof *amounts);
    out->scale = of_data / of_penalty;
    return as_nnls_new(a, rows, k->n_w, out->A, &out->nnls);
}

static void judge(as_pore_inverse *v)
{
    const as_pore_kernel *k = v->kernel;
    v->residual2 = v->roughness2 = 0;
    for (size_t i = 0; i < v->n; i++) {
        double left = v->b[i];
        for (size_t j = 0; j < k->n_w; j++) left -= v->volume[j] * v->A[j * v->rows + i];
        v->residual2 += left * left;
    }
    for (size_t r = 0; r + 2 < k->n_w; r++) {
        double c[3];
        penalty(k, r, c);
        const double bend = c[0] * v->volume[r] + c[1] * v->volume[r + 1] + c[2] * v->volume[r + 2];
        v->roughness2 += v->scale * bend * bend;
    }
    v->effective = as_nnls_leverage(&v->nnls, v->n);
}

as_status as_pore_inverse_solve(as_ctx *ctx, as_pore_inverse *v, double strength)
{
    const as_pore_kernel *k = v->kernel;
    const double root = sqrt(strength * v->scale);
    for (size_t r = 0; r + 2 < k->n_w; r++) {
        double c[3];
        penalty(k, r, c);
        for (size_t i = 0; i < 3; i++) v->A[(r + i) * v->rows + v->n + r] = root * c[i];
    }
    memset(v->volume, 0, k->n_w * sizeof *v->volume);
    as_nnls_begin(&v->nnls);
    AS_TRY(as_nnls_solve(ctx, &v->nnls, v->b, v->volume));
    judge(v);
    return AS_OK;
}

as_status as_pore_inverse_again(as_ctx *ctx, as_pore_inverse *v, const double *amounts)
{
    memcpy(v->b, amounts, v->n * sizeof *amounts);
    AS_TRY(as_nnls_solve(ctx, &v->nnls, v->b, v->volume));
    judge(v);
    return AS_OK;
}

/* How far a point of the L-curve lies below the chord of its ends, both axes from 0 to 1. */
static double corner(const double *x, const double *y, size_t i)
{
    const double dx = x[STRENGTHS - 1] - x[0], dy = y[0] - y[STRENGTHS - 1];
    return dx > 0 && dy > 0 ? 1 - (x[i] - x[0]) / dx - (y[i] - y[STRENGTHS - 1]) / dy : 0;
}

as_status as_pore_inverse_choose(as_ctx *ctx, as_pore_inverse *v, as_pore_penalty by, double *strength, bool *at_end)
{
    double score[STRENGTHS], x[STRENGTHS], y[STRENGTHS];
    size_t best = 0;
    for (size_t i = 0; i < STRENGTHS; i++) {
        AS_TRY(as_pore_inverse_solve(ctx, v, pow(10, (double)i / PER_DECADE + LOWEST)));
        const double free = (double)v->n - v->effective;
        score[i] = free > 0 ? (double)v->n * v->residual2 / (free * free) : INFINITY;
        x[i] = log(v->residual2 + 1e-300) / 2;
        y[i] = log(v->roughness2 + 1e-300) / 2;
    }
    for (size_t i = 0; i < STRENGTHS && by == AS_PORE_LCURVE; i++) score[i] = -corner(x, y, i);
    for (size_t i = 1; i < STRENGTHS; i++)
        if (score[i] < score[best]) best = i;
    *at_end = best == 0 || best == STRENGTHS - 1;
    *strength = pow(10, (double)best / PER_DECADE + LOWEST);
    return as_pore_inverse_solve(ctx, v, *strength);
}

void as_pore_inverse_fitted(const as_pore_inverse *v, double *out)
{
    for (size_t i = 0; i < v->n; i++) out[i] = 0;
    for (size_t j = 0; j < v->kernel->n_w; j++)
        for (size_t i = 0; i < v->n; i++) out[i] += v->volume[j] * v->A[j * v->rows + i];
}
