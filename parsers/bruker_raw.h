/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the Bruker RAW reader that its versions share. */
#ifndef AS_PARSERS_BRUKER_RAW_H
#define AS_PARSERS_BRUKER_RAW_H

#include "diffraction.h"

/* A scan of n intensities at `at`, `stride` bytes apart, positions start + i * step. */
as_status as_bruker_scan(as_parse *job, const as_axis *axis, double start, double step, uint64_t at,
                         uint32_t n, uint32_t stride, as_table **out) AS_NODISCARD;
/* A number as metadata, unless it is one of the values that mean "not set". */
as_status as_bruker_number(as_parse *job, as_table *t, const char *key, double value,
                           const char *unit, uint64_t at) AS_NODISCARD;
/* The text of n bytes at `at`; an empty one is left out. */
as_status as_bruker_text(as_parse *job, as_table *t, const char *key, uint64_t at,
                         uint64_t n) AS_NODISCARD;
/* Sigma, step time, and on to the sink. */
as_status as_bruker_emit(as_parse *job, as_table *t, double seconds, uint64_t at) AS_NODISCARD;
/* Bytes behind the last range: warn. */
void as_bruker_check_end(as_parse *job, uint64_t at);

/* Version 4, "RAW4.00". */
as_status as_bruker_raw4(as_parse *job) AS_NODISCARD;

#endif
