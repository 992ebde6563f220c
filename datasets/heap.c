/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects bytes whose number is not known beforehand: a pipe, an unpacked file. */
#include <inttypes.h>
#include <string.h>

#include "container.h"

enum { SMALLEST = 1 << 16, LARGEST = 1 << 22 };

typedef struct as_heap_part {
    struct as_heap_part *next;
    unsigned char *data;
    size_t size, used;
} as_heap_part;

unsigned char *as_heap_room(as_ctx *ctx, as_heap *h, size_t *n)
{
    if (h->size >= h->most) {
        (void)!as_fail(ctx, AS_E_LIMIT, NULL,
                       "more than %" PRIu64 " bytes come out of it: too much for its size",
                       h->most);
        return NULL;
    }
    if (!h->last || h->last->used == h->last->size) {
        as_heap_part *part = AS_NEW(as_scratch(ctx), as_heap_part);
        if (!part) return NULL;
        part->size = !h->last ? SMALLEST : h->last->size < LARGEST ? 2 * h->last->size : LARGEST;
        part->data = as_alloc(as_scratch(ctx), part->size, 1);
        if (!part->data) return NULL;
        if (h->last) h->last->next = part;
        else h->first = part;
        h->last = part;
    }
    const uint64_t left = h->most - h->size;
    const size_t room = h->last->size - h->last->used;
    *n = room < left ? room : (size_t)left;
    return h->last->data + h->last->used;
}

void as_heap_used(as_heap *h, size_t n)
{
    h->last->used += n;
    h->size += n;
}

unsigned char *as_heap_join(as_arena *to, const as_heap *h)
{
    if (h->size > SIZE_MAX - AS_PAD) return NULL;
    unsigned char *all = as_alloc(to, h->size + AS_PAD, 1);
    size_t at = 0;
    for (const as_heap_part *p = all ? h->first : NULL; p; p = p->next) {
        memcpy(all + at, p->data, p->used);
        at += p->used;
    }
    return all;
}
