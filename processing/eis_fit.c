/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eis-fit: an equivalent circuit to an impedance spectrum by complex least squares. */
#include <math.h>
#include <string.h>

#include "circuit.h"
#include "curve.h"
#include "eis_solve.h"

typedef struct {
    const char *circuit, *parameters, *bulk;
    as_range frequencies;
    int weights, inductive, starts;
} eis_settings;

static const as_param params[] = {
    AS_STRING(eis_settings, circuit, "circuit", NULL,
              "in series by -, in parallel by p( , ): R0-p(R1,CPE1)-CPE2; elements R C L La CPE W "
              "Wo Ws Zarc G"),
    AS_STRING(eis_settings, parameters, "parameters", "",
              "starts, bounds, fixed values in SI units: \"R1=100 CPE1.n=0.9[0.5:1] R0=12!\"; "
              "others are found"),
    AS_CHOICE(eis_settings, weights, "weights", "modulus", as_eis_weights,
              "standard deviation of the points"),
    AS_RANGE(eis_settings, frequencies, "frequencies", "", "Hz", "that are fitted; open: all"),
    AS_CHOICE(eis_settings, inductive, "inductive", "keep", as_inductive_rules,
              "points that are left out"),
    AS_INT(eis_settings, starts, "starts", "8", 1, 64,
           "starting points that are fitted; the best minimum is kept"),
    AS_STRING(eis_settings, bulk, "bulk", "",
              "resistances that make up bulk_resistance: R0, or R0+R1"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "frequency", .unit = "Hz", .help = "in any order" },
    { .kind = AS_NEED_COLUMN, .name = "z_real", .unit = "Ohm", .help = "real part" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag", .unit = "Ohm", .help = "capacitive negative" },
    { .kind = AS_NEED_COLUMN,
      .name = "sigma_z_real",
      .unit = "Ohm",
      .optional = true,
      .help = "with --weights stated" },
    { .kind = AS_NEED_COLUMN,
      .name = "sigma_z_imag",
      .unit = "Ohm",
      .optional = true,
      .help = "likewise" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN,
      .name = "z_real_model",
      .unit = "Ohm",
      .help = "of the circuit, in every row" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag_model", .unit = "Ohm", .help = "likewise" },
    { .kind = AS_NEED_COLUMN,
      .name = "z_real_residual",
      .unit = "%",
      .help = "data minus model over |Z|" },
    { .kind = AS_NEED_COLUMN, .name = "z_imag_residual", .unit = "%", .help = "likewise" },
    { .kind = AS_NEED_RESULT,
      .name = "resistance",
      .unit = "Ohm",
      .help = "of R, Wo, Ws, Zarc, G" },
    { .kind = AS_NEED_RESULT, .name = "capacitance", .unit = "F", .help = "of C" },
    { .kind = AS_NEED_RESULT, .name = "inductance", .unit = "H", .help = "of L" },
    { .kind = AS_NEED_RESULT,
      .name = "inductance_coefficient",
      .unit = "H s^(n-1)",
      .help = "of La, in H s^(n-1)" },
    { .kind = AS_NEED_RESULT,
      .name = "cpe_coefficient",
      .unit = "S s^n",
      .help = "of CPE, in S s^n" },
    { .kind = AS_NEED_RESULT,
      .name = "warburg_coefficient",
      .unit = "Ohm/s^0.5",
      .help = "of W, in Ohm/s^(1/2)" },
    { .kind = AS_NEED_RESULT, .name = "time_constant", .unit = "s", .help = "of Wo, Ws, Zarc, G" },
    { .kind = AS_NEED_RESULT, .name = "exponent", .unit = "1", .help = "of CPE, La, Zarc" },
    { .kind = AS_NEED_RESULT, .name = "peak_frequency", .unit = "Hz", .help = "of each arc" },
    { .kind = AS_NEED_RESULT, .name = "effective_capacitance", .unit = "F", .help = "of each arc" },
    { .kind = AS_NEED_RESULT, .name = "bulk_resistance", .unit = "Ohm", .help = "with --bulk" },
    { .kind = AS_NEED_RESULT,
      .name = "chi2",
      .unit = "1",
      .help = "of the fit; reduced_chi2, aicc and bic beside it" },
    { .kind = AS_NEED_RESULT,
      .name = "residual_rms",
      .unit = "%",
      .help = "of |data minus model| over |Z|" },
    { .kind = AS_NEED_RESULT,
      .name = "starts_agreeing",
      .unit = "1",
      .help = "that reached the best minimum" },
    { 0 }
};

typedef struct job {
    as_run *run;
    as_table *t;
    as_impedance z;
    as_circuit c;
    as_eis_fit fit;
    const char *how;
    bool solved;
    size_t n, room; /* of the results with a gradient */
    size_t *which;
    double *gradient; /* n_params each, over what the fit sees */
} job;

/* A result with its gradient; what depends on a parameter at a bound says so. */
static as_status put(job *j, const char *item, const char *quantity, double value,
                     const double *gradient, const char *unit, const char *method)
{
    const size_t m = j->c.n_params;
    const as_ls_result *r = &j->fit.r;
    bool bound = false, free = false;
    if (!j->solved)
        return as_add_quantity(j->run->ctx, j->t, item, quantity, NAN, NAN, unit, "failed", method);
    for (size_t k = 0; k < m; k++) {
        if (gradient[k] == 0 || j->c.param[k].fixed) continue;
        free = true;
        bound = bound || r->at_bound[k];
    }
    const double u = free ? as_propagate(m, r->covariance, gradient) : NAN;
    AS_TRY(as_add_quantity(j->run->ctx, j->t, item, quantity, value, bound && u == 0 ? NAN : u,
                           unit,
                           bound  ? "at_bound"
                           : free ? NULL
                                  : "fixed",
                           method));
    if (!free || j->n == j->room) return AS_OK;
    memcpy(j->gradient + j->n * m, gradient, m * sizeof *gradient);
    j->which[j->n++] = j->t->n_results - 1;
    return AS_OK;
}

static as_status give_parameters(job *j)
{
    const size_t m = j->c.n_params;
    double *g = AS_NEW_N(as_scratch(j->run->ctx), double, m);
    if (!g) return AS_ERR;
    for (size_t e = 0; e < j->c.n_elements; e++) {
        const as_element *el = &j->c.element[e];
        for (size_t k = el->first; k < el->first + el->kind->n; k++) {
            const as_element_param *what = j->c.param[k].what;
            memset(g, 0, m * sizeof *g);
            if (j->solved) g[k] = what->role == AS_EXPONENT ? 1 : j->fit.p[k];
            AS_TRY(put(j, el->name, what->quantity, j->solved ? j->fit.p[k] : NAN, g, what->unit,
                       el->kind->help));
        }
    }
    return AS_OK;
}

static const char *block_name(job *j, size_t block)
{
    const char *name = "";
    for (size_t e = 0; e < j->c.n_elements; e++)
        if (j->c.element[e].block == block && name)
            name = as_format(as_scratch(j->run->ctx), "%s%s%s", name, *name ? "," : "",
                             j->c.element[e].name);
    return name;
}

static as_status give_arcs(job *j)
{
    const size_t m = j->c.n_params;
    double hertz, farad, *g = AS_NEW_N(as_scratch(j->run->ctx), double, 2 * m + 1),
                         p[AS_CIRCUIT_PARAMS];
    if (!g) return AS_ERR;
    for (size_t k = 0; k < m; k++) p[k] = j->solved ? j->fit.p[k] : 1;
    for (size_t b = 0; b < j->c.n_blocks; b++) {
        if (!as_circuit_arc(&j->c, b, p, &hertz, g, &farad, g + m)) continue;
        const char *name = block_name(j, b);
        if (!name) return AS_ERR;
        AS_TRY(put(j, name, "peak_frequency", hertz, g, "Hz", "1/(2_pi_tau)"));
        AS_TRY(put(j, name, "effective_capacitance", farad, g + m, "F", "tau/R_Hsu-Mansfeld"));
    }
    return AS_OK;
}

/* The sum of the resistances that --bulk names. */
static as_status give_bulk(job *j)
{
    const eis_settings *set = j->run->settings;
    double *g = AS_NEW_N(as_scratch(j->run->ctx), double, j->c.n_params), sum = 0;
    if (!set->bulk || !*set->bulk) return AS_OK;
    if (!g) return AS_ERR;
    for (const char *at = set->bulk; *at;) {
        const size_t n = strcspn(at, "+"), k = as_circuit_find(&j->c, at, n);
        const as_where where = { .line = 1,
                                 .column = (uint32_t)(at - set->bulk) + 1,
                                 .line_text = set->bulk };
        if (k == j->c.n_params || strcmp(j->c.param[k].what->quantity, "resistance") != 0)
            return as_fail(j->run->ctx, AS_E_USAGE, &where, "%s has no resistance of this name",
                           j->c.text);
        g[k] = j->solved ? j->fit.p[k] : 0;
        sum += g[k];
        at += n + (at[n] == '+');
    }
    const char *how =
        as_format(as_scratch(j->run->ctx), "%s_of_%s;%s", set->bulk, j->c.text, j->how);
    return how ? put(j, "fit", "bulk_resistance", sum, g, "Ohm", how) : AS_ERR;
}

static as_status give_statistics(job *j)
{
    const as_ls_result *r = &j->fit.r;
    const bool ok = j->solved;
    const struct {
        const char *name, *unit;
        double value;
    } all[] = { { "chi2", "1", ok ? r->chi2 : NAN },
                { "reduced_chi2", "1", ok ? r->reduced : NAN },
                { "aicc", "1", ok ? r->aicc : NAN },
                { "bic", "1", ok ? r->bic : NAN },
                { "degrees_of_freedom", "1", ok ? (double)r->dof : NAN },
                { "residual_rms", "%", ok ? 100 * j->fit.rms : NAN },
                { "starts_agreeing", "1", ok ? (double)j->fit.agreeing : NAN } };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        AS_TRY(as_add_quantity(j->run->ctx, j->t, "fit", all[k].name, all[k].value, NAN,
                               all[k].unit, ok ? NULL : "failed", j->how));
    return AS_OK;
}

static as_status give_covariance(job *j)
{
    const size_t m = j->c.n_params;
    double *v = AS_NEW_N(as_scratch(j->run->ctx), double, j->n * j->n + 1);
    if (!v) return AS_ERR;
    for (size_t i = 0; i < j->n; i++)
        for (size_t k = 0; k <= i; k++)
            v[i * j->n + k] = v[k * j->n + i] =
                as_propagate2(m, j->fit.r.covariance, j->gradient + i * m, j->gradient + k * m);
    return j->n ? as_set_covariance(j->run->ctx, j->t, j->n, j->which, v) : AS_OK;
}

/* The model in every row that has a frequency; residuals where a point was fitted. */
static as_status give_columns(job *j)
{
    static const char *const name[] = { "z_real_model", "z_imag_model", "z_real_residual",
                                        "z_imag_residual" };
    as_ctx *ctx = j->run->ctx;
    const as_unit hz = as_unit_of("Hz"), ohm = as_unit_of("Ohm"), percent = as_unit_of("%");
    const as_column *f = as_find_name(j->t, "frequency");
    as_column *c[4];
    for (size_t k = 0; k < 4; k++) {
        c[k] = as_curve_column(ctx, j->t, name[k], AS_ROLE_OTHER, k < 2 ? ohm : percent);
        if (!c[k]) return AS_ERR;
        for (size_t i = 0; i < j->t->rows; i++) c[k]->v.f[i] = NAN;
    }
    for (size_t i = 0; j->solved && i < j->t->rows; i++) {
        const double at = as_unit_convert(f->v.f[i], &f->unit, &hz);
        if (!(at > 0) || !isfinite(at)) continue;
        const double _Complex z = as_circuit_impedance(&j->c, 2 * acos(-1) * at, j->fit.p, NULL);
        c[0]->v.f[i] = creal(z);
        c[1]->v.f[i] = cimag(z);
    }
    for (size_t i = 0; j->solved && i < j->z.n; i++) {
        const size_t row = j->z.row[i];
        const double size = hypot(j->z.re[i], j->z.im[i]) / 100;
        c[2]->v.f[row] = (j->z.re[i] - c[0]->v.f[row]) / size;
        c[3]->v.f[row] = (j->z.im[i] - c[1]->v.f[row]) / size;
    }
    return AS_OK;
}

static void warn(job *j)
{
    as_ctx *ctx = j->run->ctx;
    if (j->fit.undetermined < j->c.n_params)
        as_warn(ctx, j->t, NULL,
                "another start came lower where the data do not determine %s: the circuit may have "
                "too many elements",
                j->c.param[j->fit.undetermined].name);
    if (j->fit.agreeing == 1 && j->fit.tried > 1)
        as_warn(ctx, j->t, NULL,
                "one of %zu starts reached this minimum: try more --starts, or give --parameters",
                j->fit.tried);
    for (size_t k = 0; k < j->c.n_params; k++)
        if (j->fit.r.at_bound[k] && !j->c.param[k].fixed)
            as_warn(ctx, j->t, NULL, "%s stands at a bound, %.4g: its uncertainty is not known",
                    j->c.param[k].name, j->fit.p[k]);
}

static as_status series(as_run *run, as_table *owned)
{
    const eis_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    job j = { .run = run, .t = owned };
    AS_TRY(as_circuit_parse(ctx, as_scratch(ctx), set->circuit, &j.c));
    AS_TRY(as_circuit_settings(ctx, &j.c, set->parameters));
    AS_TRY(as_impedance_of(ctx, owned, &set->frequencies, 3, &j.z));
    const size_t all = j.z.n,
                 left_out = as_impedance_exclude(&j.z, (as_inductive_rule)set->inductive);
    const char *points = as_impedance_record(ctx, (as_inductive_rule)set->inductive, left_out, all);
    const char *weights = as_eis_weights[set->weights].name;
    j.how = as_format(as_scratch(ctx), "complex_least_squares;weights_%s;u_%s;%s", weights,
                      set->weights == AS_EIS_STATED ? "as_stated" : "from_scatter",
                      points ? points : "");
    j.room = j.c.n_params + 2 * j.c.n_blocks + 1;
    j.which = AS_NEW_N(as_scratch(ctx), size_t, j.room);
    j.gradient = AS_NEW_N(as_scratch(ctx), double, j.room *(j.c.n_params + 1));
    if (!points || !j.how || !j.which || !j.gradient) return AS_ERR;
    const as_status solved = as_eis_solve(ctx, as_scratch(ctx), owned, &j.c, &j.z,
                                          (as_eis_weight)set->weights, (size_t)set->starts, &j.fit);
    if (solved != AS_OK && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
    j.solved = solved == AS_OK;
    AS_TRY(give_columns(&j));
    AS_TRY(give_parameters(&j));
    AS_TRY(give_arcs(&j));
    AS_TRY(give_bulk(&j));
    AS_TRY(give_statistics(&j));
    if (!j.solved) return AS_ERR;
    warn(&j);
    AS_TRY(give_covariance(&j));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "an electrolyte between blocking electrodes: its resistance is that of the leads and of the "
      "arc",
      "assay eis-fit --circuit \"L0-R0-p(R1,C1)-CPE2\" --bulk R0+R1 "
      "tests/corpus/echem/blocking.ecsv"
      " | assay results" },
    { "three definitions of one resistance, and the conductivity by each",
      "assay eis-fit --circuit \"L0-R0-p(R1,C1)-CPE2\" --bulk R0+R1 "
      "tests/corpus/echem/blocking.ecsv | assay resistance"
      " | assay conductivity | assay results --quantity conductivity" },
    { 0 }
};
static const char *const references[] = {
    "Boukamp 1986, A nonlinear least squares fit procedure for analysis of immittance data, Solid "
    "State Ionics 20, 31, "
    "doi:10.1016/0167-2738(86)90031-7",
    "Lasia 2014, Electrochemical Impedance Spectroscopy and its Applications, Springer",
    "Hsu & Mansfeld 2001, Corrosion 57, 747", NULL
};
static const char *const see_also[] = { "lin-kk",       "resistance", "conductivity",
                                        "plot-nyquist", "plot-bode",  NULL };

const as_op as_op_eis_fit = {
    .name = "eis-fit",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(eis_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "fit an equivalent circuit to an impedance spectrum",
             .description = "Elements stand in series by `-` and in parallel by `p( , )`; each is "
                            "a kind and a number or _name. "
                            "With w = 2 pi f: `R`, `C`, `L`; `CPE` 1/(q (jw)^n); `La` l (jw)^n; "
                            "`W` a (1-j)/sqrt(w); `Wo` "
                            "r coth(s)/s and `Ws` r tanh(s)/s with s = sqrt(jw tau), of finite "
                            "length with an open or a short end; "
                            "`Zarc` r/(1+(jw tau)^n); `G` r/sqrt(1+jw tau). A parameter is called "
                            "by its element, or ELEMENT.NAME "
                            "where that has several. All but the exponents are positive and are "
                            "fitted as logarithms.\n\n"
                            "What *parameters* does not start is found: draws with time constants "
                            "inside the measured "
                            "frequencies, magnitudes of the blocks in series by non-negative least "
                            "squares, and the best "
                            "*starts* of them fitted. `starts_agreeing` says how many reached the "
                            "minimum that is reported. Arcs "
                            "that are alike come with the highest frequency first.\n\n"
                            "Weights are a matter of definition: with `modulus` a point's real and "
                            "imaginary part have a standard "
                            "deviation proportional to |Z|, with `proportional` each to its own "
                            "size (at least a thousandth of "
                            "|Z|), with `unit` all the same, each scaled by the scatter about the "
                            "fit; `stated` takes the columns "
                            "sigma_z_real and sigma_z_imag as they are. A good fit proves no "
                            "circuit: test the data by `lin-kk` "
                            "first, compare circuits by AICc.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
