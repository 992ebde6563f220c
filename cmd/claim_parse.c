/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a claim: recursive descent over the grammar in claim.h. */
#include <string.h>

#include "claim_words.h"

enum { DEEPEST = 60 };

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

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static as_status fail_expr(as_claim_parser *p, const as_expr *e, const char *message)
{
    return as_claim_fail(p, e->from, e->to - e->from, message);
}

static as_status need_number(as_claim_parser *p, const as_expr *e)
{
    return e->truth ? fail_expr(p, e, "this is true or false, expected a number") : AS_OK;
}

static as_status need_truth(as_claim_parser *p, const as_expr *e)
{
    return e->truth ? AS_OK
                    : fail_expr(p, e,
                                "this is a number, expected a comparison (a < b), detected(), "
                                "absent(), within(), increasing() or decreasing()");
}

/* One node over two, of `kind`. */
static as_status pair(as_claim_parser *p, as_expr_kind kind, as_expr *left, as_expr *right,
                      as_expr **out)
{
    as_expr *e = as_claim_node(p, kind, left->from, 2);
    if (!e) return AS_ERR;
    e->to = right->to;
    e->arg[0] = left;
    e->arg[1] = right;
    e->truth = kind >= AS_X_LESS && kind <= AS_X_NOT;
    e->set = !e->truth && (left->set || right->set);
    *out = e;
    return AS_OK;
}

/* --- functions ---------------------------------------------------------------------------------
 */

static as_status read_claim(as_claim_parser *p, as_expr **out);
static as_status read_sum(as_claim_parser *p, as_expr **out);

/* below= and tolerance= at their places. */
static as_status read_argument_name(as_claim_parser *p, const function *f, size_t index)
{
    as_claim_skip(p);
    const char *want = f->kind == AS_X_ABSENT && index == 1   ? "below"
                       : f->kind == AS_X_WITHIN && index == 2 ? "tolerance"
                                                              : NULL;
    const size_t n = as_claim_word(p->s + p->at);
    size_t next = p->at + n;
    while (p->s[next] == ' ') next++;
    const bool named = n > 0 && p->s[next] == '=' && p->s[next + 1] != '=';
    if (!named) {
        if (f->kind == AS_X_ABSENT && index == 1)
            return as_claim_expected(
                p, "below=: absent(q, below=f) says below which value it counts as absent");
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

static as_status wrong_count(as_claim_parser *p, const function *f, size_t from, size_t n)
{
    const as_where at = as_text_where(p->a, p->text, from, p->at - from);
    return as_fail(p->ctx, AS_E_USAGE, &at, "%s has %zu argument%s, expected %s", f->name, n,
                   n == 1 ? "" : "s", f->form);
}

static as_status check_sets(as_claim_parser *p, const function *f, const as_expr *e)
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

static as_status read_call(as_claim_parser *p, const function *f, size_t from, as_expr **out)
{
    as_expr *args[64];
    size_t n = 0;
    do {
        as_expr *before = n ? args[n - 1] : NULL;
        as_claim_skip(p);
        if (n && before->set && as_claim_word(p->s + p->at) == 4 &&
            strncmp(p->s + p->at, "over", 4) == 0) {
            AS_TRY(as_claim_over(p, &args[n - 1]));
            continue;
        }
        if (n == f->most) return wrong_count(p, f, from, n + 1);
        AS_TRY(read_argument_name(p, f, n));
        AS_TRY(read_sum(p, &args[n]));
        AS_TRY(need_number(p, args[n]));
        n++;
    } while (as_claim_take(p, ','));
    if (!as_claim_take(p, ')')) return as_claim_expected(p, "',' or ')'");
    if (n < f->least) return wrong_count(p, f, from, n);
    as_expr *e = *out = as_claim_node(p, f->kind, from, n);
    if (!e) return AS_ERR;
    memcpy(e->arg, args, n * sizeof *args);
    e->truth = f->truth;
    AS_TRY(check_sets(p, f, e));
    for (size_t i = 0; i < n; i++) e->set |= e->arg[i]->set;
    if (f->truth || (f->kind >= AS_X_MIN && f->kind <= AS_X_MEAN)) e->set = false;
    return f->truth ? AS_OK : as_claim_over(p, out);
}

static as_status unknown_function(as_claim_parser *p, size_t n)
{
    const char *names[N_FUNCTIONS];
    for (size_t i = 0; i < N_FUNCTIONS; i++) names[i] = functions[i].name;
    const char *given = as_strndup(p->a, p->s + p->at, n);
    if (!given) return AS_ERR;
    const char *near = as_near_miss(given, N_FUNCTIONS, names);
    const as_where at = as_text_where(p->a, p->text, p->at, n);
    if (near)
        return as_fail(p->ctx, AS_E_USAGE, &at, "no function '%s'; did you mean '%s'?", given,
                       near);
    return as_fail(p->ctx, AS_E_USAGE, &at,
                   "no function '%s' (there are detected, absent, upper_limit, ratio, "
                   "abs, ln, sqrt, min, max, mean, within, increasing, decreasing)",
                   given);
}

static as_status read_primary(as_claim_parser *p, as_expr **out)
{
    as_claim_skip(p);
    const char *s = p->s + p->at;
    const size_t from = p->at, n = as_claim_word(s);
    if (as_claim_take(p, '(')) {
        AS_TRY(read_claim(p, out));
        if (!as_claim_take(p, ')')) return as_claim_expected(p, "')'");
        return (*out)->truth ? AS_OK : as_claim_over(p, out);
    }
    if (digit(*s) || (*s == '.' && digit(s[1]))) return as_claim_number(p, out);
    if (*s == '"' || (*s == '*' && s[1] == '.')) return as_claim_quantity(p, out);
    if (n == 0 || as_claim_keyword(s, n))
        return as_claim_expected(p, "a number, a quantity or a function");
    if (s[n] != '(') return as_claim_quantity(p, out);
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (strlen(functions[i].name) == n && strncmp(functions[i].name, s, n) == 0) {
            p->at += n + 1;
            return read_call(p, &functions[i], from, out);
        }
    return unknown_function(p, n);
}

/* --- operators ----------------------------------------------------------------------------------
 */

static as_status read_factor(as_claim_parser *p, as_expr **out)
{
    as_claim_skip(p);
    const size_t from = p->at;
    if (!as_claim_take(p, '-')) return read_primary(p, out);
    if (++p->depth > DEEPEST) return as_claim_fail(p, from, 1, "nested too deeply");
    as_expr *arg = NULL;
    AS_TRY(read_factor(p, &arg));
    p->depth--;
    AS_TRY(need_number(p, arg));
    as_expr *e = *out = as_claim_node(p, AS_X_NEGATE, from, 1);
    if (!e) return AS_ERR;
    e->arg[0] = arg;
    e->set = arg->set;
    return AS_OK;
}

static as_status join(as_claim_parser *p, as_expr_kind kind,
                      as_status (*next)(as_claim_parser *, as_expr **), as_expr **left)
{
    as_expr *right = NULL;
    AS_TRY(next(p, &right));
    AS_TRY(need_number(p, *left));
    AS_TRY(need_number(p, right));
    return pair(p, kind, *left, right, left);
}

static as_status read_term(as_claim_parser *p, as_expr **out)
{
    AS_TRY(read_factor(p, out));
    for (;;) {
        if (as_claim_take(p, '*') || as_claim_take_word(p, "of"))
            AS_TRY(join(p, AS_X_MULTIPLY, read_factor, out));
        else if (as_claim_take(p, '/'))
            AS_TRY(join(p, AS_X_DIVIDE, read_factor, out));
        else
            return AS_OK;
    }
}

static as_status read_sum(as_claim_parser *p, as_expr **out)
{
    AS_TRY(read_term(p, out));
    for (;;) {
        if (as_claim_take(p, '+'))
            AS_TRY(join(p, AS_X_ADD, read_term, out));
        else if (as_claim_take(p, '-'))
            AS_TRY(join(p, AS_X_SUBTRACT, read_term, out));
        else
            return AS_OK;
    }
}

static bool take_comparison(as_claim_parser *p, as_expr_kind *kind)
{
    const bool less = as_claim_take(p, '<');
    if (!less && !as_claim_take(p, '>')) return false;
    const bool equal = p->s[p->at] == '=';
    if (equal) p->at++;
    *kind = less ? (equal ? AS_X_AT_MOST : AS_X_LESS) : equal ? AS_X_AT_LEAST : AS_X_GREATER;
    return true;
}

static as_status read_comparison(as_claim_parser *p, as_expr **out)
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
    as_claim_skip(p);
    const char *s = p->s + p->at;
    if (*s == '=' || (*s == '!' && s[1] == '='))
        return as_claim_fail(p, p->at, *s == '!' || s[1] == '=' ? 2 : 1,
                             "measured values are never equal: write within(a, b, tolerance)");
    *out = all ? all : left;
    return AS_OK;
}

static as_status read_not(as_claim_parser *p, as_expr **out)
{
    as_claim_skip(p);
    const size_t from = p->at;
    if (!as_claim_take_word(p, "not")) return read_comparison(p, out);
    if (++p->depth > DEEPEST) return as_claim_fail(p, from, 3, "nested too deeply");
    as_expr *arg = NULL;
    AS_TRY(read_not(p, &arg));
    p->depth--;
    AS_TRY(need_truth(p, arg));
    as_expr *e = *out = as_claim_node(p, AS_X_NOT, from, 1);
    if (!e) return AS_ERR;
    e->arg[0] = arg;
    e->truth = true;
    return AS_OK;
}

static as_status read_logic(as_claim_parser *p, const char *word, as_expr_kind kind,
                            as_status (*next)(as_claim_parser *, as_expr **), as_expr **out)
{
    AS_TRY(next(p, out));
    while (as_claim_take_word(p, word)) {
        as_expr *right = NULL;
        AS_TRY(next(p, &right));
        AS_TRY(need_truth(p, *out));
        AS_TRY(need_truth(p, right));
        AS_TRY(pair(p, kind, *out, right, out));
    }
    return AS_OK;
}

static as_status read_and(as_claim_parser *p, as_expr **out)
{
    return read_logic(p, "and", AS_X_AND, read_not, out);
}

static as_status read_claim(as_claim_parser *p, as_expr **out)
{
    if (++p->depth > DEEPEST) return as_claim_fail(p, p->at, 1, "nested too deeply");
    AS_TRY(read_logic(p, "or", AS_X_OR, read_and, out));
    p->depth--;
    return AS_OK;
}

static as_status read_end(as_claim_parser *p, const char *what)
{
    as_claim_skip(p);
    return p->s[p->at] ? as_claim_expected(p, what) : AS_OK;
}

as_status as_claim_parse(as_ctx *ctx, as_arena *a, const as_text *text, as_expr **out)
{
    as_claim_parser p = { .ctx = ctx, .a = a, .text = text, .s = text->s };
    AS_TRY(read_claim(&p, out));
    AS_TRY(read_end(&p, "an operator or the end"));
    return need_truth(&p, *out);
}

as_status as_report_parse(as_ctx *ctx, as_arena *a, const as_text *text, as_expr **out)
{
    as_claim_parser p = { .ctx = ctx, .a = a, .text = text, .s = text->s };
    AS_TRY(read_claim(&p, out));
    as_claim_skip(&p);
    const size_t from = p.at;
    if (!as_claim_take_word(&p, "in")) return read_end(&p, "an operator, 'in UNIT' or the end");
    if (need_number(&p, *out) != AS_OK) return AS_ERR;
    as_claim_skip(&p);
    as_unit unit;
    const size_t unit_from = p.at;
    if (p.s[p.at] == '1' && !p.s[p.at + 1])
        p.at++, unit = AS_UNITLESS;
    else
        AS_TRY(as_claim_unit(&p, &unit));
    if (p.at == unit_from) return as_claim_expected(&p, "a unit after 'in'");
    as_expr *e = as_claim_node(&p, AS_X_IN, from, 1);
    if (!e) return AS_ERR;
    e->from = (*out)->from;
    e->arg[0] = *out;
    e->set = (*out)->set;
    e->unit = unit;
    *out = e;
    return read_end(&p, "the end");
}

/* --- what it asks for --------------------------------------------------------------------------
 */

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
