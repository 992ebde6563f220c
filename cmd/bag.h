/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BagIt bags (RFC 8493): a folder with data/ and manifests of its checksums. SHA-256 is written
 * and checked.
 */
#ifndef AS_CMD_BAG_H
#define AS_CMD_BAG_H

#include "files.h"
#include "findings.h"

typedef struct as_bag {
    const char *top; /* of the bag among the files: "" or "NAME/" */
    size_t payload;  /* files below data/ */
} as_bag;

/* False where no bagit.txt lies at the top or in the one folder there. */
bool as_bag_find(as_session *s, const as_files *f, as_bag *out);

/* The bag of `payload` (names below data/) as the files of an archive, all in the folder `top`
 * ("NAME/"), sorted. `info`: lines for bag-info.txt, "Key: value\n" each; Payload-Oxum is added. */
as_status as_bag_make(as_session *s, as_files *payload, const char *top, const char *info,
                      as_files *out) AS_NODISCARD;

/* RO-Crate 1.1 of the files `f` (names from the crate's root): the rules of its chapters on the
 * metadata descriptor, the root and data entities, and of Process Run Crate where it is claimed. */
as_status as_crate_check(as_session *s, as_files *f, as_findings *to, size_t *actions) AS_NODISCARD;

/* All of it; what needs no bag or crate to be there is found too. */
typedef struct as_verdict_of_bag {
    as_findings findings;
    as_bag bag;
    size_t actions;
} as_verdict_of_bag;
as_status as_bag_verify(as_session *s, as_files *f, as_verdict_of_bag *out) AS_NODISCARD;

#endif
