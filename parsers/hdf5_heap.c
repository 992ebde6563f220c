/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of variable length in HDF5 are references: a length, the place of a heap, a number of an
 * object in it. The library believes the length before it looks at the heap, and takes memory for
 * it: 16 GB for four damaged bytes. So references are looked up here first. HDF5 File Format
 * Specification 3.0, parts III.E (global heap) and IV.A.2.m (attribute message).
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "hdf5_read.h"

enum { REFERENCE = 16, HEAP_HEADER = 16, OBJECT_HEADER = 16, VARIABLE_LENGTH = 9 };

static uint64_t number(const unsigned char *at, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = bytes; i-- > 0;) v = v << 8 | at[i];
    return v;
}

bool as_h5_is_plain(const unsigned char *data, size_t size)
{
    if (size < 48) return false;
    const unsigned char *sizes = data[8] < 2 ? data + 13 : data + 9; /* of offsets and of lengths */
    return data[8] <= 3 && sizes[0] == 8 && sizes[1] == 8;
}

/* The heap at `at` has the object `index`, of `length` bytes at least. */
static bool in_heap(const as_h5file *f, uint64_t at, uint64_t index, uint64_t length)
{
    if (at >= f->size || f->size - at < HEAP_HEADER || memcmp(f->data + at, "GCOL", 4) != 0)
        return false;
    const uint64_t size = number(f->data + at + 8, 8);
    if (size > f->size - at) return false;
    for (uint64_t k = HEAP_HEADER; size - k >= OBJECT_HEADER;) {
        const unsigned char *object = f->data + at + k;
        const uint64_t bytes = number(object + 8, 8), left = size - k - OBJECT_HEADER;
        if (number(object, 2) == 0 || bytes > left) return false; /* free space is the last */
        if (number(object, 2) == index) return length <= bytes;
        const uint64_t padded = (bytes + 7) / 8 * 8;
        if (padded > left) return false;
        k += OBJECT_HEADER + padded;
    }
    return false;
}

bool as_h5_references(const as_h5file *f, uint64_t at, size_t n)
{
    if (at > f->size || n > (f->size - at) / REFERENCE) return false;
    for (size_t i = 0; i < n; i++) {
        const unsigned char *r = f->data + at + i * REFERENCE;
        const uint64_t length = number(r, 4);
        if (length && !in_heap(f, number(r + 4, 8), number(r + 12, 4), length)) return false;
    }
    return true;
}

/* Values of the data space in `bytes` bytes at `at`; 0: none, or too many. */
static size_t values_of_space(const as_h5file *f, uint64_t at, uint64_t bytes)
{
    enum { MOST = 1 << 16 };
    if (bytes < 4 || at > f->size || bytes > f->size - at) return 0;
    const unsigned char *space = f->data + at;
    const uint64_t first = space[0] == 1 ? 8 : 4, rank = space[1];
    if (first + 8 * rank > bytes) return 0;
    uint64_t n = 1;
    for (uint64_t i = 0; i < rank && n <= MOST; i++) {
        const uint64_t size = number(space + first + 8 * i, 8);
        n = size > MOST ? MOST + 1 : n * size;
    }
    return n <= MOST ? (size_t)n : 0;
}

typedef enum { NONE, GOOD, DAMAGED } found;

/* The attribute message whose name, of n bytes with its NUL, is at `name`: one of texts of
 * variable length? */
static found message_at(const as_h5file *f, uint64_t name, size_t n)
{
    for (size_t before = 8; before <= 9; before++) {
        if (name < before) continue;
        const unsigned char *m = f->data + name - before;
        const bool padded = m[0] == 1;
        if (padded ? before != 8 : m[0] != (before == 8 ? 2 : 3)) continue;
        const uint64_t unit = padded ? 8 : 1,
                       type_bytes = (number(m + 4, 2) + unit - 1) / unit * unit;
        const uint64_t space_bytes = (number(m + 6, 2) + unit - 1) / unit * unit;
        const uint64_t type = name + (n + unit - 1) / unit * unit, space = type + type_bytes;
        if (number(m + 2, 2) != n || type >= f->size || (f->data[type] & 15) != VARIABLE_LENGTH)
            continue;
        const size_t values = values_of_space(f, space, space_bytes);
        return values && as_h5_references(f, space + space_bytes, values) ? GOOD : DAMAGED;
    }
    return NONE;
}

bool as_h5_attribute_references(const as_h5file *f, const char *name)
{
    const size_t length = strlen(name) + 1;
    const unsigned char *at = f->data, *const end = f->data + f->size;
    bool any = false;
    while ((at = memmem(at, (size_t)(end - at), name, length)) != NULL) {
        const found here = message_at(f, (uint64_t)(at - f->data), length);
        if (here == DAMAGED) return false;
        any = any || here == GOOD;
        at++;
    }
    return any;
}
