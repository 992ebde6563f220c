/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every parser of the suite, from parsers.def. */
#include <string.h>

#include "parser.h"

#define AS_PARSER_IN(file, name) extern const as_parser as_parser_##name;
#define AS_PARSER(name) AS_PARSER_IN(name, name)
#include "parsers.def"
#undef AS_PARSER_IN

const as_parser *const as_parsers[] = {
#define AS_PARSER_IN(file, name) &as_parser_##name,
#include "parsers.def"
    NULL
};

const as_parser *as_parser_find(const char *name)
{
    for (size_t i = 0; as_parsers[i]; i++)
        if (strcmp(as_parsers[i]->name, name) == 0) return as_parsers[i];
    return NULL;
}
