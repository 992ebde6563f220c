/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker BRML: a zip in which ExperimentN/DataContainer.xml lists the RawDataN.xml of the scans in
 * their order. A scan is rows <Datum> of numbers between commas; <RawDataView> elements behind
 * them say which columns hold time, absorption factor, axes and recorded intensities. The
 * intensities contain the absorption factor. A bare RawDataN.xml is read as well.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "xml_vendor.h"

enum { MAX_COLUMNS = 64 };

typedef enum { KIND_OTHER, KIND_TIME, KIND_FACTOR, KIND_AXIS, KIND_COUNTS, KIND_FRAME } kind;

typedef struct {
    kind kind;
    const char *name, *unit; /* of the axis or recording */
    as_axis axis;
    bool maximum; /* of the detector's pixels, not their sum */
    bool counter; /* counts, not a temperature or the like */
} column;

typedef struct {
    as_parse *job;
    const as_xml *xml;
    const as_input *in; /* the RawDataN.xml */
    const as_element *root, *route;
    const as_table *head; /* of the container; NULL: none */
    column column[MAX_COLUMNS];
    size_t n_columns, n_rows;
    double *value[MAX_COLUMNS];
} reading;

static bool ends_with(const char *text, const char *tail)
{
    const size_t n = strlen(text), k = strlen(tail);
    return n >= k && as_same(text + n - k, tail);
}

static int probe(const as_probe *p)
{
    bool container = false, data = false;
    for (size_t i = 0; i < p->n_members; i++) {
        container = container || ends_with(p->member[i].name, "DataContainer.xml");
        data = data || as_find_text(p->member[i].name, "RawData0.xml");
    }
    if (p->n_members)
        return container && data ? AS_PROBE_VERIFIED : data ? AS_PROBE_LIKELY : AS_PROBE_NO;
    const char *head = (const char *)p->head;
    return strstr(head, "<RawData ") && strstr(head, "<DataRoute") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_where at_of(const reading *r, const as_element *e)
{
    return as_xml_at(r->xml, r->in, e);
}

/* --- the columns --------------------------------------------------------------- */

/* An axis that moves: FieldDefinitions. */
static as_status read_axis(const reading *r, const as_element *field, column *c)
{
    const as_element *limits = r->xml->child(field, "Restriction");
    c->kind = KIND_AXIS;
    c->name = r->xml->attribute(field, "AxisId");
    c->unit = limits ? r->xml->attribute(limits, "Unit") : NULL;
    if (!c->name || as_same(c->name, "None")) c->name = r->xml->attribute(field, "FieldName");
    if (!c->name) c->name = "axis";
    return as_axis_of(as_scratch(r->job->ctx), c->name, c->unit, &c->axis);
}

/* What a detector counts, in one column or in the many of a frame: Recording. */
static void read_recorded(const reading *r, const as_element *recording, bool frame, column *c)
{
    const char *visible = r->xml->attribute(recording, "VisibleName");
    const char *logic = r->xml->attribute(recording, "LogicName");
    const char *category = r->xml->attribute(recording, "Category");
    const as_element *unit = r->xml->child(recording, "Unit");
    c->kind = frame ? KIND_FRAME : KIND_COUNTS;
    c->name = logic ? logic : visible ? visible : "recorded";
    c->unit = unit ? r->xml->attribute(unit, "Base") : NULL;
    c->counter = (category && as_same(category, "Count")) || (c->unit && as_starts(c->unit, "Count"));
    c->maximum = (visible && as_find_text(visible, "max")) || as_find_text(c->name, "max");
}

static as_status read_view(reading *r, const as_element *view)
{
    const as_where at = at_of(r, view);
    double start = NAN, length = NAN;
    const char *s = r->xml->attribute(view, "Start"), *n = r->xml->attribute(view, "Length");
    const char *name = r->xml->attribute(view, "LogicName");
    if (!s || !n || !as_read_number(s, strlen(s), '.', &start) ||
        !as_read_number(n, strlen(n), '.', &length) || !(start >= 0 && length >= 1) ||
        start + length > MAX_COLUMNS)
        return as_fail(r->job->ctx, AS_E_FORMAT, &at, "a view of columns %s and length %s is not supported",
                       s ? s : "?", n ? n : "?");
    const as_element *varying = r->xml->child(view, "Varying");
    const as_element *recording = r->xml->child(view, "Recording");
    const as_element *field = varying ? r->xml->child(varying, "FieldDefinitions") : NULL;
    for (size_t i = (size_t)start; i < (size_t)(start + length); i++) {
        column *c = &r->column[i];
        if (i >= r->n_columns) r->n_columns = i + 1;
        c->name = name ? name : "column";
        if (name && as_same(name, "MeasuredTime")) c->kind = KIND_TIME;
        if (name && as_same(name, "AbsorptionFactor")) c->kind = KIND_FACTOR;
        if (field) {
            AS_TRY(read_axis(r, field, c));
            field = r->xml->next(field, "FieldDefinitions");
        }
        if (recording) read_recorded(r, recording, length > 1, c);
    }
    return AS_OK;
}

static as_status read_views(reading *r)
{
    const as_element *view = as_xml_find(r->xml, r->route, "DataViews/RawDataView");
    const as_where at = at_of(r, r->route);
    r->n_columns = 0;
    memset(r->column, 0, sizeof r->column);
    if (!view)
        return as_fail(r->job->ctx, AS_E_MISSING, &at, "no <RawDataView> describes the data");
    for (; view; view = r->xml->next(view, "RawDataView")) AS_TRY(read_view(r, view));
    return AS_OK;
}

static as_status read_rows(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const as_element *first = r->xml->child(r->route, "Datum"), *e;
    r->n_rows = 0;
    for (e = first; e; e = r->xml->next(e, "Datum")) r->n_rows++;
    for (size_t c = 0; c < r->n_columns; c++) {
        r->value[c] = AS_NEW_N(as_scratch(ctx), double, r->n_rows + 1);
        if (!r->value[c]) return AS_ERR;
    }
    size_t row = 0;
    for (e = first; e; e = r->xml->next(e, "Datum"), row++) {
        double v[MAX_COLUMNS];
        size_t n;
        const as_where at = at_of(r, e);
        const char *text = r->xml->text(ctx, e);
        if (!text) return AS_ERR;
        AS_TRY(as_text_numbers(ctx, &at, text, MAX_COLUMNS, v, &n));
        if (n != r->n_columns)
            return as_fail(ctx, AS_E_SYNTAX, &at,
                           "row %zu has %zu numbers, expected %zu as the views say", row + 1, n,
                           r->n_columns);
        for (size_t c = 0; c < n; c++) r->value[c][row] = v[c];
    }
    return AS_OK;
}

/* --- metadata -------------------------------------------------------------------- */

static as_status set_value(reading *r, as_table *t, const char *element, const char *key,
                           const char *unit)
{
    const as_element *e = as_xml_deep(r->xml, r->root, element);
    const char *text = e ? r->xml->attribute(e, "Value") : NULL;
    if (e && !text) text = as_xml_text(r->xml, r->job->ctx, e, "");
    if (!text) return AS_OK;
    const as_where at = at_of(r, e);
    const as_known known = { element, key, unit };
    return as_set_known(r->job->ctx, t, &known, 1, element, text, &at);
}

static double value_of(reading *r, const char *element)
{
    double value;
    const as_element *e = as_xml_deep(r->xml, r->root, element);
    const char *text = e ? r->xml->attribute(e, "Value") : NULL;
    return text && as_read_number(text, strlen(text), '.', &value) ? value : NAN;
}

/* A germanium crystal among the primary optics passes K alpha 1 only. */
static bool has_primary_germanium(reading *r)
{
    const as_element *track = as_xml_deep(r->xml, r->root, "PrimaryTracks");
    for (const as_element *e = track; e; e = as_xml_after(r->xml, track, e, true)) {
        const char *name = r->xml->attribute(e, "LogicName");
        if (name && name[0] == 'G' && name[1] == 'e' &&
            (name[2] == '(' || (name[2] >= '0' && name[2] <= '9')))
            return true;
    }
    return false;
}

static as_status set_wavelength(reading *r, as_table *t)
{
    double ratio = value_of(r, "WaveLengthRatio");
    AS_TRY(set_value(r, t, "WaveLengthBeta", "wavelength_beta", "Angstrom"));
    AS_TRY(set_value(r, t, "WaveLengthAverage", "vendor.wavelength_average", "Angstrom"));
    if (ratio > 0 && has_primary_germanium(r)) {
        AS_TRY(set_value(r, t, "WaveLengthRatio", "vendor.WaveLengthRatio", NULL));
        ratio = 0;
    }
    return as_set_doublet(r->job->ctx, t, value_of(r, "WaveLengthAlpha1"),
                          value_of(r, "WaveLengthAlpha2"), ratio, NULL);
}

static as_status set_items(reading *r, as_table *t)
{
    static const as_known known[] = {
        { "User", "operator", NULL },
        { "SampleName", "sample", NULL },
        { "Comment", "comment", NULL },
    };
    const as_element *e = as_xml_deep(r->xml, r->root, "InfoItem");
    for (; e; e = r->xml->next(e, "InfoItem")) {
        const char *name = r->xml->attribute(e, "Name"), *value = r->xml->attribute(e, "Value");
        const as_where at = at_of(r, e);
        if (name && value)
            AS_TRY(as_set_known(r->job->ctx, t, known, AS_COUNT(known), name, value, &at));
    }
    return AS_OK;
}

/* Drives that stood still: <Drives> of the fixed information. */
static as_status set_drives(reading *r, as_table *t)
{
    const as_element *e = as_xml_find(r->xml, r->root, "FixedInformation/Drives/InfoData");
    for (; e; e = r->xml->next(e, "InfoData")) {
        const as_element *position = r->xml->child(e, "Position");
        const char *name = r->xml->attribute(e, "AxisId");
        const char *text = position ? r->xml->attribute(position, "Value") : NULL;
        const as_where at = at_of(r, e);
        double value;
        if (!name || as_same(name, "None")) name = r->xml->attribute(e, "LogicName");
        if (name && text && as_read_number(text, strlen(text), '.', &value))
            AS_TRY(as_set_position(r->job->ctx, t, name, value, r->xml->attribute(position, "Unit"),
                                   &at));
    }
    return AS_OK;
}

static as_status set_radius(reading *r, as_table *t)
{
    const as_element *track = as_xml_deep(r->xml, r->root, "SecondaryTracks");
    const as_element *e = track ? as_xml_deep(r->xml, track, "Radius") : NULL;
    const char *text = e ? r->xml->attribute(e, "Value") : NULL;
    const as_known known = { "Radius", "goniometer_radius", "mm" };
    return text ? as_set_known(r->job->ctx, t, &known, 1, "Radius", text, NULL) : AS_OK;
}

static as_status set_meta(reading *r, as_table *t)
{
    static const char *const skip[] = { "BeringInfo", "BeamPathContainers", "PluggedDrives",
                                        "Drives", "InfoList", NULL };
    as_ctx *ctx = r->job->ctx;
    const as_element *scan = r->xml->child(r->route, "ScanInformation");
    const as_element *fixed = r->xml->child(r->root, "FixedInformation");
    const char *name = scan ? r->xml->attribute(scan, "VisibleName") : NULL;
    if (r->head) AS_TRY(as_copy_meta(ctx, t, r->head));
    if (name && *name) AS_TRY(as_set_meta(ctx, t, "scan_axis", name, NULL, NULL));
    AS_TRY(set_value(r, t, "ScanMode", "scan_mode", NULL));
    AS_TRY(set_value(r, t, "TimePerStep", "vendor.TimePerStep", NULL));
    AS_TRY(set_value(r, t, "TimeStampStarted", "measured", NULL));
    AS_TRY(set_items(r, t));
    AS_TRY(set_wavelength(r, t));
    AS_TRY(set_value(r, t, "TubeMaterial", "anode", NULL));
    AS_TRY(set_value(r, t, "Voltage", "tube_voltage", "kV"));
    AS_TRY(set_value(r, t, "Current", "tube_current", "mA"));
    AS_TRY(set_radius(r, t));
    AS_TRY(set_drives(r, t));
    return fixed ? as_xml_vendor(r->xml, ctx, r->in, t, fixed, skip) : AS_OK;
}

/* --- one scan ---------------------------------------------------------------------- */

static bool is_constant(const double *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (v[i] != v[0]) return false;
    return true;
}

static size_t find_x(const reading *r)
{
    size_t best = MAX_COLUMNS;
    for (size_t c = 0; c < r->n_columns; c++) {
        if (r->column[c].kind != KIND_AXIS || is_constant(r->value[c], r->n_rows)) continue;
        if (strcmp(r->column[c].axis.column, "two_theta") == 0) return c;
        if (best == MAX_COLUMNS) best = c;
    }
    return best;
}

/* The first recorded counter that is a sum, else the first counter, else what is recorded. */
static size_t find_y(const reading *r)
{
    size_t best = MAX_COLUMNS;
    int best_rank = -1;
    for (size_t c = 0; c < r->n_columns; c++) {
        const column *k = &r->column[c];
        const int rank = (k->counter ? 2 : 0) + (k->maximum ? 0 : 1);
        if (k->kind != KIND_COUNTS || rank <= best_rank) continue;
        best = c;
        best_rank = rank;
    }
    return best;
}

static bool is_coupled(const reading *r, size_t x, size_t c, double *offset)
{
    if (x >= r->n_columns || strcmp(r->column[x].axis.column, "two_theta") != 0 ||
        strcmp(r->column[c].axis.column, "omega") != 0)
        return false;
    const double *tt = r->value[x], *omega = r->value[c];
    double sum = 0;
    for (size_t i = 0; i < r->n_rows; i++) sum += omega[i] - tt[i] / 2;
    *offset = round(sum / (double)r->n_rows * 1e5) / 1e5;
    for (size_t i = 0; i < r->n_rows; i++) /* positions are printed with four digits and more */
        if (!(fabs(omega[i] - tt[i] / 2 - *offset) < 2.5e-4)) return false;
    return true;
}

static as_status add_column(reading *r, as_table *t, size_t c, const char *name, const char *unit)
{
    as_unit parsed;
    AS_TRY(as_unit_parse(r->job->ctx, t->arena, unit && *unit ? unit : "1", &parsed));
    as_column *to = as_add_column(r->job->ctx, t, name, AS_ROLE_OTHER, parsed);
    if (!to) return AS_ERR;
    memcpy(to->v.f, r->value[c], r->n_rows * sizeof(double));
    return AS_OK;
}

/* Everything but x and y: constants become metadata, the rest columns. */
static as_status add_rest(reading *r, as_table *t, size_t x, size_t y, double *seconds,
                          const double **factor)
{
    as_ctx *ctx = r->job->ctx;
    double offset;
    for (size_t c = 0; c < r->n_columns; c++) {
        const column *k = &r->column[c];
        const double first = r->value[c][0];
        const bool constant = is_constant(r->value[c], r->n_rows);
        if (c == x || c == y || k->kind == KIND_OTHER) continue;
        if (k->kind == KIND_TIME && constant) {
            *seconds = first;
            AS_TRY(as_set_number(ctx, t, "step_time", first, NAN, as_unit_of("s"), NULL));
        } else if (k->kind == KIND_TIME) {
            AS_TRY(add_column(r, t, c, "counting_time", "s"));
        } else if (k->kind == KIND_FACTOR && constant && first == 1) {
            AS_TRY(as_set_number(ctx, t, "attenuation", 1, NAN, AS_UNITLESS, NULL));
        } else if (k->kind == KIND_FACTOR) {
            *factor = r->value[c];
            AS_TRY(add_column(r, t, c, "attenuation", "1"));
        } else if (k->kind == KIND_AXIS && constant) {
            AS_TRY(as_set_position(ctx, t, k->name, first, k->unit, NULL));
        } else if (k->kind == KIND_AXIS && is_coupled(r, x, c, &offset)) {
            if (offset != 0)
                AS_TRY(as_set_number(ctx, t, "omega_offset", offset, NAN, as_unit_of("deg"), NULL));
        } else if (k->kind == KIND_AXIS) {
            AS_TRY(add_column(r, t, c, k->axis.column, k->axis.unit));
        } else if (k->kind == KIND_COUNTS) {
            AS_TRY(add_column(r, t, c, k->name, k->unit));
        }
    }
    return AS_OK;
}

/* The file's own word on what was measured. */
static void check_steps(reading *r, as_table *t)
{
    double sum = 0, n;
    bool any = false;
    const as_element *e = as_xml_find(r->xml, r->route, "SubScans/SubScanInfo");
    const as_where at = at_of(r, r->route);
    const char *status = as_xml_text(r->xml, r->job->ctx, r->root, "MeasurementStatus");
    if (status && *status && !as_same(status, "Measured"))
        as_warn(r->job->ctx, t, &at, "the measurement's status is '%s', not 'Measured'", status);
    for (; e; e = r->xml->next(e, "SubScanInfo")) {
        const char *text = r->xml->attribute(e, "MeasuredSteps");
        if (!text || !as_read_number(text, strlen(text), '.', &n)) return;
        sum += n;
        any = true;
    }
    if (any && sum != (double)r->n_rows)
        as_warn(r->job->ctx, t, &at, "%zu points, but the file counts %.0f measured steps",
                r->n_rows, sum);
}

static as_status read_route(reading *r, bool first)
{
    static const as_axis ordinal = { "position", "position", "1" };
    as_ctx *ctx = r->job->ctx;
    const double *factor = NULL;
    double seconds = NAN;
    const as_where at = at_of(r, r->route);
    AS_TRY(read_views(r));
    AS_TRY(read_rows(r));
    if (r->n_rows == 0) return as_fail(ctx, AS_E_MISSING, &at, "the scan has no <Datum>");
    const size_t x = find_x(r), y = find_y(r);
    if (y == MAX_COLUMNS)
        return as_fail(ctx, AS_E_FORMAT, &at,
                       "the scan holds detector frames only, which are not supported");
    as_table *t = as_new_scan(ctx, r->n_rows, x < MAX_COLUMNS ? &r->column[x].axis : &ordinal, 0, 1,
                              "count");
    if (!t) return AS_ERR;
    if (x < MAX_COLUMNS) memcpy(t->column[0]->v.f, r->value[x], r->n_rows * sizeof(double));
    memcpy(t->column[1]->v.f, r->value[y], r->n_rows * sizeof(double));
    if (r->column[y].unit)
        AS_TRY(as_unit_parse(ctx, t->arena, r->column[y].unit, &t->column[1]->unit));
    AS_TRY(set_meta(r, t));
    AS_TRY(add_rest(r, t, x, y, &seconds, &factor));
    AS_TRY(as_add_counted_sigma(ctx, t, factor, seconds));
    check_steps(r, t);
    const char *flag = r->xml->attribute(r->route, "RouteFlag");
    t->secondary = !first;
    if (!first && flag) AS_TRY(as_set_meta(ctx, t, "part", flag, NULL, &at));
    return as_emit(r->job->out, ctx, t);
}

static as_status read_raw_data(as_parse *job, const as_xml *xml, const as_input *in,
                               const as_table *head)
{
    bool first = true;
    reading r = { .job = job, .xml = xml, .in = in, .head = head };
    AS_TRY(xml->parse(job->ctx, in, &r.root));
    AS_TRY(as_xml_need(xml, job->ctx, in, r.root, "DataRoutes/DataRoute", &r.route));
    for (; r.route; r.route = xml->next(r.route, "DataRoute")) {
        AS_TRY(read_route(&r, first));
        first = false;
    }
    return AS_OK;
}

/* --- the container ------------------------------------------------------------------- */

static as_status read_container(as_parse *job, const as_xml *xml, const as_input *in)
{
    const as_element *root, *list;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(xml->parse(job->ctx, in, &root));
    AS_TRY(as_xml_need(xml, job->ctx, in, root, "RawDataReferenceList/string", &list));
    reading r = { .job = job, .xml = xml, .in = in, .root = root };
    AS_TRY(set_value(&r, head, "InstrumentName", "vendor.InstrumentName", NULL));
    AS_TRY(set_value(&r, head, "DeviceTypeDesc", "instrument", NULL));
    AS_TRY(set_value(&r, head, "CreatingVersion", "vendor.CreatingVersion", NULL));
    for (; list; list = xml->next(list, "string")) {
        const as_input *member;
        const char *name = as_xml_text(xml, job->ctx, list, "");
        if (!name) return AS_ERR;
        if (as_open_member(job->ctx, job->in, name, &member) != AS_OK ||
            read_raw_data(job, xml, member, head) != AS_OK)
            return as_while(job->ctx, "reading %s", name);
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_entry *entry;
    const as_input *member;
    size_t found = 0;
    const size_t n = as_members(job->in, &entry);
    const as_where at = { .file = job->in->name };
    const as_xml *xml = as_xml_open(job->ctx);
    if (!xml) return AS_ERR;
    if (n == 0) return read_raw_data(job, xml, job->in, NULL);
    for (size_t i = 0; i < n; i++) {
        if (!ends_with(entry[i].name, "DataContainer.xml")) continue;
        AS_TRY(as_open_member(job->ctx, job->in, entry[i].name, &member));
        AS_TRY(read_container(job, xml, member));
        found++;
    }
    const bool listed = found > 0;
    for (size_t i = 0; !listed && i < n; i++) { /* as they lie in the zip */
        if (!as_find_text(entry[i].name, "RawData") || !ends_with(entry[i].name, ".xml")) continue;
        AS_TRY(as_open_member(job->ctx, job->in, entry[i].name, &member));
        AS_TRY(read_raw_data(job, xml, member, NULL));
        found++;
    }
    if (found) return AS_OK;
    return as_fail(job->ctx, AS_E_MISSING, &at, "neither DataContainer.xml nor RawData.xml in it");
}

static const char *const suffixes[] = { "brml", "xml", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = { { "two scans, one with an absorber in the beam",
                                         "assay read tests/corpus/xrd/sample.brml" },
                                       { 0 } };
static const char *const see_also[] = { "bruker-raw", NULL };

const as_parser as_parser_bruker_brml = {
    .name = "bruker-brml",
    .title = "Bruker BRML, and its RawData.xml alone",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Bruker BRML diffractograms",
             .description =
                 "A zip of XML: each RawData.xml that DataContainer.xml lists becomes one series. "
                 "Columns are told by their RawDataView: axes, counting time, absorption factor, "
                 "recorded intensities. The intensity is the first recorded sum; other recorded "
                 "columns stay beside it. It contains the absorption factor already; sigma is the "
                 "factor times the root of the counts.\n\n"
                 "Known gap: scans that hold only detector frames are refused.",
             .examples = examples,
             .see_also = see_also },
};
