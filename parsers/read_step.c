/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of the step `read` in the history: options that repeat it. */
#include <string.h>

#include "read_step.h"

/* For the shell: as it is when harmless, else in single quotes. */
static const char *quoted(as_arena *a, const char *text)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-.,:=+/@%";
    if (text[0] && strspn(text, harmless) == strlen(text)) return text;
    char *out = as_alloc(a, 4 * strlen(text) + 3, 1), *to = out;
    if (!out) return NULL;
    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'') {
            memcpy(to, "'\\''", 4);
            to += 4;
        } else {
            *to++ = *text;
        }
    }
    *to = '\'';
    return out;
}

/* "--sheet 'Fig 2b'" of a format is "--option sheet='Fig 2b'" of `read`. */
static const char *as_options(as_arena *a, const char *text)
{
    char *out = as_alloc(a, 8 * strlen(text) + 1, 1), *to = out;
    bool in_quotes = false, name = false;
    for (const char *from = text; out && *from; from++) {
        const bool starts = from == text || from[-1] == ' ';
        if (*from == '\'') in_quotes = !in_quotes;
        if (!in_quotes && starts && from[0] == '-' && from[1] == '-') {
            memcpy(to, "--option ", 9);
            to += 9;
            from++;
            name = true;
        } else if (name && *from == ' ') {
            *to++ = '=';
            name = false;
        } else {
            *to++ = *from;
        }
    }
    return out;
}

const char *as_read_step(as_ctx *ctx, const as_parser *p, const as_read_options *how,
                         const void *settings)
{
    as_arena *a = as_scratch(ctx);
    const char *own = p->params && p->params[0].name ? as_settings_text(a, p->params, settings) : "";
    const char *part = how->part ? quoted(a, how->part) : "";
    own = own ? as_options(a, own) : NULL;
    if (!own || !part) return NULL;
    return as_format(a, "--format %s%s%s%s%s", p->name, part[0] ? " --part " : "", part,
                     own[0] ? " " : "", own);
}
