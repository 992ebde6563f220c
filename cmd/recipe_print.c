/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe as a shell script, a Makefile, a Ninja file or a Snakefile: the same commands, typed
 * out, with the same results as the run in one process.
 */
#include <stdlib.h>
#include <string.h>

#include "recipe_run.h"

/* In a command this byte stands for the program; every language has its own variable for it. */
static const char program = '\1';

typedef struct job {
    const char *name; /* unique, for stamps and rules */
    size_t n_in, n_out;
    size_t room;         /* of `in` */
    const char **in;     /* files that must be there */
    const char **out;    /* files it makes, below the folder `out` of the plan */
    const char *command; /* without the places of outputs: those are behind tails[i] */
    const char *depfile; /* where it says what else it read; NULL: nowhere */
    const char **tail;   /* n_out pieces, each ending in " -o " or " > " for out[i] */
} job;

typedef struct plan {
    as_session *s;
    const as_recipe *r;
    const char *out; /* ends in '/' */
    as_language language;
    size_t n;
    job *job;
    bool failed;
} plan;

static const char *keep(plan *p, const char *text)
{
    p->failed |= !text;
    return text ? text : "";
}

static const char *word(plan *p, const char *text)
{
    return keep(p, as_shell_word(p->s->arena, text));
}

static const char *join(plan *p, const char *a, const char *b)
{
    return keep(p, as_format(p->s->arena, "%s%s", a, b));
}

static const char *step_file(plan *p, const char *name)
{
    return keep(p, as_format(p->s->arena, "%ssteps/%s.ecsv", p->out, name));
}

static job *new_job(plan *p, const char *kind, const char *name, size_t n_in, size_t n_out)
{
    job *j = &p->job[p->n++];
    j->name = keep(p, as_format(p->s->arena, "%s-%s", kind, name));
    j->room = n_in;
    j->in = AS_NEW_N(p->s->arena, const char *, n_in);
    j->out = AS_NEW_N(p->s->arena, const char *, n_out);
    j->tail = AS_NEW_N(p->s->arena, const char *, n_out);
    j->command = "";
    p->failed |= !j->in || !j->out || !j->tail;
    return j;
}

static void add_words(plan *p, job *j, size_t n, const as_word *words)
{
    for (size_t i = 0; i < n; i++)
        j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, words[i].text)));
}

static void add_program(plan *p, job *j, const char *verb)
{
    j->command = keep(p, as_format(p->s->arena, "%s%s%c %s", j->command, *j->command ? " | " : "",
                                   program, verb));
}

/* A file that an option names is relative to the recipe there and to the working folder here. */
static const as_param *file_param(const as_param *params, const char *option)
{
    for (const as_param *q = params; q && q->name; q++)
        if (strcmp(q->name, option) == 0 && (q->type == AS_P_FILE || q->type == AS_P_TABLES))
            return q;
    return NULL;
}

static bool is_yield(const as_recipe *r, const char *name)
{
    for (size_t i = 0; i < r->n_inputs; i++)
        if (strcmp(r->input[i].name, name) == 0) return true;
    for (size_t i = 0; i < r->n_steps; i++)
        if (strcmp(r->step[i].name, name) == 0) return true;
    return false;
}

/* The job needs it too; a step is among those that the product names already. */
static const char *placed(plan *p, job *j, const as_product *product, const char *value)
{
    if (is_yield(p->r, value)) return step_file(p, value);
    const char *file = *value == '/' ? value : join(p, product->folder, value);
    if (j->n_in < j->room) j->in[j->n_in++] = file;
    return file;
}

/* Files that a product may need: what it is made from, and at most one for each word. */
static size_t needs_of(const as_product *product)
{
    size_t n = product->n_from + product->n_uses;
    for (size_t i = 0; i < product->n_stages; i++) n += product->stage[i].n;
    return n;
}

static void add_stage(plan *p, job *j, const as_product *product, const as_command *stage)
{
    const as_op *op = as_op_find(stage->word[0].text);
    const as_figure *figure = as_figure_find(stage->word[0].text);
    const as_param *params = op ? op->params : figure ? figure->params : NULL;
    add_program(p, j, stage->word[0].text);
    for (size_t i = 1; i < stage->n; i++) {
        const char *text = stage->word[i].text, *equals = strchr(text, '=');
        const bool option = strncmp(text, "--", 2) == 0;
        const char *name = option && equals
                               ? as_strndup(p->s->arena, text + 2, (size_t)(equals - text - 2))
                           : option ? text + 2
                                    : "";
        const as_param *file = file_param(params, keep(p, name));
        if (file && equals)
            text = keep(p, as_format(p->s->arena, "--%s=%s", name, placed(p, j, product, equals + 1)));
        j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, text)));
        if (file && !equals && i + 1 < stage->n) {
            const char *value = placed(p, j, product, stage->word[++i].text);
            j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, value)));
        }
    }
}

/* --- jobs --------------------------------------------------------------------------------------
 */

/* make and ninja learn from the job itself which files a format opened beside the one that was named. */
static void add_depfile(plan *p, job *j, const char *name)
{
    if (p->language != AS_L_MAKE && p->language != AS_L_NINJA) return;
    const char *target = p->language == AS_L_MAKE
                             ? keep(p, as_format(p->s->arena, "%ssteps/%s.stamp", p->out, j->name))
                             : step_file(p, name);
    j->depfile = keep(p, as_format(p->s->arena, "%ssteps/%s.d", p->out, j->name));
    const char *text = keep(p, as_format(p->s->arena, "%s=%s", target, j->depfile));
    j->command = keep(p, as_format(p->s->arena, "%s --depfile %s", j->command, word(p, text)));
}

static void input_job(plan *p, const as_recipe_input *in)
{
    size_t n;
    as_word *files;
    if (as_recipe_files(p->s->ctx, p->s->arena, in, &n, &files) != AS_OK) {
        p->failed = true;
        return;
    }
    size_t more = 0; /* make and ninja learn it from depfiles */
    const char **beside = NULL;
    if (p->language == AS_L_SNAKEMAKE)
        p->failed |= as_recipe_beside(p->s, in, n, files, &more, &beside) != AS_OK;
    job *j = new_job(p, "input", in->name, n + more, 1);
    if (p->failed) return;
    for (size_t i = 0; i < n; i++) j->in[j->n_in++] = files[i].text;
    for (size_t i = 0; i < more; i++) j->in[j->n_in++] = beside[i];
    add_program(p, j, "read --name");
    j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, in->name));
    add_words(p, j, in->n_read, in->read);
    add_words(p, j, n, files);
    add_depfile(p, j, in->name);
    if (in->label || in->n_set) {
        add_program(p, j, "set");
        const as_word label = { .text = in->label
                                            ? keep(p, as_format(p->s->arena, "label=%s", in->label))
                                            : "" };
        add_words(p, j, in->label != NULL, &label);
        add_words(p, j, in->n_set, in->set);
    }
    j->out[0] = step_file(p, in->name);
    j->tail[0] = " -o ";
    j->n_out = 1;
}

/* The files of `from` behind the first stage, the others piped. */
static void add_pipeline(plan *p, job *j, const as_product *product)
{
    for (size_t i = 0; i < product->n_from; i++)
        j->in[j->n_in++] = step_file(p, product->from[i].name);
    const size_t n_from = j->n_in;
    for (size_t i = 0; i < product->n_uses; i++)
        j->in[j->n_in++] = step_file(p, product->uses[i].name);
    for (size_t i = 0; i < product->n_stages; i++) {
        add_stage(p, j, product, &product->stage[i]);
        const bool last = i + 1 == product->n_stages;
        if (last && product->size)
            j->command =
                keep(p, as_format(p->s->arena, "%s --size %s", j->command, word(p, product->size)));
        for (size_t f = 0; i == 0 && f < n_from; f++)
            j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, j->in[f])));
    }
}

static void step_job(plan *p, const as_product *product)
{
    job *j = new_job(p, "step", product->name, needs_of(product), 1);
    if (p->failed) return;
    add_pipeline(p, j, product);
    j->out[0] = step_file(p, product->name);
    j->tail[0] = " -o ";
    j->n_out = 1;
}

static void figure_job(plan *p, const as_product *product)
{
    job *j =
        new_job(p, "figure", product->name, needs_of(product), product->n_formats);
    if (p->failed) return;
    add_pipeline(p, j, product);
    for (size_t i = 0; i < product->n_formats; i++) {
        j->out[i] =
            keep(p, as_format(p->s->arena, "%s%s.%s", p->out, product->name, product->formats[i]));
        j->tail[i] = " -o ";
    }
    j->n_out = product->n_formats;
}

static const as_product *figure_of(const as_recipe *r, const char *name)
{
    for (size_t i = 0; i < r->n_figures; i++)
        if (strcmp(r->figure[i].name, name) == 0) return &r->figure[i];
    return NULL; /* as_recipe_check has seen to it */
}

static const char *panel_file(plan *p, const char *figure)
{
    return keep(p, as_format(p->s->arena, "%ssteps/panel-%s.ecsv", p->out, figure));
}

/* What a figure draws, as a stream: all but its last stage. Once, however many pages show it; none where a
 * figure draws its sources as they are. */
static void panel_job(plan *p, const as_product *figure)
{
    if (figure->n_stages == 1) return;
    for (size_t i = 0; i < p->n; i++)
        if (p->job[i].n_out && strcmp(p->job[i].out[0], panel_file(p, figure->name)) == 0) return;
    job *j = new_job(p, "panel", figure->name, needs_of(figure), 1);
    if (p->failed) return;
    as_product streamed = *figure;
    streamed.n_stages--;
    streamed.size = NULL;
    add_pipeline(p, j, &streamed);
    j->out[0] = panel_file(p, figure->name);
    j->tail[0] = " -o ";
    j->n_out = 1;
}

/* "plot-stack --offset 1.1 steps/panel-fig2b.ecsv" as one word; its files are among the job's. */
static const char *panel_word(plan *p, job *j, const as_product *figure)
{
    job text = { .command = "", .in = j->in, .n_in = j->n_in, .room = j->room };
    const bool streamed = figure->n_stages > 1;
    add_stage(p, &text, figure, &figure->stage[figure->n_stages - 1]);
    j->n_in = text.n_in;
    for (size_t i = 0; i < (streamed ? 1 : figure->n_from); i++) {
        const char *file = streamed ? panel_file(p, figure->name) : step_file(p, figure->from[i].name);
        text.command = keep(p, as_format(p->s->arena, "%s %s", text.command, word(p, file)));
        j->in[j->n_in++] = file;
    }
    for (size_t i = 0; i < figure->n_uses && !streamed; i++)
        j->in[j->n_in++] = step_file(p, figure->uses[i].name);
    return word(p, text.command + 2);
}

static void page_job(plan *p, const as_recipe_page *page)
{
    for (size_t i = 0; i < page->n_panels && !p->failed; i++)
        panel_job(p, figure_of(p->r, page->panel[i].name));
    size_t most = 0;
    for (size_t i = 0; i < page->n_panels; i++) {
        const as_product *figure = figure_of(p->r, page->panel[i].name);
        most += needs_of(figure) + 1;
    }
    job *j = new_job(p, "page", page->name, most, page->n_formats);
    if (p->failed) return;
    add_program(p, j, "panels");
    add_words(p, j, page->n_options, page->options);
    for (size_t i = 0; i < page->n_panels; i++) {
        const char *one = panel_word(p, j, figure_of(p->r, page->panel[i].name));
        j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, one));
    }
    for (size_t i = 0; i < page->n_formats; i++) {
        j->out[i] = keep(p, as_format(p->s->arena, "%s%s.%s", p->out, page->name, page->formats[i]));
        j->tail[i] = " -o ";
    }
    j->n_out = page->n_formats;
}

/* One job per format; the stream is the step of which the others are made. */
static void table_job(plan *p, const as_product *product, const char *format)
{
    job *j = new_job(p, format, product->name, needs_of(product), 1);
    if (p->failed) return;
    add_pipeline(p, j, product);
    j->tail[0] = " -o ";
    if (strcmp(format, "ecsv") != 0) {
        add_program(p, j, keep(p, as_format(p->s->arena, "convert --to %s --units", format)));
        if (product->n_stages == 0)
            j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, j->in[0])));
    } else if (product->n_stages == 0) {
        j->command = keep(p, as_format(p->s->arena, "cat < %s", word(p, j->in[0])));
        j->tail[0] = " > ";
    }
    j->out[0] = keep(p, as_format(p->s->arena, "%s%s.%s", p->out, product->name, format));
    j->n_out = 1;
}

static void claims_job(plan *p)
{
    static const char *const files[] = { "claims.json", "claims.tsv", "reported.tsv" };
    const as_recipe *r = p->r;
    size_t most = 1;
    for (size_t i = 0; i < r->n_claims; i++) most += r->claim[i].n_from;
    job *j = new_job(p, "claims", "all", most, 3);
    if (p->failed) return;
    add_program(p, j, "run --cache off --only claims");
    for (size_t i = 0; i < r->parameters.n; i++) {
        const char *set = keep(
            p, as_format(p->s->arena, "%s=%s", r->parameters.v[i].name, r->parameters.v[i].value));
        j->command = keep(p, as_format(p->s->arena, "%s --set %s", j->command, word(p, set)));
    }
    for (size_t i = 0; i < r->n_claims; i++)
        for (size_t f = 0; f < r->claim[i].n_from; f++) {
            const char *file = step_file(p, r->claim[i].from[f].name);
            bool again = false;
            for (size_t k = 0; k < j->n_in; k++) again |= strcmp(j->in[k], file) == 0;
            if (again) continue;
            j->in[j->n_in++] = file;
            const char *given =
                keep(p, as_format(p->s->arena, "%s=%s", r->claim[i].from[f].name, file));
            j->command =
                keep(p, as_format(p->s->arena, "%s --given %s", j->command, word(p, given)));
        }
    j->in[j->n_in++] = r->file;
    j->command = keep(p, as_format(p->s->arena, "%s %s", j->command, word(p, r->file)));
    for (size_t i = 0; i < 3; i++) j->out[i] = join(p, p->out, files[i]);
    j->n_out = 3;
}

static as_status make_plan(as_session *s, const as_recipe *r, const char *out, as_language language,
                           plan *p)
{
    *p = (plan){ .s = s, .r = r, .out = out, .language = language };
    size_t most = r->n_inputs + r->n_steps + 2 * r->n_figures + r->n_pages + 1;
    for (size_t i = 0; i < r->n_tables; i++) most += r->table[i].n_formats;
    p->job = AS_NEW_N(s->arena, job, most);
    if (!p->job) return AS_ERR;
    for (size_t i = 0; i < r->n_inputs; i++) input_job(p, &r->input[i]);
    for (size_t i = 0; i < r->n_steps; i++)
        if (r->step[i].wanted) step_job(p, &r->step[i]);
    for (size_t i = 0; i < r->n_figures; i++) figure_job(p, &r->figure[i]);
    for (size_t i = 0; i < r->n_pages && !p->failed; i++) page_job(p, &r->page[i]);
    for (size_t i = 0; i < r->n_tables; i++)
        for (size_t f = 0; f < r->table[i].n_formats; f++)
            table_job(p, &r->table[i], r->table[i].formats[f]);
    if (r->n_claims) claims_job(p);
    return p->failed ? AS_ERR : AS_OK;
}

/* --- languages ------------------------------------------------------------------------------- */

/* `text` with the program's name as `call` and dollar signs doubled where the language has its own.
 */
static void put(FILE *to, const char *text, const char *call, bool dollars)
{
    for (; *text; text++) {
        if (*text == program) {
            fputs(call, to);
            continue;
        }
        if (dollars && *text == '$') fputc('$', to);
        fputc(*text, to);
    }
}

/* The claims' own run writes into its folder by itself. */
static bool is_claims(const job *j)
{
    return strcmp(j->name, "claims-all") == 0;
}

/* The command with its outputs in `folder`, which replaces the plan's own; ends in '/'. */
static const char *command_into(plan *p, const job *j, const char *folder)
{
    const char *text = j->command;
    const size_t n = strlen(p->out);
    if (is_claims(j)) /* it adds the recipe's own folder, which is the last of ours */
        return keep(
            p, as_format(p->s->arena, "%s -o %s", text,
                         word(p, keep(p, as_strndup(p->s->arena, folder,
                                                    strlen(folder) - strlen(p->r->slug) - 2)))));
    for (size_t i = 0; i < j->n_out; i++)
        text = keep(p, as_format(p->s->arena, "%s%s%s", text, j->tail[i],
                                 word(p, join(p, folder, j->out[i] + n))));
    return text;
}

static void print_shell(plan *p, FILE *to)
{
    fprintf(to,
            "#!/bin/bash\n# %s, printed by: assay run --print shell %s\nset -euo "
            "pipefail\nASSAY=${ASSAY:-assay}\n",
            p->r->title ? p->r->title : p->r->slug, p->r->file);
    fprintf(to, "mkdir -p %s\n", word(p, join(p, p->out, "steps")));
    for (size_t i = 0; i < p->n; i++) {
        put(to, command_into(p, &p->job[i], p->out), "\"$ASSAY\"", false);
        fputc('\n', to);
    }
}

/* A blank or a colon cannot be written there. */
as_status as_plain_name(as_ctx *ctx, const char *name)
{
    if (!strpbrk(name, " \t\n:#%$\\'\"=*?[]{}~;&|<>()")) return AS_OK;
    return as_fail(ctx, AS_E_USAGE, NULL,
                   "the file name '%s' cannot be written in a file for make, ninja or snakemake", name);
}

static as_status plain_names(plan *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const job *j = &p->job[i];
        for (size_t k = 0; k < j->n_in; k++) AS_TRY(as_plain_name(p->s->ctx, j->in[k]));
        for (size_t k = 0; k < j->n_out; k++) AS_TRY(as_plain_name(p->s->ctx, j->out[k]));
    }
    return AS_OK;
}

static void list(FILE *to, size_t n, const char *const *names)
{
    for (size_t i = 0; i < n; i++) fprintf(to, " %s", names[i]);
}

static bool is_output(const job *j)
{
    return strncmp(j->name, "input-", 6) != 0 && strncmp(j->name, "step-", 5) != 0 &&
           strncmp(j->name, "panel-", 6) != 0;
}

/* Jobs write here; what differs from the old file is moved over it, so that nothing is made again
 * from a file that came out the same. */
static const char *fresh_folder(plan *p)
{
    return keep(p, as_format(p->s->arena, "%ssteps/new/%s/", p->out, p->r->slug));
}

static void list_made(plan *p, const job *j, FILE *to)
{
    for (size_t i = 0; i < j->n_out; i++)
        fprintf(to, "%s%s", i ? " " : "", j->out[i] + strlen(p->out));
}

static void make_rule(plan *p, const job *j, FILE *to)
{
    const char *stamp = keep(p, as_format(p->s->arena, "%ssteps/%s", p->out, j->name));
    fprintf(to, "\n%s.command: FORCE\n\t@printf '%%s\\n' ", stamp);
    put(to, word(p, j->command), "assay", true);
    fprintf(to, " > $@.new; $(settle)\n%s.stamp: %s.command", stamp, stamp);
    list(to, j->n_in, j->in);
    fputs("\n\t", to);
    put(to, command_into(p, j, fresh_folder(p)), "$(ASSAY)", true);
    fputs("\n\t@$(call move,", to);
    list_made(p, j, to);
    fputs(")\n", to);
    for (size_t i = 0; i < j->n_out; i++) fprintf(to, "%s%s", i ? " " : "", j->out[i]);
    fprintf(to, ": %s.stamp\n\t@$(again)\n", stamp);
}

static const char make_head[] =
    "SHELL := /bin/bash\n.SHELLFLAGS := -euo pipefail -c\nASSAY ?= assay\n"
    ".DELETE_ON_ERROR:\n.SUFFIXES:\n.PHONY: all FORCE\n"
    "# A command is made again when its text changes; a file that comes out the same keeps its "
    "time.\n"
    "settle = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi\n"
    "move = for f in $(1); do if cmp -s $(NEW)$$f $(OUT)$$f; then rm $(NEW)$$f; else mv $(NEW)$$f "
    "$(OUT)$$f; fi; done; touch $@\n"
    "again = test -e $@ || { rm -f $<; $(MAKE) --no-print-directory -f $(firstword "
    "$(MAKEFILE_LIST)) $<; }\n";

static void print_make(plan *p, FILE *to)
{
    fprintf(to, "# %s, printed by: assay run --print make %s\n",
            p->r->title ? p->r->title : p->r->slug, p->r->file);
    fputs(make_head, to);
    fprintf(to, "OUT := %s\nNEW := %s\n$(shell mkdir -p $(NEW)steps)\nall:", p->out,
            fresh_folder(p));
    for (size_t i = 0; i < p->n; i++)
        if (is_output(&p->job[i])) list(to, p->job[i].n_out, p->job[i].out);
    fputc('\n', to);
    for (size_t i = 0; i < p->n; i++) make_rule(p, &p->job[i], to);
    fprintf(to, "-include $(wildcard %ssteps/*.d)\n", p->out);
}

static void print_ninja(plan *p, FILE *to)
{
    fprintf(to, "# %s, printed by: assay run --print ninja %s\n",
            p->r->title ? p->r->title : p->r->slug, p->r->file);
    fprintf(to, "assay = assay\nto = %s\nnew = %s\nbuilddir = %ssteps\n", p->out, fresh_folder(p),
            p->out);
    fputs("rule run\n  command = mkdir -p ${new}steps && $cmd && for f in $made; do if cmp -s "
          "$new$$f $to$$f; "
          "then rm $new$$f; else mv $new$$f $to$$f; fi; done\n  restat = 1\n",
          to);
    for (size_t i = 0; i < p->n; i++) {
        const job *j = &p->job[i];
        fputs("build", to);
        list(to, j->n_out, j->out);
        fputs(": run", to);
        list(to, j->n_in, j->in);
        fputs("\n  cmd = ", to);
        put(to, command_into(p, j, fresh_folder(p)), "$assay", true);
        if (j->depfile) fprintf(to, "\n  depfile = %s", j->depfile);
        fputs("\n  made = ", to);
        list_made(p, j, to);
        fputc('\n', to);
    }
}

static void quoted_list(FILE *to, const char *key, size_t n, const char *const *names)
{
    fprintf(to, "    %s:", key);
    for (size_t i = 0; i < n; i++) fprintf(to, "%s \"%s\"", i ? "," : "", names[i]);
    fputc('\n', to);
}

/* A Python string whose braces Snakemake leaves alone. */
static void put_python(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text; text++) {
        if (*text == program) {
            fputs("{ASSAY}", to);
            continue;
        }
        if (*text == '"' || *text == '\\') fputc('\\', to);
        if (*text == '{' || *text == '}') fputc(*text, to);
        fputc(*text, to);
    }
    fputs("\"\n", to);
}

static void snakemake_rule(plan *p, const job *j, size_t number, FILE *to)
{
    fputs("rule ", to);
    for (const char *c = j->name; *c; c++) fputc(*c == '-' ? '_' : *c, to);
    fprintf(to, "_%zu:\n", number);
    quoted_list(to, "input", j->n_in, j->in);
    quoted_list(to, "output", j->n_out, j->out);
    fputs("    shell: ", to);
    put_python(to, command_into(p, j, p->out));
}

static void print_snakemake(plan *p, FILE *to)
{
    fprintf(to, "# %s, printed by: assay run --print snakemake %s\n",
            p->r->title ? p->r->title : p->r->slug, p->r->file);
    fputs("import os\nASSAY = os.environ.get(\"ASSAY\", \"assay\")\nrule all:\n    input:\n", to);
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; is_output(&p->job[i]) && k < p->job[i].n_out; k++)
            fprintf(to, "        \"%s\",\n", p->job[i].out[k]);
    for (size_t i = 0; i < p->n; i++) snakemake_rule(p, &p->job[i], i + 1, to);
}

as_status as_recipe_print(as_session *s, const as_recipe *r, const char *out, as_language language,
                          FILE *to)
{
    plan p;
    if (as_recipe_each(r) < r->n_inputs) return as_recipe_print_each(s, r, out, language, to);
    if (make_plan(s, r, out, language, &p) != AS_OK) return AS_ERR;
    if (language != AS_L_SHELL) AS_TRY(plain_names(&p));
    if (language == AS_L_SHELL) print_shell(&p, to);
    if (language == AS_L_MAKE) print_make(&p, to);
    if (language == AS_L_NINJA) print_ninja(&p, to);
    if (language == AS_L_SNAKEMAKE) print_snakemake(&p, to);
    return p.failed ? AS_ERR : AS_OK;
}
