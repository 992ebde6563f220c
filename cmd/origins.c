/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "origins.h"

enum { TEXT_MAX = 1 << 16, REPEATED_MAX = 1 << 24 }; /* in one series; in all of them */

/* One series. What it shares with the one before is not copied. */
typedef struct origin {
    const as_table *table;
    const char *name, *source; /* the source as JSON behind the name */
    as_history steps;
} origin;

/* Series of the same origin, numbered through. */
typedef struct run {
    const origin *first, *last;
    size_t n, of, as; /* of, as: the first run with this source, with these steps */
    int by;
} run;

struct as_origins {
    as_arena *arena;
    size_t n;
    origin *one;
    const char *text; /* as it was when n_text series were known */
    size_t n_text;
};

static void pair(FILE *to, const char *key, const char *value)
{
    fprintf(to, ", \"%s\": ", key);
    as_json_text(to, value);
}

void as_put_source(FILE *to, const as_table *t)
{
    static const char *const keys[][2] = { { "source", "source.name" },
                                           { "sha256", "source.sha256" },
                                           { "format", "source.format" },
                                           { "simulated", "simulated" } };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const as_meta *m = as_get_meta(t, keys[i][1]);
        if (m) pair(to, keys[i][0], m->text);
    }
}

/* Whether an earlier of these has the same inputs, and where. */
static bool known_inputs(const char *inputs, size_t n, const as_history *all, size_t *of, size_t *step)
{
    for (*of = 0; *of + 1 < n; ++*of)
        for (*step = 0; *step < all[*of].n; ++*step) {
            const char *other = all[*of].step[*step].inputs;
            if (other && strcmp(other, inputs) == 0) return true;
        }
    return false;
}

void as_put_steps(FILE *to, size_t n, const as_history *all)
{
    const as_history *h = &all[n - 1];
    size_t of, step;
    fputs(", \"steps\": [", to);
    for (size_t i = 0; i < h->n; i++) {
        const as_step *s = &h->step[i];
        fprintf(to, "%s{\"op\": ", i ? ", " : "");
        as_json_text(to, s->op);
        pair(to, "version", s->version);
        pair(to, "settings", s->settings);
        if (s->sha256) pair(to, "sha256", s->sha256);
        if (s->inputs && known_inputs(s->inputs, n, all, &of, &step))
            fprintf(to, ", \"inputs\": {\"of\": %zu, \"step\": %zu}", of, step);
        else if (s->inputs) fprintf(to, ", \"inputs\": %s", s->inputs);
        fputc('}', to);
    }
    fputc(']', to);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool as_same_history(const as_history *a, const as_history *b)
{
    if (a->n != b->n) return false;
    for (size_t i = 0; i < a->n; i++) {
        const as_step *x = &a->step[i], *y = &b->step[i];
        if (x != y && (!same_text(x->op, y->op) || !same_text(x->version, y->version) ||
                       !same_text(x->settings, y->settings) || !same_text(x->sha256, y->sha256) ||
                       !same_text(x->inputs, y->inputs)))
            return false;
    }
    return true;
}

as_origins *as_origins_new(as_arena *a)
{
    as_origins *o = AS_NEW(a, as_origins);
    if (o) o->arena = a;
    return o;
}

/* A copy, with all texts. */
static as_status copy_history(as_arena *a, const as_history *from, as_history *to)
{
    as_step *all = AS_NEW_N(a, as_step, from->n + 1);
    if (!all) return AS_ERR;
    *to = (as_history){ from->n, all };
    for (size_t i = 0; i < from->n; i++) {
        const as_step *s = &from->step[i];
        all[i] = (as_step){ .op = as_strdup(a, s->op),
                            .version = as_strdup(a, s->version),
                            .settings = as_strdup(a, s->settings),
                            .sha256 = s->sha256 ? as_strdup(a, s->sha256) : NULL,
                            .inputs = s->inputs ? as_strdup(a, s->inputs) : NULL };
        if (!all[i].op || !all[i].version || !all[i].settings || (s->sha256 && !all[i].sha256) ||
            (s->inputs && !all[i].inputs))
            return AS_ERR;
    }
    return AS_OK;
}

static as_status add_one(as_origins *o, const as_table *t, const char *source)
{
    origin *wider = as_grow(o->arena, o->one, o->n, sizeof *wider);
    if (!wider) return AS_ERR;
    o->one = wider;
    const origin *last = o->n ? &o->one[o->n - 1] : NULL;
    const as_history steps = { t->n_steps, t->step };
    origin *new = &o->one[o->n];
    *new = (origin){ .table = t, .name = as_strdup(o->arena, t->name ? t->name : "") };
    new->source = last && same_text(last->source, source) ? last->source : as_strdup(o->arena, source);
    if (last && as_same_history(&last->steps, &steps)) new->steps = last->steps;
    else AS_TRY(copy_history(o->arena, &steps, &new->steps));
    o->n++;
    return new->name && new->source ? AS_OK : AS_ERR;
}

as_status as_origins_add(as_ctx *ctx, as_origins *o, const as_table *t)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the origin of a series");
    as_put_source(to, t);
    const as_status status = fclose(to) == 0
                                 ? add_one(o, t, text)
                                 : as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the origin of a series");
    free(text);
    return status;
}

/* --- as text ----------------------------------------------------------------------------------- */

/* k - i where `last` is x.i and `next` x.k; 0: they are not. */
static int step_between(const char *last, const char *next)
{
    const char *a = strrchr(last, '.'), *b = strrchr(next, '.');
    if (!a || !b || a - last != b - next || strncmp(last, next, (size_t)(a - last)) != 0) return 0;
    if (strlen(a) > 9 || strlen(b) > 9 || !a[1] || strspn(a + 1, "0123456789") != strlen(a + 1) || !b[1] ||
        strspn(b + 1, "0123456789") != strlen(b + 1))
        return 0;
    const bool plain = (a[1] != '0' || !a[2]) && (b[1] != '0' || !b[2]);
    return plain ? atoi(b + 1) - atoi(a + 1) : 0;
}

/* Into the last run, or into a new one. Returns the number of runs. */
static size_t add_to_runs(run *all, size_t n, const origin *one)
{
    run *last = n ? &all[n - 1] : NULL;
    const int by = last ? step_between(last->last->name, one->name) : 0;
    if (by > 0 && (last->n == 1 || by == last->by) && same_text(last->first->source, one->source) &&
        as_same_history(&last->first->steps, &one->steps)) {
        last->last = one;
        last->by = by;
        last->n++;
        return n;
    }
    all[n] = (run){ .first = one, .last = one, .n = 1 };
    while (all[n].of < n && !same_text(all[all[n].of].first->source, one->source)) all[n].of++;
    while (all[n].as < n && !as_same_history(&all[all[n].as].first->steps, &one->steps)) all[n].as++;
    return n + 1;
}

/* The one behind i - 1 others, whose steps are `before`. */
static void put_run(FILE *to, const run *r, size_t i, const as_history *before)
{
    fputs(i ? ", {\"name\": " : "{\"name\": ", to);
    as_json_text(to, r->first->name);
    if (r->n > 1) {
        pair(to, "to", r->last->name);
        fprintf(to, ", \"n\": %zu", r->n);
    }
    if (r->n > 1 && r->by != 1) fprintf(to, ", \"by\": %d", r->by);
    if (r->of == i) fputs(r->first->source, to);
    else fprintf(to, ", \"of\": %zu", r->of);
    if (r->as == i) as_put_steps(to, i + 1, before);
    else fprintf(to, ", \"as\": %zu", r->as);
    fputc('}', to);
}

static const char *written(as_arena *a, size_t n, const run *r)
{
    char *text = NULL;
    size_t size = 0;
    as_history *steps = AS_NEW_N(a, as_history, n + 1);
    FILE *to = steps ? open_memstream(&text, &size) : NULL;
    if (!to) return NULL;
    fputc('[', to);
    for (size_t i = 0; i < n; i++) {
        steps[i] = r[i].first->steps;
        put_run(to, &r[i], i, steps);
    }
    fputc(']', to);
    const char *copy = fclose(to) != 0 ? NULL : size > TEXT_MAX ? "[]" : as_strndup(a, text, size);
    free(text);
    return copy;
}

static const origin *find(const as_origins *o, const as_table *t)
{
    for (size_t i = o->n; i-- > 0;)
        if (o->one[i].table == t) return &o->one[i];
    return NULL;
}

/* Of `n` tables; NULL: of all. */
static const char *text_of(const as_origins *o, size_t n, const as_table *const *tables)
{
    enum { RUNS_MAX = TEXT_MAX / 16 }; /* more are longer than TEXT_MAX */
    run *all = AS_NEW_N(o->arena, run, (n < RUNS_MAX ? n : RUNS_MAX) + 1);
    size_t n_runs = 0;
    if (!all) return NULL;
    for (size_t i = 0; i < n; i++) {
        const origin *one = tables ? find(o, tables[i]) : &o->one[i];
        if (!one || n_runs > RUNS_MAX - 1) return "[]";
        n_runs = add_to_runs(all, n_runs, one);
    }
    const char *text = written(o->arena, n_runs, all);
    return text && strlen(text) > REPEATED_MAX / (n + 1) ? "[]" : text;
}

const char *as_origins_text(as_origins *o)
{
    if (!o->text || o->n_text != o->n) o->text = text_of(o, o->n, NULL);
    o->n_text = o->n;
    return o->text;
}

const char *as_origins_text_of(const as_origins *o, size_t n, const as_table *const *tables)
{
    return text_of(o, n, tables);
}

const char *as_origins_used(as_ctx *ctx, as_arena *a, const char *used, const char *name, size_t n,
                            const as_table *const *tables)
{
    char *key = NULL;
    size_t size = 0;
    as_origins *o = as_origins_new(a);
    for (size_t i = 0; o && i < n; i++)
        if (as_origins_add(ctx, o, tables[i]) != AS_OK) return NULL;
    const char *text = o ? as_origins_text(o) : NULL;
    FILE *to = text ? open_memstream(&key, &size) : NULL;
    if (!to) return NULL;
    as_json_text(to, name);
    const char *all = NULL;
    if (fclose(to) == 0) all = as_format(a, "%s%s%s: %s", used ? used : "", used && *used ? ", " : "", key, text);
    free(key);
    return all;
}

const char *as_step_inputs(as_arena *a, const char *series, const char *used)
{
    const bool some = series && *series, named = used && *used;
    if (!some && !named) return NULL;
    return as_format(a, "{%s%s%s%s%s%s}", some ? "\"series\": " : "", some ? series : "", some && named ? ", " : "",
                     named ? "\"tables\": {" : "", named ? used : "", named ? "}" : "");
}
