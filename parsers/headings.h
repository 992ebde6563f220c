/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people write over columns, as names of the vocabulary with units; and which columns are
 * x, y and sigma. Shared by the generic text and the workbook formats.
 */
#ifndef AS_PARSERS_HEADINGS_H
#define AS_PARSERS_HEADINGS_H

#include "table.h"

typedef struct as_heading {
    const char *name;  /* of the vocabulary, else an identifier made of the text */
    const char *label; /* the text without its unit; NULL: no text */
    as_unit unit;      /* AS_UNITLESS where none is stated and the name implies none */
    bool known;        /* in the vocabulary */
    bool stated;       /* the unit stands in the file */
    bool titled;       /* the label holds more than the name says: that of a group of columns */
    bool turned;       /* "-Im(Z)": the name is that of the negative of what the file has */
} as_heading;

/* "Heat Flow (W/g)", "BE/eV", "2Theta [deg]", "Time, s", or a text and its unit apart (`unit` NULL:
 * none). A short name (T, p, E, i) is believed only with a unit of the right dimension; a name
 * whose unit has another dimension keeps its own spelling; so does one led by a minus, but for the
 * imaginary part of impedances, which is `turned`. Texts are in scratch. */
as_status as_heading_of(as_ctx *ctx, const char *text, const char *unit,
                        as_heading *out) AS_NODISCARD;

/* "cm-1", "nm": a unit that, at the head of a first column, is the axis of a spectrum, as its heading. */
bool as_spectral_unit(const char *text, as_heading *out);

/* A row of n texts that are all units, each of one quantity only ("V, µA"; "[s], [K], [mg]"): their
 * headings. False, and nothing is set: it is no such row. */
bool as_unit_headings(as_ctx *ctx, size_t n, const char *const *text, as_heading *h);

/* Units alone: "[s]", "(mg)", "cm-1", "°C". */
bool as_is_unit_text(as_ctx *ctx, const char *text);

/* What only the other columns tell: an "I" without a unit beside a scattering angle, a Raman shift or a
 * binding energy is an intensity (elsewhere it may be a current); "wt%" alone is an uptake beside a
 * pressure, else a mass fraction; "real" and "imaginary" beside a frequency are an impedance; "absorption"
 * without a unit beside a wavenumber or wavelength is an absorbance; arbitrary units alone are an intensity. */
void as_settle_headings(size_t n, as_heading *h);

/* Indices into n headings; `sigma` is n when there is none; `paired`: x and y are known to belong together, or x
 * to be what others are measured against. n >= 2. */
typedef struct as_axes { size_t x, y, sigma; bool paired; } as_axes;
as_axes as_choose_axes(size_t n, const as_heading *h);

/* Something that a curve is drawn against: two_theta, temperature, pressure ... */
bool as_is_x_name(const char *name);

/* xrd, raman ... by the names of the columns; NULL: they do not tell. */
const char *as_technique_of(size_t n, const as_heading *h);

/* Lower-case letters and digits of `text` only, Greek spelt out: "2θ / °" -> "2theta". In scratch. */
const char *as_plain_key(as_ctx *ctx, const char *text) AS_NODISCARD;

#endif
