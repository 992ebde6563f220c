/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of JCAMP-DX: (X++(Y..Y)), one abscissa and many ordinates a line, with its checks of x and
 * y; (XY..XY) and its like, groups of numbers; (XYMA) and its like, records in parentheses.
 */
#include <math.h>
#include <string.h>

#include "column_kernels.h"
#include "jcamp.h"
#include "number.h"

/* --- lines of a table ---------------------------------------------------------------- */
typedef struct row_lines {
    as_lines it;
    size_t end;    /* of the table */
    bool comments; /* there may be some */
} row_lines;

static row_lines rows_of(const as_ldr *data)
{
    const as_input *in = data->data.in;
    return (row_lines){ .it = data->data, .end = data->end,
                   .comments = memchr(in->data + data->data.at, '$', data->end - data->data.at) };
}

/* Bytes of the text before its comment. */
static size_t without_comment(const char *text, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (text[i] == '$' && text[i + 1] == '$') return i;
    return n;
}

/* The next line that has anything, without its comment, as it stands in the input. */
static bool next_row(row_lines *r, as_line *line)
{
    while (r->it.at < r->end && as_jcamp_line(&r->it, line) == AS_ITEM) {
        if (r->comments) line->length = without_comment(line->text, line->length);
        size_t blank = 0;
        while (blank < line->length && (line->text[blank] == ' ' || line->text[blank] == '\t')) blank++;
        if (blank < line->length) return true;
    }
    return false;
}

/* A place in the line, which a message may show. */
static as_where place(as_ctx *ctx, const as_line *line, size_t at, size_t n)
{
    as_where where = as_in_line(line, at, n);
    where.line_text = as_strndup(as_scratch(ctx), line->text, line->length);
    return where;
}

/* --- (X++(Y..Y)) --------------------------------------------------------------------- */
typedef struct curve {
    const as_jcamp_axes *axes;
    as_asdf y;
    as_jcamp_check *check;
    size_t n_checks, room;
    size_t lines; /* roughly */
} curve;

static as_status add_check(as_ctx *ctx, curve *c, double x, double unit, uint32_t line)
{
    if (c->n_checks == c->room) {
        const size_t room = c->room ? 2 * c->room : c->lines;
        as_jcamp_check *more = AS_NEW_N(as_scratch(ctx), as_jcamp_check, room);
        if (!more) return AS_ERR;
        if (c->n_checks) memcpy(more, c->check, c->n_checks * sizeof *more);
        c->check = more;
        c->room = room;
    }
    const double f = isnan(c->axes->x_factor) ? 1 : c->axes->x_factor;
    c->check[c->n_checks++] = (as_jcamp_check){ .x = x * f, .unit = (float)(unit * fabs(f)),
                                       .index = c->y.n - (c->y.in_dif ? 1 : 0),
                                       .line = line };
    return AS_OK;
}

static size_t word_at(const as_line *line, size_t at)
{
    size_t n = 0;
    while (at + n < line->length && n < 24 && line->text[at + n] != ' ') n++;
    return n;
}

static as_status refuse(as_parse *job, const curve *c, as_asdf_answer answer, const as_line *line,
                        size_t at)
{
    const size_t n = word_at(line, at);
    const as_where where = place(job->ctx, line, at, n);
    switch (answer) {
    case AS_ASDF_ALONE:
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "'%.*s' continues an ordinate, but there is none before it", (int)n,
                       line->text + at);
    case AS_ASDF_CHECK:
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "y check: '%.*s' found, but the line before ended with %g", (int)n,
                       line->text + at, c->y.last);
    case AS_ASDF_MANY:
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "far more ordinates than NPOINTS=%g",
                       c->axes->points);
    default:
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%.*s' found, expected an ordinate", (int)n,
                       line->text + at);
    }
}

static as_status read_ordinates(as_parse *job, curve *c, const as_line *line, size_t at)
{
    const as_asdf_answer answer = as_asdf_line(job->ctx, &c->y, line->text, line->length, &at);
    if (answer == AS_ASDF_CHECK && c->axes->points == (double)c->y.n &&
        at + word_at(line, at) >= line->length) {
        c->y.wrong++; /* all points are there: some writers end with any value */
        return AS_OK;
    }
    if (answer == AS_ASDF_OK) return AS_OK;
    return answer == AS_ASDF_FAILED ? AS_ERR : refuse(job, c, answer, line, at);
}

/* One in the last digit of the number at the start of the line, which has no exponent. */
static double unit_of(const char *text, size_t n)
{
    static const double units[] = { 1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9 };
    size_t at = 0, point = 0;
    while (at < n && (text[at] == ' ' || text[at] == '\t')) at++;
    for (; at < n && text[at] > ' '; at++)
        if (text[at] == '.') point = at + 1;
    const size_t places = point ? at - point : 0;
    return places < sizeof units / sizeof *units ? units[places] : pow(10, -(double)places);
}

/* Rows of numbers, the first an abscissa, which stand one after the other from r->it.at on. */
static as_status take_rows(as_ctx *ctx, row_lines *r, curve *c, const double *value, size_t rows,
                           size_t numbers)
{
    const char *at = (const char *)r->it.in->data + r->it.at;
    const char *const end = (const char *)r->it.in->data + r->end;
    for (size_t k = 0; k < rows; k++, value += numbers) {
        const char *lf = memchr(at, '\n', (size_t)(end - at)), *next = lf ? lf + 1 : end;
        AS_TRY(add_check(ctx, c, value[0], unit_of(at, (size_t)(next - at)), ++r->it.number));
        memmove(c->y.v + c->y.n, value + 1, (numbers - 1) * sizeof *value); /* memcpy is rep movs here: slow */
        c->y.n += numbers - 1;
        c->y.last = value[numbers - 1];
        c->y.any = true;
        at = next;
    }
    return AS_OK;
}

/* Lines of as many numbers as the line before, between blanks, which is how most writers write. */
static as_status read_plain_lines(as_ctx *ctx, row_lines *r, curve *c, size_t numbers)
{
    enum { MOST = 64, ROOM = 1024 };
    double value[ROOM];
    const char *const text = (const char *)r->it.in->data;
    const as_row_form form = { .decimal = '.', .count = numbers };
    if (numbers < 2 || numbers > MOST) return AS_OK;
    for (;;) {
        const size_t fit = (c->y.room - c->y.n) / (numbers - 1), most = ROOM / numbers;
        const char *at = text + r->it.at;
        const size_t rows = as_scan_rows(&at, text + r->end, &form, fit < most ? fit : most, value, 1, numbers);
        AS_TRY(take_rows(ctx, r, c, value, rows, numbers));
        r->it.at = (size_t)(at - text);
        if (rows < most) return AS_OK;
    }
}

static as_status read_lines(as_parse *job, const as_ldr *data, curve *c)
{
    row_lines r = rows_of(data);
    as_line line;
    const bool plain = as_jcamp_no_letters(data);
    while (next_row(&r, &line)) {
        double x, unit;
        const size_t before = c->y.n;
        const size_t at = as_asdf_abscissa(line.text, line.length, &x, &unit);
        if (at == 0) {
            const as_where where = place(job->ctx, &line, 0, word_at(&line, 0));
            return as_fail(job->ctx, AS_E_SYNTAX, &where,
                           "'%.*s' found, expected the abscissa of the line", (int)where.span,
                           line.text);
        }
        if (c->n_checks == 0) c->lines = (data->end - data->data.at) / (line.length + 1) * 9 / 8 + 16;
        AS_TRY(add_check(job->ctx, c, x, unit, line.where.line));
        AS_TRY(read_ordinates(job, c, &line, at));
        if (plain) AS_TRY(read_plain_lines(job->ctx, &r, c, c->y.n - before + 1));
    }
    return AS_OK;
}

static void warn_of_y(as_parse *job, as_table *t, const as_jcamp_axes *a, const as_ldr *data)
{
    double low, high;
    const double *y = t->column[1]->v.f;
    as_least_and_most(y, t->rows, &low, &high);
    const double slack = 0.002 * fmax(high - low, fmax(fabs(high), fabs(low)));
    if (!isnan(a->y_first) && t->rows && !isnan(y[0]) && fabs(a->y_first - y[0]) > slack)
        as_warn(job->ctx, t, &data->where, "FIRSTY=%g, but the first ordinate is %g", a->y_first,
                y[0]);
    const double above = high - a->y_max, below = a->y_min - low; /* how far y goes beyond */
    if (above > slack || below > slack || (!a->page && (-above > slack || -below > slack)))
        as_warn(job->ctx, t, &data->where, "MINY=%g and MAXY=%g, but y goes from %g to %g",
                a->y_min, a->y_max, low, high);
}

static as_status check_count(as_parse *job, as_table *t, const as_jcamp_block *b,
                             const as_ldr *data, double points)
{
    if (isnan(points) || points == (double)t->rows) return AS_OK;
    const as_where end = as_at_byte(job->in, job->in->size);
    if (!b->ended && (double)t->rows < points)
        return as_fail(job->ctx, AS_E_TRUNCATED, &end,
                       "the file ends after %zu points, expected NPOINTS=%g and ##END=", t->rows,
                       points);
    as_warn(job->ctx, t, &data->where, "%zu points, but NPOINTS=%g", t->rows, points);
    return AS_OK;
}

static as_table *new_table(as_ctx *ctx, size_t rows)
{
    as_table *t = as_table_new(ctx, rows);
    as_column *x = t ? as_add_column(ctx, t, "x", AS_ROLE_X, AS_UNITLESS) : NULL;
    return x && as_add_column(ctx, t, "y", AS_ROLE_Y, AS_UNITLESS) ? t : NULL;
}

/* The power of ten that makes whole numbers of both ends, small enough for exact products with m; 1: none. */
static double whole_ends(double first, double last, double m)
{
    for (double p = 1; fmax(fabs(first), fabs(last)) * p * m < 0x1p52 && p < 1e10; p *= 10)
        if (round(first * p) / p == first && round(last * p) / p == last) return p;
    return 1;
}

/* FIRSTX + i*(LASTX-FIRSTX)/(NPOINTS-1) as (FIRSTX*(m-i) + LASTX*i)/m, rounded once where the ends have not
 * too many digits. Without LASTX, or where the lines say another step: by steps. */
static void set_x(const as_jcamp_axes *a, double first, double step, size_t rows, double *x)
{
    const double m = round((a->last - first) / step);
    if (!(m > 0 && m < 1e9 && (a->last - first) / m == step)) {
        for (int64_t i = 0; i < (int64_t)rows; i++) x[i] = first + (double)i * step;
        return;
    }
    const double p = whole_ends(first, a->last, m), from = p > 1 ? round(first * p) : first,
                 to = p > 1 ? round(a->last * p) : a->last, whole = p * m;
    as_positions_between(from, to, m, whole, rows, x);
}

/* `t` has the ordinates already where there are as many as NPOINTS promised. */
static as_table *fill(as_parse *job, const curve *c, as_table *t, double first, double step)
{
    const as_jcamp_axes *a = c->axes;
    const double f = isnan(a->y_factor) ? 1 : a->y_factor;
    if (!t || t->rows != c->y.n || t->column[1]->v.f != c->y.v) t = new_table(job->ctx, c->y.n);
    if (!t) return NULL;
    double *x = t->column[0]->v.f, *y = t->column[1]->v.f;
    const double whole = round(1 / f); /* 1e-4 is no binary number, 1e4 is */
    const bool divide = f != 1 && whole != 0 && isfinite(whole) && 1 / whole == f;
    set_x(a, first, step, t->rows, x);
    if (divide) as_divide_all(c->y.v, t->rows, whole, y);
    else if (y != c->y.v || f != 1) as_multiply_all(c->y.v, t->rows, f, y);
    return t;
}

static as_status read_curve(as_parse *job, const as_jcamp_block *b, const as_ldr *data,
                            const as_jcamp_axes *stated, as_table **out)
{
    as_jcamp_axes turned = *stated;
    const as_jcamp_axes *axes = &turned;
    curve c = { .axes = axes, .y.lenient = !stated->strict };
    const as_jcamp_check *worst = NULL;
    size_t wrong;
    if (axes->points >= 0 && axes->points < 1e12)
        c.y.most = (size_t)(10 * axes->points) + 100000;
    const size_t bytes = data->end - data->data.at; /* few ordinates take less than one */
    as_table *t = NULL;
    if (stated->points >= 1 && stated->points < (double)bytes) { /* they are read to their place */
        if (!(t = new_table(job->ctx, (size_t)stated->points))) return AS_ERR;
        c.y.v = t->column[1]->v.f;
        c.y.room = t->rows;
    }
    AS_TRY(read_lines(job, data, &c));
    if (c.y.n == 0)
        return as_fail(job->ctx, b->ended ? AS_E_MISSING : AS_E_TRUNCATED, &data->where,
                       "##%s= has no values", data->name);
    as_jcamp_walk walk = { .axes = axes, .check = c.check, .n_checks = c.n_checks, .rows = c.y.n };
    if (as_jcamp_counts(&walk)) walk.n_checks = 0; /* no abscissae to compare */
    const bool backwards = as_jcamp_backwards(&walk);
    if (backwards) {
        turned.first = stated->last;
        turned.last = stated->first;
        turned.delta = (double)NAN;
    }
    const double first = isnan(axes->first) ? c.check[0].x : axes->first;
    const double step = as_jcamp_step(&walk, first, &worst, &wrong);
    if (isnan(step))
        return as_fail(job->ctx, AS_E_MISSING, &data->where,
                       "nothing says the distance of the points: LASTX and NPOINTS, or DELTAX");
    const as_where at_worst = { .file = data->where.file, .line = worst ? worst->line : 0 };
    if (worst && axes->strict && isfinite(axes->points) && axes->points != (double)c.y.n)
        return as_fail(job->ctx, AS_E_SYNTAX, &at_worst,
                       "x check: %g found where x is %g, and there are %zu points instead of %g: a "
                       "part of the table is missing or damaged",
                       worst->x, first + (double)worst->index * step, c.y.n, axes->points);
    t = fill(job, &c, t, first, step);
    if (!t) return AS_ERR;
    AS_TRY(check_count(job, t, b, data, axes->points));
    if (as_jcamp_own_x(&walk, first, step)) {
        as_warn(job->ctx, t, &data->where, "x is not even, as (X++(Y..Y)) means it; each line has its "
                "own x, and that is read");
        for (size_t i = 0; i < t->rows; i++) t->column[0]->v.f[i] = c.check[i].x;
        worst = NULL;
    }
    if (backwards)
        as_warn(job->ctx, t, &data->where, "FIRSTX=%g, but the lines run from LASTX=%g: read so",
                stated->first, stated->last);
    if (worst)
        as_warn(job->ctx, t, &at_worst,
                "x check: %zu of %zu lines, the first with %g where x is %g", wrong, c.n_checks,
                worst->x, first + (double)worst->index * step);
    if (c.y.wrong)
        as_warn(job->ctx, t, &data->where, "y check: %zu of %zu lines do not begin with the ordinate "
                "that the line before ended with", c.y.wrong, c.n_checks);
    if (fabs(axes->delta * ((double)t->rows - 1) - (axes->last - first)) > 0.5 * fabs(step))
        as_warn(job->ctx, t, &data->where, "%zu points of DELTAX=%g do not lead from %g to LASTX=%g",
                t->rows, axes->delta, first, axes->last);
    warn_of_y(job, t, axes, data);
    *out = t;
    return AS_OK;
}

/* --- (XY..XY), (XYW..XYW) ---------------------------------------------------------------- */
static const char *column_name(char letter)
{
    static const struct { char letter; const char *name; } names[] = {
        { 'W', "peak_width" }, { 'M', "multiplet" }, { 'A', "assignment" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].letter == letter) return names[i].name;
    return NULL; /* of a page: its variables have names */
}

double as_jcamp_scaled(double value, double factor)
{
    const double whole = round(1 / factor);
    if (isnan(factor) || factor == 1) return value;
    return whole != 0 && isfinite(whole) && 1 / whole == factor ? value / whole : value * factor;
}

static double scaled(const as_jcamp_axes *a, size_t column, double value)
{
    return column > 1 ? value : as_jcamp_scaled(value, column ? a->y_factor : a->x_factor);
}

static as_status read_groups(as_parse *job, const as_ldr *data, const as_jcamp_axes *axes,
                             const char *letters, as_table **out)
{
    const size_t width = strlen(letters);
    size_t k = 0;
    double *row = NULL, value;
    row_lines r = rows_of(data);
    as_line line = { 0 };
    as_rows *read = as_rows_new(job->ctx, width);
    if (!read) return AS_ERR;
    while (next_row(&r, &line)) {
        size_t at = 0;
        as_more number;
        while ((number = as_asdf_number(line.text, line.length, &at, &value)) == AS_ITEM) {
            if (k == 0 && !(row = as_rows_add(job->ctx, read))) return AS_ERR;
            row[k] = scaled(axes, k, value);
            k = (k + 1) % width;
        }
        const as_where where = place(job->ctx, &line, at, word_at(&line, at));
        if (number == AS_FAILED)
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%.*s' found, expected a number",
                           (int)where.span, line.text + at);
    }
    if (k != 0)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "the table ends within a group (%s..%s)",
                       letters, letters);
    if (axes->points > 1 && (double)as_rows_count(read) == 2 * axes->points)
        return as_fail(job->ctx, AS_E_SYNTAX, &data->where, "%zu points, twice NPOINTS=%g: its commas may be "
                       "decimal signs", as_rows_count(read), axes->points);
    *out = as_rows_table(job->ctx, read);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < width; i++) {
        const char *name = i == 0 ? "x" : i == 1 ? "y" : column_name(letters[i]);
        if (!name) name = as_format(as_scratch(job->ctx), "column_%zu", i + 1);
        AS_TRY(name ? as_name_column(job->ctx, *out, i, name,
                                     i == 0 ? AS_ROLE_X : i == 1 ? AS_ROLE_Y : AS_ROLE_OTHER, AS_UNITLESS)
                    : AS_ERR);
    }
    return AS_OK;
}

/* --- (XYMA): records in parentheses, texts in < > ------------------------------------------- */
/* The field at *at, up to a comma or the end of the record. */
static const char *record_field(as_ctx *ctx, const char *text, size_t *at)
{
    size_t start = *at, depth = 0;
    while (text[*at] && (depth || (text[*at] != ',' && text[*at] != ')'))) {
        depth += text[*at] == '<';
        depth -= text[*at] == '>' && depth;
        ++*at;
    }
    size_t end = *at;
    if (text[*at] == ',') ++*at;
    while (start < end && strchr(" \t\n<", text[start])) start++;
    while (end > start && strchr(" \t\n>", text[end - 1])) end--;
    return as_strndup(as_scratch(ctx), text + start, end - start);
}

static size_t count_records(const char *text)
{
    size_t n = 0;
    for (bool quoted = false; *text; text++) {
        if (*text == '<') quoted = true;
        if (*text == '>') quoted = false;
        n += *text == '(' && !quoted;
    }
    return n;
}

static as_status read_record(as_parse *job, const as_ldr *data, const as_jcamp_axes *axes,
                             const char *letters, const char *text, size_t *at, as_table *t,
                             size_t row)
{
    for (size_t i = 0, column = 2; letters[i]; i++) {
        const char *field = record_field(job->ctx, text, at);
        if (!field) return AS_ERR;
        const bool number = letters[i] == 'X' || letters[i] == 'Y';
        double value = (double)NAN;
        size_t used = 0;
        if (number && field[0] &&
            (as_asdf_number(field, strlen(field), &used, &value) != AS_ITEM || field[used]))
            return as_fail(job->ctx, AS_E_SYNTAX, &data->where,
                           "record %zu: '%.24s' found, expected a number", row + 1, field);
        if (letters[i] == 'X') t->column[0]->v.f[row] = scaled(axes, 0, value);
        else if (letters[i] == 'Y') t->column[1]->v.f[row] = scaled(axes, 1, value);
        else if (!(t->column[column++]->v.s[row] = as_strdup(t->arena, field))) return AS_ERR;
    }
    if (text[*at] != ')')
        return as_fail(job->ctx, AS_E_SYNTAX, &data->where, "record %zu has no ')' behind (%s)",
                       row + 1, letters);
    ++*at;
    return AS_OK;
}

static as_status read_records(as_parse *job, const as_ldr *data, const as_jcamp_axes *axes,
                              const char *letters, const char *text, as_table **out)
{
    as_table *t = as_table_new(job->ctx, count_records(text));
    if (!t || !as_add_column(job->ctx, t, "x", AS_ROLE_X, AS_UNITLESS) ||
        !as_add_column(job->ctx, t, "y", AS_ROLE_Y, AS_UNITLESS))
        return AS_ERR;
    for (const char *c = letters; *c; c++)
        if (*c != 'X' && *c != 'Y' && !as_add_text(job->ctx, t, column_name(*c), AS_ROLE_LABEL))
            return AS_ERR;
    size_t at = 0;
    for (size_t i = 0; i < t->rows; i++) {
        t->column[0]->v.f[i] = t->column[1]->v.f[i] = (double)NAN;
        while (text[at] && text[at] != '(') at++;
        at++;
        AS_TRY(read_record(job, data, axes, letters, text, &at, t, i));
    }
    *out = t;
    return AS_OK;
}

/* The lines of the table as one text. */
static const char *whole_table(as_parse *job, const as_ldr *data)
{
    row_lines r = rows_of(data);
    as_line line;
    const size_t room = data->end - r.it.at;
    char *out = as_alloc(as_scratch(job->ctx), room + 2, 1);
    size_t n = 0;
    if (!out) return NULL;
    while (next_row(&r, &line) && n + line.length <= room) {
        memcpy(out + n, line.text, line.length);
        n += line.length;
        out[n++] = '\n';
    }
    return out;
}

/* X first, each letter once, none but those of peak tables and assignments, or of the variables of a page. */
static bool are_known(const char *letters, bool page)
{
    if (letters[0] != 'X') return false;
    for (const char *c = letters; *c; c++)
        if ((!strchr("XYWMA", *c) && !(page && *c >= 'A' && *c <= 'Z')) || strchr(c + 1, *c)) return false;
    return true;
}

/* The letters of one group: "XY" of "(XY..XY)", "XYMA" of "(XYMA)". Other spellings of the first
 * two (RA, X and R of a page) are X and Y all the same. */
static const char *letters_of(as_parse *job, const as_ldr *data)
{
    const char *form = strchr(data->value, '(');
    if (!form) return "";
    char *out = as_strndup(as_scratch(job->ctx), form + 1, strcspn(form + 1, ".)+ "));
    if (out && as_starts(out, "X,Y")) memmove(out + 1, out + 2, strlen(out + 2) + 1);
    if (out && out[0] && out[0] != 'Y' && !strchr("WMA", out[0])) out[0] = 'X';
    if (out && out[0] && out[1] && !strchr("WMA", out[1])) out[1] = 'Y';
    return out;
}

static bool in_parentheses(const as_ldr *data)
{
    row_lines r = rows_of(data);
    as_line line;
    return next_row(&r, &line) && line.text[strspn(line.text, " \t")] == '(';
}

as_status as_jcamp_table(as_parse *job, const as_jcamp_block *b, const as_ldr *data,
                         const as_jcamp_axes *axes, as_table **out)
{
    if (strstr(data->value, "++")) return read_curve(job, b, data, axes, out);
    const char *letters = letters_of(job, data);
    if (!letters) return AS_ERR;
    if (!are_known(letters, axes->page && !as_jcamp_is_peaks(data)))
        return as_fail(job->ctx, AS_E_FORMAT, &data->where,
                       "a table of the form '%.40s' is not supported", data->value);
    if (letters[1] == 'Y' && !in_parentheses(data)) {
        AS_TRY(read_groups(job, data, axes, letters, out));
    } else {
        const char *text = whole_table(job, data);
        if (!text) return AS_ERR;
        AS_TRY(read_records(job, data, axes, letters, text, out));
    }
    if ((*out)->rows == 0)
        return as_fail(job->ctx, b->ended ? AS_E_MISSING : AS_E_TRUNCATED, &data->where,
                       "##%s= has no values", data->name);
    AS_TRY(check_count(job, *out, b, data, axes->points));
    warn_of_y(job, *out, axes, data);
    return AS_OK;
}
