/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One instrument format = one file parsers/NAME.c that defines one as_parser
 * called as_parser_NAME, and one line in parsers/parsers.def.
 */
#ifndef AS_PARSERS_PARSER_H
#define AS_PARSERS_PARSER_H

#include "doc.h"
#include "input.h"
#include "param.h"
#include "sink.h"

/* How sure a probe may be. A probe sees the beginning only, allocates nothing,
 * and scores what it verified, not what it hopes. The highest score wins; a tie
 * is an error that names both formats and asks for --format. */
enum {
    AS_PROBE_NO = 0,
    AS_PROBE_FALLBACK = 5,   /* any text with number columns */
    AS_PROBE_SUFFIX = 10,    /* the file name only; added by the framework */
    AS_PROBE_PLAUSIBLE = 40, /* looks alike, nothing distinctive */
    AS_PROBE_LIKELY = 70,    /* a distinctive keyword where it belongs */
    AS_PROBE_MAGIC = 90,     /* magic bytes, a root element/namespace, a container's members */
    AS_PROBE_VERIFIED = 100  /* magic, and a length, version or checksum that agrees */
};

enum { AS_PROBE_HEAD = 65536 };

typedef struct as_probe {
    const char *name;          /* lower-cased file name, no folders */
    const unsigned char *head; /* up to AS_PROBE_HEAD bytes as the parser will see them:
                                  decompressed, text in UTF-8, line ends of a lone \r as \n;
                                  followed by zeros. Of a
                                  workbook its strings: the member xl/sharedStrings.xml (.xlsx;
                                  without one the first sheet) or Workbook (.xls, BIFF8: texts as 8 or 16 bit) */
    size_t size;               /* of head */
    uint64_t file_size;
    bool is_text;
    const as_entry *member;    /* of a container (zip, tar, OLE2) */
    size_t n_members;
} as_probe;

typedef struct as_parse {
    as_ctx *ctx;
    const as_input *in;
    const void *settings;
    as_sink *out; /* as_emit each range, scan or spectrum as it is complete */
} as_parse;

typedef struct as_parser {
    const char *name;              /* bruker-raw, jcamp-dx */
    const char *title;             /* Bruker/Siemens DIFFRAC RAW, versions 1 to 4 */
    const char *const *suffixes;   /* "raw", ends with NULL */
    const char *const *techniques; /* "xrd", as in vocabulary.def; if only one, tables get it */
    const char *basis;             /* specification, vendor document, observed files */
    size_t settings_size;
    const as_param *params;
    int (*probe)(const as_probe *p);
    as_status (*parse)(as_parse *job);
    as_doc doc;                    /* description = the layout of the format, in our words */
} as_parser;

extern const as_parser *const as_parsers[]; /* from parsers.def, ends with NULL */
const as_parser *as_parser_find(const char *name); /* NULL: none */

#endif
