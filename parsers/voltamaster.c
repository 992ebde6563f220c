/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two texts of impedances that give the number of their points. VoltaMaster .P00 (Radiometer):
 * "Procedure : ...", three lines, names as name/unit parted by tabs, the number, rows. OrigaMaster .crv
 * (OrigaLys): two lines of signs, the technique, settings, the number, rows of nine: frequency, modulus,
 * phase, three numbers, Z', -Z'', one number.
 */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static const char *const techniques[] = { "echem", NULL };
static const char *const see_also[] = { "autolab-dfr", "zview", NULL };

/* The rows below a line with their number, as many as it says. */
static as_status read_rows(as_parse *job, as_run *run, as_lines *it, double n)
{
    AS_TRY(as_run_rest(job, run, it, 0, NULL));
    const as_where end = { .file = job->in->name, .line = it->number };
    if ((double)run->rows.n == n) return AS_OK;
    return as_fail(job->ctx, (double)run->rows.n < n ? AS_E_TRUNCATED : AS_E_SYNTAX, &end,
                   "%zu points found, %g announced", run->rows.n, n);
}

/* --- VoltaMaster ---------------------------------------------------------------------- */
static int p00_probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "Procedure :")) return AS_PROBE_NO;
    const char *f = as_find_text(head, "f/Hz");
    return f && f - head < 2000 && as_find_text(f, "Z''/Ohm") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status p00_parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line;
    as_run run = { 0 };
    double n;
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &line, "'Procedure :'"));
    as_pair pair;
    AS_TRY(as_split(job->ctx, &line, ':', &pair));
    AS_TRY(as_set_text(job->ctx, head, "technique_name", pair.value, &line.where));
    do AS_TRY(as_need_line(job->ctx, &it, &line, "the names of the columns"));
    while (!as_find_text(line.text, "f/Hz"));
    const as_where at = line.where;
    AS_TRY(as_run_head_lines(job->ctx, &run, &line, NULL, '\t', &as_echem_names));
    AS_TRY(as_need_line(job->ctx, &it, &line, "the number of points"));
    const size_t blank = strspn(line.text, " \t");
    if (!as_read_number(line.text + blank, line.length - blank, '.', &n))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected the number of points",
                       line.text);
    AS_TRY(read_rows(job, &run, &it, n));
    return as_emit_echem(job, &run, head, AS_ECHEM_IMPEDANCE, &at);
}

/* --- OrigaMaster ------------------------------------------------------------------------ */
enum { FIELDS = 9, MODULUS = 1, REAL = 6, IMAGINARY = 7 };

static const char *second_line(const char *head)
{
    const char *at = head + strcspn(head, "\r\n");
    return at + strspn(at, "\r\n");
}

static int crv_probe(const as_probe *p)
{
    const char *second = second_line((const char *)p->head);
    return p->is_text && as_starts(second, "FZPTEIYXC") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static as_status check_moduli(as_parse *job, const as_run *run)
{
    for (size_t i = 0; i < run->rows.n; i++) {
        const double *v = run->rows.row[i].v, z = hypot(v[REAL], v[IMAGINARY]);
        const as_where where = { .file = job->in->name, .line = run->rows.row[i].line };
        if (!(fabs(z - v[MODULUS]) <= 2e-3 * z))
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "a modulus of %g beside Z' %g and -Z'' %g",
                           v[MODULUS], v[REAL], v[IMAGINARY]);
    }
    return AS_OK;
}

static as_status crv_parse(as_parse *job)
{
    static const char *const names[FIELDS] = { "freq/Hz", "|Z|/Ohm", "Phase(Z)/deg", "value 4", "value 5",
                                               "value 6", "Re(Z)/Ohm", "-Im(Z)/Ohm", "value 9" };
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line;
    as_run run = { 0 };
    as_table *head = as_table_new(job->ctx, 0);
    double n = 0;
    if (!head) return AS_ERR;
    for (size_t i = 0; i < 3; i++)
        AS_TRY(as_need_line(job->ctx, &it, &line, "the technique"));
    if (!as_find_text(line.text, "EIS") && !as_find_text(line.text, "impedance"))
        return as_fail(job->ctx, AS_E_FORMAT, &line.where,
                       "an OrigaMaster curve of '%.60s'; only impedances are supported", line.text);
    AS_TRY(as_set_text(job->ctx, head, "technique_name", line.text, &line.where));
    for (as_lines next = it; n == 0; it = next) { /* the number stands before the first row of nine */
        as_line row;
        AS_TRY(as_need_line(job->ctx, &next, &line, "the number of points"));
        as_lines ahead = next;
        AS_TRY(as_need_line(job->ctx, &ahead, &row, "the points"));
        if (as_line_numbers(&it, &row, 0, NULL) != FIELDS) continue;
        if (!as_read_number(line.text, line.length, '.', &n) || !(n >= 1))
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected the number of points",
                           line.text);
    }
    AS_TRY(as_run_heads(job->ctx, &run, FIELDS, names, NULL, &as_echem_names));
    AS_TRY(read_rows(job, &run, &it, n));
    AS_TRY(check_moduli(job, &run));
    return as_emit_echem(job, &run, head, AS_ECHEM_IMPEDANCE, &line.where);
}

static const char *const p00_suffixes[] = { "p00", NULL };
static const char *const crv_suffixes[] = { "crv", NULL };
static const as_example p00_examples[] = { { "a spectrum", "assay read tests/corpus/echem/volta.p00" },
                                           { 0 } };
static const as_example crv_examples[] = { { "a spectrum", "assay read tests/corpus/echem/origa.crv" },
                                           { 0 } };

const as_parser as_parser_voltamaster = {
    .name = "voltamaster-p00",
    .title = "Radiometer VoltaMaster impedance",
    .suffixes = p00_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = p00_probe,
    .parse = p00_parse,
    .doc = { .summary = "read impedance spectra of VoltaMaster",
             .description = "Four lines, names as name/unit, the number of points, rows parted by tabs. "
                            "-Z'' becomes `z_imag`.",
             .examples = p00_examples,
             .see_also = see_also },
};

const as_parser as_parser_origamaster = {
    .name = "origamaster-crv",
    .title = "OrigaLys OrigaMaster impedance",
    .suffixes = crv_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = crv_probe,
    .parse = crv_parse,
    .doc = { .summary = "read impedance spectra of OrigaMaster",
             .description = "The technique in the third line, settings, the number of points, rows of nine "
                            "numbers. Frequency, modulus, phase, Z' and -Z'' are known, and modulus and "
                            "parts must agree; the others keep their place as a name. Curves of other "
                            "techniques are named and refused.",
             .examples = crv_examples,
             .see_also = see_also },
};
