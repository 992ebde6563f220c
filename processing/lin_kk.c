/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lin-kk: is an impedance spectrum linear, causal and stationary? A chain of RC elements always
 * obeys the Kramers-Kronig relations; what such a chain cannot follow does not. The number of
 * elements by the mu criterion of Schoenleber, Klotz & Ivers-Tiffee 2014.
 */
#include <math.h>

#include "curve.h"
#include "impedance.h"
#include "linear_fit.h"

typedef struct {
    as_range frequencies;
    int inductive, most;
    double cut, per_decade, tolerance;
    bool capacitor;
} kk_settings;

static const as_param params[] = {
    AS_RANGE(kk_settings, frequencies, "frequencies", "", "Hz", "that are tested; open: all"),
    AS_CHOICE(kk_settings, inductive, "inductive", "keep", as_inductive_rules,
              "points that are left out"),
    AS_DOUBLE(kk_settings, cut, "mu", "0.85", 0, 1, NULL,
              "elements are added until mu falls below this"),
    AS_DOUBLE(
        kk_settings, per_decade, "per-decade", "3", 0, 20, NULL,
        "RC elements for each decade of frequency before mu is asked; 0: asked from the second on"),
    AS_INT(kk_settings, most, "elements", "50", 2, 200, "RC elements at most"),
    AS_BOOL(kk_settings, capacitor, "capacitor", "yes",
            "a capacitance in series, as blocking electrodes need"),
    AS_DOUBLE(kk_settings, tolerance, "tolerance", "1%", 1e-6, 100, "%",
              "largest residual over |Z| that passes"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "frequency", .unit = "Hz", .help = "in any order" },
    { .kind = AS_NEED_COLUMN, .name = "z_real", .unit = "Ohm", .help = "real part" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag", .unit = "Ohm", .help = "capacitive negative" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .name = "z_real_kk", .unit = "Ohm", .help = "of the chain" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag_kk", .unit = "Ohm", .help = "likewise" },
    { .kind = AS_NEED_COLUMN,
      .name = "z_real_kk_residual",
      .unit = "%",
      .help = "data minus chain over |Z|" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag_kk_residual", .unit = "%", .help = "likewise" },
    { .kind = AS_NEED_RESULT,
      .name = "kk_outside",
      .unit = "1",
      .help = "points beyond the tolerance" },
    { .kind = AS_NEED_RESULT, .name = "kk_residual_max", .unit = "%", .help = "largest residual" },
    { .kind = AS_NEED_RESULT, .name = "kk_residual_rms", .unit = "%", .help = "of both parts" },
    { .kind = AS_NEED_RESULT,
      .name = "kk_mu",
      .unit = "1",
      .help = "at the number of elements taken" },
    { .kind = AS_NEED_RESULT, .name = "kk_elements", .unit = "1", .help = "RC elements" },
    { 0 }
};

static const double TWO_PI = 6.28318530717958647692;

typedef struct chain {
    size_t elements, others,
        least; /* RC elements; R0, L and C before them; mu is asked from least on */
    double mu;
    as_linear_fit fit;
} chain;

/* The columns of the chain: R0, L, 1/C, then M resistances whose time constants are even in
 * logarithms from 1/w_max to 1/w_min. Rows: real parts, then imaginary parts. */
static void columns(const as_impedance *z, size_t others, size_t elements, double **x)
{
    const size_t n = z->n;
    const double longest = 1 / (TWO_PI * z->f[n - 1]), shortest = 1 / (TWO_PI * z->f[0]);
    for (size_t i = 0; i < n; i++) {
        const double w = TWO_PI * z->f[i];
        x[0][i] = 1;
        x[0][n + i] = x[1][i] = 0;
        x[1][n + i] = w;
        if (others == 3) {
            x[2][i] = 0;
            x[2][n + i] = -1 / w;
        }
        for (size_t k = 0; k < elements; k++) {
            const double share = (double)k / (double)(elements - 1);
            const double tau = shortest * pow(longest / shortest, share), q = w * tau;
            x[others + k][i] = 1 / (1 + q * q);
            x[others + k][n + i] = -q / (1 + q * q);
        }
    }
}

/* 1 - sum |R < 0| / sum |R >= 0|: 1 while all are positive, falling when the chain begins to follow
 * noise. */
static double mu_of(size_t n, const double *r)
{
    double negative = 0, positive = 0;
    for (size_t k = 0; k < n; k++) {
        if (r[k] < 0)
            negative -= r[k];
        else
            positive += r[k];
    }
    return positive > 0 ? 1 - negative / positive : 0;
}

/* Below a few elements for each decade mu rises and falls with how well their places happen to fit.
 * Never more than one for two points. */
static size_t least_elements(const as_impedance *z, const kk_settings *set, size_t most)
{
    const double wanted = ceil(set->per_decade * log10(z->f[0] / z->f[z->n - 1]));
    const size_t half = z->n / 2 < most ? z->n / 2 : most;
    return wanted < (double)half ? (size_t)fmax(wanted, 2) : half;
}

static as_status fit_chain(as_ctx *ctx, const as_impedance *z, const kk_settings *set, chain *c)
{
    const size_t n = z->n, others = set->capacitor ? 3 : 2;
    size_t most = (size_t)set->most;
    if (most + others > 2 * n - 1) most = 2 * n - 1 - others;
    const size_t least = least_elements(z, set, most);
    double **x = AS_NEW_N(as_scratch(ctx), double *, others + most);
    double *y = AS_NEW_N(as_scratch(ctx), double, 2 * n),
           *s = AS_NEW_N(as_scratch(ctx), double, 2 * n);
    if (!x || !y || !s) return AS_ERR;
    for (size_t k = 0; k < others + most; k++)
        if (!(x[k] = AS_NEW_N(as_scratch(ctx), double, 2 * n))) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        y[i] = z->re[i];
        y[n + i] = z->im[i];
        s[i] = s[n + i] = hypot(z->re[i], z->im[i]);
        if (!(s[i] > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "no impedance at %.6g Hz", z->f[i]);
    }
    for (size_t m = least; m <= most; m++) {
        as_linear_fit fit;
        columns(z, others, m, x);
        if (as_fit_linear(ctx, as_scratch(ctx), 2 * n, others + m, (const double *const *)x, y, s,
                          false, &fit) != AS_OK) {
            if (as_pending(ctx) != AS_E_NUMERIC || m == least) return AS_ERR;
            as_forget_error(ctx); /* the elements depend on each other: those before were enough */
            break;
        }
        *c = (chain){ m, others, least, mu_of(m, fit.p + others), fit };
        if (c->mu < set->cut) break;
    }
    return AS_OK;
}

typedef struct residuals {
    double rms, most;
    size_t outside;
} residuals;

static as_status give_columns(as_ctx *ctx, as_table *t, const as_impedance *z, const chain *c,
                              double tolerance, residuals *out)
{
    static const char *const name[] = { "z_real_kk", "z_imag_kk", "z_real_kk_residual",
                                        "z_imag_kk_residual" };
    const as_unit ohm = as_unit_of("Ohm"), percent = as_unit_of("%");
    as_column *v[4];
    double sum = 0;
    for (size_t k = 0; k < 4; k++) {
        v[k] = as_curve_column(ctx, t, name[k], AS_ROLE_OTHER, k < 2 ? ohm : percent);
        if (!v[k]) return AS_ERR;
        for (size_t i = 0; i < t->rows; i++) v[k]->v.f[i] = NAN;
    }
    *out = (residuals){ 0 };
    for (size_t i = 0; i < z->n; i++) {
        const double size = hypot(z->re[i], z->im[i]) / 100;
        const double re = c->fit.residual[i], im = c->fit.residual[z->n + i];
        v[0]->v.f[z->row[i]] = z->re[i] - re;
        v[1]->v.f[z->row[i]] = z->im[i] - im;
        v[2]->v.f[z->row[i]] = re / size;
        v[3]->v.f[z->row[i]] = im / size;
        const double worst = fmax(fabs(re), fabs(im)) / size;
        sum += (re * re + im * im) / (size * size);
        out->most = fmax(out->most, worst);
        out->outside += worst > tolerance;
    }
    out->rms = sqrt(sum / (2 * (double)z->n));
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const kk_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_impedance z;
    chain c = { 0 };
    residuals r;
    AS_TRY(as_impedance_of(ctx, owned, &set->frequencies, 5, &z));
    const size_t all = z.n, left_out = as_impedance_exclude(&z, (as_inductive_rule)set->inductive);
    const char *points = as_impedance_record(ctx, (as_inductive_rule)set->inductive, left_out, all);
    if (!points) return AS_ERR;
    if (z.n < 5)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points left, at least 5 are needed", z.n);
    if (!(z.f[0] > z.f[z.n - 1]))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "all points have one frequency");
    AS_TRY(fit_chain(ctx, &z, set, &c));
    AS_TRY(give_columns(ctx, owned, &z, &c, set->tolerance, &r));
    const char *how = as_format(
        as_scratch(ctx), "Lin-KK;%zu_RC,R,L%s;mu_below_%.3g_from_%zu_on;tolerance_%.3g%%;%s",
        c.elements, set->capacitor ? ",C" : "", set->cut, c.least, set->tolerance, points);
    const char *verdict = r.outside ? "not_consistent" : NULL;
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, owned, "lin-kk", "kk_outside", (double)r.outside, 0, "1", verdict,
                           how));
    AS_TRY(
        as_add_quantity(ctx, owned, "lin-kk", "kk_residual_max", r.most, NAN, "%", verdict, how));
    AS_TRY(as_add_quantity(ctx, owned, "lin-kk", "kk_residual_rms", r.rms, NAN, "%", NULL, how));
    AS_TRY(as_add_quantity(ctx, owned, "lin-kk", "kk_mu", c.mu, NAN, "1",
                           c.mu < set->cut ? NULL : "not_reached", how));
    AS_TRY(as_add_quantity(ctx, owned, "lin-kk", "kk_elements", (double)c.elements, NAN, "1", NULL,
                           how));
    if (r.outside)
        as_warn(ctx, owned, NULL,
                "%zu of %zu points differ by more than %.3g %% from what Kramers and Kronig allow: "
                "drift, noise, or a "
                "response that is not linear",
                r.outside, z.n, set->tolerance);
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "test a spectrum before a circuit is fitted",
      "assay lin-kk tests/corpus/echem/blocking.ecsv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Schoenleber, Klotz & Ivers-Tiffee 2014, A method for improving the robustness of linear "
    "Kramers-Kronig validity "
    "tests, Electrochimica Acta 131, 20, doi:10.1016/j.electacta.2014.01.034",
    "Boukamp 1995, A linear Kronig-Kramers transform test for immittance data validation, J. "
    "Electrochem. Soc. 142, "
    "1885, doi:10.1149/1.2044210",
    NULL
};
static const char *const see_also[] = { "eis-fit", "resistance", "plot-nyquist", "plot-bode",
                                        NULL };

const as_op as_op_lin_kk = {
    .name = "lin-kk",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(kk_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "test an impedance spectrum by the linear Kramers-Kronig relations",
             .description = "A resistance, an inductance, a capacitance and *elements* RC elements "
                            "with time constants even in "
                            "logarithms over the measured frequencies are fitted by linear least "
                            "squares with weights 1/|Z|, to "
                            "real and imaginary parts together. The number of elements grows until "
                            "mu = 1 - sum|R<0|/sum|R>=0| falls "
                            "below *mu*: then the chain begins to follow the noise. It is asked "
                            "from *per-decade* elements "
                            "for each decade on; the published rule (0) stops early where few "
                            "elements happen to have negative "
                            "resistances, as with diffusion.\n\n"
                            "`kk_outside` counts the points of which a part is off by more than "
                            "*tolerance* of |Z|; none: "
                            "the spectrum is consistent with a linear, causal, stationary system, "
                            "as far as the tolerance and the "
                            "frequencies reach. `not_consistent` is the flag otherwise. `kk_mu` is "
                            "flagged `not_reached` where the "
                            "largest number of elements was used up.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
