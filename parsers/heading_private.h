/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between headings.c, which knows the names of columns, and heading_units.c, which finds their units. */
#ifndef AS_PARSERS_HEADING_PRIVATE_H
#define AS_PARSERS_HEADING_PRIVATE_H

#include "headings.h"

/* "a.u.", "arb. units": that there is no unit. */
bool as_is_arbitrary_unit(const char *text);

/* A unit that this suite knows, or the statement that it is arbitrary; "V vs. SCE" is V. */
bool as_heading_unit(as_ctx *ctx, const char *text, as_unit *out);

/* "name (unit)", "name [unit]", "name, unit", "name/unit", "name_unit": its parts, in scratch. False, and
 * nothing is set: no unit stands there. */
bool as_split_unit(as_ctx *ctx, const char *text, const char **name, as_unit *unit);

/* "(mg)", "[s]" without their brackets, in scratch; any other text itself. */
const char *as_unit_without_brackets(as_ctx *ctx, const char *text);

/* What a letter means as the unit of a column with that name (`key` as as_plain_key has it, `label` as it is
 * written): "C" of a temperature is degC, "A" of a length or 1/A of a scattering vector has to do with
 * Angstrom. False: it may mean several things, or repeats the name's symbol ("Temperature (T)"). */
bool as_settle_letter(const char *key, const char *label, as_unit *unit);

/* The text is a name of the vocabulary (headings.c) whose usual unit has the dimension of `unit`. */
bool as_is_name_with(as_ctx *ctx, const char *text, const as_unit *unit);

/* Where all names hold something known and a word more that groups of them share ("A_2Theta, A_Intensity,
 * B_2Theta, B_Intensity"; "x, y, x.1, y.1"): the headings without it, and it in `title` of each of the n columns
 * (NULL: none). Else nothing is set. In scratch. */
as_status as_share_headings(as_ctx *ctx, size_t n, const char *const *text, as_heading *h,
                            const char **title) AS_NODISCARD;

#endif
