/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations on spectra as a user runs them: what they find, keep, drop and refuse. */

#include "check.h"
#include "curve.h"
#include "dice.h"
#include "run_op.h"

static as_ctx *ctx;
enum { N = 1000 };
static double x[N], y[N], base[N];

/* x falls, as in infrared files; bands of known area on a curved baseline. */
static void spectrum(double noise)
{
    for (int i = 0; i < N; i++) {
        const double u = i / (N - 1.0);
        x[i] = 2000 - 1.5 * i;
        base[i] = 40 + 30 * u - 25 * u * u;
        y[i] = base[i] + noise * normal();
        for (int k = 0; k < 4; k++) {
            const double t = (x[i] - (700 + 350 * k)) / (6 + 2 * k);
            y[i] += (20 + 10 * k) * exp(-t * t / 2);
        }
    }
}

static const double *column(const as_table *t, const char *name)
{
    return as_find_name(t, name)->v.f;
}

static double rms(const double *a, const double *b)
{
    double s = 0;
    for (int i = 0; i < N; i++) s += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(s / N);
}

static void baselines(void)
{
    static const struct { const char *op, *options; double limit; } cases[] = {
        { "baseline-snip", "--window 80cm-1 --smooth 3", 0.5 },
        { "baseline-snip", "--window 80cm-1 --smooth 3 --windows ladder", 0.5 },
        { "baseline-polynomial", "--order 2 --regions 550:640,800:950,1150:1250,1850:2000", 0.1 },
        { "baseline-modpoly", "--order 2", 1 },
        { "baseline-imodpoly", "--order 2", 0.3 },
        { "baseline-penalized", "--order 2 --threshold 1", 0.3 },
        { "baseline-penalized", "--order 2 --cost huber --threshold 0.5", 0.5 },
        { "baseline-penalized", "--order 2 --cost indec --threshold 1", 0.4 },
        { "baseline-quantile", "--order 2 --quantile 0.4", 0.5 },
        { "baseline-goldindec", "--order 2 --peak-ratio 0.1", 1 },
        { "baseline-tophat", "--window 90cm-1", 2 },
        { "baseline-mor", "--window 90cm-1", 2 },
        { "baseline-imor", "--window 90cm-1", 2 },
        { "baseline-mormol", "--window 90cm-1", 2 },
        { "baseline-amormol", "--window 90cm-1", 2 },
        { "baseline-rolling-ball", "--window 90cm-1", 2 },
        { "baseline-mpls", "--window 90cm-1 --width 900cm-1", 1.5 },
        { "baseline-jbcd", "--window 90cm-1", 2 },
        { "baseline-noise-median", "--window 300cm-1 --smooth 100cm-1", 1.5 },
        { "baseline-swima", "--window 150cm-1", 1.5 },
        { "baseline-peak-filling", "--window 150cm-1", 1.5 },
        { "baseline-ipsa", "--window 150cm-1", 1.5 },
        { "baseline-ria", "--window 100cm-1", 2.5 },
        { "baseline-rubberband", "--bend 30", 1.5 },
        { "baseline-points", "--points 520,620,900,1200,1600,1940 --method pchip --average 21pt", 0.4 },
        { "baseline-pspline-asls", "--width 900cm-1", 1 },
        { "baseline-pspline-drpls", "--width 900cm-1", 0.5 },
        { "baseline-pspline-aspls", "--width 900cm-1", 0.8 },
        { "baseline-pspline-airpls", "--width 900cm-1", 0.8 },
        { "baseline-pspline-arpls", "--width 900cm-1", 0.5 },
        { "baseline-pspline-iarpls", "--width 900cm-1", 0.5 },
        { "baseline-pspline-lsrpls", "--width 900cm-1", 0.5 },
        { "baseline-pspline-psalsa", "--width 900cm-1", 0.8 },
        { "baseline-derpsalsa", "--width 350cm-1", 1.2 },
        { "baseline-pspline-derpsalsa", "--width 350cm-1", 1.2 },
        { "baseline-pspline-brpls", "--width 900cm-1", 0.5 },
        { "baseline-pspline-mpls", "--width 900cm-1 --window 90cm-1", 1.5 },
        { "baseline-mixture", "--width 900cm-1", 0.5 },
        { "baseline-irsqr", "--width 900cm-1 --quantile 0.4", 0.5 },
        { "baseline-corner-cutting", "", 1.5 },
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        spectrum(0.3);
        const as_table *t = run_curve(ctx, cases[k].op, cases[k].options, N, x, y);
        CHECK(t != NULL);
        if (!t) {
            printf("%s %s: %s\n", cases[k].op, cases[k].options, as_pending_message(ctx));
            continue;
        }
        const double error = rms(column(t, "baseline"), base);
        printf("%-20s %-40s rms error %.3g\n", cases[k].op, cases[k].options, error);
        CHECK(error < cases[k].limit);
        CHECK(memcmp(column(t, "intensity"), y, sizeof y) == 0);
        double scaled[N], worst = 0; /* four times y has four times the baseline */
        char options[128];
        if (strstr(cases[k].options, "--bend") || strstr(cases[k].options, "--threshold")) continue;
        for (int i = 0; i < N; i++) scaled[i] = 4 * y[i];
        (void)snprintf(options, sizeof options, "%s", cases[k].options);
        const as_table *four = run_curve(ctx, cases[k].op, options, N, x, scaled);
        CHECK(four != NULL);
        for (int i = 0; four && i < N; i++)
            worst = fmax(worst, fabs(column(four, "baseline")[i] / 4 - column(t, "baseline")[i]));
        NEAR(worst, 0, 1e-6);
    }
    spectrum(0);
    CHECK(!run_curve(ctx, "baseline-polynomial", "--order 5 --regions 0:10", N, x, y));
    CHECK(as_pending(ctx) == AS_E_NUMERIC);
}

/* The same method with P-splines and with a value for every row. */
static void splines_beside_rows(void)
{
    static const struct { const char *method, *options; double limit; } cases[] = {
        { "asls", "", 0.01 },
        { "iasls", "", 0.01 },
        { "iasls", " --slope-lambda 1", 0.05 },
        { "drpls", "", 0.1 },
        { "drpls", " --eta 0.9", 0.2 },
        { "aspls", "", 0.2 },
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char options[64], name[64];
        spectrum(0.3);
        (void)snprintf(options, sizeof options, "--width 900cm-1%s", cases[k].options);
        (void)snprintf(name, sizeof name, "baseline-%s", cases[k].method);
        const as_table *rows = run_curve(ctx, name, options, N, x, y);
        (void)snprintf(name, sizeof name, "baseline-pspline-%s", cases[k].method);
        const as_table *splines = run_curve(ctx, name, options, N, x, y);
        CHECK(rows && splines);
        if (!rows || !splines) continue;
        const double apart = rms(column(rows, "baseline"), column(splines, "baseline"));
        printf("%-14s splines and rows differ by %.3g (rms)\n", cases[k].method, apart);
        CHECK(apart < cases[k].limit);
    }
}

static void smoothing(void)
{
    spectrum(0);
    const as_table *t = run_curve(ctx, "smooth-savgol", "--window 7pt --derivative 1", N, x, y);
    CHECK(t && strcmp(as_find_role(t, AS_ROLE_Y)->unit.symbol, "count/cm-1") == 0);
    if (t) printf("unit of the derivative: %s\n", as_find_role(t, AS_ROLE_Y)->unit.symbol);
    /* x falls: the slope is that over x, not over rows */
    NEAR(column(t, "intensity")[500], (y[501] - y[499]) / (x[501] - x[499]), 1e-3);
    CHECK(as_get_meta(t, "processed") && !as_find_role(t, AS_ROLE_SIGMA));
    CHECK(run_curve(ctx, "smooth-savgol", "", N, x, y) != NULL);
    x[500] += 0.9; /* more than jitter */
    CHECK(!run_curve(ctx, "smooth-savgol", "", N, x, y) && as_pending(ctx) == AS_E_NUMERIC);
    spectrum(0);
    CHECK(!run_curve(ctx, "smooth-savgol", "--window 3pt --order 4", N, x, y));
    CHECK(!run_curve(ctx, "smooth-savgol", "--window 1001pt", N, x, y));
    CHECK(!run_curve(ctx, "smooth-savgol", "--derivative 3", N, x, y) && as_pending(ctx) == AS_E_USAGE);
    y[10] = NAN; /* bridged for its neighbours, kept itself */
    t = run_curve(ctx, "smooth-savgol", "", N, x, y);
    CHECK(t && isnan(column(t, "intensity")[10]) && isfinite(column(t, "intensity")[9]));
}

/* Rows that are missing lie on a straight line over their numbers, those at the ends are as their neighbour. */
static void bridging(void)
{
    const double at[] = { 0, 1, 2, 3, 8, 9 }, gaps[] = { NAN, 1, NAN, NAN, 7, NAN }, want[] = { 1, 1, 3, 5, 7, 7 };
    as_table *t = curve_table(ctx, 6, at, gaps, "raman_shift", "cm-1", "count");
    as_curve c;
    CHECK(t && as_curve_of(ctx, t, 2, &c) == AS_OK && c.used == 2);
    const double *whole = as_curve_bridged(ctx, &c);
    for (int i = 0; whole && i < 6; i++) NEAR(whole[i], want[i], 1e-15);
    CHECK(whole != NULL);
}

static void normalizing(void)
{
    spectrum(0);
    const as_table *t = run_curve(ctx, "normalize", "--to 100", N, x, y);
    double most = -1, least = 1e9, sum = 0, area = 0, square = 0;
    for (int i = 0; i < N; i++) most = fmax(most, column(t, "intensity")[i]);
    NEAR(most, 100, 1e-12);
    CHECK(strcmp(as_find_role(t, AS_ROLE_Y)->unit.symbol, "1") == 0);
    t = run_curve(ctx, "normalize", "--method minmax", N, x, y);
    most = -1;
    for (int i = 0; i < N; i++) {
        most = fmax(most, column(t, "intensity")[i]);
        least = fmin(least, column(t, "intensity")[i]);
    }
    NEAR(most, 1, 1e-12);
    NEAR(least, 0, 1e-12);
    t = run_curve(ctx, "normalize", "--method snv", N, x, y);
    for (int i = 0; i < N; i++) sum += column(t, "intensity")[i];
    NEAR(sum, 0, 1e-9);
    t = run_curve(ctx, "normalize", "--method vector", N, x, y);
    for (int i = 0; i < N; i++) square += pow(column(t, "intensity")[i], 2);
    NEAR(square, 1, 1e-12);
    t = run_curve(ctx, "normalize", "--method area --region 600:800", N, x, y);
    for (int i = 1; i < N; i++)
        if (x[i - 1] <= 800 && x[i] >= 600)
            area += 0.5 * (column(t, "intensity")[i] + column(t, "intensity")[i - 1]) * 1.5;
    NEAR(area, 1, 1e-12);
    CHECK(!run_curve(ctx, "normalize", "--method reference --item 222", N, x, y) &&
          as_pending(ctx) == AS_E_MISSING);
    CHECK(!run_curve(ctx, "normalize", "--net", N, x, y) && as_pending(ctx) == AS_E_MISSING);
    for (int i = 0; i < N; i++) y[i] = -5;
    CHECK(!run_curve(ctx, "normalize", "", N, x, y) && as_pending(ctx) == AS_E_NUMERIC);
}

static size_t found(const as_table *t)
{
    size_t n = 0;
    for (size_t i = 0; t && i < t->n_results; i++)
        n += strcmp(t->result[i].quantity, "position") == 0;
    return n;
}

static void peaks(void)
{
    spectrum(0.5);
    const as_table *t = run_curve(ctx, "peaks", "", N, x, y);
    CHECK(found(t) == 4);
    for (int k = 0; t && k < 4 && found(t) == 4; k++) { /* x falls: the band at 1750 comes first */
        char item[8];
        (void)snprintf(item, sizeof item, "%d", k + 1);
        NEAR(as_get_result(t, item, "position")->value, 700 + 350 * (3 - k), 3);
        NEAR(as_get_result(t, item, "fwhm")->value, 2.3548 * (6 + 2 * (3 - k)), 4);
        CHECK(isnan(as_get_result(t, item, "position")->u)); /* no sigma, no claim */
    }
    int curves_with_peaks = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < N; i++) y[i] = 1000 + normal();
        as_table *pure = run_curve(ctx, "peaks", "", N, x, y);
        curves_with_peaks += found(pure) > 0;
        as_table_free(pure);
    }
    printf("curves of noise with peaks: %d of 200\n", curves_with_peaks);
    CHECK(curves_with_peaks <= 6);
    spectrum(0);
    CHECK(found(run_curve(ctx, "peaks", "--prominence 35", N, x, y)) == 2);
    CHECK(found(run_curve(ctx, "peaks", "--prominence 5 --top 1", N, x, y)) == 1);
    CHECK(found(run_curve(ctx, "peaks", "--prominence 5 --distance 600cm-1", N, x, y)) == 2);
    CHECK(found(run_curve(ctx, "peaks", "--prominence 5 --width 20cm-1", N, x, y)) == 2);
    x[3] = 2500;
    CHECK(!run_curve(ctx, "peaks", "", N, x, y) && as_pending(ctx) == AS_E_NUMERIC);
}

/* Cu K-beta and W L-alpha stand where the same d puts them; u follows from sigma. */
static void ghosts(void)
{
    enum { M = 4000 };
    static double two_theta[M], counts[M];
    const double d = 3.0, ka = 1.5405929, kb = 1.392235, w = 1.47637;
    const double at[3] = { 2 * asin(ka / 2 / d), 2 * asin(kb / 2 / d), 2 * asin(w / 2 / d) };
    const double high[3] = { 20000, 900, 500 };
    for (int i = 0; i < M; i++) {
        two_theta[i] = 20 + 0.005 * i;
        counts[i] = 100;
        for (int k = 0; k < 3; k++) {
            const double t = (two_theta[i] - at[k] * 57.29577951308232) / 0.05;
            counts[i] += high[k] * exp(-t * t / 2);
        }
        counts[i] = rint(counts[i] + sqrt(counts[i]) * normal());
    }
    as_table *t = curve_table(ctx, M, two_theta, counts, "two_theta", "deg", "count");
    CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
    CHECK(as_set_meta(ctx, t, "wavelength", "1.5405929", "Angstrom", NULL) == AS_OK);
    CHECK(as_set_meta(ctx, t, "anode", "Cu", NULL, NULL) == AS_OK);
    caught out;
    CHECK(run_tables(ctx, "peaks", "--distance 0.1deg --smooth 9pt", 1, &t, false, &out) == AS_OK);
    CHECK(found(t) == 3);
    if (found(t) != 3) return;
    CHECK(strcmp(as_get_result(t, "1", "position")->flag, "k_beta") == 0);
    CHECK(strcmp(as_get_result(t, "2", "position")->flag, "w_l_alpha") == 0);
    CHECK(strcmp(as_get_result(t, "3", "position")->flag, "ok") == 0);
}

/* u is what positions, prominences and widths of repeated countings scatter by. */
static void errors_of_peaks(void)
{
    enum { M = 60, ROUNDS = 400 };
    static const char *const names[] = { "position", "prominence", "fwhm" };
    double px[M], py[M], sum[3] = { 0 }, square[3] = { 0 }, u2[3] = { 0 }, count = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const as_frame frame = as_enter(ctx);
        for (int i = 0; i < M; i++) {
            px[i] = i;
            const double t = (i - 30.3) / 3, mean = 200 + 0.5 * abs(i - 30) + 60000 * exp(-t * t / 2);
            py[i] = rint(mean + sqrt(mean) * normal());
        }
        as_table *t = curve_table(ctx, M, px, py, "two_theta", "deg", "count");
        CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
        caught out;
        CHECK(run_tables(ctx, "peaks", "--top 1", 1, &t, false, &out) == AS_OK);
        for (int k = 0; k < 3; k++) {
            const as_result *r = as_get_result(t, "1", names[k]);
            CHECK(r && r->u > 0);
            if (!r) continue;
            sum[k] += r->value;
            square[k] += r->value * r->value;
            u2[k] += r->u * r->u;
        }
        count++;
        as_leave(ctx, frame);
    }
    for (int k = 0; k < 3; k++) {
        const double sd = sqrt((square[k] - sum[k] * sum[k] / count) / (count - 1)), u = sqrt(u2[k] / count);
        printf("peaks: %s scatters by %.4g, u says %.4g\n", names[k], sd, u);
        CHECK(sd / u > 0.8 && sd / u < 1.25);
    }
}

static as_table *one(const char *op, const char *options, as_table *t)
{
    caught out;
    return run_tables(ctx, op, options, 1, &t, false, &out) == AS_OK ? t : NULL;
}

static void converting(void)
{
    const double angle[] = { 5.81, 20, 100, 0 }, v[] = { 1, 2, 3, 4 };
    as_table *t = curve_table(ctx, 4, angle, v, "two_theta", "deg", "count");
    CHECK(!one("convert-x", "--to d_spacing", t) && as_pending(ctx) == AS_E_MISSING);
    CHECK(as_set_meta(ctx, t, "wavelength", "0.15405929", "nm", NULL) == AS_OK);
    CHECK(one("convert-x", "--to d_spacing", t) != NULL);
    NEAR(t->column[0]->v.f[0], 1.5405929 / 2 / sin(5.81 / 2 * acos(-1.0) / 180), 1e-12);
    CHECK(isnan(t->column[0]->v.f[3]) && t->n_warnings == 1); /* no d at angle 0 */
    CHECK(strcmp(t->column[0]->name, "d_spacing") == 0);
    CHECK(!one("convert-x", "--to d_spacing", t) && as_pending(ctx) == AS_E_USAGE);
    CHECK(one("convert-x", "--to q --unit nm-1", t) && one("convert-x", "--to two_theta", t));
    for (int i = 0; i < 3; i++) NEAR(t->column[0]->v.f[i], angle[i], 1e-12);
    CHECK(!one("convert-x", "--to raman_shift", t) && as_pending(ctx) == AS_E_USAGE);
    CHECK(!one("convert-x", "--to d_spaing", t) && strstr(as_pending_message(ctx), "d_spacing"));

    const double shift[] = { 0, 500, 1000, 3000 };
    t = curve_table(ctx, 4, shift, v, "raman_shift", "cm-1", "count");
    CHECK(!one("convert-x", "--to wavelength", t) && as_pending(ctx) == AS_E_MISSING);
    CHECK(as_set_meta(ctx, t, "laser_wavelength", "532", "nm", NULL) == AS_OK);
    CHECK(one("convert-x", "--to wavelength", t) != NULL);
    NEAR(t->column[0]->v.f[0], 532, 1e-10);
    NEAR(t->column[0]->v.f[2], 1e7 / (1e7 / 532 - 1000), 1e-10);
    CHECK(one("convert-x", "--to photon_energy", t) != NULL);
    NEAR(t->column[0]->v.f[0], 1239.841984332003 / 532, 1e-10);
    CHECK(one("convert-x", "--unit J", t) && one("convert-x", "--to raman_shift", t));
    for (int i = 0; i < 4; i++) NEAR(t->column[0]->v.f[i], shift[i], 1e-8);

    const double energy[] = { 284.8, 285, 286, 290 };
    t = curve_table(ctx, 4, energy, v, "binding_energy", "eV", "count");
    CHECK(as_set_meta(ctx, t, "photon_energy", "1486.6", "eV", NULL) == AS_OK);
    CHECK(!one("convert-x", "--to kinetic_energy", t) && as_pending(ctx) == AS_E_MISSING);
    CHECK(as_set_meta(ctx, t, "work_function", "4.5", "eV", NULL) == AS_OK);
    CHECK(one("convert-x", "--to kinetic_energy", t) != NULL);
    NEAR(t->column[0]->v.f[0], 1486.6 - 4.5 - 284.8, 1e-10);

    const double counts[] = { 100, 400, 0, 900 };
    t = curve_table(ctx, 4, shift, counts, "raman_shift", "cm-1", "count");
    CHECK(as_add_counting_sigma(ctx, t, NAN) == AS_OK);
    CHECK(!one("convert-y", "--to rate", t) && as_pending(ctx) == AS_E_MISSING);
    CHECK(as_set_meta(ctx, t, "exposure", "2", "s", NULL) == AS_OK);
    CHECK(as_set_meta(ctx, t, "accumulations", "5", "1", NULL) == AS_OK);
    CHECK(one("convert-y", "--to rate", t) != NULL);
    NEAR(t->column[1]->v.f[1], 40, 1e-12);
    NEAR(t->column[2]->v.f[1], 2, 1e-12); /* sqrt(400) / 10, not sqrt(40) */
    CHECK(strcmp(t->column[1]->unit.symbol, "count/s") == 0);
    CHECK(!one("convert-y", "--to rate", t) && as_pending(ctx) == AS_E_USAGE);
    CHECK(one("convert-y", "--to counts", t) != NULL);
    NEAR(t->column[2]->v.f[3], 30, 1e-12);

    const double percent[] = { 100, 50, 10, -1 };
    t = curve_table(ctx, 4, shift, percent, "wavenumber", "cm-1", "%");
    CHECK(!one("convert-y", "--to absorbance", t) && as_pending(ctx) == AS_E_MISSING);
    CHECK(one("convert-y", "--to absorbance --from transmittance", t) != NULL);
    NEAR(t->column[1]->v.f[2], 1, 1e-14);
    CHECK(isnan(t->column[1]->v.f[3]) && t->n_warnings == 1);
    CHECK(strcmp(t->column[1]->name, "absorbance") == 0);
    CHECK(!one("convert-y", "--to absorbance", t) && as_pending(ctx) == AS_E_USAGE);
    CHECK(one("convert-y", "--to transmittance --unit %", t) != NULL);
    NEAR(t->column[1]->v.f[1], 50, 1e-12);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    converting();
    baselines();
    splines_beside_rows();
    smoothing();
    bridging();
    normalizing();
    peaks();
    errors_of_peaks();
    ghosts();
    as_ctx_free(ctx);
    DONE();
}
