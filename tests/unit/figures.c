/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind of figure through every back end, from tables made here: drawn twice with the same bytes,
 * and with ugly data. With AS_FIGURES_DIR set the files stay there, to be looked at.
 */
#include <ctype.h>

#include "arena.h"
#include "check.h"
#include "draw.h"
#include "figure.h"
#include "render.h"

enum { TABLES_MAX = 24 };

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

static as_status render(bench *b, const char *kind, const char *options, const char *suffix,
                        const char *path)
{
    const as_figure *f = as_figure_find(kind);
    char text[1024];
    as_word w[64];
    if (!f) return AS_ERR;
    snprintf(text, sizeof text, "%s", options);
    const size_t n = words_of(text, w);
    void *settings = as_alloc(as_scratch(b->ctx), 1, f->settings_size);
    AS_TRY(as_settings_read(b->ctx, as_scratch(b->ctx), f->params, n, w, NULL, settings));
    FILE *to = fopen(path, "wb");
    const as_status s = as_figure_render(b->ctx, f, settings, b->n, b->t,
                                         "{\"made\": \"<by> & a \\\"test\\\"\"}", NULL, suffix, to);
    fclose(to);
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
        const as_status s = render(b, kind, options, suffix[i], path);
        if (s != AS_OK) as_flush_error(b->ctx);
        CHECK(s == AS_OK);
        CHECK(render(b, kind, options, suffix[i], again) == AS_OK);
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
    draw(b, "lines-sqrt", "plot-lines", "--y-scale sqrt --theme dark");
    draw(b, "lines-screen", "plot-lines", "--size screen --x 5:8 --dpi 110 --style both");
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

int main(void)
{
    bench b = { .ctx = as_ctx_new(complain, NULL) };
    CHECK(b.ctx != NULL);
    seed = 20220318;
    lines(&b);
    ugly(&b);
    as_ctx_free(b.ctx);
    DONE();
}
