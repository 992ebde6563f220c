/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps and series written as one long table: X, Y, Raman shift, intensity. The axis of the spectra comes again and
 * again, and between its beginnings a coordinate stands still: a series for each, with the columns that stand still
 * as its metadata. Where only others do, a frame or a number of an image, the table stays as the file has it.
 */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "spectrum.h"
#include "vocabulary.h"

enum { LEAST = 3, MOST_KEYS = 16 }; /* points of a spectrum; columns that tell which it is */

bool as_is_spectral_axis(const char *name)
{
    static const char *const axes[] = { "raman_shift", "wavenumber", "wavelength", "two_theta", "binding_energy",
                                        "kinetic_energy" };
    for (size_t i = 0; i < AS_COUNT(axes); i++)
        if (strcmp(axes[i], name) == 0) return true;
    return false;
}

/* Points until the axis begins again; `rows`: it does not. */
static size_t period_of(const as_column *x, size_t rows)
{
    size_t n = 1;
    while (n < rows && x->v.f[n] != x->v.f[0]) n++;
    return n;
}

/* And does so to the end of the table, the last spectrum perhaps cut. */
static bool comes_again(const as_column *x, size_t rows, size_t n)
{
    for (size_t i = n; i < rows; i++)
        if (x->v.f[i] != x->v.f[i - n]) return false;
    return n >= LEAST && n < rows;
}

/* A place, a time, a depth, a temperature: what a series is ordered by. x, y, z have a unit of their own. */
static bool is_coordinate(const char *name)
{
    const as_word_entry *known = as_vocabulary(AS_WORD_META, name);
    return known && (known->unit[0] || strlen(name) == 1);
}

/* Stands still within each spectrum; *varies: not in all of them alike. */
static bool is_key(const as_column *c, size_t rows, size_t n, bool *varies)
{
    *varies = false;
    if (c->type != AS_F64 || c->role != AS_ROLE_OTHER) return false;
    for (size_t i = 0; i < rows; i++) {
        const double first = c->v.f[i - i % n];
        if (c->v.f[i] != first && !(isnan(c->v.f[i]) && isnan(first))) return false;
        *varies = *varies || (first != c->v.f[0] && !isnan(first));
    }
    return true;
}

typedef struct keys {
    bool is[MOST_KEYS];
    bool ordered;      /* a coordinate differs from spectrum to spectrum */
    const char *other; /* another column that does; NULL: none */
} keys;

static keys keys_of(const as_table *t, size_t n)
{
    keys k = { .ordered = false };
    for (size_t i = 0; n < t->rows && i < t->n_columns && t->n_columns <= MOST_KEYS; i++) {
        const char *name = t->column[i]->name;
        bool varies;
        k.is[i] = is_key(t->column[i], t->rows, n, &varies);
        if (varies && k.is[i] && is_coordinate(name)) k.ordered = true;
        else if (varies && k.is[i] && !k.other) k.other = name;
    }
    return k;
}

static as_status set_key(as_ctx *ctx, as_table *t, const as_column *c, double value)
{
    if (isnan(value)) return AS_OK;
    if (is_coordinate(c->name))
        return as_set_number(ctx, t, c->name, value, NAN, c->unit, NULL);
    const bool counted = strcmp(c->unit.symbol, "1") == 0;
    const char *text = as_format(as_scratch(ctx), "%.12g%s%s", value, counted ? "" : " ",
                                 counted ? "" : c->unit.symbol);
    return text ? as_set_vendor(ctx, t, c->label ? c->label : c->name, text, NULL) : AS_ERR;
}

/* The spectrum that begins in row `from`; `whole`: points of each. */
static as_status emit_one(as_parse *job, const as_table *t, const bool *key, size_t from, size_t whole)
{
    const size_t n = t->rows - from < whole ? t->rows - from : whole;
    as_table *one = as_table_derive(job->ctx, t, n);
    if (!one) return AS_ERR;
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        if (key[i]) {
            AS_TRY(set_key(job->ctx, one, c, c->v.f[from]));
            continue;
        }
        as_column *to = c->type == AS_F64 ? as_add_column(job->ctx, one, c->name, c->role, c->unit)
                                          : as_add_text(job->ctx, one, c->name, c->role);
        if (!to) return AS_ERR;
        if (c->label && !(to->label = as_strdup(one->arena, c->label))) return AS_ERR;
        for (size_t row = 0; row < n; row++) {
            if (c->type == AS_F64) to->v.f[row] = c->v.f[from + row];
            else if (c->v.s[from + row] && !(to->v.s[row] = as_strdup(one->arena, c->v.s[from + row]))) return AS_ERR;
        }
    }
    if (n < whole)
        as_warn(job->ctx, one, NULL, "the last spectrum has %zu points, the others %zu: the file may be cut", n, whole);
    return as_emit(job->out, job->ctx, one);
}

/* "A A A B B B" beside an x that goes back where the text changes: curves below each other. The texts
 * that name branches do not part an isotherm. */
static bool tells_curves(const as_table *t, const as_column *x, const as_column *c)
{
    size_t changes = 0;
    if (c->type != AS_TEXT || strcmp(c->name, "branch") == 0) return false;
    for (size_t i = 1; i < t->rows; i++) {
        const char *before = c->v.s[i - 1] ? c->v.s[i - 1] : "", *now = c->v.s[i] ? c->v.s[i] : "";
        if (strcmp(before, now) == 0) continue;
        if (!(x->v.f[i] < x->v.f[i - 1])) return false;
        changes++;
    }
    return changes > 0 && LEAST * (changes + 1) <= t->rows;
}

static void hint_at_curves(as_parse *job, as_table *t, const as_column *x)
{
    for (size_t i = 0; x && x->type == AS_F64 && i < t->n_columns; i++) {
        if (!tells_curves(t, x, t->column[i])) continue;
        as_warn(job->ctx, t, NULL, "several curves below each other, told apart by '%s', are one series: `assay "
                "split --by %s` makes a series of each", t->column[i]->name, t->column[i]->name);
        return;
    }
}

as_status as_grid_emit(as_parse *job, as_table *t, size_t *count)
{
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const bool spectrum = x && x->type == AS_F64 && as_is_spectral_axis(x->name);
    const size_t n = spectrum ? period_of(x, t->rows) : t->rows;
    const keys k = keys_of(t, n);
    const bool again = comes_again(x, t->rows, n);
    ++*count;
    if (n < t->rows && again && !k.ordered && k.other)
        as_warn(job->ctx, t, NULL, "%s %g comes again after %zu rows, and %s tells the spectra apart: all are one "
                "series, of which `split --by %s` makes one for each", x->name, x->v.f[0], n, k.other, k.other);
    else if (n < t->rows && !(again && k.ordered))
        as_warn(job->ctx, t, NULL, "%s %g comes again after %zu rows, yet these are no series of spectra on one axis "
                "with a column that tells them apart: all are one series", x->name, x->v.f[0], n);
    else if (n == t->rows) hint_at_curves(job, t, x);
    if (!again || !k.ordered) return as_emit(job->out, job->ctx, t);
    for (size_t from = 0; from < t->rows; from += n) {
        const as_frame frame = as_enter(job->ctx);
        const as_status status = emit_one(job, t, k.is, from, n);
        as_leave(job->ctx, frame);
        AS_TRY(status);
        *count += from > 0;
    }
    return AS_OK;
}
