/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One untrusted input through one parser, or through detection, as `read` would: what fuzz targets
 * and their regression driver share. Nothing may crash, hang or leak; errors are answers.
 */
#ifndef AS_TESTS_PARSE_BYTES_H
#define AS_TESTS_PARSE_BYTES_H

#include "detect.h"

enum { FUZZ_MEMORY = 256 << 20 };

/* `format` NULL: by detection. True when tables came out. */
static bool parse_bytes(const char *format, const char *name, const void *bytes, size_t size)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    if (!ctx) return false;
    as_ctx_limit(ctx, FUZZ_MEMORY);
    const as_frame frame = as_enter(ctx);
    const as_read_options how = { .format = format };
    const as_input *in;
    as_collection all = { 0 };
    const bool read = as_input_of_bytes(ctx, name, bytes, size, &in) == AS_OK &&
                      as_read_all(ctx, in, &how, &all) == AS_OK;
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    return read;
}

#endif
