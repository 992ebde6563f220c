/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which areas quantify counts, and what each is divided by (quantify.h). */
#include <math.h>
#include <string.h>

#include "number.h"
#include "photoline.h"
#include "quantify.h"

static const double pi = 3.14159265358979323846;
static const double magic_deg = 54.7356;

static const char *called(const as_table *t)
{
    const char *region = as_region_name(t);
    return t->name ? t->name : region ? region : "a series";
}

static as_status twice(as_run *run, const char *what)
{
    return as_fail(run->ctx, AS_E_USAGE, NULL,
                   "the factors contain %s already (--contain); it would be used twice", what);
}

static as_status check_table(as_run *run, const as_table *t)
{
    const as_quantify_settings *set = run->settings;
    const as_column *line = as_find_name(t, "line"), *factor = as_find_name(t, "factor");
    const as_column *beta = as_find_name(t, "asymmetry");
    if (!line || line->type != AS_TEXT || !factor || factor->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "%s: expected a column of words 'line' and one of numbers 'factor'",
                       set->factors.from);
    if (fabs(set->angle - magic_deg) > 0.01 && (!beta || beta->type != AS_F64))
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "%s has no column of numbers 'asymmetry', which --angle %g needs",
                       set->factors.from, set->angle);
    for (size_t i = 0; i < t->rows; i++)
        if (!line->v.s[i] || !line->v.s[i][0] || !(factor->v.f[i] > 0))
            return as_fail(run->ctx, AS_E_SYNTAX, NULL,
                           "%s: row %zu, expected a line and a factor above 0", set->factors.from,
                           i + 1);
    return AS_OK;
}

/* LINE=BETA number k: is it about `line`? */
static as_status read_asymmetry(as_run *run, size_t k, const char *line, double *beta)
{
    const as_quantify_settings *set = run->settings;
    const char *text = set->asymmetry.v[k], *equals = strrchr(text, '=');
    const size_t n = equals ? (size_t)(equals - text) : 0;
    double value;
    if (!n || !as_read_number(equals + 1, strlen(equals + 1), '.', &value) || !(value >= -1 && value <= 2))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "--asymmetry '%s', expected LINE=BETA with a number from -1 to 2", text);
    if (line && strlen(line) == n && strncmp(line, text, n) == 0) *beta = value;
    return AS_OK;
}

/* Of a line of the built-in table: 2 for an s level, in the dipole approximation without relativity whatever
 * the energy (Cooper & Zare 1968, J. Chem. Phys. 48, 942); no other is built in. */
static as_status asymmetry_of(as_run *run, const char *line, double *beta)
{
    const as_quantify_settings *set = run->settings;
    *beta = line[strlen(line) - 1] == 's' ? 2 : NAN;
    for (size_t k = 0; k < set->asymmetry.n; k++) AS_TRY(read_asymmetry(run, k, line, beta));
    if (!isnan(*beta) || fabs(set->angle - magic_deg) <= 0.01) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "--angle %g needs the asymmetry of %s, which --table has for s levels only: give it, "
                   "--asymmetry '%s=BETA'",
                   set->angle, line, line);
}

as_status as_quantify_check(as_run *run)
{
    const as_quantify_settings *set = run->settings;
    if ((set->contain & AS_IN_FACTOR_TRANSMISSION) && set->transmission != AS_T_NONE)
        return twice(run, "the transmission");
    if ((set->contain & AS_IN_FACTOR_PATH) && set->path != AS_PATH_NONE)
        return twice(run, "the path");
    if (set->path == AS_PATH_TPP2M &&
        !(set->density > 0 && set->valence > 0 && set->molar_mass > 0))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "--path tpp2m needs --density, --valence and --molar-mass of the material");
    for (size_t k = 0; k < set->line.n; k++)
        if (strcspn(set->line.v[k], "=") == 0 || !strchr(set->line.v[k], '=') ||
            !strrchr(set->line.v[k], '=')[1])
            return as_fail(run->ctx, AS_E_USAGE, NULL, "--line '%s', expected COMPONENT=LINE",
                           set->line.v[k]);
    if ((set->table != AS_TABLE_NONE) == (set->factors.n > 0))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "expected either --factors FILE or --table kissel, found %s",
                       set->factors.n ? "both" : "neither");
    if (set->table != AS_TABLE_NONE && set->contain != AS_IN_FACTOR_NOTHING)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "--table holds cross sections and nothing else: --contain cross_section");
    if (set->table == AS_TABLE_NONE && set->asymmetry.n)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "--asymmetry is for --table; --factors have a column asymmetry");
    for (size_t k = 0; k < set->asymmetry.n; k++) AS_TRY(read_asymmetry(run, k, NULL, NULL));
    for (size_t k = 0; k < set->factors.n; k++) AS_TRY(check_table(run, set->factors.t[k]));
    return AS_OK;
}

const char *as_quantify_method(as_run *run)
{
    const as_quantify_settings *set = run->settings;
    static const char *const held[] = { "sigma", "sigma*lambda", "sigma*T", "sigma*T*lambda" };
    as_arena *a = as_scratch(run->ctx);
    const char *t = set->transmission == AS_T_COLUMN ? "_T-column"
                    : set->transmission == AS_T_POWER
                        ? as_format(a, "_T-E^%g", set->transmission_power)
                        : "";
    const char *path = set->path == AS_PATH_TPP2M   ? "_lambda-TPP-2M"
                       : set->path == AS_PATH_POWER ? as_format(a, "_lambda-E^%g", set->path_power)
                                                    : "";
    const char *angle =
        fabs(set->angle - magic_deg) > 0.01 ? as_format(a, "_L-%gdeg", set->angle) : "";
    if (!t || !path || !angle) return NULL;
    return as_format(a, "%s-%s%s%s%s", set->table == AS_TABLE_KISSEL ? "Kissel" : "factor",
                     held[set->contain], t, path, angle);
}

typedef struct {
    const char *line;
    double value, beta; /* beta NAN: not known */
} factor;

/* The longest line of the tables that `name` begins with; `t` instead of a name: its region. */
static bool find_factor(const as_quantify_settings *set, const as_table *t, const char *name,
                        factor *out)
{
    size_t longest = 0;
    for (size_t k = 0; k < set->factors.n; k++) {
        const as_table *f = set->factors.t[k];
        const as_column *line = as_find_name(f, "line"), *beta = as_find_name(f, "asymmetry");
        for (size_t i = 0; i < f->rows; i++) {
            const char *l = line->v.s[i];
            if (strlen(l) <= longest || !(name ? as_line_begins(name, l) : as_is_region(t, l)))
                continue;
            longest = strlen(l);
            *out = (factor){ l, as_find_name(f, "factor")->v.f[i],
                             beta && beta->type == AS_F64 ? beta->v.f[i] : NAN };
        }
    }
    return longest > 0;
}

/* What --line says of `item`; NULL: nothing. */
static const char *told(const as_quantify_settings *set, const char *item)
{
    for (size_t k = 0; item && k < set->line.n; k++) {
        const char *equals = strrchr(set->line.v[k], '=');
        const size_t n = (size_t)(equals - set->line.v[k]);
        if (strlen(item) == n && strncmp(item, set->line.v[k], n) == 0) return equals + 1;
    }
    return NULL;
}

static as_status factor_of(as_run *run, const as_table *t, const char *item, factor *out)
{
    const as_quantify_settings *set = run->settings;
    const char *name = told(set, item), *region = as_region_name(t);
    if (!name) name = told(set, region);
    out->line = NULL;
    out->beta = NAN;
    if (set->table == AS_TABLE_KISSEL)
        AS_TRY(as_cross_section(run->ctx, t, name, &out->line, &out->value));
    if (out->line) return asymmetry_of(run, out->line, &out->beta);
    if (find_factor(set, t, name, out)) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL,
                   "no line of %s is '%s'; --line '%s=LINE' tells which it is",
                   set->table == AS_TABLE_KISSEL ? "the table" : set->factors.from,
                   name     ? name
                   : region ? region
                            : "?",
                   region ? region : item);
}

static bool left_out(const as_quantify_settings *set, const char *name)
{
    for (size_t k = 0; name && k < set->without.n; k++)
        if (strcmp(set->without.v[k], name) == 0) return true;
    return false;
}

static as_status transmission(as_run *run, const as_table *t, double energy, double kinetic,
                              double *out)
{
    const as_quantify_settings *set = run->settings;
    const as_column *x = as_find_role(t, AS_ROLE_X), *f = as_find_numbers(t, "transmission_function");
    const bool used = set->transmission != AS_T_NONE || (set->contain & AS_IN_FACTOR_TRANSMISSION);
    *out = set->transmission == AS_T_POWER ? pow(kinetic / 1000, set->transmission_power) : 1;
    if (used && as_is_processed(t, "transmission"))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "'%s' was divided by the transmission already; it would be used twice",
                       called(t));
    if (set->transmission != AS_T_COLUMN) return AS_OK;
    if (!f || f->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "'%s' has no column transmission_function",
                       called(t));
    double nearest = INFINITY;
    for (size_t i = 0; i < t->rows; i++) {
        if (!(fabs(x->v.f[i] - energy) < nearest) || !isfinite(f->v.f[i])) continue;
        nearest = fabs(x->v.f[i] - energy);
        *out = f->v.f[i];
    }
    return AS_OK;
}

static as_status sensitivity(as_run *run, as_quantified *c, const factor *f)
{
    const as_quantify_settings *set = run->settings;
    double kinetic = NAN, t;
    if (set->path != AS_PATH_NONE || set->transmission == AS_T_POWER)
        AS_TRY(as_fermi_kinetic(run->ctx, c->t, c->energy, &kinetic));
    AS_TRY(transmission(run, c->t, c->energy, kinetic, &t));
    const as_tpp2m material = { set->density, set->valence, set->molar_mass, set->gap };
    const double path = set->path == AS_PATH_POWER   ? pow(kinetic / 1000, set->path_power)
                        : set->path == AS_PATH_TPP2M ? as_tpp2m_path(&material, kinetic)
                                                     : 1;
    const double l =
        fabs(set->angle - magic_deg) > 0.01 ? as_angular_factor(f->beta, set->angle * pi / 180) : 1;
    c->sensitivity = f->value * l * t * path;
    if (c->sensitivity > 0 && isfinite(c->sensitivity)) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                   "sigma L T lambda of '%s' is %g, expected a number above 0", c->line,
                   c->sensitivity);
}

/* Where a net area lies: the mean energy of what is above the background, else of the region. */
static double middle(const as_table *t)
{
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    const as_column *b = as_find_role(t, AS_ROLE_BASELINE), *below = as_baseline_below(t);
    double sum = 0, moment = 0;
    for (size_t i = 0; i < t->rows; i++) {
        const double net = b ? y->v.f[i] - (below ? below->v.f[i] : 0) : 1;
        if (!isfinite(net)) continue;
        sum += net;
        moment += net * x->v.f[i];
    }
    return moment / sum;
}

static as_status one_area(as_run *run, const as_table *t, size_t result, const as_unit *unit,
                          as_quantified *c)
{
    const as_result *r = &t->result[result], *position = as_get_result(t, r->item, "position");
    const as_result *ratio = as_get_result(t, r->item, "ratio");
    factor f;
    *c = (as_quantified){ .t = t, .result = result, .item = r->item };
    AS_TRY(factor_of(run, t, r->item, &f));
    c->line = f.line;
    c->doublet = as_unit_scale(1, &r->unit, unit) * (1 + (ratio ? ratio->value : 0));
    if (isnan(c->doublet))
        return as_fail(run->ctx, AS_E_UNIT, NULL,
                       "the area of '%s' is in %s, of the first series in %s", c->line,
                       r->unit.symbol, unit->symbol);
    c->area = r->value * c->doublet;
    c->energy = position && isfinite(position->value) ? position->value : middle(t);
    return sensitivity(run, c, &f);
}

static bool counts(const as_quantify_settings *set, const as_table *t, size_t i, bool fitted)
{
    const as_result *r = &t->result[i];
    if (strcmp(r->quantity, "area") != 0 || left_out(set, r->item)) return false;
    for (size_t k = i + 1; k < t->n_results; k++) /* fitted once more: the last one holds */
        if (strcmp(t->result[k].quantity, "area") == 0 && strcmp(t->result[k].item, r->item) == 0)
            return false;
    return fitted != (strcmp(r->item, "region") == 0);
}

/* The areas of one series behind c[*n]; those of a fit win over the net area. */
static as_status areas_of(as_run *run, const as_table *t, const as_unit *unit, as_quantified *c,
                          size_t *n)
{
    const as_quantify_settings *set = run->settings;
    const size_t first = *n;
    bool fitted = false;
    if (left_out(set, as_region_name(t))) return AS_OK;
    for (size_t i = 0; i < t->n_results; i++) fitted |= counts(set, t, i, true);
    for (size_t i = 0; i < t->n_results; i++)
        if (counts(set, t, i, fitted)) {
            AS_TRY(one_area(run, t, i, unit, &c[*n]));
            (*n)++;
        }
    if (*n == first)
        return as_fail(
            run->ctx, AS_E_MISSING, NULL,
            "'%s' has no area; fit it, or draw a background with baseline-shirley, before",
            called(t));
    if (as_is_processed(t, "normalized"))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "'%s' was normalized: its area says nothing beside others", called(t));
    return AS_OK;
}

/* Counts are comparable after equal times only; rates always. Times are stated rounded (0.1 s beside
 * 0.100004 s): what differs less shifts no composition by more than 0.1 %. */
static const double times_alike = 1e-3;

static as_status same_time(as_run *run, const as_table *a, const as_table *b)
{
    static const char *const keys[] = { "dwell_time", "scans" };
    const as_unit count = as_unit_of("count");
    double time[2] = { 1, 1 };
    const as_table *const t[] = { a, b };
    if (!as_unit_same_dimension(&as_find_role(a, AS_ROLE_Y)->unit, &count)) return AS_OK;
    for (size_t s = 0; s < 2; s++)
        for (size_t k = 0; k < 2; k++) {
            const as_meta *m = as_get_meta(t[s], keys[k]);
            time[s] *= m && m->number > 0 ? m->number : k == 0 ? NAN : 1;
        }
    if (isnan(time[0]) && isnan(time[1])) {
        as_warn(run->ctx, (as_table *)a, NULL,
                "how long these counts took is not known; equal times are assumed");
        return AS_OK;
    }
    if (fabs(time[0] - time[1]) <= times_alike * time[0]) return AS_OK;
    return as_fail(run->ctx, AS_E_UNIT, NULL,
                   "'%s' was counted for %g s a point and '%s' for %g s; convert-y --to rate first",
                   as_region_name(a), time[0], as_region_name(b), time[1]);
}

static void by_line(size_t n, as_quantified *c)
{
    for (size_t i = 1; i < n; i++) { /* lines stay in the order of their first series */
        size_t k = i;
        const as_quantified moved = c[i];
        while (k > 0 && strcmp(c[k - 1].line, moved.line) != 0) k--;
        if (k == 0) continue;
        for (size_t m = i; m > k; m--) c[m] = c[m - 1];
        c[k] = moved;
    }
}

static as_status no_line_twice(as_run *run, size_t n, const as_quantified *c)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(c[i].line, c[i - 1].line) == 0 && c[i].t != c[i - 1].t)
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "'%s' and '%s' both are %s of the same sample, etch time and place; "
                           "`select` or --without leaves one out",
                           called(c[i - 1].t), called(c[i].t), c[i].line);
    return AS_OK;
}

as_status as_quantify_collect(as_run *run, const as_held *held, size_t first, bool *done, size_t *n,
                              as_quantified **out)
{
    const as_table *of = held->t[first];
    const as_unit *unit = NULL;
    size_t room = 1;
    for (size_t i = first; i < held->n; i++) room += held->t[i]->n_results;
    as_quantified *c = *out = AS_NEW_N(as_scratch(run->ctx), as_quantified, room);
    if (!c) return AS_ERR;
    *n = 0;
    for (size_t i = first; i < held->n; i++) {
        as_table *t = held->t[i];
        if (done[i] || !as_same_place(of, t)) continue;
        done[i] = true;
        for (size_t k = 0; !unit && k < t->n_results; k++)
            if (strcmp(t->result[k].quantity, "area") == 0) unit = &t->result[k].unit;
        if (i > first) AS_TRY(same_time(run, of, t));
        AS_TRY(areas_of(run, t, unit ? unit : &AS_UNITLESS, c, n));
    }
    if (*n == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "nothing is left to count in '%s'",
                       called(of));
    by_line(*n, c);
    return no_line_twice(run, *n, c);
}
