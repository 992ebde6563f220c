/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the settings above a block say of its columns: Raman shifts called wavenumbers, units of an oscilloscope,
 * lists of columns, the ways of single programs. */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "heading_private.h"
#include "number.h"

/* --- Raman shifts called wavenumbers ---------------------------------------------------- */
/* The laser that the lines above state, in nm; NaN: none. */
static double stated_laser(const as_table *meta)
{
    const as_meta *m = as_get_meta(meta, "vendor.Laser Wavelength");
    double nm;
    return m && as_read_number(m->text, strlen(m->text), '.', &nm) && nm > 0 ? nm : NAN;
}

/* All wavenumbers are differences of the laser's and those of the wavelengths beside them; tables print
 * these to 0.01 nm, which is 0.2 cm-1 at 532 nm. */
static bool are_shifts(const as_block *b, size_t wavenumber, size_t wavelength, double laser)
{
    size_t good = 0;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment) continue;
        const double shift = as_row_number(r, wavenumber), nm = as_row_number(r, wavelength);
        if (isnan(shift) || isnan(nm)) continue;
        if (!(fabs(1e7 / laser - 1e7 / nm - shift) < 0.5)) return false;
        good++;
    }
    return good > 1;
}

/* Wasatch Enlighten, for one, calls a Raman shift so. */
static as_status settle_shift(as_ctx *ctx, const as_block *b, size_t from, size_t to, as_heading *h,
                              as_table *meta)
{
    size_t wavenumber = to, wavelength = to;
    const double laser = stated_laser(meta);
    for (size_t c = from; c < to; c++) {
        if (strcmp(h[c].name, "wavenumber") == 0) wavenumber = c;
        if (strcmp(h[c].name, "wavelength") == 0) wavelength = c;
    }
    if (wavenumber == to || isnan(laser)) return AS_OK;
    if (wavelength < to ? !are_shifts(b, b->column[wavenumber], b->column[wavelength], laser)
                        : !as_get_meta(meta, "vendor.ENLIGHTEN Version"))
        return AS_OK;
    h[wavenumber].name = "raman_shift";
    if (wavelength < to && !h[wavelength].stated) h[wavelength].unit = as_unit_of("nm");
    return as_set_number(ctx, meta, "laser_wavelength", laser, NAN, as_unit_of("nm"), NULL);
}

/* --- oscilloscopes ---------------------------------------------------------------------- */
/* "Horizontal Units,s" and "Vertical Units,V" of Tektronix, for a time and one channel. */
static void settle_scope(as_ctx *ctx, const as_table *meta, size_t n, as_heading *h)
{
    static const char *const keys[] = { "vendor.Horizontal Units", "vendor.Vertical Units" };
    for (size_t i = 0; i < 2 && n == 2; i++) {
        const as_meta *m = as_get_meta(meta, keys[i]);
        as_unit unit;
        if (!m || h[i].stated || as_unit_parse(ctx, as_scratch(ctx), m->text, &unit) != AS_OK || unit.opaque) continue;
        if (i == 0 && strcmp(unit.symbol, "S") == 0) unit = as_unit_of("s");
        if (i == 0 && strcmp(unit.symbol, "s") == 0) h[i].name = "time", h[i].known = true;
        h[i].unit = unit;
        h[i].stated = true;
    }
}

/* --- columns told one by one -------------------------------------------------------------- */
/* "energy eV", "DTC1": a name and the unit that its last word is. */
static as_status heading_told(as_ctx *ctx, const char *text, as_heading *out)
{
    const char *blank = strrchr(text, ' '), *name = text;
    as_unit unit;
    const bool stated = blank && as_heading_unit(ctx, blank + 1, &unit) && !unit.opaque;
    if (stated && !(name = as_trim(as_scratch(ctx), text, (size_t)(blank - text)))) return AS_ERR;
    return as_heading_of(ctx, name, stated ? blank + 1 : NULL, out);
}

/* "Column.1: energy eV" of XDI, for as many columns as there are; an energy beside the spacing of a
 * monochromator is one of photons. */
static as_status settle_listed(as_ctx *ctx, const as_table *meta, size_t n, as_heading *h)
{
    as_heading *own = AS_NEW_N(as_scratch(ctx), as_heading, n);
    const bool beam = as_get_meta(meta, "vendor.Element.edge") || as_get_meta(meta, "vendor.Mono.d_spacing");
    if (!own) return AS_ERR;
    for (size_t i = 0; i <= n; i++) {
        const char *key = as_format(as_scratch(ctx), "vendor.Column.%zu", i + 1);
        const as_meta *m = key ? as_get_meta(meta, key) : NULL;
        if (!key) return AS_ERR;
        if ((m == NULL) != (i == n)) return AS_OK;
        if (i == n) break;
        AS_TRY(heading_told(ctx, m->text, &own[i]));
        if (!beam || strcmp(own[i].name, "energy") != 0 || !own[i].stated) continue;
        own[i].name = "photon_energy";
        own[i].known = true;
    }
    memcpy(h, own, n * sizeof *h);
    return AS_OK;
}

as_status as_grid_told(as_ctx *ctx, const as_block *b, size_t from, size_t to, as_heading *h, as_table *meta)
{
    AS_TRY(settle_shift(ctx, b, from, to, h, meta));
    AS_TRY(as_grid_enlighten(ctx, meta, to - from, h + from));
    settle_scope(ctx, meta, b->n, h);
    if (to - from == b->n) AS_TRY(settle_listed(ctx, meta, b->n, h));
    return to - from == b->n ? as_grid_pass(ctx, meta, b->n, h) : AS_OK;
}
