/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure before it is drawn: its kind, its settings from the words of a person or a style file, its
 * tables.
 */
#ifndef AS_CMD_FIGURE_OPTIONS_H
#define AS_CMD_FIGURE_OPTIONS_H

#include "figure.h"
#include "session.h"

typedef struct as_panel { /* one figure with its settings and tables */
    const as_figure *kind;
    void *settings; /* begin with an as_look: width and height that it leaves open are filled in */
    const char *sha256; /* of the files that the settings name, blanks between; NULL: none */
    const char *used;   /* origins of the tables that they name (origins.h); NULL: none */
    size_t n;
    const as_table *const *tables;
} as_panel;

/* `words` are options of `out->kind` only; settings, sha256 and used of `out` are set. A style file that
 * --look names is read first, so what is typed wins; AS_E_USAGE at its line and column for a key or value
 * that no figure has. */
as_status as_figure_options(as_session *s, size_t n, const as_word *words, as_panel *out) AS_NODISCARD;

/* The figure alone on a page, with its provenance; all lives in the session's arena. */
as_status as_panel_draw(as_session *s, const as_panel *p, as_canvas **canvas,
                        as_page *page) AS_NODISCARD;

#endif
