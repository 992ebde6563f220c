/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas: a parser with two stacks (no recursion) to code for a stack machine, and the machine,
 * which carries blocks of values and their derivatives. See expression.h.
 */
#include <math.h>
#include <string.h>

#include "expression.h"
#include "number.h"

enum { BLOCK = 64, DEPTH = 64, CODE = 1024 };

typedef enum {
    I_NUMBER, I_VARIABLE, I_PARAM, /* leaves */
    I_ADD, I_SUB, I_MUL, I_DIV, I_POW, I_NEG,
    I_EXP, I_LOG, I_LOG10, I_SQRT, I_SIN, I_COS, I_TAN, I_ASIN, I_ACOS, I_ATAN, I_SINH, I_COSH,
    I_TANH, I_ERF, I_ERFC, I_ABS,
    I_OPEN /* on the parser's stack only */
} op_kind;

typedef struct as_instruction {
    op_kind op;
    double number;
    size_t index;  /* of a variable or parameter */
    uint32_t mask; /* parameters its result depends on */
} instruction;

static const struct {
    const char *name;
    op_kind op;
} functions[] = { { "exp", I_EXP },   { "ln", I_LOG },     { "log", I_LOG },   { "log10", I_LOG10 },
                  { "sqrt", I_SQRT }, { "sin", I_SIN },    { "cos", I_COS },   { "tan", I_TAN },
                  { "asin", I_ASIN }, { "acos", I_ACOS },  { "atan", I_ATAN },
                  { "arctan", I_ATAN }, { "sinh", I_SINH }, { "cosh", I_COSH },
                  { "tanh", I_TANH }, { "erf", I_ERF },    { "erfc", I_ERFC }, { "abs", I_ABS } };

typedef struct parser {
    as_ctx *ctx;
    as_arena *arena;
    const char *text;
    size_t n, at;
    const as_where *where;
    size_t n_variables;
    const char *const *variables;
    as_expression *e;
    instruction code[CODE];
    size_t n_code;
    uint32_t mask[DEPTH]; /* of what will stand on the machine's stack */
    size_t depth, deepest;
    struct {
        op_kind op;
        char close;
        size_t at;
    } stack[DEPTH];
    size_t n_stack;
} parser;

static as_status wrong(parser *p, size_t at, const char *what)
{
    as_where w = { .line = 1, .column = 1 };
    if (p->where) w = *p->where;
    if (!w.line_text) w.line_text = as_strndup(as_scratch(p->ctx), p->text, p->n);
    w.column += (uint32_t)at;
    return as_fail(p->ctx, AS_E_USAGE, &w, "%s", what);
}

static as_status emit(parser *p, instruction i)
{
    if (p->n_code == CODE) return wrong(p, p->at, "the formula is too long");
    const size_t takes = i.op <= I_PARAM ? 0 : i.op <= I_POW ? 2 : 1;
    for (size_t k = 0; k < takes; k++) i.mask |= p->mask[--p->depth];
    if (p->depth == DEPTH) return wrong(p, p->at, "the formula is nested too deeply");
    p->mask[p->depth++] = i.mask;
    if (p->depth > p->deepest) p->deepest = p->depth;
    p->code[p->n_code++] = i;
    return AS_OK;
}

static int strength(op_kind op)
{
    switch (op) {
    case I_OPEN: return 0;
    case I_ADD:
    case I_SUB: return 1;
    case I_MUL:
    case I_DIV: return 2;
    case I_NEG: return 3;
    case I_POW: return 4;
    default: return 5;
    }
}

static as_status push(parser *p, op_kind op, char close)
{
    if (p->n_stack == DEPTH) return wrong(p, p->at, "the formula is nested too deeply");
    p->stack[p->n_stack].op = op;
    p->stack[p->n_stack].close = close;
    p->stack[p->n_stack++].at = p->at;
    return AS_OK;
}

static as_status unwind(parser *p, int least)
{
    while (p->n_stack && strength(p->stack[p->n_stack - 1].op) >= least) {
        const instruction i = { .op = p->stack[--p->n_stack].op };
        AS_TRY(emit(p, i));
    }
    return AS_OK;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static as_status name(parser *p)
{
    const size_t from = p->at;
    while (p->at < p->n && (is_letter(p->text[p->at]) || is_digit(p->text[p->at]))) p->at++;
    const char *word = as_strndup(p->arena, p->text + from, p->at - from);
    if (!word) return AS_ERR;
    if (strcmp(word, "pi") == 0)
        return emit(p, (instruction){ .op = I_NUMBER, .number = 3.14159265358979323846 });
    for (size_t k = 0; k < p->n_variables; k++)
        if (strcmp(p->variables[k], word) == 0)
            return emit(p, (instruction){ .op = I_VARIABLE, .index = k });
    size_t k = 0;
    while (k < p->e->n_params && strcmp(p->e->param[k], word) != 0) k++;
    if (k == AS_EXPRESSION_PARAMS) return wrong(p, from, "a formula has at most 32 parameters");
    if (k == p->e->n_params) p->e->param[p->e->n_params++] = word;
    return emit(p, (instruction){ .op = I_PARAM, .index = k, .mask = (uint32_t)1 << k });
}

/* A function's name followed by a parenthesis; false: it is none. */
static bool function(parser *p, op_kind *op)
{
    size_t end = p->at;
    while (end < p->n && (is_letter(p->text[end]) || is_digit(p->text[end]))) end++;
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
        if (strlen(functions[k].name) == end - p->at &&
            memcmp(functions[k].name, p->text + p->at, end - p->at) == 0) {
            size_t next = end;
            while (next < p->n && p->text[next] == ' ') next++;
            if (next == p->n || (p->text[next] != '(' && p->text[next] != '[')) return false;
            *op = functions[k].op;
            p->at = next;
            return true;
        }
    return false;
}

/* Where a value is expected. `done` when one was read, else an operator before it. */
static as_status operand(parser *p, bool *done)
{
    const char c = p->text[p->at];
    double number;
    op_kind op;
    *done = false;
    if (c == '+' || c == '-') {
        if (c == '-') AS_TRY(push(p, I_NEG, 0));
        p->at++;
        return AS_OK;
    }
    if (c == '(' || c == '[') {
        AS_TRY(push(p, I_OPEN, c == '(' ? ')' : ']'));
        p->at++;
        return AS_OK;
    }
    if (is_letter(c) && function(p, &op)) return push(p, op, 0);
    *done = true;
    if (is_letter(c)) return name(p);
    if (is_digit(c) || c == '.') {
        const size_t used = as_scan_number(p->text + p->at, p->n - p->at, '.', &number);
        if (used) {
            p->at += used;
            return emit(p, (instruction){ .op = I_NUMBER, .number = number });
        }
    }
    return wrong(p, p->at, "expected a number, a name or a parenthesis");
}

/* Where an operator or a closing parenthesis is expected. */
static as_status operation(parser *p, bool *closed)
{
    const char c = p->text[p->at];
    *closed = false;
    if (c == ')' || c == ']') {
        AS_TRY(unwind(p, 1));
        if (!p->n_stack || p->stack[p->n_stack - 1].close != c)
            return wrong(p, p->at, "this parenthesis closes nothing");
        p->n_stack--;
        p->at++;
        *closed = true;
        return unwind(p, 5); /* the function in front of it */
    }
    op_kind op = I_OPEN;
    size_t length = 1;
    if (c == '*' && p->at + 1 < p->n && p->text[p->at + 1] == '*')
        op = I_POW, length = 2;
    else if (c == '+' || c == '-' || c == '*' || c == '/' || c == '^')
        op = c == '+' ? I_ADD : c == '-' ? I_SUB : c == '*' ? I_MUL : c == '/' ? I_DIV : I_POW;
    if (op == I_OPEN) return wrong(p, p->at, "expected an operator: + - * / ^");
    AS_TRY(unwind(p, op == I_POW ? 5 : strength(op)));
    AS_TRY(push(p, op, 0));
    p->at += length;
    return AS_OK;
}

as_status as_expression_parse(as_ctx *ctx, as_arena *a, const char *text, size_t n,
                              const as_where *at, size_t n_variables,
                              const char *const *variables, as_expression *out)
{
    parser *p = AS_NEW(as_scratch(ctx), parser);
    if (!p) return AS_ERR;
    *p = (parser){ .ctx = ctx, .arena = a, .text = text, .n = n, .where = at,
                   .n_variables = n_variables, .variables = variables, .e = out };
    memset(out, 0, sizeof *out);
    bool value = false; /* whether one has just been read */
    for (;;) {
        while (p->at < n && is_blank(text[p->at])) p->at++;
        if (p->at == n) break;
        if (value) {
            bool closed;
            AS_TRY(operation(p, &closed));
            value = closed;
        } else
            AS_TRY(operand(p, &value));
    }
    if (!value) return wrong(p, n, "the formula ends where a value is expected");
    AS_TRY(unwind(p, 1));
    if (p->n_stack) return wrong(p, p->stack[p->n_stack - 1].at, "this parenthesis is not closed");
    instruction *code = AS_NEW_N(a, instruction, p->n_code);
    if (!code) return AS_ERR;
    memcpy(code, p->code, p->n_code * sizeof *code);
    out->code = code;
    out->n_code = p->n_code;
    out->depth = p->deepest;
    return AS_OK;
}

size_t as_expression_work(const as_expression *e)
{
    return e->depth * (e->n_params + 1) * BLOCK;
}

/* value and derivative of a function of one argument */
static void unary(op_kind op, double x, double *value, double *slope)
{
    const double two_over_root_pi = 1.12837916709551257390;
    switch (op) {
    case I_NEG: *value = -x; *slope = -1; return;
    case I_EXP: *value = exp(x); *slope = *value; return;
    case I_LOG: *value = log(x); *slope = 1 / x; return;
    case I_LOG10: *value = log10(x); *slope = 0.43429448190325182765 / x; return;
    case I_SQRT: *value = sqrt(x); *slope = 0.5 / *value; return;
    case I_SIN: *value = sin(x); *slope = cos(x); return;
    case I_COS: *value = cos(x); *slope = -sin(x); return;
    case I_TAN: *value = tan(x); *slope = 1 + *value * *value; return;
    case I_ASIN: *value = asin(x); *slope = 1 / sqrt(1 - x * x); return;
    case I_ACOS: *value = acos(x); *slope = -1 / sqrt(1 - x * x); return;
    case I_ATAN: *value = atan(x); *slope = 1 / (1 + x * x); return;
    case I_SINH: *value = sinh(x); *slope = cosh(x); return;
    case I_COSH: *value = cosh(x); *slope = sinh(x); return;
    case I_TANH: *value = tanh(x); *slope = 1 - *value * *value; return;
    case I_ERF: *value = erf(x); *slope = two_over_root_pi * exp(-x * x); return;
    case I_ERFC: *value = erfc(x); *slope = -two_over_root_pi * exp(-x * x); return;
    case I_ABS: *value = fabs(x); *slope = x < 0 ? -1 : 1; return;
    default: *value = *slope = NAN; return;
    }
}

/* value and derivatives of a binary operation; `both`: the second operand depends on parameters */
static void binary(op_kind op, double a, double b, bool both, double *value, double *by_a,
                   double *by_b)
{
    switch (op) {
    case I_ADD: *value = a + b; *by_a = *by_b = 1; return;
    case I_SUB: *value = a - b; *by_a = 1; *by_b = -1; return;
    case I_MUL: *value = a * b; *by_a = b; *by_b = a; return;
    case I_DIV: *value = a / b; *by_a = 1 / b; *by_b = -*value / b; return;
    case I_POW:
        *value = b == 2 ? a * a : b == 3 ? a * a * a : pow(a, b);
        *by_a = b == 2 ? 2 * a : b == 1 ? 1 : b * pow(a, b - 1);
        *by_b = !both ? 0 : a == 0 ? 0 : *value * log(a);
        return;
    default: *value = *by_a = *by_b = NAN; return;
    }
}

typedef struct slot {
    double *v; /* BLOCK values, then BLOCK derivatives by each parameter */
    uint32_t mask;
} slot;

static void apply_unary(const instruction *i, slot *s, size_t m, size_t n_params)
{
    double slope[BLOCK];
    for (size_t j = 0; j < m; j++) unary(i->op, s->v[j], &s->v[j], &slope[j]);
    for (size_t k = 0; k < n_params; k++) {
        double *g = s->v + (k + 1) * BLOCK;
        if (s->mask >> k & 1)
            for (size_t j = 0; j < m; j++) g[j] *= slope[j];
    }
}

static void apply_binary(const instruction *i, slot *a, const slot *b, size_t m, size_t n_params)
{
    double by_a[BLOCK], by_b[BLOCK];
    for (size_t j = 0; j < m; j++)
        binary(i->op, a->v[j], b->v[j], b->mask != 0, &a->v[j], &by_a[j], &by_b[j]);
    for (size_t k = 0; k < n_params; k++) {
        double *g = a->v + (k + 1) * BLOCK;
        const double *h = b->v + (k + 1) * BLOCK;
        const bool in_a = a->mask >> k & 1, in_b = b->mask >> k & 1;
        for (size_t j = 0; j < m; j++) {
            if (in_a && in_b)
                g[j] = g[j] * by_a[j] + h[j] * by_b[j];
            else if (in_a)
                g[j] *= by_a[j];
            else if (in_b)
                g[j] = h[j] * by_b[j];
        }
    }
    a->mask |= b->mask;
}

static void run_block(const as_expression *e, size_t m, size_t first,
                      const double *const *variables, const double *p, bool gradients, slot *stack)
{
    const size_t n_params = gradients ? e->n_params : 0;
    slot *top = stack - 1;
    for (size_t c = 0; c < e->n_code; c++) {
        const instruction *i = &e->code[c];
        if (i->op <= I_PARAM) {
            top++;
            top->mask = gradients ? i->mask : 0;
            const double constant = i->op == I_PARAM ? p[i->index] : i->number;
            for (size_t j = 0; j < m; j++)
                top->v[j] = i->op == I_VARIABLE ? variables[i->index][first + j] : constant;
            if (i->op == I_PARAM && gradients)
                for (size_t j = 0; j < m; j++) top->v[(i->index + 1) * BLOCK + j] = 1;
        } else if (i->op <= I_POW) {
            top--;
            apply_binary(i, top, top + 1, m, n_params);
        } else
            apply_unary(i, top, m, n_params);
    }
}

void as_expression_eval(const as_expression *e, size_t n, const double *const *variables,
                        const double *p, double *work, double *f, double *const *J)
{
    slot stack[DEPTH];
    for (size_t k = 0; k < e->depth; k++) stack[k].v = work + k * (e->n_params + 1) * BLOCK;
    for (size_t first = 0; first < n; first += BLOCK) {
        const size_t m = n - first < BLOCK ? n - first : BLOCK;
        run_block(e, m, first, variables, p, J != NULL, stack);
        memcpy(f + first, stack[0].v, m * sizeof *f);
        for (size_t k = 0; J && k < e->n_params; k++)
            for (size_t j = 0; j < m; j++)
                J[k][first + j] = stack[0].mask >> k & 1 ? stack[0].v[(k + 1) * BLOCK + j] : 0;
    }
}
