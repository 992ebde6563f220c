/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of PHI files. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "phi.h"

enum { MAX_REGIONS = 4096 };

as_status phi_header_new(as_ctx *ctx, phi_header *out)
{
    *out = (phi_header){ .meta = as_table_new(ctx, 0),
                         .region = AS_NEW_N(as_scratch(ctx), phi_region, MAX_REGIONS) };
    return out->meta && out->region ? AS_OK : AS_ERR;
}

/* "1 1 Cu2p 29 501 -0.1000 974.0000 924.0000 973.0000 925.0000 0.431136 55.00 AREA": number, on or
 * off, name, atomic number, points, step, first and last binding energy, the range of interest,
 * time per point in s, pass energy in eV. */
static as_status add_region(as_ctx *ctx, phi_header *h, const as_line *line, size_t at)
{
    as_field *f;
    size_t n;
    as_line rest = *line;
    rest.text += at;
    rest.length -= at;
    AS_TRY(as_fields(ctx, &rest, 0, &f, &n));
    double v[12];
    for (size_t i = 0; i < 12; i++) {
        v[i] = NAN;
        if (i < n && !as_read_number(f[i].text, f[i].length, '.', &v[i])) v[i] = NAN;
    }
    if (n < 8 || isnan(v[0]) || !(v[4] > 0) || isnan(v[5]) || isnan(v[6]) || isnan(v[7]))
        return as_fail(ctx, AS_E_SYNTAX, &line->where,
                       "'%.60s', expected number, state, name, element, points, step, first and "
                       "last energy",
                       line->text);
    if (h->n == MAX_REGIONS)
        return as_fail(ctx, AS_E_LIMIT, &line->where, "more than %d regions", MAX_REGIONS);
    h->region[h->n++] = (phi_region){ .name = f[2].text,
                                      .number = v[0],
                                      .points = v[4],
                                      .step = v[5],
                                      .first = v[6],
                                      .last = v[7],
                                      .dwell = v[10],
                                      .pass = v[11],
                                      .where = line->where };
    return AS_OK;
}

/* "2017 6 7" */
static as_status set_date(as_ctx *ctx, as_table *t, const char *text, const as_where *from)
{
    double v[3];
    const char *at = text;
    for (size_t i = 0; i < 3; i++)
        if (!as_leading_number(at, &v[i], &at))
            return as_set_vendor(ctx, t, "FileDate", text, from);
    if (!(v[0] > 1900 && v[0] < 3000 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31))
        return as_set_vendor(ctx, t, "FileDate", text, from);
    const char *iso = as_format(as_scratch(ctx), "%04.0f-%02.0f-%02.0f", v[0], v[1], v[2]);
    return iso ? as_set_meta(ctx, t, "measured", iso, NULL, from) : AS_ERR;
}

as_status phi_header_line(as_ctx *ctx, phi_header *h, const as_line *line)
{
    as_pair pair;
    double energy;
    AS_TRY(as_split(ctx, line, ':', &pair));
    if (as_same(pair.key, "SpectralRegDef")) return add_region(ctx, h, line, pair.at);
    if (!*pair.key || !*pair.value) return AS_OK;
    if (as_same(pair.key, "FileDate")) return set_date(ctx, h->meta, pair.value, &line->where);
    if (as_same(pair.key, "SpatialAreaDesc")) {
        const char *name = NULL; /* behind the number of the area */
        if (as_leading_number(pair.value, &energy, &name) && *name)
            return as_set_meta(ctx, h->meta, "sample", name, NULL, &line->where);
    }
    if (as_same(pair.key, "XraySource")) { /* "Al 1486.6 mono" */
        const char *number = strchr(pair.value, ' ');
        if (number && as_leading_number(number, &energy, NULL) && energy > 0)
            AS_TRY(as_set_number(ctx, h->meta, "photon_energy", energy, NAN, as_unit_of("eV"),
                                 &line->where));
    }
    return as_set_setting(ctx, h->meta, pair.key, pair.value, &line->where);
}

const phi_region *phi_region_of(const phi_header *h, double number, const char *name)
{
    for (size_t i = 0; number > 0 && i < h->n; i++)
        if (h->region[i].number == number) return &h->region[i];
    for (size_t i = 0; name && i < h->n; i++)
        if (as_same(h->region[i].name, name)) return &h->region[i];
    return NULL;
}

as_table *phi_table(as_ctx *ctx, const phi_header *h, const phi_region *r, const char *name,
                    size_t n)
{
    const as_axis axis = { "binding_energy", "binding_energy", "eV" };
    const bool fits = r && r->points == (double)n;
    as_table *t = as_new_scan(ctx, n, &axis, fits ? r->first : 0, fits ? r->step : 0, "count/s");
    if (!t || as_copy_meta(ctx, t, h->meta) != AS_OK) return NULL;
    if (!name && r) name = r->name;
    if (name && as_set_meta(ctx, t, "region", name, NULL, r ? &r->where : NULL) != AS_OK)
        return NULL;
    if (r && r->dwell > 0 &&
        as_set_number(ctx, t, "dwell_time", r->dwell, NAN, as_unit_of("s"), &r->where) != AS_OK)
        return NULL;
    if (r && r->pass > 0 &&
        as_set_number(ctx, t, "pass_energy", r->pass, NAN, as_unit_of("eV"), &r->where) != AS_OK)
        return NULL;
    return t;
}
