/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assign: which bands of a table lie where peaks were found. */
#include <math.h>
#include <string.h>

#include "op.h"

typedef struct {
    as_tables bands;
    const char *quantity;
    as_width tolerance;
    double sigmas;
} assign_settings;

static const as_param params[] = {
    AS_TABLES(assign_settings, bands, "bands", NULL,
              "file of columns position, u (may be missing), species and source (may be missing)"),
    AS_WIDTH(assign_settings, tolerance, "tolerance", NULL,
             "distance that calibration and sample may make beyond the uncertainties, such as 2cm-1"),
    AS_DOUBLE(assign_settings, sigmas, "sigmas", "2", 0, 10, NULL,
              "times the uncertainty of peak and band together, added to the tolerance"),
    AS_STRING(assign_settings, quantity, "quantity", "position", "result that says where a peak is"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .optional = true, .help = "of peaks or a fit" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "assignment",
      .help = "position of the nearest band; its species and source are in the method" },
    { .kind = AS_NEED_RESULT, .name = "alternative_assignment", .help = "of others in reach" },
    { 0 }
};

typedef struct {
    double position, u; /* in the unit of the peak */
    double distance, reach;
    const char *species, *source;
} band;

/* How many u a band lies away, to order those in reach; by distance where nothing is uncertain. */
static double rank(const band *b)
{
    return b->reach > 0 ? fabs(b->distance) / b->reach : fabs(b->distance);
}

static const char *text_of(const as_column *c, size_t row)
{
    return c && c->type == AS_TEXT && c->v.s[row] && c->v.s[row][0] ? c->v.s[row] : NULL;
}

typedef struct {
    const as_column *position, *u, *species, *source;
} columns;

static as_status columns_of(as_run *run, const as_table *t, columns *c)
{
    const assign_settings *set = run->settings;
    *c = (columns){ as_find_name(t, "position"), as_find_name(t, "u"), as_find_name(t, "species"),
                    as_find_name(t, "source") };
    if (!c->position) c->position = as_find_role(t, AS_ROLE_X);
    if (!c->position || c->position->type != AS_F64 || !c->species || c->species->type != AS_TEXT)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "%s: expected a column of numbers 'position' and one of words 'species'",
                       set->bands.from);
    if (c->u && c->u->type != AS_F64)
        return as_fail(run->ctx, AS_E_SYNTAX, NULL, "%s: the column 'u' holds words, expected numbers",
                       set->bands.from);
    return AS_OK;
}

/* The bands in reach of one peak, nearest first, put behind out[*n]. */
static as_status in_reach(as_run *run, const as_result *peak, const as_table *t, band *out, size_t *n)
{
    const assign_settings *set = run->settings;
    const as_width *w = &set->tolerance;
    columns c;
    AS_TRY(columns_of(run, t, &c));
    const as_unit *unit = &c.position->unit;
    const bool bare = as_unit_same_dimension(unit, &AS_UNITLESS);
    if (!bare && !as_unit_same_dimension(unit, &peak->unit))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "%s has positions in %s, the peak '%s' is in %s",
                       set->bands.from, unit->symbol, peak->item, peak->unit.symbol);
    const double tolerance = as_unit_scale(w->value, &w->unit, &peak->unit);
    if (w->points || isnan(tolerance))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "--tolerance: expected a distance in %s",
                       peak->unit.symbol);
    for (size_t i = 0; i < t->rows; i++) {
        const double p = c.position->v.f[i], u = c.u && c.u->v.f[i] > 0 ? c.u->v.f[i] : 0;
        band b = { .position = bare ? p : as_unit_convert(p, unit, &peak->unit),
                   .u = bare ? u : as_unit_scale(u, unit, &peak->unit),
                   .species = text_of(c.species, i), .source = text_of(c.source, i) };
        b.distance = peak->value - b.position;
        b.reach = tolerance + set->sigmas * hypot(b.u, peak->u > 0 ? peak->u : 0);
        if (!b.species || !(fabs(b.distance) <= b.reach)) continue;
        size_t k = (*n)++;
        for (; k > 0 && rank(&out[k - 1]) > rank(&b); k--) out[k] = out[k - 1];
        out[k] = b;
    }
    return AS_OK;
}

static as_status give(as_run *run, as_table *t, const as_result *peak, size_t n, const band *found)
{
    bool one_species = true;
    for (size_t k = 1; k < n; k++)
        if (strcmp(found[k].species, found[0].species) != 0) one_species = false;
    as_result r = { .item = peak->item, .quantity = "assignment", .value = NAN, .u = NAN,
                    .unit = peak->unit, .flag = "unknown" };
    if (n == 0) return as_add_result(run->ctx, t, &r);
    for (size_t k = 0; k < n; k++) {
        const band *b = &found[k];
        if (k) r.quantity = "alternative_assignment";
        r.value = b->position;
        r.u = b->u > 0 ? b->u : NAN;
        r.flag = one_species ? "ok" : "ambiguous";
        r.method = b->source ? as_format(as_scratch(run->ctx), "%s; %s", b->species, b->source)
                             : b->species;
        if (!r.method) return AS_ERR;
        AS_TRY(as_add_result(run->ctx, t, &r));
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const assign_settings *set = run->settings;
    size_t room = 1, peaks = 0;
    for (size_t k = 0; k < set->bands.n; k++) room += set->bands.t[k]->rows;
    band *found = AS_NEW_N(as_scratch(run->ctx), band, room);
    if (!found) return AS_ERR;
    const size_t before = owned->n_results;
    for (size_t i = 0; i < before; i++) {
        const as_result peak = owned->result[i]; /* a copy: results move when some are added */
        if (strcmp(peak.quantity, set->quantity) != 0 || !isfinite(peak.value)) continue;
        size_t n = 0;
        for (size_t k = 0; k < set->bands.n; k++)
            AS_TRY(in_reach(run, &peak, set->bands.t[k], found, &n));
        AS_TRY(give(run, owned, &peak, n, found));
        peaks++;
    }
    if (!peaks)
        as_warn(run->ctx, owned, NULL, "no result '%s' to assign; peaks or a fit gives it",
                set->quantity);
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the peaks of a spectrum against a table of bands",
      "assay peaks --snr 8 tests/corpus/raman/fluorescence.ecsv | assay assign --tolerance 2cm-1"
      " --bands tests/corpus/raman/bands.tsv | assay results --quantity '*assignment'" },
    { 0 }
};
static const char *const see_also[] = { "peaks", "fit", "results", NULL };

const as_op as_op_assign = {
    .name = "assign",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(assign_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "name peaks after the bands of a table",
             .description =
                 "The bands are data: any file that `read` knows, with the columns *position*, *u*, "
                 "*species* and *source*. A band is in reach of a peak when they are no further apart "
                 "than the tolerance and `--sigmas` times the uncertainty of both together. The band "
                 "nearest, in shares of its reach, is the *assignment*, all others in reach are "
                 "*alternative_assignment*. The flag is *ok* when all of them name one species, else "
                 "*ambiguous*: the position alone does not tell. A peak without a band in reach keeps "
                 "the flag *unknown*; nothing is guessed.\n\n"
                 "Positions without a unit in the table are taken in that of the peaks. An assignment "
                 "by position is a proposal: other species than those of the table may have bands "
                 "there too.",
             .examples = examples,
             .see_also = see_also },
};
