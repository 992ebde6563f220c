/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text with the place of each of its bytes. */
#include <string.h>

#include "text.h"

as_text as_text_of(const char *s)
{
    return (as_text){ .s = s };
}

static size_t origin_of(const as_text *t, size_t i)
{
    return t->origin ? t->origin[i] : i;
}

as_where as_text_where(as_arena *a, const as_text *t, size_t from, size_t n)
{
    const char *whole = t->whole ? t->whole : t->s;
    const size_t at = origin_of(t, from);
    size_t start = t->line ? t->line_start : 0;
    uint32_t line = t->line ? t->line : 1;
    for (size_t i = start; i < at; i++)
        if (whole[i] == '\n') {
            line++;
            start = i + 1;
        }
    size_t end = at;
    while (whole[end] != '\0' && whole[end] != '\n' && whole[end] != '\r') end++;
    size_t last = n ? origin_of(t, from + n - 1) + 1 : at;
    if (last > end || last < at) last = end;
    return (as_where){ .file = t->file,
                       .line = line,
                       .column = (uint32_t)(at - start) + 1,
                       .span = (uint32_t)(last - at),
                       .line_text = as_strndup(a, whole + start, end - start) };
}
