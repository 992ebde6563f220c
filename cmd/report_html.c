/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of HTML that is well-formed XML too. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "markup.h"
#include "report.h"

/* Characters that XML 1.0 allows. */
static bool is_character(uint32_t c)
{
    return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c <= 0xd7ff) ||
           (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

static void put_code(FILE *to, uint32_t code)
{
    char bytes[4];
    if (!is_character(code)) code = 0xfffd;
    switch (code) {
    case '&': fputs("&amp;", to); break;
    case '<': fputs("&lt;", to); break;
    case '>': fputs("&gt;", to); break;
    case '"': fputs("&quot;", to); break;
    default: (void)fwrite(bytes, 1, as_utf8_put(code, bytes), to);
    }
}

void as_html(FILE *to, const char *text)
{
    while (text && *text) put_code(to, as_utf8_next(&text));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A hyphen before a digit that no word, date or range goes before; an exponent's is one too. */
static bool is_sign(const char *text, const char *at)
{
    if (*at != '-' || !is_digit(at[1] == '.' ? at[2] : at[1])) return false;
    if (at == text || at[-1] == ' ' || at[-1] == '(' || at[-1] == '[') return true;
    return at - text > 1 && at[-1] == 'e' && is_digit(at[-2]);
}

void as_html_numbers(FILE *to, const char *text)
{
    for (const char *at = text; at && *at;) {
        const bool sign = is_sign(text, at);
        const uint32_t code = as_utf8_next(&at);
        put_code(to, sign ? 0x2212 : code);
    }
}

void as_htmlf(FILE *to, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *f = format; *f; f++) {
        if (*f != '%') {
            fputc(*f, to);
        } else if (f[1] == 's') {
            as_html(to, va_arg(args, const char *));
            f++;
        } else if (f[1] == 'u') {
            fprintf(to, "%u", va_arg(args, unsigned));
            f++;
        } else if (f[1] == 'z') {
            fprintf(to, "%zu", va_arg(args, size_t));
            f += 2;
        } else {
            fputc(*++f, to);
        }
    }
    va_end(args);
}

/* --- labels --------------------------------------------------------------------------------- */

static const char *tag_of(const as_glyph *g, int which)
{
    if (which == 0) return g->level > 0 ? "sup" : g->level < 0 ? "sub" : NULL;
    if (which == 1) return g->italic ? "i" : NULL;
    return g->bold ? "b" : NULL;
}

/* Digits above and below the line have characters of their own. */
static uint32_t plain_code(const as_glyph *g)
{
    static const uint16_t above[] = { 0x2070, 0xb9,   0xb2,   0xb3,   0x2074,
                                      0x2075, 0x2076, 0x2077, 0x2078, 0x2079 };
    const bool digit = g->code >= '0' && g->code <= '9';
    if (g->level > 0 && digit) return above[g->code - '0'];
    if (g->level < 0 && digit) return 0x2080 + g->code - '0';
    return g->level > 0 && (g->code == 0x2212 || g->code == '-') ? 0x207b : g->code;
}

/* Tags around runs of glyphs that look the same. */
static void put_run(FILE *to, size_t n, const as_glyph *g, bool tags)
{
    for (int w = 0; tags && w < 3; w++)
        if (tag_of(g, w)) fprintf(to, "<%s>", tag_of(g, w));
    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        if (tags)
            put_code(to, g[i].code);
        else
            (void)fwrite(bytes, 1, as_utf8_put(plain_code(&g[i]), bytes), to);
    }
    for (int w = 2; tags && w >= 0; w--)
        if (tag_of(g, w)) fprintf(to, "</%s>", tag_of(g, w));
}

static const char *label(as_arena *a, const char *text, bool tags)
{
    as_glyph glyph[AS_MARKUP_MAX];
    char *made = NULL;
    size_t size = 0;
    const size_t n = as_markup(text ? text : "", glyph);
    FILE *to = open_memstream(&made, &size);
    if (!to) return NULL;
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && glyph[k].level == glyph[i].level &&
                        glyph[k].italic == glyph[i].italic && glyph[k].bold == glyph[i].bold;)
            k++;
        put_run(to, k - i, glyph + i, tags);
    }
    const char *copy = fclose(to) == 0 ? as_strndup(a, made, size) : NULL;
    free(made);
    return copy;
}

const char *as_label_html(as_arena *a, const char *text)
{
    return label(a, text, true);
}

const char *as_label_plain(as_arena *a, const char *text)
{
    return label(a, text, false);
}

const char *as_html_name(as_arena *a, const char *name)
{
    char *out = as_strndup(a, "", 0), piece[8];
    for (const unsigned char *c = (const unsigned char *)name; out && *c; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                           (*c >= '0' && *c <= '9') || *c == '-' || *c == '_';
        (void)snprintf(piece, sizeof piece, plain ? "%c" : ".%02X", *c);
        out = as_format(a, "%s%s", out, piece);
    }
    return out ? out : "";
}

const char *as_html_source(as_report *r, const char *name)
{
    const bool input = as_yield_find(r->k, name)->input != NULL;
    const char *id = as_format(r->s->arena, "%s-%s", input ? "input" : "step",
                               as_html_name(r->s->arena, name));
    return id ? id : "";
}

/* --- data ----------------------------------------------------------------------------------- */

void as_html_base64(FILE *to, const void *data, size_t n)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *d = data;
    for (size_t i = 0; i < n; i += 3) {
        const uint32_t v = (uint32_t)d[i] << 16 | (i + 1 < n ? (uint32_t)d[i + 1] << 8 : 0) |
                           (i + 2 < n ? d[i + 2] : 0u);
        fputc(digit[v >> 18], to);
        fputc(digit[v >> 12 & 63], to);
        fputc(i + 1 < n ? digit[v >> 6 & 63] : '=', to);
        fputc(i + 2 < n ? digit[v & 63] : '=', to);
    }
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void as_html_hash(FILE *to, const char *content)
{
    char hex[AS_SHA256_TEXT];
    unsigned char raw[32];
    as_sha256_of(content, strlen(content), hex);
    for (size_t i = 0; i < 32; i++)
        raw[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    fputs("'sha256-", to);
    as_html_base64(to, raw, sizeof raw);
    fputc('\'', to);
}

void as_html_json(FILE *to, const char *json)
{
    for (; *json; json++) {
        if (*json == '<' || *json == '>' || *json == '&')
            fprintf(to, "\\u%04x", (unsigned)*json);
        else
            fputc(*json, to);
    }
}

void as_html_download(FILE *to, const char *id, const char *file, const char *type,
                      const char *text, const void *data, size_t n)
{
    char size[32];
    if (n < 1000)
        (void)snprintf(size, sizeof size, "%zu B", n);
    else if (n < 1000000)
        (void)snprintf(size, sizeof size, "%zu kB", (n + 500) / 1000);
    else
        (void)snprintf(size, sizeof size, "%zu.%zu MB", n / 1000000, n / 100000 % 10);
    fputs("<a", to);
    if (id) as_htmlf(to, " id=\"%s\"", id);
    as_htmlf(to, " download=\"%s\" href=\"data:%s;base64,", file, type);
    as_html_base64(to, data, n);
    as_htmlf(to, "\">%s</a> <span class=\"soft\">%s</span>", text, size);
}

const char *as_verdict_class(as_verdict v)
{
    return v == AS_SUPPORTED ? "supported" : v == AS_NOT_SUPPORTED ? "not-supported" : "undecided";
}
