/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ticks: round, inside, labelled with as many digits as they need. */
#include "check.h"
#include "ticks.h"

static const char *labels(const as_ticks *t)
{
    static char out[1024];
    out[0] = '\0';
    for (size_t i = 0; i < t->n; i++) {
        if (!t->tick[i].major) continue;
        strncat(out, t->tick[i].label, sizeof out - strlen(out) - 1);
        strncat(out, " ", sizeof out - strlen(out) - 1);
    }
    return out;
}

#define LABELS(scale, lo, hi, most, want)                                          \
    do {                                                                           \
        as_ticks_find(scale, lo, hi, most, true, &t);                              \
        if (strcmp(labels(&t), want) != 0) printf("got %s\n", labels(&t));         \
        CHECK(strcmp(labels(&t), want) == 0);                                      \
    } while (0)

int main(void)
{
    as_ticks t;
    LABELS(AS_LINEAR, 0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0 ");
    LABELS(AS_LINEAR, 4, 25, 5, "5 10 15 20 25 ");
    LABELS(AS_LINEAR, -0.07, 0.21, 4, "0.0 0.1 0.2 ");
    LABELS(AS_LINEAR, -3, 3, 3, "−2 0 2 ");
    LABELS(AS_LINEAR, 0, 250000, 5, "0.0 0.5 1.0 1.5 2.0 2.5 ");
    CHECK(t.power == 5);
    LABELS(AS_LINEAR, 0, 100000, 5, "0.0 0.2 0.4 0.6 0.8 1.0 ");
    CHECK(t.power == 5);
    LABELS(AS_LINEAR, 0, 0.001, 5, "0.0 0.2 0.4 0.6 0.8 1.0 ");
    CHECK(t.power == -3);
    LABELS(AS_LINEAR, 0, 4e-7, 4, "0 1 2 3 4 ");
    CHECK(t.power == -7);
    LABELS(AS_LINEAR, 284.8, 284.95, 3, "284.80 284.85 284.90 284.95 ");
    LABELS(AS_LINEAR, 1e15, 1e15 + 4, 4, "1000000000000000 1000000000000001 1000000000000002 1000000000000003 1000000000000004 ");
    LABELS(AS_LOG, 1, 1000, 6, "1 10 100 1000 ");
    LABELS(AS_LOG, 1e-7, 1, 4, "10^{−6} 10^{−4} 10^{−2} 10^{0} ");
    LABELS(AS_LOG, 1, 10, 8, "1 2 5 10 ");
    LABELS(AS_LOG, 120, 180, 4, "120 140 160 180 "); /* too short for decades */
    as_ticks_find(AS_LINEAR, 0, 10, 5, true, &t);
    CHECK(t.n == 21); /* 0 2 4 6 8 10 and three between each */
    for (size_t i = 1; i < t.n; i++) CHECK(t.tick[i].at > t.tick[i - 1].at);
    as_ticks_find(AS_LINEAR, 0.1, 0.7, 8, false, &t);
    CHECK(t.tick[2].at == 0.3); /* not 0.30000000000000004 */
    as_ticks_find(AS_SQRT, 0, 10000, 5, true, &t);
    CHECK(t.n >= 3 && t.n <= 8);
    for (size_t i = 0; i < t.n; i++) CHECK(t.tick[i].at >= 0 && t.tick[i].at <= 10000);
    as_ticks_find(AS_LINEAR, 0, NAN, 5, true, &t);
    CHECK(t.n == 0);
    as_ticks_find(AS_LOG, -1, 10, 5, true, &t);
    CHECK(t.n == 0);
    as_ticks_find(AS_LINEAR, 5, 5, 5, true, &t);
    CHECK(t.n == 0);
    for (int k = -300; k < 300; k += 7) { /* never more than the room there is, always inside */
        const double lo = 0.123 * pow(10, k), hi = 1.9 * pow(10, k);
        as_ticks_find(AS_LINEAR, lo, hi, 6, true, &t);
        CHECK(t.n > 3 && t.n < AS_TICKS_MAX && t.tick[0].at >= lo * (1 - 1e-6) && t.tick[t.n - 1].at <= hi * (1 + 1e-6));
    }
    as_ticks_about_zero(4.6, &t);
    CHECK(t.n == 5 && strcmp(t.tick[0].label, "\xe2\x88\x92" "4") == 0 && strcmp(t.tick[2].label, "0") == 0);
    CHECK(t.tick[1].at == -2 && !t.tick[1].major && t.tick[4].at == 4);
    as_ticks_about_zero(5.1e-7, &t);
    CHECK(t.power == -7 && strcmp(t.tick[4].label, "4") == 0);
    as_ticks_about_zero(0, &t);
    CHECK(t.n == 0);
    as_ticks_degrees(-70, 95, 7, &t);
    size_t labelled = 0;
    for (size_t i = 0; i < t.n; i++) labelled += t.tick[i].major;
    CHECK(labelled == 6 && t.tick[0].at == -70); /* -60, -30 ... 90 */
    double lo = 0.13, hi = 9.2;
    as_ticks_round(AS_LINEAR, 5, &lo, &hi);
    CHECK(lo == 0 && hi == 10);
    lo = 0.13, hi = 92;
    as_ticks_round(AS_LOG, 5, &lo, &hi);
    NEAR(lo, 0.1, 1e-15);
    NEAR(hi, 100, 1e-12);
    DONE();
}
