/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text with columns of numbers: the format that is left when no other knows the file.
 *
 * How numbers are written is decided by datasets/convention.c, what the columns are by
 * headings.c, where blocks begin and end by grid.c; this file turns lines into cells.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "grid.h"
#include "heading_line.h"
#include "text_end.h"

enum { MOST_FAST = 256 };

typedef struct settings {
    int decimal, delimiter;
    const char *columns, *technique;
} settings;

static const as_choice decimals[] = {
    { "auto", 0, "as the whole file shows" },
    { "point", '.', "1.5" },
    { "comma", ',', "1,5" },
    { 0 }
};
static const as_choice delimiters[] = {
    { "auto", 0, "as the whole file shows" },
    { "blanks", ' ', "runs of blanks and tabs" },
    { "tab", '\t', "one tab" },
    { "comma", ',', "a comma" },
    { "semicolon", ';', "a semicolon" },
    { "bar", '|', "a vertical bar" },
    { "ampersand", '&', "an ampersand, as in LaTeX" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(settings, decimal, "decimal", "auto", decimals, "decimal sign"),
    AS_CHOICE(settings, delimiter, "delimiter", "auto", delimiters, "what separates fields"),
    AS_STRING(settings, columns, "columns", "",
              "names and units of all columns, as two_theta:deg,intensity:count or headings, as 'Raman shift [cm-1]'"),
    AS_STRING(settings, technique, "technique", "", "xrd, raman ... where the file does not tell"),
    AS_PARAMS_END
};

/* --- probe: some lines that are numbers, or mostly and alike --------------------------------- */
static bool numeric_line(const char *p, size_t n)
{
    static const bool between[256] = { [' '] = true, ['\t'] = true, [','] = true, [';'] = true,
                                       ['|'] = true, ['&'] = true, ['.'] = true, ['+'] = true,
                                       ['-'] = true, ['e'] = true, ['E'] = true, ['d'] = true, ['D'] = true,
                                       ['"'] = true };
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] >= '0' && p[i] <= '9') digits++;
        else if (!between[(unsigned char)p[i]]) return false;
    }
    return digits > 0 && !strchr("eEdD,;", p[strspn(p, " \t\"")]);
}

/* The number of fields of a line most of which are numbers, two at least; else 0, and in lines of a program. */
static size_t mostly_numbers(const char *p, size_t n)
{
    const char *mark = "\t;|,";
    size_t fields = 0, numbers = 0;
    while (*mark && !memchr(p, *mark, n)) mark++;
    if (strcspn(p, "{}[]()=<>\r\n") < n) return 0;
    for (const char *at = p, *end = p + n; *mark && at <= end; fields++) {
        const char *stop = memchr(at, *mark, (size_t)(end - at));
        if (!stop) stop = end;
        numbers += numeric_line(at, (size_t)(stop - at));
        at = stop + 1;
    }
    return numbers > 1 && 2 * numbers > fields ? fields : 0;
}

/* XML, JSON, JCAMP-DX, the CIF family: their numbers mean nothing without their keywords. */
static bool is_structured(const char *text)
{
    static const char *const begins[] = { "<", "{", "# %ECSV", "##TITLE", "##JCAMP" };
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (as_starts(text, begins[i])) return true;
    return strstr(text, "\nloop_") || (as_starts(text, "data_") && strstr(text, "\n_"));
}

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head, *end = at + p->size;
    size_t numeric = 0, others = 0, since = 0, fields = 0, alike = 0;
    if (!p->is_text) return AS_PROBE_NO;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    if (at < end && is_structured(at)) return AS_PROBE_NO;
    while (at < end) {
        const size_t n = strcspn(at, "\r\n");
        if (n > 0 && strspn(at, " \t") < n) {
            if (numeric_line(at, n)) {
                numeric++;
                since++;
            } else {
                others++;
                since = 0;
            }
            const size_t before = fields;
            fields = mostly_numbers(at, n);
            alike = fields == 0 ? 0 : fields == before ? alike + 1 : 1;
            if (since == 3 || alike == 3) return AS_PROBE_FALLBACK;
        }
        at += n;
        while (at < end && (*at == '\r' || *at == '\n')) at++;
        if (at < end && *at == '\0') break;
    }
    if (numeric > 0 && numeric >= others) return AS_PROBE_FALLBACK;
    /* fewer numbers, or a table that lies on its side: only where the name agrees */
    static const char *const tables[] = { ".csv", ".tsv", ".dat", ".txt" };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strstr(p->name, tables[i]) && others > 1 && strpbrk((const char *)p->head, "0123456789"))
            return AS_PROBE_FALLBACK;
    return AS_PROBE_NO;
}

/* --- lines to cells ------------------------------------------------------------------------- */
/* What begins a comment; its length, 0: no comment. */
static size_t comment_mark(const char *text)
{
    static const char *const marks[] = { "#", ";", "!", "%", "//", "/*", "REM ", "'" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (as_starts(text, marks[i])) {
            size_t n = strlen(marks[i]);
            while (text[n] == marks[i][0]) n++;
            return n;
        }
    return 0;
}

/* Rows of numbers in lines that follow each other, read at once. */
typedef struct slab {
    as_grid_row rows;
    size_t from, to; /* bytes of the text */
    size_t seen;     /* the end of the rows that were looked at, also where they were too few */
} slab;

typedef struct reading {
    as_parse *job;
    as_convention c;
    as_grid grid;
    slab *slab; /* in order, those found while the convention was looked for */
    size_t n_slabs, next;
    double fast[MOST_FAST];
    struct { const char *text; size_t row; } last; /* the line of text above; NULL: there is none */
} reading;

enum { FIRST_ROWS = 8, MANY_ROWS = 1 << 14, COLUMN_ALIGN = 8 };

/* Room for more rows than *room, for all that the text can hold by those seen, which took `used` of the
 * bytes `left`: a few in scratch, many in the arena of the table they will be. */
static double *wider(as_ctx *ctx, as_grid_row *r, size_t left, size_t used, size_t *room)
{
    const size_t many = 2 * MANY_ROWS / r->n;
    const size_t likely = (size_t)(1.1 * (double)*room * (double)left / (double)used) + FIRST_ROWS;
    if (*room < many) {
        r->stride = *room = likely < many && likely > 2 * *room ? likely : many;
        return AS_NEW_N(as_scratch(ctx), double, *room * r->n);
    }
    r->home = as_table_new(ctx, 0);
    if (!r->home) return NULL;
    *room = likely;
    r->stride = ((r->lead + *room) / COLUMN_ALIGN + 1) * COLUMN_ALIGN;
    double *v = AS_NEW_N(r->home->arena, double, r->stride * r->n);
    return v ? v + r->lead : NULL;
}

/* The rows in `form` from it->at up to `end`, as many as there are and fit; none or few:
 * out->to == out->from. `lead`: how many rows of numbers stand right before them. */
static as_status take_slab(as_ctx *ctx, const as_lines *it, size_t end, const as_row_form *form,
                           size_t lead, slab *out)
{
    const char *text = (const char *)it->in->data;
    double first[FIRST_ROWS * MOST_FAST], *v = first;
    const char *next = text + it->at;
    size_t at, rows, room = FIRST_ROWS;
    as_grid_row *r = &out->rows;
    *out = (slab){ .from = it->at, .to = it->at };
    *r = (as_grid_row){ .n = form->count, .line = it->number + 1, .stride = room, .lead = lead };
    for (;;) {
        rows = as_scan_rows(&next, text + end, form, room, v, r->stride, 1);
        at = (size_t)(next - text);
        if (rows < room || r->home) break;
        v = wider(ctx, r, end - it->at, at - it->at, &room);
        if (!v) return AS_ERR;
        next = text + it->at; /* from the start again */
    }
    out->seen = at;
    if (rows < FIRST_ROWS) return AS_OK; /* line by line */
    r->v = v;
    r->more = rows - 1;
    out->to = at;
    return AS_OK;
}

static void skip_slab(as_lines *it, const slab *s)
{
    it->at = s->to;
    it->number += (uint32_t)s->rows.more + 1;
}

static as_status keep_slab(as_ctx *ctx, reading *r, const slab *s)
{
    slab *wider = as_grow(as_scratch(ctx), r->slab, r->n_slabs, sizeof *wider);
    if (!wider) return AS_ERR;
    r->slab = wider;
    r->slab[r->n_slabs++] = *s;
    return AS_OK;
}

static as_status add_numbers(reading *r, size_t n, uint32_t line)
{
    double *v = AS_NEW_N(as_scratch(r->job->ctx), double, n);
    if (!v) return AS_ERR;
    memcpy(v, r->fast, n * sizeof *v);
    const as_grid_row row = { .n = n, .v = v, .line = line };
    return as_grid_add(r->job->ctx, &r->grid, &row);
}

/* The last line of text, which may hold names although it was not cut so. */
static as_status mend_names(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const size_t want = r->c.columns;
    as_field *f = NULL;
    as_grid_row *row = r->last.text ? &r->grid.row[r->last.row] : NULL;
    const bool remark = r->last.text && strstr(r->last.text, " #");
    const char *first = row ? row->text[0] : NULL; /* "t, U, I" cut at its blanks */
    const bool marks = first && first[0] && strchr(",;", first[strlen(first) - 1]);
    const bool needed = row && (row->n != want || remark || marks);
    if (needed) AS_TRY(as_split_names(ctx, r->last.text, want, &f));
    r->last.text = NULL;
    if (!f) return AS_OK;
    double *v = AS_NEW_N(as_scratch(ctx), double, want);
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, want);
    if (!v || !text) return AS_ERR;
    for (size_t i = 0; i < want; i++) {
        v[i] = NAN;
        text[i] = f[i].text;
    }
    row->n = want;
    row->v = v;
    row->text = text;
    row->parted = true;
    return AS_OK;
}

/* Names with several tabs between them over rows with one: the empty fields between are no columns, where
 * all gaps are alike. The fields that are left, none where it is no such line. */
static size_t without_gaps(const as_field *f, size_t n, size_t columns)
{
    size_t gap = 0, names = 0, last = 0;
    if (n <= columns || f[0].length == 0) return 0;
    for (size_t i = 0; i < n; i++) {
        if (f[i].length == 0) continue;
        if (names > 0 && gap > 0 && i - last != gap) return 0;
        if (names > 0) gap = i - last;
        last = i;
        names++;
    }
    return gap > 1 && names >= columns ? names : 0;
}

/* "Pore Volume            Surface Area": gaps of one blank are within names where others are wide. */
static bool are_names_of_words(const as_line *line)
{
    enum { WIDE = 8 };
    size_t narrow = 0, wide = 0;
    for (size_t i = strspn(line->text, " \t"); i < line->length; i++) {
        const size_t gap = strspn(line->text + i, " ");
        if (gap == 0 || i + gap >= line->length) continue;
        const char first = line->text[i + gap];
        narrow += gap == 1 && ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z'));
        wide += gap >= WIDE;
        i += gap - 1;
    }
    return narrow > 0 && wide > 0;
}

/* "0.1 \\\\ \\hline" ends the rows of a table in TeX. */
static as_status drop_row_end(as_ctx *ctx, as_field *last)
{
    const char *end = strstr(last->text, "\\\\");
    if (!end) return AS_OK;
    last->text = as_trim(as_scratch(ctx), last->text, (size_t)(end - last->text));
    last->length = last->text ? strlen(last->text) : 0;
    return last->text ? AS_OK : AS_ERR;
}

static as_status add_fields(reading *r, const as_line *line, char separator, bool comment)
{
    as_ctx *ctx = r->job->ctx;
    as_field *f;
    size_t n;
    AS_TRY(as_fields(ctx, line, separator, &f, &n));
    if (separator == '&' && n > 0) AS_TRY(drop_row_end(ctx, &f[n - 1]));
    double first;
    const bool numbers = n > 0 && as_convention_number(&r->c, f[0].text, f[0].length, &first);
    if (numbers && !comment) AS_TRY(mend_names(r));
    if (!separator && r->c.columns > 1 && n > r->c.columns && !numbers) { /* more words than columns */
        as_field *names;
        AS_TRY(as_split_blank_names(ctx, line->text, line->length, r->c.columns, &names));
        if (!names) AS_TRY(as_fields(ctx, line, '\n', &f, &n));
        else f = names, n = r->c.columns;
    } else if (separator == 0 && n == r->c.columns && are_names_of_words(line)) {
        AS_TRY(as_fields(ctx, line, '\n', &f, &n));
    }
    const size_t names = separator == '\t' && r->c.columns > 1 ? without_gaps(f, n, r->c.columns) : 0;
    for (size_t i = 0, to = 0; names && i < n; i++)
        if (f[i].length) f[to++] = f[i];
    if (names) n = names;
    double *v = AS_NEW_N(as_scratch(ctx), double, n);
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n);
    if (!v || !text) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        v[i] = NAN;
        if (as_is_missing(f[i].text, f[i].length)) continue;
        if (!as_convention_number(&r->c, f[i].text, f[i].length, &v[i])) {
            v[i] = NAN;
            text[i] = f[i].text;
        }
    }
    const as_grid_row row = { .n = n, .v = v, .text = text, .line = line->where.line,
                              .comment = comment };
    if (n > 0 && text[0]) {
        r->last.text = as_strndup(as_scratch(ctx), line->text, line->length);
        r->last.row = r->grid.n;
        if (!r->last.text) return AS_ERR;
    }
    return as_grid_add(ctx, &r->grid, &row);
}

/* The words of a comment: names of the columns when there are as many as columns. */
static as_status add_comment(reading *r, const as_line *line, size_t mark)
{
    as_line rest = *line;
    as_field *f;
    size_t n;
    rest.text += mark;
    rest.length -= mark;
    for (;;) {
        const size_t more = *rest.text == ' ' || (*rest.text == '\t' && r->c.separator != '\t')
                                ? 1 : as_starts(rest.text, "# ") ? 2 : 0;
        if (more == 0 || rest.length < more) break;
        rest.text += more;
        rest.length -= more;
    }
    if (as_is_key_line(rest.text)) return add_fields(r, &rest, '\n', true);
    AS_TRY(as_fields(r->job->ctx, &rest, r->c.separator, &f, &n));
    if (n == r->c.columns && n > 1) return add_fields(r, &rest, r->c.separator, true);
    AS_TRY(as_fields(r->job->ctx, &rest, 0, &f, &n));
    if (n == r->c.columns && n > 1) return add_fields(r, &rest, 0, true);
    return add_fields(r, &rest, '\n', true); /* the line as it is */
}

/* A line of text or numbers. */
static as_status add_line(reading *r, const as_lines *it, const as_line *line, size_t *numbers)
{
    const bool quotes_tell = r->c.decimal == r->c.separator;
    const size_t n = quotes_tell ? 0 : as_line_numbers(it, line, MOST_FAST, r->fast);
    const size_t mark = n ? 0 : comment_mark(line->text);
    const bool trailing = r->c.separator && line->length > 0 &&
                          line->text[line->length - 1] == r->c.separator;
    *numbers = 0;
    if (n > 0 && n <= MOST_FAST && !trailing) {
        AS_TRY(mend_names(r));
        *numbers = n;
        return add_numbers(r, n, it->number);
    }
    if (mark && !(r->c.separator == ';' && line->text[0] == ';')) return add_comment(r, line, mark);
    return add_fields(r, line, r->c.separator, false);
}

/* Slabs begin behind a line of as many numbers. */
static as_status read_lines(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    as_lines it = { .in = r->job->in, .decimal = r->c.decimal, .separator = r->c.separator,
                    .brief = true };
    as_row_form form = { .decimal = r->c.decimal, .separator = r->c.separator };
    as_line line;
    as_more more = AS_ITEM;
    slab one = { .from = 0 };
    size_t lead = 0;
    while (more == AS_ITEM) {
        const slab *next = r->next < r->n_slabs ? &r->slab[r->next] : NULL;
        one.from = one.to = it.at;
        if (next && next->from == it.at) one = *next, r->next++;
        else if (form.count > 0 && it.at >= one.seen)
            AS_TRY(take_slab(ctx, &it, next ? next->from : it.in->size, &form, lead, &one));
        if (one.to > one.from) {
            AS_TRY(as_grid_add(ctx, &r->grid, &one.rows));
            skip_slab(&it, &one);
            continue;
        }
        more = as_next_line(ctx, &it, &line);
        if (more == AS_ITEM) AS_TRY(add_line(r, &it, &line, &form.count));
        lead = form.count > 0 ? lead + 1 : 0;
    }
    return more == AS_DONE ? AS_OK : AS_ERR;
}

/* Looks at all lines; rows of numbers whose form is certain are read on the way and kept. */
static as_status look_at_lines(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    as_lines it = { .in = r->job->in, .brief = true };
    as_deciding *d;
    as_line line;
    as_row_form form;
    as_more more = AS_ITEM;
    slab one = { .seen = 0 };
    size_t lead = 0;
    AS_TRY(as_deciding_begin(ctx, r->job->in, &d));
    for (size_t count = 0; more == AS_ITEM;) {
        if (count > 0 && it.at >= one.seen && as_deciding_form(d, &form)) {
            form.count = count;
            AS_TRY(take_slab(ctx, &it, it.in->size, &form, lead, &one));
            if (one.to > one.from) {
                AS_TRY(keep_slab(ctx, r, &one));
                as_deciding_rows(d, count, one.rows.more + 1);
                skip_slab(&it, &one);
                continue;
            }
        }
        more = as_next_line(ctx, &it, &line);
        if (more != AS_ITEM) break;
        as_deciding_line(d, &line);
        lead = numeric_line(line.text, line.length) ? lead + 1 : 0;
        count = 0;
        if (!as_deciding_form(d, &form)) continue;
        it.decimal = form.decimal;
        it.separator = form.separator;
        count = as_line_numbers(&it, &line, 0, NULL);
        if (count > MOST_FAST) count = 0;
    }
    as_deciding_end(d, &r->c);
    return more == AS_DONE ? AS_OK : AS_ERR;
}

static as_status find_convention(reading *r)
{
    as_parse *job = r->job;
    const settings *set = job->settings;
    as_convention *c = &r->c;
    if (set->decimal || set->delimiter) AS_TRY(as_convention_of(job->ctx, job->in, 1, 0, c));
    else AS_TRY(look_at_lines(r));
    const as_where where = { .file = job->in->name };
    if (c->lines == 0)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "no lines of numbers in it");
    if (c->ambiguous && !set->decimal && !set->delimiter)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "%s; say --option delimiter=comma or decimal=comma", c->ambiguous);
    if (set->decimal) c->decimal = (char)set->decimal;
    if (set->decimal == ',' && c->separator == ',') c->separator = 0;
    if (set->delimiter) c->separator = set->delimiter == ' ' ? 0 : (char)set->delimiter;
    if (set->delimiter == ',' && !set->decimal) c->decimal = '.';
    return AS_OK;
}

/* Formats whose suffix is their definition of the columns. */
static const char *const xye[] = { "two_theta", "deg", "intensity", "1", "sigma", "1", NULL };
static const char *const dpt[] = { "wavenumber", "cm-1", "y", "1", NULL };

static as_grid_options options_of(const as_parse *job)
{
    const settings *set = job->settings;
    char suffix[16];
    as_grid_options how = { .columns = set->columns, .even = true };
    as_suffix(job->in->name, suffix);
    if (strcmp(suffix, "xye") == 0) {
        how.bare = xye;
        how.technique = "xrd";
    } else if (strcmp(suffix, "dpt") == 0) {
        how.bare = dpt;
        how.technique = "ftir";
    }
    if (set->technique && set->technique[0]) how.technique = set->technique;
    return how;
}

/* Line ends of one lone \r are of systems long gone: such a file went through many hands. */
static void judge_line_ends(as_parse *job)
{
    const as_input *in = job->in;
    const as_where where = { .file = in->name };
    if (in->lone_cr)
        as_warn(job->ctx, NULL, &where, "lines end with a lone carriage return");
}

static as_status parse(as_parse *job)
{
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    size_t count = 0;
    if (!r) return AS_ERR;
    r->job = job;
    const as_where where = { .file = job->in->name };
    if (!job->in->is_text)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "binary data, expected text");
    AS_TRY(find_convention(r));
    r->grid.packed = r->c.separator == 0;
    AS_TRY(read_lines(r));
    const as_grid_options how = options_of(job);
    judge_line_ends(job);
    as_warn_if_cut(job, NULL, true);
    return as_grid_tables(job, &r->grid, &how, &count);
}

static const char *const suffixes[] = { "xy", "xye", "xyd", "dat", "csv", "tsv", "txt", "asc", "prn",
                                        "dpt", "tab", "chi", NULL };
static const char *const techniques[] = { "xrd", "sorption", "thermal", "raman", "ftir", "xps",
                                          "echem", "uvvis", "generic", NULL };
static const as_example examples[] = {
    { "a table of a spreadsheet, with decimal commas",
      "assay read tests/corpus/generic/thermal.csv | head -20" },
    { "two columns without a heading, named",
      "assay read --option columns=two_theta:deg,intensity:count tests/corpus/generic/plain.xy"
      " | tail -3" },
    { 0 }
};
static const char *const see_also[] = { "xlsx", NULL };

const as_parser as_parser_delimited = {
    .name = "delimited",
    .title = "Columns of numbers in a text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .settings_size = sizeof(settings),
    .params = params,
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read columns of numbers from any text",
             .description =
                 "The format that is left when no other knows the file. Fields are separated by "
                 "blanks, tabs, commas, semicolons, bars or ampersands; the decimal sign is a point or a comma; both "
                 "are decided from all lines, and what proves nothing is refused.\n\n"
                 "Rows of numbers make a block. Above it may stand names, units, and `key: value` "
                 "lines, with or without a comment mark (`#`, `;`, `!`, `%`, `//`, `REM`). Known "
                 "names get the name of the vocabulary (2Theta is `two_theta`), others keep their "
                 "own. Without names the columns are x, y and `column_3` and so on, but for the suffixes "
                 "`.xye` (2Theta, intensity, sigma) and `.dpt` (wavenumber): these alone say so, and "
                 "a renamed file does not. Several blocks, "
                 "names that repeat (x y x y), and groups of names that share a word (`A_2Theta, A_Intensity, "
                 "B_2Theta, B_Intensity`) become several series; so do maps in one long table, where the axis of a "
                 "spectrum begins again and again and a coordinate (X, Y, time, temperature) stands still in between: "
                 "it is metadata; frames and other numbers are for `split --by`. So do the rows of a wide table, where "
                 "an axis of numbers stands above and in front of it or behind it what each spectrum is of (X and Y, "
                 "a sample, a concentration); a heading, units or `--columns` say what the axis is. A letter "
                 "as a unit is what the name makes of it (`d (A)` in Angstrom); where it may be several "
                 "units it stays in the label, and so does a rate of something unknown (`smL/min` is no time). "
                 "Rows that begin with dates and times stand against the time since the first, unless their columns "
                 "have an axis of their own. Settings left of the numbers or in pairs at their right are metadata.\n\n"
                 "A third column is taken for the standard deviation where a heading or the suffix "
                 "`.xye` says so, or where it is the square root of y times one factor.",
             .examples = examples,
             .see_also = see_also },
};
