/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders that are only there while something is being made: output files before they
 * take their name, what is written to the cache, temporary folders. A program that is interrupted
 * takes them along.
 */
#ifndef AS_CMD_PARTIAL_H
#define AS_CMD_PARTIAL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "arena.h"

typedef struct as_partial {
    const char *path; /* what it becomes */
    const char *name; /* "PATH.assayN.part"; NULL: `path` is a device or a pipe, written at once */
    FILE *to;         /* NULL: closed */
    int lock;         /* holds `name` until it is renamed or removed */
} as_partial;

/* Opens the first of PATH.assay1.part, PATH.assay2.part ... that no living process holds: what a
 * killed run left is used again, what another run is writing is let be. Emptied, and locked (flock)
 * for as long as it is ours. Strings in `a`. False: errno says why, or out of memory is pending in
 * the context of `a` (errno is ENOMEM). */
bool as_partial_open(as_arena *a, const char *path, as_partial *out) AS_NODISCARD;

/* Writes out what is buffered and closes `to`; the file keeps its passing name. False: it was not
 * written whole, errno says why, and the file is gone. */
bool as_partial_close(as_partial *p) AS_NODISCARD;

/* After as_partial_close: it takes its name. False: errno says why, and the file is gone. */
bool as_partial_commit(as_partial *p) AS_NODISCARD;

/* Open or closed: removed. Nothing happens to one that was committed or abandoned. */
void as_partial_abandon(as_partial *p);

/* A file, or a folder with all in it, that is to go if the program is interrupted. The text must
 * live until it is forgotten, which is by the same pointer. */
void as_passing_file(const char *path);
void as_passing_folder(const char *path);
void as_passing_forget(const char *path);

/* From here on SIGINT, SIGTERM, SIGHUP and SIGPIPE first remove what passes, then end the program as
 * they always do; one that was ignored at the start stays ignored. For main(), not for a library. */
void as_passing_watch(void);

/* Keeps these signals waiting in the calling thread and in those it starts, until release. */
void as_passing_hold(sigset_t *before);
void as_passing_release(const sigset_t *before);

#endif
