/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert-slit: intensities as the other mode of the divergence slit would have given them,
 * I_fixed = I_automatic sin(theta_0)/sin(theta), equal at two_theta_0.
 */
#include <math.h>
#include <string.h>

#include "curve.h"

enum { FIXED, AUTOMATIC };

typedef struct {
    int to;
    double at;
} slit_settings;

static const as_choice modes[] = { { "fixed", FIXED, "constant opening" },
                                   { "automatic", AUTOMATIC, "constant lit length" },
                                   { 0 } };
static const as_param params[] = { AS_CHOICE(slit_settings, to, "to", NULL, modes,
                                             "the mode wanted"),
                                   AS_DOUBLE(slit_settings, at, "at", "20deg", 0.1, 179, "deg",
                                             "two theta at which nothing changes"),
                                   AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "two_theta", .unit = "deg", .help = "as x" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "intensities" },
    { .kind = AS_NEED_META,
      .name = "slit_mode",
      .help = "the mode of the measurement: fixed or automatic" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_Y,
                                   .help = "times sin(theta_0)/sin(theta) or its inverse" },
                                 { 0 } };

static as_status series(as_run *run, as_table *owned)
{
    const slit_settings *set = run->settings;
    const char *now = as_get_meta(owned, "slit_mode")->text, *wanted = modes[set->to].name;
    as_curve c;
    if (!now || (strcmp(now, "fixed") != 0 && strcmp(now, "automatic") != 0))
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "slit_mode is '%s', expected fixed or automatic", now ? now : "");
    if (strcmp(now, wanted) == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "the intensities are those of a slit that is %s already", wanted);
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    const double half = acos(-1.0) / 360; /* from two theta in degrees to theta in radians */
    for (size_t i = 0; i < c.n; i++) {
        const double ratio = sin(set->at * half) / sin(c.x[i] * half);
        const double factor = set->to == FIXED ? ratio : 1 / ratio;
        c.y[i] *= factor;
        if (c.sigma) c.sigma[i] *= factor;
    }
    AS_TRY(as_set_meta(run->ctx, owned, "slit_mode", wanted, NULL, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = { { "a pattern as an automatic slit would have given it",
                                         "assay set slit_mode=fixed tests/corpus/xrd/small.xy | "
                                         "assay convert-slit --to automatic | tail -n 2" },
                                       { 0 } };
static const char *const see_also[] = { "convert-x", "reflection", NULL };

const as_op as_op_convert_slit = {
    .name = "convert-slit",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(slit_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "turn intensities of a fixed slit into those of an automatic one, or back",
             .description = "Valid where the beam stays on the sample and the sample is thick. The "
                            "sigma is scaled alike. A series that "
                            "does not say its slit mode is refused (`assay set slit_mode=fixed`), "
                            "and so is one that has the mode "
                            "already.",
             .examples = examples,
             .see_also = see_also },
};
