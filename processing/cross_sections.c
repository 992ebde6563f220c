/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cross sections that are built in (quantify.h). */
#include <math.h>
#include <string.h>

#include "photoline.h"
#include "quantify.h"

static const struct cross_section { const char *line; double al, mg; } sections[] = {
#define AS_CROSS_SECTION(line, al, mg) { line, al, mg },
#include "cross_sections.def"
#undef AS_CROSS_SECTION
};

as_status as_cross_section(as_ctx *ctx, const as_table *t, const char *name, const char **line,
                           double *value)
{
    const as_meta *m = as_need_meta(ctx, t, "photon_energy");
    const as_unit ev = as_unit_of("eV");
    if (!m) return AS_ERR;
    const double photon = as_unit_convert(m->number, &m->unit, &ev);
    const bool al = fabs(photon - 1486.6) < 1.5, mg = fabs(photon - 1253.6) < 1.5;
    if (!al && !mg)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "photons of %g eV; the table has cross sections at 1486.6 and 1253.6 eV", photon);
    *line = NULL;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct cross_section *s = &sections[i];
        if ((*line && strlen(s->line) <= strlen(*line)) ||
            !(name ? as_line_begins(name, s->line) : as_is_region(t, s->line)))
            continue;
        *line = s->line;
        *value = al ? s->al : s->mg;
    }
    if (!*line || isfinite(*value)) return AS_OK;
    return as_fail(ctx, AS_E_MISSING, NULL, "photons of %g eV do not reach %s", photon, *line);
}
