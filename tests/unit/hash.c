/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256: the examples of FIPS 180-4, at once and in pieces. */
#include "check.h"
#include "hash.h"

int main(void)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char hex[AS_SHA256_TEXT];
    as_sha256_of("", 0, hex);
    CHECK(strcmp(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0);
    as_sha256_of("abc", 3, hex);
    CHECK(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    as_sha256 *h = as_sha256_new(as_scratch(ctx));
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof two_blocks - 1; i++) as_sha256_add(h, two_blocks + i, 1);
        as_sha256_end(h, hex);
        CHECK(strcmp(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1") == 0);
    }
    for (int i = 0; i < 1000; i++) as_sha256_add(h, memset(hex, 'a', 50), 50);
    for (int i = 0; i < 19000; i++)
        as_sha256_add(h, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 50);
    as_sha256_end(h, hex);
    CHECK(strcmp(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0") == 0);
    as_ctx_free(ctx);
    DONE();
}
