/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be known wrong of a recipe before any file is opened. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "figure_options.h"
#include "page.h"
#include "recipe.h"

typedef struct checker {
    as_session session; /* first: a copy whose loader is ours, see checker_of */
    as_ctx *ctx;
    as_arena *a;
    as_recipe *r;
    as_product *now; /* the product whose stages are being checked */
} checker;

static as_status fail_at(checker *c, const as_where *at, const char *fmt, ...)
    AS_PRINTF(3, 4) AS_NODISCARD;
static as_status fail_at(checker *c, const as_where *at, const char *fmt, ...)
{
    char message[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return as_fail(c->ctx, AS_E_USAGE, at, "%s", message);
}

/* --- names ------------------------------------------------------------------------------ */

static const as_recipe_input *find_input(const as_recipe *r, const char *name)
{
    for (size_t i = 0; i < r->n_inputs; i++)
        if (strcmp(r->input[i].name, name) == 0) return &r->input[i];
    return NULL;
}

static as_product *find_product(size_t n, as_product *p, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(p[i].name, name) == 0) return &p[i];
    return NULL;
}

static as_status unique_products(checker *c, size_t n, as_product *p, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        const as_product *first = find_product(n, p, p[i].name);
        if (first != &p[i])
            return fail_at(c, &p[i].where, "a second %s is called '%s' (first in %s:%u)", what,
                           p[i].name, first->where.file, first->where.line);
    }
    return AS_OK;
}

/* Inputs and steps are named in the same places, so no name may stand for two of them. */
static as_status unique_names(checker *c)
{
    const as_recipe *r = c->r;
    for (size_t i = 0; i < r->n_inputs; i++) {
        const as_recipe_input *first = find_input(r, r->input[i].name);
        if (first != &r->input[i])
            return fail_at(c, &r->input[i].where, "a second input is called '%s' (first in %s:%u)",
                           first->name, first->where.file, first->where.line);
    }
    for (size_t i = 0; i < r->n_steps; i++) {
        const as_recipe_input *same = find_input(r, r->step[i].name);
        if (same)
            return fail_at(
                c, &r->step[i].where,
                "the step '%s' has the name of an input (line %u); `from` could mean both",
                same->name, same->where.line);
    }
    AS_TRY(unique_products(c, r->n_steps, r->step, "step"));
    AS_TRY(unique_products(c, r->n_figures, r->figure, "figure"));
    return unique_products(c, r->n_tables, r->table, "table");
}

/* Pages write beside figures: their names differ from those. */
static as_status check_page(checker *c, as_recipe_page *p)
{
    as_recipe *r = c->r;
    as_page_settings set;
    const as_product *same = find_product(r->n_figures, r->figure, p->name);
    if (same)
        return fail_at(c, &p->where, "the page '%s' has the name of a figure (line %u)", p->name,
                       same->where.line);
    for (size_t i = 0; i < p->n_panels; i++) {
        if (find_product(r->n_figures, r->figure, p->panel[i].name)) continue;
        const char **names = AS_NEW_N(c->a, const char *, r->n_figures);
        if (!names) return AS_ERR;
        for (size_t k = 0; k < r->n_figures; k++) names[k] = r->figure[k].name;
        const char *near = as_near_miss(p->panel[i].name, r->n_figures, names);
        return fail_at(c, &p->panel[i].where, "no figure '%s'%s%s%s", p->panel[i].name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    return as_settings_read(c->ctx, c->a, as_page_params, p->n_options, p->options, NULL, &set);
}

static as_status check_pages(checker *c)
{
    as_recipe *r = c->r;
    for (size_t i = 0; i < r->n_pages; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcmp(r->page[k].name, r->page[i].name) == 0)
                return fail_at(c, &r->page[i].where, "a second page is called '%s' (first in %s:%u)",
                               r->page[i].name, r->page[k].where.file, r->page[k].where.line);
        AS_TRY(check_page(c, &r->page[i]));
    }
    return AS_OK;
}

static as_status unknown_source(checker *c, const as_name *name)
{
    const as_recipe *r = c->r;
    if (find_product(r->n_figures, r->figure, name->name) ||
        find_product(r->n_tables, r->table, name->name))
        return fail_at(
            c, &name->where,
            "'%s' is a figure or table, an end of the graph; name the steps it is made from",
            name->name);
    const size_t n = r->n_inputs + r->n_steps;
    const char **names = AS_NEW_N(c->a, const char *, n);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < r->n_inputs; i++) names[i] = r->input[i].name;
    for (size_t i = 0; i < r->n_steps; i++) names[r->n_inputs + i] = r->step[i].name;
    const char *near = as_near_miss(name->name, n, names);
    if (near)
        return fail_at(c, &name->where, "no input or step '%s'; did you mean '%s'?", name->name,
                       near);
    const char *all = "";
    for (size_t i = 0; i < n && i < 20 && all; i++)
        all = as_format(c->a, "%s%s%s", all, i ? ", " : "", names[i]);
    return fail_at(c, &name->where, "no input or step '%s' (there %s: %s)", name->name,
                   n == 1 ? "is" : "are", n && all ? all : "none");
}

static as_status check_sources(checker *c, size_t n, const as_name *from)
{
    for (size_t i = 0; i < n; i++)
        if (!find_input(c->r, from[i].name) &&
            !find_product(c->r->n_steps, c->r->step, from[i].name))
            return unknown_source(c, &from[i]);
    return AS_OK;
}

/* --- stages ----------------------------------------------------------------------------------- */

static as_status unknown_verb(checker *c, const as_word *verb)
{
    size_t n = 1;
    for (size_t i = 0; as_ops[i]; i++) n++;
    for (size_t i = 0; as_figures[i]; i++) n++;
    const char **names = AS_NEW_N(c->a, const char *, n);
    if (!names) return AS_ERR;
    n = 0;
    names[n++] = "plot";
    for (size_t i = 0; as_ops[i]; i++) names[n++] = as_ops[i]->name;
    for (size_t i = 0; as_figures[i]; i++) names[n++] = as_figures[i]->name;
    if (strcmp(verb->text, "read") == 0)
        return fail_at(c, &verb->where,
                       "files are read by `inputs:`; a pipeline begins with what `from:` names");
    const char *near = as_near_miss(verb->text, n, names);
    if (near)
        return fail_at(c, &verb->where, "no operation '%s'; did you mean '%s'?", verb->text, near);
    return fail_at(c, &verb->where, "no operation '%s' (assay list shows them all)", verb->text);
}

static checker *checker_of(const as_loader *self)
{
    const unsigned char *session = (const unsigned char *)self - offsetof(as_session, loader);
    return (checker *)(uintptr_t)session;
}

/* Nothing is opened yet; a table that is an input or a step becomes a dependency. */
static as_status note_file(const as_loader *self, as_ctx *ctx, const as_word *word,
                           const as_input **out)
{
    const checker *c = checker_of(self);
    as_input *in = AS_NEW(c->a, as_input);
    (void)ctx;
    *out = in;
    if (in) in->name = word->text;
    return in ? AS_OK : AS_ERR;
}

static as_status note_tables(const as_loader *self, as_ctx *ctx, const as_word *word,
                             as_tables *out)
{
    (void)ctx;
    checker *c = checker_of(self);
    *out = (as_tables){ .from = word->text };
    if (!find_input(c->r, word->text) && !find_product(c->r->n_steps, c->r->step, word->text))
        return AS_OK;
    as_name *wider = AS_NEW_N(c->a, as_name, c->now->n_uses + 1);
    if (!wider) return AS_ERR;
    if (c->now->n_uses) memcpy(wider, c->now->uses, c->now->n_uses * sizeof *wider);
    c->now->uses = wider;
    wider[c->now->n_uses++] = (as_name){ word->text, word->where };
    return AS_OK;
}

/* An option without default that is not there: the message of the settings could not say where. */
static as_status check_required(checker *c, const as_command *stage, const as_param *params,
                                const char *operands)
{
    for (const as_param *p = params; p && p->name; p++) {
        bool there = p->def || (operands && strcmp(operands, p->name) == 0);
        const size_t n = strlen(p->name);
        for (size_t i = 1; i < stage->n && !there; i++) {
            const char *text = stage->word[i].text;
            there = strncmp(text, "--", 2) == 0 && strncmp(text + 2, p->name, n) == 0 &&
                    (text[2 + n] == '\0' || text[2 + n] == '=');
        }
        if (!there)
            return fail_at(c, &stage->word[0].where, "%s needs the option --%s: %s",
                           stage->word[0].text, p->name, p->help);
    }
    return AS_OK;
}

/* Are all options known and all required ones there? `options` has room for all of them. */
static as_status split_options(checker *c, const as_command *stage, const as_param *params,
                               const char *operands, as_word *options, size_t *n_options)
{
    static const as_param none[] = { AS_PARAMS_END };
    const size_t n = stage->n - 1;
    as_word *rest = AS_NEW_N(c->a, as_word, n);
    size_t n_rest;
    if (!rest || !options) return AS_ERR;
    AS_TRY(as_words_split(c->ctx, stage->word[0].text, params ? params : none, n, stage->word + 1,
                          options, n_options, rest, &n_rest));
    if (n_rest && !operands)
        return fail_at(c, &rest[0].where, "%s takes options only, found '%s'", stage->word[0].text,
                       rest[0].text);
    return check_required(c, stage, params, operands);
}

static as_status check_figure(checker *c, const as_figure *kind, const as_command *stage)
{
    as_word *options = AS_NEW_N(c->a, as_word, stage->n);
    as_panel checked = { .kind = kind };
    size_t n;
    if (!options) return AS_ERR;
    AS_TRY(split_options(c, stage, kind->params, NULL, options, &n));
    return as_figure_options(&c->session, n, options, &checked);
}

static as_status check_op(checker *c, const as_op *op, const as_command *stage)
{
    as_word *options = AS_NEW_N(c->a, as_word, stage->n);
    size_t n;
    as_call call;
    if (op->source)
        return fail_at(c, &stage->word[0].where,
                       "'%s' makes its series from nothing; a stage works on what `from:` names",
                       op->name);
    AS_TRY(split_options(c, stage, op->params, op->operands, options, &n));
    return as_call_read(&c->session, op, stage->n - 1, stage->word + 1, &call, NULL, NULL);
}

static as_status check_stage(checker *c, const as_command *stage, bool last_of_figure)
{
    const as_word *verb = &stage->word[0];
    const as_op *op = as_op_find(verb->text);
    const as_figure *kind = as_figure_find(verb->text);
    const bool plot = kind || strcmp(verb->text, "plot") == 0;
    if (!op && !plot) return unknown_verb(c, verb);
    if (plot && !last_of_figure)
        return fail_at(c, &verb->where, "'%s' draws; only the last stage of a figure may",
                       verb->text);
    if (last_of_figure && !plot)
        return fail_at(c, &verb->where, "'%s' draws nothing; the last stage of a figure is a plot",
                       verb->text);
    if (kind) return check_figure(c, kind, stage);
    return op ? check_op(c, op, stage)
              : AS_OK; /* plot: its kind and options follow from the data */
}

static as_status check_product(checker *c, as_product *p, bool figure)
{
    c->now = p;
    AS_TRY(check_sources(c, p->n_from, p->from));
    for (size_t i = 0; i < p->n_stages; i++)
        AS_TRY(check_stage(c, &p->stage[i], figure && i + 1 == p->n_stages));
    return AS_OK;
}

/* --- the graph ------------------------------------------------------------------------------- */

static bool needs(const as_product *p, const char *name)
{
    for (size_t i = 0; i < p->n_from; i++)
        if (strcmp(p->from[i].name, name) == 0) return true;
    for (size_t i = 0; i < p->n_uses; i++)
        if (strcmp(p->uses[i].name, name) == 0) return true;
    return false;
}

/* Among steps that all wait for another of them there is a circle: walk it. */
static as_status circle(checker *c, size_t n, as_product *waiting)
{
    const as_product *at = &waiting[0];
    for (size_t walked = 0; walked < n; walked++) /* after n steps we are inside the circle */
        for (size_t k = 0; k < n; k++)
            if (needs(at, waiting[k].name)) {
                at = &waiting[k];
                break;
            }
    const as_product *start = at;
    const char *path = start->name;
    do {
        for (size_t k = 0; k < n; k++)
            if (needs(at, waiting[k].name)) {
                at = &waiting[k];
                break;
            }
        path = path ? as_format(c->a, "%s <- %s", path, at->name) : NULL;
    } while (at != start);
    return fail_at(c, &start->where, "the steps need each other in a circle: %s",
                   path ? path : start->name);
}

static as_status order_steps(checker *c)
{
    as_recipe *r = c->r;
    as_product *sorted = AS_NEW_N(c->a, as_product, r->n_steps);
    if (!sorted) return AS_ERR;
    size_t n = 0, left = r->n_steps;
    while (left > 0) {
        const size_t before = left;
        for (size_t i = 0; i < left;) { /* the first in the recipe's order that waits for none */
            bool waits = false;
            for (size_t k = 0; k < left && !waits; k++) waits = needs(&r->step[i], r->step[k].name);
            if (waits) {
                i++;
                continue;
            }
            sorted[n++] = r->step[i];
            memmove(&r->step[i], &r->step[i + 1], (left - i - 1) * sizeof *r->step);
            left--;
        }
        if (left == before) return circle(c, left, r->step);
    }
    r->step = sorted;
    return AS_OK;
}

static void want(as_recipe *r, size_t n, const as_name *names)
{
    for (size_t i = 0; i < n; i++) {
        as_product *p = find_product(r->n_steps, r->step, names[i].name);
        if (p) p->wanted = true;
    }
}

static void mark_wanted(as_recipe *r)
{
    for (size_t i = 0; i < r->n_figures; i++) {
        want(r, r->figure[i].n_from, r->figure[i].from);
        want(r, r->figure[i].n_uses, r->figure[i].uses);
    }
    for (size_t i = 0; i < r->n_tables; i++) {
        want(r, r->table[i].n_from, r->table[i].from);
        want(r, r->table[i].n_uses, r->table[i].uses);
    }
    for (size_t i = 0; i < r->n_claims; i++) want(r, r->claim[i].n_from, r->claim[i].from);
    for (size_t i = r->n_steps; i-- > 0;) /* what a step needs comes before it */
        if (r->step[i].wanted) {
            want(r, r->step[i].n_from, r->step[i].from);
            want(r, r->step[i].n_uses, r->step[i].uses);
        }
}

/* --- claims ---------------------------------------------------------------------------------- */

/* The names of inputs that reach `name`; false when an operation on the way makes series of its
 * own. */
static bool reach(checker *c, const char *name, size_t *n, const char **names)
{
    const as_recipe *r = c->r;
    if (find_input(r, name)) {
        for (size_t i = 0; i < *n; i++)
            if (strcmp(names[i], name) == 0) return true;
        names[(*n)++] = name;
        return true;
    }
    const as_product *p = find_product(r->n_steps, r->step, name);
    bool kept = true;
    for (size_t i = 0; i < p->n_stages; i++) {
        const as_op *op = as_op_find(p->stage[i].word[0].text);
        if (op && op->effect == AS_REDUCES) return false;
    }
    for (size_t i = 0; i < p->n_from; i++) kept = reach(c, p->from[i].name, n, names) && kept;
    return kept;
}

static bool names_input(const char *series, const char *name)
{
    const size_t n = strlen(name);
    if (strncmp(series, name, n) != 0) return false;
    return series[n] == '\0' || (series[n] == '.' && series[n + 1] &&
                                 strspn(series + n + 1, "0123456789") == strlen(series + n + 1));
}

static as_status check_series(checker *c, const as_expr *e, size_t n, const char *const *names)
{
    const as_path *path;
    const size_t n_paths = as_expr_paths(c->a, e, &path);
    for (size_t i = 0; i < n_paths; i++) {
        bool known = !path[i].series;
        for (size_t k = 0; k < n && !known; k++) known = names_input(path[i].series, names[k]);
        if (known) continue;
        const char *near = as_near_miss(path[i].series, n, names);
        if (near)
            return fail_at(c, &path[i].where, "no series '%s' comes in here; did you mean '%s'?",
                           path[i].series, near);
        const char *all = "";
        for (size_t k = 0; k < n && k < 20 && all; k++)
            all = as_format(c->a, "%s%s%s", all, k ? ", " : "", names[k]);
        return fail_at(c, &path[i].where, "no series '%s' comes in here (there %s: %s)",
                       path[i].series, n == 1 ? "is" : "are", all ? all : "");
    }
    return AS_OK;
}

static as_status check_claim(checker *c, const as_recipe_claim *claim)
{
    AS_TRY(check_sources(c, claim->n_from, claim->from));
    const char **names = AS_NEW_N(c->a, const char *, c->r->n_inputs);
    if (!names) return AS_ERR;
    size_t n = 0;
    bool known = true;
    for (size_t i = 0; i < claim->n_from; i++)
        known = reach(c, claim->from[i].name, &n, names) && known;
    if (!known) return AS_OK;
    AS_TRY(check_series(c, claim->expr, n, names));
    for (size_t i = 0; i < claim->n_report; i++)
        AS_TRY(check_series(c, claim->report_expr[i], n, names));
    return AS_OK;
}

static as_status check_each(checker *c)
{
    const as_recipe_input *first = NULL;
    for (size_t i = 0; i < c->r->n_inputs; i++) {
        if (!c->r->input[i].each) continue;
        if (first)
            return fail_at(c, &c->r->input[i].file_where,
                           "a second input has 'each' (the first is '%s')", first->name);
        first = &c->r->input[i];
    }
    return AS_OK;
}

static as_status check(checker *c)
{
    as_recipe *r = c->r;
    AS_TRY(unique_names(c));
    AS_TRY(check_each(c));
    for (size_t i = 0; i < r->n_steps; i++) AS_TRY(check_product(c, &r->step[i], false));
    for (size_t i = 0; i < r->n_figures; i++) AS_TRY(check_product(c, &r->figure[i], true));
    for (size_t i = 0; i < r->n_tables; i++) AS_TRY(check_product(c, &r->table[i], false));
    AS_TRY(check_pages(c));
    AS_TRY(order_steps(c));
    for (size_t i = 0; i < r->n_claims; i++) AS_TRY(check_claim(c, &r->claim[i]));
    mark_wanted(r);
    if (r->n_figures + r->n_tables + r->n_claims == 0)
        return as_fail(c->ctx, AS_E_USAGE, &(as_where){ .file = r->file },
                       "the recipe makes nothing: no figures, tables or claims");
    return AS_OK;
}

as_status as_recipe_check(as_session *s, as_recipe *r)
{
    checker c = { .session = *s, .ctx = s->ctx, .a = s->arena, .r = r };
    c.session.loader = (as_loader){ .file = note_file, .tables = note_tables };
    return check(&c);
}
