/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the HDF5 module: hdf5_module.c writes, hdf5_read.c reads. */
#ifndef AS_PARSERS_HDF5_READ_H
#define AS_PARSERS_HDF5_READ_H

#include <hdf5.h>

#include "hdf_file.h"

struct as_h5file {
    as_ctx *ctx;
    as_arena *keep;
    const char *name;          /* of one read, */
    const unsigned char *data; /* and its bytes */
    size_t size;
    hid_t file, text, untimed; /* untimed: creation properties of data sets */
};

/* Closes what is open; for as_defer. */
void as_h5_close(void *file);

/* hdf5_heap.c. Offsets and lengths take eight bytes, as in all files of today. */
bool as_h5_is_plain(const unsigned char *data, size_t size);
/* The n references at `at` of the file lead to objects as long as they say. */
bool as_h5_references(const as_h5file *f, uint64_t at, size_t n);
/* The same of every attribute of this name that holds texts of variable length; there is one. */
bool as_h5_attribute_references(const as_h5file *f, const char *name);

/* The members of as_hdf5 that read. */
as_status as_h5_open(as_ctx *ctx, as_arena *keep, const char *name, const void *data, size_t size,
                     as_h5file **out) AS_NODISCARD;
as_status as_h5_list(as_h5file *f, const char *path, size_t *n, const as_h5item **out) AS_NODISCARD;
as_status as_h5_shape(as_h5file *f, const char *path, as_h5shape *out) AS_NODISCARD;
as_status as_h5_numbers(as_h5file *f, const char *path, size_t n, double *v) AS_NODISCARD;
as_status as_h5_texts(as_h5file *f, const char *path, size_t n, const char **v) AS_NODISCARD;
as_status as_h5_words(as_h5file *f, const char *path, const char *attribute, size_t *n,
                      const char *const **out) AS_NODISCARD;

#endif
