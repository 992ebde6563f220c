/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with an archive, collected so that all of it is told at once. */
#ifndef AS_CMD_FINDINGS_H
#define AS_CMD_FINDINGS_H

#include "session.h"

typedef struct as_findings {
    as_session *s;
    size_t n;
    const char **text;
    const char *refusal; /* why it could not be looked into any further; NULL: it could */
} as_findings;

/* One more, in the session's arena. */
as_status as_find_fault(as_findings *f, const char *fmt, ...) AS_PRINTF(2, 3) AS_NODISCARD;

#endif
