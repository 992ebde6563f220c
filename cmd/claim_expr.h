/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of a parsed claim: between claim_parse.c and claim_eval.c only. */
#ifndef AS_CMD_CLAIM_EXPR_H
#define AS_CMD_CLAIM_EXPR_H

#include "claim.h"

typedef enum {
    AS_X_NUMBER,
    AS_X_QUANTITY,
    AS_X_OVER,
    AS_X_IN,
    AS_X_NEGATE,
    AS_X_ADD,
    AS_X_SUBTRACT,
    AS_X_MULTIPLY,
    AS_X_DIVIDE,
    AS_X_LESS,
    AS_X_GREATER,
    AS_X_AT_MOST,
    AS_X_AT_LEAST,
    AS_X_AND,
    AS_X_OR,
    AS_X_NOT,
    AS_X_DETECTED,
    AS_X_ABSENT,
    AS_X_UPPER_LIMIT,
    AS_X_RATIO,
    AS_X_ABS,
    AS_X_LN,
    AS_X_SQRT,
    AS_X_MIN,
    AS_X_MAX,
    AS_X_MEAN,
    AS_X_WITHIN,
    AS_X_INCREASING,
    AS_X_DECREASING
} as_expr_kind;

struct as_expr {
    as_expr_kind kind;
    const as_text *text;
    size_t from, to; /* bytes of the text it was read from */
    bool truth, set; /* what it yields */
    size_t n;
    as_expr **arg;
    double value, u; /* AS_X_NUMBER, in `unit`; u is 0 for an exact one */
    as_unit unit;    /* AS_X_NUMBER, AS_X_IN */
    as_path path;    /* AS_X_QUANTITY */
    const char *key; /* AS_X_OVER */
};

#endif
