/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bruker OPUS: binary, little endian. A directory of blocks (type word, size in 4-byte words, offset);
 * blocks of parameters (three letters, type, size, value), and blocks of values, each with a status
 * block of the same type that says their number, their x and their scale.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"

enum { MOST_BLOCKS = 4096, PARAMETERS = 8, INFO = 152 };
enum { ROLE_SAMPLE = 1, ROLE_REFERENCE, ROLE_RATIO };
enum { EXTENDED_SERIES = 2 };
enum { TYPE_MASK = 0x003fffff, STATUS = 1 << 4 };

typedef struct block {
    uint32_t type; /* without the bits above the extension */
    uint32_t size; /* bytes */
    uint32_t at;
    unsigned role, class, kind, channel, derivative, extension, part;
} block;

typedef struct opus {
    as_parse *job;
    size_t n;
    block *block;
    size_t main; /* index of the block to be read by default */
} opus;

static int probe(const as_probe *p)
{
    if (p->size < 24 || memcmp(p->head, "\x0a\x0a\xfe\xfe", 4) != 0) return AS_PROBE_NO;
    const uint32_t at = as_head_u32(p, 12), slots = as_head_u32(p, 16), used = as_head_u32(p, 20);
    return at >= 24 && at < p->file_size && used <= slots && used > 0 ? AS_PROBE_VERIFIED
                                                                      : AS_PROBE_MAGIC;
}

/* --- the directory --------------------------------------------------------------------- */
static void split_type(block *b)
{
    b->part = b->type & 3;
    b->role = b->type >> 2 & 3;
    b->class = b->type >> 4 & 63;
    b->kind = b->type >> 10 & 31;
    b->channel = b->type >> 15 & 3;
    b->derivative = b->type >> 17 & 3;
    b->extension = b->type >> 19 & 7;
}

static as_status read_directory(opus *o)
{
    as_ctx *ctx = o->job->ctx;
    const as_input *in = o->job->in;
    uint32_t at, n;
    const as_where where = as_at_byte(in, 20);
    AS_TRY(as_u32le(ctx, in, 12, &at));
    AS_TRY(as_u32le(ctx, in, 20, &n));
    if (n == 0 || n > MOST_BLOCKS)
        return as_fail(ctx, AS_E_SYNTAX, &where, "a directory of %u blocks, expected 1 to %d", n,
                       MOST_BLOCKS);
    AS_TRY(as_need_bytes(ctx, in, at, n, 12, "directory"));
    o->block = AS_NEW_N(as_scratch(ctx), block, n);
    if (!o->block) return AS_ERR;
    for (uint32_t i = 0; i < n; i++) {
        block b = { 0 };
        AS_TRY(as_u32le(ctx, in, at + 12 * i, &b.type));
        AS_TRY(as_u32le(ctx, in, at + 12 * i + 4, &b.size));
        AS_TRY(as_u32le(ctx, in, at + 12 * i + 8, &b.at));
        if (b.at == 0) continue;
        if (b.size > UINT32_MAX / 4)
            return as_fail(ctx, AS_E_SYNTAX, &where, "block %u has a size of %u words", i, b.size);
        b.size *= 4;
        b.type &= TYPE_MASK;
        split_type(&b);
        AS_TRY(as_need_bytes(ctx, in, b.at, b.size, 1, "block"));
        o->block[o->n++] = b;
    }
    return AS_OK;
}

/* --- parameters -------------------------------------------------------------------------- */
typedef struct parameter {
    char key[4];
    unsigned type; /* 0: whole number, 1: real, else text */
    uint32_t at, size;
    as_where where;
} parameter;

/* The next of a block; AS_DONE at its END. */
static as_more next_parameter(const opus *o, const block *b, uint32_t *at, parameter *out)
{
    as_ctx *ctx = o->job->ctx;
    const as_input *in = o->job->in;
    const uint32_t end = b->at + b->size;
    uint16_t type, words;
    if (*at + PARAMETERS > end) return AS_DONE;
    *out = (parameter){ .where = as_at_byte(in, *at) };
    memcpy(out->key, in->data + *at, 3);
    if (memcmp(out->key, "END", 3) == 0) return AS_DONE;
    if (as_u16le(ctx, in, *at + 4, &type) != AS_OK || as_u16le(ctx, in, *at + 6, &words) != AS_OK)
        return AS_FAILED;
    out->type = type;
    out->size = 2u * words;
    out->at = *at + PARAMETERS;
    bool good = out->size <= end - out->at && (type != 0 || words >= 2) && (type != 1 || words >= 4);
    for (size_t i = 0; i < 3; i++)
        good &= (out->key[i] >= 'A' && out->key[i] <= 'Z') || (out->key[i] >= '0' && out->key[i] <= '9');
    if (!good) {
        if (as_fail(ctx, AS_E_SYNTAX, &out->where, "no parameter: a name of three letters, a type and "
                    "a size that fits its block were expected") == AS_OK)
            return AS_ITEM;
        return AS_FAILED;
    }
    *at = out->at + out->size;
    return AS_ITEM;
}

/* NaN for a text that is no number. */
static as_status parameter_value(const opus *o, const parameter *p, double *value,
                                 const char **text)
{
    int32_t whole;
    *text = NULL;
    *value = (double)NAN;
    if (p->type == 1) return as_f64le(o->job->ctx, o->job->in, p->at, value);
    if (p->type == 0) {
        AS_TRY(as_i32le(o->job->ctx, o->job->in, p->at, &whole));
        *value = whole;
        return AS_OK;
    }
    return as_text_at(o->job->ctx, o->job->in, p->at, p->size, text);
}

static const as_known known[] = {
    { "SNM", "sample", NULL },        { "CNM", "operator", NULL },  { "INS", "instrument", NULL },
    { "RES", "resolution", "cm-1" },  { "NSS", "accumulations", "1" }, { "APF", "apodization", NULL },
    { "SRC", "light_source", NULL },  { "DTC", "detector", NULL },
};

/* Parameters of the reference measurement are kept apart. The later block of a class wins. */
static as_status set_parameter(const opus *o, as_table *t, const block *b, const parameter *p)
{
    as_ctx *ctx = o->job->ctx;
    double value;
    const char *text, *key = p->key;
    AS_TRY(parameter_value(o, p, &value, &text));
    for (size_t i = 0; i < AS_COUNT(known) && b->role != ROLE_REFERENCE; i++)
        if (strcmp(known[i].key, p->key) == 0) {
            if (known[i].unit && text)
                return as_set_measure(ctx, t, known, AS_COUNT(known), p->key, text, &p->where);
            if (!known[i].unit && text && *text)
                return as_set_meta(ctx, t, known[i].meta, text, NULL, &p->where);
            if (known[i].unit)
                return as_set_value(ctx, t, known[i].meta, value, known[i].unit, &p->where);
        }
    key = as_format(as_scratch(ctx), "vendor.%s%s", b->role == ROLE_REFERENCE ? "reference." : "",
                    p->key);
    if (!key) return AS_ERR;
    return text ? as_set_text(ctx, t, key, text, &p->where)
                : as_set_value(ctx, t, key, value, "1", &p->where);
}

static as_status set_parameters(const opus *o, as_table *t)
{
    for (size_t i = 0; i < o->n; i++) {
        const block *b = &o->block[i];
        uint32_t at = b->at;
        parameter p;
        as_more more;
        if (b->class < 2 || b->extension != 0) continue;
        while ((more = next_parameter(o, b, &at, &p)) == AS_ITEM)
            AS_TRY(set_parameter(o, t, b, &p));
        if (more == AS_FAILED) return AS_ERR;
    }
    return AS_OK;
}

/* --- the status of a data block ---------------------------------------------------------- */
typedef struct status {
    double points, first, last, factor, low, high, format;
    const char *x_unit, *date, *time;
    as_where where;
} status;

static as_status read_status(const opus *o, const block *b, status *s)
{
    uint32_t at = b->at;
    parameter p;
    as_more more;
    *s = (status){ NAN, NAN, NAN, 1, NAN, NAN, 1, "WN", "", "", as_at_byte(o->job->in, b->at) };
    struct { const char *key; double *value; } numbers[] = {
        { "NPT", &s->points }, { "FXV", &s->first }, { "LXV", &s->last }, { "CSF", &s->factor },
        { "MNY", &s->low },    { "MXY", &s->high },  { "DPF", &s->format },
    };
    struct { const char *key; const char **text; } texts[] = { { "DXU", &s->x_unit },
                                                               { "DAT", &s->date },
                                                               { "TIM", &s->time } };
    while ((more = next_parameter(o, b, &at, &p)) == AS_ITEM) {
        double value;
        const char *text;
        AS_TRY(parameter_value(o, &p, &value, &text));
        for (size_t i = 0; i < AS_COUNT(numbers) && !text; i++)
            if (strcmp(numbers[i].key, p.key) == 0) *numbers[i].value = value;
        for (size_t i = 0; i < AS_COUNT(texts) && text; i++)
            if (strcmp(texts[i].key, p.key) == 0) *texts[i].text = text;
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!(s->points >= 1) || !isfinite(s->first) || !isfinite(s->last) || !isfinite(s->factor))
        return as_fail(o->job->ctx, AS_E_SYNTAX, &s->where,
                       "NPT=%g, FXV=%g, LXV=%g do not describe a curve", s->points, s->first,
                       s->last);
    return AS_OK;
}

/* The status of data block i: of the same type word but for the class; where several share it, in
 * their order. NULL: none. */
static const block *status_of(const opus *o, size_t i)
{
    size_t order = 0;
    const block *found = NULL;
    for (size_t k = 0; k < i; k++) order += o->block[k].type == o->block[i].type;
    for (size_t k = 0; k < o->n; k++) {
        if (o->block[k].type != (o->block[i].type | STATUS)) continue;
        found = &o->block[k];
        if (order-- == 0) break;
    }
    return found;
}

/* --- data blocks ----------------------------------------------------------------------------- */
static bool is_data(const block *b)
{
    const bool plain = b->extension == 0 || b->extension == EXTENDED_SERIES;
    return b->class == 0 && plain && b->kind != 0 && b->kind != 13 && b->role != 0;
}

/* What OPUS shows first: a spectrum that has been divided by its reference, the latest of them. */
static unsigned rank(const block *b)
{
    static const unsigned results = 1u << 4 | 1u << 5 | 1u << 6 | 1u << 10 | 1u << 11 | 1u << 12 |
                                    1u << 14 | 1u << 15 | 1u << 16 | 1u << 17 | 1u << 18 | 1u << 19;
    if (!is_data(b)) return 0;
    if (results >> b->kind & 1)
        return 8 + 2 * (b->channel == 0 && b->role != ROLE_REFERENCE) + (b->derivative == 0);
    if (b->role == ROLE_SAMPLE) return b->kind == 1 ? 6 : b->kind == 2 ? 5 : 3;
    return b->kind == 1 ? 4 : 2;
}

static as_ir_axis y_axis(const block *b)
{
    static const char *const words[] = {
        [1] = "SINGLE BEAM", [2] = "INTERFEROGRAM", [4] = "ABSORBANCE", [5] = "TRANSMITTANCE",
        [6] = "KUBELKA-MUNK", [10] = "ARBITRARY UNITS", [12] = "REFLECTANCE", [15] = "LOG(1/R)",
        [16] = "ABSORBANCE", [17] = "PHOTOACOUSTIC", [18] = "TRANSMITTANCE", [19] = "ABSORBANCE",
    };
    if (b->kind == 3) return (as_ir_axis){ "phase", "rad", NULL };
    if (b->kind < AS_COUNT(words) && words[b->kind]) return as_ir_y(words[b->kind]);
    return as_ir_y("ARBITRARY UNITS");
}

static as_ir_axis x_axis(const status *s, const block *b)
{
    static const char *const words[][2] = { { "WN", "1/CM" },  { "MI", "MICROMETERS" },
                                            { "WL", "MICROMETERS" }, { "NM", "NANOMETERS" },
                                            { "PNT", "POINTS" }, { "MIN", "MINUTES" },
                                            { "F", "HZ" } };
    if (b->kind == 10 && strcmp(s->x_unit, "WN") == 0) return as_ir_x("RAMAN SHIFT");
    for (size_t i = 0; i < AS_COUNT(words); i++)
        if (strcmp(s->x_unit, words[i][0]) == 0) return as_ir_x(words[i][1]);
    return as_ir_x(s->x_unit);
}

static const char *part_name(const opus *o, size_t i)
{
    static const char *const roles[] = { "", "sample ", "reference ", "" };
    static const char *const derivatives[] = { "", "first derivative of ", "second derivative of ",
                                               "derivative of " };
    static const char *const parts[] = { "", "real ", "imaginary ", "" };
    static const char *const kinds[] = {
        "data", "single beam", "interferogram", "phase", "absorbance", "transmittance",
        "Kubelka-Munk", "trace", "interferograms", "spectra", "Raman", "emission", "reflectance",
        "directory", "power", "log reflectance", "ATR", "photoacoustic", "arithmetic transmittance",
        "arithmetic absorbance"
    };
    const block *b = &o->block[i];
    size_t later = 0;
    for (size_t k = i + 1; k < o->n; k++) later += o->block[k].type == b->type;
    as_arena *scratch = as_scratch(o->job->ctx);
    const char *kind = b->kind < AS_COUNT(kinds) ? kinds[b->kind]
                                                 : as_format(scratch, "kind %u", b->kind);
    const char *channel = b->channel ? as_format(scratch, ", channel %u", b->channel + 1) : "";
    const char *earlier = later ? as_format(scratch, ", earlier version %zu", later) : "";
    if (!kind || !channel || !earlier) return NULL;
    return as_format(scratch, "%s%s%s%s%s%s", derivatives[b->derivative], parts[b->part],
                     roles[b->role], kind, channel, earlier);
}

/* "03/05/2019" or "2019/05/03", "13:34:44.641 (GMT-4)". */
static as_status set_date(const opus *o, as_table *t, const status *s)
{
    const char *d = s->date, *zone = strstr(s->time, "(GMT");
    if (strlen(d) != 10) return AS_OK;
    const bool year_first = d[4] == '/';
    const char *year = year_first ? d : d + 6, *month = year_first ? d + 5 : d + 3;
    const char *day = year_first ? d + 8 : d;
    const size_t clock = strcspn(s->time, " ");
    int hours = 0;
    for (const char *c = zone ? zone + 5 : ""; *c >= '0' && *c <= '9' && hours < 100; c++)
        hours = 10 * hours + (*c - '0');
    const bool sign = zone && (zone[4] == '+' || zone[4] == '-');
    const char *offset = sign ? as_format(as_scratch(o->job->ctx), "%c%02d:00", zone[4], hours) : "";
    if (!offset) return AS_ERR;
    const char *text = as_format(as_scratch(o->job->ctx), "%.4s-%.2s-%.2s%s%.*s%s", year, month, day,
                                 clock ? "T" : "", (int)clock, s->time, offset);
    return text ? as_set_meta(o->job->ctx, t, "measured", text, NULL, &s->where) : AS_ERR;
}

/* The status knows the extremes, of the values as stored or as scaled. */
static void check_extremes(const opus *o, as_table *t, const status *s)
{
    double low = INFINITY, high = -INFINITY;
    const double *y = t->column[1]->v.f;
    for (size_t i = 0; i < t->rows; i++) {
        low = fmin(low, y[i]);
        high = fmax(high, y[i]);
    }
    const double slack = 1e-3 * fmax(fabs(high), fabs(low)), f = s->factor;
    const bool as_scaled = fabs(low - s->low) <= slack && fabs(high - s->high) <= slack;
    const bool as_stored = fabs(low - s->low * f) <= slack && fabs(high - s->high * f) <= slack;
    if (isnan(s->low) || isnan(s->high) || as_scaled || as_stored || s->low >= s->high) return;
    as_warn(o->job->ctx, t, &s->where, "MNY=%g and MXY=%g, but the values go from %g to %g", s->low,
            s->high, low, high);
}

static as_status read_values(const opus *o, const block *b, const status *s, uint64_t at,
                             as_table *t)
{
    const as_number_type type = s->format == 2 ? AS_I32LE : AS_F32LE;
    AS_TRY(as_numbers_at(o->job->ctx, o->job->in, at, t->rows, 0, type, t->column[1]->v.f, "values"));
    (void)b;
    for (size_t i = 0; i < t->rows && s->factor != 1; i++) t->column[1]->v.f[i] *= s->factor;
    return AS_OK;
}

static as_status emit(const opus *o, size_t i, const status *s, as_table *t)
{
    const char *part = part_name(o, i);
    t->secondary = i != o->main;
    if (!t->technique) t->technique = o->block[i].kind == 10 ? "raman" : "ftir";
    if (!part) return AS_ERR;
    AS_TRY(as_set_meta(o->job->ctx, t, "part", part, NULL, NULL));
    AS_TRY(set_parameters(o, t));
    AS_TRY(set_date(o, t, s));
    return as_emit(o->job->out, o->job->ctx, t);
}

static as_table *new_table(const opus *o, const block *b, const status *s, size_t n)
{
    const as_ir_axis x = x_axis(s, b), y = y_axis(b);
    return as_new_ir(o->job->ctx, n, s->first, s->last, &x, &y);
}

static as_status read_curve(const opus *o, size_t i, const status *s)
{
    const block *b = &o->block[i];
    if (s->points > b->size / 4.0)
        return as_fail(o->job->ctx, AS_E_SYNTAX, &s->where,
                       "NPT=%g, but the block holds %u values", s->points, b->size / 4);
    as_table *t = new_table(o, b, s, (size_t)s->points);
    if (!t) return AS_ERR;
    AS_TRY(read_values(o, b, s, b->at, t));
    check_extremes(o, t, s);
    return emit(o, i, s, t);
}

/* A series: a header of six words (version, spectra, offset of the first, bytes of the values and of
 * the facts behind them, entries of a table), then values and facts of each spectrum. */
static as_status read_series(const opus *o, size_t i, const status *s)
{
    as_ctx *ctx = o->job->ctx;
    const as_input *in = o->job->in;
    const block *b = &o->block[i];
    double head[6];
    const as_where where = as_at_byte(in, b->at);
    AS_TRY(as_numbers_at(ctx, in, b->at, 6, 0, AS_U32LE, head, "head of a series"));
    const double need = head[2] + head[1] * (head[3] + head[4]);
    if (head[1] < 1 || need > b->size || s->points * 4 > head[3])
        return as_fail(ctx, AS_E_SYNTAX, &where,
                       "%g spectra of %g bytes do not fit a block of %u bytes with NPT=%g", head[1],
                       head[3] + head[4], b->size, s->points);
    for (double k = 0; k < head[1]; k++) {
        const uint64_t at = b->at + (uint64_t)(head[2] + k * (head[3] + head[4]));
        as_table *t = new_table(o, b, s, (size_t)s->points);
        double time;
        if (!t) return AS_ERR;
        AS_TRY(read_values(o, b, s, at, t));
        AS_TRY(as_set_number(ctx, t, "index", k, NAN, AS_UNITLESS, NULL));
        if (head[4] >= INFO) {
            AS_TRY(as_f64le(ctx, in, at + (uint64_t)head[3] + INFO - 8, &time));
            AS_TRY(as_set_value(ctx, t, "time", time, "s", NULL));
        }
        AS_TRY(emit(o, i, s, t));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    opus o = { .job = job };
    unsigned best = 0;
    const as_where where = as_at_byte(job->in, 0);
    AS_TRY(read_directory(&o));
    for (size_t i = 0; i < o.n; i++) {
        if (rank(&o.block[i]) == 0 || rank(&o.block[i]) < best || !status_of(&o, i)) continue;
        best = rank(&o.block[i]);
        o.main = i;
    }
    if (best == 0)
        return as_fail(job->ctx, AS_E_MISSING, &where, "no block of values with its status block");
    for (size_t i = 0; i < o.n; i++) {
        const block *described = is_data(&o.block[i]) ? status_of(&o, i) : NULL;
        status s;
        if (!described) continue;
        AS_TRY(read_status(&o, described, &s));
        AS_TRY(o.block[i].extension == EXTENDED_SERIES ? read_series(&o, i, &s)
                                                       : read_curve(&o, i, &s));
    }
    return AS_OK;
}

static const char *const suffixes[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "000",
                                        "001", "002", "003", NULL };
static const char *const techniques[] = { "ftir", "raman", NULL };
static const as_example examples[] = {
    { "what a file holds", "assay read --list tests/corpus/ftir/opus.0" },
    { "the interferogram instead of the spectrum",
      "assay read --part 'sample interferogram' tests/corpus/ftir/opus.0 | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "jcamp-dx", "omnic-spa", NULL };

const as_parser as_parser_bruker_opus = {
    .name = "bruker-opus",
    .title = "Bruker OPUS",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files and open readers",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Bruker OPUS spectra",
             .description =
                 "Binary: a directory of blocks of values and blocks of parameters. The latest "
                 "spectrum that was divided by its reference (absorbance, transmittance, "
                 "reflectance ...) is the main data; single beams, interferograms, phases and "
                 "earlier versions are parts. Series (time-resolved, trace) give one series for "
                 "each spectrum, with its time.\n\n"
                 "Parameters that have no name of ours are under `vendor.` by their three letters, "
                 "those of the reference under `vendor.reference.`. The extremes that the file "
                 "states are compared.\n\n"
                 "Known gaps: compact copies (for searches), embedded images and the log are not "
                 "read; series were not tried on a real file.",
             .examples = examples,
             .see_also = see_also },
};
