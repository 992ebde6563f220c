/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metadata of an archive as others want it: DataCite metadata schema 4 in its JSON form,
 * Zenodo's deposit metadata, Citation File Format 1.2.0.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "about.h"
#include "json.h"

as_status as_json_text_of(as_session *s, json_t *j, const char **text)
{
    char *made = j ? json_dumps(j, JSON_INDENT(2)) : NULL;
    json_decref(j);
    *text = made ? as_format(s->arena, "%s\n", made) : NULL;
    free(made);
    if (!made) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a document");
    return *text ? AS_OK : AS_ERR;
}

/* Members that are NULL are left out. */
static void put(json_t *object, const char *key, const char *value)
{
    if (value) (void)json_object_set_new(object, key, json_string(value));
}

/* --- DataCite -------------------------------------------------------------------------------- */

static json_t *datacite_creator(const as_creator *c)
{
    json_t *j = json_pack("{s:s, s:s}", "name", c->name, "nameType",
                          c->family ? "Personal" : "Organizational");
    put(j, "givenName", c->given);
    put(j, "familyName", c->family);
    if (c->affiliation)
        (void)json_object_set_new(j, "affiliation", json_pack("[{s:s}]", "name", c->affiliation));
    if (c->orcid)
        (void)json_object_set_new(j, "nameIdentifiers",
                                  json_pack("[{s:s+, s:s, s:s}]", "nameIdentifier",
                                            "https://orcid.org/", c->orcid, "nameIdentifierScheme",
                                            "ORCID", "schemeUri", "https://orcid.org"));
    return j;
}

static json_t *rights(as_session *s, const char *licence)
{
    json_t *j =
        json_pack("{s:s, s:s?}", "rights", licence, "rightsUri", as_licence_url(s, licence));
    if (!strstr(licence, "://")) {
        put(j, "rightsIdentifier", licence);
        put(j, "rightsIdentifierScheme", "SPDX");
    }
    return j;
}

as_status as_about_datacite(as_session *s, const as_about *a, const char **text)
{
    json_t *creators = json_array(), *subjects = json_array();
    json_t *j = json_pack("{s:s}", "schemaVersion", "http://datacite.org/schema/kernel-4");
    put(j, "doi", a->identifier);
    for (size_t i = 0; i < a->n_creators; i++)
        (void)json_array_append_new(creators, datacite_creator(&a->creator[i]));
    (void)json_object_set_new(j, "creators", creators);
    (void)json_object_set_new(j, "titles", json_pack("[{s:s}]", "title", a->title));
    put(j, "publisher",
        a->publisher ? a->publisher : ":unav"); /* DataCite's word for "not known" */
    (void)json_object_set_new(j, "publicationYear", json_stringn(a->date, 4));
    for (size_t i = 0; i < a->n_keywords; i++)
        (void)json_array_append_new(subjects, json_pack("{s:s}", "subject", a->keyword[i]));
    if (a->n_keywords) (void)json_object_set(j, "subjects", subjects);
    json_decref(subjects);
    (void)json_object_set_new(j, "dates",
                              json_pack("[{s:s, s:s}]", "date", a->date, "dateType", "Issued"));
    (void)json_object_set_new(
        j, "types",
        json_pack("{s:s, s:s}", "resourceTypeGeneral", "Dataset", "resourceType", "Dataset"));
    if (a->doi)
        (void)json_object_set_new(j, "relatedIdentifiers",
                                  json_pack("[{s:s, s:s, s:s}]", "relatedIdentifier", a->doi,
                                            "relatedIdentifierType", "DOI", "relationType",
                                            a->relation));
    put(j, "version", a->version);
    (void)json_object_set_new(j, "rightsList", json_pack("[o]", rights(s, a->licence)));
    (void)json_object_set_new(
        j, "descriptions",
        json_pack("[{s:s, s:s}]", "description", a->description, "descriptionType", "Abstract"));
    return as_json_text_of(s, j, text);
}

/* --- Zenodo ---------------------------------------------------------------------------------- */

static const char *lower(as_session *s, const char *text, bool first_only)
{
    char *out = as_strdup(s->arena, text);
    for (char *c = out; c && *c && (!first_only || c == out); c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

as_status as_about_zenodo(as_session *s, const as_about *a, const char **text)
{
    json_t *creators = json_array(), *words = json_array(), *j = json_object();
    put(j, "title", a->title);
    put(j, "description", a->description);
    put(j, "upload_type", "dataset");
    put(j, "publication_date", a->date);
    for (size_t i = 0; i < a->n_creators; i++) {
        json_t *c = json_pack("{s:s}", "name", a->creator[i].name);
        put(c, "affiliation", a->creator[i].affiliation);
        put(c, "orcid", a->creator[i].orcid);
        (void)json_array_append_new(creators, c);
    }
    (void)json_object_set_new(j, "creators", creators);
    put(j, "license", strstr(a->licence, "://") ? NULL : lower(s, a->licence, false));
    put(j, "version", a->version);
    for (size_t i = 0; i < a->n_keywords; i++)
        (void)json_array_append_new(words, json_string(a->keyword[i]));
    if (a->n_keywords) (void)json_object_set(j, "keywords", words);
    json_decref(words);
    if (a->doi)
        (void)json_object_set_new(j, "related_identifiers",
                                  json_pack("[{s:s, s:s?}]", "identifier", a->doi, "relation",
                                            lower(s, a->relation, true)));
    return as_json_text_of(s, j, text);
}

/* --- CITATION.cff ---------------------------------------------------------------------------- */

/* A JSON text is a YAML text in double quotes. */
static void pair(FILE *to, const char *key, const char *value)
{
    if (!value) return;
    fprintf(to, "%s: ", key);
    as_json_text(to, value);
    fputc('\n', to);
}

static void citation(as_session *s, const as_about *a, FILE *to)
{
    fputs("cff-version: 1.2.0\n", to);
    pair(to, "message",
         "If you use these data, please cite them and the publication they belong to.");
    fputs("type: dataset\n", to);
    pair(to, "title", a->title);
    pair(to, "abstract", a->description);
    fputs("authors:\n", to);
    for (size_t i = 0; i < a->n_creators; i++) {
        const as_creator *c = &a->creator[i];
        pair(to, c->family ? "  - family-names" : "  - name", c->family ? c->family : c->name);
        pair(to, "    given-names", c->given);
        pair(to, "    affiliation", c->family ? c->affiliation : NULL);
        pair(to, "    orcid",
             c->orcid ? as_format(s->arena, "https://orcid.org/%s", c->orcid) : NULL);
    }
    pair(to, "date-released", a->date);
    pair(to, "version", a->version);
    pair(to, strstr(a->licence, "://") ? "license-url" : "license", a->licence);
    pair(to, "doi", a->identifier);
    if (a->n_keywords) fputs("keywords:\n", to);
    for (size_t i = 0; i < a->n_keywords; i++) {
        fputs("  - ", to);
        as_json_text(to, a->keyword[i]);
        fputc('\n', to);
    }
}

as_status as_about_citation(as_session *s, const as_about *a, const char **text)
{
    char *made = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&made, &size);
    if (!to) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a document");
    citation(s, a, to);
    const bool good = fclose(to) == 0;
    *text = good ? as_strndup(s->arena, made, size) : NULL;
    free(made);
    return *text ? AS_OK : AS_ERR;
}
