/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A first recipe for files: what `assay init` proposes. Between verb_init.c and init_*.c.
 *
 * Nothing is proposed that has not been tried on these very files: proposals of a family are run
 * in their order, quietly, and the first that makes its figure and table stands.
 */
#ifndef AS_CMD_INIT_H
#define AS_CMD_INIT_H

#include "recipe_run.h"

typedef struct as_proposal {
    const char *step;   /* NULL: none */
    const char *figure;
    size_t most;        /* series that the figure is for; 0: any number */
    const char *propose; /* background of a model to be proposed from the peaks that `step` finds, and
                            fitted in place of these; NULL: none */
} as_proposal;

enum { AS_PROPOSALS_MAX = 6 };

typedef struct as_family { /* files that are treated alike */
    const char *technique, *column; /* column: one that all of them have; NULL: any */
    const char *name;               /* of the figure and the table */
    as_proposal proposal[AS_PROPOSALS_MAX]; /* the best first; ends with {0} */
} as_family;

/* The family of a table; there is one for each. */
const as_family *as_family_of(const as_table *t);

typedef struct as_starter { /* one file */
    const char *key;   /* name of the input */
    const char *file;  /* as it stands in the recipe */
    const char *label; /* NULL: of a file with several series */
    const as_family *family;
} as_starter;

typedef struct as_chapter { /* files of one family, what is made of them */
    size_t n;
    const as_starter *file;
    const as_proposal *proposal;
    const char *name;  /* of figure and table; unique in the recipe */
    const char *claim; /* YAML of the list entry; NULL: none */
    const char *note;  /* what the usual step lacked; NULL: nothing */
} as_chapter;

/* A text as YAML: in single quotes where it holds double ones and nothing that these would have to
 * escape, else in double quotes. */
void as_init_quoted(FILE *to, const char *text);

/* The text of a recipe with these chapters, as YAML. NULL without memory. */
const char *as_init_text(as_arena *a, const char *title, size_t n, const as_chapter *chapters);

/* Choose the proposal and, where a result allows one, a claim. *works is false when none of the
 * family's proposals runs on these files together. `at` is where the recipe will stand. */
as_status as_init_choose(as_session *s, const char *at, as_chapter *c, bool *works) AS_NODISCARD;

#endif
