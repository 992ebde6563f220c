/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recipe from its file, with the parameters of the command line. */
#include <string.h>

#include "recipe_run.h"

as_status as_variables_of(as_session *s, const char *option, const as_texts *set, as_variables *out)
{
    as_variable *v = AS_NEW_N(s->arena, as_variable, set->n);
    if (!v) return AS_ERR;
    for (size_t i = 0; i < set->n; i++) {
        const char *equals = strchr(set->v[i], '=');
        if (!equals || equals == set->v[i])
            return as_fail(s->ctx, AS_E_USAGE, NULL, "--%s: '%s' is not NAME=VALUE", option,
                           set->v[i]);
        v[i].name = as_strndup(s->arena, set->v[i], (size_t)(equals - set->v[i]));
        v[i].value = equals + 1;
        if (!v[i].name) return AS_ERR;
    }
    *out = (as_variables){ set->n, v };
    return AS_OK;
}

as_status as_recipe_open(as_session *s, const as_word *file, const as_variables *set, as_recipe *r)
{
    const as_input *in;
    AS_TRY(as_input_open(s->ctx, file->text, &in));
    AS_TRY(as_recipe_read(s->ctx, s->arena, in, set, r));
    return as_recipe_check(s, r);
}
