/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Divergence slits: overflow of the beam, and modes that do not compare. */
#include "beam.h"
#include "check.h"

int main(void)
{
    /* 0.5 deg at 240 mm light 2.094 mm at normal incidence: 20 mm at sin(theta) = 0.1047 */
    NEAR(as_beam_overflow(0.5, 240, 20), 12.0222, 1e-3);
    NEAR(as_beam_overflow(60, 240, 20), 180, 0);
    CHECK(isnan(as_beam_overflow(NAN, 240, 20)));
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_table *a = as_table_new(ctx, 0), *b = as_table_new(ctx, 0);
    CHECK(as_same_slits(ctx, a, b) == AS_OK);
    CHECK(as_set_meta(ctx, a, "slit_mode", "fixed", NULL, NULL) == AS_OK);
    CHECK(as_same_slits(ctx, a, b) == AS_OK);
    CHECK(as_set_meta(ctx, b, "slit_mode", "automatic", NULL, NULL) == AS_OK);
    CHECK(as_same_slits(ctx, a, b) == AS_ERR && as_pending(ctx) == AS_E_MISSING);
    as_warn_of_beam(ctx, b, 5);
    CHECK(b->n_warnings == 1 && a->n_warnings == 0);
    CHECK(as_set_number(ctx, a, "divergence_slit", 0.5, NAN, as_unit_of("deg"), NULL) == AS_OK);
    CHECK(as_set_number(ctx, a, "goniometer_radius", 240, NAN, as_unit_of("mm"), NULL) == AS_OK);
    CHECK(as_set_number(ctx, a, "sample_length", 20, NAN, as_unit_of("mm"), NULL) == AS_OK);
    as_warn_of_beam(ctx, a, 13);
    CHECK(a->n_warnings == 0);
    as_warn_of_beam(ctx, a, 5);
    CHECK(a->n_warnings == 1);
    as_ctx_free(ctx);
    DONE();
}
