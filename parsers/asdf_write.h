/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ordinates of JCAMP-DX, packed: the way out of asdf.h. */
#ifndef AS_PARSERS_ASDF_WRITE_H
#define AS_PARSERS_ASDF_WRITE_H

#include "text_out.h"

typedef struct as_asdf_writer {
    as_text_out *out;
    size_t n;
    const double *y; /* whole numbers below 2^53, or NaN */
    double x_first, x_step;
} as_asdf_writer;

/* Lines of at most 80 letters: the abscissa, and differences with repetitions counted (DIFDUP).
 * Behind differences the next line, at the end a line of its own, repeats the last ordinate. */
void as_write_difdup(const as_asdf_writer *w);

#endif
