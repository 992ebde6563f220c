/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings of columns: where the unit stands, and what letters mean. */
#include <string.h>

#include "heading_private.h"
#include "heading_words.h"
#include "input.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const arbitrary[] = { "a.u.", "a. u.", "arb. units", "arb.units", "arb. u.",
                                         "arb", "arb.", "au", "arbitrary units", "u.a.", "u. a.",
                                         "w.E.", "w. E.", "a.u",
                                         "отн. ед.", "отн.ед.", "усл. ед." };

bool as_is_arbitrary_unit(const char *text)
{
    for (size_t i = 0; i < COUNT(arbitrary); i++)
        if (as_same(text, arbitrary[i])) return true;
    return false;
}

static const char *without_blanks(as_ctx *ctx, const char *text)
{
    char *out = as_strdup(as_scratch(ctx), text), *to = out;
    for (; out && *text; text++)
        if (*text != ' ') *to++ = *text;
    if (out) *to = '\0';
    return out;
}

/* "mA cm$^{-2}$", "$\\AA$" as labels of plots have them, in scratch; never NULL, and without a dollar. */
static const char *without_tex(as_ctx *ctx, const char *text)
{
    static const struct { const char *tex, *plain; } signs[] = {
        { "^\\circ", "°" }, { "\\circ", "°" }, { "\\AA", "Å" }, { "\\mu", "u" }, { "\\Omega", "Ohm" },
        { "\\mathrm", "" }, { "\\rm", "" }, { "\\%", "%" }, { "\\,", " " }, { "$", "" },
    };
    const size_t room = 3 * strlen(text) + 1;
    char *out = as_alloc(as_scratch(ctx), room, 1);
    size_t n = 0;
    while (out && *text) {
        size_t k = 0;
        while (k < COUNT(signs) && strncmp(text, signs[k].tex, strlen(signs[k].tex)) != 0) k++;
        const char *plain = k < COUNT(signs) ? signs[k].plain : NULL;
        if (!plain) out[n++] = *text;
        for (; plain && *plain; plain++) out[n++] = *plain;
        text += k < COUNT(signs) ? strlen(signs[k].tex) : 1;
    }
    return out ? out : "";
}

bool as_heading_unit(as_ctx *ctx, const char *text, as_unit *out)
{
    if (as_starts(text, "rel. ") || as_starts(text, "CCD ")) text += strcspn(text, " ") + 1; /* "rel. 1/cm" */
    if (text[0] == '%' && text[1] == ' ' && text[2]) text = "%"; /* "% transmittance" of Avantes */
    const char *versus = as_find_text(text, " vs");
    const char *cut = as_trim(as_scratch(ctx), text, versus ? (size_t)(versus - text)
                                                            : strlen(text));
    if (!cut || !cut[0] || as_unit_parse(ctx, as_scratch(ctx), cut, out) != AS_OK) return false;
    if (!out->opaque || as_is_arbitrary_unit(cut)) return true;
    if (strchr(cut, '$')) return as_heading_unit(ctx, without_tex(ctx, cut), out);
    const char *dense = without_blanks(ctx, cut); /* "Counts / s" */
    if (!dense || as_unit_parse(ctx, as_scratch(ctx), dense, out) != AS_OK) return false;
    return !out->opaque;
}

bool as_is_unit_text(as_ctx *ctx, const char *text)
{
    as_unit unit;
    const size_t n = strlen(text);
    if (n >= 2 && ((text[0] == '[' && text[n - 1] == ']') || (text[0] == '(' && text[n - 1] == ')')))
        return true;
    return as_heading_unit(ctx, text + (text[0] == '/'), &unit);
}

/* The bracket that the one at the end closes: "V (cm3(STP)/g)". NULL: none. */
static const char *last_bracket(const char *text, size_t n)
{
    size_t depth = 0;
    for (size_t i = n; i-- > 0;) {
        depth += text[i] == ')';
        if (text[i] == '(' && depth > 0 && --depth == 0) return text + i;
    }
    return NULL;
}

/* The slash behind which the unit stands: the last one, or an earlier one where that leaves a unit of
 * more than a letter over a unit ("capacity/mAh/g", not "1/T/K"). */
static const char *unit_slash(as_ctx *ctx, const char *text)
{
    const char *last = strrchr(text, '/');
    for (const char *at = strchr(text, '/'); at && at < last; at = strchr(at + 1, '/')) {
        const char *rest = as_trim(as_scratch(ctx), at + 1, strlen(at + 1));
        as_unit unit;
        if (at > text && strcspn(at + 1, "/") > 1 && rest && as_heading_unit(ctx, rest, &unit))
            return at;
    }
    return last;
}

/* One letter over a unit behind other words: "Scan rate V/s", "Density g/mL", "Heating rate K/min". Not where the
 * letter is a quantity in the unit below: "Sample m/g", "Gas V/mL", "Area A/cm2". */
static bool is_letter_quotient(as_ctx *ctx, const char *before, char letter, const char *below)
{
    static const struct { char letter; const char *unit; } quantities[] = {
        { 'm', "g" }, { 'A', "m2" }, { 'V', "m3" }, { 'L', "m" }, { 'F', "N" }, { 'F', "Hz" }, { 'W', "J" },
        { 'C', "mol/L" }, { 'C', "F" }, { 'J', "A/m2" }, { 'N', "1" }, { 'K', "1" },
    };
    const char *key = as_plain_key(ctx, before);
    as_unit unit, ampere = as_unit_of("A");
    if (!key || !strchr("VALmgJKNWCF1", letter) || !as_heading_unit(ctx, below, &unit) || unit.opaque) return false;
    const bool current = letter == 'A' && as_settle_letter(key, before, &ampere) && strcmp(ampere.symbol, "A") == 0;
    for (size_t i = 0; i < COUNT(quantities) && !current; i++) {
        const as_unit of = as_unit_of(quantities[i].unit);
        if (quantities[i].letter == letter && as_unit_same_dimension(&unit, &of)) return false;
    }
    return true;
}

/* "Volume, cm3/g", "V cm³/g", "V cm³ /g": a unit with a slash behind a comma, or behind a blank when it begins with
 * one of several letters, or with one that is no quantity ("T/K" is none). */
static bool split_quotient(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    const char *slash = strchr(text, '/'), *from = slash;
    if (!slash || strpbrk(text, "([")) return false;
    while (from > text && from[-1] == ' ') from--;
    const char *const end_over = from;
    while (from > text && from[-1] != ' ' && from[-1] != ',') from--;
    if (from == text) return false;
    const char *over = as_strndup(as_scratch(ctx), from, (size_t)(end_over - from));
    as_unit first;
    if (!over || !as_heading_unit(ctx, over, &first) || !as_heading_unit(ctx, from, unit)) return false;
    const char *end = from;
    while (end > text && end[-1] == ' ') end--;
    const bool comma = end > text && end[-1] == ',';
    if (first.opaque || unit->opaque) return false;
    *name = as_trim(as_scratch(ctx), text, (size_t)(end - text) - comma);
    if (!*name || !**name) return false;
    return comma || *over == '%' || over[1] || is_letter_quotient(ctx, *name, *over, slash + 1);
}

/* "DryCal smL/min", "Flux photons/s": per time, of something that is not known; not "Delay time/s". */
static bool is_rate(as_ctx *ctx, const char *text, const char *slash, const as_unit *unit)
{
    static const char *const times[] = { "time", "zeit", "temps", "tiempo", "tempo", "dauer", "duration", "elapsed",
                                         "delay", "period", "tau", "life" };
    const as_unit second = as_unit_of("s");
    const char *word = slash;
    if (slash == text || slash[-1] == ' ' || slash[1] == ' ' || !as_unit_same_dimension(unit, &second)) return false;
    while (word > text && word[-1] != ' ') word--;
    if (word == text) return false;
    const char *last = as_strndup(as_scratch(ctx), word, (size_t)(slash - word));
    const char *key = last ? as_plain_key(ctx, last) : NULL;
    if (!key || as_is_name_with(ctx, last, unit)) return false;
    for (size_t i = 0; i < COUNT(times); i++)
        if (strstr(key, times[i])) return false;
    return true;
}

/* "Temp. Deg C", "Oven °C": nothing else is spelt so. */
static bool split_degrees(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    static const char *const tails[] = { " deg c", " deg. c", " degc", " degree c", " degrees c", " °C",
                                         " degrees celsius", " celsius" };
    const size_t n = strlen(text);
    for (size_t i = 0; i < COUNT(tails); i++) {
        const size_t m = strlen(tails[i]);
        if (n <= m || !as_same(text + n - m, tails[i])) continue;
        *unit = as_unit_of("degC");
        *name = as_trim(as_scratch(ctx), text, n - m);
        return *name != NULL;
    }
    return false;
}

/* "Aux_Voltage(V)_1", "Voltage (V)_a_Forward": the unit stands before the channel or curve, which goes with
 * the name. */
static bool split_channel(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    const char *mark = strstr(text, ")_");
    const size_t n = mark ? (size_t)(mark - text) + 1 : 0;
    if (n < 4 || !mark[2] || strpbrk(mark + 1, "()[]/")) return false;
    const char *open = last_bracket(text, n);
    const char *inside = open && open > text ? as_trim(as_scratch(ctx), open + 1, n - 2 - (size_t)(open - text))
                                             : NULL;
    if (!inside || !as_heading_unit(ctx, inside, unit)) return false;
    const char *before = as_trim(as_scratch(ctx), text, (size_t)(open - text));
    *name = before ? as_format(as_scratch(ctx), "%s%s", before, mark + 1) : NULL;
    return *name != NULL;
}

/* "mmol_g", "mA_cm-2", "mAh_per_g", "inv_A": a unit in the words of an identifier, as it is written else. */
static const char *snake_unit(as_ctx *ctx, const char *text)
{
    const bool inverse = as_starts(text, "inv_");
    const size_t n = strlen(text);
    char *out = as_alloc(as_scratch(ctx), 2 * n + 3, 1), *to = out;
    if (!out) return NULL;
    if (inverse) *to++ = '1', *to++ = '/';
    for (const char *at = inverse ? text + 4 : text; *at; at++) {
        if (*at != '_') {
            *to++ = *at;
        } else if (as_starts(at, "_per_")) {
            *to++ = '/';
            at += 4;
        } else {
            const size_t word = strcspn(at + 1, "_");
            *to++ = memchr(at + 1, '-', word) ? ' ' : '/';
        }
    }
    *to = '\0';
    return out;
}

/* Units that no other word at the end of an identifier is taken for ("x_min", "sample_A", "film_Au"). */
static bool is_plain_unit(const char *text)
{
    static const char *const plain[] = {
        "nm", "um", "µm", "mm", "cm", "km", "deg", "degC", "°C", "degF", "rad", "mrad", "Hz", "kHz", "MHz",
        "GHz", "eV", "keV", "meV", "mV", "kV", "uV", "µV", "mA", "uA", "µA", "nA", "kPa", "MPa", "GPa", "hPa",
        "mbar", "kg", "mg", "ug", "ms", "us", "µs", "ns", "mL", "ml", "uL", "mmol", "umol", "kJ", "mW", "uW",
        "kOhm", "mT", "%", "wt%", "at%", "ppm", "Angstrom", "angstrom", "cm-1", "nm-1", "seconds", "hours" };
    for (size_t i = 0; i < COUNT(plain); i++)
        if (strcmp(plain[i], text) == 0) return true;
    return false;
}

/* Whether the word of an identifier that ends at `end` is a unit itself ("mL" of "rate_mL_min"). */
static bool follows_unit(as_ctx *ctx, const char *text, const char *end)
{
    const char *from = end;
    as_unit unit;
    while (from > text && from[-1] != '_') from--;
    const char *word = as_strndup(as_scratch(ctx), from, (size_t)(end - from));
    if (!word || from == text || (*word >= '0' && *word <= '9')) return false;
    return as_heading_unit(ctx, word, &unit) && !unit.opaque;
}

/* "uptake_mmol_g", "time_s", "thickness_nm": the longest end that is a unit, of a name that has such units,
 * or one that nothing else is spelt like. */
static bool split_snake(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    for (const char *at = strchr(text, '_'); at; at = strchr(at + 1, '_')) {
        as_unit parsed;
        const char *before = as_strndup(as_scratch(ctx), text, (size_t)(at - text));
        const char *written = snake_unit(ctx, at + 1);
        if (at == text || !before || !written || !as_heading_unit(ctx, written, &parsed)) continue;
        const bool quotient = !parsed.opaque && strchr(at + 1, '/') && strpbrk(at + 1, "0123456789_") == NULL;
        if (!as_is_name_with(ctx, before, &parsed) && !quotient &&
            (!is_plain_unit(at + 1) || follows_unit(ctx, text, at)))
            continue;
        *name = before;
        *unit = parsed;
        return true;
    }
    return false;
}

/* "Spannung in V", "Temperature in °C". */
static bool split_in(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    const char *at = strstr(text, " in ");
    const char *inside = at && at > text ? as_trim(as_scratch(ctx), at + 4, strlen(at + 4)) : NULL;
    if (inside) inside = as_unit_without_brackets(ctx, inside);
    if (!inside || !as_heading_unit(ctx, inside, unit) || unit->opaque) return false;
    *name = as_trim(as_scratch(ctx), text, (size_t)(at - text));
    return *name != NULL;
}

/* "Pressure [mbar] (gauge 2)", "Heat Flow (W/g) exo up", "E(V) vs SCE": the unit before what it was measured
 * with. */
static bool split_inner_unit(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    const char *open = strpbrk(text, "[(");
    const char *close = open ? strchr(open, *open == '[' ? ']' : ')') : NULL;
    if (!close || open == text || !close[1] || !strchr(" ([", close[1])) return false;
    as_unit parsed;
    const char *inside = as_strndup(as_scratch(ctx), open + 1, (size_t)(close - open - 1));
    if (!inside || (inside[0] >= '0' && inside[0] <= '9')) return false;
    if (!as_heading_unit(ctx, inside, &parsed) || parsed.opaque) return false;
    const char *before = as_trim(as_scratch(ctx), text, (size_t)(open - text));
    *name = before ? as_format(as_scratch(ctx), "%s%s", before, close + 1) : NULL;
    *unit = parsed;
    return *name != NULL;
}

/* "log10(counts)", "sqrt(I)": not in counts. */
static bool is_function(const char *text, size_t n)
{
    static const char *const names[] = { "log", "log10", "ln", "lg", "log2", "sqrt", "exp" };
    for (size_t i = 0; i < COUNT(names); i++)
        if (strlen(names[i]) == n && as_starts(text, names[i])) return true;
    return false;
}

bool as_split_unit(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    static const char *const opening[] = { "(", "[", ",", "/" };
    const size_t n = strlen(text);
    if (split_quotient(ctx, text, name, unit) || split_channel(ctx, text, name, unit) ||
        as_split_joined(ctx, text, name, unit))
        return true;
    if (!strpbrk(text, " ([") && split_snake(ctx, text, name, unit)) return true;
    for (size_t i = 0; i < COUNT(opening); i++) {
        const char *at = i == 0   ? last_bracket(text, n)
                         : i == 3 ? unit_slash(ctx, text)
                                  : strrchr(text, opening[i][0]);
        size_t end = n;
        if (!at || at == text) continue;
        if (i == 0 || i == 1) {
            const char closing = i == 0 ? ')' : ']';
            if (text[n - 1] != closing || is_function(text, (size_t)(at - text))) continue;
            end--;
        }
        const size_t from = (size_t)(at - text) + 1;
        const char *inside = as_trim(as_scratch(ctx), text + from, end - from);
        as_unit parsed;
        if (!inside || !as_heading_unit(ctx, inside, &parsed)) continue;
        if (i == 3 && is_rate(ctx, text, at, &parsed)) continue;
        const size_t slash = i == 0 && from > 2 && text[from - 2] == '/'; /* "DSC/(uV/mg)" */
        *unit = parsed;
        *name = as_trim(as_scratch(ctx), text, from - 1 - slash);
        return *name != NULL;
    }
    return split_in(ctx, text, name, unit) || split_inner_unit(ctx, text, name, unit) ||
           split_degrees(ctx, text, name, unit);
}

/* --- letters ----------------------------------------------------------------------------- */
/* One of the words, which blanks part: up to three letters are the whole key, or its part before a number or a
 * second word (`stem` bytes), or with a star its beginning; more stand anywhere in it. */
static bool has_word(const char *key, size_t stem, const char *words)
{
    for (const char *at = words; *at;) {
        const size_t n = strcspn(at, " ");
        char word[24] = { 0 };
        if (n < sizeof word) memcpy(word, at, n);
        if (n == 2 && word[1] == '*' && key[0] == word[0]) return true;
        if (n > 3 ? strstr(key, word) != NULL
                  : strcmp(key, word) == 0 || (n == stem && strncmp(key, word, n) == 0))
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

static const char hot[] = "t ts ti tc th tr temp oven furnace ofen thermo setpoint sollwert ambient heater bath "
                          "celsius degrees";
static const char amount_of_time[] = "t time zeit temps tiempo tempo dauer duration elapsed";
static const char length_of[] = "r d l a b c x y z h s w length laenge lange lambda wavelength spacing thickness "
                                "depth distance radius radii diameter roughness lattice height hohe width position "
                                "displacement extension path weg altitude abstand stroke size gap rmsd zpos xpos ypos "
                                "hub level";
static const struct { const char *letter, *unit, *names; } letters[] = {
    { "C", "degC", hot }, { "C", "C", "q dq qqo charge ladung coulomb carga" },
    { "F", "degF", hot }, { "F", "F", "c cs cdl cp cw capac kapaz" },
    { "A", "Angstrom", length_of },
    { "A", "A", "i* j absi curr strom courant corrente corriente amp ammeter" },
    { "A-1", "Angstrom-1", "q k s g qz qx qy qxy sq sqz dq qvector scatteringvector wavevector momentum" },
    { "A3", "Angstrom3", "v vol cell zelle volume volumen" },
    { "A2", "Angstrom2", "u b msd uiso biso beq ueq area flache surface cross displacement" },
    { "A-2", "Angstrom-2", "g gr sld rho nsld scattering density" },
    { "G", "g", "m w mass masse weight gewicht" },
    { "S", "s", amount_of_time }, { "S", "S", "g y conduct admit leit suscept" },
    { "H", "h", amount_of_time }, { "H", "H", "l induct" },
    { "T", "T", "b h b0 mu0h field feld flux induct magnet" },
    { "M", "M", "c conc molar konz" },
    { "L", "L", "v vol liter litre" },
    { "m", "m", length_of },
};

bool as_settle_letter(const char *key, const char *label, as_unit *unit)
{
    bool listed = strcmp(unit->symbol, "V") == 0 && as_starts(key, "volum");
    const size_t stem = strcspn(label, "_0123456789 ,");
    const bool ions = as_starts(key, "mz") && key[2] >= '0' && key[2] <= '9';
    if (ions && strcmp(unit->symbol, "A") == 0) return true; /* "m/z 18 (A)": their current */
    for (size_t i = 0; i < COUNT(letters); i++) {
        if (strcmp(letters[i].letter, unit->symbol) != 0) continue;
        listed = true;
        if (!has_word(key, stem, letters[i].names)) continue;
        *unit = as_unit_of(letters[i].unit);
        return true;
    }
    return !listed;
}

const char *as_unit_without_brackets(as_ctx *ctx, const char *text)
{
    const size_t n = strlen(text);
    if (n >= 2 && text[0] == '/') return text + 1;
    if (n >= 2 && ((text[0] == '[' && text[n - 1] == ']') || (text[0] == '(' && text[n - 1] == ')')))
        return as_trim(as_scratch(ctx), text + 1, n - 2);
    return text;
}

