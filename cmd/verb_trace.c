/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay trace: where a figure, a stream or what lies in an archive came from. */
#include <string.h>
#include <unistd.h>

#include "record.h"
#include "verb.h"

typedef struct {
    bool json;
} trace_settings;

static const as_param params[] = { AS_BOOL(
                                       trace_settings, json, "json", "no",
                                       "one JSON document: a list of {file, sha256, kind, record}"),
                                   AS_PARAMS_END };

/* --- for people ------------------------------------------------------------------------------- */

static void line(FILE *to, const char *name, const char *text)
{
    if (text) fprintf(to, "  %-10s %s\n", name, text);
}

enum { DEPTH_MAX = 4 }; /* of series that series were made from; --json shows all */

/* What the steps of a series took, the last that says so; NULL: nothing. */
static const json_t *inputs_of(const json_t *series)
{
    const json_t *steps = json_object_get(series, "steps");
    for (size_t i = json_array_size(steps); i-- > 0;) {
        const json_t *inputs = json_object_get(json_array_get(steps, i), "inputs");
        if (inputs) return inputs;
    }
    return NULL;
}

static void show_inputs(FILE *to, const json_t *inputs, int depth);

/* What a step took besides: of which files, by how many steps, and what those took. */
static void show_origins(FILE *to, const char *what, const json_t *list, int depth)
{
    size_t i;
    json_t *one;
    const json_t *shown = NULL;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
    {
        const json_int_t n = json_integer_value(json_object_get(one, "n"));
        const char *last = as_json_get(one, "to", NULL), *sha = as_json_get(one, "sha256", NULL);
        const json_int_t by = json_integer_value(json_object_get(one, "by"));
        fprintf(to, "%*s%s %s", 4 + 2 * depth, "", what, as_json_get(one, "name", "?"));
        if (n > 1 && last) fprintf(to, " to %s", last);
        if (n > 1 && by > 1) fprintf(to, " by %d", (int)by);
        fprintf(to, " of %s", as_json_get(one, "source", "no file"));
        if (sha) fprintf(to, ", sha256 %s", sha);
        const size_t steps = json_array_size(json_object_get(one, "steps"));
        fprintf(to, ", %zu step%s\n", steps, steps == 1 ? "" : "s");
        const json_t *inputs = inputs_of(one);
        if (inputs && inputs != shown && depth < DEPTH_MAX) show_inputs(to, inputs, depth + 1);
        shown = inputs;
    }
}

static void show_inputs(FILE *to, const json_t *inputs, int depth)
{
    const char *name;
    json_t *list;
    show_origins(to, "took", json_object_get(inputs, "series"), depth);
    json_object_foreach((json_t *)(uintptr_t)json_object_get(inputs, "tables"), name, list)
    {
        fprintf(to, "%*swith '%s':\n", 4 + 2 * depth, "", name);
        show_origins(to, "  ", list, depth);
    }
}

static void show_step(FILE *to, const json_t *step)
{
    fprintf(to, "  %s %s", "|", as_json_get(step, "op", "?"));
    const char *settings = as_json_get(step, "settings", "");
    fprintf(to, "%s%s    (%s)\n", *settings ? " " : "", settings,
            as_json_get(step, "version", "version unknown"));
    const char *sha = as_json_get(step, "sha256", NULL);
    if (sha) fprintf(to, "      with what it names, sha256 %s\n", sha);
    show_inputs(to, json_object_get(step, "inputs"), 1);
}

/* Made from the same file by the same steps. */
static bool alike(const json_t *a, const json_t *b)
{
    static const char *const keys[] = { "source", "sha256", "format", "steps" };
    bool same = a && b;
    for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++) {
        const json_t *x = json_object_get(a, keys[i]), *y = json_object_get(b, keys[i]);
        same = x == y || (x && y && json_equal(x, y));
    }
    return same;
}

static void show_making(FILE *to, const json_t *series)
{
    size_t i;
    const json_t *item;
    line(to, "source", as_json_get(series, "source", "not recorded"));
    line(to, "format", as_json_get(series, "format", NULL));
    line(to, "sha256", as_json_get(series, "sha256", NULL));
    line(to, "simulated", as_json_get(series, "simulated", NULL));
    json_array_foreach(json_object_get(series, "steps"), i, item) show_step(to, item);
}

static void show_series(FILE *to, const json_t *series, const json_t *before)
{
    size_t i;
    const json_t *item;
    const char *label = as_json_get(series, "label", NULL);
    fprintf(to, "series %s%s%s\n", as_json_get(series, "name", "without a name"),
            label ? " = " : "", label ? label : "");
    const bool as_before = alike(series, before);
    const json_t *warnings = json_object_get(series, "warnings");
    if (as_before) fputs("  as the one before\n", to);
    else show_making(to, series);
    if (!as_before || !json_equal(warnings, json_object_get(before, "warnings")))
        json_array_foreach((json_t *)(uintptr_t)warnings, i, item) line(to, "warning", json_string_value(item));
}

/* A figure, or one of the panels of a page. */
static void show_drawn(FILE *to, const json_t *r)
{
    size_t i;
    const json_t *series;
    line(to, "drawn with", as_json_get(r, "settings", NULL));
    show_inputs(to, json_object_get(r, "inputs"), 1);
    const json_t *all = json_object_get(r, "series");
    json_array_foreach(all, i, series)
        show_series(to, series, i ? json_array_get(all, i - 1) : NULL);
}

static void show(FILE *to, const char *name, const as_record *r)
{
    size_t i;
    const json_t *panel;
    const char *figure = as_json_get(r->json, "figure", NULL);
    fprintf(to, "%s: %s%s%s by assay %s\n", name, as_record_kind_name(r->kind), figure ? ", " : "",
            figure ? figure : "", as_json_get(r->json, "assay", "?"));
    line(to, "sha256", r->sha256);
    show_drawn(to, r->json);
    json_array_foreach(json_object_get(r->json, "panels"), i, panel)
    {
        fprintf(to, "panel %zu: %s\n", i + 1, as_json_get(panel, "figure", "?"));
        show_drawn(to, panel);
    }
}

/* --- one or many ----------------------------------------------------------------------------- */

typedef struct tracing {
    as_session *s;
    json_t *all; /* with --json; else NULL */
    size_t n;
} tracing;

static as_status trace_one(tracing *t, const char *name, const as_record *r)
{
    t->n++;
    if (!t->all) {
        if (t->n > 1) fputc('\n', t->s->out);
        show(t->s->out, name, r);
        return AS_OK;
    }
    json_t *one = json_pack("{s:s, s:s, s:s, s:O}", "file", name, "sha256", r->sha256, "kind",
                            as_record_kind_name(r->kind), "record", r->json);
    return json_array_append_new(t->all, one) == 0
               ? AS_OK
               : as_fail(t->s->ctx, AS_E_NOMEM, NULL, "no memory for a document");
}

static as_status trace_files(tracing *t, as_files *f, const char *member)
{
    const as_where at = { .file = f->name };
    const size_t before = t->n;
    for (size_t i = 0; i < f->n; i++) {
        as_record r;
        as_file *one = &f->file[i];
        if (member && strcmp(member, one->name) != 0) continue;
        AS_TRY(as_file_load(t->s, one));
        if (as_record_read(t->s, one, &r) != AS_OK) {
            if (f->n == 1 || member || as_pending(t->s->ctx) == AS_E_NOMEM) return AS_ERR;
            as_forget_error(t->s->ctx); /* a stream of someone else's */
            continue;
        }
        if (r.kind == AS_RECORD_NONE) continue;
        const char *name = !f->archive && one->path
                               ? one->path
                               : as_format(t->s->arena, "%s!%s", f->name, one->name);
        if (!name) return AS_ERR;
        AS_TRY(trace_one(t, name, &r));
    }
    if (t->n > before) return AS_OK;
    if (member && !as_files_find(f, member))
        return as_fail(t->s->ctx, AS_E_MISSING, &at, "no file '%s' in it", member);
    (void)!as_fail(t->s->ctx, AS_E_MISSING, &at,
                   "no record of its making in it; figures (png, svg, pdf) and streams have one");
    return as_while(t->s->ctx, "hint: an .ecsv beside it that the same run made has its history");
}

/* "a.zip!figures/b.svg" where no file has that name as a whole. */
static as_status trace_path(tracing *t, const char *path)
{
    const char *mark = access(path, F_OK) != 0 ? strchr(path, '!') : NULL;
    const char *outer = mark ? as_strndup(t->s->arena, path, (size_t)(mark - path)) : path;
    as_files f;
    if (!outer) return AS_ERR;
    AS_TRY(as_files_open(t->s, outer, &f));
    return trace_files(t, &f, mark ? mark + 1 : NULL);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const trace_settings *set = settings;
    tracing t = { .s = s };
    (void)answer;
    if (n == 0) return as_fail(s->ctx, AS_E_USAGE, NULL, "trace what? expected the name of a file");
    if (set->json) {
        t.all = json_array();
        AS_TRY(as_json_keep(s, t.all));
    }
    AS_TRY(as_output_open(s));
    for (size_t i = 0; i < n; i++) AS_TRY(trace_path(&t, operands[i].text));
    if (t.all) {
        json_dumpf(t.all, s->out, JSON_INDENT(2));
        fputc('\n', s->out);
    }
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "where the lines of a figure came from",
      "assay plot tests/corpus/xrd/small.xy -o scan.svg && assay trace scan.svg" },
    { "the same of a stream, for a program",
      "assay crop --x 10:12 tests/corpus/xrd/small.xy -o cut.ecsv && assay trace --json cut.ecsv" },
    { 0 }
};
static const char *const see_also[] = { "replay", "info", "verify", NULL };

const as_verb as_verb_trace = {
    .name = "trace",
    .group = "archive",
    .operands = "FILE...",
    .settings_size = sizeof(trace_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "tell where a figure or a stream came from",
             .description = "Shows what png, svg and pdf figures and streams say of their making: "
                            "for every series "
                            "the instrument file with its SHA-256, each operation with all its "
                            "options and version, "
                            "and the warnings met on the way.\n\n"
                            "Of an archive or a folder every file with such a record is shown; "
                            "`ARCHIVE!NAME` is one "
                            "of them. A file without a record is an error (exit 3).",
             .examples = examples,
             .see_also = see_also },
};
