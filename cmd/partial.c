/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders that are only there while something is being made. */
#define _GNU_SOURCE /* flock, _Fork */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "partial.h"

enum { MOST_PASSING = 64, MOST_NAMES = 100, DAY = 86400 };

/* --- what goes when the program is interrupted ------------------------------------------------- */

/* A handler gets no argument, so that this has to be global. One beyond the last is not removed. */
typedef _Atomic(const char *) passing;
static passing passing_file[MOST_PASSING], passing_folder[MOST_PASSING];

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
enum { N_ENDING = sizeof ending / sizeof *ending };

static void note(passing *all, const char *path)
{
    for (size_t i = 0; i < MOST_PASSING; i++) {
        const char *none = NULL;
        if (atomic_compare_exchange_strong(&all[i], &none, path)) return;
    }
}

void as_passing_file(const char *path)
{
    note(passing_file, path);
}

void as_passing_folder(const char *path)
{
    note(passing_folder, path);
}

void as_passing_forget(const char *path)
{
    for (size_t i = 0; i < MOST_PASSING; i++) {
        const char *file = path, *folder = path;
        atomic_compare_exchange_strong(&passing_file[i], &file, NULL);
        atomic_compare_exchange_strong(&passing_folder[i], &folder, NULL);
    }
}

/* Reading a folder allocates, which a handler may not: rm does it. */
static void remove_tree(const char *path)
{
    const pid_t child = _Fork();
    if (child == 0) {
        (void)execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
        _exit(1);
    }
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
}

/* Only what POSIX lists as safe in a handler. SA_RESETHAND has put the default back. */
static void end_now(int sig)
{
    for (size_t i = 0; i < MOST_PASSING; i++) {
        const char *file = atomic_load(&passing_file[i]), *folder = atomic_load(&passing_folder[i]);
        if (file) (void)unlink(file);
        if (folder) remove_tree(folder);
    }
    (void)raise(sig);
}

static void ending_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < N_ENDING; i++) sigaddset(set, ending[i]);
}

void as_passing_watch(void)
{
    struct sigaction act = { .sa_handler = end_now, .sa_flags = SA_RESETHAND }, old;
    ending_set(&act.sa_mask);
    for (size_t i = 0; i < N_ENDING; i++)
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &act, NULL);
}

void as_passing_hold(sigset_t *before)
{
    sigset_t set;
    ending_set(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, before);
}

void as_passing_release(const sigset_t *before)
{
    const int kept = errno;
    (void)pthread_sigmask(SIG_SETMASK, before, NULL);
    errno = kept;
}

/* --- a file that takes its name when it is whole ------------------------------------------------ */

/* Still the file of that name, and a plain one of ours. Whoever held it before may have renamed it
 * between our opening and our locking. */
static bool is_ours(int file, const char *name)
{
    struct stat st, there;
    return fstat(file, &st) == 0 && lstat(name, &there) == 0 && S_ISREG(st.st_mode) &&
           st.st_dev == there.st_dev && st.st_ino == there.st_ino && st.st_uid == geteuid();
}

/* Where there are no locks: made by us just now, or left alone for a day. */
static bool is_left(int file)
{
    struct stat st;
    return fstat(file, &st) == 0 && difftime(time(NULL), st.st_mtime) > DAY;
}

/* The file of that name for us alone, or -1; with `make` also one that is not there yet. */
static int take(const char *name, bool make)
{
    int file = make ? open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
    const bool made = file >= 0;
    if (!make || (!made && errno == EEXIST)) file = open(name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return -1;
    bool good = flock(file, LOCK_EX | LOCK_NB) == 0;
    if (!good && errno != EWOULDBLOCK) good = made || is_left(file);
    if (good && is_ours(file, name) && ftruncate(file, 0) == 0) return file;
    (void)close(file);
    errno = EBUSY;
    return -1;
}

static const char *name_of(as_arena *a, const char *path, int n)
{
    return as_format(a, "%s.assay%d.part", path, n);
}

/* Writing beside a device or a pipe and renaming would put a file in its place. */
static bool is_written_at_once(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* What killed runs left under the names after the n-th. */
static void sweep(as_arena *a, const char *path, int n)
{
    const char *name;
    int file;
    while ((name = name_of(a, path, ++n)) && (file = take(name, false)) >= 0) {
        (void)unlink(name);
        (void)close(file);
    }
}

static bool fill(as_partial *p, int file)
{
    p->lock = fcntl(file, F_DUPFD_CLOEXEC, 0);
    p->to = p->lock < 0 ? NULL : fdopen(file, "wb");
    if (p->to) return true;
    const int kept = errno;
    (void)close(file);
    as_partial_abandon(p);
    errno = kept;
    return false;
}

bool as_partial_open(as_arena *a, const char *path, as_partial *out)
{
    int file = -1, n = 0;
    *out = (as_partial){ .path = path, .lock = -1 };
    if (is_written_at_once(path)) return (out->to = fopen(path, "wb")) != NULL;
    while (file < 0 && n < MOST_NAMES) {
        sigset_t before;
        out->name = name_of(a, path, ++n);
        errno = ENOMEM;
        if (!out->name) return false;
        as_passing_hold(&before);
        file = take(out->name, true);
        if (file >= 0) as_passing_file(out->name);
        as_passing_release(&before);
        if (file < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EROFS)) break;
    }
    if (file < 0) {
        out->name = NULL;
        return false;
    }
    sweep(a, path, n);
    return fill(out, file);
}

bool as_partial_close(as_partial *p)
{
    errno = 0;
    const bool good = fflush(p->to) == 0 && !ferror(p->to);
    int why = errno;
    const bool closed = fclose(p->to) == 0;
    if (good && !closed) why = errno;
    p->to = NULL;
    if (good && closed) return true;
    as_partial_abandon(p);
    errno = why;
    return false;
}

/* To `path`, or away. */
static bool settle(as_partial *p, const char *path)
{
    sigset_t before;
    as_passing_hold(&before);
    const bool good = path && rename(p->name, path) == 0;
    const int why = errno;
    if (!good) (void)unlink(p->name);
    as_passing_forget(p->name);
    as_passing_release(&before);
    if (p->lock >= 0) (void)close(p->lock);
    p->name = NULL;
    p->lock = -1;
    errno = why;
    return good;
}

bool as_partial_commit(as_partial *p)
{
    return !p->name || settle(p, p->path);
}

void as_partial_abandon(as_partial *p)
{
    if (p->to) fclose(p->to);
    p->to = NULL;
    if (p->name) (void)settle(p, NULL);
}
