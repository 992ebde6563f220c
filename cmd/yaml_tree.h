/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML document as a tree whose every node knows its line and column, read by libyaml.
 * What a mapping may hold is a table of keys: from it come the messages about unknown,
 * missing, repeated and wrong ones, and the JSON schema of recipes.
 */
#ifndef AS_CMD_YAML_TREE_H
#define AS_CMD_YAML_TREE_H

#include "input.h"
#include "text.h"

typedef struct as_tree as_tree;
typedef int as_node; /* 0: absent */

typedef enum {                 /* what may stand behind a key; or them */
               AS_N_TEXT = 1,  /* a scalar, not empty */
               AS_N_LIST = 2,  /* of anything */
               AS_N_TEXTS = 4, /* a list of scalars */
               AS_N_MAP = 8
} as_node_kind;

typedef struct as_key {
    const char *name;
    int kinds;
    bool required;
    const char *help;    /* one phrase, no full stop */
    const char *choices; /* of a text, or of each in a list: "svg|pdf|png"; NULL: any */
} as_key;

/* The one document of `in`, in `a`. What people write for us is their request: all that is
 * wrong with it is AS_E_USAGE, with the position. */
as_status as_tree_load(as_ctx *ctx, as_arena *a, const as_input *in, as_tree **out) AS_NODISCARD;
as_node as_tree_root(const as_tree *t);

as_node_kind as_node_is(const as_tree *t, as_node n); /* AS_N_TEXT, AS_N_LIST or AS_N_MAP */
as_where as_node_where(const as_tree *t, as_node n);
size_t as_node_count(const as_tree *t, as_node n);           /* items of a list, pairs of a map */
as_node as_node_item(const as_tree *t, as_node n, size_t i); /* of a list; value of a map */
as_node as_node_key(const as_tree *t, as_node n, size_t i);
const char *as_node_text(const as_tree *t, as_node n); /* "" unless a scalar */
/* The scalar with the place of each byte; `s` lies in the tree. */
as_status as_node_source(const as_tree *t, as_node n, as_text *out) AS_NODISCARD;

/* The values of a mapping, values[i] for keys[i] and 0 where absent. `what` names the mapping in
 * messages: "input", "recipe". */
as_status as_node_map(const as_tree *t, as_node n, const char *what, size_t n_keys,
                      const as_key *keys, as_node *values) AS_NODISCARD;
/* The mapping's keys are free names: letters, digits, _ and -, beginning with a letter. */
as_status as_node_names(const as_tree *t, as_node n, const char *what) AS_NODISCARD;
as_status as_node_expect(const as_tree *t, as_node n, const char *what, int kinds) AS_NODISCARD;

as_status as_node_fail(const as_tree *t, as_node n, const char *fmt, ...)
    AS_PRINTF(3, 4) AS_NODISCARD;

#endif
