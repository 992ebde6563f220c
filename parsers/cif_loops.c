/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any CIF that no reader of a dialect claims: each loop with columns of numbers is a part of the file,
 * to be asked for; structures, reflection lists and restraints are among them.
 */
#include <math.h>
#include <string.h>

#include "cif.h"
#include "diffraction.h"

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    for (; *head == '#' || *head == '\r' || *head == '\n' || *head == ' ';) {
        const char *next = strchr(head, '\n');
        if (!next) return AS_PROBE_NO;
        head = next + 1;
    }
    if (!as_starts(head, "data_") || head[5] <= ' ') return AS_PROBE_NO;
    return as_find_text(head, "\n_") || as_find_text(head, "\nloop_") ? AS_PROBE_PLAUSIBLE
                                                                     : AS_PROBE_NO;
}

/* Numbers, "." and "?" only, and at least one number. */
static bool is_numeric(const as_cif_loop *loop, size_t column)
{
    size_t numbers = 0;
    for (size_t i = 0; i < loop->n_rows; i++) {
        double value, u;
        const char *text = loop->value[i * loop->n_tags + column].value;
        if (!text) continue;
        if (!as_cif_number(text, &value, &u)) return false;
        numbers++;
    }
    return numbers > 0;
}

/* What the tags have in common is no part of their names: _atom_site_fract_x is fract_x. */
static size_t common_prefix(const as_cif_loop *loop)
{
    size_t n = strlen(loop->tag[0].tag);
    for (size_t k = 1; k < loop->n_tags; k++)
        for (size_t i = 0; i < n; i++)
            if (loop->tag[k].tag[i] != loop->tag[0].tag[i]) n = i;
    while (n > 0 && loop->tag[0].tag[n - 1] != '_' && loop->tag[0].tag[n - 1] != '.') n--;
    return n;
}

static as_status add_column(as_parse *job, as_table *t, const as_cif_loop *loop, size_t k,
                            const char *name, bool numeric, size_t *n_numeric)
{
    if (!numeric) {
        as_column *c = as_add_text(job->ctx, t, name, AS_ROLE_OTHER);
        if (!c) return AS_ERR;
        for (size_t i = 0; i < t->rows; i++) {
            const char *text = loop->value[i * loop->n_tags + k].value;
            c->v.s[i] = text ? as_strdup(t->arena, text) : NULL;
            if (text && !c->v.s[i]) return AS_ERR;
        }
        return AS_OK;
    }
    const as_role role = *n_numeric == 0 ? AS_ROLE_X : *n_numeric == 1 ? AS_ROLE_Y : AS_ROLE_OTHER;
    as_column *c = as_add_column(job->ctx, t, name, role, AS_UNITLESS);
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        double u;
        as_cif_number(loop->value[i * loop->n_tags + k].value, &c->v.f[i], &u);
    }
    ++*n_numeric;
    return AS_OK;
}

static as_status emit_loop(as_parse *job, const as_cif_block *b, const as_cif_loop *loop)
{
    as_ctx *ctx = job->ctx;
    const as_where at = { .file = job->in->name, .line = loop->line };
    size_t prefix = common_prefix(loop), n_numeric = 0;
    as_table *t = as_table_new(ctx, loop->n_rows);
    if (!t) return AS_ERR;
    if (loop->n_tags == 1) prefix = 1;
    for (size_t k = 0; k < loop->n_tags; k++) {
        char *name = as_strdup(as_scratch(ctx), loop->tag[k].tag + (prefix ? prefix : 1));
        for (char *c = name; c && *c; c++)
            if (strchr("./()[]%-", *c)) *c = '_';
        if (!name) return AS_ERR;
        AS_TRY(add_column(job, t, loop, k, *name ? name : "value", is_numeric(loop, k), &n_numeric));
    }
    const char *part = as_format(as_scratch(ctx), "%s %.*s", b->name, (int)(prefix > 2 ? prefix - 2 : 0),
                                 loop->tag[0].tag + 1);
    if (!part) return AS_ERR;
    t->secondary = true;
    AS_TRY(as_set_meta(ctx, t, "part", part, NULL, &at));
    for (size_t i = 0; i < b->n_items; i++) {
        const as_where where = { .file = job->in->name, .line = b->item[i].line };
        if (b->item[i].value && *b->item[i].value)
            AS_TRY(as_set_vendor(ctx, t, b->item[i].tag + 1, b->item[i].value, &where));
    }
    return as_emit(job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    const as_cif_block *block;
    size_t n_blocks, found = 0;
    const as_where at = { .file = job->in->name };
    AS_TRY(as_cif_parse(job->ctx, job->in, &block, &n_blocks));
    for (size_t i = 0; i < n_blocks; i++)
        for (size_t k = 0; k < block[i].n_loops; k++) {
            const as_cif_loop *loop = &block[i].loop[k];
            size_t numeric = 0;
            for (size_t c = 0; c < loop->n_tags; c++) numeric += is_numeric(loop, c);
            if (numeric < 2) continue;
            AS_TRY(emit_loop(job, &block[i], loop));
            found++;
        }
    if (found) return AS_OK;
    return as_fail(job->ctx, AS_E_MISSING, &at, "the CIF has no loop with two columns of numbers");
}

static const char *const suffixes[] = { "cif", NULL };
static const char *const techniques[] = { "generic", NULL };
static const as_example examples[] = {
    { "the loops of a structure", "assay read --list tests/corpus/generic/structure.cif" }, { 0 }
};
static const char *const see_also[] = { "pdcif", NULL };

const as_parser as_parser_cif_loops = {
    .name = "cif",
    .title = "Loops of any CIF",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read loops of numbers from any CIF",
             .description =
                 "Each loop with two or more columns of numbers is a part of the file, called by its "
                 "block and category, to be chosen with `--part`. Columns are named by what follows "
                 "the category; the first two of numbers are x and y until `select --role` says "
                 "otherwise.",
             .examples = examples,
             .see_also = see_also },
};
