/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes and settings of optical spectra, as many makers write them. */
#include "spectrum.h"

#include <math.h>
#include <string.h>

#include "number.h"

typedef struct {
    const char *text, *name, *unit;
} spelling;

static bool spelt(const char *text, const spelling *list, size_t n, const char **name,
                  const char **unit)
{
    for (size_t i = 0; i < n; i++) {
        if (!as_same(text, list[i].text)) continue;
        *name = list[i].name;
        *unit = list[i].unit;
        return true;
    }
    return false;
}

bool as_spectral_x(const char *text, as_spectrum_kind *kind)
{
    static const spelling list[] = {
        { "1/cm", "raman_shift", "cm-1" },       { "rel. 1/cm", "raman_shift", "cm-1" },
        { "cm-1", "raman_shift", "cm-1" },       { "cm^-1", "raman_shift", "cm-1" },
        { "cm\xe2\x81\xbb\xc2\xb9", "raman_shift", "cm-1" },
        { "cm-\xc2\xb9", "raman_shift", "cm-1" }, { "Raman shift", "raman_shift", "cm-1" },
        { "Raman Shift [cm-1]", "raman_shift", "cm-1" },
        { "abs. cm-1", "wavenumber", "cm-1" },   { "abs. 1/cm", "wavenumber", "cm-1" },
        { "nm", "wavelength", "nm" },            { "Nanometer", "wavelength", "nm" },
        { "Nanometers", "wavelength", "nm" },    { "Wavelength", "wavelength", "nm" },
        { "um", "wavelength", "um" },            { "\xc2\xb5m", "wavelength", "um" },
        { "\xce\xbcm", "wavelength", "um" },     { "eV", "photon_energy", "eV" },
        { "Pixel number", "pixel", "1" },        { "Pixel", "pixel", "1" },
        { "px", "pixel", "1" },
    };
    return spelt(text, list, AS_COUNT(list), &kind->x, &kind->x_unit);
}

bool as_spectral_y(const char *text, as_spectrum_kind *kind)
{
    static const spelling list[] = {
        { "Cnt", "intensity", "count" },         { "Counts", "intensity", "count" },
        { "Count", "intensity", "count" },       { "CCD cts", "intensity", "count" },
        { "cts", "intensity", "count" },         { "Cnt/sec", "intensity", "count/s" },
        { "Cnt/s", "intensity", "count/s" },     { "Counts/s", "intensity", "count/s" },
        { "ABSORBANCE", "absorbance", "1" },     { "Abs", "absorbance", "1" },
        { "TRANSMITTANCE", "transmittance", "%" }, { "%T", "transmittance", "%" },
        { "REFLECTANCE", "reflectance", "%" },   { "%R", "reflectance", "%" },
        { "SB", "single_beam", "1" },            { "INTENSITY", "intensity", "1" },
        { "Int.", "intensity", "1" },            { "CD[mdeg]", "circular_dichroism", "mdeg" },
        { "HT[V]", "detector_voltage", "V" },
    };
    return spelt(text, list, AS_COUNT(list), &kind->y, &kind->y_unit);
}

static as_status add(as_ctx *ctx, as_table *t, const char *name, as_role role, const char *unit)
{
    as_unit parsed;
    AS_TRY(as_unit_parse(ctx, t->arena, unit ? unit : "1", &parsed));
    return as_add_column(ctx, t, name, role, parsed) ? AS_OK : AS_ERR;
}

as_table *as_new_spectrum(as_ctx *ctx, size_t n, const as_spectrum_kind *kind)
{
    as_table *t = as_table_new(ctx, n);
    if (!t || add(ctx, t, kind->x, AS_ROLE_X, kind->x_unit) != AS_OK ||
        add(ctx, t, kind->y, AS_ROLE_Y, kind->y_unit) != AS_OK)
        return NULL;
    if (kind->technique) t->technique = kind->technique;
    return t;
}

as_table *as_spectrum_of(as_ctx *ctx, const as_spectrum_kind *kind, size_t n, const double *x,
                         const double *y)
{
    as_table *t = as_new_spectrum(ctx, n, kind);
    if (t && n) {
        memcpy(t->column[0]->v.f, x, n * sizeof *x);
        memcpy(t->column[1]->v.f, y, n * sizeof *y);
    }
    return t;
}

/* The unit behind a number, up to a comma or bracket: " nm", " sec", "C". */
static as_status unit_behind(as_ctx *ctx, as_arena *a, const char *text, const char *expected,
                             as_unit *out)
{
    const char *unit = as_trim(as_scratch(ctx), text, strcspn(text, ",(;"));
    const as_unit own = as_unit_of(expected);
    if (!unit) return AS_ERR;
    if (!*unit || (strcmp(unit, "C") == 0 && own.dim[AS_DIM_K] != 0)) {
        *out = *unit ? as_unit_of("degC") : own;
        return AS_OK;
    }
    return as_unit_parse(ctx, a, unit, out);
}

as_status as_set_measure(as_ctx *ctx, as_table *t, const as_known *known, size_t n,
                         const char *key, const char *value, const as_where *from)
{
    for (size_t i = 0; i < n; i++) {
        double number;
        as_unit unit;
        if (strcmp(known[i].key, key) != 0) continue;
        if (!known[i].unit) break;
        size_t used = as_scan_number(value, strlen(value), '.', &number);
        if (used && value[used] == ',' && value[used + 1] >= '0' && value[used + 1] <= '9')
            used = as_scan_number(value, strlen(value), ',', &number);
        if (!used) return as_set_vendor(ctx, t, key, value, from);
        const as_unit own = as_unit_of(known[i].unit);
        AS_TRY(unit_behind(ctx, t->arena, value + used, known[i].unit, &unit));
        if (!as_unit_same_dimension(&unit, &own)) return as_set_vendor(ctx, t, key, value, from);
        return as_set_number(ctx, t, known[i].meta, number, NAN, unit, from);
    }
    return as_set_known(ctx, t, known, n, key, value, from);
}

as_status as_set_value(as_ctx *ctx, as_table *t, const char *key, double value, const char *unit,
                       const as_where *from)
{
    return isfinite(value) ? as_set_number(ctx, t, key, value, NAN, as_unit_of(unit), from) : AS_OK;
}

as_status as_set_text(as_ctx *ctx, as_table *t, const char *key, const char *text,
                      const as_where *from)
{
    return text && *text ? as_set_meta(ctx, t, key, text, NULL, from) : AS_OK;
}

/* Days since 1970-01-01 as a date of the Gregorian calendar, counted from 1 March of year 0 so
 * that the leap day is the last of its year. */
const char *as_utc_text(as_ctx *ctx, int64_t seconds)
{
    const int64_t clock = ((seconds % 86400) + 86400) % 86400, days = (seconds - clock) / 86400;
    const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const int64_t month = mp < 10 ? mp + 3 : mp - 9;
    return as_format(as_scratch(ctx), "%04d-%02d-%02dT%02d:%02d:%02dZ",
                     (int)(yoe + era * 400 + (month <= 2)), (int)month,
                     (int)(doy - (153 * mp + 2) / 5 + 1), (int)(clock / 3600),
                     (int)(clock / 60 % 60), (int)(clock % 60));
}

uint32_t as_head_u32(const as_probe *p, size_t at)
{
    const unsigned char *b = p->head + at;
    if (at + 4 > p->size) return 0;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
