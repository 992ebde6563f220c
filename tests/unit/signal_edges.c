/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every operation on a curve meets tables that have almost nothing in common with a spectrum: it
 * answers or refuses, and never crashes, hangs or leaves the table broken. */
#include "check.h"
#include "dice.h"
#include "run_op.h"

static const struct { const char *op, *options; } required[] = {
    { "baseline-points", "--points 2,5" },       { "baseline-spread", "--region 0:10" },
    { "rebin", "--factor 2" },                   { "deconvolve-fourier", "--fwhm 3pt" },
    { "peak-area", "--window 0:10" },            { "calc", "--let y=2*y" },
    { "calibrate-x", "--pair 1=2" },             { "convert-x", "--to wavelength" },
    { "convert-y", "--unit count" },
};
static const char *const groups[] = { "baseline", "smooth", "peaks", "transform" };
static as_ctx *ctx;

static const char *options_of(const as_op *op)
{
    for (size_t k = 0; k < sizeof required / sizeof *required; k++)
        if (strcmp(required[k].op, op->name) == 0) return required[k].options;
    for (const as_param *p = op->params; p && p->name; p++)
        if (!p->def) return NULL; /* needs files or what this test does not know */
    return "";
}

static bool on_curves(const as_op *op)
{
    for (size_t k = 0; k < sizeof groups / sizeof *groups; k++)
        if (strcmp(groups[k], op->group) == 0) return true;
    return false;
}

enum { KINDS = 13, MOST = 40 };

static size_t make(int kind, double *x, double *y)
{
    static const size_t rows[KINDS] = { 0, 1, 2, 3, 4, 5, 7, 8, 40, 40, 40, 40, 40 };
    const size_t n = rows[kind];
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)i;
        y[i] = uniform();
    }
    for (size_t i = 0; i < n; i++) {
        if (kind == 8) y[i] = 7;
        if (kind == 9) y[i] = NAN;
        if (kind == 10) x[i] = 3;
        if (kind == 11) y[i] = i % 2 ? 1e300 : -1e300;
        if (kind == 12) y[i] = i < 3 ? 1 : NAN;
    }
    return n;
}

/* A masked row counts as little as one that is nan, whatever stands in it. */
static void masks(void)
{
    enum { N = 300 };
    double x[N], y[N];
    size_t compared = 0;
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = 20 + 0.02 * (double)i + 30 * exp(-pow(((double)i - 140) / 6, 2)) + 0.2 * normal();
    }
    for (const as_op *const *o = as_ops; *o; o++) {
        const bool curve = strcmp((*o)->group, "baseline") == 0 || strcmp((*o)->group, "smooth") == 0;
        const char *options = curve && (*o)->series && !(*o)->finish ? options_of(*o) : NULL;
        if (!options) continue;
        const as_frame frame = as_enter(ctx);
        as_table *t[2];
        caught out[2];
        as_status s[2];
        for (int k = 0; k < 2; k++) {
            t[k] = curve_table(ctx, N, x, y, "raman_shift", "cm-1", "count");
            as_column *mask = as_add_column(ctx, t[k], "mask", AS_ROLE_MASK, AS_UNITLESS);
            for (size_t i = 60; i < 64; i++) {
                mask->v.f[i] = k == 0;
                t[k]->column[1]->v.f[i] = k == 0 ? 1e6 : NAN;
            }
            s[k] = run_tables(ctx, (*o)->name, options, 1, &t[k], false, &out[k]);
            if (s[k] != AS_OK) as_forget_error(ctx);
        }
        CHECK(s[0] == s[1]);
        if (s[0] == AS_OK && s[1] == AS_OK && out[0].n == 1 && out[1].n == 1) {
            const bool base = strcmp((*o)->group, "baseline") == 0;
            const as_column *a = as_find_role(out[0].t[0], base ? AS_ROLE_BASELINE : AS_ROLE_Y);
            const as_column *b = as_find_role(out[1].t[0], base ? AS_ROLE_BASELINE : AS_ROLE_Y);
            bool same = (a != NULL) == (b != NULL);
            for (size_t i = 0; a && b && i < N; i++)
                if (base || i < 60 || i >= 64) same &= a->v.f[i] == b->v.f[i] || (isnan(a->v.f[i]) && isnan(b->v.f[i]));
            if (!same) printf("%s: a masked row matters\n", (*o)->name);
            CHECK(same);
            compared++;
        }
        as_leave(ctx, frame);
    }
    printf("masks compared in %zu operations\n", compared);
    CHECK(compared > 45);
}

/* Curves on a level far above their height: several at once have the baselines that one alone has, and those lie
 * among the rows. */
static void levels(void)
{
    enum { N = 300 };
    double x[N], y[N];
    size_t compared = 0;
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = 1e7 + 0.02 * (double)i + 30 * exp(-pow(((double)i - 140) / 6, 2)) + 0.2 * normal();
    }
    for (const as_op *const *o = as_ops; *o; o++) {
        const char *options = (*o)->batch && strcmp((*o)->group, "baseline") == 0 ? options_of(*o) : NULL;
        if (!options) continue;
        const as_frame frame = as_enter(ctx);
        as_table *t[4];
        caught one, three;
        for (size_t k = 0; k < 4; k++) t[k] = curve_table(ctx, N, x, y, "raman_shift", "cm-1", "count");
        const as_status single = run_tables(ctx, (*o)->name, options, 1, t, false, &one);
        if (single != AS_OK) as_forget_error(ctx);
        const as_status many = run_tables(ctx, (*o)->name, options, 3, t + 1, true, &three);
        if (many != AS_OK) as_forget_error(ctx);
        CHECK(single == many);
        for (size_t k = 0; single == AS_OK && many == AS_OK && k < three.n; k++) {
            const as_column *a = as_find_role(one.t[0], AS_ROLE_BASELINE), *b = as_find_role(three.t[k], AS_ROLE_BASELINE);
            bool same = a && b;
            for (size_t i = 0; same && i < N; i++)
                same = fabs(a->v.f[i] - b->v.f[i]) < 1e-6 && fabs(b->v.f[i] - 1e7) < 100;
            if (!same) printf("%s: the level matters\n", (*o)->name);
            CHECK(same);
            compared += same;
        }
        as_leave(ctx, frame);
    }
    printf("%zu curves far up compared\n", compared);
    CHECK(compared > 15);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    masks();
    levels();
    size_t tried = 0, refused = 0;
    for (const as_op *const *o = as_ops; *o; o++) {
        const char *options = on_curves(*o) && (*o)->series ? options_of(*o) : NULL;
        if (!options) continue;
        for (int kind = 0; kind < KINDS; kind++) {
            double x[MOST], y[MOST];
            const size_t n = make(kind, x, y);
            const as_frame frame = as_enter(ctx);
            as_table *t[AS_LANES];
            caught out;
            const size_t lanes = (*o)->batch ? 3 : 1;
            for (size_t k = 0; k < lanes; k++) t[k] = curve_table(ctx, n, x, y, "raman_shift", "cm-1", "count");
            const as_status s = run_tables(ctx, (*o)->name, options, lanes, t, lanes > 1, &out);
            tried++;
            refused += s != AS_OK;
            if (s != AS_OK && as_pending(ctx) == AS_E_BUG) printf("%s kind %d: %s\n", (*o)->name, kind, as_pending_message(ctx));
            CHECK(s == AS_OK || as_pending(ctx) != AS_E_BUG);
            if (s != AS_OK) as_forget_error(ctx);
            for (size_t k = 0; s == AS_OK && k < out.n; k++) {
                CHECK(as_find_role(out.t[k], AS_ROLE_X) && as_find_role(out.t[k], AS_ROLE_Y));
                for (size_t c = 0; c < out.t[k]->n_columns; c++) CHECK(out.t[k]->column[c]->name != NULL);
            }
            as_leave(ctx, frame);
        }
    }
    printf("%zu tries, %zu refused\n", tried, refused);
    CHECK(tried > 500 && refused > tried / 5);
    as_ctx_free(ctx);
    DONE();
}
