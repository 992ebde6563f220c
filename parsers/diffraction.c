/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes, radiation, dates and counting statistics of diffractograms. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "column_kernels.h"
#include "diffraction.h"
#include "number.h"
#include "vocabulary.h"

/* --- axes ------------------------------------------------------------------- */

/* Names without blanks, signs and case. Where two axes move together the scattering angle is
 * recorded, unless the maker names the other one first and plots it. */
static const struct axis_name {
    const char *name;
    as_axis axis;
} axis_names[] = {
#define TWO_THETA { "two_theta", "two_theta", "deg" }
#define OMEGA { "omega", "omega", "deg" }
#define CHI { "chi", "chi", "deg" }
    { "2theta", TWO_THETA },         { "twotheta", TWO_THETA },
    { "tth", TWO_THETA },            { "coupled", TWO_THETA },
    { "lockedcoupled", TWO_THETA },  { "unlockedcoupled", TWO_THETA },
    { "gonio", TWO_THETA },          { "coupledtwothetatheta", TWO_THETA },
    { "thetatheta", TWO_THETA },     { "2thetatheta", TWO_THETA },
    { "theta2theta", TWO_THETA },    { "twothetatheta", TWO_THETA },
    { "2thetaomega", TWO_THETA },    { "omega2theta", TWO_THETA },
    { "twothetaomega", TWO_THETA },  { "2thetachi", TWO_THETA },
    { "twothetachi", TWO_THETA },    { "2thetachiphi", TWO_THETA },
    { "twothetachiphi", TWO_THETA }, { "twothetab", TWO_THETA },
    { "psdfast", TWO_THETA },        { "psdfixed", TWO_THETA },
    { "detector", TWO_THETA },       { "detector1", TWO_THETA },
    { "omega", OMEGA },              { "theta", OMEGA },
    { "omegatwotheta", OMEGA },      { "rockingcurve", OMEGA },
    { "thetas", OMEGA },             { "incidentangle", OMEGA },
    { "chi", CHI },                  { "khi", CHI },
    { "psi", { "psi", "psi", "deg" } },
    { "phi", { "phi", "phi", "deg" } },
    { "beta", { "beta", "beta", "deg" } },
    { "alpha", { "alpha", "alpha", "deg" } },
    { "x", { "stage_x", "x", "mm" } },
    { "y", { "stage_y", "y", "mm" } },
    { "z", { "stage_z", "z", "mm" } },
    { "time", { "time", "time", "s" } },
    { "temperature", { "temperature", "temperature", "K" } },
#undef TWO_THETA
#undef OMEGA
#undef CHI
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void squeeze(const char *name, size_t room, char *out)
{
    size_t n = 0;
    for (; *name && n + 1 < room; name++)
        if (is_letter(*name) || is_digit(*name)) out[n++] = lower(*name);
    out[n] = '\0';
}

/* An ASCII identifier that still shows the name. */
static char *identifier(as_arena *a, const char *name)
{
    char *out = as_format(a, "%s%s", is_letter(name[0]) ? "" : "axis_", name);
    for (char *c = out; c && *c; c++)
        if (!is_letter(*c) && !is_digit(*c)) *c = '_';
    return out;
}

static const as_axis *known_axis(const char *key)
{
    for (size_t i = 0; i < AS_COUNT(axis_names); i++)
        if (strcmp(axis_names[i].name, key) == 0) return &axis_names[i].axis;
    return NULL;
}

as_status as_axis_of(as_arena *a, const char *name, const char *unit, as_axis *out)
{
    static const char *const tails[] = { "scan", "drive",
                                         "hi" }; /* "Phi Scan", "Z-Drive", "CoupledHiScan" */
    char key[64];
    squeeze(name, sizeof key, key);
    const as_axis *known = known_axis(key);
    for (size_t i = 0; !known && i < AS_COUNT(tails); i++) {
        const size_t n = strlen(key), tail = strlen(tails[i]);
        if (n <= tail || strcmp(key + n - tail, tails[i]) != 0) continue;
        key[n - tail] = '\0';
        known = known_axis(key);
    }
    if (known) {
        *out = *known;
        return AS_OK;
    }
    out->column = out->meta = identifier(a, name);
    out->unit = as_strdup(a, unit ? unit : "deg");
    return out->column && out->unit ? AS_OK : AS_ERR;
}

const as_column *as_attenuation(as_ctx *ctx, const as_table *t)
{
    const as_column *c = as_find_name(t, "attenuation");
    for (size_t i = 0; c && i < t->rows; i++)
        if (c->type != AS_F64 || !(c->v.f[i] > 0) || isinf(c->v.f[i])) {
            as_warn(ctx, NULL, NULL, "'%s': attenuation factors that are not positive are left out",
                    t->label ? t->label : t->name ? t->name : "series");
            return NULL;
        }
    return c;
}

as_status as_set_position(as_ctx *ctx, as_table *t, const char *name, double value,
                          const char *unit, const as_where *from)
{
    as_axis axis;
    as_unit have, own;
    AS_TRY(as_axis_of(as_scratch(ctx), name, unit, &axis));
    AS_TRY(as_unit_parse(ctx, t->arena, unit && *unit ? unit : axis.unit, &have));
    AS_TRY(as_unit_parse(ctx, t->arena, axis.unit, &own));
    const as_word_entry *word = as_vocabulary(AS_WORD_META, axis.meta);
    const char *key = axis.meta;
    if (!word || !as_unit_same_dimension(&have, &own))
        key = as_format(as_scratch(ctx), "vendor.%s", name);
    return key ? as_set_number(ctx, t, key, value, NAN, have, from) : AS_ERR;
}

/* --- metadata --------------------------------------------------------------- */

/* 1 for "vendor.KEY" itself, n for "vendor.KEY.n", 0 for any other. */
static unsigned occurrence(const char *name, const char *base, size_t length)
{
    if (strncmp(name, base, length) != 0) return 0;
    if (name[length] == '\0') return 1;
    unsigned n = 0;
    const char *at = name + length + 1;
    if (name[length] != '.' || *at == '\0') return 0;
    for (; *at >= '0' && *at <= '9' && n < 100000000; at++) n = 10 * n + (unsigned)(*at - '0');
    return *at == '\0' ? n : 0;
}

as_status as_set_vendor(as_ctx *ctx, as_table *t, const char *key, const char *value,
                        const as_where *from)
{
    const char *name = as_format(as_scratch(ctx), "vendor.%s", key);
    if (!name) return AS_ERR;
    const size_t length = strlen(name);
    unsigned highest = 0;
    for (size_t i = 0; i < t->n_meta; i++) {
        const unsigned n = occurrence(t->meta[i].key, name, length);
        if (n && t->meta[i].text && strcmp(t->meta[i].text, value) == 0) return AS_OK;
        if (n > highest) highest = n;
    }
    if (highest) name = as_format(as_scratch(ctx), "vendor.%s.%u", key, highest + 1);
    return name ? as_set_meta(ctx, t, name, value, NULL, from) : AS_ERR;
}

as_status as_set_measured(as_ctx *ctx, as_table *t, const char *text, bool american,
                          const as_where *from)
{
    const char *iso;
    bool whole;
    if (!*text) return AS_OK;
    AS_TRY(as_iso_date(ctx, text, american ? AS_DATE_MONTH_FIRST : AS_DATE_UNTOLD, &iso, &whole));
    AS_TRY(as_set_meta(ctx, t, "measured", iso ? iso : text, NULL, from));
    return iso && !whole ? as_set_vendor(ctx, t, "measured", text, from) : AS_OK;
}

as_status as_set_known(as_ctx *ctx, as_table *t, const as_known *known, size_t n, const char *key,
                       const char *value, const as_where *from)
{
    double number;
    const size_t length = strlen(value);
    if (length == 0) return AS_OK;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(known[i].key, key) != 0) continue;
        if (known[i].unit && !as_read_number(value, length, '.', &number)) break;
        if (strcmp(known[i].meta, "measured") == 0)
            return as_set_measured(ctx, t, value, false, from);
        return as_set_meta(ctx, t, known[i].meta, value, known[i].unit, from);
    }
    return as_set_vendor(ctx, t, key, value, from);
}

as_status as_set_doublet(as_ctx *ctx, as_table *t, double alpha1, double alpha2, double ratio,
                         const as_where *from)
{
    const as_unit angstrom = as_unit_of("Angstrom");
    if (!(alpha1 > 0)) return AS_OK;
    AS_TRY(as_set_number(ctx, t, "wavelength", alpha1, NAN, angstrom, from));
    if (alpha2 > 0) AS_TRY(as_set_number(ctx, t, "wavelength_alpha2", alpha2, NAN, angstrom, from));
    if (ratio >= 0) AS_TRY(as_set_number(ctx, t, "alpha2_ratio", ratio, NAN, AS_UNITLESS, from));
    const char *kind = ratio == 0 ? "ka1" : alpha2 > 0 ? "ka1_ka2" : NULL;
    return kind ? as_set_meta(ctx, t, "wavelength_kind", kind, NULL, from) : AS_OK;
}

as_status as_set_slit(as_ctx *ctx, as_table *t, const char *mode, const char *opening,
                      const as_where *from)
{
    const size_t length = strlen(opening);
    double value = NAN, divisor;
    const size_t used = as_scan_number(opening, length, '.', &value);
    if (used && opening[used] == '/' &&
        as_scan_number(opening + used + 1, length - used - 1, '.', &divisor) && divisor > 0)
        value /= divisor;
    if (as_starts(mode, "fix")) {
        AS_TRY(as_set_meta(ctx, t, "slit_mode", "fixed", NULL, from));
        return value > 0
                   ? as_set_number(ctx, t, "divergence_slit", value, NAN, as_unit_of("deg"), from)
                   : AS_OK;
    }
    if (as_starts(mode, "auto") || as_starts(mode, "prog")) {
        AS_TRY(as_set_meta(ctx, t, "slit_mode", "automatic", NULL, from));
        return value > 0
                   ? as_set_number(ctx, t, "illuminated_length", value, NAN, as_unit_of("mm"), from)
                   : AS_OK;
    }
    return *mode ? as_set_vendor(ctx, t, "divergence_slit", mode, from) : AS_OK;
}

/* --- counting ----------------------------------------------------------------- */

/* The nearest whole number of a small one, without a call for each of millions. */
static double nearest(double v)
{
    return (double)(int64_t)(v < 0 ? v - 0.5 : v + 0.5);
}

bool as_are_counts(const double *y, const double *attenuation, size_t n)
{
    if (!attenuation && as_are_whole(y, n)) return true;
    for (size_t i = 0; i < n; i++) {
        const double f = attenuation ? attenuation[i] : 1;
        if (f == 1 && y[i] >= 0 && y[i] < 1e15 && y[i] == (double)(int64_t)y[i]) continue;
        const double counted = y[i] / f;
        if (isnan(y[i])) continue;
        if (!(counted >= 0 && counted < 1e15)) return false;
        /* a file may have rounded y = f * counted to a whole number */
        const double tolerance = 1e-3 + (f > 1.5 ? fmin(0.5 / f, 0.05) : 0) + 1e-7 * counted;
        if (fabs(counted - nearest(counted)) > tolerance) return false;
    }
    return true;
}

as_status as_add_counted_sigma(as_ctx *ctx, as_table *t, const double *attenuation, double seconds)
{
    const as_unit count = as_unit_of("count");
    as_column *y = as_need(ctx, t, AS_ROLE_Y);
    if (!y) return AS_ERR;
    if (!as_unit_same_dimension(&y->unit, &count)) {
        for (size_t i = 0; i < t->rows; i++)
            if (y->v.f[i] < 0) return AS_OK;
        return as_add_counting_sigma(ctx, t, seconds);
    }
    if (!as_are_counts(y->v.f, attenuation, t->rows)) {
        as_warn(ctx, t, NULL, "the intensities are no whole numbers of counts: no sigma");
        return AS_OK;
    }
    if (!attenuation) return as_add_counting_sigma(ctx, t, seconds);
    as_column *sigma = as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, y->unit);
    if (!sigma) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++)
        sigma->v.f[i] = attenuation[i] * sqrt(fmax(y->v.f[i] / attenuation[i], 1));
    return AS_OK;
}

double as_step_position(double start, double step, size_t i)
{
    const double x = start + (double)i * step;
    return fabs(x) < 1e5 ? nearest(x * 1e10) / 1e10 : x;
}

double as_meant(float value)
{
    char text[AS_NUMBER_MAX];
    double back = value;
    for (int digits = 1; digits <= 9 && isfinite(value); digits++) {
        const int n = snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (n > 0 && as_read_number(text, (size_t)n, '.', &back) && (float)back == value)
            return back;
    }
    return value;
}

as_table *as_new_scan(as_ctx *ctx, size_t n, const as_axis *axis, double start, double step,
                      const char *y_unit)
{
    as_unit unit;
    as_table *t = as_table_new(ctx, n);
    if (!t || as_unit_parse(ctx, t->arena, axis->unit, &unit) != AS_OK) return NULL;
    as_column *x = as_add_column(ctx, t, axis->column, AS_ROLE_X, unit);
    if (!x || !as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of(y_unit))) return NULL;
    as_step_positions(start, step, n, x->v.f);
    return t;
}

as_status as_note_simulated(as_ctx *ctx, as_table *t)
{
    static const char prefix[] = "simulated: ";
    const as_meta *m = as_get_meta(t, "comment");
    if (!m || !m->text || !as_starts(m->text, prefix)) return AS_OK;
    return as_set_meta(ctx, t, "simulated", m->text + sizeof prefix - 1, NULL, &m->from);
}
