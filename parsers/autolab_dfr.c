/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Autolab FRA .dfr: one value a line: version, number of points, a flag, then nine values for each
 * point: frequency, Z', -Z'' and six more; settings of the instrument behind them.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"

enum { WIDTH = 9, USED = 3 };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || strncmp(head, "VERSION", strlen("VERSION")) != 0) return AS_PROBE_NO;
    return strstr(p->name, ".dfr") ? AS_PROBE_MAGIC : AS_PROBE_PLAUSIBLE;
}

static as_status need_value(as_parse *job, as_lines *it, const char *what, double *out)
{
    as_line line;
    AS_TRY(as_need_line(job->ctx, it, &line, what));
    if (as_read_number(line.text, line.length, strchr(line.text, ',') ? ',' : '.', out)) return AS_OK;
    return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected %s", line.text, what);
}

static as_status parse(as_parse *job)
{
    static const char *const names[] = { "Frequency (Hz)", "Z' (Ohm)", "-Z'' (Ohm)" };
    as_lines it = { .in = job->in };
    as_line version;
    as_run run = { 0 };
    double count, flag;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &version, "VERSION"));
    AS_TRY(as_set_meta(job->ctx, head, "software", version.text, NULL, &version.where));
    AS_TRY(need_value(job, &it, "the number of points", &count));
    AS_TRY(need_value(job, &it, "a flag", &flag));
    if (!(count >= 1 && count <= (double)job->in->size) || count != floor(count))
        return as_fail(job->ctx, AS_E_SYNTAX, &version.where, "%g points, expected at least one", count);
    AS_TRY(as_run_heads(job->ctx, &run, USED, names, NULL, &as_echem_names));
    for (double i = 0; i < count; i++) {
        double v[WIDTH];
        for (size_t k = 0; k < WIDTH; k++)
            AS_TRY(need_value(job, &it, "the next value of a point", &v[k]));
        AS_TRY(as_run_add_cells(job->ctx, &run, USED, v, NULL, it.number));
    }
    as_table *t = as_echem_table(job, &run, head, AS_ECHEM_IMPEDANCE, &version.where);
    return t ? as_emit(job->out, job->ctx, t) : AS_ERR;
}

static const char *const suffixes[] = { "dfr", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "three points", "assay read tests/corpus/echem/autolab.dfr" },
                                       { 0 } };
static const char *const see_also[] = { "zview", NULL };

const as_parser as_parser_autolab_dfr = {
    .name = "autolab-dfr",
    .title = "Autolab FRA",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read impedance spectra of Autolab FRA",
             .description = "Text, one value a line: version, number of points, a flag, nine values "
                            "for each point, of which frequency, Z' and -Z'' are taken.",
             .examples = examples,
             .see_also = see_also },
};
