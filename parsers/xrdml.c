/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PANalytical/Malvern XRDML, 1.0 to 2.x: XML. Measurements hold scans; a scan has the positions of
 * each axis (common, start and end, or a list), a counting time and intensities. Up to 1.x these
 * are <intensities>, already multiplied by the beam attenuation factors; from 2.0 on <counts> as
 * counted. Elements are matched by local name, whatever the version in the namespace.
 */
#include <math.h>
#include <string.h>

#include "xml_vendor.h"

typedef struct {
    as_parse *job;
    const as_xml *xml;
    const as_element *measurement, *scan, *points;
    as_table *head; /* no rows: what the file says for all its scans of one measurement */
    size_t n;       /* points of the scan */
} reading;

/* One axis of a scan: value i is start + i * step, or list[i]. */
typedef struct {
    as_axis axis;
    const char *name, *unit;
    double start, step;
    double *list;
    bool moves;
} track;

enum { MAX_TRACKS = 16 };

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    at += strspn(at, " \t\r\n");
    if (*at != '<') return AS_PROBE_NO;
    const char *root = strstr(at, "<xrdMeasurements");
    if (!root) return AS_PROBE_NO;
    return strstr(root, "xrdml.com/XRDMeasurement") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

static as_where at_of(const reading *r, const as_element *e)
{
    return as_xml_at(r->xml, r->job->in, e);
}

/* --- values ------------------------------------------------------------------- */

/* Exactly n numbers. */
static as_status read_into(reading *r, const as_element *e, size_t n, double *out)
{
    const as_where at = at_of(r, e);
    as_span text;
    size_t got;
    AS_TRY(r->xml->span(r->job->ctx, e, &text));
    AS_TRY(as_span_numbers(r->job->ctx, &at, text, n, out, &got));
    if (got != n)
        return as_fail(r->job->ctx, got < n ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "<%s> has %zu values, expected %zu as there are intensities",
                       r->xml->name(e), got, n);
    return AS_OK;
}

static as_status read_list(reading *r, const as_element *e, size_t n, double **out)
{
    *out = AS_NEW_N(as_scratch(r->job->ctx), double, n + 1);
    return *out ? read_into(r, e, n, *out) : AS_ERR;
}

static as_status read_one(reading *r, const as_element *e, double *out)
{
    return read_into(r, e, 1, out);
}

static as_status read_track(reading *r, const as_element *e, track *out)
{
    as_ctx *ctx = r->job->ctx;
    const as_where at = at_of(r, e);
    const as_element *start = r->xml->child(e, "startPosition"), *v;
    double end;
    *out = (track){ .name = r->xml->attribute(e, "axis"), .unit = r->xml->attribute(e, "unit") };
    if (!out->name) return as_fail(ctx, AS_E_MISSING, &at, "<positions> does not name its axis");
    AS_TRY(as_axis_of(as_scratch(ctx), out->name, out->unit, &out->axis));
    if ((v = r->xml->child(e, "commonPosition")) != NULL) return read_one(r, v, &out->start);
    if ((v = r->xml->child(e, "listPositions")) != NULL) {
        out->moves = true;
        return read_list(r, v, r->n, &out->list);
    }
    v = r->xml->child(e, "endPosition");
    if (!start || !v)
        return as_fail(ctx, AS_E_MISSING, &at,
                       "the positions of '%s' have neither start and end nor a list", out->name);
    AS_TRY(read_one(r, start, &out->start));
    AS_TRY(read_one(r, v, &end));
    out->step = r->n > 1 ? (end - out->start) / (double)(r->n - 1) : 0;
    out->moves = out->step != 0;
    return AS_OK;
}

static double value_at(const track *t, size_t i)
{
    return t->list ? t->list[i] : as_step_position(t->start, t->step, i);
}

/* --- metadata ------------------------------------------------------------------ */

static as_status set_text(reading *r, as_table *t, const as_element *from, const char *path,
                          const char *key, const char *unit)
{
    const as_element *e = as_xml_find(r->xml, from, path);
    const char *text = e ? as_xml_text(r->xml, r->job->ctx, e, "") : NULL;
    if (!text || !*text) return AS_OK;
    const as_where at = at_of(r, e);
    const as_known known = { key, key, unit };
    return as_set_known(r->job->ctx, t, &known, 1, key, text, &at);
}

static double number_in(reading *r, const as_element *from, const char *path)
{
    double value = NAN;
    const as_element *e = as_xml_find(r->xml, from, path);
    if (e && read_one(r, e, &value) != AS_OK) as_forget_error(r->job->ctx);
    return value;
}

/* A germanium crystal before the sample passes K alpha 1 only, whatever the file's ratio. */
static bool has_primary_germanium(reading *r)
{
    const as_element *e = as_xml_find(r->xml, r->measurement, "incidentBeamPath/monochromator");
    for (; e; e = r->xml->next(e, "monochromator")) {
        const char *name = r->xml->attribute(e, "name");
        const char *crystal = as_xml_text(r->xml, r->job->ctx, e, "crystal");
        if ((name && as_find_text(name, "diffr")) || (crystal && !as_starts(crystal, "Ge")))
            continue;
        if ((crystal && as_starts(crystal, "Ge")) || (name && strstr(name, "Ge"))) return true;
    }
    return false;
}

static as_status set_wavelength(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const as_element *used = r->xml->child(r->measurement, "usedWavelength");
    if (!used) return AS_OK;
    const as_where at = at_of(r, used);
    const char *intended = r->xml->attribute(used, "intended");
    const double alpha1 = number_in(r, used, "kAlpha1"), beta = number_in(r, used, "kBeta");
    double ratio = number_in(r, used, "ratioKAlpha2KAlpha1");
    if (intended && *intended)
        AS_TRY(as_set_vendor(ctx, r->head, "usedWavelength.intended", intended, &at));
    AS_TRY(set_text(r, r->head, used, "kBeta", "wavelength_beta", "Angstrom"));
    if (intended && as_find_text(intended, "Beta") && beta > 0) {
        AS_TRY(as_set_number(ctx, r->head, "wavelength", beta, NAN, as_unit_of("Angstrom"), &at));
        return as_set_meta(ctx, r->head, "wavelength_kind", "monochromatic", NULL, &at);
    }
    if (ratio > 0 && has_primary_germanium(r)) {
        AS_TRY(set_text(r, r->head, used, "ratioKAlpha2KAlpha1",
                        "vendor.usedWavelength.ratioKAlpha2KAlpha1", NULL));
        ratio = 0;
    }
    return as_set_doublet(ctx, r->head, alpha1, number_in(r, used, "kAlpha2"), ratio, &at);
}

static as_status set_divergence(reading *r)
{
    const as_element *slit = as_xml_find(r->xml, r->measurement, "incidentBeamPath/divergenceSlit");
    const char *type = slit ? r->xml->attribute(slit, "type") : NULL;
    if (!type) return AS_OK;
    const as_where at = at_of(r, slit);
    const bool fixed = as_starts(type, "fixed");
    AS_TRY(
        as_set_meta(r->job->ctx, r->head, "slit_mode", fixed ? "fixed" : "automatic", NULL, &at));
    if (fixed) return set_text(r, r->head, slit, "angle", "divergence_slit", "deg");
    AS_TRY(set_text(r, r->head, slit, "irradiatedLength", "illuminated_length", "mm"));
    return set_text(r, r->head, slit, "length", "illuminated_length", "mm");
}

static as_status set_comments(reading *r, const as_element *root)
{
    static const char system[] = "Diffractometer system=";
    as_ctx *ctx = r->job->ctx;
    const as_element *e = as_xml_find(r->xml, root, "comment/entry");
    for (; e; e = r->xml->next(e, "entry")) {
        const char *text = as_xml_text(r->xml, ctx, e, "");
        const as_where at = at_of(r, e);
        if (!text) return AS_ERR;
        if (as_starts(text, system))
            AS_TRY(as_set_meta(ctx, r->head, "instrument", text + sizeof system - 1, NULL, &at));
        else if (*text)
            AS_TRY(as_set_vendor(ctx, r->head, "comment", text, &at));
    }
    const char *comment = NULL;
    e = as_xml_find(r->xml, r->measurement, "comment/entry");
    for (; e; e = r->xml->next(e, "entry")) {
        const char *text = as_xml_text(r->xml, ctx, e, "");
        if (!text) return AS_ERR;
        if (!*text) continue;
        comment = comment ? as_format(as_scratch(ctx), "%s; %s", comment, text) : text;
        if (!comment) return AS_ERR;
    }
    return comment ? as_set_meta(ctx, r->head, "comment", comment, NULL, NULL) : AS_OK;
}

/* What holds for all scans of a measurement. */
static as_status read_head(reading *r, const as_element *root)
{
    static const char *const parts[] = { "incidentBeamPath", "diffractedBeamPath", "sampleOffset" };
    as_ctx *ctx = r->job->ctx;
    const as_element *tube;
    r->head = as_table_new(ctx, 0);
    if (!r->head) return AS_ERR;
    AS_TRY(set_text(r, r->head, root, "sample/id", "sample", NULL));
    AS_TRY(set_text(r, r->head, root, "sample/name", "sample", NULL));
    AS_TRY(set_text(r, r->head, root, "sample/id", "vendor.sample.id", NULL));
    AS_TRY(set_text(r, r->head, root, "sample/preparedBy", "vendor.sample.preparedBy", NULL));
    AS_TRY(set_comments(r, root));
    AS_TRY(set_wavelength(r));
    AS_TRY(set_divergence(r));
    tube = as_xml_find(r->xml, r->measurement, "incidentBeamPath/xRayTube");
    if (tube) {
        AS_TRY(set_text(r, r->head, tube, "anodeMaterial", "anode", NULL));
        AS_TRY(set_text(r, r->head, tube, "tension", "tube_voltage", "kV"));
        AS_TRY(set_text(r, r->head, tube, "current", "tube_current", "mA"));
    }
    AS_TRY(set_text(r, r->head, r->measurement, "diffractedBeamPath/radius", "goniometer_radius",
                    "mm"));
    const as_element *detector = as_xml_find(r->xml, r->measurement, "diffractedBeamPath/detector");
    const char *name = detector ? r->xml->attribute(detector, "name") : NULL;
    if (name) AS_TRY(as_set_meta(ctx, r->head, "detector", name, NULL, NULL));
    for (size_t i = 0; i < AS_COUNT(parts); i++) {
        const as_element *e = r->xml->child(r->measurement, parts[i]);
        if (e) AS_TRY(as_xml_vendor(r->xml, ctx, r->job->in, r->head, e, NULL));
    }
    return AS_OK;
}

static as_status set_hkl(reading *r, as_table *t)
{
    const as_element *hkl = as_xml_find(r->xml, r->scan, "reflection/hkl");
    if (!hkl) return AS_OK;
    const double h = number_in(r, hkl, "h"), k = number_in(r, hkl, "k"), l = number_in(r, hkl, "l");
    if (!(isfinite(h) && isfinite(k) && isfinite(l))) return AS_OK;
    const char *text = as_format(as_scratch(r->job->ctx), "%g %g %g", h, k, l);
    return text ? as_set_meta(r->job->ctx, t, "hkl", text, NULL, NULL) : AS_ERR;
}

static as_status set_scan_meta(reading *r, as_table *t)
{
    as_ctx *ctx = r->job->ctx;
    const as_where at = at_of(r, r->scan);
    const char *axis = r->xml->attribute(r->scan, "scanAxis");
    const char *mode = r->xml->attribute(r->scan, "mode");
    const char *status = r->xml->attribute(r->scan, "status");
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_note_simulated(ctx, t));
    if (axis) AS_TRY(as_set_meta(ctx, t, "scan_axis", axis, NULL, &at));
    if (mode) AS_TRY(as_set_meta(ctx, t, "scan_mode", mode, NULL, &at));
    AS_TRY(set_text(r, t, r->scan, "header/startTimeStamp", "measured", NULL));
    AS_TRY(set_text(r, t, r->scan, "header/author/name", "operator", NULL));
    AS_TRY(set_text(r, t, r->scan, "header/source/applicationSoftware", "software", NULL));
    AS_TRY(set_text(r, t, r->scan, "header/source/instrumentID", "vendor.instrumentID", NULL));
    AS_TRY(set_hkl(r, t));
    const as_element *ambient = r->xml->child(r->scan, "nonAmbientPoints");
    const char *type = ambient ? r->xml->attribute(ambient, "type") : NULL;
    const char *values = ambient ? as_xml_text(r->xml, ctx, ambient, "nonAmbientValues") : NULL;
    if (type && values && as_same(type, "Temperature") && as_count_numbers(values) == 1) {
        const char *unit = r->xml->attribute(ambient, "unit");
        const as_known temperature = { "temperature", "temperature",
                                       unit && as_same(unit, "C") ? "degC" : "K" };
        AS_TRY(as_set_known(ctx, t, &temperature, 1, "temperature", values, &at));
    }
    if (status && !as_same(status, "Completed"))
        as_warn(ctx, t, &at, "the scan's status is '%s', not 'Completed'", status);
    return AS_OK;
}

/* --- one scan ------------------------------------------------------------------- */

/* The axis along which the scan goes: 2Theta when it moves, else the first that does. */
static size_t main_track(const track *t, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        if (!t[i].moves) continue;
        if (strcmp(t[i].axis.column, "two_theta") == 0) return i;
        if (best == n) best = i;
    }
    return best;
}

/* omega = two_theta / 2 + offset to a tenth of the last digit that instruments print. */
static bool is_coupled(const track *x, const track *other, size_t n, double *offset)
{
    if (strcmp(x->axis.column, "two_theta") != 0 || strcmp(other->axis.column, "omega") != 0)
        return false;
    *offset = value_at(other, 0) - value_at(x, 0) / 2;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(value_at(other, i) - value_at(x, i) / 2 - *offset) <= 1e-4)) return false;
    *offset = round(*offset * 1e6) / 1e6;
    return true;
}

static as_status add_track(reading *r, as_table *t, const track *x, const track *other)
{
    as_ctx *ctx = r->job->ctx;
    double offset;
    as_unit unit;
    if (!other->moves) return as_set_position(ctx, t, other->name, other->start, other->unit, NULL);
    if (is_coupled(x, other, r->n, &offset))
        return fabs(offset) > 1e-4
                   ? as_set_number(ctx, t, "omega_offset", offset, NAN, as_unit_of("deg"), NULL)
                   : AS_OK;
    AS_TRY(as_unit_parse(ctx, t->arena, other->axis.unit, &unit));
    as_column *c = as_add_column(ctx, t, other->axis.column, AS_ROLE_OTHER, unit);
    if (!c) return AS_ERR;
    for (size_t i = 0; i < r->n; i++) c->v.f[i] = value_at(other, i);
    return AS_OK;
}

static as_status add_times(reading *r, as_table *t, double *seconds)
{
    const as_element *common = r->xml->child(r->points, "commonCountingTime");
    const as_element *each = r->xml->child(r->points, "countingTimes");
    double *list;
    *seconds = NAN;
    if (common) {
        AS_TRY(read_one(r, common, seconds));
        const as_where at = at_of(r, common);
        return as_set_number(r->job->ctx, t, "step_time", *seconds, NAN, as_unit_of("s"), &at);
    }
    if (!each) return AS_OK;
    AS_TRY(read_list(r, each, r->n, &list));
    as_column *c = as_add_column(r->job->ctx, t, "counting_time", AS_ROLE_OTHER, as_unit_of("s"));
    if (!c) return AS_ERR;
    if (r->n) memcpy(c->v.f, list, r->n * sizeof *list);
    return AS_OK;
}

/* Corrected intensities; the column attenuation where a factor is not 1. */
static as_status add_attenuation(reading *r, as_table *t, bool applied, const double **factor)
{
    const as_element *e = r->xml->child(r->points, "beamAttenuationFactors");
    const as_element *common = r->xml->child(r->points, "commonBeamAttenuationFactor");
    double *list, *y = t->column[1]->v.f, same;
    bool one = true;
    *factor = NULL;
    if (!e && !common) return AS_OK;
    const as_where at = at_of(r, e ? e : common);
    if (e) {
        AS_TRY(read_list(r, e, r->n, &list));
    } else {
        AS_TRY(read_one(r, common, &same));
        list = AS_NEW_N(as_scratch(r->job->ctx), double, r->n);
        if (!list) return AS_ERR;
        for (size_t i = 0; i < r->n; i++) list[i] = same;
    }
    for (size_t i = 0; i < r->n; i++) {
        if (!(list[i] > 0))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &at,
                           "attenuation factor %zu is %g, expected a positive number", i + 1,
                           list[i]);
        one = one && list[i] == 1;
        if (!applied) y[i] *= list[i];
    }
    if (one) return as_set_number(r->job->ctx, t, "attenuation", 1, NAN, AS_UNITLESS, &at);
    as_column *c = as_add_column(r->job->ctx, t, "attenuation", AS_ROLE_OTHER, AS_UNITLESS);
    if (!c) return AS_ERR;
    memcpy(c->v.f, list, r->n * sizeof *list);
    *factor = c->v.f;
    return AS_OK;
}

/* The table with x and y. Where no axis moves x is the time, as far as the file knows it. */
static as_table *new_table(reading *r, const as_element *values, const track *x)
{
    static const as_axis ordinal = { "position", "position", "1" }, time = { "time", "time", "s" };
    const as_element *common = r->xml->child(r->points, "commonCountingTime");
    const char *unit = r->xml->attribute(values, "unit");
    double seconds = 0;
    if (!x && common && read_one(r, common, &seconds) != AS_OK) return NULL;
    const as_axis *axis = x ? &x->axis : seconds > 0 ? &time : &ordinal;
    const double start = x ? x->start : 0, step = x ? x->step : seconds > 0 ? seconds : 1;
    as_table *t = as_new_scan(r->job->ctx, r->n, axis, start, step, "count");
    if (!t || read_into(r, values, r->n, t->column[1]->v.f) != AS_OK) return NULL;
    if (x && x->list) memcpy(t->column[0]->v.f, x->list, r->n * sizeof *x->list);
    if (unit && as_unit_parse(r->job->ctx, t->arena, unit, &t->column[1]->unit) != AS_OK)
        return NULL;
    return t;
}

/* The log of a non-ambient stage beside the scan: times and temperatures. */
static as_status read_log(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const as_element *points = r->xml->child(r->scan, "nonAmbientPoints");
    const as_element *values = points ? r->xml->child(points, "nonAmbientValues") : NULL;
    const as_element *times = points ? r->xml->child(points, "measurementTimes") : NULL;
    as_span text = { "", 0 };
    const char *type = points ? r->xml->attribute(points, "type") : NULL;
    const char *unit = points ? r->xml->attribute(points, "unit") : NULL;
    as_unit parsed;
    double *v, *s;
    if (values) AS_TRY(r->xml->span(ctx, values, &text));
    const size_t n = as_count_span(text);
    if (n < 2 || !times || !type) return AS_OK;
    const bool temperature = as_same(type, "Temperature");
    AS_TRY(read_list(r, values, n, &v));
    if (read_list(r, times, n, &s) != AS_OK) { /* given as one interval: not understood */
        as_forget_error(ctx);
        return AS_OK;
    }
    as_table *t = as_table_new(ctx, n);
    if (!t) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, t->arena, unit && as_same(unit, "C") ? "degC" : unit ? unit : "1",
                         &parsed));
    as_column *x = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    as_column *y = as_add_column(ctx, t, temperature ? "temperature" : "value", AS_ROLE_Y, parsed);
    if (!x || !y) return AS_ERR;
    memcpy(x->v.f, s, n * sizeof *s);
    memcpy(y->v.f, v, n * sizeof *v);
    t->secondary = true;
    AS_TRY(as_set_meta(ctx, t, "part", temperature ? "temperature log" : type, NULL, NULL));
    return as_emit(r->job->out, ctx, t);
}

static as_status read_scan(reading *r)
{
    track tracks[MAX_TRACKS];
    size_t n_tracks = 0;
    const double *factor;
    double seconds;
    as_ctx *ctx = r->job->ctx;
    const as_where at = at_of(r, r->scan);
    r->points = r->xml->child(r->scan, "dataPoints");
    if (!r->points) return as_fail(ctx, AS_E_MISSING, &at, "the scan has no <dataPoints>");
    const as_element *values = r->xml->child(r->points, "intensities");
    const bool applied = values != NULL;
    if (!values) values = r->xml->child(r->points, "counts");
    if (!values)
        return as_fail(ctx, AS_E_MISSING, &at, "the scan has neither <intensities> nor <counts>");
    as_span text;
    AS_TRY(r->xml->span(ctx, values, &text));
    r->n = as_count_span(text);
    const as_element *e = r->xml->child(r->points, "positions");
    for (; e && n_tracks < MAX_TRACKS; e = r->xml->next(e, "positions"))
        AS_TRY(read_track(r, e, &tracks[n_tracks++]));
    const size_t x = main_track(tracks, n_tracks);
    as_table *t = new_table(r, values, x < n_tracks ? &tracks[x] : NULL);
    if (!t) return AS_ERR;
    AS_TRY(set_scan_meta(r, t));
    AS_TRY(add_attenuation(r, t, applied, &factor));
    AS_TRY(add_times(r, t, &seconds));
    AS_TRY(as_add_counted_sigma(ctx, t, factor, seconds));
    for (size_t i = 0; i < n_tracks; i++)
        if (i != x) AS_TRY(add_track(r, t, x < n_tracks ? &tracks[x] : &tracks[i], &tracks[i]));
    AS_TRY(as_emit(r->job->out, ctx, t));
    return read_log(r);
}

static as_status parse(as_parse *job)
{
    const as_element *root;
    size_t n = 0;
    reading r = { .job = job, .xml = as_xml_open(job->ctx) };
    if (!r.xml) return AS_ERR;
    AS_TRY(r.xml->parse(job->ctx, job->in, &root));
    AS_TRY(as_xml_need(r.xml, job->ctx, job->in, root, "xrdMeasurement", &r.measurement));
    for (; r.measurement; r.measurement = r.xml->next(r.measurement, "xrdMeasurement")) {
        AS_TRY(read_head(&r, root));
        for (r.scan = r.xml->child(r.measurement, "scan"); r.scan;
             r.scan = r.xml->next(r.scan, "scan")) {
            n++;
            if (read_scan(&r) != AS_OK) return as_while(job->ctx, "reading scan %zu", n);
        }
    }
    const as_where at = as_xml_at(r.xml, job->in, root);
    return n ? AS_OK : as_fail(job->ctx, AS_E_MISSING, &at, "the file holds no scan");
}

static const char *const suffixes[] = { "xrdml", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "a scan with an attenuated peak", "assay read tests/corpus/xrd/attenuated.xrdml" }, { 0 }
};
static const char *const see_also[] = { "philips-udf", "panalytical-csv", NULL };

const as_parser as_parser_xrdml = {
    .name = "xrdml",
    .title = "PANalytical/Malvern XRDML, versions 1.0 to 2.x",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read PANalytical/Malvern XRDML diffractograms",
             .description =
                 "XML: each scan becomes one series along the axis that moves (2Theta, where it "
                 "does). Axes that stand still are metadata; one that moves otherwise than "
                 "2Theta/2 is a column.\n\n"
                 "*Attenuation.* `intensities` of version 1 contain the beam attenuation factor, "
                 "`counts` of version 2 do not. The intensity given is the corrected one in both; "
                 "the factor is a column where it is not 1, and sigma is the factor times the "
                 "root of the counts.",
             .examples = examples,
             .see_also = see_also },
};
