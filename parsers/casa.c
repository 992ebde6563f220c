/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spectra that CasaXPS exports as text (tabs) or csv: blocks of a title, a line with the
 * characteristic energy and the acquisition time, lines of what was fitted (Name, Position ...), a
 * line of column names, and rows: kinetic and/or binding energy, counts or counts per second, the
 * components, the background and the envelope of the fit.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"
#include "number.h"
#include "text_end.h"

enum { MAX_COLUMNS = 256 };

typedef struct reading {
    as_parse *job;
    as_lines it;
    as_table *meta;     /* no rows: what stands above the columns */
    double seconds;     /* of counting per point */
    const char *region; /* as the names of columns end; NULL: it does not stand there */
    size_t n_blocks;
    bool titled; /* the title stood among the names: such files lack the last line end */
} reading;

static int probe_for(const as_probe *p, const char *mark, const char *energy)
{
    const char *at = strstr((const char *)p->head, mark);
    if (!at) return AS_PROBE_NO;
    return strstr(at, energy) || strstr(at, "\nBE_") || strstr(at, "\nKE_") ? AS_PROBE_MAGIC
                                                                            : AS_PROBE_PLAUSIBLE;
}

/* "B.E.<tab>Cycle 0:sample:region:CPS": the title stands among the names. */
static bool has_titled_names(const char *head)
{
    static const char *const begins[] = { "B.E.\tCycle ", "K.E.\tCycle " };
    for (size_t i = 0; i < AS_COUNT(begins); i++)
        for (const char *at = strstr(head, begins[i]); at; at = strstr(at + 1, begins[i]))
            if (at == head || at[-1] == '\n' || at[-1] == '\r') return true;
    return false;
}

static int probe_txt(const as_probe *p)
{
    if (has_titled_names((const char *)p->head)) return AS_PROBE_MAGIC;
    return probe_for(p, "Characteristic Energy eV\t", "\nK.E.\t");
}

static int probe_csv(const as_probe *p)
{
    const int commas = probe_for(p, "Characteristic Energy eV,", "\nB.E.,");
    return commas ? commas : probe_for(p, "Characteristic Energy eV;", "\nB.E.;");
}

/* --- above the columns ----------------------------------------------------------- */

static as_status open_block(reading *r)
{
    r->meta = as_table_new(r->job->ctx, 0);
    r->seconds = NAN;
    return r->meta ? AS_OK : AS_ERR;
}

static as_status read_energy(reading *r, const as_field *f, size_t n, const as_where *at)
{
    as_ctx *ctx = r->job->ctx;
    double v;
    for (size_t i = 0; i + 1 < n; i++) {
        if (!as_read_number(f[i + 1].text, f[i + 1].length, '.', &v) &&
            !(r->it.separator != ',' && as_read_number(f[i + 1].text, f[i + 1].length, ',', &v)))
            continue;
        if (as_starts(f[i].text, "Characteristic Energy"))
            AS_TRY(as_set_number(ctx, r->meta, "photon_energy", v, NAN, as_unit_of("eV"), at));
        if (as_starts(f[i].text, "Acquisition Time")) {
            r->seconds = v;
            AS_TRY(as_set_number(ctx, r->meta, "vendor.Acquisition Time", v, NAN, as_unit_of("s"),
                                 at));
        }
    }
    return AS_OK;
}

/* "Cycle 3:Ni:Survey", a path, or the name of the region. */
static as_status read_title(reading *r, const char *text, const as_where *at)
{
    as_ctx *ctx = r->job->ctx;
    double cycle;
    const char *rest;
    if (as_starts(text, "Cycle ") && as_leading_number(text + 6, &cycle, &rest) && *rest == ':') {
        const char *sample = rest + 1, *colon = strrchr(sample, ':');
        AS_TRY(as_set_number(ctx, r->meta, "vendor.Cycle", cycle, NAN, AS_UNITLESS, at));
        if (!colon) return as_set_meta(ctx, r->meta, "region", sample, NULL, at);
        const char *name = as_strndup(as_scratch(ctx), sample, (size_t)(colon - sample));
        if (!name) return AS_ERR;
        if (*name) AS_TRY(as_set_meta(ctx, r->meta, "sample", name, NULL, at));
        return as_set_meta(ctx, r->meta, "region", colon + 1, NULL, at);
    }
    if (strchr(text, '\\') || strchr(text, '/'))
        return as_set_vendor(ctx, r->meta, "file", text, at);
    return as_set_meta(ctx, r->meta, "region", text, NULL, at);
}

static as_status read_above(reading *r, const as_line *line, const as_field *f, size_t n)
{
    static const char *const fitted[] = { "Name", "Position", "FWHM", "Area", "Lineshape" };
    size_t first = 0;
    while (first < n && f[first].length == 0) first++;
    if (first == n) return AS_OK;
    if (as_starts(f[first].text, "Characteristic Energy"))
        return read_energy(r, f, n, &line->where);
    for (size_t i = 0; i < AS_COUNT(fitted); i++) {
        if (!as_same(f[first].text, fitted[i])) continue;
        const char *values =
            as_trim(as_scratch(r->job->ctx), line->text + f[first].at + f[first].length,
                    line->length - f[first].at - f[first].length);
        if (!values) return AS_ERR;
        return *values ? as_set_vendor(r->job->ctx, r->meta, fitted[i], values, &line->where)
                       : AS_OK;
    }
    return read_title(r, f[first].text, &line->where);
}

/* --- columns ------------------------------------------------------------------------ */

/* "Cycle 0:sample:region:CPS": what stands behind the last colon; NULL: it is no such name. */
static const char *titled_signal(const char *text)
{
    const char *colon = as_starts(text, "Cycle ") ? strrchr(text, ':') : NULL;
    return colon && (strcmp(colon, ":CPS") == 0 || strcmp(colon, ":Counts") == 0) ? colon + 1 : NULL;
}

typedef enum { ENERGY, SIGNAL, BACKGROUND, ENVELOPE, RESIDUAL, COMPONENT, EMPTY } meaning;

static meaning meaning_of(const char *text, const char **name, const char **unit)
{
    static const struct {
        const char *text, *name, *unit;
        meaning is;
    } known[] = {
        { "K.E", "kinetic_energy", "eV", ENERGY },      { "KE_", "kinetic_energy", "eV", ENERGY },
        { "B.E", "binding_energy", "eV", ENERGY },      { "BE_", "binding_energy", "eV", ENERGY },
        { "CPS", "intensity", "count/s", SIGNAL },      { "Counts", "intensity", "count", SIGNAL },
        { "Background", "baseline", NULL, BACKGROUND }, { "Envelope", "model", NULL, ENVELOPE },
        { "Residual", "residual", NULL, RESIDUAL },
    };
    if (titled_signal(text)) text = titled_signal(text);
    *name = text;
    *unit = NULL;
    if (!*text) return EMPTY;
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (as_starts(text, known[i].text)) {
            *name = known[i].name;
            *unit = known[i].unit;
            return known[i].is;
        }
    return COMPONENT;
}

/* "C 1s (CF)_3_C 1s 3" and "C 1s 3:C 1s (CF)_3" of the region "C 1s 3" -> C_1s_CF_3 */
static const char *component_name(const reading *r, const as_table *t, const char *text,
                                  const char *tail)
{
    const size_t region = r->region ? strlen(r->region) : 0;
    if (region && as_starts(text, r->region) && text[region] == ':') text += region + 1;
    size_t n = strlen(text), used = 0;
    if (region && n > region + 1 && as_same(text + n - region, r->region) &&
        text[n - region - 1] == '_')
        n -= region + 1;
    char *name = AS_NEW_N(t->arena, char, n + 24);
    if (!name) return NULL;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (plain)
            name[used++] = c;
        else if (used && name[used - 1] != '_')
            name[used++] = '_';
    }
    while (used && name[used - 1] == '_') used--;
    name[used] = '\0';
    if (used == 0 || (name[0] >= '0' && name[0] <= '9')) {
        memmove(name + 2, name, used + 1);
        memcpy(name, "c_", 2);
    }
    const char *out = as_format(t->arena, "%s%s", name, tail);
    for (unsigned k = 2; out && as_find_name(t, out); k++)
        out = as_format(t->arena, "%s%s_%u", name, tail, k);
    return out;
}

/* Which columns there are: the first energy is x, the first signal y; a second group, of the same
 * curves per second, stands beside with other names. */
static as_status name_columns(reading *r, as_table *t, const as_field *f, size_t n)
{
    as_ctx *ctx = r->job->ctx;
    size_t n_energies = 0, n_signals = 0;
    as_unit unit = AS_UNITLESS;
    for (size_t i = 0; i < n; i++) {
        const char *name, *symbol;
        const meaning is = meaning_of(f[i].text, &name, &symbol);
        const char *tail = n_signals > 1 ? "_rate" : "";
        as_role role = AS_ROLE_OTHER;
        if (is == EMPTY) continue;
        if (is == ENERGY) role = n_energies++ ? AS_ROLE_OTHER : AS_ROLE_X;
        if (is == SIGNAL) {
            role = n_signals++ ? AS_ROLE_OTHER : AS_ROLE_Y;
            unit = as_unit_of(symbol);
            if (n_signals > 1) tail = "_rate";
        } else if (n_signals == 1 && is != ENERGY) {
            role = is == BACKGROUND  ? AS_ROLE_BASELINE
                   : is == ENVELOPE  ? AS_ROLE_MODEL
                   : is == COMPONENT ? AS_ROLE_COMPONENT
                                     : AS_ROLE_OTHER;
        }
        name = component_name(r, t, name, is == ENERGY ? "" : tail);
        if (!name) return AS_ERR;
        AS_TRY(as_name_column(ctx, t, i, name, role, is == ENERGY ? as_unit_of("eV") : unit));
    }
    if (n_energies && n_signals) return AS_OK;
    const as_where at = { .file = r->job->in->name, .line = r->it.number };
    return as_fail(ctx, AS_E_SYNTAX, &at, "no column of %s among the names",
                   n_energies ? "counts" : "energies");
}

/* The title among the names goes to the metadata. Two of them are two spectra beside each other. */
static as_status read_titled_names(reading *r, const as_field *f, size_t n, const as_where *at)
{
    const char *title = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *signal = titled_signal(f[i].text);
        if (!signal) continue;
        if (title)
            return as_fail(r->job->ctx, AS_E_SYNTAX, at, "'%.60s' beside another spectrum, expected one below "
                           "the other", f[i].text);
        title = as_strndup(as_scratch(r->job->ctx), f[i].text, (size_t)(signal - 1 - f[i].text));
        if (!title) return AS_ERR;
        AS_TRY(read_title(r, title, at));
        r->titled = true;
    }
    return AS_OK;
}

/* Columns without a name stand between the groups and hold nothing. */
static void drop_unnamed(as_table *t, const as_field *f)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        if (f[i].length > 0) t->column[n++] = t->column[i];
    t->n_columns = n;
}

/* --- rows ----------------------------------------------------------------------------- */

static as_status read_rows(reading *r, size_t n, as_rows *rows, size_t needed)
{
    double v[MAX_COLUMNS];
    as_line line;
    as_more more;
    as_lines ahead = r->it;
    while ((more = as_next_line(r->job->ctx, &ahead, &line)) == AS_ITEM) {
        for (size_t k = 0; k < n; k++) v[k] = NAN;
        if (ahead.separator != ',' && memchr(line.text, ',', line.length)) ahead.decimal = ',';
        const size_t found = as_line_numbers(&ahead, &line, n, v);
        const bool is_number = (line.text[0] >= '0' && line.text[0] <= '9') || line.text[0] == '-';
        if (!is_number) break;
        if (found < needed)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s', expected %zu numbers as there are names", line.text, needed);
        double *row = as_rows_add(r->job->ctx, rows);
        if (!row) return AS_ERR;
        memcpy(row, v, n * sizeof *v);
        r->it = ahead;
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static as_status read_block(reading *r, const as_line *head, const as_field *f, size_t n)
{
    as_ctx *ctx = r->job->ctx;
    while (n > 0 && f[n - 1].length == 0) n--;
    if (n < 2 || n > MAX_COLUMNS)
        return as_fail(ctx, AS_E_SYNTAX, &head->where, "%zu columns, expected 2 to %d", n,
                       MAX_COLUMNS);
    AS_TRY(read_titled_names(r, f, n, &head->where));
    as_rows *rows = as_rows_new(ctx, n);
    if (!rows) return AS_ERR;
    AS_TRY(read_rows(r, n, rows, n));
    if (as_rows_count(rows) == 0)
        return as_fail(ctx, AS_E_TRUNCATED, &head->where, "names of columns without rows");
    as_table *t = as_rows_table(ctx, rows);
    if (!t) return AS_ERR;
    const char *region = strchr(f[0].text, '_');
    const as_meta *said = as_get_meta(r->meta, "region");
    r->region = region ? region + 1 : said ? said->text : NULL;
    AS_TRY(name_columns(r, t, f, n));
    drop_unnamed(t, f);
    AS_TRY(as_copy_meta(ctx, t, r->meta));
    if (r->region && !as_get_meta(t, "region"))
        AS_TRY(as_set_meta(ctx, t, "region", r->region, NULL, &head->where));
    AS_TRY(as_lift_components(ctx, t));
    AS_TRY(as_add_electron_sigma(ctx, t, r->seconds));
    r->n_blocks++;
    AS_TRY(as_emit(r->job->out, ctx, t));
    return open_block(r);
}

static bool is_head(const as_field *f, size_t n)
{
    const char *name, *unit;
    return n > 1 && meaning_of(f[0].text, &name, &unit) == ENERGY;
}

static as_status parse_with(as_parse *job, char separator)
{
    reading r = { .job = job, .it = { .in = job->in, .separator = separator } };
    as_line line = { 0 };
    as_more more;
    AS_TRY(open_block(&r));
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        as_field *f;
        size_t n;
        double v;
        AS_TRY(as_fields(job->ctx, &line, separator, &f, &n));
        if (n == 0) continue;
        if (is_head(f, n))
            AS_TRY(read_block(&r, &line, f, n));
        else if (as_read_number(f[0].text, f[0].length, '.', &v))
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "'%.40s': a row without names of columns above", line.text);
        else
            AS_TRY(read_above(&r, &line, f, n));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (r.n_blocks == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before any spectrum");
    if (!r.titled || !as_ends_with_tabs(job->in)) as_warn_if_cut(job, NULL, false);
    return AS_OK;
}

static as_status parse_txt(as_parse *job)
{
    return parse_with(job, '\t');
}

static as_status parse_csv(as_parse *job)
{
    return parse_with(job, strstr((const char *)job->in->data, "Characteristic Energy eV;") ? ';' : ',');
}

static const char *const txt_suffixes[] = { "txt", NULL }, *const csv_suffixes[] = { "csv", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example txt_examples[] = {
    { "a report of two cycles", "assay read --list tests/corpus/xps/casa.txt" }, { 0 }
};
static const as_example csv_examples[] = {
    { "a fit with its components", "assay read tests/corpus/xps/casa.csv" }, { 0 }
};
static const char *const txt_see[] = { "casa-csv", "vamas", NULL };
static const char *const csv_see[] = { "casa-txt", "vamas", NULL };

#define DESCRIPTION                                                                                \
    "Each block becomes a series; its title stands above, or among the names as "                   \
    "`Cycle 0:sample:region:CPS`. The first energy is x, the first signal y; background, "         \
    "envelope "                                                                                    \
    "and components of the fit keep their columns with the roles baseline, model and component. "  \
    "CasaXPS draws components on the background: it is taken off, so that baseline and "           \
    "components "                                                                                  \
    "add up to the model, where the file's envelope agrees. A second group of columns per second " \
    "stands beside under names ending in `_rate`."

const as_parser as_parser_casa_txt = {
    .name = "casa-txt",
    .title = "CasaXPS text",
    .suffixes = txt_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_txt,
    .parse = parse_txt,
    .doc = { .summary = "read spectra and fits exported by CasaXPS as text",
             .description = DESCRIPTION,
             .examples = txt_examples,
             .see_also = txt_see },
};

const as_parser as_parser_casa_csv = {
    .name = "casa-csv",
    .title = "CasaXPS csv",
    .suffixes = csv_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_csv,
    .parse = parse_csv,
    .doc = { .summary = "read spectra and fits exported by CasaXPS as csv",
             .description = DESCRIPTION,
             .examples = csv_examples,
             .see_also = csv_see },
};
