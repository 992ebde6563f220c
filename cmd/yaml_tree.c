/* SPDX-License-Identifier: GPL-3.0-or-later */
/* YAML as a tree with positions. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "yaml_tree.h"

struct as_tree {
    as_ctx *ctx;
    as_arena *a;
    const as_input *in;
    const char *whole;
    yaml_document_t document;
    size_t n_lines;
    uint32_t *line_start; /* byte offset of each line */
};

static void forget(void *tree)
{
    yaml_document_delete(&((as_tree *)tree)->document);
}

static as_status index_lines(as_tree *t)
{
    size_t n = 1;
    for (size_t i = 0; i < t->in->size; i++) n += t->whole[i] == '\n';
    t->line_start = AS_NEW_N(t->a, uint32_t, n);
    if (!t->line_start) return AS_ERR;
    t->n_lines = 1;
    for (size_t i = 0; i < t->in->size; i++)
        if (t->whole[i] == '\n') t->line_start[t->n_lines++] = (uint32_t)i + 1;
    return AS_OK;
}

/* libyaml counts lines from 0 and columns in characters from 0. */
static size_t offset_of(const as_tree *t, const yaml_mark_t *m)
{
    size_t at = t->line_start[m->line < t->n_lines ? m->line : t->n_lines - 1];
    for (size_t left = m->column; left > 0 && t->whole[at] && t->whole[at] != '\n'; left--) {
        at++;
        while ((t->whole[at] & 0xC0) == 0x80) at++;
    }
    return at;
}

/* The whole file as text, so that any offset becomes a position; begun at the line of `m`. */
static as_text whole_from(const as_tree *t, const yaml_mark_t *m)
{
    const size_t line = m->line < t->n_lines ? m->line : t->n_lines - 1;
    return (as_text){ .s = t->whole,
                      .file = t->in->name,
                      .whole = t->whole,
                      .line = (uint32_t)line + 1,
                      .line_start = t->line_start[line] };
}

static as_where where_of(const as_tree *t, const yaml_mark_t *from, const yaml_mark_t *to)
{
    const as_text whole = whole_from(t, from);
    const size_t at = offset_of(t, from), end = to ? offset_of(t, to) : at + 1;
    return as_text_where(t->a, &whole, at, end > at ? end - at : 0);
}

static as_status syntax_error(as_tree *t, const yaml_parser_t *p)
{
    const as_where at = where_of(t, &p->problem_mark, NULL);
    if (p->error == YAML_MEMORY_ERROR)
        return as_fail(t->ctx, AS_E_NOMEM, NULL, "no memory for the recipe");
    if (p->error == YAML_READER_ERROR)
        return as_fail(t->ctx, AS_E_USAGE, NULL, "%s: %s at byte %zu", t->in->name, p->problem,
                       p->problem_offset);
    const bool tab =
        p->problem && (strstr(p->problem, "cannot start any token") || strstr(p->problem, " tab "));
    return as_fail(t->ctx, AS_E_USAGE, &at, "%s%s%s%s", p->context ? p->context : "",
                   p->context ? ": " : "", p->problem ? p->problem : "not YAML",
                   tab ? " (text with such a character stands in quotes; YAML is indented by "
                         "blanks, never tabs)"
                       : "");
}

static as_status load(as_tree *t, yaml_parser_t *p)
{
    yaml_document_t second;
    if (!yaml_parser_load(p, &t->document)) return syntax_error(t, p);
    if (as_defer(t->a, forget, t) != AS_OK) return AS_ERR;
    if (!yaml_document_get_root_node(&t->document))
        return as_fail(t->ctx, AS_E_USAGE, &(as_where){ .file = t->in->name },
                       "the file is empty, expected a recipe");
    if (!yaml_parser_load(p, &second)) return syntax_error(t, p);
    const yaml_node_t *more = yaml_document_get_root_node(&second);
    const as_where at = more ? where_of(t, &more->start_mark, NULL) : (as_where){ 0 };
    yaml_document_delete(&second);
    return more ? as_fail(t->ctx, AS_E_USAGE, &at, "a second document begins here, expected one")
                : AS_OK;
}

/* libyaml looks at every open bracket for every token: ten thousand of them would take it minutes. Brackets
 * are counted wherever they stand. */
static as_status check_depth(const as_tree *t)
{
    enum { DEPTH_MAX = 1000 };
    int depth = 0;
    for (const char *c = t->whole; *c && depth <= DEPTH_MAX; c++) {
        if (*c == '[' || *c == '{') depth++;
        if ((*c == ']' || *c == '}') && depth) depth--;
    }
    if (depth <= DEPTH_MAX) return AS_OK;
    return as_fail(t->ctx, AS_E_LIMIT, &(as_where){ .file = t->in->name },
                   "more than %d brackets are open at once", DEPTH_MAX);
}

as_status as_tree_load(as_ctx *ctx, as_arena *a, const as_input *in, as_tree **out)
{
    as_tree *t = *out = AS_NEW(a, as_tree);
    yaml_parser_t parser;
    if (!t) return AS_ERR;
    t->ctx = ctx;
    t->a = a;
    t->in = in;
    if (!in->is_text)
        return as_fail(ctx, AS_E_USAGE, &(as_where){ .file = in->name },
                       "binary data, expected a recipe in YAML");
    if (in->size > UINT32_MAX / 2)
        return as_fail(ctx, AS_E_LIMIT, NULL, "%s: too large for a recipe", in->name);
    t->whole = (const char *)in->data;
    AS_TRY(index_lines(t));
    AS_TRY(check_depth(t));
    if (!yaml_parser_initialize(&parser))
        return as_fail(ctx, AS_E_NOMEM, NULL, "no memory for the recipe");
    yaml_parser_set_input_string(&parser, in->data, in->size);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    const as_status s = load(t, &parser);
    yaml_parser_delete(&parser);
    return s;
}

/* --- nodes ---------------------------------------------------------------------------- */

as_node as_tree_root(const as_tree *t)
{
    (void)t;
    return 1; /* libyaml numbers nodes from 1, the root first */
}

static const yaml_node_t *node_of(const as_tree *t, as_node n)
{
    return t->document.nodes.start + n - 1;
}

as_node_kind as_node_is(const as_tree *t, as_node n)
{
    const yaml_node_type_t type = node_of(t, n)->type;
    return type == YAML_SEQUENCE_NODE  ? AS_N_LIST
           : type == YAML_MAPPING_NODE ? AS_N_MAP
                                       : AS_N_TEXT;
}

as_where as_node_where(const as_tree *t, as_node n)
{
    const yaml_node_t *node = node_of(t, n);
    return where_of(t, &node->start_mark, as_node_is(t, n) == AS_N_TEXT ? &node->end_mark : NULL);
}

size_t as_node_count(const as_tree *t, as_node n)
{
    const yaml_node_t *node = node_of(t, n);
    if (node->type == YAML_SEQUENCE_NODE)
        return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (node->type == YAML_MAPPING_NODE)
        return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    return 0;
}

as_node as_node_item(const as_tree *t, as_node n, size_t i)
{
    const yaml_node_t *node = node_of(t, n);
    return node->type == YAML_SEQUENCE_NODE ? node->data.sequence.items.start[i]
                                            : node->data.mapping.pairs.start[i].value;
}

as_node as_node_key(const as_tree *t, as_node n, size_t i)
{
    return node_of(t, n)->data.mapping.pairs.start[i].key;
}

const char *as_node_text(const as_tree *t, as_node n)
{
    const yaml_node_t *node = node_of(t, n);
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

as_status as_node_fail(const as_tree *t, as_node n, const char *fmt, ...)
{
    char message[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    const as_where at = as_node_where(t, n);
    return as_fail(t->ctx, AS_E_USAGE, &at, "%s", message);
}

/* Where the content of a scalar begins: behind anchor or tag, quote, or block header. */
static size_t content_start(const as_tree *t, const yaml_node_t *node)
{
    const char *s = t->whole;
    size_t at = offset_of(t, &node->start_mark);
    while (s[at] == '&' || s[at] == '!') {
        while (s[at] && !strchr(" \t\r\n", s[at])) at++;
        while (s[at] && strchr(" \t\r\n", s[at])) at++;
    }
    const yaml_scalar_style_t style = node->data.scalar.style;
    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        return at + 1;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        while (s[at] && s[at] != '\n') at++;
    return at;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t escape_length(const char *s)
{
    return s[1] == 'x' ? 4 : s[1] == 'u' ? 6 : s[1] == 'U' ? 10 : 2;
}

/* Quoting and folding only leave bytes out or make a blank of a line end, so the value is found
 * again in the file by walking along both. */
static void align(const as_tree *t, const yaml_node_t *node, uint32_t *origin)
{
    const char *s = t->whole, *value = (const char *)node->data.scalar.value;
    const bool escapes = node->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    const size_t end = offset_of(t, &node->end_mark);
    size_t at = content_start(t, node), n = node->data.scalar.length;
    for (size_t i = 0; i < n; i++) {
        size_t p = at;
        while (p < end && s[p] != value[i] && !(value[i] == ' ' && blank(s[p])) &&
               !(escapes && s[p] == '\\'))
            p++;
        if (p >= end) p = at;
        const bool escape = escapes && s[p] == '\\';
        if (escape && s[p + 1] == '\n') { /* a line continued: nothing stands for it */
            at = p + 2;
            while (s[at] == ' ' || s[at] == '\t') at++;
            i--;
            continue;
        }
        origin[i] = (uint32_t)p;
        at = p + (escape ? escape_length(s + p) : 1);
    }
    origin[n] = (uint32_t)(at < end ? at : end);
}

as_status as_node_source(const as_tree *t, as_node n, as_text *out)
{
    const yaml_node_t *node = node_of(t, n);
    uint32_t *origin = AS_NEW_N(t->a, uint32_t, node->data.scalar.length + 1);
    if (!origin) return AS_ERR;
    align(t, node, origin);
    *out = whole_from(t, &node->start_mark);
    out->s = (const char *)node->data.scalar.value;
    out->origin = origin;
    return AS_OK;
}

/* --- mappings -------------------------------------------------------------------------- */

static const char *kind_name(as_node_kind k)
{
    return k == AS_N_MAP ? "a mapping" : k == AS_N_TEXT ? "text" : "a list";
}

static as_status wrong_kind(const as_tree *t, as_node n, const char *what, int kinds)
{
    char list[64] = "";
    static const struct {
        int kind;
        const char *name;
    } names[] = {
        { AS_N_TEXT, "text" },
        { AS_N_TEXTS, "a list of texts" },
        { AS_N_LIST, "a list" },
        { AS_N_MAP, "a mapping" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t at = strlen(list);
        if (kinds & names[i].kind)
            (void)snprintf(list + at, sizeof list - at, "%s%s", at ? " or " : "", names[i].name);
    }
    const bool empty = as_node_is(t, n) == AS_N_TEXT && !*as_node_text(t, n);
    return as_node_fail(t, n, "%s is %s, expected %s", what,
                        empty ? "empty" : kind_name(as_node_is(t, n)), list);
}

as_status as_node_expect(const as_tree *t, as_node n, const char *what, int kinds)
{
    const as_node_kind is = as_node_is(t, n);
    if (is == AS_N_TEXT)
        return (kinds & AS_N_TEXT) && *as_node_text(t, n) ? AS_OK : wrong_kind(t, n, what, kinds);
    if (is == AS_N_MAP) return kinds & AS_N_MAP ? AS_OK : wrong_kind(t, n, what, kinds);
    if (kinds & AS_N_LIST) return AS_OK;
    if (!(kinds & AS_N_TEXTS)) return wrong_kind(t, n, what, kinds);
    for (size_t i = 0; i < as_node_count(t, n); i++) {
        const as_node item = as_node_item(t, n, i);
        if (as_node_is(t, item) != AS_N_TEXT || !*as_node_text(t, item))
            return as_node_fail(t, item, "an item of %s is %s, expected text", what,
                                as_node_is(t, item) == AS_N_TEXT ? "empty"
                                                                 : kind_name(as_node_is(t, item)));
    }
    return as_node_count(t, n) ? AS_OK : as_node_fail(t, n, "%s is an empty list", what);
}

static as_status check_choice(const as_tree *t, as_node n, const as_key *key)
{
    const char *given = as_node_text(t, n);
    size_t count = 0;
    char all[256] = "";
    for (const char *at = key->choices; *at; count++) {
        const size_t length = strcspn(at, "|"), room = strlen(all);
        if (strlen(given) == length && strncmp(given, at, length) == 0) return AS_OK;
        (void)snprintf(all + room, sizeof all - room, "%s%.*s", count ? ", " : "", (int)length, at);
        at += length + (at[length] == '|');
    }
    return as_node_fail(t, n, "%s is '%s', expected %s%s", key->name, given,
                        count > 1 ? "one of " : "", all);
}

static as_status check_choices(const as_tree *t, as_node n, const as_key *key)
{
    if (!key->choices) return AS_OK;
    if (as_node_is(t, n) == AS_N_TEXT) return check_choice(t, n, key);
    for (size_t i = 0; i < as_node_count(t, n); i++)
        AS_TRY(check_choice(t, as_node_item(t, n, i), key));
    return AS_OK;
}

static bool good_name(const char *s)
{
    if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_')) return false;
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
              *s == '_' || *s == '-'))
            return false;
    return true;
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) ? "an" : "a";
}

static as_status unknown_key(const as_tree *t, as_node key, const char *what, size_t n,
                             const as_key *keys)
{
    const char **names = AS_NEW_N(t->a, const char *, n);
    const char *given = as_node_text(t, key);
    if (!names) return AS_ERR;
    char all[512] = "";
    for (size_t i = 0; i < n; i++) {
        const size_t at = strlen(all);
        names[i] = keys[i].name;
        (void)snprintf(all + at, sizeof all - at, "%s%s", i ? ", " : "", names[i]);
    }
    if (!good_name(given)) /* most likely a piece of a text that YAML cut at a comma */
        return as_node_fail(t, key,
                            "%s %s has no key '%s'; text with a comma, colon or bracket inside "
                            "{ } stands in quotes",
                            article(what), what, given);
    const char *near = as_near_miss(given, n, names);
    if (near)
        return as_node_fail(t, key, "%s %s has no key '%s'; did you mean '%s'?", article(what),
                            what, given, near);
    return as_node_fail(t, key, "%s %s has no key '%s', expected one of %s", article(what), what,
                        given, all);
}

as_status as_node_map(const as_tree *t, as_node n, const char *what, size_t n_keys,
                      const as_key *keys, as_node *values)
{
    memset(values, 0, n_keys * sizeof *values);
    AS_TRY(as_node_expect(t, n, what, AS_N_MAP));
    for (size_t i = 0; i < as_node_count(t, n); i++) {
        const as_node key = as_node_key(t, n, i), value = as_node_item(t, n, i);
        size_t k = 0;
        while (k < n_keys && strcmp(keys[k].name, as_node_text(t, key)) != 0) k++;
        if (k == n_keys) return unknown_key(t, key, what, n_keys, keys);
        if (values[k])
            return as_node_fail(t, key, "the key '%s' stands here again (first in line %u)",
                                keys[k].name, as_node_where(t, values[k]).line);
        AS_TRY(as_node_expect(t, value, keys[k].name, keys[k].kinds));
        AS_TRY(check_choices(t, value, &keys[k]));
        values[k] = value;
    }
    for (size_t k = 0; k < n_keys; k++)
        if (keys[k].required && !values[k])
            return as_node_fail(t, n, "this %s lacks the key '%s': %s", what, keys[k].name,
                                keys[k].help);
    return AS_OK;
}

as_status as_node_names(const as_tree *t, as_node n, const char *what)
{
    for (size_t i = 0; i < as_node_count(t, n); i++) {
        const as_node key = as_node_key(t, n, i);
        const char *name = as_node_text(t, key);
        if (!good_name(name))
            return as_node_fail(
                t, key,
                "'%s' cannot name %s: a name is letters, digits, _ and -, beginning with a letter",
                name, what);
        for (size_t k = 0; k < i; k++)
            if (strcmp(name, as_node_text(t, as_node_key(t, n, k))) == 0)
                return as_node_fail(t, key, "the name '%s' stands here again (first in line %u)",
                                    name, as_node_where(t, as_node_key(t, n, k)).line);
    }
    return AS_OK;
}
