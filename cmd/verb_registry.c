/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every verb, from verbs.def. */
#include <string.h>

#include "verb.h"

#define AS_VERB_IN(file, name) extern const as_verb as_verb_##name;
#define AS_VERB(name) AS_VERB_IN(verb_##name, name)
#include "verbs.def"
#undef AS_VERB_IN

const as_verb *const as_verbs[] = {
#define AS_VERB_IN(file, name) &as_verb_##name,
#include "verbs.def"
    NULL
};

const as_verb *as_verb_find(const char *name)
{
    for (size_t i = 0; as_verbs[i]; i++)
        if (strcmp(as_verbs[i]->name, name) == 0) return as_verbs[i];
    return NULL;
}
