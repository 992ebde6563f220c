/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistical thickness of the adsorbed film on a flat surface, as the analyses of isotherms assume it. */
#ifndef AS_PROCESSING_FILM_H
#define AS_PROCESSING_FILM_H

#include "op.h"

typedef enum {
    AS_FILM_HARKINS_JURA,  /* t = sqrt(0.1399 / (0.034 - lg x)) nm, Lippens & de Boer, J. Catal. 4 (1965) 319 */
    AS_FILM_HALSEY,        /* t = 0.354 (-5 / ln x)^(1/3) nm, doi:10.1063/1.1746689 */
    AS_FILM_BROEKHOFF,     /* lg x = -16.11/t^2 + 0.1682 exp(-0.1137 t), t in Angstrom,
                              Broekhoff & de Boer 1967, J. Catal. 9, 8 */
    AS_FILM_CARBON_BLACK,  /* t = 0.298 + 0.645 x + 0.088 x^2 nm, ASTM D6556 */
    AS_FILM_CURVE          /* given points of (x, t) */
} as_film;
extern const as_choice as_films[];

/* nm at one relative pressure by an equation (not AS_FILM_CURVE); NaN outside (0, 1). */
double as_film_equation(as_film kind, double x);

#define AS_FILM_PARAMS(S)                                                                          \
    AS_CHOICE(S, film.kind, "thickness", "harkins-jura", as_films, "curve of the film thickness"), \
    AS_TABLES(S, film.curve, "thickness-curve", "",                                                \
              "relative_pressure and film_thickness, for --thickness curve")

typedef struct as_film_options { int kind; as_tables curve; } as_film_options;

/* nm at n relative pressures x, rising or falling; NaN outside (0, 1) and outside the points of a given
 * curve, which is interpolated by PCHIP. AS_E_USAGE, AS_E_MISSING, AS_E_UNIT, AS_E_NUMERIC. */
as_status as_film_thickness(as_ctx *ctx, const as_film_options *o, size_t n, const double *x,
                            double *out) AS_NODISCARD;

#endif
