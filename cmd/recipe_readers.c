/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who reads what an input or a step of a recipe yields: the last reader takes its tables instead of
 * copying them, and a step of which only results are read keeps no rows. A table that is asked for
 * once more after all would be made again, so that a count that is wrong costs time and no answer.
 */
#include <string.h>

#include "recipe_run.h"

bool as_chosen(const as_texts *only, const char *name)
{
    for (size_t i = 0; i < only->n; i++)
        if (strcmp(only->v[i], name) == 0) return true;
    return only->n == 0;
}

/* Does the first stage read no rows? */
static bool is_rowless(const as_product *p)
{
    if (p->n_stages == 0) return false;
    const as_command *first = &p->stage[0];
    const as_op *op = as_op_find(first->word[0].text);
    if (op) return op->rowless;
    const as_figure *figure = as_figure_find(first->word[0].text);
    const size_t n = figure && figure->rowless ? strlen(figure->rowless) : 0;
    for (size_t i = 1; n && i < first->n; i++) {
        const char *word = first->word[i].text;
        if (strncmp(word, figure->rowless, n) == 0 && (!word[n] || word[n] == '=')) return true;
    }
    return false;
}

static void count_product(as_kitchen *k, const as_product *p, size_t times)
{
    const bool rowless = is_rowless(p);
    for (size_t i = 0; i < p->n_from; i++) {
        as_yield *y = as_yield_find(k, p->from[i].name);
        y->readers += times;
        y->rowless &= rowless;
    }
    for (size_t i = 0; i < p->n_uses; i++) { /* options read them at any time, and whole */
        as_yield *y = as_yield_find(k, p->uses[i].name);
        y->readers++;
        y->rowless = false;
    }
}

static size_t on_pages(const as_recipe *r, const as_texts *only, const char *figure)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_pages; i++)
        for (size_t p = 0; as_chosen(only, r->page[i].name) && p < r->page[i].n_panels; p++)
            n += strcmp(r->page[i].panel[p].name, figure) == 0;
    return n;
}

void as_kitchen_count_readers(as_kitchen *k, const as_texts *only)
{
    const as_recipe *r = k->r;
    for (size_t i = 0; i < k->n; i++)
        k->yield[i].rowless = k->yield[i].step && !as_yield_is_given(k, k->yield[i].name);
    for (size_t i = 0; i < r->n_steps; i++)
        if (r->step[i].wanted) count_product(k, &r->step[i], 1);
    for (size_t i = 0; i < r->n_figures; i++) {
        const as_product *p = &r->figure[i];
        const size_t n = as_chosen(only, p->name) + on_pages(r, only, p->name);
        if (n) count_product(k, p, n);
    }
    for (size_t i = 0; i < r->n_tables; i++)
        if (as_chosen(only, r->table[i].name)) count_product(k, &r->table[i], 1);
    for (size_t i = 0; as_chosen(only, "claims") && i < r->n_claims; i++)
        for (size_t f = 0; f < r->claim[i].n_from; f++) /* which look at results, at the end */
            as_yield_find(k, r->claim[i].from[f].name)->readers++;
}
