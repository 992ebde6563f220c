/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of axes. Transmittance in percent and as a fraction, absorbance, single beams and
 * interferograms are kept apart.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "infrared.h"

typedef struct word {
    const char *key; /* lower case, letters, digits and % only */
    as_ir_axis axis;
} word;

#define WAVENUMBER { "wavenumber", "cm-1", NULL }
#define RAMAN { "raman_shift", "cm-1", "raman" }
#define NANOMETRE { "wavelength", "nm", NULL }
#define ANGSTROM { "wavelength", "Angstrom", NULL }
#define MICROMETRE { "wavelength", "um", NULL }
#define POINTS { "position", "1", NULL }
#define MASSES { "mass_to_charge", "1", NULL }
static const word x_words[] = {
    { "1cm", WAVENUMBER },           { "cm1", WAVENUMBER },
    { "wavenumber", WAVENUMBER },    { "wavenumbers", WAVENUMBER },
    { "wavenumbercm1", WAVENUMBER }, { "wavenumberscm1", WAVENUMBER },
    { "wavenumber1cm", WAVENUMBER }, { "reciprocalcentimeters", WAVENUMBER },
    { "ramanshift", RAMAN },         { "ramanshiftcm1", RAMAN },
    { "ramanshift1cm", RAMAN },      { "deltacm1", RAMAN },
    { "nm", NANOMETRE },             { "nanometer", NANOMETRE },
    { "nanometers", NANOMETRE },     { "nanometres", NANOMETRE },
    { "wavelengthnm", NANOMETRE },   { "um", MICROMETRE },
    { "micrometer", MICROMETRE },    { "micrometers", MICROMETRE },
    { "micrometres", MICROMETRE },   { "micron", MICROMETRE },
    { "microns", MICROMETRE },       { "wavelengthum", MICROMETRE },
    { "angstrom", ANGSTROM },        { "angstroms", ANGSTROM },
    { "reciprocalcentimetres", WAVENUMBER }, { "reciprocalcentimeter", WAVENUMBER },
    { "inversecentimeters", WAVENUMBER }, { "percm", WAVENUMBER },
    { "ev", { "photon_energy", "eV", NULL } },
    { "electronvolt", { "photon_energy", "eV", NULL } },
    { "electronvolts", { "photon_energy", "eV", NULL } },
    { "hz", { "frequency", "Hz", NULL } },
    { "mhz", { "frequency", "MHz", NULL } },
    { "s", { "time", "s", NULL } },
    { "sec", { "time", "s", NULL } },
    { "second", { "time", "s", NULL } },
    { "seconds", { "time", "s", NULL } },
    { "milliseconds", { "time", "ms", NULL } },
    { "min", { "time", "min", NULL } },
    { "minute", { "time", "min", NULL } },
    { "minutes", { "time", "min", NULL } },
    { "ppm", { "chemical_shift", "ppm", NULL } },
    { "mz", MASSES },                { "mass", MASSES },
    { "massunits", MASSES },         { "m/z", MASSES },
    { "2theta", { "two_theta", "deg", "xrd" } },
    { "degrees2theta", { "two_theta", "deg", "xrd" } },
    { "datapoints", POINTS },        { "points", POINTS },
    { "datapoint", POINTS },         { "arbitrary", POINTS },
    { "arbitraryunits", POINTS },
};

#define ABSORBANCE { "absorbance", "1", NULL }
#define FRACTION { "transmittance", "1", NULL }
#define PERCENT { "transmittance", "%", NULL }
#define REFLECTED { "reflectance", "1", NULL }
#define REFLECTED_PERCENT { "reflectance", "%", NULL }
#define KUBELKA { "kubelka_munk", "1", NULL }
#define ARBITRARY { "intensity", "1", NULL }
#define BEAM { "single_beam", "1", NULL }
static const word y_words[] = {
    { "absorbance", ABSORBANCE },       { "a", ABSORBANCE },
    { "abs", ABSORBANCE },              { "absorbanceunits", ABSORBANCE },
    { "absorbanceunit", ABSORBANCE },   { "opticaldensity", ABSORBANCE },
    { "od", ABSORBANCE },               { "extinction", ABSORBANCE },
    { "transmittance", FRACTION },
    { "transmission", FRACTION },       { "%t", PERCENT },
    { "%transmittance", PERCENT },      { "%transmission", PERCENT },
    { "t%", PERCENT },                  { "r%", REFLECTED_PERCENT },
    { "transmittance%", PERCENT },      { "transmission%", PERCENT },
    { "%reflection", REFLECTED_PERCENT }, { "reflectance%", REFLECTED_PERCENT },
    { "reflection%", REFLECTED_PERCENT },      { "percenttransmittance", PERCENT },
    { "percenttransmission", PERCENT }, { "reflectance", REFLECTED },
    { "reflection", REFLECTED },        { "%r", REFLECTED_PERCENT },
    { "%reflectance", REFLECTED_PERCENT },
    { "percentreflectance", REFLECTED_PERCENT },
    { "kubelkamunk", KUBELKA },         { "kubelkamunkunits", KUBELKA },
    { "km", KUBELKA },                  { "log1r", { "log_inverse_reflectance", "1", NULL } },
    { "logrefl", { "log_inverse_reflectance", "1", NULL } },
    { "singlebeam", BEAM },             { "sb", BEAM },
    { "interferogram", { "interferogram", "1", "ftir" } },
    { "photoacoustic", { "photoacoustic", "1", NULL } },
    { "counts", { "intensity", "count", NULL } },
    { "volts", { "intensity", "V", NULL } },
    { "arbitrary", ARBITRARY },         { "arbitraryunits", ARBITRARY },
    { "arbitraryunit", ARBITRARY },     { "intensity", ARBITRARY },
    { "relativeintensity", ARBITRARY }, { "relativeabundance", ARBITRARY },
    { "egy", BEAM },                    { "emittance", { "emittance", "1", NULL } },
    { "ramanintensity", { "intensity", "1", "raman" } },
    { "ramanscattering", { "intensity", "1", "raman" } },
};

/* The letter or digit that signs beyond ASCII stand for; 0: none. `used`: their bytes. */
static char plain_sign(const char *text, size_t *used)
{
    static const struct { const char *sign; char plain; } signs[] = {
        { "\xc2\xb5", 'u' }, { "\xce\xbc", 'u' }, { "\xc2\xb9", '1' }, /* mu, mu, superscript 1 */
    };
    for (size_t i = 0; i < AS_COUNT(signs); i++)
        if (strncmp(text, signs[i].sign, 2) == 0) {
            *used = 2;
            return signs[i].plain;
        }
    *used = 1;
    return 0;
}

static void squeeze(const char *text, size_t room, char *out)
{
    size_t n = 0, used;
    for (; *text && n + 1 < room; text += used) {
        const char sign = plain_sign(text, &used);
        if (sign) out[n++] = sign;
        if (sign) continue;
        const char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '%') out[n++] = c;
    }
    out[n] = '\0';
}

static as_ir_axis look_up(const word *words, size_t n, const char *text, const char *other)
{
    char key[40];
    squeeze(text, sizeof key, key);
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].key, key) == 0) return words[i].axis;
    return (as_ir_axis){ other, text[0] ? text : "1", NULL };
}

as_ir_axis as_ir_x(const char *text)
{
    return look_up(x_words, sizeof x_words / sizeof *x_words, text, "x");
}

as_ir_axis as_ir_y(const char *text)
{
    as_ir_axis y = look_up(y_words, sizeof y_words / sizeof *y_words, text, "intensity");
    const char *rate = as_find_text(text, "cps"), *over = rate ? strchr(rate, '/') : NULL; /* "CPS / MicroAmps" */
    if (!over && strcmp(as_count_unit(NULL, text, NULL), "count/s") == 0) y.unit = "count/s";
    return y;
}

as_status as_name_ir(as_ctx *ctx, as_table *t, const as_ir_axis *x, const as_ir_axis *y)
{
    as_unit x_unit, y_unit;
    AS_TRY(as_unit_parse(ctx, t->arena, x->unit, &x_unit));
    AS_TRY(as_unit_parse(ctx, t->arena, y->unit, &y_unit));
    AS_TRY(as_name_column(ctx, t, 0, x->column, AS_ROLE_X, x_unit));
    AS_TRY(as_name_column(ctx, t, 1, y->column, AS_ROLE_Y, y_unit));
    if (!t->technique) t->technique = x->technique ? x->technique : y->technique;
    const bool percent = strcmp(y->unit, "%") == 0;
    const char *meaning = as_format(as_scratch(ctx), "%s%s", percent ? "percent " : "", y->column);
    return meaning ? as_set_meta(ctx, t, "y_meaning", meaning, NULL, NULL) : AS_ERR;
}

as_table *as_new_ir(as_ctx *ctx, size_t n, double first, double last, const as_ir_axis *x,
                          const as_ir_axis *y)
{
    as_table *t = as_table_new(ctx, n);
    as_column *c = t ? as_add_column(ctx, t, "x", AS_ROLE_X, AS_UNITLESS) : NULL;
    if (!c || !as_add_column(ctx, t, "y", AS_ROLE_Y, AS_UNITLESS) ||
        as_name_ir(ctx, t, x, y) != AS_OK)
        return NULL;
    const double step = n > 1 ? (last - first) / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) c->v.f[i] = first + (double)i * step;
    if (n > 1) c->v.f[n - 1] = last;
    return t;
}

static void copy(char *to, size_t room, const char *from)
{
    size_t n = strlen(from);
    if (n >= room) n = room - 1;
    memcpy(to, from, n);
    to[n] = '\0';
}

void as_keep_schema(as_schema *main, as_table *t)
{
    const as_column *x = t->column[0], *y = t->column[1];
    as_schema mine;
    copy(mine.x, sizeof mine.x, x->name);
    copy(mine.x_unit, sizeof mine.x_unit, x->unit.symbol);
    copy(mine.y, sizeof mine.y, y->name);
    copy(mine.y_unit, sizeof mine.y_unit, y->unit.symbol);
    if (!main->x[0]) *main = mine;
    else if (strcmp(main->x, mine.x) || strcmp(main->y, mine.y) ||
             strcmp(main->x_unit, mine.x_unit) || strcmp(main->y_unit, mine.y_unit))
        t->secondary = true;
}
