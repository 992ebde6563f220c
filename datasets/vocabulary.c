/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary as an array. */
#include <string.h>

#include "vocabulary.h"

#define AS_COLUMN_NAME(n, u, l, m) { AS_WORD_COLUMN, n, u, l, m },
#define AS_META_NAME(n, u, m) { AS_WORD_META, n, u, n, m },
#define AS_QUANTITY_NAME(n, u, l, m) { AS_WORD_QUANTITY, n, u, l, m },
#define AS_TECHNIQUE_NAME(n, m) { AS_WORD_TECHNIQUE, n, "", n, m },
const as_word_entry as_words[] = {
#include "vocabulary.def"
};
const size_t as_n_words = sizeof as_words / sizeof *as_words;

const as_word_entry *as_vocabulary(as_word_kind kind, const char *name)
{
    for (size_t i = 0; i < as_n_words; i++)
        if (as_words[i].kind == kind && as_words[i].name[0] == name[0] &&
            strcmp(as_words[i].name, name) == 0)
            return &as_words[i];
    return NULL;
}
