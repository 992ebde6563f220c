/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NeXus files in their parts: the data (nexus.c), and what stands around them (nexus_meta.c). */
#ifndef AS_PARSERS_NEXUS_H
#define AS_PARSERS_NEXUS_H

#include "hdf_file.h"
#include "parser.h"

typedef struct as_nexus {
    as_parse *job;
    const as_hdf5 *h;
    as_h5file *f;
    bool ours; /* written by assay: names, units and what stands around them are as they were */
    size_t n;  /* tables so far */
} as_nexus;

/* "/entry" and "data" as "/entry/data", in scratch; NULL: no memory. */
const char *as_nexus_path(const as_nexus *r, const char *group, const char *name) AS_NODISCARD;
/* The first text of an attribute; "": none. NULL with the error. */
const char *as_nexus_word(const as_nexus *r, const char *path, const char *attribute) AS_NODISCARD;
/* The text of a data set that holds one; NULL in *out: there is none. */
as_status as_nexus_text(const as_nexus *r, const char *group, const char *name,
                        const char **out) AS_NODISCARD;

/* What the entry says beside its NXdata: title, sample, instrument, times, what is one text or
 * number in it; of our own files metadata, results with covariance and history too. */
as_status as_nexus_describe(const as_nexus *r, as_table *t, const char *entry) AS_NODISCARD;

#endif
