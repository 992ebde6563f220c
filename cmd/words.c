/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting a pipeline into stages and words as sh does. */
#include <stdio.h>
#include <string.h>

#include "words.h"

typedef struct bytes { /* grows in an arena */
    as_arena *a;
    char *s;
    uint32_t *origin; /* as in as_text; kept where `mapped` */
    size_t n, room;
    bool mapped;
} bytes;

typedef struct lexer {
    as_ctx *ctx;
    as_arena *a;
    const as_text *text;
    const as_variables *vars;
    size_t at;
    bytes now; /* the word being read */
    bool in_word;
    size_t word_from;
    as_word *word; /* of the stage being read */
    size_t n_words;
    as_command *stage;
    size_t n_stages;
    bool one; /* a list of words: no '|' */
} lexer;

static as_status add_byte(bytes *b, char c, size_t origin)
{
    if (b->n + 1 >= b->room) {
        const size_t room = b->room ? 2 * b->room : 64;
        char *s = as_alloc(b->a, room, 1);
        uint32_t *from = b->mapped ? AS_NEW_N(b->a, uint32_t, room) : NULL;
        if (!s || (b->mapped && !from)) return AS_ERR;
        if (b->n) memcpy(s, b->s, b->n);
        if (b->n && from) memcpy(from, b->origin, b->n * sizeof *from);
        b->s = s;
        b->origin = from;
        b->room = room;
    }
    b->s[b->n] = c;
    if (b->mapped) b->origin[b->n] = b->origin[b->n + 1] = (uint32_t)origin;
    b->n++;
    return AS_OK; /* the byte behind is zero: the arena's memory is, and n only grows */
}

static as_status refuse(lexer *l, size_t from, size_t n, const char *message)
{
    const as_where at = as_text_where(l->a, l->text, from, n);
    return as_fail(l->ctx, AS_E_USAGE, &at, "%s", message);
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static as_status unknown_variable(lexer *l, const char *name, size_t from, size_t n)
{
    const as_where at = as_text_where(l->a, l->text, from, n);
    const size_t count = l->vars ? l->vars->n : 0;
    const char **names = AS_NEW_N(l->a, const char *, count);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < count; i++) names[i] = l->vars->v[i].name;
    const char *near = as_near_miss(name, count, names);
    if (near)
        return as_fail(l->ctx, AS_E_USAGE, &at, "no parameter '%s'; did you mean '%s'?", name,
                       near);
    return as_fail(l->ctx, AS_E_USAGE, &at, "no parameter '%s' (expected one of `parameters:`)",
                   name);
}

/* $(name) at l->at: *value, and l->at behind it. */
static as_status read_variable(lexer *l, const char **value)
{
    const char *s = l->text->s + l->at;
    size_t n = 2;
    if (s[1] != '(')
        return refuse(l, l->at, 1,
                      "'$' is the shell's; a parameter of the recipe is written "
                      "$(name), a dollar sign '$' in single quotes");
    while (name_byte(s[n])) n++;
    if (s[n] != ')' || n == 2)
        return refuse(l, l->at, n, "expected the name of a parameter and ')' after '$('");
    const char *name = as_strndup(l->a, s + 2, n - 2);
    if (!name) return AS_ERR;
    for (size_t i = 0; l->vars && i < l->vars->n; i++)
        if (strcmp(l->vars->v[i].name, name) == 0) {
            *value = l->vars->v[i].value;
            l->at += n + 1;
            return AS_OK;
        }
    return unknown_variable(l, name, l->at, n + 1);
}

static as_status put_variable(lexer *l)
{
    const char *value = NULL;
    AS_TRY(read_variable(l, &value));
    for (; *value; value++) AS_TRY(add_byte(&l->now, *value, 0));
    return AS_OK;
}

static as_status put(lexer *l, char c)
{
    if (!l->in_word) {
        l->in_word = true;
        l->word_from = l->at;
    }
    return add_byte(&l->now, c, 0);
}

static as_status single_quoted(lexer *l)
{
    const char *s = l->text->s;
    const size_t open = l->at++;
    while (s[l->at] && s[l->at] != '\'') {
        AS_TRY(add_byte(&l->now, s[l->at], 0));
        l->at++;
    }
    if (!s[l->at]) return refuse(l, open, 1, "this quote is never closed, expected another '");
    l->at++;
    return AS_OK;
}

static as_status double_quoted(lexer *l)
{
    const char *s = l->text->s;
    const size_t open = l->at++;
    while (s[l->at] && s[l->at] != '"') {
        if (s[l->at] == '$') {
            AS_TRY(put_variable(l));
            continue;
        }
        if (s[l->at] == '`') return refuse(l, l->at, 1, "'`' would run a command: refused");
        if (s[l->at] == '\\' && s[l->at + 1] == '\n') {
            l->at += 2;
            continue;
        }
        if (s[l->at] == '\\' && s[l->at + 1] && strchr("\"\\$`", s[l->at + 1])) l->at++;
        AS_TRY(add_byte(&l->now, s[l->at], 0));
        l->at++;
    }
    if (!s[l->at]) return refuse(l, open, 1, "this quote is never closed, expected another \"");
    l->at++;
    return AS_OK;
}

static as_status end_word(lexer *l)
{
    if (!l->in_word) return AS_OK;
    as_word *wider = as_grow(l->a, l->word, l->n_words, sizeof *wider);
    if (!wider) return AS_ERR;
    l->word = wider;
    as_word *w = &l->word[l->n_words++];
    w->text = as_strndup(l->a, l->now.n ? l->now.s : "", l->now.n);
    w->where = as_text_where(l->a, l->text, l->word_from, l->at - l->word_from);
    l->in_word = false;
    l->now = (bytes){ .a = l->a };
    return w->text ? AS_OK : AS_ERR;
}

static as_status end_stage(lexer *l, size_t at)
{
    AS_TRY(end_word(l));
    if (l->n_words && strcmp(l->word[0].text, "assay") == 0) {
        l->word++;
        l->n_words--;
    }
    if (l->n_words == 0)
        return refuse(l, at, l->text->s[at] != '\0',
                      l->n_stages || l->text->s[at]
                          ? "no command here, expected a verb on each side of '|'"
                          : "the pipeline is empty, expected a verb");
    as_command *wider = as_grow(l->a, l->stage, l->n_stages, sizeof *wider);
    if (!wider) return AS_ERR;
    l->stage = wider;
    l->stage[l->n_stages++] = (as_command){ .n = l->n_words, .word = l->word };
    l->word = NULL;
    l->n_words = 0;
    return AS_OK;
}

/* What sh would act on outside quotes; NULL: nothing special. */
static const char *reason_against(const char *s, bool word_begins)
{
    switch (*s) {
    case '>':
    case '<':
        return "redirections are not part of a pipeline here: inputs and outputs have names in the "
               "recipe";
    case ';':
    case '&':
        return "one pipeline only: ';' and '&' would start another command; quote them if they are "
               "meant";
    case '`': return "'`' would run a command: refused";
    case '*':
    case '?':
    case '[': return "the shell would look for files matching this: put the word in quotes";
    case '(':
    case ')': return "parentheses are the shell's: put the word in quotes";
    case '{':
    case '}': return "braces are the shell's: put the word in quotes";
    case '#':
        return word_begins ? "the shell would take the rest as a comment: put the word in quotes"
                           : NULL;
    case '~':
        return word_begins ? "the shell would put a home folder here: put the word in quotes"
                           : NULL;
    default: return NULL;
    }
}

static as_status new_line(lexer *l)
{
    const char *s = l->text->s;
    AS_TRY(end_word(l));
    size_t next = l->at;
    while (s[next] && strchr(" \t\r\n", s[next])) next++;
    if (l->n_words && s[next])
        return refuse(l, next, 1,
                      "a new line begins another command in a shell: end the line above "
                      "with '|' or '\\'");
    l->at = next;
    return AS_OK;
}

static as_status step(lexer *l)
{
    const char *s = l->text->s + l->at;
    if (*s == ' ' || *s == '\t' || *s == '\r') {
        AS_TRY(end_word(l));
        l->at++;
        return AS_OK;
    }
    if (*s == '\n') return new_line(l);
    if (*s == '|') {
        if (l->one)
            return refuse(l, l->at, 1,
                          "'|' has no place here: these are the options of one command");
        if (s[1] == '|')
            return refuse(l, l->at, 2, "'||' would start another command: one '|' joins stages");
        if (s[1] == '&')
            return refuse(l, l->at, 2, "'|&' is not for pipelines of data: one '|' joins stages");
        AS_TRY(end_stage(l, l->at));
        l->at++;
        return AS_OK;
    }
    if (*s == '\\' && s[1] == '\n') {
        l->at += 2;
        return AS_OK;
    }
    const char *against = reason_against(s, !l->in_word);
    if (against) return refuse(l, l->at, 1, against);
    if (!l->in_word) {
        l->in_word = true;
        l->word_from = l->at;
    }
    if (*s == '\'') return single_quoted(l);
    if (*s == '"') return double_quoted(l);
    if (*s == '$') return put_variable(l);
    if (*s == '\\') {
        if (!s[1]) return refuse(l, l->at, 1, "nothing follows this backslash");
        l->at++;
    }
    AS_TRY(put(l, l->text->s[l->at]));
    l->at++;
    return AS_OK;
}

as_status as_pipe_split(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                        size_t *n, as_command **out)
{
    lexer l = { .ctx = ctx, .a = a, .text = text, .vars = vars, .now = { .a = a } };
    while (text->s[l.at]) AS_TRY(step(&l));
    AS_TRY(end_stage(&l, l.at));
    *n = l.n_stages;
    *out = l.stage;
    return AS_OK;
}

as_status as_words_of(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                      size_t *n, as_word **out)
{
    lexer l = { .ctx = ctx, .a = a, .text = text, .vars = vars, .now = { .a = a }, .one = true };
    while (text->s[l.at]) AS_TRY(step(&l));
    AS_TRY(end_word(&l));
    *n = l.n_words;
    *out = l.word;
    return AS_OK;
}

as_status as_substitute(as_ctx *ctx, as_arena *a, const as_text *text, const as_variables *vars,
                        as_text *out)
{
    lexer l = { .ctx = ctx, .a = a, .text = text, .vars = vars };
    bytes to = { .a = a, .mapped = true };
    *out = *text;
    if (!strchr(text->s, '$')) return AS_OK;
    while (text->s[l.at]) {
        const size_t from = text->origin ? text->origin[l.at] : l.at;
        if (text->s[l.at] != '$') {
            AS_TRY(add_byte(&to, text->s[l.at++], from));
            continue;
        }
        const char *value = NULL;
        AS_TRY(read_variable(&l, &value));
        for (; *value; value++) AS_TRY(add_byte(&to, *value, from));
    }
    if (!text->whole) out->whole = text->s;
    out->s = to.n ? to.s : "";
    out->origin = to.origin;
    if (to.n) to.origin[to.n] = text->origin ? text->origin[l.at] : (uint32_t)l.at;
    return AS_OK;
}
