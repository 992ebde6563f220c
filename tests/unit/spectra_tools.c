/* SPDX-License-Identifier: GPL-3.0-or-later */
/* align, calc, calibrate-x, noise, the scale-space and derivative finders, baseline-spread. */

#include "check.h"
#include "dice.h"
#include "run_op.h"

static as_ctx *ctx;
enum { N = 800 };
static double x[N], y[N];

/* Three lines and a shoulder on a steep slope; `shift` moves the lines along x. */
static void spectrum(double shift, double noise)
{
    static const double at[] = { 150, 300, 318, 600 }, high[] = { 30, 60, 25, 40 };
    for (int i = 0; i < N; i++) {
        x[i] = 50 + i;
        y[i] = 200 - 0.2 * x[i] + noise * normal();
        for (int k = 0; k < 4; k++) {
            const double t = (x[i] - at[k] - shift) / 7;
            y[i] += high[k] * exp(-t * t / 2);
        }
    }
}

static as_table *table(void)
{
    return curve_table(ctx, N, x, y, "raman_shift", "cm-1", "count");
}

static as_table *one(const char *op, const char *options, as_table *t)
{
    caught out;
    return run_tables(ctx, op, options, 1, &t, false, &out) == AS_OK && out.n ? out.t[0] : NULL;
}

static void aligning(void)
{
    static const char *const methods[] = { "", "--method peak --region 280:310" };
    for (int m = 0; m < 2; m++) {
        as_table *t[3];
        const double shifts[] = { 0, 3.4, -5.7 };
        caught out;
        for (int k = 0; k < 3; k++) {
            spectrum(shifts[k], 0.1);
            t[k] = table();
        }
        CHECK(run_tables(ctx, "align", methods[m], 3, t, false, &out) == AS_OK && out.n == 3);
        for (size_t k = 0; k < out.n; k++)
            NEAR(as_get_result(out.t[k], "curve", "shift")->value, -shifts[k], 0.15);
    }
    as_table *t[2];
    caught out;
    spectrum(0, 0.1);
    t[0] = table();
    spectrum(24, 0.1);
    t[1] = table();
    CHECK(run_tables(ctx, "align", "--max-shift 20pt", 2, t, false, &out) != AS_OK &&
          as_pending(ctx) == AS_E_NUMERIC);
    as_forget_error(ctx);
}

static void calculating(void)
{
    spectrum(0, 0);
    as_table *t = table();
    CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
    CHECK(as_set_meta(ctx, t, "exposure", "4", "s", NULL) == AS_OK);
    CHECK(one("calc", "--let y=2*y+x --let rate=intensity/exposure --let third=sqrt(rate^2)", t) != NULL);
    NEAR(as_find_role(t, AS_ROLE_Y)->v.f[9], 2 * y[9] + x[9], 1e-12);
    NEAR(as_find_role(t, AS_ROLE_SIGMA)->v.f[9], 2 * sqrt(y[9]), 1e-8);
    NEAR(as_find_name(t, "third")->v.f[9], (2 * y[9] + x[9]) / 4, 1e-12);
    CHECK(as_find_name(t, "third")->role == AS_ROLE_OTHER && as_get_meta(t, "processed"));
    t = table();
    CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
    CHECK(one("calc", "--let y=ln(y) --unit 1", t) != NULL);
    NEAR(as_find_role(t, AS_ROLE_SIGMA)->v.f[9], 1 / sqrt(y[9]), 1e-9);
    CHECK(strcmp(as_find_role(t, AS_ROLE_SIGMA)->unit.symbol, "1") == 0);
    CHECK(!one("calc", "--let a=intenity*2", table()) && strstr(as_pending_message(ctx), "intensity"));
    CHECK(!one("calc", "--let a=2*(3", table()) && as_pending(ctx) == AS_E_USAGE);
    CHECK(!one("calc", "--let 2*3", table()) && as_pending(ctx) == AS_E_USAGE);
}

static void calibrating(void)
{
    spectrum(0, 0);
    as_table *t = table();
    CHECK(one("calibrate-x", "--pair 519.8=520.7 --reference silicon", t) != NULL);
    NEAR(t->column[0]->v.f[10], x[10] + 0.9, 1e-10);
    CHECK(strcmp(as_get_meta(t, "calibration")->text, "silicon: 519.8 to 520.7") == 0);
    CHECK(!one("calibrate-x", "--pair 519.8=520.7", t) && as_pending(ctx) == AS_E_USAGE);
    t = table(); /* a straight correction through three exact references */
    CHECK(one("calibrate-x", "--order 1 --pair 100=102 --pair 300=304 --pair 700=708", t) != NULL);
    for (int i = 0; i < N; i++) NEAR(t->column[0]->v.f[i], 1.01 * x[i] + 1, 1e-9);
    t = table(); /* by the item of a result */
    CHECK(one("peaks", "--prominence 10", t) && one("calibrate-x", "--pair 1=151", t));
    NEAR(t->column[0]->v.f[0], x[0] + 151 - as_get_result(t, "1", "position")->value, 1e-9);
    CHECK(!one("calibrate-x", "--pair 1=2 --order 1", table()) && as_pending(ctx) == AS_E_USAGE);
    CHECK(!one("calibrate-x", "--pair C1s=284.8", table()) && as_pending(ctx) == AS_E_MISSING);
}

static size_t found(const as_table *t, double at, double near)
{
    size_t n = 0;
    for (size_t i = 0; t && i < t->n_results; i++)
        n += strcmp(t->result[i].quantity, "position") == 0 && fabs(t->result[i].value - at) <= near;
    return n;
}

static void finders(void)
{
    spectrum(0, 0.4);
    const as_table *w = one("peaks-cwt", "--max-width 60cm-1", table());
    CHECK(found(w, 150, 1.5) == 1 && found(w, 302, 5) == 1 && found(w, 600, 1.5) == 1);
    CHECK(found(w, 425, 400) <= 4);
    NEAR(as_get_result(w, "1", "fwhm")->value, 7 * 2.3548, 2.5);
    const as_table *d = one("peaks-derivative", "--window 13pt", table());
    CHECK(found(d, 150, 1.5) == 1 && found(d, 300, 1.5) == 1 && found(d, 600, 1.5) == 1);
    CHECK(found(d, 319, 3) == 1); /* the shoulder, which is no maximum */
    CHECK(found(d, 425, 400) == 4);
    int wrong[2] = { 0, 0 };
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < N; i++) y[i] = 100 - 0.1 * i + normal();
        wrong[0] += found(one("peaks-cwt", "", table()), 400, 500) > 0;
        wrong[1] += found(one("peaks-derivative", "", table()), 400, 500) > 0;
    }
    printf("noise with peaks: cwt %d, derivative %d of 50\n", wrong[0], wrong[1]);
    CHECK(wrong[0] <= 2 && wrong[1] <= 2);
    const as_table *n = one("noise", "", table());
    NEAR(as_get_result(n, "curve", "noise")->value, 1, 4 * as_get_result(n, "curve", "noise")->u);
}

static void spreading(void)
{
    spectrum(0, 0.4);
    const as_table *t = one("baseline-spread", "--region 120:180 --width 250cm-1", table());
    const as_result *r = t ? as_get_result(t, "spread", "area") : NULL;
    CHECK(r && r->u > 0 && t->n_results == 7 && !as_find_role(t, AS_ROLE_BASELINE));
    if (r) NEAR(r->value, 30 * 7 * sqrt(2 * acos(-1.0)), 3 * r->u + 30);
    CHECK(!one("baseline-spread", "--region 1:2 --method nothing", table()) && as_pending(ctx) == AS_E_USAGE);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    aligning();
    calculating();
    calibrating();
    finders();
    spreading();
    as_ctx_free(ctx);
    DONE();
}
