/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sets of files compared name by name: what diff prints and replay answers with. */
#ifndef AS_CMD_COMPARE_FILES_H
#define AS_CMD_COMPARE_FILES_H

#include "compare.h"
#include "files.h"

typedef struct as_comparison {
    double relative, absolute;
    bool all;  /* identical files are shown too */
    bool json; /* objects of a list instead of lines; the caller writes what stands around them */
    size_t identical, equal, different, only_one, only_other;
    double largest; /* relative difference of numbers, over all files that are equal */
} as_comparison;

/* One line (or object) for each name in either, in order, to `to`. */
as_status as_compare_files(as_session *s, as_files *one, as_files *other, FILE *to,
                           as_comparison *c) AS_NODISCARD;
/* Two files, whatever they are called; `name` is what is shown. */
as_status as_compare_pair(as_session *s, const char *name, as_file *one, as_file *other, FILE *to,
                          as_comparison *c) AS_NODISCARD;
/* "12 files: 10 identical, 2 equal within 1e-09 (largest 3e-12)" without a line end. */
void as_comparison_summary(const as_comparison *c, FILE *to);
bool as_comparison_differs(const as_comparison *c);

#endif
