/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of PHI spectrometers and the texts that MultiPak exports share: the lines
 * "Key: value" and the definitions of the regions in them.
 */
#ifndef AS_PARSERS_PHI_H
#define AS_PARSERS_PHI_H

#include "electron.h"

typedef struct phi_region {
    const char *name;
    double number, points, step, first, last; /* eV, binding energy */
    double dwell, pass;                       /* s and eV; NaN: not stated */
    as_where where;
} phi_region;

typedef struct phi_header {
    as_table *meta; /* no rows */
    size_t n;
    phi_region *region;
} phi_header;

/* Room for a header in scratch. */
as_status phi_header_new(as_ctx *ctx, phi_header *out) AS_NODISCARD;
/* One line of it: a region, or metadata. */
as_status phi_header_line(as_ctx *ctx, phi_header *h, const as_line *line) AS_NODISCARD;
/* By its number in the file, else by its name; NULL: none. Either may be unknown (0, NULL). */
const phi_region *phi_region_of(const phi_header *h, double number, const char *name);
/* A table of n rows, energies of `r` if it has n points (else zero), intensity in count/s, with
 * the metadata of header and region (NULL: none). */
as_table *phi_table(as_ctx *ctx, const phi_header *h, const phi_region *r, const char *name,
                    size_t n);

#endif
