/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements and attributes as vendor metadata. */
#include <string.h>

#include "xml_vendor.h"

/* "a.b.c" of `e` from `top` on, in scratch. */
static const char *path_of(const as_xml *xml, as_ctx *ctx, const as_element *top,
                           const as_element *e)
{
    const char *path = xml->name(e);
    while (path && e != top && (e = xml->parent(e)) != NULL)
        path = as_format(as_scratch(ctx), "%s.%s", xml->name(e), path);
    return path;
}

static as_status keep(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                      const as_element *top, const as_element *e)
{
    const as_where at = as_xml_at(xml, in, e);
    const char *path = path_of(xml, ctx, top, e), *name, *value;
    if (!path) return AS_ERR;
    for (size_t i = 0; xml->nth_attribute(e, i, &name, &value); i++) {
        if (strcmp(name, "unit") == 0 || strcmp(name, "id") == 0 || !*value) continue;
        const char *key = as_format(as_scratch(ctx), "%s.%s", path, name);
        if (!key) return AS_ERR;
        AS_TRY(as_set_vendor(ctx, t, key, value, &at));
    }
    if (xml->child(e, NULL)) return AS_OK;
    const char *text = as_xml_text(xml, ctx, e, ""), *unit = xml->attribute(e, "unit");
    if (!text) return AS_ERR;
    if (!*text) return AS_OK;
    if (unit) text = as_format(as_scratch(ctx), "%s %s", text, unit);
    return text ? as_set_vendor(ctx, t, path, text, &at) : AS_ERR;
}

static bool skipped(const char *name, const char *const *skip)
{
    for (; skip && *skip; skip++)
        if (strcmp(*skip, name) == 0) return true;
    return false;
}

as_status as_xml_vendor(const as_xml *xml, as_ctx *ctx, const as_input *in, as_table *t,
                        const as_element *top, const char *const *skip)
{
    const as_element *e = top;
    AS_TRY(keep(xml, ctx, in, t, top, top));
    for (;;) {
        const bool leave = e != top && skipped(xml->name(e), skip);
        const as_element *to = leave ? NULL : xml->child(e, NULL);
        while (!to && e != top) {
            to = xml->next(e, NULL);
            if (!to) e = xml->parent(e);
        }
        if (!to) return AS_OK;
        e = to;
        if (!skipped(xml->name(e), skip)) AS_TRY(keep(xml, ctx, in, t, top, e));
    }
}
