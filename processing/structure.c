/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crystal structures and their structure factors: see structure.h. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "structure.h"

enum { WORDS_MAX = 10, ITEMS_MAX = 256 };

static const double degree = 0.017453292519943295, pi = 3.14159265358979323846;

/* The blank-separated words of a line, comment taken off. */
static size_t words_of(as_arena *a, const as_line *line, const char *word[WORDS_MAX])
{
    size_t n = 0, at = 0;
    while (n < WORDS_MAX) {
        at += strspn(line->text + at, " \t\r");
        const size_t length = strcspn(line->text + at, " \t\r#");
        if (!length) break;
        if (!(word[n] = as_strndup(a, line->text + at, length))) break;
        n++;
        at += length;
    }
    return n;
}

static as_status numbers_of(as_ctx *ctx, const as_line *line, const char *const *word, size_t n,
                            double *out)
{
    for (size_t i = 0; i < n; i++)
        if (!as_read_number(word[i], strlen(word[i]), '.', &out[i]))
            return as_fail(ctx, AS_E_SYNTAX, &line->where, "'%s' found, expected a number", word[i]);
    return AS_OK;
}

static const as_form_factor *element_of(as_ctx *ctx, const as_line *line, const char *name)
{
    const as_form_factor *f = as_form_factor_of(name);
    if (!f)
        (void)!as_fail(ctx, AS_E_SYNTAX, &line->where, "no form factor of '%s' is in the list", name);
    return f;
}

static as_status line_of(as_ctx *ctx, const as_line *line, size_t n, const char **word,
                         as_structure *s)
{
    double v[6];
    const char *kind = word[0];
    if (strcmp(kind, "cell") == 0 && n == 2) return as_cell_parse(ctx, word[1], &s->cell);
    const bool guest = strcmp(kind, "guest") == 0;
    if ((guest || strcmp(kind, "site") == 0) && n == 8 && s->n_sites < ITEMS_MAX) {
        AS_TRY(numbers_of(ctx, line, word + 3, 5, v));
        const as_form_factor *f = element_of(ctx, line, word[2]);
        if (!f) return AS_ERR;
        s->site[s->n_sites++] = (as_site){ word[1], f, { v[0], v[1], v[2] }, v[3], v[4],
                                             guest };
        return AS_OK;
    }
    if (strcmp(kind, "radius") == 0 && n == 3 && s->n_radii < ITEMS_MAX) {
        AS_TRY(numbers_of(ctx, line, word + 2, 1, v));
        const as_form_factor *f = element_of(ctx, line, word[1]);
        if (!f) return AS_ERR;
        s->radius[s->n_radii++] = (as_vdw){ f, v[0] };
        return AS_OK;
    }
    if (strcmp(kind, "cage") == 0 && n == 6 && s->n_cages < ITEMS_MAX) {
        AS_TRY(numbers_of(ctx, line, word + 2, 4, v));
        s->cage[s->n_cages++] = (as_cage){ word[1], { v[0], v[1], v[2] }, v[3], 0 };
        return AS_OK;
    }
    return as_fail(ctx, AS_E_SYNTAX, &line->where,
                   "expected 'cell TEXT', 'site' or 'guest NAME ELEMENT x y z occupancy B', 'radius ELEMENT r' "
                   "or 'cage NAME x y z r', found '%s' with %zu words", kind, n - 1);
}

as_status as_structure_parse(as_ctx *ctx, as_arena *arena, const as_input *in, as_structure *out)
{
    *out = (as_structure){ .site = AS_NEW_N(arena, as_site, ITEMS_MAX),
                           .cage = AS_NEW_N(arena, as_cage, ITEMS_MAX),
                           .radius = AS_NEW_N(arena, as_vdw, ITEMS_MAX) };
    if (!out->site || !out->cage || !out->radius) return AS_ERR;
    as_lines it = { .in = in, .decimal = '.' };
    as_line line;
    as_more more;
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM) {
        const char *word[WORDS_MAX];
        const size_t n = words_of(arena, &line, word);
        if (n) AS_TRY(line_of(ctx, &line, n, word, out));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!out->cell.symmetry.n || !out->n_sites)
        return as_fail(ctx, AS_E_SYNTAX, &(as_where){ .file = in->name },
                       "a structure needs a 'cell' line and a 'site' line");
    return AS_OK;
}

static double wrapped(double x)
{
    const double f = x - floor(x);
    return f > 1 - 1e-9 ? 0 : f;
}

static bool same_place(const double *a, const double *b)
{
    for (int i = 0; i < 3; i++) {
        const double d = fabs(a[i] - b[i]);
        if (fmin(d, 1 - d) > 5e-4) return false;
    }
    return true;
}

as_status as_atoms_of(as_ctx *ctx, as_arena *arena, const as_structure *s, as_atoms *out)
{
    (void)ctx;
    const as_symmetry *group = &s->cell.symmetry;
    out->n = 0;
    out->x = as_alloc(arena, s->n_sites * group->n, sizeof *out->x);
    out->site = AS_NEW_N(arena, size_t, s->n_sites * group->n);
    if (!out->x || !out->site) return AS_ERR;
    for (size_t k = 0; k < s->n_sites; k++) {
        const size_t first = out->n;
        for (size_t g = 0; g < group->n; g++) {
            const as_symmetry_op *op = &group->op[g];
            double *x = out->x[out->n];
            for (int i = 0; i < 3; i++)
                x[i] = wrapped(op->r[i][0] * s->site[k].x[0] + op->r[i][1] * s->site[k].x[1] +
                               op->r[i][2] * s->site[k].x[2] + op->t[i] / (double)AS_TRANSLATION);
            bool seen = false;
            for (size_t j = first; j < out->n && !seen; j++) seen = same_place(out->x[j], x);
            if (!seen) out->site[out->n++] = k;
        }
    }
    return AS_OK;
}

void as_structure_factor(const as_structure *s, const as_atoms *atoms, const double *f,
                         const int hkl[3], double s2, double out[2])
{
    out[0] = out[1] = 0;
    for (size_t i = 0; i < atoms->n; i++) {
        const as_site *site = &s->site[atoms->site[i]];
        const double *x = atoms->x[i];
        const double phase = 2 * pi * (hkl[0] * x[0] + hkl[1] * x[1] + hkl[2] * x[2]);
        const double w = site->occupancy * f[atoms->site[i]] * exp(-site->b * s2);
        out[0] += w * cos(phase);
        out[1] += w * sin(phase);
    }
}

double as_lorentz_polarisation(double two_theta)
{
    const double t = two_theta * degree, c = cos(t), s = sin(t / 2);
    return (1 + c * c) / (s * s * cos(t / 2));
}
