/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Omicron and Unwin spectra: text; a title, then for each region a line of numbers (first and last
 * energy, step, scans, dwell time in s, points, pass energy and, in one of two layouts, the photon
 * energy), a line with the name of the region (empty in the other layout, which marks the line
 * before with *M*), then one integer to a line: counts of all scans. With the photon energy the
 * axis is kinetic energy, without it binding energy.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "number.h"
#include "text_end.h"

enum { FIRST, LAST, STEP, SCANS, DWELL, POINTS, PASS, PHOTON, MOST };

/* The numbers of a line that consists of numbers; 0 when it does not. */
static size_t numbers_of(const char *at, size_t room, double *out)
{
    size_t n = 0;
    while (*at && *at != '\n' && *at != '\r') {
        if (*at == ' ' || *at == '\t') {
            at++;
            continue;
        }
        double v;
        const size_t used = as_scan_number(at, strlen(at) < 64 ? strlen(at) : 64, '.', &v);
        if (used == 0 || n == room) return 0;
        out[n++] = v;
        at += used;
    }
    return n;
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\r\n");
    if (*at == '\r') at++;
    return *at == '\n' ? at + 1 : at;
}

/* Step and points agree with the range. */
static bool is_range(const double *v, size_t n)
{
    if (n != PHOTON && n != MOST) return false;
    if (!(v[STEP] != 0 && v[SCANS] >= 1 && v[DWELL] > 0 && v[POINTS] >= 2)) return false;
    const double points = fabs((v[LAST] - v[FIRST]) / v[STEP]) + 1;
    return v[POINTS] == floor(v[POINTS]) && fabs(points - v[POINTS]) < 1.5;
}

static int probe(const as_probe *p)
{
    double v[MOST];
    const char *at = (const char *)p->head;
    if (!p->is_text || numbers_of(at, MOST, v) > 0) return AS_PROBE_NO;
    at = next_line(at);
    size_t n = numbers_of(at, MOST, v);
    if (n == 0) { /* a second line of text */
        at = next_line(at);
        n = numbers_of(at, MOST, v);
    }
    if (!is_range(v, n)) return AS_PROBE_NO;
    at = next_line(at);
    return numbers_of(at, MOST, v) == 0 && numbers_of(next_line(at), MOST, v) == 1
               ? AS_PROBE_MAGIC
               : AS_PROBE_PLAUSIBLE;
}

static as_status describe(as_parse *job, as_table *t, const char *title, const char *name,
                          const double *v, size_t n, const as_where *at)
{
    static const struct {
        const char *key, *unit;
        int which;
    } keys[] = { { "scans", "1", SCANS },
                 { "dwell_time", "s", DWELL },
                 { "pass_energy", "eV", PASS },
                 { "photon_energy", "eV", PHOTON } };
    if (title && *title) AS_TRY(as_set_meta(job->ctx, t, "sample", title, NULL, at));
    if (name && *name) AS_TRY(as_set_meta(job->ctx, t, "region", name, NULL, at));
    for (size_t i = 0; i < AS_COUNT(keys); i++) {
        if (keys[i].which >= (int)n) continue;
        const as_unit unit = as_unit_of(keys[i].unit);
        AS_TRY(as_set_number(job->ctx, t, keys[i].key, v[keys[i].which], NAN, unit, at));
    }
    return as_add_electron_sigma(job->ctx, t, v[SCANS] * v[DWELL]);
}

static as_status read_values(as_parse *job, as_lines *it, as_table *t)
{
    as_line line;
    double *y = t->column[1]->v.f;
    for (size_t i = 0; i < t->rows; i++) {
        AS_TRY(as_need_line(job->ctx, it, &line, "the counts of the region"));
        if (as_line_numbers(it, &line, 1, &y[i]) != 1)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected the counts of point %zu of %zu", line.text, i + 1,
                           t->rows);
    }
    return AS_OK;
}

static as_status read_region(as_parse *job, as_lines *it, const char *title, const as_line *head,
                             const double *v, size_t n)
{
    as_line line;
    const as_axis axis = { n == MOST ? "kinetic_energy" : "binding_energy", "", "eV" };
    AS_TRY(as_need_line(job->ctx, it, &line, "the name of a region"));
    const char *name = as_trim(as_scratch(job->ctx), line.text, line.length);
    if (!name) return AS_ERR;
    if (v[POINTS] * 2 > (double)(job->in->size - it->at) + 2)
        return as_fail(job->ctx, AS_E_TRUNCATED, &head->where,
                       "%.0f points, more than the file holds", v[POINTS]);
    const double step = v[LAST] < v[FIRST] ? -fabs(v[STEP]) : fabs(v[STEP]);
    as_table *t = as_new_scan(job->ctx, (size_t)v[POINTS], &axis, v[FIRST], step, "count");
    if (!t) return AS_ERR;
    AS_TRY(read_values(job, it, t));
    AS_TRY(describe(job, t, title, name, v, n, &head->where));
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    size_t n_regions = 0;
    const char *title = NULL;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        double v[MOST];
        const size_t n = as_line_numbers(&it, &line, MOST, v);
        if (line.length == 0) continue;
        if (n == 0 && n_regions == 0) {
            if (as_starts(line.text, "*M*")) continue;
            title = as_trim(as_scratch(job->ctx), line.text, line.length);
            if (!title) return AS_ERR;
            continue;
        }
        if (n == 0 && as_starts(line.text, "*M*")) continue;
        if (n > MOST || !is_range(v, n))
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.60s', expected first and last energy, step, scans, dwell time, "
                           "points and pass energy of a region",
                           line.text);
        if (read_region(job, &it, title, &line, v, n) != AS_OK)
            return as_while(job->ctx, "reading region %zu", n_regions + 1);
        n_regions++;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (n_regions == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before any region");
    as_warn_if_cut(job, NULL, true);
    return AS_OK;
}

static const char *const suffixes[] = { "1", "dat", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "the regions", "assay read --list tests/corpus/xps/omicron.1" }, { 0 }
};
static const char *const see_also[] = { "vamas", NULL };

const as_parser as_parser_omicron_spectra = {
    .name = "omicron-spectra",
    .title = "Omicron and Unwin spectra",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Omicron and Unwin spectra",
             .description = "Each region becomes a series over the energy that is stored, kinetic "
                            "where the photon energy stands with it, else binding. Counts are of "
                            "all scans; sigma is their square root.",
             .examples = examples,
             .see_also = see_also },
};
