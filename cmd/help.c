/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the terminal: overview and one page per name, from the descriptors alone. */
#include <string.h>
#include <strings.h>

#include "exporter.h"
#include "help.h"
#include "topics.h"

enum { WIDTH = 80, INDENT = 2, HELP_COLUMN = 26 };

as_page_of as_exporter_page(const as_exporter *e)
{
    return (as_page_of){ e->name, "exporter", "exporter", "[FILE...]", e->params, &e->doc, NULL, NULL };
}

bool as_page_find(const char *name, as_page_of *out)
{
    const as_verb *v = as_verb_find(name);
    const as_op *o = as_op_find(name);
    const as_figure *f = as_figure_find(name);
    const as_parser *p = as_parser_find(name);
    *out = (as_page_of){ .name = name };
    if (v) {
        *out =
            (as_page_of){ v->name, "verb", v->group, v->operands, v->params, &v->doc, NULL, NULL };
    } else if (o) {
        const char *operands = o->source     ? ""
                               : o->operands ? "KEY=VALUE... [FILE...]"
                                             : "[FILE...]";
        *out =
            (as_page_of){ o->name, "operation", o->group, operands, o->params, &o->doc, o, NULL };
    } else if (f) {
        *out = (as_page_of){ f->name,   "figure", "figure", "[FILE...]",
                             f->params, &f->doc,  NULL,     NULL };
    } else if (p) {
        *out = (as_page_of){ p->name, "format", "format", "FILE...", p->params, &p->doc, NULL, p };
    }
    if (v || o || f || p) return true;
    const as_exporter *e = as_exporter_find(name);
    if (e) *out = as_exporter_page(e);
    const as_topic *t = e ? NULL : as_topic_find(name);
    if (t) *out = (as_page_of){ t->name, "topic", "help", NULL, NULL, &t->doc, NULL, NULL };
    return e || t;
}

const char **as_all_names(as_arena *a, size_t *n)
{
    size_t total = 1;
    for (size_t i = 0; as_verbs[i]; i++) total++;
    for (size_t i = 0; as_ops[i]; i++) total++;
    for (size_t i = 0; as_figures[i]; i++) total++;
    const char **names = AS_NEW_N(a, const char *, total);
    *n = 0;
    if (!names) return NULL;
    for (size_t i = 0; as_verbs[i]; i++) names[(*n)++] = as_verbs[i]->name;
    for (size_t i = 0; as_ops[i]; i++) names[(*n)++] = as_ops[i]->name;
    for (size_t i = 0; as_figures[i]; i++) names[(*n)++] = as_figures[i]->name;
    return names;
}

/* Does `text` hold `word`, in any case of ASCII letters? */
static bool holds(const char *text, const char *word)
{
    const size_t n = strlen(word);
    for (; strlen(text) >= n; text++)
        if (strncasecmp(text, word, n) == 0) return true;
    return false;
}

const char *as_names_about(as_arena *a, const char *word)
{
    enum { MOST = 8 };
    size_t n;
    const char **names = as_all_names(a, &n), *list = NULL;
    as_page_of page;
    for (int summaries = 0; names && strlen(word) > 2 && !list && summaries < 2; summaries++) {
        size_t found = 0;
        for (size_t i = 0; i < n; i++) {
            const bool fits = summaries ? as_page_find(names[i], &page) && holds(page.doc->summary, word)
                                        : holds(names[i], word);
            if (fits && found++ < MOST) list = list ? as_format(a, "%s, %s", list, names[i]) : names[i];
        }
        if (list && found > MOST) list = as_format(a, "%s and %zu more", list, found - MOST);
    }
    return list;
}

/* Words of `text` folded at WIDTH; `column` is where the cursor stands, `indent` where new lines
 * begin. The markup of doc texts stays as it is: it reads well enough. */
static void fold(FILE *to, const char *text, size_t column, size_t indent)
{
    bool space = false;
    while (*text) {
        const size_t n = strcspn(text, " \n");
        if (column + space + n > WIDTH && column > indent) {
            fprintf(to, "\n%*s", (int)indent, "");
            column = indent;
            space = false;
        }
        fprintf(to, "%s%.*s", space ? " " : "", (int)n, text);
        column += space + n;
        text += n;
        space = *text != '\0';
        if (text[0] == '\n' && text[1] == '\n') {
            fprintf(to, "\n\n%*s", (int)indent, "");
            column = indent;
            space = false;
            text++;
        }
        if (*text) text++;
    }
    fputc('\n', to);
}

static void row(FILE *to, const char *name, const char *text)
{
    const size_t n = strlen(name);
    fprintf(to, "  %s", name);
    if (n + INDENT + 2 > HELP_COLUMN)
        fprintf(to, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(to, "%*s", (int)(HELP_COLUMN - INDENT - n), "");
    fold(to, text, HELP_COLUMN, HELP_COLUMN);
}

bool as_group_page(const char *group, FILE *to)
{
    bool any = false;
    for (size_t i = 0; as_ops[i]; i++) {
        if (strcmp(as_ops[i]->group, group) != 0) continue;
        if (!any) fprintf(to, "assay %s: operations of this group\n\n", group);
        any = true;
        row(to, as_ops[i]->name, as_ops[i]->doc.summary);
    }
    if (any) fputs("\nassay help NAME has the page of each.\n", to);
    return any;
}

const char *as_option_text(as_arena *a, const as_param *p)
{
    static const char *const kinds[] = {
        [AS_P_DOUBLE] = "NUMBER", [AS_P_INT] = "N",         [AS_P_BOOL] = "",
        [AS_P_STRING] = "TEXT",   [AS_P_TEXTS] = "TEXT",    [AS_P_CHOICE] = "CHOICE",
        [AS_P_LIST] = "A,B,...",  [AS_P_RANGE] = "LO:HI",   [AS_P_RANGES] = "LO:HI,...",
        [AS_P_WIDTH] = "WIDTH",   [AS_P_COLUMN] = "COLUMN", [AS_P_FILE] = "FILE",
        [AS_P_TABLES] = "FILE",
    };
    return as_format(a, "--%s%s%s", p->name, *kinds[p->type] ? " " : "", kinds[p->type]);
}

/* The help of a parameter with its choices, unit, default and repetition. */
const char *as_param_help(as_arena *a, const as_param *p)
{
    const char *text = p->help;
    if (p->type == AS_P_CHOICE) {
        text = as_format(a, "%s:", text);
        for (const as_choice *c = p->choices; c->name && text; c++)
            text = as_format(a, "%s%s %s (%s)", text, c == p->choices ? "" : ",", c->name, c->help);
    }
    if (text && p->unit && strcmp(p->unit, "1") != 0)
        text = as_format(a, "%s, in %s", text, p->unit);
    if (text && p->type == AS_P_TEXTS) text = as_format(a, "%s; may be repeated", text);
    if (text && !p->def) return as_format(a, "%s [required]", text);
    if (text && *p->def && !(p->type == AS_P_BOOL && strcmp(p->def, "no") == 0))
        return as_format(a, "%s [%s]", text, p->def);
    return text;
}

static as_status params_section(as_session *s, const char *title, const as_param *params, FILE *to)
{
    if (!params || !params->name) return AS_OK;
    fprintf(to, "\n%s:\n", title);
    for (const as_param *p = params; p->name; p++) {
        const char *name = as_option_text(s->arena, p), *text = as_param_help(s->arena, p);
        if (!name || !text) return AS_ERR;
        if (p->type == AS_P_BOOL && strcmp(p->def ? p->def : "", "yes") == 0)
            name = as_format(s->arena, "--[no-]%s", p->name);
        if (!name) return AS_ERR;
        row(to, name, text);
    }
    return AS_OK;
}

static const char *const demand_kinds[] = { [AS_NEED_ROLE] = "role",
                                            [AS_NEED_COLUMN] = "column",
                                            [AS_NEED_META] = "metadata",
                                            [AS_NEED_RESULT] = "result" };

const char *as_demand_text(as_arena *a, const as_demand *d, const char **name)
{
    *name = as_format(a, "%s %s", demand_kinds[d->kind],
                      d->kind == AS_NEED_ROLE ? as_role_name(d->role) : d->name);
    return *name ? as_format(a, "%s%s%s%s", d->help, d->unit ? ", in a unit like " : "",
                             d->unit ? d->unit : "", d->optional ? " (optional)" : "")
                 : NULL;
}

const char *as_give_name(as_arena *a, const as_give *g)
{
    return as_format(a, "%s %s", g->kind == AS_NEED_ROLE ? "column" : demand_kinds[g->kind],
                     g->name ? g->name : as_role_name(g->role));
}

static as_status needs_section(as_session *s, const as_op *op, FILE *to)
{
    if (op->needs && op->needs->help) fputs("\nNeeds:\n", to);
    for (const as_demand *d = op->needs; d && d->help; d++) {
        const char *name, *text = as_demand_text(s->arena, d, &name);
        if (!text) return AS_ERR;
        row(to, name, text);
    }
    if (op->gives && op->gives->help) fputs("\nGives:\n", to);
    for (const as_give *g = op->gives; g && g->help; g++) {
        const char *name = as_give_name(s->arena, g);
        if (!name) return AS_ERR;
        row(to, name, g->help);
    }
    return AS_OK;
}

/* Some operations share a list that names themselves too. */
static void see_also(const as_doc *d, const char *name, FILE *to)
{
    bool any = false;
    for (const char *const *r = d->see_also; r && *r; r++) {
        if (strcmp(*r, name) == 0) continue;
        fprintf(to, "%s%s", any ? ", " : "\nSee also: ", *r);
        any = true;
    }
    if (any) fputc('\n', to);
}

static void doc_sections(const as_doc *d, const char *page, FILE *to)
{
    if (d->examples && d->examples->what) fputs("\nExamples:\n", to);
    for (const as_example *e = d->examples; e && e->what; e++)
        fprintf(to, "  # %s\n  %s\n", e->what, e->command);
    if (d->references && *d->references) fputs("\nReferences:\n", to);
    for (const char *const *r = d->references; r && *r; r++) {
        fputs("  ", to);
        fold(to, *r, INDENT, INDENT + 2);
    }
    see_also(d, page, to);
}

static as_status put_page(as_session *s, const as_page_of *p, FILE *to)
{
    const bool topic = strcmp(p->kind, "topic") == 0;
    fprintf(to, "assay %s: %s\n\n", p->name, p->doc->summary);
    if (strcmp(p->kind, "exporter") == 0)
        fprintf(to, "Usage: assay convert --to %s [options] [FILE...]\n", p->name);
    else if (p->parser)
        fprintf(to, "Usage: assay read --format %s [options] FILE...\n", p->name);
    else if (!topic)
        fprintf(to, "Usage: assay %s [options]%s%s\n", p->name,
                p->operands && *p->operands ? " " : "", p->operands ? p->operands : "");
    if (p->doc->description) {
        if (!topic) fputc('\n', to);
        fold(to, p->doc->description, 0, 0);
    }
    AS_TRY(params_section(s, "Options", p->params, to));
    if (!p->parser && !topic)
        AS_TRY(params_section(s, "Options of every verb", as_common_params, to));
    if (p->op) AS_TRY(needs_section(s, p->op, to));
    doc_sections(p->doc, p->name, to);
    return AS_OK;
}

as_status as_help(as_session *s, const char *name, FILE *to)
{
    as_page_of page;
    if (!as_page_find(name, &page))
        return as_fail(s->ctx, AS_E_USAGE, NULL, "there is no page about '%s'", name);
    AS_TRY(put_page(s, &page, to));
    const as_exporter *e = page.parser ? as_exporter_find(name) : NULL;
    if (!e) return AS_OK;
    fputc('\n', to);
    page = as_exporter_page(e);
    return put_page(s, &page, to);
}

as_status as_overview(as_session *s, FILE *to)
{
    (void)s;
    fputs("assay: Unix filters for materials characterization\n\n"
          "Usage: assay VERB [options] [FILE...]\n"
          "       assay read scan.xrdml | assay crop --x 4:25 | assay plot -o scan.svg\n\n",
          to);
    for (size_t i = 0; as_verbs[i]; i++) row(to, as_verbs[i]->name, as_verbs[i]->doc.summary);
    fputs("\nOperations and figures: assay list. Formats: assay list --kind format.\n"
          "Help: assay help NAME or assay NAME --help, assay help WORD to search",
          to);
    for (const as_topic *t = as_topics; t->name; t++)
        fprintf(to, "%s%s", t == as_topics ? ";\nassay help TOPIC: " : ", ", t->name);
    fputs(".\n", to);
    return AS_OK;
}
