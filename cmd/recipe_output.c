/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures and tables of a recipe into files: whole or not at all, and untouched when nothing
 * in them changed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exporter.h"
#include "figure_options.h"
#include "help.h"
#include "recipe_run.h"
#include "render.h"
#include "stream.h"

static as_status io_error(as_kitchen *k, const char *path)
{
    const as_where at = { .file = path };
    return as_fail(k->session.ctx, AS_E_IO, &at, "cannot be written: %s", strerror(errno));
}

/* mkdir -p of all folders in `path`. */
static as_status make_folders(as_kitchen *k, const char *path)
{
    char *copy = as_strdup(k->session.arena, path);
    if (!copy) return AS_ERR;
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) return io_error(k, copy);
        *slash = '/';
    }
    return AS_OK;
}

as_status as_outfile_open(as_kitchen *k, const char *name, as_partial *out)
{
    as_arena *a = k->session.arena;
    const char *path = as_format(a, "%s%s", k->out, name);
    if (!path) return AS_ERR;
    AS_TRY(make_folders(k, path));
    return as_partial_open(a, path, out) ? AS_OK : io_error(k, path);
}

static bool same_content(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    bool same = x && y;
    while (same) {
        char p[4096], q[4096];
        const size_t n = fread(p, 1, sizeof p, x), m = fread(q, 1, sizeof q, y);
        same = n == m && memcmp(p, q, n) == 0;
        if (n == 0) break;
    }
    if (x) fclose(x);
    if (y) fclose(y);
    return same;
}

as_status as_outfile_close(as_kitchen *k, as_partial *f)
{
    if (!as_partial_close(f)) return io_error(k, f->path);
    if (f->name && same_content(f->name, f->path)) {
        k->unchanged++;
        as_partial_abandon(f);
        return AS_OK;
    }
    k->written++;
    return as_partial_commit(f) ? AS_OK : io_error(k, f->path);
}

as_status as_outputs_of(as_kitchen *k, const as_product *p, as_outputs *out)
{
    *out = (as_outputs){ p->name, p->n_formats, p->formats, NULL };
    if (!k->cache) return AS_OK;
    out->key = AS_NEW_N(k->session.arena, as_key_text, p->n_formats);
    if (!out->key) return AS_ERR;
    for (size_t i = 0; i < p->n_formats; i++)
        AS_TRY(as_product_key(k, p, p->formats[i], out->key[i].hex));
    return AS_OK;
}

static const char *output_path(as_kitchen *k, const as_outputs *o, size_t i)
{
    return as_format(k->session.arena, "%s%s.%s", k->out, o->name, o->formats[i]);
}

as_status as_outputs_current(as_kitchen *k, const as_outputs *o, bool *current)
{
    *current = o->key != NULL;
    for (size_t i = 0; i < o->n && *current; i++) {
        const char *path = output_path(k, o, i);
        if (!path) return AS_ERR;
        *current = as_cache_is_current(&k->session, k->cache, o->key[i].hex, path);
    }
    if (*current) k->unchanged += o->n;
    return AS_OK;
}

as_status as_outputs_note(as_kitchen *k, const as_outputs *o)
{
    for (size_t i = 0; o->key && !k->session.numeric_failures && i < o->n; i++) {
        const char *path = output_path(k, o, i);
        if (!path) return AS_ERR;
        as_cache_note(&k->session, k->cache, o->key[i].hex, path);
    }
    return AS_OK;
}

static as_status file_name(as_kitchen *k, const char *name, const char *format, const char **out)
{
    *out = as_format(k->session.arena, "%s.%s", name, format);
    return *out ? AS_OK : AS_ERR;
}

/* --- figures -------------------------------------------------------------------------------- */

/* The last stage's options, and --size from the recipe's own key. */
as_status as_drawing_read(as_kitchen *k, const as_product *p, const as_gather *all, as_panel *out)
{
    as_session *s = &k->session;
    const as_command *stage = &p->stage[p->n_stages - 1];
    const size_t n = stage->n - 1;
    as_word *words = AS_NEW_N(s->arena, as_word, n + 2);
    *out = (as_panel){ .kind = as_figure_find(stage->word[0].text), .n = all->n,
                       .tables = (const as_table *const *)all->t };
    if (!out->kind) out->kind = as_figure_for(all->n, (const as_table *const *)all->t); /* plot */
    if (!words) return AS_ERR;
    AS_TRY(as_kitchen_enter(k, p->folder));
    size_t n_words = 0;
    if (p->size) {
        words[n_words++] = (as_word){ "--size", p->where };
        words[n_words++] = (as_word){ p->size, p->where };
    }
    memcpy(words + n_words, stage->word + 1, n * sizeof *words);
    return as_figure_options(s, n_words + n, words, out);
}

as_status as_draw_product(as_kitchen *k, const as_product *p, const as_gather *all, as_drawing *out)
{
    as_session *s = &k->session;
    as_panel *d = &out->panel;
    AS_TRY(as_drawing_read(k, p, all, d));
    out->text = as_settings_text(s->arena, d->kind->params, d->settings);
    if (!out->text) return AS_ERR;
    return as_panel_draw(s, d, &out->canvas, &out->page);
}

as_status as_canvas_outputs(as_kitchen *k, const as_outputs *o, const as_canvas *canvas,
                            const as_page *page)
{
    for (size_t i = 0; i < o->n; i++) {
        as_partial f;
        const char *name;
        AS_TRY(file_name(k, o->name, o->formats[i], &name));
        AS_TRY(as_outfile_open(k, name, &f));
        if (as_canvas_write(k->session.ctx, canvas, page, o->formats[i], f.to) != AS_OK) {
            as_partial_abandon(&f);
            return as_while(k->session.ctx, "writing %s", f.path);
        }
        AS_TRY(as_outfile_close(k, &f));
    }
    return AS_OK;
}

static as_status write_figure(as_kitchen *k, const as_product *p, const as_outputs *o,
                              const as_gather *all)
{
    as_drawing d;
    AS_TRY(as_draw_product(k, p, all, &d));
    return as_canvas_outputs(k, o, d.canvas, &d.page);
}

static as_status make_figure(as_kitchen *k, const as_product *p)
{
    as_gather *all = NULL;
    as_outputs o;
    bool current, lent;
    AS_TRY(as_outputs_of(k, p, &o));
    AS_TRY(as_outputs_current(k, &o, &current));
    if (current) return AS_OK;
    as_status status = as_product_look(k, p, p->n_stages - 1, &all, &lent);
    if (status == AS_OK) status = write_figure(k, p, &o, all);
    if (all && !lent) as_drop_held(all->holder);
    return status == AS_OK ? as_outputs_note(k, &o) : status;
}

as_status as_make_figure(as_kitchen *k, const as_product *p)
{
    const as_frame frame = as_enter(k->session.ctx);
    const as_status status = make_figure(k, p);
    as_leave(k->session.ctx, frame);
    if (status == AS_OK) return AS_OK;
    return as_while(k->session.ctx, "making the figure '%s' (%s:%u)", p->name, p->where.file,
                    p->where.line);
}

/* --- tables ------------------------------------------------------------------------------------
 */

static as_status write_stream(as_session *s, FILE *to, size_t n, as_table *const *tables)
{
    as_writer *w = as_writer_open(s->ctx, to, n ? tables[0]->kind : AS_KIND_RESULTS);
    if (!w) return AS_ERR;
    for (size_t i = 0; i < n; i++) AS_TRY(as_writer_put(w, tables[i]));
    return as_writer_close(w);
}

as_status as_tables_text(as_session *s, as_arena *a, size_t n, as_table *const *tables,
                         const char **text, size_t *size)
{
    char *made = NULL;
    FILE *f = open_memstream(&made, size);
    const as_frame frame = as_enter(s->ctx);
    as_status status = f ? write_stream(s, f, n, tables)
                         : as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a table");
    as_leave(s->ctx, frame);
    if (f && fclose(f) != 0 && status == AS_OK)
        status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a table");
    if (status == AS_OK && !(*text = as_strndup(a, made, *size))) status = AS_ERR;
    free(made);
    return status;
}

static as_status read_stream(as_session *s, FILE *from, as_sink *to)
{
    as_reader *r = as_reader_open(s->ctx, from, "the table");
    as_table *t;
    as_more more = AS_FAILED;
    while (r && (more = as_reader_next(r, &t)) == AS_ITEM)
        if (as_emit(to, s->ctx, t) != AS_OK) break;
    if (r) as_reader_close(r);
    return more == AS_DONE ? AS_OK : AS_ERR;
}

/* What `assay convert --to FORMAT --units` makes of the stream. That it has no place for
 * everything needs no warning: the ecsv beside it has. */
static as_status export_stream(as_kitchen *k, const as_exporter *format, FILE *from, FILE *to)
{
    as_session *s = &k->session;
    void *settings = as_alloc(s->arena, 1, format->settings_size);
    const as_word units = { .text = "--units" };
    unsigned lost = 0;
    size_t n = 0;
    as_export *job;
    if (!settings) return AS_ERR;
    for (const as_param *p = format->params; p && p->name; p++) n += strcmp(p->name, "units") == 0;
    AS_TRY(as_settings_read(s->ctx, s->arena, format->params, n, &units, NULL, settings));
    AS_TRY(as_export_open(s->ctx, s->arena, format, settings, to, &job));
    AS_TRY(read_stream(s, from, as_export_sink(job)));
    return as_export_close(job, &lost);
}

static as_status write_export(as_kitchen *k, const char *format, FILE *to, const char *text,
                              size_t size)
{
    FILE *from = fmemopen((void *)(uintptr_t)text, size, "rb");
    if (!from) return as_fail(k->session.ctx, AS_E_NOMEM, NULL, "no memory for a table");
    const as_status status = export_stream(k, as_exporter_find(format), from, to);
    fclose(from);
    return status;
}

static as_status write_formats(as_kitchen *k, const as_product *p, const char *text, size_t size)
{
    for (size_t i = 0; i < p->n_formats; i++) {
        as_partial f;
        const char *name;
        AS_TRY(file_name(k, p->name, p->formats[i], &name));
        AS_TRY(as_outfile_open(k, name, &f));
        as_status status = AS_OK;
        if (strcmp(p->formats[i], "ecsv") == 0)
            (void)fwrite(text, 1, size, f.to); /* as_outfile_close asks ferror */
        else
            status = write_export(k, p->formats[i], f.to, text, size);
        if (status != AS_OK) {
            as_partial_abandon(&f);
            return AS_ERR;
        }
        AS_TRY(as_outfile_close(k, &f));
    }
    return AS_OK;
}

/* Every format is made from the one stream, so that they cannot differ. */
static as_status write_table(as_kitchen *k, const as_product *p, const as_gather *all)
{
    const char *text;
    size_t size;
    AS_TRY(as_tables_text(&k->session, as_scratch(k->session.ctx), all->n, all->t, &text, &size));
    return write_formats(k, p, text, size);
}

static as_status export_file(as_kitchen *k, const as_product *p, const char *format, FILE *from)
{
    as_partial f;
    const char *name;
    AS_TRY(file_name(k, p->name, format, &name));
    AS_TRY(as_outfile_open(k, name, &f));
    rewind(from);
    if (export_stream(k, as_exporter_find(format), from, f.to) != AS_OK) {
        as_partial_abandon(&f);
        return AS_ERR;
    }
    return as_outfile_close(k, &f);
}

as_status as_table_from_stream(as_kitchen *k, const as_product *p, as_partial *stream)
{
    FILE *from = stream->name && fflush(stream->to) == 0 ? fopen(stream->name, "rb") : NULL;
    if (!from) return io_error(k, stream->path);
    as_status status = AS_OK;
    bool keep = false;
    for (size_t i = 0; i < p->n_formats && status == AS_OK; i++) {
        const bool own = strcmp(p->formats[i], "ecsv") == 0;
        keep |= own;
        if (!own) status = export_file(k, p, p->formats[i], from);
    }
    fclose(from);
    if (status == AS_OK && keep) return as_outfile_close(k, stream);
    as_partial_abandon(stream);
    return status;
}

static as_status make_table(as_kitchen *k, const as_product *p)
{
    as_gather *all = NULL;
    as_outputs o;
    bool current;
    AS_TRY(as_outputs_of(k, p, &o));
    AS_TRY(as_outputs_current(k, &o, &current));
    if (current) return AS_OK;
    AS_TRY(as_gather_new(&k->session, &all));
    as_status status = as_product_run(k, p, p->n_stages, &all->sink);
    if (status == AS_OK) status = write_table(k, p, all);
    as_drop_held(all->holder);
    return status == AS_OK ? as_outputs_note(k, &o) : status;
}

as_status as_make_table(as_kitchen *k, const as_product *p)
{
    const as_frame frame = as_enter(k->session.ctx);
    const as_status status = make_table(k, p);
    as_leave(k->session.ctx, frame);
    if (status == AS_OK) return AS_OK;
    return as_while(k->session.ctx, "making the table '%s' (%s:%u)", p->name, p->where.file,
                    p->where.line);
}
