/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger-parameter: the kinetic energy of an Auger line plus the binding energy of a photoelectron
 * line of the same atom, which charging does not change.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "photoline.h"

typedef struct {
    const char *photo, *auger, *photo_item, *auger_item;
    as_range photo_window, auger_window;
} auger_settings;

static const as_param params[] = {
    AS_STRING(auger_settings, photo, "photo", NULL,
              "region of the photoelectron line, by the beginning of its name"),
    AS_STRING(auger_settings, auger, "auger", NULL, "region of the Auger line, likewise"),
    AS_STRING(auger_settings, photo_item, "photo-item", "",
              "fitted component that is the line; none: the highest point"),
    AS_STRING(auger_settings, auger_item, "auger-item", "", "likewise"),
    AS_RANGE(auger_settings, photo_window, "photo-window", ":", "eV",
             "energies on its axis among which the highest point is taken"),
    AS_RANGE(auger_settings, auger_window, "auger-window", ":", "eV", "likewise"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "binding_energy or kinetic_energy" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum" },
    { .kind = AS_NEED_META,
      .name = "photon_energy",
      .unit = "eV",
      .optional = true,
      .help = "of the excitation, for binding energies" },
    { .kind = AS_NEED_META,
      .name = "work_function",
      .unit = "eV",
      .optional = true,
      .help = "of the analyser, for kinetic energies" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_RESULT,
                                   .name = "auger_parameter",
                                   .unit = "eV",
                                   .help = "of the photoelectron region" },
                                 { 0 } };

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static double shift_of(const as_table *t)
{
    const as_meta *m = as_get_meta(t, "charge_shift");
    return m && isfinite(m->number) ? m->number : 0;
}

/* Kinetic energy of the Auger line, binding energy of the other, both from the Fermi level. */
static as_status parameter(as_run *run, const as_table *photo, const as_table *auger, double *out,
                           double *u)
{
    const auger_settings *set = run->settings;
    double at, energy, up, ua, photon = 0;
    if (fabs(shift_of(photo) - shift_of(auger)) > 1e-6)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "charging was taken off the two regions by %g and %g eV: the same for both, "
                       "or for none",
                       shift_of(photo), shift_of(auger));
    AS_TRY(as_line_position(run->ctx, auger, set->auger_item, set->auger_window.lo,
                            set->auger_window.hi, &at, &ua));
    AS_TRY(as_fermi_kinetic(run->ctx, auger, at, &energy));
    AS_TRY(as_line_position(run->ctx, photo, set->photo_item, set->photo_window.lo,
                            set->photo_window.hi, &at, &up));
    if (strcmp(as_find_role(photo, AS_ROLE_X)->name, "binding_energy") != 0) {
        const as_meta *m = as_need_meta(run->ctx, photo, "photon_energy");
        const as_unit ev = as_unit_of("eV");
        if (!m) return AS_ERR;
        AS_TRY(as_fermi_kinetic(run->ctx, photo, at, &at));
        photon = as_unit_convert(m->number, &m->unit, &ev);
        at = photon - at;
    }
    *out = energy + at;
    *u = hypot(up, ua);
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const auger_settings *set = run->settings;
    const as_held *held = run->state;
    size_t found = 0;
    for (size_t i = 0; i < held->n; i++) {
        as_table *photo = held->t[i], *auger = NULL;
        double value, u;
        if (!as_is_region(photo, set->photo)) continue;
        for (size_t k = 0; k < held->n && !auger; k++)
            if (as_is_region(held->t[k], set->auger) && as_same_place(photo, held->t[k]))
                auger = held->t[k];
        if (!auger)
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "no region '%s' of the same sample, etch time and place as '%s'",
                           set->auger, as_region_name(photo));
        AS_TRY(parameter(run, photo, auger, &value, &u));
        AS_TRY(as_add_quantity(run->ctx, photo, set->auger, "auger_parameter", value, u, "eV", "ok",
                               "modified: kinetic energy of the Auger line + binding energy of the "
                               "photoelectron line"));
        found++;
    }
    if (held->n && !found)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "no region is called '%s'", set->photo);
    for (size_t i = 0; i < held->n; i++) AS_TRY(as_emit(run->out, run->ctx, held->t[i]));
    return AS_OK;
}

static const as_example examples[] = { { "copper, whatever the charge",
                                         "assay auger-parameter --photo 'Cu 2p' --auger 'Cu LMM' "
                                         "tests/corpus/xps/copper.ecsv | assay results" },
                                       { 0 } };
static const char *const references[] = { "Wagner 1975, Chemical shifts of Auger lines, and the "
                                          "Auger parameter, Faraday Discuss. Chem. Soc. 60, 291, "
                                          "doi:10.1039/DC9756000291",
                                          "Moretti 1998, The Auger parameter and the screening of "
                                          "core ionized states by valence electrons, J. Electron "
                                          "Spectrosc. Relat. Phenom. 95, 95",
                                          NULL };
static const char *const see_also[] = { "reference-energy", "convert-x", "fit", NULL };

const as_op as_op_auger_parameter = {
    .name = "auger-parameter",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(auger_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "modified Auger parameter of two lines of an element",
             .description = "The kinetic energy of the Auger line plus the binding energy of the "
                            "photoelectron line, for each "
                            "sample, etch time and place: a static charge moves them against each "
                            "other and drops out, so it needs "
                            "no reference. A reference that was applied to one of the regions only "
                            "is refused.\n\n"
                            "Positions are those of fitted components, or the highest points, "
                            "between points by a parabola with the "
                            "uncertainty that sigma gives it. On an axis of kinetic energies the "
                            "work function is needed; an error "
                            "of it does enter there.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
