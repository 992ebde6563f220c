/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay verify: is an archive whole, unchanged, and a crate by the rules. */
#include "bag.h"
#include "json.h"
#include "verb.h"

typedef struct {
    bool json;
} verify_settings;

static const as_param params[] = {
    AS_BOOL(verify_settings, json, "json", "no",
            "a JSON list of {archive, good, files, actions, faults, refusal}"),
    AS_PARAMS_END
};

/* What cannot be opened safely is an answer too: no. */
static as_status verify_one(as_session *s, const char *path, as_verdict_of_bag *v)
{
    as_files f;
    as_status status = as_files_open(s, path, &f);
    if (status == AS_OK) status = as_bag_verify(s, &f, v);
    if (status == AS_OK) return AS_OK;
    const as_code code = as_pending(s->ctx);
    if (code == AS_E_IO || code == AS_E_NOMEM || code == AS_E_BUG) return AS_ERR;
    v->findings.refusal = as_strdup(s->arena, as_pending_message(s->ctx));
    as_flush_error(s->ctx);
    return v->findings.refusal ? AS_OK : AS_ERR;
}

static bool is_good(const as_verdict_of_bag *v)
{
    return v->findings.n == 0 && !v->findings.refusal;
}

static void show(FILE *to, const char *path, const as_verdict_of_bag *v)
{
    if (is_good(v)) {
        fprintf(to, "%s: good: %zu files, every checksum right, a crate of %zu runs\n", path,
                v->bag.payload, v->actions);
        return;
    }
    if (v->findings.refusal) {
        fprintf(to, "%s: refused\n", path);
        return;
    }
    fprintf(to, "%s: not good, %zu fault%s\n", path, v->findings.n, v->findings.n == 1 ? "" : "s");
    for (size_t i = 0; i < v->findings.n; i++) fprintf(to, "  %s\n", v->findings.text[i]);
}

static void show_json(FILE *to, const char *path, const as_verdict_of_bag *v, bool first)
{
    fputs(first ? "[\n  {\"archive\": " : ",\n  {\"archive\": ", to);
    as_json_text(to, path);
    fprintf(to, ", \"good\": %s, \"files\": %zu, \"actions\": %zu, \"faults\": [",
            is_good(v) ? "true" : "false", v->bag.payload, v->actions);
    for (size_t i = 0; i < v->findings.n; i++) {
        if (i) fputs(", ", to);
        as_json_text(to, v->findings.text[i]);
    }
    fputs("], \"refusal\": ", to);
    as_json_text(to, v->findings.refusal);
    fputc('}', to);
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const verify_settings *set = settings;
    if (n == 0)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "verify what? expected an archive or its folder");
    AS_TRY(as_output_open(s));
    for (size_t i = 0; i < n; i++) {
        as_verdict_of_bag v = { .findings = { .s = s } };
        AS_TRY(verify_one(s, operands[i].text, &v));
        if (set->json)
            show_json(s->out, operands[i].text, &v, i == 0);
        else
            show(s->out, operands[i].text, &v);
        if (!is_good(&v)) *answer = AS_ANSWER_NO;
    }
    if (set->json) fputs("\n]\n", s->out);
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "an archive, made and verified",
      "assay pack tests/corpus/archive/small.yaml -o small.zip && assay verify small.zip" },
    { 0 }
};
static const char *const see_also[] = { "pack", "unpack", "diff", "replay", NULL };

const as_verb as_verb_verify = {
    .name = "verify",
    .group = "archive",
    .operands = "ARCHIVE|FOLDER...",
    .settings_size = sizeof(verify_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "check that archives are whole, unchanged and crates by the rules",
             .description = "A bag (RFC 8493) must hold every file its manifests name, no other, "
                            "and each with its "
                            "SHA-256; the RO-Crate in it must describe every file it names, with "
                            "the right size and "
                            "sum, and for each run the software. All faults are listed.\n\n"
                            "Exit status 1 when there are any, also for archives that are refused: "
                            "names that lead "
                            "out, links, bombs, cut ones.",
             .examples = examples,
             .see_also = see_also },
};
