/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay identify: which format, how sure, by what evidence. */
#include "detect.h"
#include "json.h"
#include "pipeline.h"
#include "verb.h"

typedef struct {
    bool explain, json;
} identify_settings;

static const as_param params[] = { AS_BOOL(identify_settings, explain, "explain", "no",
                                           "what every probe said, and which bytes decided"),
                                   AS_BOOL(identify_settings, json, "json", "no", "one JSON array"),
                                   AS_PARAMS_END };

static void print_json(const char *file, const as_score *best, const char *reason, bool first)
{
    fputs(first ? "[\n{\"file\": " : ",\n{\"file\": ", stdout);
    as_json_text(stdout, file);
    fputs(", \"format\": ", stdout);
    as_json_text(stdout, best ? best->parser->name : NULL);
    if (best) {
        printf(", \"score\": %d, \"title\": ", best->score);
        as_json_text(stdout, best->parser->title);
        fputs(", \"evidence\": ", stdout);
        as_json_text(stdout, best->evidence);
        fputs(", \"basis\": ", stdout);
        as_json_text(stdout, best->parser->basis);
    } else {
        fputs(", \"reason\": ", stdout);
        as_json_text(stdout, reason);
    }
    fputs("}", stdout);
}

static void print_unknown(const identify_settings *set, const char *file, const char *reason, bool first)
{
    if (set->json)
        print_json(file, NULL, reason, first);
    else
        printf("%s\tunknown\t0\t%s\n", file, reason ? reason : "");
}

/* What every filter writes is no instrument's format, so no parser of the list claims it. */
static const as_parser stream_format = { .name = "ecsv",
                                         .title = "ECSV, as assay and astropy write it",
                                         .basis = "specification" };

static as_status explain(as_session *s, const as_input *in)
{
    as_score *all;
    size_t n;
    AS_TRY(as_identify(s->ctx, in, &all, &n));
    for (size_t i = 0; i < n && all[i].score > 0; i++)
        printf("    %3d  %-20s %s\n", all[i].score, all[i].parser->name, all[i].evidence);
    printf("    bytes:");
    for (size_t i = 0; i < 16 && i < in->size; i++) printf(" %02x", in->data[i]);
    printf("  (%s)\n", in->encoding ? in->encoding : "binary");
    return AS_OK;
}

static as_status one(as_session *s, const identify_settings *set, const char *path, bool first,
                     bool *known)
{
    const as_input *in;
    const as_parser *parser;
    as_score best;
    AS_TRY(as_input_open(s->ctx, path, &in));
    if (as_is_stream_input(in)) {
        parser = &stream_format;
        best = (as_score){ .parser = parser, .score = 100, .evidence = "begins with # %ECSV" };
        *known = true;
    } else {
        *known = as_detect(s->ctx, in, NULL, &parser, &best) == AS_OK;
    }
    if (!*known && as_pending(s->ctx) != AS_E_FORMAT) return AS_ERR;
    const char *reason = *known ? NULL : as_strdup(as_scratch(s->ctx), as_pending_message(s->ctx));
    if (!*known) as_forget_error(s->ctx);
    if (!*known)
        print_unknown(set, path, reason, first);
    else if (set->json)
        print_json(path, &best, NULL, first);
    else
        printf("%s\t%s\t%d\t%s\n", path, parser->name, best.score, best.evidence);
    return set->explain && !set->json ? explain(s, in) : AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const identify_settings *set = settings;
    static const as_word standard = { .text = "-" };
    if (n == 0) AS_TRY(as_stdin_piped(s));
    if (n == 0) operands = &standard, n = 1;
    for (size_t i = 0; i < n; i++) {
        const as_frame frame = as_enter(s->ctx);
        bool known = false;
        if (one(s, set, operands[i].text, i == 0, &known) != AS_OK) {
            if (!as_is_of_file(s)) return AS_ERR;
            if (!known) print_unknown(set, operands[i].text, as_pending_message(s->ctx), i == 0);
            fflush(stdout);
            if (*answer == 0) *answer = as_exit_status(as_pending(s->ctx));
            as_flush_error(s->ctx);
        } else if (!known && *answer == 0) {
            *answer = 3;
        }
        as_leave(s->ctx, frame);
    }
    if (set->json) puts("\n]");
    return AS_OK;
}

static const as_example examples[] = {
    { "the format of a file", "assay identify tests/corpus/xrd/small.xy" }, { 0 }
};
static const char *const see_also[] = { "read", "check", "list", NULL };

const as_verb as_verb_identify = {
    .name = "identify",
    .group = "files",
    .operands = "[FILE...]",
    .settings_size = sizeof(identify_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "say which format files have, how sure that is, and why",
             .description = "One line per file: name, format, score (at most 110), evidence. A file that "
                            "nobody recognises "
                            "is `unknown`, with the reason, and the exit status is 3 (5 for one "
                            "that cannot be opened).",
             .examples = examples,
             .see_also = see_also },
};
