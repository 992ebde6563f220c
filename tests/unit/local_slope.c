/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local parabolas: Savitzky and Golay's filter on even rows, exact for parabolas on uneven ones. */
#include "check.h"
#include "dice.h"
#include "local_slope.h"
#include "savgol.h"

enum { N = 60, HALF = 7 };

int main(void)
{
    double x[N], y[N], out[N], want[N], work[2 * HALF + 1];
    for (int i = 0; i < N; i++) {
        x[i] = 30 + 0.5 * i;
        y[i] = normal();
    }
    as_local_slope(N, x, y, HALF, out);
    as_savgol(N, HALF, 2, 1, y, work, want);
    for (int i = HALF; i < N - HALF; i++) NEAR(out[i], want[i] / 0.5, 1e-12);
    for (int i = 0; i < N; i++) {
        x[i] = 500 + i + 0.4 * uniform();
        y[i] = 3 - 2 * x[i] + 0.01 * x[i] * x[i];
    }
    y[20] = NAN;
    as_local_slope(N, x, y, HALF, out);
    for (int i = 0; i < N; i++) {
        if (i == 20) CHECK(isnan(out[i]));
        else NEAR(out[i], -2 + 0.02 * x[i], 1e-7);
    }
    for (int i = 0; i < N; i++) x[i] = 7;
    as_local_slope(N, x, y, HALF, out);
    for (int i = 0; i < N; i++) CHECK(isnan(out[i]));
    DONE();
}
