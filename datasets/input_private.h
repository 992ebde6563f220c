/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of an input: private to datasets/. */
#ifndef AS_DATASETS_INPUT_PRIVATE_H
#define AS_DATASETS_INPUT_PRIVATE_H

#include "input.h"

/* A writable copy of the text, in which line ends become NUL as lines are read. Made on first
 * use. NULL without memory. */
char *as_input_text(as_ctx *ctx, const as_input *in);

#endif
