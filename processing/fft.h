/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fourier transforms of real curves by FFTW, planned with FFTW_ESTIMATE: the same bits in every
 * run. FFTW is opened on first use (datasets/module.h); its planner is under one lock. */
#ifndef AS_PROCESSING_FFT_H
#define AS_PROCESSING_FFT_H

#include "arena.h"

/* spectrum: n / 2 + 1 pairs (re, im), sum_j v_j exp(-2 pi i j k / n). AS_E_NOMEM; AS_E_IO where the
 * module that holds FFTW cannot be opened. */
as_status as_fft(as_ctx *ctx, size_t n, const double *v, double *spectrum) AS_NODISCARD;

/* The way back, divided by n; the spectrum is destroyed. */
as_status as_fft_back(as_ctx *ctx, size_t n, double *spectrum, double *v) AS_NODISCARD;

/* The next length from n on that has no prime factor above 7. */
size_t as_fft_length(size_t n);

#endif
