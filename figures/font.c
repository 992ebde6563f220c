/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics of Liberation Sans from a table. */
#include <math.h>

#include "font.h"
#include "scripts.h"

typedef struct advance { uint16_t code, regular, oblique; } advance;

static const advance advances[] = {
#include "font_advance.def"
};

/* Pairs that the font draws closer than their advances say, 1/2048 em. */
typedef struct pair { char left, right; int16_t by; } pair;
static const pair pairs[] = {
    { ' ', 'A', -113 }, { ' ', 'T', -37 },  { ' ', 'Y', -37 },  { 'A', ' ', -113 }, { 'A', 'T', -152 },
    { 'A', 'V', -152 }, { 'A', 'W', -76 },  { 'A', 'Y', -152 }, { 'A', 'v', -37 },  { 'A', 'w', -37 },
    { 'A', 'y', -37 },  { 'F', ',', -227 }, { 'F', '.', -227 }, { 'F', 'A', -113 }, { 'L', ' ', -76 },
    { 'L', 'T', -152 }, { 'L', 'V', -152 }, { 'L', 'W', -152 }, { 'L', 'Y', -152 }, { 'L', 'y', -76 },
    { 'P', ' ', -37 },  { 'P', ',', -264 }, { 'P', '.', -264 }, { 'P', 'A', -152 }, { 'R', 'T', -37 },
    { 'R', 'V', -37 },  { 'R', 'W', -37 },  { 'R', 'Y', -37 },  { 'T', ' ', -37 },  { 'T', ',', -227 },
    { 'T', '-', -113 }, { 'T', '.', -227 }, { 'T', ':', -227 }, { 'T', ';', -227 }, { 'T', 'A', -152 },
    { 'T', 'O', -37 },  { 'T', 'a', -227 }, { 'T', 'c', -227 }, { 'T', 'e', -227 }, { 'T', 'i', -76 },
    { 'T', 'o', -227 }, { 'T', 'r', -76 },  { 'T', 's', -227 }, { 'T', 'u', -76 },  { 'T', 'w', -113 },
    { 'T', 'y', -113 }, { 'V', ',', -188 }, { 'V', '-', -113 }, { 'V', '.', -188 }, { 'V', ':', -76 },
    { 'V', ';', -76 },  { 'V', 'A', -152 }, { 'V', 'a', -152 }, { 'V', 'e', -113 }, { 'V', 'i', -37 },
    { 'V', 'o', -113 }, { 'V', 'r', -76 },  { 'V', 'u', -76 },  { 'V', 'y', -76 },  { 'W', ',', -113 },
    { 'W', '-', -37 },  { 'W', '.', -113 }, { 'W', ':', -37 },  { 'W', ';', -37 },  { 'W', 'A', -76 },
    { 'W', 'a', -76 },  { 'W', 'e', -37 },  { 'W', 'o', -37 },  { 'W', 'r', -37 },  { 'W', 'u', -37 },
    { 'W', 'y', -18 },  { 'Y', ' ', -37 },  { 'Y', ',', -264 }, { 'Y', '-', -188 }, { 'Y', '.', -264 },
    { 'Y', ':', -113 }, { 'Y', ';', -133 }, { 'Y', 'A', -152 }, { 'Y', 'a', -152 }, { 'Y', 'e', -188 },
    { 'Y', 'i', -76 },  { 'Y', 'o', -188 }, { 'Y', 'p', -152 }, { 'Y', 'q', -188 }, { 'Y', 'u', -113 },
    { 'Y', 'v', -113 }, { 'f', 'f', -37 },  { 'r', ',', -113 }, { 'r', '.', -113 }, { 'v', ',', -152 },
    { 'v', '.', -152 }, { 'w', ',', -113 }, { 'w', '.', -113 }, { 'y', ',', -152 }, { 'y', '.', -152 },
};

#define EM 2048.0
#define BOLD 1.07 /* bold letters are so much wider; digits and capitals need no table for panel letters */
#define CAPITAL (1409 / EM) /* height of a capital letter */

static const advance *lookup(uint32_t code)
{
    size_t lo = 0, hi = sizeof advances / sizeof *advances;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (advances[mid].code == code) return &advances[mid];
        if (advances[mid].code < code) lo = mid + 1;
        else hi = mid;
    }
    return NULL;
}

bool as_font_has(uint32_t code)
{
    return lookup(code) != NULL;
}

/* What fonts of other scripts give, roughly: marks nothing, ideographs and their like an em. */
static double other_advance(uint32_t code)
{
    static const struct { uint32_t first, last; double advance; } range[] = {
        { 0x300, 0x36f, 0 },       { 0x483, 0x489, 0 },       { 0x591, 0x5bd, 0 },     { 0x610, 0x61a, 0 },
        { 0x64b, 0x65f, 0 },       { 0x93c, 0x93c, 0 },       { 0x941, 0x948, 0 },     { 0x94d, 0x94d, 0 },
        { 0xe31, 0xe31, 0 },       { 0xe34, 0xe3a, 0 },       { 0xe47, 0xe4e, 0 },     { 0x1100, 0x115f, 1 },
        { 0x200b, 0x200f, 0 },     { 0x2028, 0x202e, 0 },     { 0x20d0, 0x20ff, 0 },   { 0x2190, 0x2bff, 0.9 },
        { 0x2e80, 0xa4cf, 1 },     { 0xac00, 0xd7a3, 1 },     { 0xf900, 0xfaff, 1 },   { 0xfe00, 0xfe0f, 0 },
        { 0xfe20, 0xfe2f, 0 },     { 0xfe30, 0xff60, 1 },     { 0xff61, 0xffdc, 0.5 }, { 0xffe0, 0xffe6, 1 },
        { 0x1f000, 0x1faff, 1.3 }, { 0x20000, 0x3fffd, 1 },
    };
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        if (code >= range[i].first && code <= range[i].last) return range[i].advance;
    return 0.65;
}

double as_font_advance(uint32_t code, bool italic)
{
    const advance *a = lookup(code);
    if (a) return (italic ? a->oblique : a->regular) / EM;
    return other_advance(code);
}

bool as_is_foreign(size_t n, const as_glyph *g)
{
    for (size_t i = 0; i < n; i++)
        if (!lookup(g[i].code)) return true;
    return false;
}

double as_glyph_advance(const as_glyph *g)
{
    return as_font_advance(g->code, g->italic) * (g->bold ? BOLD : 1);
}

/* What to add between two neighbours, in em; mostly 0. */
static double kerning(uint32_t left, uint32_t right)
{
    if (left > 'z' || right > 'z') return 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((uint32_t)pairs[i].left == left && (uint32_t)pairs[i].right == right)
            return pairs[i].by / EM;
    return 0;
}

double as_font_place(size_t n, const as_glyph *g, as_point *at)
{
    double x = 0, begin = 0, furthest = 0; /* of a raised or lowered group */
    for (size_t i = 0; i < n; i++) {
        const double scale = g[i].level ? AS_SCRIPT_SCALE : 1;
        const int before = i > 0 ? g[i - 1].level : 0;
        if (g[i].level && !before) begin = x;
        else if (g[i].level && g[i].level == -before) x = begin; /* one under the other */
        else if (!g[i].level && before) x = fmax(x, furthest);
        else if (i > 0 && g[i].italic == g[i - 1].italic && !g[i].bold)
            x += scale * kerning(g[i - 1].code, g[i].code);
        at[i].x = x;
        at[i].y = g[i].level > 0 ? AS_SCRIPT_RAISE : g[i].level < 0 ? -AS_SCRIPT_LOWER : 0;
        x += scale * as_glyph_advance(&g[i]);
        furthest = fmax(furthest, x);
    }
    return furthest;
}

as_size as_font_extent(double size_pt, const char *utf8)
{
    as_glyph g[AS_MARKUP_MAX];
    as_point at[AS_MARKUP_MAX];
    const size_t n = as_markup(utf8, g);
    return (as_size){ as_font_place(n, g, at) * size_pt * AS_MM_PER_PT,
                      CAPITAL * size_pt * AS_MM_PER_PT };
}
