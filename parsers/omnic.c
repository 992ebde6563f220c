/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thermo Nicolet OMNIC: binary, little endian. A table of key records (kind, offset, length); a header of
 * a spectrum, its values, titles, comments, history and interferograms are kinds. Spectra and groups
 * have records of 16 bytes, series and maps ("Exte") of 22, and all their spectra in one block.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"

enum { N_KEYS = 294, TIME = 296, KEYS = 304, MOST_KEYS = 65535 };
enum { HEADER = 2, VALUES = 3, COMMENT = 4, HISTORY = 27, SAMPLE_IGRAM = 102, BACKGROUND_IGRAM = 103,
       MEMBER = 107, SERIES = 301, COORDINATES = 325 };
enum { SERIES_HEAD = 196, RECORD_HEAD = 100, RECORD_NAME = 16, HEADER_SIZE = 140 };
static const int64_t epoch = INT64_C(-2209075200); /* 1899-12-31 in seconds since 1970 */

typedef struct key {
    unsigned kind, spectrum;
    uint64_t at;
    uint32_t size;
} key;

typedef struct omnic {
    as_parse *job;
    size_t n;
    key *key;
    size_t n_main;
    as_schema main;
} omnic;

typedef struct header {
    as_ir_axis x, y;
    uint32_t points, scans, background_scans;
    float first, last, laser;
    as_where where;
} header;

static int probe_spa(const as_probe *p)
{
    return p->size > KEYS && memcmp(p->head, "Spectral Data File", 18) == 0 ? AS_PROBE_MAGIC
                                                                             : AS_PROBE_NO;
}

static int probe_srs(const as_probe *p)
{
    return p->size > KEYS && memcmp(p->head, "Spectral Exte File", 18) == 0 ? AS_PROBE_MAGIC
                                                                             : AS_PROBE_NO;
}

/* --- keys ------------------------------------------------------------------------------------ */
static as_status read_key(const omnic *o, uint64_t at, bool extended, key *k)
{
    as_ctx *ctx = o->job->ctx;
    const as_input *in = o->job->in;
    uint8_t kind;
    uint16_t wide;
    uint32_t offset;
    if (extended) {
        AS_TRY(as_u16le(ctx, in, at, &wide));
        AS_TRY(as_u64le(ctx, in, at + 2, &k->at));
        AS_TRY(as_u32le(ctx, in, at + 10, &k->size));
        k->kind = wide;
        k->spectrum = 0;
    } else {
        AS_TRY(as_u8(ctx, in, at, &kind));
        AS_TRY(as_u32le(ctx, in, at + 2, &offset));
        AS_TRY(as_u32le(ctx, in, at + 6, &k->size));
        AS_TRY(as_u16le(ctx, in, at + 10, &wide));
        k->kind = kind;
        k->at = offset;
        k->spectrum = wide;
    }
    return AS_OK;
}

static as_status read_keys(omnic *o, bool extended)
{
    as_ctx *ctx = o->job->ctx;
    const size_t size = extended ? 22 : 16;
    uint16_t n;
    AS_TRY(as_u16le(ctx, o->job->in, N_KEYS, &n));
    AS_TRY(as_need_bytes(ctx, o->job->in, KEYS, n, size, "table of keys"));
    o->key = AS_NEW_N(as_scratch(ctx), key, n + 1u);
    if (!o->key) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        key *k = &o->key[o->n];
        AS_TRY(read_key(o, KEYS + size * i, extended, k));
        if (k->at == 0) continue;
        AS_TRY(as_need_bytes(ctx, o->job->in, k->at, k->size, 1, "block"));
        o->n++;
    }
    return AS_OK;
}

/* The key of this kind for a spectrum; the one without a number is for all. */
static const key *find_key(const omnic *o, unsigned kind, unsigned spectrum)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->key[i].kind == kind && o->key[i].spectrum == spectrum) return &o->key[i];
    return NULL;
}

/* --- header of a spectrum ---------------------------------------------------------------------- */
static as_ir_axis y_of(unsigned code)
{
    static const struct { unsigned code; const char *word; } words[] = {
        { 11, "%R" },           { 12, "LOG(1/R)" },     { 15, "SINGLE BEAM" },
        { 16, "%T" },           { 17, "ABSORBANCE" },   { 20, "KUBELKA-MUNK" },
        { 21, "REFLECTANCE" },  { 26, "PHOTOACOUSTIC" }, { 31, "RAMAN INTENSITY" },
    };
    if (code == 22) return (as_ir_axis){ "interferogram", "V", "ftir" };
    for (size_t i = 0; i < AS_COUNT(words); i++)
        if (words[i].code == code) return as_ir_y(words[i].word);
    return as_ir_y("ARBITRARY UNITS");
}

static as_ir_axis x_of(unsigned code)
{
    static const struct { unsigned code; const char *word; } words[] = {
        { 1, "1/CM" }, { 2, "DATA POINTS" }, { 3, "NM" }, { 4, "UM" }, { 32, "RAMAN SHIFT" }
    };
    for (size_t i = 0; i < AS_COUNT(words); i++)
        if (words[i].code == code) return as_ir_x(words[i].word);
    return as_ir_x("");
}

static as_status read_header(const omnic *o, uint64_t at, header *h)
{
    as_ctx *ctx = o->job->ctx;
    const as_input *in = o->job->in;
    uint8_t x, y;
    h->where = as_at_byte(in, at);
    AS_TRY(as_u32le(ctx, in, at + 4, &h->points));
    AS_TRY(as_u8(ctx, in, at + 8, &x));
    AS_TRY(as_u8(ctx, in, at + 12, &y));
    AS_TRY(as_f32le(ctx, in, at + 16, &h->first));
    AS_TRY(as_f32le(ctx, in, at + 20, &h->last));
    AS_TRY(as_u32le(ctx, in, at + 36, &h->scans));
    AS_TRY(as_u32le(ctx, in, at + 52, &h->background_scans));
    AS_TRY(as_f32le(ctx, in, at + 80, &h->laser));
    h->x = x_of(x);
    h->y = y_of(y);
    if (h->points == 0 || !isfinite(h->first) || !isfinite(h->last) || (h->points > 1 && h->first == h->last))
        return as_fail(ctx, AS_E_SYNTAX, &h->where, "%u points from %g to %g are no curve",
                       h->points, (double)h->first, (double)h->last);
    return AS_OK;
}

/* --- metadata ------------------------------------------------------------------------------------ */
/* The number behind `word` and a colon, with a decimal point or comma. */
static bool number_behind(const char *text, const char *word, double *out, const char **end)
{
    const char *at = as_find_text(text, word);
    if (!at) return false;
    at += strlen(word);
    at += strspn(at, ": \t");
    size_t used = as_scan_number(at, strlen(at), '.', out);
    if (used && at[used] == ',' && at[used + 1] >= '0' && at[used + 1] <= '9')
        used = as_scan_number(at, strlen(at), ',', out);
    if (end) *end = at + used;
    return used > 0;
}

/* "Position (X,Y): 367.12, 1270.59" of a spectrum cut out of a map. */
static as_status set_position(const omnic *o, as_table *t, const char *text)
{
    double x, y;
    const char *at = as_find_text(text, "Position (X,Y):");
    if (!at) return AS_OK;
    at += strlen("Position (X,Y):");
    at += strspn(at, " ");
    const size_t used = as_scan_number(at, strlen(at), '.', &x);
    if (!used || at[used] != ',') return AS_OK;
    at += used + 1;
    at += strspn(at, " ");
    if (!as_scan_number(at, strlen(at), '.', &y)) return AS_OK;
    AS_TRY(as_set_value(o->job->ctx, t, "x", x, "um", NULL));
    return as_set_value(o->job->ctx, t, "y", y, "um", NULL);
}

/* The history in the language of the program: Resolution, Résolution, Auflösung. */
static as_status set_history(const omnic *o, as_table *t, const char *text, const as_where *where)
{
    double value;
    if (number_behind(text, "solution", &value, NULL) ||
        number_behind(text, "Aufl\xc3\xb6sung", &value, NULL))
        AS_TRY(as_set_value(o->job->ctx, t, "resolution", value, "cm-1", where));
    AS_TRY(set_position(o, t, text));
    return as_set_text(o->job->ctx, t, "vendor.history", text, where);
}

static as_status text_of(const omnic *o, unsigned kind, unsigned spectrum, const char **text,
                         as_where *where)
{
    const key *k = find_key(o, kind, spectrum);
    *text = "";
    if (!k) return AS_OK;
    *where = as_at_byte(o->job->in, k->at);
    return as_text_at(o->job->ctx, o->job->in, k->at, k->size, text);
}

static as_status set_time(const omnic *o, as_table *t, uint64_t at)
{
    uint32_t seconds;
    const as_where where = as_at_byte(o->job->in, at);
    AS_TRY(as_u32le(o->job->ctx, o->job->in, at, &seconds));
    const int64_t since = epoch + seconds;
    if (since < 0) return AS_OK; /* before 1970: none */
    return as_set_text(o->job->ctx, t, "measured", as_utc_text(o->job->ctx, since), &where);
}

static as_status set_facts(const omnic *o, as_table *t, const header *h, unsigned spectrum)
{
    as_ctx *ctx = o->job->ctx;
    const char *text;
    as_where where;
    if (h->scans) AS_TRY(as_set_value(ctx, t, "accumulations", h->scans, "1", &h->where));
    if (h->background_scans)
        AS_TRY(as_set_value(ctx, t, "vendor.background_scans", h->background_scans, "1", &h->where));
    if (h->laser > 0)
        AS_TRY(as_set_value(ctx, t, "vendor.laser_wavenumber", (double)h->laser, "cm-1", &h->where));
    AS_TRY(text_of(o, COMMENT, spectrum, &text, &where));
    AS_TRY(as_set_text(ctx, t, "comment", text, &where));
    AS_TRY(text_of(o, HISTORY, spectrum, &text, &where));
    return *text ? set_history(o, t, text, &where) : AS_OK;
}

static as_status emit(omnic *o, as_table *t, const char *title, const char *part)
{
    if (!t->technique) t->technique = "ftir";
    if (title && *title && !(t->label = as_strdup(t->arena, title))) return AS_ERR;
    if (part) {
        t->secondary = true;
        AS_TRY(as_set_meta(o->job->ctx, t, "part", part, NULL, NULL));
    } else {
        as_keep_schema(&o->main, t);
    }
    o->n_main += !t->secondary;
    return as_emit(o->job->out, o->job->ctx, t);
}

/* --- spectra and groups ----------------------------------------------------------------------- */
/* Of a group: "vz0470.spa, Wed Jul 06 21:40:37 2016 (GMT+02:00)" in 256 bytes and the time. */
static as_status set_title(omnic *o, as_table *t, unsigned spectrum, const char **title)
{
    const key *k = find_key(o, MEMBER, spectrum);
    if (k && k->size >= 260) {
        AS_TRY(as_text_at(o->job->ctx, o->job->in, k->at, 256, title));
        const char *comma = strrchr(*title, ',');
        if (comma) *title = as_strndup(as_scratch(o->job->ctx), *title, (size_t)(comma - *title));
        return *title ? set_time(o, t, k->at + 256) : AS_ERR;
    }
    AS_TRY(as_text_at(o->job->ctx, o->job->in, 30, 256, title));
    AS_TRY(set_position(o, t, *title));
    return set_time(o, t, TIME);
}

static as_status read_spectrum(omnic *o, const key *k, const key *values, bool background)
{
    as_ctx *ctx = o->job->ctx;
    header h;
    const char *title;
    AS_TRY(read_header(o, k->at, &h));
    if (values->size / 4 < h.points)
        return as_fail(ctx, AS_E_SYNTAX, &h.where, "%u points, but its block holds %u values",
                       h.points, values->size / 4);
    const bool rising = background && h.first > h.last; /* as all values of a series */
    as_table *t = as_new_ir(ctx, h.points, (double)(rising ? h.last : h.first),
                            (double)(rising ? h.first : h.last), &h.x, &h.y);
    if (!t) return AS_ERR;
    AS_TRY(as_numbers_at(ctx, o->job->in, values->at, h.points, 0, AS_F32LE, t->column[1]->v.f,
                         "intensities"));
    AS_TRY(set_title(o, t, k->spectrum, &title));
    AS_TRY(set_facts(o, t, &h, k->spectrum));
    return emit(o, t, title, background ? "background" : NULL);
}

static as_status read_interferogram(omnic *o, const key *k)
{
    const as_ir_axis x = as_ir_x("DATA POINTS"), y = { "interferogram", "V", "ftir" };
    const size_t n = k->size / 4;
    if (n < 2) return AS_OK;
    as_table *t = as_new_ir(o->job->ctx, n, 0, (double)(n - 1), &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(as_numbers_at(o->job->ctx, o->job->in, k->at, n, 0, AS_F32LE, t->column[1]->v.f,
                         "interferogram"));
    const char *part = as_format(as_scratch(o->job->ctx), "%s interferogram %u",
                                 k->kind == SAMPLE_IGRAM ? "sample" : "background", k->spectrum);
    return part ? emit(o, t, NULL, part) : AS_ERR;
}

static as_status nothing(const omnic *o)
{
    const as_where where = as_at_byte(o->job->in, KEYS);
    return as_fail(o->job->ctx, AS_E_MISSING, &where, "none of its %zu keys is a spectrum", o->n);
}

static as_status parse_spa(as_parse *job)
{
    omnic o = { .job = job };
    AS_TRY(read_keys(&o, false));
    for (size_t i = 0; i < o.n; i++) {
        const key *k = &o.key[i], *values = find_key(&o, VALUES, k->spectrum);
        if (k->kind == HEADER && values) AS_TRY(read_spectrum(&o, k, values, false));
    }
    for (size_t i = 0; i < o.n; i++)
        if (o.key[i].kind == SAMPLE_IGRAM || o.key[i].kind == BACKGROUND_IGRAM)
            AS_TRY(read_interferogram(&o, &o.key[i]));
    return o.n_main ? AS_OK : nothing(&o);
}

/* --- series and maps ------------------------------------------------------------------------------ */
typedef struct axis {
    float first, last, step;
} axis;

typedef struct grid { /* of the spectra: time, or y and x with x the faster */
    axis slow, fast;
    uint32_t count;
    bool map;
} grid;

static as_status read_grid(const omnic *o, grid *g)
{
    const key *k = find_key(o, COORDINATES, 0);
    double v[6];
    *g = (grid){ .count = 0 };
    if (!k || k->size < 98) return AS_OK;
    AS_TRY(as_numbers_at(o->job->ctx, o->job->in, k->at + 66, 6, 0, AS_F32LE, v, "coordinates"));
    AS_TRY(as_u32le(o->job->ctx, o->job->in, k->at + 90, &g->count));
    g->slow = (axis){ (float)v[0], (float)v[1], (float)v[2] };
    g->fast = (axis){ (float)v[3], (float)v[4], (float)v[5] };
    g->map = v[5] != 0;
    return AS_OK;
}

static uint32_t points_of(const axis *a)
{
    const double n = a->step != 0 ? ((double)a->last - (double)a->first) / (double)a->step : 0;
    return n >= 0 && n < 1e6 ? (uint32_t)(n + 1.5) : 0;
}

static double place(const axis *a, uint32_t i)
{
    return (double)a->first + i * (double)a->step;
}

static as_status set_coordinates(const omnic *o, as_table *t, const grid *g, uint32_t i)
{
    const uint32_t width = points_of(&g->fast);
    AS_TRY(as_set_value(o->job->ctx, t, "index", i, "1", NULL));
    if (g->map && width > 0 && width * points_of(&g->slow) == g->count) {
        AS_TRY(as_set_value(o->job->ctx, t, "x", place(&g->fast, i % width), "um", NULL));
        return as_set_value(o->job->ctx, t, "y", place(&g->slow, i / width), "um", NULL);
    }
    if (g->map || g->count == 0) return AS_OK;
    return as_set_value(o->job->ctx, t, "time", place(&g->slow, i), "min", NULL);
}

/* Head, then for each spectrum a head with its name and the values, from the smaller x to the
 * larger (the bands of carbon dioxide stand where they should, those of the background too). */
static as_status read_series(omnic *o, const key *k, const grid *g)
{
    as_ctx *ctx = o->job->ctx;
    header h;
    AS_TRY(read_header(o, k->at, &h));
    const uint64_t record = RECORD_HEAD + 4 * (uint64_t)h.points;
    const uint64_t n = k->size > SERIES_HEAD ? (k->size - SERIES_HEAD) / record : 0;
    if (n == 0 || SERIES_HEAD + n * record != k->size || (g->count && g->count != n))
        return as_fail(ctx, AS_E_SYNTAX, &h.where,
                       "%u bytes are not %u spectra of %u points, as the file says", k->size,
                       g->count ? g->count : (unsigned)n, h.points);
    const double low = fmin((double)h.first, (double)h.last);
    const double high = fmax((double)h.first, (double)h.last);
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t at = k->at + SERIES_HEAD + i * record;
        const char *name;
        as_table *t = as_new_ir(ctx, h.points, low, high, &h.x, &h.y);
        if (!t) return AS_ERR;
        AS_TRY(as_numbers_at(ctx, o->job->in, at + RECORD_HEAD, h.points, 0, AS_F32LE,
                             t->column[1]->v.f, "intensities"));
        AS_TRY(as_text_at(ctx, o->job->in, at + RECORD_NAME, RECORD_HEAD - RECORD_NAME, &name));
        AS_TRY(set_coordinates(o, t, g, i));
        AS_TRY(set_time(o, t, TIME));
        AS_TRY(set_facts(o, t, &h, 0));
        AS_TRY(emit(o, t, name, NULL));
    }
    return AS_OK;
}

static as_status parse_srs(as_parse *job)
{
    omnic o = { .job = job };
    grid g;
    AS_TRY(read_keys(&o, true));
    AS_TRY(read_grid(&o, &g));
    for (size_t i = 0; i < o.n; i++)
        if (o.key[i].kind == SERIES && o.key[i].size >= SERIES_HEAD)
            AS_TRY(read_series(&o, &o.key[i], &g));
    if (o.n_main == 0) return nothing(&o);
    const key *values = find_key(&o, VALUES, 0), *head = NULL; /* the header before its values */
    for (size_t i = 0; values && &o.key[i] < values; i++)
        if (o.key[i].kind == HEADER) head = &o.key[i];
    return head ? read_spectrum(&o, head, values, true) : AS_OK;
}

static const char *const spa_suffixes[] = { "spa", "spg", NULL };
static const char *const srs_suffixes[] = { "srs", "map", NULL };
static const char *const techniques[] = { "ftir", "raman", NULL };
static const as_example spa_examples[] = {
    { "a spectrum", "assay read tests/corpus/ftir/omnic.spa | tail -n 3" }, { 0 }
};
static const as_example srs_examples[] = {
    { "the times of a series", "assay read --list tests/corpus/ftir/omnic.srs" }, { 0 }
};
static const char *const spa_also[] = { "omnic-srs", "jcamp-dx", NULL };
static const char *const srs_also[] = { "omnic-spa", NULL };

const as_parser as_parser_omnic_spa = {
    .name = "omnic-spa",
    .title = "Thermo OMNIC spectra and groups",
    .suffixes = spa_suffixes,
    .techniques = techniques,
    .basis = "observed files and open readers",
    .probe = probe_spa,
    .parse = parse_spa,
    .doc = { .summary = "read OMNIC spectra (.spa) and groups (.spg)",
             .description =
                 "Binary: a table of keys, each with the offset and length of a block. Every "
                 "spectrum of a group is a series; stored interferograms are parts. The "
                 "resolution is found in the history, which is kept as `vendor.history`; the "
                 "position of a spectrum cut out of a map becomes `x` and `y`.\n\n"
                 "Known gap: absorbances beyond what OMNIC shows are stored by it as exactly 6.",
             .examples = spa_examples,
             .see_also = spa_also },
};

const as_parser as_parser_omnic_srs = {
    .name = "omnic-srs",
    .title = "Thermo OMNIC series and maps",
    .suffixes = srs_suffixes,
    .techniques = techniques,
    .basis = "two observed files",
    .probe = probe_srs,
    .parse = parse_srs,
    .doc = { .summary = "read OMNIC series (.srs) and maps (.map)",
             .description =
                 "Binary, with 22-byte keys; all spectra in one block, each with a name. The time "
                 "(in minutes) or the position becomes metadata; the background is a part. The "
                 "length of the block must be that of the spectra.\n\n"
                 "Known gaps: rapid-scan series of interferograms and the video images are not "
                 "read; line maps keep their index only.",
             .examples = srs_examples,
             .see_also = srs_also },
};
