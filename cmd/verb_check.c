/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay check: are files whole and consistent? */
#include <math.h>
#include <string.h>

#include "column_kernels.h"
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
    bool unread;       /* the system refused it */
    size_t n_series, n_rows, n_notes, n_more; /* more: notes that have no room */
    const char *note[64];
    size_t nameless[64]; /* notes of a series whose name is not known yet: its number, from 1 */
} finding;

static void note(finding *f, const char *text)
{
    for (size_t i = 0; text && i < f->n_notes; i++) /* what is said of a file, its tables say each */
        if (!f->nameless[i] && strcmp(f->note[i], text) == 0) return;
    if (text && f->n_notes == sizeof f->note / sizeof *f->note) f->n_more++;
    if (!text || f->n_more) return;
    f->nameless[f->n_notes] = 0;
    f->note[f->n_notes++] = text;
}

/* Of the series that is looked at. */
static void note_of(as_arena *a, finding *f, const as_table *t, const char *text)
{
    const char *name = as_part_name(t);
    if (text && name) text = as_format(a, "%s: %s", name, text);
    const size_t before = f->n_notes;
    note(f, text);
    if (f->n_notes > before && !name) f->nameless[before] = f->n_series + 1;
}

/* Now they are: the stem of the file, with a number where there are several. */
static void name_notes(as_arena *a, const as_input *in, finding *f)
{
    const char *stem = as_stem(a, in->name);
    for (size_t i = 0; stem && i < f->n_notes; i++) {
        if (f->nameless[i] == 0) continue;
        const char *text = f->n_series == 1
                               ? as_format(a, "%s: %s", stem, f->note[i])
                               : as_format(a, "%s.%zu: %s", stem, f->nameless[i] - 1, f->note[i]);
        if (text) f->note[i] = text;
    }
}

/* +1 rising, -1 falling, 0 neither: how x runs, equal neighbours counted apart. */
static int direction(const as_table *t, const as_column *x, size_t *equal)
{
    size_t up = 0, down = 0;
    *equal = 0;
    for (int sign = 1; sign >= -1; sign -= 2)
        if (as_run_up(x->v.f, t->rows, sign)) return sign;
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

static void check_x(as_arena *a, const as_table *t, const as_column *x, finding *f)
{
    size_t equal;
    if (!x || x->type != AS_F64 || !must_run_one_way(t)) return;
    if (direction(t, x, &equal) == 0) note_of(a, f, t, as_format(a, "%s turns back", x->name));
    if (equal)
        note_of(a, f, t, as_format(a, "%zu rows repeat the %s before", equal, x->name));
}

static void check_table(as_arena *a, const as_table *t, finding *f)
{
    const as_column *y = as_find_role(t, AS_ROLE_Y);
    size_t missing = 0;
    for (size_t i = 0; i < t->n_warnings; i++) note(f, as_strdup(a, t->warning[i]));
    if (t->rows == 0) note_of(a, f, t, "no rows");
    check_x(a, t, as_find_role(t, AS_ROLE_X), f);
    if (y && y->type == AS_F64 && !as_are_finite(y->v.f, t->rows))
        for (size_t i = 0; i < t->rows; i++) missing += !isfinite(y->v.f[i]);
    if (missing)
        note_of(a, f, t, as_format(a, "%zu of %zu values of %s are missing", missing, t->rows,
                                   y->name));
    f->n_rows += t->rows;
    f->n_series++;
}

/* Series are looked at as they come. */
typedef struct looking {
    as_sink sink;
    as_arena *arena; /* of the notes */
    finding *found;
} looking;

static as_status look(as_sink *self, as_ctx *ctx, as_table *owned)
{
    looking *l = (looking *)(void *)self; /* the sink is its first member */
    (void)ctx;
    check_table(l->arena, owned, l->found);
    as_table_free(owned);
    return AS_OK;
}

/* A stream of assay: its end mark and its rows are verified by reading it. */
static as_status check_stream(as_session *s, const as_input *in, looking *to)
{
    to->found->format = "ecsv";
    to->found->basis = "specification";
    return as_feed_stream_input(s, in, &to->sink);
}

/* Its members' names depend on each other. */
static as_status check_bundle(as_session *s, const as_input *in, looking *to)
{
    const as_read_options how = { .loader = &s->loader };
    as_collection all;
    AS_TRY(as_read_all(s->ctx, in, &how, &all));
    for (size_t i = 0; i < all.n; i++) check_table(to->arena, all.t[i], to->found);
    return AS_OK;
}

static as_status check_file_of(as_session *s, const as_input *in, looking *to)
{
    const as_parser *parser;
    if (as_is_stream_input(in)) return check_stream(s, in, to);
    if (as_detect(s->ctx, in, NULL, &parser, NULL) == AS_OK) {
        to->found->format = parser->name;
        to->found->basis = parser->basis;
    } else {
        as_forget_error(s->ctx); /* of a bundle; else it comes again */
    }
    if (as_is_bundle(s->ctx, in)) return check_bundle(s, in, to);
    const as_read_options how = { .loader = &s->loader, .format = to->found->format };
    as_table *remarks;
    s->messages->reported = true;
    const as_status status = as_read_each(s->ctx, in, &how, &to->sink, &remarks);
    s->messages->reported = false;
    AS_TRY(status);
    name_notes(to->arena, in, to->found);
    for (size_t i = 0; i < remarks->n_warnings; i++)
        note(to->found, as_strdup(to->arena, remarks->warning[i]));
    return AS_OK;
}

static as_status check_file(as_session *s, const char *path, finding *f)
{
    const as_input *in;
    *f = (finding){ .file = path };
    looking to = { .sink = { look }, .arena = s->arena, .found = f };
    if (as_input_open(s->ctx, path, &in) != AS_OK) return AS_ERR;
    if (check_file_of(s, in, &to) != AS_OK) { /* what was found before does not count */
        f->n_notes = f->n_more = f->n_series = f->n_rows = 0;
        return AS_ERR;
    }
    return AS_OK;
}

static void print_text(const finding *f)
{
    printf("%s: %s", f->file,
           f->unread    ? "not read"
           : f->error   ? "bad"
           : f->n_notes ? "readable, with reservations"
                        : "good");
    if (f->format) printf(", %s", f->format);
    if (!f->error) printf(", %zu series, %zu rows", f->n_series, f->n_rows);
    putchar('\n');
    if (f->error) printf("  %s\n", f->error);
    for (size_t i = 0; i < f->n_notes; i++) printf("  %s\n", f->note[i]);
    if (f->n_more) printf("  and %zu more\n", f->n_more);
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
            if (!as_is_of_file(s)) return AS_ERR;
            const int status = as_exit_status(as_pending(s->ctx));
            f.unread = status != 3;
            if (f.unread) *answer = status;
            f.error = as_strdup(as_scratch(s->ctx), as_pending_message(s->ctx));
            fflush(stdout);
            as_flush_error(s->ctx); /* with its place */
        }
        if (set->json)
            print_json(&f, i == 0);
        else
            print_text(&f);
        if ((f.error || f.n_notes) && *answer == 0) *answer = AS_ANSWER_NO;
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
                            "missing.\n\nExit status 1 when a file is damaged or has reservations, 5 when one cannot "
                            "be opened; the others are looked at all the same. "
                            "The last line says how "
                            "the knowledge of the format was come by.",
             .examples = examples,
             .see_also = see_also },
};
