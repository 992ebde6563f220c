/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels into glyphs, each with its level and slant. */
#include <string.h>

#include "markup.h"

uint32_t as_utf8_next(const char **at)
{
    const unsigned char *s = (const unsigned char *)*at;
    if (!*s) return 0;
    const int more = *s < 0x80 ? 0 : *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc2 ? 1 : -1;
    if (more < 0 || *s > 0xf4) {
        *at += 1;
        return 0xfffd;
    }
    uint32_t code = more == 0 ? *s : *s & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *at += i;
            return 0xfffd;
        }
        code = code << 6 | (s[i] & 0x3fu);
    }
    *at += more + 1;
    return code;
}

size_t as_utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | code);
    return n;
}

/* Unicode's raised and lowered digits and signs, as ordinary ones with a level. */
static as_glyph plain(uint32_t code)
{
    static const char raised[] = "0123456789+-=()n", lowered[] = "0123456789+-=()";
    as_glyph g = { .code = code };
    if (code == 0xb9 || code == 0xb2 || code == 0xb3) {
        g.code = code == 0xb9 ? '1' : code - 0xb0 + '0';
        g.level = 1;
    } else if (code == 0x2070 || (code >= 0x2074 && code <= 0x207f)) {
        g.code = (unsigned char)raised[code - 0x2070];
        g.level = 1;
    } else if (code >= 0x2080 && code <= 0x208e) {
        g.code = (unsigned char)lowered[code - 0x2080];
        g.level = -1;
    }
    if (g.level && g.code == '-') g.code = 0x2212;
    return g;
}

/* The end of a group that opens at `s` ("{..}"); NULL when it never closes. */
static const char *closing(const char *s)
{
    int depth = 0;
    for (; *s; s++) {
        if (*s == '\\' && s[1]) s++;
        else if (*s == '{') depth++;
        else if (*s == '}' && --depth == 0) return s;
    }
    return NULL;
}

/* True when ** at `s` has a partner. */
static bool bold_paired(const char *s)
{
    return s[0] == '*' && s[1] == '*' && s[2] && s[2] != ' ' && s[2] != '*' && strstr(s + 3, "**");
}

/* True when a * at `s` has a partner before the group or the text ends. */
static bool paired(const char *s)
{
    if (s[1] == ' ' || s[1] == '*' || !s[1]) return false;
    for (s++; *s; s++) {
        if (*s == '\\' && s[1]) s++;
        else if (*s == '*') return s[-1] != ' ';
    }
    return false;
}

size_t as_markup(const char *utf8, as_glyph out[AS_MARKUP_MAX])
{
    const char *at = utf8, *end = NULL; /* of the raised or lowered group */
    int8_t level = 0;
    bool italic = false, bold = false;
    size_t n = 0;
    while (*at && n < AS_MARKUP_MAX) {
        if (end && at == end) {
            end = NULL;
            level = 0;
            at++;
            continue;
        }
        if (!end && (*at == '^' || *at == '_') && at[1] == '{' && (end = closing(at + 1))) {
            level = *at == '^' ? 1 : -1;
            at += 2;
            continue;
        }
        if (bold ? at[0] == '*' && at[1] == '*' : bold_paired(at)) {
            bold = !bold;
            at += 2;
            continue;
        }
        if (*at == '*' && (italic || paired(at))) {
            italic = !italic;
            at++;
            continue;
        }
        if (*at == '\\' && at[1]) at++;
        as_glyph g = plain(as_utf8_next(&at));
        if (level) g.level = level;
        if (level && g.code == '-') g.code = 0x2212;
        g.italic = italic && !bold; /* there is no face for both */
        g.bold = bold;
        out[n++] = g;
    }
    return n;
}
