/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW behind one function. */
#include <fftw3.h>
#include <pthread.h>

#include "fft_module.h"
#include "module.h"

extern const as_fftw as_module_fftw;

static pthread_mutex_t planning = PTHREAD_MUTEX_INITIALIZER; /* FFTW's planner is one for all */

static void destroy(void *plan)
{
    (void)pthread_mutex_lock(&planning);
    fftw_destroy_plan(plan);
    (void)pthread_mutex_unlock(&planning);
}

/* FFTW_UNALIGNED: the plan, and so the rounding, does not depend on where the arrays lie. */
static as_status transform(as_ctx *ctx, size_t n, double *v, double *spectrum, bool back)
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

AS_MODULE_EXPORT const as_fftw as_module_fftw = { transform };
