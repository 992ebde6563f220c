/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay read: instrument files in, one stream out. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "detect.h"
#include "encoding.h"
#include "help.h"
#include "pipeline.h"
#include "reading.h"

typedef as_read_settings read_settings;

const as_param as_read_params[] = {
    AS_STRING(read_settings, format, "format", "",
              "the format by name instead of by detection (see assay list --kind format)"),
    AS_STRING(read_settings, part, "part", "",
              "which part: a number or name of --list, or all; else the main data"),
    AS_STRING(
        read_settings, name, "name", "",
        "name of the series (NAME.0, NAME.1 ... when there are several) instead of the file's"),
    AS_STRING(read_settings, depfile, "depfile", "",
              "TARGET=FILE: tell make and ninja, in FILE, all the files that TARGET was read from"),
    AS_TEXTS(read_settings, option, "option", "",
             "an option of the format, as NAME=VALUE: --option sheet=2"),
    AS_BOOL(read_settings, list, "list", "no",
            "print one line per part of the file instead of its data; of several files behind their names"),
    AS_PARAMS_END
};

/* --option sheet=2 as the words --sheet 2 of the format's own table. */
static as_status option_words(as_session *s, const as_texts *given, as_word **out)
{
    *out = AS_NEW_N(s->arena, as_word, given->n + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < given->n; i++) {
        (*out)[i].text = as_format(s->arena, "--%s", given->v[i]);
        if (!(*out)[i].text) return AS_ERR;
    }
    return AS_OK;
}

/* The first or the last x that there is. */
static double first_x(const as_table *t, bool last)
{
    const as_column *x = as_find_role(t, AS_ROLE_X);
    double found = (double)NAN;
    for (size_t i = 0; x && x->type == AS_F64 && i < t->rows && isnan(found); i++)
        found = x->v.f[last ? t->rows - 1 - i : i];
    return found;
}

/* `several` files: the name of each in front. */
static as_status list_parts(as_session *s, const as_input *in, const as_read_options *how, bool several)
{
    as_collection all;
    AS_TRY(as_read_all(s->ctx, in, how, &all));
    for (size_t i = 0; i < all.n; i++) {
        const as_table *t = all.t[i];
        const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
        if (several) fprintf(s->out, "%s\t", in->name);
        fprintf(s->out, "%zu\t%s\t%s\t%zu rows", i, as_part_name(t),
                t->secondary ? "secondary" : "main", t->rows);
        if (x)
            fprintf(s->out, "\t%s %g ... %g %s", x->name, first_x(t, false), first_x(t, true),
                    x->unit.symbol);
        if (y) fprintf(s->out, "\t%s %s", y->name, y->unit.symbol);
        fputc('\n', s->out);
    }
    return AS_OK;
}

/* Names begin with the file's stem; what follows it (.0, .1 ...) stays. Of several files the
 * series are counted through. */
typedef struct renaming {
    as_sink sink, *to;
    const char *stem, *name;
    bool several;
    size_t count;
} renaming;

static as_status rename_series(renaming *r, as_table *t)
{
    const size_t n = strlen(r->stem);
    const char *rest = t->name && strncmp(t->name, r->stem, n) == 0 ? t->name + n : "";
    if (r->several && !t->label) t->label = t->name;
    t->name = r->several ? as_format(t->arena, "%s.%zu", r->name, r->count++)
                         : as_format(t->arena, "%s%s", r->name, rest);
    return t->name ? AS_OK : AS_ERR;
}

static as_status put_renamed(as_sink *self, as_ctx *ctx, as_table *t)
{
    renaming *r = (renaming *)(void *)self;
    if (r->name && rename_series(r, t) != AS_OK) {
        as_table_free(t);
        return AS_ERR;
    }
    return as_emit(r->to, ctx, t);
}

/* whole: nothing of a file that fails is emitted, of a stream neither. */
static as_status read_one(as_session *s, const read_settings *set, const as_read_options *how,
                          const char *path, bool whole, renaming *to)
{
    const as_input *in;
    if (!whole && !set->format && !set->list && as_is_stream_file(path))
        return as_feed_stream_path(s, path, to->to);
    AS_TRY(as_input_open(s->ctx, path, &in));
    if (!set->format && as_is_stream_input(in)) {
        if (!set->list) return as_feed_stream_file(s, in, to->to);
        const as_where at = { .file = in->name };
        return as_fail(s->ctx, AS_E_USAGE, &at,
                       "a stream of assay, not an instrument file: `assay info` lists its series");
    }
    if (set->list) return list_parts(s, in, how, to->several);
    to->stem = as_stem(as_scratch(s->ctx), in->name);
    if (to->stem) to->stem = as_utf8_of(as_scratch(s->ctx), to->stem);
    return to->stem ? as_read_input(s->ctx, in, how, &to->sink) : AS_ERR;
}

/* Nothing of a file that fails was emitted: it is parsed before its first series goes on. */
static as_status skip_file(as_session *s, size_t *skipped)
{
    const as_code code = as_pending(s->ctx);
    if (!skipped || code == AS_E_BUG || code == AS_E_NOMEM || code == AS_E_USAGE) return AS_ERR;
    ++*skipped;
    as_flush_error(s->ctx);
    return AS_OK;
}

as_status as_read_paths(as_session *s, const as_read_settings *set, size_t n, const as_word *files,
                        size_t *skipped, as_sink *to)
{
    as_read_options how = {
        .format = set->format, .part = set->part, .n_words = set->option.n, .loader = &s->loader
    };
    as_word *words;
    AS_TRY(option_words(s, &set->option, &words));
    how.words = words;
    as_numbering number;
    as_numbering_init(&number, to);
    renaming r = {
        .sink = { put_renamed }, .to = &number.sink, .name = set->name, .several = n > 1
    };
    for (size_t i = 0; i < n; i++) {
        const as_frame frame = as_enter(s->ctx);
        as_status status = read_one(s, set, &how, files[i].text, skipped != NULL, &r);
        if (status != AS_OK) status = skip_file(s, skipped);
        as_leave(s->ctx, frame);
        AS_TRY(status);
    }
    return AS_OK;
}

/* --- depfile ---------------------------------------------------------------------------------- */

typedef struct depfile {
    as_session *s;
    const char *paths; /* as make writes them, a blank before each */
    bool failed;
} depfile;

/* A name as make reads it. */
static const char *make_name(as_arena *a, const char *path)
{
    char *out = as_strndup(a, "", 0);
    for (const char *c = path; out && *c; c++) {
        const char *before = *c == '$' ? "$" : strchr(" #:\\", *c) ? "\\" : "";
        out = as_format(a, "%s%s%c", out, before, *c);
    }
    return out;
}

static void note_path(void *user, const char *path)
{
    depfile *d = user;
    const char *name = make_name(d->s->arena, path);
    d->paths = name ? as_format(d->s->arena, "%s %s", d->paths ? d->paths : "", name) : NULL;
    d->failed |= !d->paths;
}

static as_status depfile_check(as_session *s, const char *text)
{
    const char *equals = text ? strrchr(text, '=') : NULL;
    if (!text || (equals && equals > text && equals[1])) return AS_OK;
    return as_fail(s->ctx, AS_E_USAGE, NULL, "--depfile: '%s' is not TARGET=FILE", text);
}

static as_status depfile_write(depfile *d, const char *text)
{
    const char *equals = strrchr(text, '='), *paths = d->paths ? d->paths : "";
    const as_where at = { .file = equals + 1 };
    const char *target = as_strndup(d->s->arena, text, (size_t)(equals - text));
    target = target ? make_name(d->s->arena, target) : NULL;
    if (!target || d->failed) return as_fail(d->s->ctx, AS_E_NOMEM, NULL, "no memory for a depfile");
    FILE *to = fopen(equals + 1, "w");
    if (!to) return as_fail(d->s->ctx, AS_E_IO, &at, "cannot be written: %s", strerror(errno));
    fprintf(to, "%s:%s\n", target, paths);
    const bool good = !ferror(to);
    return fclose(to) == 0 && good ? AS_OK : as_fail(d->s->ctx, AS_E_IO, &at, "cannot be written");
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const read_settings *set = settings;
    static const as_word standard = { .text = "-" };
    as_stream_sink *end;
    size_t skipped = 0;
    depfile d = { .s = s };
    if (n == 0) AS_TRY(as_stdin_piped(s));
    if (n == 0) operands = &standard, n = 1;
    AS_TRY(depfile_check(s, set->depfile));
    if (set->depfile) as_watch_inputs(s->ctx, note_path, &d);
    AS_TRY(set->list ? as_output_open(s) : as_output_stream(s));
    AS_TRY(as_stream_sink_new(s, s->out, &end));
    AS_TRY(as_read_paths(s, set, n, operands, set->list && n > 1 ? &skipped : NULL, as_stream_sink_in(end)));
    if (skipped) *answer = 3;
    if (!set->list) AS_TRY(as_stream_sink_close(end));
    if (set->depfile) AS_TRY(depfile_write(&d, set->depfile));
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "a diffractogram as a stream", "assay read tests/corpus/xrd/small.xy | head -20" },
    { "what is in a file", "assay read --list tests/corpus/xrd/small.xy" },
    { 0 }
};
static const char *const see_also[] = { "identify", "check", "info", "convert", NULL };

const as_verb as_verb_read = {
    .name = "read",
    .group = "files",
    .operands = "[FILE...]",
    .settings_size = sizeof(read_settings),
    .params = as_read_params,
    .run = run,
    .doc = { .summary = "read instrument files and print them as one stream",
             .description = "The format is recognised from the file's content. Nothing is printed "
                            "before a file is read "
                            "completely, so a damaged file gives a message and no data.\n\n"
                            "Each scan, spectrum, isotherm or range becomes one series. Parts that "
                            "do not belong to the main "
                            "data (a temperature log beside spectra) are listed by `--list` and "
                            "reached by `--part`.\n\n"
                            "gzip, bzip2, xz and zstd are unwrapped; the members of a zip or tar "
                            "are read one by one.",
             .examples = examples,
             .see_also = see_also },
};
