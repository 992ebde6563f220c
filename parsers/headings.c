/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings of columns: spelling, unit, name, role. */
#include <string.h>

#include "heading_private.h"
#include "heading_words.h"
#include "input.h"
#include "vocabulary.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Plain spelling -> name of the vocabulary. unit: implied where none is stated; NULL: none is.
 * weak: only with a unit of the name's dimension. */
static const struct alias { const char *key, *name, *unit; bool weak; } aliases[] = {
#include "heading_names.def"
};
static const char *const ordinals[] = { "point", "no", "nr", "index", "id", "imagenum", "n", "pt",
                                        "record", "row", "datapoint", "number", "pixel", "pixels",
                                        "recordid", "datapoints", "run", "in_sa" }; /* "in Sa": of an oscilloscope */

/* --- spelling ------------------------------------------------------------------------ */
static const struct { const char *utf8, *plain; } spelt[] = {
    { "θ", "theta" }, { "Θ", "theta" }, { "ϴ", "theta" }, { "ϑ", "theta" }, { "λ", "lambda" },
    { "ν", "nu" }, { "ω", "omega" }, { "Δ", "delta" }, { "σ", "sigma" }, { "₀", "0" }, { "⁰", "0" },
    { "μ", "mu" }, { "µ", "mu" }, { "δ", "delta" }, { "γ", "gamma" }, { "ε", "epsilon" }, { "η", "eta" },
    { "κ", "kappa" }, { "ρ", "rho" }, { "τ", "tau" }, /* χ and φ would be angles of a goniometer */
    { "′", "prime" }, { "″", "primeprime" }, { "'", "prime" }, { "’", "prime" },
    { "\"", "primeprime" }, { "”", "primeprime" },
};

static const char *plain(as_ctx *ctx, const char *text, char joint)
{
    const size_t room = 12 * strlen(text) + 3; /* a sign becomes a word of up to ten letters */
    char *out = as_alloc(as_scratch(ctx), room, 1);
    size_t n = 0;
    bool gap = false;
    while (out && *text) {
        const char *piece = NULL;
        size_t used = 1;
        for (size_t i = 0; i < COUNT(spelt) && !piece; i++)
            if (strncmp(text, spelt[i].utf8, strlen(spelt[i].utf8)) == 0) {
                piece = spelt[i].plain;
                used = strlen(spelt[i].utf8);
            }
        if (!piece) piece = as_english_piece(text, &used);
        char one[2] = { *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text, 0 };
        const char letter = as_without_accent(text);
        if (!piece && letter) {
            one[0] = letter;
            used = 2;
        }
        if (!piece && ((one[0] >= 'a' && one[0] <= 'z') || (one[0] >= '0' && one[0] <= '9')))
            piece = one;
        if (!piece) gap = n > 0;
        for (; piece && *piece && n + 2 < room; piece++) {
            if (gap && joint) out[n++] = joint;
            gap = false;
            out[n++] = *piece;
        }
        text += used;
    }
    return out;
}

const char *as_plain_key(as_ctx *ctx, const char *text)
{
    return plain(ctx, text, 0);
}

/* The text as an identifier; "" when it has no letters. */
static const char *identifier(as_ctx *ctx, const char *text)
{
    const char *name = plain(ctx, text, '_');
    if (name && name[0] >= '0' && name[0] <= '9')
        name = as_format(as_scratch(ctx), "c_%s", name);
    return name ? as_strndup(as_scratch(ctx), name, strlen(name) < 48 ? strlen(name) : 48) : NULL;
}

/* --- names --------------------------------------------------------------------------------- */
static bool fits(const char *name, const as_unit *unit)
{
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, name);
    if (unit->opaque) return true; /* arbitrary units say nothing */
    if (!word || strcmp(name, "sigma") == 0 || strcmp(name, "uptake") == 0 ||
        strcmp(name, "intensity") == 0)
        return true;
    const as_unit ions = as_unit_of("g"), usual = as_unit_of(word->unit); /* "m/z (amu)" */
    if (strcmp(name, "mass_to_charge") == 0 && as_unit_same_dimension(unit, &ions)) return true;
    return as_unit_same_dimension(unit, &usual);
}

/* Per mass: moles, a volume or a mass. */
static bool is_amount(const as_unit *unit)
{
    static const char *const amounts[] = { "mmol/g", "cm3/g", "mg/g" };
    if (strcmp(unit->symbol, "%") == 0) return false;
    for (size_t i = 0; i < COUNT(amounts); i++) {
        const as_unit amount = as_unit_of(amounts[i]);
        if (as_unit_same_dimension(unit, &amount) && strchr(unit->symbol, 'g')) return true;
    }
    return false;
}

static const struct alias *find_alias(const char *key, bool stated, const as_unit *unit)
{
    for (size_t i = 0; i < COUNT(aliases); i++) {
        if (strcmp(aliases[i].key, key) != 0) continue;
        if (aliases[i].weak && (!stated || unit->opaque)) continue;
        if (aliases[i].weak && strcmp(aliases[i].name, "uptake") == 0 && !is_amount(unit)) continue;
        if (stated && !fits(aliases[i].name, unit)) continue;
        return &aliases[i];
    }
    return NULL;
}

bool as_is_name_with(as_ctx *ctx, const char *text, const as_unit *unit)
{
    const char *key = as_plain_key(ctx, text);
    as_unit meant = *unit;
    if (!key) return false;
    key = as_english_key(key);
    if (!as_settle_letter(key, text, &meant)) return false;
    if (meant.opaque) return strcmp(key, "i") == 0 || find_alias(key, false, &meant) != NULL;
    const struct alias *alias = find_alias(key, true, &meant);
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, alias ? alias->name : key);
    if (!word || strcmp(word->name, "sigma") == 0) return false;
    if (strcmp(word->name, "uptake") == 0) return is_amount(&meant);
    if (strcmp(word->name, "intensity") == 0) return meant.dim[AS_DIM_COUNT] != 0;
    const as_unit usual = as_unit_of(word->unit);
    return as_unit_same_dimension(&meant, &usual);
}

/* "counts/s" and the like: no name, but there is only one thing that it measures. */
static bool is_count_unit(as_ctx *ctx, const char *text, as_unit *unit)
{
    return as_heading_unit(ctx, text, unit) && !unit->opaque && unit->dim[AS_DIM_COUNT] != 0;
}

/* The key of the English word, "p/p0" behind it left out. */
static const char *english_key(as_ctx *ctx, const char *key)
{
    static const char *const symbols[] = { "pp0", "ppo", "pp" };
    const char *english = as_english_key(key);
    const size_t n = strlen(key);
    for (size_t i = 0; english == key && i < COUNT(symbols); i++) {
        const size_t m = strlen(symbols[i]);
        if (n < m + 4 || strcmp(key + n - m, symbols[i]) != 0) continue;
        const char *word = as_strndup(as_scratch(ctx), key, n - m);
        if (word && strcmp(as_english_key(word), "relativepressure") == 0) return "relativepressure";
    }
    return english;
}

/* "mAh/g", "mA/cm2" and nothing else: the quantity that has such a unit. */
static bool is_quotient(as_ctx *ctx, const char *text, as_heading *h)
{
    if (!strchr(text, '/') || !as_unit_headings(ctx, 1, &text, h)) return false;
    return strcmp(h->name, "current_density") == 0 || as_starts(h->name, "specific_") ||
           strcmp(h->name, "uptake") == 0;
}

bool as_unit_headings(as_ctx *ctx, size_t n, const char *const *text, as_heading *h)
{
    static const char *const meant[][2] = {
        { "V", "potential" },     { "A", "current" },          { "A/cm2", "current_density" },
        { "s", "time" },          { "K", "temperature" },      { "g", "mass" },
        { "Hz", "frequency" },    { "Pa", "pressure" },        { "mmol/g", "uptake" },
        { "Ah", "capacity" },     { "Ah/g", "specific_capacity" }, { "W/g", "specific_heat_flow" },
    };
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            as_unit unit;
            size_t k = 0;
            const char *inside = as_unit_without_brackets(ctx, text[i]);
            if (!inside || !as_heading_unit(ctx, inside, &unit) || unit.opaque) return false;
            for (bool same = false; k < COUNT(meant) && !same; k += !same) {
                const as_unit of = as_unit_of(meant[k][0]);
                same = as_unit_same_dimension(&unit, &of) && strcmp(unit.symbol, "C") != 0;
            }
            if (k == COUNT(meant)) return false;
            if (pass) h[i] = (as_heading){ .name = meant[k][1], .label = NULL, .unit = unit, .known = true,
                                           .stated = true };
        }
    return true;
}

/* "Wavenumber cm-1", "TG %", "%Transmittance": a unit at the end or beginning of a name that is known. */
static bool split_bare_unit(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    const char *blank = strrchr(text, ' ');
    const bool percent = text[0] == '%' && text[1];
    const char *rest = percent ? as_trim(as_scratch(ctx), text + 1, strlen(text + 1))
                       : blank ? as_trim(as_scratch(ctx), text, (size_t)(blank - text)) : NULL;
    const char *key = rest && *rest ? as_plain_key(ctx, rest) : NULL;
    as_unit parsed = as_unit_of("%");
    if (!key || !find_alias(as_english_key(key), false, &AS_UNITLESS)) return false;
    if (!percent && (!as_heading_unit(ctx, blank + 1, &parsed) || parsed.opaque)) return false;
    if (!as_settle_letter(key, rest, &parsed)) return false;
    const struct alias *alias = find_alias(as_english_key(key), true, &parsed);
    if (!alias || (alias->unit && percent)) return false;
    *unit = parsed;
    *name = rest;
    return true;
}

/* "Potential vs. Ag/AgCl", "Ewe vs RHE": a potential; the reference stays in the label. */
static const struct alias *against(as_ctx *ctx, const as_heading *h)
{
    const char *at = h->label ? as_find_text(h->label, " vs") : NULL;
    const char *before = at ? as_strndup(as_scratch(ctx), h->label, (size_t)(at - h->label)) : NULL;
    const char *key = before ? as_plain_key(ctx, before) : NULL;
    const struct alias *alias = key ? find_alias(english_key(ctx, key), h->stated, &h->unit) : NULL;
    return alias && strcmp(alias->name, "potential") == 0 ? alias : NULL;
}

/* "Coups/s": a rate, not counts in seconds. */
static as_unit rate_of(const struct alias *alias, const as_unit *unit)
{
    const bool counted = alias->unit && strcmp(alias->unit, "count") == 0;
    return counted && strcmp(unit->symbol, "s") == 0 ? as_unit_of("count/s") : *unit;
}

/* "B (G)", "G". */
static bool is_big_g(const char *text)
{
    size_t n = strlen(text);
    while (n > 1 && strchr(")] ", text[n - 1])) n--;
    return n > 0 && text[n - 1] == 'G' && (n == 1 || strchr("([ /,_", text[n - 2]));
}

/* Absorbance units, which are no unit; "a.u." may be arbitrary ones. */
static bool is_absorbance_unit(const char *symbol)
{
    static const char *const units[] = { "AU", "A.U.", "OD", "Abs", "abs" };
    for (size_t i = 0; i < COUNT(units); i++)
        if (strcmp(units[i], symbol) == 0) return true;
    return false;
}

/* "m/z": of ions, whatever unit of mass stands behind it; "mz" alone may be a component along z. */
static bool is_mass_to_charge(const char *key, const char *label)
{
    return as_starts(key, "mass") || strchr(label, '/') || as_starts(key, "mzratio");
}

/* The unit of a heading, from `unit` or, where that is NULL or "", from the text; `label` is what is left of that. */
static as_status read_unit(as_ctx *ctx, const char *text, const char *unit, const char **label, as_heading *out)
{
    *label = text;
    if (unit && unit[0]) {
        const char *inside = as_unit_without_brackets(ctx, unit);
        if (!inside) return AS_ERR;
        if (!as_heading_unit(ctx, inside, &out->unit) &&
            as_unit_parse(ctx, as_scratch(ctx), inside, &out->unit) != AS_OK)
            return AS_ERR;
        out->stated = inside[0] != '\0' && strcmp(inside, "#") != 0;
    } else {
        out->stated = as_split_unit(ctx, text, label, &out->unit) || split_bare_unit(ctx, text, label, &out->unit);
    }
    if (!out->stated) out->unit = AS_UNITLESS;
    return AS_OK;
}

/* Letters that stand for several units, by the name beside them. */
static as_status settle_unit(as_ctx *ctx, const char *text, const char *unit, const char *key, const char **label,
                             as_heading *out)
{
    const bool apart = unit && unit[0];
    if (!out->stated) return AS_OK;
    if (strcmp(out->unit.symbol, "g") == 0 && is_big_g(apart ? unit : text))
        out->unit.symbol = "G"; /* gauss, or grams by who writes capitals only */
    if (as_settle_letter(key, *label, &out->unit)) return AS_OK;
    out->stated = false; /* the letter stays in the label */
    out->unit = AS_UNITLESS;
    *label = apart ? as_format(as_scratch(ctx), "%s (%s)", text, unit) : text;
    return *label ? AS_OK : AS_ERR;
}

/* The known quantity that a heading names; NULL: none. An ion's mass loses its unit. */
static const struct alias *alias_of(as_ctx *ctx, const char *key, const char *label, as_heading *out)
{
    const struct alias *alias = find_alias(key, out->stated, &out->unit);
    out->label = label[0] ? label : NULL;
    if (alias && strcmp(label, "D") == 0) alias = NULL; /* a diameter, or a coefficient of diffusion */
    if (alias && strcmp(alias->name, "mass_to_charge") == 0) {
        if (is_mass_to_charge(key, label)) out->unit = AS_UNITLESS;
        else alias = NULL;
    }
    if (!alias) alias = against(ctx, out);
    const bool minus = label[0] == '-'; /* "-Im(Z)" is not z_imag: its sign differs */
    return alias && minus && strcmp(alias->name, "z_imag") != 0 ? NULL : alias;
}

static void take_alias(const struct alias *alias, const char *key, const char *label, as_heading *out)
{
    out->known = true;
    out->turned = label[0] == '-';
    out->name = alias->name;
    if (out->stated) out->unit = rate_of(alias, &out->unit);
    else if (alias->unit) out->unit = as_unit_of(alias->unit);
    if (strstr(key, "stp") && strcmp(out->unit.symbol, "cm3/g") == 0) out->unit = as_unit_of("cm3(STP)/g");
    if (strcmp(alias->name, "absorbance") == 0 && is_absorbance_unit(out->unit.symbol)) out->unit = AS_UNITLESS;
}

as_status as_heading_of(as_ctx *ctx, const char *text, const char *unit, as_heading *out)
{
    const bool alone = !unit || !unit[0];
    const char *label;
    as_unit counted;
    *out = (as_heading){ .unit = AS_UNITLESS };
    if (alone && is_quotient(ctx, text, out)) return AS_OK;
    *out = (as_heading){ .unit = AS_UNITLESS };
    if (alone && is_count_unit(ctx, text, &counted)) {
        *out = (as_heading){ .name = "intensity", .label = text, .unit = counted, .known = true, .stated = true };
        return AS_OK;
    }
    AS_TRY(read_unit(ctx, text, unit, &label, out));
    const char *key = label ? as_plain_key(ctx, label) : NULL;
    if (!key) return AS_ERR;
    key = english_key(ctx, key);
    if (as_starts(key, "2thetacoupled")) key = "2theta"; /* of EVA, with the wavelength behind */
    AS_TRY(settle_unit(ctx, text, unit, key, &label, out));
    const struct alias *alias = alias_of(ctx, key, label, out);
    if (alias) {
        take_alias(alias, key, label, out);
        return AS_OK;
    }
    const char *spelling = label[0] == '-' ? as_format(as_scratch(ctx), "minus %s", label) : label;
    out->name = spelling ? identifier(ctx, spelling) : NULL;
    return out->name ? AS_OK : AS_ERR;
}

/* --- roles ---------------------------------------------------------------------------------- */
static size_t index_of(size_t n, const as_heading *h, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(h[i].name, name) == 0) return i;
    return n;
}

static bool is_ordinal(const as_heading *h)
{
    if (h->stated) return false; /* "N [counts/s]" */
    for (size_t i = 0; i < COUNT(ordinals); i++)
        if (strcmp(h->name, ordinals[i]) == 0) return true;
    return false;
}

/* x and the y that belong together, the first pair that is there; NULL as y: the first column
 * behind x that is known and no x of this list, else the one behind x. */
static const struct { const char *x, *y, *technique; } pairs[] = {
    { "z_real", "z_imag", "echem" },
    { "relative_pressure", "uptake", "sorption" }, { "pressure", "uptake", "sorption" },
    { "temperature", "mass", "thermal" }, { "temperature", "mass_fraction", "thermal" },
    { "temperature", "mass_change", "thermal" },
    { "temperature", "dsc", "thermal" }, { "temperature", "heat_flow", "thermal" },
    { "temperature", "specific_heat_flow", "thermal" }, { "temperature", "dta", "thermal" },
    { "time", "mass", "thermal" }, { "time", "heat_flow", "thermal" },
    { "two_theta", "intensity", "xrd" }, { "raman_shift", "intensity", "raman" },
    { "binding_energy", "intensity", "xps" }, { "kinetic_energy", "intensity", "xps" },
    { "q", "intensity", "xrd" }, { "d_spacing", "intensity", "xrd" },
    { "wavenumber", "absorbance", "ftir" }, { "wavenumber", "transmittance", "ftir" },
    { "wavenumber", "reflectance", "ftir" }, { "wavelength", "absorbance", "uvvis" },
    { "wavelength", "transmittance", "uvvis" }, { "wavelength", "reflectance", "uvvis" },
    { "wavelength", "intensity", NULL },
    { "two_theta", NULL, "xrd" }, { "raman_shift", NULL, "raman" }, { "wavenumber", NULL, "ftir" },
    { "binding_energy", NULL, "xps" }, { "kinetic_energy", NULL, "xps" },
    { "d_spacing", NULL, "xrd" }, { "relative_pressure", NULL, "sorption" },
    { "time", "potential", "echem" }, { "specific_capacity", "potential", "echem" },
    { "capacity", "potential", "echem" }, { "potential", "current", "echem" },
    { "potential", "current_density", "echem" }, { "frequency", "z_modulus", "echem" },
    { "time", "current", "echem" },
};

/* "wt%" and nothing else: of what is adsorbed, beside a pressure; else of the sample's mass. */
static void settle_share(size_t n, as_heading *h, bool adsorbed)
{
    for (size_t i = 0; i < n; i++) {
        if (h[i].known || h[i].stated || !h[i].label) continue;
        if (!as_same(h[i].label, "wt%") && !as_same(h[i].label, "wt.%")) continue;
        h[i] = (as_heading){ .name = adsorbed ? "uptake" : "mass_fraction", .unit = as_unit_of("wt%"),
                             .known = true, .stated = true };
    }
}

/* Beside a frequency, "real" and "imaginary" are parts of an impedance, and "|Z|" its modulus; beside that
 * "Theta" is its phase, no angle of scattering. */
static void settle_impedance(size_t n, as_heading *h)
{
    static const char *const parts[][2] = { { "real", "z_real" }, { "imaginary", "z_imag" },
                                            { "imag", "z_imag" }, { "|Z|", "z_modulus" },
                                            { "-phase", "z_phase" }, { "-theta", "z_phase" },
                                            { "-Z'", "z_real" } };
    const size_t f = index_of(n, h, "f");
    if (f < n && index_of(n, h, "z_imag") < n && index_of(n, h, "frequency") == n) {
        h[f].name = "frequency"; /* "f, Z', Z''" */
        h[f].known = true;
    }
    if (index_of(n, h, "frequency") == n) return;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNT(parts); k++)
            if (!h[i].known && h[i].label && as_same(h[i].label, parts[k][0])) {
                h[i].name = parts[k][1];
                h[i].known = true;
                h[i].turned = parts[k][0][0] == '-';
            }
    const size_t theta = index_of(n, h, "theta");
    if (theta < n && index_of(n, h, "z_modulus") < n) h[theta].name = "z_phase";
}

/* German and other exports say absorption for absorbance; where it has a unit, it may be a percentage. */
static void settle_absorption(size_t n, as_heading *h)
{
    const size_t y = index_of(n, h, "absorption");
    const bool spectrum = index_of(n, h, "wavenumber") < n || index_of(n, h, "wavelength") < n;
    if (y == n || !spectrum || (h[y].stated && !h[y].unit.opaque)) return;
    h[y].name = "absorbance";
    h[y].known = true;
}

/* "I(q)", "dI(q)" beside q. */
static void settle_scattering(size_t n, as_heading *h)
{
    static const char *const names[][2] = { { "I(q)", "intensity" }, { "dI(q)", "sigma" }, { "dI", "sigma" },
                                            { "Idev", "sigma" } };
    if (index_of(n, h, "q") == n) return;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNT(names); k++)
            if (!h[i].known && h[i].label && as_same(h[i].label, names[k][0]) && index_of(n, h, names[k][1]) == n) {
                h[i].name = names[k][1];
                h[i].known = true;
            }
}

/* "mz" beside an intensity of ions. */
static void settle_masses(size_t n, as_heading *h)
{
    const size_t m = index_of(n, h, "mz");
    if (m == n || h[m].stated || index_of(n, h, "intensity") == n) return;
    h[m].name = "mass_to_charge";
    h[m].known = true;
}

void as_settle_headings(size_t n, as_heading *h)
{
    settle_masses(n, h);
    settle_scattering(n, h);
    settle_absorption(n, h);
    static const char *const scattered[] = { "two_theta", "raman_shift", "binding_energy", "q" };
    bool found = index_of(n, h, "intensity") < n;
    settle_impedance(n, h);
    settle_share(n, h, index_of(n, h, "pressure") < n || index_of(n, h, "relative_pressure") < n);
    for (size_t i = 0; i < COUNT(scattered) && !found; i++) {
        const size_t x = index_of(n, h, scattered[i]), y = index_of(n, h, "i");
        for (size_t k = 0; x < n && k < n; k++) /* "Arb. Units" is all that it says */
            if (k != x && h[k].label && !h[k].known && as_is_arbitrary_unit(h[k].label)) {
                h[k].name = "intensity";
                h[k].known = found = true;
            }
        if (found || x == n || y == n || h[y].stated) continue;
        h[y].name = "intensity";
        h[y].known = found = true;
    }
}

/* The uncertainties of a column beside it: "sigma", "N error". */
static bool is_error(const as_heading *h)
{
    const size_t n = h->label ? strlen(h->label) : 0;
    return strcmp(h->name, "sigma") == 0 || (n > 6 && strcmp(h->label + n - 6, " error") == 0);
}

/* "n" of a refractive index, "Id" of a drain: what is measured, behind an x. */
static bool is_letter(const as_heading *h)
{
    return h->label && (strcmp(h->label, "n") == 0 || strcmp(h->label, "Id") == 0);
}

static size_t behind(size_t n, const as_heading *h, size_t x)
{
    const size_t intensity = index_of(n, h, "intensity");
    if (intensity < n && intensity != x) return intensity;
    const as_unit kelvin = as_unit_of("K");
    const bool timed = strcmp(h[x].name, "time") == 0; /* what is measured at times and temperatures */
    for (size_t i = x + 1; timed && i < n; i++)
        if ((h[i].known || h[i].stated) && !is_ordinal(&h[i]) && /* else it may be a remark */
            !as_unit_same_dimension(&h[i].unit, &kelvin) &&
            strcmp(h[i].name, "temperature") != 0 && strcmp(h[i].name, "time") != 0 &&
            strcmp(h[i].name, "mass_to_charge") != 0 && !is_error(&h[i]))
            return i;
    for (size_t i = x + 1; i < n; i++)
        if ((!is_ordinal(&h[i]) || is_letter(&h[i])) && !is_error(&h[i])) return i;
    return x + 1 < n ? x + 1 : x - 1;
}

/* The column of x of a pair; where the sample's temperature is not told, that of the furnace. */
static size_t index_of_x(size_t n, const as_heading *h, size_t pair)
{
    size_t x = index_of(n, h, pairs[pair].x);
    if (x < n || strcmp(pairs[pair].x, "temperature") != 0) return x;
    x = index_of(n, h, "furnace_temperature");
    return x < n ? x : index_of(n, h, "program_temperature");
}

/* "dy", "y_err", "counts_std", "N error" beside y, counts, N. */
static bool is_error_of(const as_heading *h, const as_heading *y)
{
    static const char *const behind_it[] = { "_err", "_error", "_std", "_sd", "_sigma", "_unc", "_uncertainty", " err",
                                             " error", " std", " sd", " sigma", "err" };
    static const char *const before[] = { "d", "d_", "sigma_", "sigma ", "err_", "error_" };
    const char *label = h->label ? h->label : "", *of = y->label ? y->label : y->name;
    const size_t n = strlen(label), m = strlen(of);
    for (size_t i = 0; m > 0 && i < COUNT(behind_it); i++)
        if (n == m + strlen(behind_it[i]) && as_starts(label, of) && as_same(label + m, behind_it[i])) return true;
    for (size_t i = 0; m > 0 && i < COUNT(before); i++) {
        const size_t k = strlen(before[i]);
        if (n == m + k && strncmp(label, before[i], k) == 0 && strcmp(label + k, of) == 0) return true;
    }
    return false;
}

as_axes as_choose_axes(size_t n, const as_heading *h)
{
    as_axes a = { .y = 1, .sigma = n };
    for (size_t i = 0; i < COUNT(pairs) && !a.paired; i++) {
        const size_t x = index_of_x(n, h, i);
        const size_t y = pairs[i].y ? index_of(n, h, pairs[i].y) : n;
        if (x == n || (pairs[i].y && y == n)) continue;
        a.x = x;
        a.y = pairs[i].y ? y : behind(n, h, x);
        a.paired = true;
    }
    if (!a.paired) {
        while (a.x + 2 < n && is_ordinal(&h[a.x])) a.x++;
        if (a.x + 2 < n && !h[a.x].known && !h[a.x].stated && strcmp(h[a.x + 1].name, "wavelength") == 0)
            a.x++; /* "units", "No." before a spectrum */
        a.y = behind(n, h, a.x);
    }
    const size_t sigma = index_of(n, h, "sigma");
    if (sigma != a.x && sigma != a.y) a.sigma = sigma;
    for (size_t i = 0; i < n && a.sigma == n; i++)
        if (i != a.x && i != a.y && is_error_of(&h[i], &h[a.y])) a.sigma = i;
    return a;
}

bool as_is_x_name(const char *name)
{
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (strcmp(pairs[i].x, name) == 0) return true;
    return strcmp(name, "x") == 0;
}

const char *as_technique_of(size_t n, const as_heading *h)
{
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (index_of_x(n, h, i) < n &&
            (!pairs[i].y || index_of(n, h, pairs[i].y) < n))
            return pairs[i].technique;
    return NULL;
}
