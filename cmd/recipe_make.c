/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a recipe: everything it names, once, or once for each file of an input. */
#include <string.h>

#include "messages.h"
#include "recipe_run.h"
#include "stream.h"

/* With --keep-going an error costs what depends on it and nothing else. */
static as_status survive(as_kitchen *k, as_tally *t, as_status status)
{
    if (status == AS_OK) return AS_OK;
    const as_code code = as_pending(k->session.ctx);
    if (!k->session.keep_going || code == AS_E_BUG || code == AS_E_NOMEM) return AS_ERR;
    if (t->failed++ == 0) t->code = code;
    as_flush_error(k->session.ctx);
    return AS_OK;
}

/* Itself, or on a page that is. */
static bool figure_chosen(const as_recipe *r, const as_texts *only, const char *figure)
{
    bool yes = as_chosen(only, figure);
    for (size_t i = 0; i < r->n_pages; i++)
        for (size_t k = 0; k < r->page[i].n_panels && !yes; k++)
            yes = strcmp(r->page[i].panel[k].name, figure) == 0 && as_chosen(only, r->page[i].name);
    return yes;
}

/* Before any operation runs. */
static as_status check_flow(as_kitchen *k, const as_texts *only)
{
    const as_recipe *r = k->r;
    as_yield *y;
    for (size_t i = 0; i < r->n_figures; i++)
        if (figure_chosen(r, only, r->figure[i].name)) AS_TRY(as_product_flow(k, &r->figure[i]));
    for (size_t i = 0; i < r->n_tables; i++)
        if (as_chosen(only, r->table[i].name)) AS_TRY(as_product_flow(k, &r->table[i]));
    for (size_t i = 0; as_chosen(only, "claims") && i < r->n_claims; i++)
        for (size_t f = 0; f < r->claim[i].n_from; f++)
            AS_TRY(as_yield_shapes(k, r->claim[i].from[f].name, &y));
    return AS_OK;
}

static FILE *answers(const as_order *order)
{
    return order->answers ? order->answers : stdout;
}

static as_status make_all(as_kitchen *k, const as_order *order, as_tally *t)
{
    const as_recipe *r = k->r;
    const as_texts *only = order->only;
    if (!k->session.keep_going) AS_TRY(check_flow(k, only));
    for (size_t i = 0; i < r->n_figures; i++)
        if (as_chosen(only, r->figure[i].name))
            AS_TRY(survive(k, t, as_make_figure(k, &r->figure[i])));
    for (size_t i = 0; i < r->n_pages; i++)
        if (as_chosen(only, r->page[i].name)) AS_TRY(survive(k, t, as_make_page(k, &r->page[i])));
    for (size_t i = 0; i < r->n_tables; i++)
        if (as_chosen(only, r->table[i].name)) AS_TRY(survive(k, t, as_make_table(k, &r->table[i])));
    if (!as_chosen(only, "claims")) return AS_OK;
    size_t failed = 0;
    as_messages_progress(k->session.messages, k->session.messages, NULL);
    AS_TRY(as_answer_claims(k, answers(order), &t->surprises, &failed));
    if (failed && t->failed == 0) t->code = AS_E_MISSING;
    t->failed += failed;
    t->claims += r->n_claims;
    return AS_OK;
}

static void count(as_session *s, const as_kitchen *k, as_tally *t)
{
    s->numeric_failures += k->session.numeric_failures;
    s->shown |= k->session.shown;
    t->written += k->written;
    t->unchanged += k->unchanged;
    t->made += k->made;
    t->kept += k->kept;
    if (k->skipped && t->failed == 0) t->code = AS_E_SYNTAX;
    t->failed += k->skipped;
}

/* --- once for each file ---------------------------------------------------------------------- */

/* A table of the recipe while the files go by: their series in one stream, named after the files.
 */
typedef struct collector {
    as_sink sink;
    const as_product *product;
    as_partial file;
    as_writer *writer;
    const char *stem, *input; /* of the file that is being made; the series' name in the recipe */
    uint32_t count;           /* series so far */
    bool failed;
} collector;

/* Results that were read from a stream say the series' name in every row. */
static as_status rename_rows(const collector *c, as_table *t)
{
    as_column *name = t->kind == AS_KIND_RESULTS ? as_find_name(t, "name") : NULL;
    const size_t n = strlen(c->input);
    for (size_t i = 0; name && name->type == AS_TEXT && i < t->rows; i++) {
        if (!name->v.s[i] || strncmp(name->v.s[i], c->input, n) != 0) continue;
        name->v.s[i] = as_format(t->arena, "%s%s", c->stem, name->v.s[i] + n);
        if (!name->v.s[i]) return AS_ERR;
    }
    return AS_OK;
}

static as_status put_collected(as_sink *self, as_ctx *ctx, as_table *t)
{
    collector *c = (collector *)(void *)self;
    const size_t n = strlen(c->input);
    const bool own = t->name && strncmp(t->name, c->input, n) == 0;
    if (own) t->name = as_format(t->arena, "%s%s", c->stem, t->name + n);
    if (rename_rows(c, t) != AS_OK) return as_table_free(t), AS_ERR;
    if (!c->writer) c->writer = as_writer_open(ctx, c->file.to, t->kind);
    t->number = c->count++;
    as_status status = c->writer && t->name ? as_writer_put(c->writer, t) : AS_ERR;
    c->failed |= status != AS_OK;
    as_table_free(t);
    return status;
}

static as_status open_collectors(as_kitchen *k, const as_recipe_input *each, const as_texts *only,
                                 size_t *n, collector **out)
{
    *n = 0;
    collector *all = *out = AS_NEW_N(k->session.arena, collector, k->r->n_tables);
    if (!all) return AS_ERR;
    for (size_t i = 0; i < k->r->n_tables; i++) {
        if (!as_chosen(only, k->r->table[i].name)) continue;
        collector *c = &all[(*n)++];
        *c = (collector){ .sink = { put_collected },
                          .product = &k->r->table[i],
                          .input = each->name };
        const char *name = as_format(k->session.arena, "%s.ecsv", c->product->name);
        if (!name) return AS_ERR;
        AS_TRY(as_outfile_open(k, name, &c->file));
    }
    return AS_OK;
}

static void abandon_collectors(size_t n, collector *all)
{
    for (size_t i = 0; i < n; i++)
        as_partial_abandon(&all[i].file);
}

static as_status close_collector(as_kitchen *k, collector *c)
{
    if (!c->writer) c->writer = as_writer_open(k->session.ctx, c->file.to, AS_KIND_RESULTS);
    if (!c->writer || c->failed) return AS_ERR;
    AS_TRY(as_writer_close(c->writer));
    return as_table_from_stream(k, c->product, &c->file);
}

as_status as_recipe_bind(as_session *s, const as_recipe *r, size_t each, const char *file,
                         const char *stem, as_recipe *out)
{
    as_recipe_input *input = AS_NEW_N(s->arena, as_recipe_input, r->n_inputs);
    if (!input) return AS_ERR;
    memcpy(input, r->input, r->n_inputs * sizeof *input);
    *out = *r;
    out->input = input;
    out->input[each].file = file;
    if (!out->input[each].label) out->input[each].label = stem;
    return AS_OK;
}

static as_status make_figures_and_claims(as_kitchen *k, const char *stem, const as_order *order,
                                         as_tally *t)
{
    const as_recipe *r = k->r;
    const as_texts *only = order->only;
    size_t failed = 0;
    for (size_t i = 0; i < r->n_figures; i++)
        if (as_chosen(only, r->figure[i].name)) AS_TRY(as_make_figure(k, &r->figure[i]));
    for (size_t i = 0; i < r->n_pages; i++)
        if (as_chosen(only, r->page[i].name)) AS_TRY(as_make_page(k, &r->page[i]));
    if (!as_chosen(only, "claims") || r->n_claims == 0) return AS_OK;
    fprintf(answers(order), "== %s\n", stem);
    AS_TRY(as_answer_claims(k, answers(order), &t->surprises, &failed));
    if (failed && t->failed == 0) t->code = AS_E_MISSING;
    t->failed += failed;
    t->claims += r->n_claims;
    return AS_OK;
}

/* A table of one file as a stream, for --collect. */
static as_status make_part(as_kitchen *k, const as_product *table, const char *parts,
                           const char *stem)
{
    static const char *const stream[] = { "ecsv" };
    const char *out = k->out;
    as_product p = *table;
    p.formats = AS_NEW_N(k->session.arena, const char *, 1);
    k->out = as_format(k->session.arena, "%s%s/", parts, stem);
    if (!p.formats || !k->out) return AS_ERR;
    p.formats[0] = stream[0];
    p.n_formats = 1;
    const as_status status = as_make_table(k, &p);
    k->out = out;
    return status;
}

static as_status make_file(as_kitchen *whole, const as_recipe *r, const char *out, const char *stem,
                           const as_order *order, size_t n, collector *tables, as_tally *t,
                           as_session *s)
{
    as_kitchen *k;
    AS_TRY(as_kitchen_new(s, r, out, order->cache, &k));
    as_kitchen_count_readers(k, order->only);
    as_status status = make_figures_and_claims(k, stem, order, t);
    for (size_t i = 0; order->each && i < r->n_tables && status == AS_OK; i++)
        if (as_chosen(order->only, r->table[i].name))
            status = order->parts ? make_part(k, &r->table[i], order->parts, stem)
                                  : as_make_table(k, &r->table[i]);
    for (size_t i = 0; i < n && status == AS_OK; i++) {
        tables[i].stem = stem;
        if (!tables[i].failed)
            status =
                as_product_run(k, tables[i].product, tables[i].product->n_stages, &tables[i].sink);
    }
    count(whole->outer, k, t);
    return status;
}

/* Everything about one file lives in an arena of its own. */
static as_status make_one(as_kitchen *whole, size_t each, const char *file, const as_order *order,
                          size_t n, collector *tables, as_tally *t)
{
    as_session s = *whole->outer;
    as_recipe r;
    s.arena = as_arena_new(s.ctx, as_ctx_limit_of(s.ctx));
    if (!s.arena) return AS_ERR;
    const char *stem = as_stem(s.arena, file);
    const char *out = stem ? as_format(s.arena, "%s%s/", whole->out, stem) : NULL;
    as_status status = out ? as_recipe_bind(&s, whole->r, each, file, stem, &r) : AS_ERR;
    const as_frame frame = as_enter(s.ctx);
    if (status == AS_OK) status = make_file(whole, &r, out, stem, order, n, tables, t, &s);
    as_leave(s.ctx, frame);
    as_arena_free(s.arena);
    return status == AS_OK
               ? AS_OK
               : as_while(whole->session.ctx, "making '%s' of %s", whole->r->slug, file);
}

/* The tables of one file from the parts that --each left. */
static as_status collect_one(as_kitchen *whole, const char *file, const char *parts, size_t n,
                             collector *tables)
{
    as_session s = *whole->outer;
    as_status status = AS_OK;
    s.arena = as_arena_new(s.ctx, as_ctx_limit_of(s.ctx));
    if (!s.arena) return AS_ERR;
    const char *stem = as_stem(s.arena, file);
    const as_frame frame = as_enter(s.ctx);
    for (size_t i = 0; i < n && status == AS_OK; i++) {
        const as_word part = { .text = as_format(s.arena, "%s%s/%s.ecsv", parts, stem ? stem : "",
                                                 tables[i].product->name) };
        tables[i].stem = stem;
        status = stem && part.text ? as_feed(&s, 1, &part, &tables[i].sink) : AS_ERR;
    }
    as_leave(s.ctx, frame);
    as_arena_free(s.arena);
    return status == AS_OK ? AS_OK
                           : as_while(whole->session.ctx, "collecting the tables of %s", file);
}

/* Which of the files --each means; n: there is none of this name. */
static as_status find_each(as_kitchen *k, const char *name, size_t n, const as_word *files,
                           size_t *at)
{
    const char **stems = AS_NEW_N(k->session.arena, const char *, n);
    if (!stems) return AS_ERR;
    for (*at = 0; *at < n; ++*at) {
        stems[*at] = as_stem(k->session.arena, files[*at].text);
        if (!stems[*at]) return AS_ERR;
        if (strcmp(stems[*at], name) == 0) return AS_OK;
    }
    const char *near = as_near_miss(name, n, stems);
    return as_fail(k->session.ctx, AS_E_USAGE, NULL, "--each: there is no file '%s'%s%s%s", name,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static as_status check_stems(as_kitchen *k, size_t n, const as_word *files)
{
    const char *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *stem = as_stem(k->session.arena, files[i].text);
        if (!stem) return AS_ERR;
        if (last && strcmp(last, stem) == 0)
            return as_fail(k->session.ctx, AS_E_USAGE, NULL,
                           "%s and the file before it would both write to the folder '%s'",
                           files[i].text, stem);
        last = stem;
    }
    return AS_OK;
}

static as_status make_files(as_kitchen *k, size_t each, const as_order *order, size_t n_tables,
                            collector *tables, as_tally *t)
{
    size_t n;
    as_word *files;
    AS_TRY(as_recipe_files(k->session.ctx, k->session.arena, &k->r->input[each], &n, &files));
    AS_TRY(check_stems(k, n, files));
    if (order->each) {
        size_t at;
        AS_TRY(find_each(k, order->each, n, files, &at));
        return make_one(k, each, files[at].text, order, 0, NULL, t);
    }
    for (size_t i = 0; i < n; i++)
        AS_TRY(survive(k, t,
                       order->collect
                           ? collect_one(k, files[i].text, order->collect, n_tables, tables)
                           : make_one(k, each, files[i].text, order, n_tables, tables, t)));
    for (size_t i = 0; i < n_tables; i++) AS_TRY(close_collector(k, &tables[i]));
    return AS_OK;
}

static as_status make_each(as_kitchen *k, size_t each, const as_order *order, as_tally *t)
{
    size_t n = 0;
    collector *tables = NULL;
    as_status status =
        order->each ? AS_OK : open_collectors(k, &k->r->input[each], order->only, &n, &tables);
    if (status == AS_OK) status = make_files(k, each, order, n, tables, t);
    if (status != AS_OK && tables) abandon_collectors(n, tables);
    return status;
}

size_t as_recipe_each(const as_recipe *r)
{
    size_t each = 0;
    while (each < r->n_inputs && !r->input[each].each) each++;
    return each;
}

as_status as_recipe_flow(as_session *s, const as_recipe *r)
{
    static const as_texts all = { 0 };
    const size_t each = as_recipe_each(r);
    as_recipe first = *r;
    as_kitchen *k;
    if (each < r->n_inputs) {
        size_t n;
        as_word *files;
        AS_TRY(as_recipe_files(s->ctx, s->arena, &r->input[each], &n, &files));
        AS_TRY(as_recipe_bind(s, r, each, files[0].text, as_stem(s->arena, files[0].text), &first));
    }
    as_recipe *kept = AS_NEW(s->arena, as_recipe);
    if (!kept) return AS_ERR;
    *kept = first;
    AS_TRY(as_kitchen_new(s, kept, "", NULL, &k));
    return check_flow(k, &all);
}

as_status as_recipe_make(as_session *s, const as_recipe *r, const char *out, const as_order *order,
                         as_tally *t)
{
    as_kitchen *k;
    const size_t each = as_recipe_each(r);
    AS_TRY(as_kitchen_new(s, r, out, order->cache, &k));
    k->given = order->given;
    as_kitchen_count_readers(k, order->only);
    if (each == r->n_inputs && (order->each || order->collect))
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--%s: no input of %s has 'each'",
                       order->each ? "each" : "collect", r->file);
    const as_status status =
        each < r->n_inputs ? make_each(k, each, order, t) : make_all(k, order, t);
    count(s, k, t);
    return status;
}
