/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings that Scienta SES writes into all its files, text, Igor wave and archive alike. */
#ifndef AS_PARSERS_SCIENTA_H
#define AS_PARSERS_SCIENTA_H

#include "electron.h"

/* "Key=value" as metadata. */
as_status scienta_setting(as_ctx *ctx, as_table *t, const as_line *line) AS_NODISCARD;
/* A new table of n rows over the axis `label` ("Binding Energy [eV]") with the metadata of `meta`;
 * columns x and intensity, zero. `index` counts slices from 1, 0: there is one only; `name` and
 * `at`: what is scanned over the slices and where this one is (NULL: not known). */
as_table *scienta_table(as_ctx *ctx, const as_table *meta, const char *label, size_t n,
                        size_t index, const char *name, double at);

#endif
