/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file_out.h"

static bool put(as_out *self, const void *bytes, size_t n)
{
    as_file_out *f = (as_file_out *)self;
    return fwrite(bytes, 1, n, f->to) == n;
}

as_file_out as_out_to(FILE *to)
{
    return (as_file_out){ { put }, to };
}
