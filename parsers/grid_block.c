/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables from a block of numbers whose headings are found. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "grid_private.h"
#include "heading_private.h"
#include "infrared.h"
#include "stamp.h"
#include "thermal.h"
#include "vocabulary.h"

static const char *text_at(const as_grid_row *r, size_t c)
{
    const char *text = r && r->text && c < r->n ? r->text[c] : NULL;
    return text ? text : "";
}

static const char *unit_at(const as_grid_row *r, size_t c)
{
    return as_is_word_for_units(text_at(r, c)) ? "" : text_at(r, c);
}

/* --- headings --------------------------------------------------------------------- */
as_status as_given_headings(as_parse *job, const char *columns, size_t n, as_heading *h)
{
    const char *at = columns;
    for (size_t i = 0; i < n; i++) {
        const size_t length = strcspn(at, ",");
        char *one = as_strndup(as_scratch(job->ctx), at, length);
        if (!one) return AS_ERR;
        if (length == 0 || (i + 1 < n) != (at[length] == ','))
            return as_fail(job->ctx, AS_E_USAGE, NULL,
                           "--columns '%s' does not name the %zu columns there are", columns, n);
        char *colon = strchr(one, ':');
        if (colon) *colon = '\0';
        h[i] = (as_heading){ .name = one, .unit = AS_UNITLESS, .known = true };
        if (colon)
            AS_TRY(as_unit_parse(job->ctx, as_scratch(job->ctx), colon + 1, &h[i].unit));
        else if (strpbrk(one, " [(/")) /* as over a column: "Raman shift (cm-1)" */
            AS_TRY(as_heading_of(job->ctx, one, NULL, &h[i]));
        at += length + (at[length] == ',');
    }
    return AS_OK;
}

static as_status bare_headings(as_ctx *ctx, const char *const *bare, size_t n, as_heading *h)
{
    static const char *const plain[] = { "x", "1", "y", "1", NULL };
    size_t given = 0;
    if (!bare) bare = plain;
    while (bare[given]) given += 2;
    for (size_t i = 0; i < n; i++) {
        h[i] = (as_heading){ .unit = AS_UNITLESS };
        if (n == 1 && bare == plain) {
            h[i].name = "y"; /* x is the number of the row */
        } else if (2 * i < given) {
            h[i].name = bare[2 * i];
            h[i].unit = as_unit_of(bare[2 * i + 1]);
        } else {
            h[i].name = as_format(as_scratch(ctx), "column_%zu", i + 1);
        }
        if (!h[i].name) return AS_ERR;
    }
    return AS_OK;
}

/* A second column of the same name gets _2. */
static as_status make_unique(as_ctx *ctx, size_t n, as_heading *h)
{
    for (size_t i = 0; i < n; i++) {
        const char *stem = h[i].name[0] ? h[i].name : NULL;
        if (!stem) stem = as_format(as_scratch(ctx), "column_%zu", i + 1);
        h[i].name = stem;
        size_t copy = 1;
        for (size_t k = 0; k < i && h[i].name; k++)
            if (strcmp(h[k].name, h[i].name) == 0) {
                h[i].name = as_format(as_scratch(ctx), "%s_%zu", stem, ++copy);
                h[i].known = false;
                k = SIZE_MAX; /* from the start again */
            }
        if (!h[i].name) return AS_ERR;
    }
    return AS_OK;
}

/* "%T", "A", "KM" beside the axis of a spectrum. */
static void read_ordinates(const as_block *b, as_heading *h)
{
    static const char *const axes[] = { "wavenumber", "wavelength", "raman_shift" };
    bool spectrum = false;
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        spectrum = spectrum || strcmp(h[0].name, axes[i]) == 0;
    for (size_t i = 1; spectrum && i < b->n; i++) {
        const char *text = text_at(b->names, b->column[i]);
        const as_ir_axis y = as_ir_y(text);
        if (h[i].known || h[i].stated || !text[0] || y.unit == text) continue;
        h[i].name = y.column;
        h[i].unit = as_unit_of(y.unit);
        h[i].known = true;
    }
}

/* `title`: for each column what a group of them is of; NULL: nothing is told. */
static as_status read_headings(as_parse *job, const as_block *b, const as_grid_options *how,
                               as_heading *h, const char **title)
{
    const size_t n = b->n;
    if (how->columns && how->columns[0]) return as_given_headings(job, how->columns, n, h);
    if (!b->names) {
        AS_TRY(bare_headings(job->ctx, how->bare, n, h));
        for (size_t i = 0; b->units && i < n; i++) {
            as_heading unit;
            AS_TRY(as_heading_of(job->ctx, "", text_at(b->units, b->column[i]), &unit));
            h[i].unit = unit.unit;
        }
        return AS_OK;
    }
    for (size_t i = 0; i < n; i++)
        AS_TRY(as_heading_of(job->ctx, text_at(b->names, b->column[i]),
                             b->units ? unit_at(b->units, b->column[i]) : NULL, &h[i]));
    if (n > 1 && !b->units) as_spectral_unit(text_at(b->names, b->column[0]), &h[0]);
    if (n > 1) read_ordinates(b, h);
    as_grid_designate(b, h);
    const char **text = AS_NEW_N(as_scratch(job->ctx), const char *, n);
    for (size_t i = 0; text && i < n; i++) text[i] = text_at(b->names, b->column[i]);
    if (text && n > 1 && !b->units) as_unit_headings(job->ctx, n, text, h);
    if (text && !b->units && !b->groups) AS_TRY(as_share_headings(job->ctx, n, text, h, title));
    return text ? AS_OK : AS_ERR;
}

/* How many columns a group has when names repeat: x y x y -> 2; else all of them. */
static size_t period(size_t n, const as_heading *h)
{
    for (size_t p = 2; p <= n / 2; p++) {
        bool repeats = n % p == 0;
        for (size_t i = p; i < n && repeats; i++)
            repeats = strcmp(h[i].name, h[i % p].name) == 0 && h[i].name[0] &&
                      strcmp(h[i].unit.symbol, h[i % p].unit.symbol) == 0;
        if (repeats && strcmp(h[0].name, h[1].name) != 0) return p;
    }
    return n;
}

/* Several titles above columns [from, to), none above the first, which is x: they part the others. */
static bool has_parts(const as_block *b, size_t from, size_t to)
{
    size_t titles = 0;
    for (size_t c = from; c < to; c++) titles += text_at(b->groups, b->column[c])[0] != '\0';
    return titles >= 2 && !text_at(b->groups, b->column[from])[0];
}

/* Each of three or more columns has a title of its own: these are further names, none of the whole. */
static bool has_more_names(const as_block *b, size_t from, size_t to)
{
    size_t titles = 0;
    for (size_t c = from; b->groups && c < to; c++) titles += text_at(b->groups, b->column[c])[0] != '\0';
    return to - from > 2 && titles == to - from;
}

/* The title above columns [from, to): of a merged cell it stands over the first; parted by blanks, in its words. */
static const char *group_title(as_ctx *ctx, const as_block *b, size_t from, size_t to)
{
    const char *title = b->grid->packed && b->groups ? "" : NULL;
    for (size_t c = 0; title && c < b->groups->n; c++) {
        const char *word = text_at(b->groups, c);
        if (*word) title = as_format(as_scratch(ctx), "%s%s%s", title, *title ? " " : "", word);
    }
    if (title && *title) return title;
    for (size_t c = from; c < to && !has_parts(b, from, to) && !has_more_names(b, from, to); c++)
        if (text_at(b->groups, b->column[c])[0]) return text_at(b->groups, b->column[c]);
    return NULL;
}

/* Titles of parts go with the labels: "Sample B" over "Absorbance" is "Sample B: Absorbance". */
static as_status add_group_titles(as_ctx *ctx, const as_block *b, size_t from, size_t to,
                                  as_heading *h)
{
    const char *title = NULL;
    if (!has_parts(b, from, to)) return AS_OK;
    for (size_t c = from; c < to; c++) {
        const char *text = text_at(b->groups, b->column[c]);
        if (text[0]) title = text;
        if (!title) continue;
        h[c].label = h[c].label ? as_format(as_scratch(ctx), "%s: %s", title, h[c].label) : title;
        h[c].titled = true;
        if (!h[c].label) return AS_ERR;
    }
    return AS_OK;
}

/* --- sigma ------------------------------------------------------------------------------ */
/* A third column that is the square root of counts times one factor (of scaling, or of counts
 * added up) proves itself; anything else proves nothing. */
static bool proves_sigma(const as_column *y, const as_column *s, size_t n)
{
    double low = INFINITY, high = 0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(y->v.f[i] > 0) || !(s->v.f[i] > 0)) continue;
        const double ratio = s->v.f[i] / sqrt(y->v.f[i]);
        low = fmin(low, ratio);
        high = fmax(high, ratio);
        used++;
    }
    return used >= 10 && 10 * used >= 9 * n && high <= 1.02 * low;
}

/* --- one table --------------------------------------------------------------------------- */
/* Columns column[0 .. n) of the grid. */
typedef struct part {
    const size_t *column;
    size_t n;
    as_heading *h;
    as_axes axes;
    size_t labels;           /* texts, in the last columns */
    const as_grid_row *home; /* the row whose home becomes the table; NULL: none */
} part;

static bool row_has_number(const as_grid_row *r, const part *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!isnan(as_row_number(r, p->column[i]))) return true;
    return false;
}

static bool is_text_column(const as_block *b, size_t c)
{
    size_t texts = 0;
    for (size_t i = b->first; i < b->end; i++) {
        if (b->grid->row[i].comment) continue;
        if (!isnan(as_row_number(&b->grid->row[i], c))) return false;
        texts += text_at(&b->grid->row[i], c)[0] != '\0';
    }
    return texts > 0;
}

static as_status fill_text(as_parse *job, const as_block *b, const part *p, size_t c, as_table *t)
{
    as_column *column = as_add_text(job->ctx, t, p->h[c].name, AS_ROLE_OTHER);
    size_t row = 0;
    if (!column) return AS_ERR;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment || !row_has_number(r, p)) continue;
        if (r->more) {
            row += r->more + 1;
            continue;
        }
        const char *text = text_at(r, p->column[c]);
        column->v.s[row] = text[0] ? as_strdup(t->arena, text) : NULL;
        if (text[0] && !column->v.s[row]) return AS_ERR;
        row++;
    }
    return AS_OK;
}

static void fill_many(const as_grid_row *r, size_t c, double *to)
{
    const size_t n = r->more + 1;
    if (c < r->n && to != r->v + c * r->stride) memcpy(to, r->v + c * r->stride, n * sizeof *to);
    for (size_t i = 0; c >= r->n && i < n; i++) to[i] = NAN;
}

/* A column for numbers; in a table that was the home of rows these stand in it already. */
static as_column *new_numbers(as_parse *job, const part *p, size_t c, as_role role, as_table *t)
{
    const as_grid_row *r = p->home;
    if (!r) return as_add_column(job->ctx, t, p->h[c].name, role, p->h[c].unit);
    double *values = (double *)(uintptr_t)(r->v + p->column[c] * r->stride - r->lead);
    return as_add_filled(job->ctx, t, p->h[c].name, role, p->h[c].unit, values);
}

static as_status fill_numbers(as_parse *job, const as_block *b, const part *p, size_t c,
                              as_role role, as_table *t)
{
    as_column *column = new_numbers(job, p, c, role, t);
    size_t row = 0;
    if (!column) return AS_ERR;
    if (p->h[c].label && (!p->h[c].known || p->h[c].titled))
        column->label = as_strdup(t->arena, p->h[c].label);
    if (!column->label) column->label = column->name;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment || !row_has_number(r, p)) continue;
        if (r->more) {
            fill_many(r, p->column[c], column->v.f + row);
            row += r->more + 1;
            continue;
        }
        const double value = as_row_number(r, p->column[c]);
        if (isnan(value) && text_at(r, p->column[c])[0]) {
            const as_where where = { .file = job->in->name, .line = r->line };
            return as_fail(job->ctx, AS_E_SYNTAX, &where,
                           "'%s' found in column %zu, expected a number",
                           text_at(r, p->column[c]), p->column[c] + 1);
        }
        column->v.f[row++] = value;
    }
    for (row = 0; p->h[c].turned && row < t->rows; row++) column->v.f[row] = -column->v.f[row];
    return AS_OK;
}

static as_status fill(as_parse *job, const as_block *b, const part *p, size_t c, as_role role,
                      as_table *t)
{
    return is_text_column(b, p->column[c]) ? fill_text(job, b, p, c, t)
                                          : fill_numbers(job, b, p, c, role, t);
}

/* The latest row stands first. */
static bool elapsed_back(size_t n, const char **text, double *seconds)
{
    for (size_t i = 0; i < n / 2; i++) {
        const char *other = text[i];
        text[i] = text[n - 1 - i];
        text[n - 1 - i] = other;
    }
    if (!as_elapsed(n, text, seconds)) return false;
    for (size_t i = 0; i < n / 2; i++) {
        const double other = seconds[i];
        seconds[i] = seconds[n - 1 - i];
        seconds[n - 1 - i] = other;
    }
    return true;
}

/* The labels of rows as seconds: clock times as they are, dates with times since the first. `labels`: a date,
 * and the time beside it (2), or what tells both (1). */
static as_status seconds_of(as_parse *job, const as_block *b, const part *p, size_t labels, double *seconds,
                            bool *found)
{
    size_t row = 0, clocks = 0;
    const size_t *label = p->column + p->n - p->labels;
    *found = false;
    const char **text = AS_NEW_N(as_scratch(job->ctx), const char *, b->end - b->first);
    if (!text) return AS_ERR;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment || !row_has_number(r, p)) continue;
        if (r->more) return AS_OK;
        text[row] = text_at(r, label[0]);
        const char *other = text_at(r, label[labels - 1]), *own = text[row];
        const bool clock = as_read_clock(own, &seconds[row]); /* "12:00", and the date beside it */
        if (labels == 2) text[row] = as_format(as_scratch(job->ctx), "%s %s", clock ? other : own, clock ? own : other);
        if (!text[row]) return AS_ERR;
        clocks += as_read_clock(text[row], &seconds[row]) &&
                  (row == 0 || seconds[row] >= seconds[row - 1]);
        row++;
    }
    *found = clocks == row || as_elapsed(row, text, seconds) || elapsed_back(row, text, seconds);
    return AS_OK;
}

/* x is the time that labels tell; their column is no time since the start then. */
static as_status fill_time(as_parse *job, const part *p, const double *seconds, as_table *t)
{
    as_column *x = as_add_column(job->ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    if (x) memcpy(x->v.f, seconds, t->rows * sizeof *seconds);
    for (size_t c = 0; c < p->n; c++)
        if (strcmp(p->h[c].name, "time") == 0) p->h[c].name = "date_time";
    return x ? AS_OK : AS_ERR;
}

/* One column of numbers: y against the time that stands before it, else the number of the row. */
static as_status fill_single(as_parse *job, const as_block *b, const part *p, as_table *t)
{
    bool timed = false;
    const as_where at = { .file = job->in->name, .line = b->grid->row[b->first].line };
    if (as_is_spectral_axis(p->h[0].name))
        return as_fail(job->ctx, AS_E_MISSING, &at,
                       "'%s' is the only column with numbers: nothing is measured against it", p->h[0].name);
    double *seconds = AS_NEW_N(as_scratch(job->ctx), double, t->rows);
    if (!seconds) return AS_ERR;
    if (p->labels > 0) AS_TRY(seconds_of(job, b, p, p->labels, seconds, &timed));
    if (timed) AS_TRY(fill_time(job, p, seconds, t));
    as_column *x = timed ? NULL : as_add_column(job->ctx, t, "position", AS_ROLE_X, AS_UNITLESS);
    if (!x && !timed) return AS_ERR;
    for (size_t i = 0; x && i < t->rows; i++) x->v.f[i] = (double)(i + 1);
    AS_TRY(fill(job, b, p, 0, AS_ROLE_Y, t));
    for (size_t c = 1; c < p->n; c++) AS_TRY(fill(job, b, p, c, AS_ROLE_OTHER, t));
    return AS_OK;
}

/* A log: several columns, none of them the x of another that is known, in rows that clock times begin. */
static as_status fill_log(as_parse *job, const as_block *b, const part *p, as_table *t, bool *done)
{
    double *seconds = AS_NEW_N(as_scratch(job->ctx), double, t->rows);
    *done = false;
    if (p->labels == 0 || p->labels > 2 || p->axes.paired || strcmp(p->h[p->axes.x].name, "time") == 0) return AS_OK;
    if (!seconds) return AS_ERR;
    for (size_t labels = p->labels; labels > 0 && !*done; labels--)
        AS_TRY(seconds_of(job, b, p, labels, seconds, done));
    *done = *done && seconds[t->rows - 1] != seconds[0];
    if (!*done) return AS_OK;
    AS_TRY(fill_time(job, p, seconds, t));
    AS_TRY(fill(job, b, p, p->axes.x, AS_ROLE_Y, t));
    for (size_t c = 0; c < p->n; c++)
        if (c != p->axes.x) AS_TRY(fill(job, b, p, c, AS_ROLE_OTHER, t));
    return AS_OK;
}

static as_status fill_all(as_parse *job, const as_block *b, const part *p, as_table *t)
{
    const as_axes a = p->axes;
    bool done;
    if (p->n == p->labels + 1) return fill_single(job, b, p, t);
    AS_TRY(fill_log(job, b, p, t, &done));
    if (done) return AS_OK;
    AS_TRY(fill(job, b, p, a.x, AS_ROLE_X, t));
    AS_TRY(fill(job, b, p, a.y, AS_ROLE_Y, t));
    if (a.sigma < p->n) AS_TRY(fill(job, b, p, a.sigma, AS_ROLE_SIGMA, t));
    for (size_t c = 0; c < p->n; c++)
        if (c != a.x && c != a.y && c != a.sigma) AS_TRY(fill(job, b, p, c, AS_ROLE_OTHER, t));
    return AS_OK;
}

static void judge(as_parse *job, const as_block *b, as_table *t)
{
    const as_where where = { .file = job->in->name, .line = b->grid->row[b->first].line };
    const as_column *y = as_find_role(t, AS_ROLE_Y), *s = as_find_role(t, AS_ROLE_SIGMA);
    size_t equal = 0, known = 0;
    for (size_t i = 0; y && y->type == AS_F64 && i < t->rows; i++) equal += y->v.f[i] == y->v.f[0];
    for (size_t i = 0; s && i < t->rows; i++) known += !isnan(s->v.f[i]);
    const as_column *x = as_find_role(t, AS_ROLE_X);
    if (t->rows < 4) as_warn(job->ctx, t, &where, "only %zu rows", t->rows);
    else if (equal == t->rows) as_warn(job->ctx, t, &where, "'%s' is the same in all rows", y->name);
    if (x && y && strcmp(x->name, "relative_pressure") == 0 &&
        !as_vocabulary(AS_WORD_COLUMN, y->name))
        as_warn(job->ctx, t, &where, "'%s' against relative pressure is no amount known here",
                y->label ? y->label : y->name);
    if (s && 2 * known < t->rows) as_warn(job->ctx, t, &where, "sigma is missing in most rows");
}

/* A row without x is no point: the columns are not what they seem. */
static as_status check_x(as_parse *job, const as_block *b, const part *p, const as_table *t)
{
    const as_column *x = as_find_role(t, AS_ROLE_X);
    size_t row = 0;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment || !row_has_number(r, p)) continue;
        if (r->more && !isnan(x->v.f[row])) { /* none of them has a gap */
            row += r->more + 1;
            continue;
        }
        if (!isnan(x->v.f[row++])) continue;
        const as_where where = { .file = job->in->name, .line = r->line };
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "no value of '%s' in this row", x->name);
    }
    return AS_OK;
}

/* Why there is no numeric x and y; NULL: there are. */
static const char *lacking(const as_table *t)
{
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    if (!x || x->type != AS_F64) return "x";
    return !y || y->type != AS_F64 ? "y" : NULL;
}

/* The rows that have a home with room for all others of the block, when no other table is made of
 * them: nothing of them is copied then, nor looked at after the table has gone. */
static const as_grid_row *home_of(const as_block *b, const part *p, size_t rows)
{
    size_t before = 0;
    for (size_t i = b->first; i < b->end; i++) {
        const as_grid_row *r = &b->grid->row[i];
        if (r->comment || !row_has_number(r, p)) continue;
        if (r->home) return p->n == r->n && before == r->lead && rows <= r->stride ? r : NULL;
        before += r->more + 1;
    }
    return NULL;
}

/* The column has the negative of what stands in the file. */
static as_status set_turned(as_ctx *ctx, as_table *t, const char *name)
{
    static const struct { const char *name, *sign, *text; } turned[] = {
        { "z_imag", "z_imag_sign", "-Im(Z) in the file" },
        { "z_phase", "z_phase_sign", "-phase in the file" },
        { "z_real", "z_real_sign", "-Re(Z) in the file" },
    };
    for (size_t i = 0; i < sizeof turned / sizeof *turned; i++)
        if (strcmp(turned[i].name, name) == 0)
            return as_set_meta(ctx, t, turned[i].sign, turned[i].text, NULL, NULL);
    return AS_OK;
}

/* What the headings say of signs: "-Im(Z)", "Heat Flow Endo Up". */
static as_status set_signs(as_ctx *ctx, const part *p, as_table *t)
{
    for (size_t c = 0; c < p->n; c++) {
        const char *label = p->h[c].label ? p->h[c].label : "";
        const bool up = as_find_text(label, "exo up") || as_find_text(label, "endo down");
        const bool down = as_find_text(label, "exo down") || as_find_text(label, "endo up");
        if (p->h[c].turned) AS_TRY(set_turned(ctx, t, p->h[c].name));
        if (up || down) AS_TRY(as_set_meta(ctx, t, "exo_direction", up ? "up" : "down", NULL, NULL));
    }
    return AS_OK;
}

static as_status make_table(as_parse *job, const as_block *b, const as_grid_options *how,
                            part *p, const as_table *meta, const char *title, size_t *count)
{
    size_t rows = 0;
    for (size_t i = b->first; i < b->end; i++)
        if (!b->grid->row[i].comment && row_has_number(&b->grid->row[i], p))
            rows += b->grid->row[i].more + 1;
    const as_where where = { .file = job->in->name, .line = b->grid->row[b->first].line };
    if (rows < 2) {
        as_warn(job->ctx, NULL, &where, "a single row of numbers left out: it is no curve");
        return AS_OK;
    }
    p->home = home_of(b, p, rows);
    as_table *t = p->home ? p->home->home : as_table_new(job->ctx, rows);
    if (!t) return AS_ERR;
    t->rows = rows;
    AS_TRY(as_copy_meta(job->ctx, t, meta));
    AS_TRY(fill_all(job, b, p, t));
    if (lacking(t))
        return as_fail(job->ctx, AS_E_MISSING, &where, "the column for %s holds no numbers",
                       lacking(t));
    AS_TRY(check_x(job, b, p, t));
    if (!b->names && p->n == 3 && p->axes.sigma == p->n && p->labels == 0 && t->column[1]->type == AS_F64 &&
        t->column[2]->type == AS_F64 && proves_sigma(t->column[1], t->column[2], rows))
        AS_TRY(as_name_column(job->ctx, t, 2, "sigma", AS_ROLE_SIGMA, t->column[1]->unit));
    /* an option's text goes with the settings; the table stays */
    t->technique = how->technique ? as_strdup(t->arena, how->technique)
                                  : as_technique_of(p->n, p->h);
    if (how->technique && !t->technique) return AS_ERR;
    AS_TRY(set_signs(job->ctx, p, t));
    if (title) t->label = as_strdup(t->arena, title);
    AS_TRY(as_grid_cary(job->ctx, b, title, job->in->name, t));
    if (how->part) AS_TRY(as_set_meta(job->ctx, t, "part", how->part, NULL, NULL));
    if (b->names && !(how->columns && how->columns[0])) as_hold_against_time(t);
    judge(job, b, t);
    return as_grid_emit(job, t, count);
}

/* y has the unit of sigma's y; sigma is given none of its own in most files. */
static void share_unit(as_heading *h, const as_axes *a, size_t n)
{
    if (a->sigma < n && !h[a->sigma].stated) h[a->sigma].unit = h[a->y].unit;
}

/* Columns of texts go behind the others, those before the first column of numbers, as clock times, last of
 * all: x is a number. `numbers`: columns that are left for axes. */
static as_status put_labels_last(as_ctx *ctx, const as_block *b, part *p, size_t *numbers)
{
    size_t labels = 0, to = 0;
    while (labels < p->n && is_text_column(b, p->column[labels])) labels++;
    if (labels == p->n) return AS_OK;
    size_t *column = AS_NEW_N(as_scratch(ctx), size_t, p->n);
    as_heading *h = AS_NEW_N(as_scratch(ctx), as_heading, p->n);
    if (!column || !h) return AS_ERR;
    for (int pass = 0; pass < 3; pass++) { /* numbers, texts behind them, labels */
        for (size_t i = 0; i < p->n; i++) {
            const int own = i < labels ? 2 : is_text_column(b, p->column[i]) ? 1 : 0;
            if (own != pass) continue;
            column[to] = p->column[i];
            h[to++] = p->h[i];
        }
        if (pass == 0) *numbers = to;
    }
    p->column = column;
    p->h = h;
    p->labels = labels;
    return AS_OK;
}

as_status as_block_tables(as_parse *job, const as_block *b, const as_grid_options *how,
                          as_table *meta, size_t *count)
{
    const size_t n = b->n;
    as_heading *h = AS_NEW_N(as_scratch(job->ctx), as_heading, n);
    const char **shared = AS_NEW_N(as_scratch(job->ctx), const char *, n);
    if (!h || !shared) return AS_ERR;
    AS_TRY(read_headings(job, b, how, h, shared));
    const size_t p = period(n, h);
    for (size_t at = 0; at < n; at += p) {
        part one = { .column = b->column + at, .n = p, .h = h + at };
        AS_TRY(add_group_titles(job->ctx, b, at, at + p, h));
        AS_TRY(as_grid_told(job->ctx, b, at, at + p, h, meta));
        as_settle_headings(p, h + at);
        AS_TRY(make_unique(job->ctx, p, h + at));
        size_t numbers = p;
        if (b->grid->row[b->first].labelled) AS_TRY(put_labels_last(job->ctx, b, &one, &numbers));
        if (numbers > 1) {
            one.axes = as_choose_axes(numbers, one.h);
            share_unit(one.h, &one.axes, numbers);
            if (one.axes.sigma == numbers) one.axes.sigma = p;
        }
        const char *title = shared[at] ? shared[at] : group_title(job->ctx, b, at, at + p);
        AS_TRY(make_table(job, b, how, &one, meta, title, count));
    }
    return AS_OK;
}
