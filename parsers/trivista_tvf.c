/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TriVista .tvf: XML with the hardware, and documents of an axis (xDim/Calibration) and frames, whose
 * values stand in one text separated by semicolons.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "xml_vendor.h"

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && strstr(head, "TriVista") && strstr(head, "<XmlMain") ? AS_PROBE_MAGIC
                                                                              : AS_PROBE_NO;
}

/* Numbers between the separators of `text`; the first one may be their count ("3|1|2|3"). */
static as_status read_list(as_parse *job, const as_where *at, const char *text, char separator,
                           double **out, size_t *n)
{
    size_t room = 1;
    for (const char *c = text; *c; c++) room += *c == separator;
    double *v = AS_NEW_N(as_scratch(job->ctx), double, room);
    if (!v) return AS_ERR;
    *n = 0;
    for (const char *c = text; *c && *n < room;) {
        const char *end = strchr(c, separator);
        const size_t length = end ? (size_t)(end - c) : strlen(c);
        if (!as_read_number(c, length, '.', &v[*n]) && !as_read_number(c, length, ',', &v[*n]))
            return as_fail(job->ctx, AS_E_SYNTAX, at, "'%.*s', expected a number",
                           (int)(length < 40 ? length : 40), c);
        ++*n;
        c += length + (end != NULL);
    }
    *out = v;
    return AS_OK;
}

typedef struct {
    const as_xml *xml;
    as_spectrum_kind kind;
    double *x;
    size_t n;
    as_table *head;
    double first_tick;
} reading;

static as_status set_attribute(as_parse *job, reading *r, const as_element *e, const char *name,
                               const char *key, const char *unit)
{
    const char *text = e ? r->xml->attribute(e, name) : NULL;
    const as_known known = { name, key, unit };
    if (!text || !*text) return AS_OK;
    const as_where at = as_xml_at(r->xml, job->in, e);
    return as_set_measure(job->ctx, r->head, &known, 1, name, text, &at);
}

static as_status read_axis(as_parse *job, reading *r, const as_element *document)
{
    const as_element *c;
    AS_TRY(as_xml_need(r->xml, job->ctx, job->in, document, "xDim/Calibration", &c));
    const as_where at = as_xml_at(r->xml, job->in, c);
    const char *list = r->xml->attribute(c, "ValueArray"), *unit = r->xml->attribute(c, "Unit");
    const char *laser = r->xml->attribute(c, "LaserWave");
    double nm;
    if (!list) return as_fail(job->ctx, AS_E_MISSING, &at, "the axis has no ValueArray");
    AS_TRY(read_list(job, &at, list, '|', &r->x, &r->n));
    if (r->n < 1 || r->x[0] != (double)(r->n - 1))
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "an axis of %zu values, expected %g",
                       r->n ? r->n - 1 : 0, r->n ? r->x[0] : 0);
    r->x++;
    r->n--;
    r->kind = (as_spectrum_kind){ "x", "1", "intensity", "count", NULL };
    if (unit) as_spectral_x(unit, &r->kind);
    if (laser && as_read_number(laser, strlen(laser), '.', &nm) && nm > 0)
        AS_TRY(as_set_value(job->ctx, r->head, "laser_wavelength", nm, "nm", &at));
    return AS_OK;
}

static as_status read_settings(as_parse *job, reading *r, const as_element *document)
{
    const char *recorded = r->xml->attribute(document, "RecordTime"); /* month first */
    const as_where at = as_xml_at(r->xml, job->in, document);
    if (recorded) AS_TRY(as_set_measured(job->ctx, r->head, recorded, true, &at));
    AS_TRY(set_attribute(job, r, document, "Label", "vendor.label", NULL));
    const as_element *detector = as_xml_deep(r->xml, document, "Detector");
    const as_element *experiment = as_xml_deep(r->xml, document, "Experiment");
    AS_TRY(set_attribute(job, r, detector, "Model", "detector", NULL));
    return set_attribute(job, r, experiment, "Name", "vendor.experiment", NULL);
}

static as_status read_frame(as_parse *job, reading *r, const as_element *frame, size_t index)
{
    double *v, ticks;
    size_t n;
    const as_where at = as_xml_at(r->xml, job->in, frame);
    const char *text = r->xml->text(job->ctx, frame), *stamp = r->xml->attribute(frame, "TimeStamp");
    if (!text) return AS_ERR;
    AS_TRY(read_list(job, &at, text, ';', &v, &n));
    if (n == 0 || n % r->n)
        return as_fail(job->ctx, n < r->n ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "a frame of %zu values, expected rows of %zu", n, r->n);
    for (size_t row = 0; row < n / r->n; row++) {
        as_table *t = as_spectrum_of(job->ctx, &r->kind, r->n, r->x, v + row * r->n);
        if (!t) return AS_ERR;
        AS_TRY(as_copy_meta(job->ctx, t, r->head));
        AS_TRY(as_set_value(job->ctx, t, "index", (double)index, "1", &at));
        if (n > r->n) AS_TRY(as_set_value(job->ctx, t, "vendor.row", (double)row, "1", &at));
        if (stamp && as_read_number(stamp, strlen(stamp), '.', &ticks) && ticks > 0) {
            if (isnan(r->first_tick)) r->first_tick = ticks;
            AS_TRY(as_set_value(job->ctx, t, "time", (ticks - r->first_tick) / 1e7, "s", &at));
        }
        AS_TRY(as_emit(job->out, job->ctx, t));
    }
    return AS_OK;
}

static as_status read_document(as_parse *job, const as_xml *xml, const as_element *document)
{
    reading r = { .xml = xml, .head = as_table_new(job->ctx, 0), .first_tick = NAN };
    const as_element *frame;
    size_t index = 0;
    if (!r.head) return AS_ERR;
    AS_TRY(read_axis(job, &r, document));
    AS_TRY(read_settings(job, &r, document));
    AS_TRY(as_xml_need(xml, job->ctx, job->in, document, "Data/Frame", &frame));
    for (; frame; frame = xml->next(frame, "Frame"))
        AS_TRY(read_frame(job, &r, frame, index++));
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    const as_xml *xml = as_xml_open(job->ctx);
    const as_element *root, *document;
    if (!xml) return AS_ERR;
    AS_TRY(xml->parse(job->ctx, job->in, &root));
    AS_TRY(as_xml_need(xml, job->ctx, job->in, root, "Documents/Document", &document));
    for (; document; document = xml->next(document, "Document"))
        AS_TRY(read_document(job, xml, document));
    return AS_OK;
}

static const char *const suffixes[] = { "tvf", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "princeton-spe", NULL };

const as_parser as_parser_trivista_tvf = {
    .name = "trivista-tvf",
    .title = "TriVista .tvf",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra and series of S&I TriVista",
             .description =
                 "XML: each `Document` has an axis (`xDim/Calibration`, a count and values between "
                 "bars) and frames of values between semicolons. Each row of a frame becomes one "
                 "series, its time since the first frame where frames have time stamps.",
             .see_also = see_also },
};
