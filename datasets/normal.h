/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of the normal distribution, in standard deviations: what limits, intervals and verdicts
 * are made with. Currie, Anal. Chem. 40 (1968) 586, doi:10.1021/ac60259a007, for limits of detection. */
#ifndef AS_DATASETS_NORMAL_H
#define AS_DATASETS_NORMAL_H

#define AS_Z95 1.6448536269514722  /* 95 % below: one-sided limits, critical levels; "1.645 u" */
#define AS_Z975 1.959963984540054  /* 97.5 % below: two-sided intervals of 95 % */
#define AS_Z999 3.0902323061678132 /* 99.9 % below: from here on something is called present */

#endif
