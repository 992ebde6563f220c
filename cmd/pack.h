/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes made into an archive: what they read, what they made, and how. Between the pack_*.c
 * files and verb_pack.c; replay reads what is written here.
 *
 * The payload: the recipes and all they read at their places below the nearest folder they share,
 * results/SLUG/ with the outputs and pipeline.txt, and at the top ro-crate-metadata.json,
 * CITATION.cff, .zenodo.json, datacite.json and assay.json, which says how to run it again.
 */
#ifndef AS_CMD_PACK_H
#define AS_CMD_PACK_H

#include "about.h"
#include "files.h"
#include "recipe_run.h"
#include "source_data.h"

typedef struct as_packed_recipe {
    const char *path; /* as given */
    const char *name; /* in the archive: recipes/fig2b.yaml */
    as_recipe recipe; /* read from `path` */
} as_packed_recipe;

typedef struct as_packing {
    as_session *s;
    as_variables set; /* parameters */
    const char *book, *map;     /* workbook in the place of the recipes' own inputs, and its map; NULL: none */
    const as_source_data *data; /* both, read */
    size_t n;
    as_packed_recipe *r;
    const char *root;            /* the folder whose name every read file loses; ends in '/' */
    const char *made;            /* folder of the outputs, ends in '/' */
    as_files payload;            /* sorted when all is there */
    size_t n_read, n_made; /* files read, files made */
    size_t n_paths;
    const char **paths; /* absolute, of all that was read */
    bool no_memory;     /* while a path was noted */
    as_tally tally;
} as_packing;

/* Runs the recipes and gathers all files, of a folder with a workbook those that its map knows;
 * `also`: further ones. Recipes that are skipped for want
 * of a file, files of absolute names and of names that the archive needs itself are refused. */
as_status as_pack_gather(as_packing *p, size_t n, const as_word *files,
                         const as_texts *also) AS_NODISCARD;
/* Pipelines, assay.json, the records of `about` and the crate. */
as_status as_pack_describe(as_packing *p, const as_about *about) AS_NODISCARD;

/* The name in the archive of a path as a recipe opens it; NULL: it is not in it. */
const char *as_pack_name(as_packing *p, const char *path);

/* crate_write.c */
as_status as_crate_write(as_packing *p, const as_about *about, const char **text) AS_NODISCARD;

#endif
