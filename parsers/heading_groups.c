/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of columns that share a word with each other: "A_2Theta, A_Intensity, B_2Theta, B_Intensity". */
#include <string.h>

#include "heading_private.h"
#include "input.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char parting[] = " _-.:/|";

/* What a column is of, and as what it is known. */
typedef struct member { as_heading h; const char *rest; } member;

/* Words that change what a quantity is; its columns are no curve of their own. */
static bool changes_meaning(const char *key)
{
    static const char *const words[] = { "delta", "d", "diff", "difference", "log", "ln", "log10", "err", "error",
                                         "errors", "std", "sd", "stdev", "sigma", "min", "max", "norm", "rel",
                                         "set", "target", "lower", "upper", "low", "high", "var", "unc", "dt" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i], key) == 0) return true;
    return false;
}

/* `unit` NULL: it stands in the text, if anywhere. */
static as_status known_part(as_ctx *ctx, const char *text, size_t n, const char *unit, as_heading *h,
                            bool *known)
{
    const char *part = as_trim(as_scratch(ctx), text, n);
    if (!part) return AS_ERR;
    *known = false;
    if (as_same(part, "x") || as_same(part, "y")) {
        *h = (as_heading){ .name = as_same(part, "x") ? "x" : "y", .unit = AS_UNITLESS };
        *known = true;
        return AS_OK;
    }
    if (!part[0]) return AS_OK;
    AS_TRY(as_heading_of(ctx, part, unit, h));
    *known = h->known && !h->turned;
    return AS_OK;
}

/* The text without blanks and marks at its ends. */
static const char *bare(as_ctx *ctx, const char *text, size_t n)
{
    while (n > 0 && strchr(parting, *text)) text++, n--;
    while (n > 0 && strchr(parting, text[n - 1])) n--;
    return as_strndup(as_scratch(ctx), text, n);
}

/* The longest part of the text that is known, at its end, at its beginning, or before digits. */
static as_status member_of(as_ctx *ctx, const char *text, member *out, bool *found)
{
    const char *unit = NULL;
    AS_TRY(known_part(ctx, text, strlen(text), NULL, &out->h, found));
    out->rest = "";
    if (!*found && out->h.stated && out->h.label && !out->h.unit.opaque) { /* "U_1 [V]" */
        unit = out->h.unit.symbol;
        text = out->h.label;
    }
    const size_t n = strlen(text);
    size_t digits = n;
    for (size_t i = 1; i < n && !*found; i++) {
        if (!strchr(parting, text[i - 1])) continue;
        AS_TRY(known_part(ctx, text + i, n - i, unit, &out->h, found));
        if (*found) out->rest = bare(ctx, text, i);
    }
    for (size_t i = n; i-- > 1 && !*found;) {
        if (!strchr(parting, text[i])) continue;
        AS_TRY(known_part(ctx, text, i, unit, &out->h, found));
        if (*found) out->rest = bare(ctx, text + i, n - i);
    }
    while (digits > 1 && text[digits - 1] >= '0' && text[digits - 1] <= '9') digits--;
    if (!*found && digits < n) {
        AS_TRY(known_part(ctx, text, digits, unit, &out->h, found));
        if (*found) out->rest = bare(ctx, text + digits, n - digits);
    }
    return out->rest ? AS_OK : AS_ERR;
}

/* The columns of a group: so many that follow each other share the first one's rest. 0: the groups are not
 * alike, or name something twice. */
static size_t group_size(as_ctx *ctx, size_t n, const member *m)
{
    size_t p = 1;
    while (p < n && strcmp(m[p].rest, m[0].rest) == 0) p++;
    if (p < 2 || n % p != 0) return 0;
    for (size_t i = 0; i < n; i++) {
        const size_t first = i - i % p;
        const char *key = as_plain_key(ctx, m[i].rest);
        if (!key || changes_meaning(key)) return 0;
        if (strcmp(m[i].rest, m[first].rest) != 0 || strcmp(m[i].h.name, m[i % p].h.name) != 0) return 0;
        for (size_t k = first; k < i; k++)
            if (strcmp(m[k].h.name, m[i].h.name) == 0) return 0;
        for (size_t k = 0; k < first; k += p)
            if (strcmp(m[k].rest, m[i].rest) == 0) return 0;
    }
    return p;
}

/* A single group is taken for one only where it has an axis that nothing is derived from. */
static bool has_axis(size_t n, const member *m)
{
    static const char *const axes[] = { "two_theta", "raman_shift", "wavenumber", "binding_energy", "wavelength",
                                        "relative_pressure" };
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNT(axes); k++)
            if (strcmp(m[i].h.name, axes[k]) == 0) return true;
    return false;
}

as_status as_share_headings(as_ctx *ctx, size_t n, const char *const *text, as_heading *h,
                            const char **title)
{
    member *m = AS_NEW_N(as_scratch(ctx), member, n);
    bool found = n >= 2;
    if (!m) return AS_ERR;
    for (size_t i = 0; i < n && found; i++) AS_TRY(member_of(ctx, text[i], &m[i], &found));
    const size_t p = found ? group_size(ctx, n, m) : 0;
    if (p == 0 || (p == n && (m[0].rest[0] == '\0' || !has_axis(n, m)))) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        h[i] = m[i].h;
        title[i] = m[i].rest[0] ? m[i].rest : NULL;
    }
    return AS_OK;
}
