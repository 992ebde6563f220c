/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) of bytes, as lower-case hexadecimal text. */
#ifndef AS_DATASETS_HASH_H
#define AS_DATASETS_HASH_H

#include <stdbool.h>

#include "arena.h"

enum { AS_SHA256_TEXT = 65 }; /* 64 digits and the NUL */

void as_sha256_of(const void *data, size_t n, char hex[AS_SHA256_TEXT]);
/* Of all bytes of a file, of which no more than a piece is in memory. False: errno says why. */
bool as_sha256_of_file(const char *path, char hex[AS_SHA256_TEXT]) AS_NODISCARD;

/* Piece by piece: new, any number of adds, end. After end it is as new. Lives in `a`. */
typedef struct as_sha256 as_sha256;
as_sha256 *as_sha256_new(as_arena *a) AS_NODISCARD;
void as_sha256_add(as_sha256 *h, const void *data, size_t n);
bool as_sha256_add_file(as_sha256 *h, const char *path) AS_NODISCARD; /* as as_sha256_of_file */
void as_sha256_end(as_sha256 *h, char hex[AS_SHA256_TEXT]);

#endif
