/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals of resistance, conductivity and activation energy hold what was put in: 200 sets of five noisy spectra,
 * fitted, turned into conductivities with a thickness and an area that were measured with errors, and an Arrhenius line.
 */
#include "arena.h"
#include "check.h"
#include "eis_solve.h"
#include "random.h"
#include "run_op.h"

enum { POINTS = 51, TEMPERATURES = 5, SEEDS = 200 };

static const double boltzmann = 8.617333262e-5; /* eV/K */
static const double celsius[TEMPERATURES] = { 25, 40, 55, 70, 90 };
static const double energy = 0.096, room = 1.7e-3, thickness = 38e-4, area = 2.0106; /* eV, S/cm, cm, cm2 */
static const double u_thickness = 0.5e-4, u_area = 0.025;

static double sigma_at(double kelvin)
{
    return room * exp(-energy / boltzmann * (1 / kelvin - 1 / 298.15));
}

/* R0 and its u from a noisy spectrum of L0-R0-CPE1. */
static as_status resistance(as_ctx *ctx, double ohm, as_random *r, double *value, double *u)
{
    static const double w_top = 2 * 3.14159265358979323846 * 1e6;
    as_circuit c;
    as_eis_fit fit;
    as_impedance z = { .n = POINTS, .f = AS_NEW_N(as_scratch(ctx), double, 3 * POINTS),
                       .row = AS_NEW_N(as_scratch(ctx), size_t, POINTS) };
    const double p[] = { 3e-7, ohm, 2e-5, 0.9 };
    z.re = z.f + POINTS;
    z.im = z.re + POINTS;
    AS_TRY(as_circuit_parse(ctx, as_scratch(ctx), "L0-R0-CPE1", &c));
    AS_TRY(as_circuit_settings(ctx, &c, "L0=2e-7 R0=2 CPE1.q=1e-5 CPE1.n=0.8"));
    for (size_t i = 0; i < POINTS; i++) {
        z.f[i] = pow(10, 6 - 0.1 * (double)i);
        const double _Complex v = as_circuit_impedance(&c, w_top * z.f[i] / 1e6, p, NULL);
        z.re[i] = creal(v) + 0.002 * cabs(v) * as_random_normal(r);
        z.im[i] = cimag(v) + 0.002 * cabs(v) * as_random_normal(r);
    }
    AS_TRY(as_eis_solve(ctx, as_scratch(ctx), NULL, &c, &z, AS_EIS_MODULUS, 1, &fit));
    *value = fit.p[1];
    *u = fit.r.u[1] * fit.p[1];
    return AS_OK;
}

/* The resistances as spectra of one point each would give them: a table with the result, through the operation. */
static as_status conductivity(as_ctx *ctx, double ohm, double u, double d, double a, double *sigma, double *u_sigma)
{
    caught out;
    as_table *t = as_table_new(ctx, 0);
    if (!t) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "fit", "bulk_resistance", ohm, u, "Ohm", NULL, "fit"));
    AS_TRY(as_set_number(ctx, t, "thickness", d * 1e4, u_thickness * 1e4, as_unit_of("um"), NULL));
    AS_TRY(as_set_number(ctx, t, "electrode_area", a, u_area, as_unit_of("cm2"), NULL));
    AS_TRY(run_tables(ctx, "conductivity", "", 1, &t, false, &out));
    const as_result *r = as_get_result(out.t[0], "fit", "conductivity");
    *sigma = r->value;
    *u_sigma = r->u;
    return AS_OK;
}

static as_status activation(as_ctx *ctx, const double *ohm, const double *u, double *value, double *u_value)
{
    caught out;
    as_table *t = as_table_new(ctx, TEMPERATURES);
    as_column *k = as_add_column(ctx, t, "temperature", AS_ROLE_X, as_unit_of("degC"));
    as_column *s = as_add_column(ctx, t, "conductivity", AS_ROLE_Y, as_unit_of("S/cm"));
    as_column *us = as_add_column(ctx, t, "sigma_conductivity", AS_ROLE_SIGMA, as_unit_of("S/cm"));
    if (!k || !s || !us) return AS_ERR;
    for (size_t i = 0; i < TEMPERATURES; i++) {
        k->v.f[i] = celsius[i];
        s->v.f[i] = thickness / (ohm[i] * area);
        us->v.f[i] = s->v.f[i] * u[i] / ohm[i];
    }
    AS_TRY(run_tables(ctx, "arrhenius", "", 1, &t, false, &out));
    const as_result *r = as_get_result(out.t[0], "ln(sigma)", "activation_energy_carrier");
    *value = r->value;
    *u_value = r->u;
    return AS_OK;
}

int main(void)
{
    int held_r = 0, held_s = 0, held_e = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_random r;
        double ohm[TEMPERATURES], u[TEMPERATURES], v = 0, uv = 0;
        as_random_seed(&r, seed, 0);
        for (size_t i = 0; i < TEMPERATURES; i++) {
            const double truth = thickness / (sigma_at(celsius[i] + 273.15) * area);
            CHECK(resistance(ctx, truth, &r, &ohm[i], &u[i]) == AS_OK);
            held_r += fabs(ohm[i] - truth) < 1.96 * u[i];
        }
        const double d = thickness + u_thickness * as_random_normal(&r), a = area + u_area * as_random_normal(&r);
        CHECK(conductivity(ctx, ohm[0], u[0], d, a, &v, &uv) == AS_OK);
        held_s += fabs(v - room) < 1.96 * uv;
        CHECK(activation(ctx, ohm, u, &v, &uv) == AS_OK);
        held_e += fabs(v - energy) < 1.96 * uv;
        as_ctx_free(ctx);
    }
    printf("within 1.96 u: R %d of %d, sigma %d of %d, E %d of %d\n", held_r, SEEDS * TEMPERATURES, held_s, SEEDS, held_e, SEEDS);
    CHECK(held_r > 0.93 * SEEDS * TEMPERATURES && held_r < 0.97 * SEEDS * TEMPERATURES);
    CHECK(held_s >= 0.90 * SEEDS && held_s < SEEDS); /* 95 % less 3 standard deviations of 200 */
    CHECK(held_e >= 0.90 * SEEDS && held_e < SEEDS);
    DONE();
}
