/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a figure says of its own making: a JSON text that back ends embed and `trace` reads. */
#ifndef AS_CMD_PROVENANCE_H
#define AS_CMD_PROVENANCE_H

#include "figure_options.h"

/* {"assay": version, "figure": kind, "settings": text, "sha256": of the files that they name, "inputs":
 * {"tables": of the tables that they name}, "series": [{name, label, source, steps, warnings}]}; a series
 * that shares source and steps with an earlier one has its place instead, and its warnings where they
 * differ: {name, label, "as": index}. Of a panel with its tables. NULL without memory. No time, host, user
 * or absolute path. */
const char *as_provenance(as_arena *a, const as_panel *p);
/* The same of a stream: without what a figure has. */
const char *as_stream_provenance(as_arena *a, size_t n, const as_table *const *tables);

#endif
