/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference-energy: binding energies shifted so that a line of one region, usually adventitious
 * C 1s, has its agreed energy; the shift holds for all regions of the same sample and level.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"

typedef struct {
    const char *region;
    double at;
    as_range window;
    bool undo;
} reference_settings;

static const as_param params[] = {
    AS_STRING(
        reference_settings, region, "region", "C 1s",
        "the region with the line, by the beginning of its name; blanks and case do not count"),
    AS_DOUBLE(reference_settings, at, "at", "284.8", 0, 1e5, "eV", "binding energy of the line"),
    AS_RANGE(reference_settings, window, "window", ":", "eV",
             "binding energies among which the highest point is taken"),
    AS_BOOL(reference_settings, undo, "undo", "false",
            "add the charge_shift back that was taken off"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN,
      .name = "binding_energy",
      .unit = "eV",
      .help = "as x; convert-x makes it of kinetic energy" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .name = "binding_energy", .unit = "eV", .help = "shifted" },
    { .kind = AS_NEED_META, .name = "charge_shift", .unit = "eV", .help = "taken off in all" },
    { .kind = AS_NEED_RESULT, .name = "shift", .unit = "eV", .help = "added to x" },
    { 0 }
};

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Whether a region is called so: "C1s Scan", "c 1s/6" by "C 1s". */
static bool begins(const char *name, const char *wanted)
{
    for (; *wanted; wanted++) {
        if (*wanted == ' ') continue;
        while (*name == ' ') name++;
        if (folded(*name) != folded(*wanted)) return false;
        name++;
    }
    return true;
}

static bool is_reference(const reference_settings *set, const as_table *t)
{
    const as_meta *m = as_get_meta(t, "region");
    const char *name = m && m->text ? m->text : t->label ? t->label : t->name;
    return name && begins(name, set->region);
}

static bool same_text(const as_table *a, const as_table *b, const char *key)
{
    const as_meta *p = as_get_meta(a, key), *q = as_get_meta(b, key);
    if (!p || !q) return !p && !q;
    if (isfinite(p->number) || isfinite(q->number)) return p->number == q->number;
    return strcmp(p->text ? p->text : "", q->text ? q->text : "") == 0;
}

/* Charging changes from sample to sample, with etching and from place to place. */
static bool same_place(const as_table *a, const as_table *b)
{
    static const char *const keys[] = { "sample", "etch_time", "x", "y" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!same_text(a, b, keys[i])) return false;
    return true;
}

/* The binding energy of the highest point in the window, between points by a parabola. */
static as_status line_of(as_run *run, const as_table *t, double *out)
{
    const reference_settings *set = run->settings;
    const as_column *x = as_find_name(t, "binding_energy"), *y = as_find_role(t, AS_ROLE_Y);
    const as_column *mask = as_find_role(t, AS_ROLE_MASK);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < t->rows; i++) {
        if ((mask && mask->v.f[i] == 1) || !isfinite(y->v.f[i])) continue;
        if (!(x->v.f[i] >= set->window.lo && x->v.f[i] <= set->window.hi)) continue;
        if (best == SIZE_MAX || y->v.f[i] > y->v.f[best]) best = i;
    }
    if (best == SIZE_MAX || best == 0 || best + 1 == t->rows)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no maximum within the window in '%s'",
                       t->name ? t->name : set->region);
    const double a = y->v.f[best - 1], b = y->v.f[best], c = y->v.f[best + 1];
    const double bend = a - 2 * b + c;
    const double lag = bend < 0 ? fmax(-0.5, fmin(0.5, 0.5 * (a - c) / bend)) : 0;
    *out = x->v.f[best] + lag * (x->v.f[best + 1] - x->v.f[best - 1]) / 2;
    return AS_OK;
}

/* Takes `shift` off the binding energies, recorded beside what was taken off before. */
static as_status take_off(as_run *run, as_table *t, double shift, const char *method)
{
    as_column *x = as_find_name(t, "binding_energy");
    const as_meta *before = as_get_meta(t, "charge_shift");
    const double total = (before && isfinite(before->number) ? before->number : 0) + shift;
    for (size_t i = 0; i < t->rows; i++) x->v.f[i] = round((x->v.f[i] - shift) * 1e9) / 1e9;
    AS_TRY(as_set_number(run->ctx, t, "charge_shift", round(total * 1e9) / 1e9, NAN,
                         as_unit_of("eV"), NULL));
    AS_TRY(as_add_quantity(run->ctx, t, "axis", "shift", -shift, NAN, "eV", "ok", method));
    return as_emit(run->out, run->ctx, t);
}

static as_status series(as_run *run, as_table *owned)
{
    const reference_settings *set = run->settings;
    const as_column *x = as_find_role(owned, AS_ROLE_X);
    if (strcmp(x->name, "binding_energy") != 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "x is %s, expected binding_energy: convert-x first", x->name);
    if (!set->undo) return as_hold_series(run, run->state, owned);
    const as_meta *m = as_need_meta(run->ctx, owned, "charge_shift");
    return m ? take_off(run, owned, -m->number, "undone") : AS_ERR;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const reference_settings *set = run->settings;
    double *shift = AS_NEW_N(as_scratch(run->ctx), double, held->n + 1);
    if (!shift) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        size_t r = 0;
        while (r < held->n &&
               !(is_reference(set, held->t[r]) && same_place(held->t[r], held->t[i])))
            r++;
        if (r == held->n)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "no region '%s' of the same sample, etch time "
                           "and place as '%s'",
                           set->region, held->t[i]->name ? held->t[i]->name : "?");
        AS_TRY(line_of(run, held->t[r], &shift[i]));
        shift[i] -= set->at;
    }
    for (size_t i = 0; i < held->n; i++)
        AS_TRY(take_off(run, held->t[i], shift[i], "highest point of the reference"));
    return AS_OK;
}

static const as_example examples[] = {
    { "both cycles by their C 1s, the same shift for all regions of a cycle",
      "assay reference-energy --region 'C 1s' --at 285 tests/corpus/xps/charged.ecsv | "
      "grep -v '^# '" },
    { 0 }
};
static const char *const references[] = {
    "Greczynski & Hultman 2020, Prog. Mater. Sci. 107, 100591, doi:10.1016/j.pmatsci.2019.100591 "
    "(what the C 1s line is not good for)",
    NULL
};
static const char *const see_also[] = { "convert-x", "calibrate-x", "align", NULL };

const as_op as_op_reference_energy = {
    .name = "reference-energy",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(reference_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .finish = finish,
    .doc = { .summary = "shift binding energies by a line of known energy",
             .description = "The highest point of the reference region, between points by a "
                            "parabola, is put at "
                            "`--at`; all series of the same sample, etch time and place are "
                            "shifted alike. What "
                            "was taken off is kept as `charge_shift`; `--undo` adds it back.\n\n"
                            "The C 1s line of adventitious carbon follows the vacuum level and "
                            "spreads over more "
                            "than 1 eV between materials: state the reference with the result.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
