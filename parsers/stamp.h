/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates with clock times in the rows of a table, as time that went by. Only for parsers/. */
#ifndef AS_PARSERS_STAMP_H
#define AS_PARSERS_STAMP_H

#include <stdbool.h>
#include <stddef.h>

/* Seconds since the first of n stamps as "11/18/2020 15:09:50.123", "2020-11-18T15:09:50",
 * "18.11.2020 15:09": year first, else month or day first, whichever makes time go forward and less
 * of it. An entry that is NULL becomes NaN. False: one is no stamp, or time would go back. */
bool as_elapsed(size_t n, const char *const *text, double *seconds);

#endif
