/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a peak is there, and how much of it could have been missed. */
#ifndef AS_PROCESSING_DETECTION_H
#define AS_PROCESSING_DETECTION_H

/* Detection after Currie 1968 (Anal. Chem. 40, 586, doi:10.1021/ac60259a007) with sigma_0 the
 * uncertainty at zero area: present above 3.09 sigma_0 (one-sided 0.1 %), not detected below the
 * critical level 1.645 sigma_0 (one-sided 5 %), else undecided. */
typedef enum { AS_NOT_DETECTED, AS_UNDECIDED_PEAK, AS_PRESENT } as_detection;

typedef struct as_limits {
    as_detection verdict;
    double critical_level;  /* 1.645 sigma_0 */
    double detection_limit; /* true area that exceeds the critical level in 95 of 100: 2.71 count +
                               3.29 sigma_0, one count being `count` in units of area (0: none) */
    double upper_limit;     /* one-sided 95 %: max(area, 0) + 1.645 u */
} as_limits;
as_limits as_detection_limits(double area, double u, double zero_u, double count);

#endif
