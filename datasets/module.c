/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the shared objects that hold the heavy libraries, beside the executable or where they
 * are installed. dlopen counts references and is thread-safe, so nothing is remembered here; an
 * object once opened stays for the life of the process.
 */
#define _GNU_SOURCE /* dladdr, getauxval */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "archives.h"
#include "container.h"
#include "module.h"

enum { PATH_ROOM = 4096 }; /* PATH_MAX, for realpath */

static const char opened_from; /* has an address in the object that this code is in */

/* Where this code lies: the shared library if it is in one (dladdr tells), else the executable. In a
 * library that was itself opened by dlopen (Python's ctypes) its names become visible to modules. */
static bool folder_of_code(char out[PATH_ROOM])
{
    Dl_info info;
    const char *slash = dladdr(&opened_from, &info) ? strrchr(info.dli_fname, '/') : NULL;
    if (slash && strstr(slash, ".so")) {
        (void)!dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
        if (!realpath(info.dli_fname, out)) return false;
    } else if (!realpath("/proc/self/exe", out)) { /* a chroot without /proc */
        const char *started = (const char *)(uintptr_t)getauxval(AT_EXECFN);
        if (!started || !realpath(started, out)) return false;
    }
    *strrchr(out, '/') = '\0';
    return true;
}

const void *as_module_symbol(as_ctx *ctx, const char *name, const char *symbol)
{
    /* of the build, of the build's tests, installed; of the library: lib, lib/x86_64-linux-gnu */
    static const char *const places[] = { "modules", "../modules", "../lib/assay", "assay",
                                          "../assay" };
    char folder[PATH_ROOM], path[PATH_ROOM + 128];
    void *module = NULL;
    if (!folder_of_code(folder)) {
        (void)!as_fail(ctx, AS_E_IO, NULL, "cannot tell where this program lies");
        return NULL;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places && !module; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/assay-%s.so", folder, places[i], name);
        if (access(path, R_OK) == 0) module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    const void *found = module ? dlsym(module, symbol) : NULL;
    if (!found) {
        const char *why = dlerror();
        (void)!as_fail(ctx, AS_E_IO, NULL, "cannot open the module assay-%s.so: %s", name,
                       why ? why : "it is neither beside the program nor in ../lib/assay");
    }
    return found;
}

#ifndef ASSAY_MODULES
extern const as_container as_module_container, as_module_ole;
extern const as_archive as_module_archive;
#endif

const as_archive *as_archive_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "container", as_archive, as_module_archive);
}

const as_container *as_container_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "container", as_container, as_module_container);
}

const as_container *as_ole_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "ole", as_container, as_module_ole);
}
