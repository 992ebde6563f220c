/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON texts on a FILE: what messages and --json need where no document is built. */
#ifndef AS_CMD_JSON_H
#define AS_CMD_JSON_H

#include <stdio.h>

/* `text` in quotes, escaped; NULL as null. */
void as_json_text(FILE *to, const char *text);
/* A double by the number writer; nan and inf as null. */
void as_json_number(FILE *to, double value);

#endif
