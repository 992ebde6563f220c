/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A libFuzzer target for one format: compiled once per line of parsers.def with FUZZ_FORMAT set. */
#include <stdint.h>

#include "parse_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)parse_bytes(FUZZ_FORMAT, "fuzz", data, size);
    return 0;
}
