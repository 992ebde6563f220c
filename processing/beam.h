/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The divergence slit: what it does to intensities. A fixed slit opens by a constant angle and lights
 * less of the sample the steeper the beam; an automatic one keeps the lit length and passes more of the
 * beam with sin(theta). So the intensities of one mode are those of the other times sin(theta), up to a constant.
 */
#ifndef AS_PROCESSING_BEAM_H
#define AS_PROCESSING_BEAM_H

#include "table.h"

/* AS_E_MISSING when both series state a slit mode and the modes differ. */
as_status as_same_slits(as_ctx *ctx, const as_table *a, const as_table *b) AS_NODISCARD;

/* Below which two_theta (deg) the beam is longer than the sample: fixed slit of `divergence` deg, radius and
 * sample length in one unit. 0: nowhere. */
double as_beam_overflow(double divergence, double radius, double sample_length);

/* Warns where the series' metadata say that the beam overflows the sample at `lowest` two_theta (deg), and that
 * ratios over two_theta are those of an automatic slit. */
void as_warn_of_beam(as_ctx *ctx, as_table *t, double lowest);

#endif
