/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thermo Avantage .avg, the text dump of a data space: properties "KEY : TYPE = value", then
 * $DATAAXES (first and last index, number of space axes of each), $SPACEAXES (start, width, number,
 * type, LINEAR or NON-LINEAR, symbol, unit, label), and for each spectrum $AXISVALUE lines, $DATA
 * and LIST@ lines of values.
 */
#include <math.h>
#include <string.h>

#include "avantage.h"
#include "number.h"

typedef enum { PROPERTIES, DATA_AXES, SPACE_AXES, VALUES } section;

typedef struct reading {
    as_parse *job;
    avantage_space s;
    section in;
    double *place[AVANTAGE_AXES]; /* of levels, as $AXISVALUE gives them */
    size_t n_spectra;             /* expected */
    size_t done;
    as_table *table; /* the one being filled */
    size_t filled;
} reading;

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    if (!strstr(at, "$FORMAT=") || !strstr(at, "$PROPERTIES=")) return AS_PROBE_NO;
    return strstr(at, "$SPACEAXES=") ? AS_PROBE_MAGIC : AS_PROBE_LIKELY;
}

/* "'C1s Scan'" or a number. */
static const char *unquoted(as_ctx *ctx, const char *text)
{
    size_t n = strlen(text);
    if (n >= 2 && text[0] == '\'' && text[n - 1] == '\'') text++, n -= 2;
    return as_trim(as_scratch(ctx), text, n);
}

static as_status read_property(reading *r, const as_line *line)
{
    as_pair key, value;
    AS_TRY(as_split(r->job->ctx, line, ':', &key));
    as_line rest = *line;
    rest.text += key.at;
    rest.length -= key.at;
    AS_TRY(as_split(r->job->ctx, &rest, '=', &value));
    if (!as_starts(key.key, "DS_") || !*value.value) return AS_OK;
    const char *text = unquoted(r->job->ctx, value.value);
    return text ? avantage_property(r->job->ctx, r->s.meta, key.key, text, &line->where) : AS_ERR;
}

/* The fields behind "0=" of a line about an axis. */
static as_status axis_fields(reading *r, const as_line *line, size_t least, as_field **f, size_t *n)
{
    const char *equals = strchr(line->text, '=');
    as_line rest = *line;
    if (equals) {
        rest.text = equals + 1;
        rest.length = line->length - (size_t)(equals + 1 - line->text);
        AS_TRY(as_fields(r->job->ctx, &rest, ',', f, n));
    }
    if (!equals || *n < least)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where, "'%.60s', expected an axis",
                       line->text);
    return AS_OK;
}

static as_status read_data_axis(reading *r, const as_line *line)
{
    as_field *f;
    size_t n, d = r->s.n_data_axes;
    double v[3];
    AS_TRY(axis_fields(r, line, 3, &f, &n));
    for (size_t i = 0; i < 3; i++)
        if (!as_read_number(f[i].text, f[i].length, '.', &v[i])) v[i] = NAN;
    if (d == AVANTAGE_AXES ||
        !(v[1] >= v[0] && v[1] - v[0] < 1e9 && v[2] >= 1 && v[2] <= AVANTAGE_AXES))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.60s', expected first and last index and the number of axes", line->text);
    r->s.count[d] = (size_t)(v[1] - v[0]) + 1;
    r->s.spaces[d] = (size_t)v[2];
    r->s.n_data_axes++;
    return AS_OK;
}

static as_status read_space_axis(reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    const size_t k = r->s.n_axes;
    double v[3];
    AS_TRY(axis_fields(r, line, 4, &f, &n));
    for (size_t i = 0; i < 3; i++)
        if (!as_read_number(f[i].text, f[i].length, '.', &v[i])) v[i] = NAN;
    if (k == AVANTAGE_AXES || isnan(v[0]) || isnan(v[1]) || !(v[2] >= 1 && v[2] < 1e9))
        return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                       "'%.60s', expected start, width and number of an axis", line->text);
    avantage_axis *a = &r->s.axis[k];
    *a = (avantage_axis){ .type = f[3].text, .n = v[2], .start = v[0], .step = v[1] };
    a->unit = n > 6 ? unquoted(r->job->ctx, f[6].text) : "";
    a->label = n > 7 ? unquoted(r->job->ctx, f[7].text) : "";
    if (!a->unit || !a->label) return AS_ERR;
    if (k == 0 && n > 4 && as_starts(f[4].text, "NON"))
        return as_fail(r->job->ctx, AS_E_FORMAT, &line->where,
                       "an energy axis that is not linear is not supported");
    r->s.n_axes++;
    return AS_OK;
}

/* "$AXISVALUE= DATAXIS=1 SPACEAXIS=1 LABEL='Etch Time' POINT=2 VALUE=12.5;" */
static as_status read_place(reading *r, const as_line *line)
{
    const char *axis = strstr(line->text, "SPACEAXIS="), *point = strstr(line->text, "POINT=");
    const char *value = strstr(line->text, " VALUE=");
    double k, i, v;
    if (!axis || !point || !value || !as_leading_number(axis + 10, &k, NULL) ||
        !as_leading_number(point + 6, &i, NULL) ||
        !as_leading_number(strchr(value, '=') + 1, &v, NULL))
        return AS_OK; /* names of points */
    if (!(k >= 1 && k < (double)r->s.n_axes && i >= 0 && i < r->s.axis[(size_t)k].n)) return AS_OK;
    avantage_axis *a = &r->s.axis[(size_t)k];
    double **place = &r->place[(size_t)k];
    if (!*place) {
        if (a->n > (double)r->job->in->size) return AS_OK;
        *place = AS_NEW_N(as_scratch(r->job->ctx), double, (size_t)a->n);
        if (!*place) return AS_ERR;
        for (size_t j = 0; j < (size_t)a->n; j++) (*place)[j] = a->start + (double)j * a->step;
        a->value = *place;
    }
    (*place)[(size_t)i] = v;
    return AS_OK;
}

static as_status close_spectrum(reading *r, const as_where *at)
{
    if (!r->table) return AS_OK;
    if (r->filled != r->table->rows)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, at, "%zu values in spectrum %zu, expected %zu",
                       r->filled, r->done + 1, r->table->rows);
    AS_TRY(avantage_emit(r->job, r->table));
    r->table = NULL;
    r->done++;
    return AS_OK;
}

static as_status open_spectrum(reading *r, const as_where *at)
{
    AS_TRY(close_spectrum(r, at));
    if (r->n_spectra == 0) r->n_spectra = avantage_spectra(&r->s);
    if (r->n_spectra == 0)
        return as_fail(r->job->ctx, AS_E_FORMAT, at,
                       "a data space whose first axis is no energy, or "
                       "whose axes do not agree: only spectra are supported");
    if (r->done == r->n_spectra)
        return as_fail(r->job->ctx, AS_E_SYNTAX, at, "more spectra than the %zu of the axes",
                       r->n_spectra);
    if (r->s.count[0] > r->job->in->size)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, at, "%zu values, more than the file holds",
                       r->s.count[0]);
    r->table = avantage_table(r->job->ctx, &r->s, r->done);
    r->filled = 0;
    return r->table ? AS_OK : AS_ERR;
}

static as_status read_values(reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(axis_fields(r, line, 1, &f, &n));
    for (size_t i = 0; i < n; i++) {
        double v;
        if (f[i].length == 0 && i + 1 == n) break;
        if (!as_read_number(f[i].text, f[i].length, '.', &v))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where, "'%.40s', expected a value",
                           f[i].text);
        if (!r->table || r->filled == r->table->rows)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                           "more values than the %zu of the energy axis", r->s.count[0]);
        r->table->column[1]->v.f[r->filled++] = v;
    }
    return AS_OK;
}

static as_status read_line(reading *r, const as_line *line)
{
    const char *at = line->text;
    while (*at == ' ' || *at == '\t') at++;
    if (*at == ';' || *at == '\0') return AS_OK;
    if (as_starts(at, "$AXISVALUE")) return read_place(r, line);
    if (as_starts(at, "$DATA=")) {
        r->in = VALUES;
        return open_spectrum(r, &line->where);
    }
    if (*at == '$') {
        if (r->n_spectra && (as_starts(at, "$DATAAXES") || as_starts(at, "$SPACEAXES")))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &line->where,
                           "axes after the data, expected one data space");
        r->in = as_starts(at, "$DATAAXES")    ? DATA_AXES
                : as_starts(at, "$SPACEAXES") ? SPACE_AXES
                                              : PROPERTIES;
        return AS_OK;
    }
    switch (r->in) {
    case DATA_AXES: return read_data_axis(r, line);
    case SPACE_AXES: return read_space_axis(r, line);
    case VALUES: return as_starts(at, "LIST@") ? read_values(r, line) : AS_OK;
    default: return read_property(r, line);
    }
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line = { 0 };
    as_more more;
    reading r = { .job = job };
    r.s.meta = as_table_new(job->ctx, 0);
    if (!r.s.meta) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) AS_TRY(read_line(&r, &line));
    if (more == AS_FAILED) return AS_ERR;
    AS_TRY(close_spectrum(&r, &line.where));
    if (r.done == 0 || r.done < r.n_spectra)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "%zu spectra, expected %zu", r.done,
                       r.n_spectra ? r.n_spectra : 1);
    return AS_OK;
}

static const char *const suffixes[] = { "avg", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = {
    { "levels of a depth profile", "assay read --list tests/corpus/xps/levels.avg" }, { 0 }
};
static const char *const see_also[] = { "avantage-vgd", NULL };

const as_parser as_parser_avantage_avg = {
    .name = "avantage-avg",
    .title = "Thermo Avantage .avg",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "layout as described by readers of the public, no file of the vendor seen",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the text dumps of Avantage data spaces",
             .description =
                 "Spectra over kinetic energy, one for each etch level, position or pixel. Data "
                 "spaces that are no spectra (images, tables of values) are refused by name.",
             .examples = examples,
             .see_also = see_also },
};
