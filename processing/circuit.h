/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equivalent circuits of impedance: a text, its elements, and the complex impedance with its
 * derivatives.
 *
 *     circuit = block { "-" block }                 in series
 *     block   = ELEMENT | "p(" circuit { "," circuit } ")"   in parallel
 *     ELEMENT = KIND [ digits or "_" and letters ]           R0, CPE1, Wo_anode
 *
 * Angular frequency w = 2 pi f, j the imaginary unit, all in SI units:
 *
 *     R     R                                   resistance
 *     C     1 / (jw C)                          capacitance
 *     L     jw L                                inductance
 *     La    L (jw)^n                            inductance with losses
 *     CPE   1 / (q (jw)^n)                      constant phase element
 *     W     a (1 - j) / sqrt(w)                 Warburg, infinite
 *     Wo    r coth(sqrt(jw tau)) / sqrt(jw tau) Warburg of finite length, open end (reflecting)
 *     Ws    r tanh(sqrt(jw tau)) / sqrt(jw tau) Warburg of finite length, short end (transmitting)
 *     Zarc  r / (1 + (jw tau)^n)                depressed arc
 *     G     r / sqrt(1 + jw tau)                Gerischer
 *
 * Lasia 2014, Electrochemical Impedance Spectroscopy and its Applications, chapters 2, 4 and 7;
 * Boukamp 1986, Solid State Ionics 20, 31.
 *
 * A fit sees ln p of every parameter but the exponents n: scales run over many decades and none is
 * negative.
 */
#ifndef AS_PROCESSING_CIRCUIT_H
#define AS_PROCESSING_CIRCUIT_H

#include <complex.h>

#include "impedance.h"
#include "least_squares.h"

enum { AS_CIRCUIT_ELEMENTS = 32, AS_CIRCUIT_PARAMS = 48 };

/* How |Z| of an element and its place in frequency follow from a parameter p. */
typedef enum {
    AS_OHMIC,      /* Z ~ p */
    AS_ADMITTANCE, /* Z ~ 1 / p */
    AS_TIME,       /* p places the element in frequency */
    AS_EXPONENT    /* 0 .. 1, not in logarithms */
} as_circuit_role;

typedef struct as_element_param {
    const char *name; /* of ELEMENT.NAME; the first one of a kind with one parameter: ELEMENT */
    const char *quantity, *unit;
    as_circuit_role role;
} as_element_param;

/* Z at w of the parameters p, and dz[k] = dZ/d ln p[k] (dZ/dp[k] of an exponent). */
typedef double _Complex as_element_impedance(double w, const double *p, double _Complex *dz);

typedef struct as_element_kind {
    const char *name;
    size_t n;
    as_element_param param[3];
    as_element_impedance *impedance;
    const char *help;
} as_element_kind;
extern const as_element_kind as_element_kinds[]; /* ends with name NULL */

typedef struct as_element {
    const char *name;
    const as_element_kind *kind;
    size_t first; /* of its parameters */
    size_t block; /* of the outermost series it belongs to */
} as_element;

typedef struct as_circuit_param {
    const char *name; /* R1, CPE1.q */
    const as_element_param *what;
    double start;      /* NaN: to be found */
    double lo, hi;     /* of the value itself */
    bool fixed, given; /* given: start, bound or fixed came from the user */
} as_circuit_param;

typedef struct as_circuit_code {
    enum { AS_CODE_ELEMENT, AS_CODE_SERIES, AS_CODE_PARALLEL } op;
    size_t n; /* the element, or how many on the stack are joined */
} as_circuit_code;

typedef struct as_circuit {
    const char *text;
    size_t n_elements, n_params, n_blocks, n_code;
    as_element element[AS_CIRCUIT_ELEMENTS];
    as_circuit_param param[AS_CIRCUIT_PARAMS];
    as_circuit_code code[4 * AS_CIRCUIT_ELEMENTS];
    size_t block_code[AS_CIRCUIT_ELEMENTS + 1]; /* where the code of a block begins */
} as_circuit;

/* AS_E_USAGE with a caret where the text is wrong. Names live in `a`. */
as_status as_circuit_parse(as_ctx *ctx, as_arena *a, const char *text,
                           as_circuit *out) AS_NODISCARD;

/* Starts, bounds and what is fixed: `R1=100 CPE1.n=0.9[0.5:1] R0=12! C1=[1e-9:1e-6]`, divided by
 * blanks or commas. AS_E_USAGE at the word. */
as_status as_circuit_settings(as_ctx *ctx, as_circuit *c, const char *text) AS_NODISCARD;

/* Index of a parameter by its name; c->n_params: none. */
size_t as_circuit_find(const as_circuit *c, const char *name, size_t n);

/* The impedance at w of the values p, in units of the list above; dz (n_params, or NULL) as of
 * as_element_impedance. */
double _Complex as_circuit_impedance(const as_circuit *c, double w, const double *p,
                                     double _Complex *dz);
/* Of block b alone. */
double _Complex as_circuit_block(const as_circuit *c, size_t b, double w, const double *p,
                                 double _Complex *dz);

/* Between values and what the fit sees. */
double as_circuit_inner(const as_circuit_param *p, double value);
double as_circuit_value(const as_circuit_param *p, double inner);

/* Up to `room` starting points (values, n_params each, best first) for the spectrum with standard
 * deviations s_re, s_im: parameters that are not given are drawn by a generator of fixed seed, with
 * time constants inside the measured frequencies; the magnitudes of the blocks then follow by
 * non-negative least squares. At least one. */
size_t as_circuit_guess(const as_circuit *c, const as_impedance *z, const double *s_re,
                        const double *s_im, size_t room, double (*start)[AS_CIRCUIT_PARAMS]);

/* Blocks that are alike (p(R,C), p(R,CPE), Zarc) may swap places without changing the impedance:
 * permutation to[k] of the parameters that puts the one of the highest frequency first. Blocks with
 * given parameters stay. False: it is the identity. */
bool as_circuit_order(const as_circuit *c, const double *p, size_t *to);

/* Peak frequency (Hz) and effective capacitance (F) of a block p(R,C), p(R,CPE) or Zarc: C = tau /
 * R with tau = (R q)^(1/n) (Hsu & Mansfeld 2001, Corrosion 57, 747), and their gradients over what
 * the fit sees (n_params, zeroed here). False: another kind of block. */
bool as_circuit_arc(const as_circuit *c, size_t block, const double *p, double *hertz,
                    double *hertz_gradient, double *farad, double *farad_gradient);

#endif
