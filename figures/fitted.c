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

/* `text`, without its end where that has no room. */
static const char *without_end(as_view *v, const char *text, double room, double pt)
{
    if (as_font_extent(pt, text).w <= room) return text;
    for (size_t n = strlen(text); n-- > 0;) {
        if (!may_cut(text, n) || (n && text[n - 1] == ' ')) continue;
        const char *cut = as_format(as_scratch(v->ctx), "%.*s" ELLIPSIS, (int)n, text);
        if (!cut || n == 0 || as_font_extent(pt, cut).w <= room) return cut;
    }
    return text;
}

const char *as_text_fitted(as_view *v, const char *text, double room, double *pt)
{
    *pt = as_pt_fitted(v, text, room, *pt);
    const char *cut = without_end(v, text, room, *pt);
    if (cut && cut != text)
        as_warn(v->ctx, NULL, NULL,
                "'%s' is too long for this figure and was cut: take a shorter text or a larger page", text);
    return cut;
}

/* Behind a blank, '_', '-', '/' or the point of FILE.3 (not of 0.5), outside of markup. */
static bool is_word_end(const char *text, size_t n)
{
    const bool digit = n > 1 && text[n - 2] >= '0' && text[n - 2] <= '9';
    return (strchr(" _-/", text[n - 1]) || (text[n - 1] == '.' && n > 1 && !digit)) && may_cut(text, n - 1);
}

/* How many bytes all have in common up to the last end of a word. */
static size_t shared_start(size_t n, const char *const *text)
{
    size_t same = n > 1 ? strlen(text[0]) : 0;
    for (size_t i = 1; i < n; i++) {
        size_t k = 0;
        while (k < same && text[i][k] == text[0][k]) k++;
        same = k;
    }
    while (same > 0 && !is_word_end(text[0], same)) same--;
    return same;
}

as_status as_texts_fitted(as_view *v, size_t n, const char **text, double room, double pt)
{
    const char *first = NULL;
    size_t n_cut = 0;
    const size_t shared = shared_start(n, text);
    bool fits = true;
    for (size_t i = 0; i < n; i++) fits = fits && as_font_extent(pt, text[i]).w <= room;
    for (size_t i = 0; i < n && !fits; i++) {
        const char *own = text[i];
        if (shared > 3) own = as_format(as_scratch(v->ctx), ELLIPSIS "%s", text[i] + shared);
        const char *cut = own ? without_end(v, own, room, pt) : NULL;
        if (!cut) return AS_ERR;
        if (cut != own && !first) first = text[i];
        n_cut += cut != own;
        text[i] = cut;
    }
    if (n_cut == 1)
        as_warn(v->ctx, NULL, NULL,
                "'%s' is too long for this figure and was cut: take a shorter text or a larger page", first);
    if (n_cut > 1)
        as_warn(v->ctx, NULL, NULL, "%zu labels, '%s' the first, are too long for this figure and were cut: take "
                "shorter texts (--label) or a larger page", n_cut, first);
    return AS_OK;
}
