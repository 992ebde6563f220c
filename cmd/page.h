/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several figures on one page: what the verb `panels` and the pages of recipes share. */
#ifndef AS_CMD_PAGE_H
#define AS_CMD_PAGE_H

#include "figure_options.h"

typedef struct as_page_settings {
    int size, columns;
    double gap, height, dpi;
    const char *letters; /* auto, none, or a list */
} as_page_settings;

extern const as_param as_page_params[];

/* All panels get the width that fits the page and the height of the highest, unless their options
 * name others. `page` gets size, dpi and provenance; all lives in the session's arena. */
as_status as_page_compose(as_session *s, const as_page_settings *set, size_t n, as_panel *panel,
                          as_canvas **canvas, as_page *page) AS_NODISCARD;

#endif
