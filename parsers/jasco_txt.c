/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JASCO Spectra Manager text export: lines "KEY<sep>value" up to the line XYDATA, rows of x and one
 * or more y, and (newer programs) sections of settings in the language of the system. The
 * separator is a tab, comma or semicolon, the same in all three.
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

enum { MOST_CHANNELS = 8 };

typedef struct {
    as_table *head; /* metadata only */
    as_lines it;
    char separator;
    const char *type, *date, *clock, *title, *x_unit, *y_unit[MOST_CHANNELS];
    double first, last, points;
    as_rows *rows;
    size_t columns;
    as_where data_at;
} reading;

static bool is_separator(char c)
{
    return c == '\t' || c == ',' || c == ';';
}

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || memcmp(head, "TITLE", 5) != 0 || !is_separator(head[5])) return AS_PROBE_NO;
    const char *data = strstr(head, "\nXYDATA");
    if (!data || !strchr("\r\n", data[7 + strspn(data + 7, " ,;\t")])) return AS_PROBE_NO;
    const char *origin = strstr(head, "\nORIGIN");
    return origin && as_starts(origin + 8, "JASCO") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* English and Japanese names of what is kept under a name of ours. */
static const as_known known[] = {
    { "Sample name", "sample", NULL },
    { "Sample Name", "sample", NULL },
    { "試料名", "sample", NULL },
    { "サンプル名", "sample", NULL },
    { "Comment", "comment", NULL },
    { "Simulated", "simulated", NULL }, /* what our own exporter says */
    { "コメント", "comment", NULL },
    { "User", "operator", NULL },
    { "Operator", "operator", NULL },
    { "測定者", "operator", NULL },
    { "オペレーター", "operator", NULL },
    { "Exposure", "exposure", "s" },
    { "露光時間", "exposure", "s" },
    { "Accumulation", "accumulations", "1" },
    { "積算回数", "accumulations", "1" },
    { "Laser wavelength", "laser_wavelength", "nm" },
    { "励起波長", "laser_wavelength", "nm" },
    { "レーザー波長", "laser_wavelength", "nm" },
    { "レーザ波長", "laser_wavelength", "nm" },
    { "Laser power", "laser_power", "mW" },
    { "レーザー強度", "laser_power", "mW" },
    { "レーザ強度", "laser_power", "mW" },
    { "Grating", "grating", NULL },
    { "グレーティング", "grating", NULL },
    { "回折格子", "grating", NULL },
    { "Objective lens", "objective", NULL },
    { "対物レンズ", "objective", NULL },
    { "Resolution", "resolution", "cm-1" },
    { "分解", "resolution", "cm-1" },
    { "Light Source", "light_source", NULL },
    { "Light source", "light_source", NULL },
    { "光源", "light_source", NULL },
    { "Detector", "detector", NULL },
    { "検出器", "detector", NULL },
    { "Apodization", "apodization", NULL },
    { "アポダイゼーション", "apodization", NULL },
    { "Z position", "z", "um" },
    { "Probenname", "sample", NULL }, /* German */
    { "Kommentar", "comment", NULL },
    { "Benutzer", "operator", NULL },
    { "Akkumulation", "accumulations", "1" },
    { "Auflösung", "resolution", "cm-1" },
    { "Lichtquelle", "light_source", NULL },
    { "Detektor", "detector", NULL },
    { "Apodisation", "apodization", NULL },
    { "样品名称", "sample", NULL }, /* Chinese */
    { "样品名", "sample", NULL },
    { "注释", "comment", NULL },
    { "累计次数", "accumulations", "1" },
    { "分辨率", "resolution", "cm-1" },
};

/* --- header ------------------------------------------------------------------------------- */

static as_status need_value(as_parse *job, const reading *r, const as_line *line, const as_pair *p,
                            double *out)
{
    if (!*p->value || as_read_number(p->value, strlen(p->value), '.', out)) return AS_OK;
    if (r->separator != ',' && as_read_number(p->value, strlen(p->value), ',', out)) return AS_OK;
    return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%s is '%s', expected a number", p->key,
                   p->value);
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    static const char *const derived[] = { "ORIGIN", "DELTAX", "FIRSTY", "MAXY", "MINY" };
    as_pair p;
    AS_TRY(as_split(job->ctx, line, r->separator, &p));
    const struct { const char *key; const char **to; } texts[] = {
        { "TITLE", &r->title },   { "DATA TYPE", &r->type },   { "DATE", &r->date },
        { "TIME", &r->clock },    { "XUNITS", &r->x_unit },    { "YUNITS", &r->y_unit[0] },
        { "Y2UNITS", &r->y_unit[1] }, { "Y3UNITS", &r->y_unit[2] }, { "Y4UNITS", &r->y_unit[3] },
        { "Y5UNITS", &r->y_unit[4] }, { "Y6UNITS", &r->y_unit[5] },
    };
    const struct { const char *key; double *to; } numbers[] = {
        { "FIRSTX", &r->first }, { "LASTX", &r->last }, { "NPOINTS", &r->points },
    };
    for (size_t i = 0; i < AS_COUNT(texts); i++)
        if (strcmp(p.key, texts[i].key) == 0) {
            *texts[i].to = p.value;
            return AS_OK;
        }
    for (size_t i = 0; i < AS_COUNT(numbers); i++)
        if (strcmp(p.key, numbers[i].key) == 0)
            return need_value(job, r, line, &p, numbers[i].to);
    for (size_t i = 0; i < AS_COUNT(derived); i++)
        if (strcmp(p.key, derived[i]) == 0) return AS_OK;
    if (strcmp(p.key, "OWNER") == 0)
        return as_set_text(job->ctx, r->head, "operator", p.value, &line->where);
    if (strcmp(p.key, "SPECTROMETER/DATA SYSTEM") == 0)
        return as_set_text(job->ctx, r->head, "instrument", p.value, &line->where);
    return *p.value ? as_set_vendor(job->ctx, r->head, p.key, p.value, &line->where) : AS_OK;
}

static as_status read_header(as_parse *job, reading *r)
{
    as_line line;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &r->it, &line, "XYDATA"));
        if (strcmp(line.text, "XYDATA") == 0) return AS_OK;
        if (line.length) AS_TRY(read_key(job, r, &line));
    }
}

/* yy/mm/dd, in two digits or four. */
static as_status set_date(as_parse *job, reading *r)
{
    double part[3];
    const char *at = r->date;
    if (!at || !*at) return AS_OK;
    for (size_t i = 0; i < 3; i++) {
        const size_t used = as_scan_number(at, strcspn(at, "/"), '.', &part[i]);
        if (!used || (i < 2 && at[used] != '/'))
            return as_set_vendor(job->ctx, r->head, "DATE", r->date, &r->data_at);
        at += used + (i < 2);
    }
    if (part[0] < 100) part[0] += part[0] < 70 ? 2000 : 1900;
    const bool clock = r->clock && *r->clock;
    const char *text = as_format(as_scratch(job->ctx), "%04d-%02d-%02d%s%s", (int)part[0],
                                 (int)part[1], (int)part[2], clock ? "T" : "",
                                 clock ? r->clock : "");
    return text ? as_set_text(job->ctx, r->head, "measured", text, &r->data_at) : AS_ERR;
}

/* --- rows --------------------------------------------------------------------------------- */

static bool ends_data(const as_line *line)
{
    return line->length == 0 || line->text[0] == '#' || line->text[0] == '[';
}

/* The rows are there up to an empty line, a section or the end. */
static as_status read_rows(as_parse *job, reading *r)
{
    as_line line;
    as_more more;
    double v[1 + MOST_CHANNELS];
    while ((more = as_next_line(job->ctx, &r->it, &line)) == AS_ITEM) {
        if (ends_data(&line)) return AS_OK;
        if (!r->rows) { /* the first row tells the decimal mark and the columns */
            if (r->separator != ',' && strchr(line.text, ',')) r->it.decimal = ',';
            r->columns = as_line_numbers(&r->it, &line, 1 + MOST_CHANNELS, v);
            r->data_at = line.where;
            if (r->columns < 2 || r->columns > 1 + MOST_CHANNELS)
                return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                               "'%.40s', expected x and up to %d y", line.text, MOST_CHANNELS);
            r->rows = as_rows_new(job->ctx, r->columns);
            if (!r->rows) return AS_ERR;
        }
        double *row = as_rows_add(job->ctx, r->rows);
        if (!row) return AS_ERR;
        size_t cursor = 0;
        for (size_t i = 0; i < r->columns; i++)
            AS_TRY(as_need_number(job->ctx, &r->it, &line, &cursor, &row[i], "a number"));
        for (size_t i = 1; i < r->columns; i++)
            if (fabs(row[i] + 0x1p-126) < 1e-42) row[i] = NAN; /* how a missing value is printed */
        if (as_line_numbers(&r->it, &line, 0, NULL) != r->columns)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "expected %zu numbers", r->columns);
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* Sections of settings; the first separator of a line parts it. */
static as_status read_footer(as_parse *job, reading *r)
{
    as_line line;
    as_more more;
    as_pair p;
    while ((more = as_next_line(job->ctx, &r->it, &line)) == AS_ITEM) {
        if (line.length == 0 || line.text[0] == '#' || line.text[0] == '[') continue;
        AS_TRY(as_split(job->ctx, &line, r->separator, &p));
        if (strcmp(p.key, "Model Name") == 0 || strcmp(p.key, "機種名") == 0) {
            p.value = as_format(as_scratch(job->ctx), "JASCO %s", p.value);
            AS_TRY(p.value ? as_set_text(job->ctx, r->head, "instrument", p.value, &line.where)
                           : AS_ERR);
        } else if (strcmp(p.key, "Measurement Date") == 0 || strcmp(p.key, "測定日時") == 0) {
            AS_TRY(as_set_measured(job->ctx, r->head, p.value, false, &line.where));
        } else {
            AS_TRY(as_set_measure(job->ctx, r->head, known, AS_COUNT(known), p.key, p.value,
                                  &line.where));
        }
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* --- the table ------------------------------------------------------------------------------ */

static as_status choose_x(as_parse *job, const reading *r, as_spectrum_kind *kind)
{
    const char *unit = r->x_unit ? r->x_unit : "";
    as_heading h;
    kind->technique = r->type && as_find_text(r->type, "RAMAN")      ? "raman"
                      : r->type && as_find_text(r->type, "INFRARED") ? "ftir" : NULL;
    kind->x = "x";
    kind->x_unit = "1";
    if (as_spectral_x(unit, kind)) {
        if (strcmp(kind->x, "raman_shift") == 0 && as_same(unit, "1/CM") &&
            (!kind->technique || strcmp(kind->technique, "raman") != 0))
            kind->x = "wavenumber";
    } else if (as_starts(unit, "Position")) {
        kind->x = "position";
    } else if (*unit) {
        AS_TRY(as_heading_of(job->ctx, unit, NULL, &h));
        kind->x = h.name;
        kind->x_unit = h.unit.symbol;
    }
    if (!kind->technique) kind->technique = strcmp(kind->x, "wavelength") == 0 ? "uvvis" : "generic";
    return AS_OK;
}

static as_status name_channel(as_parse *job, const reading *r, as_table *t, size_t c)
{
    const char *text = c < MOST_CHANNELS ? r->y_unit[c] : NULL;
    as_spectrum_kind kind = { .y = "intensity", .y_unit = "1" };
    as_heading h;
    as_unit unit;
    if (text && *text && !as_spectral_y(text, &kind)) {
        AS_TRY(as_heading_of(job->ctx, text, NULL, &h));
        kind.y = h.name;
        kind.y_unit = h.unit.symbol;
    }
    if (r->type && as_find_text(r->type, "INTERFEROGRAM") && strcmp(kind.y, "intensity") == 0)
        kind.y = "interferogram";
    for (size_t i = 0; i < c + 1; i++)
        if (t->column[i]->name && strcmp(t->column[i]->name, kind.y) == 0)
            kind.y = as_format(as_scratch(job->ctx), "%s_%zu", kind.y, c + 1);
    if (!kind.y) return AS_ERR;
    AS_TRY(as_unit_parse(job->ctx, t->arena, kind.y_unit, &unit));
    return as_name_column(job->ctx, t, 1 + c, kind.y, c ? AS_ROLE_OTHER : AS_ROLE_Y, unit);
}

static as_status check_counts(as_parse *job, const reading *r, as_table *t)
{
    const double *x = t->column[0]->v.f;
    if (isfinite(r->points) && r->points != (double)t->rows)
        return as_fail(job->ctx, r->points > (double)t->rows ? AS_E_TRUNCATED : AS_E_SYNTAX,
                       &r->data_at, "%zu rows, expected %g by NPOINTS", t->rows, r->points);
    const struct { const char *key; double stated, found; } ends[] = {
        { "FIRSTX", r->first, x[0] }, { "LASTX", r->last, x[t->rows - 1] },
    };
    for (size_t i = 0; i < AS_COUNT(ends); i++)
        if (fabs(ends[i].stated - ends[i].found) > 0.01 + 1e-5 * fabs(ends[i].found))
            as_warn(job->ctx, t, &r->data_at, "%s is %g, the rows have %g", ends[i].key,
                    ends[i].stated, ends[i].found);
    return AS_OK;
}

static as_status emit(as_parse *job, reading *r)
{
    as_spectrum_kind kind = { 0 };
    as_unit unit;
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    AS_TRY(choose_x(job, r, &kind));
    AS_TRY(as_unit_parse(job->ctx, t->arena, kind.x_unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 0, kind.x, AS_ROLE_X, unit));
    for (size_t c = 0; c + 1 < r->columns; c++) AS_TRY(name_channel(job, r, t, c));
    t->technique = kind.technique;
    AS_TRY(check_counts(job, r, t));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    if (!as_get_meta(t, "sample"))
        AS_TRY(as_set_text(job->ctx, t, "sample", r->title, &r->data_at));
    as_warn_if_cut(job, t, true);
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    reading r = { .it.in = job->in, .first = NAN, .last = NAN, .points = NAN,
                  .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    r.separator = job->in->size > 5 && is_separator((char)job->in->data[5])
                      ? (char)job->in->data[5] : ',';
    r.it.separator = r.separator;
    AS_TRY(read_header(job, &r));
    r.data_at = (as_where){ .file = job->in->name, .line = r.it.number };
    AS_TRY(set_date(job, &r));
    AS_TRY(read_rows(job, &r));
    if (!r.rows) return as_fail(job->ctx, AS_E_MISSING, &r.data_at, "no rows behind XYDATA");
    AS_TRY(read_footer(job, &r));
    return emit(job, &r);
}

static const char *const suffixes[] = { "txt", "csv", NULL };
static const char *const techniques[] = { "raman", "ftir", "uvvis", "generic", NULL };
static const as_example examples[] = {
    { "a Raman spectrum of a Japanese system", "assay read tests/corpus/raman/jasco.csv" }, { 0 }
};
static const char *const see_also[] = { "jasco-jws", NULL };

const as_parser as_parser_jasco_txt = {
    .name = "jasco-txt",
    .title = "JASCO Spectra Manager text export",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra exported as text by JASCO's Spectra Manager",
             .description =
                 "Text: `KEY<sep>value` lines from TITLE to XYDATA, rows of x and y (and further "
                 "channels), then sections of settings in English or Japanese (Shift-JIS). The "
                 "separator is a tab, comma or semicolon; with the others a comma may be the "
                 "decimal mark. DATE is year, month, day.\n\n"
                 "`1/CM` is a Raman shift where DATA TYPE says RAMAN SPECTRUM, else a wavenumber. x is "
                 "taken from the rows; NPOINTS must agree with them. Values printed as -1.17549E-038 "
                 "are missing.",
             .examples = examples,
             .see_also = see_also },
};
