/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents: elements, attributes, texts, positions; what is refused. */
#include "check.h"
#include "xml.h"

static const as_input *input(as_ctx *ctx, const char *text, size_t size)
{
    const as_input *in = NULL;
    CHECK(as_input_of_bytes(ctx, "a.xml", text, size, &in) == AS_OK);
    return in;
}

static void reading(as_ctx *ctx, const as_xml *xml)
{
    static const char text[] = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n"
                               "<r xmlns='urn:x' xmlns:p='urn:y'>\n <p:a n='1' m='&lt;&#176;'>1 2\n"
                               "3 <!-- --> 4e1</p:a>\n<a n='2'/><b><c> x &amp; y </c></b></r>";
    char wide[2 * sizeof text] = { (char)0xff, (char)0xfe };
    for (size_t i = 0; i + 1 < sizeof text; i++) wide[2 + 2 * i] = text[i];
    const as_input *in = input(ctx, wide, 2 * sizeof text);
    const as_element *root = NULL, *e = NULL;
    CHECK(xml->parse(ctx, in, &root) == AS_OK);
    if (!root) return;
    CHECK(strcmp(xml->name(root), "r") == 0);
    e = xml->child(root, "a");
    CHECK(e && strcmp(xml->attribute(e, "n"), "1") == 0 && xml->line(e) == 3);
    CHECK(strcmp(xml->attribute(e, "m"), "<\xc2\xb0") == 0 && !xml->attribute(e, "z"));
    double v[4];
    size_t n;
    const as_where where = as_xml_at(xml, in, e);
    CHECK(as_text_numbers(ctx, &where, xml->text(ctx, e), 4, v, &n) == AS_OK);
    CHECK(n == 4 && v[0] == 1 && v[3] == 40 && as_count_numbers(xml->text(ctx, e)) == 4);
    CHECK(as_text_numbers(ctx, &where, "1 2 x3", 4, v, &n) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_SYNTAX);
    e = xml->next(e, "a");
    CHECK(e && strcmp(xml->attribute(e, "n"), "2") == 0 && !xml->next(e, "a"));
    CHECK(e && xml->text(ctx, e)[0] == '\0' && xml->parent(e) == root);
    CHECK(strcmp(as_xml_text(xml, ctx, root, "b/c"), "x & y") == 0);
    CHECK(!as_xml_text(xml, ctx, root, "b/d"));
    CHECK(as_xml_need(xml, ctx, in, root, "b/d", &e) == AS_ERR && as_pending(ctx) == AS_E_MISSING);
    as_forget_error(ctx);
}

/* Long lists are counted in blocks and read in runs: with any gaps, from any place. */
static void numbers(as_ctx *ctx)
{
    enum { MOST = 2000, GAPS = 7 };
    static const char *const gaps[GAPS] = { " ", ",", "\n", "  ", " \t", ", ", "\r\n" };
    char text[12 * MOST];
    double v[MOST];
    const as_where where = { .file = "list" };
    for (size_t n = 0; n < MOST; n += n < 300 ? 1 : 97) {
        size_t at = (size_t)snprintf(text, 2, "%s", n % 3 ? "" : " "), got;
        for (size_t i = 0; i < n; i++) {
            const size_t k = (i * i + n) % (4 * GAPS);
            at += (size_t)snprintf(text + at, 12, "%zu%s", i * 7919 % 100003,
                                   gaps[k < GAPS ? k : 0]);
        }
        CHECK(as_count_numbers(text) == n);
        CHECK(as_text_numbers(ctx, &where, text, MOST, v, &got) == AS_OK && got == n);
        for (size_t i = 0; i < n; i++) CHECK(v[i] == (double)(i * 7919 % 100003));
        CHECK(as_text_numbers(ctx, &where, text, n / 2, v, &got) == AS_OK && got == n);
    }
    CHECK(as_text_numbers(ctx, &where, "nan 1 inf", 3, v, &(size_t){ 0 }) == AS_OK && v[1] == 1);
    CHECK(as_text_numbers(ctx, &where, "1 2\v3", 3, v, &(size_t){ 0 }) == AS_ERR);
    as_forget_error(ctx);
}

static void refusing(as_ctx *ctx, const as_xml *xml)
{
    static const struct { const char *text; as_code code; } cases[] = {
        { "<a><b></a>", AS_E_SYNTAX },
        { "<a><b>", AS_E_TRUNCATED },
        { "", AS_E_TRUNCATED },
        { "plain", AS_E_SYNTAX },
        { "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", AS_E_FORMAT },
        { "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", AS_E_FORMAT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const as_input *in = input(ctx, cases[i].text, strlen(cases[i].text));
        const as_element *root;
        CHECK(xml->parse(ctx, in, &root) == AS_ERR);
        if (as_pending(ctx) != cases[i].code)
            printf("case %zu: %d %s\n", i, (int)as_pending(ctx), as_pending_message(ctx));
        CHECK(as_pending(ctx) == cases[i].code);
        as_forget_error(ctx);
    }
}

/* Nesting without bound must end in an error, not in an overflow of the stack. */
static void deep(as_ctx *ctx, const as_xml *xml)
{
    enum { N = 100000 };
    char *text = as_alloc(as_scratch(ctx), 3 * N + 1, 1);
    for (size_t i = 0; text && i < N; i++) memcpy(text + 3 * i, "<a>", 3);
    const as_input *in = input(ctx, text, 3 * N);
    const as_element *root;
    CHECK(xml->parse(ctx, in, &root) == AS_ERR);
    as_forget_error(ctx);
}

/* Maps and long series are larger than what libxml2 takes by itself; nesting stays bounded. */
static void large(as_ctx *ctx, const as_xml *xml)
{
    enum { N = 12000000, DEEP = 1000 };
    char *text = as_alloc(as_scratch(ctx), N + 1, 1);
    const as_element *root;
    if (!text) return;
    memcpy(text, "<a><v>", 6);
    for (size_t i = 6; i < N - 8; i++) text[i] = i % 8 ? '1' : ' ';
    memcpy(text + N - 8, "</v></a>", 8);
    CHECK(xml->parse(ctx, input(ctx, text, N), &root) == AS_OK);
    for (size_t i = 0; i < DEEP; i++) memcpy(text + 3 * i, "<b>", 3);
    for (size_t i = 3 * DEEP; i < N - 4 * DEEP; i++) text[i] = ' ';
    for (size_t i = 0; i < DEEP; i++) memcpy(text + N - 4 * (i + 1), "</b>", 4);
    CHECK(xml->parse(ctx, input(ctx, text, N), &root) == AS_ERR);
    as_forget_error(ctx);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    const as_xml *xml = as_xml_open(ctx);
    CHECK(xml != NULL);
    if (xml) {
        reading(ctx, xml);
        numbers(ctx);
        refusing(ctx, xml);
        deep(ctx, xml);
        large(ctx, xml);
    }
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
