/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tabulate: results side by side, a row for each item of each series and a column for each
 * quantity, with its uncertainty beside it. The reverse of row-results.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "result_pick.h"

typedef struct {
    as_texts item, quantity;
} tabulate_settings;

static const as_param params[] = { AS_TEXTS(tabulate_settings, item, "item", "",
                                            "only these items; * and ? match as in a shell"),
                                   AS_TEXTS(tabulate_settings, quantity, "quantity", "",
                                            "only these quantities, in this order; likewise"),
                                   AS_PARAMS_END };
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

/* A quantity and the columns it fills; a column that nobody needs stays NULL. */
typedef struct measure {
    const char *quantity;
    as_unit unit;   /* of the first result */
    size_t order;   /* of the option that asked for it */
    bool u, bounds; /* any result has an uncertainty, or is a limit */
    as_column *value, *sigma, *bound;
} measure;

typedef struct sheet {
    as_run *run;
    as_pick pick;
    size_t n_measures, rows;
    measure *m;
    as_column *flags; /* NULL: all results are ok */
} sheet;

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static measure *measure_of(const sheet *s, const char *quantity)
{
    for (size_t i = 0; i < s->n_measures; i++)
        if (strcmp(s->m[i].quantity, quantity) == 0) return &s->m[i];
    return NULL;
}

/* True when an earlier wanted result of this series belongs to the same item: the row is there. */
static bool has_row(const as_pick *pick, const as_table *t, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (as_pick_wants(pick, &t->result[i]) && strcmp(t->result[i].item, t->result[k].item) == 0)
            return true;
    return false;
}

static as_status note_measure(sheet *s, const as_result *r)
{
    const tabulate_settings *set = s->run->settings;
    measure *m = measure_of(s, r->quantity);
    if (!m) {
        m = &s->m[s->n_measures++];
        *m = (measure){ .quantity = r->quantity,
                        .unit = r->unit,
                        .order = as_pick_match(&set->quantity, r->quantity) };
    }
    m->u |= isfinite(r->u);
    m->bounds |= r->bound != AS_EQUAL;
    if (as_unit_same_dimension(&m->unit, &r->unit)) return AS_OK;
    return as_fail(s->run->ctx, AS_E_UNIT, NULL,
                   "%s is in %s and, of item %s, in %s: use --item or --quantity to keep one",
                   r->quantity, m->unit.symbol, r->item, r->unit.symbol);
}

/* Columns and rows that there will be; columns stand as --quantity has them, else as they come. */
static as_status survey(sheet *s, const as_held *held)
{
    size_t most = 0;
    for (size_t i = 0; i < held->n; i++) most += held->t[i]->n_results;
    s->m = AS_NEW_N(as_scratch(s->run->ctx), measure, most + 1);
    if (!s->m) return AS_ERR;
    for (size_t i = 0; i < held->n; i++)
        for (size_t k = 0; k < held->t[i]->n_results; k++) {
            if (!as_pick_wants(&s->pick, &held->t[i]->result[k])) continue;
            s->rows += !has_row(&s->pick, held->t[i], k);
            AS_TRY(note_measure(s, &held->t[i]->result[k]));
        }
    for (size_t i = 1; i < s->n_measures; i++)
        for (size_t k = i; k > 0 && s->m[k - 1].order > s->m[k].order; k--) {
            const measure swap = s->m[k];
            s->m[k] = s->m[k - 1];
            s->m[k - 1] = swap;
        }
    return AS_OK;
}

static as_status add_columns(sheet *s, as_table *t)
{
    as_ctx *ctx = s->run->ctx;
    for (size_t i = 0; i < s->n_measures; i++) {
        measure *m = &s->m[i];
        const char *sigma = as_format(as_scratch(ctx), "sigma_%s", m->quantity);
        const char *bound = as_format(as_scratch(ctx), "bound_%s", m->quantity);
        m->value = as_add_column(ctx, t, m->quantity, AS_ROLE_OTHER, m->unit);
        if (!sigma || !bound || !m->value) return AS_ERR;
        if (m->u) m->sigma = as_add_column(ctx, t, sigma, AS_ROLE_OTHER, m->unit);
        if (m->bounds) m->bound = as_add_text(ctx, t, bound, AS_ROLE_OTHER);
        if ((m->u && !m->sigma) || (m->bounds && !m->bound)) return AS_ERR;
        for (size_t row = 0; row < s->rows; row++) {
            m->value->v.f[row] = NAN;
            if (m->sigma) m->sigma->v.f[row] = NAN;
        }
    }
    return AS_OK;
}

/* What one result says, in its row; a later result of the same name takes the place of an earlier.
 */
static as_status fill(sheet *s, as_table *t, const as_result *r, size_t row)
{
    static const char *const bounds[] = { "=", "<", ">" };
    const measure *m = measure_of(s, r->quantity);
    if (!isnan(m->value->v.f[row]))
        as_warn(s->run->ctx, t, NULL, "item %s has %s more than once: the latest is shown", r->item,
                r->quantity);
    m->value->v.f[row] = as_unit_convert(r->value, &r->unit, &m->unit);
    if (m->sigma) m->sigma->v.f[row] = as_unit_scale(r->u, &r->unit, &m->unit);
    if (m->bound) m->bound->v.s[row] = bounds[r->bound];
    if (!r->flag || strcmp(r->flag, "ok") == 0) return AS_OK;
    if (!s->flags) s->flags = as_add_text(s->run->ctx, t, "flags", AS_ROLE_OTHER);
    if (!s->flags) return AS_ERR;
    const char *before = s->flags->v.s[row];
    s->flags->v.s[row] = as_format(t->arena, "%s%s%s %s", before ? before : "", before ? "; " : "",
                                   r->quantity, r->flag);
    return s->flags->v.s[row] ? AS_OK : AS_ERR;
}

static size_t row_of(const as_column *item, size_t first, size_t end, const char *name)
{
    size_t row = first;
    while (row < end && strcmp(item->v.s[row], name) != 0) row++;
    return row;
}

static as_status fill_all(sheet *s, const as_held *held, as_table *t)
{
    as_ctx *ctx = s->run->ctx;
    as_column *sample = as_add_text(ctx, t, "sample", AS_ROLE_LABEL);
    as_column *item = sample ? as_add_text(ctx, t, "item", AS_ROLE_OTHER) : NULL;
    if (!item) return AS_ERR;
    AS_TRY(add_columns(s, t));
    size_t end = 0;
    for (size_t i = 0; i < held->n; i++) {
        const as_table *from = held->t[i];
        const size_t first = end;
        for (size_t k = 0; k < from->n_results; k++) {
            const as_result *r = &from->result[k];
            if (!as_pick_wants(&s->pick, r)) continue;
            const size_t row = row_of(item, first, end, r->item);
            if (row == end) {
                sample->v.s[row] = as_strdup(t->arena, from->label  ? from->label
                                                       : from->name ? from->name
                                                                    : "");
                item->v.s[row] = as_strdup(t->arena, r->item);
                if (!sample->v.s[row] || !item->v.s[row]) return AS_ERR;
                end++;
            }
            AS_TRY(fill(s, t, r, row));
        }
    }
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const tabulate_settings *set = run->settings;
    sheet s = { .run = run };
    AS_TRY(as_pick_init(&s.pick, run->keep, &set->item, &set->quantity));
    for (size_t i = 0; i < held->n; i++) AS_TRY(as_pick_note(&s.pick, held->t[i]));
    if (s.pick.seen == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "no results to tabulate, expected those of an earlier step");
    AS_TRY(as_pick_warn(run->ctx, &s.pick));
    if (s.pick.kept == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "no results to tabulate, expected some that the options choose");
    AS_TRY(survey(&s, held));
    as_table *t = as_table_derive(run->ctx, held->t[0], s.rows);
    if (!t) return AS_ERR;
    t->name = "results";
    t->label = NULL;
    AS_TRY(fill_all(&s, held, t));
    return as_emit(run->out, run->ctx, t);
}

static const as_example examples[] = {
    { "a row for each peak", "assay peaks tests/corpus/xrd/small.xy | assay tabulate --quantity "
                             "position --quantity fwhm" },
    { "the table of a manuscript, with uncertainties in parentheses",
      "assay fit --model 'pvoigt(C-C) center=285 + pvoigt(C=O) center=288.3 + shirley' "
      "tests/corpus/fit/c1s.csv"
      " | assay tabulate --item 'C*' --quantity position --quantity fwhm --quantity area"
      " | assay convert --to markdown" },
    { 0 }
};
static const char *const see_also[] = { "results", "row-results", "convert", NULL };

const as_op as_op_tabulate = {
    .name = "tabulate",
    .group = "select",
    .effect = AS_REDUCES,
    .settings_size = sizeof(tabulate_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "results as a table: items down, quantities across",
             .description = "One table of all series: a row for each item of each series, named in "
                            "the columns "
                            "*sample* and *item*; for each quantity a column, its standard "
                            "uncertainty beside it in "
                            "*sigma_QUANTITY*, and, where some are limits, `=`, `<` or `>` in "
                            "*bound_QUANTITY*. "
                            "*flags*, where there is one, holds what is not ok. Units are those of "
                            "the first result of a quantity. "
                            "`results` keeps one row for each result instead, with its method.",
             .examples = examples,
             .see_also = see_also },
};
