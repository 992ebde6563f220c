/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Impedance spectra out of tables: see impedance.h. */
#include <math.h>

#include "impedance.h"

const as_choice as_inductive_rules[] = {
    { "keep", AS_INDUCTIVE_KEEP, "none is left out" },
    { "leading", AS_INDUCTIVE_LEADING, "those that the spectrum begins with at high frequency" },
    { "all", AS_INDUCTIVE_ALL, "every point with a positive imaginary part" },
    { 0 }
};

/* Spectra come in order of frequency, either way: the search begins at the end where it belongs. */
static void insert(as_impedance *s, double f, double re, double im, size_t row)
{
    size_t k = s->n++;
    for (; k > 0 && s->f[k - 1] < f; k--) {
        s->f[k] = s->f[k - 1];
        s->re[k] = s->re[k - 1];
        s->im[k] = s->im[k - 1];
        s->row[k] = s->row[k - 1];
    }
    s->f[k] = f;
    s->re[k] = re;
    s->im[k] = im;
    s->row[k] = row;
}

static as_status room_for(as_ctx *ctx, size_t rows, as_impedance *s)
{
    *s = (as_impedance){ .f = AS_NEW_N(as_scratch(ctx), double, rows + 1),
                         .re = AS_NEW_N(as_scratch(ctx), double, rows + 1),
                         .im = AS_NEW_N(as_scratch(ctx), double, rows + 1),
                         .row = AS_NEW_N(as_scratch(ctx), size_t, rows + 1) };
    return s->f && s->re && s->im && s->row ? AS_OK : AS_ERR;
}

as_status as_impedance_of(as_ctx *ctx, const as_table *t, const as_range *frequencies, size_t least,
                          as_impedance *out)
{
    const as_column *f = as_need_column(ctx, t, "frequency"),
                    *re = as_need_column(ctx, t, "z_real");
    const as_column *im = as_need_column(ctx, t, "z_imag"), *mask = as_find_role(t, AS_ROLE_MASK);
    const as_unit hz = as_unit_of("Hz"), ohm = as_unit_of("Ohm");
    if (!f || !re || !im) return AS_ERR;
    const bool all = frequencies->lo == 0 && frequencies->hi == 0;
    const bool backwards = t->rows > 1 && f->v.f[0] < f->v.f[t->rows - 1];
    AS_TRY(room_for(ctx, t->rows, out));
    for (size_t k = 0; k < t->rows; k++) {
        const size_t i = backwards ? t->rows - 1 - k : k;
        const double at = as_unit_convert(f->v.f[i], &f->unit, &hz);
        const double a = as_unit_convert(re->v.f[i], &re->unit, &ohm);
        const double b = as_unit_convert(im->v.f[i], &im->unit, &ohm);
        if (!(at > 0) || !isfinite(at) || !isfinite(a) || !isfinite(b)) continue;
        if (mask && mask->type == AS_F64 && mask->v.f[i] > 0) continue;
        if (!all && (at < frequencies->lo || at > frequencies->hi)) continue;
        insert(out, at, a, b, i);
        out->inductive += b > 0;
    }
    if (out->n >= least) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable frequencies, at least %zu are needed",
                   out->n, least);
}

size_t as_impedance_leading(const as_impedance *s)
{
    size_t k = 0;
    while (k < s->n && s->im[k] >= 0) k++;
    return k;
}

size_t as_impedance_exclude(as_impedance *s, as_inductive_rule rule)
{
    const size_t before = s->n, lead = rule == AS_INDUCTIVE_LEADING ? as_impedance_leading(s) : 0;
    if (rule == AS_INDUCTIVE_KEEP) return 0;
    s->n = 0;
    for (size_t i = lead; i < before; i++) {
        if (rule == AS_INDUCTIVE_ALL && s->im[i] > 0) continue;
        const size_t k = s->n++;
        s->f[k] = s->f[i];
        s->re[k] = s->re[i];
        s->im[k] = s->im[i];
        s->row[k] = s->row[i];
    }
    return before - s->n;
}

const char *as_impedance_record(as_ctx *ctx, as_inductive_rule rule, size_t left_out, size_t of)
{
    return as_format(as_scratch(ctx), "inductive_points:%s:%zu_of_%zu_left_out",
                     as_inductive_rules[rule].name, left_out, of);
}
