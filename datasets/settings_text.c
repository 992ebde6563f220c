/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as the option text that repeats them: what history, cache keys and recipes hold. */
#include <math.h>
#include <string.h>

#include "input.h"
#include "number.h"
#include "param.h"

const char *as_shell_word(as_arena *a, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    if (*text && text[strspn(text, plain)] == '\0') return text;
    const char *quoted = "'";
    for (const char *at = text;;) {
        const char *quote = strchr(at, '\'');
        if (!quote) return as_format(a, "%s%s'", quoted, at);
        quoted = as_format(a, "%s%.*s'\\''", quoted, (int)(quote - at), at);
        if (!quoted) return NULL;
        at = quote + 1;
    }
}

static const char *number(as_arena *a, double value, const char *unit)
{
    char text[AS_NUMBER_MAX];
    as_write_number(value, text);
    const bool bare = !unit || strcmp(unit, "1") == 0;
    return as_format(a, "%s%s", text, bare ? "" : unit);
}

static const char *range(as_arena *a, const as_param *p, const as_range *r)
{
    const char *unit = p->unit ? p->unit : r->unit.symbol;
    const char *lo = isfinite(r->lo) ? number(a, r->lo, unit) : "",
               *hi = isfinite(r->hi) ? number(a, r->hi, unit) : "";
    return lo && hi ? as_format(a, "%s:%s", lo, hi) : NULL;
}

static const char *ranges(as_arena *a, const as_param *p, const as_ranges *r)
{
    const char *text = "";
    for (size_t i = 0; i < r->n && text; i++) {
        const char *one = range(a, p, &r->v[i]);
        text = one ? as_format(a, "%s%s%s", text, i ? "," : "", one) : NULL;
    }
    return text;
}

static const char *list(as_arena *a, const as_param *p, const as_list *l)
{
    const char *text = "";
    for (size_t i = 0; i < l->n && text; i++) {
        const char *one = number(a, l->v[i], p->unit);
        text = one ? as_format(a, "%s%s%s", text, i ? "," : "", one) : NULL;
    }
    return text;
}

static const char *choice(const as_param *p, int value)
{
    for (const as_choice *c = p->choices; c->name; c++)
        if (c->value == value) return c->name;
    return "";
}

/* The value as typed, of a file its name without where it lies on this machine; "" when the parameter was
 * left empty. Lists of texts and flags apart. */
static const char *value_text(as_arena *a, const as_param *p, const void *field)
{
    const as_width *w;
    const char *text;
    switch (p->type) {
    case AS_P_DOUBLE:
        if (p->def && *p->def == '\0' && *(const double *)field == 0) return "";
        return number(a, *(const double *)field, p->unit);
    case AS_P_INT:
        if (p->def && *p->def == '\0' && *(const int *)field == 0) return "";
        return as_format(a, "%d", *(const int *)field);
    case AS_P_CHOICE: return choice(p, *(const int *)field);
    case AS_P_STRING:
    case AS_P_COLUMN: text = *(const char *const *)field; return text ? text : "";
    case AS_P_LIST: return list(a, p, field);
    case AS_P_RANGE: {
        const as_range *r = field;
        return r->lo == 0 && r->hi == 0 ? "" : range(a, p, r);
    }
    case AS_P_RANGES: return ranges(a, p, field);
    case AS_P_WIDTH:
        w = field;
        if (w->value == 0) return "";
        return number(a, w->value, w->points ? "pt" : w->unit.symbol);
    case AS_P_FILE: {
        const as_input *in = *(const as_input *const *)field;
        return in ? as_base_name(in->name) : "";
    }
    case AS_P_TABLES: text = ((const as_tables *)field)->from; return text ? as_base_name(text) : "";
    case AS_P_BOOL:
    case AS_P_TEXTS: break;
    }
    return "";
}

static const char *append(as_arena *a, const char *all, const char *name, const char *value)
{
    if (!all || !value) return NULL;
    const char *word = as_shell_word(a, value);
    return word ? as_format(a, "%s%s--%s %s", all, *all ? " " : "", name, word) : NULL;
}

static const char *append_flag(as_arena *a, const char *all, const as_param *p, bool on)
{
    return all ? as_format(a, "%s%s--%s%s", all, *all ? " " : "", on ? "" : "no-", p->name) : NULL;
}

const char *as_settings_text(as_arena *a, const as_param *params, const void *settings)
{
    const char *all = "";
    for (const as_param *p = params; p && p->name; p++) {
        const void *field = (const unsigned char *)settings + p->offset;
        if (p->type == AS_P_BOOL) {
            all = append_flag(a, all, p, *(const bool *)field);
        } else if (p->type == AS_P_TEXTS) {
            const as_texts *t = field;
            for (size_t i = 0; i < t->n; i++) all = append(a, all, p->name, t->v[i]);
        } else {
            const char *value = value_text(a, p, field);
            if (!value) return NULL;
            if (*value || (p->def && *p->def)) all = append(a, all, p->name, value);
        }
    }
    return all;
}
