/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of help about what all verbs share, beside the pages made from descriptors. */
#ifndef AS_CMD_TOPICS_H
#define AS_CMD_TOPICS_H

#include "op.h"

typedef struct as_topic { const char *name; as_doc doc; } as_topic;

extern const as_topic as_topics[]; /* ends with {0} */
const as_topic *as_topic_find(const char *name); /* NULL: none */

#endif
