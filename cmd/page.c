/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels on a page, and the verb `panels` that makes one from figures in words. */
#include <math.h>
#include <string.h>

#include "figure_options.h"
#include "help.h"
#include "look.h"
#include "page.h"
#include "page_record.h"
#include "panels.h"
#include "pipeline.h"
#include "provenance.h"
#include "render.h"
#include "series.h"
#include "words.h"

const as_param as_page_params[] = {
    AS_CHOICE(as_page_settings, size, "size", "nature-2col", as_sizes,
              "width and weights of a journal"),
    AS_INT(as_page_settings, columns, "columns", "2", 1, 12, "panels side by side"),
    AS_DOUBLE(as_page_settings, gap, "gap", "3", 0, 100, "mm", "between panels"),
    AS_DOUBLE(as_page_settings, height, "height", "0", 0, 2000, "mm",
              "of every panel; 0: that of the highest"),
    AS_DOUBLE(as_page_settings, dpi, "dpi", "600", 10, 4800, NULL, "pixels per inch of PNG"),
    AS_STRING(as_page_settings, letters, "letters", "auto",
              "in the corners: auto (a, b, c ...), none, or a list: b,c,f"),
    AS_PARAMS_END
};

/* One letter for each panel; NULL in `out`: a, b, c. */
static as_status letters_of(as_session *s, const as_page_settings *set, size_t n, const char ***out)
{
    const bool automatic = strcmp(set->letters, "auto") == 0 || strcmp(set->letters, "none") == 0;
    char *at = as_strdup(s->arena, set->letters);
    const char **list = AS_NEW_N(s->arena, const char *, n + 1);
    *out = automatic ? NULL : list;
    if (!at || !list) return AS_ERR;
    if (automatic) return AS_OK;
    size_t k = 0;
    for (char *comma; at && k < n; at = comma) {
        comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        list[k++] = as_format(s->arena, "**%s**", at);
    }
    if (k == n && !at) return AS_OK;
    return as_fail(s->ctx, AS_E_USAGE, NULL, "--letters '%s': expected auto, none or %zu letters parted by commas",
                   set->letters, n);
}

static as_status draw_panel(as_session *s, const as_panel *p, as_margins least, as_canvas **canvas)
{
    as_page own;
    return as_figure_draw_within(s->ctx, p->kind, p->settings, p->n, p->tables, least, s->arena, canvas, &own);
}

#define SHIFT_MOST 0.12 /* of the panel: a frame that must move further than this stays where it is */

/* The widest of the margins that `own` can be brought to. */
static void widen(double *most, double own, double room)
{
    if (own > *most && own - *most < room * SHIFT_MOST) *most = own;
}

/* Frames of a column begin and end at the same x, those of a row at the same y. */
static as_status line_up(as_session *s, size_t columns, size_t n, const as_panel *panel, as_canvas **drawn)
{
    as_margins *least = AS_NEW_N(s->arena, as_margins, n + 1);
    if (!least) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const as_size size = as_canvas_size(drawn[i]);
        least[i] = as_canvas_margins(drawn[i]);
        for (size_t j = 0; j < n; j++) {
            const as_margins m = as_canvas_margins(drawn[j]);
            if (j % columns == i % columns) {
                widen(&least[i].left, m.left, size.w);
                widen(&least[i].right, m.right, size.w);
            }
            if (j / columns == i / columns) {
                widen(&least[i].top, m.top, size.h);
                widen(&least[i].bottom, m.bottom, size.h);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        const as_margins own = as_canvas_margins(drawn[i]), want = least[i];
        if (own.left < want.left || own.right < want.right || own.top < want.top || own.bottom < want.bottom)
            AS_TRY(draw_panel(s, &panel[i], want, &drawn[i]));
    }
    return AS_OK;
}

enum { SAMPLES_MAX = 9 }; /* colours of the palette for lines */

static bool follows(const as_panel *p)
{
    const as_look *look = p->settings;
    return p->kind->by_series && p->n > 1 && look->colours.n == 0 && look->palette == AS_OKABE_ITO;
}

/* The place of `label` among the samples of the page, where it is added; SAMPLES_MAX: too many. */
static size_t sample_of(const char *label, size_t *n, const char **sample)
{
    size_t k = 0;
    while (k < *n && strcmp(sample[k], label) != 0) k++;
    if (k == *n && k < SAMPLES_MAX) sample[(*n)++] = label;
    return k;
}

/* A sample has one colour on the whole page: series are numbered by their labels as they first appear, and a
 * panel with another order is told so. Pages with more samples than colours stay as they are. */
static as_status share_colours(as_session *s, size_t n, as_panel *panel)
{
    const char *sample[SAMPLES_MAX];
    size_t samples = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; follows(&panel[i]) && j < panel[i].n; j++)
            if (sample_of(as_series_label(panel[i].settings, j, panel[i].tables[j]), &samples, sample) == SAMPLES_MAX)
                return AS_OK;
    for (size_t i = 0; i < n; i++) {
        if (!follows(&panel[i])) continue;
        as_look *look = panel[i].settings;
        const char **number = AS_NEW_N(s->arena, const char *, panel[i].n);
        bool same = true;
        if (!number) return AS_ERR;
        for (size_t j = 0; j < panel[i].n; j++) {
            const size_t k = sample_of(as_series_label(look, j, panel[i].tables[j]), &samples, sample);
            if (!(number[j] = as_format(s->arena, "%zu", k + 1))) return AS_ERR;
            same = same && k == j;
        }
        if (!same) look->colours = (as_texts){ panel[i].n, number };
    }
    return AS_OK;
}

/* As wide as the columns allow; then as high as the highest of those that leave it open. */
static as_status draw_all(as_session *s, const as_page_settings *set, double width, size_t n,
                          as_panel *panel, as_canvas **drawn)
{
    double highest = set->height;
    for (size_t i = 0; i < n; i++) {
        as_look *look = panel[i].settings;
        look->size = set->size;
        if (look->width <= 0) look->width = width;
        if (look->height <= 0 && set->height > 0) look->height = set->height;
        AS_TRY(draw_panel(s, &panel[i], (as_margins){ 0 }, &drawn[i]));
        if (look->height <= 0) highest = fmax(highest, as_canvas_size(drawn[i]).h);
    }
    for (size_t i = 0; i < n; i++) {
        as_look *look = panel[i].settings;
        if (look->height > 0) continue;
        look->height = highest;
        if (as_canvas_size(drawn[i]).h < highest - 0.05)
            AS_TRY(draw_panel(s, &panel[i], (as_margins){ 0 }, &drawn[i]));
    }
    return AS_OK;
}

static as_status provenance_of(as_session *s, const as_page_settings *set, size_t n,
                               const as_panel *panel, const char **out)
{
    const char *own =
        as_settings_text(s->arena, as_page_params, set); /* words that JSON takes as they are */
    *out = own ? as_format(s->arena,
                           "{\"assay\": \"" ASSAY_VERSION
                           "\", \"figure\": \"panels\", \"settings\": \"%s\", "
                           "\"panels\": [",
                           own)
               : NULL;
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const char *one = as_provenance(s->arena, &panel[i]);
        *out = one ? as_format(s->arena, "%s%s%s", *out, i ? ", " : "", one) : NULL;
        if (!*out) return AS_ERR;
    }
    *out = as_format(s->arena, "%s]}", *out);
    return *out ? AS_OK : AS_ERR;
}

as_status as_page_compose(as_session *s, const as_page_settings *set, size_t n, as_panel *panel,
                          as_canvas **canvas, as_page *page)
{
    const as_look first = n ? *(const as_look *)panel[0].settings : (as_look){ 0 };
    const as_style style = as_style_of(set->size, first.theme);
    const int columns = n && (int)n < set->columns ? (int)n : set->columns;
    as_canvas **drawn = AS_NEW_N(s->arena, as_canvas *, n + 1);
    if (!drawn) return AS_ERR;
    const double width = (style.width_mm - (columns - 1) * set->gap) / columns;
    AS_TRY(share_colours(s, n, panel));
    AS_TRY(draw_all(s, set, width, n, panel, drawn));
    AS_TRY(line_up(s, (size_t)columns, n, panel, drawn));
    const char **letters;
    AS_TRY(letters_of(s, set, n, &letters));
    const as_panels how = { .columns = (size_t)columns,
                            .gap_mm = set->gap,
                            .ink = style.ink,
                            .paper = style.paper,
                            .letter = letters,
                            .letter_pt = strcmp(set->letters, "none") == 0 ? 0 : style.text_pt + 1 };
    AS_TRY(as_panels_draw(s->ctx, &how, n, (const as_canvas *const *)drawn, s->arena, canvas));
    *page = (as_page){ .mm = as_canvas_size(*canvas), .dpi = set->dpi };
    AS_TRY(provenance_of(s, set, n, panel, &page->provenance));
    page->provenance = as_page_record(s->arena, page->provenance, *canvas, page);
    return page->provenance ? AS_OK : AS_ERR;
}

/* --- the verb ----------------------------------------------------------------------------- */

/* "plot-stack --offset 1.1 found.ecsv": kind, options and files, read. */
static as_status panel_of(as_session *s, const as_word *operand, as_panel *out)
{
    as_text text = as_text_of(operand->text);
    size_t n, n_options, n_files;
    as_word *words;
    as_gather *all;
    const as_param *known;
    AS_TRY(as_words_of(s->ctx, s->arena, &text, NULL, &n, &words));
    const bool any = n && strcmp(words[0].text, "plot") == 0;
    out->kind = n ? as_figure_find(words[0].text) : NULL;
    known = out->kind ? out->kind->params : any ? as_all_figure_options(s->arena) : NULL;
    if (!known)
        return as_fail(s->ctx, AS_E_USAGE, &operand->where,
                       "'%s' is no figure with its options and files, in one word", operand->text);
    as_word *options = AS_NEW_N(s->arena, as_word, n), *files = AS_NEW_N(s->arena, as_word, n);
    if (!options || !files) return AS_ERR;
    AS_TRY(as_words_split(s->ctx, words[0].text, known, n - 1, words + 1, options, &n_options,
                          files, &n_files));
    if (n_files == 0)
        return as_fail(s->ctx, AS_E_USAGE, &operand->where, "'%s' names no file", operand->text);
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_feed(s, n_files, files, &all->sink));
    if (!out->kind) out->kind = as_figure_for(all->n, (const as_table *const *)all->t);
    out->n = all->n;
    out->tables = (const as_table *const *)all->t;
    return as_figure_options(s, n_options, options, out);
}

static as_status run(as_session *s, size_t n, const as_word *words, int *answer)
{
    as_page_settings set;
    as_page page;
    as_canvas *canvas;
    size_t n_options, n_panels;
    as_word *options = AS_NEW_N(s->arena, as_word, n + 1);
    as_word *operands = AS_NEW_N(s->arena, as_word, n + 1);
    as_panel *panel = AS_NEW_N(s->arena, as_panel, n + 1);
    (void)answer;
    if (!options || !operands || !panel) return AS_ERR;
    AS_TRY(as_words_split(s->ctx, "panels", as_page_params, n, words, options, &n_options, operands,
                          &n_panels));
    AS_TRY(as_settings_read(s->ctx, s->arena, as_page_params, n_options, options, NULL, &set));
    AS_TRY(as_check_suffixes(s));
    for (size_t i = 0; i < n_panels; i++) AS_TRY(panel_of(s, &operands[i], &panel[i]));
    AS_TRY(as_page_compose(s, &set, n_panels, panel, &canvas, &page));
    return as_drawn_write(s, canvas, &page, &s->outputs);
}

static const as_example examples[] = { { "a pattern and a spectrum side by side",
                                         "assay panels 'plot tests/corpus/xrd/small.xy' 'plot "
                                         "tests/corpus/raman/fluorescence.ecsv' -o ab.svg" },
                                       { 0 } };
static const char *const see_also[] = { "plot", "run", NULL };

const as_verb as_verb_panels = {
    .name = "panels",
    .group = "figure",
    .operands = "'FIGURE [OPTION...] FILE...'...",
    .params = as_page_params,
    .run_words = run,
    .doc = { .summary = "put several figures on one page, lettered",
             .description = "Each operand is a figure as it would be typed, in one word: its kind "
                            "(or plot), its "
                            "options and its files. Panels share width and height unless their own "
                            "`--width` and "
                            "`--height` say otherwise; text and lines are those of the page's "
                            "size, and a sample has one colour in all of them. In a recipe "
                            "`pages:` does the same with its figures.",
             .examples = examples,
             .see_also = see_also },
};
