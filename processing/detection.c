/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Detection: see detection.h. */
#include <math.h>

#include "detection.h"

as_limits as_detection_limits(double area, double u, double zero_u, double count)
{
    as_limits out = { .critical_level = 1.6448536269514722 * zero_u,
                      .upper_limit = fmax(area, 0) + 1.6448536269514722 * u };
    out.detection_limit = 2.7055434540954146 * count + 2 * out.critical_level;
    out.verdict = area > 3.0902323061678132 * zero_u ? AS_PRESENT
                  : area < out.critical_level        ? AS_NOT_DETECTED
                                                     : AS_UNDECIDED_PEAK;
    return out;
}
