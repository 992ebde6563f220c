/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of isotherms share. */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "number.h"
#include "sorption.h"

/* --- gathering --------------------------------------------------------------------------- */
as_status as_iso_new(as_parse *job, as_iso *out)
{
    *out = (as_iso){ .n = AS_ISO_EXTRA, .at = { .file = job->in->name } };
    out->rows = as_rows_new(job->ctx, AS_ISO_MOST);
    out->head = as_table_new(job->ctx, 0);
    return out->rows && out->head ? AS_OK : AS_ERR;
}

double *as_iso_add(as_ctx *ctx, as_iso *iso)
{
    return as_rows_add(ctx, iso->rows);
}

double as_branch_of(const char *text)
{
    if (as_starts(text, "ads") || as_same(text, "0") || as_same(text, "false"))
        return AS_ISO_ADSORPTION;
    if (as_starts(text, "des") || as_same(text, "1") || as_same(text, "true"))
        return AS_ISO_DESORPTION;
    return NAN;
}

/* --- headings ---------------------------------------------------------------------------- */
static const struct { const char *key; as_iso_column column; } spellings[] = {
    { "relativepressure", AS_ISO_RELATIVE }, { "pp0", AS_ISO_RELATIVE },
    { "ppo", AS_ISO_RELATIVE },              { "pp", AS_ISO_RELATIVE },
    { "pressurerelative", AS_ISO_RELATIVE }, { "pressure", AS_ISO_PRESSURE },
    { "absolutepressure", AS_ISO_PRESSURE }, { "press", AS_ISO_PRESSURE },
    { "pe", AS_ISO_PRESSURE },               { "p", AS_ISO_PRESSURE },
    { "saturationpressure", AS_ISO_SATURATION },
    { "pressuresaturation", AS_ISO_SATURATION },
    { "p0", AS_ISO_SATURATION },             { "po", AS_ISO_SATURATION },
    { "quantityadsorbed", AS_ISO_UPTAKE },   { "volumestp", AS_ISO_UPTAKE },
    { "loading", AS_ISO_UPTAKE },            { "amount", AS_ISO_UPTAKE },
    { "va", AS_ISO_UPTAKE },                 { "na", AS_ISO_UPTAKE },
    { "v", AS_ISO_UPTAKE },                  { "uptake", AS_ISO_UPTAKE },
    { "branch", AS_ISO_BRANCH },
};

/* "pe/kPa" -> pe, kPa; "V (cm3/g STP)" -> V, cm3/g STP; "p/p0" -> p/p0, none. */
static as_status split_heading(as_ctx *ctx, const char *text, const char **name, const char **unit)
{
    as_arena *a = as_scratch(ctx);
    const char *open = strchr(text, '('), *slash = strchr(text, '/');
    const size_t n = strlen(text);
    const char *close = n && text[n - 1] == ')' ? text + n - 1 : NULL;
    if (slash && (!open || slash < open) && !as_starts(text, "p/p")) {
        *name = as_trim(a, text, (size_t)(slash - text));
        *unit = as_trim(a, slash + 1, strlen(slash + 1));
    } else if (open && close && open > text) {
        *name = as_trim(a, text, (size_t)(open - text));
        *unit = as_trim(a, open + 1, (size_t)(close - open - 1));
    } else {
        *name = as_trim(a, text, n);
        *unit = NULL;
    }
    return *name ? AS_OK : AS_ERR;
}

as_status as_iso_further(as_ctx *ctx, as_iso *iso, const char *name, const char *unit,
                         size_t *column)
{
    as_heading h;
    *column = AS_ISO_MOST;
    if (!*name) return AS_OK;
    AS_TRY(as_heading_of(ctx, name, unit, &h));
    for (size_t i = AS_ISO_EXTRA; i < iso->n; i++)
        if (strcmp(iso->name[i], h.name) == 0) *column = i;
    if (*column < AS_ISO_MOST || iso->n == AS_ISO_MOST) return AS_OK;
    *column = iso->n++;
    iso->name[*column] = h.name;
    iso->unit[*column] = unit;
    return AS_OK;
}

as_status as_iso_heading(as_ctx *ctx, as_iso *iso, const char *text, const char *unit,
                         size_t *column)
{
    const char *name = text, *own = unit;
    if (!unit) AS_TRY(split_heading(ctx, text, &name, &own));
    const char *key = as_plain_key(ctx, name);
    if (!key) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(spellings); i++) {
        if (strcmp(spellings[i].key, key) != 0) continue;
        if (iso->taken >> spellings[i].column & 1) break;
        *column = spellings[i].column;
        iso->taken |= 1u << *column;
        if (*column == AS_ISO_RELATIVE && !(own && strchr(own, '%'))) own = "1";
        if (own && *own) iso->unit[*column] = own;
        return AS_OK;
    }
    return as_iso_further(ctx, iso, name, own, column);
}

/* --- the table --------------------------------------------------------------------------- */
static bool has_value(const double *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(v[i])) return true;
    return false;
}

/* Rows behind the one of highest pressure are desorption. */
static void branch_by_turn(const double *x, size_t n, double *branch)
{
    size_t top = 0;
    for (size_t i = 1; i < n; i++)
        if (x[i] > x[top] || isnan(x[top])) top = i;
    for (size_t i = 0; i < n; i++) branch[i] = i > top ? AS_ISO_DESORPTION : AS_ISO_ADSORPTION;
}

/* pyGAPS marks desorption only. */
static bool only_desorption(const double *branch, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (branch[i] == AS_ISO_ADSORPTION) return false;
    return true;
}

static as_status set_branch(as_ctx *ctx, as_table *t, const double *x, double *branch)
{
    as_column *c = as_add_text(ctx, t, "branch", AS_ROLE_OTHER);
    if (!c) return AS_ERR;
    if (!has_value(branch, t->rows)) branch_by_turn(x, t->rows, branch);
    else if (only_desorption(branch, t->rows))
        for (size_t i = 0; i < t->rows; i++)
            if (isnan(branch[i])) branch[i] = AS_ISO_ADSORPTION;
    for (size_t i = 0; i < t->rows; i++)
        c->v.s[i] = branch[i] == AS_ISO_DESORPTION    ? "desorption"
                    : branch[i] == AS_ISO_ADSORPTION ? "adsorption"
                                                     : NULL;
    return AS_OK;
}

static as_status add(as_ctx *ctx, as_table *t, const as_iso *iso, size_t column, as_role role,
                     const double *v)
{
    static const struct { const char *name, *unit; } own[] = {
        { "relative_pressure", "1" }, { "pressure", "kPa" }, { "saturation_pressure", "kPa" },
        { "uptake", "1" }, { "sigma", "1" },
    };
    const bool known = column < AS_ISO_BRANCH;
    const size_t of = column == AS_ISO_SIGMA ? AS_ISO_UPTAKE : column;
    const char *text = iso->unit[of] ? iso->unit[of] : known ? own[column].unit : "1";
    as_column *c =
        as_add_column(ctx, t, known ? own[column].name : iso->name[column], role, AS_UNITLESS);
    if (!c) return AS_ERR;
    if (t->rows) memcpy(c->v.f, v, t->rows * sizeof *v);
    return as_unit_parse(ctx, t->arena, text, &c->unit);
}

static void check_points(as_ctx *ctx, as_table *t, const as_iso *iso)
{
    size_t negative = 0;
    const as_column *x = t->column[0], *y = as_find_role(t, AS_ROLE_Y);
    for (size_t i = 0; i < t->rows; i++) negative += x->v.f[i] < 0;
    if (negative)
        as_warn(ctx, t, &iso->at, "%zu of %zu pressures are negative", negative, t->rows);
    if (t->rows < 3)
        as_warn(ctx, t, &iso->at, "the isotherm has only %zu point%s", t->rows,
                t->rows == 1 ? "" : "s");
    if (y->unit.opaque && !iso->unit[AS_ISO_UPTAKE])
        as_warn(ctx, t, &iso->at, "the unit of the uptake is not stated");
}

/* A saturation pressure of zero is a field left empty. */
static size_t drop_zero(double *v, size_t n)
{
    size_t dropped = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(v[i] <= 0)) continue;
        v[i] = NAN;
        dropped++;
    }
    return dropped;
}

as_status as_iso_table(as_parse *job, as_iso *iso, as_table **out)
{
    as_ctx *ctx = job->ctx;
    as_table *all = as_rows_table(ctx, iso->rows);
    if (!all) return AS_ERR;
    const size_t dropped = drop_zero(all->column[AS_ISO_SATURATION]->v.f, all->rows);
    const double *v[AS_ISO_MOST];
    bool has[AS_ISO_MOST];
    for (size_t i = 0; i < AS_ISO_MOST; i++) {
        v[i] = all->column[i]->v.f;
        has[i] = i < iso->n && has_value(v[i], all->rows);
    }
    const size_t x = has[AS_ISO_RELATIVE] ? AS_ISO_RELATIVE : AS_ISO_PRESSURE;
    if (all->rows == 0) return as_fail(ctx, AS_E_MISSING, &iso->at, "the isotherm has no points");
    if (!has[x]) return as_fail(ctx, AS_E_MISSING, &iso->at, "no column of pressures");
    if (!has[AS_ISO_UPTAKE])
        return as_fail(ctx, AS_E_MISSING, &iso->at, "no column of amounts adsorbed");
    as_table *t = as_table_new(ctx, all->rows);
    if (!t) return AS_ERR;
    AS_TRY(add(ctx, t, iso, x, AS_ROLE_X, v[x]));
    AS_TRY(add(ctx, t, iso, AS_ISO_UPTAKE, AS_ROLE_Y, v[AS_ISO_UPTAKE]));
    for (size_t i = 0; i < iso->n; i++)
        if (has[i] && i != x && i != AS_ISO_UPTAKE && i != AS_ISO_BRANCH)
            AS_TRY(add(ctx, t, iso, i, i == AS_ISO_SIGMA ? AS_ROLE_SIGMA : AS_ROLE_OTHER, v[i]));
    AS_TRY(set_branch(ctx, t, v[x], all->column[AS_ISO_BRANCH]->v.f));
    AS_TRY(as_copy_meta(ctx, t, iso->head));
    for (size_t i = 0; i < iso->head->n_results; i++)
        AS_TRY(as_add_result(ctx, t, &iso->head->result[i]));
    for (size_t i = 0; i < iso->head->n_warnings; i++)
        as_add_warning(t, NULL, iso->head->warning[i]);
    check_points(ctx, t, iso);
    if (dropped)
        as_warn(ctx, t, &iso->at, "%zu of %zu saturation pressures are not above zero: left out",
                dropped, t->rows);
    *out = t;
    return AS_OK;
}

as_status as_iso_emit(as_parse *job, as_iso *iso)
{
    as_table *t;
    AS_TRY(as_iso_table(job, iso, &t));
    return as_emit(job->out, job->ctx, t);
}

/* --- values of reports --------------------------------------------------------------------- */
/* The number at the start of `text`; its length, 0: none. */
static size_t scan_either(const char *text, double *value)
{
    const size_t n = strlen(text);
    double with_comma;
    size_t used = as_scan_number(text, n, '.', value);
    if (!used) return 0;
    if (text[used] != ',' || memchr(text, '.', used)) return used;
    const size_t longer = as_scan_number(text, n, ',', &with_comma);
    if (longer > used + 1 && text[longer] != '.' && text[longer] != ',') {
        *value = with_comma;
        return longer;
    }
    /* 1,014.139: marks of thousands */
    char plain[64];
    size_t k = 0, i = 0;
    for (; i < n && k < sizeof plain - 1 && strchr("+-0123456789.,", text[i]); i++)
        if (text[i] != ',') plain[k++] = text[i];
    return as_read_number(plain, k, '.', value) ? i : 0;
}

/* A number and the unit behind it: "77.350 K", "0,0304(g)", "9.93 cm3 Measured", "300.0 C". False:
 * no number. A comma between digits is a decimal comma unless it groups by three and a point
 * follows. `unit` is what stands behind, without brackets, in scratch; "" for nothing. */
static bool split_quantity(as_ctx *ctx, const char *text, double *value, const char **unit)
{
    while (*text == ' ') text++;
    const size_t used = scan_either(text, value);
    if (!used || text[used] == '#') return false; /* -1.#IND */
    const char *at = text + used + strspn(text + used, " \t([");
    size_t n = strlen(at);
    while (n > 0 && strchr(" \t)]", at[n - 1])) {
        if (at[n - 1] == ')' && memchr(at, '(', n)) break; /* cm3(STP) */
        n--;
    }
    *unit = as_strndup(as_scratch(ctx), at, n);
    return *unit != NULL && isfinite(*value);
}

static as_status unit_like(as_ctx *ctx, as_arena *a, const char *text, const as_unit *expected,
                           as_unit *out)
{
    const as_unit celsius = as_unit_of("degC");
    *out = *expected;
    if (!*text) return AS_OK;
    if (as_unit_same_dimension(expected, &celsius) && as_same(text, "C")) {
        *out = celsius;
        return AS_OK;
    }
    AS_TRY(as_unit_parse(ctx, a, text, out));
    if (!out->opaque && as_unit_same_dimension(out, expected)) return AS_OK;
    const char *word = as_strndup(a, text, strcspn(text, " "));
    if (!word) return AS_ERR;
    if (as_unit_same_dimension(expected, &celsius) && as_same(word, "C")) *out = celsius;
    else AS_TRY(as_unit_parse(ctx, a, word, out));
    return AS_OK;
}

/* `known` has no colon. */
static bool same_key(const char *key, const char *known)
{
    size_t n = strlen(key);
    while (n > 0 && strchr(": ", key[n - 1])) n--;
    return n == strlen(known) && as_starts(key, known);
}

/* Days since 1899-12-30, as spreadsheets count them, as a date (Howard Hinnant's civil_from_days,
 * era by era of 400 years). */
static const char *serial_date(as_ctx *ctx, double serial)
{
    const int z = (int)floor(serial) - 25569 + 719468, era = z / 146097, doe = z - era * 146097;
    const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const int day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    return as_format(as_scratch(ctx), "%04d-%02d-%02d", yoe + era * 400 + (month <= 2), month, day);
}

static as_status set_date(as_ctx *ctx, as_table *t, const char *value, const as_where *from)
{
    double serial;
    if (as_read_number(value, strlen(value), '.', &serial) && serial > 20000 && serial < 80000)
        value = serial_date(ctx, serial);
    return value ? as_set_measured(ctx, t, value, false, from) : AS_ERR;
}

as_status as_set_short_date(as_ctx *ctx, as_table *t, const char *text, const as_where *from)
{
    int field[3] = { 0 };
    size_t n = strlen(text);
    if (n != 8 || text[2] != '/' || text[5] != '/') return set_date(ctx, t, text, from);
    for (size_t i = 0; i < n; i++) {
        if (i % 3 == 2) continue;
        if (text[i] < '0' || text[i] > '9') return set_date(ctx, t, text, from);
        field[i / 3] = 10 * field[i / 3] + text[i] - '0';
    }
    const char *iso = as_format(as_scratch(ctx), "%04d-%02d-%02d",
                                field[0] + (field[0] < 80 ? 2000 : 1900), field[1], field[2]);
    return iso ? as_set_meta(ctx, t, "measured", iso, NULL, from) : AS_ERR;
}

/* Fields that programs print as zero when nobody entered them. */
static bool is_empty_at_zero(const char *meta)
{
    static const char *const fields[] = { "degas_temperature", "degas_time", "equilibration_time", "cross_section",
                                          "sample_density", "manifold_volume", "dead_volume" };
    for (size_t i = 0; i < AS_COUNT(fields); i++)
        if (strcmp(fields[i], meta) == 0) return true;
    return false;
}

static as_status set_quantity(as_ctx *ctx, as_table *t, const as_known *k, const char *value,
                              const char *stated, const as_where *from, bool *done)
{
    double number;
    const char *behind;
    as_unit unit;
    const as_unit expected = as_unit_of(k->unit);
    *done = false;
    if (!split_quantity(ctx, value, &number, &behind)) return AS_OK;
    AS_TRY(unit_like(ctx, t->arena, stated && *stated ? stated : behind, &expected, &unit));
    if (unit.opaque || !as_unit_same_dimension(&unit, &expected)) return AS_OK;
    if (number == 0 && is_empty_at_zero(k->meta)) return AS_OK;
    *done = true;
    return as_set_number(ctx, t, k->meta, number, NAN, unit, from);
}

as_status as_set_reported(as_ctx *ctx, as_table *t, const as_known *known, size_t n,
                          const char *key, const char *value, const char *stated,
                          const as_where *from)
{
    if (!*value || !*key) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        bool done;
        if (!same_key(key, known[i].key)) continue;
        if (!known[i].meta) return AS_OK; /* told elsewhere */
        if (as_get_meta(t, known[i].meta)) break; /* the first one counts */
        if (strcmp(known[i].meta, "measured") == 0)
            return set_date(ctx, t, value, from);
        if (!known[i].unit) return as_set_meta(ctx, t, known[i].meta, value, NULL, from);
        AS_TRY(set_quantity(ctx, t, &known[i], value, stated, from, &done));
        if (done) return AS_OK;
        break;
    }
    const size_t length = strlen(key);
    const char *name = as_trim(as_scratch(ctx), key, key[length - 1] == ':' ? length - 1 : length);
    double number;
    const bool counts = as_read_number(value, strlen(value), '.', &number);
    const char *text =
        counts && stated && *stated ? as_format(as_scratch(ctx), "%s %s", value, stated) : value;
    return name && text ? as_set_vendor(ctx, t, name, text, from) : AS_ERR;
}

as_status as_add_reported(as_ctx *ctx, as_table *t, const char *item, const char *quantity,
                          const char *text, const char *unit)
{
    double value, u = NAN;
    const char *behind;
    as_unit parsed;
    if (!split_quantity(ctx, text, &value, &behind)) return AS_OK;
    if (as_starts(behind, "±")) {
        double error;
        const char *at = behind + strlen("±");
        if (split_quantity(ctx, at, &error, &behind)) u = error;
    }
    AS_TRY(as_unit_parse(ctx, t->arena, unit && *unit ? unit : *behind ? behind : "1", &parsed));
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = u,
                          .unit = parsed, .flag = "ok", .method = "as_printed" };
    return as_add_result(ctx, t, &r);
}
