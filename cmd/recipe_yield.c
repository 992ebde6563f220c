/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs read and steps run, each once, in one process: tables go from one to the next and are
 * never printed between.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "help.h"
#include "messages.h"
#include "reading.h"
#include "origins.h"
#include "recipe_run.h"

static as_kitchen *kitchen_of(const as_loader *self)
{
    const unsigned char *session = (const unsigned char *)self - offsetof(as_session, loader);
    return (as_kitchen *)(uintptr_t)session; /* the session is its first member */
}

as_yield *as_yield_find(as_kitchen *k, const char *name)
{
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->yield[i].name, name) == 0) return &k->yield[i];
    return NULL;
}

/* "dir/" as sessions want it: "dir", NULL for the working directory. */
as_status as_kitchen_enter(as_kitchen *k, const char *folder)
{
    const size_t n = strlen(folder);
    k->session.folder = n ? as_strndup(k->session.arena, folder, n - 1) : NULL;
    return n && !k->session.folder ? AS_ERR : AS_OK;
}

/* --- files and tables that options name -------------------------------------------------- */

/* The session outside does the work; what it hashed belongs to the stage being read here. */
static as_status load_file(const as_loader *self, as_ctx *ctx, const as_word *word,
                           const as_input **out)
{
    as_kitchen *k = kitchen_of(self);
    k->outer->folder = k->session.folder;
    k->outer->loaded = k->session.loaded;
    const as_status status = k->outer->loader.file(&k->outer->loader, ctx, word, out);
    k->session.loaded = k->outer->loaded;
    return status;
}

static as_status load_tables(const as_loader *self, as_ctx *ctx, const as_word *word,
                             as_tables *out)
{
    as_kitchen *k = kitchen_of(self);
    as_yield *y = as_yield_find(k, word->text);
    if (!y) {
        k->outer->folder = k->session.folder;
        k->outer->loaded = k->session.loaded;
        const as_status status = k->outer->loader.tables(&k->outer->loader, ctx, word, out);
        k->session.loaded = k->outer->loaded;
        return status;
    }
    const char *loaded = k->session.loaded, *folder = k->session.folder, *used = k->session.used;
    AS_TRY(as_yield_get(k, word->text, &y));
    char hex[AS_SHA256_TEXT];
    AS_TRY(as_tables_hash(&k->session, y->tables->n, y->tables->t, hex));
    k->session.loaded =
        as_format(k->session.arena, "%s%s%s", loaded ? loaded : "", loaded ? " " : "", hex);
    k->session.folder = folder;
    if (!k->session.loaded) return AS_ERR;
    k->session.used = as_origins_used(ctx, k->session.arena, used, y->name, y->tables->n,
                                      (const as_table *const *)y->tables->t);
    if (!k->session.used) return AS_ERR;
    *out = (as_tables){ .from = y->name,
                        .n = y->tables->n,
                        .t = (const as_table *const *)y->tables->t };
    return AS_OK;
}

as_status as_kitchen_new(as_session *s, const as_recipe *r, const char *out, const as_cache *cache,
                         as_kitchen **result)
{
    as_kitchen *k = *result = AS_NEW(s->arena, as_kitchen);
    if (!k) return AS_ERR;
    *k = (as_kitchen){ .session = *s, .outer = s, .r = r, .out = out, .cache = cache };
    k->session.loader = (as_loader){ .file = load_file, .tables = load_tables };
    k->session.numeric_failures = 0;
    k->n = r->n_inputs + r->n_steps;
    k->yield = AS_NEW_N(s->arena, as_yield, k->n);
    if (!k->yield) return AS_ERR;
    for (size_t i = 0; i < r->n_inputs; i++)
        k->yield[i] = (as_yield){ .name = r->input[i].name, .input = &r->input[i] };
    for (size_t i = 0; i < r->n_steps; i++)
        k->yield[r->n_inputs + i] = (as_yield){ .name = r->step[i].name, .step = &r->step[i] };
    return AS_OK;
}

static void show_progress(as_kitchen *k, const as_yield *y)
{
    const char *doing = as_format(as_scratch(k->session.ctx), "%s: %s %s ...", k->r->slug,
                                  y->input ? "reading" : "running", y->name);
    if (doing) as_messages_progress(k->session.messages, k->session.messages, doing);
}

/* --- inputs ---------------------------------------------------------------------------------- */

/* What `set:` and `label:` say, as the operation `set` would have it from a shell. */
static as_status set_call(as_kitchen *k, const as_recipe_input *in, size_t *n, as_call *out)
{
    as_word *words = AS_NEW_N(k->session.arena, as_word, in->n_set + 1);
    if (!words) return AS_ERR;
    *n = 0;
    if (in->label) { /* `set` takes it for the series' label */
        words[0].text = as_format(k->session.arena, "label=%s", in->label);
        words[0].where = in->where;
        if (!words[(*n)++].text) return AS_ERR;
    }
    for (size_t i = 0; i < in->n_set; i++) words[(*n)++] = in->set[i];
    if (*n == 0) return AS_OK;
    const as_op *set = as_op_find("set");
    AS_TRY(as_call_read(&k->session, set, *n, words, out, NULL, NULL));
    *n = 1;
    return AS_OK;
}

static as_status read_input(as_kitchen *k, as_yield *y, as_sink *to)
{
    const as_recipe_input *in = y->input;
    as_session *s = &k->session;
    as_read_settings how = { 0 };
    as_call set;
    size_t n_set, n_files;
    as_word *files;
    as_pipeline *pipe;
    AS_TRY(as_kitchen_enter(k, in->folder));
    AS_TRY(
        as_settings_read(s->ctx, s->arena, as_read_params, in->n_read, in->read, &s->loader, &how));
    if (how.depfile)
        return as_fail(s->ctx, AS_E_USAGE, &in->where, "--depfile is for make, not for a recipe");
    if (how.list) return as_fail(s->ctx, AS_E_USAGE, &in->where, "--list prints; an input is read");
    how.name = y->name;
    AS_TRY(set_call(k, in, &n_set, &set));
    AS_TRY(as_pipeline_new(s, n_set, &set, to, &pipe));
    AS_TRY(as_recipe_files(s->ctx, s->arena, in, &n_files, &files));
    AS_TRY(as_read_paths(s, &how, n_files, files, n_files > 1 && s->keep_going ? &k->skipped : NULL,
                         as_pipeline_in(pipe)));
    return as_pipeline_finish(pipe);
}

static as_status while_reading(as_kitchen *k, const as_yield *y)
{
    return as_while(k->session.ctx, "reading the input '%s' (%s:%u)", y->name, y->input->where.file,
                    y->input->where.line);
}

/* The files of an input, where each is a stream, which can be read as often as it is needed; else NULL. */
static as_status stream_files(as_kitchen *k, const as_yield *y, size_t *n, as_word **files)
{
    if (as_recipe_files(k->session.ctx, k->session.arena, y->input, n, files) != AS_OK) return while_reading(k, y);
    for (size_t i = 0; i < *n && *files; i++)
        if (y->input->n_read || !as_is_stream_file((*files)[i].text)) *files = NULL;
    return AS_OK;
}

/* What tells that one of the files was written since. */
static const char *stamp_of(as_kitchen *k, size_t n, const as_word *files)
{
    const char *text = "";
    struct stat st;
    for (size_t i = 0; i < n && text && stat(files[i].text, &st) == 0; i++)
        text = as_format(k->session.arena, "%s %jd.%09ld %ju %jd", text, (intmax_t)st.st_mtim.tv_sec,
                         st.st_mtim.tv_nsec, (uintmax_t)st.st_ino, (intmax_t)st.st_size);
    return text;
}

/* Results made of another content than that which the key is of are not to be kept. */
static bool are_as_keyed(as_kitchen *k)
{
    for (size_t i = 0; i < k->n; i++) {
        as_word *files;
        size_t n;
        if (!k->yield[i].stamp) continue;
        const bool found = stream_files(k, &k->yield[i], &n, &files) == AS_OK && files;
        const char *now = found ? stamp_of(k, n, files) : NULL;
        if (!now) as_forget_error(k->session.ctx);
        if (!now || strcmp(now, k->yield[i].stamp) != 0) return false;
    }
    return true;
}

/* The key of what streams say is that of their bytes and of what is set, so that they need not be read
 * for it. */
static as_status stream_key(as_kitchen *k, as_yield *y, size_t n, const as_word *files)
{
    as_arena *a = k->session.arena;
    const as_recipe_input *in = y->input;
    const char **texts = AS_NEW_N(a, const char *, 2 * n + in->n_set + 2), *stamp = stamp_of(k, n, files);
    char (*hex)[AS_SHA256_TEXT] = as_alloc(a, n, sizeof *hex);
    size_t at = 0;
    if (!texts || !hex || !stamp) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const as_where where = { .file = files[i].text };
        if (!as_sha256_of_file(files[i].text, hex[i]))
            return as_fail(k->session.ctx, AS_E_IO, &where, "cannot be read: %s", strerror(errno));
        texts[at++] = hex[i];
        texts[at++] = as_base_name(files[i].text);
    }
    texts[at++] = y->name;
    texts[at++] = in->label ? in->label : "";
    for (size_t i = 0; i < in->n_set; i++) texts[at++] = in->set[i].text;
    AS_TRY(as_cache_key(&k->session, k->cache, at, texts, y->key));
    y->stamp = stamp;
    return AS_OK;
}

/* Nobody else reads the input: its series go where they are wanted as they are read. */
static bool goes_through(const as_kitchen *k, const as_yield *y)
{
    return y->input && y->readers == 1 && y->state == AS_R_OPEN && !as_yield_is_given(k, y->name);
}

as_status as_yield_first(as_kitchen *k, as_yield *y, as_gather **out)
{
    as_session *s = &k->session;
    as_word *files = NULL;
    as_pipeline *pipe;
    as_call set;
    size_t n, n_set;
    if (goes_through(k, y)) AS_TRY(stream_files(k, y, &n, &files));
    if (!files) {
        AS_TRY(as_yield_get(k, y->name, &y));
        *out = y->tables;
        return AS_OK;
    }
    AS_TRY(as_kitchen_enter(k, y->input->folder));
    AS_TRY(set_call(k, y->input, &n_set, &set));
    AS_TRY(as_gather_new(s, out));
    AS_TRY(as_pipeline_sequential(s, n_set, &set, &(*out)->sink, &pipe));
    if (as_feed_stream_head(s, files[0].text, as_pipeline_in(pipe)) == AS_OK) return as_pipeline_finish(pipe);
    return while_reading(k, y);
}

/* Tells an error of reading from one of what reads. */
typedef struct passage {
    as_sink sink, *to;
    bool failed;
} passage;

static as_status put_through(as_sink *self, as_ctx *ctx, as_table *t)
{
    passage *p = (passage *)(void *)self;
    const as_status status = as_emit(p->to, ctx, t);
    p->failed |= status != AS_OK;
    return status;
}

static as_status pass_input(as_kitchen *k, as_yield *y, as_sink *to)
{
    passage p = { .sink = { put_through }, .to = to };
    y->readers = 0;
    show_progress(k, y);
    if (read_input(k, y, &p.sink) == AS_OK) return AS_OK;
    return p.failed ? AS_ERR : while_reading(k, y);
}

/* --- steps -------------------------------------------------------------------------------------
 */

static as_status stage_call(as_kitchen *k, const as_product *p, size_t i, as_call *out)
{
    const as_command *stage = &p->stage[i];
    AS_TRY(as_kitchen_enter(k, p->folder));
    AS_TRY(as_call_read(&k->session, as_op_find(stage->word[0].text), stage->n - 1, stage->word + 1,
                        out, NULL, NULL));
    out->where = stage->word[0].where;
    return AS_OK;
}

/* A copy of table t, or, of the last reader's, the table itself. */
static as_status feed_table(as_kitchen *k, as_yield *y, size_t t, bool take, as_sink *to)
{
    as_ctx *ctx = k->session.ctx;
    const as_frame frame = as_enter(ctx);
    as_table *table = y->tables->t[t];
    if (take) {
        as_own(ctx, table);
        y->tables->t[t] = NULL;
    } else {
        table = as_table_copy(ctx, table);
    }
    const as_status status = table ? as_emit(to, ctx, table) : AS_ERR;
    as_leave(ctx, frame);
    return status;
}

static as_status feed_yield(as_kitchen *k, as_yield *y, as_sink *to)
{
    const bool take = y->readers == 1;
    if (y->readers) y->readers--;
    if (take) { /* whoever comes after all has it made again */
        y->state = AS_R_OPEN;
        y->shape = NULL;
    }
    for (size_t t = 0; t < y->tables->n; t++) AS_TRY(feed_table(k, y, t, take, to));
    return AS_OK;
}

static as_status feed_all(as_kitchen *k, const as_product *p, as_sink *to)
{
    as_numbering number;
    as_numbering_init(&number, to);
    for (size_t i = 0; i < p->n_from; i++) {
        as_yield *y = as_yield_find(k, p->from[i].name);
        if (goes_through(k, y)) {
            AS_TRY(pass_input(k, y, &number.sink));
            continue;
        }
        AS_TRY(as_yield_get(k, p->from[i].name, &y));
        AS_TRY(feed_yield(k, y, &number.sink));
    }
    return AS_OK;
}

as_status as_product_run(as_kitchen *k, const as_product *p, size_t n_stages, as_sink *to)
{
    as_session *s = &k->session;
    as_call *calls = AS_NEW_N(s->arena, as_call, n_stages);
    as_pipeline *pipe;
    if (!calls) return AS_ERR;
    for (size_t i = 0; i < p->n_from; i++) { /* before our own stages: they may use the folder */
        as_yield *y = as_yield_find(k, p->from[i].name);
        if (!goes_through(k, y)) AS_TRY(as_yield_get(k, p->from[i].name, &y));
    }
    for (size_t i = 0; i < n_stages; i++) AS_TRY(stage_call(k, p, i, &calls[i]));
    AS_TRY(as_pipeline_new(s, n_stages, calls, to, &pipe));
    AS_TRY(feed_all(k, p, as_pipeline_in(pipe)));
    return as_pipeline_finish(pipe);
}

/* Are the tables of a yield, which others still read, just what the product would get as copies? */
static bool can_lend(const as_yield *y)
{
    for (size_t t = 0; t < y->tables->n; t++)
        if (y->tables->t[t]->number != t) return false;
    return y->readers > 1;
}

as_status as_product_look(as_kitchen *k, const as_product *p, size_t n_stages, as_gather **out,
                          bool *lent)
{
    as_yield *y = p->n_from == 1 ? as_yield_find(k, p->from[0].name) : NULL;
    *lent = false;
    if (y && n_stages == 0 && !goes_through(k, y)) {
        AS_TRY(as_yield_get(k, y->name, &y));
        *lent = can_lend(y);
    }
    if (!*lent) {
        AS_TRY(as_gather_new(&k->session, out));
        return as_product_run(k, p, n_stages, &(*out)->sink);
    }
    y->readers--;
    *out = y->tables;
    return AS_OK;
}

static const char *given_file(const as_kitchen *k, const char *name)
{
    for (size_t i = 0; i < k->given.n; i++)
        if (strcmp(k->given.v[i].name, name) == 0) return k->given.v[i].value;
    return NULL;
}

/* --- keys ------------------------------------------------------------------------------------- */

static as_status yield_key(as_kitchen *k, const char *name, const char **out);

/* A file or table that an option of a figure names; NULL: another option. */
static const as_param *file_option(const as_param *all, const char *word, const char **value)
{
    const char *equals = strchr(word, '=');
    const size_t n = strncmp(word, "--", 2) != 0 ? 0 : equals ? (size_t)(equals - word - 2) : strlen(word) - 2;
    *value = equals ? equals + 1 : NULL;
    for (const as_param *p = all; n && p->name; p++)
        if ((p->type == AS_P_FILE || p->type == AS_P_TABLES) && strlen(p->name) == n &&
            strncmp(p->name, word + 2, n) == 0)
            return p;
    return NULL;
}

/* The hashes of what the options of a figure name. */
static as_status figure_files(as_kitchen *k, const as_product *p, const as_command *stage,
                              const char **hashes)
{
    as_session *s = &k->session;
    const as_param *all = as_all_figure_options(s->arena), *param;
    if (!all) return AS_ERR;
    AS_TRY(as_kitchen_enter(k, p->folder));
    s->loaded = NULL;
    for (size_t i = 1; i < stage->n; i++) {
        as_word word = stage->word[i];
        const as_input *in;
        as_tables tables;
        if (!(param = file_option(all, word.text, &word.text))) continue;
        if (!word.text && ++i < stage->n) word = stage->word[i];
        if (!word.text) continue;
        if (param->type == AS_P_FILE) AS_TRY(s->loader.file(&s->loader, s->ctx, &word, &in));
        else AS_TRY(s->loader.tables(&s->loader, s->ctx, &word, &tables));
    }
    if (s->loaded) *hashes = s->loaded;
    return AS_OK;
}

/* The text of a stage: all its options where they are known before the data are. */
as_status as_product_stage_text(as_kitchen *k, const as_product *p, size_t i, const char **text,
                                const char **hashes)
{
    const as_command *stage = &p->stage[i];
    as_call call;
    *hashes = "";
    if (as_op_find(stage->word[0].text)) {
        AS_TRY(stage_call(k, p, i, &call));
        *text = as_format(k->session.arena, "%s %s", call.op->name, call.text);
        if (call.sha256) *hashes = call.sha256;
        return *text ? AS_OK : AS_ERR;
    }
    AS_TRY(figure_files(k, p, stage, hashes));
    *text = "";
    for (size_t w = 0; w < stage->n && *text; w++)
        *text = as_format(k->session.arena, "%s %s", *text,
                          as_shell_word(k->session.arena, stage->word[w].text));
    return *text ? AS_OK : AS_ERR;
}

as_status as_product_key(as_kitchen *k, const as_product *p, const char *extra,
                         char key[AS_SHA256_TEXT])
{
    const size_t n = p->n_from + 2 * p->n_stages + 3;
    const char **texts = AS_NEW_N(k->session.arena, const char *, n);
    size_t at = 0;
    if (!texts) return AS_ERR;
    for (size_t i = 0; i < p->n_from; i++) AS_TRY(yield_key(k, p->from[i].name, &texts[at++]));
    for (size_t i = 0; i < p->n_stages; i++, at += 2)
        AS_TRY(as_product_stage_text(k, p, i, &texts[at], &texts[at + 1]));
    texts[at++] = p->size;
    texts[at++] = extra;
    return as_cache_key(&k->session, k->cache, at, texts, key);
}

/* An input's key is the hash of what was read: companion files and members are in it, whatever
 * a format opens. A step's follows from its sources' without running it. */
static as_status yield_key(as_kitchen *k, const char *name, const char **out)
{
    as_yield *y = as_yield_find(k, name);
    *out = y->key;
    if (*y->key) return AS_OK;
    if (y->step && !given_file(k, name)) return as_product_key(k, y->step, NULL, y->key);
    if (y->input && !given_file(k, name)) {
        as_word *files;
        size_t n;
        AS_TRY(stream_files(k, y, &n, &files));
        if (files) return stream_key(k, y, n, files);
    }
    AS_TRY(as_yield_get(k, name, &y));
    return as_tables_hash(&k->session, y->tables->n, y->tables->t, y->key);
}

/* --- getting ------------------------------------------------------------------------------------
 */

/* Into the cache on the way. */
typedef struct keeper {
    as_sink sink, *to;
    as_cache_entry *entry;
} keeper;

static as_status put_kept(as_sink *self, as_ctx *ctx, as_table *t)
{
    keeper *k = (keeper *)(void *)self;
    as_cache_add(k->entry, t);
    return as_emit(k->to, ctx, t);
}

static as_status run_and_keep(as_kitchen *k, as_yield *y, const char *key)
{
    as_session *s = &k->session;
    const size_t before = s->numeric_failures;
    keeper kept = { .sink = { put_kept }, .to = &y->tables->sink };
    as_cache_begin(s, k->cache, key, &kept.entry);
    const as_status status = as_product_run(k, y->step, y->step->n_stages, &kept.sink);
    if (status == AS_OK && are_as_keyed(k))
        as_cache_end(kept.entry, s->numeric_failures - before);
    else
        as_cache_abandon(kept.entry);
    return status;
}

static as_status run_step(as_kitchen *k, as_yield *y)
{
    as_session *s = &k->session;
    size_t failures = 0;
    bool found = false;
    const char *key = "";
    if (k->cache) {
        AS_TRY(yield_key(k, y->name, &key));
        y->tables->rowless = y->rowless;
        as_cache_get(s, k->cache, key, &y->tables->sink, &failures, &found);
    }
    if (found) {
        s->numeric_failures += failures;
        k->kept++;
        return AS_OK;
    }
    AS_TRY(as_gather_new(s, &y->tables)); /* what a broken entry left is not used */
    y->tables->rowless = y->rowless;
    k->made++;
    return k->cache ? run_and_keep(k, y, key)
                    : as_product_run(k, y->step, y->step->n_stages, &y->tables->sink);
}

bool as_yield_is_given(const as_kitchen *k, const char *name)
{
    return given_file(k, name) != NULL;
}

static as_status make(as_kitchen *k, as_yield *y)
{
    const char *given = given_file(k, y->name);
    AS_TRY(as_gather_new(&k->session, &y->tables));
    if (given) {
        const as_word file = { .text = given };
        k->session.folder = NULL;
        return as_feed(&k->session, 1, &file, &y->tables->sink);
    }
    if (y->input) {
        return read_input(k, y, &y->tables->sink) == AS_OK ? AS_OK : while_reading(k, y);
    }
    if (run_step(k, y) == AS_OK) return AS_OK;
    return as_while(k->session.ctx, "running the step '%s' (%s:%u)", y->name, y->step->where.file,
                    y->step->where.line);
}

as_status as_yield_get(as_kitchen *k, const char *name, as_yield **out)
{
    as_yield *y = *out = as_yield_find(k, name);
    if (y->state == AS_R_DONE) return AS_OK;
    if (y->state == AS_R_FAILED)
        return as_fail(k->session.ctx, AS_E_MISSING, NULL, "'%s' is not there: it failed before",
                       name);
    y->state = AS_R_FAILED;
    show_progress(k, y);
    AS_TRY(make(k, y));
    y->state = AS_R_DONE;
    return AS_OK;
}
