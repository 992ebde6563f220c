/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker DIFFRAC-AT UXD: text; "_KEY=value" lines and ';' comments: first those of
 * the file, then from each "_DRIVE=" on those of a range. A marker ends the header of
 * the range: _2THETACOUNTS or _2THETACPS (pairs of drive position and intensity,
 * whatever the drive) or _COUNTS or _CPS (intensities, several to a line); with TIME
 * behind COUNTS each intensity is followed by its counting time.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"
#include "text_end.h"

static const struct marker {
    const char *text;
    bool pairs, times;
    const char *unit;
} markers[] = {
    { "_2THETACOUNTSTIME", true, true, "count" }, { "_2THETACOUNTS", true, false, "count" },
    { "_2THETACPS", true, false, "count/s" },     { "_COUNTSTIME", false, true, "count" },
    { "_COUNTS", false, false, "count" },         { "_CPS", false, false, "count/s" },
};
static const as_known known[] = { /* the rest is vendor.* */
    { "_SAMPLE", "sample", NULL },        { "_ANODE", "anode", NULL },
    { "_STEPTIME", "step_time", "s" },    { "_KV", "tube_voltage", "kV" },
    { "_MA", "tube_current", "mA" },      { "_USER", "operator", NULL },
    { "_DRIVE", "scan_axis", NULL },      { "_STEPMODE", "scan_mode", NULL },
    { "_GONIOMETER_RADIUS", "goniometer_radius", "mm" },
    { "_WL3", "wavelength_beta", "Angstrom" }, { "_COMMENT", "comment", NULL },
};
static const char *const positions[] = { "_THETA", "_2THETA", "_KHI", "_PHI", "_X", "_Y", "_Z" };

typedef struct {
    as_table *file, *range; /* no rows: they hold the metadata until a range is complete */
    as_rows *rows;
    as_axis axis;
    double start, step, theta, two_theta; /* degrees; NaN: not stated */
    double alpha1, alpha2, ratio;
    double count;           /* of points; NaN: not stated */
    double last_start, last_step; /* of the range before */
    size_t last_n;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    while (*at == ';' || *at == '\r' || *at == '\n') {
        at = strchr(at, '\n'); /* the head is followed by zeros */
        if (!at++) return AS_PROBE_NO;
    }
    if (strncmp(at, "_FILEVERSION", 12) == 0) return AS_PROBE_MAGIC;
    const bool moves = strstr(at, "\n_DRIVE") || strstr(at, "\n_2THETA");
    return at[0] == '_' && moves && strstr(at, "\n_STEPSIZE") ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

/* Numbers that this reader computes with; true when `key` is one of them. */
static bool own_number(reading *r, const char *key, double **to)
{
    const struct { const char *key; double *to; } own[] = {
        { "_START", &r->start },     { "_STEPSIZE", &r->step },  { "_THETA", &r->theta },
        { "_2THETA", &r->two_theta }, { "_WL1", &r->alpha1 },    { "_WL2", &r->alpha2 },
        { "_WLRATIO", &r->ratio },   { "_STEPCOUNT", &r->count },
    };
    for (size_t i = 0; i < AS_COUNT(own); i++)
        if (strcmp(own[i].key, key) == 0) {
            *to = own[i].to;
            return true;
        }
    return false;
}

static as_status begin_range(as_parse *job, reading *r, const as_pair *drive)
{
    r->start = r->step = r->theta = r->two_theta = r->count = NAN;
    r->range = as_table_new(job->ctx, 0);
    return r->range ? as_axis_of(as_scratch(job->ctx), drive->value, NULL, &r->axis) : AS_ERR;
}

static as_status read_slit(as_parse *job, as_table *to, const as_pair *pair, const as_line *line)
{
    const bool automatic = pair->value[0] == 'V';
    AS_TRY(as_set_meta(job->ctx, to, "slit_mode", automatic ? "automatic" : "fixed", NULL,
                       &line->where));
    static const as_known length = { "V", "illuminated_length", "mm" };
    return automatic ? as_set_known(job->ctx, to, &length, 1, "V", pair->value + 1, &line->where)
                     : as_set_vendor(job->ctx, to, "VARDIVERGENCE", pair->value, &line->where);
}

/* A number with a decimal comma as the same with a point. */
static as_status with_point(as_parse *job, const as_lines *it, as_pair *pair)
{
    double v;
    if (it->decimal != ',' || !as_read_number(pair->value, strlen(pair->value), ',', &v)) return AS_OK;
    char *text = as_strdup(as_scratch(job->ctx), pair->value), *comma = text ? strchr(text, ',') : NULL;
    if (comma) *comma = '.';
    pair->value = text;
    return text ? AS_OK : AS_ERR;
}

static as_status read_key(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    as_pair pair;
    double *number;
    AS_TRY(as_split(job->ctx, line, '=', &pair));
    if (as_starts(pair.key, "_D-I") || as_starts(pair.key, "_2THETA-I"))
        return as_fail(job->ctx, AS_E_FORMAT, &line->where, "a list of peaks (%s), which is no scan: "
                       "export the scan itself with its counts", pair.key);
    if (pair.key[0] != '_' || pair.at >= line->length + 1)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected _KEY=value",
                       line->text);
    if (strcmp(pair.key, "_DRIVE") == 0) AS_TRY(begin_range(job, r, &pair));
    as_table *to = r->range ? r->range : r->file;
    if (strcmp(pair.key, "_WL_UNIT") == 0 && strcmp(pair.value, "A") != 0)
        return as_fail(job->ctx, AS_E_UNIT, &line->where, "wavelengths in '%s', expected 'A'",
                       pair.value);
    if (own_number(r, pair.key, &number) && *pair.value)
        AS_TRY(as_need_number(job->ctx, it, line, &pair.at, number, "a number"));
    if (as_starts(pair.key, "_WL") && pair.key[3] != '3') return AS_OK; /* set with each range */
    if (strcmp(pair.key, "_VARDIVERGENCE") == 0) return read_slit(job, to, &pair, line);
    if (strcmp(pair.key, "_DATEMEASURED") == 0)
        return as_set_measured(job->ctx, to, pair.value, false, &line->where);
    if (strcmp(pair.key, "_STEPMODE") == 0 && as_same(pair.value, "C")) pair.value = "continuous";
    if (strcmp(pair.key, "_STEPMODE") == 0 && as_same(pair.value, "S")) pair.value = "step";
    AS_TRY(with_point(job, it, &pair));
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (strcmp(known[i].key, pair.key) == 0)
            return as_set_known(job->ctx, to, &known[i], 1, pair.key, pair.value, &line->where);
    return *pair.value ? as_set_vendor(job->ctx, to, pair.key + 1, pair.value, &line->where)
                       : AS_OK;
}

/* Where the drives stood that did not move. */
static as_status set_positions(as_parse *job, const reading *r, as_table *t)
{
    const as_meta *drive = as_get_meta(t, "scan_axis");
    if (!drive) return AS_OK; /* not known which moved with it */
    const bool coupled = strcmp(r->axis.column, "two_theta") == 0 && as_starts(drive->text, "COUPLED");
    for (size_t i = 0; i < AS_COUNT(positions); i++) {
        as_axis axis;
        const char *key = as_format(as_scratch(job->ctx), "vendor.%s", positions[i] + 1);
        const as_meta *m = key ? as_get_meta(t, key) : NULL;
        double value;
        if (!m || !as_read_number(m->text, strlen(m->text), '.', &value)) continue;
        AS_TRY(as_axis_of(as_scratch(job->ctx), positions[i] + 1, NULL, &axis));
        if (strcmp(axis.column, r->axis.column) == 0) continue;
        if (coupled && strcmp(axis.column, "omega") == 0) continue;
        AS_TRY(as_set_position(job->ctx, t, positions[i] + 1, value, NULL, &m->from));
    }
    const double offset = r->theta - r->two_theta / 2;
    if (coupled && fabs(offset) > 1e-6)
        AS_TRY(as_set_number(job->ctx, t, "omega_offset", offset, NAN, as_unit_of("deg"), NULL));
    return AS_OK;
}

/* Positions as they were printed may be rounder than the steps of the scan. */
static void check_grid(as_parse *job, const reading *r, as_table *t, const as_where *at)
{
    double worst = 0;
    if (!(isfinite(r->start) && r->step > 0)) return;
    for (size_t i = 0; i < t->rows; i++)
        worst = fmax(worst, fabs(t->column[0]->v.f[i] - (r->start + (double)i * r->step)));
    if (worst > 0.01 * r->step)
        as_warn(
            job->ctx, t, at,
            "the positions differ by up to %.2g %s from _START and _STEPSIZE: they were rounded",
            worst, r->axis.unit);
}

static as_status read_values(as_parse *job, reading *r, const struct marker *m,
                             const as_lines *it, const as_line *line, size_t *n)
{
    size_t cursor = 0;
    double value;
    as_more more;
    while ((more = as_next_number(job->ctx, it, line, &cursor, &value)) == AS_ITEM) {
        double *row = as_rows_add(job->ctx, r->rows);
        if (!row) return AS_ERR;
        row[0] = m->pairs ? value : as_step_position(r->start, r->step, *n);
        row[1] = value;
        if (m->pairs)
            AS_TRY(as_need_number(job->ctx, it, line, &cursor, &row[1], "the intensity here"));
        if (m->times)
            AS_TRY(as_need_number(job->ctx, it, line, &cursor, &row[2], "the counting time here"));
        ++*n;
    }
    return more == AS_DONE ? AS_OK : AS_ERR;
}

static as_status finish_range(as_parse *job, reading *r, const struct marker *m, const as_where *at)
{
    as_unit unit;
    as_table *t = as_rows_table(job->ctx, r->rows);
    if (!t) return AS_ERR;
    if (isfinite(r->count) && (double)t->rows != r->count)
        return as_fail(job->ctx, AS_E_TRUNCATED, at, "%zu values, expected %.0f as _STEPCOUNT says",
                       t->rows, r->count);
    AS_TRY(as_unit_parse(job->ctx, t->arena, r->axis.unit, &unit));
    AS_TRY(as_name_column(job->ctx, t, 0, r->axis.column, AS_ROLE_X, unit));
    AS_TRY(as_name_column(job->ctx, t, 1, "intensity", AS_ROLE_Y, as_unit_of(m->unit)));
    if (m->times)
        AS_TRY(as_name_column(job->ctx, t, 2, "counting_time", AS_ROLE_OTHER, as_unit_of("s")));
    else
        t->n_columns = 2;
    AS_TRY(as_copy_meta(job->ctx, t, r->file));
    AS_TRY(as_copy_meta(job->ctx, t, r->range));
    AS_TRY(set_positions(job, r, t));
    AS_TRY(as_set_doublet(job->ctx, t, r->alpha1, r->alpha2, r->ratio, NULL));
    const as_meta *time = as_get_meta(t, "step_time");
    AS_TRY(as_add_counted_sigma(job->ctx, t, NULL, time ? time->number : NAN));
    if (m->pairs) check_grid(job, r, t, at);
    if (!as_get_meta(t, "scan_axis"))
        as_warn(job->ctx, t, at, "no _DRIVE: the scan is taken to be of 2Theta, where it starts");
    if (t->rows < r->last_n && r->start == r->last_start && r->step == r->last_step)
        as_warn(job->ctx, t, at, "%zu points, but the range before has %zu from the same start",
                t->rows, r->last_n);
    r->last_n = t->rows;
    r->last_start = r->start;
    r->last_step = r->step;
    as_warn_if_cut(job, t, false);
    r->range = NULL;
    return as_emit(job->out, job->ctx, t);
}

/* A first range whose header has no _DRIVE: what moves is the detector's drive if the scan starts where that
 * one stood, and no other stood there. */
static as_status begin_without_drive(as_parse *job, reading *r, const struct marker *m, const as_where *at)
{
    if (r->last_n > 0 || !isfinite(r->start) || r->start != r->two_theta || r->start == r->theta)
        return as_fail(job->ctx, AS_E_MISSING, at, "%s without _DRIVE", m->text);
    r->range = as_table_new(job->ctx, 0);
    return r->range ? as_axis_of(as_scratch(job->ctx), "2THETA", NULL, &r->axis) : AS_ERR;
}

/* From the line after the marker to the next key, comment or the end of the file. */
static as_status read_range(as_parse *job, reading *r, const struct marker *m, as_lines *it,
                            const as_where *at)
{
    if (!r->range) AS_TRY(begin_without_drive(job, r, m, at));
    if (!m->pairs && !(isfinite(r->start) && isfinite(r->step)))
        return as_fail(job->ctx, AS_E_MISSING, at, "%s without _START and _STEPSIZE", m->text);

    as_line line;
    as_more more;
    size_t n = 0;
    AS_TRY(as_need_line(job->ctx, it, &line, "the values of this range"));
    for (as_lines ahead = *it;; *it = ahead) {
        AS_TRY(read_values(job, r, m, it, &line, &n));
        more = as_next_line(job->ctx, &ahead, &line);
        if (more != AS_ITEM || line.text[0] == '_' || line.text[0] == ';') break;
    }
    return more == AS_FAILED ? AS_ERR : finish_range(job, r, m, at);
}

static const struct marker *find_marker(const char *text)
{
    for (size_t i = 0; i < AS_COUNT(markers); i++) {
        const size_t length = strlen(markers[i].text);
        if (strncmp(text, markers[i].text, length) == 0 && text[length] <= ' ') return &markers[i];
    }
    return NULL;
}

/* Some systems write decimal commas; the step says so. */
static char decimal_of(const char *text)
{
    const char *step = strstr(text, "_STEPSIZE");
    const size_t n = step ? strcspn(step, "\r\n") : 0;
    return step && memchr(step, ',', n) && !memchr(step, '.', n) ? ',' : '.';
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .decimal = decimal_of((const char *)job->in->data) };
    as_line line = { 0 };
    as_more more;
    size_t n_ranges = 0;
    reading r = { .file = as_table_new(job->ctx, 0), .rows = as_rows_new(job->ctx, 3),
                  .start = NAN, .step = NAN, .theta = NAN, .two_theta = NAN, .count = NAN,
                  .alpha1 = NAN, .alpha2 = NAN, .ratio = NAN };
    if (!r.file || !r.rows) return AS_ERR;

    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.text[0] == ';' || line.text[0] == '\0') continue;
        const struct marker *m = find_marker(line.text);
        if (!m) {
            AS_TRY(read_key(job, &r, &it, &line));
        } else if (read_range(job, &r, m, &it, &line.where) != AS_OK) {
            return as_while(job->ctx, "reading range %zu", n_ranges + 1);
        } else {
            n_ranges++;
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (n_ranges == 0 || r.range)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                       "the file ends in the header of range %zu, expected its values",
                       n_ranges + 1);
    return AS_OK;
}

static const char *const suffixes[] = { "uxd", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "the ranges of a pole figure", "assay read --list tests/corpus/xrd/pole-figure.uxd" }, { 0 }
};
static const char *const see_also[] = { "bruker-raw", NULL };

const as_parser as_parser_bruker_uxd = {
    .name = "bruker-uxd",
    .title = "Bruker DIFFRAC-AT UXD",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Bruker DIFFRAC-AT UXD diffractograms",
             .description = "Text: `_KEY=value` lines of the file, then for each range its own "
                            "from `_DRIVE` on, a marker and the values.\n\n"
                            "Each range becomes one series. Positions are in degrees of the drive "
                            "that moved; intensities in counts or counts per second, as the marker "
                            "says. Where the printed positions are rounder than the steps, a "
                            "warning says by how much. A first range without `_DRIVE` is read, with a "
                            "warning, where it starts at the stated `_2THETA` and not at `_THETA`.",
             .examples = examples,
             .see_also = see_also },
};
