/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one command that every figure kind is: series in, a page out, with what it was made from
 * written into it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "each.h"
#include "figure_options.h"
#include "help.h"
#include "json.h"
#include "messages.h"
#include "page_record.h"
#include "pipeline.h"
#include "provenance.h"
#include "render.h"

static const char *suffix_of(const char *file)
{
    const char *dot = strrchr(file, '.'), *slash = strrchr(file, '/');
    return dot && (!slash || dot > slash) ? dot + 1 : "";
}

static as_status write_one(as_session *s, const as_canvas *canvas, const as_page *page,
                           const char *suffix)
{
    AS_TRY(as_output_open(s));
    if (as_canvas_write(s->ctx, canvas, page, suffix, s->out) != AS_OK)
        return as_while(s->ctx, "writing %s", s->output ? s->output : "to standard output");
    return as_output_commit(s);
}

as_status as_drawn_write(as_session *s, const as_canvas *canvas, const as_page *page,
                         const as_texts *files)
{
    if (files->n == 0) {
        s->output = NULL;
        return write_one(s, canvas, page, "svg");
    }
    for (size_t i = 0; i < files->n; i++) {
        s->output = files->v[i];
        AS_TRY(write_one(s, canvas, page, suffix_of(files->v[i])));
    }
    return AS_OK;
}

as_status as_panel_draw(as_session *s, const as_panel *p, as_canvas **canvas, as_page *page)
{
    AS_TRY(as_figure_draw(s->ctx, p->kind, p->settings, p->n, p->tables, s->arena, canvas, page));
    page->provenance = as_provenance(s->arena, p);
    if (page->provenance) page->provenance = as_page_record(s->arena, page->provenance, *canvas, page);
    return page->provenance ? AS_OK : AS_ERR;
}

as_status as_figure_write(as_session *s, const as_panel *p, const as_texts *files)
{
    as_canvas *canvas;
    as_page page;
    AS_TRY(as_panel_draw(s, p, &canvas, &page));
    return as_drawn_write(s, canvas, &page, files);
}

/* A back end for every file, before anything is read or drawn. */
as_status as_check_suffixes(as_session *s)
{
    if (s->outputs.n == 0 && isatty(STDOUT_FILENO)) {
        (void)!as_fail(s->ctx, AS_E_USAGE, NULL, "a figure would fill the terminal");
        return as_while(s->ctx, "hint: -o NAME.png (or .svg, .pdf), or > NAME.svg");
    }
    for (size_t i = 0; i < s->outputs.n; i++)
        if (!as_backend_find(suffix_of(s->outputs.v[i]))) {
            char known[64] = "";
            for (size_t b = 0, at = 0; as_backends[b]; b++)
                at += (size_t)snprintf(known + at, sizeof known - at, "%s.%s", b ? ", " : "",
                                       as_backends[b]->suffix);
            return as_fail(s->ctx, AS_E_USAGE, NULL, "--output: '%s' should end in %s",
                           s->outputs.v[i], known);
        }
    return AS_OK;
}

static as_status gather(as_session *s, size_t n_files, const as_word *files, as_gather **out)
{
    AS_TRY(as_check_suffixes(s));
    s->messages->many = n_files > 1;
    AS_TRY(as_gather_new(s, out));
    return as_feed(s, n_files, files, &(*out)->sink);
}

/* `options` are those of the figure; `g` holds its tables. */
static as_status draw_gathered(as_session *s, const as_figure *f, size_t n, const as_word *options,
                               const as_gather *g)
{
    as_panel p = { .kind = f, .n = g->n, .tables = (const as_table *const *)g->t };
    AS_TRY(as_figure_options(s, n, options, &p));
    return as_figure_write(s, &p, &s->outputs);
}

as_status as_run_figure(as_session *s, const as_figure *figure, size_t n, const as_word *words)
{
    as_word *options = AS_NEW_N(s->arena, as_word, n + 1);
    as_word *files = AS_NEW_N(s->arena, as_word, n + 1);
    as_panel checked = { .kind = figure };
    size_t n_options, n_files;
    as_gather *all;
    if (!options || !files) return AS_ERR;
    AS_TRY(as_words_split(s->ctx, figure->name, figure->params, n, words, options, &n_options,
                          files, &n_files));
    /* wrong options before the input is waited for */
    AS_TRY(as_figure_options(s, n_options, options, &checked));
    AS_TRY(gather(s, n_files, files, &all));
    return draw_gathered(s, figure, n_options, options, all);
}

/* --- plot: the kind by technique ------------------------------------------------------- */

typedef struct {
    const char *each, *to;
} plot_settings;

static const as_param plot_params[] = {
    AS_STRING(plot_settings, each, "each", "",
              "one figure per input file, named after it, in this folder, which is made"),
    AS_STRING(plot_settings, to, "to", "", "what the figures of --each are: png, pdf; none: svg"),
    AS_PARAMS_END
};

static bool has_technique(const as_figure *f, const char *technique)
{
    for (const char *const *t = f->techniques; t && *t; t++)
        if (strcmp(*t, technique) == 0) return true;
    return false;
}

/* The first kind that suits the columns, else that names the technique; plot-lines for the rest. */
const as_figure *as_figure_for(size_t n, const as_table *const *tables)
{
    const as_table *t = n ? tables[0] : NULL;
    for (size_t i = 0; t && as_figures[i]; i++)
        if (as_figures[i]->suits && as_figures[i]->suits(n, tables)) return as_figures[i];
    for (size_t i = 0; t && t->technique && as_figures[i]; i++)
        if (has_technique(as_figures[i], t->technique)) return as_figures[i];
    return as_figure_find("plot-lines");
}

const as_param *as_all_figure_options(as_arena *a)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; as_figures[i]; i++)
        for (const as_param *p = as_figures[i]->params; p && p->name; p++) room++;
    as_param *all = AS_NEW_N(a, as_param, room);
    for (size_t i = 0; all && as_figures[i]; i++)
        for (const as_param *p = as_figures[i]->params; p && p->name; p++) {
            size_t k = 0;
            while (k < n && strcmp(all[k].name, p->name) != 0) k++;
            if (k == n) all[n++] = *p;
        }
    return all;
}

/* The figure of one file, in memory of its own. */
static as_status draw_one(as_session *whole, size_t n, const as_word *options, const as_each *f, size_t *failed,
                          int *answer)
{
    as_session s = *whole;
    const as_word file = { .text = f->from };
    as_gather *all = NULL;
    s.arena = as_arena_new(s.ctx, as_ctx_limit_of(s.ctx));
    if (!s.arena) return AS_ERR;
    s.outputs = (as_texts){ 1, &f->to };
    const as_frame frame = as_enter(s.ctx);
    as_status status = gather(&s, 1, &file, &all);
    if (status == AS_OK)
        status = draw_gathered(&s, as_figure_for(all->n, (const as_table *const *)all->t), n, options, all);
    if (status != AS_OK) status = as_each_failed(&s, f, failed, answer);
    if (all) as_drop_held(all->holder);
    as_leave(s.ctx, frame);
    as_arena_free(s.arena);
    return status;
}

static as_status draw_each(as_session *s, const plot_settings *set, size_t n_options, const as_word *options,
                           size_t n, const as_word *files, int *answer)
{
    size_t failed = 0;
    as_each *all;
    if (s->outputs.n)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--each names its files itself; --to png says what they are");
    const char *suffix = set->to ? set->to : "svg";
    if (!as_backend_find(suffix))
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--to: '%s' is no kind of picture, expected svg, png or pdf", suffix);
    AS_TRY(as_each_name(s, set->each, suffix, n, files, &all));
    for (size_t i = 0; i < n; i++) AS_TRY(draw_one(s, n_options, options, &all[i], &failed, answer));
    if (failed) as_warn(s->ctx, NULL, NULL, "%zu of %zu files were not drawn", failed, n);
    return AS_OK;
}

static as_status run_plot(as_session *s, size_t n, const as_word *words, int *answer)
{
    plot_settings set = { 0 };
    as_word *options = AS_NEW_N(s->arena, as_word, n + 1), *rest = AS_NEW_N(s->arena, as_word, n + 1);
    as_word *files = AS_NEW_N(s->arena, as_word, n + 1);
    const as_param *known = as_all_figure_options(s->arena);
    size_t n_options, n_rest, n_files;
    as_gather *all;
    if (!options || !rest || !files || !known) return AS_ERR;
    AS_TRY(as_words_take(s->ctx, plot_params, n, words, options, &n_options, rest, &n_rest));
    AS_TRY(as_settings_read(s->ctx, s->arena, plot_params, n_options, options, NULL, &set));
    AS_TRY(as_words_split(s->ctx, "plot", known, n_rest, rest, options, &n_options, files, &n_files));
    if (set.each) return draw_each(s, &set, n_options, options, n_files, files, answer);
    if (set.to)
        return as_fail(s->ctx, AS_E_USAGE, NULL, "--to goes with --each; the suffix of -o says what one figure is");
    AS_TRY(gather(s, n_files, files, &all));
    return draw_gathered(s, as_figure_for(all->n, (const as_table *const *)all->t), n_options, options, all);
}

static const as_example plot_examples[] = {
    { "a diffractogram", "assay plot tests/corpus/xrd/small.xy -o scan.svg" },
    { "a figure of its own for each file of a folder",
      "assay plot --to png --each pictures tests/corpus/xrd/small.xy tests/corpus/raman/fluorescence.ecsv" },
    { 0 }
};
static const char *const plot_see_also[] = { "plot-lines", "plot-stack", NULL };

const as_verb as_verb_plot = {
    .name = "plot",
    .group = "figure",
    .operands = "[FILE...]",
    .params = plot_params,
    .run_words = run_plot,
    .doc = { .summary = "draw series in the way their technique is usually drawn",
             .description = "Chooses the figure kind by the columns of the first series (a fit, an "
                            "impedance, cycles, pore sizes, regions) or its technique and takes that kind's "
                            "options: see `assay list --kind figure`. The suffix of `--output` "
                            "chooses PNG, SVG or PDF, and `-o` may be given several times; without it "
                            "SVG goes to standard output.\n\nWith --each a file that cannot be read or drawn is told "
                            "and left out (exit status 3), and the others are drawn; an input is never replaced.",
             .examples = plot_examples,
             .see_also = plot_see_also },
};
