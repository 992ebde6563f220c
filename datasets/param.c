/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters: from option text to a settings struct. Writing settings back is settings_text.c. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "param.h"

typedef struct job {
    as_ctx *ctx;
    as_arena *arena;
    const as_param *p;
    const as_where *where;
    const as_loader *loader;
    const as_word *word;
} job;

static as_status bad(const job *j, const char *found, const char *expected)
{
    return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: '%s' is not %s", j->p->name, found,
                   expected);
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t') text++;
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t')) text[--n] = '\0';
    return text;
}

/* "1.5deg": the number, and the unit text behind it ("" when none). */
static as_status split_number(const job *j, const char *text, double *number, char **unit)
{
    char *copy = as_strdup(j->arena, text);
    if (!copy) return AS_ERR;
    copy = trim(copy);
    const size_t used = as_scan_number(copy, strlen(copy), '.', number);
    if (used == 0 || isnan(*number)) return bad(j, text, "a number");
    *unit = trim(copy + used);
    return AS_OK;
}

/* A number in the parameter's unit; units of its dimension are converted. */
static as_status read_double(const job *j, const char *text, double *out)
{
    char *unit_text;
    AS_TRY(split_number(j, text, out, &unit_text));
    if (*unit_text == '\0') return AS_OK;
    as_unit given;
    AS_TRY(as_unit_parse(j->ctx, j->arena, unit_text, &given));
    const as_unit own = j->p->unit ? as_unit_of(j->p->unit) : AS_UNITLESS;
    const double converted = as_unit_convert(*out, &given, &own);
    if (given.opaque || isnan(converted))
        return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: unit '%s' does not fit, expected %s",
                       j->p->name, unit_text, j->p->unit ? j->p->unit : "a plain number");
    *out = converted;
    return AS_OK;
}

static as_status check_limits(const job *j, double value, const char *text)
{
    const as_param *p = j->p;
    if (p->min == p->max || (value >= p->min && value <= p->max)) return AS_OK;
    char lo[AS_NUMBER_MAX], hi[AS_NUMBER_MAX];
    as_write_number(p->min, lo);
    as_write_number(p->max, hi);
    return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: %s is outside %s ... %s%s%s", p->name, text,
                   lo, hi, p->unit ? " " : "", p->unit ? p->unit : "");
}

static as_status read_int(const job *j, const char *text, int *out)
{
    double value;
    AS_TRY(read_double(j, text, &value));
    if (value != floor(value) || fabs(value) > 2147483647.0) return bad(j, text, "a whole number");
    AS_TRY(check_limits(j, value, text));
    *out = (int)value;
    return AS_OK;
}

static as_status read_bool(const job *j, const char *text, bool *out)
{
    static const char *const yes[] = { "yes", "true", "on", "1" }, *const no[] = { "no", "false",
                                                                                   "off", "0" };
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(text, yes[i]) == 0) return *out = true, AS_OK;
        if (strcmp(text, no[i]) == 0) return *out = false, AS_OK;
    }
    return bad(j, text, "yes or no");
}

static as_status read_choice(const job *j, const char *text, int *out)
{
    const char *names[64];
    char list[512] = "";
    size_t n = 0, at = 0;
    for (const as_choice *c = j->p->choices; c->name && n < 64; c++) {
        if (strcmp(c->name, text) == 0) return *out = c->value, AS_OK;
        names[n++] = c->name;
        if (at < sizeof list)
            at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", n > 1 ? ", " : "", c->name);
    }
    const char *near = as_near_miss(text, n, names);
    return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: '%s' is not one of %s%s%s%s", j->p->name,
                   text, list, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* One end of a range. A unit stays with the range when the parameter names none. */
static as_status read_end(const job *j, const char *text, double open, double *out, as_unit *unit)
{
    *out = open;
    if (*text == '\0') return AS_OK;
    if (j->p->unit) return read_double(j, text, out);
    char *unit_text;
    AS_TRY(split_number(j, text, out, &unit_text));
    if (*unit_text == '\0') return AS_OK;
    as_unit given;
    AS_TRY(as_unit_parse(j->ctx, j->arena, unit_text, &given));
    if (given.opaque) return bad(j, unit_text, "a known unit");
    if (unit->symbol && strcmp(unit->symbol, given.symbol) != 0)
        return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: one range has two units, %s and %s",
                       j->p->name, unit->symbol, given.symbol);
    *unit = given;
    return AS_OK;
}

static as_status read_range(const job *j, const char *text, as_range *out)
{
    char *copy = as_strdup(j->arena, text);
    if (!copy) return AS_ERR;
    char *colon = strchr(copy, ':');
    const bool counted = j->p->unit && strcmp(j->p->unit, "1") == 0; /* numbers of series, cycles */
    if (!colon && !counted) return bad(j, text, "a range lo:hi");
    if (colon) *colon = '\0';
    *out = (as_range){ 0 };
    AS_TRY(read_end(j, trim(copy), -INFINITY, &out->lo, &out->unit));
    AS_TRY(read_end(j, trim(colon ? colon + 1 : copy), INFINITY, &out->hi, &out->unit));
    if (!colon && isinf(out->lo)) return bad(j, text, "a number or a range lo:hi");
    if (!(out->lo <= out->hi)) return bad(j, text, "a range with lo below hi");
    return AS_OK;
}

/* Calls `one` for each of the comma-separated parts; how many there are in *n. */
static as_status each_part(const job *j, const char *text,
                           as_status (*one)(const job *, const char *, void *, size_t), void *to,
                           size_t *n)
{
    char *copy = as_strdup(j->arena, text);
    if (!copy) return AS_ERR;
    *n = 0;
    for (char *at = copy; at; ++*n) {
        char *comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        AS_TRY(one(j, trim(at), to, *n));
        at = comma;
    }
    return AS_OK;
}

static size_t count_parts(const char *text)
{
    size_t n = 1;
    for (; *text; text++) n += *text == ',';
    return n;
}

static as_status list_part(const job *j, const char *text, void *to, size_t i)
{
    double *v = to;
    AS_TRY(read_double(j, text, &v[i]));
    return check_limits(j, v[i], text);
}

static as_status ranges_part(const job *j, const char *text, void *to, size_t i)
{
    return read_range(j, text, (as_range *)to + i);
}

static as_status read_width(const job *j, const char *text, as_width *out)
{
    char *unit_text;
    AS_TRY(split_number(j, text, &out->value, &unit_text));
    out->points = strcmp(unit_text, "pt") == 0 || strcmp(unit_text, "points") == 0;
    out->unit = (as_unit){ 0 };
    if (*unit_text && !out->points) {
        AS_TRY(as_unit_parse(j->ctx, j->arena, unit_text, &out->unit));
        if (out->unit.opaque) return bad(j, text, "a width, such as 1.5deg or 41pt");
    }
    if (!(out->value > 0)) return bad(j, text, "a width above zero");
    return AS_OK;
}

static as_status read_string(const job *j, const char *text, const char **out)
{
    if (text[0] == '@' && text[1] != '\0' && j->word) {
        if (!j->loader)
            return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: no files here", j->p->name);
        const as_word file = { .text = text + 1, .where = j->word->where };
        const as_input *in;
        AS_TRY(j->loader->file(j->loader, j->ctx, &file, &in));
        *out = as_strndup(j->arena, (const char *)in->data, in->size);
    } else {
        *out = as_strdup(j->arena, text);
    }
    return *out ? AS_OK : AS_ERR;
}

static as_status add_text(const job *j, const char *text, as_texts *out)
{
    const char **wider = AS_NEW_N(j->arena, const char *, out->n + 1);
    if (!wider) return AS_ERR;
    if (out->n) memcpy(wider, out->v, out->n * sizeof *wider);
    AS_TRY(read_string(j, text, &wider[out->n]));
    out->n++;
    out->v = wider;
    return AS_OK;
}

static as_status read_list(const job *j, const char *text, as_list *out)
{
    double *v = AS_NEW_N(j->arena, double, count_parts(text));
    if (!v) return AS_ERR;
    out->v = v;
    return each_part(j, text, list_part, v, &out->n);
}

static as_status read_ranges(const job *j, const char *text, as_ranges *out)
{
    as_range *v = AS_NEW_N(j->arena, as_range, count_parts(text));
    if (!v) return AS_ERR;
    out->v = v;
    return each_part(j, text, ranges_part, v, &out->n);
}

static as_status read_loaded(const job *j, void *field)
{
    if (!j->loader || !j->word)
        return as_fail(j->ctx, AS_E_USAGE, j->where, "--%s: no files can be opened here",
                       j->p->name);
    if (j->p->type == AS_P_FILE) return j->loader->file(j->loader, j->ctx, j->word, field);
    return j->loader->tables(j->loader, j->ctx, j->word, field);
}

static as_status read_value(const job *j, const char *text, void *settings)
{
    void *field = (unsigned char *)settings + j->p->offset;
    switch (j->p->type) {
    case AS_P_DOUBLE:
        AS_TRY(read_double(j, text, field));
        return check_limits(j, *(double *)field, text);
    case AS_P_INT: return read_int(j, text, field);
    case AS_P_BOOL: return read_bool(j, text, field);
    case AS_P_CHOICE: return read_choice(j, text, field);
    case AS_P_STRING: return read_string(j, text, field);
    case AS_P_COLUMN:
        return read_string(&(job){ .ctx = j->ctx, .arena = j->arena, .p = j->p }, text, field);
    case AS_P_TEXTS: return add_text(j, text, field);
    case AS_P_LIST: return read_list(j, text, field);
    case AS_P_RANGE: return read_range(j, text, field);
    case AS_P_RANGES: return read_ranges(j, text, field);
    case AS_P_WIDTH: return read_width(j, text, field);
    case AS_P_FILE:
    case AS_P_TABLES: return read_loaded(j, field);
    }
    return as_fail(j->ctx, AS_E_BUG, NULL, "parameter '%s' has no known type", j->p->name);
}

/* --- words ----------------------------------------------------------------------- */

static const struct {
    char letter;
    const char *name;
} short_forms[] = {
    { 'o', "output" },
    { 'j', "jobs" },
    { 'h', "help" },
    { 'V', "version" },
};

typedef struct option {
    const as_param *p;
    const char *value; /* in the same word, behind '='; NULL: the next word, unless a flag */
    const char *given; /* the name as typed, without dashes and value */
    bool negated, takes_next;
} option;

static const as_param *find(const as_param *params, const char *name, size_t n)
{
    for (const as_param *p = params; p && p->name; p++)
        if (strlen(p->name) == n && strncmp(p->name, name, n) == 0) return p;
    return NULL;
}

/* Is the word an option (known or not)? "-" and numbers like -5 are operands. */
static bool is_option(const as_word *w)
{
    return w->text[0] == '-' && w->text[1] != '\0' && !(w->text[1] >= '0' && w->text[1] <= '9') &&
           w->text[1] != '.';
}

static option read_option(as_arena *a, const as_param *params, const as_word *w)
{
    option o = { 0 };
    const char *name = w->text + 1;
    if (*name != '-') { /* -o, -oFILE */
        for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
            if (short_forms[i].letter == *name)
                o.p = find(params, short_forms[i].name, strlen(short_forms[i].name));
        o.given = as_strndup(a, name, 1);
        if (name[1] != '\0') {
            if (o.p && o.p->type == AS_P_BOOL) o.p = NULL;
            o.value = name + 1;
        }
    } else {
        name++;
        const size_t n = strcspn(name, "=");
        o.given = as_strndup(a, name, n);
        o.value = name[n] == '=' ? name + n + 1 : NULL;
        o.p = find(params, name, n);
        if (!o.p && strncmp(name, "no-", 3) == 0 && !o.value) {
            o.p = find(params, name + 3, n - 3);
            if (o.p && o.p->type != AS_P_BOOL) o.p = NULL;
            o.negated = o.p != NULL;
        }
    }
    o.takes_next = o.p && o.p->type != AS_P_BOOL && !o.value;
    return o;
}

static as_status unknown(as_ctx *ctx, const char *what, const as_param *params, const option *o,
                         const as_word *w)
{
    const char *names[128];
    size_t n = 0;
    for (const as_param *p = params; p && p->name && n < 128; p++) names[n++] = p->name;
    const char *near = as_near_miss(o->given ? o->given : "", n, names);
    return as_fail(ctx, AS_E_USAGE, &w->where, "%s has no option '%s'%s%s%s", what, w->text,
                   near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

as_status as_words_take(as_ctx *ctx, const as_param *params, size_t n, const as_word *words,
                        as_word *taken, size_t *n_taken, as_word *rest, size_t *n_rest)
{
    *n_taken = *n_rest = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i].text, "--") == 0) {
            while (i < n) rest[(*n_rest)++] = words[i++];
            break;
        }
        const option o =
            is_option(&words[i]) ? read_option(as_scratch(ctx), params, &words[i]) : (option){ 0 };
        if (!o.p) {
            rest[(*n_rest)++] = words[i];
            continue;
        }
        taken[(*n_taken)++] = words[i];
        if (!o.takes_next) continue;
        if (i + 1 == n)
            return as_fail(ctx, AS_E_USAGE, &words[i].where, "--%s expects a value", o.p->name);
        taken[(*n_taken)++] = words[++i];
    }
    return AS_OK;
}

as_status as_words_split(as_ctx *ctx, const char *what, const as_param *params, size_t n,
                         const as_word *words, as_word *options, size_t *n_options,
                         as_word *operands, size_t *n_operands)
{
    *n_options = *n_operands = 0;
    bool only_operands = false;
    for (size_t i = 0; i < n; i++) {
        if (!only_operands && strcmp(words[i].text, "--") == 0) {
            only_operands = true;
        } else if (only_operands || !is_option(&words[i])) {
            operands[(*n_operands)++] = words[i];
        } else {
            const option o = read_option(as_scratch(ctx), params, &words[i]);
            if (!o.p) return unknown(ctx, what, params, &o, &words[i]);
            options[(*n_options)++] = words[i];
            if (!o.takes_next) continue;
            if (i + 1 == n)
                return as_fail(ctx, AS_E_USAGE, &words[i].where, "--%s expects a value", o.p->name);
            options[(*n_options)++] = words[++i];
        }
    }
    return AS_OK;
}

static as_status read_defaults(as_ctx *ctx, as_arena *a, const as_param *params, void *settings)
{
    for (const as_param *p = params; p && p->name; p++) {
        if (!p->def || *p->def == '\0') continue;
        const job j = { .ctx = ctx, .arena = a, .p = p };
        if (read_value(&j, p->def, settings) == AS_OK) continue;
        if (as_pending(ctx) == AS_E_NOMEM) return AS_ERR;
        return as_fail(ctx, AS_E_BUG, NULL, "the default of --%s is refused: %s", p->name,
                       as_pending_message(ctx));
    }
    return AS_OK;
}

/* Files and tables, those of the last words for each, in the order of the parameters: that of their names
 * in as_settings_text and of their hashes in the history. */
static as_status load_all(const job *common, size_t n, const as_word *const *word, const char *const *text,
                          void *settings)
{
    for (size_t k = 0; k < n; k++) {
        if (!word[k]) continue;
        const as_word value = { .text = text[k], .where = word[k]->where };
        job j = *common;
        j.p += k;
        j.where = &word[k]->where;
        j.word = &value;
        AS_TRY(read_value(&j, text[k], settings));
    }
    return AS_OK;
}

as_status as_settings_read(as_ctx *ctx, as_arena *a, const as_param *params, size_t n,
                           const as_word *words, const as_loader *loader, void *settings)
{
    enum { MOST = 128 };
    bool seen[MOST] = { false };
    const as_word *word[MOST] = { NULL };
    const char *given[MOST] = { NULL };
    AS_TRY(read_defaults(ctx, a, params, settings));
    for (size_t i = 0; i < n; i++) {
        const option o = is_option(&words[i]) ? read_option(a, params, &words[i])
                                              : (option){ .given = words[i].text };
        if (!o.p) return unknown(ctx, "this step", params, &o, &words[i]);
        const as_word *w = o.takes_next ? &words[++i] : &words[i];
        if (i >= n)
            return as_fail(ctx, AS_E_USAGE, &words[n - 1].where, "--%s expects a value", o.p->name);
        const char *text = o.value ? o.value : o.takes_next ? w->text : o.negated ? "no" : "yes";
        const as_word value = { .text = text, .where = w->where };
        const job j = {
            .ctx = ctx, .arena = a, .p = o.p, .where = &w->where, .loader = loader, .word = &value
        };
        const size_t k = (size_t)(o.p - params);
        if (k < MOST && !seen[k] && o.p->type == AS_P_TEXTS) /* the default goes when one is given */
            *(as_texts *)(void *)((unsigned char *)settings + o.p->offset) = (as_texts){ 0 };
        if (k < MOST) seen[k] = true;
        if (k < MOST && (o.p->type == AS_P_FILE || o.p->type == AS_P_TABLES)) {
            word[k] = w;
            given[k] = text;
            continue;
        }
        AS_TRY(read_value(&j, text, settings));
    }
    const job loading = { .ctx = ctx, .arena = a, .p = params, .loader = loader };
    AS_TRY(load_all(&loading, MOST, word, given, settings));
    for (size_t k = 0; params && params[k].name; k++)
        if (!params[k].def && !(k < MOST && seen[k]))
            return as_fail(ctx, AS_E_USAGE, n ? &words[0].where : NULL, "--%s is required: %s",
                           params[k].name, params[k].help);
    return AS_OK;
}

/* --- along an axis ------------------------------------------------------------------ */

as_status as_range_along(as_ctx *ctx, const as_range *r, const as_unit *axis, double *lo,
                         double *hi)
{
    *lo = r->lo;
    *hi = r->hi;
    if (!r->unit.symbol) return AS_OK;
    if (!as_unit_same_dimension(&r->unit, axis))
        return as_fail(ctx, AS_E_UNIT, NULL, "a range in %s does not fit an axis in %s",
                       r->unit.symbol, axis->symbol);
    if (isfinite(r->lo)) *lo = as_unit_convert(r->lo, &r->unit, axis);
    if (isfinite(r->hi)) *hi = as_unit_convert(r->hi, &r->unit, axis);
    return AS_OK;
}

as_status as_ranges_along(as_ctx *ctx, as_arena *a, const as_ranges *r, const as_unit *axis,
                          as_ranges *out)
{
    as_range *v = AS_NEW_N(a, as_range, r->n);
    if (!v) return AS_ERR;
    for (size_t i = 0; i < r->n; i++)
        AS_TRY(as_range_along(ctx, &r->v[i], axis, &v[i].lo, &v[i].hi));
    *out = (as_ranges){ .n = r->n, .v = v };
    return AS_OK;
}

bool as_in_ranges(const as_ranges *r, double x)
{
    for (size_t i = 0; i < r->n; i++)
        if (x >= r->v[i].lo && x <= r->v[i].hi) return true;
    return r->n == 0;
}

/* The largest relative departure of a spacing from the mean one. */
static double unevenness(size_t n, const double *x, double mean)
{
    double worst = 0;
    for (size_t i = 1; i < n; i++) worst = fmax(worst, fabs(fabs(x[i] - x[i - 1]) - mean) / mean);
    return worst;
}

as_status as_width_points(as_ctx *ctx, const as_width *w, as_table *t, double *points)
{
    *points = fmax(w->value, 1);
    if (w->points) return AS_OK;
    const as_column *x = as_need(ctx, t, AS_ROLE_X);
    if (!x) return AS_ERR;
    double width = w->value;
    if (w->unit.symbol) {
        width = as_unit_scale(w->value, &w->unit, &x->unit);
        if (isnan(width))
            return as_fail(ctx, AS_E_UNIT, NULL, "a width in %s does not fit x (%s) in %s",
                           w->unit.symbol, x->name, x->unit.symbol);
    }
    if (t->rows < 2)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "a width needs two rows or more, there are %zu",
                       t->rows);
    const double mean = fabs(x->v.f[t->rows - 1] - x->v.f[0]) / (double)(t->rows - 1);
    if (!(mean > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "x (%s) does not advance: no spacing", x->name);
    if (unevenness(t->rows, x->v.f, mean) > 0.1)
        as_warn(ctx, t, NULL, "x is unevenly spaced: a width counts as points of the mean spacing");
    *points = fmax(width / mean, 1);
    return AS_OK;
}
