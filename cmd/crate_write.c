/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ro-crate-metadata.json: RO-Crate 1.1, and Process Run Crate 0.5 with one CreateAction for each
 * step, figure, table and set of claims of each recipe. No times are stated: none are known that
 * would be the same tomorrow.
 */
#include <string.h>

#include "hash.h"
#include "pack.h"

#define PROCESS "https://w3id.org/ro/wfrun/process/0.5"

typedef struct job {
    as_packing *p;
    const as_about *about;
    json_t *graph, *parts, *mentions, *authors;
    size_t recipe; /* the one that is being described */
} job;

static json_t *reference(const char *id)
{
    return json_pack("{s:s}", "@id", id);
}

static void put(json_t *object, const char *key, const char *value)
{
    if (value) (void)json_object_set_new(object, key, json_string(value));
}

static void add(job *j, json_t *entity)
{
    (void)json_array_append_new(j->graph, entity);
}

/* A name as a URI reference (RFC 3986): what is not unreserved is encoded, but '/'. */
static const char *uri_of(as_arena *a, const char *name)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = as_alloc(a, 3 * strlen(name) + 1, 1), *to = out;
    for (const unsigned char *c = (const unsigned char *)name; out && *c; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                           (*c >= '0' && *c <= '9') || strchr("-._~/", *c);
        if (plain) {
            *to++ = (char)*c;
        } else {
            *to++ = '%';
            *to++ = hex[*c >> 4];
            *to++ = hex[*c & 15];
        }
    }
    return out;
}

/* --- files ----------------------------------------------------------------------------------- */

static const char *media_type(const char *name)
{
    static const char *const known[][2] = {
        { "svg", "image/svg+xml" },
        { "png", "image/png" },
        { "pdf", "application/pdf" },
        { "csv", "text/csv" },
        { "ecsv", "text/csv" },
        { "tsv", "text/tab-separated-values" },
        { "json", "application/json" },
        { "yaml", "application/yaml" },
        { "txt", "text/plain" },
        { "md", "text/markdown" },
        { "xml", "application/xml" },
        { "xrdml", "application/xml" },
        { "cif", "chemical/x-cif" },
        { "aif", "text/plain" },
        { "cff", "application/yaml" },
        { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    };
    char suffix[16];
    as_suffix(name, suffix);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], suffix) == 0) return known[i][1];
    return "application/octet-stream";
}

static bool is_recipe(const job *j, const char *name)
{
    for (size_t i = 0; i < j->p->n; i++)
        if (strcmp(j->p->r[i].name, name) == 0) return true;
    return false;
}

static as_status add_file(job *j, const as_file *f)
{
    as_session *s = j->p->s;
    char hex[AS_SHA256_TEXT], size[24];
    const char *id = uri_of(s->arena, f->name);
    const char *licence = as_licence_of(j->about, f->name);
    if (!id) return AS_ERR;
    as_sha256_of(f->data, f->size, hex);
    (void)snprintf(size, sizeof size, "%zu", f->size);
    json_t *e = json_pack("{s:s}", "@id", id);
    (void)json_object_set_new(e, "@type",
                              is_recipe(j, f->name)
                                  ? json_pack("[ss]", "File", "SoftwareSourceCode")
                                  : json_string("File"));
    put(e, "name", as_base_name(f->name));
    put(e, "encodingFormat", media_type(f->name));
    put(e, "contentSize", size);
    put(e, "sha256", hex);
    const char *url = as_licence_url(s, licence);
    if (!url) return AS_ERR;
    (void)json_object_set_new(e, "license", reference(url));
    add(j, e);
    (void)json_array_append_new(j->parts, reference(id));
    return AS_OK;
}

static as_status add_files(job *j)
{
    for (size_t i = 0; i < j->p->payload.n; i++) AS_TRY(add_file(j, &j->p->payload.file[i]));
    return AS_OK;
}

/* --- people and licences --------------------------------------------------------------------- */

static as_status add_creators(job *j)
{
    as_session *s = j->p->s;
    for (size_t i = 0; i < j->about->n_creators; i++) {
        const as_creator *c = &j->about->creator[i];
        const char *id = c->orcid ? as_format(s->arena, "https://orcid.org/%s", c->orcid)
                                  : as_format(s->arena, "#creator-%zu", i + 1);
        if (!id) return AS_ERR;
        json_t *e =
            json_pack("{s:s, s:s}", "@id", id, "@type", c->family ? "Person" : "Organization");
        put(e, "name", c->family ? as_format(s->arena, "%s %s", c->given, c->family) : c->name);
        put(e, "givenName", c->given);
        put(e, "familyName", c->family);
        if (c->affiliation) {
            const char *at = as_format(s->arena, "#affiliation-%zu", i + 1);
            if (!at) return AS_ERR;
            (void)json_object_set_new(e, "affiliation", reference(at));
            add(j, json_pack("{s:s, s:s, s:s}", "@id", at, "@type", "Organization", "name",
                             c->affiliation));
        }
        add(j, e);
        (void)json_array_append_new(j->authors, reference(id));
    }
    return AS_OK;
}

static as_status add_licence(job *j, const char *licence)
{
    const char *url = as_licence_url(j->p->s, licence);
    size_t i;
    const json_t *e;
    if (!url) return AS_ERR;
    json_array_foreach(j->graph, i, e) if (strcmp(json_string_value(json_object_get(e, "@id")),
                                                  url) == 0) return AS_OK;
    add(j, json_pack("{s:s, s:s, s:s}", "@id", url, "@type", "CreativeWork", "name", licence));
    return AS_OK;
}

/* --- runs ------------------------------------------------------------------------------------ */

static const char *yield_id(const job *j, const char *name)
{
    const char *slug = uri_of(j->p->s->arena, j->p->r[j->recipe].recipe.slug);
    return slug ? as_format(j->p->s->arena, "#%s/%s", slug, name) : NULL;
}

/* What `name` stands for: the files of an input, or the tables of a step. */
static as_status add_source(job *j, const char *name, json_t *objects)
{
    as_packing *p = j->p;
    const as_recipe *r = &p->r[j->recipe].recipe;
    for (size_t i = 0; i < r->n_inputs; i++) {
        size_t n;
        as_word *files;
        if (strcmp(r->input[i].name, name) != 0) continue;
        AS_TRY(as_recipe_files(p->s->ctx, p->s->arena, &r->input[i], &n, &files));
        for (size_t k = 0; k < n; k++) {
            const char *at = as_pack_name(p, files[k].text);
            const char *id = at ? uri_of(p->s->arena, at) : NULL;
            if (id) (void)json_array_append_new(objects, reference(id));
        }
        return AS_OK;
    }
    const char *id = yield_id(j, name);
    if (id) (void)json_array_append_new(objects, reference(id));
    return id ? AS_OK : AS_ERR;
}

static const char *command_line(as_session *s, const as_product *p)
{
    const char *text = "assay";
    for (size_t i = 0; i < p->n_stages && text; i++) {
        if (i) text = as_format(s->arena, "%s | assay", text);
        for (size_t w = 0; w < p->stage[i].n && text; w++)
            text = as_format(s->arena, "%s %s", text,
                             as_shell_word(s->arena, p->stage[i].word[w].text));
    }
    return p->n_stages ? text : "tables as they are";
}

static as_status add_action(job *j, const char *kind, const char *name, const char *description,
                            json_t *objects, json_t *results)
{
    as_session *s = j->p->s;
    const char *slug = j->p->r[j->recipe].recipe.slug;
    const char *inner = as_format(s->arena, "run-%s%s%s", kind, *name ? "-" : "", name);
    const char *id = inner ? yield_id(j, inner) : NULL;
    const char *recipe = uri_of(s->arena, j->p->r[j->recipe].name);
    if (!id || !recipe) return AS_ERR;
    (void)json_array_append_new(objects, reference(recipe));
    json_t *e = json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "@id", id, "@type", "CreateAction",
                          "instrument", reference("#assay"), "description", description, "object",
                          objects, "result", results);
    put(e, "name", as_format(s->arena, "%s: %s%s%s", slug, kind, *name ? " " : "", name));
    (void)json_object_set_new(e, "actionStatus",
                              reference("http://schema.org/CompletedActionStatus"));
    (void)json_object_set(e, "agent", json_array_get(j->authors, 0));
    add(j, e);
    (void)json_array_append_new(j->mentions, reference(id));
    return AS_OK;
}

/* Files results/SLUG/NAME.suffix; those of a recipe made once for each file lie deeper. */
static as_status add_results(job *j, const char *name, json_t *results)
{
    as_packing *p = j->p;
    const char *top = as_format(p->s->arena, "results/%s/", p->r[j->recipe].recipe.slug);
    if (!top) return AS_ERR;
    for (size_t i = 0; i < p->payload.n; i++) {
        const char *path = p->payload.file[i].name, *base = as_base_name(path);
        const size_t n = strlen(name);
        if (strncmp(path, top, strlen(top)) != 0 || strncmp(base, name, n) != 0 || base[n] != '.')
            continue;
        const char *id = uri_of(p->s->arena, path);
        if (!id) return AS_ERR;
        (void)json_array_append_new(results, reference(id));
    }
    return AS_OK;
}

static as_status add_product(job *j, const char *kind, const as_product *product)
{
    as_session *s = j->p->s;
    json_t *objects = json_array(), *results = json_array();
    const char *command = command_line(s, product);
    if (!objects || !results || !command)
        return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a crate");
    for (size_t i = 0; i < product->n_from; i++)
        AS_TRY(add_source(j, product->from[i].name, objects));
    for (size_t i = 0; i < product->n_uses; i++)
        AS_TRY(add_source(j, product->uses[i].name, objects));
    if (strcmp(kind, "step") == 0) {
        const char *id = yield_id(j, product->name);
        if (!id) return AS_ERR;
        (void)json_array_append_new(results, reference(id));
        add(j, json_pack("{s:s, s:s, s:s, s:s}", "@id", id, "@type", "CreativeWork", "name",
                         product->name, "description",
                         "tables handed from step to step in memory; the recipe makes them again"));
    } else {
        AS_TRY(add_results(j, product->name, results));
    }
    return add_action(j, kind, product->name, command, objects, results);
}

/* Figures of the recipe on one page: made of the files of those figures. */
static as_status add_page(job *j, const as_recipe_page *page)
{
    json_t *objects = json_array(), *results = json_array();
    for (size_t i = 0; i < page->n_panels; i++)
        AS_TRY(add_results(j, page->panel[i].name, objects));
    AS_TRY(add_results(j, page->name, results));
    return add_action(j, "page", page->name, "assay panels", objects, results);
}

static as_status add_claims(job *j)
{
    static const char *const names[] = { "claims", "reported" };
    const as_recipe *r = &j->p->r[j->recipe].recipe;
    if (r->n_claims == 0) return AS_OK;
    json_t *objects = json_array(), *results = json_array();
    for (size_t i = 0; i < r->n_claims; i++)
        for (size_t k = 0; k < r->claim[i].n_from; k++) {
            const char *name = r->claim[i].from[k].name;
            bool known = false;
            for (size_t c = 0; c <= i && !known; c++)
                for (size_t f = 0; f < (c < i ? r->claim[c].n_from : k) && !known; f++)
                    known = strcmp(r->claim[c].from[f].name, name) == 0;
            if (!known) AS_TRY(add_source(j, name, objects));
        }
    for (size_t i = 0; i < 2; i++) AS_TRY(add_results(j, names[i], results));
    return add_action(j, "claims", "",
                      "assay run: each claim held against the results, with their uncertainties",
                      objects, results);
}

static as_status add_runs(job *j)
{
    const as_recipe *r = &j->p->r[j->recipe].recipe;
    for (size_t i = 0; i < r->n_steps; i++)
        if (r->step[i].wanted) AS_TRY(add_product(j, "step", &r->step[i]));
    for (size_t i = 0; i < r->n_figures; i++) AS_TRY(add_product(j, "figure", &r->figure[i]));
    for (size_t i = 0; i < r->n_pages; i++) AS_TRY(add_page(j, &r->page[i]));
    for (size_t i = 0; i < r->n_tables; i++) AS_TRY(add_product(j, "table", &r->table[i]));
    return add_claims(j);
}

/* --- the whole ------------------------------------------------------------------------------- */

static json_t *keywords(const as_about *a)
{
    json_t *words = json_array();
    for (size_t i = 0; i < a->n_keywords; i++)
        (void)json_array_append_new(words, json_string(a->keyword[i]));
    return words;
}

static as_status add_root(job *j)
{
    const as_about *a = j->about;
    as_session *s = j->p->s;
    const char *licence = as_licence_url(s, a->licence);
    if (!licence) return AS_ERR;
    json_t *e = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "@id", "./",
                          "@type", "Dataset", "name", a->title, "description", a->description,
                          "datePublished", a->date, "license", reference(licence), "conformsTo",
                          reference(PROCESS), "author", json_incref(j->authors), "hasPart",
                          json_incref(j->parts), "mentions", json_incref(j->mentions));
    put(e, "version", a->version);
    if (a->n_keywords) (void)json_object_set_new(e, "keywords", keywords(a));
    if (a->identifier)
        put(e, "identifier", as_format(s->arena, "https://doi.org/%s", a->identifier));
    if (a->publisher) {
        (void)json_object_set_new(e, "publisher", reference("#publisher"));
        add(j, json_pack("{s:s, s:s, s:s}", "@id", "#publisher", "@type", "Organization", "name",
                         a->publisher));
    }
    if (a->doi) {
        const char *url = as_format(s->arena, "https://doi.org/%s", a->doi);
        if (!url) return AS_ERR;
        (void)json_object_set_new(e, "citation", reference(url));
        add(j, json_pack("{s:s, s:s, s:s, s:s}", "@id", url, "@type", "ScholarlyArticle", "name",
                         a->doi, "identifier", url));
    }
    (void)json_array_insert_new(j->graph, 1, e);
    return AS_OK;
}

static as_status describe(job *j)
{
    as_packing *p = j->p;
    add(j, json_pack("{s:s, s:s, s:{s:s}, s:{s:s}}", "@id", "ro-crate-metadata.json", "@type",
                     "CreativeWork", "conformsTo", "@id", "https://w3id.org/ro/crate/1.1", "about",
                     "@id", "./"));
    AS_TRY(add_files(j));
    AS_TRY(add_creators(j));
    add(j, json_pack("{s:s, s:s, s:s, s:s, s:s}", "@id", "#assay", "@type", "SoftwareApplication",
                     "name", "assay", "version", ASSAY_VERSION, "description",
                     "Unix filters for materials characterization"));
    add(j, json_pack("{s:s, s:s, s:s, s:s}", "@id", PROCESS, "@type", "CreativeWork", "name",
                     "Process Run Crate", "version", "0.5"));
    for (j->recipe = 0; j->recipe < p->n; j->recipe++) AS_TRY(add_runs(j));
    AS_TRY(add_root(j));
    AS_TRY(add_licence(j, j->about->licence));
    for (size_t i = 0; i < j->about->n_licences; i++)
        AS_TRY(add_licence(j, j->about->files_licence[i].licence));
    return AS_OK;
}

as_status as_crate_write(as_packing *p, const as_about *about, const char **text)
{
    job j = { .p = p,
              .about = about,
              .graph = json_array(),
              .parts = json_array(),
              .mentions = json_array(),
              .authors = json_array() };
    const as_status status = describe(&j);
    json_t *whole = status == AS_OK
                        ? json_pack("{s:s, s:O}", "@context",
                                    "https://w3id.org/ro/crate/1.1/context", "@graph", j.graph)
                        : NULL;
    json_decref(j.graph);
    json_decref(j.parts);
    json_decref(j.mentions);
    json_decref(j.authors);
    return status == AS_OK ? as_json_text_of(p->s, whole, text) : AS_ERR;
}
