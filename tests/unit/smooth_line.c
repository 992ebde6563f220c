/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smooth_line.h"

#include "check.h"

/* Parabolas of even steps come back as they are, in both directions; a sine nearly; a step stays one. */
static void smooth_lines(void)
{
    enum { N = 12, PARTS = 5, M = (N - 1) * PARTS + 1 };
    double x[N], y[N], at[M], line[M];
    for (int way = -1; way <= 1; way += 2) {
        for (int i = 0; i < N; i++) {
            x[i] = way * 1.3 * i;
            y[i] = 2 - x[i] + 0.5 * x[i] * x[i];
        }
        as_smooth(N, x, y, PARTS, at, line);
        for (int i = 0; i < M; i++) NEAR(line[i], 2 - at[i] + 0.5 * at[i] * at[i], 1e-12 * (1 + fabs(line[i])));
        CHECK(at[0] == x[0] && at[PARTS] == x[1] && at[M - 1] == x[N - 1] && line[M - 1] == y[N - 1]);
    }
    for (int i = 0; i < N; i++) y[i] = sin(0.5 * (x[i] = i));
    as_smooth(N, x, y, PARTS, at, line);
    for (int i = 0; i < M; i++) NEAR(line[i], sin(0.5 * at[i]), 0.01);
    for (int i = 0; i < N; i++) y[i] = i < 6;
    as_smooth(N, x, y, PARTS, at, line);
    for (int i = 0; i < M; i++) CHECK(line[i] >= 0 && line[i] <= 1 && (at[i] > 5 || line[i] == 1));
    for (int i = 0; i < N; i++) y[i] = sin(0.5 * x[i]);
    y[5] = NAN;
    x[9] = x[8];
    as_smooth(N, x, y, PARTS, at, line);
    for (int i = 0; i < M; i++) CHECK(isnan(line[i]) == (at[i] > 4 && at[i] < 6));
    NEAR(line[8 * PARTS + 2], y[8] + 0.4 * (y[9] - y[8]), 1e-12);
    as_smooth(1, x, y, PARTS, at, line);
    CHECK(at[0] == x[0] && line[0] == y[0]);
}

int main(void)
{
    smooth_lines();
    DONE();
}
