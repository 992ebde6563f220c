/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of read.c alone: what every table gets that was read, so that the reading can be repeated. */
#ifndef AS_PARSERS_READ_STEP_H
#define AS_PARSERS_READ_STEP_H

#include "detect.h"
#include "hash.h"

/* "--format spc --part 2 --option sheet=1", in scratch, quoted for the shell; NULL without memory. */
const char *as_read_step(as_ctx *ctx, const as_parser *p, const as_read_options *how,
                         const void *settings);

/* Which file and how: its name without folders, its bytes before any conversion. */
typedef struct as_origin {
    const as_parser *parser;
    const char *name, *settings;
    char sha256[AS_SHA256_TEXT];
} as_origin;
/* Texts in scratch; AS_E_NOMEM only. */
as_status as_origin_of(as_ctx *ctx, const as_input *in, const as_parser *p,
                       const as_read_options *how, const void *settings, as_origin *out) AS_NODISCARD;

/* Technique, label, the source and the step `read` of its history; AS_E_BUG for data without x and y. */
as_status as_sign(as_ctx *ctx, as_table *t, const as_origin *from) AS_NODISCARD;

#endif
