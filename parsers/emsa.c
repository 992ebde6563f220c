/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EMSA/MAS spectra (ISO 22029; .msa, .emsa): lines "#KEYWORD : value", of which #OFFSET and #XPERCHAN are the axis,
 * #SPECTRUM, then y alone or pairs of x and y with commas behind them, #ENDOFDATA.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"
#include "text_end.h"

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "#FORMAT")) return AS_PROBE_NO;
    const char *value = head + strcspn(head, ":\r\n");
    if (*value != ':') return AS_PROBE_NO;
    value += 1 + strspn(value + 1, " \t");
    return as_starts(value, "EMSA/MAS") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

typedef struct reading {
    as_parse *job;
    as_table *facts; /* of the spectrum on its way, without rows */
    as_where where;  /* where it begins */
    bool inside, pairs;
    double points, offset, step; /* NaN: not stated */
    const char *x_unit, *y_unit, *x_label, *signal, *date, *time, *title;
    as_rows *rows; /* x and y; x is NaN where it is counted */
    double odd;    /* an x whose y is to come; NaN: none */
} reading;

static as_status begin(reading *r, const as_where *where)
{
    as_parse *job = r->job;
    *r = (reading){ .job = job, .facts = as_table_new(job->ctx, 0), .rows = as_rows_new(job->ctx, 2),
                    .where = *where, .points = NAN, .offset = NAN, .step = NAN, .odd = NAN,
                    .x_unit = "", .y_unit = "", .x_label = "", .signal = "", .date = "", .time = "", .title = "" };
    return r->facts && r->rows ? AS_OK : AS_ERR;
}

/* --- header -------------------------------------------------------------------------------- */
static as_status take_number(reading *r, const char *value, double *out, const as_where *where)
{
    const size_t used = as_scan_number(value, strlen(value), '.', out);
    if (used > 0 && (!value[used] || value[used] == ' ')) return AS_OK;
    return as_fail(r->job->ctx, AS_E_SYNTAX, where, "'%.40s' found, expected a number", value);
}

/* `full`: the key with its unit, "ELEVANGLE-dg", of what has no name here. */
static as_status take_fact(reading *r, const char *key, const char *full, const char *value, const as_where *where)
{
    static const as_known known[] = {
        { "OWNER", "operator", NULL },       { "BEAMKV", "beam_voltage", "kV" }, { "LIVETIME", "live_time", "s" },
        { "REALTIME", "real_time", "s" },    { "DWELLTIME", "dwell_time", "ms" }, { "COMMENT", "comment", NULL },
        { "THICKNESS", "thickness", "nm" },
    };
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (as_same(known[i].key, key))
            return as_set_measure(r->job->ctx, r->facts, known, AS_COUNT(known), known[i].key, value, where);
    return as_set_vendor(r->job->ctx, r->facts, full, value, where);
}

/* "#LIVETIME  -s: 30.0" */
static as_status take_header(reading *r, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    const struct { const char *key; double *number; const char **text; } own[] = {
        { "NPOINTS", &r->points, NULL }, { "OFFSET", &r->offset, NULL },  { "XPERCHAN", &r->step, NULL },
        { "XUNITS", NULL, &r->x_unit },  { "YUNITS", NULL, &r->y_unit },  { "XLABEL", NULL, &r->x_label },
        { "SIGNALTYPE", NULL, &r->signal }, { "DATE", NULL, &r->date },   { "TIME", NULL, &r->time },
        { "TITLE", NULL, &r->title },
    };
    const char *colon = strchr(line->text, ':');
    if (!colon) return AS_OK;
    const char *key = as_strndup(as_scratch(ctx), line->text + 1, strcspn(line->text + 1, " \t-:"));
    const char *full = as_trim(as_scratch(ctx), line->text + 1, (size_t)(colon - line->text) - 1);
    const char *value = as_trim(as_scratch(ctx), colon + 1, strlen(colon + 1));
    if (!key || !full || !value) return AS_ERR;
    if (as_same(key, "DATATYPE")) {
        r->pairs = as_same(value, "XY");
        if (r->pairs || as_same(value, "Y")) return AS_OK;
        return as_fail(ctx, AS_E_FORMAT, &line->where, "data of type '%.20s', expected Y or XY", value);
    }
    for (size_t i = 0; i < AS_COUNT(own); i++) {
        if (!as_same(key, own[i].key)) continue;
        if (own[i].number) return take_number(r, value, own[i].number, &line->where);
        *own[i].text = value;
        return AS_OK;
    }
    if (as_same(key, "FORMAT") || as_same(key, "VERSION") || as_same(key, "NCOLUMNS") || !value[0]) return AS_OK;
    return take_fact(r, key, full, value, &line->where);
}

/* --- numbers -------------------------------------------------------------------------------- */
static as_status take_values(reading *r, const as_line *line)
{
    as_ctx *ctx = r->job->ctx;
    for (size_t at = strspn(line->text, " \t,"); at < line->length; at += strspn(line->text + at, " \t,")) {
        double v;
        const size_t used = as_scan_number(line->text + at, line->length - at, '.', &v);
        const as_where where = as_in_line(line, at, used ? used : 1);
        if (used == 0) return as_fail(ctx, AS_E_SYNTAX, &where, "'%.20s' found, expected a number", line->text + at);
        at += used;
        if (r->pairs && isnan(r->odd)) {
            r->odd = v;
            continue;
        }
        double *row = as_rows_add(ctx, r->rows);
        if (!row) return AS_ERR;
        row[0] = r->pairs ? r->odd : NAN;
        row[1] = v;
        r->odd = NAN;
    }
    return AS_OK;
}

/* --- spectrum ------------------------------------------------------------------------------- */
/* "eV", "keV", "Energy (EV)", "nm". */
static const char *unit_of(as_ctx *ctx, const char *text)
{
    const char *open = strchr(text, '(');
    as_unit unit;
    if (open) text = as_strndup(as_scratch(ctx), open + 1, strcspn(open + 1, ")"));
    if (!text || !text[0]) return "1";
    if (as_same(text, "eV")) return "eV";
    if (as_same(text, "keV")) return "keV";
    return as_unit_parse(ctx, as_scratch(ctx), text, &unit) == AS_OK && !unit.opaque ? text : "1";
}

static as_spectrum_kind kind_of(const reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const char *x = unit_of(ctx, r->x_unit), *y = unit_of(ctx, r->y_unit);
    as_spectrum_kind kind = { "x", x, "intensity", y, NULL };
    const as_unit unit = as_unit_of(x), ev = as_unit_of("eV"), nm = as_unit_of("nm"), count = as_unit_of("count"),
                  of_y = as_unit_of(y);
    const bool electrons = as_same(r->signal, "PES") || as_same(r->signal, "AES");
    if (as_unit_same_dimension(&unit, &nm)) kind.x = "wavelength";
    if (as_unit_same_dimension(&unit, &ev) && as_same(r->signal, "ELS")) kind.x = "energy_loss";
    else if (as_unit_same_dimension(&unit, &ev) && electrons)
        kind.x = as_find_text(r->x_label, "bind") ? "binding_energy" : "kinetic_energy";
    else if (as_unit_same_dimension(&unit, &ev)) kind.x = "photon_energy";
    if (electrons) kind.technique = "xps";
    if (of_y.dim[AS_DIM_COUNT] == 0) kind.y_unit = as_unit_same_dimension(&of_y, &count) ? y : "1";
    return kind;
}

static as_status set_facts(reading *r, as_table *t)
{
    as_ctx *ctx = r->job->ctx;
    AS_TRY(as_copy_meta(ctx, t, r->facts));
    if (r->signal[0]) AS_TRY(as_set_meta(ctx, t, "technique_name", r->signal, NULL, &r->where));
    if (r->title[0] && !(t->label = as_strdup(t->arena, r->title))) return AS_ERR;
    if (r->x_label[0]) AS_TRY(as_set_vendor(ctx, t, "XLABEL", r->x_label, &r->where));
    if (!r->date[0]) return AS_OK;
    const char *when = as_format(as_scratch(ctx), "%s%s%s", r->date, r->time[0] ? " " : "", r->time);
    return when ? as_set_measured(ctx, t, when, false, &r->where) : AS_ERR;
}

static as_status end(reading *r)
{
    as_ctx *ctx = r->job->ctx;
    const size_t n = as_rows_count(r->rows);
    const as_where where = { .file = r->job->in->name };
    if (!isnan(r->odd)) return as_fail(ctx, AS_E_TRUNCATED, &where, "the last x has no y");
    if (n == 0) return as_fail(ctx, AS_E_MISSING, &where, "no numbers behind '#SPECTRUM'");
    if (isnan(r->points))
        return as_fail(ctx, AS_E_MISSING, &where, "no '#NPOINTS' that says how many numbers there are");
    if ((double)n != r->points)
        return as_fail(ctx, (double)n < r->points ? AS_E_TRUNCATED : AS_E_SYNTAX, &where,
                       "%zu points, expected %g as '#NPOINTS' says", n, r->points);
    if (!r->pairs && (isnan(r->offset) || isnan(r->step) || r->step == 0))
        return as_fail(ctx, AS_E_MISSING, &where, "no axis: '#OFFSET' and '#XPERCHAN' of y alone");
    const as_table *all = as_rows_table(ctx, r->rows);
    double *x = AS_NEW_N(as_scratch(ctx), double, n);
    if (!all || !x) return AS_ERR;
    for (size_t i = 0; i < n; i++) x[i] = r->pairs ? all->column[0]->v.f[i] : r->offset + r->step * (double)i;
    const as_spectrum_kind kind = kind_of(r);
    as_table *t = as_spectrum_of(ctx, &kind, n, x, all->column[1]->v.f);
    if (!t) return AS_ERR;
    AS_TRY(set_facts(r, t));
    return as_emit(r->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    as_ctx *ctx = job->ctx;
    reading *r = AS_NEW(as_scratch(ctx), reading);
    as_lines it = { .in = job->in };
    as_line line;
    as_more more;
    size_t count = 0;
    const as_where where = { .file = job->in->name, .line = 1 };
    if (!r) return AS_ERR;
    r->job = job;
    AS_TRY(begin(r, &where));
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "#ENDOFDATA")) {
            AS_TRY(end(r));
            AS_TRY(begin(r, &line.where));
            count++;
        } else if (as_starts(line.text, "#SPECTRUM")) {
            r->inside = true;
        } else if (line.text[0] == '#') {
            AS_TRY(take_header(r, &line));
        } else if (r->inside) {
            AS_TRY(take_values(r, &line));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r->inside) {
        as_warn_if_cut(job, NULL, true);
        as_warn(ctx, NULL, &where, "no '#ENDOFDATA' at the end");
        AS_TRY(end(r));
        count++;
    }
    return count ? AS_OK : as_fail(ctx, AS_E_FORMAT, &where, "no '#SPECTRUM' in it");
}

static const char *const suffixes[] = { "msa", "emsa", "ems", NULL };
static const char *const techniques[] = { "xps", "generic", NULL };
static const as_example examples[] = {
    { "the X-ray spectrum of a microscope", "assay read tests/corpus/generic/eds.msa | head -24" }, { 0 }
};
static const char *const see_also[] = { "vamas", "delimited", NULL };

const as_parser as_parser_emsa = {
    .name = "emsa",
    .title = "EMSA/MAS spectra (ISO 22029)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read EMSA/MAS spectra of electron microscopes",
             .description =
                 "Spectra of X-rays, energy losses, light and electrons as the programs of electron microscopes export "
                 "them. x is counted from `#OFFSET` in steps of `#XPERCHAN` or stands beside y; what it is "
                 "follows from `#SIGNALTYPE` (EDS: energy of photons, ELS: energy loss, PES and AES: energies of "
                 "electrons) and `#XUNITS`. The number of points must be what `#NPOINTS` says. Several spectra may "
                 "follow each other.",
             .examples = examples,
             .see_also = see_also },
};
