/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of an archive or of a folder under one roof, as verify, unpack, diff, trace and
 * replay see them: names relative to the top, sorted as bytes, and what lies behind them.
 */
#ifndef AS_CMD_FILES_H
#define AS_CMD_FILES_H

#include "archives.h"
#include "session.h"

typedef struct as_file {
    const char *name;          /* relative, '/' between folders: "data/figures/a.svg" */
    const char *path;          /* where it lies; NULL: only in memory */
    const unsigned char *data; /* NULL: not read yet */
    size_t size;
} as_file;

typedef struct as_files {
    const char *name; /* as it was given */
    bool archive;     /* else a folder, or one file */
    size_t n;
    as_file *file;
} as_files;

/* A folder with all below it, an archive (zip, tar, compressed tar), or one other file. Names of
 * an archive are held to what could be unpacked safely, else AS_E_SYNTAX: no absolute ones, none
 * with "..", no links, nothing twice, no file that is a folder too. An archive may unpack to at
 * most 64 MiB and 200 times its size (AS_E_LIMIT). All in the session's arena. */
as_status as_files_open(as_session *s, const char *path, as_files *out) AS_NODISCARD;

const as_file *as_files_find(const as_files *f, const char *name); /* NULL: none */
/* The bytes of one of them, read now unless they are there. */
as_status as_file_load(as_session *s, as_file *f) AS_NODISCARD;

/* Those below the folder `top` ("data/"), named from there; a view, nothing is copied but names. */
as_status as_files_below(as_session *s, const as_files *all, const char *top,
                         as_files *out) AS_NODISCARD;

/* A new empty folder below $TMPDIR or /tmp, removed with all in it when the session ends. */
as_status as_temporary_folder(as_session *s, const char **out) AS_NODISCARD;
/* mkdir -p of the folders before the last '/' of `path`. */
as_status as_folders_make(as_session *s, const char *path) AS_NODISCARD;
/* Writes all below `folder`, which ends in '/'. */
as_status as_files_write(as_session *s, as_files *f, const char *folder) AS_NODISCARD;
void as_folder_remove(const char *folder); /* with all in it; links are not followed */

#endif
