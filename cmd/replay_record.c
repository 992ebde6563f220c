/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file made again from its record: the inputs found by their SHA-256 and read, the steps that
 * all series share at the end run over all of them, those before over the series of one file.
 */
#include <stdlib.h>
#include <string.h>

#include "figure_options.h"
#include "messages.h"
#include "origins.h"
#include "page.h"
#include "pipeline.h"
#include "reading.h"
#include "render.h"
#include "replay.h"
#include "stream.h"
#include "words.h"

typedef struct made_step { /* what a step made of several series */
    const struct made_step *next;
    const json_t *step;
    as_gather *tables;
} made_step;

typedef struct job {
    as_session session; /* first: a copy whose loader finds files by their sums */
    as_replay *replay;
    as_file *file;
    const as_record *r;
    const json_t *series;
    size_t n, shared; /* series; steps at the end that all have */
    as_finder finder;
    const char *sums; /* of the files that the options of the step at hand name, blanks between */
    const json_t *tables; /* of the step at hand: origins of those that its options name; NULL: none */
    int depth;            /* of records inside records */
    const made_step *made; /* so far */
} job;

enum { DEPTH_MAX = 16 };

/* The series that a list of a record names. */
static as_status make_list(job *j, const json_t *series, as_gather **out);

/* --- files that options name ----------------------------------------------------------------- */

static job *job_of(const as_loader *self)
{
    const unsigned char *session = (const unsigned char *)self - offsetof(as_session, loader);
    return (job *)(uintptr_t)session; /* the session is its first member */
}

static as_status place(job *j, const as_word *word, as_word *out)
{
    const char *sha = j->sums;
    if (!sha || strlen(sha) < 64)
        return as_fail(j->session.ctx, AS_E_MISSING, NULL, "the record has no SHA-256 of '%s'",
                       word->text);
    j->sums = sha[64] == ' ' ? sha + 65 : NULL;
    *out = *word;
    if (as_finder_find(&j->finder, as_base_name(word->text), sha, &out->text) == AS_OK) return AS_OK;
    return as_while(j->session.ctx,
                    "hint: a step of a recipe is no file; replay the archive, or run the recipe");
}

static as_status load_file(const as_loader *self, as_ctx *ctx, const as_word *word,
                           const as_input **out)
{
    job *j = job_of(self);
    as_word placed;
    AS_TRY(place(j, word, &placed));
    return j->replay->s->loader.file(&j->replay->s->loader, ctx, &placed, out);
}

/* {"name": "x.0", "to": "x.9", "n": 10, "by": 1 ...} as ten. */
static as_status spread(job *j, const json_t *list, const json_t **out)
{
    enum { MOST = 1000000 };
    size_t i;
    json_t *one, *all = json_array();
    *out = all;
    AS_TRY(as_json_keep(&j->session, all));
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
    {
        const json_int_t n = json_integer_value(json_object_get(one, "n")),
                         by = json_integer_value(json_object_get(one, "by"));
        const char *first = as_json_get(one, "name", ""), *dot = strrchr(first, '.');
        if (n <= 1 || n > MOST || !dot) {
            (void)json_array_append(all, one);
            continue;
        }
        for (json_int_t k = 0; k < n; k++) {
            const char *name = as_format(j->session.arena, "%.*s.%lld", (int)(dot - first), first,
                                         (long long)(atoi(dot + 1) + k * (by ? by : 1)));
            json_t *copy = name ? json_copy(one) : NULL;
            if (!copy) return as_fail(j->session.ctx, AS_E_NOMEM, NULL, "no memory for a record");
            (void)json_object_set_new(copy, "name", json_string(name));
            (void)json_array_append_new(all, copy);
        }
    }
    return AS_OK;
}

/* Tables of a step of the recipe, which the record tells how to make. */
static as_status make_used(job *j, const char *name, const json_t *list, as_tables *out)
{
    as_session *s = &j->session;
    const char *sums = j->sums, *used = s->used, *loaded = s->loaded;
    const json_t *tables = j->tables, *all;
    as_gather *g;
    AS_TRY(spread(j, list, &all));
    AS_TRY(make_list(j, all, &g));
    j->sums = sums && strlen(sums) > 64 ? sums + 65 : NULL; /* that of the tables, not of a file */
    j->tables = tables;
    s->loaded = loaded;
    *out = (as_tables){ .from = as_strdup(s->arena, name),
                        .n = g->n,
                        .t = (const as_table *const *)g->t };
    s->used = as_origins_used(s->ctx, s->arena, used, name, out->n, out->t);
    return out->from && s->used ? AS_OK : AS_ERR;
}

/* `from` is what was typed then, for the settings in the history. */
static as_status load_tables(const as_loader *self, as_ctx *ctx, const as_word *word,
                             as_tables *out)
{
    job *j = job_of(self);
    as_word placed;
    const json_t *list = json_object_get(j->tables, word->text);
    if (list) return make_used(j, word->text, list, out);
    AS_TRY(place(j, word, &placed));
    AS_TRY(j->replay->s->loader.tables(&j->replay->s->loader, ctx, &placed, out));
    out->from = word->text;
    return AS_OK;
}

/* --- steps ----------------------------------------------------------------------------------- */

static const json_t *steps_of(const job *j, size_t i)
{
    return json_object_get(json_array_get(j->series, i), "steps");
}

static bool same_step(const json_t *a, const json_t *b)
{
    return strcmp(as_json_get(a, "op", ""), as_json_get(b, "op", "")) == 0 &&
           strcmp(as_json_get(a, "settings", ""), as_json_get(b, "settings", "")) == 0 &&
           strcmp(as_json_get(a, "sha256", ""), as_json_get(b, "sha256", "")) == 0 &&
           (json_object_get(a, "inputs") == json_object_get(b, "inputs") ||
            json_equal(json_object_get(a, "inputs"), json_object_get(b, "inputs")));
}

/* The series that a step saw together; NULL: it took one by one, or the record does not tell. */
static const json_t *taken(const json_t *step)
{
    return json_object_get(json_object_get(step, "inputs"), "series");
}

/* The last step that saw several series together. -1: there is none. */
static int last_together(const json_t *steps)
{
    for (size_t i = json_array_size(steps); i-- > 0;)
        if (taken(json_array_get(steps, i))) return (int)i;
    return -1;
}

/* The longest end that the steps of all series have in common, the first step (read) not counted.
 */
static size_t shared_steps(const job *j)
{
    const json_t *first = steps_of(j, 0);
    size_t most = json_array_size(first);
    for (size_t i = 0; i < j->n; i++) {
        const json_t *other = steps_of(j, i);
        const size_t n = json_array_size(first), m = json_array_size(other);
        size_t same = 0;
        while (same + 1 < n && same + 1 < m && same < most &&
               same_step(json_array_get(first, n - 1 - same), json_array_get(other, m - 1 - same)))
            same++;
        const size_t behind = m - (size_t)(last_together(other) + 1); /* what made it is its own */
        same = same < behind ? same : behind;
        most = same < most ? same : most;
    }
    return most;
}

/* Series i and k of one file, or of one step that saw several together, with the same steps from there to
 * the shared ones. */
static bool same_beginning(const job *j, size_t i, size_t k)
{
    const json_t *a = steps_of(j, i), *b = steps_of(j, k);
    const size_t n = json_array_size(a) - j->shared, m = json_array_size(b) - j->shared;
    const int from = last_together(a), other = last_together(b);
    const bool one_file = strcmp(as_json_get(json_array_get(j->series, i), "sha256", "a"),
                                 as_json_get(json_array_get(j->series, k), "sha256", "b")) == 0;
    size_t p = from < 0 ? 0 : (size_t)from, q = other < 0 ? 0 : (size_t)other;
    if ((from < 0) != (other < 0) || (from < 0 && !one_file) || n - p != m - q) return false;
    for (; p < n; p++, q++)
        if (!same_step(json_array_get(a, p), json_array_get(b, q))) return false;
    return true;
}

static as_status read_call(job *j, const json_t *step, as_call *out)
{
    as_session *s = &j->session;
    const char *name = as_json_get(step, "op", "");
    const as_op *op = as_op_find(name);
    const as_where at = { .file = j->file->path };
    as_word *words;
    size_t n;
    if (!op)
        return as_fail(s->ctx, AS_E_MISSING, &at, "this assay has no operation '%s', which made it",
                       name);
    const json_t *series = taken(step);
    if (series ? json_array_size(series) == 0 : op->effect == AS_REDUCES) {
        (void)!as_fail(s->ctx, AS_E_MISSING, &at,
                       series ? "'%s' saw more series together than the record could name"
                              : "'%s' made one series of several, of which the record names the first only",
                       name);
        return as_while(s->ctx, "hint: replay the archive, or run the recipe");
    }
    const as_text text = as_text_of(as_json_get(step, "settings", ""));
    j->sums = as_json_get(step, "sha256", NULL);
    j->tables = json_object_get(json_object_get(step, "inputs"), "tables");
    AS_TRY(as_words_of(s->ctx, s->arena, &text, NULL, &n, &words));
    AS_TRY(as_call_read(s, op, n, words, out, NULL, NULL));
    out->sha256 = as_json_get(step, "sha256", NULL);
    return AS_OK;
}

static as_status read_calls(job *j, const json_t *steps, size_t from, size_t to, as_call **out)
{
    *out = AS_NEW_N(j->session.arena, as_call, to - from + 1);
    if (!*out) return AS_ERR;
    for (size_t i = from; i < to; i++)
        AS_TRY(read_call(j, json_array_get(steps, i), &(*out)[i - from]));
    return AS_OK;
}

/* --- series ---------------------------------------------------------------------------------- */

static as_status read_file(job *j, const json_t *series, const json_t *step, as_gather *to)
{
    as_session *s = &j->session;
    as_read_settings how = { 0 };
    as_word *words, file = { 0 };
    size_t n;
    const char *source = as_json_get(series, "source", NULL),
               *sha = as_json_get(series, "sha256", NULL);
    const as_text text = as_text_of(as_json_get(step, "settings", ""));
    const as_where at = { .file = j->file->path };
    if (!source || !sha || strlen(sha) != 64)
        return as_fail(s->ctx, AS_E_MISSING, &at,
                       "the record of series '%s' names no input with its SHA-256",
                       as_json_get(series, "name", ""));
    AS_TRY(as_finder_find(&j->finder, source, sha, &file.text));
    AS_TRY(as_words_of(s->ctx, s->arena, &text, NULL, &n, &words));
    AS_TRY(as_settings_read(s->ctx, s->arena, as_read_params, n, words, &s->loader, &how));
    return as_read_paths(s, &how, 1, &file, NULL, &to->sink);
}

/* In a recipe series are called after its inputs, and the record has only the names at the end. As
 * many series as at the end have those names. One that was parted later (unfold, cycle-curves) was
 * called as they are, without the number; of several of which some were dropped later the numbers
 * stand. The file may be called otherwise now: its sum says that it is the one. */
static as_status name_series(job *j, size_t first, size_t n, const as_gather *g)
{
    const char *name = as_json_get(json_array_get(j->series, first), "name", "");
    const char *source = as_json_get(json_array_get(j->series, first), "source", "");
    const char *dot = strrchr(name, '.');
    const bool numbered = dot && dot[1] && strspn(dot + 1, "0123456789") == strlen(dot + 1);
    const int base = (int)(numbered ? (size_t)(dot - name) : strlen(name));
    for (size_t i = 0; i < g->n; i++) {
        as_table *t = g->t[i];
        const char *mark = t->name ? strrchr(t->name, '.') : NULL;
        const json_t *own = json_array_get(j->series, first + i);
        if (g->n == n)
            t->name = as_strdup(t->arena, as_json_get(own, "name", ""));
        else if (g->n == 1)
            t->name = as_format(t->arena, "%.*s", base, name);
        else if (numbered && mark)
            t->name = as_format(t->arena, "%.*s%s", base, name, mark);
        if (!t->name) return AS_ERR;
        AS_TRY(as_set_meta(j->session.ctx, t, "source.name", source, NULL, NULL));
    }
    return AS_OK;
}

static as_status run_steps(job *j, size_t n_calls, const as_call *calls, const as_gather *in,
                           as_sink *to)
{
    as_session *s = &j->session;
    as_pipeline *pipe;
    AS_TRY(as_pipeline_new(s, n_calls, calls, to, &pipe));
    for (size_t i = 0; in && i < in->n; i++) {
        const as_frame frame = as_enter(s->ctx);
        as_table *copy = as_table_copy(s->ctx, in->t[i]);
        if (copy) copy->number = (uint32_t)i;
        const as_status status = copy ? as_emit(as_pipeline_in(pipe), s->ctx, copy) : AS_ERR;
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    return as_pipeline_finish(pipe);
}

static as_status run_calls(job *j, size_t n_calls, const as_call *calls, const as_gather *in,
                           as_sink *to)
{
    if (run_steps(j, n_calls, calls, in, to) == AS_OK) return AS_OK;
    return as_while(j->session.ctx,
                    "hint: a step may have had further series then, which the record does not "
                    "name: replay the archive, or run the recipe");
}

/* What a step made of all the series that it saw together: once, whoever goes on from there. */
static as_status make_together(job *j, const json_t *steps, size_t at, const as_gather **out)
{
    const json_t *step = json_array_get(steps, at), *inputs;
    as_gather *all;
    as_call *calls;
    for (const made_step *m = j->made; m; m = m->next)
        if (same_step(m->step, step)) {
            *out = m->tables;
            return AS_OK;
        }
    made_step *new = AS_NEW(j->session.arena, made_step);
    if (!new) return AS_ERR;
    AS_TRY(spread(j, taken(step), &inputs));
    AS_TRY(make_list(j, inputs, &all));
    AS_TRY(read_calls(j, steps, at, at + 1, &calls));
    AS_TRY(as_gather_new(&j->session, &new->tables));
    AS_TRY(run_calls(j, 1, calls, all, &new->tables->sink));
    new->step = step;
    new->next = j->made;
    j->made = new;
    *out = new->tables;
    return AS_OK;
}

static as_status make_from_there(job *j, const json_t *steps, size_t at, size_t own, as_gather *to)
{
    const as_gather *all;
    as_call *calls;
    AS_TRY(make_together(j, steps, at, &all));
    AS_TRY(read_calls(j, steps, at + 1, own, &calls));
    return run_calls(j, own - at - 1, calls, all, &to->sink);
}

/* Series [first, first + n) up to the shared steps. */
static as_status make_group(job *j, size_t first, size_t n, as_gather *to)
{
    const json_t *series = json_array_get(j->series, first),
                 *steps = json_object_get(series, "steps");
    const size_t own = json_array_size(steps) - j->shared;
    const json_t *begin = json_array_get(steps, 0);
    const as_op *op = as_op_find(as_json_get(begin, "op", ""));
    const bool made = op && op->source; /* from options alone: simulate-* */
    const bool is_read = strcmp(as_json_get(begin, "op", ""), "read") == 0; /* else a stream */
    const int together = last_together(steps);
    as_call *calls;
    as_gather *read;
    if (together >= 0) return make_from_there(j, steps, (size_t)together, own, to);
    AS_TRY(as_gather_new(&j->session, &read));
    AS_TRY(read_calls(j, steps, is_read, own, &calls));
    if (made) return run_calls(j, own, calls, NULL, &to->sink);
    AS_TRY(read_file(j, series, is_read ? begin : NULL, read));
    AS_TRY(name_series(j, first, n, read));
    return run_calls(j, own - is_read, calls, read, &to->sink);
}

/* Those that the record names, in its order: a step that saw several may have made others too. */
static as_status choose_series(job *j, as_gather *g)
{
    const as_where at = { .file = j->file->path };
    const size_t came = g->n;
    size_t n = 0;
    for (size_t i = 0; i < came && n < j->n; i++) {
        const json_t *own = json_array_get(j->series, n), *number = json_object_get(own, "series");
        as_table *t = g->t[i];
        if (strcmp(t->name ? t->name : "", as_json_get(own, "name", "")) != 0) continue;
        if (json_is_integer(number)) /* steps of a recipe count anew */
            t->number = (uint32_t)json_integer_value(number);
        g->t[n++] = t;
    }
    g->n = n;
    if (n == j->n) return AS_OK;
    (void)!as_fail(j->session.ctx, AS_E_MISSING, &at,
                   "its record does not say enough: of the %zu series that come out none is '%s'", came,
                   as_json_get(json_array_get(j->series, n), "name", ""));
    return as_while(j->session.ctx, "hint: replay the archive, or run the recipe");
}

static as_status make_made(job *j, as_gather **out)
{
    as_gather *all;
    as_call *calls;
    AS_TRY(as_gather_new(&j->session, out));
    if (j->n == 0) return AS_OK;
    for (size_t i = 0; i < j->n; i++)
        if (!json_is_array(steps_of(j, i)))
            return as_fail(j->session.ctx, AS_E_SYNTAX, &(as_where){ .file = j->file->path },
                           "its record has a series without steps");
    j->shared = shared_steps(j);
    const json_t *steps = steps_of(j, 0);
    const size_t n = json_array_size(steps);
    AS_TRY(as_gather_new(&j->session, &all));
    for (size_t i = 0, k; i < j->n; i = k) {
        for (k = i + 1; k < j->n && same_beginning(j, i, k); k++) continue;
        AS_TRY(make_group(j, i, k - i, all));
    }
    AS_TRY(read_calls(j, steps, n - j->shared, n, &calls));
    AS_TRY(run_calls(j, j->shared, calls, all, &(*out)->sink));
    return choose_series(j, *out);
}

static as_status make_list(job *j, const json_t *series, as_gather **out)
{
    const json_t *outer = j->series;
    const size_t n = j->n, shared = j->shared;
    if (++j->depth > DEPTH_MAX)
        return as_fail(j->session.ctx, AS_E_LIMIT, NULL, "records inside records, more than %d deep", DEPTH_MAX);
    j->series = series;
    j->n = json_array_size(series);
    const as_status status = make_made(j, out);
    j->series = outer;
    j->n = n;
    j->shared = shared;
    j->depth--;
    return status;
}

/* The series of a record (a stream's, a figure's, a panel's). */
static as_status make_series(job *j, const json_t *r, as_gather **out)
{
    return make_list(j, json_object_get(r, "series"), out);
}

/* --- the file -------------------------------------------------------------------------------- */

static as_status write_stream(job *j, FILE *to)
{
    as_gather *g;
    AS_TRY(make_series(j, j->r->json, &g));
    as_writer *w = as_writer_open(j->session.ctx, to, g->n ? g->t[0]->kind : AS_KIND_DATA);
    if (!w) return AS_ERR;
    for (size_t i = 0; i < g->n; i++) AS_TRY(as_writer_put(w, g->t[i]));
    return as_writer_close(w);
}

static as_status read_words(job *j, const json_t *r, size_t *n, as_word **words)
{
    const as_text text = as_text_of(as_json_get(r, "settings", ""));
    return as_words_of(j->session.ctx, j->session.arena, &text, NULL, n, words);
}

/* The series of a figure or of a panel, and how it was drawn. */
static as_status make_panel(job *j, const json_t *r, as_panel *out)
{
    as_session *s = &j->session;
    const as_where at = { .file = j->file->path };
    const char *name = as_json_get(r, "figure", "");
    as_gather *g;
    as_word *words;
    size_t n;
    AS_TRY(make_series(j, r, &g));
    *out = (as_panel){ .kind = as_figure_find(name),
                       .n = g->n,
                       .tables = (const as_table *const *)g->t };
    if (!out->kind)
        return as_fail(s->ctx, AS_E_MISSING, &at, "this assay has no figure '%s'", name);
    AS_TRY(read_words(j, r, &n, &words));
    j->sums = as_json_get(r, "sha256", NULL);
    j->tables = json_object_get(json_object_get(r, "inputs"), "tables");
    AS_TRY(as_figure_options(s, n, words, out));
    out->sha256 = as_json_get(r, "sha256", NULL); /* tables of a step have theirs too */
    return AS_OK;
}

static as_status draw_figure(job *j, as_canvas **canvas, as_page *page)
{
    as_session *s = &j->session;
    as_panel p;
    AS_TRY(make_panel(j, j->r->json, &p));
    return as_panel_draw(s, &p, canvas, page);
}

static as_status draw_panels(job *j, const json_t *panels, as_canvas **canvas, as_page *page)
{
    as_session *s = &j->session;
    const size_t n = json_array_size(panels);
    as_panel *panel = AS_NEW_N(s->arena, as_panel, n + 1);
    as_page_settings set = { 0 };
    as_word *words;
    size_t n_words;
    if (!panel) return AS_ERR;
    for (size_t i = 0; i < n; i++) AS_TRY(make_panel(j, json_array_get(panels, i), &panel[i]));
    AS_TRY(read_words(j, j->r->json, &n_words, &words));
    AS_TRY(as_settings_read(s->ctx, s->arena, as_page_params, n_words, words, NULL, &set));
    return as_page_compose(s, &set, n, panel, canvas, page);
}

static as_status write_figure(job *j, FILE *to)
{
    const json_t *panels = json_object_get(j->r->json, "panels");
    as_canvas *canvas;
    as_page page;
    AS_TRY(panels ? draw_panels(j, panels, &canvas, &page) : draw_figure(j, &canvas, &page));
    return as_canvas_write(j->session.ctx, canvas, &page, as_record_kind_name(j->r->kind), to);
}

static as_status make_and_compare(job *j)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return as_fail(j->session.ctx, AS_E_NOMEM, NULL, "no memory for a file");
    as_status status = j->r->kind == AS_RECORD_STREAM ? write_stream(j, to) : write_figure(j, to);
    if (fclose(to) != 0 && status == AS_OK)
        status = as_fail(j->session.ctx, AS_E_NOMEM, NULL, "no memory for a file");
    as_file made = { .name = "made again", .data = (const unsigned char *)text, .size = size };
    if (status == AS_OK)
        status = as_compare_pair(j->replay->s, j->file->path, j->file, &made, j->replay->to,
                                 &j->replay->comparison);
    free(text);
    return status;
}

static as_status check_versions(job *j)
{
    const char *then = as_json_get(j->r->json, "assay", "?");
    if (j->r->kind != AS_RECORD_STREAM && strcmp(then, ASSAY_VERSION) != 0)
        fprintf(j->replay->s->messages->to,
                "assay replay: %s was made by assay %s; this is " ASSAY_VERSION "\n", j->file->path,
                then);
    return AS_OK;
}

as_status as_replay_record(as_replay *replay, as_file *f, const as_record *r)
{
    job *j = AS_NEW(replay->s->arena, job);
    if (!j) return AS_ERR;
    *j = (job){ .session = *replay->s, .replay = replay, .file = f, .r = r };
    j->session.loader = (as_loader){ .file = load_file, .tables = load_tables };
    AS_TRY(check_versions(j));
    j->finder = (as_finder){ .s = &j->session, .path = f->path, .inputs = replay->inputs };
    AS_TRY(as_finder_open(&j->finder));
    const as_status status = make_and_compare(j);
    replay->s->numeric_failures += j->session.numeric_failures;
    if (status == AS_OK || as_pending(replay->s->ctx) != AS_E_USAGE) return status;
    const as_where at = { .file = f->path }; /* what is wrong is not what was typed now */
    const char *why = as_strdup(replay->s->arena, as_pending_message(replay->s->ctx));
    if (!why) return AS_ERR;
    return as_fail(replay->s->ctx, AS_E_SYNTAX, &at, "its record has options that are none: %s",
                   why);
}
