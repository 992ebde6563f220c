/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micromeritics reports. In a workbook they stand side by side, parted by columns of "|", or each
 * on a sheet; as text they are pages of fixed width. Both become rows of cells: a header of labels
 * and values, the title of the report, its table. The isotherm is in the Isotherm Tabular Report, else
 * in the points of its plot; what the software computed is kept as results.
 */
#include <math.h>
#include <string.h>

#include "micromeritics.h"
#include "number.h"

static const as_known known[] = {
    { "Sample", "sample", NULL },
    { "Operator", "operator", NULL },
    { "Started", "measured", NULL },
    { "开始的", "measured", NULL },
    { "Analysis adsorptive", "adsorbate", NULL },
    { "Analysis bath temp.", "temperature", "K" },
    { "Sample mass", "sample_mass", "g" },
    { "Sat. pressure", "saturation_pressure", "kPa" },
    { "Warm free space", "free_space_warm", "cm3" },
    { "Ambient free space", "free_space_warm", "cm3" },
    { "Cold free space", "free_space_cold", "cm3" },
    { "Analysis free space", "free_space_cold", "cm3" },
    { "Equilibration interval", "equilibration_time", "s" },
    { "Equilibration time", "equilibration_time", "s" },
    { "Sample density", "sample_density", "g/cm3" },
};

typedef enum { NOTHING, ISOTHERM, SUMMARY, BET, T_PLOT, PLOT } report;

static const struct { const char *title; report kind; } titles[] = {
    { "Isotherm Tabular Report", ISOTHERM }, { "Summary Report", SUMMARY },
    { "BET Report", BET },                   { "BET Surface Area Report", BET },
    { "t-Plot Report", T_PLOT },             { "Isotherm Linear Plot", PLOT },
    { "等温线线性图", PLOT },
};

static const struct { report in; const char *label, *item, *quantity; } results[] = {
    { SUMMARY, "Single point surface area", "vendor summary", "single_point_area" },
    { SUMMARY, "BET Surface Area", "vendor summary", "bet_area" },
    { SUMMARY, "Langmuir Surface Area", "vendor summary", "langmuir_area" },
    { SUMMARY, "t-Plot Micropore Area", "vendor summary", "micropore_area" },
    { SUMMARY, "t-Plot External Surface Area", "vendor summary", "external_area" },
    { SUMMARY, "t-Plot micropore volume", "vendor summary", "micropore_volume" },
    { SUMMARY, "BJH Adsorption cumulative surface area", "vendor BJH adsorption", "pore_area" },
    { SUMMARY, "BJH Desorption cumulative surface area", "vendor BJH desorption", "pore_area" },
    { SUMMARY, "BJH Adsorption cumulative volume", "vendor BJH adsorption", "pore_volume" },
    { SUMMARY, "BJH Desorption cumulative volume", "vendor BJH desorption", "pore_volume" },
    { SUMMARY, "BJH Adsorption average pore", "vendor BJH adsorption", "mean_pore_width" },
    { SUMMARY, "BJH Desorption average pore", "vendor BJH desorption", "mean_pore_width" },
    { SUMMARY, "Single point adsorption total pore volume", "vendor summary", "total_pore_volume" },
    { SUMMARY, "Single point desorption total pore volume", "vendor desorption", "total_pore_volume" },
    { SUMMARY, "Adsorption average pore", "vendor summary", "mean_pore_width" },
    { SUMMARY, "Desorption average pore", "vendor desorption", "mean_pore_width" },
    { SUMMARY, "Median pore width", "vendor Horvath-Kawazoe", "median_pore_width" },
    { BET, "BET Surface Area", "vendor BET", "bet_area" },
    { BET, "Slope", "vendor BET", "slope" },
    { BET, "Y-Intercept", "vendor BET", "intercept" },
    { BET, "C", "vendor BET", "c_constant" },
    { BET, "Qm", "vendor BET", "monolayer" },
    { BET, "Correlation Coefficient", "vendor BET", "correlation" },
    { T_PLOT, "Micropore Volume", "vendor t-plot", "micropore_volume" },
    { T_PLOT, "Micropore Area", "vendor t-plot", "micropore_area" },
    { T_PLOT, "External Surface Area", "vendor t-plot", "external_area" },
    { T_PLOT, "Slope", "vendor t-plot", "slope" },
    { T_PLOT, "Y-Intercept", "vendor t-plot", "intercept" },
};

typedef struct { /* one report: rows from .. to, cells left .. right of a grid */
    const as_grid *g;
    size_t from, to, left, right;
} block;

static const char *cell(const as_mic *m, const block *b, size_t row, size_t k)
{
    const as_grid_row *r = &b->g->row[row];
    return b->left + k < b->right ? as_cell(m->job->ctx, r, b->left + k) : "";
}

static double number(const block *b, size_t row, size_t k)
{
    return b->left + k < b->right ? as_cell_number(&b->g->row[row], b->left + k) : NAN;
}

static bool is_label(const char *text)
{
    const size_t n = strlen(text);
    return n > 1 && text[n - 1] == ':';
}

/* --- header ------------------------------------------------------------------------------------ */
/* The line of the page's number: the instrument, behind the program where that stands first. */
static as_status read_page_line(as_mic *m, const block *b, size_t row)
{
    const char *first = cell(m, b, row, 0), *second = cell(m, b, row, 1);
    if (!as_starts(first, "MicroActive"))
        return *first ? as_set_meta(m->job->ctx, m->iso.head, "instrument", first, NULL, NULL)
                      : AS_OK;
    AS_TRY(as_set_meta(m->job->ctx, m->iso.head, "software", first, NULL, NULL));
    return as_set_meta(m->job->ctx, m->iso.head, "instrument", second, NULL, NULL);
}

/* Whether one of the cells left .. right is "Page 1". */
static bool is_page(as_ctx *ctx, const as_grid_row *row, size_t left, size_t right)
{
    for (size_t k = left; k < right && k < row->n; k++) {
        const char *text = as_cell(ctx, row, k);
        if (as_starts(text, "Page") && strspn(text + 4, " 0123456789") == strlen(text + 4))
            return true;
    }
    return false;
}

/* "Serial # 123  Unit 1" */
static as_status read_serial(as_mic *m, const char *text, const as_where *at)
{
    const char *number = text + strlen("Serial #");
    number += strspn(number, " ");
    const char *own = as_strndup(as_scratch(m->job->ctx), number, strcspn(number, " "));
    if (!own) return AS_ERR;
    return *own ? as_set_meta(m->job->ctx, m->iso.head, "serial_number", own, NULL, at) : AS_OK;
}

static as_status read_header_row(as_mic *m, const block *b, size_t row)
{
    as_ctx *ctx = m->job->ctx;
    const as_where at = { .file = m->job->in->name, .line = b->g->row[row].line };
    const size_t n = b->g->row[row].n > b->left ? b->g->row[row].n - b->left : 0;
    if (is_page(ctx, &b->g->row[row], b->left, b->right)) return read_page_line(m, b, row);
    for (size_t k = 0; k < n; k++) {
        const char *key = cell(m, b, row, k), *value = cell(m, b, row, k + 1);
        if (as_starts(key, "Serial #")) {
            AS_TRY(read_serial(m, key, &at));
        } else if (as_starts(key, "Comments:")) {
            const char *text = key + strlen("Comments:");
            text += strspn(text, " ");
            if (*text) AS_TRY(as_set_meta(ctx, m->iso.head, "comment", text, NULL, &at));
        } else if (is_label(key) && *value && !is_label(value)) {
            AS_TRY(as_set_reported(ctx, m->iso.head, known, AS_COUNT(known), key, value, NULL, &at));
            k++;
        }
    }
    return AS_OK;
}

/* --- the isotherm ------------------------------------------------------------------------------- */
static bool is_head(const as_mic *m, const block *b, size_t row)
{
    static const char *const pressures[] = { "Relative Pressure", "Absolute Pressure", "相对压力",
                                             "绝对压力" };
    bool pressure = false, quantity = false;
    for (size_t k = 0; k < AS_ISO_MOST; k++) {
        const char *text = cell(m, b, row, k);
        for (size_t i = 0; i < AS_COUNT(pressures); i++)
            pressure = pressure || as_starts(text, pressures[i]);
        quantity = quantity || as_starts(text, "Quantity Adsorbed") || as_starts(text, "吸附量");
    }
    return pressure && quantity;
}

/* "02:11" or a fraction of a day, in minutes. */
static double minutes(const char *text, double fraction)
{
    const char *colon = strchr(text, ':');
    double hours, rest;
    if (!colon) return 1440 * fraction;
    if (!as_read_number(text, (size_t)(colon - text), '.', &hours) ||
        !as_scan_number(colon + 1, strlen(colon + 1), '.', &rest))
        return NAN;
    return 60 * hours + rest;
}

typedef struct { size_t n, column[AS_ISO_MOST], time; } layout;

static as_status read_head(as_mic *m, const block *b, size_t row, layout *out)
{
    *out = (layout){ .time = AS_ISO_MOST };
    m->iso.taken = 0;
    if (m->iso.at.line == 0) m->iso.at.line = b->g->row[row].line;
    for (; out->n < AS_ISO_MOST && *cell(m, b, row, out->n); out->n++) {
        const char *text = cell(m, b, row, out->n);
        size_t *column = &out->column[out->n];
        if (as_starts(text, "Elapsed Time")) {
            AS_TRY(as_iso_further(m->job->ctx, &m->iso, "time", "min", column));
            out->time = out->n;
        } else {
            AS_TRY(as_iso_heading(m->job->ctx, &m->iso, text, NULL, column));
        }
    }
    return AS_OK;
}

/* Of the row before the first point, where no other place tells the saturation pressure. */
static as_status note_saturation(as_mic *m, const layout *have, const double *v)
{
    as_unit unit;
    for (size_t k = 0; k < have->n; k++) {
        const char *text = m->iso.unit[AS_ISO_SATURATION];
        if (have->column[k] != AS_ISO_SATURATION || !isfinite(v[k]) || !text) continue;
        if (as_get_meta(m->iso.head, "saturation_pressure")) continue;
        AS_TRY(as_unit_parse(m->job->ctx, m->iso.head->arena, text, &unit));
        AS_TRY(as_set_number(m->job->ctx, m->iso.head, "saturation_pressure", v[k], NAN, unit,
                             NULL));
    }
    return AS_OK;
}

/* A row without amount is that of the start, before the first point. */
static as_status read_point(as_mic *m, const block *b, size_t row, const layout *have)
{
    double v[AS_ISO_MOST];
    bool point = false, pressure = false;
    for (size_t k = 0; k < have->n; k++) {
        v[k] = k == have->time ? minutes(cell(m, b, row, k), number(b, row, k)) : number(b, row, k);
        const size_t c = have->column[k];
        point = point || (c == AS_ISO_UPTAKE && isfinite(v[k]));
        pressure = pressure || (c <= AS_ISO_PRESSURE && isfinite(v[k]));
    }
    if (!point || !pressure) return note_saturation(m, have, v);
    double *to = as_iso_add(m->job->ctx, &m->iso);
    if (!to) return AS_ERR;
    for (size_t k = 0; k < have->n; k++)
        if (have->column[k] < AS_ISO_MOST) to[have->column[k]] = v[k];
    return AS_OK;
}

/* Of the curve "Sample 1 : default : Desorption" the branch; NaN: not told. */
static double branch_of(const char *curve)
{
    const char *blank = strrchr(curve, ' '), *word = blank ? blank + 1 : curve;
    if (as_same(word, "Adsorption") || strcmp(word, "吸附") == 0) return AS_ISO_ADSORPTION;
    return as_same(word, "Desorption") || strcmp(word, "脱附") == 0 ? AS_ISO_DESORPTION : NAN;
}

/* Two columns of the plot's table as points of a branch. The desorption begins with the last point of
 * the adsorption, which is told once. */
static as_status add_points(as_mic *m, const block *b, size_t head, size_t k, double branch)
{
    as_iso *iso = &m->iso;
    size_t x, y;
    double last[2] = { NAN, NAN };
    iso->taken = 0;
    AS_TRY(as_iso_heading(m->job->ctx, iso, cell(m, b, head, k), NULL, &x));
    AS_TRY(as_iso_heading(m->job->ctx, iso, cell(m, b, head, k + 1), NULL, &y));
    if (x > AS_ISO_PRESSURE || y != AS_ISO_UPTAKE) return AS_OK;
    if (k > 0)
        for (size_t row = head + 1; row < b->to; row++)
            for (size_t i = 0; i < 2 && isfinite(number(b, row, 0)); i++) last[i] = number(b, row, i);
    for (size_t row = head + 1; row < b->to; row++) {
        const double v[2] = { number(b, row, k), number(b, row, k + 1) };
        if (isnan(v[0]) || isnan(v[1]) || (v[0] == last[0] && v[1] == last[1])) continue;
        double *to = as_iso_add(m->job->ctx, iso);
        if (!to) return AS_ERR;
        to[x] = v[0];
        to[y] = v[1];
        to[AS_ISO_BRANCH] = branch;
        m->isotherms = 1;
    }
    return AS_OK;
}

/* The points of a plot: a pair of columns for the adsorption, one for the desorption, each under the
 * name of its curve; those behind them are of other samples drawn over it. */
static as_status read_plot(as_mic *m, const block *b)
{
    size_t head = b->from;
    while (head < b->to && !is_head(m, b, head)) head++;
    if (head == b->to) return AS_OK;
    const double second = branch_of(cell(m, b, head - 1, 2));
    double first = branch_of(cell(m, b, head - 1, 0));
    if (isnan(first) && second == AS_ISO_DESORPTION) first = AS_ISO_ADSORPTION;
    m->iso.at.line = b->g->row[head].line;
    AS_TRY(add_points(m, b, head, 0, first));
    return second == AS_ISO_DESORPTION ? add_points(m, b, head, 2, second) : AS_OK;
}

static as_status read_isotherm(as_mic *m, const block *b)
{
    layout have;
    size_t row = b->from;
    while (row < b->to && !is_head(m, b, row)) row++;
    const as_where at = { .file = m->job->in->name, .line = b->g->row[b->from - 1].line };
    if (row == b->to)
        return as_fail(m->job->ctx, AS_E_TRUNCATED, &at,
                       "no columns of pressure and quantity under Isotherm Tabular Report");
    AS_TRY(read_head(m, b, row, &have));
    for (row++; row < b->to; row++) AS_TRY(read_point(m, b, row, &have));
    m->isotherms++;
    return AS_OK;
}

/* --- results -------------------------------------------------------------------------------------- */
static as_status read_result(as_mic *m, const block *b, size_t row, report kind)
{
    const char *label = cell(m, b, row, 0), *value = cell(m, b, row, 1);
    if (!*value && row + 1 < b->to && strstr(label, "of pores")) {
        if (strchr(cell(m, b, row + 1, 0), '#')) return AS_OK; /* "less than -1.#IND nm": none was found */
        value = cell(m, b, row + 1, 1);
    }
    for (size_t i = 0; i < AS_COUNT(results); i++) {
        const size_t n = strlen(results[i].label);
        if (results[i].in != kind || !as_starts(label, results[i].label)) continue;
        if (kind != SUMMARY && strcmp(label + n, ":") != 0) continue;
        if (as_get_result(m->iso.head, results[i].item, results[i].quantity)) return AS_OK;
        double printed;
        const bool pores = strstr(results[i].quantity, "pore_volume") || strstr(results[i].quantity, "pore_width");
        if (kind == SUMMARY && pores && as_scan_number(value, strlen(value), '.', &printed) && printed == 0)
            return AS_OK; /* none was found */
        return as_add_reported(m->job->ctx, m->iso.head, results[i].item, results[i].quantity,
                               value, NULL);
    }
    return AS_OK;
}

/* First and last p/p0 of the table under the BET report: its window. */
static as_status read_window(as_mic *m, const block *b)
{
    double first = NAN, last = NAN, n = 0;
    for (size_t row = b->from; row < b->to; row++) {
        const double x = number(b, row, 0);
        if (isnan(x) || isnan(number(b, row, 1))) continue;
        if (n == 0) first = x;
        last = x;
        n++;
    }
    if (n == 0 || as_get_result(m->iso.head, "vendor BET", "points_used")) return AS_OK;
    const struct { const char *quantity; double value; } out[] = {
        { "points_used", n }, { "window_first", first }, { "window_last", last } };
    for (size_t i = 0; i < AS_COUNT(out); i++)
        AS_TRY(as_add_quantity(m->job->ctx, m->iso.head, "vendor BET", out[i].quantity,
                               out[i].value, NAN, "1", NULL, "as_printed"));
    return AS_OK;
}

/* "1023-  Preparations failed in primary data." */
static void count_errors(as_mic *m, const block *b, size_t row)
{
    const char *text = cell(m, b, row, 0);
    if (strspn(text, "0123456789") != 4 || text[4] != '-') return;
    if (m->errors++) return;
    const char *more = cell(m, b, row, 1);
    m->first_error = as_format(as_scratch(m->job->ctx), "%s%s%s", text, *more ? " " : "", more);
}

static as_status read_report(as_mic *m, const block *b, report kind)
{
    if (kind == ISOTHERM) return read_isotherm(m, b);
    for (size_t row = b->from; row < b->to; row++) {
        AS_TRY(read_result(m, b, row, kind));
        count_errors(m, b, row);
    }
    return kind == BET ? read_window(m, b) : AS_OK;
}

static report report_of(const char *text)
{
    for (size_t i = 0; i < AS_COUNT(titles); i++)
        if (as_starts(text, titles[i].title)) return titles[i].kind;
    return NOTHING;
}

as_status as_mic_new(as_parse *job, as_mic *out)
{
    *out = (as_mic){ .job = job };
    return as_iso_new(job, &out->iso);
}

/* The columns between the "|" around column k of this row. */
static void find_sides(const as_mic *m, const as_grid_row *row, size_t k, block *b)
{
    b->left = 0;
    b->right = SIZE_MAX;
    for (size_t i = 0; i < row->n; i++) {
        if (strcmp(as_cell(m->job->ctx, row, i), "|") != 0) continue;
        if (i < k) b->left = i + 1;
        else if (b->right == SIZE_MAX) b->right = i;
    }
}

as_status as_mic_read(as_mic *m, const as_grid *g, bool paged)
{
    as_ctx *ctx = m->job->ctx;
    size_t page = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (paged && is_page(ctx, &g->row[i], 0, SIZE_MAX)) page = i;
        for (size_t k = 0; k < g->row[i].n; k++) {
            const report kind = report_of(as_cell(ctx, &g->row[i], k));
            block b = { .g = g, .from = i + 1, .to = i + 1 };
            if (kind == NOTHING) continue;
            if (kind == ISOTHERM && !paged && m->isotherms) continue;
            if (kind == PLOT && !m->plot) {
                m->plot = g;
                m->plot_row = i;
                m->plot_cell = k;
            }
            if (kind == PLOT) continue;
            find_sides(m, &g->row[i], k, &b);
            while (b.to < g->n && !(paged && is_page(ctx, &g->row[b.to], 0, SIZE_MAX)))
                b.to++;
            for (size_t h = page; kind == ISOTHERM && !m->isotherms && h < i; h++)
                AS_TRY(read_header_row(m, &b, h));
            AS_TRY(read_report(m, &b, kind));
        }
    }
    return AS_OK;
}

/* A report without the tabular one: what stands above the plot's title is the header. */
static as_status finish_with_plot(as_mic *m)
{
    const as_grid_row *title = &m->plot->row[m->plot_row];
    block b = { .g = m->plot, .from = m->plot_row + 1, .to = m->plot->n };
    find_sides(m, title, m->plot_cell, &b);
    for (size_t h = 0; h < m->plot_row; h++) AS_TRY(read_header_row(m, &b, h));
    return read_plot(m, &b);
}

as_status as_mic_finish(as_mic *m)
{
    const as_where at = { .file = m->job->in->name };
    if (m->isotherms == 0 && m->plot) AS_TRY(finish_with_plot(m));
    if (m->isotherms == 0)
        return as_fail(m->job->ctx, AS_E_MISSING, &at,
                       "no Isotherm Tabular Report and no Isotherm Linear Plot in it");
    if (m->errors)
        as_warn(m->job->ctx, m->iso.head, &at, "the software reported %zu error%s, the first: %s",
                m->errors, m->errors == 1 ? "" : "s", m->first_error ? m->first_error : "");
    return as_iso_emit(m->job, &m->iso);
}
