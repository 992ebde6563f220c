/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of names over columns that is not cut as the rows below it are. */
#ifndef AS_PARSERS_HEADING_LINE_H
#define AS_PARSERS_HEADING_LINE_H

#include "input.h"

/* Names of several words, or with a unit behind a blank, over columns parted by blanks, by the first way that
 * gives `want` names; NULL in *out: none does. In scratch. */
as_status as_split_blank_names(as_ctx *ctx, const char *text, size_t n, size_t want,
                               as_field **out) AS_NODISCARD;

/* "t [s], U [V]" over columns parted by blanks, "f [Hz] & U [V] # R = 1 kOhm" over columns parted by
 * semicolons: `want` names parted by one of , ; & | and tabs, or by blanks. Half of them must be known or have a
 * unit, or all be single words; NULL in *out: no such line. What stands behind a # inside is left out. In
 * scratch. */
as_status as_split_names(as_ctx *ctx, const char *text, size_t want, as_field **out) AS_NODISCARD;

/* "key: value", "- key : value", "key = value": no names of columns. */
bool as_is_key_line(const char *text);

#endif
