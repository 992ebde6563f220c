/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 files made in memory, for exporters. The library sits behind this facade
 * (datasets/module.h) and is opened only where such a file is written. Objects are named by their
 * path: "/entry/data/x"; groups above it must be there. Nothing in the file depends on time, user
 * or place.
 */
#ifndef AS_PARSERS_HDF_FILE_H
#define AS_PARSERS_HDF_FILE_H

#include "module.h"
#include "table.h"

typedef struct as_h5file as_h5file;

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
} as_hdf5;

const as_hdf5 *as_hdf5_open(as_ctx *ctx); /* NULL: AS_E_IO, also where it was built without HDF5 */

#endif
