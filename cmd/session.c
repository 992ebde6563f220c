/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session: options that every verb takes, output files, exit status. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "messages.h"
#include "session.h"

typedef struct common {
    as_texts output;
    int jobs;
    bool keep_going, help;
    int diagnostics;
} common;

static const as_choice diagnostics[] = { { "text", 0, "for people" },
                                         { "json", 1, "one object a line, for programs" },
                                         { 0 } };

const as_param as_common_params[] = {
    AS_TEXTS(common, output, "output", "",
             "write to this file instead of stdout; only a whole result replaces it"),
    AS_INT(common, jobs, "jobs", "0", 0, 256,
           "threads; 0: one per core; the output does not depend on it"),
    AS_BOOL(common, keep_going, "keep-going", "no", "exit 0 although series failed numerically"),
    AS_CHOICE(common, diagnostics, "diagnostics", "text", diagnostics,
              "form of messages on stderr"),
    AS_BOOL(common, help, "help", "no", "show this help"),
    AS_PARAMS_END
};

static int cores(void)
{
    const int n = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n;
}

as_status as_session_options(as_session *s, size_t n, const as_word *words, as_word *rest,
                             size_t *n_rest, bool *help)
{
    as_word *taken = AS_NEW_N(s->arena, as_word, n);
    size_t n_taken;
    common c = { 0 };
    if (!taken) return AS_ERR;
    AS_TRY(as_words_take(s->ctx, as_common_params, n, words, taken, &n_taken, rest, n_rest));
    AS_TRY(as_settings_read(s->ctx, s->arena, as_common_params, n_taken, taken, NULL, &c));
    s->outputs = c.output;
    s->output = c.output.n ? c.output.v[0] : NULL;
    s->jobs = c.jobs ? c.jobs : cores();
    s->keep_going = c.keep_going;
    s->messages->json = c.diagnostics == 1;
    *help = c.help;
    return AS_OK;
}

as_ctx *as_session_ctx(as_session *s)
{
    as_ctx *ctx = as_ctx_new(as_messages_show, s->messages);
    if (!ctx) (void)!as_fail(s->ctx, AS_E_NOMEM, NULL, "out of memory");
    return ctx;
}

static void free_holder(void *holder)
{
    as_ctx_free(holder);
}

as_status as_holder_new(as_session *s, as_ctx **out)
{
    *out = as_session_ctx(s);
    return *out ? as_defer(s->arena, free_holder, *out) : AS_ERR;
}

as_status as_stdin_piped(as_session *s)
{
    if (!isatty(STDIN_FILENO)) return AS_OK;
    (void)!as_fail(s->ctx, AS_E_USAGE, NULL, "no file is named and nothing is piped in");
    return as_while(s->ctx, "hint: name files behind the options, or put this behind a |");
}

as_status as_output_open(as_session *s)
{
    s->out = stdout;
    if (!s->output) return AS_OK;
    const bool good = as_partial_open(s->arena, s->output, &s->partial);
    const as_where at = { .file = s->output };
    s->out = s->partial.to;
    if (good) return AS_OK;
    const bool no_folder = errno == ENOENT;
    (void)!as_fail(s->ctx, AS_E_IO, &at, "cannot be written: %s", strerror(errno));
    return no_folder ? as_while(s->ctx, "hint: its folder is not there; make it first (mkdir -p)") : AS_ERR;
}

as_status as_output_stream(as_session *s)
{
    static const char *const others[] = { "csv", "tsv", "xlsx", "xls", "ods", "png", "svg", "pdf", "jpg", "tif" };
    const char *dot = s->output ? strrchr(s->output, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof others / sizeof *others; i++) {
        if (strcasecmp(dot + 1, others[i]) != 0) continue;
        (void)!as_fail(s->ctx, AS_E_USAGE, NULL,
                       "--output: '%s' would hold a stream, expected .ecsv or .txt", s->output);
        return as_while(s->ctx, "hint: | assay convert -o NAME.csv for spreadsheets, "
                                "| assay plot -o NAME.png for figures");
    }
    return as_output_open(s);
}

as_status as_output_commit(as_session *s)
{
    const as_where at = { .file = s->output ? s->output : "standard output" };
    bool good;
    if (s->output) {
        s->out = NULL;
        good = as_partial_close(&s->partial) && as_partial_commit(&s->partial);
    } else {
        good = fflush(s->out) == 0 && !ferror(s->out);
    }
    return good ? AS_OK : as_fail(s->ctx, AS_E_IO, &at, "cannot be written: %s", strerror(errno));
}

void as_output_abandon(as_session *s)
{
    if (!s->output || !s->out || s->out == stdout) return; /* it was not opened */
    s->out = NULL;
    as_partial_abandon(&s->partial);
}

int as_exit_status(as_code code)
{
    switch (code) {
    case AS_E_USAGE: return 2;
    case AS_E_FORMAT:
    case AS_E_SYNTAX:
    case AS_E_TRUNCATED:
    case AS_E_MISSING:
    case AS_E_UNIT: return 3;
    case AS_E_NUMERIC: return 4;
    case AS_E_IO:
    case AS_E_LIMIT:
    case AS_E_NOMEM: return 5;
    case AS_E_BUG: break;
    }
    return 70;
}

bool as_is_of_file(const as_session *s)
{
    const as_code code = as_pending(s->ctx);
    return as_exit_status(code) == 3 || code == AS_E_IO || code == AS_E_LIMIT;
}
