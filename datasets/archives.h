/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facade of the library that writes whole archives and reads them as they are, links and folders
 * included: what pack, unpack, verify and diff need. Parsers open members through input.h.
 */
#ifndef AS_DATASETS_ARCHIVES_H
#define AS_DATASETS_ARCHIVES_H

#include <stdio.h>

#include "container.h"

typedef enum { AS_ARCHIVE_ZIP, AS_ARCHIVE_TAR_GZ, AS_ARCHIVE_TAR_ZST } as_archive_form;
typedef enum { AS_ENTRY_FILE, AS_ENTRY_FOLDER, AS_ENTRY_LINK, AS_ENTRY_OTHER } as_entry_kind;

typedef struct as_archived {
    const char *name; /* UTF-8, as it stands in the archive: not to be trusted */
    as_entry_kind kind;
    const char *target;        /* of a link; NULL: none */
    const unsigned char *data; /* of a file; from `read` followed by AS_PAD zeros */
    size_t size;
} as_archived;

typedef struct as_archive {
    /* All entries of a zip or a tar, plain or compressed (gzip, bzip2, xz, zstd), in their order
     * and in `to`. from->most bounds the sum of the sizes (AS_E_LIMIT), 100 000 their number. Cut
     * input is AS_E_TRUNCATED, broken input AS_E_SYNTAX, encrypted AS_E_FORMAT. */
    as_status (*read)(as_ctx *ctx, as_arena *to, const as_packed *from, as_archived **out,
                      size_t *n);
    /* n files in the order given. The bytes depend on nothing else than form, names, data and
     * mtime (seconds since 1970): owner and group are 0, modes 0644, no other times. For a zip the
     * process must be in UTC. AS_E_IO, AS_E_NOMEM. */
    as_status (*write)(as_ctx *ctx, FILE *to, as_archive_form form, int64_t mtime, size_t n,
                       const as_archived *files);
} as_archive;

const as_archive *as_archive_open(as_ctx *ctx); /* NULL: AS_E_IO */

#endif
