/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows under headings: names and units to the vocabulary, fields to numbers and texts. */
#include <math.h>
#include <string.h>

#include "columns.h"
#include "convention.h"
#include "number.h"

enum { MOST_COLUMNS = 256 };

/* --- headings ------------------------------------------------------------------------ */
/* Bytes of a spoilt degree sign at text: U+009B (in code page 1252 ›), U+FFFD, o with stroke (code page 437 has the
 * degree at its place), masculine ordinal, '>' and '?'. 0: none. */
static size_t spoilt_degree(const char *text)
{
    static const char *const signs[] = { "\xc2\x9b", "›", "\xef\xbf\xbd", "ø", "º", "˚", ">", "?" };
    for (size_t i = 0; i < AS_COUNT(signs); i++) {
        const size_t n = strlen(signs[i]);
        if (strncmp(text, signs[i], n) == 0) return n;
    }
    return 0;
}

/* Bytes of the sign for degrees Celsius in one character, as Chinese and Japanese systems write it, or of
 * what is left of its two bytes in GBK or Shift-JIS when they are read as windows-1252, or of the two
 * bytes of "°C" in that when they are read as GBK. 0: none. */
static size_t one_sign_celsius(const char *text)
{
    static const char *const signs[] = { "℃", "¡æ", "\xef\xbf\xbd\xc5\xbd", "癈" };
    for (size_t i = 0; i < AS_COUNT(signs); i++) {
        const size_t n = strlen(signs[i]);
        if (strncmp(text, signs[i], n) == 0) return n;
    }
    return 0;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *as_mend_degree(as_ctx *ctx, const char *text)
{
    char *out = as_alloc(as_scratch(ctx), 2 * strlen(text) + 1, 1), *to = out;
    while (out && *text) {
        const size_t n = spoilt_degree(text), whole = one_sign_celsius(text);
        if (whole) {
            memcpy(to, "°C", strlen("°C"));
            to += strlen("°C");
            text += whole;
        } else if (n && text[n] == 'C' && !is_word(text[n + 1])) {
            memcpy(to, "°", strlen("°"));
            to += strlen("°");
            text += n;
        } else if (*text == '"' && to > out && to[-1] == 'Z') {
            *to++ = '\'';
            *to++ = '\'';
            text++;
        } else {
            *to++ = *text++;
        }
    }
    return out;
}

/* Whether `label`, in plain letters `key`, is what an alias wants: a sign or bar that leads is part of both,
 * "-Im(Z)", "|Z|", and a sign at the end where the alias has one, "Q+". */
static bool is_wanted(const char *want, const char *label, const char *key)
{
    const char lead = label[0] == '-' || label[0] == '|' ? label[0] : '\0';
    const char own = want[0] == '-' || want[0] == '|' ? want[0] : '\0';
    const size_t skip = own != '\0', n = strlen(want), length = strlen(label);
    if (lead != own || n == skip) return false;
    const char end = want[n - 1] == '+' || want[n - 1] == '-' ? want[n - 1] : '\0';
    if (end && (length == 0 || label[length - 1] != end)) return false;
    const size_t body = n - skip - (end != '\0');
    return strlen(key) == body && memcmp(want + skip, key, body) == 0;
}

static const as_alias *find_alias(as_ctx *ctx, const as_names *known, const char *label)
{
    const char *key = as_plain_key(ctx, label);
    for (size_t i = 0; key && known && i < known->n; i++)
        if (is_wanted(known->alias[i].key, label, key)) return &known->alias[i];
    return NULL;
}

/* A mass in percent, a heat flow per mass: the unit decides between two names. */
static const char *name_by_unit(const char *name, const as_unit *unit)
{
    static const struct { const char *name, *unit, *other; } pairs[] = {
        { "mass", "%", "mass_fraction" },
        { "heat_flow", "W/g", "specific_heat_flow" },
        { "current", "A/cm2", "current_density" },
        { "capacity", "mAh/g", "specific_capacity" },
        { "step", "s", "step_time" },
    };
    for (size_t i = 0; name && !unit->opaque && i < AS_COUNT(pairs); i++) {
        const as_unit other = as_unit_of(pairs[i].unit);
        if (strcmp(pairs[i].name, name) == 0 && as_unit_same_dimension(unit, &other))
            return pairs[i].other;
    }
    return name;
}

static as_status read_head(as_ctx *ctx, const as_names *known, const char *name, const char *unit,
                           as_heading *h, const as_alias **alias)
{
    const char *mended = as_mend_degree(ctx, name);
    const char *of = unit ? as_mend_degree(ctx, unit) : NULL;
    if (!mended || (unit && !of)) return AS_ERR;
    AS_TRY(as_heading_of(ctx, mended, of, h));
    *alias = h->label ? find_alias(ctx, known, h->label) : NULL;
    const bool whole = h->known && h->stated && !h->unit.opaque; /* "t [s]" is not "ts" */
    if (!*alias && !whole) {
        *alias = find_alias(ctx, known, mended);
        if (*alias && h->stated && !unit) h->stated = false; /* what was taken for a unit is none */
    }
    if (!*alias) {
        const bool modulus = mended[0] == '|';
        h->known = h->known && !h->turned && !modulus; /* here the factor is the alias's */
        if (h->turned) h->name = "minus_z_imag";
        if (modulus) h->name = as_format(as_scratch(ctx), "abs_%s", h->name);
        return h->name ? AS_OK : AS_ERR;
    }
    h->name = h->stated ? name_by_unit((*alias)->name, &h->unit) : (*alias)->name;
    h->known = true;
    if (!h->stated || (h->unit.opaque && (*alias)->unit))
        h->unit = (*alias)->unit ? as_unit_of((*alias)->unit) : AS_UNITLESS;
    if (h->stated && strcmp(h->unit.symbol, "C") == 0 && h->name && strstr(h->name, "temperature"))
        h->unit = as_unit_of("degC");
    return AS_OK;
}

/* A second column of a name gets a number behind it. */
static as_status make_unique(as_ctx *ctx, as_run *r, size_t column)
{
    const char *name = r->h[column].name, *own = name;
    for (size_t i = 0, k = 2; name && i < column; i++)
        if (r->h[i].name && strcmp(r->h[i].name, name) == 0) {
            name = as_format(as_scratch(ctx), "%s_%zu", own, k++);
            if (!name) return AS_ERR;
            i = (size_t)-1; /* from the first again */
        }
    if (name != own) r->h[column].known = false;
    r->h[column].name = name;
    return AS_OK;
}

as_status as_run_heads(as_ctx *ctx, as_run *r, size_t n, const char *const *names,
                       const char *const *units, const as_names *known)
{
    const double segment = r->segment;
    const char decimal = r->decimal;
    *r = (as_run){ .n = n, .segment = segment, .decimal = decimal };
    if (n == 0 || n > MOST_COLUMNS)
        return as_fail(ctx, AS_E_SYNTAX, NULL, "%zu columns, expected 1 to %d", n, MOST_COLUMNS);
    r->h = AS_NEW_N(as_scratch(ctx), as_heading, n);
    r->alias = AS_NEW_N(as_scratch(ctx), const as_alias *, n);
    if (!r->h || !r->alias) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(read_head(ctx, known, names[i], units ? units[i] : NULL, &r->h[i], &r->alias[i]));
        if (r->h[i].name && !r->h[i].name[0])
            r->h[i].name = as_format(as_scratch(ctx), "column_%zu", i + 1);
        AS_TRY(make_unique(ctx, r, i));
    }
    return AS_OK;
}

as_status as_run_head_lines(as_ctx *ctx, as_run *r, const as_line *names, const as_line *units,
                            char separator, const as_names *known)
{
    as_field *f, *u = NULL;
    size_t n, n_units = 0;
    AS_TRY(as_fields(ctx, names, separator, &f, &n));
    if (units) AS_TRY(as_fields(ctx, units, separator, &u, &n_units));
    const size_t all = n;
    while (n > 0 && !f[n - 1].length) n--;
    if (n > MOST_COLUMNS || n == 0)
        return as_fail(ctx, AS_E_SYNTAX, &names->where, "%zu columns, expected 1 to %d", n,
                       MOST_COLUMNS);
    const char *name[MOST_COLUMNS], *unit[MOST_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        name[i] = f[i].text;
        unit[i] = i < n_units ? u[i].text : "";
    }
    AS_TRY(as_run_heads(ctx, r, n, name, units ? unit : NULL, known));
    r->unnamed = all - n;
    return AS_OK;
}

/* --- rows ---------------------------------------------------------------------------- */
bool as_read_clock(const char *text, double *seconds)
{
    double part[3], days = 0;
    size_t at = 0, n = 0;
    const size_t length = strlen(text);
    const char *d = strpbrk(text, "dD");
    if (d && as_read_number(text, (size_t)(d - text), '.', &days)) at = (size_t)(d - text) + 1;
    while (n < 3) {
        const size_t used = as_scan_number(text + at, length - at, '.', &part[n]);
        if (!used && !(text[at] == ' ' && n == 0)) return false;
        at += used ? used : 1;
        if (!used) continue;
        n++;
        if (text[at] != ':') break;
        at++;
    }
    if (n < 2 || text[at]) return false;
    if (n == 2) { /* hours and minutes */
        part[2] = 0;
    }
    *seconds = days * 86400 + part[0] * 3600 + part[1] * 60 + part[2];
    return isfinite(*seconds);
}

as_status as_run_add_cells(as_ctx *ctx, as_run *r, size_t n, const double *v,
                           const char *const *text, uint32_t line)
{
    double *copy = AS_NEW_N(as_scratch(ctx), double, r->n + 1);
    const char **texts = NULL;
    if (!copy) return AS_ERR;
    for (size_t i = 0; i < r->n; i++) copy[i] = i < n ? v[i] : NAN;
    copy[r->n] = r->segment;
    if (r->rows.n == 0) r->first_segment = r->segment;
    else if (r->segment != r->first_segment) r->segmented = true;
    for (size_t i = 0; text && i < n && i < r->n; i++) {
        if (!text[i]) continue;
        if (!texts) texts = AS_NEW_N(as_scratch(ctx), const char *, r->n + 1);
        if (!texts) return AS_ERR;
        texts[i] = text[i];
    }
    const as_grid_row row = { .n = r->n + 1, .v = copy, .text = texts, .line = line };
    return as_grid_add(ctx, &r->rows, &row);
}

/* Only line ends follow. */
static bool is_last(const as_parse *job, const as_lines *it)
{
    size_t at = it->at;
    while (at < job->in->size && (job->in->data[at] == '\n' || job->in->data[at] == '\r')) at++;
    return at >= job->in->size;
}

/* How many of n fields count. Behind a gap, an empty cell below no name, somebody may have added columns
 * without names. */
static size_t named_fields(as_parse *job, const as_run *r, const as_lines *it, const as_line *line, size_t n)
{
    if (n <= r->n + 1 || n > r->n + r->unnamed || !it->separator) return n;
    const char *at = line->text;
    for (size_t i = 0; i < r->n && at; i++) {
        at = strchr(at, it->separator);
        at += at != NULL;
    }
    if (!at || at[strspn(at, " ")] != it->separator) return n;
    if (r->rows.n == 0)
        as_warn(job->ctx, NULL, &line->where, "columns %zu to %zu have no name and are left out", r->n + 2, n);
    return r->n;
}

static as_status wrong_width(as_parse *job, const as_run *r, const as_lines *it,
                             const as_line *line, size_t n)
{
    if (n < r->n && is_last(job, it)) {
        as_warn(job->ctx, NULL, &line->where, "the file ends within a row, which is left out");
        return AS_OK;
    }
    return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu fields found, expected %zu", n, r->n);
}

/* "5,577,644.47", quoted between commas: groups of three. The point or a second comma shows that the comma
 * is no decimal sign; "5,577" shows nothing and is no number. */
static bool read_grouped(const char *field, size_t length, double *v)
{
    char plain[32];
    size_t n = 0, digits = 0, commas = 0, i = 0;
    if (length >= sizeof plain) return false;
    if (field[0] == '-') plain[n++] = field[i++];
    for (; i < length && field[i] != '.'; i++) {
        const bool digit = field[i] >= '0' && field[i] <= '9';
        if (!digit && (field[i] != ',' || digits == 0 || digits > 3 || (commas && digits != 3))) return false;
        if (digit) plain[n++] = field[i];
        commas += !digit;
        digits = digit ? digits + 1 : 0;
    }
    if (commas == 0 || digits != 3 || (commas == 1 && i == length)) return false;
    memcpy(plain + n, field + i, length - i);
    return as_read_number(plain, n + length - i, '.', v);
}

/* Number, clock or text of one field; a text that the row before has is not kept twice. */
static as_status put_field(as_ctx *ctx, const as_run *r, const as_lines *it, size_t i,
                           const char *field, size_t length, double *v, const char **text)
{
    char clock[64];
    *v = NAN;
    if (as_is_missing(field, length)) return AS_OK;
    if (r->alias[i] && r->alias[i]->clock && length < sizeof clock) {
        memcpy(clock, field, length);
        clock[length] = '\0';
        if (as_read_clock(clock, v)) return AS_OK;
    }
    if (as_read_number(field, length, it->decimal ? it->decimal : '.', v)) return AS_OK;
    if (it->separator == ',' && it->decimal != ',' && read_grouped(field, length, v)) return AS_OK;
    *v = NAN;
    const as_grid_row *before = r->rows.n ? &r->rows.row[r->rows.n - 1] : NULL;
    const char *same = before && before->text ? before->text[i] : NULL;
    if (same && strlen(same) == length && memcmp(same, field, length) == 0) {
        *text = same;
        return AS_OK;
    }
    *text = as_strndup(as_scratch(ctx), field, length);
    return *text ? AS_OK : AS_ERR;
}

/* The fields of a line without quotes, not copied. n: how many; empty ones beyond the columns do
 * not count. */
static as_status plain_fields(as_ctx *ctx, const as_run *r, const as_lines *it,
                              const as_line *line, double *v, const char **text, size_t *n)
{
    const char *at = line->text, *end = at + line->length;
    size_t found = 0;
    *n = 0;
    for (bool more = true; more; found++) {
        const char *cut = memchr(at, it->separator, (size_t)(end - at)), *from = at;
        more = cut != NULL;
        if (!cut) cut = end;
        at = cut + 1;
        while (from < cut && (*from == ' ' || *from == '\t')) from++;
        while (cut > from && (cut[-1] == ' ' || cut[-1] == '\t' || cut[-1] == '\r')) cut--;
        if (found < r->n)
            AS_TRY(put_field(ctx, r, it, found, from, (size_t)(cut - from), &v[found],
                             &text[found]));
        if (found < r->n || cut > from) *n = found + 1;
    }
    return AS_OK;
}

as_status as_run_add(as_parse *job, as_run *r, const as_lines *it, const as_line *line)
{
    double v[MOST_COLUMNS] = { 0 };
    const char *text[MOST_COLUMNS] = { NULL };
    as_field *f;
    size_t n = as_line_numbers(it, line, MOST_COLUMNS, v);
    r->decimal = it->decimal;
    n = named_fields(job, r, it, line, n);
    if (n == r->n) return as_run_add_cells(job->ctx, r, n, v, NULL, line->where.line);
    if (it->separator && !memchr(line->text, '"', line->length) &&
        !memchr(line->text, 0xc2, line->length)) { /* neither quotes nor a blank that does not break */
        AS_TRY(plain_fields(job->ctx, r, it, line, v, text, &n));
        n = named_fields(job, r, it, line, n);
        if (n != r->n) return wrong_width(job, r, it, line, n);
        return as_run_add_cells(job->ctx, r, n, v, text, line->where.line);
    }
    AS_TRY(as_fields(job->ctx, line, it->separator, &f, &n));
    while (n > r->n && !f[n - 1].length) n--;
    n = named_fields(job, r, it, line, n);
    if (n != r->n) return wrong_width(job, r, it, line, n);
    for (size_t i = 0; i < n; i++)
        AS_TRY(put_field(job->ctx, r, it, i, f[i].text, f[i].length, &v[i], &text[i]));
    return as_run_add_cells(job->ctx, r, n, v, text, line->where.line);
}

as_status as_run_rest(as_parse *job, as_run *r, as_lines *it, char foreign, const char *what)
{
    as_line line;
    as_more more;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (strspn(line.text, " \t") >= line.length) continue;
        if (foreign && line.text[0] == foreign)
            return as_fail(job->ctx, AS_E_FORMAT, &line.where, "%s, which is not supported", what);
        AS_TRY(as_run_add(job, r, it, &line));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* --- tables -------------------------------------------------------------------------- */
static const char *cell_text(const as_grid_row *row, size_t column)
{
    return row->text ? row->text[column] : NULL;
}

/* Of texts: the first value there is decides; what it is not decides whether that is an error. */
static as_status is_text_column(as_parse *job, const as_run *r, size_t c, bool *out)
{
    bool number = false;
    *out = false;
    for (size_t i = 0; i < r->rows.n; i++) {
        const as_grid_row *row = &r->rows.row[i];
        if (cell_text(row, c)) {
            *out = true;
            if (!r->h[c].known || !number) return AS_OK;
            const as_where where = { .file = job->in->name, .line = row->line };
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%.60s' in column '%s', expected a number",
                           cell_text(row, c), r->h[c].name);
        }
        number = number || !isnan(row->v[c]);
    }
    return AS_OK;
}

static as_status fill_texts(as_ctx *ctx, const as_run *r, size_t c, as_table *t)
{
    as_column *column = as_add_text(ctx, t, r->h[c].name, AS_ROLE_OTHER);
    const char *before = NULL; /* kinds of steps stand in thousands of rows: kept once */
    if (!column) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const as_grid_row *row = &r->rows.row[i];
        const char *text = cell_text(row, c);
        char number[AS_NUMBER_MAX];
        if (!text && !isnan(row->v[c])) {
            as_write_number(row->v[c], number);
            text = number;
        }
        if (text && (!before || strcmp(text, before) != 0)) before = as_strdup(t->arena, text);
        if (text && !before) return AS_ERR;
        column->v.s[i] = text ? before : NULL;
    }
    return AS_OK;
}

as_column *as_run_column(as_ctx *ctx, const as_run *r, size_t c, as_table *t, double *factor)
{
    as_unit unit;
    const as_heading *h = &r->h[c];
    if (as_unit_parse(ctx, t->arena, h->unit.symbol, &unit) != AS_OK) return NULL;
    as_column *column = as_add_column(ctx, t, h->name, AS_ROLE_OTHER, unit);
    if (!column) return NULL;
    *factor = r->alias[c] && r->alias[c]->factor != 0 ? r->alias[c]->factor : 1;
    if (h->label && !h->known) column->label = as_strdup(t->arena, h->label);
    return column;
}

static as_status fill_numbers(as_ctx *ctx, const as_run *r, size_t c, as_table *t)
{
    double factor;
    const as_column *column = as_run_column(ctx, r, c, t, &factor);
    for (size_t i = 0; column && i < t->rows; i++) column->v.f[i] = factor * r->rows.row[i].v[c];
    return column ? AS_OK : AS_ERR;
}

static as_status fill_segments(as_ctx *ctx, const as_run *r, as_table *t)
{
    if (!r->segmented || as_find_name(t, "segment")) return AS_OK;
    as_column *column = as_add_column(ctx, t, "segment", AS_ROLE_OTHER, AS_UNITLESS);
    if (!column) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) column->v.f[i] = r->rows.row[i].v[r->n];
    return AS_OK;
}

as_table *as_run_table(as_parse *job, as_run *r)
{
    as_table *t = as_table_new(job->ctx, r->rows.n);
    if (!t) return NULL;
    for (size_t c = 0; c < r->n; c++) {
        bool text;
        if (!r->h[c].name) continue;
        if (is_text_column(job, r, c, &text) != AS_OK) return NULL;
        if ((text ? fill_texts : fill_numbers)(job->ctx, r, c, t) != AS_OK) return NULL;
    }
    if (fill_segments(job->ctx, r, t) != AS_OK) return NULL;
    r->rows = (as_grid){ 0 };
    r->segmented = false;
    return t;
}

static as_column *number_column(const as_table *t, const char *name)
{
    as_column *c = as_find_name(t, name);
    return c && c->type == AS_F64 ? c : NULL;
}

as_status as_set_curve(as_ctx *ctx, as_table *t, size_t n, const as_curve *pairs,
                       const as_where *where)
{
    for (size_t i = 0; i < n; i++) {
        as_column *x = number_column(t, pairs[i].x), *y = number_column(t, pairs[i].y);
        if (!x || !y) continue;
        x->role = AS_ROLE_X;
        y->role = AS_ROLE_Y;
        return AS_OK;
    }
    return as_fail(ctx, AS_E_MISSING, where, "no pair of columns to draw, as %s and %s", pairs[0].x,
                   pairs[0].y);
}
