/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: finds the verb, the operation or the figure that was named and runs it. */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figure.h"
#include "help.h"
#include "loader.h"
#include "messages.h"
#include "numeric.h"
#include "verb.h"

/* What the first word names. */
typedef struct subject {
    const as_verb *verb;
    const as_op *op;
    const as_figure *figure;
} subject;

static as_status find_subject(as_session *s, const as_word *word, subject *out)
{
    *out =
        (subject){ as_verb_find(word->text), as_op_find(word->text), as_figure_find(word->text) };
    if (out->verb || out->op || out->figure) return AS_OK;
    size_t n;
    const char **names = as_all_names(s->arena, &n);
    if (!names) return AS_ERR;
    const char *near = as_near_miss(word->text, n, names);
    if (word->text[0] == '-')
        return as_fail(s->ctx, AS_E_USAGE, NULL,
                       "'%s' comes before any verb; expected assay VERB [options] [FILE...], assay "
                       "--help or assay --version", word->text);
    const char *about = as_names_about(s->arena, word->text);
    (void)!as_fail(s->ctx, AS_E_USAGE, NULL, "there is no '%s'%s%s%s", word->text,
                   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    if (access(word->text, F_OK) == 0)
        return as_while(s->ctx, "hint: to read this file: assay read '%s'", word->text);
    for (size_t i = 0; as_ops[i]; i++)
        if (strcmp(as_ops[i]->group, word->text) == 0)
            return as_while(s->ctx, "hint: assay help %s lists the operations of this group", word->text);
    if (about) return as_while(s->ctx, "hint: with this word: %s", about);
    return as_while(s->ctx, "hint: assay list shows every verb, operation and figure");
}

static as_status run_verb(as_session *s, const as_verb *v, size_t n, const as_word *words,
                          int *answer)
{
    if (v->run_words) return v->run_words(s, n, words, answer);
    as_word *options = AS_NEW_N(s->arena, as_word, n + 1),
            *operands = AS_NEW_N(s->arena, as_word, n + 1);
    void *settings = as_alloc(s->arena, 1, v->settings_size);
    size_t n_options, n_operands;
    if (!options || !operands || !settings) return AS_ERR;
    AS_TRY(as_words_split(s->ctx, v->name, v->params, n, words, options, &n_options, operands,
                          &n_operands));
    AS_TRY(as_settings_read(s->ctx, s->arena, v->params, n_options, options, &s->loader, settings));
    return v->run(s, settings, n_operands, operands, answer);
}

static as_status run_subject(as_session *s, size_t n, const as_word *words, int *answer)
{
    subject what;
    size_t n_rest;
    bool help;
    AS_TRY(find_subject(s, &words[0], &what));
    s->messages->verb = words[0].text;
    as_word *rest = AS_NEW_N(s->arena, as_word, n);
    if (!rest) return AS_ERR;
    AS_TRY(as_session_options(s, n - 1, words + 1, rest, &n_rest, &help));
    if (help) return as_help(s, words[0].text, stdout);
    if (!what.figure && !(what.verb && what.verb->run_words) && s->outputs.n > 1)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--output: only a figure can go to several files");
    if (what.verb) return run_verb(s, what.verb, n_rest, rest, answer);
    if (what.op) return as_run_filter(s, what.op, n_rest, rest);
    return as_run_figure(s, what.figure, n_rest, rest);
}

static as_status run(as_session *s, int argc, char **argv, int *answer)
{
    as_word *words = AS_NEW_N(s->arena, as_word, (size_t)argc);
    if (!words) return AS_ERR;
    for (int i = 1; i < argc; i++) words[i - 1].text = argv[i];
    const char *first = argc > 1 ? argv[1] : "--help";
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0)
        return puts("assay " ASSAY_VERSION) < 0 ? AS_ERR : AS_OK;
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        if (argc == 1) *answer = 2;
        return as_overview(s, argc == 1 ? stderr : stdout);
    }
    return run_subject(s, (size_t)argc - 1, words, answer);
}

/* The torture test asks for the n-th allocation to fail; elsewhere the variable is not looked at.
 */
static void torture(as_ctx *ctx)
{
#ifdef ASSAY_TORTURE
    const char *n = getenv("ASSAY_FAIL_ALLOCATION");
    if (n) as_ctx_fail_allocation(ctx, strtoull(n, NULL, 10));
#else
    (void)ctx;
#endif
}

/* Memory that one series gave back serves the next: glibc would return it to the system each time and
 * fault it in again, which costs more than most work on it. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 4 << 20); /* larger blocks are the arenas' own mappings */
    (void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
    (void)mallopt(M_TOP_PAD, 16 << 20);
#endif
}

int main(int argc, char **argv)
{
    keep_memory();
    as_passing_watch();
    as_messages messages = { .to = stderr, .lock = PTHREAD_MUTEX_INITIALIZER };
    as_session s = { .messages = &messages, .out = stdout };
    int answer = 0;
    as_numeric_init();
    s.ctx = as_ctx_new(as_messages_show, &messages);
    s.arena = s.ctx ? as_arena_new(s.ctx, as_ctx_limit_of(s.ctx)) : NULL;
    if (!s.arena) {
        fputs("assay: error: out of memory\n", stderr);
        return as_exit_status(AS_E_NOMEM);
    }
    as_loader_init(&s);
    as_progress_watch(&s.progress, &s, s.ctx);
    torture(s.ctx);
    const as_status status = run(&s, argc, argv, &answer);
    if (status != AS_OK) {
        answer = as_exit_status(as_pending(s.ctx));
        as_output_abandon(&s);
        if (!s.shown) as_flush_error(s.ctx);
    } else if (s.numeric_failures && !s.keep_going && answer == 0) {
        answer = as_exit_status(AS_E_NUMERIC);
    }
    as_arena_free(s.arena);
    as_ctx_free(s.ctx);
    return answer;
}
