/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ordinates of JCAMP-DX tables: AFFN (free format), PAC, SQZ, DIF, DUP and their mixtures.
 * McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151, doi 10.1366/0003702884428734.
 */
#ifndef AS_PARSERS_ASDF_H
#define AS_PARSERS_ASDF_H

#include "arena.h"

/* What has been decoded so far, and what the next line has to continue. Values lie in scratch. */
typedef struct as_asdf {
    double *v;       /* ordinates, before the factor; NaN: missing */
    size_t n, room;
    size_t most;     /* no table is believed to have more; 0: no limit */
    double last;     /* ordinate */
    double step;     /* difference that DUP repeats */
    bool in_dif;     /* the last token was a difference: the next line begins with the check value */
    bool any;        /* there is a token to repeat */
    bool lenient;    /* a wrong check value is counted, and the line goes on from it */
    size_t wrong;    /* of them */
} as_asdf;

typedef enum as_asdf_answer {
    AS_ASDF_OK,
    AS_ASDF_TOKEN, /* what stands at *at is no ordinate */
    AS_ASDF_ALONE, /* a difference or a repetition without an ordinate before it */
    AS_ASDF_CHECK, /* the line does not begin with the ordinate that the line before ended with */
    AS_ASDF_MANY,  /* more than `most` */
    AS_ASDF_FAILED /* no memory; the error is recorded */
} as_asdf_answer;

/* The abscissa at the beginning of text[0 .. n): bytes used, 0: none. `unit`: one in its last
 * digit. An exponent needs its sign, since E and D may begin an ordinate. */
size_t as_asdf_abscissa(const char *text, size_t n, double *x, double *unit);

/* The ordinates of text[*at .. n). Where it fails *at is the place. */
as_asdf_answer as_asdf_line(as_ctx *ctx, as_asdf *s, const char *text, size_t n, size_t *at);

/* One number of a table of pairs at text[*at .. n); blanks, commas and semicolons before it are
 * passed. AS_DONE at the end, AS_FAILED without an error recorded for anything else. */
as_more as_asdf_number(const char *text, size_t n, size_t *at, double *out);

#endif
