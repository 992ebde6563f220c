/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between fft.c and the module that holds FFTW (datasets/module.h). */
#ifndef AS_PROCESSING_FFT_MODULE_H
#define AS_PROCESSING_FFT_MODULE_H

#include "arena.h"

typedef struct as_fftw {
    /* n values to n / 2 + 1 pairs, which the values survive, or `back`, where the pairs are destroyed
     * and nothing is divided. AS_E_NOMEM only. Thread-safe. */
    as_status (*transform)(as_ctx *ctx, size_t n, double *v, double *spectrum, bool back);
} as_fftw;

#endif
