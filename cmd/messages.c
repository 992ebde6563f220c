/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing of diagnostics: GNU form file:line:column: kind: text, then line and caret. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "messages.h"

static const char hint_mark[] = "hint: ";

static bool is_hint(const char *text)
{
    return strncmp(text, hint_mark, sizeof hint_mark - 1) == 0;
}

static const char *kind_of(as_severity s)
{
    return s == AS_ERROR ? "error" : s == AS_WARNING ? "warning" : "note";
}

static void place(const as_messages *m, const as_where *w)
{
    if (!w || !w->file) {
        fprintf(m->to, "assay%s%s: ", m->verb ? " " : "", m->verb ? m->verb : "");
        return;
    }
    fputs(w->file, m->to);
    if (w->line) fprintf(m->to, ":%u", w->line);
    if (w->line && w->column) fprintf(m->to, ":%u", w->column);
    if (!w->line && w->offset) fprintf(m->to, ": byte %" PRIu64, w->offset);
    fputs(": ", m->to);
}

/* The line with a caret under the column; a long line is shown around it. */
static bool continues(char c) /* a byte inside a UTF-8 character takes no column of the screen */
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static void caret(const as_messages *m, const as_where *w)
{
    enum { SHOWN = 100 };
    if (!w || !w->line_text || !w->column) return;
    const size_t length = strlen(w->line_text), column = w->column - 1;
    size_t from = column > SHOWN - 20 ? column - (SHOWN - 20) : 0;
    if (column > length) return;
    while (from < column && continues(w->line_text[from])) from++;
    fprintf(m->to, "  %.*s\n  ", SHOWN, w->line_text + from);
    for (size_t i = from; i < column; i++)
        if (!continues(w->line_text[i])) fputc(w->line_text[i] == '\t' ? '\t' : ' ', m->to);
    fputs("^", m->to);
    for (size_t i = column + 1; i < column + w->span && i < from + SHOWN && i <= length; i++)
        if (!continues(w->line_text[i])) fputc('~', m->to);
    fputc('\n', m->to);
}

static const char *class_name(as_code code)
{
    static const char *const names[] = { "usage",   "format", "syntax",  "truncated",
                                         "missing", "unit",   "numeric", "io",
                                         "limit",   "memory", "bug" };
    return (unsigned)code < sizeof names / sizeof *names ? names[code] : "bug";
}

/* Of a warning about a series the chain is the series' name. */
static const char *series_of(as_severity severity, const char *message, const char *const *chain, size_t n_chain)
{
    return severity == AS_WARNING && n_chain && !strstr(message, chain[0]) ? chain[0] : NULL;
}

static void show_json(const as_messages *m, as_severity severity, as_code code, const as_where *w,
                      const char *message, const char *const *chain, size_t n_chain)
{
    fprintf(m->to, "{\"severity\": \"%s\"", kind_of(severity));
    if (severity == AS_ERROR) fprintf(m->to, ", \"class\": \"%s\"", class_name(code));
    if (w && w->file) {
        fputs(", \"file\": ", m->to);
        as_json_text(m->to, w->file);
        if (w->line) fprintf(m->to, ", \"line\": %u", w->line);
        if (w->column) fprintf(m->to, ", \"column\": %u", w->column);
        if (!w->line) fprintf(m->to, ", \"offset\": %" PRIu64, w->offset);
    }
    fputs(", \"message\": ", m->to);
    as_json_text(m->to, message);
    const char *hint = NULL;
    if (severity == AS_WARNING && n_chain) {
        fputs(", \"series\": ", m->to);
        as_json_text(m->to, chain[0]);
        n_chain = 0;
    }
    if (n_chain) fputs(", \"while\": [", m->to);
    for (size_t i = 0, shown = 0; i < n_chain; i++) {
        if (is_hint(chain[i])) {
            hint = chain[i] + sizeof hint_mark - 1;
            continue;
        }
        if (shown++) fputs(", ", m->to);
        as_json_text(m->to, chain[i]);
    }
    if (n_chain) fputs("]", m->to);
    if (hint) {
        fputs(", \"hint\": ", m->to);
        as_json_text(m->to, hint);
    }
    fputs("}\n", m->to);
}

static void show_text(const as_messages *m, as_severity severity, const as_where *where,
                      const char *message, const char *const *chain, size_t n_chain)
{
    const char *series = m->many ? series_of(severity, message, chain, n_chain) : NULL;
    if (severity == AS_WARNING) n_chain = 0;
    place(m, where);
    fprintf(m->to, "%s: %s%s%s\n", kind_of(severity), series ? series : "", series ? ": " : "", message);
    caret(m, where);
    for (size_t i = 0; i < n_chain; i++)
        if (!is_hint(chain[i])) fprintf(m->to, "  while %s\n", chain[i]);
    for (size_t i = 0; i < n_chain; i++)
        if (is_hint(chain[i])) fprintf(m->to, "%s\n", chain[i]);
}

static void wipe(as_messages *m)
{
    if (m->progress) fputs("\r\033[2K", m->to);
    m->progress = NULL;
}

void as_messages_progress(as_messages *m, const void *by, const char *text)
{
    if (m->json || (text && !isatty(fileno(m->to)))) return;
    pthread_mutex_lock(&m->lock);
    if (text ? !m->progress || m->progress == by : m->progress == by) {
        wipe(m);
        if (text) fputs(text, m->to);
        fflush(m->to);
        m->progress = text ? by : NULL;
    }
    pthread_mutex_unlock(&m->lock);
}

void as_messages_said(as_messages *m, const char *text, size_t size)
{
    pthread_mutex_lock(&m->lock);
    wipe(m);
    fwrite(text, 1, size, m->to);
    pthread_mutex_unlock(&m->lock);
}

void as_messages_show(void *user, as_severity severity, as_code code, const as_where *where,
                      const char *message, const char *const *chain, size_t n_chain)
{
    as_messages *m = user;
    pthread_mutex_lock(&m->lock);
    m->warnings += severity == AS_WARNING;
    wipe(m);
    if (m->json)
        show_json(m, severity, code, where, message, chain, n_chain);
    else if (!m->reported || severity != AS_WARNING)
        show_text(m, severity, where, message, chain, n_chain);
    pthread_mutex_unlock(&m->lock);
}
