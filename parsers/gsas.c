/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSAS powder data: text; a title, perhaps lines of comment with '#', then for each bank
 *   BANK number channels records BINNING c1 c2 c3 c4 TYPE
 * and its records. CONST bins have start c1 and step c2 in hundredths of a degree (or, beyond 180
 * degrees, in microseconds of flight). STD: ten fields of 8 columns, number of detectors and
 * counts; ESD: pairs of 8 columns, intensity and sigma; FXY, FXYE: position, intensity and sigma.
 */
#include <math.h>
#include <string.h>

#include "column_kernels.h"
#include "diffraction.h"
#include "number.h"

typedef enum { BIN_CONST, BIN_RALF, BIN_SLOG, BIN_OTHER } binning;
typedef enum { TYPE_STD, TYPE_ESD, TYPE_FXY, TYPE_FXYE, TYPE_OTHER } data_type;

typedef struct {
    as_parse *job;
    as_lines it;
    as_table *head; /* no rows: title and comments */
    /* of the bank at hand */
    double number, channels, c[4];
    binning bin;
    data_type type;
    const char *type_name, *bin_name;
    as_where at;
    bool contiguous; /* STD: no field tells detectors from counts, so all 8 columns are counts */
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char *bank = as_starts(head, "BANK ") ? head : strstr(head, "\nBANK ");
    if (!p->is_text || !bank) return AS_PROBE_NO;
    bank += strcspn(bank, "B");
    const char *end = bank + strcspn(bank, "\r\n");
    static const char *const bins[] = { " CONS", " RALF", " SLOG", " TIME_MAP",
                                        " LOG6", " LPSD", " EDS",  " COND" };
    for (size_t i = 0; i < AS_COUNT(bins); i++) {
        const char *found = strstr(bank, bins[i]);
        if (found && found < end) return AS_PROBE_VERIFIED;
    }
    return AS_PROBE_PLAUSIBLE;
}

static as_status read_bank(reading *r, const as_line *line)
{
    static const struct { const char *name; data_type type; } types[] = {
        { "STD", TYPE_STD }, { "ESD", TYPE_ESD }, { "FXYE", TYPE_FXYE }, { "FXY", TYPE_FXY },
    };
    as_field *f;
    size_t n, at = 5;
    AS_TRY(as_fields(r->job->ctx, line, 0, &f, &n));
    r->at = line->where;
    r->c[0] = r->c[1] = r->c[2] = r->c[3] = NAN;
    if (n < 6 || !as_read_number(f[1].text, f[1].length, '.', &r->number) ||
        !as_read_number(f[2].text, f[2].length, '.', &r->channels) || !(r->channels >= 1))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.60s', expected BANK number channels records binning c1 c2", line->text);
    r->bin_name = f[4].text;
    r->bin = as_starts(f[4].text, "CONS")   ? BIN_CONST
             : as_starts(f[4].text, "RALF") ? BIN_RALF
             : as_starts(f[4].text, "SLOG") ? BIN_SLOG
                                            : BIN_OTHER;
    for (size_t i = 0; i < 4 && at < n; i++, at++)
        if (!as_read_number(f[at].text, f[at].length, '.', &r->c[i])) break;
    r->type_name = at < n ? f[at].text : "STD";
    r->type = at < n ? TYPE_OTHER : TYPE_STD;
    for (size_t i = 0; i < AS_COUNT(types) && at < n; i++)
        if (as_same(f[at].text, types[i].name)) r->type = types[i].type;
    if (r->type == TYPE_OTHER || r->bin == BIN_OTHER)
        return as_fail(r->job->ctx, AS_E_FORMAT, &line->where,
                       "data of type %s in bins of type %s are not supported", r->type_name,
                       r->bin_name);
    return AS_OK;
}

/* --- records --------------------------------------------------------------------- */

static bool is_blank(const char *text, size_t n)
{
    return strspn(text, " ") >= n;
}

/* Ten fields I2,F6. Where in the file no field parts detectors from counts by a blank, a field that
 * is full is one number of up to 8 digits. */
static as_status read_std(reading *r, const as_line *line, as_rows *rows)
{
    for (size_t at = 0; at + 1 < line->length && (double)as_rows_count(rows) < r->channels;
         at += 8) {
        const size_t width = line->length - at < 8 ? line->length - at : 8;
        const char *field = line->text + at;
        double detectors = 1, counts;
        const as_where where = as_in_line(line, at, width);
        if (is_blank(field, width)) break;
        const size_t skip = r->contiguous || width <= 2 ? 0 : 2;
        if (skip && !is_blank(field, 2) && !as_read_number(field, 2, '.', &detectors))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "expected a number of detectors");
        if (!as_read_number(field + skip, width - skip, '.', &counts))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "'%.8s', expected counts", field);
        double *row = as_rows_add(r->job->ctx, rows);
        if (!row) return AS_ERR;
        row[1] = counts;
        row[2] = sqrt(fmax(counts, 1) / fmax(detectors, 1)); /* the mean of so many detectors */
    }
    return AS_OK;
}

/* Pairs of fields of 8 columns, or the same number of values between blanks. */
static as_status read_esd(reading *r, const as_line *line, as_rows *rows)
{
    double v[32];
    size_t n = 0;
    for (size_t at = 0; at < line->length && n < 32; at += 8) {
        const size_t width = line->length - at < 8 ? line->length - at : 8;
        if (is_blank(line->text + at, width)) break;
        if (!as_read_number(line->text + at, width, '.', &v[n])) {
            n = as_line_numbers(&r->it, line, 32, v);
            break;
        }
        n++;
    }
    if (n == 0 || n > 32 || n % 2)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.40s', expected pairs of intensity and sigma", line->text);
    for (size_t i = 0; i < n && (double)as_rows_count(rows) < r->channels; i += 2) {
        double *row = as_rows_add(r->job->ctx, rows);
        if (!row) return AS_ERR;
        row[1] = v[i];
        row[2] = v[i + 1] > 0 ? v[i + 1] : NAN;
    }
    return AS_OK;
}

static as_status read_fxy(reading *r, const as_line *line, as_rows *rows)
{
    double v[8];
    const size_t wanted = r->type == TYPE_FXYE ? 3 : 2;
    if (as_line_numbers(&r->it, line, 8, v) < wanted)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.40s', expected position, intensity%s", line->text,
                       wanted == 3 ? " and sigma" : "");
    double *row = as_rows_add(r->job->ctx, rows);
    if (!row) return AS_ERR;
    row[0] = v[0];
    row[1] = v[1];
    row[2] = wanted == 3 && v[2] > 0 ? v[2] : NAN;
    return AS_OK;
}

/* Whether no STD field of the file has a blank behind its two columns of detectors. */
static as_status look_for_detectors(reading *r)
{
    as_line line;
    as_more more;
    r->contiguous = true;
    for (as_lines ahead = r->it; (more = as_next_line(r->job->ctx, &ahead, &line)) == AS_ITEM;) {
        if (as_starts(line.text, "BANK")) break;
        for (size_t at = 0; r->contiguous && at + 3 <= line.length; at += 8)
            if (line.text[at + 1] != ' ' && line.text[at + 2] == ' ') r->contiguous = false;
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

/* --- a bank ------------------------------------------------------------------------ */

/* Positions of the bins, in the file's unit: hundredths of a degree or microseconds. */
static void fill_positions(const reading *r, double *x, size_t n)
{
    if (r->bin == BIN_CONST) {
        as_step_positions(r->c[0], r->c[1], n, x);
        return;
    }
    /* RALF: start, first step and start of the logarithmic part in 1/32 us, then dT/T */
    double at = r->c[0] / 32, step = r->c[1] / 32;
    for (size_t i = 0; i < n; i++) {
        x[i] = at;
        if (at >= r->c[2] / 32 && r->c[3] > 0) step = at * r->c[3];
        at += step;
    }
}

static as_status finish_bank(reading *r, as_rows *rows)
{
    as_ctx *ctx = r->job->ctx;
    as_table *t = as_rows_table(ctx, rows);
    if (!t) return AS_ERR;
    const size_t n = t->rows;
    double *x = t->column[0]->v.f;
    if (n == 0) return as_fail(ctx, AS_E_TRUNCATED, &r->at, "the bank has no data");
    if (r->type == TYPE_STD || r->type == TYPE_ESD) {
        if (r->bin == BIN_SLOG || !isfinite(r->c[0]) || !(r->c[1] > 0))
            return as_fail(ctx, AS_E_FORMAT, &r->at, "no positions: bins %s with data of type %s",
                           r->bin_name, r->type_name);
        fill_positions(r, x, n);
    }
    const bool flight = r->bin != BIN_CONST || x[n - 1] > 18000;
    for (size_t i = 0; i < n && !flight; i++) x[i] = as_step_position(x[i] / 100, 0, i);
    AS_TRY(as_name_column(ctx, t, 0, flight ? "time_of_flight" : "two_theta", AS_ROLE_X,
                          as_unit_of(flight ? "us" : "deg")));
    const as_unit y_unit = r->type == TYPE_STD ? as_unit_of("count") : AS_UNITLESS;
    AS_TRY(as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y, y_unit));
    AS_TRY(as_name_column(ctx, t, 2, "sigma", AS_ROLE_SIGMA, y_unit));
    if (r->type == TYPE_FXY) t->n_columns = 2; /* has none */
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_number(ctx, t, "vendor.bank", r->number, NAN, AS_UNITLESS, &r->at));
    if ((double)n < r->channels)
        as_warn(ctx, t, &r->at, "%zu channels, but BANK announces %.0f", n, r->channels);
    return as_emit(r->job->out, ctx, t);
}

static as_status read_records(reading *r)
{
    as_line line;
    as_more more;
    as_rows *rows = as_rows_new(r->job->ctx, 3);
    if (!rows) return AS_ERR;
    if (r->type == TYPE_STD) AS_TRY(look_for_detectors(r));
    for (as_lines ahead = r->it; (more = as_next_line(r->job->ctx, &ahead, &line)) == AS_ITEM;
         r->it = ahead) {
        if (as_starts(line.text, "BANK") || as_starts(line.text, "TIME_MAP")) break;
        if (line.text[0] == '#' || line.text[0] == 0x1a || is_blank(line.text, line.length))
            continue;
        if ((double)as_rows_count(rows) >= r->channels) continue;
        AS_TRY(r->type == TYPE_STD   ? read_std(r, &line, rows)
               : r->type == TYPE_ESD ? read_esd(r, &line, rows)
                                     : read_fxy(r, &line, rows));
    }
    return more == AS_FAILED ? AS_ERR : finish_bank(r, rows);
}

/* "# Calibrated wavelength = 0.413529" of beamline 11-BM and the like */
static as_status read_comment(reading *r, const as_line *line)
{
    static const as_known known[] = {
        { "Calibrated wavelength", "wavelength", "Angstrom" },
        { "User sample name", "sample", NULL },
        { "Temp (K)", "temperature", "K" },
        { "Scan time", "measured", NULL },
        { "Time per step (sec)", "step_time", "s" },
    };
    as_pair pair;
    as_line rest = *line;
    while (*rest.text == '#' || *rest.text == ' ') rest.text++, rest.length--;
    AS_TRY(as_split(r->job->ctx, &rest, '=', &pair));
    if (!strchr(rest.text, '='))
        return *rest.text ? as_set_vendor(r->job->ctx, r->head, "comment", rest.text, &line->where)
                          : AS_OK;
    AS_TRY(as_set_known(r->job->ctx, r->head, known, AS_COUNT(known), pair.key, pair.value,
                        &line->where));
    return strcmp(pair.key, "Calibrated wavelength") == 0
               ? as_set_meta(r->job->ctx, r->head, "wavelength_kind", "monochromatic", NULL,
                             &line->where)
               : AS_OK;
}

static as_status parse(as_parse *job)
{
    as_line line = { 0 };
    as_more more;
    size_t n_banks = 0;
    bool first = true;
    reading r = { .job = job, .it = { .in = job->in }, .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "BANK")) {
            AS_TRY(read_bank(&r, &line));
            if (read_records(&r) != AS_OK)
                return as_while(job->ctx, "reading bank %.0f", r.number);
            n_banks++;
        } else if (as_starts(line.text, "TIME_MAP")) {
            return as_fail(job->ctx, AS_E_FORMAT, &line.where, "time maps are not supported");
        } else if (line.text[0] == '#') {
            AS_TRY(read_comment(&r, &line));
        } else if (first) {
            const char *title = as_trim(as_scratch(job->ctx), line.text, line.length);
            if (!title) return AS_ERR;
            if (*title) AS_TRY(as_set_meta(job->ctx, r.head, "comment", title, NULL, &line.where));
        }
        first = false;
    }
    if (more == AS_FAILED) return AS_ERR;
    return n_banks
               ? AS_OK
               : as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before a BANK line");
}

static const char *const suffixes[] = { "gsa", "gss", "gda", "gsas", "fxye", "raw", "xra", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "counts of several detectors", "assay read tests/corpus/xrd/std.gsa" }, { 0 }
};
static const char *const see_also[] = { "pdcif", "riet7", NULL };

const as_parser as_parser_gsas = {
    .name = "gsas",
    .title = "GSAS powder data (STD, ESD, FXY, FXYE)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification, observed files; RALF by the specification only",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read GSAS powder data",
             .description =
                 "Text: each `BANK` becomes one series. CONST bins are in hundredths of a degree, "
                 "or "
                 "times of flight where they would go beyond 180 degrees. STD data are counts, "
                 "averaged over the detectors that each field names: sigma is sqrt(y/n). ESD and "
                 "FXYE "
                 "bring their sigma.\n\n"
                 "A bank with fewer channels than its line says is read with a warning. Known "
                 "gaps: "
                 "ALT data, time maps and energy-dispersive banks are refused.",
             .references =
                 (const char *const[]){ "Larson & Von Dreele 2004, GSAS, LAUR 86-748", NULL },
             .examples = examples,
             .see_also = see_also },
};
