/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line that tells how far long work is. */
#include "progress.h"

#include <time.h>
#include <unistd.h>

#include "session.h"

enum { WIDTH = 32 };

static const int64_t second = 1000000000;

static int64_t now(void)
{
    struct timespec t = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second + t.tv_nsec;
}

void as_progress_begin(as_progress *p, const as_session *s)
{
    p->session = s;
    p->begun = p->last = now();
}

void as_progress_show(as_progress *p, const char *what, size_t done, size_t n)
{
    const as_session *s = p->session;
    const int64_t t = now();
    if (t - p->last < second / 10 || (s->out && isatty(fileno(s->out)))) return;
    p->last = t;
    const char *verb = s->messages->verb ? s->messages->verb : "assay";
    char text[160], bar[WIDTH + 1] = "";
    for (size_t i = 0; n && i < WIDTH; i++) bar[i] = i < done * WIDTH / n ? '#' : ' ';
    if (n)
        (void)snprintf(text, sizeof text, "%s [%s] %zu of %zu %s", verb, bar, done, n, what);
    else
        (void)snprintf(text, sizeof text, "%s: %zu %s", verb, done, what);
    as_messages_progress(s->messages, p, text);
}

void as_progress_end(as_progress *p)
{
    as_messages_progress(p->session->messages, p, NULL);
}

static void show_work(void *user, const char *what, size_t done, size_t n)
{
    as_progress *p = user;
    if (!what)
        as_progress_end(p);
    else if (done == 0)
        as_progress_begin(p, p->session);
    else if (now() - p->begun >= second)
        as_progress_show(p, what, done, n);
}

void as_progress_watch(as_progress *p, const as_session *s, as_ctx *ctx)
{
    p->session = s;
    if (isatty(fileno(s->messages->to))) as_watch_work(ctx, show_work, p);
}
