/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans in the text format of spec, as beamlines and programs that follow it write: "#S" begins a scan, "#L" names
 * its columns, rows of numbers follow; the first column is what was scanned, the last the main detector.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "number.h"
#include "text_end.h"

enum { MOST_COLUMNS = 256, MOST_ROWS_OF_MOTORS = 64 };

/* "#S 12 ", "#L ": a letter, perhaps digits, and a blank behind the mark. */
static bool is_key(const char *line, char letter)
{
    if (line[0] != '#' || line[1] != letter) return false;
    return line[2 + strspn(line + 2, "0123456789")] == ' ';
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\r\n");
    return at + strspn(at, "\r\n");
}

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    bool file = false, scan = false, labels = false;
    if (!p->is_text) return AS_PROBE_NO;
    for (; *at; at = next_line(at)) {
        file = file || is_key(at, 'F');
        scan = scan || (is_key(at, 'S') && at[2] == ' ' && at[3] >= '0' && at[3] <= '9');
        labels = labels || (scan && is_key(at, 'L'));
    }
    if (!scan) return file && is_key((const char *)p->head, 'F') ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
    return labels ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

typedef struct names { size_t n; const char **name; } names;

typedef struct reading {
    as_parse *job;
    as_lines it;
    names motor[MOST_ROWS_OF_MOTORS]; /* of #O0, #O1 ... */
    const char *dated;                /* #D of the file */
    const char *comment;
    as_table *facts;                  /* "key = value" above all scans */
    size_t count;                     /* scans emitted */
} reading;

/* A scan on its way. */
typedef struct scan {
    as_table *facts; /* without columns */
    as_where where;
    const char *title;
    names label;
    const char *labels; /* the line of them */
    as_rows *rows;
    size_t spectra;  /* "@A" lines */
    double seconds;  /* #T; NaN: none */
    const char *dated;
} scan;

/* Parted by two blanks or more, or by tabs, since names hold single ones; `gap` " ": by any. */
static as_status split_names(as_ctx *ctx, const char *text, const char *gap, names *out)
{
    const bool any = gap[1] == '\0';
    *out = (names){ .name = AS_NEW_N(as_scratch(ctx), const char *, strlen(text) / 2 + 2) };
    if (!out->name) return AS_ERR;
    for (const char *at = text + strspn(text, " \t"); *at;) {
        size_t n = 0;
        while (at[n] && at[n] != '\t' && !(at[n] == ' ' && (any || at[n + 1] == ' ' || at[n + 1] == '\0')))
            n++;
        const char *one = as_strndup(as_scratch(ctx), at, n);
        if (!one) return AS_ERR;
        out->name[out->n++] = one;
        at += n;
        at += strspn(at, " \t");
    }
    return AS_OK;
}

/* Where the text of "#P0 1.5 2" begins, and its number. */
static const char *behind_key(const char *line, size_t *number)
{
    const char *at = line + (line[0] && line[1] ? 2 : strlen(line)); /* "#" alone */
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++) *number = 10 * *number + (size_t)(*at - '0');
    return at + strspn(at, " \t");
}

/* Positions of the motors of one row of names, where there are as many. */
static as_status set_motors(reading *r, scan *s, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    size_t row;
    const char *at = behind_key(line->text, &row);
    if (row >= MOST_ROWS_OF_MOTORS) return AS_OK;
    const names *motor = &r->motor[row];
    for (size_t i = 0; *at; i++) {
        const size_t n = strcspn(at, " \t");
        const char *value = as_strndup(as_scratch(ctx), at, n);
        if (!value) return AS_ERR;
        if (i < motor->n) AS_TRY(as_set_vendor(ctx, s->facts, motor->name[i], value, &line->where));
        at += n;
        at += strspn(at, " \t");
    }
    return AS_OK;
}

static as_status begin_scan(reading *r, const as_line *line, scan *s)
{
    as_ctx *ctx = r->job->ctx;
    double number;
    size_t ignored;
    const char *at = behind_key(line->text, &ignored);
    *s = (scan){ .where = line->where, .seconds = NAN, .facts = as_table_new(ctx, 0),
                 .title = as_strdup(as_scratch(ctx), at) };
    if (!s->facts || !s->title) return AS_ERR;
    const size_t n = strcspn(at, " \t");
    if (!as_read_number(at, n, '.', &number))
        return as_fail(ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected the number of a scan", at);
    AS_TRY(as_set_number(ctx, s->facts, "index", number, NAN, AS_UNITLESS, &line->where));
    const char *command = at + n + strspn(at + n, " \t");
    return *command ? as_set_vendor(ctx, s->facts, "command", command, &line->where) : AS_OK;
}

/* --- columns ------------------------------------------------------------------------------ */
/* "d_Gr", "dG(r)" beside "G(r)": the uncertainty of that column; n: of none. */
static size_t error_of(as_ctx *ctx, const as_heading *h, size_t n, size_t i)
{
    const char *own = as_plain_key(ctx, h[i].label ? h[i].label : "");
    if (!own || own[0] != 'd' || !own[1]) return n;
    for (size_t k = 0; k < n; k++) {
        const char *key = k != i && h[k].label ? as_plain_key(ctx, h[k].label) : NULL;
        if (key && strcmp(own + 1, key) == 0) return k;
    }
    return n;
}

/* y is the last column that is no uncertainty of another, sigma the uncertainty of y. */
static void choose_columns(as_ctx *ctx, const as_heading *h, size_t n, size_t *y, size_t *sigma)
{
    *y = n - 1;
    *sigma = n;
    while (*y > 1 && error_of(ctx, h, n, *y) < n) --*y;
    for (size_t i = 1; i < n && *sigma == n; i++)
        if (i != *y && error_of(ctx, h, n, i) == *y) *sigma = i;
}

static as_status name_columns(reading *r, const scan *s, as_table *t)
{
    as_ctx *ctx = r->job->ctx;
    const size_t n = s->label.n;
    as_heading *h = AS_NEW_N(as_scratch(ctx), as_heading, n);
    size_t y, sigma;
    if (!h) return AS_ERR;
    for (size_t i = 0; i < n; i++) AS_TRY(as_heading_of(ctx, s->label.name[i], NULL, &h[i]));
    choose_columns(ctx, h, n, &y, &sigma);
    if (sigma < n && !h[sigma].stated) h[sigma].unit = h[y].unit;
    if (sigma < n) h[sigma].name = "sigma";
    for (size_t i = 0; i < n; i++) {
        const char *stem = h[i].name[0] ? h[i].name : "column";
        size_t copy = 1;
        h[i].name = stem;
        for (size_t k = 0; k < i; k++)
            if (strcmp(h[k].name, h[i].name) == 0) {
                h[i].name = as_format(as_scratch(ctx), "%s_%zu", stem, ++copy);
                if (!h[i].name) return AS_ERR;
                k = SIZE_MAX; /* from the start again */
            }
        const as_role role = i == 0 ? AS_ROLE_X : i == y ? AS_ROLE_Y : i == sigma ? AS_ROLE_SIGMA
                                                                                  : AS_ROLE_OTHER;
        AS_TRY(as_name_column(ctx, t, i, h[i].name, role, h[i].unit));
        t->column[i]->label = as_strdup(t->arena, s->label.name[i]);
        if (!t->column[i]->label) return AS_ERR;
    }
    t->technique = as_technique_of(n, h);
    return AS_OK;
}

static as_status end_scan(reading *r, scan *s)
{
    as_ctx *ctx = r->job->ctx;
    const size_t rows = s->rows ? as_rows_count(s->rows) : 0;
    if (rows < 2) {
        as_warn(ctx, NULL, &s->where, "scan %s left out: %zu rows", s->title, rows);
        return AS_OK;
    }
    as_table *t = as_rows_table(ctx, s->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_copy_meta(ctx, t, r->facts));
    AS_TRY(as_copy_meta(ctx, t, s->facts));
    AS_TRY(name_columns(r, s, t));
    const char *dated = s->dated ? s->dated : r->dated;
    if (dated) AS_TRY(as_set_measured(ctx, t, dated, false, &s->where));
    if (r->comment) AS_TRY(as_set_meta(ctx, t, "comment", r->comment, NULL, &s->where));
    if (s->seconds > 0) AS_TRY(as_set_number(ctx, t, "step_time", s->seconds, NAN, as_unit_of("s"), &s->where));
    if (s->spectra) as_warn(ctx, t, &s->where, "%zu spectra of a multichannel analyser left out", s->spectra);
    t->label = as_strdup(t->arena, s->title);
    if (!t->label) return AS_ERR;
    r->count++;
    return as_emit(r->job->out, ctx, t);
}

/* --- lines ---------------------------------------------------------------------------------- */
static as_status take_labels(reading *r, scan *s, const as_line *line)
{
    size_t ignored;
    s->labels = as_strdup(as_scratch(r->job->ctx), behind_key(line->text, &ignored));
    if (!s->labels) return AS_ERR;
    AS_TRY(split_names(r->job->ctx, s->labels, "  ", &s->label));
    if (s->label.n == 1) AS_TRY(split_names(r->job->ctx, s->labels, " ", &s->label));
    if (s->label.n >= 2 && s->label.n <= MOST_COLUMNS) return AS_OK;
    return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where, "%zu names of columns, expected 2 to %d", s->label.n,
                   (int)MOST_COLUMNS);
}

/* Lines of the file's head, and such before a scan that rename the motors. */
static as_status take_file_line(reading *r, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    size_t number;
    const char *text = behind_key(line->text, &number);
    if (is_key(line->text, 'O') && number < MOST_ROWS_OF_MOTORS)
        return split_names(ctx, text, "  ", &r->motor[number]);
    const bool date = is_key(line->text, 'D'), note = is_key(line->text, 'C') && !r->comment;
    const char *copy = date || note ? as_strdup(as_scratch(ctx), text) : NULL;
    if ((date || note) && !copy) return AS_ERR;
    if (date) r->dated = copy;
    if (note) r->comment = copy;
    return AS_OK;
}

/* "wavelength = 0.1861" of programs that write one scan below their settings. */
static as_status take_setting(reading *r, const as_line *line)
{
    as_pair pair;
    if (!strchr(line->text, '=')) return AS_OK;
    AS_TRY(as_split(r->job->ctx, line, '=', &pair));
    return pair.key[0] ? as_set_vendor(r->job->ctx, r->facts, pair.key, pair.value, &line->where) : AS_OK;
}

static as_status take_scan_line(reading *r, scan *s, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    size_t number;
    const char *text = behind_key(line->text, &number);
    if (is_key(line->text, 'L')) return take_labels(r, s, line);
    if (is_key(line->text, 'P')) return set_motors(r, s, line);
    if (is_key(line->text, 'O')) return take_file_line(r, line);
    if (is_key(line->text, 'T')) as_scan_number(text, strcspn(text, " \t"), '.', &s->seconds);
    if (is_key(line->text, 'D') && !s->dated && !(s->dated = as_strdup(as_scratch(ctx), text))) return AS_ERR;
    if (is_key(line->text, 'C') && *text) return as_set_vendor(ctx, s->facts, "comment", text, &line->where);
    return AS_OK;
}

static as_status take_row(reading *r, scan *s, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    double v[MOST_COLUMNS];
    if (s->label.n == 0)
        return as_fail(ctx, AS_E_SYNTAX, &line->where, "'%.40s' before a line of names, '#L'", line->text);
    const size_t found = as_line_numbers(&r->it, line, MOST_COLUMNS, v);
    if (found != s->label.n && !s->rows && found > 0) { /* names with single blanks between them */
        names single;
        AS_TRY(split_names(ctx, s->labels, " ", &single));
        if (single.n == found) s->label = single;
    }
    if (found != s->label.n)
        return as_fail(ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected %zu numbers", line->text, s->label.n);
    if (!s->rows && !(s->rows = as_rows_new(ctx, s->label.n))) return AS_ERR;
    double *row = as_rows_add(ctx, s->rows);
    if (!row) return AS_ERR;
    memcpy(row, v, s->label.n * sizeof *v);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_ctx *ctx = job->ctx;
    reading *r = AS_NEW(as_scratch(ctx), reading);
    as_line line;
    as_more more;
    scan s = { 0 };
    bool spectrum = false, in_scan = false;
    if (!r) return AS_ERR;
    r->job = job;
    r->it = (as_lines){ .in = job->in };
    r->facts = as_table_new(ctx, 0);
    if (!r->facts) return AS_ERR;
    as_warn_if_cut(job, NULL, true);
    while ((more = as_next_line(ctx, &r->it, &line)) == AS_ITEM) {
        const bool goes_on = line.length > 0 && line.text[line.length - 1] == '\\';
        if (spectrum || line.text[0] == '@') { /* its lines end with a backslash, but for the last */
            s.spectra += !spectrum;
            spectrum = goes_on;
        } else if (is_key(line.text, 'S')) {
            if (in_scan) AS_TRY(end_scan(r, &s));
            AS_TRY(begin_scan(r, &line, &s));
            in_scan = true;
        } else if (line.text[0] == '#') {
            AS_TRY(in_scan && !is_key(line.text, 'F') ? take_scan_line(r, &s, &line) : take_file_line(r, &line));
        } else if (in_scan && line.length > 0 && line.text[strspn(line.text, " \t")]) {
            AS_TRY(take_row(r, &s, &line));
        } else if (!in_scan) {
            AS_TRY(take_setting(r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (in_scan) AS_TRY(end_scan(r, &s));
    const as_where where = { .file = job->in->name };
    return r->count ? AS_OK : as_fail(ctx, AS_E_FORMAT, &where, "no scan with rows in it");
}

static const char *const suffixes[] = { "spec", "spc", "dat", "gr", NULL };
static const char *const techniques[] = { "xrd", "generic", NULL };
static const as_example examples[] = {
    { "the scans of a session", "assay read --list tests/corpus/xrd/session.spec" }, { 0 }
};
static const char *const see_also[] = { "delimited", "orso", NULL };

const as_parser as_parser_spec = {
    .name = "spec",
    .title = "Scans of spec",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "vendor document, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read scans in the text format of spec",
             .description =
                 "What spec and programs that follow it write at beamlines: `#S` begins a scan, `#L` names its "
                 "columns. Each scan becomes a series; x is its first column, y its last, as spec draws them, "
                 "or the last that is no uncertainty of another (`dG(r)`), which is sigma then "
                 "(others: `select --role y=monitor`). Positions of motors, the command, date and counting time become "
                 "metadata. Spectra of multichannel analysers (`@A`) are left out with a warning.",
             .examples = examples,
             .see_also = see_also },
};
