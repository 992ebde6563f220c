/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a text was cut, where no count in it can tell. */
#ifndef AS_PARSERS_TEXT_END_H
#define AS_PARSERS_TEXT_END_H

#include "parser.h"

/* Warn of a text that ends within a line, as a cut file does. `shorter`: only where its last line
 * is also shorter than the one before, since many whole files lack the last line end. */
void as_warn_if_cut(as_parse *job, as_table *t, bool shorter);

/* The last line ends with a tab, as the one before does, and has as many of them: of formats whose rows end
 * so it is whole without a line end. */
bool as_ends_with_tabs(const as_input *in);

#endif
