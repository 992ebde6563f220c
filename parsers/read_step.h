/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of read.c alone: the option text that repeats the reading of a file. */
#ifndef AS_PARSERS_READ_STEP_H
#define AS_PARSERS_READ_STEP_H

#include "detect.h"

/* "--format spc --part 2 --option sheet=1", in scratch, quoted for the shell; NULL without memory. */
const char *as_read_step(as_ctx *ctx, const as_parser *p, const as_read_options *how,
                         const void *settings);

#endif
