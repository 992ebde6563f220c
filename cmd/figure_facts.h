/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the file of a figure says by itself, whoever made it: size, resolution, fonts. */
#ifndef AS_CMD_FIGURE_FACTS_H
#define AS_CMD_FIGURE_FACTS_H

#include "files.h"

typedef enum { AS_FACT_UNKNOWN, AS_FACT_NO, AS_FACT_YES } as_fact;

typedef struct as_figure_facts {
    const char *kind;            /* png, svg, pdf */
    double width_mm, height_mm;  /* NaN: the file does not say */
    double dpi;                  /* of PNG; else NaN */
    double text_pt, line_pt;     /* smallest text, thinnest line of SVG as written; else NaN */
    size_t texts;                /* of SVG */
    as_fact fonts;               /* PDF: all embedded; SVG: text is text, not outlines */
} as_figure_facts;

/* AS_E_FORMAT for anything but PNG, SVG and PDF; AS_E_SYNTAX for a broken one. `f` is loaded. */
as_status as_figure_facts_of(as_session *s, const as_file *f, as_figure_facts *out) AS_NODISCARD;

#endif
