/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every parser on every small file of tests/corpus, cut and mutated by a fixed rule: what fuzzing
 * does, as an ordinary test. The sanitizers are the judge.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "../fuzz/parse_bytes.h"
#include "check.h"

enum { LARGEST = 1 << 16, MUTANTS = 6, CUTS = 4 };

static unsigned char original[LARGEST], changed[LARGEST];
static size_t parsed, refused;

/* splitmix64 (Steele, Lea & Flood 2014): the same mutants everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void one(const char *format, const char *name, const unsigned char *bytes, size_t n)
{
    if (parse_bytes(format, name, bytes, n))
        parsed++;
    else
        refused++;
}

static void mutate(size_t n, uint64_t *state)
{
    memcpy(changed, original, n);
    for (size_t k = 1 + next(state) % 8; k-- > 0;) {
        const size_t at = next(state) % n;
        switch (next(state) % 3) {
        case 0: changed[at] = (unsigned char)next(state); break;
        case 1: changed[at] ^= (unsigned char)(1u << next(state) % 8); break;
        default: changed[at] = "0-9,;. \n\t\xff"[next(state) % 10]; break;
        }
    }
}

/* Every probe on beginnings of the file, which end anywhere in the headers that it looks for. */
static void heads(as_ctx *ctx, const char *name, size_t n)
{
    for (size_t size = 1; size < n && size < 4096; size += 1 + size / 8) {
        const as_frame frame = as_enter(ctx);
        const as_input *in;
        as_score *score;
        size_t scores = 0;
        if (as_input_of_bytes(ctx, name, original, size, &in) == AS_OK)
            CHECK(as_identify(ctx, in, &score, &scores) == AS_OK && scores > 0);
        else
            as_forget_error(ctx);
        as_leave(ctx, frame);
    }
}

static void file(const char *path, const char *name)
{
    FILE *f = fopen(path, "rb");
    if (!f) return;
    const size_t n = fread(original, 1, LARGEST, f);
    fclose(f);
    if (n == 0) return;
    uint64_t state = 1;
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_input *in;
    const as_parser *own = NULL;
    if (as_input_of_bytes(ctx, name, original, n, &in) == AS_OK) (void)!as_detect(ctx, in, NULL, &own, NULL);
    const char *format = own ? own->name : NULL;
    one(NULL, name, original, n);
    for (size_t i = 0; as_parsers[i]; i++) one(as_parsers[i]->name, name, original, n); /* the wrong reader too */
    for (int i = 0; i < CUTS; i++) one(format, name, original, next(&state) % n);
    for (int i = 0; i < MUTANTS; i++) {
        mutate(n, &state);
        one(format, name, changed, n);
        one(NULL, name, changed, n);
    }
    heads(ctx, name, n);
    as_ctx_free(ctx);
}

static void folder(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        char full[4096];
        struct stat s;
        if (e->d_name[0] == '.') continue;
        snprintf(full, sizeof full, "%s/%s", path, e->d_name);
        if (stat(full, &s) != 0) continue;
        if (S_ISDIR(s.st_mode))
            folder(full);
        else
            file(full, e->d_name);
    }
    if (d) closedir(d);
}

int main(void)
{
    folder(ASSAY_SOURCE "/tests/corpus");
    printf("%zu inputs parsed, %zu refused\n", parsed, refused);
    CHECK(parsed > 10);
    CHECK(refused > 100);
    DONE();
}
