/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe that is made for each of many files, printed for other programs: one job a file, whose tables
 * are parts (run --each NAME --parts FOLDER), and one job that joins them (run --collect FOLDER).
 */
#include <string.h>

#include "recipe_run.h"

typedef struct many {
    as_session *s;
    const as_recipe *r;
    const char *out, *base; /* the recipe's folder of outputs and the one it lies in, both with '/' */
    const char *parts;      /* out/steps/ */
    const char *recipe, *options; /* as words of a shell */
    size_t n;
    as_word *file;
    const char **stem;
    size_t *n_beside; /* of each file: what its format opens beside it */
    const char ***beside;
    size_t n_given; /* files that all jobs need: the recipe, other inputs */
    const char **given;
} many;

static as_status add_given(many *m, const as_recipe_input *in)
{
    as_arena *a = m->s->arena;
    size_t n;
    as_word *files;
    AS_TRY(as_recipe_files(m->s->ctx, a, in, &n, &files));
    size_t n_beside;
    const char **beside;
    AS_TRY(as_recipe_beside(m->s, in, n, files, &n_beside, &beside));
    const char **more = AS_NEW_N(a, const char *, m->n_given + n + n_beside);
    if (!more) return AS_ERR;
    memcpy(more, m->given, m->n_given * sizeof *more);
    for (size_t i = 0; i < n; i++) more[m->n_given + i] = files[i].text;
    m->n_given += n;
    for (size_t i = 0; i < n_beside; i++) more[m->n_given + i] = beside[i];
    m->n_given += n_beside;
    m->given = more;
    return AS_OK;
}

static as_status open_many(as_session *s, const as_recipe *r, const char *out, many *m)
{
    as_arena *a = s->arena;
    const size_t each = as_recipe_each(r), n_out = strlen(out);
    *m = (many){ .s = s, .r = r, .out = out, .options = "", .n_given = 1 };
    m->base = as_strndup(a, out, n_out - strlen(r->slug) - 1);
    m->parts = as_format(a, "%ssteps/", out);
    m->recipe = as_shell_word(a, r->file);
    m->given = AS_NEW_N(a, const char *, 1);
    if (!m->base || !m->parts || !m->recipe || !m->given) return AS_ERR;
    m->given[0] = r->file;
    for (size_t i = 0; i < r->n_inputs; i++)
        if (i != each) AS_TRY(add_given(m, &r->input[i]));
    for (size_t i = 0; i < r->parameters.n && m->options; i++) {
        const as_variable *v = &r->parameters.v[i];
        const char *set = as_format(a, "%s=%s", v->name, v->value);
        set = set ? as_shell_word(a, set) : NULL;
        m->options = set ? as_format(a, "%s --set %s", m->options, set) : NULL;
    }
    AS_TRY(as_recipe_files(s->ctx, a, &r->input[each], &m->n, &m->file));
    m->stem = AS_NEW_N(a, const char *, m->n);
    m->n_beside = AS_NEW_N(a, size_t, m->n);
    m->beside = AS_NEW_N(a, const char **, m->n);
    if (!m->stem || !m->n_beside || !m->beside || !m->options) return AS_ERR;
    for (size_t i = 0; i < m->n; i++) {
        if (!(m->stem[i] = as_stem(a, m->file[i].text))) return AS_ERR;
        AS_TRY(as_recipe_beside(s, &r->input[each], 1, &m->file[i], &m->n_beside[i], &m->beside[i]));
    }
    return AS_OK;
}

static as_status plain(const many *m)
{
    AS_TRY(as_plain_name(m->s->ctx, m->out));
    for (size_t i = 0; i < m->n_given; i++) AS_TRY(as_plain_name(m->s->ctx, m->given[i]));
    for (size_t i = 0; i < m->n; i++) {
        AS_TRY(as_plain_name(m->s->ctx, m->file[i].text));
        for (size_t k = 0; k < m->n_beside[i]; k++) AS_TRY(as_plain_name(m->s->ctx, m->beside[i][k]));
    }
    return AS_OK;
}

/* --- commands ------------------------------------------------------------------------------- */

/* With dollars doubled where the language has its own, braces where Snakemake has. */
static void put(FILE *to, const char *text, const char *doubled)
{
    for (; *text; text++) {
        if (strchr(doubled, *text)) fputc(*text, to);
        fputc(*text, to);
    }
}

static void put_words(const many *m, FILE *to, const char *doubled)
{
    put(to, m->options, doubled);
    fprintf(to, " -o %s ", as_shell_word(m->s->arena, m->base));
    put(to, m->recipe, doubled);
}

static void put_each(const many *m, FILE *to, const char *stem, const char *doubled)
{
    fprintf(to, " run --cache off --each %s", stem);
    if (m->r->n_tables) fprintf(to, " --parts %s", as_shell_word(m->s->arena, m->parts));
    put_words(m, to, doubled);
}

static void put_collect(const many *m, FILE *to, const char *doubled)
{
    fprintf(to, " run --cache off --collect %s", as_shell_word(m->s->arena, m->parts));
    put_words(m, to, doubled);
}

/* A file and what is opened beside it, each behind `before` and before `after`. */
static void put_inputs(const many *m, FILE *to, size_t i, const char *before, const char *after)
{
    fprintf(to, "%s%s%s", before, m->file[i].text, after);
    for (size_t k = 0; k < m->n_beside[i]; k++) fprintf(to, "%s%s%s", before, m->beside[i][k], after);
}

/* What the job of a file makes, each behind `before` and before `after`. */
static void put_outputs(const many *m, FILE *to, const char *stem, const char *before,
                        const char *after)
{
    static const char *const claims[] = { "claims.json", "claims.tsv", "reported.tsv" };
    const as_recipe *r = m->r;
    for (size_t i = 0; i < r->n_figures; i++)
        for (size_t f = 0; f < r->figure[i].n_formats; f++)
            fprintf(to, "%s%s%s/%s.%s%s", before, m->out, stem, r->figure[i].name,
                    r->figure[i].formats[f], after);
    for (size_t i = 0; i < r->n_pages; i++)
        for (size_t f = 0; f < r->page[i].n_formats; f++)
            fprintf(to, "%s%s%s/%s.%s%s", before, m->out, stem, r->page[i].name,
                    r->page[i].formats[f], after);
    for (size_t i = 0; i < 3 && r->n_claims; i++)
        fprintf(to, "%s%s%s/%s%s", before, m->out, stem, claims[i], after);
    for (size_t i = 0; i < r->n_tables; i++)
        fprintf(to, "%s%s%s/%s.ecsv%s", before, m->parts, stem, r->table[i].name, after);
}

static void put_tables(const many *m, FILE *to, const char *before, const char *after)
{
    for (size_t i = 0; i < m->r->n_tables; i++)
        for (size_t f = 0; f < m->r->table[i].n_formats; f++)
            fprintf(to, "%s%s%s.%s%s", before, m->out, m->r->table[i].name, m->r->table[i].formats[f],
                    after);
}

static void head(const many *m, FILE *to, const char *language)
{
    fprintf(to, "# %s, printed by: assay run --print %s %s\n", m->r->title ? m->r->title : m->r->slug,
            language, m->r->file);
}

/* --- languages ------------------------------------------------------------------------------ */

static void print_shell(const many *m, FILE *to)
{
    fputs("#!/bin/bash\n", to);
    head(m, to, "shell");
    fputs("set -euo pipefail\nASSAY=${ASSAY:-assay}\n", to);
    for (size_t i = 0; i < m->n; i++) {
        fputs("\"$ASSAY\"", to);
        put_each(m, to, as_shell_word(m->s->arena, m->stem[i]), "");
        fputc('\n', to);
    }
    if (m->r->n_tables == 0) return;
    fputs("\"$ASSAY\"", to);
    put_collect(m, to, "");
    fputc('\n', to);
}

/* `run` itself leaves a file alone that comes out the same; a stamp tells when it ran. */
static void print_make(const many *m, FILE *to)
{
    head(m, to, "make");
    fputs("SHELL := /bin/bash\n.SHELLFLAGS := -euo pipefail -c\nASSAY ?= assay\n.DELETE_ON_ERROR:\n"
          ".SUFFIXES:\n.PHONY: all FORCE\n", to);
    fprintf(to, "STAMPS := %sstamps/\n$(shell mkdir -p $(STAMPS))\nDONE :=", m->parts);
    for (size_t i = 0; i < m->n; i++) fprintf(to, " \\\n  $(STAMPS)%s", m->stem[i]);
    fputs("\nall: $(DONE)", to);
    put_tables(m, to, " ", "");
    fputs("\n# A command is given again when its text changes.\n$(STAMPS).command: FORCE\n"
          "\t@printf '%s\\n' ", to);
    const char *text = as_format(m->s->arena, "%s%s", m->options, m->recipe);
    const char *word = text ? as_shell_word(m->s->arena, text) : NULL;
    put(to, word ? word : "''", "$");
    fputs(" > $@.new; if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi\n"
          "$(DONE): $(STAMPS)%: $(STAMPS).command", to);
    for (size_t i = 0; i < m->n_given; i++) fprintf(to, " %s", m->given[i]);
    fputs("\n\t$(ASSAY)", to);
    put_each(m, to, "$*", "$");
    fputs("\n\t@touch $@\n", to);
    for (size_t i = 0; i < m->n; i++) {
        fprintf(to, "$(STAMPS)%s:", m->stem[i]);
        put_inputs(m, to, i, " ", "");
        fputc('\n', to);
    }
    if (m->r->n_tables == 0) return;
    fputs("collect =", to);
    put_collect(m, to, "$");
    fputs("\n$(STAMPS).tables: $(DONE)\n\t$(ASSAY) $(collect)\n\t@touch $@\n", to);
    put_tables(m, to, "", " ");
    fputs(": $(STAMPS).tables\n\t@test -e $@ || $(ASSAY) $(collect)\n", to);
}

static void print_ninja(const many *m, FILE *to)
{
    head(m, to, "ninja");
    fprintf(to, "assay = assay\nbuilddir = %s\nrule each\n  command = $assay", m->parts);
    put_each(m, to, "$stem", "$");
    fputs("\n  restat = 1\nrule collect\n  command = $assay", to);
    put_collect(m, to, "$");
    fputs("\n  restat = 1\n", to);
    for (size_t i = 0; i < m->n; i++) {
        fputs("build", to);
        put_outputs(m, to, m->stem[i], " ", "");
        fputs(": each |", to);
        put_inputs(m, to, i, " ", "");
        for (size_t k = 0; k < m->n_given; k++) fprintf(to, " %s", m->given[k]);
        fprintf(to, "\n  stem = %s\n", m->stem[i]);
    }
    if (m->r->n_tables == 0) return;
    fputs("build", to);
    put_tables(m, to, " ", "");
    fputs(": collect", to);
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->r->n_tables; k++)
            fprintf(to, " %s%s/%s.ecsv", m->parts, m->stem[i], m->r->table[k].name);
    fputc('\n', to);
}

/* A Python string in which Snakemake finds only the names that we put there. */
static void put_python(FILE *to, const char *text)
{
    for (; *text; text++) {
        if (strchr("\"\\", *text)) fputc('\\', to);
        if (strchr("{}", *text)) fputc(*text, to);
        fputc(*text, to);
    }
}

static void put_rest(const many *m, FILE *to)
{
    put_python(to, m->options);
    fprintf(to, " -o %s ", m->base);
    put_python(to, m->recipe);
    fputs("\"\n", to);
}

static void print_snakemake(const many *m, FILE *to)
{
    head(m, to, "snakemake");
    fputs("import os\nASSAY = os.environ.get(\"ASSAY\", \"assay\")\nFILES = {\n", to);
    for (size_t i = 0; i < m->n; i++) {
        fprintf(to, "    \"%s\": [", m->stem[i]);
        put_inputs(m, to, i, "\"", "\", ");
        fputs("],\n", to);
    }
    fputs("}\nwildcard_constraints:\n    stem=\"[^/]+\"\nlocalrules: all\nrule all:\n    input:\n", to);
    put_outputs(m, to, "{stem}", "        expand(\"", "\", stem=FILES),\n");
    put_tables(m, to, "        \"", "\",\n");
    fputs("rule each:\n    input:\n        lambda w: FILES[w.stem],\n", to);
    for (size_t i = 0; i < m->n_given; i++) fprintf(to, "        \"%s\",\n", m->given[i]);
    fputs("    output:\n", to);
    put_outputs(m, to, "{stem}", "        \"", "\",\n");
    fputs("    shell:\n        \"{ASSAY} run --cache off --each {wildcards.stem}", to);
    if (m->r->n_tables) fprintf(to, " --parts %s", m->parts);
    put_rest(m, to);
    if (m->r->n_tables == 0) return;
    fputs("rule collect:\n    input:\n", to);
    for (size_t i = 0; i < m->r->n_tables; i++)
        fprintf(to, "        expand(\"%s{stem}/%s.ecsv\", stem=FILES),\n", m->parts, m->r->table[i].name);
    fputs("    output:\n", to);
    put_tables(m, to, "        \"", "\",\n");
    fprintf(to, "    shell:\n        \"{ASSAY} run --cache off --collect %s", m->parts);
    put_rest(m, to);
}

as_status as_recipe_print_each(as_session *s, const as_recipe *r, const char *out,
                               as_language language, FILE *to)
{
    many m;
    AS_TRY(open_many(s, r, out, &m));
    if (language != AS_L_SHELL) AS_TRY(plain(&m));
    if (language == AS_L_SHELL) print_shell(&m, to);
    if (language == AS_L_MAKE) print_make(&m, to);
    if (language == AS_L_NINJA) print_ninja(&m, to);
    if (language == AS_L_SNAKEMAKE) print_snakemake(&m, to);
    return AS_OK;
}
