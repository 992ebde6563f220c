/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of JCAMP-DX holds, by XUNITS, YUNITS and DATA TYPE. The protocol's words are those of optical
 * spectra; other techniques write units or headings of their own there, and where A is absorbance for the
 * one it is ampere for the other.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "infrared.h"
#include "jcamp.h"
#include "vocabulary.h"

typedef struct kind {
    const char *type;      /* in DATA TYPE */
    const char *technique; /* NULL: none of ours */
    const char *const *names; /* of columns that have a unit alone: the first of its dimension;
                                 NULL: optical */
} kind;

static const char *const of_cells[] = { "potential", "current", "current_density", "charge", "time",
                                        "frequency", NULL };
static const char *const of_heat[] = { "temperature", "time", "mass", "heat_flow", "specific_heat_flow",
                                       "mass_fraction", NULL };
static const char *const of_gas[] = { "pressure", "temperature", "time", NULL };
static const char *const of_other[] = { "temperature", "time", NULL };

static const kind kinds[] = {
    { "CHROMATO", NULL, of_other },      { "HPLC", NULL, of_other },
    { "INFRARED", "ftir", NULL },        { "IR SPEC", "ftir", NULL },
    { "RAMAN", "raman", NULL },          { "UV", "uvvis", NULL },
    { "PHOTOELECTRON", "xps", NULL },    { "X-RAY", "xrd", NULL },
    { "XRD", "xrd", NULL },              { "DIFFRACT", "xrd", NULL },
    { "VOLTAM", "echem", of_cells },     { "ELECTROCHEM", "echem", of_cells },
    { "AMPEROM", "echem", of_cells },    { "THERMOGRAV", "thermal", of_heat },
    { "CALORIM", "thermal", of_heat },   { "THERMAL ANAL", "thermal", of_heat },
    { "TGA", "thermal", of_heat },       { "DSC", "thermal", of_heat },
    { "SORPTION-DES", "sorption", of_gas }, { "ADSORPTION", "sorption", of_gas },
    { "DESORPTION", "sorption", of_gas }, { "SORPTION ISO", "sorption", of_gas },
};

static const kind *kind_of(const char *data_type)
{
    static const kind none = { "", NULL, NULL };
    for (size_t i = 0; i < AS_COUNT(kinds); i++)
        if (as_find_text(data_type, kinds[i].type)) return &kinds[i];
    return &none;
}

/* "MILLILITERS", "V vs Ag/AgCl": a unit of units.def, as it stands or in lower case; in scratch. */
static as_status plain_unit(as_ctx *ctx, const char *word, as_unit *out)
{
    const char *versus = as_find_text(word, " vs");
    char *text = as_strndup(as_scratch(ctx), word, versus ? (size_t)(versus - word) : strlen(word));
    if (!text) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, as_scratch(ctx), text, out));
    if (!out->opaque) return AS_OK;
    for (char *c = text; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    return as_unit_parse(ctx, as_scratch(ctx), text, out);
}

/* Moles, gas volumes and masses that a mass takes up. */
static bool is_uptake(const as_unit *unit)
{
    const as_unit amounts[] = { as_unit_of("mmol/g"), as_unit_of("cm3/g"), as_unit_of("mg/g") };
    for (size_t i = 0; i < AS_COUNT(amounts); i++)
        if (as_unit_same_dimension(unit, &amounts[i])) return true;
    return false;
}

static const char *name_of(const kind *k, const as_unit *unit)
{
    if (k->names == of_gas && strcmp(unit->symbol, "1") != 0 && is_uptake(unit)) return "uptake";
    for (const char *const *name = k->names ? k->names : of_other; *name; name++) {
        const as_unit own = as_unit_of(as_vocabulary(AS_WORD_COLUMN, *name)->unit);
        if (as_unit_same_dimension(unit, &own)) return *name;
    }
    return NULL;
}

/* `axis` where the word says more than as_ir_x and as_ir_y know: a heading, or a unit alone. */
static as_status by_heading(as_ctx *ctx, const kind *k, const char *word, as_ir_axis *axis)
{
    as_heading h;
    as_unit unit;
    if (!word[0]) return AS_OK;
    AS_TRY(as_heading_of(ctx, word, NULL, &h));
    AS_TRY(plain_unit(ctx, word, &unit));
    const bool counts = !unit.opaque && strcmp(unit.symbol, "1") != 0;
    const char *name = !counts ? NULL : strcmp(unit.symbol, "mAU") == 0 ? "absorbance" : name_of(k, &unit);
    if (counts) {
        if (name) axis->column = name;
        axis->unit = unit.symbol;
    } else if (h.known || (h.stated && h.label)) {
        const char *value = k->names && strcmp(h.name, "value") == 0 ? name_of(k, &h.unit) : NULL;
        axis->column = value ? value : h.name; /* "Value [mg]" of a thermogram */
        axis->unit = h.unit.symbol;
    }
    return AS_OK;
}

static bool is_share(const as_ir_axis *y)
{
    return strcmp(y->column, "transmittance") == 0 || strcmp(y->column, "reflectance") == 0;
}

/* Transmittance beyond 1 by far is written in percent, whatever the file calls it; beyond twice a hundred
 * percent it is none. */
static void settle_share(as_ctx *ctx, as_table *t, as_ir_axis *y, const as_where *at)
{
    double low = INFINITY, high = -INFINITY;
    if (strcmp(y->unit, "1") != 0 || !is_share(y)) return;
    for (size_t i = 0; i < t->rows; i++) {
        low = fmin(low, t->column[1]->v.f[i]);
        high = fmax(high, t->column[1]->v.f[i]);
    }
    if (high > 200) {
        as_warn(ctx, t, at, "%s from %g to %g is none: it is read as an intensity", y->column, low, high);
        y->column = "intensity";
    } else if (high > 5) {
        as_warn(ctx, t, at, "%s far above 1: it is taken for percent", y->column);
        y->unit = "%";
    }
}

static void settle_type(as_ctx *ctx, as_table *t, const char *type, as_ir_axis *x, as_ir_axis *y,
                        const as_where *at)
{
    const bool raman = as_find_text(type, "RAMAN") != NULL;
    if (raman && strcmp(x->column, "wavenumber") == 0) x->column = "raman_shift";
    if (raman && (is_share(y) || strcmp(y->column, "absorbance") == 0)) {
        as_warn(ctx, t, at, "%s in a Raman spectrum: it is read as an intensity", y->column);
        *y = (as_ir_axis){ "intensity", "1", NULL };
    }
    if (as_find_text(type, "INTERFEROGRAM") && strcmp(y->column, "intensity") == 0)
        y->column = "interferogram";
    if (t->technique && strcmp(t->technique, "xrd") == 0 && strcmp(x->column, "wavenumber") == 0)
        as_warn(ctx, t, at, "a wavenumber as x of '%s': one of the two is wrong", type);
}

/* What our own writer says of a column. */
static as_status by_own(as_ctx *ctx, const char *text, as_ir_axis *axis)
{
    const char *comma = strrchr(text, ',');
    if (!comma) return AS_OK;
    axis->column = as_trim(as_scratch(ctx), text, (size_t)(comma - text));
    axis->unit = as_trim(as_scratch(ctx), comma + 1, strlen(comma + 1));
    return axis->column && axis->unit ? AS_OK : AS_ERR;
}

as_status as_jcamp_name(as_parse *job, as_table *t, const char *type, const as_jcamp_words *words,
                        const as_where *at)
{
    as_ctx *ctx = job->ctx;
    const kind *k = kind_of(type);
    as_ir_axis x = as_ir_x(words->x), y = as_ir_y(words->y);
    t->technique = k->technique;
    if (x.unit == words->x || k->names) AS_TRY(by_heading(ctx, k, words->x, &x));
    if (y.unit == words->y || k->names) AS_TRY(by_heading(ctx, k, words->y, &y));
    settle_type(ctx, t, type, &x, &y, at);
    settle_share(ctx, t, &y, at);
    AS_TRY(by_own(ctx, words->own_x, &x));
    AS_TRY(by_own(ctx, words->own_y, &y));
    AS_TRY(as_name_ir(ctx, t, &x, &y));
    const char *versus = as_find_text(words->x, " vs");
    if (versus && strcmp(x.column, "potential") == 0) {
        versus += 3 + (versus[3] == '.');
        const char *electrode = as_trim(as_scratch(ctx), versus, strlen(versus));
        if (!electrode) return AS_ERR;
        if (electrode[0]) AS_TRY(as_set_meta(ctx, t, "reference_electrode", electrode, NULL, at));
    }
    return strcmp(y.unit, "count") == 0 ? as_add_counted_sigma(ctx, t, NULL, NAN) : AS_OK;
}
