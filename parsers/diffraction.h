/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of diffractograms share: names of axes, the radiation, dates, and the
 * standard deviation of counted intensities. Only for parsers/.
 */
#ifndef AS_PARSERS_DIFFRACTION_H
#define AS_PARSERS_DIFFRACTION_H

#include "parser.h"

#define AS_COUNT(array) (sizeof(array) / sizeof *(array))

/* --- axes ------------------------------------------------------------------- */
typedef struct as_axis {
    const char *column; /* two_theta, omega, phi, stage_z ...; else the file's own name */
    const char *meta;   /* key of the same as a coordinate; "x" for stage_x */
    const char *unit;   /* "deg", "mm" ... */
} as_axis;

/* Any maker's name of what moved: "2Theta", "TwoThetaOmega", "LockedCoupled", "KHI". An axis that
 * is not known keeps its name, made an identifier in `a`; `unit` is its unit then (NULL: "deg").
 * Fails only without memory. */
as_status as_axis_of(as_arena *a, const char *name, const char *unit, as_axis *out) AS_NODISCARD;

/* A fixed position of the axis `name` as metadata, in the unit given (NULL: the axis' own). A unit
 * of another dimension than the axis has leaves it under vendor. */
as_status as_set_position(as_ctx *ctx, as_table *t, const char *name, double value,
                          const char *unit, const as_where *from) AS_NODISCARD;

/* The factors in the intensities, for writers; NULL: none, or (with a warning) not all are positive. */
const as_column *as_attenuation(as_ctx *ctx, const as_table *t);

/* --- metadata --------------------------------------------------------------- */
typedef struct as_known {
    const char *key;  /* as the file spells it */
    const char *meta; /* as vocabulary.def does */
    const char *unit; /* of the number; NULL: text */
} as_known;

/* The value of `key`: under the name that `known` has for it, else (or when a number was expected
 * and it is none) verbatim under vendor.KEY. An empty value is left out. */
as_status as_set_known(as_ctx *ctx, as_table *t, const as_known *known, size_t n, const char *key,
                       const char *value, const as_where *from) AS_NODISCARD;
/* Verbatim under vendor.KEY; a repeated key with another value becomes vendor.KEY.2 ... */
as_status as_set_vendor(as_ctx *ctx, as_table *t, const char *key, const char *value,
                        const as_where *from) AS_NODISCARD;

/* K alpha radiation: wavelength is alpha 1. The kind is ka1_ka2 where the file names alpha 2 and
 * does not say that it is filtered out (ratio 0: ka1); it stays open where the file has one
 * wavelength only. NaN or 0: not stated. Nothing is set without alpha1. */
as_status as_set_doublet(as_ctx *ctx, as_table *t, double alpha1, double alpha2, double ratio,
                         const as_where *from) AS_NODISCARD;

/* The divergence slit as the exports of PANalytical and Philips say it: "Fixed" and "1/2" or "0.5"
 * degrees, "Automatic" and the illuminated length in mm. Other texts go under vendor. */
as_status as_set_slit(as_ctx *ctx, as_table *t, const char *mode, const char *opening,
                      const as_where *from) AS_NODISCARD;

/* `measured` as ISO 8601 where the text leaves no doubt (calendar.h); else as it stands. `american`:
 * the format has the month first: 09/10/2024, 03/23/09. The text itself is kept under vendor.measured
 * where it names a zone of time. */
as_status as_set_measured(as_ctx *ctx, as_table *t, const char *text, bool american,
                          const as_where *from) AS_NODISCARD;

/* --- counting ----------------------------------------------------------------- */
/* Column sigma where y proves how it was counted: whole numbers of counts times `attenuation`
 * (NULL: 1 everywhere), which gives f*sqrt(max(y/f, 1)); or a rate over `seconds`. Intensities
 * called counts that are none are warned of and get no sigma. */
as_status as_add_counted_sigma(as_ctx *ctx, as_table *t, const double *attenuation,
                               double seconds) AS_NODISCARD;
/* Whether all y are whole numbers of counts, at least 0; NaN aside. */
bool as_are_counts(const double *y, const double *attenuation, size_t n);

/* start + i * step as decimal numbers have it: rounded to ten decimals. */
double as_step_position(double start, double step, size_t i);
/* The decimal number of fewest digits that a 32-bit float stands for: 0.02, not 0.0199999996. */
double as_meant(float value);

/* A table of n rows, x = start + i * step in the axis' unit and a zero intensity in `y_unit`. */
as_table *as_new_scan(as_ctx *ctx, size_t n, const as_axis *axis, double start, double step,
                      const char *y_unit) AS_NODISCARD;

/* A comment "simulated: ..." becomes the metadata `simulated`: our exporters write it so. */
as_status as_note_simulated(as_ctx *ctx, as_table *t) AS_NODISCARD;

#endif
