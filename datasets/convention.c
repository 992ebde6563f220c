/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides from all lines of a text how it separates fields and writes decimals. */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "number.h"

enum { MOST_COLUMNS = 64, CANDIDATES = 24 };

typedef struct candidate {
    as_convention c;
    double by_columns[MOST_COLUMNS + 1]; /* sum of the shares of lines with so many fields */
    size_t lines[MOST_COLUMNS + 1];
    double sparse[MOST_COLUMNS + 1]; /* the same of lines with more texts than numbers */
    size_t sparse_lines[MOST_COLUMNS + 1];
    size_t both_marks;
    size_t points, zeros; /* fields with a point; of digits, with a 0 in front */
    size_t proofs;        /* quoted fields whose comma marks no thousands */
    double score;
    bool hopeless;
} candidate;

bool as_is_missing(const char *text, size_t n)
{
    static const char *const words[] = { "", "nan", "n/a", "na", "#n/a", "-", "--", "---", "null",
                                         "none", "#div/0!", "#value!", "n.a.", "1.#qnan",
                                         "-1.#ind", "n.d.", "n.d", "nd", "n.m.", "\xe2\x80\x93",
                                         "\xe2\x80\x94", "\xe2\x88\x92", "missing" };
    char word[12] = { 0 };
    if (n >= sizeof word || (n > 0 && text[0] >= '0' && text[0] <= '9')) return false;
    memcpy(word, text, n);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (as_same(word, words[i])) return true;
    return false;
}

/* Takes the marks out of 1.234.567,8 when they group by three; the new length, 0: they do not. */
static size_t without_thousands(char mark, const char *text, size_t n, char *out)
{
    size_t length = 0, group = 0;
    bool seen = false, fraction = false;
    for (size_t i = 0; i < n; i++) {
        const char t = text[i];
        if (t == mark && !fraction) {
            if (group == 0 || group > 3 || (seen && group != 3)) return 0;
            seen = true;
            group = 0;
            continue;
        }
        if (!fraction && t >= '0' && t <= '9') {
            group++;
        } else if (!fraction && group > 0) {
            if (seen && group != 3) return 0;
            fraction = true;
        }
        out[length++] = t;
    }
    return seen && !fraction && group != 3 ? 0 : length;
}

/* What typesetters write in numbers and programs do not: U+2212 and the en dash as minus; a
 * no-break or thin blank, an apostrophe of either kind between groups of three digits. */
static const struct { const char *utf8; char plain; } printed[] = {
    { "\xe2\x88\x92", '-' },  { "\xe2\x80\x93", '-' },  { "\xc2\xa0", '\'' },
    { "\xe2\x80\xaf", '\'' }, { "\xe2\x80\x89", '\'' }, { "\xe2\x80\x99", '\'' },
};

static size_t as_typed(const char *text, size_t n, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < n;) {
        size_t k = 0, used = 1;
        for (; k < sizeof printed / sizeof *printed; k++) {
            used = strlen(printed[k].utf8);
            if (used <= n - i && memcmp(text + i, printed[k].utf8, used) == 0) break;
        }
        const bool known = k < sizeof printed / sizeof *printed;
        out[length++] = known ? printed[k].plain : text[i];
        i += known ? used : 1;
    }
    return length;
}

/* The number in a field that is none as it stands, or holds marks of thousands. */
static bool read_marked(const as_convention *c, const char *text, size_t n, double *out)
{
    char typed[64], plain[64];
    if (n == 0 || n >= sizeof typed) return false;
    n = as_typed(text, n, typed);
    const char mark = memchr(typed, '\'', n) ? '\'' : c->thousands;
    if (!mark || !memchr(typed, mark, n)) return as_read_number(typed, n, c->decimal, out);
    const size_t length = without_thousands(mark, typed, n, plain);
    return length > 0 && as_read_number(plain, length, c->decimal, out);
}

bool as_convention_number(const as_convention *c, const char *text, size_t n, double *out)
{
    if (c->thousands && memchr(text, c->thousands, n)) return read_marked(c, text, n, out);
    return as_read_number(text, n, c->decimal, out) || read_marked(c, text, n, out);
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next field of a line from *at; false behind the last. */
static bool next_field(const as_line *line, char separator, size_t *at, const char **text,
                       size_t *n)
{
    size_t from = *at, to;
    const char *t = line->text;
    if (separator == 0)
        while (from < line->length && blank(t[from])) from++;
    if (from > line->length || (from == line->length && (separator == 0 || line->length == 0)))
        return false;
    bool in_quotes = false;
    for (to = from; to < line->length; to++) {
        if (t[to] == '"') in_quotes = !in_quotes;
        else if (!in_quotes && (separator ? t[to] == separator : blank(t[to]))) break;
    }
    *at = to + 1;
    while (from < to && blank(t[from])) from++;
    while (to > from && blank(t[to - 1])) to--;
    if (to - from >= 2 && t[from] == '"' && t[to - 1] == '"') {
        from++;
        to--;
    }
    *text = t + from;
    *n = to - from;
    return true;
}

/* How a comma beside other commas shows what it is: "05" between two is no number that anybody
 * writes but what a decimal comma leaves; the comma in "10,5" marks no thousands. */
static void look_at_field(candidate *k, const char *text, size_t n)
{
    const char *comma = memchr(text, ',', n);
    size_t digits = 0;
    k->points += memchr(text, '.', n) != NULL;
    while (digits < n && text[digits] >= '0' && text[digits] <= '9') digits++;
    k->zeros += n >= 2 && digits == n && text[0] == '0';
    if (comma && (text + n - comma != 4 || text[0] == '0' || comma - text > 3)) k->proofs++;
}

/* "12.3 ± 0.4", "189+-13": a value with its uncertainty counts as a number. */
static bool is_uncertain(const candidate *k, const char *text, size_t n)
{
    static const char *const marks[] = { "\xc2\xb1", "+-", "+/-" };
    double value;
    if (!k->c.separator) return false; /* "30,189+-13": the comma may part two columns */
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        const size_t length = strlen(marks[m]);
        for (size_t i = 1; i + length < n; i++) {
            if (memcmp(text + i, marks[m], length) != 0) continue;
            size_t end = i, from = i + length;
            while (end > 0 && text[end - 1] == ' ') end--;
            while (from < n && text[from] == ' ') from++;
            return end > 0 && as_convention_number(&k->c, text, end, &value) &&
                   as_convention_number(&k->c, text + from, n - from, &value);
        }
    }
    return false;
}

static void weigh(candidate *k, const as_line *line)
{
    size_t at = 0, fields = 0, numbers = 0, filled = 0, length;
    const char *text;
    double value;
    while (next_field(line, k->c.separator, &at, &text, &length)) {
        fields++;
        if (length == 0 || as_is_missing(text, length)) continue;
        if (text[0] >= '0' && text[0] <= '9' && memchr(text, ':', length)) continue; /* a clock */
        filled++;
        if (!as_convention_number(&k->c, text, length, &value)) {
            numbers += is_uncertain(k, text, length);
            continue;
        }
        numbers++;
        if (k->c.separator == ',') look_at_field(k, text, length);
        k->both_marks += k->c.thousands && memchr(text, k->c.thousands, length) &&
                         memchr(text, k->c.decimal, length);
    }
    if (fields > MOST_COLUMNS) fields = MOST_COLUMNS;
    if (2 * numbers < filled && numbers >= 2 && k->c.separator) {
        k->sparse[fields] += (double)numbers / (double)filled;
        k->sparse_lines[fields]++;
    }
    if (numbers == 0 || 2 * numbers < filled) return;
    k->by_columns[fields] += (double)numbers / (double)filled;
    k->lines[fields]++;
}

static void conclude(candidate *k, bool sparse)
{
    size_t best = 0;
    for (size_t i = 1; i <= MOST_COLUMNS; i++)
        if (k->by_columns[i] > k->by_columns[best]) best = i;
    for (size_t i = 1; sparse && i <= MOST_COLUMNS; i++)
        if (k->sparse[i] > k->sparse[best]) best = i;
    k->score = sparse ? k->sparse[best] : k->by_columns[best];
    k->c.columns = best;
    k->c.lines = sparse ? k->sparse_lines[best] : k->lines[best];
    if (k->c.thousands && k->both_marks == 0) k->score = 0;
    if (k->c.separator == ',' && k->c.decimal == ',' && (k->proofs == 0 || k->points > 0))
        k->score = 0;
    if (k->c.separator == ',' && k->c.decimal == '.' && best > 2 && k->zeros > 0 && k->points == 0)
        k->c.ambiguous = "the comma separates, and fields as '05' look like decimals behind one";
}

/* Evidence on "12,345" standing alone in its line. */
typedef struct comma_evidence {
    size_t decimal, separator, header;
} comma_evidence;

static void look_at_comma(const as_line *line, comma_evidence *e)
{
    const char *comma = memchr(line->text, ',', line->length);
    if (!comma) return;
    const char before = comma > line->text ? comma[-1] : ' ', after = comma[1];
    const char first = line->text[strspn(line->text, " \t\"")];
    if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) {
        e->header++;
    } else if (blank(before) || blank(after) || after == '-' || after == '+' || after == '\0' ||
               strpbrk(comma + 1, ".,") || strpbrk(line->text, ".")) {
        e->separator++;
    } else if (after == '0' && comma[2] >= '0' && comma[2] <= '9') {
        e->decimal++;
    }
}

static void settle(const comma_evidence *e, const candidate *all, size_t n, candidate **best)
{
    candidate *comma = NULL, *decimal = NULL;
    for (size_t i = 0; i < n; i++) {
        candidate *k = (candidate *)(uintptr_t)&all[i];
        if (k->c.separator == ',' && k->c.columns == 2) comma = k;
        if (k->c.separator != ',' && k->c.decimal == ',' && k->c.columns == 1) decimal = k;
    }
    if (!comma || !decimal || comma->score != decimal->score || (*best != comma && *best != decimal))
        return;
    *best = comma;
    if (e->separator > 0 || e->header > 0) return;
    *best = decimal;
    if (e->decimal == 0)
        decimal->c.ambiguous = "each line is digits, a comma and digits: one number or two";
}

/* Somewhere stands "1.234,5": three digits between the two marks. */
static bool has_both_marks(const as_input *in, char thousands, char decimal)
{
    const unsigned char *p = in->data, *end = p + in->size;
    if (!memchr(p, decimal, in->size)) return false;
    while (p < end && (p = memchr(p, thousands, (size_t)(end - p)))) {
        size_t digits = 0;
        for (p++; *p >= '0' && *p <= '9'; p++) digits++; /* the input ends with zeros */
        if (digits == 3 && *p == (unsigned char)decimal) return true;
    }
    return false;
}

static size_t make_candidates(const as_input *in, candidate *all)
{
    static const char separators[] = { '\t', ';', ',', '|', '&', 0 };
    size_t n = 0;
    const bool comma = memchr(in->data, ',', in->size) != NULL;
    const bool english = comma && has_both_marks(in, ',', '.');
    const bool german = comma && has_both_marks(in, '.', ',');
    const bool quoted = memchr(in->data, '"', in->size) != NULL; /* else the comma separates */
    for (size_t s = 0; s < sizeof separators; s++) {
        const char sep = separators[s];
        if (sep && !memchr(in->data, sep, in->size)) continue;
        all[n++].c = (as_convention){ .decimal = '.', .separator = sep };
        if (comma && (sep != ',' || quoted))
            all[n++].c = (as_convention){ .decimal = ',', .separator = sep };
        if (english && sep && (sep != ',' || quoted))
            all[n++].c = (as_convention){ .decimal = '.', .separator = sep, .thousands = ',' };
        if (german && sep && sep != ',')
            all[n++].c = (as_convention){ .decimal = ',', .separator = sep, .thousands = '.' };
    }
    return n;
}

/* Who could not read one of many lines need not try the others. */
static void drop_hopeless(candidate *all, size_t n)
{
    enum { MANY = 100 };
    size_t most = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            size_t lines = 0;
            for (size_t k = 0; k <= MOST_COLUMNS; k++) lines += all[i].lines[k];
            if (pass == 0 && lines > most) most = lines;
            if (pass == 1 && lines == 0 && most >= MANY) all[i].hopeless = true;
        }
}

struct as_deciding {
    candidate all[CANDIDATES];
    size_t n;
    comma_evidence comma;
};

as_status as_deciding_begin(as_ctx *ctx, const as_input *in, as_deciding **out)
{
    *out = AS_NEW(as_scratch(ctx), as_deciding);
    if (!*out) return AS_ERR;
    (*out)->n = make_candidates(in, (*out)->all);
    return AS_OK;
}

void as_deciding_line(as_deciding *d, const as_line *line)
{
    for (size_t i = 0; i < d->n; i++)
        if (!d->all[i].hopeless) weigh(&d->all[i], line);
    if (line->where.line % 1024 == 0) drop_hopeless(d->all, d->n);
    look_at_comma(line, &d->comma);
}

bool as_deciding_form(const as_deciding *d, as_row_form *out)
{
    const candidate *left[2] = { NULL, NULL };
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (d->all[i].hopeless) continue;
        if (n == 2 || d->all[i].c.thousands) return false;
        left[n++] = &d->all[i];
    }
    if (n == 0) return false;
    const as_convention *c = &left[0]->c;
    *out = (as_row_form){ .decimal = c->decimal, .separator = c->separator, .bare = n == 2 };
    if (c->decimal == c->separator) return false; /* told apart by quotes */
    return n == 1 ||
           (c->separator == '\t' && left[1]->c.separator == 0 && left[1]->c.decimal == c->decimal);
}

void as_deciding_rows(as_deciding *d, size_t columns, size_t lines)
{
    if (columns > MOST_COLUMNS) columns = MOST_COLUMNS;
    for (size_t i = 0; i < d->n; i++) {
        if (d->all[i].hopeless) continue;
        d->all[i].by_columns[columns] += (double)lines;
        d->all[i].lines[columns] += lines;
    }
}

void as_deciding_end(as_deciding *d, as_convention *out)
{
    candidate *best = &d->all[0];
    for (int pass = 0; pass < 2 && best->c.lines == 0; pass++)
        for (size_t i = 0; i < d->n; i++) {
            conclude(&d->all[i], pass == 1);
            if (d->all[i].score > best->score) best = &d->all[i];
        }
    settle(&d->comma, d->all, d->n, &best);
    *out = best->c;
}

as_status as_convention_of(as_ctx *ctx, const as_input *in, uint32_t first, uint32_t last,
                           as_convention *out)
{
    as_deciding *d;
    as_lines it = { .in = in };
    as_line line;
    as_more more;
    AS_TRY(as_deciding_begin(ctx, in, &d));
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM)
        if (it.number >= first && !(last && it.number > last)) as_deciding_line(d, &line);
    if (more == AS_FAILED) return AS_ERR;
    as_deciding_end(d, out);
    return AS_OK;
}
