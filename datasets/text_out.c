/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffered text output in the spellings of a stream. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "number.h"
#include "text_out.h"

enum { BLOCK = 1 << 16 }; /* what a pipe holds */

as_status as_out_open(as_ctx *ctx, as_arena *arena, FILE *file, as_text_out *out)
{
    *out = (as_text_out){ .ctx = ctx, .arena = arena, .file = file, .room = BLOCK };
    out->data = as_alloc(arena, BLOCK, 1);
    return out->data ? AS_OK : AS_ERR;
}

static void drain(as_text_out *o)
{
    if (o->failed || o->used == 0) return;
    if (fwrite(o->data, 1, o->used, o->file) != o->used) {
        (void)!as_fail(o->ctx, AS_E_IO, NULL, "writing: %s", strerror(errno));
        o->failed = true;
    }
    o->used = 0;
}

as_status as_out_flush(as_text_out *o)
{
    drain(o);
    if (o->failed) return AS_ERR;
    if (fflush(o->file) == 0) return AS_OK;
    o->failed = true;
    return as_fail(o->ctx, AS_E_IO, NULL, "writing: %s", strerror(errno));
}

char *as_out_room(as_text_out *o, size_t n)
{
    if (o->room - o->used < n) drain(o);
    if (o->failed) return NULL;
    if (o->room < n) {
        char *wider = as_alloc(o->arena, n, 2); /* the old block stays in the arena */
        if (!wider) {
            o->failed = true;
            return NULL;
        }
        o->data = wider;
        o->room = 2 * n;
    }
    return o->data + o->used;
}

void as_out_bytes(as_text_out *o, const char *text, size_t n)
{
    char *to = as_out_room(o, n);
    if (!to) return;
    memcpy(to, text, n);
    o->used += n;
}

void as_out_text(as_text_out *o, const char *text)
{
    as_out_bytes(o, text, strlen(text));
}

void as_out_number(as_text_out *o, double value)
{
    char *to = as_out_room(o, AS_NUMBER_MAX);
    if (to) o->used += as_write_number(value, to);
}

void as_out_unsigned(as_text_out *o, uint64_t value)
{
    as_out_number(o, (double)value);
}

/* Bytes of the UTF-8 sequence at s and its code point; 1 and U+FFFD where there is none. */
static size_t code_point(const unsigned char *s, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const size_t n = s[0] < 0x80   ? 1
                     : s[0] < 0xc0 ? 0
                     : s[0] < 0xe0 ? 2
                     : s[0] < 0xf0 ? 3
                     : s[0] < 0xf8 ? 4
                                   : 0;
    *code = 0xfffd;
    if (n <= 1) {
        if (n == 1) *code = s[0];
        return 1;
    }
    uint32_t c = s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) return 1;
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 1;
    *code = c;
    return n;
}

/* What JSON or YAML could take for a line end or refuse. */
static bool must_escape(uint32_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
           c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

static const char hex[] = "0123456789abcdef";

static void escape(as_text_out *o, uint32_t c)
{
    char text[6] = {
        '\\', 'u', hex[c >> 12 & 15], hex[c >> 8 & 15], hex[c >> 4 & 15], hex[c & 15]
    };
    if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r') {
        text[1] = c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : (char)c;
        as_out_bytes(o, text, 2);
    } else {
        as_out_bytes(o, text, 6);
    }
}

/* Bytes from s on that stand for themselves. */
static size_t count_plain(const unsigned char *s)
{
    size_t n = 0;
    while (s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' && s[n] != '\\') n++;
    return n;
}

void as_out_quoted(as_text_out *o, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t plain = count_plain(s);
    if (!s[plain]) { /* most texts */
        char *to = as_out_room(o, plain + 2);
        if (!to) return;
        to[0] = to[plain + 1] = '"';
        memcpy(to + 1, s, plain);
        o->used += plain + 2;
        return;
    }
    as_out_bytes(o, "\"", 1);
    for (;; plain = count_plain(s)) {
        uint32_t c;
        as_out_bytes(o, (const char *)s, plain);
        s += plain;
        if (!*s) break;
        const size_t n = code_point(s, &c);
        if (must_escape(c))
            escape(o, c);
        else if (c == 0xfffd)
            as_out_text(o, "\xef\xbf\xbd");
        else
            as_out_bytes(o, (const char *)s, n);
        s += n;
    }
    as_out_bytes(o, "\"", 1);
}

void as_out_value(as_text_out *o, double value)
{
    if (isnan(value)) {
        as_out_text(o, "null");
    } else if (isinf(value)) {
        as_out_text(o, value < 0 ? "\"-inf\"" : "\"inf\"");
    } else {
        char *to = as_out_room(o, AS_NUMBER_MAX);
        if (!to) return;
        size_t n = as_write_number(value, to);
        char *e = n < 8 ? memchr(to, 'e', n) : NULL; /* -1e-300 is the longest without a point */
        if (e && !memchr(to, '.', n)) { /* YAML 1.1 wants one before the exponent */
            memmove(e + 2, e, n - (size_t)(e - to));
            memcpy(e, ".0", 2);
            n += 2;
        }
        o->used += n;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain(const char *text)
{
    static const char *const meant[] = { "true", "false", "yes", "no", "on",
                                         "off",  "null",  "nan", "inf" };
    if (!is_letter(*text)) return false;
    for (const char *c = text; *c; c++)
        if (!is_letter(*c) && !(*c >= '0' && *c <= '9') && !strchr("_-./+()^*%", *c) &&
            !(*c == ' ' && c[1] && c[1] != ' '))
            return false;
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (strcasecmp(text, meant[i]) == 0) return false;
    return true;
}

void as_out_plain(as_text_out *o, const char *text)
{
    /* 0.1.0 and the like are plain too: two points make no number */
    const size_t version = strspn(text, "0123456789.");
    const char *first = strchr(text, '.');
    const bool is_version = version > 0 && text[version] == '\0' && *text != '.' && first &&
                            strchr(first + 1, '.') && text[version - 1] != '.';
    if (is_plain(text) || is_version)
        as_out_text(o, text);
    else
        as_out_quoted(o, text);
}

void as_out_cell(as_text_out *o, const char *text)
{
    if (!text || !*text) {
        as_out_bytes(o, "\"\"", 2);
        return;
    }
    const unsigned char *s = (const unsigned char *)text;
    char *to = as_out_room(o, 3 * strlen(text));
    if (!to) return;
    char *at = to;
    for (; *s; s++) {
        if (*s > 0x20 && *s != 0x7f && *s != '"' && *s != '#' && *s != '%') {
            *at++ = (char)*s;
            continue;
        }
        *at++ = '%';
        *at++ = "0123456789ABCDEF"[*s >> 4];
        *at++ = "0123456789ABCDEF"[*s & 15];
    }
    o->used += (size_t)(at - to);
}

void as_out_csv(as_text_out *o, const char *text, char delimiter)
{
    const size_t n = text ? strlen(text) : 0;
    const bool special =
        delimiter && n > 0 &&
        (strchr(text, delimiter) || strpbrk(text, "\"\r\n") || *text == ' ' || text[n - 1] == ' ');
    if (!special) {
        if (n) as_out_bytes(o, text, n);
        return;
    }
    as_out_bytes(o, "\"", 1);
    for (const char *c = text; *c; c++) {
        if (*c == '"') as_out_bytes(o, "\"", 1);
        as_out_bytes(o, c, 1);
    }
    as_out_bytes(o, "\"", 1);
}
