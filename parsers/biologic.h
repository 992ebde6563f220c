/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of BioLogic's raw files besides their layout: the numbers of columns, and places in
 * the modules of settings, log and loops. Only for parsers/biologic_mpr.c. */
#ifndef AS_PARSERS_BIOLOGIC_H
#define AS_PARSERS_BIOLOGIC_H

#include "parser.h"

typedef struct biologic_column {
    uint16_t id;
    as_number_type type;
    const char *heading; /* as in the text export */
    unsigned mask;       /* of a column of bits, which stands in the byte of flags; 0: it is none */
} biologic_column;

/* NULL: of unknown size or meaning. */
const biologic_column *biologic_column_of(uint16_t id);

/* The settings in `size` bytes at `at`: technique_name ("" in `technique` when its number is not
 * known), electrode_area, reference_electrode, and under vendor what else two readers know the place
 * of. What lies beyond the module is left out. */
as_status biologic_settings(as_parse *job, as_table *head, uint64_t at, uint64_t size,
                            const char **technique) AS_NODISCARD;

/* `measured`: the day is "mm/dd/yy" of a module's head (also with '-' or '.'); the clock time that of
 * the first number in the log, of `size` bytes at `at` (0: none), that is a date of this day or the
 * next to it in days since 1899-12-30 and stands where readers found one. No time zone is stated. */
as_status biologic_started(as_parse *job, as_table *head, const char *day, uint64_t at,
                           uint64_t size) AS_NODISCARD;

/* vendor.Loops: the points that loops begin with, "0 30 60". */
as_status biologic_loops(as_parse *job, as_table *head, uint64_t at, uint64_t size) AS_NODISCARD;

#endif
