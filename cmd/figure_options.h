/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the words of a figure to its settings, style file included. */
#ifndef AS_CMD_FIGURE_OPTIONS_H
#define AS_CMD_FIGURE_OPTIONS_H

#include "figure.h"
#include "session.h"

/* `words` are options of `kind` only. A style file that --look names is read first, so what is typed
 * wins; AS_E_USAGE at its line and column for a key or value that no figure has. */
as_status as_figure_options(as_session *s, const as_figure *kind, size_t n, const as_word *words,
                            void **settings) AS_NODISCARD;

#endif
