/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horiba LabSpec text: lines "#Key=<TAB>value" (there may be none), then x and intensity of one
 * spectrum, or of many as rows: the first row is the axis behind one blank cell for each
 * coordinate, every other a spectrum behind its coordinates.
 */
#include <math.h>
#include <string.h>

#include "labspec.h"
#include "number.h"
#include "text_end.h"

enum { MOST_TYPES = 8, FEW = 5 };

typedef struct {
    as_table *head;
    as_lines it;
    as_spectrum_kind kind;
    const char *type[MOST_TYPES], *unit[MOST_TYPES]; /* of axes 0 (intensity), 1 (x), 2 ... */
    size_t coordinates, points, count;
    double *x, *row;
} reading;

/* Numbers of a line of the head that begins with tabs: the axis of many spectra. */
static bool is_matrix(const char *head)
{
    double v;
    size_t n = 0;
    if (*head != '\t') return false;
    while (*head == '\t') head++;
    for (; n < FEW; n++) {
        const size_t used = as_scan_number(head, strcspn(head, "\t\r\n"), '.', &v);
        if (!used || head[used] != '\t') return false;
        head += used + 1;
    }
    head += strcspn(head, "\n");
    return *head == '\n' && as_scan_number(head + 1, strcspn(head + 1, "\t\r\n"), '.', &v) > 0;
}

static int probe(const as_probe *p)
{
    static const char *const marks[] = { "#Acq. time", "#Exposition=", "#Laser", "#Acquired=",
                                         "#Spectro", "#AxisType[" };
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    if (is_matrix(head)) return AS_PROBE_PLAUSIBLE;
    const char *equals = *head == '#' ? strpbrk(head, "=\r\n") : NULL;
    if (!equals || *equals != '=') return AS_PROBE_NO;
    for (size_t i = 0; i < AS_COUNT(marks); i++)
        if (strstr(head, marks[i])) return AS_PROBE_MAGIC;
    return AS_PROBE_NO;
}

/* --- header ---------------------------------------------------------------------------------- */

/* "AxisType[2]": 2; -1: another key. */
static int axis_number(const char *key, const char *name)
{
    const size_t n = strlen(name);
    return strncmp(key, name, n) == 0 && key[n] == '[' && key[n + 1] >= '0' &&
                   key[n + 1] < '0' + MOST_TYPES && key[n + 2] == ']'
               ? key[n + 1] - '0' : -1;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair p;
    AS_TRY(as_split(job->ctx, line, '=', &p));
    const char *key = p.key + 1;
    const int type = axis_number(key, "AxisType"), unit = axis_number(key, "AxisUnit");
    if (type >= 0) r->type[type] = p.value;
    if (unit >= 0) r->unit[unit] = p.value;
    if (type >= 0 || unit >= 0) return AS_OK;
    /* the unit along x, where no AxisUnit says it */
    const char *open = strchr(key, '(');
    if (open && !r->unit[1] && (as_starts(key, "Range (") || as_starts(key, "Spectro ("))) {
        const char *text = as_trim(as_scratch(job->ctx), open + 1, strcspn(open + 1, ")"));
        if (!text) return AS_ERR;
        as_spectral_x(text, &r->kind);
    }
    return as_labspec_setting(job->ctx, r->head, key, p.value, &line->where);
}

/* --- one spectrum ------------------------------------------------------------------------------ */

static as_status read_single(as_parse *job, reading *r, as_line *line)
{
    as_rows *rows = as_rows_new(job->ctx, 2);
    as_more more = AS_ITEM;
    as_unit unit;
    if (!rows) return AS_ERR;
    for (; more == AS_ITEM; more = as_next_line(job->ctx, &r->it, line)) {
        size_t cursor = 0;
        if (line->length == 0) continue;
        double *row = as_rows_add(job->ctx, rows);
        if (!row) return AS_ERR;
        AS_TRY(as_need_number(job->ctx, &r->it, line, &cursor, &row[0], "x"));
        AS_TRY(as_need_number(job->ctx, &r->it, line, &cursor, &row[1], "the intensity"));
        if (as_line_numbers(&r->it, line, 0, NULL) != 2)
            return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected two numbers",
                           line->text);
    }
    as_table *t = more == AS_FAILED ? NULL : as_rows_table(job->ctx, rows);
    if (!t) return AS_ERR;
    AS_TRY(as_unit_parse(job->ctx, t->arena, r->kind.x_unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 0, r->kind.x, AS_ROLE_X, unit));
    AS_TRY(as_unit_parse(job->ctx, t->arena, r->kind.y_unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 1, r->kind.y, AS_ROLE_Y, unit));
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

/* --- many ---------------------------------------------------------------------------------------- */

static as_status read_axis(as_parse *job, reading *r, const as_line *line)
{
    const size_t n = as_line_numbers(&r->it, line, 0, NULL);
    r->row = AS_NEW_N(as_scratch(job->ctx), double, n + 1);
    if (!r->row) return AS_ERR;
    as_line_numbers(&r->it, line, n, r->row);
    while (r->coordinates < n && isnan(r->row[r->coordinates])) r->coordinates++;
    r->points = n - r->coordinates;
    while (r->points && isnan(r->row[r->coordinates + r->points - 1])) r->points--;
    r->x = AS_NEW_N(as_scratch(job->ctx), double, r->points + 1);
    if (!r->x) return AS_ERR;
    if (r->points < 2 || r->coordinates == 0 || r->coordinates > 3)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where,
                       "%zu blank cells and %zu numbers, expected 1 to 3 and an axis",
                       r->coordinates, r->points);
    memcpy(r->x, r->row + r->coordinates, r->points * sizeof *r->x);
    return AS_OK;
}

static as_status set_coordinate(as_parse *job, const reading *r, as_table *t, size_t k,
                                const as_line *line)
{
    static const char *const plain[] = { "X", "Y", "Z" };
    const char *type = r->type[2 + k] ? r->type[2 + k] : r->coordinates > 1 ? plain[k] : "";
    const char *unit = r->unit[2 + k] ? r->unit[2 + k] : "";
    const char *key = as_labspec_coordinate(job->ctx, type);
    as_unit parsed;
    if (!key) return AS_ERR;
    AS_TRY(as_unit_parse(job->ctx, t->arena, *unit ? unit : "1", &parsed));
    return as_set_number(job->ctx, t, key, r->row[k], NAN, parsed, &line->where);
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    const size_t n = r->coordinates + r->points, found = as_line_numbers(&r->it, line, n, r->row);
    if (found < n || (found > n + 1))
        return as_fail(job->ctx, found && found < n ? AS_E_TRUNCATED : AS_E_SYNTAX, &line->where,
                       "%zu numbers, expected %zu coordinates and %zu intensities", found,
                       r->coordinates, r->points);
    as_table *t = as_spectrum_of(job->ctx, &r->kind, r->points, r->x, r->row + r->coordinates);
    if (!t) return AS_ERR;
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    for (size_t k = 0; k < r->coordinates; k++) AS_TRY(set_coordinate(job, r, t, k, line));
    if (r->count++ == 0) as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}

static as_status read_matrix(as_parse *job, reading *r, as_line *line)
{
    as_more more;
    AS_TRY(read_axis(job, r, line));
    while ((more = as_next_line(job->ctx, &r->it, line)) == AS_ITEM)
        if (line->length) AS_TRY(read_row(job, r, line));
    if (more == AS_FAILED) return AS_ERR;
    return r->count ? AS_OK
                    : as_fail(job->ctx, AS_E_TRUNCATED, &line->where, "an axis and no spectrum");
}

static as_status parse(as_parse *job)
{
    reading r = { .it = { .in = job->in, .separator = '\t' }, .head = as_table_new(job->ctx, 0),
                  .kind = { "x", "1", "intensity", "1", NULL } };
    as_line line;
    if (!r.head) return AS_ERR;
    do {
        AS_TRY(as_need_line(job->ctx, &r.it, &line, "numbers"));
        if (line.length && line.text[0] == '#') AS_TRY(read_key(job, &r, &line));
    } while (line.length == 0 || line.text[0] == '#');
    if (r.unit[1]) as_spectral_x(r.unit[1], &r.kind);
    if (r.unit[0]) as_spectral_y(r.unit[0], &r.kind);
    if (!strchr(line.text, '.') && strchr(line.text, ',')) r.it.decimal = ',';
    if (!strchr(line.text, '\t')) r.it.separator = strchr(line.text, ';') ? ';' : 0;
    return line.text[0] == '\t' ? read_matrix(job, &r, &line) : read_single(job, &r, &line);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = {
    { "a line of three spectra", "assay read tests/corpus/raman/labspec-line.txt" }, { 0 }
};
static const char *const see_also[] = { "labspec-xml", "labspec-l6s", NULL };

const as_parser as_parser_labspec_txt = {
    .name = "labspec-txt",
    .title = "Horiba LabSpec text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra, series and maps of Horiba LabSpec exported as text",
             .description =
                 "Lines `#Key=<TAB>value`, then two columns, or rows: the axis behind one blank "
                 "cell for each coordinate (two for a map), then a spectrum in each row behind its "
                 "coordinates. Each becomes a series; x as stored.\n\n"
                 "The unit along x is taken from AxisUnit[1], else from the unit in `Range (nm)` or "
                 "`Spectro (cm-1)`; where none is there x is called x, without a unit.",
             .examples = examples,
             .see_also = see_also },
};
