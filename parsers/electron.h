/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of electron spectra share: the energy axis under any maker's name, how y was
 * counted, and the names of the usual settings. Only for parsers/.
 */
#ifndef AS_PARSERS_ELECTRON_H
#define AS_PARSERS_ELECTRON_H

#include "diffraction.h"

/* "Binding Energy [eV]", "K.E.", "kinetic energy" -> binding_energy or kinetic_energy; else the
 * name the vocabulary or the file has for it. The axis stays as the file has it. `unit` NULL:
 * eV, or what the label says. Text is copied. */
as_status as_add_energy(as_ctx *ctx, as_table *t, const char *label, const char *unit,
                        as_column **out) AS_NODISCARD;

/* "count/s" or "count" where a label, a unit or a mode says so ("CPS", "counts/s", "pulse
 * counting"), "1" where none does. Any may be NULL. */
const char *as_count_unit(const char *label, const char *unit, const char *mode);

/* Column sigma where y are whole numbers of counts: y itself, or a rate times `seconds` of
 * counting per point (NaN: not known). None is added, and nothing said, where they are not:
 * spectra corrected for transmission or dead time are no counts any more. */
as_status as_add_electron_sigma(as_ctx *ctx, as_table *t, double seconds) AS_NODISCARD;

/* The number that a text begins with, "1486.6 eV", and what follows, trimmed in front (`rest` may
 * be NULL). False where there is none. */
bool as_leading_number(const char *text, double *value, const char **rest);

/* The usual settings under the names that makers use, as as_set_known; a number may have its unit
 * behind it. */
as_status as_set_setting(as_ctx *ctx, as_table *t, const char *key, const char *value,
                         const as_where *from) AS_NODISCARD;

/* Programs of the field draw the components of a fit on its background; here a component is one of
 * the parts whose sum with the baseline is the model. The baseline is taken off the columns with
 * that role where the model of the file agrees; else their role becomes other. vendor.components
 * says which. */
as_status as_lift_components(as_ctx *ctx, as_table *t) AS_NODISCARD;

#endif
