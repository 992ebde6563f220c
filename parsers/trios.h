/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text and the workbook of TA Instruments TRIOS say before their steps: sections of keys and values.
 * Only for parsers/.
 */
#ifndef AS_PARSERS_TRIOS_H
#define AS_PARSERS_TRIOS_H

#include "thermal.h"

typedef struct as_trios {
    as_table *head;
    const char *calibration; /* "Curie Calibration: " in such a section, whose pans and gases are others */
} as_trios;

/* A line or row of the head: "[Procedure]" opens a section; a key and its value, as text. */
as_status as_trios_pair(as_ctx *ctx, as_trios *t, const char *key, const char *value,
                        const as_where *at) AS_NODISCARD;
/* What follows from several keys: the gas of the selected channel is the atmosphere. */
as_status as_trios_end(as_ctx *ctx, const as_trios *t) AS_NODISCARD;

#endif
