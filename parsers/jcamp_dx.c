/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JCAMP-DX 4.24 to 6: text; blocks of labelled records, perhaps inside each other (LINK); in each
 * the tables XYDATA, XYPOINTS, PEAK TABLE, PEAK ASSIGNMENTS or RADATA, or the pages of NTUPLES.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "jcamp.h"
#include "number.h"
#include "infrared.h"
#include "vocabulary.h"

enum { DEEPEST = 16 }; /* blocks inside each other */

typedef struct settings {
    int check;
} settings;

static const as_choice checks[] = {
    { "refuse", 0, "the file is damaged" },
    { "warn", 1, "it is read as it stands" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(settings, check, "checks", "refuse", checks,
              "what to do where the check values in the table prove it to be damaged"),
    AS_PARAMS_END
};

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') at++;
    while (at[0] == '$' && at[1] == '$') { /* comments */
        at += strcspn(at, "\r\n");
        at += strspn(at, "\r\n \t");
    }
    if (!as_starts(at, "##")) return AS_PROBE_NO;
    at += 2 + strspn(at + 2, " \t");
    if (!as_starts(at, "TITLE") && !as_starts(at, "JCAMP")) return AS_PROBE_NO;
    const bool version = as_find_text(at, "JCAMP-DX") || as_find_text(at, "JCAMPDX");
    const bool table = as_find_text(at, "XYDATA") || as_find_text(at, "XYPOINTS") ||
                       as_find_text(at, "PEAK TABLE") || as_find_text(at, "PEAKTABLE");
    return version ? AS_PROBE_VERIFIED : table ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

/* --- metadata ------------------------------------------------------------------------- */
/* Records that say how the table is written; what they say is in the columns. */
static bool is_structure(const char *label)
{
    static const char *const labels[] = {
        "XUNITS", "YUNITS", "FIRSTX", "LASTX", "FIRSTY", "LASTY", "MAXX", "MINX", "MAXY", "MINY",
        "XFACTOR", "YFACTOR", "DELTAX", "NPOINTS", "END", "BLOCKS", "RUNITS", "AUNITS", "FIRSTR",
        "LASTR", "DELTAR", "FIRSTA", "MAXA", "MINA", "RFACTOR", "AFACTOR", "DATE", "TIME",
        "LONGDATE", "ENDNTUPLES", "SYMBOL", "VARFORM", "VARDIM", "VARTYPE", "UNITS", "FIRST",
        "LAST", "MIN", "MAX", "FACTOR", "PAGE", "VARNAME", "$XCOLUMN", "$YCOLUMN"
    };
    for (size_t i = 0; i < AS_COUNT(labels); i++)
        if (strcmp(label, labels[i]) == 0) return true;
    return false;
}

/* DATE is yy/mm/dd by the protocol, which many did not read; what cannot be that stays as it is. */
static as_status set_date(as_parse *job, as_table *t, const as_jcamp_block *b)
{
    const as_ldr *stamp = as_find_ldr(b, "LONGDATE"), *date = as_find_ldr(b, "DATE");
    const char *time = as_ldr_text(b, "TIME");
    double v[3];
    if (!stamp) stamp = date;
    if (!stamp) return AS_OK;
    const char *text = stamp->value, *at = text;
    bool plain = stamp == date && strlen(text) == 8;
    for (size_t i = 0; plain && i < 3; i++, at += 3)
        plain = as_read_number(at, 2, '.', &v[i]) && (i == 2 || at[2] == '/');
    if (plain && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31)
        text = as_format(as_scratch(job->ctx), "%d-%02d-%02d",
                         (int)v[0] + (v[0] < 60 ? 2000 : 1900), (int)v[1], (int)v[2]);
    if (text && time[0] && !strchr(text, ':'))
        text = as_format(as_scratch(job->ctx), "%s %s", text, time);
    return text ? as_set_measured(job->ctx, t, text, false, &stamp->where) : AS_ERR;
}

/* ##$KEY= as our own exporter writes what the format has no label for: back under its key. */
static as_status set_own(as_parse *job, as_table *t, const as_jcamp_block *b, const as_ldr *r,
                         bool *done)
{
    const as_ldr *version = as_find_ldr(b, "JCAMPDX");
    const bool ours = version && version->note && strncmp(version->note, "assay", 5) == 0;
    const as_word_entry *known =
        r->name[0] == '$' && ours ? as_vocabulary(AS_WORD_META, r->name + 1) : NULL;
    double value;
    *done = known != NULL;
    if (!known) return AS_OK;
    const bool place = strlen(known->name) == 1; /* x, y, z of a map: numbers with a unit of their own */
    const size_t n = *known->unit || place ? as_scan_number(r->value, strlen(r->value), '.', &value) : 0;
    if (n == 0) return as_set_meta(job->ctx, t, known->name, r->value, NULL, &r->where);
    const char *number = as_strndup(as_scratch(job->ctx), r->value, n);
    const char *unit = r->value + n + strspn(r->value + n, " ");
    if (!number) return AS_ERR;
    return as_set_meta(job->ctx, t, known->name, number, *unit ? unit : "1", &r->where);
}

static as_status set_block_meta(as_parse *job, as_table *t, const as_jcamp_block *b)
{
    static const as_known known[] = {
        { "SAMPLEDESCRIPTION", "sample", NULL },
        { "SPECTROMETERDATASYSTEM", "instrument", NULL },
        { "COMMENTS", "comment", NULL },
        { ".AVERAGES", "accumulations", "1" },
    };
    for (size_t i = 0; i < b->n; i++) {
        const as_ldr *r = &b->ldr[i];
        const bool mine = strcmp(r->label, "RESOLUTION") == 0 &&
                          (as_find_name(t, "wavenumber") || as_find_name(t, "raman_shift"));
        if (r->table || !r->value[0] || is_structure(r->label)) continue;
        if (b->at && as_find_ldr(b, r->label) != r) continue; /* of another table */
        bool done;
        AS_TRY(set_own(job, t, b, r, &done));
        if (done) continue;
        if (strcmp(r->label, "JCAMPDX") == 0 && r->note && r->note[0])
            AS_TRY(as_set_meta(job->ctx, t, "software", r->note, NULL, &r->where));
        if (mine && !isnan(as_ldr_number(b, "RESOLUTION")))
            AS_TRY(as_set_number(job->ctx, t, "resolution", as_ldr_number(b, "RESOLUTION"), NAN,
                                 as_unit_of("cm-1"), &r->where));
        else if (as_get_meta(t, "comment") && strcmp(r->label, "COMMENTS") == 0)
            AS_TRY(as_set_vendor(job->ctx, t, r->name, r->value, &r->where));
        else
            AS_TRY(as_set_known(job->ctx, t, known, AS_COUNT(known),
                                r->label[0] == '$' ? r->name : r->label, r->value, &r->where));
    }
    if (b->parent) {
        const as_ldr *title = as_find_ldr(b->parent, "TITLE");
        if (title)
            AS_TRY(as_set_vendor(job->ctx, t, "LINK.TITLE", title->value, &title->where));
    }
    return set_date(job, t, b);
}

/* --- one table --------------------------------------------------------------------------- */
typedef struct reading {
    as_schema main;
    size_t n_tables, n_blocks;
    size_t n_empty; /* tables of no peaks */
} reading;

/* Titles of several lines, as Bruker writes them; all of it stays under vendor.TITLE. */
static const char *in_one_line(as_arena *a, const char *text)
{
    char *out = as_strdup(a, text);
    for (char *c = out; c && *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
    return out;
}

static as_status finish(as_parse *job, reading *r, as_table *t, const as_jcamp_block *b,
                        const char *part)
{
    const char *title = as_ldr_text(b, "TITLE");
    AS_TRY(set_block_meta(job, t, b));
    if (title[0] && !(t->label = in_one_line(t->arena, title))) return AS_ERR;
    if (part) AS_TRY(as_set_meta(job->ctx, t, "part", part, NULL, NULL));
    if (!b->ended)
        as_warn(job->ctx, t, NULL, "no ##END=: the file may be cut");
    as_keep_schema(&r->main, t);
    r->n_tables++;
    return as_emit(job->out, job->ctx, t);
}

static double number_of(as_ctx *ctx, const as_jcamp_block *b, const char *before, char letter,
                        const char *after)
{
    const char *label = as_format(as_scratch(ctx), "%s%c%s", before, letter, after);
    return label ? as_ldr_number(b, label) : (double)NAN;
}

/* XYDATA and its like; RADATA says R and A for X and Y. */
static as_status read_plain(as_parse *job, reading *r, const as_jcamp_block *b, const as_ldr *data)
{
    const bool ra = strcmp(data->label, "RADATA") == 0;
    const char x = ra ? 'R' : 'X', y = ra ? 'A' : 'Y';
    const settings *set = job->settings;
    as_ctx *ctx = job->ctx;
    as_table *t;
    const as_jcamp_axes axes = { .first = number_of(ctx, b, "FIRST", x, ""),
                                 .last = number_of(ctx, b, "LAST", x, ""),
                                 .delta = number_of(ctx, b, "DELTA", x, ""),
                                 .x_factor = number_of(ctx, b, "", x, "FACTOR"),
                                 .y_factor = number_of(ctx, b, "", y, "FACTOR"),
                                 .points = as_ldr_number(b, "NPOINTS"),
                                 .y_first = number_of(ctx, b, "FIRST", y, ""),
                                 .y_min = number_of(ctx, b, "MIN", y, ""),
                                 .y_max = number_of(ctx, b, "MAX", y, ""),
                                 .page = as_jcamp_is_peaks(data),
                                 .strict = set->check == 0 };
    AS_TRY(as_jcamp_table(job, b, data, &axes, &t));
    const as_jcamp_words words = { as_ldr_text(b, ra ? "RUNITS" : "XUNITS"),
                                   as_ldr_text(b, ra ? "AUNITS" : "YUNITS"),
                                   as_ldr_text(b, "$XCOLUMN"), as_ldr_text(b, "$YCOLUMN") };
    AS_TRY(as_jcamp_name(job, t, as_ldr_text(b, "DATATYPE"), &words, &data->where));
    return finish(job, r, t, b, NULL);
}

/* --- NTUPLES -------------------------------------------------------------------------------- */
/* Entry k of a list by commas; "" where it has none. In scratch. */
static const char *entry(as_ctx *ctx, const char *list, size_t k)
{
    for (; k > 0; k--) {
        list = strchr(list, ',');
        if (!list) return "";
        list++;
    }
    return as_trim(as_scratch(ctx), list, strcspn(list, ","));
}

static double entry_number(as_ctx *ctx, const as_jcamp_block *b, const char *label, size_t k)
{
    double value;
    const char *text = entry(ctx, as_ldr_text(b, label), k);
    return text && as_read_number(text, strlen(text), '.', &value) ? value : (double)NAN;
}

/* The variable whose symbol begins at `text`; SIZE_MAX: none. */
static size_t variable_of(as_ctx *ctx, const as_jcamp_block *b, const char *text)
{
    const char *symbols = as_ldr_text(b, "SYMBOL");
    for (size_t k = 0; k < 64; k++) {
        const char *symbol = entry(ctx, symbols, k);
        if (!symbol || !symbol[0]) return SIZE_MAX;
        if (as_starts(text, symbol)) return k;
    }
    return SIZE_MAX;
}

/* "T=0.5": a coordinate of the page, by the name and unit of its variable. */
static as_status set_page(as_parse *job, as_table *t, const as_jcamp_block *b, const char *page)
{
    const size_t k = variable_of(job->ctx, b, page);
    const char *value = strchr(page, '=');
    if (!page[0]) return AS_OK;
    if (k == SIZE_MAX || !value) return as_set_vendor(job->ctx, t, "PAGE", page, NULL);
    const char *name = entry(job->ctx, as_ldr_text(b, "VARNAME"), k);
    const char *unit = entry(job->ctx, as_ldr_text(b, "UNITS"), k);
    const char *text = as_trim(as_scratch(job->ctx), value + 1, strlen(value + 1));
    double number;
    if (!name || !unit || !text) return AS_ERR;
    const as_ir_axis axis = as_ir_x(unit);
    const bool is_number = as_read_number(text, strlen(text), '.', &number);
    if (is_number && (strcmp(axis.column, "time") == 0 || as_find_text(name, "TIME")) && unit[0])
        return as_set_number(job->ctx, t, "time", number, NAN, as_unit_of(axis.unit), NULL);
    as_heading h;
    AS_TRY(as_heading_of(job->ctx, name, unit, &h));
    if (is_number && h.known && h.stated && as_vocabulary(AS_WORD_META, h.name))
        return as_set_number(job->ctx, t, h.name, number, NAN, h.unit, NULL);
    return as_set_vendor(job->ctx, t, name[0] ? name : "PAGE", text, NULL);
}

/* The columns of "(XYT..XYT)" by the names and units of their variables, where there are more than two. */
static as_status name_variables(as_parse *job, as_table *t, const as_jcamp_block *b, const char *form,
                                const as_where *at)
{
    as_ctx *ctx = job->ctx;
    if (t->n_columns < 3) return AS_OK;
    as_heading *h = AS_NEW_N(as_scratch(ctx), as_heading, t->n_columns);
    if (!h) return AS_ERR;
    for (size_t i = 0; i < t->n_columns; i++) {
        const char letter[] = { form[1 + i], '\0' };
        const size_t k = variable_of(ctx, b, letter);
        if (k == SIZE_MAX)
            return as_fail(ctx, AS_E_SYNTAX, at, "'%s' of '%.40s' is not among SYMBOL=%.40s", letter, form,
                           as_ldr_text(b, "SYMBOL"));
        const char *name = entry(ctx, as_ldr_text(b, "VARNAME"), k);
        const char *unit = entry(ctx, as_ldr_text(b, "UNITS"), k);
        if (!name || !unit) return AS_ERR;
        AS_TRY(as_heading_of(ctx, name, unit, &h[i]));
        if (!h[i].name || !h[i].name[0] || as_find_name(t, h[i].name)) h[i].name = t->column[i]->name;
        AS_TRY(as_name_column(ctx, t, i, h[i].name, t->column[i]->role, h[i].unit));
        const double factor = entry_number(ctx, b, "FACTOR", k);
        for (size_t row = 0; i > 1 && isfinite(factor) && row < t->rows; row++)
            t->column[i]->v.f[row] = as_jcamp_scaled(t->column[i]->v.f[row], factor); /* x and y have theirs */
    }
    if (!t->technique) t->technique = as_technique_of(t->n_columns, h);
    return AS_OK;
}

static as_status read_page(as_parse *job, reading *r, const as_jcamp_block *b, const as_ldr *data,
                           const char *page, double page_points)
{
    as_ctx *ctx = job->ctx;
    const settings *set = job->settings;
    const char *form = strchr(data->value, '('), *plus = strstr(data->value, "++(");
    const size_t x = form ? variable_of(ctx, b, form + 1) : SIZE_MAX;
    const size_t y = plus ? variable_of(ctx, b, plus + 3)
                          : form && form[1] ? variable_of(ctx, b, form + 2) : SIZE_MAX;
    if (x == SIZE_MAX || y == SIZE_MAX)
        return as_fail(ctx, AS_E_SYNTAX, &data->where,
                       "'%.40s': its variables are not among SYMBOL=%.40s", data->value,
                       as_ldr_text(b, "SYMBOL"));
    const double points = isnan(page_points) ? entry_number(ctx, b, "VARDIM", x) : page_points;
    const as_jcamp_axes axes = { .first = entry_number(ctx, b, "FIRST", x),
                                 .last = entry_number(ctx, b, "LAST", x),
                                 .delta = NAN,
                                 .x_factor = entry_number(ctx, b, "FACTOR", x),
                                 .y_factor = entry_number(ctx, b, "FACTOR", y),
                                 .points = points,
                                 .y_first = NAN,
                                 .y_min = entry_number(ctx, b, "MIN", y),
                                 .y_max = entry_number(ctx, b, "MAX", y),
                                 .page = true,
                                 .strict = set->check == 0 };
    const char *name = entry(ctx, as_ldr_text(b, "VARNAME"), y);
    const char *x_unit = entry(ctx, as_ldr_text(b, "UNITS"), x);
    const char *y_unit = entry(ctx, as_ldr_text(b, "UNITS"), y);
    const char *x_name = entry(ctx, as_ldr_text(b, "VARNAME"), x);
    as_table *t;
    if (!name || !x_unit || !y_unit || !x_name) return AS_ERR;
    AS_TRY(as_jcamp_table(job, b, data, &axes, &t));
    const as_jcamp_words words = { x_unit[0] ? x_unit : x_name, y_unit, "", "" };
    AS_TRY(as_jcamp_name(job, t, as_ldr_text(b, "DATATYPE"), &words, &data->where));
    if (!plus) AS_TRY(name_variables(job, t, b, form, &data->where));
    AS_TRY(set_page(job, t, b, page));
    const char *part = as_format(as_scratch(ctx), "%s%s%s", name, page[0] ? " " : "", page);
    return part ? finish(job, r, t, b, part) : AS_ERR;
}

/* A program looked for peaks and found none. */
static bool is_no_peaks(const as_jcamp_block *b, const as_ldr *data)
{
    return b->ended && as_jcamp_is_peaks(data) && as_jcamp_is_empty(data) &&
           !(as_ldr_number(b, "NPOINTS") > 0);
}

/* --- blocks --------------------------------------------------------------------------------- */
static as_status read_block(as_parse *job, reading *r, as_jcamp_block *b)
{
    const bool tuples = as_find_ldr(b, "SYMBOL") != NULL;
    const char *page = "";
    double points = NAN;
    for (size_t i = 0; i < b->n; i++) b->tables += b->ldr[i].table;
    for (size_t i = 0; i < b->n; i++) {
        const as_ldr *l = &b->ldr[i];
        b->at = l->table && !tuples && b->tables > 1 ? i : 0;
        if (tuples && strcmp(l->label, "PAGE") == 0) {
            page = l->value;
            points = NAN;
        } else if (tuples && strcmp(l->label, "NPOINTS") == 0) {
            if (!as_read_number(l->value, strlen(l->value), '.', &points)) points = NAN;
        } else if (l->table && tuples) {
            AS_TRY(read_page(job, r, b, l, page, points));
        } else if (l->table && is_no_peaks(b, l)) {
            r->n_empty++;
        } else if (l->table) {
            AS_TRY(read_plain(job, r, b, l));
        }
    }
    return AS_OK;
}

static as_status add_record(as_ctx *ctx, as_jcamp_block *b, const as_ldr *record)
{
    if (b->n == b->room) {
        const size_t room = 2 * b->room + 32;
        as_ldr *more = AS_NEW_N(as_scratch(ctx), as_ldr, room);
        if (!more) return AS_ERR;
        if (b->n) memcpy(more, b->ldr, b->n * sizeof *more);
        b->ldr = more;
        b->room = room;
    }
    b->ldr[b->n++] = *record;
    return AS_OK;
}

/* A block that begins where its predecessor of the same level has tables already: its ##END= is
 * missing. */
static bool is_complete(const as_jcamp_block *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->ldr[i].table) return true;
    return false;
}

static bool has_title(const as_jcamp_block *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->ldr[i].label, "TITLE") == 0) return true;
    return false;
}

static as_status close_block(as_parse *job, reading *r, as_jcamp_block **b, bool ended)
{
    (*b)->ended = ended;
    r->n_blocks++;
    if (read_block(job, r, *b) != AS_OK)
        return as_while(job->ctx, "reading the block '%s'", as_ldr_text(*b, "TITLE"));
    *b = (*b)->parent;
    return AS_OK;
}

static as_status open_block(as_parse *job, reading *r, as_jcamp_block **b, size_t *depth,
                            const as_ldr *title)
{
    if (*b && is_complete(*b)) {
        as_warn(job->ctx, NULL, &title->where, "a block begins where ##END= was expected");
        AS_TRY(close_block(job, r, b, true));
        --*depth;
    }
    if (++*depth > DEEPEST)
        return as_fail(job->ctx, AS_E_LIMIT, &title->where, "more than %d blocks in each other",
                       DEEPEST);
    as_jcamp_block *made = AS_NEW(as_scratch(job->ctx), as_jcamp_block);
    if (!made) return AS_ERR;
    made->parent = *b;
    *b = made;
    return AS_OK;
}

static as_status check_blocks(as_parse *job, const reading *r, const as_ldr *stated)
{
    double n;
    if (stated && as_read_number(stated->value, strlen(stated->value), '.', &n) &&
        n > (double)(r->n_tables + r->n_empty) + 1 && n > (double)r->n_blocks)
        as_warn(job->ctx, NULL, &stated->where, "%zu blocks, but BLOCKS=%g", r->n_blocks, n);
    return AS_OK;
}

static as_status read_all(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_jcamp_block *block = NULL;
    as_ldr record = { 0 }, blocks = { 0 };
    as_more more;
    size_t depth = 0;
    reading r = { 0 };
    while ((more = as_next_ldr(job->ctx, &it, &record)) == AS_ITEM) {
        if (!block || (strcmp(record.label, "TITLE") == 0 && has_title(block)))
            AS_TRY(open_block(job, &r, &block, &depth, &record));
        if (strcmp(record.label, "BLOCKS") == 0 && depth == 1) blocks = record;
        if (strcmp(record.label, "END") == 0) {
            AS_TRY(close_block(job, &r, &block, true));
            depth--;
        } else {
            AS_TRY(add_record(job->ctx, block, &record));
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    while (block) {
        if (!is_complete(block)) /* those with tables say it of each */
            as_warn(job->ctx, NULL, &record.where, "no ##END=: the file may be cut");
        AS_TRY(close_block(job, &r, &block, false));
    }
    if (r.n_empty && !r.n_tables)
        return as_fail(job->ctx, AS_E_MISSING, &record.where, "tables of peaks only, and they are empty");
    return check_blocks(job, &r, blocks.label ? &blocks : NULL);
}

static as_status parse(as_parse *job)
{
    as_parse own = *job;
    bool mended;
    AS_TRY(as_jcamp_points(job->ctx, job->in, &own.in, &mended));
    const as_where where = { .file = job->in->name };
    if (mended)
        as_warn(job->ctx, NULL, &where, "numbers with decimal commas, which JCAMP-DX does not know: read so");
    return read_all(&own);
}

static const char *const suffixes[] = { "jdx", "dx", "jcm", "jcamp", NULL };
static const char *const techniques[] = { "ftir", "raman", "uvvis", "xrd", "echem",
                                         "thermal", "sorption", "generic", NULL };
static const char *const references[] = {
    "McDonald & Wilks 1988, Appl. Spectrosc. 42, 151, doi:10.1366/0003702884428734",
    "Lampen et al. 1994, Appl. Spectrosc. 48, 1545, doi:10.1366/0003702944027840", NULL
};
static const as_example examples[] = {
    { "a compressed spectrum", "assay read tests/corpus/ftir/difdup.jdx | head -12" },
    { "the tables of a compound file", "assay read --list tests/corpus/ftir/compound.jdx" },
    { 0 }
};
static const char *const see_also[] = { "bruker-opus", "omnic-spa", NULL };

const as_parser as_parser_jcamp_dx = {
    .name = "jcamp-dx",
    .title = "JCAMP-DX 4.24, 5 and 6",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification",
    .settings_size = sizeof(settings),
    .params = params,
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read JCAMP-DX spectra",
             .description =
                 "Text of labelled records `##LABEL= value`. Ordinates may be written in free format "
                 "or packed (PAC, SQZ, DIF, DUP and mixtures); compound files and NTUPLES give one "
                 "series for each table.\n\n"
                 "x goes evenly from FIRSTX to LASTX. Everything that the file says twice is "
                 "compared: the abscissa that begins each line, the ordinate that each line "
                 "of differences repeats, NPOINTS, FIRSTY, MINY and MAXY. A wrong repeated ordinate, "
                 "or wrong abscissae with a wrong number of points, refuse the file; other "
                 "contradictions are warnings. Lines that begin with the number of points left instead of "
                 "an abscissa are known as such. TRANSMITTANCE far above 1 is in "
                 "percent, whatever the file calls it, with a warning; above 200 it is an intensity. Decimal "
                 "commas are read, with a "
                 "warning, where a record like FIRSTX has one.\n\n"
                 "XUNITS and YUNITS of voltammograms, calorimetry, thermogravimetry, sorption and "
                 "chromatography are units or headings of these techniques: A is ampere there, W/g a "
                 "heat flow. What DATA TYPE and the units say against each other is a warning.\n\n"
                 "Known gaps: structures (JCAMP-CS) are passed over.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
