/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each stage needs, against what the inputs have and the stages before give: columns, roles,
 * units, metadata and results, followed through the graph before any operation runs.
 *
 * Only what is certain is refused. Operations that make new rows may bring anything, so behind
 * them nothing is known to be absent; the pipeline checks every table again when it comes.
 */
#include <string.h>

#include "recipe_run.h"

typedef struct fact {  /* a column, a metadata entry or a quantity of results */
    as_need_kind kind; /* AS_NEED_COLUMN, AS_NEED_META, AS_NEED_RESULT */
    as_role role;
    const char *name; /* NULL: not known any more */
    as_unit unit;
    bool unit_known;
} fact;

struct as_shape {
    const char *series;
    bool open; /* there may be more than is listed */
    size_t n;
    fact *v;
};

static as_status add(as_kitchen *k, as_shape *s, const fact *f)
{
    fact *wider = as_grow(k->session.arena, s->v, s->n, sizeof *wider);
    if (!wider) return AS_ERR;
    s->v = wider;
    s->v[s->n++] = *f;
    return AS_OK;
}

static as_status shape_of(as_kitchen *k, const as_table *t, as_shape *s)
{
    *s = (as_shape){ .series = t->name };
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        AS_TRY(add(k, s, &(fact){ AS_NEED_COLUMN, c->role, c->name, c->unit, true }));
    }
    for (size_t i = 0; i < t->n_meta; i++)
        AS_TRY(add(k, s,
                   &(fact){ AS_NEED_META, AS_ROLE_OTHER, t->meta[i].key, t->meta[i].unit, false }));
    for (size_t i = 0; i < t->n_results; i++)
        AS_TRY(add(k, s,
                   &(fact){ AS_NEED_RESULT, AS_ROLE_OTHER, t->result[i].quantity, t->result[i].unit,
                            true }));
    return AS_OK;
}

static fact *find_role(const as_shape *s, as_role role)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].kind == AS_NEED_COLUMN && s->v[i].role == role) return &s->v[i];
    return NULL;
}

static fact *find_name(const as_shape *s, as_need_kind kind, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].kind == kind && s->v[i].name && strcmp(s->v[i].name, name) == 0)
            return &s->v[i];
    return NULL;
}

static bool some_unnamed(const as_shape *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->v[i].name) return true;
    return false;
}

static const char *kind_name(as_need_kind kind)
{
    static const char *const names[] = { "a column with role", "the column", "the metadata",
                                         "results of the quantity" };
    return names[kind];
}

static const char *list_of(as_kitchen *k, const as_shape *s, as_need_kind kind)
{
    const char *text = "";
    const as_need_kind listed = kind == AS_NEED_ROLE ? AS_NEED_COLUMN : kind;
    for (size_t i = 0; i < s->n && text; i++) {
        if (s->v[i].kind != listed || !s->v[i].name || strncmp(s->v[i].name, "source.", 7) == 0)
            continue;
        text = as_format(k->session.arena, "%s%s%s", text, *text ? ", " : "", s->v[i].name);
    }
    return text && *text ? text : "none";
}

static as_status absent(as_kitchen *k, const as_word *verb, const as_demand *d, const as_shape *s)
{
    const char *what = d->kind == AS_NEED_ROLE ? as_role_name(d->role) : d->name;
    (void)!as_fail(k->session.ctx, AS_E_MISSING, &verb->where,
                   "%s needs %s '%s' (%s); the series '%s' has: %s", verb->text, kind_name(d->kind),
                   what, d->help, s->series ? s->series : "?", list_of(k, s, d->kind));
    if (d->kind == AS_NEED_META)
        return as_while(k->session.ctx, "hint: give it to the input: set: {%s: ...}", d->name);
    return AS_ERR;
}

static as_status check_demand(as_kitchen *k, const as_word *verb, const as_demand *d,
                              const as_shape *s)
{
    const fact *f =
        d->kind == AS_NEED_ROLE ? find_role(s, d->role) : find_name(s, d->kind, d->name);
    if (!f) {
        const bool maybe = s->open || (d->kind == AS_NEED_COLUMN && some_unnamed(s));
        return d->optional || maybe ? AS_OK : absent(k, verb, d, s);
    }
    if (!d->unit || !f->unit_known || !f->name) return AS_OK;
    const as_unit want = as_unit_of(d->unit);
    if (as_unit_same_dimension(&f->unit, &want)) return AS_OK;
    return as_fail(k->session.ctx, AS_E_UNIT, &verb->where,
                   "%s needs %s in a unit like %s (%s); in the series '%s' it is in %s", verb->text,
                   f->name, d->unit, d->help, s->series ? s->series : "?", f->unit.symbol);
}

static as_status check_needs(as_kitchen *k, const as_word *verb, const as_op *op, const as_shape *s)
{
    for (const as_demand *d = op->needs; d && d->help; d++) AS_TRY(check_demand(k, verb, d, s));
    return AS_OK;
}

/* What was there under this role or name is now what the operation makes of it. */
static as_status apply_give(as_kitchen *k, const as_give *g, as_shape *s)
{
    const bool role = g->kind == AS_NEED_ROLE;
    fact *f = role ? find_role(s, g->role) : find_name(s, g->kind, g->name);
    fact now = { .kind = role ? AS_NEED_COLUMN : g->kind, .role = g->role, .name = g->name };
    if (g->unit && *g->unit) {
        now.unit = as_unit_of(g->unit);
        now.unit_known = g->kind != AS_NEED_META;
    }
    if (role && g->role == AS_ROLE_Y && f && !now.name) now.name = f->name; /* y keeps its name */
    if (f) *f = now;
    return f ? AS_OK : add(k, s, &now);
}

/* KEY=VALUE of `set`. */
static as_status apply_set(as_kitchen *k, const as_command *stage, as_shape *s)
{
    for (size_t i = 1; i < stage->n; i++) {
        const char *text = stage->word[i].text, *equals = strchr(text, '=');
        if (!equals) continue;
        const char *name = as_strndup(k->session.arena, text, (size_t)(equals - text));
        if (!name) return AS_ERR;
        if (!find_name(s, AS_NEED_META, name))
            AS_TRY(add(k, s, &(fact){ .kind = AS_NEED_META, .name = name }));
    }
    return AS_OK;
}

static as_status apply(as_kitchen *k, const as_command *stage, const as_op *op, as_shape *s)
{
    if (op->effect != AS_ANNOTATES || strcmp(op->name, "select") == 0) s->open = true;
    if (op->effect != AS_ANNOTATES) /* new rows: what the old ones had proves nothing */
        for (size_t i = 0; i < s->n; i++) s->v[i].unit_known = false;
    for (const as_give *g = op->gives; g && g->help; g++) AS_TRY(apply_give(k, g, s));
    return strcmp(op->name, "set") == 0 ? apply_set(k, stage, s) : AS_OK;
}

static as_status copy_shape(as_kitchen *k, const as_shape *from, as_shape *to)
{
    *to = (as_shape){ .series = from->series, .open = from->open };
    for (size_t i = 0; i < from->n; i++) AS_TRY(add(k, to, &from->v[i]));
    return AS_OK;
}

/* The shapes that reach `p`, one for each input on the way, taken through its stages. */
static as_status flow(as_kitchen *k, const as_product *p, size_t *n, as_shape **out)
{
    size_t most = 0;
    as_yield *y;
    for (size_t i = 0; i < p->n_from; i++) {
        AS_TRY(as_yield_shapes(k, p->from[i].name, &y));
        most += y->n_shapes;
    }
    as_shape *all = *out = AS_NEW_N(k->session.arena, as_shape, most);
    if (!all) return AS_ERR;
    *n = 0;
    for (size_t i = 0; i < p->n_from; i++) {
        AS_TRY(as_yield_shapes(k, p->from[i].name, &y));
        for (size_t s = 0; s < y->n_shapes; s++) AS_TRY(copy_shape(k, &y->shape[s], &all[(*n)++]));
    }
    for (size_t i = 0; i < p->n_stages; i++) {
        const as_op *op = as_op_find(p->stage[i].word[0].text);
        for (size_t s = 0; op && s < *n; s++) {
            AS_TRY(check_needs(k, &p->stage[i].word[0], op, &all[s]));
            AS_TRY(apply(k, &p->stage[i], op, &all[s]));
        }
    }
    return AS_OK;
}

/* An input's first series stands for all of it. */
static as_status input_shape(as_kitchen *k, as_yield *y)
{
    as_gather *some;
    AS_TRY(as_yield_first(k, y, &some));
    y->shape = AS_NEW(k->session.arena, as_shape);
    if (!y->shape) return AS_ERR;
    if (some->n) {
        AS_TRY(shape_of(k, some->t[0], y->shape));
        y->n_shapes = 1;
    }
    return AS_OK;
}

as_status as_yield_shapes(as_kitchen *k, const char *name, as_yield **out)
{
    as_yield *y = *out = as_yield_find(k, name);
    if (y->shape) return AS_OK;
    if (y->input || as_yield_is_given(k, name)) return input_shape(k, y);
    return flow(k, y->step, &y->n_shapes, &y->shape);
}

as_status as_product_flow(as_kitchen *k, const as_product *p)
{
    as_shape *shape;
    size_t n;
    return flow(k, p, &n, &shape);
}
