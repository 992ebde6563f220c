/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adsorption Information File: CIF with a loop of adsorption and one of desorption (Evans et al.
 * 2021, doi:10.1021/acs.langmuir.1c00122), keys of both generations. Pressures are absolute.
 */
#include <math.h>
#include <string.h>

#include "cif.h"
#include "exchange.h"
#include "text_end.h"

/* Whether a line, indented or not, starts with this. */
static bool holds_key(const char *head, const char *key)
{
    for (const char *at = as_find_text(head, key); at; at = as_find_text(at + 1, key)) {
        const char *before = at;
        while (before > head && (before[-1] == ' ' || before[-1] == '\t')) before--;
        if (before == head || before[-1] == '\n') return true;
    }
    return false;
}

static int probe(const as_probe *p)
{
    static const char *const subjects[] = { "_exptl_adsorptive", "_units_loading", "_adsnt_",
                                            "_adsorptive_name" };
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_find_text(head, "data_") || as_starts(head, "<")) return AS_PROBE_NO;
    if (!holds_key(head, "_adsorp_") && !holds_key(head, "_desorp_")) return AS_PROBE_NO;
    for (size_t i = 0; i < AS_COUNT(subjects); i++)
        if (holds_key(head, subjects[i])) return AS_PROBE_VERIFIED;
    return AS_PROBE_MAGIC;
}

static const char *const prefixes[] = { "_adsorp_", "_desorp_" };

/* "_adsorp_transient_": how a point was reached. */
static bool is_transient(const as_cif_loop *loop)
{
    for (size_t i = 0; i < AS_COUNT(prefixes); i++)
        if (as_starts(loop->tag[0].tag, prefixes[i]) &&
            as_starts(loop->tag[0].tag + strlen(prefixes[i]), "transient_"))
            return true;
    return false;
}

static bool has_points(const as_cif_loop *loop, const char *prefix)
{
    return as_starts(loop->tag[0].tag, prefix) && !is_transient(loop);
}

/* --- columns ------------------------------------------------------------------------------------ */
/* "amount_absolute2_uncertainty": the amount of component 2, its uncertainty. */
typedef struct {
    const char *name;   /* without prefix, number and "_uncertainty" */
    unsigned component; /* 0: of none */
    bool uncertainty;
} meaning;

static as_status read_tag(as_ctx *ctx, const char *tag, meaning *out)
{
    static const char ending[] = "_uncertainty";
    size_t n = strlen(tag);
    const size_t end = sizeof ending - 1;
    *out = (meaning){ .uncertainty = n > end && strcmp(tag + n - end, ending) == 0 };
    if (out->uncertainty) n -= end;
    const bool numbered = n > 1 && tag[n - 1] >= '1' && tag[n - 1] <= '9' && strchr("0123456789", tag[n - 2]) == NULL;
    if (numbered) out->component = (unsigned)(tag[--n] - '0');
    out->name = as_strndup(as_scratch(ctx), tag, n);
    return out->name ? AS_OK : AS_ERR;
}

static bool is_amount(const char *name)
{
    static const char *const names[] = { "amount", "loading", "amount_absolute", "amount_excess", "amount_net" };
    for (size_t i = 0; i < AS_COUNT(names); i++)
        if (as_same(names[i], name)) return true;
    return false;
}

/* The numbers of the components whose amounts a loop has, bit by bit; 0: it does not number them. */
static as_status components_of(as_ctx *ctx, const as_cif_loop *loop, const char *prefix, unsigned *out)
{
    for (size_t k = 0; k < loop->n_tags; k++) {
        meaning m;
        if (!as_starts(loop->tag[k].tag, prefix)) continue;
        AS_TRY(read_tag(ctx, loop->tag[k].tag + strlen(prefix), &m));
        if (m.component && is_amount(m.name)) *out |= 1u << m.component;
    }
    return AS_OK;
}

typedef struct {
    as_parse *job;
    const as_cif_block *block;
    as_iso iso;
    as_iso_column pressure;
    bool several; /* blocks with isotherms */
    unsigned all, component; /* bits of those of the block; the one that is read, 0: there is one only */
} reading;

/* The unit of a column that is neither pressure nor amount: "_units_enthalpy" of "_adsorp_enthalpy". */
static const char *unit_of(const reading *r, const char *name)
{
    const char *key = as_format(as_scratch(r->job->ctx), "_units_%s", name);
    const char *unit = key ? as_cif_value(r->block, key) : NULL;
    if (!unit && as_same(name, "enthalpy")) unit = as_cif_value(r->block, "_units_energy");
    return unit ? unit : "1";
}

/* A loop is known by its first tag; others without its prefix are columns of their own whole name. What is
 * of another component is a column of its series. */
static as_status columns_of(reading *r, const as_cif_loop *loop, const char *prefix, size_t *column)
{
    as_ctx *ctx = r->job->ctx;
    bool amount = false, sigma = false;
    for (size_t k = 0; k < loop->n_tags; k++) {
        const bool ours = as_starts(loop->tag[k].tag, prefix);
        const char *tag = loop->tag[k].tag + (ours ? strlen(prefix) : loop->tag[k].tag[0] == '_');
        meaning m;
        AS_TRY(read_tag(ctx, tag, &m));
        const bool numbered = ours && (r->all >> m.component & 1) && m.component;
        column[k] = AS_ISO_MOST;
        if (numbered && m.component != r->component) continue;
        const bool quantity = ours && is_amount(m.name) && (numbered || !m.component);
        if (ours && as_same(tag, "pressure")) column[k] = r->pressure;
        else if (ours && as_same(tag, "p0")) column[k] = AS_ISO_SATURATION;
        else if (quantity && !m.uncertainty && !amount) column[k] = AS_ISO_UPTAKE, amount = true;
        else if (quantity && m.uncertainty && !sigma) column[k] = AS_ISO_SIGMA, sigma = true;
        else {
            const char *name = !numbered ? tag : m.uncertainty
                                   ? as_format(as_scratch(ctx), "%s_uncertainty", m.name) : m.name;
            if (!name) return AS_ERR;
            AS_TRY(as_iso_further(ctx, &r->iso, name, quantity ? r->iso.unit[AS_ISO_UPTAKE] : unit_of(r, m.name),
                                  &column[k]));
        }
    }
    return AS_OK;
}

static as_status read_loop(reading *r, const as_cif_loop *loop, const char *prefix)
{
    as_ctx *ctx = r->job->ctx;
    size_t *column = AS_NEW_N(as_scratch(ctx), size_t, loop->n_tags);
    if (!column) return AS_ERR;
    AS_TRY(columns_of(r, loop, prefix, column));
    for (size_t i = 0; i < loop->n_rows; i++) {
        double *row = as_iso_add(ctx, &r->iso);
        if (!row) return AS_ERR;
        for (size_t k = 0; k < loop->n_tags; k++) {
            double u;
            const as_cif_item *cell = &loop->value[i * loop->n_tags + k];
            const as_where at = { .file = r->job->in->name, .line = cell->line };
            if (column[k] == AS_ISO_MOST) continue;
            if (!as_cif_number(cell->value, &row[column[k]], &u) && cell->value)
                return as_fail(ctx, AS_E_SYNTAX, &at, "'%.40s' as %s, expected a number",
                               cell->value, loop->tag[k].tag);
        }
        row[AS_ISO_BRANCH] = as_branch_of(prefix + 1) == AS_ISO_DESORPTION ? 1 : 0;
    }
    return AS_OK;
}


static as_status read_component(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const as_cif_block *b = r->block;
    AS_TRY(as_iso_new(r->job, &r->iso));
    r->iso.at.line = b->line;
    as_iso_pair *pairs = AS_NEW_N(as_scratch(ctx), as_iso_pair, b->n_items + 1);
    const char *own = as_format(as_scratch(ctx), "_exptl_adsorptive%u", r->component);
    if (!pairs || !own) return AS_ERR;
    for (size_t i = 0; i < b->n_items; i++)
        pairs[i] = (as_iso_pair){ as_same(b->item[i].tag, own) ? "_exptl_adsorptive" : b->item[i].tag,
                                  b->item[i].value ? b->item[i].value : "", b->item[i].line };
    AS_TRY(as_iso_exchange(ctx, &r->iso, b->n_items, pairs, &r->pressure));
    if (r->several) AS_TRY(as_set_meta(ctx, r->iso.head, "part", b->name, NULL, NULL));
    for (size_t p = 0; p < AS_COUNT(prefixes); p++)
        for (size_t i = 0; i < b->n_loops; i++)
            if (has_points(&b->loop[i], prefixes[p])) AS_TRY(read_loop(r, &b->loop[i], prefixes[p]));
    return as_iso_emit(r->job, &r->iso);
}

/* --- transients --------------------------------------------------------------------------------- */
/* What a column of a transient is called, and its unit; `rank` 0: the number of the step, 1: x, 2, 3: y. */
static const char *transient_name(const reading *r, const char *tag, const char **unit, unsigned *rank)
{
    static const char prefix[] = "_adsorp_transient_"; /* as long as that of desorption */
    const bool ours = strlen(tag) > sizeof prefix - 1 && as_starts(tag + 7, "_transient_");
    const char *name = tag + (ours ? sizeof prefix - 1 : tag[0] == '_');
    *rank = 4;
    *unit = unit_of(r, name);
    if (as_same(name, "step")) *rank = 0;
    if (as_same(name, "elapsed_time") || as_same(name, "time")) {
        *rank = 1, *unit = unit_of(r, "time");
        return "time";
    }
    if (is_amount(name)) {
        *rank = 2, *unit = r->iso.unit[AS_ISO_UPTAKE];
        return "uptake";
    }
    if (as_same(name, "pressure")) {
        *rank = 3, *unit = r->iso.unit[r->pressure];
        return r->pressure == AS_ISO_RELATIVE ? "relative_pressure" : "pressure";
    }
    if (as_same(name, "temperature") && as_same(*unit, "1")) *unit = "K";
    return name;
}

static as_status transient_column(reading *r, as_table *t, const as_cif_loop *loop, size_t k, size_t from,
                                  as_role role)
{
    as_ctx *ctx = r->job->ctx;
    const char *unit;
    unsigned rank;
    const char *name = transient_name(r, loop->tag[k].tag, &unit, &rank);
    as_column *c = as_add_column(ctx, t, name, role, AS_UNITLESS);
    if (!c) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, t->arena, unit ? unit : "1", &c->unit));
    for (size_t i = 0; i < t->rows; i++) {
        double u;
        const as_cif_item *cell = &loop->value[(from + i) * loop->n_tags + k];
        const as_where at = { .file = r->job->in->name, .line = cell->line };
        c->v.f[i] = NAN;
        if (!as_cif_number(cell->value, &c->v.f[i], &u) && cell->value)
            return as_fail(ctx, AS_E_SYNTAX, &at, "'%.40s' as %s, expected a number", cell->value,
                           loop->tag[k].tag);
    }
    return AS_OK;
}

/* The columns of a loop by their ranks; loop->n_tags: it has none of this rank. */
static void rank_columns(const reading *r, const as_cif_loop *loop, size_t by[4])
{
    for (size_t i = 0; i < 4; i++) by[i] = loop->n_tags;
    for (size_t k = 0; k < loop->n_tags; k++) {
        const char *unit;
        unsigned rank;
        transient_name(r, loop->tag[k].tag, &unit, &rank);
        if (rank < 4 && by[rank] == loop->n_tags) by[rank] = k;
    }
}

/* The rows of one step against time: the amount where it is known, else the pressure. */
static as_status emit_step(reading *r, const as_cif_loop *loop, const size_t by[4], size_t from, size_t to)
{
    as_ctx *ctx = r->job->ctx;
    const size_t none = loop->n_tags, y = by[2] < none ? by[2] : by[3];
    const char *step = by[0] < none ? loop->value[from * none + by[0]].value : NULL;
    const char *part = as_format(as_scratch(ctx), "%s%s%s%s%s", r->several ? r->block->name : "",
                                 r->several ? " " : "",
                                 as_starts(loop->tag[0].tag, "_ads") ? "adsorption" : "desorption",
                                 step ? " step " : "", step ? step : "");
    as_table *t = as_table_new(ctx, to - from);
    if (!t || !part) return AS_ERR;
    AS_TRY(transient_column(r, t, loop, by[1], from, AS_ROLE_X));
    AS_TRY(transient_column(r, t, loop, y, from, AS_ROLE_Y));
    for (size_t k = 0; k < none; k++)
        if (k != by[0] && k != by[1] && k != y) AS_TRY(transient_column(r, t, loop, k, from, AS_ROLE_OTHER));
    AS_TRY(as_copy_meta(ctx, t, r->iso.head));
    AS_TRY(as_set_meta(ctx, t, "part", part, NULL, NULL));
    t->secondary = true;
    return as_emit(r->job->out, ctx, t);
}

static as_status emit_transient(reading *r, const as_cif_loop *loop)
{
    size_t by[4], from = 0;
    const size_t none = loop->n_tags;
    const as_where at = { .file = r->job->in->name, .line = loop->tag[0].line };
    rank_columns(r, loop, by);
    if (by[1] == none || (by[2] == none && by[3] == none)) {
        as_warn(r->job->ctx, NULL, &at, "a loop of %s and more without times or what was measured: left out",
                loop->tag[0].tag);
        return AS_OK;
    }
    for (size_t i = 1; i <= loop->n_rows; i++) {
        const char *last = by[0] < none ? loop->value[(i - 1) * none + by[0]].value : NULL;
        const char *next = i < loop->n_rows && by[0] < none ? loop->value[i * none + by[0]].value : NULL;
        if (i < loop->n_rows && (by[0] == none || (last && next && strcmp(last, next) == 0))) continue;
        AS_TRY(emit_step(r, loop, by, from, i));
        from = i;
    }
    return AS_OK;
}

static as_status emit_transients(reading *r)
{
    for (size_t i = 0; i < r->block->n_loops; i++)
        if (is_transient(&r->block->loop[i])) AS_TRY(emit_transient(r, &r->block->loop[i]));
    return AS_OK;
}

/* --- blocks ------------------------------------------------------------------------------------- */
/* A mixture is one series for each of its components, all at the total pressure. */
static as_status read_block(as_parse *job, const as_cif_block *b, bool several)
{
    reading r = { .job = job, .block = b, .several = several };
    for (size_t p = 0; p < AS_COUNT(prefixes); p++)
        for (size_t i = 0; i < b->n_loops; i++)
            if (has_points(&b->loop[i], prefixes[p]))
                AS_TRY(components_of(job->ctx, &b->loop[i], prefixes[p], &r.all));
    if (r.all == 0) AS_TRY(read_component(&r));
    for (r.component = 1; r.component < 10; r.component++)
        if (r.all >> r.component & 1) AS_TRY(read_component(&r));
    return emit_transients(&r);
}

static bool holds_isotherm(const as_cif_block *b)
{
    for (size_t i = 0; i < b->n_loops; i++)
        if (has_points(&b->loop[i], prefixes[0]) || has_points(&b->loop[i], prefixes[1])) return true;
    return false;
}

static as_status parse(as_parse *job)
{
    const as_where at = { .file = job->in->name };
    const as_cif_block *block;
    size_t n, good = 0, done = 0;
    AS_TRY(as_cif_parse(job->ctx, job->in, &block, &n));
    for (size_t i = 0; i < n; i++) good += holds_isotherm(&block[i]);
    if (good == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "no loop of _adsorp_ or _desorp_ points");
    for (size_t i = 0; i < n; i++) {
        if (!holds_isotherm(&block[i])) continue;
        if (read_block(job, &block[i], good > 1) != AS_OK)
            return as_while(job->ctx, "reading block %s", block[i].name);
        done++;
    }
    as_warn_if_cut(job, NULL, true);
    return AS_OK;
}

static const char *const suffixes[] = { "aif", "aiff", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "an isotherm with both branches", "assay read tests/corpus/sorption/sample.aif" }, { 0 }
};
static const char *const see_also[] = { "nist-isodb", "pygaps-json", NULL };

const as_parser as_parser_aif = {
    .name = "aif",
    .title = "Adsorption Information File",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read isotherms from Adsorption Information Files",
             .description =
                 "CIF syntax: one block is one isotherm, a loop of `_adsorp_` and one of "
                 "`_desorp_` points with pressure, p0 and amount. Keys of both generations are "
                 "understood. Pressures are absolute, also where p0 stands beside them.\n\n"
                 "An amount per mass is made of `_units_loading` and `_units_mass` where the first "
                 "is an amount only. The uncertainty of the amount is sigma. Of a mixture "
                 "(`_adsorp_amount1`, `_adsorp_amount2`) each component is one series, at the total "
                 "pressure. Transients (`_adsorp_transient_`) are parts of their own behind the "
                 "isotherm, one for each step, against the time (`--part`).",
             .references = (const char *const[]){ "Evans et al. 2021, Langmuir 37, 4222, "
                                                  "doi:10.1021/acs.langmuir.1c00122",
                                                  NULL },
             .examples = examples,
             .see_also = see_also },
};
