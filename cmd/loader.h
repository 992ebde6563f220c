/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who opens what parameters name: see as_loader in param.h. */
#ifndef AS_CMD_LOADER_H
#define AS_CMD_LOADER_H

#include "session.h"

void as_loader_init(as_session *s);

#endif
