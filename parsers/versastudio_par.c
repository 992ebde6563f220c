/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VersaStudio .par of Princeton Applied Research: sections <Name> ... </Name> of "key=value";
 * <Segment1> has "Definition=names, ..." and rows parted by commas.
 */
#include <string.h>

#include "diffraction.h"
#include "echem.h"
#include "spectrum.h"

static const as_known known[] = {
    { "Working Electrode Area (cm2)", "electrode_area", "cm2" },
    { "Reference Electrode", "reference_electrode", NULL },
    { "Comment", "comment", NULL },
    { "Mass (g)", "active_mass", "g" },
};

typedef struct {
    as_table *head;
    const char *section, *action, *date, *clock; /* of the measurement */
    size_t n_segments;
    as_echem_kind first_kind;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "<Application>")) return AS_PROBE_NO;
    return strstr(head, "Name=VersaStudio") || strstr(head, "\nDefinition=Segment #") ||
                   strstr(head, "[VersaStudio]=")
               ? AS_PROBE_VERIFIED
               : AS_PROBE_NO;
}

static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_pair pair;
    AS_TRY(as_split(ctx, line, '=', &pair));
    if (!pair.value[0]) return AS_OK;
    if (strcmp(r->section, "Instrument") == 0) {
        if (strcmp(pair.key, "Type") == 0)
            return as_set_text(ctx, r->head, "instrument", pair.value, &line->where);
        return as_set_vendor(ctx, r->head, pair.key, pair.value, &line->where);
    }
    const bool experiment = strcmp(r->section, "Experiment") == 0;
    if (!as_starts(r->section, "Action") && !experiment) return AS_OK;
    if (experiment && strcmp(pair.key, "DateAcquired") == 0) {
        r->date = pair.value;
        return AS_OK;
    }
    if (experiment && strcmp(pair.key, "TimeAcquired") == 0) {
        r->clock = pair.value;
        return AS_OK;
    }
    if (as_starts(r->section, "Action") && strcmp(pair.key, "Name") == 0 &&
        strcmp(pair.value, "Common") != 0) {
        r->action = pair.value;
        return as_set_text(ctx, r->head, "technique_name", pair.value, &line->where);
    }
    if ((strcmp(pair.key, "Mass (g)") == 0 || strcmp(pair.key, "Equivalent Weight (g)") == 0) &&
        strcmp(pair.value, "0") == 0)
        return AS_OK; /* not entered */
    return as_set_measure(ctx, r->head, known, AS_COUNT(known), pair.key, pair.value, &line->where);
}

/* "Tuesday, May 16, 2023" and "10:44:37 AM" stand in lines of their own. */
static as_status set_date(as_parse *job, const reading *r)
{
    if (!r->date) return AS_OK;
    const char *text = as_format(as_scratch(job->ctx), "%s%s%s", r->date, r->clock ? " " : "",
                                 r->clock ? r->clock : "");
    return text ? as_set_measured(job->ctx, r->head, text, false, NULL) : AS_ERR;
}

static as_status emit_segment(as_parse *job, reading *r, as_run *run, const as_where *at)
{
    if (run->rows.n == 0) return AS_OK;
    if (r->n_segments == 0) AS_TRY(set_date(job, r));
    as_table *t = as_echem_table(job, run, r->head, as_echem_kind_of(r->action), at);
    if (!t) return AS_ERR;
    const bool impedance = strcmp(as_find_role(t, AS_ROLE_X)->name, "z_real") == 0;
    const as_echem_kind kind = impedance ? AS_ECHEM_IMPEDANCE : AS_ECHEM_TIME;
    if (r->n_segments == 0) r->first_kind = kind;
    t->secondary = kind != r->first_kind; /* another kind of curve than the first */
    t->label = as_strdup(t->arena, r->section);
    if (!t->label) return AS_ERR;
    AS_TRY(as_set_meta(job->ctx, t, "part", r->section, NULL, at));
    r->n_segments++;
    return as_emit(job->out, job->ctx, t);
}

static as_status read_segment(as_parse *job, reading *r, as_lines *it, as_line line)
{
    const as_where at = line.where;
    as_run run = { 0 };
    it->separator = ',';
    line.text += strlen("Definition=");
    line.length -= strlen("Definition=");
    const char *end = strrchr(line.text, ','); /* the list of names ends with a 0, no name */
    const char *last = end ? as_trim(as_scratch(job->ctx), end + 1, strlen(end + 1)) : "";
    if (!last) return AS_ERR;
    if (strcmp(last, "0") == 0) {
        line.length = (size_t)(end - line.text);
        line.text = as_strndup(as_scratch(job->ctx), line.text, line.length);
        if (!line.text) return AS_ERR;
    }
    AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, ',', &as_echem_names));
    for (;;) {
        AS_TRY(as_need_line(job->ctx, it, &line, "a row or the end of the segment"));
        if (line.text[0] == '<') break;
        if (line.length) AS_TRY(as_run_add(job, &run, it, &line));
    }
    return emit_segment(job, r, &run, &at);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .head = as_table_new(job->ctx, 0), .section = "", .action = "" };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.text[0] == '<' && line.text[1] != '/' && line.text[1] != '?' && line.text[1] != '!') {
            r.section = as_trim(as_scratch(job->ctx), line.text + 1, strcspn(line.text + 1, "> "));
            if (!r.section) return AS_ERR;
        } else if (as_starts(r.section, "Segment") && as_starts(line.text, "Definition=")) {
            AS_TRY(read_segment(job, &r, &it, line));
        } else if (strchr(line.text, '=')) {
            AS_TRY(read_key(job, &r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_segments > 0) return AS_OK;
    return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "no <Segment1> with rows of data");
}

static const char *const suffixes[] = { "par", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a spectrum", "assay read tests/corpus/echem/versastudio.par" },
                                       { 0 } };
static const char *const see_also[] = { "gamry-dta", NULL };

const as_parser as_parser_versastudio_par = {
    .name = "versastudio-par",
    .title = "VersaStudio PAR",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read measurements of VersaStudio",
             .description = "Text in sections like XML: `<Segment1>` names the columns in "
                            "`Definition=` and holds the rows. One series for each segment; those of "
                            "another kind than the first are parts to ask for.",
             .examples = examples,
             .see_also = see_also },
};
