/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results chosen by patterns for items and quantities. */
#include <fnmatch.h>
#include <string.h>

#include "result_pick.h"

static as_status begin(as_pick_by *by, as_arena *keep, const char *option, const as_texts *patterns)
{
    *by = (as_pick_by){ .option = option, .patterns = patterns };
    by->met = AS_NEW_N(keep, bool, patterns->n + 1);
    by->names = AS_NEW_N(keep, const char *, AS_PICK_NAMES);
    return by->met && by->names ? AS_OK : AS_ERR;
}

as_status as_pick_init(as_pick *p, as_arena *keep, const as_texts *item, const as_texts *quantity)
{
    *p = (as_pick){ .keep = keep };
    AS_TRY(begin(&p->item, keep, "item", item));
    return begin(&p->quantity, keep, "quantity", quantity);
}

size_t as_pick_match(const as_texts *patterns, const char *name)
{
    size_t i = 0;
    while (i < patterns->n && fnmatch(patterns->v[i], name, 0) != 0) i++;
    return i;
}

static bool wants(const as_texts *patterns, const char *name)
{
    return patterns->n == 0 || as_pick_match(patterns, name) < patterns->n;
}

bool as_pick_wants(const as_pick *p, const as_result *r)
{
    return wants(p->item.patterns, r->item) && wants(p->quantity.patterns, r->quantity);
}

static bool all_met(const as_pick_by *by)
{
    size_t i = 0;
    while (i < by->patterns->n && by->met[i]) i++;
    return i == by->patterns->n;
}

static as_status note_name(as_pick_by *by, as_arena *keep, const char *name)
{
    for (size_t i = 0; i < by->patterns->n; i++)
        if (!by->met[i]) by->met[i] = fnmatch(by->patterns->v[i], name, 0) == 0;
    for (size_t i = 0; i < by->n_names; i++)
        if (strcmp(by->names[i], name) == 0) return AS_OK;
    if (by->n_names == AS_PICK_NAMES || *name == '\0') return AS_OK;
    const char *kept = by->names[by->n_names] = as_strdup(keep, name);
    by->n_names += kept != NULL;
    return kept ? AS_OK : AS_ERR;
}

as_status as_pick_note(as_pick *p, const as_table *t)
{
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i];
        p->seen++;
        p->kept += as_pick_wants(p, r);
        if (!all_met(&p->item)) AS_TRY(note_name(&p->item, p->keep, r->item));
        if (!all_met(&p->quantity)) AS_TRY(note_name(&p->quantity, p->keep, r->quantity));
    }
    return AS_OK;
}

/* "a, b, c and 4 more" */
static const char *list_of(as_arena *a, const as_pick_by *by)
{
    enum { MOST = 8 };
    const char *list = by->n_names ? by->names[0] : "none with a name";
    for (size_t i = 1; i < by->n_names && i < MOST && list; i++)
        list = as_format(a, "%s, %s", list, by->names[i]);
    if (!list || by->n_names <= MOST) return list;
    return by->n_names == AS_PICK_NAMES ? as_format(a, "%s and more", list)
                                        : as_format(a, "%s and %zu more", list, by->n_names - MOST);
}

static as_status warn_of(as_ctx *ctx, const as_pick_by *by)
{
    for (size_t i = 0; i < by->patterns->n; i++) {
        if (by->met[i]) continue;
        const char *pattern = by->patterns->v[i], *list = list_of(as_scratch(ctx), by);
        const char *near = as_near_miss(pattern, by->n_names, by->names);
        if (!list) return AS_ERR;
        as_warn(ctx, NULL, NULL, "--%s '%s' matches no result%s%s%s; there are: %s", by->option,
                pattern, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", list);
    }
    return AS_OK;
}

as_status as_pick_warn(as_ctx *ctx, const as_pick *p)
{
    const as_texts *first = p->item.patterns->n ? p->item.patterns : p->quantity.patterns;
    if (first->n == 0) return AS_OK;
    if (p->seen == 0) {
        as_warn(ctx, NULL, NULL,
                "--%s '%s' has no results to choose from, expected those of an earlier step",
                p->item.patterns->n ? "item" : "quantity", first->v[0]);
        return AS_OK;
    }
    AS_TRY(warn_of(ctx, &p->item));
    AS_TRY(warn_of(ctx, &p->quantity));
    if (p->kept == 0 && all_met(&p->item) && all_met(&p->quantity))
        as_warn(ctx, NULL, NULL,
                "no result is of an item of --item and of a quantity of --quantity at once");
    return AS_OK;
}
