/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tables with every feature, written and read back. */
#include "streams.h"

static const char *const words[] = {
    "plain",
    "two words",
    "",
    "true",
    "1.5",
    "0012",
    "a: b",
    "#> {\"series\": 3}",
    "comma, quote \" and \\ slash",
    "tab\tand\nline\r\nends",
    "Prüfling µ 2θ ₂",
    "\xe2\x80\xa8 separator \xc2\x85 next",
    "\x01\x1f\x7f",
    "- dash",
    "null",
    "~",
    "[x]",
    "{y}",
    "%41 percent",
    "100 %",
    "'single'",
    "trailing ",
    " leading",
    "*alias",
    "&anchor",
    "!tag",
    "@at",
    "key: {a: 1}",
    "1e5",
    "nan",
    "inf",
    "1_000",
    "2024-01-01T00:00:00",
    "\xf0\x9f\x94\xac",
    "x\xef\xbb\xbfy",
    "?",
    "-",
    ":",
    "0x1f",
    "yes",
    "-5",
};
enum { N_WORDS = sizeof words / sizeof *words };

static const char *word(void)
{
    return words[below(N_WORDS)];
}

static double any_double(void)
{
    switch (below(8)) {
    case 0: return (double)NAN;
    case 1: return (double)INFINITY;
    case 2: return -(double)INFINITY;
    case 3: return 0;
    case 4: return (double)below(1000000);
    case 5: return 1e-7 * (double)below(100);
    default: break;
    }
    double value;
    const uint64_t bits = next_random();
    memcpy(&value, &bits, sizeof value);
    return value;
}

static const char *const unit_words[] = { "1",    "deg",        "count", "count/s",
                                          "cm-1", "cm3(STP)/g", "%",     "strange unit",
                                          "wt%",  "degC",       "J/g K" };

static as_unit any_unit(as_ctx *ctx, as_table *t)
{
    as_unit u = AS_UNITLESS;
    CHECK(as_unit_parse(ctx, t->arena, unit_words[below(sizeof unit_words / sizeof *unit_words)],
                        &u) == AS_OK);
    return u;
}

static void add_meta(as_ctx *ctx, as_table *t)
{
    static const char *const keys[] = {
        "sample", "wavelength",  "depth",         "vendor.A b: c", "name",        "results",
        "source", "source.name", "source.sha256", "vendor.x.y",    "temperature", "series",
        "0",      "true",        "Ünï",           "meta",          "history"
    };
    const char *key = keys[below(sizeof keys / sizeof *keys)];
    const as_where where = { .file = "/tmp/raw.xy", .line = 3 };
    char number[32];
    switch (below(5)) {
    case 0:
        CHECK(as_set_number(ctx, t, key, any_double(), below(2) ? 0.5 : (double)NAN,
                            any_unit(ctx, t), &where) == AS_OK);
        break;
    case 1:
        (void)snprintf(number, sizeof number, "%zu.%zu00", below(100), below(10));
        CHECK(as_set_meta(ctx, t, key, number, unit_words[below(9)], &where) == AS_OK);
        break;
    default: CHECK(as_set_meta(ctx, t, key, word(), NULL, &where) == AS_OK);
    }
}

static void add_results(as_ctx *ctx, as_table *t)
{
    const size_t n = below(5);
    static const char *const flags[] = { "ok", "failed", "at_bound", "not_detected" };
    for (size_t i = 0; i < n; i++) {
        const as_result r = { .item = word(),
                              .quantity = below(2) ? "area" : "odd quantity",
                              .value = any_double(),
                              .u = below(2) ? 0.25 : (double)NAN,
                              .unit = any_unit(ctx, t),
                              .bound = (as_bound)below(3),
                              .flag = flags[below(4)],
                              .method = below(2) ? word() : NULL };
        CHECK(as_add_result(ctx, t, &r) == AS_OK);
    }
    if (n < 3) return;
    const size_t which[] = { 2, 0, 1 };
    const double cov[] = { 1, 0.5, -0.25, 0.5, 1, 1e-9, -0.25, 1e-9, 1 };
    CHECK(as_set_covariance(ctx, t, 3, which, cov) == AS_OK);
}

/* Series `k` of a stream whose columns `shape` decides. */
static as_table *any_table(as_ctx *ctx, size_t k, uint64_t shape)
{
    const size_t rows = below(5) == 0 ? 0 : below(20);
    as_table *t = as_table_new(ctx, rows);
    t->number = (uint32_t)(k * (1 + (shape >> 8) % 3));
    t->name = as_strdup(t->arena, below(3) ? "pristine" : word());
    if (below(2)) t->label = as_strdup(t->arena, word());
    t->technique = below(4) ? "xrd" : below(2) ? "xps" : NULL;
    t->secondary = below(6) == 0;
    as_column *extra = shape & 1 ? as_add_text(ctx, t, "branch", AS_ROLE_LABEL) : NULL;
    as_column *y = as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of("count"));
    as_column *x = as_add_column(ctx, t, shape & 2 ? "two_theta" : "Own Name [%]", AS_ROLE_X,
                                 as_unit_of(shape & 4 ? "deg" : "strange thing"));
    as_column *more =
        shape & 8 ? as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, as_unit_of("count")) : NULL;
    if (shape & 16) x->label = "an *x*, of sorts";
    for (size_t i = 0; i < rows; i++) {
        x->v.f[i] = any_double();
        y->v.f[i] = any_double();
        if (more) more->v.f[i] = (double)i / 3;
        const char *cell = word();
        if (extra) extra->v.s[i] = *cell ? as_strdup(t->arena, i % 3 ? "adsorption" : cell) : NULL;
    }
    for (size_t i = below(12); i-- > 0;) add_meta(ctx, t);
    for (size_t i = below(3); i-- > 0;) as_add_warning(t, NULL, word());
    static const as_step steps[] = { { "read", "0.1.0", "--format xrdml", NULL, NULL },
                                     { "crop", "0.1.0", "--x 4:25 --quote 'a \"b\"'", NULL, NULL },
                                     { "subtract", "1.0", "", "77aa 30d5",
                                       "{\"series\": [{\"name\": \"a\\u00b5\"}]}" } };
    for (size_t i = 0; i < 1 + below(3); i++) CHECK(as_add_step(ctx, t, &steps[i]) == AS_OK);
    add_results(ctx, t);
    return t;
}

static void round_trips(as_ctx *ctx)
{
    enum { STREAMS = 150, SERIES = 5 };
    for (int k = 0; k < STREAMS; k++) {
        const as_frame frame = as_enter(ctx);
        const uint64_t shape = next_random() >> 20;
        as_table *in[SERIES], *out[SERIES] = { NULL };
        const size_t n = below(SERIES + 1);
        for (size_t i = 0; i < n; i++) in[i] = any_table(ctx, i, shape);
        const text s = write_all(ctx, AS_KIND_DATA, n, in);
        CHECK(s.s != NULL);
        const int got = read_all(ctx, s.s, s.n, SERIES, out);
        CHECK(got == (int)n);
        if (got < 0) printf("  %s\n%s", as_pending_message(ctx), s.s);
        for (size_t i = 0; i < n && got == (int)n; i++) {
            const bool same = same_table(in[i], out[i]);
            CHECK(same);
            if (!same) printf("%s", s.s);
        }
        const text again = got == (int)n ? write_all(ctx, AS_KIND_DATA, n, out) : (text){ 0 };
        CHECK(n == 0 || again.s != NULL);
        free(again.s);
        free(s.s);
        as_leave(ctx, frame);
        if (checks_failed > 5) return;
    }
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    round_trips(ctx);
    as_ctx_free(ctx);
    DONE();
}
