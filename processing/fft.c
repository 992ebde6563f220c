/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW, opened on first use, behind two functions (fft.h). */
#include "fft.h"
#include "fft_module.h"
#include "module.h"

#ifndef ASSAY_MODULES
extern const as_fftw as_module_fftw;
#endif

static as_status transform(as_ctx *ctx, size_t n, double *v, double *spectrum, bool back)
{
    const as_fftw *fftw = AS_MODULE(ctx, "fftw", as_fftw, as_module_fftw);
    return fftw ? fftw->transform(ctx, n, v, spectrum, back) : AS_ERR;
}

as_status as_fft(as_ctx *ctx, size_t n, const double *v, double *spectrum)
{
    return transform(ctx, n, (double *)(uintptr_t)v, spectrum, false); /* the input is preserved */
}

as_status as_fft_back(as_ctx *ctx, size_t n, double *spectrum, double *v)
{
    AS_TRY(transform(ctx, n, v, spectrum, true));
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
