/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference-energy: binding energies shifted so that a line of one region, usually adventitious
 * C 1s, has its agreed energy; the shift holds for all regions of the same sample and level.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "photoline.h"

typedef struct {
    const char *region, *item;
    double at, at_u;
    as_range window;
    bool undo;
} reference_settings;

static const as_param params[] = {
    AS_STRING(
        reference_settings, region, "region", "C 1s",
        "the region with the line, by the beginning of its name; blanks and case do not count"),
    AS_DOUBLE(reference_settings, at, "at", "284.8", 0, 1e5, "eV", "binding energy of the line"),
    AS_DOUBLE(reference_settings, at_u, "at-u", "0eV", 0, 100, "eV",
              "standard uncertainty of that energy, from one material to another"),
    AS_STRING(reference_settings, item, "item", "",
              "fitted component of the region that is the line; none: its highest point"),
    AS_RANGE(reference_settings, window, "window", ":", "eV",
             "binding energies among which the highest point is taken"),
    AS_BOOL(reference_settings, undo, "undo", "no",
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

/* Energies that were found before move with the axis. */
static void move_results(as_table *t, double by)
{
    static const char *const energies[] = { "position", "center", "centroid" };
    for (size_t i = 0; i < t->n_results; i++)
        for (size_t k = 0; k < sizeof energies / sizeof *energies; k++)
            if (strcmp(t->result[i].quantity, energies[k]) == 0) t->result[i].value += by;
}

/* Takes `shift` off the binding energies, recorded beside what was taken off before. */
static as_status take_off(as_run *run, as_table *t, double shift, double u, const char *method)
{
    as_column *x = as_find_name(t, "binding_energy");
    const as_meta *before = as_get_meta(t, "charge_shift");
    const double total = (before && isfinite(before->number) ? before->number : 0) + shift;
    for (size_t i = 0; i < t->rows; i++) x->v.f[i] = round((x->v.f[i] - shift) * 1e9) / 1e9;
    move_results(t, -shift);
    AS_TRY(as_set_number(run->ctx, t, "charge_shift", round(total * 1e9) / 1e9, u, as_unit_of("eV"),
                         NULL));
    AS_TRY(as_add_quantity(run->ctx, t, "axis", "shift", -shift, u, "eV", "ok", method));
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
    return m ? take_off(run, owned, -m->number, NAN, "undone") : AS_ERR;
}

/* The reference of series i: the first region of that name at the same place. */
static as_status reference_of(as_run *run, const as_held *held, size_t i, double *shift, double *u)
{
    const reference_settings *set = run->settings;
    size_t r = 0;
    while (r < held->n &&
           !(as_is_region(held->t[r], set->region) && as_same_place(held->t[r], held->t[i])))
        r++;
    if (r == held->n)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "no region '%s' of the same sample, etch time and place as '%s'",
                       set->region, held->t[i]->name ? held->t[i]->name : "?");
    AS_TRY(as_line_position(run->ctx, held->t[r], set->item, set->window.lo, set->window.hi, shift,
                            u));
    *shift -= set->at;
    *u = set->at_u > 0 && isfinite(*u) ? hypot(*u, set->at_u) : set->at_u > 0 ? set->at_u : *u;
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const reference_settings *set = run->settings;
    double *shift = AS_NEW_N(as_scratch(run->ctx), double, 2 * held->n + 1);
    if (!shift) return AS_ERR;
    double *u = shift + held->n;
    for (size_t i = 0; i < held->n; i++) AS_TRY(reference_of(run, held, i, &shift[i], &u[i]));
    for (size_t i = 0; i < held->n; i++)
        AS_TRY(
            take_off(run, held->t[i], shift[i], u[i],
                     set->item ? "component of the reference" : "highest point of the reference"));
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
             .description =
                 "The highest point of the reference region, between points by a "
                 "parabola, is put at "
                 "`--at`, or with `--item` the position of a component that `fit` found "
                 "in it; all series of the same sample, etch time and place are "
                 "shifted alike, with the positions found in them. What "
                 "was taken off is kept as `charge_shift` with its uncertainty, which all "
                 "positions share; `--undo` adds it back.\n\n"
                 "The C 1s line of adventitious carbon follows the vacuum level and "
                 "spreads over more "
                 "than 1 eV between materials: state the reference with the result.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
