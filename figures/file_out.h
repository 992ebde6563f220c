/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a figure on their way into a file. */
#ifndef AS_FIGURES_FILE_OUT_H
#define AS_FIGURES_FILE_OUT_H

#include "draw.h"

typedef struct as_file_out {
    as_out out;
    FILE *to;
} as_file_out;

as_file_out as_out_to(FILE *to);

#endif
