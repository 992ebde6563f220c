/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 through nettle. */
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <stdio.h>

#include "hash.h"

struct as_sha256 {
    struct sha256_ctx state;
};

as_sha256 *as_sha256_new(as_arena *a)
{
    as_sha256 *h = AS_NEW(a, as_sha256);
    if (h) sha256_init(&h->state);
    return h;
}

void as_sha256_add(as_sha256 *h, const void *data, size_t n)
{
    sha256_update(&h->state, n, data);
}

void as_sha256_end(as_sha256 *h, char hex[AS_SHA256_TEXT])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&h->state, sizeof digest, digest);
    base16_encode_update(hex, sizeof digest, digest);
    hex[AS_SHA256_TEXT - 1] = '\0';
}

bool as_sha256_add_file(as_sha256 *h, const char *path)
{
    unsigned char block[1 << 16];
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) as_sha256_add(h, block, n);
    const bool good = !ferror(f);
    return fclose(f) == 0 && good;
}

bool as_sha256_of_file(const char *path, char hex[AS_SHA256_TEXT])
{
    as_sha256 h;
    sha256_init(&h.state);
    if (!as_sha256_add_file(&h, path)) return false;
    as_sha256_end(&h, hex);
    return true;
}

void as_sha256_of(const void *data, size_t n, char hex[AS_SHA256_TEXT])
{
    as_sha256 h;
    sha256_init(&h.state);
    as_sha256_add(&h, data, n);
    as_sha256_end(&h, hex);
}
