/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a report's page: escapes, labels, base64 (RFC 4648), hashes as a policy names them. */
#include "check.h"
#include "init.h"
#include "report.h"

static char *made;
static size_t size;

static FILE *begin(void)
{
    return open_memstream(&made, &size);
}

static bool is(FILE *to, const char *expected)
{
    fclose(to);
    const bool same = strcmp(made, expected) == 0;
    if (!same) printf("got      %s\nexpected %s\n", made, expected);
    free(made);
    return same;
}

static void escapes(void)
{
    FILE *to = begin();
    as_html(to, "a<b> & \"c\" \xc3\xa9 \x01 \xff");
    CHECK(is(to, "a&lt;b&gt; &amp; &quot;c&quot; \xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd"));
    to = begin();
    as_htmlf(to, "<p class=\"%s\">%zu of %u, 100%%</p>", "x\"<", (size_t)3, 4u);
    CHECK(is(to, "<p class=\"x&quot;&lt;\">3 of 4, 100%</p>"));
    to = begin();
    as_html(to, NULL);
    CHECK(is(to, ""));
    to = begin();
    as_html_json(to, "{\"a\":\"</script>&\"}");
    CHECK(is(to, "{\"a\":\"\\u003c/script\\u003e\\u0026\"}"));
}

static void base64(void)
{
    static const char *const pairs[][2] = { { "", "" },         { "f", "Zg==" },
                                            { "fo", "Zm8=" },   { "foo", "Zm9v" },
                                            { "foob", "Zm9vYg==" }, { "foobar", "Zm9vYmFy" } };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        FILE *to = begin();
        as_html_base64(to, pairs[i][0], strlen(pairs[i][0]));
        CHECK(is(to, pairs[i][1]));
    }
    FILE *to = begin();
    as_html_hash(to, "abc");
    CHECK(is(to, "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"));
    to = begin();
    as_html_download(to, "i", "a\"b.txt", "text/plain", "A & B", "foo", 3);
    CHECK(is(to, "<a id=\"i\" download=\"a&quot;b.txt\" href=\"data:text/plain;base64,Zm9v\">A &amp; B</a> "
                 "<span class=\"soft\">3 B</span>"));
}

static void labels(as_arena *a)
{
    CHECK(strcmp(as_label_html(a, "cm^{−1} & *T*_{0}"), "cm<sup>−1</sup> &amp; <i>T</i><sub>0</sub>") == 0);
    CHECK(strcmp(as_label_plain(a, "cm^{−1} & *T*_{0}"), "cm⁻¹ & T₀") == 0);
    CHECK(strcmp(as_html_name(a, "a b-\"1\""), "a.20b-.221.22") == 0);
    CHECK(strcmp(as_verdict_class(AS_NOT_SUPPORTED), "not-supported") == 0);
}

static void families(as_ctx *ctx)
{
    as_table *t = as_table_new(ctx, 1);
    CHECK(strcmp(as_family_of(t)->name, "curves") == 0);
    t->technique = "xrd";
    CHECK(strcmp(as_family_of(t)->name, "patterns") == 0);
    t->technique = "echem";
    CHECK(strcmp(as_family_of(t)->name, "curves") == 0);
    CHECK(as_add_column(ctx, t, "z_real", AS_ROLE_X, as_unit_of("Ohm")) != NULL);
    CHECK(strcmp(as_family_of(t)->name, "impedance") == 0);
    FILE *to = begin();
    as_init_quoted(to, "a.\"1\".b < 2");
    fputc(' ', to);
    as_init_quoted(to, "it's \"so\"");
    CHECK(is(to, "'a.\"1\".b < 2' \"it's \\\"so\\\"\""));
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    escapes();
    base64();
    labels(as_scratch(ctx));
    families(ctx);
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
