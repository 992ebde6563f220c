/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line shapes and backgrounds: what a model is made of.
 *
 * A shape = one as_shape in a file of its family, and one line in shapes.def. From that one row
 * derive the model language, the fit, the derived quantities with their uncertainties, and the
 * table of shapes in the help. Kernels are array functions: value and gradient at n points.
 *
 * Parameter 0 of a peak is its amplitude, natively the height (at the maximum of a symmetric
 * peak) or the area; `ratio` gives area over height, so that a model may use either, and
 * both are reported. The width of a peak is its full width at half maximum wherever the shape
 * has one in closed form; where it has not, fwhm and position are found numerically from the
 * kernel and the help of the parameter says what it is instead.
 */
#ifndef AS_PROCESSING_SHAPE_H
#define AS_PROCESSING_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

enum { AS_SHAPE_PARAMS = 12 }; /* at most, of one shape */

typedef enum { AS_SHAPE_PEAK, AS_SHAPE_STEP, AS_SHAPE_BACKGROUND } as_shape_kind;
typedef enum { AS_NATIVE_HEIGHT, AS_NATIVE_AREA } as_amplitude;

typedef struct as_shape_param {
    const char *name; /* in the model language; a quantity of the vocabulary */
    const char *unit; /* "x", "y", "x*y", "1", "1/x", "y/x" */
    double def;       /* start when neither given nor guessed from the data */
    double lo, hi;    /* domain, closed: bounds of the fit unless narrower ones are given */
    const char *help; /* one phrase */
} as_shape_param;

typedef struct as_shape as_shape;

struct as_shape {
    const char *name;
    as_shape_kind kind;
    as_amplitude amplitude;      /* peaks: what parameter 0 is */
    size_t n_params;             /* 0: poly and chebyshev, as many as asked for */
    const as_shape_param *params;

    /* f[i] = value and J[k][i] = d value / d p[k] for n points, n a multiple of AS_LANE.
     * J == NULL: the value only; else every J[k] is there. q: constants of the shape that are
     * not fitted (n_constants); NULL when there are none. */
    void (*eval)(size_t n, const double *x, const double *p, const double *q, double *f,
                 double *const *J);

    /* Peaks: area / height and its gradient in g[n_params] (g[0] = 0); NaN where the area is
     * infinite. NULL: no area is defined. */
    double (*ratio)(const double *p, double *g);
    /* Full width at half maximum with gradient; NULL: numerically from the kernel. */
    double (*fwhm)(const double *p, double *g);
    /* Backgrounds: the value is parameter 0 times the integral of all peaks of the model up to x;
     * the model sums it (model_shirley.c), eval gives 0. */
    bool cumulative;
    bool symmetric; /* the maximum is at `center`, parameter 1 */

    /* Peaks: p from a peak of this height, centre and FWHM. NULL: amplitude, centre and
     * a parameter called fwhm are set, the others keep their default. */
    void (*guess)(double height, double center, double fwhm, double *p);

    /* The formula in plain text, the convention stated: shown in help and results. */
    const char *formula;
    const char *reference;
};

extern const as_shape *const as_shapes[]; /* from shapes.def, ends with NULL */
const as_shape *as_shape_find(const char *name);
/* Its index in s->params, or -1. */
int as_shape_param_of(const as_shape *s, const char *name);

/* Derived quantities of a peak with gradients over the native parameters (n_params each).
 * NaN: not defined for this shape or these parameters. */
double as_shape_area(const as_shape *s, const double *p, double *g);
double as_shape_height(const as_shape *s, const double *p, double *g); /* at the maximum */
double as_shape_fwhm(const as_shape *s, const double *p, double *g);
double as_shape_position(const as_shape *s, const double *p, double *g); /* of the maximum */
/* The value at one x. */
double as_shape_value(const as_shape *s, const double *p, double x, double *g);

#endif
