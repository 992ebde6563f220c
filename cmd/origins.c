/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "origins.h"

enum { TEXT_MAX = 1 << 16 };

/* Series of the same origin, numbered through. */
typedef struct run {
    const char *first, *last, *source, *steps; /* names; origin, as JSON behind the name */
    size_t n, as; /* as: the first run with these steps */
} run;

struct as_origins {
    as_arena *arena;
    size_t n, room, length;
    run *run;
    const char *text; /* as it was when `n_text` series were known */
    size_t n_series, n_text;
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

/* Whether an earlier of these tables has the same inputs, and where. */
static bool known_inputs(const char *inputs, size_t n, const as_table *const *tables, size_t *of, size_t *step)
{
    for (*of = 0; *of + 1 < n; ++*of)
        for (*step = 0; *step < tables[*of]->n_steps; ++*step) {
            const char *other = tables[*of]->step[*step].inputs;
            if (other && strcmp(other, inputs) == 0) return true;
        }
    return false;
}

void as_put_steps_of(FILE *to, size_t n, const as_table *const *tables)
{
    const as_table *t = tables[n - 1];
    size_t of, step;
    fputs(", \"steps\": [", to);
    for (size_t i = 0; i < t->n_steps; i++) {
        const as_step *s = &t->step[i];
        fprintf(to, "%s{\"op\": ", i ? ", " : "");
        as_json_text(to, s->op);
        pair(to, "version", s->version);
        pair(to, "settings", s->settings);
        if (s->sha256) pair(to, "sha256", s->sha256);
        if (s->inputs && known_inputs(s->inputs, n, tables, &of, &step))
            fprintf(to, ", \"inputs\": {\"of\": %zu, \"step\": %zu}", of, step);
        else if (s->inputs) fprintf(to, ", \"inputs\": %s", s->inputs);
        fputc('}', to);
    }
    fputc(']', to);
}

as_origins *as_origins_new(as_arena *a)
{
    as_origins *o = AS_NEW(a, as_origins);
    if (o) o->arena = a;
    return o;
}

/* True when `next` is x.(k+1) and `last` x.k. */
static bool follows(const char *last, const char *next)
{
    const char *a = strrchr(last, '.'), *b = strrchr(next, '.');
    if (!a || !b || a - last != b - next || strncmp(last, next, (size_t)(a - last)) != 0) return false;
    if (strlen(a) > 9 || strlen(b) > 9 || !a[1] || strspn(a + 1, "0123456789") != strlen(a + 1) || !b[1] ||
        strspn(b + 1, "0123456789") != strlen(b + 1))
        return false;
    return atoi(b + 1) == atoi(a + 1) + 1 && (b[1] != '0' || !b[2]);
}

static as_status add_run(as_origins *o, const char *name, const char *source, const char *steps)
{
    if (o->n == o->room) {
        const size_t room = o->room ? 2 * o->room : 8;
        run *wider = AS_NEW_N(o->arena, run, room);
        if (!wider) return AS_ERR;
        if (o->n) memcpy(wider, o->run, o->n * sizeof *wider);
        o->run = wider;
        o->room = room;
    }
    run *r = &o->run[o->n++];
    *r = (run){ .first = as_strdup(o->arena, name), .source = as_strdup(o->arena, source), .n = 1 };
    while (r->as + 1 < o->n && strcmp(o->run[r->as].steps, steps) != 0) r->as++;
    const bool known = r->as + 1 < o->n;
    r->steps = known ? o->run[r->as].steps : as_strdup(o->arena, steps);
    r->last = r->first;
    o->length += strlen(source) + (known ? 0 : strlen(steps)) + strlen(name) + 20;
    return r->first && r->source && r->steps ? AS_OK : AS_ERR;
}

static as_status add_one(as_origins *o, const char *name, const char *source, const char *steps)
{
    run *last = o->n ? &o->run[o->n - 1] : NULL;
    o->n_series++;
    if (!last || strcmp(last->source, source) != 0 || strcmp(last->steps, steps) != 0 ||
        !follows(last->last, name))
        return add_run(o, name, source, steps);
    last->n++;
    last->last = as_strdup(o->arena, name);
    return last->last ? AS_OK : AS_ERR;
}

as_status as_origins_add(as_ctx *ctx, as_origins *o, const as_table *t)
{
    char *text = NULL;
    size_t size = 0;
    if (o->length > TEXT_MAX) return AS_OK; /* it will not be carried along */
    FILE *to = open_memstream(&text, &size);
    if (!to) return as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the origin of a series");
    as_put_source(to, t);
    const long middle = ftell(to);
    fputc('\0', to);
    as_put_steps_of(to, 1, &t);
    as_status status = AS_ERR;
    if (fclose(to) == 0 && middle >= 0) status = add_one(o, t->name ? t->name : "", text, text + middle + 1);
    else (void)!as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the origin of a series");
    free(text);
    return status;
}

static const char *written(as_origins *o)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return NULL;
    for (size_t i = 0; i < o->n; i++) {
        const run *r = &o->run[i];
        fputs(i ? ", {\"name\": " : "[{\"name\": ", to);
        as_json_text(to, r->first);
        if (r->n > 1) {
            pair(to, "to", r->last);
            fprintf(to, ", \"n\": %zu", r->n);
        }
        fputs(r->source, to);
        if (r->as < i) fprintf(to, ", \"as\": %zu}", r->as);
        else fprintf(to, "%s}", r->steps);
    }
    fputs("]", to);
    const char *copy = fclose(to) == 0 ? as_strndup(o->arena, text, size) : NULL;
    free(text);
    return copy;
}

const char *as_origins_text(as_origins *o)
{
    if (o->n == 0 || o->length > TEXT_MAX) return "";
    if (!o->text || o->n_text != o->n_series) o->text = written(o);
    o->n_text = o->n_series;
    return o->text;
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
    if (fclose(to) == 0)
        all = *text ? as_format(a, "%s%s%s: %s", used ? used : "", used && *used ? ", " : "", key, text)
                    : as_strdup(a, used ? used : "");
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
