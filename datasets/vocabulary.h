/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the suite: names of columns, metadata, result quantities and techniques, each
 * with its unit, its label and its meaning. vocabulary.def is the only list.
 */
#ifndef AS_DATASETS_VOCABULARY_H
#define AS_DATASETS_VOCABULARY_H

#include "unit.h"

typedef enum { AS_WORD_COLUMN, AS_WORD_META, AS_WORD_QUANTITY, AS_WORD_TECHNIQUE } as_word_kind;

typedef struct as_word_entry {
    as_word_kind kind;
    const char *name;
    const char *unit;    /* default unit; other units of its dimension may stand; "": text */
    const char *label;   /* for figures, UTF-8 with the markup of figures: *italic*, ^{..}, _{..} */
    const char *meaning; /* one phrase, no full stop */
} as_word_entry;

/* NULL: not in the list. */
const as_word_entry *as_vocabulary(as_word_kind kind, const char *name);

/* All of them, in the order of the list. */
extern const as_word_entry as_words[];
extern const size_t as_n_words;

#endif
