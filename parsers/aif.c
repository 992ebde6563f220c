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

/* A loop is known by its first tag; others without its prefix are columns of their own whole name. */
static as_status columns_of(as_ctx *ctx, as_iso *iso, const as_cif_loop *loop, const char *prefix,
                            as_iso_column pressure, size_t *column)
{
    for (size_t k = 0; k < loop->n_tags; k++) {
        const bool ours = as_starts(loop->tag[k].tag, prefix);
        const char *tag = loop->tag[k].tag + (ours ? strlen(prefix) : loop->tag[k].tag[0] == '_');
        if (!ours) AS_TRY(as_iso_further(ctx, iso, tag, "1", &column[k]));
        else if (as_same(tag, "pressure")) column[k] = pressure;
        else if (as_same(tag, "p0")) column[k] = AS_ISO_SATURATION;
        else if (as_same(tag, "amount") || as_same(tag, "loading")) column[k] = AS_ISO_UPTAKE;
        else AS_TRY(as_iso_further(ctx, iso, tag, "1", &column[k]));
    }
    return AS_OK;
}

static as_status read_loop(as_parse *job, as_iso *iso, const as_cif_loop *loop, const char *prefix,
                           as_iso_column pressure)
{
    size_t *column = AS_NEW_N(as_scratch(job->ctx), size_t, loop->n_tags);
    if (!column) return AS_ERR;
    AS_TRY(columns_of(job->ctx, iso, loop, prefix, pressure, column));
    for (size_t i = 0; i < loop->n_rows; i++) {
        double *row = as_iso_add(job->ctx, iso);
        if (!row) return AS_ERR;
        for (size_t k = 0; k < loop->n_tags; k++) {
            double u;
            const as_cif_item *cell = &loop->value[i * loop->n_tags + k];
            const as_where at = { .file = job->in->name, .line = cell->line };
            if (column[k] == AS_ISO_MOST) continue;
            if (!as_cif_number(cell->value, &row[column[k]], &u) && cell->value)
                return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s' as %s, expected a number",
                               cell->value, loop->tag[k].tag);
        }
        row[AS_ISO_BRANCH] = as_branch_of(prefix + 1) == AS_ISO_DESORPTION ? 1 : 0;
    }
    return AS_OK;
}

static as_status read_block(as_parse *job, const as_cif_block *b, bool several)
{
    static const char *const prefixes[] = { "_adsorp_", "_desorp_" };
    as_iso iso;
    as_iso_column pressure;
    AS_TRY(as_iso_new(job, &iso));
    iso.at.line = b->line;
    as_iso_pair *pairs = AS_NEW_N(as_scratch(job->ctx), as_iso_pair, b->n_items + 1);
    if (!pairs) return AS_ERR;
    for (size_t i = 0; i < b->n_items; i++)
        pairs[i] = (as_iso_pair){ b->item[i].tag, b->item[i].value ? b->item[i].value : "",
                                  b->item[i].line };
    AS_TRY(as_iso_exchange(job->ctx, &iso, b->n_items, pairs, &pressure));
    if (several) AS_TRY(as_set_meta(job->ctx, iso.head, "part", b->name, NULL, NULL));
    for (size_t p = 0; p < AS_COUNT(prefixes); p++)
        for (size_t i = 0; i < b->n_loops; i++)
            if (as_starts(b->loop[i].tag[0].tag, prefixes[p]))
                AS_TRY(read_loop(job, &iso, &b->loop[i], prefixes[p], pressure));
    return as_iso_emit(job, &iso);
}

static bool holds_isotherm(const as_cif_block *b)
{
    for (size_t i = 0; i < b->n_loops; i++)
        if (as_starts(b->loop[i].tag[0].tag, "_adsorp_") ||
            as_starts(b->loop[i].tag[0].tag, "_desorp_"))
            return true;
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
                 "is an amount only.",
             .references = (const char *const[]){ "Evans et al. 2021, Langmuir 37, 4222, "
                                                  "doi:10.1021/acs.langmuir.1c00122",
                                                  NULL },
             .examples = examples,
             .see_also = see_also },
};
