/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way out of the suite (assay convert --to NAME): one exporter = one file parsers/export_NAME.c
 * that defines one as_exporter called as_exporter_NAME, and one line in parsers/exporters.def.
 */
#ifndef AS_PARSERS_EXPORTER_H
#define AS_PARSERS_EXPORTER_H

#include <stdio.h>

#include "doc.h"
#include "text_out.h"
#include "param.h"
#include "sink.h"

typedef enum { /* what a format has a place for; the rest is named in one warning at the end */
               AS_KEEPS_META = 1,
               AS_KEEPS_RESULTS = 2,
               AS_KEEPS_HISTORY = 4,
               AS_KEEPS_UNITS = 8,
               AS_KEEPS_COLUMNS = 16, /* beside x, y and sigma */
               AS_KEEPS_SIGMA = 32, /* deviations that do not follow from counts */
               AS_KEEPS_ALL = 63
} as_keeps;

typedef struct as_exporter as_exporter;

typedef struct as_export_job {
    as_ctx *ctx;
    const as_exporter *exporter;
    const void *settings;
    void *state;      /* state_size zeroed bytes, and an arena; both live for */
    as_arena *keep;   /* the whole export */
    as_text_out *out; /* of the calls below; nobody flushes but the framework */
    FILE *to;         /* the same file, for who writes it by other means, in `all` only */
    size_t done;      /* series before this one */
    unsigned kept;    /* begins as exporter->keeps; the settings may make it more */
} as_export_job;

struct as_exporter {
    const char *name;   /* csv */
    const char *suffix; /* of files, without dot */
    unsigned keeps;     /* as_keeps, or'ed */
    size_t settings_size, state_size;
    const as_param *params;
    /* One series at a time; `t` is gone afterwards. NULL: all at once only. */
    as_status (*each)(as_export_job *job, const as_table *t);
    /* All series, where the format or these settings need them at once; NULL: never. */
    as_status (*all)(as_export_job *job, size_t n, const as_table *const *t);
    bool (*wants_all)(const void *settings); /* NULL: only when there is no `each` */
    as_doc doc;
};

extern const as_exporter *const as_exporters[];        /* from exporters.def, ends with NULL */
const as_exporter *as_exporter_find(const char *name); /* NULL: none */

/* For frameworks: open, feed the sink, close. All live in `keep`, as `settings` must. Close
 * writes what is left, flushes `to`, and adds to *lost (as_keeps) what the format did not keep. */
typedef struct as_export as_export;
as_status as_export_open(as_ctx *ctx, as_arena *keep, const as_exporter *exporter,
                         const void *settings, FILE *to, as_export **out) AS_NODISCARD;
as_sink *as_export_sink(as_export *e);
as_status as_export_close(as_export *e, unsigned *lost) AS_NODISCARD;
/* One warning that names what was lost; none where nothing was. */
void as_export_warn(as_ctx *ctx, const as_exporter *exporter, unsigned lost);

#endif
