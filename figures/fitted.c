/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that has a given room: smaller where it must be, cut where that is not enough. */
#include <math.h>
#include <string.h>

#include "font.h"
#include "layout_inside.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* True when the first n bytes end between characters and outside of ^{...} and _{...}. */
static bool may_cut(const char *text, size_t n)
{
    int depth = 0;
    if (((unsigned char)text[n] & 0xc0) == 0x80) return false;
    for (size_t i = 0; i < n; i++) depth += (text[i] == '{') - (text[i] == '}');
    return depth == 0 && (n == 0 || !strchr("^_*\\", text[n - 1]));
}

double as_pt_fitted(const as_view *v, const char *text, double room, double pt)
{
    const double w = as_font_extent(pt, text).w;
    return w <= room ? pt : fmax(floor(pt * room / w * 100) / 100, fmin(pt, v->style.small_pt));
}

const char *as_text_fitted(as_view *v, const char *text, double room, double *pt)
{
    *pt = as_pt_fitted(v, text, room, *pt);
    if (as_font_extent(*pt, text).w <= room) return text;
    as_arena *scratch = as_scratch(v->ctx);
    for (size_t n = strlen(text); n-- > 0;) {
        if (!may_cut(text, n) || (n && text[n - 1] == ' ')) continue;
        const char *cut = as_format(scratch, "%.*s" ELLIPSIS, (int)n, text);
        if (!cut) return NULL;
        if (n && as_font_extent(*pt, cut).w > room) continue;
        as_warn(v->ctx, NULL, NULL,
                "'%s' is too long for this figure and was cut: take a shorter text or a larger page", text);
        return cut;
    }
    return text;
}
