/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing files; see compare.h. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "compare.h"
#include "number.h"

enum { MOST_LINES = 1000, SHOWN = 60 };

typedef struct text {
    const char *at, *end;
} text;

typedef struct job {
    as_arena *a;
    double relative, absolute;
    as_difference *out;
    const char *header; /* the first line that is no remark: names of columns, in a table */
    size_t n_header, header_line;
    size_t line;
} job;

/* --- tokens ---------------------------------------------------------------------------------- */

static bool in_number(char c)
{
    return isdigit((unsigned char)c) || c == '.' || c == '+' || c == '-' || c == 'e' || c == 'E';
}

/* The number that begins at t->at, which follows `before`; 0 bytes: none does. A digit behind a
 * letter belongs to a name (Fig2), a sign behind a digit is no sign (2022-03). */
static size_t number_at(const text *t, char before, double *value)
{
    const char *c = t->at;
    if (isalnum((unsigned char)before) || before == '_' || before == '.') return 0;
    if (!isdigit((unsigned char)*c) && *c != '.' && *c != '-' && *c != '+') return 0;
    size_t n = 0;
    while (c + n < t->end && in_number(c[n])) n++;
    while (n > 0 && !as_read_number(c, n, '.', value)) n--;
    return n;
}

static bool numbers_equal(job *j, double a, double b)
{
    const double off = fabs(a - b), size = fmax(fabs(a), fabs(b));
    j->out->numbers++;
    if (a == b) return true;
    if (!(off <= j->absolute)) j->out->largest = fmax(j->out->largest, off / size);
    return off <= j->absolute || off <= j->relative * size;
}

/* --- where ----------------------------------------------------------------------------------- */

static size_t count(const char *at, const char *end, char c)
{
    size_t n = 0;
    for (; at < end; at++) n += *at == c;
    return n;
}

/* The header's name of the field that byte `at` of a line lies in; "": the file is no table, for
 * the line has another number of fields. */
static void column_name(const job *j, const text *line, const char *at, char name[SHOWN])
{
    static const char separators[] = { ',', '\t', ' ' };
    const char *from = j->header, *end = j->header + j->n_header;
    size_t i = 0;
    name[0] = '\0';
    if (!from || j->line == j->header_line) return;
    while (i < sizeof separators && !count(from, end, separators[i])) i++;
    if (i == sizeof separators ||
        count(from, end, separators[i]) != count(line->at, line->end, separators[i]))
        return;
    for (size_t field = count(line->at, at, separators[i]); field > 0; field--)
        from = (const char *)memchr(from, separators[i], (size_t)(end - from)) + 1;
    const char *to = memchr(from, separators[i], (size_t)(end - from));
    const size_t n = (size_t)((to ? to : end) - from);
    if (n >= SHOWN) return;
    memcpy(name, from, n);
    name[n] = '\0';
}

static int shown_length(const text *t)
{
    size_t n = 0;
    while (t->at + n < t->end && n < SHOWN && !strchr(" ,\t", t->at[n])) n++;
    return (int)n;
}

static as_status note(job *j, const text *line, const text *one, const text *other)
{
    char name[SHOWN];
    if (j->out->differing++) return AS_OK;
    column_name(j, line, one->at, name);
    j->out->where =
        as_format(j->a, "line %zu%s%s: '%.*s' against '%.*s'", j->line, name[0] ? ", column " : "",
                  name, shown_length(one), one->at, shown_length(other), other->at);
    return j->out->where ? AS_OK : AS_ERR;
}

/* --- lines ----------------------------------------------------------------------------------- */

static text next_line(text *from)
{
    const char *end = memchr(from->at, '\n', (size_t)(from->end - from->at));
    const text line = { from->at, end ? end : from->end };
    from->at = end ? end + 1 : from->end;
    return line;
}

static bool is_header(const text *line)
{
    return line->at < line->end && *line->at != '#' && isalpha((unsigned char)*line->at);
}

static as_status compare_lines(job *j, const text *whole_one, const text *whole_other)
{
    text one = *whole_one, other = *whole_other;
    char before = ' ';
    while (one.at < one.end && other.at < other.end) {
        double a, b;
        const size_t n = number_at(&one, before, &a), m = number_at(&other, before, &b);
        if (n && m && numbers_equal(j, a, b)) {
            before = one.at[n - 1];
            one.at += n;
            other.at += m;
            continue;
        }
        if (n || m || *one.at != *other.at) break;
        before = *one.at++;
        other.at++;
    }
    if (one.at == one.end && other.at == other.end) return AS_OK;
    return note(j, whole_one, &one, &other);
}

static as_status compare_text(job *j, text one, text other)
{
    while (one.at < one.end && other.at < other.end && j->out->differing < MOST_LINES) {
        const text a = next_line(&one), b = next_line(&other);
        j->line++;
        if (!j->header && is_header(&a)) {
            j->header_line = j->line;
            j->header = a.at;
            j->n_header = (size_t)(a.end - a.at);
        }
        AS_TRY(compare_lines(j, &a, &b));
    }
    if ((one.at < one.end) != (other.at < other.end) && j->out->differing++ == 0) {
        j->out->where = as_format(j->a, "the %s ends after line %zu, the other goes on",
                                  one.at < one.end ? "second" : "first", j->line);
        if (!j->out->where) return AS_ERR;
    }
    j->out->same = j->out->differing ? AS_NOT_SAME : AS_SAME_NUMBERS;
    return AS_OK;
}

/* --- pictures and other bytes ---------------------------------------------------------------- */

typedef struct chunks {
    const unsigned char *at, *end;
} chunks;

/* The next chunk of a png that is no text; its bytes with length and checksum. */
static bool next_chunk(chunks *c, const unsigned char **data, size_t *n)
{
    while (c->end - c->at >= 12) {
        const unsigned char *p = c->at;
        const size_t length = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        if (length > (size_t)(c->end - p) - 12) return false;
        c->at += length + 12;
        if (memcmp(p + 4, "iTXt", 4) == 0) continue;
        *data = p;
        *n = length + 12;
        return true;
    }
    return false;
}

static bool same_picture(const unsigned char *one, size_t n_one, const unsigned char *other,
                         size_t n_other)
{
    static const char magic[] = "\x89PNG\r\n\x1a\n";
    if (n_one < 8 || n_other < 8 || memcmp(one, magic, 8) != 0 || memcmp(other, magic, 8) != 0)
        return false;
    chunks a = { one + 8, one + n_one }, b = { other + 8, other + n_other };
    for (;;) {
        const unsigned char *p, *q;
        size_t n, m;
        const bool more = next_chunk(&a, &p, &n);
        if (more != next_chunk(&b, &q, &m)) return false;
        if (!more) return a.at == a.end && b.at == b.end;
        if (n != m || memcmp(p, q, n) != 0) return false;
    }
}

static as_status compare_bytes(job *j, const unsigned char *one, size_t n_one,
                               const unsigned char *other, size_t n_other)
{
    size_t at = 0;
    if (same_picture(one, n_one, other, n_other)) {
        j->out->same = AS_SAME_PICTURE;
        return AS_OK;
    }
    while (at < n_one && at < n_other && one[at] == other[at]) at++;
    j->out->same = AS_NOT_SAME;
    j->out->differing = 1;
    j->out->where = as_format(j->a, "byte %zu; %zu against %zu bytes", at, n_one, n_other);
    return j->out->where ? AS_OK : AS_ERR;
}

as_status as_compare(as_arena *a, const unsigned char *one, size_t n_one,
                     const unsigned char *other, size_t n_other, double relative, double absolute,
                     as_difference *out)
{
    job j = { .a = a, .relative = relative, .absolute = absolute, .out = out };
    *out = (as_difference){ .same = AS_SAME_BYTES };
    if (n_one == n_other && (n_one == 0 || memcmp(one, other, n_one) == 0)) return AS_OK;
    if ((n_one && memchr(one, 0, n_one)) || (n_other && memchr(other, 0, n_other)))
        return compare_bytes(&j, one, n_one, other, n_other);
    const text x = { (const char *)one, (const char *)one + n_one },
               y = { (const char *)other, (const char *)other + n_other };
    return compare_text(&j, x, y);
}
