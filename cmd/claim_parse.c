/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a claim: recursive descent over the grammar in claim.h. */
#include <stdio.h>
#include <string.h>

#include "claim_expr.h"
#include "number.h"

enum { DEEPEST = 60, MOST_NODES = 4000 };

typedef struct parser {
    as_ctx *ctx;
    as_arena *a;
    const as_text *text;
    const char *s;
    size_t at;
    int depth, nodes;
} parser;

typedef struct function {
    const char *name;
    as_expr_kind kind;
    size_t least, most;
    bool truth;
    const char *form;
} function;

static const function functions[] = {
    { "detected", AS_X_DETECTED, 1, 1, true, "detected(q)" },
    { "absent", AS_X_ABSENT, 2, 2, true, "absent(q, below=f)" },
    { "upper_limit", AS_X_UPPER_LIMIT, 1, 1, false, "upper_limit(q)" },
    { "ratio", AS_X_RATIO, 2, 2, false, "ratio(a, b)" },
    { "abs", AS_X_ABS, 1, 1, false, "abs(a)" },
    { "ln", AS_X_LN, 1, 1, false, "ln(a)" },
    { "sqrt", AS_X_SQRT, 1, 1, false, "sqrt(a)" },
    { "min", AS_X_MIN, 1, 64, false, "min(set) or min(a, b, ...)" },
    { "max", AS_X_MAX, 1, 64, false, "max(set) or max(a, b, ...)" },
    { "mean", AS_X_MEAN, 1, 64, false, "mean(set) or mean(a, b, ...)" },
    { "within", AS_X_WITHIN, 3, 3, true, "within(a, b, tolerance)" },
    { "increasing", AS_X_INCREASING, 1, 1, true, "increasing(set)" },
    { "decreasing", AS_X_DECREASING, 1, 1, true, "decreasing(set)" },
};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static as_status fail_at(parser *p, size_t from, size_t n, const char *message)
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

static void skip(parser *p)
{
    while (p->s[p->at] && strchr(" \t\r\n", p->s[p->at])) p->at++;
}

static size_t word_length(const char *s)
{
    size_t n = 0;
    while (letter(s[n]) || digit(s[n])) n++;
    return n;
}

/* The keyword `word` at the cursor, taken. */
static bool take_word(parser *p, const char *word)
{
    skip(p);
    const size_t n = strlen(word);
    if (strncmp(p->s + p->at, word, n) != 0 || word_length(p->s + p->at) != n) return false;
    p->at += n;
    return true;
}

static bool take(parser *p, char c)
{
    skip(p);
    if (p->s[p->at] != c) return false;
    p->at++;
    return true;
}

static bool keyword(const char *s, size_t n)
{
    static const char *const words[] = { "and", "or", "not", "of", "over", "in" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && strncmp(words[i], s, n) == 0) return true;
    return false;
}

/* What stands at the cursor, for "expected ..., found ...". */
static as_status expected(parser *p, const char *what)
{
    skip(p);
    const char *s = p->s + p->at;
    if (!*s) {
        const as_where at = as_text_where(p->a, p->text, p->at, 0);
        return as_fail(p->ctx, AS_E_USAGE, &at, "the expression ends here, expected %s", what);
    }
    size_t n = word_length(s);
    if (n == 0) n = 1;
    while (n < 8 && (s[n] & 0xC0) == 0x80) n++;
    const as_where at = as_text_where(p->a, p->text, p->at, n);
    return as_fail(p->ctx, AS_E_USAGE, &at, "found '%.*s', expected %s", (int)n, s, what);
}

static as_expr *node(parser *p, as_expr_kind kind, size_t from, size_t n)
{
    if (++p->nodes > MOST_NODES) {
        (void)!fail_at(p, from, 1, "the expression is too long");
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

static as_status fail_expr(parser *p, const as_expr *e, const char *message)
{
    return fail_at(p, e->from, e->to - e->from, message);
}

static as_status need_number(parser *p, const as_expr *e)
{
    return e->truth ? fail_expr(p, e, "this is true or false, expected a number") : AS_OK;
}

static as_status need_truth(parser *p, const as_expr *e)
{
    return e->truth ? AS_OK
                    : fail_expr(p, e, "this is a number, expected a comparison (a < b), detected(), "
                                      "absent(), within(), increasing() or decreasing()");
}

/* One node over two, of `kind`. */
static as_status pair(parser *p, as_expr_kind kind, as_expr *left, as_expr *right, as_expr **out)
{
    as_expr *e = node(p, kind, left->from, 2);
    if (!e) return AS_ERR;
    e->to = right->to;
    e->arg[0] = left;
    e->arg[1] = right;
    e->truth = kind >= AS_X_LESS && kind <= AS_X_NOT;
    e->set = !e->truth && (left->set || right->set);
    *out = e;
    return AS_OK;
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
static as_status read_unit(parser *p, as_unit *out)
{
    *out = AS_UNITLESS;
    const size_t before = p->at;
    skip(p);
    const char *s = p->s + p->at;
    size_t n = 0;
    while (unit_byte(s, n)) n++;
    if (n == 0 || keyword(s, word_length(s))) {
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
static as_status read_number(parser *p, as_expr **out)
{
    const size_t from = p->at;
    double value, u = 0;
    as_unit unit, unit_u;
    p->at += as_scan_number(p->s + p->at, strlen(p->s + p->at), '.', &value);
    AS_TRY(read_unit(p, &unit));
    if (take(p, '~')) {
        skip(p);
        const size_t u_from = p->at;
        const size_t used = as_scan_number(p->s + p->at, strlen(p->s + p->at), '.', &u);
        if (!used || !(u >= 0)) return expected(p, "the standard uncertainty after '~'");
        p->at += used;
        AS_TRY(read_unit(p, &unit_u));
        const bool none = strcmp(unit.symbol, "1") == 0, none_u = strcmp(unit_u.symbol, "1") == 0;
        if (none && !none_u) unit = unit_u;
        if (!none && !none_u && !as_unit_same_dimension(&unit, &unit_u))
            return fail_at(p, u_from, p->at - u_from, "the uncertainty has another dimension than the value");
        if (!none && !none_u) u = as_unit_scale(u, &unit_u, &unit);
    }
    as_expr *e = *out = node(p, AS_X_NUMBER, from, 0);
    if (!e) return AS_ERR;
    e->value = value;
    e->u = u;
    e->unit = unit;
    return AS_OK;
}

/* --- quantities -------------------------------------------------------------------------- */

/* A part of a path: a word, a "text" or *; `*` yields NULL. */
static as_status read_part(parser *p, const char **out, const char *what)
{
    const char *s = p->s + p->at;
    *out = NULL;
    if (*s == '*') {
        p->at++;
        return AS_OK;
    }
    if (*s == '"') {
        const char *end = strchr(s + 1, '"');
        if (!end) return fail_at(p, p->at, 1, "this quote is never closed, expected another \"");
        if (end == s + 1) return fail_at(p, p->at, 2, "an empty name");
        *out = as_strndup(p->a, s + 1, (size_t)(end - s - 1));
        p->at += (size_t)(end - s) + 1;
        return *out ? AS_OK : AS_ERR;
    }
    const size_t n = word_length(s);
    if (n == 0) return expected(p, what);
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
static as_status fill_path(parser *p, as_path *path, size_t from, size_t n, const char *const *part)
{
    path->series = part[0];
    if (n == 4) {
        path->index = part[1] ? part[1] : "*";
        if (part[1] && !all_digits(part[1]))
            return fail_at(p, from, p->at - from, "four parts: the second must be the number of a series or *");
        if (part[0] && part[1]) {
            path->series = as_format(p->a, "%s.%s", part[0], part[1]);
            if (!path->series) return AS_ERR;
        }
    }
    path->item = part[n - 2];
    path->quantity = part[n - 1];
    if (!path->quantity)
        return fail_at(p, from, p->at - from, "the quantity must be named: '*' stands for series, index or item only");
    path->where = as_text_where(p->a, p->text, from, p->at - from);
    return AS_OK;
}

static as_status read_over(parser *p, as_expr **e)
{
    skip(p);
    const size_t before = p->at;
    if (!take_word(p, "over")) return AS_OK;
    if (!take(p, '(')) return expected(p, "'(' after 'over'");
    skip(p);
    const char *key = NULL;
    const size_t at = p->at;
    AS_TRY(read_part(p, &key, "the name of a metadata entry to order by"));
    if (!key) return fail_at(p, at, 1, "expected the name of a metadata entry to order by");
    if (!take(p, ')')) return expected(p, "')'");
    if (!(*e)->set) return fail_at(p, before, p->at - before, "only a set (with *) can be ordered");
    as_expr *over = node(p, AS_X_OVER, (*e)->from, 1);
    if (!over) return AS_ERR;
    over->arg[0] = *e;
    over->set = true;
    over->key = key;
    *e = over;
    return AS_OK;
}

static as_status read_quantity(parser *p, as_expr **out)
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
        return fail_at(p, from, p->at - from + 1, "too many parts, expected series.item.quantity or series.index.item.quantity");
    if (n < 3) {
        const as_where at = as_text_where(p->a, p->text, from, p->at - from);
        const bool dash = p->s[p->at] == '-' && letter(p->s[p->at + 1]);
        return as_fail(p->ctx, AS_E_USAGE, &at, "found '%.*s', expected %s%s", (int)(p->at - from),
                       p->s + from, quantity_form,
                       dash ? "; a name with '-' stands in double quotes" : "");
    }
    as_expr *e = *out = node(p, AS_X_QUANTITY, from, 0);
    if (!e) return AS_ERR;
    AS_TRY(fill_path(p, &e->path, from, n, part));
    e->set = !part[0] || !part[n - 2] || (n == 4 && !part[1]);
    return read_over(p, out);
}

/* --- functions --------------------------------------------------------------------------------- */

static as_status read_claim(parser *p, as_expr **out);
static as_status read_sum(parser *p, as_expr **out);

/* below= and tolerance= at their places. */
static as_status read_argument_name(parser *p, const function *f, size_t index)
{
    skip(p);
    const char *want = f->kind == AS_X_ABSENT && index == 1 ? "below"
                       : f->kind == AS_X_WITHIN && index == 2 ? "tolerance" : NULL;
    const size_t n = word_length(p->s + p->at);
    size_t next = p->at + n;
    while (p->s[next] == ' ') next++;
    const bool named = n > 0 && p->s[next] == '=' && p->s[next + 1] != '=';
    if (!named) {
        if (f->kind == AS_X_ABSENT && index == 1)
            return expected(p, "below=: absent(q, below=f) says below which value it counts as absent");
        return AS_OK;
    }
    if (!want || strlen(want) != n || strncmp(p->s + p->at, want, n) != 0) {
        const as_where at = as_text_where(p->a, p->text, p->at, n);
        return as_fail(p->ctx, AS_E_USAGE, &at, "no argument '%.*s' here, expected %s", (int)n,
                       p->s + p->at, f->form);
    }
    p->at = next + 1;
    return AS_OK;
}

static as_status wrong_count(parser *p, const function *f, size_t from, size_t n)
{
    const as_where at = as_text_where(p->a, p->text, from, p->at - from);
    return as_fail(p->ctx, AS_E_USAGE, &at, "%s has %zu argument%s, expected %s", f->name, n,
                   n == 1 ? "" : "s", f->form);
}

static as_status check_sets(parser *p, const function *f, const as_expr *e)
{
    const bool ordered = f->kind == AS_X_INCREASING || f->kind == AS_X_DECREASING;
    if (ordered && !e->arg[0]->set)
        return fail_expr(p, e->arg[0], "one value only, expected a set (as in *.\"111\".area)");
    const bool many = f->kind == AS_X_MIN || f->kind == AS_X_MAX || f->kind == AS_X_MEAN;
    if (!many) return AS_OK;
    if (e->n == 1 && !e->arg[0]->set)
        return fail_expr(p, e->arg[0], "one value only, expected a set or several values");
    for (size_t i = 0; e->n > 1 && i < e->n; i++)
        if (e->arg[i]->set) return fail_expr(p, e->arg[i], "a set stands alone as argument");
    return AS_OK;
}

static as_status read_call(parser *p, const function *f, size_t from, as_expr **out)
{
    as_expr *args[64];
    size_t n = 0;
    do {
        as_expr *before = n ? args[n - 1] : NULL;
        skip(p);
        if (n && before->set && word_length(p->s + p->at) == 4 && strncmp(p->s + p->at, "over", 4) == 0) {
            AS_TRY(read_over(p, &args[n - 1]));
            continue;
        }
        if (n == f->most) return wrong_count(p, f, from, n + 1);
        AS_TRY(read_argument_name(p, f, n));
        AS_TRY(read_sum(p, &args[n]));
        AS_TRY(need_number(p, args[n]));
        n++;
    } while (take(p, ','));
    if (!take(p, ')')) return expected(p, "',' or ')'");
    if (n < f->least) return wrong_count(p, f, from, n);
    as_expr *e = *out = node(p, f->kind, from, n);
    if (!e) return AS_ERR;
    memcpy(e->arg, args, n * sizeof *args);
    e->truth = f->truth;
    AS_TRY(check_sets(p, f, e));
    for (size_t i = 0; i < n; i++) e->set |= e->arg[i]->set;
    if (f->truth || (f->kind >= AS_X_MIN && f->kind <= AS_X_MEAN)) e->set = false;
    return AS_OK;
}

static as_status unknown_function(parser *p, size_t n)
{
    const char *names[N_FUNCTIONS];
    for (size_t i = 0; i < N_FUNCTIONS; i++) names[i] = functions[i].name;
    const char *given = as_strndup(p->a, p->s + p->at, n);
    if (!given) return AS_ERR;
    const char *near = as_near_miss(given, N_FUNCTIONS, names);
    const as_where at = as_text_where(p->a, p->text, p->at, n);
    if (near)
        return as_fail(p->ctx, AS_E_USAGE, &at, "no function '%s'; did you mean '%s'?", given, near);
    return as_fail(p->ctx, AS_E_USAGE, &at, "no function '%s' (there are detected, absent, upper_limit, ratio, "
                   "abs, ln, sqrt, min, max, mean, within, increasing, decreasing)", given);
}

static as_status read_primary(parser *p, as_expr **out)
{
    skip(p);
    const char *s = p->s + p->at;
    const size_t from = p->at, n = word_length(s);
    if (take(p, '(')) {
        AS_TRY(read_claim(p, out));
        if (!take(p, ')')) return expected(p, "')'");
        return (*out)->truth ? AS_OK : read_over(p, out);
    }
    if (digit(*s) || (*s == '.' && digit(s[1]))) return read_number(p, out);
    if (*s == '"' || (*s == '*' && s[1] == '.')) return read_quantity(p, out);
    if (n == 0 || keyword(s, n)) return expected(p, "a number, a quantity or a function");
    if (s[n] != '(') return read_quantity(p, out);
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (strlen(functions[i].name) == n && strncmp(functions[i].name, s, n) == 0) {
            p->at += n + 1;
            return read_call(p, &functions[i], from, out);
        }
    return unknown_function(p, n);
}

/* --- operators ---------------------------------------------------------------------------------- */

static as_status read_factor(parser *p, as_expr **out)
{
    skip(p);
    const size_t from = p->at;
    if (!take(p, '-')) return read_primary(p, out);
    if (++p->depth > DEEPEST) return fail_at(p, from, 1, "nested too deeply");
    as_expr *arg = NULL;
    AS_TRY(read_factor(p, &arg));
    p->depth--;
    AS_TRY(need_number(p, arg));
    as_expr *e = *out = node(p, AS_X_NEGATE, from, 1);
    if (!e) return AS_ERR;
    e->arg[0] = arg;
    e->set = arg->set;
    return AS_OK;
}

static as_status join(parser *p, as_expr_kind kind, as_status (*next)(parser *, as_expr **),
                      as_expr **left)
{
    as_expr *right = NULL;
    AS_TRY(next(p, &right));
    AS_TRY(need_number(p, *left));
    AS_TRY(need_number(p, right));
    return pair(p, kind, *left, right, left);
}

static as_status read_term(parser *p, as_expr **out)
{
    AS_TRY(read_factor(p, out));
    for (;;) {
        if (take(p, '*') || take_word(p, "of"))
            AS_TRY(join(p, AS_X_MULTIPLY, read_factor, out));
        else if (take(p, '/'))
            AS_TRY(join(p, AS_X_DIVIDE, read_factor, out));
        else
            return AS_OK;
    }
}

static as_status read_sum(parser *p, as_expr **out)
{
    AS_TRY(read_term(p, out));
    for (;;) {
        if (take(p, '+'))
            AS_TRY(join(p, AS_X_ADD, read_term, out));
        else if (take(p, '-'))
            AS_TRY(join(p, AS_X_SUBTRACT, read_term, out));
        else
            return AS_OK;
    }
}

static bool take_comparison(parser *p, as_expr_kind *kind)
{
    const bool less = take(p, '<');
    if (!less && !take(p, '>')) return false;
    const bool equal = p->s[p->at] == '=';
    if (equal) p->at++;
    *kind = less ? (equal ? AS_X_AT_MOST : AS_X_LESS) : equal ? AS_X_AT_LEAST : AS_X_GREATER;
    return true;
}

static as_status read_comparison(parser *p, as_expr **out)
{
    as_expr *left = NULL, *all = NULL;
    as_expr_kind kind;
    AS_TRY(read_sum(p, &left));
    while (take_comparison(p, &kind)) {
        as_expr *right = NULL, *one = NULL;
        AS_TRY(read_sum(p, &right));
        AS_TRY(need_number(p, left));
        AS_TRY(need_number(p, right));
        AS_TRY(pair(p, kind, left, right, &one));
        if (all)
            AS_TRY(pair(p, AS_X_AND, all, one, &all));
        else
            all = one;
        left = right;
    }
    skip(p);
    const char *s = p->s + p->at;
    if (*s == '=' || (*s == '!' && s[1] == '='))
        return fail_at(p, p->at, *s == '!' || s[1] == '=' ? 2 : 1,
                       "measured values are never equal: write within(a, b, tolerance)");
    *out = all ? all : left;
    return AS_OK;
}

static as_status read_not(parser *p, as_expr **out)
{
    skip(p);
    const size_t from = p->at;
    if (!take_word(p, "not")) return read_comparison(p, out);
    if (++p->depth > DEEPEST) return fail_at(p, from, 3, "nested too deeply");
    as_expr *arg = NULL;
    AS_TRY(read_not(p, &arg));
    p->depth--;
    AS_TRY(need_truth(p, arg));
    as_expr *e = *out = node(p, AS_X_NOT, from, 1);
    if (!e) return AS_ERR;
    e->arg[0] = arg;
    e->truth = true;
    return AS_OK;
}

static as_status read_logic(parser *p, const char *word, as_expr_kind kind,
                            as_status (*next)(parser *, as_expr **), as_expr **out)
{
    AS_TRY(next(p, out));
    while (take_word(p, word)) {
        as_expr *right = NULL;
        AS_TRY(next(p, &right));
        AS_TRY(need_truth(p, *out));
        AS_TRY(need_truth(p, right));
        AS_TRY(pair(p, kind, *out, right, out));
    }
    return AS_OK;
}

static as_status read_and(parser *p, as_expr **out)
{
    return read_logic(p, "and", AS_X_AND, read_not, out);
}

static as_status read_claim(parser *p, as_expr **out)
{
    if (++p->depth > DEEPEST) return fail_at(p, p->at, 1, "nested too deeply");
    AS_TRY(read_logic(p, "or", AS_X_OR, read_and, out));
    p->depth--;
    return AS_OK;
}

static as_status read_end(parser *p, const char *what)
{
    skip(p);
    return p->s[p->at] ? expected(p, what) : AS_OK;
}

as_status as_claim_parse(as_ctx *ctx, as_arena *a, const as_text *text, as_expr **out)
{
    parser p = { .ctx = ctx, .a = a, .text = text, .s = text->s };
    AS_TRY(read_claim(&p, out));
    AS_TRY(read_end(&p, "an operator or the end"));
    return need_truth(&p, *out);
}

as_status as_report_parse(as_ctx *ctx, as_arena *a, const as_text *text, as_expr **out)
{
    parser p = { .ctx = ctx, .a = a, .text = text, .s = text->s };
    AS_TRY(read_claim(&p, out));
    skip(&p);
    const size_t from = p.at;
    if (!take_word(&p, "in")) return read_end(&p, "an operator, 'in UNIT' or the end");
    if (need_number(&p, *out) != AS_OK) return AS_ERR;
    skip(&p);
    as_unit unit;
    const size_t unit_from = p.at;
    if (p.s[p.at] == '1' && !p.s[p.at + 1])
        p.at++, unit = AS_UNITLESS;
    else
        AS_TRY(read_unit(&p, &unit));
    if (p.at == unit_from) return expected(&p, "a unit after 'in'");
    as_expr *e = node(&p, AS_X_IN, from, 1);
    if (!e) return AS_ERR;
    e->from = (*out)->from;
    e->arg[0] = *out;
    e->set = (*out)->set;
    e->unit = unit;
    *out = e;
    return read_end(&p, "the end");
}

/* --- what it asks for -------------------------------------------------------------------------- */

static size_t count_paths(const as_expr *e)
{
    size_t n = e->kind == AS_X_QUANTITY;
    for (size_t i = 0; i < e->n; i++) n += count_paths(e->arg[i]);
    return n;
}

static size_t list_paths(const as_expr *e, as_path *out)
{
    size_t n = 0;
    if (e->kind == AS_X_QUANTITY) out[n++] = e->path;
    for (size_t i = 0; i < e->n; i++) n += list_paths(e->arg[i], out + n);
    return n;
}

size_t as_expr_paths(as_arena *a, const as_expr *e, const as_path **out)
{
    as_path *all = AS_NEW_N(a, as_path, count_paths(e));
    *out = all;
    return all ? list_paths(e, all) : 0;
}
