/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 read from memory through its core driver; see hdf_file.h. Every handle that the library
 * gives is closed where it was opened; the file itself dies with its arena.
 */
#include <string.h>

#include "hdf5_read.h"

enum { MOST_ITEMS = 1 << 16, MOST_WORDS = 1 << 12, MOST_TEXT = 1 << 16, LARGEST_CHUNK = 1 << 28 };

void as_h5_close(void *file)
{
    as_h5file *f = file;
    if (f->untimed >= 0) H5Pclose(f->untimed);
    if (f->text >= 0) H5Tclose(f->text);
    if (f->file >= 0) H5Fclose(f->file);
}

static as_where at(const as_h5file *f)
{
    return (as_where){ .file = f->name };
}

/* Nothing outside the file is opened: no plug-ins for filters, no links into other files. */
static void keep_inside(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* errors are told by us */
    H5PLset_loading_state(0);
    if (H5Lis_registered(H5L_TYPE_EXTERNAL) > 0) H5Lunregister(H5L_TYPE_EXTERNAL);
}

as_status as_h5_open(as_ctx *ctx, as_arena *keep, const char *name, const void *data, size_t size,
                     as_h5file **out)
{
    as_h5file *f = *out = AS_NEW(keep, as_h5file);
    if (!f) return AS_ERR;
    keep_inside();
    *f = (as_h5file){ .ctx = ctx,
                      .keep = keep,
                      .name = name,
                      .data = data,
                      .size = size,
                      .file = -1,
                      .text = -1,
                      .untimed = -1 };
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, 0);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    /* The library copies the image, and takes no const. It knows files by name, and wants that no
     * such file exists: a path that cannot, one for each image. */
    const char *unique = as_format(keep, "/dev/null/%p", data);
    if (unique && H5Pset_file_image(access, (void *)(uintptr_t)data, size) >= 0)
        f->file = H5Fopen(unique, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    AS_TRY(as_defer(keep, as_h5_close, f));
    const as_where where = at(f);
    if (f->file < 0 || !as_h5_is_plain(data, size))
        return as_fail(ctx, AS_E_SYNTAX, &where, "not an HDF5 file, or a damaged one");
    return AS_OK;
}

/* --- groups ---------------------------------------------------------------------------- */

static as_h5kind kind_of_type(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT: return AS_H5_NUMBERS;
    case H5T_STRING: return AS_H5_TEXTS;
    default: return AS_H5_OTHER;
    }
}

static as_h5kind kind_of_set(hid_t set)
{
    const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    const as_h5kind kind = type >= 0 && H5Sget_simple_extent_type(space) != H5S_NULL
                               ? kind_of_type(type)
                               : AS_H5_OTHER;
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    return kind;
}

static as_h5kind kind_of_object(hid_t object)
{
    switch (H5Iget_type(object)) {
    case H5I_GROUP: return AS_H5_GROUP;
    case H5I_DATASET: return kind_of_set(object);
    default: return AS_H5_OTHER;
    }
}

/* Objects that cannot be opened, links into nothing or into other files, are not there. */
static as_status add_item(as_h5file *f, hid_t group, H5_index_t order, size_t i, as_h5item *items,
                          size_t *n)
{
    char name[512];
    const ssize_t length = H5Lget_name_by_idx(group, ".", order, H5_ITER_INC, (hsize_t)i, name,
                                              sizeof name, H5P_DEFAULT);
    if (length <= 0 || (size_t)length >= sizeof name) return AS_OK;
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) return AS_OK;
    items[*n].kind = kind_of_object(object);
    items[*n].name = as_strdup(f->keep, name);
    H5Oclose(object);
    return items[(*n)++].name ? AS_OK : AS_ERR;
}

static H5_index_t order_of(hid_t group)
{
    unsigned flags = 0;
    const hid_t made = H5Gget_create_plist(group);
    if (made >= 0) {
        H5Pget_link_creation_order(made, &flags);
        H5Pclose(made);
    }
    return flags & H5P_CRT_ORDER_TRACKED ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

as_status as_h5_list(as_h5file *f, const char *path, size_t *n, const as_h5item **out)
{
    H5G_info_t info = { .nlinks = 0 };
    *n = 0;
    *out = NULL;
    const hid_t group = H5Gopen2(f->file, path, H5P_DEFAULT);
    if (group < 0) return AS_OK;
    as_status status = AS_OK;
    const as_where where = at(f);
    as_h5item *items = NULL;
    if (H5Gget_info(group, &info) < 0 || info.nlinks > MOST_ITEMS)
        status =
            as_fail(f->ctx, AS_E_SYNTAX, &where, "group '%s' is damaged, or holds too much", path);
    else if (!(items = AS_NEW_N(f->keep, as_h5item, (size_t)info.nlinks + 1)))
        status = AS_ERR;
    const H5_index_t order = order_of(group);
    for (size_t i = 0; status == AS_OK && i < info.nlinks; i++)
        status = add_item(f, group, order, i, items, n);
    H5Gclose(group);
    *out = items;
    return status;
}

/* --- data sets --------------------------------------------------------------------------- */

static as_status no_such(const as_h5file *f, const char *path, const char *why)
{
    const as_where where = at(f);
    return as_fail(f->ctx, AS_E_MISSING, &where, "'%s' %s", path, why);
}

/* Whether all of the values lie in this file, in pieces of a size one can hold. */
static bool lies_inside(hid_t set)
{
    hsize_t chunk[H5S_MAX_RANK];
    const hid_t made = H5Dget_create_plist(set), type = H5Dget_type(set);
    bool good = made >= 0 && type >= 0 && H5Pget_external_count(made) == 0;
    const H5D_layout_t layout = good ? H5Pget_layout(made) : H5D_LAYOUT_ERROR;
    good = good && layout != H5D_VIRTUAL && layout != H5D_LAYOUT_ERROR;
    const int rank = good && layout == H5D_CHUNKED ? H5Pget_chunk(made, H5S_MAX_RANK, chunk) : 0;
    double bytes = type >= 0 ? (double)H5Tget_size(type) : 0;
    for (int i = 0; i < rank; i++) bytes *= (double)chunk[i];
    if (rank > 0 && bytes > LARGEST_CHUNK) good = false;
    if (made >= 0) H5Pclose(made);
    if (type >= 0) H5Tclose(type);
    return good;
}

as_status as_h5_shape(as_h5file *f, const char *path, as_h5shape *out)
{
    hsize_t size[H5S_MAX_RANK];
    *out = (as_h5shape){ .kind = AS_H5_OTHER, .n = 1 };
    const hid_t set = H5Dopen2(f->file, path, H5P_DEFAULT);
    if (set < 0) return no_such(f, path, "is no data set");
    const hid_t space = H5Dget_space(set);
    const int rank = space >= 0 ? H5Sget_simple_extent_dims(space, size, NULL) : -1;
    if (space >= 0) H5Sclose(space);
    out->kind = kind_of_set(set);
    H5Dclose(set);
    if (rank < 0) return no_such(f, path, "has no shape");
    const as_where where = at(f);
    if (rank > AS_H5_MOST_DIMENSIONS)
        return as_fail(f->ctx, AS_E_FORMAT, &where, "'%s' has %d dimensions, expected up to %d",
                       path, rank, AS_H5_MOST_DIMENSIONS);
    out->rank = (size_t)rank;
    for (int i = 0; i < rank; i++) {
        out->size[i] = size[i];
        if (size[i] && out->n > UINT64_MAX / 16 / size[i])
            return as_fail(f->ctx, AS_E_LIMIT, &where, "'%s' is too large", path);
        out->n *= size[i];
    }
    return AS_OK;
}

/* The data set, if it holds n values of this kind. */
static as_status open_set(as_h5file *f, const char *path, as_h5kind kind, size_t n, hid_t *set)
{
    as_h5shape shape;
    const as_where where = at(f);
    *set = -1;
    AS_TRY(as_h5_shape(f, path, &shape));
    if (shape.kind != kind || shape.n != n)
        return no_such(f, path,
                       kind == AS_H5_NUMBERS ? "holds no such numbers" : "holds no such texts");
    *set = H5Dopen2(f->file, path, H5P_DEFAULT);
    if (lies_inside(*set)) return AS_OK;
    H5Dclose(*set);
    return as_fail(f->ctx, AS_E_FORMAT, &where,
                   "the values of '%s' lie in other files, or in chunks too large to hold", path);
}

static as_status close_set(as_h5file *f, const char *path, hid_t set, bool good)
{
    const as_where where = at(f);
    H5Dclose(set);
    return good ? AS_OK
                : as_fail(f->ctx, AS_E_SYNTAX, &where, "the values of '%s' cannot be read", path);
}

as_status as_h5_numbers(as_h5file *f, const char *path, size_t n, double *v)
{
    hid_t set;
    AS_TRY(open_set(f, path, AS_H5_NUMBERS, n, &set));
    const bool good =
        n == 0 || H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, v) >= 0;
    return close_set(f, path, set, good);
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Reads n texts of `type` by the one of set and attribute that is none negative. */
static bool fetch(hid_t set, hid_t attribute, hid_t memory, void *v)
{
    return set >= 0 ? H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, v) >= 0
                    : H5Aread(attribute, memory, v) >= 0;
}

/* Of variable length in pieces of one byte: a damaged type may have larger ones. */
static bool is_of_bytes(hid_t type)
{
    const hid_t piece = H5Tget_super(type);
    const bool good = piece >= 0 && H5Tget_size(piece) == 1;
    if (piece >= 0) H5Tclose(piece);
    return good;
}

static bool fetch_pointers(as_h5file *f, hid_t set, hid_t attribute, hid_t type, size_t n,
                           const char **v)
{
    char **text = AS_NEW_N(f->keep, char *, n + 1);
    const hsize_t size = n;
    const hid_t space = H5Screate_simple(1, &size, NULL), memory = H5Tcopy(type);
    bool good = text && space >= 0 && memory >= 0 && fetch(set, attribute, memory, text);
    for (size_t i = 0; good && i < n; i++) {
        v[i] =
            as_strndup(f->keep, text[i] ? text[i] : "", text[i] ? strnlen(text[i], MOST_TEXT) : 0);
        good = v[i] != NULL;
    }
    if (text && n) H5Dvlen_reclaim(memory, space, H5P_DEFAULT, text);
    if (space >= 0) H5Sclose(space);
    if (memory >= 0) H5Tclose(memory);
    return good;
}

static bool fetch_fixed(as_h5file *f, hid_t set, hid_t attribute, hid_t type, size_t n,
                        const char **v)
{
    const size_t size = H5Tget_size(type);
    char *all = size > 0 && size <= MOST_TEXT ? as_alloc(f->keep, n + 1, size) : NULL;
    bool good = all && fetch(set, attribute, type, all);
    for (size_t i = 0; good && i < n; i++) {
        size_t length = strnlen(all + i * size, size);
        while (length && all[i * size + length - 1] == ' ') length--; /* padded, as Fortran does */
        v[i] = as_strndup(f->keep, all + i * size, length);
        good = v[i] != NULL;
    }
    return good;
}

static bool fetch_texts(as_h5file *f, hid_t set, hid_t attribute, size_t n, const char **v)
{
    const hid_t type = set >= 0 ? H5Dget_type(set) : H5Aget_type(attribute);
    if (type < 0) return false;
    const bool good = H5Tis_variable_str(type) > 0
                          ? is_of_bytes(type) && fetch_pointers(f, set, attribute, type, n, v)
                          : fetch_fixed(f, set, attribute, type, n, v);
    H5Tclose(type);
    return good;
}

as_status as_h5_texts(as_h5file *f, const char *path, size_t n, const char **v)
{
    hid_t set;
    AS_TRY(open_set(f, path, AS_H5_TEXTS, n, &set));
    const hid_t type = H5Dget_type(set);
    const haddr_t place = H5Dget_offset(set); /* HADDR_UNDEF: not in one piece */
    bool good = type >= 0;
    if (good && H5Tis_variable_str(type) > 0)
        good = n == 0 || (place != HADDR_UNDEF && as_h5_references(f, place, n));
    if (type >= 0) H5Tclose(type);
    return close_set(f, path, set, good && (n == 0 || fetch_texts(f, set, -1, n, v)));
}

static bool fetch_numbers(as_h5file *f, hid_t attribute, size_t n, const char **v)
{
    double *number = AS_NEW_N(f->keep, double, n);
    bool good = number && H5Aread(attribute, H5T_NATIVE_DOUBLE, number) >= 0;
    for (size_t i = 0; good && i < n; i++) good = (v[i] = as_format(f->keep, "%.17g", number[i]));
    return good;
}

as_status as_h5_words(as_h5file *f, const char *path, const char *attribute, size_t *n,
                      const char *const **out)
{
    *n = 0;
    *out = NULL;
    if (H5Aexists_by_name(f->file, path, attribute, H5P_DEFAULT) <= 0) return AS_OK;
    const hid_t a = H5Aopen_by_name(f->file, path, attribute, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = a >= 0 ? H5Aget_space(a) : -1, type = a >= 0 ? H5Aget_type(a) : -1;
    const hssize_t count = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    const as_h5kind kind = type >= 0 ? kind_of_type(type) : AS_H5_OTHER;
    const bool usable = count > 0 && count <= MOST_WORDS && kind != AS_H5_OTHER;
    const char **v = usable ? AS_NEW_N(f->keep, const char *, (size_t)count) : NULL;
    const bool sound = usable && (kind != AS_H5_TEXTS || H5Tis_variable_str(type) <= 0 ||
                                  as_h5_attribute_references(f, attribute));
    const bool good = v && sound &&
                      (kind == AS_H5_TEXTS ? fetch_texts(f, -1, a, (size_t)count, v)
                                           : fetch_numbers(f, a, (size_t)count, v));
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    if (a >= 0) H5Aclose(a);
    if (usable && !good) {
        const as_where where = at(f);
        return as_fail(f->ctx, AS_E_SYNTAX, &where, "attribute '%s' of '%s' cannot be read",
                       attribute, path);
    }
    if (!good) return AS_OK; /* nothing that NeXus puts there */
    *n = (size_t)count;
    *out = v;
    return AS_OK;
}
