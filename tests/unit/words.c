/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's words: what sh and we read alike, and what is refused where. */
#include "check.h"
#include "words.h"

static as_ctx *ctx;

static const as_variable values[] = { { "window", "1.5deg" }, { "title", "two words" } };
static const as_variables vars = { 2, values };

/* Words joined by ',' and stages by '|'. */
static void splits(const char *text, const char *expected)
{
    const as_text t = as_text_of(text);
    as_command *stage = NULL;
    size_t n = 0, at = 0;
    char got[512] = "";
    if (as_pipe_split(ctx, as_scratch(ctx), &t, &vars, &n, &stage) != AS_OK) {
        (void)snprintf(got, sizeof got, "error: %s", as_pending_message(ctx));
        as_forget_error(ctx);
        n = 0;
    }
    for (size_t s = 0; s < n; s++)
        for (size_t w = 0; w < stage[s].n; w++)
            at += (size_t)snprintf(got + at, sizeof got - at, "%s%s",
                                   w   ? ","
                                   : s ? "|"
                                       : "",
                                   stage[s].word[w].text);
    if (strcmp(got, expected) != 0)
        printf("<%s>\n gave     %s\n expected %s\n", text, got, expected);
    CHECK(strcmp(got, expected) == 0);
}

static as_where last;
static char last_message[2048];
static void catch (void *user, as_severity severity, as_code code, const as_where *where,
                   const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)severity, (void)code, (void)chain, (void)n_chain;
    if (where) last = *where;
    last.line_text = NULL;
    (void)snprintf(last_message, sizeof last_message, "%s", message);
}

/* Refused, at this column of this line, with a message that has `why` in it. */
static void refused(const char *text, unsigned line, unsigned column, const char *why)
{
    const as_text t = as_text_of(text);
    as_command *stage = NULL;
    size_t n = 0;
    const as_status s = as_pipe_split(ctx, as_scratch(ctx), &t, &vars, &n, &stage);
    CHECK(s == AS_ERR);
    if (s == AS_OK) {
        printf("<%s> was accepted\n", text);
        return;
    }
    CHECK(as_pending(ctx) == AS_E_USAGE);
    as_flush_error(ctx);
    if (last.line != line || last.column != column || !strstr(last_message, why))
        printf("<%s> gave %u:%u: %s\n", text, last.line, last.column, last_message);
    CHECK(last.line == line && last.column == column);
    CHECK(strstr(last_message, why));
}

static void positions(void)
{
    const as_text t = as_text_of("crop --x 4:25 |\n  fit --model 'a b'");
    as_command *stage = NULL;
    size_t n = 0;
    CHECK(as_pipe_split(ctx, as_scratch(ctx), &t, NULL, &n, &stage) == AS_OK && n == 2);
    CHECK(stage[0].word[2].where.column == 10 && stage[0].word[2].where.span == 4);
    CHECK(stage[1].word[0].where.line == 2 && stage[1].word[0].where.column == 3);
    CHECK(stage[1].word[2].where.column == 15 && stage[1].word[2].where.span == 5);
    CHECK(strcmp(stage[1].word[2].where.line_text, "  fit --model 'a b'") == 0);
}

static void quoting(const char *word)
{
    as_word *back = NULL;
    size_t n = 0;
    const as_text t = as_text_of(as_shell_word(as_scratch(ctx), word));
    CHECK(as_words_of(ctx, as_scratch(ctx), &t, NULL, &n, &back) == AS_OK && n == 1);
    CHECK(n == 1 && strcmp(back[0].text, word) == 0);
}

static void substitution(void)
{
    as_text out, t = as_text_of("a $(window) b");
    CHECK(as_substitute(ctx, as_scratch(ctx), &t, &vars, &out) == AS_OK);
    CHECK(strcmp(out.s, "a 1.5deg b") == 0);
    CHECK(as_text_where(as_scratch(ctx), &out, 9, 1).column == 13); /* b */
    CHECK(as_text_where(as_scratch(ctx), &out, 4, 1).column == 3);  /* inside the value */
    CHECK(as_text_where(as_scratch(ctx), &out, 10, 0).column == 14);
    t = as_text_of("$(windaw)");
    CHECK(as_substitute(ctx, as_scratch(ctx), &t, &vars, &out) == AS_ERR);
    CHECK(strstr(as_pending_message(ctx), "did you mean 'window'?"));
    as_forget_error(ctx);
}

int main(void)
{
    ctx = as_ctx_new(catch, NULL);
    splits("crop --x 4:25 | fit", "crop,--x,4:25|fit");
    splits("crop|fit|plot-stack", "crop|fit|plot-stack");
    splits("assay crop --x 4:25 | assay fit", "crop,--x,4:25|fit");
    splits("  results\n", "results");
    splits("fit --model 'pvoigt(111) center=5.8~0.2 + linear'",
           "fit,--model,pvoigt(111) center=5.8~0.2 + linear");
    splits("a \"b \\\"c\\\" \\d\" e\\ f 'g'\"h\"i", "a,b \"c\" \\d,e f,ghi");
    splits("a '' \"\"", "a,,");
    splits("a --w $(window) \"x $(title)\" $(title)", "a,--w,1.5deg,x two words,two words");
    splits("a '$(window)' '$x'", "a,$(window),$x");
    splits("a |\n\n  b \\\n c", "a|b,c");
    splits("a b#c d~e 10%", "a,b#c,d~e,10%");
    refused("", 1, 1, "the pipeline is empty");
    refused("assay", 1, 6, "the pipeline is empty");
    refused("a | | b", 1, 5, "no command here");
    refused("a |", 1, 4, "no command here");
    refused("| a", 1, 1, "no command here");
    refused("a 'b", 1, 3, "never closed");
    refused("a \"b", 1, 3, "never closed");
    refused("a b > c", 1, 5, "redirections");
    refused("a < c", 1, 3, "redirections");
    refused("a; b", 1, 2, "one pipeline only");
    refused("a && b", 1, 3, "one pipeline only");
    refused("a || b", 1, 3, "'||'");
    refused("a $HOME", 1, 3, "$(name)");
    refused("a \"$HOME\"", 1, 4, "$(name)");
    refused("a $(", 1, 3, "expected the name");
    refused("a --w $(windov)", 1, 7, "did you mean 'window'?");
    refused("a `date`", 1, 3, "run a command");
    refused("a *.xy", 1, 3, "files matching");
    refused("a pvoigt(111)", 1, 9, "parentheses");
    refused("a #b", 1, 3, "comment");
    refused("a ~/b", 1, 3, "home folder");
    refused("a\nb", 2, 1, "a new line begins another command");
    refused("a \\", 1, 3, "nothing follows");
    positions();
    quoting("plain");
    quoting("");
    quoting("it's");
    quoting("$(a) | \"b\" \\ * é\n");
    quoting("~a");
    substitution();
    as_ctx_free(ctx);
    DONE();
}
