/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From bytes to tables: which format a file has, and reading it whole. What `read`,
 * `identify`, `check` and every parameter that names a table are made of.
 */
#ifndef AS_PARSERS_DETECT_H
#define AS_PARSERS_DETECT_H

#include "parser.h"

/* What one probe said. score = content + AS_PROBE_SUFFIX when the suffix fits;
 * 0 when the content was refused, whatever the suffix. */
typedef struct as_score {
    const as_parser *parser;
    int score, content;
    const char *suffix;   /* the one that fits, without dot; NULL: none does */
    const char *evidence; /* "magic bytes or structure, suffix .raw" */
} as_score;

/* Every parser's answer, best first, n = number of parsers, in scratch. Only memory can fail. */
as_status as_identify(as_ctx *ctx, const as_input *in, as_score **out, size_t *n) AS_NODISCARD;

/* The parser for this file. `format` NULL: the best score wins; a tie is AS_E_FORMAT naming the
 * formats, nobody sure of the content is AS_E_FORMAT, naming what the file is when it is one of
 * the kinds that are known but not read (PDF, HDF5, Origin ...). A format given by name is taken
 * without a probe (AS_E_USAGE with the near miss when there is none of that name).
 * `found` may be NULL. */
as_status as_detect(as_ctx *ctx, const as_input *in, const char *format, const as_parser **out,
                    as_score *found) AS_NODISCARD;
/* A zip or tar that no parser claims, whose members are read one by one. */
bool as_is_bundle(as_ctx *ctx, const as_input *in);

typedef struct as_read_options {
    const char *format;      /* NULL: detected */
    const char *part;        /* NULL: the main data; "all"; a number of --list; a part's name */
    size_t n_words;
    const as_word *words;    /* options of the parser itself: --sheet 2 */
    const as_loader *loader; /* NULL: its options name no files */
    uint32_t first;          /* number of the first series */
    size_t hold;             /* bytes of tables that as_read_input keeps at most; 0: 64 MB */
} as_read_options;

/* Tables in the file's order; they belong to ctx until emitted or the frame is left. */
typedef struct as_collection {
    size_t n;
    as_table **t;
} as_collection;

/* The settings of format `p` from the words of --option, in scratch memory. AS_E_USAGE, with what the format
 * has, for an option that it has not. */
as_status as_format_settings(as_ctx *ctx, const as_input *in, const as_parser *p,
                             const as_read_options *how, const void **out) AS_NODISCARD;

/* Parse the whole file: main data and secondary parts. Each table gets name (stem of the file;
 * stem.0, stem.1 ... when several are main), number, technique, the metadata source.name,
 * source.sha256 and source.format, and the step `read` of its history. Members of a bundle are
 * read one by one; those that nobody recognises are warned of, unless none is recognised.
 * A file without any table is AS_E_MISSING. */
as_status as_read_all(as_ctx *ctx, const as_input *in, const as_read_options *how,
                      as_collection *out) AS_NODISCARD;

/* The same of a file that is no bundle, but every table is emitted as the parser gives it, so that one
 * at a time is kept: main and secondary ones, also of a file that turns out bad behind them. They have
 * neither name nor number: how many there will be is not known. *file has the warnings about the file
 * as a whole; it is of ctx. */
as_status as_read_each(as_ctx *ctx, const as_input *in, const as_read_options *how, as_sink *to,
                       as_table **file) AS_NODISCARD;

/* What a part is called in lists and by --part: metadata `part`, else `region`, else the label,
 * else the name. */
const char *as_part_name(const as_table *t);

/* The tables that `part` asks for are emitted: nothing leaves before the file is parsed. Of a map or
 * another file of many tables, beyond `hold`, the first pass keeps none; a second emits each as it
 * is parsed. */
as_status as_read_input(as_ctx *ctx, const as_input *in, const as_read_options *how,
                        as_sink *out) AS_NODISCARD;

#endif
