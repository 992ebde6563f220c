/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From tables to a file: the way that verbs, recipes and tests take. */
#ifndef AS_FIGURES_RENDER_H
#define AS_FIGURES_RENDER_H

#include "figure.h"

/* The drawn figure; the canvas lives in `keep`. `settings` are those of the figure (as_settings_read);
 * their size, width, height and dpi give the page, which is filled in except provenance and date. */
as_status as_figure_draw(as_ctx *ctx, const as_figure *f, const void *settings, size_t n,
                         const as_table *const *tables, as_arena *keep, as_canvas **canvas,
                         as_page *page) AS_NODISCARD;

/* The same with margins between page and frames of at least `least`: what as_canvas_margins told of the
 * figures beside it, so that their frames stand in line. */
as_status as_figure_draw_within(as_ctx *ctx, const as_figure *f, const void *settings, size_t n,
                                const as_table *const *tables, as_margins least, as_arena *keep,
                                as_canvas **canvas, as_page *page) AS_NODISCARD;
/* What lies between the page and the outermost frames, mm; 0 on sides where no frame is. */
as_margins as_canvas_margins(const as_canvas *c);

/* A drawn canvas into a file; `suffix` chooses the back end ("png", "SVG"), AS_E_USAGE names them. */
as_status as_canvas_write(as_ctx *ctx, const as_canvas *c, const as_page *page, const char *suffix,
                          FILE *to) AS_NODISCARD;

#endif
