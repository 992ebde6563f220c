/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include <math.h>
#include <string.h>

#include "figure_facts.h"
#include "number.h"
#include "xml.h"

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Bytes of `needle` from `at` on; NULL: not there. */
static const unsigned char *find(const as_file *f, const unsigned char *at, const char *needle)
{
    const size_t left = f->size - (size_t)(at - f->data);
    return memmem(at, left, needle, strlen(needle));
}

/* --- PNG: IHDR and pHYs (per metre) ---------------------------------------------------------- */

static as_status png_facts(as_session *s, const as_file *f, as_figure_facts *out)
{
    const as_where at = { .file = f->name };
    if (f->size < 33) return as_fail(s->ctx, AS_E_TRUNCATED, &at, "a PNG that ends in its header");
    const double wide = big_endian(f->data + 16), high = big_endian(f->data + 20);
    for (size_t i = 8; i + 12 <= f->size;) {
        const uint32_t n = big_endian(f->data + i);
        if (memcmp(f->data + i + 4, "IDAT", 4) == 0) break;
        if (memcmp(f->data + i + 4, "pHYs", 4) == 0 && n == 9 && i + 17 <= f->size &&
            f->data[i + 16] == 1)
            out->dpi = big_endian(f->data + i + 8) * 0.0254;
        i += 12 + (size_t)n;
    }
    if (isfinite(out->dpi) && out->dpi > 0) {
        out->width_mm = wide / out->dpi * 25.4;
        out->height_mm = high / out->dpi * 25.4;
    }
    return AS_OK;
}

/* --- PDF: the page and the fonts, where they are not inside compressed objects ------------------
 */

static size_t count(const as_file *f, const char *needle)
{
    size_t n = 0;
    for (const unsigned char *p = f->data; (p = find(f, p, needle)) != NULL; p++) n++;
    return n;
}

static as_status pdf_facts(as_session *s, const as_file *f, as_figure_facts *out)
{
    (void)s;
    const unsigned char *box = find(f, f->data, "/MediaBox");
    double side[4];
    size_t n = 0;
    const char *text = box ? memchr(box, '[', f->size - (size_t)(box - f->data)) : NULL;
    for (const char *p = text ? text + 1 : ""; n < 4;) {
        const size_t blank = strspn(p, " \t\r\n"), digits = strcspn(p + blank, " ]\t\r\n");
        if (digits == 0 || !as_read_number(p + blank, digits, '.', &side[n])) break;
        p += blank + digits;
        n++;
    }
    if (n == 4) {
        out->width_mm = (side[2] - side[0]) * 25.4 / 72;
        out->height_mm = (side[3] - side[1]) * 25.4 / 72;
    }
    const size_t described = count(f, "/Type /FontDescriptor") + count(f, "/Type/FontDescriptor");
    const size_t embedded = count(f, "/FontFile");
    if (described)
        out->fonts = embedded >= described ? AS_FACT_YES : AS_FACT_NO;
    else if (find(f, f->data, "/BaseFont"))
        out->fonts = AS_FACT_NO;
    return AS_OK;
}

/* --- SVG -------------------------------------------------------------------------------------- */

/* "89mm", "3.5in", "252pt", "336" (px, 1/96 in) in mm; NaN: none of these. */
static double length_mm(const char *text)
{
    static const struct {
        const char *unit;
        double mm;
    } units[] = { { "mm", 1 },        { "cm", 10 },        { "in", 25.4 },   { "pt", 25.4 / 72 },
                  { "pc", 25.4 / 6 }, { "px", 25.4 / 96 }, { "", 25.4 / 96 } };
    const size_t n = text ? strspn(text, "+-.0123456789eE") : 0;
    double value;
    if (!n || !as_read_number(text, n, '.', &value)) return NAN;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(text + n, units[i].unit) == 0) return value * units[i].mm;
    return NAN;
}

/* The value of an attribute, or of the same property in style="...", in user units. */
static double user_units(const as_xml *xml, const as_element *e, const char *name)
{
    const char *value = xml->attribute(e, name), *style = xml->attribute(e, "style");
    const char *in_style = !value && style ? strstr(style, name) : NULL;
    if (in_style && (value = strchr(in_style, ':'))) value += 1 + strspn(value + 1, " ");
    const size_t n = value ? strspn(value, "+-.0123456789") : 0;
    double out;
    return n && as_read_number(value, n, '.', &out) ? out : NAN;
}

static double view_width(const char *box)
{
    double side[4];
    size_t n = 0;
    for (const char *p = box; p && n < 4; n++) {
        p += strspn(p, " ,");
        const size_t digits = strcspn(p, " ,");
        if (!digits || !as_read_number(p, digits, '.', &side[n])) break;
        p += digits;
    }
    return n == 4 ? side[2] : NAN;
}

typedef struct walk {
    const as_xml *xml;
    as_figure_facts *out;
    double pt; /* of one user unit */
} walk;

static void look_at(const walk *w, const as_element *e)
{
    const double size = user_units(w->xml, e, "font-size"),
                 line = user_units(w->xml, e, "stroke-width");
    if (strcmp(w->xml->name(e), "text") == 0) w->out->texts++;
    if (size > 0) w->out->text_pt = fmin(w->out->text_pt, size * w->pt);
    if (line > 0) w->out->line_pt = fmin(w->out->line_pt, line * w->pt);
}

static as_status svg_facts(as_session *s, const as_file *f, as_figure_facts *out)
{
    const as_xml *xml = as_xml_open(s->ctx);
    const as_input *in;
    const as_element *root;
    if (!xml) return AS_ERR;
    AS_TRY(as_input_of_bytes(s->ctx, f->name, f->data, f->size, &in));
    AS_TRY(xml->parse(s->ctx, in, &root));
    out->width_mm = length_mm(xml->attribute(root, "width"));
    out->height_mm = length_mm(xml->attribute(root, "height"));
    const double across = view_width(xml->attribute(root, "viewBox"));
    const walk w = { xml, out, (across > 0 ? out->width_mm / across : 25.4 / 96) * 72 / 25.4 };
    for (const as_element *e = root; e;) { /* depth first, without recursion */
        look_at(&w, e);
        const as_element *next = xml->child(e, NULL);
        for (; !next && e && e != root; e = xml->parent(e)) next = xml->next(e, NULL);
        e = next;
    }
    out->fonts = out->texts ? AS_FACT_YES : AS_FACT_NO;
    return AS_OK;
}

as_status as_figure_facts_of(as_session *s, const as_file *f, as_figure_facts *out)
{
    const as_where at = { .file = f->name };
    *out = (as_figure_facts){
        .width_mm = NAN, .height_mm = NAN, .dpi = NAN, .text_pt = NAN, .line_pt = NAN
    };
    if (f->size >= 8 && memcmp(f->data, "\x89PNG\r\n\x1a\n", 8) == 0) {
        out->kind = "png";
        return png_facts(s, f, out);
    }
    if (f->size >= 5 && memcmp(f->data, "%PDF-", 5) == 0) {
        out->kind = "pdf";
        return pdf_facts(s, f, out);
    }
    if (f->size >= 5 && (memcmp(f->data, "<?xml", 5) == 0 || memcmp(f->data, "<svg", 4) == 0)) {
        out->kind = "svg";
        return svg_facts(s, f, out);
    }
    return as_fail(s->ctx, AS_E_FORMAT, &at, "no figure: expected PNG, SVG or PDF");
}
