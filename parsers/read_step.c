/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of the step `read` in the history: options that repeat it. */
#include <string.h>

#include "encoding.h"
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

/* Without the folders of the file itself: "a.zip!sub/b.xy". */
static const char *source_name(const char *name)
{
    const size_t outer = strcspn(name, "!");
    size_t start = outer;
    while (start > 0 && name[start - 1] != '/') start--;
    return name + start;
}

/* Formats have no place to say that no instrument made the data; our writers put it into a
 * remark ("simulated: ...") or into the heading of a column file ("name (simulated)"). It must
 * come back as metadata, which figures and tables show. */
static as_status mark_simulated(as_ctx *ctx, as_table *t)
{
    static const char mark[] = "simulated:", heading[] = "(simulated)";
    for (size_t i = 0; i < t->n_meta; i++) {
        const as_meta *m = &t->meta[i];
        const size_t n = strlen(m->key);
        if (strcmp(m->key, "simulated") == 0) return AS_OK;
        if (m->text && strncmp(m->text, mark, sizeof mark - 1) == 0) {
            const char *what = m->text + sizeof mark - 1;
            return as_set_meta(ctx, t, "simulated", what + strspn(what, " "), NULL, &m->from);
        }
        if (n >= sizeof heading - 1 && strcmp(m->key + n - (sizeof heading - 1), heading) == 0)
            return as_set_meta(ctx, t, "simulated", "as its heading says", NULL, &m->from);
    }
    return AS_OK;
}

as_status as_sign(as_ctx *ctx, as_table *t, const as_origin *from)
{
    const char *const *techniques = from->parser->techniques;
    const char *only = techniques && techniques[0] && !techniques[1] ? techniques[0] : "generic";
    if (!t->technique) t->technique = only;
    if (!t->label && t->name) t->label = t->name;
    if (t->kind == AS_KIND_DATA && (!as_find_role(t, AS_ROLE_X) || !as_find_role(t, AS_ROLE_Y)))
        return as_fail(ctx, AS_E_BUG, NULL, "format %s gave a table without x or y",
                       from->parser->name);
    AS_TRY(as_set_meta(ctx, t, "source.name", from->name, NULL, NULL));
    AS_TRY(as_set_meta(ctx, t, "source.sha256", from->sha256, NULL, NULL));
    AS_TRY(mark_simulated(ctx, t));
    AS_TRY(as_set_meta(ctx, t, "source.format", from->parser->name, NULL, NULL));
    const as_step step = { .op = "read", .version = ASSAY_VERSION, .settings = from->settings };
    return as_add_step(ctx, t, &step);
}

as_status as_origin_of(as_ctx *ctx, const as_input *in, const as_parser *p,
                       const as_read_options *how, const void *settings, as_origin *out)
{
    *out = (as_origin){ .parser = p, .name = as_utf8_of(as_scratch(ctx), source_name(in->name)),
                     .settings = as_read_step(ctx, p, how, settings) };
    if (!out->name || !out->settings) return AS_ERR;
    as_sha256_of(in->raw, in->raw_size, out->sha256);
    return AS_OK;
}
