/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who made an archive, what it is called and what may be done with it: one block of metadata, in
 * a recipe's `about:` or in a file of its own, from which the crate, DataCite's record,
 * CITATION.cff and .zenodo.json are all written.
 */
#ifndef AS_CMD_ABOUT_H
#define AS_CMD_ABOUT_H

#include <jansson.h>

#include "session.h"
#include "words.h"
#include "yaml_tree.h"

typedef struct as_creator {
    const char *name;                /* "Family, Given", or the name of a group */
    const char *given, *family;      /* NULL for a group */
    const char *orcid, *affiliation; /* NULL: not stated; orcid: 0000-0002-1825-0097 */
} as_creator;

typedef struct as_licence {
    const char *files; /* pattern of names, as for fnmatch */
    const char *licence;
} as_licence;

typedef struct as_about {
    const char *title, *description, *licence, *date; /* date: 2022-03-15 */
    const char *publisher, *version, *identifier;     /* NULL; identifier: the archive's own DOI */
    const char *doi, *relation; /* of the publication it belongs to; DataCite's relationType */
    size_t n_creators, n_keywords, n_licences;
    as_creator *creator;
    const char **keyword;
    as_licence *files_licence;
} as_about;

/* {authors: [{name: A}]} as authors.0.name = A. At most 8 deep; AS_E_USAGE with the place. */
as_status as_tree_flatten(as_ctx *ctx, as_arena *a, const as_tree *t, as_node n,
                          as_variables *out) AS_NODISCARD;

/* From flat keys, those of `first` winning over those of `second`. Title, creators, licence and a
 * date must be there, else AS_E_MISSING names all that is not. `date` stands in for a missing date
 * (SOURCE_DATE_EPOCH's; NULL). ORCIDs, DOIs and dates are checked. In the session's arena. */
as_status as_about_read(as_session *s, const as_variables *first, const as_variables *second,
                        const char *title, const char *date, as_about *out) AS_NODISCARD;

/* The licence of a file: that of the first pattern it matches, else the archive's. */
const char *as_licence_of(const as_about *a, const char *name);
/* Its address: an SPDX name gets spdx.org's, an address stays. */
const char *as_licence_url(as_session *s, const char *licence);

/* The records, in the session's arena. */
as_status as_about_datacite(as_session *s, const as_about *a, const char **text) AS_NODISCARD;
as_status as_about_zenodo(as_session *s, const as_about *a, const char **text) AS_NODISCARD;
as_status as_about_citation(as_session *s, const as_about *a, const char **text) AS_NODISCARD;

/* `j`, which is consumed, indented and with a line end. */
as_status as_json_text_of(as_session *s, json_t *j, const char **text) AS_NODISCARD;

#endif
