/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two files that should be the same: identical, equal but for the last digits of numbers, or
 * different, and where. What diff and replay answer with.
 */
#ifndef AS_CMD_COMPARE_H
#define AS_CMD_COMPARE_H

#include "arena.h"

typedef enum {
    AS_SAME_BYTES,
    AS_SAME_NUMBERS, /* all texts equal, all numbers within the tolerance */
    AS_SAME_PICTURE, /* png: all but the record of its making equal */
    AS_NOT_SAME
} as_sameness;

typedef struct as_difference {
    as_sameness same;
    double largest;    /* relative, of all numbers in equal places; 0 for equal bytes */
    size_t numbers;    /* compared */
    size_t differing;  /* lines (of text) that differ beyond the tolerance, as far as was looked */
    const char *where; /* of the first of them: "line 12, column uptake: 3.4 against 3.5" */
} as_difference;

/* Text (no NUL bytes) is compared token by token: numbers within `relative` of the larger of the
 * two or within `absolute`, everything else exactly; blanks are taken as they are. Other bytes are
 * equal or not; of two png the pixels count. `a` holds `where`. */
as_status as_compare(as_arena *a, const unsigned char *one, size_t n_one,
                     const unsigned char *other, size_t n_other, double relative, double absolute,
                     as_difference *out) AS_NODISCARD;

#endif
