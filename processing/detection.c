/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Detection: see detection.h. */
#include <math.h>

#include "detection.h"
#include "normal.h"

as_limits as_detection_limits(double area, double u, double zero_u, double count)
{
    as_limits out = { .critical_level = AS_Z95 * zero_u,
                      .upper_limit = fmax(area, 0) + AS_Z95 * u };
    out.detection_limit = 2.7055434540954146 * count + 2 * out.critical_level;
    out.verdict = area > AS_Z999 * zero_u ? AS_PRESENT
                  : area < out.critical_level        ? AS_NOT_DETECTED
                                                     : AS_UNDECIDED_PEAK;
    return out;
}
