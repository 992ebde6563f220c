/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each part was made: its stages with every option, given or by default. */
#include <string.h>

#include "report.h"

/* What the text of settings says of an option; NULL: nothing. */
static const char *value_of(const as_param *p, size_t n, const as_word *words)
{
    for (size_t i = 0; i < n; i++) {
        const char *w = words[i].text;
        if (strncmp(w, "--", 2) != 0) continue;
        if (strncmp(w, "--no-", 5) == 0 && strcmp(w + 5, p->name) == 0) return "no";
        if (strcmp(w + 2, p->name) != 0) continue;
        return p->type == AS_P_BOOL ? "yes" : i + 1 < n ? words[i + 1].text : "";
    }
    return NULL;
}

/* Was it typed in the recipe? */
static bool given(const as_param *p, const as_command *stage)
{
    const size_t n = strlen(p->name);
    for (size_t i = 1; i < stage->n; i++) {
        const char *w = stage->word[i].text;
        if (strncmp(w, "--no-", 5) == 0 && strcmp(w + 5, p->name) == 0) return true;
        if (strncmp(w, "--", 2) == 0 && strncmp(w + 2, p->name, n) == 0 &&
            (w[2 + n] == '\0' || w[2 + n] == '='))
            return true;
    }
    return false;
}

static void put_options(as_report *r, const as_param *params, const as_command *stage, size_t n,
                        const as_word *words)
{
    FILE *to = r->to;
    if (!params || !params->name) return;
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Options\"><table><thead><tr>"
          "<th scope=\"col\">Option</th><th scope=\"col\">Value</th><th scope=\"col\">Given by</th>"
          "<th scope=\"col\">Meaning</th></tr></thead><tbody>\n", to);
    for (const as_param *p = params; p->name; p++) {
        const char *value = value_of(p, n, words);
        if (!value) value = p->def ? p->def : "";
        as_htmlf(to, "<tr><td><code>--%s</code></td><td>%s</td><td>%s</td><td class=\"wide\">%s</td></tr>\n",
                 p->name, *value ? value : "–", given(p, stage) ? "recipe" : "default", p->help);
    }
    fputs("</tbody></table></div>\n", to);
}

/* The settings as text are what the history of the tables has too. */
static as_status put_stage(as_report *r, const as_product *p, size_t i, const char *drawn)
{
    const as_command *stage = &p->stage[i];
    const as_op *op = as_op_find(stage->word[0].text);
    const as_figure *figure = as_figure_find(stage->word[0].text);
    const char *text, *hashes;
    size_t n;
    as_word *words;
    AS_TRY(as_product_stage_text(r->k, p, i, &text, &hashes));
    if (drawn) text = as_format(r->s->arena, "%s %s", stage->word[0].text, drawn);
    if (!text) return AS_ERR;
    const as_text whole = as_text_of(text);
    AS_TRY(as_words_of(r->s->ctx, r->s->arena, &whole, NULL, &n, &words));
    fputs("<li><details><summary><code>", r->to);
    for (size_t w = 0; w < stage->n; w++) {
        const char *word = as_shell_word(r->s->arena, stage->word[w].text);
        as_htmlf(r->to, "%s%s", w ? " " : "", word ? word : "");
    }
    fputs("</code></summary>\n", r->to);
    const char *summary = op ? op->doc.summary : figure ? figure->doc.summary : "draw by technique";
    as_htmlf(r->to, "<p>%s.</p>\n", summary);
    put_options(r, op ? op->params : figure ? figure->params : NULL, stage, n, words);
    if (*hashes) as_htmlf(r->to, "<p class=\"hash\">files it read, sha256: %s</p>\n", hashes);
    const char *const *references = op ? op->doc.references : figure ? figure->doc.references : NULL;
    for (; references && *references; references++)
        as_htmlf(r->to, "<p class=\"soft\">%s</p>\n", *references);
    fputs("</details></li>\n", r->to);
    return AS_OK;
}

static as_status put_product(as_report *r, const as_product *p, const char *id, const char *kind,
                             const as_drawing *drawing)
{
    FILE *to = r->to;
    as_htmlf(to, "<article class=\"card\" id=\"%s-%s\">\n<h3>%s <a href=\"#%s-%s\">%s</a></h3>\n<p>from ",
             id, as_html_name(r->s->arena, p->name), kind, strcmp(kind, "step") == 0 ? id : kind,
             as_html_name(r->s->arena, p->name), p->name);
    for (size_t i = 0; i < p->n_from; i++)
        as_htmlf(to, "%s<a href=\"#%s\">%s</a>", i ? ", " : "", as_html_source(r, p->from[i].name),
                 p->from[i].name);
    for (size_t i = 0; i < p->n_uses; i++)
        as_htmlf(to, "%s<a href=\"#%s\">%s</a>", i ? ", " : ", with ", as_html_source(r, p->uses[i].name),
                 p->uses[i].name);
    fputs(p->n_stages ? "</p>\n<ol>\n" : "</p>\n<p class=\"soft\">as it is</p>\n", to);
    for (size_t i = 0; i < p->n_stages; i++)
        AS_TRY(put_stage(r, p, i, drawing && i + 1 == p->n_stages ? drawing->text : NULL));
    fputs(p->n_stages ? "</ol>\n</article>\n" : "</article>\n", to);
    return AS_OK;
}

static as_status all_stages(as_report *r)
{
    for (size_t i = 0; i < r->r->n_steps; i++)
        AS_TRY(put_product(r, &r->r->step[i], "step", "step", NULL));
    for (size_t i = 0; i < r->r->n_figures; i++)
        if (!r->figure[i].failed)
            AS_TRY(put_product(r, &r->r->figure[i], "how-figure", "figure", &r->figure[i].drawing));
    for (size_t i = 0; i < r->r->n_tables; i++)
        if (!r->table[i].failed) AS_TRY(put_product(r, &r->r->table[i], "how-table", "table", NULL));
    return AS_OK;
}

as_status as_report_stages(as_report *r)
{
    fputs("<section id=\"pipeline\" aria-labelledby=\"pipeline-title\">\n<h2 "
          "id=\"pipeline-title\">Pipeline</h2>\n", r->to);
    AS_TRY(as_report_graph(r));
    if (r->r->parameters.n) {
        fputs("<h3>Parameters</h3>\n<dl class=\"facts card\">\n", r->to);
        for (size_t i = 0; i < r->r->parameters.n; i++)
            as_htmlf(r->to, "<dt><code>%s</code></dt><dd><code>%s</code></dd>\n", r->r->parameters.v[i].name,
                     r->r->parameters.v[i].value);
        fputs("</dl>\n", r->to);
    }
    const as_frame frame = as_enter(r->s->ctx);
    const as_status status = all_stages(r);
    as_leave(r->s->ctx, frame);
    fputs("</section>\n", r->to);
    return status;
}
