/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of optical spectra share: what stands along x and y, and settings written as a
 * number with its unit. Only for parsers/.
 */
#ifndef AS_PARSERS_SPECTRUM_H
#define AS_PARSERS_SPECTRUM_H

#include "diffraction.h"

typedef struct as_spectrum_kind {
    const char *x, *x_unit; /* raman_shift, cm-1 */
    const char *y, *y_unit; /* intensity; "1": not stated */
    const char *technique;  /* raman; NULL: by the parser */
} as_spectrum_kind;

/* Any maker's name of the unit along x, "rel. 1/cm", "Nanometers", "eV": sets x and x_unit of
 * `kind` and answers true; what is not known is left alone. "1/cm" alone is a Raman shift. */
bool as_spectral_x(const char *text, as_spectrum_kind *kind);
/* Likewise y: "Cnt", "CCD cts", "Counts/s", "ABSORBANCE", "%T". */
bool as_spectral_y(const char *text, as_spectrum_kind *kind);

/* A table of n rows with the two columns, zeroed, and the technique. A unit that is none of ours
 * is kept as text. */
as_table *as_new_spectrum(as_ctx *ctx, size_t n, const as_spectrum_kind *kind) AS_NODISCARD;

/* A curve: x and y of n points copied into a new spectrum. */
as_table *as_spectrum_of(as_ctx *ctx, const as_spectrum_kind *kind, size_t n, const double *x,
                         const double *y) AS_NODISCARD;

/* "532.05 nm", "60 sec", "0,5", "-69.0 C": as as_set_known, with a number and its unit in the
 * text; a bare number has the unit that `known` states. A unit of another dimension sends the text
 * to vendor. Only the first number counts ("3.95 cm-1, 1.03 cm-1/pixel"). */
as_status as_set_measure(as_ctx *ctx, as_table *t, const as_known *known, size_t n,
                         const char *key, const char *value, const as_where *from) AS_NODISCARD;

/* A number of a binary file as metadata; nothing when it is not finite. */
as_status as_set_value(as_ctx *ctx, as_table *t, const char *key, double value, const char *unit,
                       const as_where *from) AS_NODISCARD;
/* A text of a binary file as metadata; nothing when it is empty. */
as_status as_set_text(as_ctx *ctx, as_table *t, const char *key, const char *text,
                      const as_where *from) AS_NODISCARD;

/* ISO 8601 of seconds since 1970-01-01 UTC, in scratch; NULL without memory. */
const char *as_utc_text(as_ctx *ctx, int64_t seconds);

/* 0x00ff00ff from four bytes of a head, little endian: for probes, which allocate nothing. */
uint32_t as_head_u32(const as_probe *p, size_t at);

#endif
