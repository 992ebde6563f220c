/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diffractograms of one range in plain text: Sietronics CPI, a value in each line behind ten lines whose
 * meaning is their place; JADE MDI, a title, a line of settings and eight values or so in each line.
 */
#include <math.h>
#include <string.h>

#include "calendar.h"
#include "diffraction.h"
#include "number.h"
#include "text_end.h"

typedef struct range { double start, end, step; } range;

static double points_of(const range *r)
{
    return floor((r->end - r->start) / r->step + 1.5);
}

static bool is_range(const range *r)
{
    return isfinite(r->start) && r->step > 0 && r->end >= r->start && points_of(r) < 1e7;
}

/* --- the values ----------------------------------------------------------------------------- */
static as_status read_values(as_parse *job, as_lines *it, as_rows *rows)
{
    as_line line;
    as_more more;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        size_t cursor = 0;
        double v;
        as_more number;
        while ((number = as_next_number(job->ctx, it, &line, &cursor, &v)) == AS_ITEM) {
            double *row = as_rows_add(job->ctx, rows);
            if (!row) return AS_ERR;
            row[0] = v;
        }
        if (number == AS_FAILED) return AS_ERR;
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* The scan of as many points as the header says; one more or less is a matter of how its end was meant. */
static as_status new_scan(as_parse *job, as_lines *it, const range *r, double points, as_table **out)
{
    const as_axis axis = { "two_theta", "", "deg" };
    as_rows *rows = as_rows_new(job->ctx, 1);
    if (!rows) return AS_ERR;
    AS_TRY(read_values(job, it, rows));
    const as_where at = { .file = job->in->name, .line = it->number };
    const size_t n = as_rows_count(rows);
    if (fabs((double)n - points) > 1)
        return as_fail(job->ctx, (double)n < points ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "%zu intensities, expected %.0f from %g to %g in steps of %g", n, points,
                       r->start, r->end, r->step);
    as_table *y = as_rows_table(job->ctx, rows);
    as_table *t = as_new_scan(job->ctx, n, &axis, r->start, r->step, "1");
    if (!y || !t) return AS_ERR;
    memcpy(t->column[1]->v.f, y->column[0]->v.f, n * sizeof(double));
    if ((double)n != points)
        as_warn(job->ctx, t, &at, "%zu intensities, expected %.0f from %g to %g in steps of %g", n,
                points, r->start, r->end, r->step);
    as_warn_if_cut(job, t, true);
    *out = t;
    return AS_OK;
}

static as_status set_radiation(as_ctx *ctx, as_table *t, const char *anode, double wavelength,
                               const as_where *from)
{
    if (*anode) AS_TRY(as_set_meta(ctx, t, "anode", anode, NULL, from));
    AS_TRY(as_set_meta(ctx, t, "scan_axis", "2Theta", NULL, from));
    return as_set_doublet(ctx, t, wavelength, NAN, NAN, from);
}

/* --- Sietronics ------------------------------------------------------------------------------- */
static const char cpi_mark[] = "SIETRONICS XRD SCAN";

static int probe_cpi(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, cpi_mark)) return AS_PROBE_NO;
    return as_find_text(head, "\nSCANDATA") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

static as_status need_positive(as_parse *job, as_lines *it, const char *what, double *out)
{
    as_line line;
    size_t cursor = 0;
    AS_TRY(as_need_line(job->ctx, it, &line, what));
    if (strchr(line.text, ',')) it->decimal = ','; /* of some programs that write the format */
    return as_need_number(job->ctx, it, &line, &cursor, out, what);
}

static as_status need_text(as_parse *job, as_lines *it, const char *what, as_line *line)
{
    AS_TRY(as_need_line(job->ctx, it, line, what));
    return as_same(line->text, "SCANDATA")
               ? as_fail(job->ctx, AS_E_SYNTAX, &line->where, "SCANDATA, expected %s before it", what)
               : AS_OK;
}

static as_status parse_cpi(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line mark, anode, date, time, title, line;
    double wavelength;
    range r;
    AS_TRY(as_need_line(job->ctx, &it, &mark, cpi_mark));
    AS_TRY(need_positive(job, &it, "the start angle", &r.start));
    AS_TRY(need_positive(job, &it, "the end angle", &r.end));
    AS_TRY(need_positive(job, &it, "the step", &r.step));
    AS_TRY(need_text(job, &it, "the anode", &anode));
    AS_TRY(need_positive(job, &it, "the wavelength", &wavelength));
    AS_TRY(need_text(job, &it, "the date", &date));
    AS_TRY(need_text(job, &it, "the time of a step", &time));
    AS_TRY(need_text(job, &it, "the title", &title));
    if (!is_range(&r))
        return as_fail(job->ctx, AS_E_SYNTAX, &mark.where, "no range: from %g to %g in steps of %g",
                       r.start, r.end, r.step);
    do AS_TRY(as_need_line(job->ctx, &it, &line, "SCANDATA"));
    while (!as_same(line.text, "SCANDATA"));
    as_table *t;
    const char *iso;
    bool whole;
    AS_TRY(new_scan(job, &it, &r, points_of(&r), &t));
    AS_TRY(set_radiation(job->ctx, t, anode.text, wavelength, &anode.where));
    AS_TRY(as_iso_date(job->ctx, date.text, AS_DATE_DAY_FIRST, &iso, &whole));
    if (!iso || !as_starts(iso, "1900-01-01")) /* not set */
        AS_TRY(as_set_known(job->ctx, t, &(as_known){ "Date", "measured", NULL }, 1, "Date",
                            iso ? iso : date.text, &date.where));
    /* seconds of a step or degrees per minute: descriptions differ */
    AS_TRY(as_set_vendor(job->ctx, t, "speed or time per step", time.text, &time.where));
    if (*title.text) AS_TRY(as_set_meta(job->ctx, t, "sample", title.text, NULL, &title.where));
    return as_emit(job->out, job->ctx, t);
}

/* --- JADE ---------------------------------------------------------------------------------------- */
typedef struct mdi {
    range r;
    double rate, wavelength, points;
    char anode[8];
} mdi;

/* "5.00 0.02 1.0 CU 1.54056 90.00 4251": start, step, a rate, anode, wavelength, end, points. */
static bool read_mdi(const char *at, size_t length, mdi *out)
{
    double *const to[] = { &out->r.start, &out->r.step, &out->rate, NULL, &out->wavelength,
                           &out->r.end, &out->points };
    const char *const end = at + length;
    *out = (mdi){ .rate = NAN };
    for (size_t i = 0; i < AS_COUNT(to); i++) {
        while (at < end && (*at == ' ' || *at == '\t')) at++;
        size_t n = 0;
        while (at + n < end && at[n] != ' ' && at[n] != '\t') n++;
        if (n == 0) return false;
        if (to[i] && !as_read_number(at, n, '.', to[i])) return false;
        if (!to[i] && (n >= sizeof out->anode || (*at >= '0' && *at <= '9'))) return false;
        if (!to[i]) memcpy(out->anode, at, n);
        at += n;
    }
    at += strspn(at, " \t");
    return at >= end && is_range(&out->r) && out->wavelength > 0.1 && out->wavelength < 10 &&
           out->points >= 2 && out->points < 1e7;
}

static int probe_mdi(const as_probe *p)
{
    mdi m;
    const char *head = (const char *)p->head, *at = strchr(head, '\n');
    if (!p->is_text || !at || !read_mdi(at + 1, strcspn(at + 1, "\r\n"), &m)) return AS_PROBE_NO;
    return fabs(m.points - points_of(&m.r)) <= 1 ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

static as_status parse_mdi(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line title, line;
    mdi m;
    AS_TRY(as_need_line(job->ctx, &it, &title, "the title"));
    AS_TRY(as_need_line(job->ctx, &it, &line, "start, step, rate, anode, wavelength, end, points"));
    if (!read_mdi(line.text, line.length, &m))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.60s', expected start, step, rate, "
                       "anode, wavelength, end and number of points", line.text);
    if (fabs(m.points - points_of(&m.r)) > 1)
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                       "%g points, but from %g to %g in steps of %g there are %.0f", m.points,
                       m.r.start, m.r.end, m.r.step, points_of(&m.r));
    as_table *t;
    AS_TRY(new_scan(job, &it, &m.r, m.points, &t));
    AS_TRY(set_radiation(job->ctx, t, m.anode, m.wavelength, &line.where));
    const char *rate = as_format(as_scratch(job->ctx), "%g", m.rate);
    if (!rate) return AS_ERR;
    AS_TRY(as_set_vendor(job->ctx, t, "rate", rate, &line.where)); /* in a unit that is not said */
    if (*title.text) AS_TRY(as_set_meta(job->ctx, t, "comment", title.text, NULL, &title.where));
    return as_emit(job->out, job->ctx, t);
}

static const char *const techniques[] = { "xrd", NULL };
static const char *const cpi_suffixes[] = { "cpi", NULL };
static const char *const mdi_suffixes[] = { "mdi", "dif", NULL };
static const char *const cpi_also[] = { "jade-mdi", "riet7", NULL };
static const char *const mdi_also[] = { "sietronics-cpi", "riet7", NULL };
static const as_example cpi_examples[] = { { "a scan", "assay read tests/corpus/xrd/scan.cpi" },
                                           { 0 } };
static const as_example mdi_examples[] = { { "a scan", "assay read tests/corpus/xrd/scan.mdi" },
                                           { 0 } };

const as_parser as_parser_sietronics_cpi = {
    .name = "sietronics-cpi",
    .title = "Sietronics Sieray CPI",
    .suffixes = cpi_suffixes,
    .techniques = techniques,
    .basis = "published layouts of independent readers; not tried on a file of the instrument",
    .probe = probe_cpi,
    .parse = parse_cpi,
    .doc = { .summary = "read Sietronics CPI diffractograms",
             .description =
                 "Text: `SIETRONICS XRD SCAN`, then start, end, step, anode, wavelength, date (day "
                 "first), speed or time per step and title, each in a line of its own, `SCANDATA`, and "
                 "an intensity in each line. Whether they are counts is not stated.",
             .examples = cpi_examples,
             .see_also = cpi_also },
};

const as_parser as_parser_jade_mdi = {
    .name = "jade-mdi",
    .title = "JADE MDI text",
    .suffixes = mdi_suffixes,
    .techniques = techniques,
    .basis = "published layouts of independent readers, observed files",
    .probe = probe_mdi,
    .parse = parse_mdi,
    .doc = { .summary = "read text of MDI's JADE",
             .description =
                 "Text: a title, a line of start, step, scan rate, anode, wavelength, end and number "
                 "of points, then the intensities, eight in a line. Whether they are counts is not stated.",
             .examples = mdi_examples,
             .see_also = mdi_also },
};
