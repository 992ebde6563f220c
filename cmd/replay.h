/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a figure, a stream or an archive's results again from what they say of their making. */
#ifndef AS_CMD_REPLAY_H
#define AS_CMD_REPLAY_H

#include "compare_files.h"
#include "record.h"

typedef struct as_replay {
    as_session *s;
    const as_texts *inputs; /* folders that are searched, with all below them; none: beside the file, and here */
    FILE *to;
    as_comparison comparison;
} as_replay;

/* Where inputs of the file at `path` are looked for. */
typedef struct as_finder {
    as_session *s;
    const char *path;
    const as_texts *inputs; /* as above */
    as_files around;        /* what as_finder_open found */
} as_finder;
as_status as_finder_open(as_finder *f) AS_NODISCARD;
/* The path of the file with this SHA-256 (64 digits), first among those called `name`; AS_E_MISSING. */
as_status as_finder_find(as_finder *f, const char *name, const char *sha, const char **out) AS_NODISCARD;

/* The file `f`, whose record is `r`, made again in memory and compared. Inputs are found by their
 * name or not, and held to be them by their SHA-256 only. AS_E_MISSING: an input is not found, or
 * the record does not say enough (operations that make one series of several). */
as_status as_replay_record(as_replay *job, as_file *f, const as_record *r) AS_NODISCARD;

/* An archive of `assay pack` or its folder: verified, its recipes run in a folder of their own,
 * their outputs compared with those in results/. A recipe that reads what is not in the archive
 * is AS_E_MISSING. */
as_status as_replay_archive(as_replay *job, as_files *f) AS_NODISCARD;

#endif
