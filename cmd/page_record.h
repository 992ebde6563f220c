/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was drawn, for `figure-check`: kept in the figure beside its provenance. */
#ifndef AS_CMD_PAGE_RECORD_H
#define AS_CMD_PAGE_RECORD_H

#include "figure.h"

/* `provenance` (a JSON object) with a member "page": size in mm, pixels per inch, and what
 * as_canvas_audit finds; what there is none of is left out. NULL without memory. */
const char *as_page_record(as_arena *a, const char *provenance, const as_canvas *c,
                           const as_page *page);

#endif
