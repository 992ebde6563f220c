/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports of BELSORP analysis programs, CSV and workbook: keys, values and units in brackets, a
 * head line No, pe, p0, p/p0, amount, rows behind ADS and DES. pi is the dose, pe the equilibrium.
 */
#include <math.h>
#include <string.h>

#include "sorption.h"
#include "workbook.h"

static const as_known known[] = {
    { "Adsorptive", "adsorbate", NULL },
    { "吸着質名称", "adsorbate", NULL },
    { "Adsorption temperature", "temperature", "K" },
    { "吸着温度", "temperature", "K" },
    { "Sample weight", "sample_mass", "g" },
    { "Sample mass", "sample_mass", "g" },
    { "サンプル質量", "sample_mass", "g" },
    { "COMMENT1", "sample", NULL },
    { "コメント１", "sample", NULL },
    { "Saturated vapor pressure", "saturation_pressure", "kPa" },
    { "Saturation vapor pressure", "saturation_pressure", "kPa" },
    { "飽和蒸気圧", "saturation_pressure", "kPa" },
    { "Equilibrium time", "equilibration_time", "s" },
    { "平衡時間", "equilibration_time", "s" },
    { "Standard volume", "manifold_volume", "cm3" },
    { "Manifold volume", "manifold_volume", "cm3" },
    { "装置本体基準容積", "manifold_volume", "cm3" },
    { "Dead volume", "dead_volume", "cm3" },
    { "Free space", "dead_volume", "cm3" },
    { "サンプル部死容積", "dead_volume", "cm3" },
    { "Adsorptive cross section area", "cross_section", "nm2" },
    { "Adsorption cross section area", "cross_section", "nm2" },
    { "Molecular cross-sectional area", "cross_section", "nm2" },
    { "吸着断面積", "cross_section", "nm2" },
    { "Serial number", "serial_number", NULL },
    { "S/N", "serial_number", NULL },
    { "シリアルナンバー", "serial_number", NULL },
};
/* Where the file says how many points each branch has. */
static const char *const counts[2][5] = {
    { "Number of adsorption data point", "Number of adsorption data",
      "Adsorption data point number", "吸着データ数", NULL },
    { "Number of desorption data point", "Number of desorption data",
      "Desorption data point number", "脱着データ数", NULL },
};

static int probe_csv(const as_probe *p)
{
    static const char *const heads[] = { "\nNo,pi/kPa,pe/kPa", "\nNo,pe/ kPa", "\nNo,pe/kPa",
                                         "\nNo;pi/kPa;pe/kPa", "\nNo;pe/kPa",
                                         "\nNo\tpi/kPa\tpe/kPa", "\nNo\tpe/kPa" };
    const char *head = (const char *)p->head;
    for (size_t i = 0; p->is_text && i < AS_COUNT(heads); i++) {
        const char *at = as_find_text(head, heads[i]);
        if (at) return as_find_text(at, "\nADS") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
    }
    return AS_PROBE_NO;
}

static int probe_xls(const as_probe *p)
{
    if (!as_is_xls(p) && !as_is_xlsx(p)) return AS_PROBE_NO;
    return as_has_string(p, "Adsorption / desorption isotherm") && as_has_string(p, "ADS")
               ? AS_PROBE_VERIFIED
               : AS_PROBE_NO;
}

typedef struct {
    as_parse *job;
    const as_grid *g;
    as_iso iso;
    double stated[2];
    size_t found[2], unreadable;
} reading;

static bool is_count(const char *key, int branch)
{
    for (size_t i = 0; counts[branch][i]; i++)
        if (as_starts(key, counts[branch][i])) return true;
    return false;
}

/* "[cm^3]" -> "cm^3". */
static const char *bare_unit(as_ctx *ctx, const char *text)
{
    const size_t n = strlen(text);
    return n > 2 && text[0] == '[' ? as_strndup(as_scratch(ctx), text + 1, n - 2) : "";
}

static as_status read_pair(reading *r, const as_grid_row *row, size_t key, size_t value)
{
    as_ctx *ctx = r->job->ctx;
    const as_where at = { .file = r->job->in->name, .line = row->line };
    const char *name = as_cell(ctx, row, key), *text = as_cell(ctx, row, value);
    const char *unit = bare_unit(ctx, as_cell(ctx, row, value + 1));
    if (!unit) return AS_ERR;
    if (strcmp(unit, "SEC") == 0) unit = "s";
    if (*name && strspn(name, "?: ") == strlen(name)) {
        r->unreadable++;
        return AS_OK;
    }
    for (int b = 0; b < 2; b++)
        if (is_count(name, b)) r->stated[b] = as_cell_number(row, value);
    if (as_starts(name, "Date of measurement") || as_starts(name, "測定日") ||
        as_starts(name, "Analysis date"))
        return *text ? as_set_short_date(ctx, r->iso.head, text, &at) : AS_OK;
    return as_set_reported(ctx, r->iso.head, known, AS_COUNT(known), name, text, unit, &at);
}

static as_status read_head(reading *r, const as_grid_row *row, size_t *column)
{
    for (size_t i = 1; i < row->n; i++)
        AS_TRY(as_iso_heading(r->job->ctx, &r->iso, as_cell(r->job->ctx, row, i), NULL,
                              &column[i]));
    return AS_OK;
}

static as_status read_points(reading *r, size_t head)
{
    as_ctx *ctx = r->job->ctx;
    const size_t n = r->g->row[head].n;
    size_t *column = AS_NEW_N(as_scratch(ctx), size_t, n);
    double branch = NAN;
    if (!column) return AS_ERR;
    AS_TRY(read_head(r, &r->g->row[head], column));
    for (size_t i = head + 1; i < r->g->n; i++) {
        const as_grid_row *row = &r->g->row[i];
        const as_where at = { .file = r->job->in->name, .line = row->line };
        const char *first = as_cell(ctx, row, 0);
        if (!*first) continue;
        if (!isnan(as_branch_of(first)) && isnan(as_cell_number(row, 0))) {
            branch = as_branch_of(first);
            continue;
        }
        double *v = as_iso_add(ctx, &r->iso);
        if (!v) return AS_ERR;
        for (size_t k = 1; k < n; k++)
            if (column[k] < AS_ISO_MOST) v[column[k]] = as_cell_number(row, k);
        if (isnan(branch) || isnan(v[AS_ISO_PRESSURE]) || isnan(v[AS_ISO_UPTAKE]))
            return as_fail(ctx, AS_E_SYNTAX, &at, "'%.40s ...', expected ADS, DES or %zu numbers",
                           first, n);
        v[AS_ISO_BRANCH] = branch;
        r->found[branch == AS_ISO_DESORPTION]++;
    }
    return AS_OK;
}

static as_status check_counts(const reading *r)
{
    for (int b = 0; b < 2; b++)
        if (r->stated[b] > (double)r->found[b])
            return as_fail(r->job->ctx, AS_E_TRUNCATED, &r->iso.at,
                           "%zu points of %s, expected %.0f as the file says", r->found[b],
                           b ? "desorption" : "adsorption", r->stated[b]);
    return AS_OK;
}

/* In a sheet the values stand in column C, and further pairs in F and H. */
static as_status read_grid(as_parse *job, const as_grid *g, bool sheet)
{
    reading r = { .job = job, .g = g, .stated = { NAN, NAN } };
    size_t head = 0;
    AS_TRY(as_iso_new(job, &r.iso));
    for (; head < g->n && !(as_same(as_cell(job->ctx, &g->row[head], 0), "No") &&
                            g->row[head].n > 3);
         head++) {
        AS_TRY(read_pair(&r, &g->row[head], 0, sheet ? 2 : 1));
        if (sheet) AS_TRY(read_pair(&r, &g->row[head], 5, 7));
    }
    if (head == g->n)
        return as_fail(job->ctx, AS_E_TRUNCATED, &r.iso.at, "no head line 'No, pe/kPa ...'");
    AS_TRY(read_points(&r, head));
    AS_TRY(check_counts(&r));
    if (r.unreadable)
        as_warn(job->ctx, r.iso.head, &r.iso.at,
                "%zu keys are only question marks: sample, mass and temperature are not known",
                r.unreadable);
    AS_TRY(as_set_meta(job->ctx, r.iso.head, "instrument", "BELSORP", NULL, NULL));
    return as_iso_emit(job, &r.iso);
}

static as_status parse_csv(as_parse *job)
{
    as_grid g;
    const char *head = as_find_text((const char *)job->in->data, "\nNo");
    AS_TRY(as_text_grid(job->ctx, job->in, head && strchr(";\t", head[3]) ? head[3] : ',', &g));
    return read_grid(job, &g, false);
}

static as_status parse_xls(as_parse *job)
{
    as_sheet *sheet;
    size_t n;
    AS_TRY(as_workbook_read(job->ctx, job->in, &sheet, &n));
    for (size_t i = 0; i < n; i++)
        if (as_find_text(as_sheet_text(&sheet[i], 1, 1), "desorption isotherm"))
            return read_grid(job, &sheet[i].cells, true);
    const as_where at = { .file = job->in->name };
    return as_fail(job->ctx, AS_E_MISSING, &at,
                   "no sheet begins with '[Adsorption / desorption isotherm]'");
}

static const char *const csv_suffixes[] = { "csv", NULL };
static const char *const xls_suffixes[] = { "xls", "xlsx", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "an isotherm of nitrogen", "assay read tests/corpus/sorption/belsorp.csv" }, { 0 }
};
static const char *const csv_also[] = { "belsorp-dat", "belsorp-xls", NULL };
static const char *const xls_also[] = { "belsorp-dat", "belsorp-csv", NULL };

#define DESCRIPTION                                                                              \
    "Keys, values and units in brackets, then the points behind ADS and DES. The equilibrium "   \
    "pressure pe is the pressure; the dose pi and pe2 are further columns. p/p0 is x. Fewer "    \
    "points than the file says are an error."

const as_parser as_parser_belsorp_csv = {
    .name = "belsorp-csv",
    .title = "BELSORP analysis export (CSV)",
    .suffixes = csv_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_csv,
    .parse = parse_csv,
    .doc = { .summary = "read isotherms exported by BELSORP analysis programs",
             .description = DESCRIPTION, .examples = examples, .see_also = csv_also },
};

const as_parser as_parser_belsorp_xls = {
    .name = "belsorp-xls",
    .title = "BELSORP analysis export (workbook)",
    .suffixes = xls_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_xls,
    .parse = parse_xls,
    .doc = { .summary = "read isotherms exported by BELSORP as a workbook",
             .description = DESCRIPTION, .examples = NULL, .see_also = xls_also },
};
