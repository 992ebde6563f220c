/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves out of tables: roles, units, names. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "series.h"
#include "vocabulary.h"

as_status as_values(as_ctx *ctx, const as_table *t, const as_column *c, const as_unit *unit,
                    const double **out)
{
    const char *name = t->name ? t->name : "a series";
    if (c->type != AS_F64)
        return as_fail(ctx, AS_E_MISSING, NULL, "the column '%s' of '%s' is text, expected numbers",
                       c->name, name);
    *out = c->v.f;
    if (c->unit.symbol && unit->symbol && strcmp(c->unit.symbol, unit->symbol) == 0) return AS_OK;
    if (!as_unit_same_dimension(&c->unit, unit))
        return as_fail(ctx, AS_E_UNIT, NULL,
                       "'%s' of '%s' is in %s, that of the first series in %s: they share no axis",
                       c->name, name, c->unit.symbol, unit->symbol);
    double *v = AS_NEW_N(as_scratch(ctx), double, t->rows ? t->rows : 1);
    for (size_t i = 0; v && i < t->rows; i++) v[i] = as_unit_convert(c->v.f[i], &c->unit, unit);
    *out = v;
    return v ? AS_OK : AS_ERR;
}

static as_status sigma_of(as_ctx *ctx, const as_column *y, as_series *out)
{
    const as_table *t = out->table;
    const as_column *sigma = as_find_role(t, AS_ROLE_SIGMA);
    if (!sigma || sigma->type != AS_F64) return AS_OK;
    double *s = AS_NEW_N(as_scratch(ctx), double, t->rows ? t->rows : 1);
    for (size_t i = 0; s && i < t->rows; i++)
        s[i] = as_unit_scale(sigma->v.f[i], &y->unit, &out->y_column->unit);
    out->sigma = s;
    return s ? AS_OK : AS_ERR;
}

static as_status baseline_of(as_ctx *ctx, as_series *out)
{
    const as_column *base = as_find_role(out->table, AS_ROLE_BASELINE);
    const as_meta *processed = as_get_meta(out->table, "processed");
    if (!base || base->type != AS_F64) return AS_OK;
    if (processed && strstr(processed->text, "subtracted")) return AS_OK;
    return as_values(ctx, out->table, base, &out->y_column->unit, &out->baseline);
}

static as_status one(as_ctx *ctx, const as_table *t, const as_series *first, as_series *out)
{
    const as_column *x = as_need(ctx, t, AS_ROLE_X), *y = x ? as_need(ctx, t, AS_ROLE_Y) : NULL;
    if (!y) return as_while(ctx, "drawing '%s'", t->name ? t->name : "a series");
    out->table = t;
    out->x_column = first ? first->x_column : x;
    out->y_column = first ? first->y_column : y;
    out->n = t->rows;
    AS_TRY(as_values(ctx, t, x, &out->x_column->unit, &out->x));
    AS_TRY(as_values(ctx, t, y, &out->y_column->unit, &out->y));
    AS_TRY(baseline_of(ctx, out));
    return sigma_of(ctx, y, out);
}

const char *as_region_plain(const char *region)
{
    const size_t digits = strspn(region, "0123456789");
    return digits && strncmp(region + digits, ": ", 2) == 0 && region[digits + 2] ? region + digits + 2 : region;
}

const char *as_series_label(const as_look *look, size_t i, const as_table *t)
{
    if (i < look->labels.n) return look->labels.v[i];
    if (t->label) return t->label;
    const as_meta *region = as_get_meta(t, "region"); /* C 1s says more than FILE.3 */
    if (region && region->text && *region->text) return as_region_plain(region->text);
    return t->name ? t->name : "";
}

/* What tells series of one label apart: a number in their metadata that no two of them share. */
static const char *telling(size_t n, const as_series *s, const char *label)
{
    static const char *const usual[] = { "depth", "etch_time", "temperature", "cycle", "time", "peel", "position" };
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++) {
        bool tells = true;
        for (size_t i = 0; i < n && tells; i++) {
            const as_meta *m = as_get_meta(s[i].table, usual[k]);
            if (strcmp(s[i].label, label) != 0) continue;
            tells = m && isfinite(m->number);
            for (size_t j = 0; j < i && tells; j++)
                tells = strcmp(s[j].label, label) != 0 || as_get_meta(s[j].table, usual[k])->number != m->number;
        }
        if (tells) return usual[k];
    }
    return NULL;
}

/* Series of one label get what tells them apart behind it, "O 1s, 30 s", or else their names. */
static as_status part_labels(as_ctx *ctx, size_t told, size_t n, as_series *s)
{
    const char **label = AS_NEW_N(as_scratch(ctx), const char *, n);
    if (!label) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++) same += strcmp(s[j].label, s[i].label) == 0;
        label[i] = s[i].label;
        if (same < 2 || i < told) continue;
        const char *key = telling(n, s, s[i].label);
        const as_meta *m = key ? as_get_meta(s[i].table, key) : NULL;
        const char *unit = m ? as_unit_label(ctx, &m->unit) : "";
        if (m) label[i] = as_format(as_scratch(ctx), "%s, %.6g%s%s", s[i].label, m->number, *unit ? " " : "", unit);
        else if (s[i].table->name) label[i] = s[i].table->name;
        if (!label[i]) return AS_ERR;
    }
    for (size_t i = 0; i < n; i++) s[i].label = label[i];
    return AS_OK;
}

/* The digits behind the last point of FILE.12, a series of one file that has no name of its own; NULL. */
static const char *number_in_file(const as_series *s)
{
    const char *dot = s->table->name && strcmp(s->label, s->table->name) == 0 ? strrchr(s->label, '.') : NULL;
    return dot && dot[1] && dot[1 + strspn(dot + 1, "0123456789")] == '\0' ? dot + 1 : NULL;
}

/* Three or more such series, all of one file, need not repeat its name: what tells them apart is a number
 * of their metadata, or theirs in the file. */
static as_status shorten_labels(as_ctx *ctx, size_t n, as_series *s)
{
    const char *first = n > 2 ? number_in_file(&s[0]) : NULL;
    const size_t stem = first ? (size_t)(first - s[0].label) : 0;
    for (size_t i = 0; i < n; i++) {
        const char *number = first ? number_in_file(&s[i]) : NULL;
        if (!number || (size_t)(number - s[i].label) != stem || memcmp(s[i].label, s[0].label, stem) != 0)
            return AS_OK;
    }
    for (size_t i = 0; i < n; i++) s[i].label = "";
    const char *key = n <= AS_LABELS_PARTED ? telling(n, s, "") : NULL;
    for (size_t i = 0; i < n; i++) {
        const as_meta *m = key ? as_get_meta(s[i].table, key) : NULL;
        const char *unit = m ? as_unit_label(ctx, &m->unit) : "";
        s[i].label = m ? as_format(as_scratch(ctx), "%.6g%s%s", m->number, *unit ? " " : "", unit)
                       : s[i].table->name + stem;
        if (!s[i].label) return AS_ERR;
    }
    return AS_OK;
}

as_status as_series_of(as_ctx *ctx, const as_look *look, size_t n, const as_table *const *tables,
                       as_series **out)
{
    if (n == 0) return as_fail(ctx, AS_E_MISSING, NULL, "no series to draw");
    as_series *s = *out = AS_NEW_N(as_scratch(ctx), as_series, n);
    if (!s) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(one(ctx, tables[i], i ? s : NULL, &s[i]));
        s[i].label = as_series_label(look, i, tables[i]);
    }
    if (look->labels.n == 0) AS_TRY(shorten_labels(ctx, n, s));
    return n <= AS_LABELS_PARTED ? part_labels(ctx, look->labels.n, n, s) : AS_OK;
}

void as_extremes(size_t n, const double *v, bool positive, double *lo, double *hi)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(v[i]) || (positive && v[i] <= 0)) continue;
        if (v[i] < *lo) *lo = v[i];
        if (v[i] > *hi) *hi = v[i];
    }
}

/* The first letter as a capital, but never that of a symbol in italics. */
static const char *raised(as_ctx *ctx, const char *label)
{
    char *copy = as_strdup(as_scratch(ctx), label);
    const bool word = copy && islower((unsigned char)copy[0]) && isalpha((unsigned char)copy[1]) &&
                      islower((unsigned char)copy[1]);
    if (word) copy[0] = (char)toupper((unsigned char)copy[0]);
    return copy ? copy : label;
}

static const char *named(as_ctx *ctx, as_word_kind kind, const char *name)
{
    if (strncmp(name, "vendor.", 7) == 0 && name[7]) name += 7; /* whose word it is matters to no reader */
    const as_word_entry *w = as_vocabulary(kind, name);
    if (w && w->label && w->label[0]) return raised(ctx, w->label);
    char *copy = name[0] && !name[1] ? as_format(as_scratch(ctx), "*%s*", name) /* a symbol */
                                     : as_strdup(as_scratch(ctx), name);
    for (char *s = copy; s && *s; s++)
        if (*s == '_') *s = ' ';
    return copy ? raised(ctx, copy) : name;
}

const char *as_column_label(as_ctx *ctx, const as_column *c)
{
    const bool own = c->label && c->label[0] && strcmp(c->label, c->name) != 0; /* the name alone is none */
    if (own) return raised(ctx, c->label);
    return named(ctx, AS_WORD_COLUMN, c->name);
}

const char *as_quantity_label(as_ctx *ctx, const char *quantity)
{
    return named(ctx, AS_WORD_QUANTITY, quantity);
}

const char *as_result_label(as_ctx *ctx, const char *item, const char *quantity)
{
    return strcmp(quantity, "derived") == 0 ? named(ctx, AS_WORD_QUANTITY, item) : as_quantity_label(ctx, quantity);
}

static const char *word(const char *name, size_t n)
{
    static const struct { const char *plain, *print; } words[] = {
        { "deg", "°" },       { "degC", "°C" },    { "Angstrom", "Å" }, { "Ohm", "Ω" },
        { "count", "counts" }, { "um", "μm" },     { "uV", "μV" },      { "us", "μs" },
        { "uA", "μA" },       { "ug", "μg" },      { "umol", "μmol" },  { "kOhm", "kΩ" },
        { "MOhm", "MΩ" },     { "mOhm", "mΩ" },    { "uL", "μL" },      { "degF", "°F" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].plain) == n && strncmp(words[i].plain, name, n) == 0)
            return words[i].print;
    return NULL;
}

/* One factor of a unit, "cm3" or "Angstrom-1", under a fraction bar or not. */
static size_t factor(const char *s, bool below, char *out, size_t room)
{
    size_t n = 0, used = 0;
    int depth = 0;
    while (s[n] && (depth || (s[n] != '/' && s[n] != '*' && s[n] != '.' && s[n] != ' '))) {
        depth += (s[n] == '(') - (s[n] == ')');
        n++;
    }
    size_t name = n;
    while (name > 0 && isdigit((unsigned char)s[name - 1])) name--;
    if (name > 0 && name < n && s[name - 1] == '-') name--;
    /* the exponent stands before a basis in brackets: cm3(STP) */
    const char *bracket = memchr(s, '(', n);
    size_t tail = n;
    if (bracket && bracket > s && name == n) {
        tail = (size_t)(bracket - s);
        name = tail;
        while (name > 0 && isdigit((unsigned char)s[name - 1])) name--;
    }
    const char *print = word(s, name);
    const bool minus = name < tail && s[name] == '-';
    const char *power = s + name + minus;
    const size_t digits = (size_t)(s + tail - power);
    used += (size_t)snprintf(out, room, "%.*s", (int)(print ? strlen(print) : name), print ? print : s);
    const bool negative = minus != below;
    if (used < room && (digits || below))
        used += (size_t)snprintf(out + used, room - used, "^{%s%.*s}", negative ? "−" : "",
                                 digits ? (int)digits : 1, digits ? power : "1");
    if (used < room && tail < n)
        snprintf(out + used, room - used, "%.*s", (int)(n - tail), s + tail);
    return n;
}

const char *as_unit_label(as_ctx *ctx, const as_unit *unit)
{
    char out[256] = "";
    const char *s = unit->symbol ? unit->symbol : "";
    if (strcmp(s, "1") == 0 || !*s) return "";
    bool below = false;
    if (unit->opaque) return s;
    if (strncmp(s, "1/", 2) == 0) {
        below = true;
        s += 2;
    }
    for (size_t used = 0; *s && used + 1 < sizeof out;) {
        s += factor(s, below, out + used, sizeof out - used);
        used = strlen(out);
        if (!*s) break;
        if (*s == '/') below = true;
        s++;
        if (used + 2 < sizeof out) memcpy(out + used++, " ", 2);
    }
    const char *copy = as_strdup(as_scratch(ctx), out);
    return copy ? copy : "";
}

bool as_runs_down(const as_column *x, const as_table *t)
{
    if (strcmp(x->name, "binding_energy") == 0) return true;
    const bool infrared = !t->technique || strcmp(t->technique, "ftir") == 0 ||
                          strcmp(t->technique, "generic") == 0;
    return infrared && strcmp(x->name, "wavenumber") == 0;
}

bool as_axes_are(const as_table *t, const char *x, const char *y)
{
    const as_column *cx = as_find_role(t, AS_ROLE_X), *cy = as_find_role(t, AS_ROLE_Y);
    return cx && cy && strcmp(cx->name, x) == 0 && strcmp(cy->name, y) == 0;
}
