/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the formats in which isotherms are exchanged, AIF and the files of pyGAPS: they name
 * the same things, units among them. Only for parsers/.
 */
#ifndef AS_PARSERS_EXCHANGE_H
#define AS_PARSERS_EXCHANGE_H

#include "sorption.h"

typedef struct as_iso_pair {
    const char *key, *value;
    uint32_t line;
} as_iso_pair;

/* Metadata and units of `iso` from all pairs of the file. `pressure` is what the file's column of
 * pressures is: AS_ISO_PRESSURE or AS_ISO_RELATIVE. Warns of amounts without a mass. */
as_status as_iso_exchange(as_ctx *ctx, as_iso *iso, size_t n, const as_iso_pair *pairs,
                          as_iso_column *pressure) AS_NODISCARD;

#endif
