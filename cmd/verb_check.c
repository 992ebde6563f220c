/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay check: are files whole and consistent? */
#include <math.h>
#include <string.h>

#include "detect.h"
#include "json.h"
#include "messages.h"
#include "pipeline.h"
#include "verb.h"

typedef struct {
    bool json;
} check_settings;

static const as_param params[] = { AS_BOOL(check_settings, json, "json", "no", "one JSON array"),
                                   AS_PARAMS_END };

/* What was found out about one file. */
typedef struct finding {
    const char *file, *format, *basis;
    const char *error; /* NULL: it was read */
    size_t n_series, n_rows, n_notes;
    const char *note[64];
} finding;

static void note(finding *f, const char *text)
{
    for (size_t i = 0; text && i < f->n_notes; i++) /* what is said of a file, its tables say each */
        if (strcmp(f->note[i], text) == 0) return;
    if (text && f->n_notes < sizeof f->note / sizeof *f->note) f->note[f->n_notes++] = text;
}

/* +1 rising, -1 falling, 0 neither: how x runs, equal neighbours counted apart. */
static int direction(const as_table *t, const as_column *x, size_t *equal)
{
    size_t up = 0, down = 0;
    *equal = 0;
    for (size_t i = 1; i < t->rows; i++) {
        up += x->v.f[i] > x->v.f[i - 1];
        down += x->v.f[i] < x->v.f[i - 1];
        *equal += x->v.f[i] == x->v.f[i - 1];
    }
    return down == 0 ? 1 : up == 0 ? -1 : 0;
}

/* Techniques whose x is scanned in one direction; a heating curve or a voltammogram may turn. */
static bool must_run_one_way(const as_table *t)
{
    static const char *const one_way[] = { "xrd", "raman", "ftir", "xps", "uvvis" };
    for (size_t i = 0; t->technique && i < sizeof one_way / sizeof *one_way; i++)
        if (strcmp(one_way[i], t->technique) == 0) return true;
    return false;
}

static void check_table(as_ctx *ctx, const as_table *t, finding *f)
{
    as_arena *a = as_scratch(ctx);
    const as_column *x = as_find_role(t, AS_ROLE_X), *y = as_find_role(t, AS_ROLE_Y);
    for (size_t i = 0; i < t->n_warnings; i++) note(f, as_strdup(a, t->warning[i]));
    if (t->rows == 0) note(f, as_format(a, "%s: no rows", as_part_name(t)));
    if (x && x->type == AS_F64 && must_run_one_way(t)) {
        size_t equal;
        if (direction(t, x, &equal) == 0)
            note(f, as_format(a, "%s: %s turns back", as_part_name(t), x->name));
        if (equal)
            note(f, as_format(a, "%s: %zu rows repeat the %s before", as_part_name(t), equal,
                              x->name));
    }
    size_t missing = 0;
    for (size_t i = 0; y && y->type == AS_F64 && i < t->rows; i++) missing += !isfinite(y->v.f[i]);
    if (missing)
        note(f, as_format(a, "%s: %zu of %zu values of %s are missing", as_part_name(t), missing,
                          t->rows, y->name));
    f->n_rows += t->rows;
}

/* A stream of assay: its end mark and its rows are verified by reading it. */
static as_status check_stream(as_session *s, const as_input *in, finding *f)
{
    as_gather *all;
    AS_TRY(as_gather_new(s, &all));
    f->format = "ecsv";
    f->basis = "specification";
    AS_TRY(as_feed_stream_input(s, in, &all->sink));
    f->n_series = all->n;
    for (size_t i = 0; i < all->n; i++) check_table(s->ctx, all->t[i], f);
    return AS_OK;
}

static as_status check_file(as_session *s, const char *path, finding *f)
{
    const as_input *in;
    const as_parser *parser;
    as_collection all;
    const as_read_options how = { .loader = &s->loader };
    *f = (finding){ .file = path };
    if (as_input_open(s->ctx, path, &in) != AS_OK) return AS_ERR;
    if (as_is_stream_input(in)) return check_stream(s, in, f);
    if (as_detect(s->ctx, in, NULL, &parser, NULL) == AS_OK) {
        f->format = parser->name;
        f->basis = parser->basis;
    } else {
        as_forget_error(s->ctx); /* a bundle is read member by member: as_read_all decides */
    }
    AS_TRY(as_read_all(s->ctx, in, &how, &all));
    f->n_series = all.n;
    for (size_t i = 0; i < all.n; i++) check_table(s->ctx, all.t[i], f);
    return AS_OK;
}

static void print_text(const finding *f)
{
    printf("%s: %s", f->file,
           f->error     ? "bad"
           : f->n_notes ? "readable, with reservations"
                        : "good");
    if (f->format) printf(", %s", f->format);
    if (!f->error) printf(", %zu series, %zu rows", f->n_series, f->n_rows);
    putchar('\n');
    if (f->error) printf("  %s\n", f->error);
    for (size_t i = 0; i < f->n_notes; i++) printf("  %s\n", f->note[i]);
    if (f->basis) printf("  knowledge of this format: %s\n", f->basis);
}

static void print_json(const finding *f, bool first)
{
    fputs(first ? "[\n{\"file\": " : ",\n{\"file\": ", stdout);
    as_json_text(stdout, f->file);
    fputs(", \"format\": ", stdout);
    as_json_text(stdout, f->format);
    fputs(", \"basis\": ", stdout);
    as_json_text(stdout, f->basis);
    printf(", \"good\": %s, \"error\": ", f->error || f->n_notes ? "false" : "true");
    as_json_text(stdout, f->error);
    printf(", \"series\": %zu, \"rows\": %zu, \"notes\": [", f->n_series, f->n_rows);
    for (size_t i = 0; i < f->n_notes; i++) {
        if (i) fputs(", ", stdout);
        as_json_text(stdout, f->note[i]);
    }
    fputs("]}", stdout);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const check_settings *set = settings;
    static const as_word standard = { .text = "-" };
    if (n == 0) AS_TRY(as_stdin_piped(s));
    if (n == 0) operands = &standard, n = 1;
    for (size_t i = 0; i < n; i++) {
        const as_frame frame = as_enter(s->ctx);
        finding f;
        if (check_file(s, operands[i].text, &f) != AS_OK) {
            const as_code code = as_pending(s->ctx);
            if (as_exit_status(code) != 3) return AS_ERR;
            f.error = as_strdup(as_scratch(s->ctx), as_pending_message(s->ctx));
            as_flush_error(s->ctx); /* with its place */
        }
        if (set->json)
            print_json(&f, i == 0);
        else
            print_text(&f);
        if (f.error || f.n_notes) *answer = AS_ANSWER_NO;
        as_leave(s->ctx, frame);
    }
    if (set->json) puts("\n]");
    return AS_OK;
}

static const as_example examples[] = {
    { "is a measurement whole", "assay check tests/corpus/xrd/small.xy" }, { 0 }
};
static const char *const see_also[] = { "read", "identify", "info", NULL };

const as_verb as_verb_check = {
    .name = "check",
    .group = "files",
    .operands = "[FILE...]",
    .settings_size = sizeof(check_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "say whether files are whole and consistent",
             .description = "Reads each file completely: lengths, counts and checksums that the "
                            "format has are verified by "
                            "reading. Besides, x must run one way where the technique scans it, "
                            "and values should not be "
                            "missing.\n\nExit status 1 when a file is damaged or has reservations. "
                            "The last line says how "
                            "the knowledge of the format was come by.",
             .examples = examples,
             .see_also = see_also },
};
