/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a claim: keywords, numbers with units, and quantities. */
#include <stdio.h>
#include <string.h>

#include "claim_words.h"
#include "number.h"

enum { MOST_NODES = 4000 };

as_status as_claim_fail(as_claim_parser *p, size_t from, size_t n, const char *message)
{
    const as_where at = as_text_where(p->a, p->text, from, n);
    return as_fail(p->ctx, AS_E_USAGE, &at, "%s", message);
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

void as_claim_skip(as_claim_parser *p)
{
    while (p->s[p->at] && strchr(" \t\r\n", p->s[p->at])) p->at++;
}

size_t as_claim_word(const char *s)
{
    size_t n = 0;
    while (letter(s[n]) || digit(s[n])) n++;
    return n;
}

/* The keyword `word` at the cursor, taken. */
bool as_claim_take_word(as_claim_parser *p, const char *word)
{
    as_claim_skip(p);
    const size_t n = strlen(word);
    if (strncmp(p->s + p->at, word, n) != 0 || as_claim_word(p->s + p->at) != n) return false;
    p->at += n;
    return true;
}

bool as_claim_take(as_claim_parser *p, char c)
{
    as_claim_skip(p);
    if (p->s[p->at] != c) return false;
    p->at++;
    return true;
}

bool as_claim_keyword(const char *s, size_t n)
{
    static const char *const words[] = { "and", "or", "not", "of", "over", "in" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && strncmp(words[i], s, n) == 0) return true;
    return false;
}

/* What stands at the cursor, for "expected ..., found ...". */
as_status as_claim_expected(as_claim_parser *p, const char *what)
{
    as_claim_skip(p);
    const char *s = p->s + p->at;
    if (!*s) { /* right behind the last thing that stands there */
        size_t end = p->at;
        while (end > 0 && strchr(" \t\r\n", p->s[end - 1])) end--;
        as_where at = as_text_where(p->a, p->text, end ? end - 1 : 0, end > 0);
        at.column += at.span;
        at.span = 0;
        return as_fail(p->ctx, AS_E_USAGE, &at, "the expression ends here, expected %s", what);
    }
    size_t n = as_claim_word(s);
    if (n == 0) n = 1;
    while (n < 8 && (s[n] & 0xC0) == 0x80) n++;
    const as_where at = as_text_where(p->a, p->text, p->at, n);
    return as_fail(p->ctx, AS_E_USAGE, &at, "found '%.*s', expected %s", (int)n, s, what);
}

as_expr *as_claim_node(as_claim_parser *p, as_expr_kind kind, size_t from, size_t n)
{
    if (++p->nodes > MOST_NODES) {
        (void)!as_claim_fail(p, from, 1, "the expression is too long");
        return NULL;
    }
    as_expr *e = AS_NEW(p->a, as_expr);
    if (!e) return NULL;
    e->kind = kind;
    e->text = p->text;
    e->from = from;
    e->to = p->at;
    e->n = n;
    e->arg = n ? AS_NEW_N(p->a, as_expr *, n) : NULL;
    return n && !e->arg ? NULL : e;
}

/* --- numbers and units ----------------------------------------------------------------- */

static bool unit_byte(const char *s, size_t i)
{
    const char c = s[i];
    if (letter(c) || c == '%' || (c & 0x80) || c == '^') return c != '_';
    if (digit(c)) return i > 0;
    if (c == '-') return i > 0 && digit(s[i + 1]) && (letter(s[i - 1]) || s[i - 1] == '^');
    if (c == '/' || c == '*') return i > 0 && (letter(s[i + 1]) || (s[i + 1] & 0x80));
    if (c == '(') return strncmp(s + i, "(STP)", 5) == 0;
    return c == ')' && i >= 4 && strncmp(s + i - 4, "(STP)", 5) == 0;
}

/* The longest unit at the cursor, cut only before a slash or star; none is fine. */
as_status as_claim_unit(as_claim_parser *p, as_unit *out)
{
    *out = AS_UNITLESS;
    const size_t before = p->at;
    as_claim_skip(p);
    const char *s = p->s + p->at;
    size_t n = 0;
    while (unit_byte(s, n)) n++;
    if (n == 0 || as_claim_keyword(s, as_claim_word(s))) {
        p->at = before;
        return AS_OK;
    }
    const size_t whole = n;
    for (;;) {
        const bool name = s[n] == '.' || (s[n] == '(' && n > 0) || s[n] == '_';
        const char *text = as_strndup(p->a, s, n);
        if (!text) return AS_ERR;
        AS_TRY(as_unit_parse(p->ctx, p->a, text, out));
        if (!name && !out->opaque) break;
        while (n > 0 && s[n - 1] != '/' && s[n - 1] != '*') n--;
        if (n <= 1) {
            const as_where at = as_text_where(p->a, p->text, p->at, whole);
            return as_fail(p->ctx, AS_E_USAGE, &at, "'%.*s' is no unit we know", (int)whole, s);
        }
        n--;
    }
    p->at += n;
    return AS_OK;
}

/* 5, 5.8~0.2, 52.1mg~0.1mg; the unit of the uncertainty may be left out or come last. */
as_status as_claim_number(as_claim_parser *p, as_expr **out)
{
    const size_t from = p->at;
    double value, u = 0;
    as_unit unit, unit_u;
    p->at += as_scan_number(p->s + p->at, strlen(p->s + p->at), '.', &value);
    AS_TRY(as_claim_unit(p, &unit));
    if (as_claim_take(p, '~')) {
        as_claim_skip(p);
        const size_t u_from = p->at;
        const size_t used = as_scan_number(p->s + p->at, strlen(p->s + p->at), '.', &u);
        if (!used || !(u >= 0)) return as_claim_expected(p, "the standard uncertainty after '~'");
        p->at += used;
        AS_TRY(as_claim_unit(p, &unit_u));
        const bool none = strcmp(unit.symbol, "1") == 0, none_u = strcmp(unit_u.symbol, "1") == 0;
        if (none && !none_u) unit = unit_u;
        if (!none && !none_u && !as_unit_same_dimension(&unit, &unit_u))
            return as_claim_fail(p, u_from, p->at - u_from,
                                 "the uncertainty has another dimension than the value");
        if (!none && !none_u) u = as_unit_scale(u, &unit_u, &unit);
    }
    as_expr *e = *out = as_claim_node(p, AS_X_NUMBER, from, 0);
    if (!e) return AS_ERR;
    e->value = value;
    e->u = u;
    e->unit = unit;
    return AS_OK;
}

/* --- quantities -------------------------------------------------------------------------- */

/* A part of a path: a word, a "text" or *; `*` yields NULL. */
static as_status read_part(as_claim_parser *p, const char **out, const char *what)
{
    const char *s = p->s + p->at;
    *out = NULL;
    if (*s == '*') {
        p->at++;
        return AS_OK;
    }
    if (*s == '"') {
        const char *end = strchr(s + 1, '"');
        if (!end)
            return as_claim_fail(p, p->at, 1, "this quote is never closed, expected another \"");
        if (end == s + 1) return as_claim_fail(p, p->at, 2, "an empty name");
        *out = as_strndup(p->a, s + 1, (size_t)(end - s - 1));
        p->at += (size_t)(end - s) + 1;
        return *out ? AS_OK : AS_ERR;
    }
    const size_t n = as_claim_word(s);
    if (n == 0) return as_claim_expected(p, what);
    *out = as_strndup(p->a, s, n);
    p->at += n;
    return *out ? AS_OK : AS_ERR;
}

static bool all_digits(const char *s)
{
    if (!s || !*s) return false;
    while (digit(*s)) s++;
    return !*s;
}

static const char quantity_form[] = "series.item.quantity (as in pristine.\"111\".area)";

/* The parts behind the series' name: [index .] item . quantity. */
static as_status fill_path(as_claim_parser *p, as_path *path, size_t from, size_t n,
                           const char *const *part)
{
    path->series = part[0];
    if (n == 4) {
        path->index = part[1] ? part[1] : "*";
        if (part[1] && !all_digits(part[1]))
            return as_claim_fail(p, from, p->at - from,
                                 "four parts: the second must be the number of a series or *");
        if (part[0] && part[1]) {
            path->series = as_format(p->a, "%s.%s", part[0], part[1]);
            if (!path->series) return AS_ERR;
        }
    }
    path->item = part[n - 2];
    path->quantity = part[n - 1];
    if (!path->quantity)
        return as_claim_fail(
            p, from, p->at - from,
            "the quantity must be named: '*' stands for series, index or item only");
    path->where = as_text_where(p->a, p->text, from, p->at - from);
    return AS_OK;
}

as_status as_claim_over(as_claim_parser *p, as_expr **e)
{
    as_claim_skip(p);
    const size_t before = p->at;
    if (!as_claim_take_word(p, "over")) return AS_OK;
    if (!as_claim_take(p, '(')) return as_claim_expected(p, "'(' after 'over'");
    as_claim_skip(p);
    const char *key = NULL;
    const size_t at = p->at;
    AS_TRY(read_part(p, &key, "the name of a metadata entry to order by"));
    if (!key) return as_claim_fail(p, at, 1, "expected the name of a metadata entry to order by");
    if (!as_claim_take(p, ')')) return as_claim_expected(p, "')'");
    if (!(*e)->set)
        return as_claim_fail(p, before, p->at - before, "only a set (with *) can be ordered");
    as_expr *over = as_claim_node(p, AS_X_OVER, (*e)->from, 1);
    if (!over) return AS_ERR;
    over->arg[0] = *e;
    over->set = true;
    over->key = key;
    *e = over;
    return AS_OK;
}

as_status as_claim_quantity(as_claim_parser *p, as_expr **out)
{
    const size_t from = p->at;
    const char *part[4] = { NULL };
    size_t n = 0;
    AS_TRY(read_part(p, &part[n++], quantity_form));
    while (p->s[p->at] == '.' && n < 4) {
        p->at++;
        AS_TRY(read_part(p, &part[n++], quantity_form));
    }
    if (p->s[p->at] == '.')
        return as_claim_fail(
            p, from, p->at - from + 1,
            "too many parts, expected series.item.quantity or series.index.item.quantity");
    if (n < 3) {
        const as_where at = as_text_where(p->a, p->text, from, p->at - from);
        const bool dash = p->s[p->at] == '-' && letter(p->s[p->at + 1]);
        return as_fail(p->ctx, AS_E_USAGE, &at, "found '%.*s', expected %s%s", (int)(p->at - from),
                       p->s + from, quantity_form,
                       dash ? "; a name with '-' stands in double quotes" : "");
    }
    as_expr *e = *out = as_claim_node(p, AS_X_QUANTITY, from, 0);
    if (!e) return AS_ERR;
    AS_TRY(fill_path(p, &e->path, from, n, part));
    e->set = !part[0] || !part[n - 2] || (n == 4 && !part[1]);
    return as_claim_over(p, out);
}
