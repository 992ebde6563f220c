/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BET: exact constants back from the BET equation, criteria, and the search for windows. */
#include "bet_window.h"
#include "check.h"

enum { N = 60 };
static double x[N], n[N];

/* The BET equation itself: C and n_m are known. */
static void fill(double monolayer, double c)
{
    for (int i = 0; i < N; i++) {
        x[i] = 0.0005 * pow(1000, i / (N - 1.0)); /* 5e-4 ... 0.5 */
        n[i] = monolayer * c * x[i] / ((1 - x[i]) * (1 - x[i] + c * x[i]));
    }
}

static void exact(void)
{
    const as_bet_rules rules = { .mismatch = 0.2, .min_points = 5, .min_r2 = 0.995 };
    as_bet_fit f;
    for (double c = 2; c < 3000; c *= 5) {
        fill(5, c);
        as_bet_fit_window(N, x, n, 10, 50, &rules, &f);
        NEAR(f.c, c, 1e-9 * c);
        NEAR(f.monolayer, 5, 1e-10);
        NEAR(f.r2, 1, 1e-12);
        CHECK(f.u_monolayer < 1e-9);
        NEAR(f.x_bet, 1 / (sqrt(c) + 1), 1e-12);
        CHECK(f.holds[0] && f.holds[1]);
        const as_bet_rules weighted = { .weights = AS_BET_RELATIVE, .mismatch = 0.2 };
        as_bet_fit_window(N, x, n, 10, 50, &weighted, &f);
        NEAR(f.c, c, 1e-9 * c);
    }
}

/* On the equation the isotherm reaches n_m where the equation says, and every window is valid. */
static void search(void)
{
    const as_bet_rules rules = { .mismatch = 0.2, .min_points = 5, .min_r2 = 0.995 };
    as_bet_fit f;
    as_bet_search found;
    fill(5, 120);
    CHECK(as_bet_search_windows(N, x, n, &rules, &f, &found));
    NEAR(f.x_monolayer, f.x_bet, 1e-4 * f.x_bet);
    NEAR(found.lowest, 5, 1e-9);
    NEAR(found.highest, 5, 1e-9);
    CHECK(f.last == N - 1 && f.holds[4]);
    for (int i = 51; i < N; i++) n[i] = n[50] * (1 - 0.3 * (i - 50) / N); /* an artefact: n falls */
    CHECK(as_bet_search_windows(N, x, n, &rules, &f, &found));
    CHECK(f.last == 50 && as_bet_knee(N, x, n) == 50);
    for (int i = 0; i < N; i++) n[i] = 3 - x[i]; /* nothing adsorbs more at higher pressure */
    CHECK(!as_bet_search_windows(N, x, n, &rules, &f, &found));
    CHECK(found.valid == 0 && found.enough > 0 && found.passed[0] == 0);
}

int main(void)
{
    exact();
    search();
    DONE();
}
