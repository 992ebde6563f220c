/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NIST's reference data sets: certified digits from both starts, or a reported failure. */
#include <dirent.h>

#include "certify.h"
#include "check.h"
#include "expression.h"

static const char *slurp(as_ctx *ctx, const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    char *text = as_alloc(as_scratch(ctx), 1 << 20, 1);
    *n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    return text;
}

static int folder(as_ctx *ctx, const char *name)
{
    char path[1024];
    const char *shared = getenv("ASSAY_SHARED");
    snprintf(path, sizeof path, "%s/truth/nist/%s", shared ? shared : "../shared", name);
    DIR *d = opendir(path);
    int found = 0, certified = 0, runs = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        const as_frame frame = as_enter(ctx);
        char file[2048];
        size_t n;
        as_certificate c[2];
        int count = 0;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        if (!strstr(e->d_name, ".dat")) continue;
        const char *text = slurp(ctx, file, &n);
        if (!text) continue;
        found++;
        const as_status status = as_certify(ctx, as_scratch(ctx), text, n, c, &count);
        if (status != AS_OK) printf("%s: %s\n", e->d_name, as_pending_message(ctx));
        CHECK(status == AS_OK);
        for (int i = 0; status == AS_OK && i < count; i++) {
            printf("%-10s start %d: %4.1f digits, %4.1f of u, %3d iterations, %s\n", c[i].name,
                   c[i].start, c[i].digits_p, c[i].digits_u, c[i].iterations,
                   as_ls_explain(c[i].state));
            runs++;
            certified += c[i].digits_p >= 6 && c[i].digits_u >= 6;
            CHECK(c[i].good || strcmp(c[i].name, "Lanczos1") == 0);
        }
        as_leave(ctx, frame);
    }
    if (d) closedir(d);
    printf("%s: %d of %d certified\n", name, certified, runs);
    return found;
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const int found = folder(ctx, "nonlinear") + folder(ctx, "linear");
    as_ctx_free(ctx);
    if (!found) SKIP("truth/nist is not there");
    DONE();
}
