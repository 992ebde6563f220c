/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where everything came from: inputs with their hashes, warnings, the recipe itself. */
#include <string.h>

#include "hash.h"
#include "report.h"

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m && m->text ? m->text : "";
}

static void input_words(FILE *to, const char *what, size_t n, const as_word *words)
{
    if (n == 0) return;
    as_htmlf(to, "<dt>%s</dt><dd>", what);
    for (size_t i = 0; i < n; i++) as_htmlf(to, "<code>%s</code> ", words[i].text);
    fputs("</dd>\n", to);
}

static void input_facts(as_report *r, const as_recipe_input *in)
{
    FILE *to = r->to;
    if (in->label) as_htmlf(to, "<dt>Label</dt><dd>%s</dd>\n", as_label_plain(r->s->arena, in->label));
    if (in->note) as_htmlf(to, "<dt>Note</dt><dd>%s</dd>\n", in->note);
    input_words(to, "Read with", in->n_read, in->read);
    input_words(to, "Supplied", in->n_set, in->set);
}

static void input_series(as_report *r, const as_table *t)
{
    FILE *to = r->to;
    as_htmlf(to, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%zu</td><td class=\"hash\">%s",
             t->name, text_of(t, "source.name"), text_of(t, "source.format"),
             t->technique ? t->technique : "", t->rows, text_of(t, "source.sha256"));
    const char *simulated = text_of(t, "simulated");
    if (as_table_is_simulated(t))
        as_htmlf(to, "<br/><span class=\"chip simulated\">simulated%s%s</span>", *simulated ? ": " : "",
                 simulated);
    fputs("</td></tr>\n", to);
}

static as_status input(as_report *r, const as_recipe_input *in)
{
    as_yield *y;
    FILE *to = r->to;
    as_htmlf(to, "<article class=\"card\" id=\"input-%s\">\n<h3>input %s</h3>\n<dl class=\"facts\">\n",
             as_html_name(r->s->arena, in->name), in->name);
    input_facts(r, in);
    fputs("</dl>\n", to);
    if (as_yield_get(r->k, in->name, &y) != AS_OK) {
        as_forget_error(r->s->ctx); /* shown where it was needed */
        fputs("<p class=\"warned\">It could not be read.</p>\n</article>\n", to);
        return AS_OK;
    }
    as_htmlf(to, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Series of %s\"><table>"
                 "<thead><tr><th scope=\"col\">Series</th><th scope=\"col\">File</th><th "
                 "scope=\"col\">Format</th><th scope=\"col\">Technique</th><th scope=\"col\" "
                 "class=\"n\">Rows</th><th scope=\"col\">sha256</th></tr></thead><tbody>\n", in->name);
    for (size_t i = 0; i < y->tables->n; i++) input_series(r, y->tables->t[i]);
    fputs("</tbody></table></div>\n</article>\n", to);
    return AS_OK;
}

static void warnings(as_report *r)
{
    fputs("<section id=\"warnings\" aria-labelledby=\"warnings-title\">\n<h2 "
          "id=\"warnings-title\">Warnings</h2>\n", r->to);
    if (r->n_warnings == 0) fputs("<p>None.</p>\n", r->to);
    for (size_t i = 0; i < r->n_warnings; i++)
        as_htmlf(r->to, "<p class=\"warned\">%s<br/><span class=\"soft\">%s</span></p>\n",
                 r->warning[i].text, r->warning[i].series);
    fputs("</section>\n", r->to);
}

static void recipe(as_report *r)
{
    FILE *to = r->to;
    char hash[AS_SHA256_TEXT];
    const size_t n = strlen(r->source.s);
    const char *file = as_format(r->s->arena, "%s.yaml", r->r->slug);
    as_sha256_of(r->source.s, n, hash);
    fputs("<article class=\"card\" id=\"recipe\">\n<h3>The recipe</h3>\n<dl class=\"facts\">\n", to);
    for (size_t i = 0; i < r->r->about.n; i++) {
        const as_variable *v = &r->r->about.v[i];
        if (strcmp(v->name, "doi") == 0)
            as_htmlf(to, "<dt>doi</dt><dd><a href=\"https://doi.org/%s\" rel=\"noreferrer\">%s</a></dd>\n",
                     v->value, v->value);
        else
            as_htmlf(to, "<dt>%s</dt><dd>%s</dd>\n", v->name, v->value);
    }
    as_htmlf(to, "<dt>assay</dt><dd>%s</dd>\n<dt>sha256</dt><dd class=\"hash\">%s</dd>\n</dl>\n",
             ASSAY_VERSION, hash);
    fputs("<details><summary>Its text</summary><pre tabindex=\"0\">", to);
    as_html(to, r->source.s);
    fputs("</pre></details>\n<ul class=\"links\"><li>", to);
    as_html_download(to, NULL, file ? file : "recipe.yaml", "application/yaml", "Recipe", r->source.s, n);
    fputs("</li></ul>\n</article>\n", to);
}

as_status as_report_origin(as_report *r)
{
    warnings(r);
    fputs("<section id=\"provenance\" aria-labelledby=\"provenance-title\">\n<h2 "
          "id=\"provenance-title\">Provenance</h2>\n", r->to);
    recipe(r);
    for (size_t i = 0; i < r->r->n_inputs; i++) {
        const as_frame frame = as_enter(r->s->ctx);
        const as_status status = input(r, &r->r->input[i]);
        as_leave(r->s->ctx, frame);
        AS_TRY(status);
    }
    fputs("</section>\n", r->to);
    return AS_OK;
}
