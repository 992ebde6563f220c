/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equivalent circuits: the text, and the impedance with its derivatives. See circuit.h. */
#include <math.h>
#include <string.h>

#include "circuit.h"
#include "number.h"

enum { DEPTH = 16 };

typedef struct level { /* of parentheses */
    size_t series, branches,
        open; /* blocks of the branch so far, branches closed, place of the parenthesis */
} level;

typedef struct parser {
    as_ctx *ctx;
    as_arena *arena;
    as_circuit *c;
    const char *text;
    size_t at, n_levels;
    level levels[DEPTH];
} parser;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static as_where place(const char *text, size_t at)
{
    return (as_where){ .line = 1, .column = (uint32_t)at + 1, .line_text = text };
}

#define WRONG(ctx, text, at, ...)                                                                  \
    do {                                                                                           \
        const as_where where_ = place(text, at);                                                   \
        return as_fail(ctx, AS_E_USAGE, &where_, __VA_ARGS__);                                     \
    } while (0)

static void blanks(parser *p)
{
    while (p->text[p->at] == ' ' || p->text[p->at] == '\n' || p->text[p->at] == '\t') p->at++;
}

static void emit(parser *p, int op, size_t n)
{
    p->c->code[p->c->n_code++] = (as_circuit_code){ .op = op, .n = n };
}

static const as_element_kind *kind_of(const char *name, size_t n)
{
    for (const as_element_kind *k = as_element_kinds; k->name; k++)
        if (strlen(k->name) == n && memcmp(k->name, name, n) == 0) return k;
    return NULL;
}

static as_status add_params(parser *p, const as_element *e)
{
    as_circuit *c = p->c;
    if (c->n_params + e->kind->n > AS_CIRCUIT_PARAMS)
        WRONG(p->ctx, p->text, p->at, "more than %d parameters in a circuit", AS_CIRCUIT_PARAMS);
    for (size_t k = 0; k < e->kind->n; k++) {
        const as_element_param *what = &e->kind->param[k];
        const bool exponent = what->role == AS_EXPONENT;
        as_circuit_param *q = &c->param[c->n_params++];
        *q = (as_circuit_param){
            .what = what, .start = NAN, .lo = exponent ? 0.01 : 1e-25, .hi = exponent ? 1 : 1e25
        };
        q->name = e->kind->n == 1 ? e->name : as_format(p->arena, "%s.%s", e->name, what->name);
        if (!q->name) return AS_ERR;
    }
    return AS_OK;
}

static as_status parse_element(parser *p)
{
    as_circuit *c = p->c;
    const size_t from = p->at;
    size_t letters = 0;
    while (is_letter(p->text[p->at])) p->at++, letters++;
    while (is_word(p->text[p->at]) && p->text[p->at] != '.') p->at++;
    if (letters == 0)
        WRONG(p->ctx, p->text, from, "an element or p( was expected here, as R0 or CPE1");
    const as_element_kind *kind = kind_of(p->text + from, letters);
    if (!kind)
        WRONG(p->ctx, p->text, from,
              "no element is called '%.*s': R C L La CPE W Wo Ws Zarc G, with a number or _name "
              "behind",
              (int)letters, p->text + from);
    if (c->n_elements == AS_CIRCUIT_ELEMENTS)
        WRONG(p->ctx, p->text, from, "more than %d elements in a circuit", AS_CIRCUIT_ELEMENTS);
    as_element e = { as_strndup(p->arena, p->text + from, p->at - from), kind, c->n_params,
                     c->n_blocks };
    if (!e.name) return AS_ERR;
    for (size_t i = 0; i < c->n_elements; i++)
        if (strcmp(c->element[i].name, e.name) == 0)
            WRONG(p->ctx, p->text, from, "a second element called %s", e.name);
    emit(p, AS_CODE_ELEMENT, c->n_elements);
    c->element[c->n_elements++] = e;
    return add_params(p, &e);
}

/* A branch ends: its blocks become one. */
static void close_branch(parser *p)
{
    level *l = &p->levels[p->n_levels];
    if (l->series > 1) emit(p, AS_CODE_SERIES, l->series);
    l->series = 0;
    l->branches++;
}

static as_status open_parallel(parser *p)
{
    if (p->n_levels + 1 == DEPTH)
        WRONG(p->ctx, p->text, p->at, "parentheses nested deeper than %d", DEPTH - 1);
    p->levels[++p->n_levels] = (level){ .open = p->at };
    p->at += 2;
    return AS_OK;
}

/* What follows a block; *more: another block is expected. */
static as_status after_block(parser *p, bool *more)
{
    for (;;) {
        level *l = &p->levels[p->n_levels];
        l->series++;
        if (p->n_levels == 0) p->c->block_code[++p->c->n_blocks] = p->c->n_code;
        blanks(p);
        const char c = p->text[p->at];
        *more = c == '-' || c == ',';
        if (c == '-') return p->at++, AS_OK;
        if (c == '\0' && p->n_levels == 0) return AS_OK;
        if (c == '\0') WRONG(p->ctx, p->text, l->open, "this parenthesis is not closed");
        if (p->n_levels == 0 || (c != ',' && c != ')'))
            WRONG(p->ctx, p->text, p->at, "'%c' found, expected %s", c,
                  p->n_levels ? "- or , or )" : "- or the end");
        close_branch(p);
        p->at++;
        if (c == ',') return AS_OK;
        if (l->branches < 2)
            WRONG(p->ctx, p->text, l->open, "a single branch is not parallel to anything");
        emit(p, AS_CODE_PARALLEL, l->branches);
        p->n_levels--;
    }
}

as_status as_circuit_parse(as_ctx *ctx, as_arena *a, const char *text, as_circuit *out)
{
    parser p = { .ctx = ctx, .arena = a, .c = out };
    *out = (as_circuit){ .text = as_strdup(a, text) };
    if (!out->text) return AS_ERR;
    p.text = out->text;
    for (bool more = true; more;) {
        blanks(&p);
        if (p.text[p.at] == 'p' && p.text[p.at + 1] == '(') {
            AS_TRY(open_parallel(&p));
            continue;
        }
        AS_TRY(parse_element(&p));
        AS_TRY(after_block(&p, &more));
    }
    if (out->n_blocks > 1) emit(&p, AS_CODE_SERIES, out->n_blocks);
    return AS_OK;
}

size_t as_circuit_find(const as_circuit *c, const char *name, size_t n)
{
    size_t k = 0;
    while (k < c->n_params &&
           !(strlen(c->param[k].name) == n && memcmp(c->param[k].name, name, n) == 0))
        k++;
    return k;
}

/* A number of `text` from *at on, which moves behind it. */
static bool number_at(const char *text, size_t *at, double *out)
{
    const size_t n = strspn(text + *at, "+-0123456789.eE");
    if (!as_read_number(text + *at, n, '.', out)) return false;
    *at += n;
    return true;
}

static as_status bounds_at(as_ctx *ctx, const char *text, size_t *at, as_circuit_param *p)
{
    const size_t open = (*at)++;
    if (text[*at] != ':' && !number_at(text, at, &p->lo))
        WRONG(ctx, text, *at, "a lower bound or : was expected");
    if (text[*at] != ':') WRONG(ctx, text, *at, "':' was expected between the bounds");
    ++*at;
    if (text[*at] != ']' && !number_at(text, at, &p->hi))
        WRONG(ctx, text, *at, "an upper bound or ] was expected");
    if (text[*at] != ']') WRONG(ctx, text, *at, "']' was expected behind the bounds");
    ++*at;
    if (!(p->lo < p->hi))
        WRONG(ctx, text, open, "the lower bound of %s is not below the upper one", p->name);
    if (!(p->lo > 0) || (p->what->role == AS_EXPONENT && p->hi > 1))
        WRONG(ctx, text, open,
              p->what->role == AS_EXPONENT ? "bounds of %s lie above 0 and up to 1"
                                           : "bounds of %s lie above 0",
              p->name);
    return AS_OK;
}

static as_status setting_at(as_ctx *ctx, as_circuit *c, const char *text, size_t *at)
{
    const size_t from = *at;
    while (is_word(text[*at])) ++*at;
    const size_t k = as_circuit_find(c, text + from, *at - from);
    if (k == c->n_params) WRONG(ctx, text, from, "%s has no parameter of this name", c->text);
    as_circuit_param *p = &c->param[k];
    if (p->given) WRONG(ctx, text, from, "%s is set twice", p->name);
    p->given = true;
    if (text[(*at)++] != '=') WRONG(ctx, text, *at - 1, "'=' was expected behind %s", p->name);
    const size_t value = *at;
    if (text[*at] != '[' && !number_at(text, at, &p->start))
        WRONG(ctx, text, *at, "a number or [ was expected");
    if (text[*at] == '[') AS_TRY(bounds_at(ctx, text, at, p));
    p->fixed = text[*at] == '!';
    *at += p->fixed;
    if (p->fixed && isnan(p->start)) WRONG(ctx, text, value, "%s is fixed at no value", p->name);
    if (p->start < p->lo || p->start > p->hi)
        WRONG(ctx, text, value, "%s = %.6g lies outside %.4g to %.4g", p->name, p->start, p->lo,
              p->hi);
    return AS_OK;
}

as_status as_circuit_settings(as_ctx *ctx, as_circuit *c, const char *text)
{
    for (size_t at = 0; text;) {
        at += strspn(text + at, " ,\n\t");
        if (!text[at]) break;
        AS_TRY(setting_at(ctx, c, text, &at));
        if (text[at] && !strchr(" ,\n\t", text[at]))
            WRONG(ctx, text, at, "a blank or , was expected here");
    }
    return AS_OK;
}

double as_circuit_inner(const as_circuit_param *p, double value)
{
    return p->what->role == AS_EXPONENT ? value : log(value);
}

double as_circuit_value(const as_circuit_param *p, double inner)
{
    return p->what->role == AS_EXPONENT ? inner : exp(inner);
}

typedef struct operand {
    double _Complex z;
    size_t first, end; /* of its parameters: in order of the text, so in one piece */
} operand;

static operand join_series(size_t n, const operand *o)
{
    operand sum = { 0, o[0].first, o[n - 1].end };
    for (size_t i = 0; i < n; i++) sum.z += o[i].z;
    return sum;
}

/* Z = 1 / sum 1/Z_i, dZ/dp = (Z / Z_i)^2 dZ_i/dp. */
static operand join_parallel(size_t n, const operand *o, double _Complex *dz)
{
    operand joined = { 0, o[0].first, o[n - 1].end };
    double _Complex y = 0;
    for (size_t i = 0; i < n; i++) y += 1 / o[i].z;
    joined.z = 1 / y;
    for (size_t i = 0; i < n; i++) {
        const double _Complex factor = joined.z / o[i].z;
        for (size_t k = o[i].first; k < o[i].end; k++) dz[k] *= factor * factor;
    }
    return joined;
}

static double _Complex run_code(const as_circuit *c, size_t from, size_t to, double w,
                                const double *p, double _Complex *dz)
{
    operand stack[AS_CIRCUIT_ELEMENTS];
    double _Complex unused[AS_CIRCUIT_PARAMS];
    size_t top = 0;
    if (!dz) dz = unused;
    for (size_t i = from; i < to; i++) {
        const as_circuit_code *code = &c->code[i];
        if (code->op == AS_CODE_ELEMENT) {
            const as_element *e = &c->element[code->n];
            const double _Complex z = e->kind->impedance(w, p + e->first, dz + e->first);
            stack[top++] = (operand){ z, e->first, e->first + e->kind->n };
            continue;
        }
        top -= code->n;
        stack[top] = code->op == AS_CODE_SERIES ? join_series(code->n, stack + top)
                                                : join_parallel(code->n, stack + top, dz);
        top++;
    }
    return stack[0].z;
}

double _Complex as_circuit_impedance(const as_circuit *c, double w, const double *p,
                                     double _Complex *dz)
{
    return run_code(c, 0, c->n_code, w, p, dz);
}

double _Complex as_circuit_block(const as_circuit *c, size_t b, double w, const double *p,
                                 double _Complex *dz)
{
    return run_code(c, c->block_code[b], c->block_code[b + 1], w, p, dz);
}
