/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "json.h"
#include "page_record.h"

static void number(FILE *to, const char *key, double value)
{
    if (!isfinite(value)) return;
    fprintf(to, ", \"%s\": ", key);
    as_json_number(to, round(value * 1000) / 1000);
}

static void text(FILE *to, const char *key, const char *value)
{
    fprintf(to, ", \"%s\": ", key);
    as_json_text(to, value);
}

static void audit(FILE *to, const as_audit *a)
{
    number(to, "smallest_text_pt", a->smallest_pt);
    number(to, "largest_text_pt", a->largest_pt);
    number(to, "thinnest_line_pt", a->thinnest_pt);
    number(to, "image_dpi", a->raster_dpi);
    number(to, "overlapping_labels", (double)a->overlaps);
    if (a->overlaps) text(to, "overlap", a->overlap[0]), text(to, "overlap_with", a->overlap[1]);
    number(to, "labels_off_page", (double)a->off_page);
    if (a->off_page) text(to, "off_page", a->off);
    number(to, "labels_on_data", (double)a->on_data);
    if (a->on_data) text(to, "covered", a->covered);
    number(to, "least_contrast", a->contrast);
    if (!isfinite(a->colour_distance)) return;
    number(to, "least_colour_distance", a->colour_distance);
    fprintf(to, ", \"closest_colours\": [\"#%06x\", \"#%06x\"]", (unsigned)(a->closest[0] >> 8),
            (unsigned)(a->closest[1] >> 8));
}

const char *as_page_record(as_arena *a, const char *provenance, const as_canvas *c,
                           const as_page *page)
{
    char *all = NULL;
    size_t size = 0;
    as_audit found;
    FILE *to = open_memstream(&all, &size);
    if (!to) return NULL;
    as_canvas_audit(c, &found);
    fprintf(to, "%.*s, \"page\": {\"width_mm\": ", (int)(strlen(provenance) - 1), provenance);
    as_json_number(to, page->mm.w);
    number(to, "height_mm", page->mm.h);
    number(to, "dpi", page->dpi);
    audit(to, &found);
    fputs("}}", to);
    if (fclose(to) != 0) return NULL;
    const char *copy = as_strndup(a, all, size);
    free(all);
    return copy;
}
