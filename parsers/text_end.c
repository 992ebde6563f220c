/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a text without a line end. */
#include "text_end.h"

static bool is_end(unsigned char c)
{
    return c == '\n' || c == '\r';
}

/* Bytes of the line that ends before data[end]; *end moves to where it begins. */
static size_t last_line(const unsigned char *data, size_t *end)
{
    const size_t stop = *end;
    while (*end > 0 && !is_end(data[*end - 1])) --*end;
    return stop - *end;
}

static size_t count_tabs(const unsigned char *at, size_t n)
{
    size_t tabs = 0;
    for (size_t i = 0; i < n; i++) tabs += at[i] == '\t';
    return tabs;
}

bool as_ends_with_tabs(const as_input *in)
{
    size_t begin = in->size;
    if (begin == 0 || in->data[begin - 1] != '\t') return false;
    const size_t last = last_line(in->data, &begin);
    size_t end = begin;
    while (end > 0 && is_end(in->data[end - 1])) end--;
    const size_t stop = end, before = last_line(in->data, &end);
    return before > 0 && in->data[stop - 1] == '\t' &&
           count_tabs(in->data + end, before) == count_tabs(in->data + begin, last);
}

void as_warn_if_cut(as_parse *job, as_table *t, bool shorter)
{
    const as_input *in = job->in;
    size_t end = in->size;
    if (end == 0 || is_end(in->data[end - 1])) return;
    const size_t last = last_line(in->data, &end);
    while (end > 0 && is_end(in->data[end - 1])) end--;
    if (shorter && (end == 0 || last >= last_line(in->data, &end))) return;
    const as_where at = as_at_byte(in, in->size);
    as_warn(job->ctx, t, &at, "the file ends within a line: it may be cut");
}
