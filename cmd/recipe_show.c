/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe shown before it runs: what would be made, by which options, and the graph. */
#include <string.h>

#include "recipe_run.h"

static void show_names(FILE *to, size_t n, const as_name *names)
{
    for (size_t i = 0; i < n; i++) fprintf(to, "%s%s", i ? ", " : "", names[i].name);
}

/* Words as they were written, or with every default where a kitchen can load what they name. */
static as_status show_stage(as_session *s, const as_command *stage, FILE *to)
{
    fprintf(to, "    | %s", stage->word[0].text);
    for (size_t i = 1; i < stage->n; i++) {
        const char *word = as_shell_word(s->arena, stage->word[i].text);
        if (!word) return AS_ERR;
        fprintf(to, " %s", word);
    }
    fputc('\n', to);
    return AS_OK;
}

/* All options of a stage, defaults included, one a line; those that were given are marked. */
static void explain_params(FILE *to, const as_param *params, const as_command *stage)
{
    for (const as_param *p = params; p && p->name; p++) {
        bool given = false;
        for (size_t i = 1; i < stage->n; i++) {
            const char *w = stage->word[i].text;
            const size_t n = strlen(p->name);
            given |= strncmp(w, "--", 2) == 0 && strncmp(w + 2, p->name, n) == 0 &&
                     (w[2 + n] == '\0' || w[2 + n] == '=');
        }
        if (!given && p->def && *p->def)
            fprintf(to, "        --%s %s  (default; %s)\n", p->name, p->def, p->help);
        if (given) fprintf(to, "        --%s  %s\n", p->name, p->help);
    }
}

static void explain_stage(FILE *to, const as_command *stage)
{
    const as_op *op = as_op_find(stage->word[0].text);
    const as_figure *figure = as_figure_find(stage->word[0].text);
    if (op) fprintf(to, "        %s\n", op->doc.summary);
    if (figure) fprintf(to, "        %s\n", figure->doc.summary);
    explain_params(to, op ? op->params : figure ? figure->params : NULL, stage);
}

static as_status show_product(as_session *s, const as_product *p, const char *what, bool explain,
                              FILE *to)
{
    fprintf(to, "%s %s: from ", what, p->name);
    show_names(to, p->n_from, p->from);
    if (p->n_uses) fputs(", with ", to);
    show_names(to, p->n_uses, p->uses);
    for (size_t i = 0; i < p->n_formats; i++)
        fprintf(to, "%s%s.%s", i ? ", " : ", into ", p->name, p->formats[i]);
    fputc('\n', to);
    for (size_t i = 0; i < p->n_stages; i++) {
        AS_TRY(show_stage(s, &p->stage[i], to));
        if (explain) explain_stage(to, &p->stage[i]);
    }
    return AS_OK;
}

as_status as_recipe_explain(as_session *s, const as_recipe *r, bool explain, FILE *to)
{
    fprintf(to, "recipe %s%s%s\n", r->slug, r->title ? ": " : "", r->title ? r->title : "");
    for (size_t i = 0; i < r->parameters.n; i++)
        fprintf(to, "parameter %s = %s\n", r->parameters.v[i].name, r->parameters.v[i].value);
    for (size_t i = 0; i < r->n_inputs; i++) {
        fprintf(to, "input %s: %s%s", r->input[i].name, r->input[i].each ? "each of " : "",
                r->input[i].file);
        for (size_t k = 0; k < r->input[i].n_set; k++) fprintf(to, ", %s", r->input[i].set[k].text);
        for (size_t k = 0; k < r->input[i].n_read; k++) {
            const char *word = as_shell_word(s->arena, r->input[i].read[k].text);
            if (!word) return AS_ERR;
            fprintf(to, "%s%s", k ? " " : ", read ", word);
        }
        fputc('\n', to);
    }
    for (size_t i = 0; i < r->n_steps; i++)
        AS_TRY(show_product(s, &r->step[i], r->step[i].wanted ? "step" : "step (used by nothing)",
                            explain, to));
    for (size_t i = 0; i < r->n_figures; i++)
        AS_TRY(show_product(s, &r->figure[i], "figure", explain, to));
    for (size_t i = 0; i < r->n_pages; i++) {
        const as_recipe_page *p = &r->page[i];
        fprintf(to, "page %s: ", p->name);
        show_names(to, p->n_panels, p->panel);
        for (size_t f = 0; f < p->n_formats; f++)
            fprintf(to, "%s%s.%s", f ? ", " : ", into ", p->name, p->formats[f]);
        fputc('\n', to);
    }
    for (size_t i = 0; i < r->n_tables; i++)
        AS_TRY(show_product(s, &r->table[i], "table", explain, to));
    for (size_t i = 0; i < r->n_claims; i++) {
        fputs("claim: from ", to);
        show_names(to, r->claim[i].n_from, r->claim[i].from);
        fprintf(to, ": %s\n    %s\n", r->claim[i].says, r->claim[i].holds.s);
    }
    return AS_OK;
}

/* --- dot ---------------------------------------------------------------------------------------
 */

static void quoted(FILE *to, const char *s)
{
    for (; s && *s; s++) {
        if (*s == '"' || *s == '\\') fputc('\\', to);
        fputc(*s, to);
    }
}

static void edges(FILE *to, const char *prefix, const char *name, size_t n, const as_name *from,
                  const char *style)
{
    for (size_t i = 0; i < n; i++) {
        fputs("  \"", to);
        quoted(to, from[i].name);
        fprintf(to, "\" -> \"%s", prefix);
        quoted(to, name);
        fprintf(to, "\"%s;\n", style);
    }
}

static void dot_page(FILE *to, const as_recipe_page *p)
{
    fputs("  \"page ", to);
    quoted(to, p->name);
    fputs("\" [shape=box3d];\n", to);
    for (size_t i = 0; i < p->n_panels; i++) {
        fputs("  \"figure ", to);
        quoted(to, p->panel[i].name);
        fputs("\" -> \"page ", to);
        quoted(to, p->name);
        fputs("\";\n", to);
    }
}

static void dot_product(FILE *to, const char *prefix, const char *shape, const as_product *p)
{
    fprintf(to, "  \"%s", prefix);
    quoted(to, p->name);
    fprintf(to, "\" [shape=%s, label=\"", shape);
    quoted(to, p->name);
    for (size_t i = 0; i < p->n_stages; i++) {
        fputs("\\n", to);
        quoted(to, p->stage[i].word[0].text);
    }
    fputs("\"];\n", to);
    edges(to, prefix, p->name, p->n_from, p->from, "");
    edges(to, prefix, p->name, p->n_uses, p->uses, " [style=dashed]");
}

as_status as_recipe_graph(as_session *s, const as_recipe *r, FILE *to)
{
    (void)s;
    fputs("digraph \"", to);
    quoted(to, r->slug);
    fputs("\" {\n  rankdir=LR;\n  node [fontname=\"Liberation Sans\", fontsize=10];\n", to);
    for (size_t i = 0; i < r->n_inputs; i++) {
        fputs("  \"", to);
        quoted(to, r->input[i].name);
        fputs("\" [shape=note];\n", to);
    }
    for (size_t i = 0; i < r->n_steps; i++) dot_product(to, "", "box", &r->step[i]);
    for (size_t i = 0; i < r->n_figures; i++) dot_product(to, "figure ", "ellipse", &r->figure[i]);
    for (size_t i = 0; i < r->n_pages; i++) dot_page(to, &r->page[i]);
    for (size_t i = 0; i < r->n_tables; i++) dot_product(to, "table ", "ellipse", &r->table[i]);
    for (size_t i = 0; i < r->n_claims; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%zu", i + 1);
        fprintf(to, "  \"claim %s\" [shape=diamond];\n", name);
        edges(to, "claim ", name, r->claim[i].n_from, r->claim[i].from, "");
    }
    fputs("}\n", to);
    return AS_OK;
}
