/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits: derivatives against differences, closed forms, refusals, starting values that find the circuit, arcs in
 * order of frequency, and how often the intervals of the fit hold the truth. */
#include <string.h>

#include "arena.h"
#include "check.h"
#include "eis_solve.h"
#include "random.h"

enum { POINTS = 61, SEEDS = 200 };

static const double pi = 3.14159265358979323846;
static as_ctx *ctx;

static void parse(const char *text, as_circuit *c)
{
    CHECK(as_circuit_parse(ctx, as_scratch(ctx), text, c) == AS_OK);
}

static void derivatives(void)
{
    as_circuit c;
    parse("L0-La1-R0-p(R1,CPE1)-p(R2-Wo1,C2,Ws3-G1)-Zarc4-W5-C6", &c);
    CHECK(c.n_blocks == 8 && c.n_elements == 13);
    double p[AS_CIRCUIT_PARAMS];
    double _Complex dz[AS_CIRCUIT_PARAMS];
    for (size_t k = 0; k < c.n_params; k++) {
        const as_circuit_role role = c.param[k].what->role;
        p[k] = role == AS_EXPONENT ? 0.7 + 0.01 * (double)k : role == AS_OHMIC ? 10 + (double)k : 1e-3 * (double)(k + 1);
    }
    for (double f = 1e-3; f < 1e6; f *= 10) {
        const double w = 2 * pi * f;
        (void)as_circuit_impedance(&c, w, p, dz);
        for (size_t k = 0; k < c.n_params; k++) {
            double q[AS_CIRCUIT_PARAMS];
            const double inner = as_circuit_inner(&c.param[k], p[k]), h = 1e-6;
            memcpy(q, p, sizeof q);
            q[k] = as_circuit_value(&c.param[k], inner + h);
            const double _Complex above = as_circuit_impedance(&c, w, q, NULL);
            q[k] = as_circuit_value(&c.param[k], inner - h);
            const double _Complex slope = (above - as_circuit_impedance(&c, w, q, NULL)) / (2 * h);
            const double size = cabs(above) + cabs(slope);
            NEAR(creal(dz[k]) / size, creal(slope) / size, 1e-8);
            NEAR(cimag(dz[k]) / size, cimag(slope) / size, 1e-8);
        }
    }
}

static void closed_forms(void)
{
    as_circuit c;
    parse("p(R1,C1)", &c);
    const double rc[] = { 100, 1e-6 };
    double _Complex z = as_circuit_impedance(&c, 1e4, rc, NULL); /* w R C = 1 */
    NEAR(creal(z), 50, 1e-12);
    NEAR(cimag(z), -50, 1e-12);
    parse("Wo1", &c);
    const double wo[] = { 30, 2 };
    z = as_circuit_impedance(&c, 1e-4, wo, NULL); /* r/3 and tau/r in series at low frequency */
    NEAR(creal(z), 10, 1e-3);
    NEAR(cimag(z), -30 / (1e-4 * 2), 1e-3);
    NEAR(cimag(as_circuit_impedance(&c, 1e7, wo, NULL)), -30 / sqrt(2 * 1e7 * 2), 1e-9);
    parse("Ws1", &c);
    NEAR(creal(as_circuit_impedance(&c, 1e-6, wo, NULL)), 30, 1e-6);
    parse("W1", &c);
    NEAR(cimag(as_circuit_impedance(&c, 4, wo, NULL)), -15, 1e-12);
    parse("Zarc1", &c);
    const double arc[] = { 80, 1e-3, 1 };
    NEAR(cimag(as_circuit_impedance(&c, 1e3, arc, NULL)), -40, 1e-9);
}

static void refused(const char *circuit, const char *parameters, const char *says)
{
    as_circuit c;
    as_status s = as_circuit_parse(ctx, as_scratch(ctx), circuit, &c);
    if (s == AS_OK) s = as_circuit_settings(ctx, &c, parameters);
    CHECK(s != AS_OK && as_pending(ctx) == AS_E_USAGE && strstr(as_pending_message(ctx), says));
    as_forget_error(ctx);
}

static void refusals(void)
{
    refused("", "", "an element or p( was expected");
    refused("R0-", "", "an element or p( was expected");
    refused("R0-p(R1,C1", "", "not closed");
    refused("R0)", "", "expected - or the end");
    refused("p(R1)", "", "single branch");
    refused("Q1", "", "no element is called 'Q'");
    refused("R1-R1", "", "second element called R1");
    refused("p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(p(R1,C1", "", "nested deeper");
    refused("R0-C1", "R2=1", "no parameter of this name");
    refused("R0-C1", "R0", "'=' was expected");
    refused("R0-C1", "R0=x", "a number or [ was expected");
    refused("R0-C1", "R0=[5:1]", "not below");
    refused("R0-C1", "R0=[-1:1]", "lie above 0");
    refused("R0-C1", "R0=3[5:9]", "lies outside");
    refused("R0-C1", "R0=[1:2]!", "fixed at no value");
    refused("R0-C1", "R0=1 R0=2", "set twice");
    refused("R0-CPE1", "CPE1.n=[0.5:1.5]", "up to 1");
    char many[400] = "R0";
    for (int i = 1; i < 40; i++) (void)snprintf(many + strlen(many), sizeof many - strlen(many), "-R%d", i);
    refused(many, "", "more than 32 elements");
}

/* Any text is parsed or refused, and what is parsed has an impedance. */
static void any_text(void)
{
    static const char *const word[] = { "R0", "C1", "CPE2", "p(", ",", ")", "-", "Wo3", "L", "W4", "x", " ", "Zarc_a", "0", "(" };
    static const char *const setting[] = { "R0", "=", "1", "[", ":", "]", "!", " ", "CPE2.n", "0.5", ",", "e", "-" };
    as_random r;
    size_t parsed = 0;
    as_random_seed(&r, 1, 0);
    for (int i = 0; i < 20000; i++) {
        const as_frame frame = as_enter(ctx);
        char text[200] = "R0", more[200] = "";
        as_circuit c;
        for (uint64_t k = as_random_bits(&r) % 12; k > 0; k--) strcat(text, word[as_random_bits(&r) % 15]);
        for (uint64_t k = as_random_bits(&r) % 8; k > 0; k--) strcat(more, setting[as_random_bits(&r) % 13]);
        if (as_circuit_parse(ctx, as_scratch(ctx), text, &c) == AS_OK) {
            double p[AS_CIRCUIT_PARAMS];
            double _Complex dz[AS_CIRCUIT_PARAMS];
            for (size_t k = 0; k < c.n_params; k++) p[k] = 0.5;
            CHECK(isfinite(creal(as_circuit_impedance(&c, 3, p, dz))));
            parsed++;
            if (as_circuit_settings(ctx, &c, more) != AS_OK) as_forget_error(ctx);
        } else {
            CHECK(as_pending(ctx) == AS_E_USAGE);
            as_forget_error(ctx);
        }
        as_leave(ctx, frame);
    }
    CHECK(parsed > 100);
}

/* POINTS frequencies from 1 MHz down by ten a decade, relative noise. */
static as_impedance spectrum(const as_circuit *c, const double *p, double noise, uint64_t seed)
{
    as_impedance z = { .n = POINTS };
    as_random r;
    as_random_seed(&r, seed, 0);
    z.f = AS_NEW_N(as_scratch(ctx), double, 3 * POINTS);
    z.re = z.f + POINTS;
    z.im = z.re + POINTS;
    z.row = AS_NEW_N(as_scratch(ctx), size_t, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        z.f[i] = pow(10, 6 - 0.1 * (double)i);
        const double _Complex v = as_circuit_impedance(c, 2 * pi * z.f[i], p, NULL);
        z.re[i] = creal(v) + noise * cabs(v) * as_random_normal(&r);
        z.im[i] = cimag(v) + noise * cabs(v) * as_random_normal(&r);
    }
    return z;
}

static as_status solve(const char *text, const as_impedance *z, size_t starts, as_circuit *c, as_eis_fit *fit)
{
    AS_TRY(as_circuit_parse(ctx, as_scratch(ctx), text, c));
    return as_eis_solve(ctx, as_scratch(ctx), NULL, c, z, AS_EIS_MODULUS, starts, fit);
}

static void found(const char *text, const double *truth)
{
    const as_frame frame = as_enter(ctx);
    as_circuit c;
    as_eis_fit fit;
    parse(text, &c);
    const as_impedance z = spectrum(&c, truth, 1e-4, 3);
    CHECK(solve(text, &z, 8, &c, &fit) == AS_OK);
    for (size_t k = 0; k < c.n_params; k++) {
        const bool near = fabs(fit.p[k] / truth[k] - 1) < 0.05;
        if (!near) printf("%s: %s = %g, truth %g\n", text, c.param[k].name, fit.p[k], truth[k]);
        CHECK(near);
    }
    CHECK(fit.rms < 3e-4 && fit.agreeing >= 2);
    as_leave(ctx, frame);
}

/* The usual circuits from starting values of our own. */
static void starts(void)
{
    found("R0-p(R1,C1)", (double[]){ 20, 300, 1e-6 });
    found("R0-p(R1,CPE1)", (double[]){ 2e5, 4e6, 2e-11, 0.82 });
    found("R0-p(R1,C1)-p(R2,C2)", (double[]){ 5, 30, 1e-8, 60, 1e-5 });
    found("R0-p(R1,CPE1)-CPE2", (double[]){ 30, 500, 3e-9, 0.9, 2e-6, 0.85 });
    found("L0-R0-CPE1", (double[]){ 5e-7, 8, 3e-6, 0.9 });
    found("R0-p(R1-W1,CPE1)", (double[]){ 12, 150, 80, 2e-5, 0.9 });
    found("R0-p(R1-Wo1,C1)", (double[]){ 0.02, 0.05, 0.2, 0.3, 1e-3 });
    found("R0-Zarc1-Ws2", (double[]){ 10, 40, 1e-4, 0.8, 90, 0.1 });
    found("R0-G1", (double[]){ 10, 200, 0.01 });
}

static void arcs_in_order(void)
{
    as_circuit c;
    as_eis_fit fit;
    parse("R0-p(R1,C1)-p(R2,C2)-p(R3,C3)", &c);
    const as_impedance z = spectrum(&c, (double[]){ 1, 10, 1e-3, 20, 1e-8, 30, 1e-5 }, 1e-4, 1);
    CHECK(solve("R0-p(R1,C1)-p(R2,C2)-p(R3,C3)", &z, 8, &c, &fit) == AS_OK);
    NEAR(fit.p[1], 20, 0.2);
    NEAR(fit.p[3], 30, 0.3);
    NEAR(fit.p[5], 10, 0.2);
    double hertz, farad, gradient[2 * AS_CIRCUIT_PARAMS];
    CHECK(as_circuit_arc(&c, 1, fit.p, &hertz, gradient, &farad, gradient + AS_CIRCUIT_PARAMS));
    NEAR(hertz, 1 / (2 * pi * fit.p[1] * fit.p[2]), 1e-6 * hertz);
    CHECK(!as_circuit_arc(&c, 0, fit.p, &hertz, gradient, &farad, gradient + AS_CIRCUIT_PARAMS));
}

static void too_much(void)
{
    as_circuit c;
    as_eis_fit fit;
    parse("R0-p(R1,C1)", &c);
    as_impedance z = spectrum(&c, (double[]){ 1, 10, 1e-5 }, 0, 1);
    z.n = 2;
    CHECK(solve("R0-p(R1,CPE1)-CPE2", &z, 8, &c, &fit) != AS_OK && as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
    z.n = POINTS;
    /* two resistances where the data know their sum: one ends at its bound, or the fit says which is open */
    const as_status status = solve("R0-R1", &z, 8, &c, &fit);
    CHECK(status == AS_OK ? fit.r.at_bound[0] || fit.r.at_bound[1]
                          : strstr(as_pending_message(ctx), "do not determine") != NULL);
    as_forget_error(ctx);
}

static void coverage(void)
{
    static const double truth[] = { 5e-7, 12.5, 40, 5e-9, 4e-6, 0.88 };
    int inside[6] = { 0 }, sum_inside = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const as_frame frame = as_enter(ctx);
        as_circuit c;
        as_eis_fit fit;
        parse("L0-R0-p(R1,C1)-CPE2", &c);
        const as_impedance z = spectrum(&c, truth, 0.005, seed);
        CHECK(as_circuit_settings(ctx, &c, "L0=1e-6 R0=20 R1=20 C1=1e-8 CPE2.q=1e-6 CPE2.n=0.8") == AS_OK);
        CHECK(as_eis_solve(ctx, as_scratch(ctx), NULL, &c, &z, AS_EIS_MODULUS, 1, &fit) == AS_OK);
        for (size_t k = 0; k < 6; k++) {
            const double scale = k == 5 ? 1 : truth[k];
            inside[k] += fabs(fit.p[k] - truth[k]) < 1.96 * fit.r.u[k] * scale;
        }
        const double gradient[6] = { 0, fit.p[1], fit.p[2] };
        sum_inside += fabs(fit.p[1] + fit.p[2] - 52.5) < 1.96 * as_propagate(6, fit.r.covariance, gradient);
        as_leave(ctx, frame);
    }
    printf("R0 + R1 and L0 R0 R1 C1 CPE2.q CPE2.n within 1.96 u: %d; %d %d %d %d %d %d of %d\n", sum_inside, inside[0],
           inside[1], inside[2], inside[3], inside[4], inside[5], SEEDS);
    CHECK(sum_inside >= 0.90 * SEEDS && sum_inside < SEEDS); /* 95 % less 3 standard deviations of 200 */
    for (size_t k = 0; k < 6; k++) CHECK(inside[k] >= 0.90 * SEEDS && inside[k] < SEEDS);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    CHECK(ctx != NULL);
    derivatives();
    closed_forms();
    refusals();
    any_text();
    starts();
    arcs_in_order();
    too_much();
    coverage();
    as_ctx_free(ctx);
    DONE();
}
