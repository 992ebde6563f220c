/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of files compared; see compare_files.h. */
#include <math.h>
#include <string.h>

#include "compare_files.h"
#include "json.h"

static size_t shown(const as_comparison *c)
{
    return (c->all ? c->identical : 0) + c->equal + c->different + c->only_one + c->only_other;
}

static void begin(as_comparison *c, FILE *to, const char *answer, const char *name)
{
    if (!c->json) {
        fprintf(to, "%-10s %s", answer, name);
        return;
    }
    fprintf(to, "%s\n  {\"file\": ", shown(c) > 1 ? "," : "");
    as_json_text(to, name);
    fprintf(to, ", \"answer\": \"%s\"", answer);
}

static void end(const as_comparison *c, FILE *to)
{
    fputs(c->json ? "}" : "\n", to);
}

static void show_equal(as_comparison *c, FILE *to, const char *name, const as_difference *d)
{
    begin(c, to, "equal", name);
    if (c->json) {
        fprintf(to, ", \"numbers\": %zu, \"largest\": ", d->numbers);
        as_json_number(to, d->largest);
    } else if (d->same == AS_SAME_PICTURE) {
        fputs(": the same pixels, another record of its making", to);
    } else {
        fprintf(to, ": %zu numbers, the largest relative difference %.2g", d->numbers, d->largest);
    }
    end(c, to);
}

static void show_different(as_comparison *c, FILE *to, const char *name, const as_difference *d)
{
    begin(c, to, "different", name);
    if (c->json) {
        fputs(", \"where\": ", to);
        as_json_text(to, d->where);
        fprintf(to, ", \"places\": %zu", d->differing);
    } else {
        fprintf(to, ": %s", d->where);
        if (d->differing > 1) fprintf(to, "; %zu lines in all", d->differing);
    }
    end(c, to);
}

as_status as_compare_pair(as_session *s, const char *name, as_file *one, as_file *other, FILE *to,
                          as_comparison *c)
{
    as_difference d;
    AS_TRY(as_file_load(s, one));
    AS_TRY(as_file_load(s, other));
    AS_TRY(as_compare(s->arena, one->data, one->size, other->data, other->size, c->relative,
                      c->absolute, &d));
    switch (d.same) {
    case AS_SAME_BYTES:
        c->identical++;
        if (!c->all) return AS_OK;
        begin(c, to, "identical", name);
        end(c, to);
        return AS_OK;
    case AS_SAME_NUMBERS:
    case AS_SAME_PICTURE:
        c->equal++;
        c->largest = fmax(c->largest, d.largest);
        show_equal(c, to, name, &d);
        return AS_OK;
    case AS_NOT_SAME: break;
    }
    c->different++;
    show_different(c, to, name, &d);
    return AS_OK;
}

static void show_alone(as_comparison *c, FILE *to, const char *name, const char *where,
                       size_t *count)
{
    ++*count;
    begin(c, to, c->json ? "only" : "only in", c->json ? name : where);
    if (c->json) {
        fputs(", \"in\": ", to);
        as_json_text(to, where);
    } else {
        fprintf(to, ": %s", name);
    }
    end(c, to);
}

as_status as_compare_files(as_session *s, as_files *one, as_files *other, FILE *to,
                           as_comparison *c)
{
    size_t i = 0, k = 0;
    while (i < one->n || k < other->n) {
        const int order = i == one->n     ? 1
                          : k == other->n ? -1
                                          : strcmp(one->file[i].name, other->file[k].name);
        if (order == 0) {
            AS_TRY(as_compare_pair(s, one->file[i].name, &one->file[i], &other->file[k], to, c));
            i++;
            k++;
        } else if (order < 0) {
            show_alone(c, to, one->file[i++].name, one->name, &c->only_one);
        } else {
            show_alone(c, to, other->file[k++].name, other->name, &c->only_other);
        }
    }
    return AS_OK;
}

bool as_comparison_differs(const as_comparison *c)
{
    return c->different + c->only_one + c->only_other > 0;
}

void as_comparison_summary(const as_comparison *c, FILE *to)
{
    const size_t n = c->identical + c->equal + c->different + c->only_one + c->only_other;
    fprintf(to, "%zu file%s: %zu identical", n, n == 1 ? "" : "s", c->identical);
    if (c->equal)
        fprintf(to, ", %zu equal within %g (largest %.2g)", c->equal, c->relative, c->largest);
    if (c->different) fprintf(to, ", %zu different", c->different);
    if (c->only_one) fprintf(to, ", %zu only in the first", c->only_one);
    if (c->only_other) fprintf(to, ", %zu only in the second", c->only_other);
}
