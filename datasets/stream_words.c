/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two sides of a stream must agree on. */
#include <string.h>

#include "stream_words.h"

static bool among(const char *key, size_t n, const char *const *words)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(key, words[i]) == 0) return true;
    return false;
}

bool as_stream_reserved(const char *key)
{
    static const char *const words[] = { "series",    "name",       "label",   "source",
                                         "technique", "secondary",  "history", "warnings",
                                         "results",   "covariance", "meta" };
    return among(key, sizeof words / sizeof *words, words);
}

bool as_stream_coordinate(const char *key)
{
    static const char *const words[] = { "x",         "y",      "z",      "index",    "time",
                                         "etch_time", "depth",  "cycle",  "position", "measured",
                                         "part",      "region", "segment" };
    return among(key, sizeof words / sizeof *words, words);
}

const as_result_word as_result_words[AS_N_RESULT_COLUMNS] = {
    { "name", "key of the series", AS_TEXT },
    { "item", "what the result belongs to", AS_TEXT },
    { "quantity", "what was determined", AS_TEXT },
    { "value", "the result, in its unit", AS_F64 },
    { "u", "standard uncertainty, in its unit", AS_F64 },
    { "unit", "of value and u", AS_TEXT },
    { "bound", "= or, for a limit, < or >", AS_TEXT },
    { "flag", "how far to trust it", AS_TEXT },
    { "method", "the definition used", AS_TEXT },
};

const char *as_bound_text(as_bound bound)
{
    return bound == AS_BELOW ? "<" : bound == AS_ABOVE ? ">" : "=";
}

as_bound as_bound_of(const char *text)
{
    return text && *text == '<' ? AS_BELOW : text && *text == '>' ? AS_ABOVE : AS_EQUAL;
}
