/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model language (docs/models.md):
 *
 *     model   = term { "+" term }
 *     term    = SHAPE [ "(" label or formula ")" ] { NAME "=" value }
 *     value   = start { "~" u | "[" [lo] ":" [hi] "]" | "!" | "fixed" } | tie
 *     start   = NUMBER, or nothing when a bound or ! follows (the data decide)
 *     tie     = "@" LABEL "." NAME [ ("*" | "/") NUMBER ] [ ("+" | "-") NUMBER ]
 *             | "@(" EXPRESSION of LABEL "." NAME ")"
 *
 * Blanks and line ends are free; # starts a comment. Two passes: the first finds the terms and
 * their labels, so that ties may point forward.
 */
#include <math.h>
#include <string.h>

#include "model_parts.h"
#include "number.h"

typedef struct parser {
    as_ctx *ctx;
    as_arena *arena;
    const char *text;
    size_t n, at;
    const as_where *where;
    as_model *m;
} parser;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The place of byte `at`, with its line for the caret. */
static as_where place(parser *p, size_t at)
{
    as_where w = { .line = 1, .column = 1 };
    if (p->where) w = *p->where;
    size_t line = 0, first = at < p->n ? at : p->n;
    for (size_t i = 0; i < first; i++)
        if (p->text[i] == '\n') line++;
    while (first > 0 && p->text[first - 1] != '\n') first--;
    size_t end = first;
    while (end < p->n && p->text[end] != '\n') end++;
    w.line += (uint32_t)line;
    w.column = (uint32_t)(at - first) + (line == 0 ? w.column : 1);
    if (!p->where || !p->where->line_text)
        w.line_text = as_strndup(as_scratch(p->ctx), p->text + first, end - first);
    return w;
}

#define WRONG(p, spot, ...)                                                                        \
    do {                                                                                           \
        const as_where at_ = place(p, spot);                                                       \
        return as_fail((p)->ctx, AS_E_USAGE, &at_, __VA_ARGS__);                                   \
    } while (0)

static void blanks(parser *p)
{
    while (p->at < p->n) {
        const char c = p->text[p->at];
        if (c == '#')
            while (p->at < p->n && p->text[p->at] != '\n') p->at++;
        else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            p->at++;
        else
            return;
    }
}

static char peek(parser *p)
{
    blanks(p);
    return p->at < p->n ? p->text[p->at] : 0;
}

static bool eat(parser *p, char c)
{
    if (peek(p) != c) return false;
    p->at++;
    return true;
}

/* Letters, digits and '_'; with '-' for names of shapes. NULL: none here, or no memory. */
static const char *word(parser *p, bool dashes)
{
    blanks(p);
    const size_t from = p->at;
    while (p->at < p->n &&
           (is_letter(p->text[p->at]) || (p->at > from && is_digit(p->text[p->at])) ||
            (dashes && p->at > from && p->text[p->at] == '-')))
        p->at++;
    return p->at > from ? as_strndup(p->arena, p->text + from, p->at - from) : NULL;
}

static bool number(parser *p, double *out)
{
    blanks(p);
    const size_t used = as_scan_number(p->text + p->at, p->n - p->at, '.', out);
    p->at += used;
    return used > 0;
}

/* Behind the ")" that closes the "(" at p->at; 0: none. */
static size_t closing(const parser *p)
{
    size_t depth = 0;
    for (size_t i = p->at; i < p->n; i++) {
        depth += p->text[i] == '(';
        depth -= p->text[i] == ')';
        if (depth == 0) return i + 1;
    }
    return 0;
}

/* poly3: the shape poly with degree 3. */
static const as_shape *shape_of(const char *name, size_t *degree)
{
    const as_shape *s = as_shape_find(name);
    if (s) return s;
    char stem[32];
    size_t n = strlen(name);
    while (n > 0 && is_digit(name[n - 1])) n--;
    if (n == strlen(name) || n + 1 > sizeof stem) return NULL;
    memcpy(stem, name, n);
    stem[n] = 0;
    double d;
    as_scan_number(name + n, strlen(name + n), '.', &d);
    s = as_shape_find(stem);
    *degree = d <= AS_SHAPE_PARAMS ? (size_t)d : AS_SHAPE_PARAMS;
    return s && s->n_params == 0 ? s : NULL;
}

static as_status unknown_shape(parser *p, size_t spot, const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (; as_shapes[n]; n++) names[n] = as_shapes[n]->name;
    names[n++] = "formula";
    const char *near = as_near_miss(name, n, names);
    WRONG(p, spot, "no shape is called '%s'%s%s%s", name, near ? ", did you mean " : "",
          near ? near : "", near ? "?" : "");
}

static as_status add_param(parser *p, as_model_param q)
{
    as_model *m = p->m;
    as_model_param *more = as_grow(p->arena, m->param, m->n_params, sizeof *more);
    if (!more) return AS_ERR;
    m->param = more;
    q.value = NAN;
    q.u = q.restraint = q.restraint_u = NAN;
    q.tie = -1;
    q.factor = 1;
    m->param[m->n_params++] = q;
    return AS_OK;
}

static as_status shape_params(parser *p, as_model_term *t, size_t count)
{
    t->first = p->m->n_params;
    t->n_params = count;
    for (size_t k = 0; k < count; k++) {
        const as_shape_param *s = &t->shape->params[k];
        AS_TRY(add_param(
            p, (as_model_param){ .name = s->name, .unit = s->unit, .lo = s->lo, .hi = s->hi }));
    }
    return AS_OK;
}

static as_status formula_params(parser *p, as_model_term *t, size_t from, size_t to)
{
    static const char *const x[] = { "x" };
    as_expression *e = AS_NEW(p->arena, as_expression);
    if (!e) return AS_ERR;
    const as_where at = place(p, from);
    AS_TRY(as_expression_parse(p->ctx, p->arena, p->text + from, to - from, &at, 1, x, e));
    t->formula = e;
    t->first = p->m->n_params;
    t->n_params = e->n_params;
    for (size_t k = 0; k < e->n_params; k++)
        AS_TRY(add_param(
            p,
            (as_model_param){ .name = e->param[k], .unit = "", .lo = -INFINITY, .hi = INFINITY }));
    return AS_OK;
}

/* SHAPE [ "(" ... ")" ]: the term with its parameters, all open. */
static as_status head(parser *p, as_model_term *t)
{
    blanks(p);
    const size_t spot = p->at;
    size_t degree = 0;
    const char *name = word(p, true);
    if (!name) WRONG(p, spot, "expected a shape: gaussian, pvoigt, linear ... or formula(...)");
    t->split = t->ratio = AS_NO_COLUMN;
    t->label = name;
    size_t from = 0, to = 0;
    if (p->at < p->n && p->text[p->at] == '(') {
        const size_t end = closing(p);
        if (!end) WRONG(p, p->at, "this parenthesis is not closed");
        from = p->at + 1;
        to = end - 1;
        p->at = end;
    }
    if (strcmp(name, "formula") == 0) {
        if (from == to) WRONG(p, spot, "a formula stands in parentheses: formula(a*exp(-x/t))");
        return formula_params(p, t, from, to);
    }
    t->shape = shape_of(name, &degree);
    if (!t->shape) return unknown_shape(p, spot, name);
    if (degree > 10) WRONG(p, spot, "the degree is 10 at most");
    t->named = to > from;
    if (t->named) t->label = as_strndup(p->arena, p->text + from, to - from);
    if (!t->label) return AS_ERR;
    return shape_params(p, t, t->shape->n_params ? t->shape->n_params : degree + 1);
}

/* The next "+" that starts a term; the end of the text when there is none. */
static bool next_term(parser *p)
{
    for (; p->at < p->n; p->at++) {
        if (p->text[p->at] == '#') blanks(p);
        if (p->at >= p->n) break;
        if (p->text[p->at] == '(' && closing(p)) p->at = closing(p) - 1; /* an expression */
        if (p->text[p->at] != '+') continue;
        const size_t plus = p->at++;
        if (is_letter(peek(p))) return true;
        p->at = plus;
    }
    return false;
}

/* Terms without a label of their own and of one shape become gaussian1, gaussian2 ... */
static as_status label_terms(parser *p)
{
    as_model *m = p->m;
    for (size_t i = 0; i < m->n_terms; i++) {
        const as_model_term *t = &m->term[i];
        size_t same = 0, before = 0;
        if (t->named) continue;
        for (size_t k = 0; k < m->n_terms; k++) {
            const bool alike = !m->term[k].named && m->term[k].shape == t->shape;
            same += alike;
            before += alike && k < i;
        }
        const char *name = t->shape ? t->shape->name : "formula";
        m->term[i].label = same > 1 ? as_format(p->arena, "%s%zu", name, before + 1) : name;
        if (!m->term[i].label) return AS_ERR;
    }
    for (size_t i = 0; i < m->n_terms; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->term[i].label, m->term[k].label) == 0)
                return as_fail(p->ctx, AS_E_USAGE, NULL, "two terms are called '%s'",
                               m->term[i].label);
    return AS_OK;
}

/* Whether the settings up to byte `end` have one of a doublet. */
static bool has_doublet(const parser *p, size_t end)
{
    static const char *const words[] = { "split", "ratio", "doublet" };
    for (size_t i = p->at; i < end; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            const size_t n = strlen(words[k]);
            if (i + n < end && memcmp(p->text + i, words[k], n) == 0 && !is_letter(p->text[i - 1]) &&
                p->text[i - 1] != '.' && !is_letter(p->text[i + n]))
                return true;
        }
    return false;
}

static as_status doublet_params(parser *p, as_model_term *t)
{
    static const as_model_param split = {
        .name = "split", .unit = "x", .lo = -INFINITY, .hi = INFINITY, .fixed = true
    };
    static const as_model_param ratio = {
        .name = "ratio", .unit = "1", .lo = 0, .hi = INFINITY, .fixed = true
    };
    t->split = (int)p->m->n_params;
    t->ratio = t->split + 1;
    t->n_params += 2;
    AS_TRY(add_param(p, split));
    return add_param(p, ratio);
}

/* First pass: all terms. spots[2 i], spots[2 i + 1]: where term i and its settings begin. */
static as_status find_terms(parser *p, size_t **spots)
{
    size_t count = 1;
    for (size_t i = 0; i < p->n; i++) count += p->text[i] == '+';
    p->m->term = AS_NEW_N(p->arena, as_model_term, count);
    *spots = AS_NEW_N(as_scratch(p->ctx), size_t, 2 * count);
    if (!p->m->term || !*spots) return AS_ERR;
    bool more = true;
    while (more) {
        as_model_term *t = &p->m->term[p->m->n_terms];
        peek(p);
        (*spots)[2 * p->m->n_terms] = p->at;
        AS_TRY(head(p, t));
        const size_t from = (*spots)[2 * p->m->n_terms++ + 1] = p->at;
        more = next_term(p);
        const size_t after = p->at;
        p->at = from;
        if (t->shape && t->shape->kind == AS_SHAPE_PEAK && has_doublet(p, after))
            AS_TRY(doublet_params(p, t));
        p->at = after;
    }
    return label_terms(p);
}

static int find_param(const as_model *m, const as_model_term *t, const char *name)
{
    for (size_t k = t->first; k < t->first + t->n_params; k++)
        if (strcmp(m->param[k].name, name) == 0) return (int)k;
    return -1;
}

/* "height, center, fwhm" */
static const char *params_of(const parser *p, const as_model_term *t)
{
    const char *list = "";
    for (size_t k = t->first; list && k < t->first + t->n_params; k++)
        list = as_format(as_scratch(p->ctx), "%s%s%s", list, *list ? ", " : "", p->m->param[k].name);
    return list;
}

static const char *or_nothing(const char *text)
{
    return text && *text ? text : "none";
}

/* A parameter of the term, or its amplitude under the other name: area for height. */
static as_status setting_name(parser *p, as_model_term *t, int *out)
{
    blanks(p);
    const size_t spot = p->at;
    const char *name = word(p, false);
    if (!name) WRONG(p, spot, "expected a setting like center=5.8, or + and the next term");
    *out = find_param(p->m, t, name);
    if (*out >= 0) return AS_OK;
    const as_shape *s = t->shape;
    const char *other = s && s->amplitude == AS_NATIVE_AREA ? "height" : "area";
    if (s && s->kind == AS_SHAPE_PEAK && s->ratio && strcmp(name, other) == 0) {
        const double domain = INFINITY;
        t->converted = true;
        *out = (int)t->first;
        p->m->param[t->first].name = name;
        p->m->param[t->first].unit = s->amplitude == AS_NATIVE_AREA ? "y" : "x*y";
        p->m->param[t->first].lo = -domain;
        p->m->param[t->first].hi = domain;
        return AS_OK;
    }
    const char *names[AS_MODEL_TERM_PARAMS + 1];
    for (size_t k = 0; k < t->n_params; k++) names[k] = p->m->param[t->first + k].name;
    const char *near = as_near_miss(name, t->n_params, names);
    if (near) WRONG(p, spot, "%s has no parameter '%s', did you mean %s?", s ? s->name : "the formula", name, near);
    WRONG(p, spot, "%s has no parameter '%s'; it has %s", s ? s->name : "the formula", name,
          or_nothing(params_of(p, t)));
}

/* "@" LABEL "." NAME and the factor and offset behind it. */
static as_status tie(parser *p, as_model_param *q)
{
    const size_t spot = p->at;
    const as_model *m = p->m;
    const as_model_term *to = NULL;
    if (peek(p) == '(') {
        const size_t end = closing(p);
        if (!end) WRONG(p, spot, "expected ')' behind the expression");
        p->at = end;
        return as_model_rule_parse(p->ctx, p->arena, m, p->text + spot + 1, end - spot - 2,
                                   &q->rule);
    }
    size_t longest = 0;
    for (size_t i = 0; i < m->n_terms; i++) {
        const size_t n = strlen(m->term[i].label);
        if (n < longest || p->at + n >= p->n) continue;
        if (memcmp(p->text + p->at, m->term[i].label, n) != 0 || p->text[p->at + n] != '.')
            continue;
        to = &m->term[i];
        longest = n;
    }
    if (!to) WRONG(p, spot, "no term of this name, expected @TERM.PARAMETER");
    p->at += longest + 1;
    const size_t at_name = p->at;
    const char *name = word(p, false);
    q->tie = name ? find_param(m, to, name) : -1;
    if (q->tie < 0) {
        const char *has = params_of(p, to);
        if (!has) return AS_ERR;
        WRONG(p, at_name, "'%s' has no such parameter%s%s", to->label, *has ? ", only " : "", has);
    }
    q->tie_name = name;
    double v;
    q->factor = 1;
    const char op = peek(p);
    if (op == '*' || op == '/') {
        p->at++;
        if (!number(p, &v) || v == 0) WRONG(p, p->at, "expected a number other than 0");
        q->factor = op == '*' ? v : 1 / v;
    }
    const char sign = peek(p);
    if (sign == '-' || sign == '+') {
        const size_t back = p->at++;
        if (number(p, &v))
            q->offset = sign == '-' ? -v : v;
        else
            p->at = back; /* the next term */
    }
    return AS_OK;
}

static as_status bounds(parser *p, as_model_param *q)
{
    const size_t spot = p->at - 1;
    double lo = q->lo, hi = q->hi, v;
    if (number(p, &v)) lo = v;
    if (!eat(p, ':')) WRONG(p, p->at, "expected ':' between the bounds, as in [0.1:2]");
    if (number(p, &v)) hi = v;
    if (!eat(p, ']')) WRONG(p, p->at, "expected ']' behind the bounds");
    if (!(lo <= hi)) WRONG(p, spot, "the lower bound lies above the upper one");
    if (lo < q->lo || hi > q->hi)
        WRONG(p, spot, "%s lies between %g and %g by definition", q->name, q->lo, q->hi);
    q->lo = lo;
    q->hi = hi;
    return AS_OK;
}

static as_status value(parser *p, as_model_param *q)
{
    blanks(p);
    const size_t spot = p->at;
    double v;
    q->fixed = false;
    if (eat(p, '@')) return tie(p, q);
    q->given = number(p, &v);
    if (q->given) q->value = v;
    bool any = q->given;
    for (;; any = true) {
        const size_t before = p->at;
        if (q->given && eat(p, '~')) {
            q->restraint = q->value;
            if (!number(p, &q->restraint_u) || !(q->restraint_u > 0))
                WRONG(p, p->at, "expected a standard uncertainty above 0 behind '~'");
        } else if (eat(p, '['))
            AS_TRY(bounds(p, q));
        else if (eat(p, '!'))
            q->fixed = true;
        else {
            const char *w = is_letter(peek(p)) ? word(p, false) : NULL;
            if (w && strcmp(w, "fixed") == 0 && peek(p) != '=') {
                q->fixed = true;
                continue;
            }
            p->at = before;
            break;
        }
    }
    if (!any) WRONG(p, spot, "expected a number, a bound [lo:hi], ! or a tie @TERM.PARAMETER");
    if (p->at > 0 && is_digit(p->text[p->at - 1]) && p->at < p->n && is_letter(p->text[p->at]))
        WRONG(p, p->at, "units are not written here: values are in the units of x and y");
    if (q->given && (q->value < q->lo || q->value > q->hi))
        WRONG(p, spot, "%s = %g lies outside its bounds %g to %g", q->name, q->value, q->lo, q->hi);
    return AS_OK;
}

static const struct known_doublet { const char *name; double split, ratio; } doublets[] = {
#define AS_DOUBLET(name, split, ratio) { name, split, ratio },
#include "doublets.def"
#undef AS_DOUBLET
};
enum { DOUBLETS = sizeof doublets / sizeof *doublets };

/* doublet=S2p: "=" and the name. */
static as_status doublet_name(parser *p, const struct known_doublet **out)
{
    const char *names[DOUBLETS];
    for (size_t k = 0; k < DOUBLETS; k++) names[k] = doublets[k].name;
    if (*out) WRONG(p, p->at, "'doublet' is set twice");
    if (!eat(p, '=')) WRONG(p, p->at, "expected '=' behind 'doublet'");
    blanks(p);
    const size_t spot = p->at;
    const char *name = word(p, false);
    for (size_t k = 0; name && k < DOUBLETS; k++)
        if (strcmp(name, doublets[k].name) == 0) *out = &doublets[k];
    if (*out) return AS_OK;
    const char *near = name ? as_near_miss(name, DOUBLETS, names) : NULL;
    WRONG(p, spot, "expected a doublet: S2p, Au4f ..., or p, d, f with a split of your own%s%s%s",
          near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* What the text left open of splitting and ratio. */
/* The model says what it is: by a value, a tie or a rule. */
static bool is_set(const as_model_param *q)
{
    return q->given || q->tie >= 0 || q->rule;
}

static void known_doublet(as_model *m, const as_model_term *t, const struct known_doublet *d)
{
    as_model_param *const q[] = { &m->param[t->split], &m->param[t->ratio] };
    const double known[] = { d->split, d->ratio };
    for (size_t k = 0; k < 2; k++) {
        if (is_set(q[k]) || isnan(known[k])) continue;
        q[k]->value = known[k];
        q[k]->given = true;
    }
}

static as_status settings(parser *p, as_model_term *t)
{
    const struct known_doublet *known = NULL;
    while (peek(p) && peek(p) != '+') {
        int k = -1;
        const size_t spot = p->at;
        if (t->shape && t->shape->kind == AS_SHAPE_BACKGROUND && p->at + 6 < p->n &&
            memcmp(p->text + p->at, "origin", 6) == 0 && !is_letter(p->text[p->at + 6])) {
            p->at += 6;
            if (!eat(p, '=') || !number(p, &t->q[2])) WRONG(p, p->at, "expected origin=NUMBER");
            t->origin_given = true;
            continue;
        }
        if (t->split != AS_NO_COLUMN && p->at + 7 < p->n && memcmp(p->text + p->at, "doublet", 7) == 0) {
            p->at += 7;
            AS_TRY(doublet_name(p, &known));
            continue;
        }
        AS_TRY(setting_name(p, t, &k));
        if (!eat(p, '=')) WRONG(p, p->at, "expected '=' behind '%s'", p->m->param[k].name);
        if (is_set(&p->m->param[k]))
            WRONG(p, spot, "'%s' is set twice", p->m->param[k].name);
        const bool doublet = k == t->split || k == t->ratio;
        as_model_param *q = &p->m->param[k];
        const double lo = q->lo, hi = q->hi;
        AS_TRY(value(p, q));
        if (doublet && q->tie < 0 && !q->rule && q->lo == lo && q->hi == hi && isnan(q->restraint))
            q->fixed = true; /* a splitting is known unless a bound or restraint says otherwise */
    }
    if (known) known_doublet(p->m, t, known);
    if (t->split != AS_NO_COLUMN && !is_set(&p->m->param[t->split]))
        return as_fail(p->ctx, AS_E_USAGE, NULL, "'%s' has a ratio and no split", t->label);
    if (t->ratio != AS_NO_COLUMN && !is_set(&p->m->param[t->ratio]))
        return as_fail(p->ctx, AS_E_USAGE, NULL, "'%s' has a split and no ratio", t->label);
    return AS_OK;
}

as_status as_model_parse(as_ctx *ctx, as_arena *a, const char *text, const as_where *at,
                         as_model *out)
{
    size_t *spots = NULL;
    memset(out, 0, sizeof *out);
    parser p = { .ctx = ctx, .arena = a, .text = text, .n = strlen(text), .where = at, .m = out };
    AS_TRY(find_terms(&p, &spots));
    for (size_t i = 0; i < out->n_terms; i++) {
        p.at = spots[2 * i + 1];
        AS_TRY(settings(&p, &out->term[i]));
        const size_t plus = p.at;
        const bool last = i + 1 == out->n_terms;
        if (!last && eat(&p, '+')) peek(&p);
        if (p.at != (last ? p.n : spots[2 * i + 2])) WRONG(&p, plus, "expected a term behind '+'");
    }
    for (size_t k = 0; k < out->n_params; k++) { /* area= further on makes area of height */
        const as_model_param *q = &out->param[k];
        if (q->tie >= 0 && strcmp(out->param[q->tie].name, q->tie_name) != 0)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' is tied to %s of a term that has %s",
                           q->name, q->tie_name, out->param[q->tie].name);
    }
    return AS_OK;
}
