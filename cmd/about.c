/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metadata of an archive, read and checked. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "about.h"
#include "number.h"

enum { DEEPEST = 8 };

/* --- flat keys ------------------------------------------------------------------------------- */

typedef struct flat {
    as_ctx *ctx;
    as_arena *a;
    const as_tree *tree;
    as_variable *v;
    size_t n;
} flat;

static as_status add(flat *f, const char *name, const char *value)
{
    as_variable *wider = as_grow(f->a, f->v, f->n, sizeof *wider);
    if (!wider) return AS_ERR;
    f->v = wider;
    f->v[f->n++] = (as_variable){ name, value };
    return AS_OK;
}

/* Depth is limited, so recursion is. */
static as_status flatten(flat *f, as_node n, const char *prefix, int depth)
{
    const bool map = as_node_is(f->tree, n) == AS_N_MAP;
    if (depth > DEEPEST) return as_node_fail(f->tree, n, "nested too deeply");
    for (size_t i = 0; i < as_node_count(f->tree, n); i++) {
        const as_node item = as_node_item(f->tree, n, i);
        const char *dot = *prefix ? "." : "";
        const char *key = map ? as_format(f->a, "%s%s%s", prefix, dot,
                                          as_node_text(f->tree, as_node_key(f->tree, n, i)))
                              : as_format(f->a, "%s%s%zu", prefix, dot, i);
        if (!key) return AS_ERR;
        if (as_node_is(f->tree, item) == AS_N_TEXT)
            AS_TRY(add(f, key, as_node_text(f->tree, item)));
        else
            AS_TRY(flatten(f, item, key, depth + 1));
    }
    return AS_OK;
}

as_status as_tree_flatten(as_ctx *ctx, as_arena *a, const as_tree *t, as_node n, as_variables *out)
{
    flat f = { .ctx = ctx, .a = a, .tree = t };
    AS_TRY(flatten(&f, n, "", 0));
    *out = (as_variables){ f.n, f.v };
    return AS_OK;
}

/* --- looking up ------------------------------------------------------------------------------ */

typedef struct source {
    as_session *s;
    const as_variables *from[2];
} source;

static const char *find_in(const as_variables *v, const char *key)
{
    for (size_t i = 0; v && i < v->n; i++)
        if (strcmp(v->v[i].name, key) == 0 && *v->v[i].value) return v->v[i].value;
    return NULL;
}

static const char *get(const source *from, const char *key)
{
    const char *found = find_in(from->from[0], key);
    return found ? found : find_in(from->from[1], key);
}

/* "creators.2.orcid"; the names are short, the longest is far from the end of `key`. */
static const char *get_item(const as_variables *v, const char *list, size_t i, const char *member)
{
    char key[128];
    (void)snprintf(key, sizeof key, "%s.%zu%s%s", list, i, *member ? "." : "", member);
    return find_in(v, key);
}

/* A list belongs to one of the two as a whole. */
static const as_variables *owner(const source *from, const char *list, const char *member)
{
    for (size_t i = 0; i < 2; i++)
        if (get_item(from->from[i], list, 0, member) || get_item(from->from[i], list, 0, ""))
            return from->from[i];
    return NULL;
}

/* --- checks ---------------------------------------------------------------------------------- */

/* ISO 7064 MOD 11-2 over 15 digits, the 16th being the check (X: 10). */
static bool is_orcid(const char *text)
{
    unsigned total = 0;
    if (strlen(text) != 19) return false;
    for (size_t i = 0; i < 19; i++) {
        const char c = text[i];
        if (i % 5 == 4) {
            if (c != '-') return false;
            continue;
        }
        if (i < 18 && (c < '0' || c > '9')) return false;
        if (i < 18) total = (total + (unsigned)(c - '0')) * 2;
    }
    const unsigned check = (12 - total % 11) % 11;
    return text[18] == (check == 10 ? 'X' : (char)('0' + check));
}

static bool is_date(const char *t)
{
    static const char form[] = "dddd-dd-dd";
    if (strlen(t) != sizeof form - 1) return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? t[i] < '0' || t[i] > '9' : t[i] != form[i]) return false;
    const int month = (t[5] - '0') * 10 + t[6] - '0', day = (t[8] - '0') * 10 + t[9] - '0';
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool is_doi(const char *text)
{
    const char *slash = strchr(text, '/');
    return strncmp(text, "10.", 3) == 0 && slash && slash > text + 3 && slash[1] &&
           strcspn(text, " \t\n\"<>") == strlen(text);
}

static as_status wrong(as_session *s, const char *key, const char *value, const char *expected)
{
    return as_fail(s->ctx, AS_E_USAGE, NULL, "about: %s '%s' is no %s", key, value, expected);
}

static as_status check(as_session *s, const as_about *a)
{
    static const char *const relations[] = { "References",    "IsSupplementTo", "IsSupplementedBy",
                                             "IsDerivedFrom", "IsReferencedBy", "Cites" };
    bool known = false;
    if (a->date && !is_date(a->date)) return wrong(s, "date", a->date, "date as 2022-03-15");
    if (a->doi && !is_doi(a->doi))
        return wrong(s, "doi", a->doi, "DOI as 10.1038/s41467-022-29118-6");
    if (a->identifier && !is_doi(a->identifier))
        return wrong(s, "identifier", a->identifier, "DOI");
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        known |= strcmp(relations[i], a->relation) == 0;
    if (!known)
        return wrong(s, "relation", a->relation,
                     "relation: References, IsSupplementTo, IsSupplementedBy, IsDerivedFrom, "
                     "IsReferencedBy or Cites");
    for (size_t i = 0; i < a->n_creators; i++)
        if (a->creator[i].orcid && !is_orcid(a->creator[i].orcid))
            return wrong(s, "orcid", a->creator[i].orcid,
                         "ORCID (0000-0002-1825-0097, with its check digit)");
    return AS_OK;
}

/* --- reading --------------------------------------------------------------------------------- */

/* "Family, Given", or {family, given}, or the name of a group. */
static as_status read_name(as_session *s, as_creator *c)
{
    if (c->family && c->given) {
        if (!c->name) c->name = as_format(s->arena, "%s, %s", c->family, c->given);
        return c->name ? AS_OK : AS_ERR;
    }
    c->family = c->given = NULL;
    const char *comma = c->name ? strstr(c->name, ", ") : NULL;
    if (!comma) return AS_OK;
    c->family = as_strndup(s->arena, c->name, (size_t)(comma - c->name));
    c->given = comma + 2;
    return c->family ? AS_OK : AS_ERR;
}

static as_status read_creators(as_session *s, const source *from, as_about *out)
{
    static const char list[] = "creators";
    const as_variables *v = owner(from, list, "name");
    if (!v) v = owner(from, list, "family");
    while (v &&
           (get_item(v, list, out->n_creators, "") || get_item(v, list, out->n_creators, "name") ||
            get_item(v, list, out->n_creators, "family")))
        out->n_creators++;
    out->creator = AS_NEW_N(s->arena, as_creator, out->n_creators + 1);
    if (!out->creator) return AS_ERR;
    for (size_t i = 0; i < out->n_creators; i++) {
        as_creator *c = &out->creator[i];
        const char *plain = get_item(v, list, i, "");
        *c = (as_creator){ .name = plain ? plain : get_item(v, list, i, "name"),
                           .given = get_item(v, list, i, "given"),
                           .family = get_item(v, list, i, "family"),
                           .orcid = get_item(v, list, i, "orcid"),
                           .affiliation = get_item(v, list, i, "affiliation") };
        if (c->orcid && strncmp(c->orcid, "https://orcid.org/", 18) == 0) c->orcid += 18;
        AS_TRY(read_name(s, c));
    }
    return AS_OK;
}

static as_status read_lists(as_session *s, const source *from, as_about *out)
{
    const as_variables *words = owner(from, "keywords", ""),
                       *files = owner(from, "licenses", "files");
    while (words && get_item(words, "keywords", out->n_keywords, "")) out->n_keywords++;
    while (files && get_item(files, "licenses", out->n_licences, "files")) out->n_licences++;
    out->keyword = AS_NEW_N(s->arena, const char *, out->n_keywords + 1);
    out->files_licence = AS_NEW_N(s->arena, as_licence, out->n_licences + 1);
    if (!out->keyword || !out->files_licence) return AS_ERR;
    for (size_t i = 0; i < out->n_keywords; i++)
        out->keyword[i] = get_item(words, "keywords", i, "");
    for (size_t i = 0; i < out->n_licences; i++) {
        out->files_licence[i] = (as_licence){ get_item(files, "licenses", i, "files"),
                                              get_item(files, "licenses", i, "license") };
        if (!out->files_licence[i].licence)
            return as_fail(s->ctx, AS_E_USAGE, NULL, "about: licenses: '%s' has no license",
                           out->files_licence[i].files);
    }
    return AS_OK;
}

/* All that is missing in one message, with what to write. */
static as_status check_complete(as_session *s, const as_about *a)
{
    const char *missing =
        as_format(s->arena, "%s%s%s%s", a->title ? "" : " title", a->n_creators ? "" : " creators",
                  a->licence ? "" : " license", a->date ? "" : " date");
    if (!missing) return AS_ERR;
    if (!*missing) return AS_OK;
    (void)!as_fail(s->ctx, AS_E_MISSING, NULL, "the metadata of the archive lack:%s", missing);
    return as_while(s->ctx, "hint: in the recipe, or in a file for --about: about: {creators: "
                            "[{name: 'Family, Given'}], license: CC-BY-4.0, date: 2022-03-15}");
}

as_status as_about_read(as_session *s, const as_variables *first, const as_variables *second,
                        const char *title, const char *date, as_about *out)
{
    const source from = { s, { first, second } };
    *out = (as_about){ .title = get(&from, "title"),
                       .description = get(&from, "description"),
                       .licence = get(&from, "license"),
                       .date = get(&from, "date"),
                       .publisher = get(&from, "publisher"),
                       .version = get(&from, "version"),
                       .identifier = get(&from, "identifier"),
                       .doi = get(&from, "doi"),
                       .relation = get(&from, "relation") };
    if (!out->title) out->title = title;
    if (!out->date) out->date = date;
    if (!out->relation) out->relation = "References";
    AS_TRY(read_creators(s, &from, out));
    AS_TRY(read_lists(s, &from, out));
    AS_TRY(check_complete(s, out));
    return check(s, out);
}

const char *as_licence_of(const as_about *a, const char *name)
{
    for (size_t i = 0; i < a->n_licences; i++)
        if (fnmatch(a->files_licence[i].files, name, 0) == 0) return a->files_licence[i].licence;
    return a->licence;
}

const char *as_licence_url(as_session *s, const char *licence)
{
    return strstr(licence, "://") ? licence
                                  : as_format(s->arena, "https://spdx.org/licenses/%s", licence);
}
