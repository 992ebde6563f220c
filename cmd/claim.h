/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims: an expression over results, answered with supported, not supported or undecided.
 *
 *   claim      = and-terms joined by `or`; and-term = not-terms joined by `and`
 *   not-term   = [ `not` ] comparison
 *   comparison = sum { ( < | > | <= | >= ) sum }      a < b < c is a < b and b < c
 *   sum        = term { ( + | - ) term }
 *   term       = factor { ( * | / | of ) factor }     1 % of x is x/100
 *   factor     = [ - ] ( number | quantity | function | "(" claim ")" )
 *   number     = digits [ ~ standard uncertainty ] [ unit ]      5 deg, 0.096~0.003 eV
 *   quantity   = series [ . index ] . item . quantity            found.cell.a, scan.0."111".area
 *   set        = a quantity with * as series, index or item, or a function of sets, [ over(KEY) ]
 *   functions    detected(q) absent(q, below=f) upper_limit(q) ratio(a, b) abs ln sqrt
 *                min max mean within(a, b, tolerance) increasing(set) decreasing(set)
 *   report     = sum [ in UNIT ]
 *
 * Names that are not letters, digits and _ stand in double quotes. A set is ordered by
 * series and item, or by metadata KEY. Arithmetic of sets goes member by member;
 * a comparison of a set holds when it holds for every member.
 *
 * Values carry their first-order uncertainty, with the covariance stored inside a series and between the
 * series of one fit to all; where nobody knows it they are taken as independent, and the answer says so.
 * A comparison is supported when the difference is at
 * least 1.645 u on the claimed side, not supported when it is that far on the other, else
 * undecided (95 % one-sided). Without value or u the answer is undecided, with the reason.
 */
#ifndef AS_CMD_CLAIM_H
#define AS_CMD_CLAIM_H

#include "table.h"
#include "text.h"

typedef enum { AS_SUPPORTED, AS_NOT_SUPPORTED, AS_UNDECIDED } as_verdict;

/* "supported", "not supported", "undecided" */
const char *as_verdict_name(as_verdict v);
bool as_verdict_of(const char *name, as_verdict *out); /* false: none is called so */

typedef struct as_expr as_expr;

/* Parse and check what needs no data: grammar, names and arguments of functions, units that
 * nobody knows, a truth where a number belongs. AS_E_USAGE points into `text`, which must
 * live as long as `out` (both in `a` or longer). */
as_status as_claim_parse(as_ctx *ctx, as_arena *a, const as_text *text, as_expr **out) AS_NODISCARD;
/* The same for `report:`, where a claim or a number may stand, with `in UNIT` at its end. */
as_status as_report_parse(as_ctx *ctx, as_arena *a, const as_text *text,
                          as_expr **out) AS_NODISCARD;

/* What an expression asks for: to be checked before anything runs. NULL: any (`*`). */
typedef struct as_path {
    const char *series; /* the name; with its index when one was given: scan.0 */
    const char *item, *quantity;
    const char *index; /* what stood there: a number or "*"; NULL: nothing */
    as_where where;
} as_path;
size_t as_expr_paths(as_arena *a, const as_expr *e, const as_path **out); /* 0 without memory too */

typedef struct as_answer {
    as_verdict verdict;
    const char *because; /* the numbers behind the verdict, one phrase per comparison */
} as_answer;

/* AS_E_MISSING: no such series, item or quantity; AS_E_UNIT: dimensions do not fit; both
 * point into the text. The answer lies in `a`. */
as_status as_claim_decide(as_ctx *ctx, as_arena *a, const as_expr *e, size_t n,
                          const as_table *const *tables, as_answer *out) AS_NODISCARD;

typedef struct as_reported {
    const char *name; /* of the series, for a member of a set; else NULL */
    double value, u;  /* in `unit`; nan where there is none */
    as_unit unit;
    as_bound bound;
    const char *problem; /* why value or u is missing; NULL */
    bool assumes;        /* u takes results as independent whose covariance nobody knows */
    bool is_truth;       /* then only these two matter */
    as_answer answer;
} as_reported;

/* "(5.806 ± 0.003) deg": the value as far as u has two digits. NULL without memory. */
const char *as_quantity_text(as_arena *a, double value, double u, const char *unit, as_bound bound);

as_status as_claim_report(as_ctx *ctx, as_arena *a, const as_expr *e, size_t n,
                          const as_table *const *tables, size_t *n_out,
                          as_reported **out) AS_NODISCARD;

#endif
