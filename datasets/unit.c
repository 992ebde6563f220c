/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units: the table of units.def, SI prefixes, and products of both.
 *
 *   product  = [ "1" "/" ] power { ( "*" | "." | " " | "/" ) power }
 *   power    = ( name | "(" product ")" ) [ [ "^" | "**" ] exponent ]
 *   name     = a symbol or alias, or a prefix and a symbol that takes it
 *
 * A blank after a slash ("J/g K") could mean two things, so such a text stays opaque.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

typedef struct row {
    const char *symbol;
    double factor, offset;
    int8_t dim[AS_N_DIMS];
    const char *prefixes, *aliases;
} row;

#define D(m, kg, s, A, K, mol, rad, count) { m, kg, s, A, K, mol, rad, count }
#define AS_UNIT(sym, f, o, d, p, al) \
    { .symbol = sym, .factor = f, .offset = o, .dim = d, .prefixes = p, .aliases = al },
static const row rows[] = {
#include "units.def"
};
#undef AS_UNIT
#undef D

enum { N_ROWS = sizeof rows / sizeof *rows, TEXT_MAX = 96, FACTORS_MAX = 12 };

static const struct { char letter; double factor; } prefixes[] = {
    { 'T', 1e12 }, { 'G', 1e9 },  { 'M', 1e6 },  { 'k', 1e3 },   { 'h', 1e2 },   { 'd', 1e-1 }, { 'c', 1e-2 },
    { 'm', 1e-3 }, { 'u', 1e-6 }, { 'n', 1e-9 }, { 'p', 1e-12 }, { 'f', 1e-15 }, { 'a', 1e-18 },
};

const as_unit AS_UNITLESS = { .factor = 1, .symbol = "1" };

/* One factor of a product: a named unit to a power, counted in halves. */
typedef struct power {
    char name[TEXT_MAX];
    as_unit unit;
    int halves;
} power;

typedef struct scan {
    const char *at;
    power power[FACTORS_MAX];
    size_t n;
    int depth;
} scan;

static as_unit from_row(const row *r, double scale, const char *symbol)
{
    as_unit u = { .factor = r->factor * scale, .offset = r->offset, .symbol = symbol };
    for (int i = 0; i < AS_N_DIMS; i++) u.dim[i] = (int8_t)(2 * r->dim[i]);
    return u;
}

/* Is the text of length n one of the '|'-separated words? */
static bool among(const char *words, const char *text, size_t n)
{
    for (;;) {
        const char *bar = strchr(words, '|');
        const size_t length = bar ? (size_t)(bar - words) : strlen(words);
        if (length == n && memcmp(words, text, n) == 0) return true;
        if (!bar) return false;
        words = bar + 1;
    }
}

/* The row of the unit spelled so; NULL: none. Symbols come first: they are asked for most. */
static const row *find_row(const char *text, size_t n)
{
    if (n == 0) return NULL;
    const char second = n > 1 ? text[1] : '\0';
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].symbol[0] == text[0] && rows[i].symbol[1] == second &&
            strncmp(rows[i].symbol, text, n) == 0 && rows[i].symbol[n] == '\0')
            return &rows[i];
    for (size_t i = 0; i < N_ROWS; i++)
        if (among(rows[i].aliases, text, n)) return &rows[i];
    return NULL;
}

static bool lookup(const char *text, size_t n, as_unit *out, char *name)
{
    const row *found = find_row(text, n);
    if (found) {
        *out = from_row(found, 1, found->symbol);
        (void)snprintf(name, TEXT_MAX, "%s", found->symbol);
        return true;
    }
    if (n < 2) return false;
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
        if (prefixes[p].letter != text[0]) continue;
        for (size_t i = 0; i < N_ROWS; i++)
            if (strchr(rows[i].prefixes, text[0]) && strlen(rows[i].symbol) == n - 1 &&
                memcmp(rows[i].symbol, text + 1, n - 1) == 0) {
                *out = from_row(&rows[i], prefixes[p].factor, NULL);
                (void)snprintf(name, TEXT_MAX, "%c%s", text[0], rows[i].symbol);
                return true;
            }
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || (c & 0x80);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "-1", "^2", "**-0.5", "2": in halves; 2 (one whole) when there is none. */
static bool read_exponent(const char **at, int *halves)
{
    const char *p = *at;
    const bool marked = *p == '^' || (p[0] == '*' && p[1] == '*');
    if (marked) p += *p == '^' ? 1 : 2;
    const bool braces = marked && (*p == '{' || *p == '(');
    if (braces) p++;
    const int sign = *p == '-' ? -1 : 1;
    if (*p == '-' || (marked && *p == '+')) p++;
    if (!is_digit(*p)) {
        *halves = 2;
        return !marked;
    }
    int whole = 0;
    while (is_digit(*p) && whole < 100) whole = 10 * whole + (*p++ - '0');
    int half = 0;
    if (p[0] == '.' && is_digit(p[1])) {
        if (p[1] != '5' && p[1] != '0') return false;
        half = p[1] == '5';
        p += 2;
        if (is_digit(*p)) return false;
    }
    if (braces) {
        if (*p != '}' && *p != ')') return false;
        p++;
    }
    *halves = sign * (2 * whole + half);
    *at = p;
    return whole < 20;
}

static bool read_product(scan *s, int sign);

static bool add_power(scan *s, const power *p)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->power[i].name, p->name) == 0) {
            s->power[i].halves += p->halves;
            return true;
        }
    if (s->n == FACTORS_MAX) return false;
    s->power[s->n++] = *p;
    return true;
}

static bool read_group(scan *s, int sign)
{
    if (s->depth == 4) return false;
    s->depth++;
    s->at++;
    const bool good = read_product(s, sign) && *s->at == ')';
    s->depth--;
    if (good) s->at++;
    return good;
}

/* The longest run of characters here that names a unit and is not cut out of a word. */
static bool read_power(scan *s, int sign)
{
    if (*s->at == '(') return read_group(s, sign);
    power p = { .halves = 2 };
    if (s->at[0] == '1' && !is_digit(s->at[1]) && s->at[1] != '.') {
        s->at++;
        return true;
    }
    size_t n = strlen(s->at);
    for (; n > 0; n--) {
        const char next = s->at[n];
        if (is_letter(s->at[n - 1]) && is_letter(next)) continue;
        if (is_digit(s->at[n - 1]) && is_digit(next)) continue;
        if (lookup(s->at, n, &p.unit, p.name)) break;
    }
    if (n == 0) return false;
    s->at += n;
    if (!read_exponent(&s->at, &p.halves)) return false;
    p.halves *= sign;
    return add_power(s, &p);
}

static bool read_product(scan *s, int sign)
{
    if (!read_power(s, sign)) return false;
    bool divided = false;
    for (;;) {
        const char *from = s->at;
        while (*s->at == ' ') s->at++;
        int now = sign;
        if (*s->at == '/') {
            divided = true;
            now = -sign;
            s->at++;
        } else if (*s->at == '*' || *s->at == '.') {
            s->at++;
        } else if (*s->at == '\0' || *s->at == ')') {
            return true;
        } else if (s->at == from || divided) {
            return false; /* no separator, or "J/g K" */
        }
        while (*s->at == ' ') s->at++;
        if (!read_power(s, now)) return false;
    }
}

/* Spellings that differ only in how they are typed become one: superscripts, micro, middle
 * dots, brackets around the whole, blanks. False when the text is too long to be a unit. */
static bool normalise(const char *text, char out[TEXT_MAX])
{
    static const struct { const char *from, *to; } same[] = {
        { "µ", "u" },  { "μ", "u" },  { "⁻", "-" }, { "−", "-" }, { "¹", "1" }, { "²", "2" },
        { "³", "3" },  { "⁴", "4" },  { "·", "*" }, { "⋅", "*" }, { "×", "*" }, { "\302\240", " " },
    };
    size_t n = 0;
    while (*text == ' ' || *text == '\t') text++;
    while (*text) {
        const char *add = NULL;
        size_t used = 1;
        const bool ascii = (unsigned char)*text < 0x80; /* then it is none of them */
        for (size_t i = 0; !ascii && i < sizeof same / sizeof *same && !add; i++)
            if (strncmp(text, same[i].from, strlen(same[i].from)) == 0) {
                add = same[i].to;
                used = strlen(same[i].from);
            }
        if (n + 2 > TEXT_MAX - 1) return false;
        out[n++] = add ? *add : *text;
        text += used;
    }
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\t' || out[n - 1] == '\r')) n--;
    out[n] = '\0';
    if (n > 2 && ((out[0] == '[' && out[n - 1] == ']') || (out[0] == '(' && out[n - 1] == ')')) &&
        !strpbrk(out + 1, "([") ) {
        memmove(out, out + 1, n - 2);
        out[n - 2] = '\0';
    }
    return true;
}

static size_t put(char *out, size_t n, const char *text)
{
    const int more = snprintf(out + n, TEXT_MAX - n, "%s", text);
    return n + (size_t)(more < 0 ? 0 : more) < TEXT_MAX ? n + (size_t)more : TEXT_MAX - 1;
}

static size_t put_exponent(char *out, size_t n, int halves)
{
    char text[16];
    if (halves == 2) return n;
    if (halves % 2)
        (void)snprintf(text, sizeof text, "^%d.5", halves / 2);
    else
        (void)snprintf(text, sizeof text, "%d", halves / 2);
    return put(out, n, text);
}

/* "mA/cm2", "J/g/K", "cm-1": what stands above the line first, the rest behind slashes. */
static void canonical(const scan *s, char out[TEXT_MAX])
{
    size_t n = 0;
    bool above = false;
    for (size_t i = 0; i < s->n; i++) above |= s->power[i].halves > 0;
    for (size_t i = 0; i < s->n; i++) {
        const power *p = &s->power[i];
        if (p->halves == 0 || (above && p->halves < 0)) continue;
        if (n) n = put(out, n, "*");
        n = put_exponent(out, put(out, n, p->name), p->halves);
    }
    for (size_t i = 0; above && i < s->n; i++) {
        const power *p = &s->power[i];
        if (p->halves < 0) n = put_exponent(out, put(out, put(out, n, "/"), p->name), -p->halves);
    }
    if (n == 0) (void)put(out, 0, "1");
}

static bool combine(const scan *s, as_unit *out)
{
    *out = (as_unit){ .factor = 1 };
    int dim[AS_N_DIMS] = { 0 };
    for (size_t i = 0; i < s->n; i++) {
        const power *p = &s->power[i];
        out->factor *= pow(p->unit.factor, p->halves / 2.0);
        if (p->unit.offset != 0 && s->n == 1 && p->halves == 2) out->offset = p->unit.offset;
        for (int d = 0; d < AS_N_DIMS; d++) dim[d] += p->unit.dim[d] * p->halves / 2;
    }
    for (int d = 0; d < AS_N_DIMS; d++) {
        if (dim[d] < -100 || dim[d] > 100) return false;
        out->dim[d] = (int8_t)dim[d];
    }
    return true;
}

/* True when the text is understood; `symbol` gets the canonical spelling. */
static bool understand(const char *text, as_unit *out, char symbol[TEXT_MAX])
{
    char plain[TEXT_MAX];
    if (!normalise(text, plain)) return false;
    if (lookup(text, strlen(text), out, symbol) || lookup(plain, strlen(plain), out, symbol))
        return true;
    scan s = { .at = plain };
    if (!read_product(&s, 1) || *s.at != '\0' || !combine(&s, out)) return false;
    canonical(&s, symbol);
    return true;
}

as_unit as_unit_of(const char *symbol)
{
    as_unit u;
    char canonical_symbol[TEXT_MAX];
    if (!understand(symbol, &u, canonical_symbol)) u = (as_unit){ .factor = 1, .opaque = true };
    u.symbol = symbol;
    return u;
}

as_status as_unit_parse(as_ctx *ctx, as_arena *a, const char *text, as_unit *out)
{
    (void)ctx;
    char symbol[TEXT_MAX];
    if (understand(text, out, symbol)) {
        for (size_t i = 0; i < N_ROWS; i++)
            if (rows[i].symbol[0] == symbol[0] && strcmp(rows[i].symbol, symbol) == 0) {
                out->symbol = rows[i].symbol;
                return AS_OK;
            }
        out->symbol = as_strdup(a, symbol);
    } else {
        *out = (as_unit){ .factor = 1, .opaque = true, .symbol = as_strdup(a, text) };
    }
    return out->symbol ? AS_OK : AS_ERR;
}

bool as_unit_same_dimension(const as_unit *a, const as_unit *b)
{
    if (a->opaque || b->opaque)
        return a->opaque && b->opaque && strcmp(a->symbol, b->symbol) == 0;
    return memcmp(a->dim, b->dim, sizeof a->dim) == 0;
}

/* from/to as a multiplier or, when that is the whole number, a divisor: 0.1 nm is 1 Angstrom
 * and not 1.0000000000000002. */
static double rescale(double value, double from, double to)
{
    if (from == to) return value;
    const double up = from / to, down = to / from;
    if (fabs(up - nearbyint(up)) <= 1e-13 * up && up >= 1) return value * nearbyint(up);
    if (fabs(down - nearbyint(down)) <= 1e-13 * down && down >= 1) return value / nearbyint(down);
    return value * up;
}

double as_unit_scale(double difference, const as_unit *from, const as_unit *to)
{
    return as_unit_same_dimension(from, to) ? rescale(difference, from->factor, to->factor) : NAN;
}

double as_unit_convert(double value, const as_unit *from, const as_unit *to)
{
    if (!as_unit_same_dimension(from, to)) return NAN;
    if (from->offset == to->offset) return rescale(value, from->factor, to->factor);
    return (from->factor * value + (from->offset - to->offset)) / to->factor;
}
