/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of RO-Crate 1.1 (researchobject.org/ro-crate/1.1) and of Process Run Crate 0.5
 * (workflowhub, profiles/process) that a program can check without the network.
 */
#include <inttypes.h>
#include <string.h>

#include "bag.h"
#include "hash.h"
#include "record.h"

typedef struct crate {
    as_session *s;
    as_files *f;
    as_findings *to;
    const json_t *graph, *root;
    json_t *by_id; /* id: entity, borrowed */
} crate;

static const char *id_of(const json_t *entity)
{
    return as_json_get(entity, "@id", "");
}

/* @type may be a text or a list. */
static bool is_a(const json_t *entity, const char *type)
{
    size_t i;
    const json_t *item, *types = json_object_get(entity, "@type");
    if (json_is_string(types)) return strcmp(json_string_value(types), type) == 0;
    json_array_foreach(types, i, item) if (json_is_string(item) &&
                                           strcmp(json_string_value(item), type) == 0) return true;
    return false;
}

static as_status index_graph(crate *c)
{
    size_t i;
    const json_t *entity;
    json_array_foreach(c->graph, i, entity)
    {
        const char *id = id_of(entity);
        if (!*id || !json_object_get(entity, "@type")) {
            AS_TRY(as_find_fault(c->to, "entity %zu of the crate has no @id or no @type", i));
            continue;
        }
        if (json_object_get(c->by_id, id))
            AS_TRY(as_find_fault(c->to, "two entities of the crate have the @id '%s'", id));
        if (json_object_set(c->by_id, id, (json_t *)(uintptr_t)entity) != 0)
            return as_fail(c->s->ctx, AS_E_NOMEM, NULL, "no memory for a crate");
    }
    return AS_OK;
}

/* The descriptor (chapter "RO-Crate Metadata Document") and the root it is about. */
static as_status find_root(crate *c)
{
    const json_t *d = json_object_get(c->by_id, "ro-crate-metadata.json");
    if (!d)
        return as_find_fault(c->to, "the crate does not describe ro-crate-metadata.json itself");
    const char *profile = id_of(json_object_get(d, "conformsTo"));
    if (strncmp(profile, "https://w3id.org/ro/crate/1.", 28) != 0)
        AS_TRY(as_find_fault(
            c->to, "the crate's descriptor conforms to '%s', expected RO-Crate 1.x", profile));
    c->root = json_object_get(c->by_id, id_of(json_object_get(d, "about")));
    if (!c->root) return as_find_fault(c->to, "the crate's root is not among its entities");
    const char *id = id_of(c->root);
    if (!is_a(c->root, "Dataset") || id[strlen(id) - 1] != '/')
        AS_TRY(
            as_find_fault(c->to, "the crate's root '%s' is no Dataset whose @id ends in '/'", id));
    return AS_OK;
}

static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
    return true;
}

static as_status check_root(crate *c)
{
    static const char *const wanted[] = { "name", "description", "license", "datePublished" };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!json_object_get(c->root, wanted[i]))
            AS_TRY(as_find_fault(c->to, "the crate's root has no %s", wanted[i]));
    const char *date = as_json_get(c->root, "datePublished", NULL);
    if (date && !is_date(date))
        AS_TRY(as_find_fault(c->to, "datePublished '%s' is no date as 2022-03-15", date));
    return AS_OK;
}

/* --- references ------------------------------------------------------------------------------ */

static bool is_web(const char *id)
{
    return strstr(id, "://") != NULL || strncmp(id, "mailto:", 7) == 0;
}

static as_status check_reference(crate *c, const json_t *from, const char *key, const json_t *value)
{
    const char *id = as_json_get(value, "@id", NULL);
    if (!id || is_web(id) || json_object_get(c->by_id, id)) return AS_OK;
    return as_find_fault(c->to, "%s of '%s' is '%s', which the crate does not describe", key,
                         id_of(from), id);
}

static as_status check_references(crate *c, const json_t *entity)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)entity, key, value)
    {
        size_t i;
        const json_t *item;
        if (json_is_object(value)) AS_TRY(check_reference(c, entity, key, value));
        json_array_foreach(value, i, item) AS_TRY(check_reference(c, entity, key, item));
    }
    return AS_OK;
}

/* --- files ----------------------------------------------------------------------------------- */

/* %20 and the like in an @id, which is a URI reference. */
static char *path_of(as_arena *a, const char *id)
{
    char *out = as_strdup(a, id);
    size_t to = 0;
    if (strncmp(id, "./", 2) == 0) id += 2;
    for (const char *c = id; out && *c; c++) {
        unsigned value;
        if (*c == '%' && c[1] && c[2] && strspn(c + 1, "0123456789abcdefABCDEF") >= 2) {
            const char hex[3] = { c[1], c[2], '\0' };
            value = 0;
            for (size_t i = 0; i < 2; i++)
                value = value * 16 +
                        (unsigned)(hex[i] <= '9' ? hex[i] - '0' : (hex[i] | 32) - 'a' + 10);
            out[to++] = (char)value;
            c += 2;
        } else {
            out[to++] = *c;
        }
    }
    if (out) out[to] = '\0';
    return out;
}

static as_status check_data(crate *c, const json_t *entity)
{
    const char *path = path_of(c->s->arena, id_of(entity));
    if (!path) return AS_ERR;
    as_file *f = (as_file *)(uintptr_t)as_files_find(c->f, path);
    if (!f) return as_find_fault(c->to, "the crate describes '%s', which is not there", path);
    const char *size = as_json_get(entity, "contentSize", NULL),
               *sha = as_json_get(entity, "sha256", NULL);
    char text[AS_SHA256_TEXT];
    (void)snprintf(text, sizeof text, "%zu", f->size);
    if (size && strcmp(size, text) != 0)
        AS_TRY(
            as_find_fault(c->to, "the crate says '%s' has %s bytes, it has %s", path, size, text));
    if (!sha) return AS_OK;
    AS_TRY(as_file_load(c->s, f));
    as_sha256_of(f->data, f->size, text);
    if (strcmp(sha, text) == 0) return AS_OK;
    return as_find_fault(c->to, "the crate says '%s' has the SHA-256 %s, it has %s", path, sha,
                         text);
}

/* The @ids that a list of the root refers to, as the keys of an object. */
static as_status referred(crate *c, const char *key, json_t **out)
{
    size_t i;
    const json_t *item;
    *out = json_object();
    AS_TRY(as_json_keep(c->s, *out));
    json_array_foreach(json_object_get(c->root, key), i,
                       item) if (json_object_set_new(*out, id_of(item), json_true()) !=
                                 0) return as_fail(c->s->ctx, AS_E_NOMEM, NULL,
                                                   "no memory for a crate");
    return AS_OK;
}

static as_status check_files(crate *c)
{
    size_t i, files = 0;
    const json_t *entity;
    json_t *parts;
    AS_TRY(referred(c, "hasPart", &parts));
    json_array_foreach(c->graph, i, entity)
    {
        if (!is_a(entity, "File") || is_web(id_of(entity))) continue;
        files++;
        if (!json_object_get(parts, id_of(entity)))
            AS_TRY(as_find_fault(c->to, "'%s' is no part (hasPart) of the crate's root",
                                 id_of(entity)));
        AS_TRY(check_data(c, entity));
    }
    return files ? AS_OK : as_find_fault(c->to, "the crate describes no file");
}

/* --- runs (Process Run Crate) ---------------------------------------------------------------- */

static as_status check_action(crate *c, const json_t *mentioned, const json_t *action)
{
    const json_t *tool = json_object_get(c->by_id, id_of(json_object_get(action, "instrument")));
    if (!tool) return as_find_fault(c->to, "the run '%s' names no instrument", id_of(action));
    if (!is_a(tool, "SoftwareApplication") && !is_a(tool, "SoftwareSourceCode") &&
        !is_a(tool, "ComputationalWorkflow"))
        AS_TRY(as_find_fault(c->to, "the instrument of '%s' is no software", id_of(action)));
    if (json_object_get(mentioned, id_of(action))) return AS_OK;
    return as_find_fault(c->to, "the root does not mention the run '%s'", id_of(action));
}

static as_status check_graph(crate *c, size_t *actions)
{
    size_t i;
    const json_t *entity;
    json_t *mentioned;
    AS_TRY(index_graph(c));
    AS_TRY(find_root(c));
    if (!c->root) return AS_OK;
    AS_TRY(check_root(c));
    json_array_foreach(c->graph, i, entity) AS_TRY(check_references(c, entity));
    AS_TRY(check_files(c));
    AS_TRY(referred(c, "mentions", &mentioned));
    json_array_foreach(c->graph, i, entity)
    {
        if (!is_a(entity, "CreateAction")) continue;
        ++*actions;
        AS_TRY(check_action(c, mentioned, entity));
    }
    return AS_OK;
}

as_status as_crate_check(as_session *s, as_files *f, as_findings *to, size_t *actions)
{
    crate c = { .s = s, .f = f, .to = to };
    json_error_t why;
    *actions = 0;
    as_file *m = (as_file *)(uintptr_t)as_files_find(f, "ro-crate-metadata.json");
    if (!m) return as_find_fault(to, "it is no crate: data/ro-crate-metadata.json is missing");
    AS_TRY(as_file_load(s, m));
    json_t *all = json_loadb((const char *)m->data, m->size, JSON_REJECT_DUPLICATES, &why);
    if (!all)
        return as_find_fault(to, "ro-crate-metadata.json:%d:%d: no JSON: %s", why.line, why.column,
                             why.text);
    AS_TRY(as_json_keep(s, all));
    c.graph = json_object_get(all, "@graph");
    if (!json_is_array(c.graph) || !json_object_get(all, "@context"))
        return as_find_fault(to, "ro-crate-metadata.json has no @context or no @graph");
    c.by_id = json_object();
    AS_TRY(as_json_keep(s, c.by_id));
    return check_graph(&c, actions);
}
