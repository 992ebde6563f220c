/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations of isotherms: the amount adsorbed n (mmol/g) over the pressure p (kPa, above 0). All parameters
 * are above 0; they are fitted, and differentiated here, as their logarithms.
 */
#ifndef AS_PROCESSING_ISOTHERM_MODELS_H
#define AS_PROCESSING_ISOTHERM_MODELS_H

#include <stddef.h>

enum { AS_ISOTHERM_PARAMETERS = 4 };

typedef struct as_isotherm_model {
    const char *name, *equation;
    size_t m;
    struct {
        const char *quantity, *site, *unit; /* site: "" or the end of the item */
    } parameter[AS_ISOTHERM_PARAMETERS];
    /* n at p with parameters exp(q), and its derivatives by q. */
    double (*at)(double p, const double *q, double *d);
    /* A start: capacity n_m, half of it at pressure p_half; variant 0, 1, 2 ... */
    void (*start)(double n_m, double p_half, int variant, double *q);
    /* ln of the Henry constant (mmol/g/kPa) and its derivatives by q; NULL: there is none. */
    double (*ln_henry)(const double *q, double *d);
} as_isotherm_model;

/* Henry 1803; Langmuir 1918; two Langmuir sites; Toth 1971; Sips 1948; Freundlich 1906. Ends with name NULL. */
extern const as_isotherm_model as_isotherm_models[];
enum { AS_ISOTHERM_STARTS = 4 };

#endif
