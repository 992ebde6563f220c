/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay as a C library (pkg-config assay): what the command line does, in one process, on tables.
 *
 *     as_suite *suite = as_suite_new(NULL, NULL);
 *     as_tables scans, found;
 *     if (as_suite_read(suite, 1, (const char *const[]){ "scan.xrdml" }, &scans) == AS_OK &&
 *         as_suite_pipe(suite, "crop --x 4:25 | baseline-snip", &scans, &found) == AS_OK)
 *         ... found.t[0]->rows, as_find_role(found.t[0], AS_ROLE_Y)->v.f ...
 *     as_suite_free(suite);
 *
 * Tables (table.h) are the suite's and live as long as it does; what a pipeline makes are new ones,
 * its input stays as it was. On AS_ERR the error is pending in as_suite_ctx: as_pending tells its
 * class, as_pending_message its text, as_flush_error hands it to `show`. A suite is used by one
 * thread at a time; several may work side by side. The numeric kernels (least_squares.h,
 * whittaker.h, savgol.h, shirley.h, linear_fit.h, faddeeva.h) need a context or nothing at all.
 */
#ifndef AS_CMD_ASSAY_H
#define AS_CMD_ASSAY_H

#include "table.h"

typedef struct as_suite as_suite;

#pragma GCC visibility push(default)
/* `show` receives warnings and flushed errors as they come (diag.h); NULL: nobody. NULL without
 * memory. GSL's error handler is switched off for the process. */
as_suite *as_suite_new(as_diag_sink *show, void *user) AS_NODISCARD;
void as_suite_free(as_suite *suite); /* NULL: nothing happens */
as_ctx *as_suite_ctx(as_suite *suite);

/* The series of n instrument files or streams, as `assay read` gives them: the format is detected,
 * names are those of the files. All or nothing. */
as_status as_suite_read(as_suite *suite, size_t n, const char *const *files,
                        as_tables *out) AS_NODISCARD;

/* A pipeline of operations in the words of the command line; files that its options name stand
 * against the working directory. `in` may be NULL when it begins with a source (simulate-xrd). */
as_status as_suite_pipe(as_suite *suite, const char *pipeline, const as_tables *in,
                        as_tables *out) AS_NODISCARD;

/* A figure in the words of the command line, "plot-stack --offset 1.1"; "plot" chooses the kind by
 * technique. The suffix of `file` (.png, .svg, .pdf) chooses the form. It is moved to its place
 * when it is whole. */
as_status as_suite_draw(as_suite *suite, const char *figure, const as_tables *in,
                        const char *file) AS_NODISCARD;

/* The tables as a stream (ECSV) that `assay` and astropy read. */
as_status as_suite_save(as_suite *suite, const as_tables *in, const char *file) AS_NODISCARD;
#pragma GCC visibility pop

#endif
