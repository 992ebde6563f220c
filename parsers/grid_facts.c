/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands above the tables of spectrometers and thermal analysers, in the words that their programs
 * share: "Integration time: 175 ms", "Laser Wavelength (nm)", "Average: 20 scans", "Sample Weight: 5.120[mg]",
 * "Date". Only what is certain gets a name of the vocabulary.
 */
#include <math.h>
#include <string.h>

#include "calendar.h"
#include "diffraction.h"
#include "grid_private.h"
#include "number.h"
#include "spectrum.h"

static const struct { const char *key, *meta, *unit; } numbers[] = { /* unit: whose dimension it must have */
    { "integrationtime", "exposure", "s" },      { "exposuretime", "exposure", "s" },
    { "exposure", "exposure", "s" },             { "acquisitiontime", "exposure", "s" },
    { "laserwavelength", "laser_wavelength", "nm" },
    { "excitationwavelength", "laser_wavelength", "nm" },
    { "laserpower", "laser_power", "mW" },       { "spectralresolution", "resolution", "cm-1" },
    { "samplemass", "sample_mass", "mg" },       { "sampleweight", "sample_mass", "mg" },
    { "massofsample", "sample_mass", "mg" },     { "initialmass", "sample_mass", "mg" },
    { "weight", "sample_mass", "mg" },           { "bathtemperature", "temperature", "degC" },
};
static const char *const averages[] = { "average" /* of scans: else a mean of the table */, "scanaveraging",
                                        "scansaveraged", "scanstoaverage", "spectraaveraged", "numberofaverages",
                                        "averagingnr", "accumulations", "numberofaccumulations" };
static const char *const dates[] = { "date", "dateandtime", "datetime", "timestamp", "measurementdate",
                                     "acquisitiondate", "dateofmeasurement", "acquired", "measured",
                                     "starttime", "starttimestamp", "measurementstart", "startdate",
                                     "scanstarttime", "scandate", "datecollected" };

static bool is_among(const char *key, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], key) == 0) return true;
    return false;
}

/* "Laser Wavelength (nm)": `key` before the bracket, the unit inside; "": none. */
static as_status split_key(as_ctx *ctx, const char *text, const char **key, const char **unit)
{
    const size_t n = strcspn(text, "([");
    const char *name = as_strndup(as_scratch(ctx), text, n);
    if (!name || !(*key = as_plain_key(ctx, name))) return AS_ERR;
    *unit = text[n] ? as_strndup(as_scratch(ctx), text + n + 1, strcspn(text + n + 1, ")]")) : "";
    return *unit ? AS_OK : AS_ERR;
}

static as_status set_fact(as_ctx *ctx, as_table *t, size_t i, const char *value, const char *unit,
                          const as_where *where, bool *done)
{
    double number;
    as_unit parsed;
    const as_unit own = as_unit_of(numbers[i].unit);
    size_t n = as_scan_number(value, strlen(value), '.', &number);
    if (n && value[n] == ',' && value[n + 1] >= '0' && value[n + 1] <= '9')
        n = as_scan_number(value, strlen(value), ',', &number);
    const size_t open = n + strspn(value + n, " [("), close = strcspn(value + open, ")]"); /* "5.1[mg]" */
    const char *behind = n ? as_trim(as_scratch(ctx), value + open, close) : "";
    if (!behind) return AS_ERR;
    if (!n || (behind[0] && unit[0])) return AS_OK;
    AS_TRY(as_unit_parse(ctx, t->arena, behind[0] ? behind : unit, &parsed));
    *done = !parsed.opaque && as_unit_same_dimension(&parsed, &own);
    return *done ? as_set_number(ctx, t, numbers[i].meta, number, NAN, parsed, where) : AS_OK;
}

as_status as_grid_fact(as_ctx *ctx, as_table *t, const char *text, const char *value, const as_where *where,
                       bool *done)
{
    const char *key, *unit, *iso;
    double number;
    bool whole;
    *done = false;
    AS_TRY(split_key(ctx, text, &key, &unit));
    for (size_t i = 0; i < AS_COUNT(numbers) && !*done; i++)
        if (strcmp(numbers[i].key, key) == 0) AS_TRY(set_fact(ctx, t, i, value, unit, where, done));
    if (*done || (unit[0] && strcmp(unit, "scans") != 0)) return AS_OK;
    const bool mean = strcmp(key, "average") == 0 && !as_find_text(value, "scan");
    if (is_among(key, averages, AS_COUNT(averages)) && !mean && !as_get_meta(t, "accumulations") &&
        as_scan_number(value, strlen(value), '.', &number) && number >= 1 && number == floor(number)) {
        *done = true;
        return as_set_number(ctx, t, "accumulations", number, NAN, AS_UNITLESS, where);
    }
    if (!is_among(key, dates, AS_COUNT(dates)) || as_get_meta(t, "measured")) return AS_OK;
    AS_TRY(as_iso_date(ctx, value, AS_DATE_UNTOLD, &iso, &whole));
    *done = iso && whole;
    return *done ? as_set_meta(ctx, t, "measured", iso, NULL, where) : AS_OK;
}

as_status as_grid_enlighten(as_ctx *ctx, as_table *meta, size_t n, as_heading *h)
{
    double ms;
    const as_meta *time = as_get_meta(meta, "vendor.Integration Time");
    const as_meta *kind = as_get_meta(meta, "vendor.Technique");
    const as_meta *model = as_get_meta(meta, "vendor.Model");
    if (!as_get_meta(meta, "vendor.ENLIGHTEN Version")) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(h[i].name, "wavelength") == 0 && !h[i].stated) h[i].unit = as_unit_of("nm");
        if (strcmp(h[i].name, "processed") == 0 && kind && strcmp(kind->text, "Absorbance") == 0) {
            h[i].name = "absorbance";
            h[i].known = true;
        }
    }
    if (model) AS_TRY(as_set_meta(ctx, meta, "instrument", model->text, NULL, NULL));
    return time && as_read_number(time->text, strlen(time->text), '.', &ms)
               ? as_set_number(ctx, meta, "exposure", ms, NAN, as_unit_of("ms"), NULL) : AS_OK;
}

as_status as_grid_pass(as_ctx *ctx, as_table *meta, size_t n, as_heading *h)
{
    static const char *const names[] = { "pe", "passenergy", "epass" };
    if (n != 2 || !h[1].label || h[1].known || h[1].stated) return AS_OK;
    if (strcmp(h[0].name, "binding_energy") != 0 && strcmp(h[0].name, "kinetic_energy") != 0) return AS_OK;
    const char *label = h[1].label, *colon = strchr(label, ':'), *key, *unit;
    const char *word = as_strndup(as_scratch(ctx), label, colon ? (size_t)(colon - label) : 0);
    if (!word) return AS_ERR;
    AS_TRY(split_key(ctx, word, &key, &unit));
    if (!is_among(key, names, AS_COUNT(names))) return AS_OK;
    double ev;
    const char *value = as_trim(as_scratch(ctx), colon + 1, strlen(colon + 1));
    if (!value) return AS_ERR;
    const size_t end = as_scan_number(value, strlen(value), '.', &ev);
    if (!end || !(ev > 0) || strcmp(value + end + strspn(value + end, " "), "eV") != 0) return AS_OK;
    h[1] = (as_heading){ .name = "intensity", .unit = h[1].unit, .known = true };
    return as_set_number(ctx, meta, "pass_energy", ev, NAN, as_unit_of("eV"), NULL);
}
