/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the shared objects that hold the heavy libraries, beside the executable or where they
 * are installed. dlopen counts references and is thread-safe, so nothing is remembered here; an
 * object once opened stays for the life of the process.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "container.h"
#include "module.h"

enum { PATH_ROOM = 4096 };

static bool folder_of_executable(char out[PATH_ROOM])
{
    const ssize_t n = readlink("/proc/self/exe", out, PATH_ROOM - 1);
    if (n <= 0) return false;
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash) return false;
    *slash = '\0';
    return true;
}

const void *as_module_symbol(as_ctx *ctx, const char *name, const char *symbol)
{
    /* of the build, of the build's tests, installed */
    static const char *const places[] = { "modules", "../modules", "../lib/assay" };
    char folder[PATH_ROOM], path[PATH_ROOM + 128];
    void *module = NULL;
    if (!folder_of_executable(folder)) {
        (void)!as_fail(ctx, AS_E_IO, NULL, "cannot tell where the executable lies");
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
                       why ? why : "it is neither beside the executable nor in ../lib/assay");
    }
    return found;
}

#ifndef ASSAY_MODULES
extern const as_container as_module_container, as_module_ole;
#endif

const as_container *as_container_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "container", as_container, as_module_container);
}

const as_container *as_ole_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "ole", as_container, as_module_ole);
}
