/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BELSORP .DAT: sections of keys and values, a block of adsorption and one of desorption, each
 * ended by a row of zeros. The keys are English or Japanese.
 */
#include <math.h>
#include <string.h>

#include "sorption.h"

static const as_known known[] = {
    { "Adsorptive", "adsorbate", NULL },       { "吸着質名称：", "adsorbate", NULL },
    { "Meas. Temp./K", "temperature", "K" },   { "吸着温度／Ｋ：", "temperature", "K" },
    { "Sample weight/g", "sample_mass", "g" }, { "試料重量／g：", "sample_mass", "g" },
    { "Comment1", "sample", NULL },            { "コメント１：", "sample", NULL },
    { "Instrument S/N", "serial_number", NULL },
    { "Vs/ml", "manifold_volume", "cm3" },
    { "Average dead volume", "dead_volume", "cm3" },
    { "Equilibrium time/sec", "equilibration_time", "s" },
    { "Molecular cross-sectional area", "cross_section", "nm2" },
};

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_find_text(head, "P0/kPa")) return AS_PROBE_NO;
    const bool table = as_find_text(head, "\n\"No.\"\t\"Pe/kPa\"") ||
                       as_find_text(head, "\nNo.\tPe/kPa");
    const bool title = as_find_text(head, "Adsorption data") || strstr(head, "吸着データ");
    return table && title ? AS_PROBE_VERIFIED : table ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

typedef struct {
    as_parse *job;
    as_grid g;
    as_iso iso;
    size_t blocks;
} reading;

static as_status read_key(reading *r, const as_grid_row *row)
{
    as_ctx *ctx = r->job->ctx;
    const char *key = as_cell(ctx, row, 0), *value = as_cell(ctx, row, 1);
    const as_where at = { .file = r->job->in->name, .line = row->line };
    const char *model = strstr(key, "BELSORP");
    if (model) return as_set_meta(ctx, r->iso.head, "instrument", model, NULL, &at);
    if (as_starts(key, "Date of measurement") || as_starts(key, "測定開始日"))
        return as_set_short_date(ctx, r->iso.head, value, &at);
    return as_set_reported(ctx, r->iso.head, known, AS_COUNT(known), key, value, NULL, &at);
}

/* "V/ml(STP)・g-1": the dot between units of Japanese software. */
static as_status without_dot(as_ctx *ctx, const char **text)
{
    const char *dot = strstr(*text, "・");
    if (!dot) return AS_OK;
    *text = as_format(as_scratch(ctx), "%.*s %s", (int)(dot - *text), *text, dot + strlen("・"));
    return *text ? AS_OK : AS_ERR;
}

static as_status read_head(reading *r, const as_grid_row *row, size_t *column)
{
    r->iso.taken = 0;
    for (size_t i = 1; i < row->n; i++) {
        const char *text = as_cell(r->job->ctx, row, i);
        AS_TRY(without_dot(r->job->ctx, &text));
        AS_TRY(as_iso_heading(r->job->ctx, &r->iso, text, NULL, &column[i]));
    }
    return AS_OK;
}

static bool is_end(const as_grid_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (as_cell_number(row, i) != 0) return false;
    return row->n > 0;
}

/* The rows behind the head at *at, up to the zeros; *at is their row then. */
static as_status read_block(reading *r, size_t *at, double branch)
{
    as_ctx *ctx = r->job->ctx;
    const as_grid_row *head = &r->g.row[*at];
    size_t *column = AS_NEW_N(as_scratch(ctx), size_t, head->n + 1);
    if (!column) return AS_ERR;
    AS_TRY(read_head(r, head, column));
    for (++*at; *at < r->g.n; ++*at) {
        const as_grid_row *row = &r->g.row[*at];
        const as_where where = { .file = r->job->in->name, .line = row->line };
        if (is_end(row)) return AS_OK;
        if (row->n == 0) continue;
        double *v = as_iso_add(ctx, &r->iso);
        if (!v) return AS_ERR;
        for (size_t i = 1; i < head->n; i++)
            if (column[i] < AS_ISO_MOST) v[column[i]] = as_cell_number(row, i);
        if (row->n < head->n || isnan(v[AS_ISO_PRESSURE]) || isnan(v[AS_ISO_UPTAKE]))
            return as_fail(ctx, AS_E_SYNTAX, &where,
                           "'%.40s ...', expected %zu numbers or the zeros that end the block",
                           as_cell(ctx, row, 0), head->n);
        v[AS_ISO_BRANCH] = branch;
    }
    const as_where where = { .file = r->job->in->name, .line = r->g.row[r->g.n - 1].line };
    return as_fail(ctx, AS_E_TRUNCATED, &where, "the file ends before the zeros that end a block");
}

static as_status parse(as_parse *job)
{
    reading r = { .job = job };
    double branch = AS_ISO_ADSORPTION;
    AS_TRY(as_iso_new(job, &r.iso));
    AS_TRY(as_text_grid(job->ctx, job->in, '\t', &r.g));
    for (size_t i = 0; i < r.g.n; i++) {
        const as_grid_row *row = &r.g.row[i];
        const char *first = as_cell(job->ctx, row, 0);
        if (as_starts(first, "No.") && row->n > 2) {
            AS_TRY(read_block(&r, &i, branch));
            r.blocks++;
        } else if (as_find_text(first, "Desorption data") || strstr(first, "脱着データ")) {
            branch = AS_ISO_DESORPTION;
        } else if (row->n > 1 || strstr(first, "BELSORP")) {
            AS_TRY(read_key(&r, row));
        }
    }
    const as_where at = { .file = job->in->name };
    if (r.blocks == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at, "no block of adsorption data");
    if (branch == AS_ISO_ADSORPTION)
        as_warn(job->ctx, r.iso.head, &at, "no block of desorption data: the file may be cut");
    if (!as_get_meta(r.iso.head, "instrument"))
        AS_TRY(as_set_meta(job->ctx, r.iso.head, "instrument", "BELSORP", NULL, NULL));
    return as_iso_emit(job, &r.iso);
}

static const char *const suffixes[] = { "dat", NULL };
static const char *const techniques[] = { "sorption", NULL };
static const as_example examples[] = {
    { "an isotherm of nitrogen", "assay read tests/corpus/sorption/belsorp.DAT" }, { 0 }
};
static const char *const see_also[] = { "belsorp-csv", "belsorp-xls", NULL };

const as_parser as_parser_belsorp_dat = {
    .name = "belsorp-dat",
    .title = "BELSORP data (DAT)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read isotherms of BELSORP instruments",
             .description =
                 "Sections of quoted keys and values, English or Japanese, then the blocks of "
                 "adsorption and desorption with the equilibrium pressure Pe, P0, the dead volume "
                 "Vd and the amount V. A row of zeros ends each block; without it the file was cut.",
             .examples = examples,
             .see_also = see_also },
};
