/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The families of files and the recipe that is written of them. */
#include <stdlib.h>
#include <string.h>

#include "init.h"
#include "json.h"

static const as_family families[] = {
    { "xrd", NULL, "patterns",
      { { "peaks --snr 5", "baseline-snip --window 1.5deg --subtract | plot-stack --offset 1.1", 0, NULL },
        { "peaks --snr 5", "plot-stack --offset 1.1", 0, NULL },
        { NULL, "plot-stack --offset 1.1", 0, NULL } } },
    { "sorption", "pore_width", "pores", { { NULL, "plot-distribution", 0, NULL } } },
    { "sorption", NULL, "isotherms",
      { { "bet --select rouquerol", "plot-isotherm", 0, NULL }, { NULL, "plot-isotherm", 0, NULL } } },
    { "thermal", "mass", "thermograms",
      { { "thermal-steps", "plot-thermogram", 0, NULL }, { NULL, "plot-thermogram", 0, NULL } } },
    { "thermal", NULL, "thermograms",
      { { "thermal-steps", "plot-thermogram", 0, NULL }, { NULL, "plot-thermogram", 0, NULL } } },
    { "raman", NULL, "spectra",
      { { "baseline-arpls --subtract | peaks --snr 8", "plot-lines --peaks", 1, NULL },
        { "baseline-arpls --subtract | peaks --snr 8", "plot-stack --peaks --offset 1.4", 6, NULL },
        { "baseline-arpls --subtract | peaks --snr 8", "plot-stack --offset 1.1", 0, NULL },
        { "peaks --snr 8", "plot-lines", 0, NULL },
        { NULL, "plot-lines", 0, NULL } } },
    { "ftir", NULL, "spectra",
      { { "convert-y --to absorbance | baseline-arpls --subtract | peaks --snr 8",
          "plot-lines --peaks", 1, NULL },
        { "baseline-arpls --subtract | peaks --snr 8", "plot-lines --peaks", 1, NULL },
        { "peaks --snr 8", "plot-lines", 0, NULL },
        { NULL, "plot-lines", 0, NULL } } },
    { "xps", NULL, "regions",
      { { "peaks --snr 20 --top 6", "plot-fit", 1, "shirley" },
        { "baseline-shirley | peaks --snr 8", "plot-lines --peaks", 1, NULL },
        { "peaks --snr 8", "plot-lines", 0, NULL },
        { NULL, "plot-lines", 0, NULL } } },
    { "echem", "z_real", "impedance",
      { { "resistance", "plot-nyquist", 0, NULL }, { NULL, "plot-nyquist", 0, NULL } } },
    { "echem", "cycle", "cycling",
      { { "cycling", "plot-cycling", 0, NULL }, { NULL, "plot-lines", 0, NULL } } },
    { "echem", NULL, "curves", { { NULL, "plot-lines", 0, NULL } } },
    { NULL, NULL, "curves",
      { { "peaks --snr 8", "plot-lines --peaks", 1, NULL },
        { "peaks --snr 8", "plot-lines", 0, NULL },
        { NULL, "plot-lines", 0, NULL } } },
};

const as_family *as_family_of(const as_table *t)
{
    const as_family *f = families;
    for (; f->technique; f++) {
        if (!t->technique || strcmp(f->technique, t->technique) != 0) continue;
        if (!f->column || as_find_name(t, f->column)) break;
    }
    return f;
}

/* --- text ----------------------------------------------------------------------------------- */

static void keys(FILE *to, const as_chapter *c)
{
    for (size_t i = 0; i < c->n; i++) fprintf(to, "%s%s", i ? ", " : "", c->file[i].key);
}

/* Where figure and table come from: the step, or the inputs themselves. */
static void from(FILE *to, const as_chapter *c)
{
    fputs("    from: ", to);
    if (c->proposal->step) {
        fprintf(to, "%s_found\n", c->name);
    } else {
        fputc('[', to);
        keys(to, c);
        fputs("]\n", to);
    }
}

void as_init_quoted(FILE *to, const char *text)
{
    bool simple = strchr(text, '"') != NULL;
    for (const char *c = text; *c; c++) simple &= *c != '\'' && *c >= 0x20 && *c < 0x7f;
    if (simple)
        fprintf(to, "'%s'", text);
    else
        as_json_text(to, text);
}

static void pair(FILE *to, const char *key, const char *text)
{
    fprintf(to, "    %s: ", key);
    as_init_quoted(to, text);
    fputc('\n', to);
}

static void inputs(FILE *to, const as_chapter *c)
{
    for (size_t i = 0; i < c->n; i++) {
        fprintf(to, "  %s:\n", c->file[i].key);
        pair(to, "file", c->file[i].file);
        if (c->file[i].label) pair(to, "label", c->file[i].label);
    }
}

static void steps(FILE *to, size_t n, const as_chapter *c)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!c[i].proposal->step) continue;
        fprintf(to, "%s  %s_found:\n    from: [", any ? "" : "steps:\n", c[i].name);
        keys(to, &c[i]);
        fputs("]\n", to);
        pair(to, "pipe", c[i].proposal->step);
        any = true;
    }
}

static void figures(FILE *to, size_t n, const as_chapter *c)
{
    fputs("figures:\n", to);
    for (size_t i = 0; i < n; i++) {
        if (c[i].note && !c[i].proposal->step) {
            const char *step = c[i].file->family->proposal[0].step;
            fprintf(to, "  # %s%s", step ? step : "", step ? " could not be done: " : "");
            for (const char *s = c[i].note; *s; s++) fputc((unsigned char)*s < 0x20 ? ' ' : *s, to);
            fputc('\n', to);
        }
        fprintf(to, "  %s:\n", c[i].name);
        from(to, &c[i]);
        pair(to, "pipe", c[i].proposal->figure);
        fputs("    size: nature-1col\n    formats: [svg, png]\n", to);
    }
}

static void tables(FILE *to, size_t n, const as_chapter *c)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!c[i].proposal->step) continue;
        fprintf(to, "%s  %s:\n", any ? "" : "tables:\n", c[i].name);
        from(to, &c[i]);
        pair(to, "pipe", "results");
        any = true;
    }
}

static void claims(FILE *to, size_t n, const as_chapter *c)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!c[i].claim) continue;
        if (!any)
            fputs("# A claim is answered by supported, not supported or undecided. These only hold what was "
                  "found now;\n# put in their place what you want to state, and under `stated:` what the "
                  "publication says.\nclaims:\n", to);
        fputs(c[i].claim, to);
        any = true;
    }
}

const char *as_init_text(as_arena *a, const char *title, size_t n, const as_chapter *c)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) return NULL;
    fputs("# yaml-language-server: $schema=recipe.json\n"
          "# A beginning, written by assay init. `assay schema -o recipe.json` lets editors complete and check "
          "it;\n# `assay run --verify` makes it, `assay report` shows it, docs/recipes.md tells the rest.\n"
          "recipe: 1\ntitle: ", to);
    as_json_text(to, title);
    fputs("\ninputs:\n", to);
    for (size_t i = 0; i < n; i++) inputs(to, &c[i]);
    steps(to, n, c);
    figures(to, n, c);
    tables(to, n, c);
    claims(to, n, c);
    const char *copy = fclose(to) == 0 ? as_strndup(a, text, size) : NULL;
    free(text);
    return copy;
}
