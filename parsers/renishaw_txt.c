/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text export of Renishaw WiRE: one line of names led by '#', parted by tabs (mostly two), then rows.
 * "#Wave #Intensity" is one spectrum; of maps and series coordinates stand before them (#X #Y, #Z,
 * #Time) in every row, the same for all rows of a spectrum.
 */
#include <math.h>
#include <string.h>

#include "spectrum.h"
#include "text_end.h"

enum { MOST = 8 };

typedef struct {
    const char *name[MOST]; /* of the columns */
    size_t n, x, y;
    double at[MOST];        /* coordinates of the spectrum that is read */
    as_rows *rows;
    size_t count;
    bool warned;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const size_t n = strcspn(head, "\r\n");
    const char *wave = p->is_text && head[0] == '#' ? strstr(head, "#Wave") : NULL;
    const char *intensity = wave ? strstr(wave, "#Intensity") : NULL;
    return intensity && intensity < head + n ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, 0, &f, &n));
    r->x = r->y = MOST;
    for (size_t i = 0; i < n && r->n < MOST; i++) {
        if (f[i].text[0] != '#') continue;
        r->name[r->n] = f[i].text + 1;
        if (strcmp(f[i].text, "#Wave") == 0) r->x = r->n;
        if (strcmp(f[i].text, "#Intensity") == 0) r->y = r->n;
        r->n++;
    }
    if (r->x < r->n && r->y < r->n) return AS_OK;
    return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected #Wave and #Intensity",
                   line->text);
}

/* The file does not say whether x is a shift or a wavelength in nm; it is what a Raman program shows,
 * unless it lies as lasers' light does. */
static as_status name_x(as_parse *job, reading *r, as_table *t)
{
    const double *x = t->column[0]->v.f;
    const double low = fmin(x[0], x[t->rows - 1]), high = fmax(x[0], x[t->rows - 1]);
    AS_TRY(as_name_column(job->ctx, t, 0, "raman_shift", AS_ROLE_X, as_unit_of("cm-1")));
    if (low >= 200 && high <= 1100 && !r->warned) {
        const as_where where = { .file = job->in->name, .line = 1 };
        as_warn(job->ctx, t, &where, "x from %g to %g is taken for a Raman shift in cm-1: the file does "
                "not tell it from a wavelength in nm", x[0], x[t->rows - 1]);
        r->warned = true;
    }
    return AS_OK;
}

static as_status set_coordinate(as_parse *job, as_table *t, const char *name, double value)
{
    static const char *const known[][3] = { { "X", "x", "um" },    { "Y", "y", "um" },
                                            { "Z", "z", "um" },    { "Time", "time", "s" },
                                            { "Temperature", "temperature", "degC" } };
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (as_same(name, known[i][0]))
            return as_set_value(job->ctx, t, known[i][1], value, known[i][2], NULL);
    const char *key = as_format(as_scratch(job->ctx), "vendor.%s", name);
    return key ? as_set_value(job->ctx, t, key, value, "1", NULL) : AS_ERR;
}

static as_status emit(as_parse *job, reading *r, const as_where *at)
{
    if (as_rows_count(r->rows) < 2)
        return as_fail(job->ctx, AS_E_SYNTAX, at, "a spectrum of one point: the coordinates before #Wave "
                       "change in every row");
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    AS_TRY(name_x(job, r, t));
    AS_TRY(as_name_column(job->ctx, t, 1, "intensity", AS_ROLE_Y, AS_UNITLESS));
    for (size_t i = 0; i < r->n; i++)
        if (i != r->x && i != r->y) AS_TRY(set_coordinate(job, t, r->name[i], r->at[i]));
    if (r->count++ == 0) as_warn_if_cut(job, t, true);
    return as_emit(job->out, job->ctx, t);
}

static bool is_same_place(const reading *r, const double *v)
{
    for (size_t i = 0; i < r->n; i++)
        if (i != r->x && i != r->y && v[i] != r->at[i]) return false;
    return true;
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    as_more more;
    double v[MOST];
    reading r = { .rows = as_rows_new(job->ctx, 2) };
    if (!r.rows) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
    AS_TRY(read_names(job, &r, &line));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (as_rows_count(r.rows) == 0 && !strchr(line.text, '.') && strchr(line.text, ',')) it.decimal = ',';
        if (as_line_numbers(&it, &line, MOST, v) != r.n)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %zu numbers", line.text,
                           r.n);
        if (as_rows_count(r.rows) > 0 && !is_same_place(&r, v)) AS_TRY(emit(job, &r, &line.where));
        memcpy(r.at, v, r.n * sizeof *v);
        double *row = as_rows_add(job->ctx, r.rows);
        if (!row) return AS_ERR;
        row[0] = v[r.x];
        row[1] = v[r.y];
    }
    if (more == AS_FAILED) return AS_ERR;
    if (as_rows_count(r.rows) == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "names, but no rows of numbers");
    return emit(job, &r, &line.where);
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "raman", NULL };
static const as_example examples[] = { { "a line of spectra", "assay read tests/corpus/raman/wire-line.txt" },
                                       { 0 } };
static const char *const see_also[] = { "renishaw-wdf", NULL };

const as_parser as_parser_renishaw_txt = {
    .name = "renishaw-txt",
    .title = "Renishaw WiRE text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text exported by Renishaw WiRE",
             .description = "A line of names led by #, then rows. Coordinates before #Wave (#X #Y, #Z, "
                            "#Time) part the rows into series. The file does not say what x is: it is "
                            "read as Raman shift in cm-1, with a warning where it lies as a wavelength "
                            "in nm would. Exports without the line of names are plain text.",
             .examples = examples,
             .see_also = see_also },
};
