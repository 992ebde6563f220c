/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results kept between runs, by a key that is the hash of everything they depend on: the
 * program's own bytes, the stages with all their options, the files those name, the inputs.
 *
 * An entry is a stream, or several where one cannot hold the series, and a last line with the
 * hash, written beside its place and renamed, so several runs may share a cache and a killed one
 * leaves nothing half-written that is ever used. Whatever is wrong with an entry, it counts as
 * absent. No entry is ever deleted: remove the folder at will. What killed runs left half-written goes when
 * an entry is made beside it.
 */
#ifndef AS_CMD_CACHE_H
#define AS_CMD_CACHE_H

#include "hash.h"
#include "pipeline.h"

typedef struct as_cache as_cache;

/* `folder`: "auto" ($XDG_CACHE_HOME/assay, ~/.cache/assay), "off" or a folder. *out is NULL when
 * there is none. */
as_status as_cache_open(as_session *s, const char *folder, as_cache **out) AS_NODISCARD;

/* The hash of n texts, told apart, after the identity of this program. */
as_status as_cache_key(as_session *s, const as_cache *c, size_t n, const char *const *texts,
                       char key[AS_SHA256_TEXT]) AS_NODISCARD;

/* The tables of an entry into `to`, and how many numeric failures made them. *found is false when
 * there is none; `to` may then hold some tables of a broken one. */
void as_cache_get(as_session *s, const as_cache *c, const char *key, as_sink *to, size_t *failures,
                  bool *found);
/* A new entry, table by table; it counts from as_cache_end on. What cannot be kept is no error: the run
 * goes on without. */
typedef struct as_cache_entry as_cache_entry;
void as_cache_begin(as_session *s, const as_cache *c, const char *key, as_cache_entry **out);
void as_cache_add(as_cache_entry *e, const as_table *t);
void as_cache_end(as_cache_entry *e, size_t failures);
/* Nothing of it is kept. */
void as_cache_abandon(as_cache_entry *e);

/* For files made outside: is the file at `path` still what was noted under `key`? */
bool as_cache_is_current(as_session *s, const as_cache *c, const char *key, const char *path);
void as_cache_note(as_session *s, const as_cache *c, const char *key, const char *path);

/* The hash of tables as a stream. */
as_status as_tables_hash(as_session *s, size_t n, as_table *const *tables,
                         char hex[AS_SHA256_TEXT]) AS_NODISCARD;

#endif
