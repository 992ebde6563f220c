/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind of figure through every back end, from tables made here: drawn twice with the same bytes,
 * and with ugly data. With AS_FIGURES_DIR set the files stay there, to be looked at.
 */
#include <ctype.h>

#include "arena.h"
#include "audit.h"
#include "check.h"
#include "draw.h"
#include "figure.h"
#include "panels.h"
#include "render.h"

enum { TABLES_MAX = 32 };

typedef struct bench {
    as_ctx *ctx;
    size_t n;
    const as_table *t[TABLES_MAX];
} bench;

static uint32_t seed;
static double noise(void) /* standard normal, near enough: the sum of 12 */
{
    double s = -6;
    for (int i = 0; i < 12; i++) s += (double)((seed = seed * 1664525u + 1013904223u) >> 8) / 16777216.0;
    return s;
}

static double peak(double x, double at, double width, double height)
{
    const double u = (x - at) / width;
    return height / (1 + 4 * u * u);
}

static void complain(void *user, as_severity severity, as_code code, const as_where *where,
                     const char *message, const char *const *chain, size_t n)
{
    (void)user, (void)code, (void)where, (void)chain, (void)n;
    if (getenv("AS_FIGURES_DIR")) printf("%s: %s\n", severity == AS_ERROR ? "error" : "note", message);
}

static as_table *add(bench *b, size_t rows, const char *label, const char *x, const char *x_unit,
                     const char *y, const char *y_unit)
{
    as_table *t = as_table_new(b->ctx, rows);
    CHECK(t && as_add_column(b->ctx, t, x, AS_ROLE_X, as_unit_of(x_unit)));
    CHECK(as_add_column(b->ctx, t, y, AS_ROLE_Y, as_unit_of(y_unit)));
    t->name = t->label = as_strdup(t->arena, label);
    b->t[b->n++] = t;
    return t;
}

static size_t words_of(char *text, as_word *w)
{
    size_t n = 0;
    for (char *s = text; *s;) { /* ' parts texts with blanks */
        while (*s == ' ') *s++ = '\0';
        if (!*s) break;
        const char end = *s == '\'' ? '\'' : ' ';
        if (end == '\'') s++;
        w[n++] = (as_word){ .text = s };
        while (*s && *s != end) s++;
        if (*s) *s++ = '\0';
    }
    return n;
}

/* What no figure of ours may do, whatever the data. */
static void audit(bench *b, const char *name, const as_canvas *c)
{
    as_audit a;
    as_canvas_audit(c, &a);
    if (getenv("AS_FIGURES_DIR"))
        printf("%-16s text %g-%g pt, line %.2f pt, contrast %.1f, colours %.0f (%06x %06x)\n", name, a.smallest_pt,
               a.largest_pt, a.thinnest_pt, a.contrast, a.colour_distance, a.closest[0] >> 8, a.closest[1] >> 8);
    if (a.overlaps) printf("%s: '%s' and '%s' overlap\n", name, a.overlap[0], a.overlap[1]);
    if (a.off_page) printf("%s: '%s' is cut\n", name, a.off);
    if (a.on_data) printf("%s: '%s' is on data\n", name, a.covered);
    CHECK(a.texts > 3);
    CHECK(a.overlaps == 0);
    CHECK(a.off_page == 0);
    CHECK(a.on_data == 0);
    CHECK(a.smallest_pt >= 4.9 && a.largest_pt <= 12);
    CHECK(a.thinnest_pt >= 0.25);
    CHECK(a.contrast >= 4.5);
    (void)b;
}

static as_status render(bench *b, const char *kind, const char *options, const char *suffix,
                        const char *name, const char *path)
{
    const as_figure *f = as_figure_find(kind);
    char text[1024];
    as_word w[64];
    if (!f) return AS_ERR;
    snprintf(text, sizeof text, "%s", options);
    const size_t n = words_of(text, w);
    void *settings = as_alloc(as_scratch(b->ctx), 1, f->settings_size);
    if (!settings) return AS_ERR;
    AS_TRY(as_settings_read(b->ctx, as_scratch(b->ctx), f->params, n, w, NULL, settings));
    as_canvas *c;
    as_page page;
    as_arena *keep = as_arena_new(b->ctx, 1 << 28);
    if (!keep) return AS_ERR;
    as_status s = as_figure_draw(b->ctx, f, settings, b->n, b->t, keep, &c, &page);
    if (s == AS_OK && name) audit(b, name, c);
    page.provenance = "{\"made\": \"<by> & a \\\"test\\\"\"}";
    FILE *to = fopen(path, "wb");
    if (s == AS_OK) s = as_canvas_write(b->ctx, c, &page, suffix, to);
    fclose(to);
    as_arena_free(keep);
    return s;
}

static bool same_bytes(const char *a, const char *b)
{
    FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
    int x = 0, y = 0;
    long n = 0;
    while (f && g && x != EOF && x == y) x = fgetc(f), y = fgetc(g), n++;
    if (f) fclose(f);
    if (g) fclose(g);
    return f && g && x == EOF && y == EOF && n > 100;
}

/* Draws `b` as NAME.svg, .pdf, .png, each twice. */
static void draw(bench *b, const char *name, const char *kind, const char *options)
{
    const char *dir = getenv("AS_FIGURES_DIR");
    const char *suffix[] = { "svg", "pdf", "png" };
    for (int i = 0; i < 3; i++) {
        char path[256], again[270];
        snprintf(path, sizeof path, "%s/%s.%s", dir ? dir : ".", name, suffix[i]);
        if (!dir) snprintf(path, sizeof path, "unit-figures-%s.%s", name, suffix[i]);
        snprintf(again, sizeof again, "%s.again", path);
        const as_status s = render(b, kind, options, suffix[i], i == 0 ? name : NULL, path);
        if (s != AS_OK) as_flush_error(b->ctx);
        CHECK(s == AS_OK);
        CHECK(render(b, kind, options, suffix[i], NULL, again) == AS_OK);
        if (!same_bytes(path, again)) printf("%s differs\n", path);
        CHECK(same_bytes(path, again));
        remove(again);
        if (!dir) remove(path);
    }
}

static as_table *pattern(bench *b, const char *label, double first, double offset)
{
    as_table *t = add(b, 1000, label, "two_theta", "deg", "intensity", "count");
    t->technique = "xrd";
    for (size_t i = 0; i < t->rows; i++) {
        const double x = 4 + 0.021 * (double)i;
        const double y = 200 + 900 * exp(-x / 4) + peak(x, 5.806, 0.12, first) + peak(x, 6.705, 0.12, 2400) +
                         peak(x, 9.488, 0.12, 4100) + peak(x, 11.627, 0.13, 9800) +
                         peak(x, 13.434, 0.13, 1500) + peak(x, 17.479, 0.14, 2100) + peak(x, 19.04, 0.14, 1700);
        t->column[0]->v.f[i] = x;
        t->column[1]->v.f[i] = floor(y + sqrt(y) * noise()) + offset;
    }
    return t;
}

static void patterns(bench *b)
{
    b->n = 0;
    CHECK(as_set_meta(b->ctx, pattern(b, "Pristine MOF", 1800, 0), "simulated", "yes", NULL, NULL) == AS_OK);
    pattern(b, "Activated MOF", 0, 0);
    pattern(b, "Quasi-solid electrolyte", 2500, 0);
}

static void lines(bench *b)
{
    patterns(b);
    draw(b, "lines", "plot-lines", "--mark '5.806=(111)' --band 9:10=window --title 'Powder patterns of CuBTC'");
    draw(b, "lines-log", "plot-lines", "--y-scale log --size nature-2col");
    draw(b, "lines-zoom", "plot-lines", "--zoom 5:7.5 --x-break 14:18");
    draw(b, "lines-zooms", "plot-lines", "--zoom 5.4:6.2,0:3000=top-right --y-break 3000:9000 --theme dark");
    draw(b, "lines-sqrt", "plot-lines", "--y-scale sqrt --theme dark");
    draw(b, "lines-screen", "plot-lines", "--size screen --x 5:8 --dpi 110 --style both");
}

static as_status give(bench *b, as_table *t, const char *item, const char *quantity, double value,
                      const char *unit)
{
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = 0.01,
                          .unit = as_unit_of(unit), .flag = "ok" };
    return as_add_result(b->ctx, t, &r);
}

static void stack(bench *b)
{
    patterns(b);
    as_table *t = (as_table *)(uintptr_t)b->t[0];
    CHECK(give(b, t, "111", "position", 5.806, "deg") == AS_OK);
    CHECK(give(b, t, "200", "position", 6.705, "deg") == AS_OK);
    CHECK(give(b, t, "222", "two_theta_calc", 11.627, "deg") == AS_OK);
    CHECK(give(b, t, "400", "two_theta_calc", 13.434, "deg") == AS_OK);
    draw(b, "stack", "plot-stack", "--mark-hkl 111,200,222");
    draw(b, "stack-each", "plot-stack", "--heights each --y-scale sqrt --ticks --band 5.5:6.1 --x 4:20");
    draw(b, "stack-legend", "plot-stack", "--legend top-right --theme dark --y-scale log");
    for (int i = 0; i < 7; i++) pattern(b, i % 2 ? "another one" : "more of it", 300.0 * i, 0);
    draw(b, "stack-ten", "plot-stack", "--offset 0.5");
}

/* A doublet on a line, with what a fit adds. */
static as_table *fitted(bench *b, const char *label, bool sigma)
{
    as_table *t = add(b, 140, label, "binding_energy", "eV", "intensity", "count/s");
    const as_unit unit = as_unit_of("count/s");
    CHECK(as_add_column(b->ctx, t, "baseline", AS_ROLE_BASELINE, unit) &&
          as_add_column(b->ctx, t, "C-C", AS_ROLE_COMPONENT, unit) &&
          as_add_column(b->ctx, t, "C=O", AS_ROLE_COMPONENT, unit) &&
          as_add_column(b->ctx, t, "CO3", AS_ROLE_COMPONENT, unit) &&
          as_add_column(b->ctx, t, "model", AS_ROLE_MODEL, unit));
    if (sigma) CHECK(as_add_column(b->ctx, t, "sigma", AS_ROLE_SIGMA, unit) != NULL);
    t->column[5]->label = "CO_{3}^{2-}";
    for (size_t i = 0; i < t->rows; i++) {
        const double x = 280 + 0.1 * (double)i;
        double *const cell[] = { &t->column[2]->v.f[i], &t->column[3]->v.f[i], &t->column[4]->v.f[i],
                                 &t->column[5]->v.f[i], &t->column[6]->v.f[i] };
        *cell[0] = 4000 + 50 * (x - 280);
        *cell[1] = peak(x, 284.8, 1.3, 21000);
        *cell[2] = peak(x, 287.6, 1.4, 6000);
        *cell[3] = peak(x, 289.9, 1.4, 9000);
        *cell[4] = *cell[0] + *cell[1] + *cell[2] + *cell[3];
        t->column[0]->v.f[i] = x;
        t->column[1]->v.f[i] = *cell[4] + sqrt(*cell[4]) * noise() * 2;
        if (sigma) t->column[7]->v.f[i] = 2 * sqrt(*cell[4]);
    }
    return t;
}

static void fits(bench *b)
{
    b->n = 0;
    fitted(b, "C 1s", true);
    draw(b, "fit", "plot-fit", "");
    fitted(b, "C 1s, etched", true);
    fitted(b, "C 1s, etched 20 s", true);
    draw(b, "fit-three", "plot-fit", "--size nature-2col");
    b->n = 0;
    fitted(b, "no sigma", false);
    draw(b, "fit-plain", "plot-fit", "--residuals=no --no-components --x-direction right");
}

/* Residuals whose name, power and unit are longer than their panel is high. */
static void long_unit(bench *b)
{
    b->n = 0;
    as_table *t = add(b, 30, "BET", "relative_pressure", "1", "bet_ordinate", "g/mmol");
    as_column *model = as_add_column(b->ctx, t, "model", AS_ROLE_MODEL, as_unit_of("g/mmol"));
    CHECK(model != NULL);
    for (size_t i = 0; model && i < t->rows; i++) {
        const double x = t->column[0]->v.f[i] = 0.01 * (double)(i + 1);
        model->v.f[i] = 0.2 * x + 1e-3;
        t->column[1]->v.f[i] = model->v.f[i] + 1e-9 * noise();
    }
    draw(b, "fit-unit", "plot-fit", "");
}

static void regions(bench *b)
{
    const char *const region[] = { "C 1s", "C 1s", "Cu 2p" };
    b->n = 0;
    for (int k = 0; k < 3; k++) {
        as_table *t = fitted(b, k == 1 ? "etched" : "pristine", true);
        t->technique = "xps";
        CHECK(as_set_meta(b->ctx, t, "region", region[k], NULL, NULL) == AS_OK);
        for (size_t i = 0; k == 2 && i < t->rows; i++) t->column[0]->v.f[i] += 650;
    }
    draw(b, "regions", "plot-regions", "");
    for (int k = 0; k < 6; k++) {
        char level[16];
        snprintf(level, sizeof level, "level %d", k);
        as_table *t = fitted(b, level, true);
        t->technique = "xps";
        CHECK(as_set_meta(b->ctx, t, "region", k < 5 ? "O 1s" : "F 1s", NULL, NULL) == AS_OK);
    }
    draw(b, "regions-four", "plot-regions", "--size nature-2col --theme dark");
}

static void maps(bench *b)
{
    b->n = 0;
    for (int k = 0; k < 25; k++) {
        as_table *t = add(b, 400, "spectrum", "wavenumber", "cm-1", "absorbance", "1");
        t->technique = "ftir";
        CHECK(as_set_number(b->ctx, t, "etch_time", 2 * k, NAN, as_unit_of("s"), NULL) == AS_OK);
        CHECK(as_set_number(b->ctx, t, "x", 2 * (k % 5), NAN, as_unit_of("um"), NULL) == AS_OK);
        CHECK(as_set_number(b->ctx, t, "y", 2 * (k / 5), NAN, as_unit_of("um"), NULL) == AS_OK);
        CHECK(as_add_quantity(b->ctx, t, "band", "area", exp(-k / 9.0), NAN, "cm-1", "ok", NULL) == AS_OK);
        for (size_t i = 0; i < t->rows; i++) {
            const double x = 1000 + 2 * (double)i, fade = exp(-k / 9.0);
            t->column[0]->v.f[i] = x;
            t->column[1]->v.f[i] = peak(x, 1355, 25, 0.05 * fade) + peak(x, 1596, 40, 0.09 * fade) +
                                   peak(x, 1180, 40, 0.06) + 0.001 * noise();
        }
    }
    draw(b, "map", "plot-heatmap", "--rate 1");
    draw(b, "waterfall", "plot-waterfall", "--palette batlow");
    draw(b, "pixels", "plot-map", "--result band.area");
    b->n = 2;
    draw(b, "waterfall-two", "plot-waterfall", "");
}

static as_column *column(bench *b, as_table *t, const char *name, as_role role, const char *unit)
{
    as_column *c = as_add_column(b->ctx, t, name, role, as_unit_of(unit));
    CHECK(c != NULL);
    return c;
}

static void isotherms(bench *b)
{
    b->n = 0;
    for (int k = 0; k < 2; k++) {
        as_table *t = add(b, 46, k ? "after 100 cycles" : "pristine", "relative_pressure", "1", "uptake", "mmol/g");
        for (int i = 0; i < 46; i++) {
            const double p = i < 30 ? pow(10, -6 + 6 * (i + 0.5) / 30) * 0.99 : 0.98 - (i - 30) * 0.045;
            const double hysteresis = i >= 30 && p > 0.42 ? 0.9 : 0;
            t->column[0]->v.f[i] = p;
            t->column[1]->v.f[i] = (15 - 4 * k) * p / (p + 2e-5) + 2 * p * p + hysteresis;
        }
    }
    b->n = 1;
    draw(b, "isotherm", "plot-isotherm", "--inset");
    b->n = 2;
    draw(b, "isotherm-two", "plot-isotherm", "");
    draw(b, "isotherm-log", "plot-isotherm", "--x-scale log");
    b->n = 0;
    for (int k = 0; k < 2; k++) {
        as_table *t = add(b, 80, k ? "quasi-solid" : "activated", "pore_width", "nm", "differential_pore_volume", "cm3/g/nm");
        as_column *sum = column(b, t, "pore_volume", AS_ROLE_OTHER, "cm3/g");
        double total = 0;
        for (size_t i = 0; i < t->rows; i++) {
            const double w = t->column[0]->v.f[i] = 0.4 + 0.02 * (double)i;
            const double d = t->column[1]->v.f[i] = peak(w, 0.65 - 0.1 * k, 0.1, 2) + peak(w, 1.1, 0.15, 0.8 - 0.5 * k);
            sum->v.f[i] = total += d * 0.02;
        }
    }
    draw(b, "distribution", "plot-distribution", "");
}

static void thermograms(bench *b)
{
    b->n = 0;
    as_table *t = add(b, 500, "1 M LiTFSI-PC", "temperature", "degC", "mass_fraction", "%");
    as_column *dta = column(b, t, "dta", AS_ROLE_OTHER, "uV");
    for (size_t i = 0; i < t->rows; i++) {
        const double x = t->column[0]->v.f[i] = 30 + (double)i;
        t->column[1]->v.f[i] = 100 - 81 / (1 + exp(-(x - 190) / 14)) - 17 / (1 + exp(-(x - 410) / 9));
        dta->v.f[i] = -6 * exp(-pow((x - 195) / 25, 2)) - 2.5 * exp(-pow((x - 412) / 16, 2)) + 0.02 * noise();
    }
    CHECK(give(b, t, "solvent", "onset", 120, "degC") == AS_OK);
    CHECK(give(b, t, "solvent", "end", 260, "degC") == AS_OK);
    CHECK(give(b, t, "salt", "onset", 370, "degC") == AS_OK);
    CHECK(give(b, t, "salt", "end", 450, "degC") == AS_OK);
    draw(b, "thermogram", "plot-thermogram", "");
}

static void electrochemistry(bench *b)
{
    b->n = 0;
    for (int k = 0; k < 2; k++) {
        as_table *t = add(b, 60, k ? "90 °C" : "25 °C", "frequency", "Hz", "z_modulus", "Ohm");
        as_column *re = column(b, t, "z_real", AS_ROLE_OTHER, "Ohm"), *im = column(b, t, "z_imag", AS_ROLE_OTHER, "Ohm");
        const double r = k ? 30 : 80;
        for (size_t i = 0; i < t->rows; i++) {
            const double f = t->column[0]->v.f[i] = pow(10, 6 - 0.12 * (double)i), w = 6.2832 * f * r * 1e-6;
            re->v.f[i] = 12 + r / (1 + w * w) + 8 / sqrt(f);
            im->v.f[i] = -r * w / (1 + w * w) - 8 / sqrt(f);
            t->column[1]->v.f[i] = hypot(re->v.f[i], im->v.f[i]);
        }
    }
    draw(b, "nyquist", "plot-nyquist", "");
    b->n = 0;
    for (int k = 0; k < 2; k++) {
        as_table *t = add(b, 7, k ? "LAGP" : "quasi-solid", "temperature", "degC", "conductivity", "S/cm");
        as_column *sigma = column(b, t, "sigma", AS_ROLE_SIGMA, "S/cm"), *model = column(b, t, "model", AS_ROLE_MODEL, "S/cm");
        for (size_t i = 0; i < t->rows; i++) {
            const double c = t->column[0]->v.f[i] = 25 + 11 * (double)i;
            const double y = (k ? 8e-5 : 6e-4) * exp((k ? 0.16 : 0.096) / 8.617e-5 * (1 / 298.15 - 1 / (c + 273.15)));
            model->v.f[i] = y;
            t->column[1]->v.f[i] = y * (1 + 0.03 * noise());
            sigma->v.f[i] = y * 0.05;
        }
    }
    draw(b, "arrhenius", "plot-arrhenius", "");
    b->n = 0;
    for (int k = 0; k < 2; k++) {
        as_table *t = add(b, k ? 32 : 300, k ? "typical liquid" : "quasi-solid, 90 °C", "cycle", "1", "specific_capacity", "mAh/g");
        as_column *ce = column(b, t, "efficiency", AS_ROLE_OTHER, "%");
        for (size_t i = 0; i < t->rows; i++) {
            t->column[0]->v.f[i] = 1 + (double)i;
            t->column[1]->v.f[i] = k ? 195 - 0.17 * (double)(i * i) : 191.5 - 0.067 * (double)i + 0.4 * noise();
            ce->v.f[i] = 99.6 + 0.1 * noise() - (i == 0 ? 9 : 0);
        }
    }
    draw(b, "cycling", "plot-cycling", "");
    b->n = 1;
    draw(b, "cycling-one", "plot-cycling", "--label 'quasi-solid'");
}

static void values(bench *b)
{
    b->n = 0;
    for (int k = 0; k < 10; k++) {
        as_table *t = add(b, 3, "peel", "position", "1", "intensity", "count");
        CHECK(as_set_number(b->ctx, t, "cycle", k, NAN, as_unit_of("1"), NULL) == AS_OK);
        as_result r = { .item = "712", .quantity = "area", .value = 900 * exp(-0.4 * k), .u = 40,
                        .unit = as_unit_of("count"), .flag = "ok" };
        if (k > 7) r.bound = AS_BELOW, r.value = 60, r.u = NAN;
        CHECK(as_add_result(b->ctx, t, &r) == AS_OK);
        r = (as_result){ .item = "744", .quantity = "area", .value = 500 * exp(-0.3 * k), .u = 30, .unit = as_unit_of("count"), .flag = "ok" };
        CHECK(as_add_result(b->ctx, t, &r) == AS_OK);
    }
    draw(b, "trend", "plot-trend", "--result 712.area --result 744.area --label '712 cm^{-1}' --label '744 cm^{-1}'");
    draw(b, "trend-log", "plot-trend", "--result 712.area --y-scale log --coverage 2");
    b->n = 0;
    const char *const names[] = { "Typical liquid electrolyte", "LAGP", "Quasi-solid electrolyte" };
    const double weight[] = { 32.6, 185.8, 3.5 }, thick[] = { 20, 560, 38 };
    for (int k = 0; k < 3; k++) {
        as_table *t = add(b, 1, names[k], "position", "1", "mass", "mg");
        column(b, t, "film_thickness", AS_ROLE_OTHER, "um")->v.f[0] = thick[k];
        t->column[1]->v.f[0] = weight[k];
    }
    draw(b, "bars", "plot-bars", "--values --right film_thickness");
    b->n = 0;
    for (int k = 0; k < 3; k++) {
        as_table *t = add(b, 4, names[k], "position", "1", "current", "mA");
        as_column *sigma = column(b, t, "sigma", AS_ROLE_SIGMA, "mA"), *label = as_add_text(b->ctx, t, "species", AS_ROLE_LABEL);
        const char *const species[] = { "free", "weak", "strong", "MOF" };
        for (size_t i = 0; i < 4; i++) {
            t->column[0]->v.f[i] = (double)i;
            t->column[1]->v.f[i] = (i == 3 ? -1 : 1) * (2 + (double)k + (double)i);
            sigma->v.f[i] = 0.4;
            label->v.s[i] = species[i];
        }
    }
    draw(b, "bars-groups", "plot-bars", "--y-label 'Fraction (%)' --values");
}

static void ugly(bench *b)
{
    b->n = 0;
    add(b, 1, "one point", "time", "s", "temperature", "degC")->column[1]->v.f[0] = 3;
    draw(b, "ugly-one", "plot-lines", "--style dots");
    b->n = 0;
    as_table *flat = add(b, 5, "a label that is much too long for the narrow column of any journal *at all*_{x}", "time", "s", "mass", "mg");
    add(b, 0, "empty", "time", "s", "mass", "mg");
    for (size_t i = 0; i < 5; i++) flat->column[0]->v.f[i] = (double)i * 1e-7, flat->column[1]->v.f[i] = 1234567;
    draw(b, "ugly-flat", "plot-lines", "");
    b->n = 0;
    as_table *gaps = add(b, 9, "gaps", "wavenumber", "cm-1", "absorbance", "1");
    for (size_t i = 0; i < 9; i++) {
        gaps->column[0]->v.f[i] = 400 + 450 * (double)i;
        gaps->column[1]->v.f[i] = i % 3 == 0 ? NAN : i == 4 ? -2e-5 : 1e-5 * (double)i;
    }
    draw(b, "ugly-gaps", "plot-lines", "");
    draw(b, "ugly-log", "plot-lines", "--y-scale log --x-scale log --style both");
    b->n = 0;
    for (int k = 0; k < 20; k++) {
        char label[32];
        snprintf(label, sizeof label, "series %d µm", k);
        as_table *t = add(b, 200, label, "time", "h", "potential", "V");
        for (size_t i = 0; i < 200; i++) {
            t->column[0]->v.f[i] = (double)i * 37;
            t->column[1]->v.f[i] = 3 + sin((double)i / 20 + k * 0.2) * exp(-k * 0.05);
        }
    }
    draw(b, "ugly-twenty", "plot-lines", "");
    b->n = 3;
    draw(b, "ugly-full", "plot-lines", "--y 2.5:3.5");
}

/* Four kinds on one page, written by every back end. */
static void panels(bench *b)
{
    const char *const kind[] = { "plot-stack", "plot-lines", "plot-waterfall", "plot-stack" };
    const char *dir = getenv("AS_FIGURES_DIR");
    const as_canvas *panel[4];
    as_canvas *page;
    as_arena *keep = as_arena_new(b->ctx, 1 << 28);
    const as_frame frame = as_enter(b->ctx);
    patterns(b);
    for (int i = 0; i < 4; i++) {
        const as_figure *f = as_figure_find(kind[i]);
        void *settings = as_alloc(keep, 1, f->settings_size);
        as_canvas *c = NULL;
        as_page unused;
        as_word width[] = { { .text = "--width=60" } };
        CHECK(as_settings_read(b->ctx, keep, f->params, 1, width, NULL, settings) == AS_OK);
        CHECK(as_figure_draw(b->ctx, f, settings, b->n, b->t, keep, &c, &unused) == AS_OK);
        panel[i] = c;
    }
    const as_panels grid = { .width_mm = 183, .gap_mm = 1.5, .letter_pt = 8, .ink = 0x000000ff, .paper = 0xffffffff };
    CHECK(as_panels_draw(b->ctx, &grid, 4, panel, keep, &page) == AS_OK);
    NEAR(as_canvas_size(page).w, 183, 1e-9); /* three in the first row */
    as_audit a;
    as_canvas_audit(page, &a);
    CHECK(a.overlaps == 0 && a.off_page == 0 && a.texts > 30);
    for (size_t i = 0; dir && as_backends[i]; i++) {
        char path[256];
        const as_page out = { .mm = as_canvas_size(page), .dpi = 600, .provenance = "{\"made\": \"<by> & a \\\"test\\\"\"}" };
        snprintf(path, sizeof path, "%s/panels.%s", dir, as_backends[i]->suffix);
        FILE *to = fopen(path, "wb");
        CHECK(as_backends[i]->write(b->ctx, page, &out, to) == AS_OK);
        fclose(to);
    }
    as_leave(b->ctx, frame);
    as_arena_free(keep);
}

/* Every allocation fails once: an error, never a crash or a leak (the sanitizers watch). */
static as_status draw_and_write(bench *b, const as_figure *f, const void *settings, FILE *to)
{
    as_canvas *c;
    as_page page;
    as_arena *keep = as_arena_new(b->ctx, as_ctx_limit_of(b->ctx));
    if (!keep) return AS_ERR;
    as_status s = as_figure_draw(b->ctx, f, settings, b->n, b->t, keep, &c, &page);
    if (s == AS_OK) s = as_canvas_write(b->ctx, c, &page, "svg", to);
    as_arena_free(keep);
    return s;
}

static void torture(bench *b, const char *kind, const char *options)
{
    const as_figure *f = as_figure_find(kind);
    char text[256];
    as_word w[16];
    snprintf(text, sizeof text, "%s", options);
    const size_t words = words_of(text, w);
    void *settings = as_alloc(as_scratch(b->ctx), 1, f->settings_size);
    CHECK(as_settings_read(b->ctx, as_scratch(b->ctx), f->params, words, w, NULL, settings) == AS_OK);
    int failed = 0;
    for (uint64_t n = 1; n < 400; n++) {
        FILE *to = fopen("/dev/null", "wb");
        as_ctx_fail_allocation(b->ctx, n);
        const as_status s = draw_and_write(b, f, settings, to);
        as_ctx_fail_allocation(b->ctx, 0);
        fclose(to);
        if (s == AS_OK) continue;
        failed++;
        CHECK(as_pending(b->ctx) == AS_E_NOMEM);
        as_forget_error(b->ctx);
    }
    CHECK(failed > 10);
}

int main(void)
{
    bench b = { .ctx = as_ctx_new(complain, NULL) };
    CHECK(b.ctx != NULL);
    seed = 20220318;
    lines(&b);
    stack(&b);
    fits(&b);
    long_unit(&b);
    regions(&b);
    maps(&b);
    isotherms(&b);
    thermograms(&b);
    electrochemistry(&b);
    values(&b);
    ugly(&b);
    panels(&b);
    patterns(&b);
    torture(&b, "plot-stack", "--mark 5.8=(111) --band 9:10");
    torture(&b, "plot-lines", "--title x");
    b.n = 0;
    fitted(&b, "C 1s", true);
    torture(&b, "plot-fit", "");
    as_ctx_free(b.ctx);
    DONE();
}
