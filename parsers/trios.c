/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of TRIOS's text and workbook. */
#include "trios.h"

#include <string.h>

#include "spectrum.h"

static const as_known known[] = {
    { "Instrument name", "instrument", NULL }, { "Instrument Type", "instrument", NULL },
    { "Instrument type", "instrument", NULL }, { "Operator", "operator", NULL },
    { "Sample name", "sample", NULL },         { "Sample Mass", "sample_mass", "mg" },
    { "Pan Type", "crucible", NULL },          { "Trios version", "software", NULL },
    { "Notes", "comment", NULL },              { "Sample Notes", "comment", NULL },
    { "Serial Number", "serial_number", NULL }, { "proceduresegments", "programme", NULL },
};

as_status as_trios_pair(as_ctx *ctx, as_trios *t, const char *key, const char *value, const as_where *at)
{
    const size_t n = strlen(key);
    if (n > 2 && key[0] == '[' && key[n - 1] == ']') {
        const bool calibration = as_find_text(key, "Calibration]") != NULL;
        t->calibration = calibration ? as_format(as_scratch(ctx), "%.*s: ", (int)n - 2, key + 1) : NULL;
        return calibration && !t->calibration ? AS_ERR : AS_OK;
    }
    if (t->calibration && value[0]) {
        const char *full = as_format(as_scratch(ctx), "%s%s", t->calibration, key);
        return full ? as_set_vendor(ctx, t->head, full, value, at) : AS_ERR;
    }
    if (as_same(key, "rundate") || as_same(key, "Run date")) /* the second with the time of day */
        return as_set_measured(ctx, t->head, value, true, at);
    return as_set_measure(ctx, t->head, known, AS_COUNT(known), key, value, at);
}

as_status as_trios_end(as_ctx *ctx, const as_trios *t)
{
    const as_meta *channel = as_get_meta(t->head, "vendor.Selected Gas Channel");
    if (!channel || !channel->text) return AS_OK;
    const char *key = as_format(as_scratch(ctx), "vendor.Gas %s", channel->text);
    const as_meta *gas = key ? as_get_meta(t->head, key) : NULL;
    if (!key) return AS_ERR;
    return gas && gas->text ? as_set_meta(ctx, t->head, "atmosphere", gas->text, NULL, NULL) : AS_OK;
}
