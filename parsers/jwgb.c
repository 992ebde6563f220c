/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 3P Instruments / JWGB sorption analysers: the exported workbook, and the native XML (.jwgbt),
 * which has the pressures of each dose but no amounts.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "sorption.h"
#include "workbook.h"
#include "xml.h"

/* --- workbook ---------------------------------------------------------------------------------- */
static const as_known known[] = {
    { "Sample", "sample", NULL },
    { "Adsorbate", "adsorbate", NULL },
    { "Sample Weight", "sample_mass", "g" },
    { "Started Time", "measured", NULL },
};

/* Labels repeat from section to section; printed slopes have no unit and are left out. */
static const struct { const char *section, *label, *item, *quantity, *unit; } results[] = {
    { "", "Total Pore Volume at", "vendor summary", "total_pore_volume", "cm3/g" },
    { "", "Average Pore Diameter (4V/A):", "vendor summary", "mean_pore_width", "nm" },
    { "", "BJH Adsorption Cumulative Surface Area:", "vendor BJH adsorption", "pore_area", "m2/g" },
    { "", "BJH Desorption Cumulative Surface Area:", "vendor BJH desorption", "pore_area", "m2/g" },
    { "", "BJH Adsorption Average Pore Diameter", "vendor BJH adsorption", "mean_pore_width", "nm" },
    { "", "BJH Desorption Average Pore", "vendor BJH desorption", "mean_pore_width", "nm" },
    { "", "BJH Adsorption Most Frequent Pore Diameter", "vendor BJH adsorption", "pore_mode", "nm" },
    { "", "BJH Desorption Most Frequent Pore Diameter", "vendor BJH desorption", "pore_mode", "nm" },
    { "BET", "BET Surface Area:", "vendor BET", "bet_area", "m2/g" },
    { "BET", "Vm:", "vendor BET", "monolayer", "cm3(STP)/g" },
    { "BET", "C:", "vendor BET", "c_constant", "1" },
    { "BET", "Correlation Coefficient:", "vendor BET", "correlation", "1" },
    { "t-Plot", "External Surface Area:", "vendor t-plot", "external_area", "m2/g" },
    { "t-Plot", "Micropore Area:", "vendor t-plot", "micropore_area", "m2/g" },
    { "t-Plot", "Micropore Volume:", "vendor t-plot", "micropore_volume", "cm3/g" },
    { "t-Plot", "Correlation Coefficient:", "vendor t-plot", "correlation", "1" },
    { "BJH", "BJH Adsorption Cumulative Pore Volume:", "vendor BJH adsorption", "pore_volume",
      "cm3/g" },
    { "BJH", "BJH Desorption Cumulative Pore Volume:", "vendor BJH desorption", "pore_volume",
      "cm3/g" },
};

static int probe_xlsx(const as_probe *p)
{
    if (!as_is_xlsx(p) && !as_is_xls(p)) return AS_PROBE_NO;
    return as_has_string(p, "Charge Number") && as_has_string(p, "p/p0") &&
                   as_has_string(p, "Sample Weight")
               ? AS_PROBE_VERIFIED
               : AS_PROBE_NO;
}

static as_status read_result(as_parse *job, as_iso *iso, const char *section, const char *label,
                             const char *value)
{
    for (size_t i = 0; i < AS_COUNT(results); i++)
        if (as_same(section, results[i].section) && (*section ? as_same(label, results[i].label)
                                                              : as_starts(label, results[i].label)))
            return as_add_reported(job->ctx, iso->head, results[i].item, results[i].quantity, value,
                                   results[i].unit);
    return AS_OK;
}

static as_status read_summary(as_parse *job, as_iso *iso, const as_sheet *s)
{
    const char *section = "";
    for (size_t i = 0; i < s->cells.n; i++) {
        const as_grid_row *row = &s->cells.row[i];
        const as_where at = { .file = job->in->name, .line = row->line };
        const char *label = as_cell(job->ctx, row, 0), *value = as_cell(job->ctx, row, 1);
        const size_t n = strlen(label);
        if (n && !*value) section = label;
        if (!*value) continue;
        if (*section && !as_same(section, "Project"))
            AS_TRY(read_result(job, iso, section, label, value));
        else if (label[n - 1] == ':')
            AS_TRY(read_result(job, iso, "", label, value)); /* the list of all above the sections */
        else
            AS_TRY(as_set_reported(job->ctx, iso->head, known, AS_COUNT(known), label, value, NULL,
                                   &at));
    }
    return AS_OK;
}

/* The numbers of the points begin anew where desorption does. */
static as_status read_isotherm(as_parse *job, as_iso *iso, const as_grid *g, size_t head)
{
    size_t column[AS_ISO_MOST];
    const size_t n = g->row[head].n < AS_ISO_MOST ? g->row[head].n : AS_ISO_MOST;
    double before = 0, branch = AS_ISO_ADSORPTION;
    iso->at.line = g->row[head].line;
    for (size_t k = 1; k < n; k++) {
        const char *text = as_cell(job->ctx, &g->row[head], k);
        column[k] = AS_ISO_MOST;
        if (!as_same(text, "Time")) AS_TRY(as_iso_heading(job->ctx, iso, text, NULL, &column[k]));
    }
    for (size_t i = head + 1; i < g->n; i++) {
        const double id = as_cell_number(&g->row[i], 0);
        if (isnan(id)) continue;
        if (id <= before) branch = AS_ISO_DESORPTION;
        before = id;
        double *v = as_iso_add(job->ctx, iso);
        if (!v) return AS_ERR;
        for (size_t k = 1; k < n; k++)
            if (column[k] < AS_ISO_MOST) v[column[k]] = as_cell_number(&g->row[i], k);
        v[AS_ISO_BRANCH] = branch;
    }
    return as_iso_emit(job, iso);
}

static as_status parse_xlsx(as_parse *job)
{
    as_sheet *sheet;
    as_iso iso;
    size_t n;
    const as_where at = { .file = job->in->name };
    AS_TRY(as_iso_new(job, &iso));
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    const as_sheet *summary = as_sheet_named(sheet, n, "Summary");
    const as_sheet *points = as_sheet_named(sheet, n, "Isotherm");
    if (summary) AS_TRY(read_summary(job, &iso, summary));
    AS_TRY(as_set_meta(job->ctx, iso.head, "instrument", "3P Instruments / JWGB", NULL, NULL));
    for (size_t i = 0; points && i < points->cells.n; i++)
        if (as_same(as_cell(job->ctx, &points->cells.row[i], 0), "ID"))
            return read_isotherm(job, &iso, &points->cells, i);
    return as_fail(job->ctx, AS_E_MISSING, &at, "no sheet 'Isotherm' with a head line ID, p, p/p0");
}

/* --- XML ------------------------------------------------------------------------------------------ */
static int probe_xml(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "<?xml") || !as_find_text(head, "<doc")) return AS_PROBE_NO;
    return as_find_text(head, "<AdsorbGas>") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

typedef struct {
    as_parse *job;
    const as_xml *xml;
    as_rows *rows; /* dose, pressure, saturation pressure, pressure of the dose, temperature, branch */
} doses;

enum { COLUMNS = 6 };

static as_status read_doses(doses *d, const as_element *list, double branch)
{
    static const char *const names[COLUMNS - 1] = { "ID", "Pcd", "P0", "Pd", "PcdT" };
    if (!list) return AS_OK;
    for (const as_element *e = d->xml->child(list, "Item"); e; e = d->xml->next(e, "Item")) {
        const char *balance = d->xml->attribute(e, "Balance");
        const as_where at = as_xml_at(d->xml, d->job->in, e);
        if (!balance || strcmp(balance, "1") != 0) continue; /* a step on the way to equilibrium */
        double *v = as_rows_add(d->job->ctx, d->rows);
        if (!v) return AS_ERR;
        for (size_t i = 0; i < COLUMNS - 1; i++) {
            const char *text = d->xml->attribute(e, names[i]);
            if (!text || !as_scan_number(text, strlen(text), '.', &v[i]))
                return as_fail(d->job->ctx, AS_E_SYNTAX, &at, "%s='%s', expected a number",
                               names[i], text ? text : "");
        }
        v[COLUMNS - 1] = branch;
    }
    return AS_OK;
}

static as_status xml_meta(doses *d, const as_element *root, as_table *t)
{
    static const struct { const char *path; as_known known; } keys[] = {
        { "General/GeneralConfig/AdsorbGas", { "AdsorbGas", "adsorbate", NULL } },
        { "General/GeneralConfig/AdsorbTemp", { "AdsorbTemp", "temperature", "K" } },
        { "StationConfig/Station/Model", { "Model", "instrument", NULL } },
        { "Config/Base/StartTime", { "StartTime", "measured", NULL } },
        { "Config/SampleInfo/SampleName", { "SampleName", "sample", NULL } },
        { "Config/SampleInfo/SampleWeight", { "SampleWeight", "sample_mass", "g" } },
        { "Config/SampleInfo/Operator", { "Operator", "operator", NULL } },
        { "Config/SampleInfo/DegasCondition", { "DegasCondition", NULL, NULL } },
        { "Config/SampleInfo/SampleNum", { "SampleNum", NULL, NULL } },
    };
    for (size_t i = 0; i < AS_COUNT(keys); i++) {
        const char *text = as_xml_text(d->xml, d->job->ctx, root, keys[i].path);
        if (!text || !*text) continue;
        AS_TRY(keys[i].known.meta
                   ? as_set_reported(d->job->ctx, t, &keys[i].known, 1, keys[i].known.key, text,
                                     NULL, NULL)
                   : as_set_vendor(d->job->ctx, t, keys[i].known.key, text, NULL));
    }
    return as_set_meta(d->job->ctx, t, "part", "doses", NULL, NULL);
}

static as_status emit_doses(doses *d, const as_element *root)
{
    static const struct { const char *name; as_role role; const char *unit; } columns[] = {
        { "dose", AS_ROLE_X, "1" },
        { "pressure", AS_ROLE_Y, "kPa" },
        { "saturation_pressure", AS_ROLE_OTHER, "kPa" },
        { "dose_pressure", AS_ROLE_OTHER, "kPa" },
        { "temperature", AS_ROLE_OTHER, "degC" },
        { "desorption", AS_ROLE_OTHER, "1" },
    };
    as_ctx *ctx = d->job->ctx;
    const as_where at = { .file = d->job->in->name };
    if (as_rows_count(d->rows) == 0)
        return as_fail(ctx, AS_E_MISSING, &at, "no doses that came to equilibrium");
    as_table *t = as_rows_table(ctx, d->rows);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < COLUMNS; i++)
        AS_TRY(as_name_column(ctx, t, i, columns[i].name, columns[i].role,
                              as_unit_of(columns[i].unit)));
    AS_TRY(xml_meta(d, root, t));
    as_warn(ctx, t, &at,
            "this file has the pressures of the doses, not the amounts adsorbed; the workbook that "
            "the software exports has them");
    return as_emit(d->job->out, ctx, t);
}

static as_status parse_xml(as_parse *job)
{
    doses d = { .job = job, .xml = as_xml_open(job->ctx), .rows = as_rows_new(job->ctx, COLUMNS) };
    const as_element *root, *data = NULL;
    if (!d.xml || !d.rows) return AS_ERR;
    AS_TRY(d.xml->parse(job->ctx, job->in, &root));
    for (const as_element *e = d.xml->child(root, NULL); e && !data; e = d.xml->next(e, NULL))
        if (d.xml->child(e, "Adsorb")) data = e;
    const as_where at = { .file = job->in->name };
    if (!data) return as_fail(job->ctx, AS_E_MISSING, &at, "no element Adsorb with the doses");
    AS_TRY(read_doses(&d, d.xml->child(data, "Adsorb"), AS_ISO_ADSORPTION));
    AS_TRY(read_doses(&d, d.xml->child(data, "Doff"), AS_ISO_DESORPTION));
    return emit_doses(&d, root);
}

static const char *const xlsx_suffixes[] = { "xlsx", "xls", NULL };
static const char *const xml_suffixes[] = { "jwgbt", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const char *const xlsx_also[] = { "jwgbt", "belsorp-xls", NULL };
static const char *const xml_also[] = { "jwgb-xlsx", NULL };

const as_parser as_parser_jwgb_xlsx = {
    .name = "jwgb-xlsx",
    .title = "3P/JWGB analysis export (workbook)",
    .suffixes = xlsx_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xlsx,
    .parse = parse_xlsx,
    .doc = { .summary = "read isotherms exported by 3P and JWGB sorption analysers",
             .description =
                 "The sheet Isotherm has the points; their numbers begin anew with desorption. "
                 "Numbers of the sheet Summary are texts, with the decimal sign of the computer "
                 "that wrote them. Areas, volumes and constants printed there are results with the "
                 "method as_printed.",
             .see_also = xlsx_also },
};

const as_parser as_parser_jwgbt = {
    .name = "jwgbt",
    .title = "3P/JWGB native measurement (XML)",
    .suffixes = xml_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xml,
    .parse = parse_xml,
    .doc = { .summary = "read the doses of 3P and JWGB sorption analysers",
             .description =
                 "The native file has the pressure after each dose, the saturation pressure and the "
                 "pressure of the dose, not the amounts adsorbed. These are given, with a warning.",
             .see_also = xml_also },
};
