/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models: Jacobians through ties, doublets, K alpha 2, converted amplitudes; derived quantities and
 * their gradients; the language and its mistakes.
 */
#include "check.h"
#include "model.h"

enum { N = 50 };
static double xs[N], ys[N];

static const char *const good[] = {
    "gaussian(a) height=3 center=1 fwhm=2 + linear level=1 slope=0.2",
    "pvoigt(a) area=3 center=1 fwhm=2 eta=0.3 + constant level=1",
    "voigt(a) height=3 center=1 fwhm_g=0.7 fwhm_l=0.9 + poly3 c0=1 c1=2 c2=0.5 c3=0.1",
    "pvoigt(a) height=3 center=1 fwhm=2 eta=0.3! + pvoigt(b) height=@a.height*0.5 "
    "center=@a.center+1.2 "
    "fwhm=@a.fwhm eta=@a.eta + chebyshev4 c0=1 c1=2 c2=0.5 c3=0.1 c4=0",
    "voigt(a) area=3 center=1 fwhm_g=0.7 fwhm_l=0.9 split=1.3 ratio=0.5 [0:1]",
    "pearson7(a) area=3 center=1 fwhm=2 m=2 split=1.3~0.1 ratio=0.5",
    "emg(a) area=3 center=1 fwhm_g=1 tau=0.6 + formula(k*exp(-x/t)) k=2 t=3",
    "split-pvoigt(a) area=3 center=1 fwhm_left=1 fwhm_right=2 eta_left=0.2 eta_right=0.7 + step "
    "height=2 center=0 "
    "width=3",
    "fcj(a) area=3 center=4 fwhm_g=0.8 fwhm_l=0.4 sl=0.02 hl=0.03 + power level=1 power=1 "
    "origin=20",
};

static as_status bound(as_ctx *ctx, const char *text, as_model *m, as_ls_problem *q, double alpha2)
{
    AS_TRY(as_model_parse(ctx, as_scratch(ctx), text, NULL, m));
    m->alpha1 = 1.5405929;
    m->alpha2 = 1.5444274;
    m->alpha2_ratio = alpha2;
    AS_TRY(as_model_bind(ctx, as_scratch(ctx), m, N, xs));
    AS_TRY(as_model_guess(ctx, m, ys));
    return as_model_problem(ctx, as_scratch(ctx), m, q);
}

static void jacobian(as_ctx *ctx, const char *text, double alpha2)
{
    as_model m;
    as_ls_problem q;
    CHECK(bound(ctx, text, &m, &q, alpha2) == AS_OK);
    const size_t s = m.stride;
    double *f = AS_NEW_N(as_scratch(ctx), double, s), *up = AS_NEW_N(as_scratch(ctx), double, s);
    double *down = AS_NEW_N(as_scratch(ctx), double, s),
           *J = AS_NEW_N(as_scratch(ctx), double, s *m.n_columns);
    double *g = AS_NEW_N(as_scratch(ctx), double, m.n_columns), *p = m.start;
    q.model(q.user, p, f, J, s);
    for (size_t k = 0; k < m.n_columns; k++) {
        const double at = p[k], h = 1e-5 * (fabs(at) + 0.1);
        double worst = 0, scale = 1e-3;
        p[k] = at + h;
        q.model(q.user, p, up, NULL, s);
        p[k] = at - h;
        q.model(q.user, p, down, NULL, s);
        p[k] = at;
        for (size_t i = 0; i < N; i++) {
            worst = fmax(worst, fabs((up[i] - down[i]) / (2 * h) - J[k * s + i]));
            scale = fmax(scale, fabs(J[k * s + i]));
        }
        if (!(worst < 1e-6 * scale))
            printf("%s: %s %g of %g\n", text, m.param[m.root[k]].name, worst, scale);
        CHECK(worst < 1e-6 * scale);
    }
    for (int what = AS_OF_POSITION; what <= AS_OF_FWHM; what++) { /* of the first term */
        q.model(q.user, p, f, NULL, s);
        const double v = as_model_quantity(&m, 0, (as_derived)what, g);
        double unused[64];
        for (size_t k = 0; k < m.n_columns && !isnan(v); k++) {
            const double at = p[k], h = 1e-4 * (fabs(at) + 0.1);
            p[k] = at + h;
            q.model(q.user, p, f, NULL, s);
            const double above = as_model_quantity(&m, 0, (as_derived)what, unused);
            p[k] = at - h;
            q.model(q.user, p, f, NULL, s);
            const double below = as_model_quantity(&m, 0, (as_derived)what, unused);
            p[k] = at;
            const double slope = (above - below) / (2 * h);
            if (!(fabs(g[k] - slope) <= 1e-4 * (1 + fabs(slope))))
                printf("%s %d\n", m.param[m.root[k]].name, what);
            NEAR(g[k], slope, 1e-4 * (1 + fabs(slope)));
        }
    }
}

/* Kappa alpha 2 by Bragg, the doublet by its splitting: values against the sum written out. */
static void companions(as_ctx *ctx)
{
    as_model m, plain;
    as_ls_problem q;
    double *f = AS_NEW_N(as_scratch(ctx), double, 64),
           *want = AS_NEW_N(as_scratch(ctx), double, 64);
    for (int i = 0; i < N; i++) xs[i] = 60 + 0.1 * i;
    CHECK(bound(ctx, "lorentzian(a) height=10 center=62 fwhm=0.2", &m, &q, 0.5) == AS_OK);
    q.model(q.user, m.start, f, NULL, 64);
    const double second =
        2 * asin(1.5444274 / 1.5405929 * sin(31 * acos(-1.0) / 180)) * 180 / acos(-1.0);
    char text[200];
    snprintf(
        text, sizeof text,
        "lorentzian(a) height=10 center=62 fwhm=0.2 + lorentzian(b) height=5 center=%.17g fwhm=0.2",
        second);
    CHECK(bound(ctx, text, &plain, &q, 0) == AS_OK);
    q.model(q.user, plain.start, want, NULL, 64);
    for (int i = 0; i < N; i++) NEAR(f[i], want[i], 1e-13);
    CHECK(bound(ctx, "lorentzian(a) height=10 center=61 fwhm=0.2 split=1.5 ratio=0.25", &m, &q,
                0) == AS_OK);
    q.model(q.user, m.start, f, NULL, 64);
    CHECK(bound(ctx,
                "lorentzian(a) height=10 center=61 fwhm=0.2 + lorentzian(b) height=2.5 center=62.5 "
                "fwhm=0.2",
                &plain, &q, 0) == AS_OK);
    q.model(q.user, plain.start, want, NULL, 64);
    for (int i = 0; i < N; i++) NEAR(f[i], want[i], 1e-13);
}

static void language(as_ctx *ctx)
{
    as_model m;
    CHECK(
        as_model_parse(
            ctx, as_scratch(ctx),
            "# two bands\npvoigt(C-C) center=5.8~0.2 fwhm=0.1 [0.02:0.5]\n+ pvoigt(C=O) center=6.7 "
            "fwhm=@C-C.fwhm/2+linear origin=3 + gaussian + gaussian fwhm=[:2]! height=1 fixed",
            NULL, &m) == AS_OK);
    CHECK(m.n_terms == 5 && strcmp(m.term[0].label, "C-C") == 0 &&
          strcmp(m.term[1].label, "C=O") == 0);
    CHECK(strcmp(m.term[3].label, "gaussian1") == 0 && strcmp(m.term[4].label, "gaussian2") == 0);
    const as_model_param *center = &m.param[as_model_find(&m, "C-C", "center")];
    const as_model_param *fwhm = &m.param[as_model_find(&m, "C-C", "fwhm")];
    const as_model_param *tied = &m.param[as_model_find(&m, "C=O", "fwhm")];
    NEAR(center->restraint, 5.8, 0);
    NEAR(center->restraint_u, 0.2, 0);
    CHECK(fwhm->lo == 0.02 && fwhm->hi == 0.5 && fwhm->value == 0.1);
    CHECK(tied->tie == as_model_find(&m, "C-C", "fwhm") && tied->factor == 0.5 &&
          tied->offset == 0);
    CHECK(m.param[as_model_find(&m, "gaussian2", "height")].fixed &&
          m.param[as_model_find(&m, "gaussian2", "fwhm")].fixed);
    CHECK(m.term[2].q[2] == 3);
    static const char *const bad[] = { "",
                                       "+",
                                       "gaussian +",
                                       "gaussian gaussian",
                                       "gauss",
                                       "gaussian(a",
                                       "gaussian(a) center",
                                       "gaussian(a) center=",
                                       "gaussian(a) center=1 center=2",
                                       "gaussian(a) middle=1",
                                       "gaussian(a) center=1~",
                                       "gaussian(a) center=1~-1",
                                       "gaussian(a) center=1 [2:1]",
                                       "gaussian(a) center=1 [0",
                                       "gaussian(a) center=1cm",
                                       "gaussian(a) fwhm=-1",
                                       "pvoigt(a) eta=0.5[0:3]",
                                       "gaussian(a) center=@b.center",
                                       "gaussian(a) center=@a.middle",
                                       "gaussian(a) center=@a.fwhm*0",
                                       "gaussian(a) + gaussian(a)",
                                       "poly12",
                                       "poly",
                                       "formula",
                                       "formula()",
                                       "formula(a*) a=1",
                                       "linear split=1",
                                       "gaussian split=1",
                                       "gaussian ratio=1",
                                       "doniach(a) area=1",
                                       "gaussian,linear" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const as_status status = as_model_parse(ctx, as_scratch(ctx), bad[i], NULL, &m);
        if (status == AS_OK && strcmp(bad[i], "poly") != 0) printf("accepted: %s\n", bad[i]);
        CHECK(status == AS_ERR || strcmp(bad[i], "poly") == 0); /* poly: one coefficient */
        if (status != AS_OK) CHECK(as_pending(ctx) == AS_E_USAGE);
    }
    CHECK(as_model_parse(ctx, as_scratch(ctx),
                         "gaussian(a) fwhm=@b.fwhm + gaussian(b) fwhm=@a.fwhm", NULL, &m) == AS_OK);
    CHECK(as_model_bind(ctx, as_scratch(ctx), &m, N, xs) == AS_ERR &&
          as_pending(ctx) == AS_E_USAGE);
    as_forget_error(ctx);
}

/* A line so far away that nothing changes with it is no fit, however still everything is. */
static void out_of_sight(as_ctx *ctx)
{
    static const char *const text[] = { "gaussian(a) height=1! center=1e6 fwhm=1",
                                        "gaussian(a) height=1 center=1e6 fwhm=1",
                                        "formula(a*exp(-b*x)) a=1 b=1e5" };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        as_model m;
        as_ls_problem q;
        as_ls_result r;
        CHECK(bound(ctx, text[i], &m, &q, 0) == AS_OK);
        q.y = ys;
        CHECK(as_least_squares(ctx, as_scratch(ctx), &q, m.start, &r) == AS_ERR &&
              as_pending(ctx) == AS_E_NUMERIC);
    }
    as_forget_error(ctx);
}

/* Starts read off the data: two peaks, no number in the text. */
static void guesses(as_ctx *ctx)
{
    as_model m;
    as_ls_problem q;
    as_ls_result r;
    double x[200], y[200];
    for (int i = 0; i < 200; i++) {
        x[i] = 20 - 0.1 * i; /* descending */
        y[i] = 3 + 0.1 * x[i] + 40 * exp(-pow((x[i] - 7) / 0.6, 2)) +
               25 / (1 + pow((x[i] - 13) / 0.7, 2));
    }
    CHECK(as_model_parse(ctx, as_scratch(ctx), "gaussian + lorentzian + linear origin=0", NULL,
                         &m) == AS_OK);
    CHECK(as_model_bind(ctx, as_scratch(ctx), &m, 200, x) == AS_OK &&
          as_model_guess(ctx, &m, y) == AS_OK);
    CHECK(as_model_problem(ctx, as_scratch(ctx), &m, &q) == AS_OK);
    q.y = y;
    CHECK(as_least_squares(ctx, as_scratch(ctx), &q, m.start, &r) == AS_OK);
    const double want[] = { 40, 7, 1.2 * sqrt(log(2)), 25, 13, 1.4, 3, 0.1 };
    for (size_t k = 0; k < 8; k++) NEAR(r.p[k], want[k], 1e-7 * want[k]);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    for (int i = 0; i < N; i++) xs[i] = 0.05 + 0.1 * i, ys[i] = 1;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) jacobian(ctx, good[i], 0);
    for (size_t i = 0; i < 5; i++) jacobian(ctx, good[i], 0.5);
    language(ctx);
    guesses(ctx);
    out_of_sight(ctx);
    companions(ctx);
    as_ctx_free(ctx);
    DONE();
}
