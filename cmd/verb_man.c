/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay man: one page in the man macros, from the descriptor. */
#include <ctype.h>
#include <string.h>

#include "help.h"

static const as_param params[] = { AS_PARAMS_END };

/* Text for roff: no line begins with a control character, hyphens and backslashes stay. */
static void roff(FILE *to, const char *text)
{
    bool bol = true, bold = false;
    for (const char *c = text; *c; c++) {
        if (bol && (*c == '.' || *c == '\'')) fputs("\\&", to);
        bol = *c == '\n';
        if (c[0] == '\n' && c[1] == '\n') {
            fputs("\n.PP\n", to);
            c++;
        } else if (*c == '\\') {
            fputs("\\e", to);
        } else if (*c == '-') {
            fputs("\\-", to);
        } else if (*c == '`' ||
                   (*c == '*' && (bold || (c[1] != ' ' && c[1] != '*' && strchr(c + 1, '*'))))) {
            bold = !bold;
            fputs(bold ? "\\fB" : "\\fR", to);
        } else {
            fputc(*c, to);
        }
    }
    if (bold) fputs("\\fR", to);
    if (!bol) fputc('\n', to);
}

static as_status options(as_session *s, const as_param *of)
{
    for (const as_param *p = of; p && p->name; p++) {
        const char *name = as_option_text(s->arena, p), *text = as_param_help(s->arena, p);
        if (!name || !text) return AS_ERR;
        fputs(".TP\n.B ", s->out);
        roff(s->out, name);
        roff(s->out, text);
    }
    return AS_OK;
}

static as_status needs(as_session *s, const as_op *op)
{
    if (op->needs && op->needs->help) fputs(".SH NEEDS\n", s->out);
    for (const as_demand *d = op->needs; d && d->help; d++) {
        const char *name, *text = as_demand_text(s->arena, d, &name);
        if (!text) return AS_ERR;
        fputs(".TP\n.B ", s->out);
        roff(s->out, name);
        roff(s->out, text);
    }
    if (op->gives && op->gives->help) fputs(".SH GIVES\n", s->out);
    for (const as_give *g = op->gives; g && g->help; g++) {
        const char *name = as_give_name(s->arena, g);
        if (!name) return AS_ERR;
        fputs(".TP\n.B ", s->out);
        roff(s->out, name);
        roff(s->out, g->help);
    }
    return AS_OK;
}

static void title(as_session *s, const char *name)
{
    fputs(".TH ASSAY", s->out);
    if (*name) fputc('\\', s->out), fputc('-', s->out);
    for (const char *c = name; *c; c++) fputc(toupper((unsigned char)*c), s->out);
    fprintf(s->out, " 1 \"\" \"assay %s\" \"assay\"\n", ASSAY_VERSION);
}

static void lists(as_session *s, const as_doc *d, const char *page)
{
    if (d->examples && d->examples->what) fputs(".SH EXAMPLES\n", s->out);
    for (const as_example *e = d->examples; e && e->what; e++) {
        fputs(".PP\n", s->out);
        roff(s->out, e->what);
        fputs(".PP\n.nf\n", s->out);
        roff(s->out, e->command);
        fputs(".fi\n", s->out);
    }
    if (d->references && *d->references) fputs(".SH REFERENCES\n", s->out);
    for (const char *const *r = d->references; r && *r; r++) {
        fputs(".PP\n", s->out);
        roff(s->out, *r);
    }
    bool any = false;
    for (const char *const *r = d->see_also; r && *r; r++) {
        if (strcmp(*r, page) == 0) continue;
        fprintf(s->out, "%s.BR assay\\-%s (1)", any ? ",\n" : ".SH SEE ALSO\n", *r);
        any = true;
    }
    if (any) fputc('\n', s->out);
}

static as_status page(as_session *s, const char *name)
{
    as_page_of p;
    if (!as_page_find(name, &p))
        return as_fail(s->ctx, AS_E_USAGE, NULL, "there is no page about '%s'", name);
    title(s, p.name);
    fputs(".SH NAME\n", s->out);
    fprintf(s->out, "assay\\-%s \\- ", p.name);
    roff(s->out, p.doc->summary);
    const bool topic = strcmp(p.kind, "topic") == 0;
    fprintf(s->out, ".SH SYNOPSIS\n.B assay %s", p.parser ? "read --format " : topic ? "help " : "");
    fprintf(s->out, "%s\n%s%s\n", p.name, topic ? "" : "[options] ", p.operands ? p.operands : "");
    if (p.doc->description) {
        fputs(".SH DESCRIPTION\n", s->out);
        roff(s->out, p.doc->description);
    }
    if (p.params && p.params->name) fputs(".SH OPTIONS\n", s->out);
    AS_TRY(options(s, p.params));
    if (!p.parser && !topic) fputs(".SH COMMON OPTIONS\n", s->out);
    if (!p.parser && !topic) AS_TRY(options(s, as_common_params));
    if (p.op) AS_TRY(needs(s, p.op));
    lists(s, p.doc, p.name);
    return AS_OK;
}

static as_status main_page(as_session *s)
{
    title(s, "");
    fputs(".SH NAME\nassay \\- Unix filters for materials characterization\n.SH SYNOPSIS\n.B "
          "assay\nVERB [options] [FILE...]\n"
          ".SH DESCRIPTION\nEach name below has a page: assay\\-NAME(1), or assay help NAME.\n",
          s->out);
    size_t n;
    const char **names = as_all_names(s->arena, &n);
    for (size_t i = 0; names && i < n; i++) {
        as_page_of p;
        if (!as_page_find(names[i], &p)) continue;
        fprintf(s->out, ".TP\n.B %s\n", names[i]);
        roff(s->out, p.doc->summary);
    }
    fputs(".SH EXIT STATUS\n0 right; 1 the answer is no; 2 usage; 3 bad, cut or unknown input; 4 "
          "numeric failure; 5 system or limit;\n"
          "70 a bug.\n",
          s->out);
    return names ? AS_OK : AS_ERR;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    (void)settings;
    (void)answer;
    if (n == 0) return main_page(s);
    for (size_t i = 0; i < n; i++) AS_TRY(page(s, operands[i].text));
    return AS_OK;
}

static const as_example examples[] = {
    { "a page as the pager shows it", "assay man crop | head -3" }, { 0 }
};
static const char *const see_also[] = { "help", "reference", NULL };

const as_verb as_verb_man = {
    .name = "man",
    .group = "help",
    .operands = "[NAME...]",
    .params = params,
    .run = run,
    .doc = { .summary = "print a manual page in the man macros",
             .description =
                 "`cmake --install` puts one page for every verb, operation and figure in place.",
             .examples = examples,
             .see_also = see_also },
};
