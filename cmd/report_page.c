/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page: head with its policy, summary, navigation, sections, scripts. */
#include <string.h>

#include "report.h"
#include "report_assets.h"

static const char *asset(const unsigned char *text)
{
    return (const char *)text;
}

/* Scripts and style may hold < and &: in XML they are CDATA, whose marks are remarks in HTML. The
 * hash in the policy is that of all between the tags. */
static const char *framed(as_report *r, const char *text)
{
    return as_format(r->s->arena, "/*<![CDATA[*/\n%s/*]]>*/", text);
}

static const char *title(const as_report *r)
{
    return r->r->title ? r->r->title : r->r->slug;
}

static void head(as_report *r, const char *style, const char *script)
{
    FILE *to = r->to;
    fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta "
          "charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
          "'none'; img-src data:; style-src 'unsafe-inline'; script-src ", to);
    as_html_hash(to, script);
    fputs("; base-uri 'none'; form-action 'none'\"/>\n<meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"generator\" content=\"assay "
          ASSAY_VERSION "\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n<link rel=\"icon\" "
          "href=\"data:,\"/>\n", to);
    as_htmlf(to, "<title>%s</title>\n<style>", title(r));
    fputs(style, to);
    fputs("</style>\n</head>\n", to);
}

static void count_chip(FILE *to, size_t n, const char *class, const char *what)
{
    if (n) as_htmlf(to, "<li class=\"verdict %s\">%zu %s</li>\n", class, n, what);
}

static void plain_chip(FILE *to, size_t n, const char *what)
{
    if (n) as_htmlf(to, "<li class=\"chip\">%zu %s%s</li>\n", n, what, n == 1 ? "" : "s");
}

static void summary(as_report *r)
{
    FILE *to = r->to;
    size_t n[3] = { 0 };
    for (size_t i = 0; i < r->r->n_claims; i++) n[r->claim[i].answer.verdict]++;
    as_htmlf(to, "<header>\n<h1>%s</h1>\n", title(r));
    fputs("<p class=\"soft\">", to);
    as_htmlf(to, "recipe <code>%s</code>", r->r->slug);
    for (size_t i = 0; i < r->r->about.n; i++)
        if (strcmp(r->r->about.v[i].name, "figure") == 0 || strcmp(r->r->about.v[i].name, "doi") == 0)
            as_htmlf(to, ", %s %s", r->r->about.v[i].name, r->r->about.v[i].value);
    fputs("</p>\n", to);
    if (r->simulated)
        fputs("<p class=\"banner\"><b>Simulated data.</b> No instrument measured what this page shows; "
              "it tests the tools and confirms nothing about the material.</p>\n", to);
    fputs("<ul class=\"chips\" aria-label=\"Summary\">\n", to);
    count_chip(to, n[AS_SUPPORTED], "supported", n[AS_SUPPORTED] == 1 ? "claim supported" : "claims supported");
    count_chip(to, n[AS_NOT_SUPPORTED], "not-supported", "not supported");
    count_chip(to, n[AS_UNDECIDED], "undecided", "undecided");
    count_chip(to, r->surprises, "not-supported", "not as expected");
    plain_chip(to, r->r->n_inputs, "input");
    plain_chip(to, r->r->n_figures, "figure");
    plain_chip(to, r->r->n_tables, "table");
    if (r->n_warnings)
        as_htmlf(to, "<li class=\"verdict undecided\"><a href=\"#warnings\">%zu warning%s</a></li>\n",
                 r->n_warnings, r->n_warnings == 1 ? "" : "s");
    fputs("</ul>\n</header>\n", to);
}

static void nav_parts(as_report *r, const char *kind, const char *label, size_t n,
                      const as_report_part *p)
{
    if (n == 0) return;
    as_htmlf(r->to, "<li><a href=\"#%ss\">%s</a><ul>", kind, label);
    for (size_t i = 0; i < n; i++)
        as_htmlf(r->to, "<li><a href=\"#%s-%s\">%s</a></li>", kind,
                 as_html_name(r->s->arena, p[i].product->name), p[i].product->name);
    fputs("</ul></li>\n", r->to);
}

static void navigation(as_report *r)
{
    fputs("<nav aria-label=\"Sections\">\n<ul>\n", r->to);
    if (r->r->n_claims) fputs("<li><a href=\"#claims\">Claims</a></li>\n", r->to);
    nav_parts(r, "figure", "Figures", r->r->n_figures, r->figure);
    nav_parts(r, "table", "Tables", r->r->n_tables, r->table);
    fputs("<li><a href=\"#pipeline\">Pipeline</a></li>\n<li><a href=\"#warnings\">Warnings</a></li>\n"
          "<li><a href=\"#provenance\">Provenance</a></li>\n</ul>\n</nav>\n", r->to);
}

static void foot(as_report *r, const char *script)
{
    fputs("<footer>\n<p>Made by assay " ASSAY_VERSION ". The page stands alone: it loads nothing, and its "
          "plots read the very data that its links save.</p>\n<p class=\"js-only\">In a plot: arrow keys read "
          "values, <kbd>+</kbd> and <kbd>−</kbd> zoom, <kbd>0</kbd> shows all, shift with an arrow moves "
          "along.</p>\n<details><summary>Licence of the plots</summary><pre tabindex=\"0\">", r->to);
    as_html(r->to, asset(as_report_licence));
    fputs("</pre></details>\n</footer>\n</div>\n<script>", r->to);
    fputs(script, r->to);
    fputs("</script>\n</body>\n</html>\n", r->to);
}

as_status as_report_page(as_report *r)
{
    const char *style = framed(r, asset(as_report_css)), *script = framed(r, asset(as_report_js));
    if (!style || !script) return AS_ERR;
    head(r, style, script);
    fputs("<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<div class=\"frame\">\n", r->to);
    summary(r);
    navigation(r);
    fputs("<main id=\"main\">\n", r->to);
    as_report_claims(r);
    AS_TRY(as_report_figures(r));
    AS_TRY(as_report_tables(r));
    AS_TRY(as_report_stages(r));
    AS_TRY(as_report_origin(r));
    fputs("</main>\n", r->to);
    foot(r, script);
    return ferror(r->to) ? as_fail(r->s->ctx, AS_E_IO, NULL, "the report cannot be written") : AS_OK;
}
