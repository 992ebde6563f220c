/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 written in memory through its core driver; see hdf_file.h. Times of objects are not tracked,
 * the order in which series were written is. */
#include <string.h>

#include "hdf5_read.h"

extern const as_hdf5 as_module_hdf5;

static as_status failed(as_h5file *f, const char *path)
{
    return as_fail(f->ctx, AS_E_IO, NULL, "HDF5 does not write '%s'", path);
}

static as_status create(as_ctx *ctx, as_arena *keep, as_h5file **out)
{
    as_h5file *f = *out = AS_NEW(keep, as_h5file);
    if (!f) return AS_ERR;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are told by us */
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    *f = (as_h5file){ .ctx = ctx,
                      .keep = keep,
                      .text = H5Tcopy(H5T_C_S1),
                      .untimed = H5Pcreate(H5P_DATASET_CREATE) };
    H5Pset_fapl_core(access, 1 << 16, 0);
    H5Pset_obj_track_times(f->untimed, 0);
    H5Tset_size(f->text, H5T_VARIABLE);
    H5Tset_cset(f->text, H5T_CSET_UTF8);
    const hid_t made = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_link_creation_order(made, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(made, 0);
    f->file = H5Fcreate("memory", H5F_ACC_TRUNC, made, access);
    H5Pclose(made);
    H5Pclose(access);
    const as_status status = as_defer(keep, as_h5_close, f);
    if (status == AS_OK && f->file < 0) return failed(f, "/");
    return status;
}

static as_status group(as_h5file *f, const char *path)
{
    const hid_t made = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(made, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(made, 0);
    const hid_t g = H5Gcreate2(f->file, path, H5P_DEFAULT, made, H5P_DEFAULT);
    H5Pclose(made);
    return g >= 0 && H5Gclose(g) >= 0 ? AS_OK : failed(f, path);
}

static as_status write_set(as_h5file *f, const char *path, hid_t stored, hid_t memory, hid_t space,
                           const void *v)
{
    const hid_t d = H5Dcreate2(f->file, path, stored, space, H5P_DEFAULT, f->untimed, H5P_DEFAULT);
    const bool good = d >= 0 && H5Dwrite(d, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, v) >= 0;
    if (d >= 0) H5Dclose(d);
    if (space >= 0) H5Sclose(space);
    return good ? AS_OK : failed(f, path);
}

static hid_t space_of(size_t rows, size_t columns, bool scalar)
{
    const hsize_t size[2] = { rows, columns };
    return scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(columns ? 2 : 1, size, NULL);
}

static as_status numbers(as_h5file *f, const char *path, size_t rows, size_t columns,
                         const double *v)
{
    const bool scalar = rows == 0 && columns == 0 && v;
    return write_set(f, path, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space_of(rows, columns, scalar),
                     v);
}

static as_status integer(as_h5file *f, const char *path, int64_t value)
{
    return write_set(f, path, H5T_STD_I64LE, H5T_NATIVE_INT64, space_of(0, 0, true), &value);
}

/* NULL as "". */
static const char **whole(as_h5file *f, size_t n, const char *const *v)
{
    const char **all = AS_NEW_N(f->keep, const char *, n + 1);
    for (size_t i = 0; all && i < n; i++) all[i] = v[i] ? v[i] : "";
    return all;
}

static as_status texts(as_h5file *f, const char *path, size_t n, const char *const *v)
{
    const char **all = whole(f, n ? n : 1, v);
    if (!all) return AS_ERR;
    return write_set(f, path, f->text, f->text, space_of(n, 0, n == 0), all);
}

static as_status write_attribute(as_h5file *f, const char *path, const char *name, hid_t stored,
                                 hid_t memory, hid_t space, const void *v)
{
    const hid_t a = H5Acreate_by_name(f->file, path, name, stored, space, H5P_DEFAULT, H5P_DEFAULT,
                                      H5P_DEFAULT);
    const bool good = a >= 0 && H5Awrite(a, memory, v) >= 0;
    if (a >= 0) H5Aclose(a);
    if (space >= 0) H5Sclose(space);
    return good ? AS_OK : failed(f, path);
}

static as_status attribute(as_h5file *f, const char *path, const char *name, const char *text)
{
    return write_attribute(f, path, name, f->text, f->text, space_of(0, 0, true), &text);
}

static as_status attribute_list(as_h5file *f, const char *path, const char *name, size_t n,
                                const char *const *v)
{
    const char **all = whole(f, n, v);
    if (!all) return AS_ERR;
    return write_attribute(f, path, name, f->text, f->text, space_of(n, 0, false), all);
}

static as_status attribute_number(as_h5file *f, const char *path, const char *name, double value)
{
    return write_attribute(f, path, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space_of(0, 0, true),
                           &value);
}

static as_status attribute_integer(as_h5file *f, const char *path, const char *name, int64_t value)
{
    return write_attribute(f, path, name, H5T_STD_I64LE, H5T_NATIVE_INT64, space_of(0, 0, true),
                           &value);
}

static as_status bytes(as_h5file *f, const unsigned char **data, size_t *size)
{
    H5Fflush(f->file, H5F_SCOPE_GLOBAL);
    const ssize_t n = H5Fget_file_image(f->file, NULL, 0);
    unsigned char *image = n > 0 ? as_alloc(f->keep, (size_t)n, 1) : NULL;
    if (n > 0 && !image) return AS_ERR;
    if (n <= 0 || H5Fget_file_image(f->file, image, (size_t)n) != n) return failed(f, "/");
    *data = image;
    *size = (size_t)n;
    return AS_OK;
}

AS_MODULE_EXPORT const as_hdf5 as_module_hdf5 = {
    create,    group,          numbers,          integer,           texts,
    attribute, attribute_list, attribute_number, attribute_integer, bytes,
    as_h5_open, as_h5_list, as_h5_shape, as_h5_numbers, as_h5_texts, as_h5_words,
};
