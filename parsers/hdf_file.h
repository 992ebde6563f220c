/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 files in memory, written by exporters and read by parsers. The library sits behind this
 * facade (datasets/module.h) and is opened only where such a file is written or read. Objects are
 * named by their path: "/entry/data/x"; groups above it must be there. Nothing in a file written
 * depends on time, user or place. Of a file read nothing outside it is ever opened: external links
 * are not seen, data kept in other files (external or virtual storage) and filters from plug-ins
 * are refused.
 */
#ifndef AS_PARSERS_HDF_FILE_H
#define AS_PARSERS_HDF_FILE_H

#include "module.h"
#include "table.h"

typedef struct as_h5file as_h5file;

typedef enum { AS_H5_GROUP, AS_H5_NUMBERS, AS_H5_TEXTS, AS_H5_OTHER } as_h5kind;

typedef struct as_h5item { /* what a group holds */
    const char *name;
    as_h5kind kind;
} as_h5item;

enum { AS_H5_MOST_DIMENSIONS = 8 };

typedef struct as_h5shape {
    as_h5kind kind;
    size_t rank; /* 0: one value */
    uint64_t size[AS_H5_MOST_DIMENSIONS];
    uint64_t n; /* of all values */
} as_h5shape;

typedef struct as_hdf5 {
    /* An empty file, closed with `keep`. */
    as_status (*create)(as_ctx *ctx, as_arena *keep, as_h5file **out);
    as_status (*group)(as_h5file *f, const char *path);
    /* rows x columns doubles, row by row; columns 0: a vector of `rows`; both 0: one number. */
    as_status (*numbers)(as_h5file *f, const char *path, size_t rows, size_t columns,
                         const double *v);
    as_status (*integer)(as_h5file *f, const char *path, int64_t value);
    /* n texts, UTF-8, NULL as ""; n 0: one text, not a vector. */
    as_status (*texts)(as_h5file *f, const char *path, size_t n, const char *const *v);
    /* Attributes of a group or a data set. */
    as_status (*attribute)(as_h5file *f, const char *path, const char *name, const char *text);
    as_status (*attribute_list)(as_h5file *f, const char *path, const char *name, size_t n,
                                const char *const *v);
    as_status (*attribute_number)(as_h5file *f, const char *path, const char *name, double value);
    as_status (*attribute_integer)(as_h5file *f, const char *path, const char *name, int64_t value);
    /* The bytes of the whole file, in `keep`. */
    as_status (*bytes)(as_h5file *f, const unsigned char **data, size_t *size);

    /* The file in `size` bytes, which live as long as `keep`, closed with it; `name` is for
     * messages. AS_E_SYNTAX: it is none, or a damaged one. */
    as_status (*open)(as_ctx *ctx, as_arena *keep, const char *name, const void *data, size_t size,
                      as_h5file **out);
    /* What a group holds, in the order of its making where the file keeps it, else by name; n 0
     * also where `path` is no group. */
    as_status (*list)(as_h5file *f, const char *path, size_t *n, const as_h5item **out);
    /* AS_E_MISSING: no such data set; AS_E_FORMAT: more than AS_H5_MOST_DIMENSIONS. */
    as_status (*shape)(as_h5file *f, const char *path, as_h5shape *out);
    /* All values, in the order of the file, as many as its shape says. */
    as_status (*read_numbers)(as_h5file *f, const char *path, size_t n, double *v);
    as_status (*read_texts)(as_h5file *f, const char *path, size_t n, const char **v);
    /* The texts of an attribute, or its numbers as texts; *n 0: there is none. */
    as_status (*words)(as_h5file *f, const char *path, const char *attribute, size_t *n,
                       const char *const **out);
} as_hdf5;

const as_hdf5 *
as_hdf5_open(as_ctx *ctx); /* NULL: AS_E_IO, also where it was built without HDF5; export_nexus.c */

#endif
