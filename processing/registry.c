/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every op of the suite, from ops.def. */
#include <string.h>

#include "op.h"

#define AS_OP_IN(file, name) extern const as_op as_op_##name;
#define AS_OP(name) AS_OP_IN(name, name)
#include "ops.def"
#undef AS_OP_IN

const as_op *const as_ops[] = {
#define AS_OP_IN(file, name) &as_op_##name,
#include "ops.def"
    NULL
};

const as_op *as_op_find(const char *name)
{
    for (size_t i = 0; as_ops[i]; i++)
        if (strcmp(as_ops[i]->name, name) == 0) return as_ops[i];
    return NULL;
}
