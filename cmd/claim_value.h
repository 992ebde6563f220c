/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number that knows its uncertainty: value, slopes to the results it came from, unit and
 * bound. The arithmetic of claims; first order (GUM, JCGM 100:2008, section 5.2).
 */
#ifndef AS_CMD_CLAIM_VALUE_H
#define AS_CMD_CLAIM_VALUE_H

#include "claim.h"

/* Where uncertainty comes from: one result of one table, or a number written with ~u. */
typedef struct as_source {
    const as_table *table; /* NULL: a written number */
    size_t result;
    double u;      /* in the source's own unit; nan: not known */
    double down, up; /* the same towards less and more: u, but where an interval of unequal arms is known */
    double factor; /* of that unit to SI */
    const char *name;
} as_source;

typedef struct as_sources {
    as_arena *a;
    as_source *v;
    size_t n;
} as_sources;

typedef struct as_slope {
    uint32_t source;
    double d;
} as_slope; /* d value / d source, both SI */

/* degC and degF have a zero of their own: a point on such a scale is no difference. */
typedef enum { AS_S_ANY, AS_S_POINT, AS_S_DIFFERENCE } as_scale;

/* The true value is v, above v, below v, or bounded in no useful way. */
typedef enum { AS_B_EXACT, AS_B_ABOVE, AS_B_BELOW, AS_B_UNKNOWN } as_side;

typedef struct as_value {
    double v; /* in SI */
    size_t n;
    const as_slope *slope; /* sorted by source, none twice */
    as_unit unit;          /* in which it is shown; its dimension is that of v */
    as_scale scale;
    as_side side;
    const char *problem; /* why there is no usable value; NULL: there is */
    size_t table;        /* of a set's member: which table */
    const char *item;    /*                    and item it belongs to */
} as_value;

/* A new source; its number in *out. */
as_status as_source_add(as_sources *s, const as_source *new_one, uint32_t *out) AS_NODISCARD;

/* claim_share.c: the covariance of two sources in SI: that stored in a series, and between series that of results which
 * one step copied to both, or of one fit to all of them with parameters in common. false, and 0, where nobody knows it;
 * written numbers are independent of all. */
bool as_source_covariance(const as_source *a, const as_source *b, double *out);

/* Standard uncertainty in SI: nan when a source has none; *who names it then. */
double as_value_u(const as_sources *s, const as_value *x, const char **who);
/* The same of how far the true value may lie below (side -1) or above x (side 1), where sources have arms of unequal
 * length: each side is added in quadrature for itself. */
double as_value_arm(const as_sources *s, const as_value *x, int side, const char **who);

/* Did two of its uncertain sources have to be taken as independent, since nobody knows their covariance? */
bool as_value_assumes(const as_sources *s, const as_value *x);

/* out = f(a, b) with v = f and partial derivatives da, db. Problem, slopes and side follow;
 * unit and scale are the caller's to set. */
as_status as_value_combine(as_sources *s, const as_value *a, double da, const as_value *b,
                           double db, double v, as_value *out) AS_NODISCARD;
/* Sum of f * x[i]. */
as_status as_value_sum(as_sources *s, size_t n, const as_value *x, double f,
                       as_value *out) AS_NODISCARD;

/* True when everything the bound allows has the sign of v. */
bool as_value_keeps_sign(const as_value *x);

/* Smallest (sign 1) or largest (sign -1) of n. */
void as_value_least(size_t n, const as_value *x, double sign, as_value *out);

const char *as_value_text(as_arena *a, const as_sources *s, const as_value *x);

#endif
