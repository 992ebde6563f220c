/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bags made and checked; section numbers are those of RFC 8493. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bag.h"
#include "hash.h"

static const char declaration[] = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

as_status as_find_fault(as_findings *f, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    const char **wider = as_grow(f->s->arena, f->text, f->n, sizeof *wider);
    if (!wider) return AS_ERR;
    f->text = wider;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    f->text[f->n] = as_strdup(f->s->arena, text);
    return f->text[f->n++] ? AS_OK : AS_ERR;
}

bool as_bag_find(as_session *s, const as_files *f, as_bag *out)
{
    static const char name[] = "bagit.txt";
    *out = (as_bag){ .top = "" };
    if (f->n == 0) return false;
    if (as_files_find(f, name)) return true;
    const char *slash = strchr(f->file[0].name, '/');
    const size_t n = slash ? (size_t)(slash - f->file[0].name) + 1 : 0;
    for (size_t i = 0; i < f->n; i++)
        if (n == 0 || strncmp(f->file[i].name, f->file[0].name, n) != 0) return false;
    out->top = as_strndup(s->arena, f->file[0].name, n);
    const char *inside = out->top ? as_format(s->arena, "%s%s", out->top, name) : NULL;
    return inside && as_files_find(f, inside);
}

/* --- checking -------------------------------------------------------------------------------- */

typedef struct check {
    as_session *s;
    as_files f; /* of the bag alone */
    as_findings *to;
    bool *listed; /* by file */
} check;

/* %0A, %0D and %25 of a path in a manifest (2.1.3). */
static char *decoded(as_arena *a, const char *text, size_t n)
{
    char *out = as_strndup(a, text, n);
    size_t to = 0;
    for (size_t i = 0; out && i < n; i++) {
        const bool lf = strncmp(text + i, "%0A", 3) == 0 || strncmp(text + i, "%0a", 3) == 0;
        const bool cr = strncmp(text + i, "%0D", 3) == 0 || strncmp(text + i, "%0d", 3) == 0;
        const bool percent = strncmp(text + i, "%25", 3) == 0;
        out[to++] = (char)(lf ? '\n' : cr ? '\r' : text[i]);
        if (lf || cr || percent) i += 2;
    }
    if (out) out[to] = '\0';
    return out;
}

static as_status check_file(check *c, const char *manifest, const char *hex, const char *path)
{
    as_file *f = (as_file *)(uintptr_t)as_files_find(&c->f, path); /* ours: writable */
    char found[AS_SHA256_TEXT];
    if (!f) return as_find_fault(c->to, "'%s' is listed in %s and is not there", path, manifest);
    if (c->listed[f - c->f.file]) return as_find_fault(c->to, "'%s' is listed twice", path);
    c->listed[f - c->f.file] = true;
    AS_TRY(as_file_load(c->s, f));
    as_sha256_of(f->data, f->size, found);
    for (size_t i = 0; i < AS_SHA256_TEXT - 1; i++)
        if (found[i] != (hex[i] | (hex[i] >= 'A' && hex[i] <= 'F' ? 32 : 0)))
            return as_find_fault(c->to, "'%s' has changed: its SHA-256 is %s, %s says %.64s", path,
                                 found, manifest, hex);
    return AS_OK;
}

static as_status check_line(check *c, const char *manifest, const char *line, size_t n)
{
    size_t at = 0;
    while (at < n && line[at] != ' ' && line[at] != '\t') at++;
    const size_t digits = at;
    while (at < n && (line[at] == ' ' || line[at] == '\t')) at++;
    if (at < n && line[at] == '*') at++; /* as sha256sum -b writes */
    while (at + 1 < n && strncmp(line + at, "./", 2) == 0) at += 2;
    if (digits != 64 || strspn(line, "0123456789abcdefABCDEF") < 64 || at == n)
        return as_find_fault(c->to, "%s: '%.*s' is no line of a manifest", manifest, (int)n, line);
    const char *path = decoded(c->s->arena, line + at, n - at);
    return path ? check_file(c, manifest, line, path) : AS_ERR;
}

static as_status check_manifest(check *c, const char *name, as_file *f)
{
    AS_TRY(as_file_load(c->s, f));
    const char *at = (const char *)f->data, *end = at + f->size;
    memset(c->listed, 0, c->f.n * sizeof *c->listed);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const size_t n = (size_t)((stop ? stop : end) - at);
        const size_t length = n && at[n - 1] == '\r' ? n - 1 : n;
        if (length) AS_TRY(check_line(c, name, at, length));
        at += n + (stop != NULL);
    }
    return AS_OK;
}

static as_status check_listed(check *c, size_t *payload, uint64_t *bytes)
{
    for (size_t i = 0; i < c->f.n; i++) {
        if (strncmp(c->f.file[i].name, "data/", 5) != 0) continue;
        ++*payload;
        *bytes += c->f.file[i].size;
        if (!c->listed[i])
            AS_TRY(
                as_find_fault(c->to, "'%s' is in the bag and in no manifest", c->f.file[i].name));
    }
    return AS_OK;
}

/* Payload-Oxum: OCTETS.FILES (2.2.2) */
static as_status check_oxum(check *c, size_t payload, uint64_t bytes)
{
    static const char key[] = "Payload-Oxum:";
    as_file *f = (as_file *)(uintptr_t)as_files_find(&c->f, "bag-info.txt");
    if (!f) return AS_OK;
    AS_TRY(as_file_load(c->s, f));
    const char *at = strstr((const char *)f->data, key);
    if (!at) return AS_OK;
    char *end;
    const uint64_t octets = strtoull(at + sizeof key - 1, &end, 10);
    const uint64_t count = *end == '.' ? strtoull(end + 1, NULL, 10) : 0;
    if (octets == bytes && count == payload) return AS_OK;
    return as_find_fault(c->to,
                         "Payload-Oxum says %" PRIu64 " bytes in %" PRIu64
                         " files, there are %" PRIu64 " in %zu",
                         octets, count, bytes, payload);
}

static as_status check_declaration(check *c)
{
    as_file *f = (as_file *)(uintptr_t)as_files_find(&c->f, "bagit.txt");
    AS_TRY(as_file_load(c->s, f));
    const char *text = (const char *)f->data;
    if (strncmp(text, "BagIt-Version: ", 15) != 0 ||
        !strstr(text, "Tag-File-Character-Encoding: UTF-8"))
        AS_TRY(as_find_fault(c->to, "bagit.txt does not declare a version and UTF-8"));
    if (as_files_find(&c->f, "fetch.txt"))
        AS_TRY(as_find_fault(c->to, "fetch.txt: parts of the bag lie elsewhere"));
    return AS_OK;
}

/* Declaration, manifests both ways (all listed files there, all files of data/ listed), every
 * checksum, Payload-Oxum, no fetch.txt. */
static as_status check_bag(as_session *s, as_files *f, as_bag *b, as_findings *to)
{
    check c = { .s = s, .to = to };
    uint64_t bytes = 0;
    AS_TRY(as_files_below(s, f, b->top, &c.f));
    c.listed = AS_NEW_N(s->arena, bool, c.f.n + 1);
    if (!c.listed) return AS_ERR;
    AS_TRY(check_declaration(&c));
    as_file *manifest = (as_file *)(uintptr_t)as_files_find(&c.f, "manifest-sha256.txt");
    as_file *tags = (as_file *)(uintptr_t)as_files_find(&c.f, "tagmanifest-sha256.txt");
    if (!manifest)
        return as_find_fault(to, "there is no manifest-sha256.txt: only SHA-256 is checked");
    AS_TRY(check_manifest(&c, "manifest-sha256.txt", manifest));
    AS_TRY(check_listed(&c, &b->payload, &bytes));
    AS_TRY(check_oxum(&c, b->payload, bytes));
    return tags ? check_manifest(&c, "tagmanifest-sha256.txt", tags) : AS_OK;
}

as_status as_bag_verify(as_session *s, as_files *f, as_verdict_of_bag *out)
{
    as_files crate;
    *out = (as_verdict_of_bag){ .findings = { .s = s } };
    if (!as_bag_find(s, f, &out->bag))
        return as_find_fault(&out->findings, "it is no bag: bagit.txt is missing");
    AS_TRY(check_bag(s, f, &out->bag, &out->findings));
    const char *data = as_format(s->arena, "%sdata/", out->bag.top);
    if (!data) return AS_ERR;
    AS_TRY(as_files_below(s, f, data, &crate));
    return as_crate_check(s, &crate, &out->findings, &out->actions);
}

/* --- making ---------------------------------------------------------------------------------- */

static char *encoded(as_arena *a, const char *path)
{
    char *out = as_alloc(a, 3 * strlen(path) + 1, 1), *to = out;
    for (const char *c = path; out && *c; c++) {
        const char *code = *c == '\n' ? "%0A" : *c == '\r' ? "%0D" : *c == '%' ? "%25" : NULL;
        if (code) {
            memcpy(to, code, 3);
            to += 3;
        } else {
            *to++ = *c;
        }
    }
    return out;
}

static as_status manifest_of(as_session *s, size_t n, as_file *files, const char *prefix,
                             char **text, size_t *size)
{
    FILE *to = open_memstream(text, size);
    if (!to) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a manifest");
    as_status status = AS_OK;
    for (size_t i = 0; i < n && status == AS_OK; i++) {
        char hex[AS_SHA256_TEXT];
        const char *path = encoded(s->arena, files[i].name);
        status = path ? as_file_load(s, &files[i]) : AS_ERR;
        if (status != AS_OK) break;
        as_sha256_of(files[i].data, files[i].size, hex);
        fprintf(to, "%s  %s%s\n", hex, prefix, path);
    }
    if (fclose(to) != 0 && status == AS_OK)
        status = as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a manifest");
    return status;
}

static as_status keep_text(as_session *s, char *text, size_t size, const char *name, as_file *out)
{
    char *copy = as_strndup(s->arena, text ? text : "", size);
    free(text);
    *out = (as_file){ .name = name, .data = (unsigned char *)copy, .size = size };
    return copy ? AS_OK : AS_ERR;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const as_file *)a)->name, ((const as_file *)b)->name);
}

/* bag-info.txt, bagit.txt, manifest-sha256.txt: the tag files, in order. */
static as_status make_tags(as_session *s, as_files *payload, const char *info, as_file tags[4])
{
    char *text = NULL;
    size_t size = 0;
    uint64_t bytes = 0;
    AS_TRY(manifest_of(s, payload->n, payload->file, "data/", &text, &size));
    AS_TRY(keep_text(s, text, size, "manifest-sha256.txt", &tags[2]));
    for (size_t i = 0; i < payload->n; i++) bytes += payload->file[i].size;
    char *lines = as_format(s->arena, "%sPayload-Oxum: %" PRIu64 ".%zu\n", info, bytes, payload->n);
    if (!lines) return AS_ERR;
    tags[0] =
        (as_file){ .name = "bag-info.txt", .data = (unsigned char *)lines, .size = strlen(lines) };
    tags[1] = (as_file){ .name = "bagit.txt",
                         .data = (const unsigned char *)declaration,
                         .size = sizeof declaration - 1 };
    text = NULL;
    AS_TRY(manifest_of(s, 3, tags, "", &text, &size));
    return keep_text(s, text, size, "tagmanifest-sha256.txt", &tags[3]);
}

as_status as_bag_make(as_session *s, as_files *payload, const char *top, const char *info,
                      as_files *out)
{
    as_file tags[4];
    AS_TRY(make_tags(s, payload, info, tags));
    *out = (as_files){ .name = top, .archive = true };
    out->file = AS_NEW_N(s->arena, as_file, payload->n + 4);
    if (!out->file) return AS_ERR;
    for (size_t i = 0; i < 4; i++) {
        out->file[out->n] = tags[i];
        out->file[out->n].name = as_format(s->arena, "%s%s", top, tags[i].name);
        if (!out->file[out->n++].name) return AS_ERR;
    }
    for (size_t i = 0; i < payload->n; i++) {
        out->file[out->n] = payload->file[i];
        out->file[out->n].name = as_format(s->arena, "%sdata/%s", top, payload->file[i].name);
        if (!out->file[out->n++].name) return AS_ERR;
    }
    qsort(out->file, out->n, sizeof *out->file, by_name);
    return AS_OK;
}
