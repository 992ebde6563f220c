/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay reference: the reference manual in Markdown, from the descriptors. */
#include <string.h>

#include "exporter.h"
#include "help.h"
#include "topics.h"

enum { MANUAL, FORMATS, EXAMPLES };

typedef struct {
    int what;
} reference_settings;

static const as_choice whats[] = { { "manual", MANUAL, "every verb, operation and figure" },
                                   { "formats", FORMATS, "the table of formats" },
                                   { "examples", EXAMPLES, "every example: name, tab, command" },
                                   { 0 } };
static const as_param params[] = {
    AS_CHOICE(reference_settings, what, "what", "manual", whats, "which part"), AS_PARAMS_END
};

static void cell(FILE *to, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|') fputc('\\', to);
        fputc(*text == '\n' ? ' ' : *text, to);
    }
}

static as_status option_rows(as_session *s, const as_param *of)
{
    if (!of || !of->name) return AS_OK;
    fputs("\n| option | meaning |\n|---|---|\n", s->out);
    for (const as_param *p = of; p->name; p++) {
        const char *name = as_option_text(s->arena, p), *text = as_param_help(s->arena, p);
        if (!name || !text) return AS_ERR;
        fprintf(s->out, "| `%s` | ", name);
        cell(s->out, text);
        fputs(" |\n", s->out);
    }
    return AS_OK;
}

static as_status entry(as_session *s, const as_page_of *p)
{
    fprintf(s->out, "\n## %s\n\n*%s, group %s.* %s.\n\n    assay %s [options] %s\n", p->name,
            p->kind, p->group ? p->group : "-", p->doc->summary, p->name,
            p->operands ? p->operands : "");
    if (p->doc->description) fprintf(s->out, "\n%s\n", p->doc->description);
    AS_TRY(option_rows(s, p->params));
    for (const as_example *e = p->doc->examples; e && e->what; e++)
        fprintf(s->out, "\nExample: %s\n\n    %s\n", e->what, e->command);
    if (p->doc->references && *p->doc->references) fputs("\nReferences:\n", s->out);
    for (const char *const *r = p->doc->references; r && *r; r++) fprintf(s->out, "- %s\n", *r);
    return AS_OK;
}

static as_status manual(as_session *s)
{
    size_t n;
    const char **names = as_all_names(s->arena, &n);
    if (!names) return AS_ERR;
    fprintf(s->out,
            "# assay %s: reference\n\nMade from the program itself by `assay reference`.\n\n## "
            "Options of every verb\n",
            ASSAY_VERSION);
    AS_TRY(option_rows(s, as_common_params));
    for (size_t i = 0; i < n; i++) {
        as_page_of p;
        if (as_page_find(names[i], &p)) AS_TRY(entry(s, &p));
    }
    return AS_OK;
}

static void words(FILE *to, const char *const *list)
{
    for (const char *const *w = list; w && *w; w++) fprintf(to, "%s%s", w == list ? "" : ", ", *w);
}

static as_status formats(as_session *s)
{
    fputs("# Formats that assay reads\n\n| name | format | techniques | suffixes | basis of "
          "knowledge |\n|---|---|---|---|---|\n",
          s->out);
    for (size_t i = 0; as_parsers[i]; i++) {
        const as_parser *p = as_parsers[i];
        fprintf(s->out, "| %s | ", p->name);
        cell(s->out, p->title);
        fputs(" | ", s->out);
        words(s->out, p->techniques);
        fputs(" | ", s->out);
        words(s->out, p->suffixes);
        fputs(" | ", s->out);
        cell(s->out, p->basis);
        fputs(" |\n", s->out);
    }
    for (size_t i = 0; as_parsers[i]; i++)
        fprintf(s->out, "\n## %s\n\n%s\n", as_parsers[i]->name,
                as_parsers[i]->doc.description ? as_parsers[i]->doc.description : "");
    return AS_OK;
}

static as_status examples_of_all(as_session *s)
{
    size_t n;
    const char **names = as_all_names(s->arena, &n);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        as_page_of p;
        if (!as_page_find(names[i], &p)) continue;
        for (const as_example *e = p.doc->examples; e && e->what; e++)
            fprintf(s->out, "%s\t%s\n", names[i], e->command);
    }
    for (const as_topic *t = as_topics; t->name; t++)
        for (const as_example *e = t->doc.examples; e && e->what; e++)
            fprintf(s->out, "%s\t%s\n", t->name, e->command);
    for (size_t i = 0; as_parsers[i]; i++)
        for (const as_example *e = as_parsers[i]->doc.examples; e && e->what; e++)
            fprintf(s->out, "%s\t%s\n", as_parsers[i]->name, e->command);
    for (size_t i = 0; as_exporters[i]; i++)
        for (const as_example *e = as_exporters[i]->doc.examples; e && e->what; e++)
            fprintf(s->out, "%s\t%s\n", as_exporters[i]->name, e->command);
    return AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    const reference_settings *set = settings;
    (void)answer;
    if (n)
        return as_fail(s->ctx, AS_E_USAGE, &operands[0].where,
                       "reference takes options only, found '%s'", operands[0].text);
    AS_TRY(as_output_open(s));
    AS_TRY(set->what == MANUAL    ? manual(s)
           : set->what == FORMATS ? formats(s)
                                  : examples_of_all(s));
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "the table of formats", "assay reference --what formats | head -4" }, { 0 }
};
static const char *const see_also[] = { "man", "list", NULL };

const as_verb as_verb_reference = {
    .name = "reference",
    .group = "help",
    .operands = "",
    .settings_size = sizeof(reference_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "print the reference manual or the table of formats in Markdown",
             .description = "Both are made from the descriptors that the program runs on, so they "
                            "cannot drift.",
             .examples = examples,
             .see_also = see_also },
};
