/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block of ISO 14976 (VAMAS) as a series: its parameters as metadata, its columns and units. */
#include <math.h>
#include <string.h>

#include "column_kernels.h"
#include "electron.h"
#include "headings.h"
#include "number.h"
#include "vamas.h"

const vamas_item vamas_items[VAMAS_N_ITEMS] = {
    [VAMAS_YEAR] = { 1, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_MONTH] = { 2, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_DAY] = { 3, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_HOUR] = { 4, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_MINUTE] = { 5, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_SECOND] = { 6, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_GMT] = { 7, VAMAS_ALWAYS, VAMAS_LINE, NULL, NULL },
    [VAMAS_COMMENT] = { 8, VAMAS_ALWAYS, VAMAS_COUNTED_LINES, NULL, NULL },
    [VAMAS_TECHNIQUE] = { 9, VAMAS_ALWAYS, VAMAS_LINE, "technique_name", NULL },
    [VAMAS_X] = { 10, VAMAS_AT_POSITION, VAMAS_LINE, "x", "1" },
    [VAMAS_Y] = { 10, VAMAS_AT_POSITION, VAMAS_LINE, "y", "1" },
    [VAMAS_VALUES] = { 11, VAMAS_ALWAYS, VAMAS_VARIABLES, NULL, NULL },
    [VAMAS_SOURCE] = { 12, VAMAS_ALWAYS, VAMAS_LINE, "excitation", NULL },
    [VAMAS_ION_Z] = { 13, VAMAS_WITH_ION, VAMAS_LINE, "vendor.ion_atomic_number", "1" },
    [VAMAS_ION_ATOMS] = { 13, VAMAS_WITH_ION, VAMAS_LINE, "vendor.ion_atoms", "1" },
    [VAMAS_ION_CHARGE] = { 13, VAMAS_WITH_ION, VAMAS_LINE, "vendor.ion_charge", "1" },
    [VAMAS_ENERGY] = { 14, VAMAS_ALWAYS, VAMAS_LINE, "photon_energy", "eV" },
    [VAMAS_STRENGTH] = { 15, VAMAS_ALWAYS, VAMAS_LINE, "vendor.source_strength", "1" },
    [VAMAS_BEAM_X] = { 16, VAMAS_ALWAYS, VAMAS_LINE, "vendor.beam_width_x", "um" },
    [VAMAS_BEAM_Y] = { 16, VAMAS_ALWAYS, VAMAS_LINE, "vendor.beam_width_y", "um" },
    [VAMAS_VIEW_X] = { 17, VAMAS_WITH_VIEW, VAMAS_LINE, "vendor.field_of_view_x", "um" },
    [VAMAS_VIEW_Y] = { 17, VAMAS_WITH_VIEW, VAMAS_LINE, "vendor.field_of_view_y", "um" },
    [VAMAS_LINE_1X] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.first_line_start_x", "1" },
    [VAMAS_LINE_1Y] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.first_line_start_y", "1" },
    [VAMAS_LINE_2X] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.first_line_finish_x", "1" },
    [VAMAS_LINE_2Y] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.first_line_finish_y", "1" },
    [VAMAS_LINE_3X] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.last_line_finish_x", "1" },
    [VAMAS_LINE_3Y] = { 18, VAMAS_WITH_LINES, VAMAS_LINE, "vendor.last_line_finish_y", "1" },
    [VAMAS_POLAR] = { 19, VAMAS_ALWAYS, VAMAS_LINE, "vendor.source_polar_angle", "deg" },
    [VAMAS_AZIMUTH] = { 20, VAMAS_ALWAYS, VAMAS_LINE, "vendor.source_azimuth", "deg" },
    [VAMAS_MODE] = { 21, VAMAS_ALWAYS, VAMAS_LINE, "analyser_mode", NULL },
    [VAMAS_PASS] = { 22, VAMAS_ALWAYS, VAMAS_LINE, "pass_energy", "eV" },
    [VAMAS_WIDTH] = { 23, VAMAS_DIFFERENTIAL, VAMAS_LINE, "vendor.differential_width", "eV" },
    [VAMAS_MAGNIFICATION] = { 24, VAMAS_ALWAYS, VAMAS_LINE, "vendor.magnification", "1" },
    [VAMAS_WORK] = { 25, VAMAS_ALWAYS, VAMAS_LINE, "work_function", "eV" },
    [VAMAS_BIAS] = { 26, VAMAS_ALWAYS, VAMAS_LINE, "vendor.target_bias", "V" },
    [VAMAS_AREA_X] = { 27, VAMAS_ALWAYS, VAMAS_LINE, "vendor.analysis_width_x", "um" },
    [VAMAS_AREA_Y] = { 27, VAMAS_ALWAYS, VAMAS_LINE, "vendor.analysis_width_y", "um" },
    [VAMAS_TAKE_OFF] = { 28, VAMAS_ALWAYS, VAMAS_LINE, "vendor.take_off_polar_angle", "deg" },
    [VAMAS_TAKE_OFF_AZIMUTH] = { 28, VAMAS_ALWAYS, VAMAS_LINE, "vendor.take_off_azimuth", "deg" },
    [VAMAS_SPECIES] = { 29, VAMAS_ALWAYS, VAMAS_LINE, "species", NULL },
    [VAMAS_TRANSITION] = { 30, VAMAS_ALWAYS, VAMAS_LINE, "transition", NULL },
    [VAMAS_CHARGE] = { 30, VAMAS_ALWAYS, VAMAS_LINE, "vendor.particle_charge", "1" },
    [VAMAS_ABSCISSA] = { 31, VAMAS_REGULAR_ONLY, VAMAS_LINE, NULL, NULL },
    [VAMAS_ABSCISSA_UNIT] = { 31, VAMAS_REGULAR_ONLY, VAMAS_LINE, NULL, NULL },
    [VAMAS_START] = { 31, VAMAS_REGULAR_ONLY, VAMAS_LINE, NULL, NULL },
    [VAMAS_STEP] = { 31, VAMAS_REGULAR_ONLY, VAMAS_LINE, NULL, NULL },
    [VAMAS_COLUMNS] = { 32, VAMAS_ALWAYS, VAMAS_CORRESPONDING, NULL, NULL },
    [VAMAS_SIGNAL] = { 33, VAMAS_ALWAYS, VAMAS_LINE, "vendor.signal_mode", NULL },
    [VAMAS_TIME] = { 34, VAMAS_ALWAYS, VAMAS_LINE, "dwell_time", "s" },
    [VAMAS_SCANS] = { 35, VAMAS_ALWAYS, VAMAS_LINE, "scans", "1" },
    [VAMAS_CORRECTION] = { 36, VAMAS_ALWAYS, VAMAS_LINE, "vendor.time_correction", "s" },
    [VAMAS_SPUTTER_ENERGY] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_energy", "eV" },
    [VAMAS_SPUTTER_CURRENT] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_current",
                                "nA" },
    [VAMAS_SPUTTER_X] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_width_x", "um" },
    [VAMAS_SPUTTER_Y] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_width_y", "um" },
    [VAMAS_SPUTTER_POLAR] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_polar_angle",
                              "deg" },
    [VAMAS_SPUTTER_AZIMUTH] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_azimuth",
                                "deg" },
    [VAMAS_SPUTTER_MODE] = { 37, VAMAS_WITH_SPUTTER, VAMAS_LINE, "vendor.sputter_mode", NULL },
    [VAMAS_TILT] = { 38, VAMAS_ALWAYS, VAMAS_LINE, "vendor.tilt_polar_angle", "deg" },
    [VAMAS_TILT_AZIMUTH] = { 38, VAMAS_ALWAYS, VAMAS_LINE, "vendor.tilt_azimuth", "deg" },
    [VAMAS_ROTATION] = { 39, VAMAS_ALWAYS, VAMAS_LINE, "vendor.rotation_angle", "deg" },
    [VAMAS_EXTRA] = { 40, VAMAS_ALWAYS, VAMAS_TRIPLES, NULL, NULL },
};

bool vamas_is_mode(const char *text, const char *const *names)
{
    for (; *names; names++)
        if (as_same(text, *names)) return true;
    return false;
}

static const char *const depth_modes[] = { "MAPDP", "MAPSVDP", "SDP", "SDPSV", NULL };
static const char *const position_modes[] = { "MAP", "MAPDP", NULL };
static const char *const view_modes[] = { "MAP", "MAPDP", "MAPSV", "MAPSVDP", "SEM", NULL };
static const char *const line_modes[] = { "MAPSV", "MAPSVDP", "SEM", NULL };

bool vamas_has(const char *mode, const char *scan, const char *technique, vamas_condition when)
{
    static const char *const ions[] = {
        "FABMS", "FABMS energy spec", "ISS", "SIMS", "SIMS energy spec",
        "SNMS",  "SNMS energy spec",  NULL
    };
    static const char *const sputtered[] = { "AES diff", "AES dir", "EDX", "ELS",
                                             "UPS",      "XPS",     "XRF", NULL };
    switch (when) {
    case VAMAS_AT_POSITION: return vamas_is_mode(mode, position_modes);
    case VAMAS_WITH_ION: return vamas_is_mode(mode, depth_modes) || vamas_is_mode(technique, ions);
    case VAMAS_WITH_VIEW: return vamas_is_mode(mode, view_modes);
    case VAMAS_WITH_LINES: return vamas_is_mode(mode, line_modes);
    case VAMAS_DIFFERENTIAL: return as_same(technique, "AES diff");
    case VAMAS_REGULAR_ONLY: return as_same(scan, "REGULAR");
    case VAMAS_WITH_SPUTTER:
        return vamas_is_mode(mode, depth_modes) && vamas_is_mode(technique, sputtered);
    default: return true;
    }
}

as_status vamas_number(vamas_reading *r, const vamas_block *b, size_t i, const char *what,
                       double *out)
{
    const vamas_field *f = &b->item[i];
    *out = NAN;
    if (f->text && as_read_number(f->text, strlen(f->text), '.', out)) return AS_OK;
    return as_fail(r->job->ctx, AS_E_SYNTAX, &f->where, "'%.40s', expected %s",
                   f->text ? f->text : "", what);
}

/* --- a table ---------------------------------------------------------------------- */

/* "Not Specified", "None" and 1E37 stand for what the writer did not know. */
static bool is_stated(const vamas_field *f)
{
    double v;
    if (!f->text || *f->text == '\0' || as_same(f->text, "not specified")) return false;
    if (as_same(f->text, "none")) return false;
    return !as_read_number(f->text, strlen(f->text), '.', &v) || fabs(v) < 9e36;
}

static as_status set_text(vamas_reading *r, as_table *t, const char *key, const vamas_field *f)
{
    return is_stated(f) ? as_set_meta(r->job->ctx, t, key, f->text, NULL, &f->where) : AS_OK;
}

static as_status set_item(vamas_reading *r, as_table *t, const vamas_block *b, size_t i)
{
    static const char *const photons[] = { "XPS", "UPS", "XRF", NULL };
    const vamas_field *f = &b->item[i];
    const char *key = vamas_items[i].key, *unit = vamas_items[i].unit;
    double v;
    if (!key || !is_stated(f)) return AS_OK;
    if (i == VAMAS_ENERGY && !vamas_is_mode(b->item[VAMAS_TECHNIQUE].text, photons))
        key = "vendor.source_energy";
    if (i == VAMAS_PASS && as_same(b->item[VAMAS_MODE].text, "FRR"))
        key = "vendor.retard_ratio", unit = "1";
    if (i == VAMAS_STRENGTH && vamas_is_mode(b->item[VAMAS_TECHNIQUE].text, photons)) unit = "W";
    if (unit && !as_read_number(f->text, strlen(f->text), '.', &v))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &f->where, "'%.40s', expected a number: %s",
                       f->text, key);
    return as_set_meta(r->job->ctx, t, key, f->text, unit, &f->where);
}

/* -1 stands for what is not known. Hours ahead of GMT are kept as the zone. */
static as_status set_date(vamas_reading *r, as_table *t, const vamas_block *b)
{
    double v[7];
    for (size_t i = 0; i < 7; i++) AS_TRY(vamas_number(r, b, VAMAS_YEAR + i, "a date", &v[i]));
    if (!(v[0] > 0 && v[0] < 1e4 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31))
        return AS_OK;
    as_arena *a = as_scratch(r->job->ctx);
    const char *text = as_format(a, "%04.0f-%02.0f-%02.0f", v[0], v[1], v[2]);
    if (text && v[3] >= 0 && v[3] < 24 && v[4] >= 0 && v[4] < 60)
        text = as_format(a, "%sT%02.0f:%02.0f:%02.0f", text, v[3], v[4],
                         v[5] >= 0 && v[5] < 61 ? v[5] : 0.0);
    if (text && v[6] != 0 && fabs(v[6]) < 15)
        text = as_format(a, "%s%c%02.0f:%02.0f", text, v[6] < 0 ? '-' : '+', floor(fabs(v[6])),
                         60 * (fabs(v[6]) - floor(fabs(v[6]))));
    return text ? as_set_meta(r->job->ctx, t, "measured", text, NULL, &b->item[VAMAS_YEAR].where)
                : AS_ERR;
}

/* d: dimensionless, n: not defined here. */
static bool is_none(const char *unit)
{
    return as_same(unit, "d") || as_same(unit, "n") || !*unit;
}

/* A labelled number of the file: under its name in the vocabulary, else under vendor. */
static as_status set_labelled(vamas_reading *r, as_table *t, const vamas_field *label,
                              const vamas_field *unit, const vamas_field *value)
{
    as_heading h;
    double v;
    as_ctx *ctx = r->job->ctx;
    if (!is_stated(label) || !is_stated(value)) return AS_OK;
    if (!as_read_number(value->text, strlen(value->text), '.', &v))
        return as_set_vendor(ctx, t, label->text, value->text, &value->where);
    AS_TRY(as_heading_of(ctx, label->text, is_none(unit->text) ? NULL : unit->text, &h));
    const as_unit s = as_unit_of("s"), kelvin = as_unit_of("K");
    const char *key = as_format(as_scratch(ctx), "vendor.%s", label->text);
    if (as_find_text(label->text, "etch") && as_unit_same_dimension(&h.unit, &s)) key = "etch_time";
    if (as_same(h.name, "temperature") && as_unit_same_dimension(&h.unit, &kelvin)) key = h.name;
    return key ? as_set_number(ctx, t, key, v, NAN, h.unit, &value->where) : AS_ERR;
}

/* The block's name, where it is one: some writers give numbers or the kind of signal instead. */
static as_status set_region(vamas_reading *r, as_table *t, const vamas_block *b)
{
    const char *id = b->id.text, *species = b->item[VAMAS_SPECIES].text;
    const char *transition = b->item[VAMAS_TRANSITION].text;
    if (is_stated(&b->id) && !as_starts(id, "Block No") && !as_starts(id, "Counts"))
        return as_set_meta(r->job->ctx, t, "region", id, NULL, &b->id.where);
    AS_TRY(set_text(r, t, "vendor.block", &b->id));
    if (!is_stated(&b->item[VAMAS_SPECIES])) return AS_OK;
    const bool both = is_stated(&b->item[VAMAS_TRANSITION]) && !as_find_text(species, transition);
    const char *name = as_format(as_scratch(r->job->ctx), "%s%s%s", species, both ? " " : "",
                                 both ? transition : "");
    return name ? as_set_meta(r->job->ctx, t, "region", name, NULL, &b->id.where) : AS_ERR;
}

as_status vamas_describe(vamas_reading *r, const vamas_block *b, as_table *t)
{
    as_ctx *ctx = r->job->ctx;
    AS_TRY(set_text(r, t, "vendor.institution", &r->institution));
    AS_TRY(set_text(r, t, "instrument", &r->instrument));
    AS_TRY(set_text(r, t, "operator", &r->operator));
    AS_TRY(set_text(r, t, "vendor.experiment", &r->experiment));
    AS_TRY(set_text(r, t, "vendor.experiment_mode", &r->mode));
    AS_TRY(set_text(r, t, "vendor.scan_mode", &r->scan));
    if (r->comment)
        AS_TRY(as_set_meta(ctx, t, "vendor.experiment_comment", r->comment, NULL, NULL));
    AS_TRY(set_text(r, t, "sample", &b->sample));
    AS_TRY(set_region(r, t, b));
    AS_TRY(set_date(r, t, b));
    if (b->comment) AS_TRY(as_set_meta(ctx, t, "comment", b->comment, NULL, NULL));
    for (size_t i = 0; i < VAMAS_N_ITEMS; i++) AS_TRY(set_item(r, t, b, i));
    for (size_t i = 0; i < b->variables.n && i < r->variables.n; i++)
        AS_TRY(set_labelled(r, t, &r->variables.f[2 * i], &r->variables.f[2 * i + 1],
                            &b->variables.f[i]));
    for (size_t i = 0; i < b->extra.n; i++) {
        const vamas_field *f = b->extra.f + 3 * i;
        AS_TRY(set_labelled(r, t, &f[0], &f[1], &f[2]));
    }
    const as_meta *time = as_get_meta(t, "dwell_time"), *times = as_get_meta(t, "scans");
    return as_add_electron_sigma(ctx, t, time && times ? time->number * times->number : NAN);
}

/* Corresponding variable k of the block: y, or one beside it. */
static as_status add_variable(vamas_reading *r, as_table *t, const vamas_block *b, size_t k,
                              as_role role, as_column **out)
{
    as_ctx *ctx = r->job->ctx;
    const char *label = b->columns.f[2 * k].text, *unit = b->columns.f[2 * k + 1].text;
    as_heading h;
    if (role == AS_ROLE_Y) {
        const char *rate = as_count_unit(b->id.text, NULL, NULL);
        const char *own = as_count_unit(label, unit, b->item[VAMAS_SIGNAL].text);
        if (as_same(rate, "count/s") && !as_same(own, "1")) own = rate;
        *out = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of(own));
        return *out ? AS_OK : AS_ERR;
    }
    unit = is_none(unit) ? NULL : as_same(unit, "c/s") ? "count/s" : unit;
    AS_TRY(as_heading_of(ctx, *label ? label : "column", unit, &h));
    const char *name = as_starts(label, "transmission") ? "transmission_function" : h.name;
    for (size_t i = 2; name && as_find_name(t, name); i++)
        name = as_format(as_scratch(ctx), "%s_%zu", h.name, i);
    *out =
        name ? as_add_column(ctx, t, name, AS_ROLE_OTHER, unit ? h.unit : AS_UNITLESS)
             : NULL;
    return *out ? AS_OK : AS_ERR;
}

/* The abscissa: of REGULAR blocks from start and step, of IRREGULAR ones the first variable, of
 * images the pixel. `own` tells whether it is among the values. */
static as_status add_abscissa(vamas_reading *r, as_table *t, const vamas_block *b, as_column **own)
{
    double start, step;
    as_column *x;
    *own = NULL;
    if (as_same(r->scan.text, "IRREGULAR")) {
        const char *unit = b->columns.f[1].text;
        AS_TRY(as_add_energy(r->job->ctx, t, b->columns.f[0].text, is_none(unit) ? NULL : unit, &x));
        *own = x;
        return AS_OK;
    }
    if (as_same(r->scan.text, "MAPPING")) {
        x = as_add_column(r->job->ctx, t, "pixel", AS_ROLE_X, AS_UNITLESS);
        for (size_t i = 0; x && i < t->rows; i++) x->v.f[i] = (double)i;
        return x ? AS_OK : AS_ERR;
    }
    AS_TRY(vamas_number(r, b, VAMAS_START, "the start of the abscissa", &start));
    AS_TRY(vamas_number(r, b, VAMAS_STEP, "the increment of the abscissa", &step));
    const char *unit = b->item[VAMAS_ABSCISSA_UNIT].text;
    AS_TRY(as_add_energy(r->job->ctx, t, b->item[VAMAS_ABSCISSA].text, is_none(unit) ? NULL : unit, &x));
    as_step_positions(start, step, t->rows, x->v.f);
    return AS_OK;
}

as_status vamas_table(vamas_reading *r, const vamas_block *b, size_t n, as_table **out,
                      double **values)
{
    as_column *x, *c;
    as_table *t = *out = as_table_new(r->job->ctx, n);
    if (!t) return AS_ERR;
    AS_TRY(add_abscissa(r, t, b, &x));
    const size_t first = x ? 1 : 0;
    if (first == b->columns.n)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &b->columns.f[0].where,
                       "an IRREGULAR scan of one variable: no ordinate");
    if (x) values[0] = x->v.f;
    for (size_t k = first; k < b->columns.n; k++) {
        AS_TRY(add_variable(r, t, b, k, k == first ? AS_ROLE_Y : AS_ROLE_OTHER, &c));
        values[k] = c->v.f;
    }
    return AS_OK;
}
