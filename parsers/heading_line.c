/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of columns in lines that are cut in another way than the numbers below them. */
#include <string.h>

#include "heading_line.h"
#include "headings.h"

/* What parts names of columns that are parted by blanks. */
typedef enum { COMMAS, WIDE_GAPS, BLANKS_BUT_UNITS, BLANKS_BEHIND_UNITS, N_PARTINGS } parting;

/* The end of the name that begins at `at`. */
static size_t name_end(const char *text, size_t n, size_t at, parting by)
{
    for (size_t i = at; i < n; i++) {
        if (text[i] == (by == COMMAS ? ',' : '\t')) return i;
        if (text[i] != ' ') continue;
        const char next = i + 1 < n ? text[i + 1] : ' ', before = text[i - 1];
        if (by == WIDE_GAPS && (next == ' ' || next == '\t')) return i;
        if (by == BLANKS_BUT_UNITS && !strchr("/([", next)) return i;
        if (by == BLANKS_BEHIND_UNITS && (before == ')' || before == ']')) return i;
    }
    return n;
}

as_status as_split_blank_names(as_ctx *ctx, const char *text, size_t n, size_t want, as_field **out)
{
    as_field *f = AS_NEW_N(as_scratch(ctx), as_field, want + 1);
    if (!f) return AS_ERR;
    *out = NULL;
    for (parting by = COMMAS; by < N_PARTINGS && !*out; by++) {
        size_t found = 0;
        for (size_t at = 0, end; at < n && found <= want; at = end) {
            at += strspn(text + at, by == COMMAS && at > 0 ? ", \t" : " \t");
            end = at < n ? name_end(text, n, at, by) : at;
            if (end <= at) break;
            if (found < want) {
                f[found].text = as_strndup(as_scratch(ctx), text + at, end - at);
                if (!f[found].text) return AS_ERR;
                f[found].length = end - at;
            }
            found++;
        }
        if (found == want) *out = f;
    }
    return AS_OK;
}

bool as_is_key_line(const char *text)
{
    text += strspn(text, " \t-");
    const size_t cut = strcspn(text, ":=");
    if (cut == 0 || text[cut] == '\0') return false;
    const char *inside = text;
    for (; inside < text + cut; inside++) /* "a [T=5 K], b" */
        if (strchr(",;&|\t([{", *inside)) return false;
    return text[cut] == '=' || strchr(" \t", text[cut + 1]) || text[cut + 1] == '\0';
}

/* `want` pieces between the marks, none empty but for one behind the last mark; NULL in *out: not so many. */
static as_status cut_at(as_ctx *ctx, const char *text, char mark, size_t want, as_field **out)
{
    const char marks[2] = { mark, 0 };
    as_field *f = AS_NEW_N(as_scratch(ctx), as_field, want);
    size_t found = 0;
    *out = NULL;
    if (!f) return AS_ERR;
    for (const char *at = text;; at++) {
        const size_t n = strcspn(at, marks);
        const char *piece = as_trim(as_scratch(ctx), at, n);
        if (!piece) return AS_ERR;
        at += n;
        if (piece[0] == '\0' && *at == '\0' && found == want) break;
        if (piece[0] == '\0' || found == want) return AS_OK;
        f[found].text = piece;
        f[found++].length = strlen(piece);
        if (*at == '\0') break;
    }
    if (found == want) *out = f;
    return AS_OK;
}

/* Half of the names are known or have a unit, or, where that tells, all are single words. */
static as_status are_names(as_ctx *ctx, const as_field *f, size_t n, bool words_tell, bool *yes)
{
    size_t told = 0, words = 0;
    for (size_t i = 0; i < n; i++) {
        as_heading h;
        AS_TRY(as_heading_of(ctx, f[i].text, NULL, &h));
        told += h.known || h.stated || strpbrk(f[i].text, "([/");
        words += !strpbrk(f[i].text, " :=") && !(f[i].text[0] >= '0' && f[i].text[0] <= '9');
    }
    *yes = 2 * told >= n || (words_tell && words == n);
    return AS_OK;
}

as_status as_split_names(as_ctx *ctx, const char *text, size_t want, as_field **out)
{
    static const char marks[] = "\t;,&|";
    const char *remark = strstr(text, " #");
    const char *head = remark && remark > text ? as_trim(as_scratch(ctx), text, (size_t)(remark - text))
                                               : as_trim(as_scratch(ctx), text, strlen(text));
    bool yes = false;
    *out = NULL;
    if (!head) return AS_ERR;
    if (want < 2 || as_is_key_line(head)) return AS_OK;
    for (size_t i = 0; marks[i] && !*out; i++) AS_TRY(cut_at(ctx, head, marks[i], want, out));
    const bool blanks = !*out; /* single words prove nothing then */
    if (blanks) AS_TRY(as_split_blank_names(ctx, head, strlen(head), want, out));
    if (*out) AS_TRY(are_names(ctx, *out, want, !blanks, &yes));
    if (!yes) *out = NULL;
    return AS_OK;
}
