/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW behind two functions (fft.h). */
#include <fftw3.h>
#include <pthread.h>

#include "fft.h"

static pthread_mutex_t planning = PTHREAD_MUTEX_INITIALIZER; /* FFTW's planner is one for all */

static void destroy(void *plan)
{
    (void)pthread_mutex_lock(&planning);
    fftw_destroy_plan(plan);
    (void)pthread_mutex_unlock(&planning);
}

/* FFTW_UNALIGNED: the plan, and so the rounding, does not depend on where the arrays lie. */
static as_status execute(as_ctx *ctx, size_t n, double *v, double *spectrum, bool back)
{
    const unsigned flags = FFTW_ESTIMATE | FFTW_UNALIGNED;
    fftw_complex *f = (fftw_complex *)(void *)spectrum;
    (void)pthread_mutex_lock(&planning);
    fftw_plan plan = back ? fftw_plan_dft_c2r_1d((int)n, f, v, flags | FFTW_DESTROY_INPUT)
                          : fftw_plan_dft_r2c_1d((int)n, v, f, flags | FFTW_PRESERVE_INPUT);
    (void)pthread_mutex_unlock(&planning);
    if (!plan) return as_fail(ctx, AS_E_NOMEM, NULL, "no memory for a Fourier transform of %zu points", n);
    fftw_execute(plan);
    destroy(plan);
    return AS_OK;
}

as_status as_fft(as_ctx *ctx, size_t n, const double *v, double *spectrum)
{
    return execute(ctx, n, (double *)(uintptr_t)v, spectrum, false); /* the input is preserved */
}

as_status as_fft_back(as_ctx *ctx, size_t n, double *spectrum, double *v)
{
    AS_TRY(execute(ctx, n, v, spectrum, true));
    for (size_t i = 0; i < n; i++) v[i] /= (double)n;
    return AS_OK;
}

size_t as_fft_length(size_t n)
{
    for (;; n++) {
        size_t m = n;
        for (size_t p = 2; p <= 7; p++)
            while (m > 1 && m % p == 0) m /= p;
        if (m <= 1) return n > 0 ? n : 1;
    }
}
