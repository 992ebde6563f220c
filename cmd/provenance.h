/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a figure says of its own making: a JSON text that back ends embed and `trace` reads. */
#ifndef AS_CMD_PROVENANCE_H
#define AS_CMD_PROVENANCE_H

#include "table.h"

/* {"assay": version, "figure": kind, "settings": text, "series": [{name, label, source, steps,
 * warnings}]}; a series that shares source, steps and warnings with an earlier one has its place
 * instead: {name, label, "as": index}. Without figure and settings where `figure` is NULL. NULL without
 * memory. No time, host, user or absolute path. */
const char *as_provenance(as_arena *a, const char *figure, const char *settings, size_t n,
                          const as_table *const *tables);

#endif
