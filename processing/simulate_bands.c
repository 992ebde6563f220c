/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bands, axes and metadata of simulated vibrational spectra: see simulate_bands.h. */
#include "simulate_bands.h"

#include <math.h>
#include <string.h>

#include "number.h"

static as_status band_of(as_ctx *ctx, const char *text, as_simulated_band *out)
{
    double *const part[] = { &out->position, &out->fwhm, &out->area };
    const char *at = strchr(text, ':');
    bool good = at && at > text;
    char *name = good ? as_strndup(as_scratch(ctx), text, (size_t)(at - text)) : NULL;
    if (good && !name) return AS_ERR;
    for (char *c = name; c && *c; c++)
        if (*c == '_') *c = ' ';
    for (size_t k = 0; good && k < 3; k++) {
        const size_t n = strcspn(++at, ":");
        good = as_read_number(at, n, '.', part[k]) && isfinite(*part[k]) && (k < 2) == (at[n] == ':');
        at += n;
    }
    if (!good || !(out->position > 0) || !(out->fwhm > 0))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s' found, expected NAME:POSITION:FWHM:AREA", text);
    out->name = name;
    return AS_OK;
}

as_status as_simulated_bands(as_ctx *ctx, const as_texts *texts, as_simulated_band **out)
{
    if (texts->n > AS_SIMULATED_MOST_BANDS)
        return as_fail(ctx, AS_E_USAGE, NULL, "%zu bands, expected at most %d", texts->n, AS_SIMULATED_MOST_BANDS);
    *out = AS_NEW_N(as_scratch(ctx), as_simulated_band, texts->n + 1);
    if (!*out) return AS_ERR;
    for (size_t k = 0; k < texts->n; k++) AS_TRY(band_of(ctx, texts->v[k], &(*out)[k]));
    return AS_OK;
}

as_table *as_simulated_axis(as_ctx *ctx, const char *name, const char *technique, const as_range *range,
                            double step)
{
    const double points = floor((range->hi - range->lo) / step + 1.5);
    const bool good = range->lo > 0 && points >= 10 && points <= 1e6;
    if (!good && as_fail(ctx, AS_E_USAGE, NULL,
                         "a range of %g to %g in steps of %g, expected 10 to 1e6 points above 0", range->lo,
                         range->hi, step) != AS_OK)
        return NULL;
    as_table *t = as_table_new(ctx, (size_t)points);
    as_column *x = t ? as_add_column(ctx, t, name, AS_ROLE_X, as_unit_of("cm-1")) : NULL;
    if (!x) return NULL;
    t->technique = technique;
    for (size_t i = 0; i < t->rows; i++) x->v.f[i] = round((range->lo + (double)i * step) * 1e6) / 1e6;
    return t;
}

as_status as_simulated_meta(as_ctx *ctx, as_table *t, const char *what, double seed, double stream,
                            const char *sample, const char *origin)
{
    const char *said = as_format(t->arena, "%s, seed %.0f stream %.0f: no measurement", what, seed, stream);
    if (!said) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "simulated", said, NULL, NULL));
    if (sample) AS_TRY(as_set_meta(ctx, t, "sample", sample, NULL, NULL));
    if (origin) AS_TRY(as_set_meta(ctx, t, "comment", origin, NULL, NULL));
    t->label = as_format(t->arena, "%s (simulated)", sample ? sample : "spectrum");
    return t->label ? AS_OK : AS_ERR;
}

double as_simulated_digits(double v, int digits)
{
    if (v == 0 || !isfinite(v)) return v;
    const double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    return round(v * scale) / scale;
}
