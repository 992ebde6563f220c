/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one foreign file, decompressed and unwrapped before any parser
 * sees them (gzip, BOM, UTF-16, code pages: a layer below formats), with
 * bounds-checked access and positions for messages.
 *
 * A zip whose members no format claims as a whole is read member by member.
 */
#ifndef AS_DATASETS_INPUT_H
#define AS_DATASETS_INPUT_H

#include <stdbool.h>

#include "arena.h"

typedef struct as_input {
    const char *name;          /* path as given; inside a container a.brml!RawData0.xml */
    const unsigned char *data; /* followed by AS_PAD zero bytes, so string probes cannot overrun */
    size_t size;
    bool is_text;              /* then data is UTF-8 without BOM; lines end as in the file, but
                                  with LF where all ended with a lone CR */
    bool lone_cr;              /* they did */
    const char *encoding;      /* what the bytes were before conversion to UTF-8: ASCII, UTF-8,
                                  UTF-16LE, UTF-16BE, windows-1252, Shift_JIS ...; NULL: binary */
    bool encoding_doubtful;    /* others would fit as well */
    uint32_t lines_before;     /* empty lines of the file before data, see as_skip_empty_lines */
    const unsigned char *raw;  /* decompressed, before conversion to UTF-8: what is hashed */
    size_t raw_size;
} as_input;

enum { AS_PAD = 64 };

/* The file at `path`, "-" for standard input (named "stdin"), wholly in memory. gzip, bzip2, xz
 * and zstd are unwrapped and their suffix leaves the name; text becomes UTF-8; zip, tar and OLE2
 * are listed. The input lives until the frame is left in which it was opened.
 * AS_E_IO, AS_E_LIMIT (a bomb: more than 64 MiB + 200 times the packed size, or the limit of
 * ctx), AS_E_TRUNCATED and AS_E_SYNTAX for what cannot be unwrapped. */
as_status as_input_open(as_ctx *ctx, const char *path, const as_input **out) AS_NODISCARD;
/* The same for bytes in memory, which are copied. */
as_status as_input_of_bytes(as_ctx *ctx, const char *name, const void *bytes, size_t size,
                            const as_input **out) AS_NODISCARD;

/* A text that begins with empty lines begins behind them from now on; lines in messages are counted
 * as before. False: it does not, and nothing changed. The other takes it back. For detection: most
 * formats begin in the first line, in some it may be empty. */
bool as_skip_empty_lines(const as_input *in);
void as_restore_empty_lines(const as_input *in);

/* From now on `opened` is told the path of every file of the system that `ctx` reads as an input,
 * companions (as_open_beside) included; NULL: nobody any more. For pack: what a recipe is made of. */
void as_watch_inputs(as_ctx *ctx, void (*opened)(void *user, const char *path), void *user);
/* The file at `path` is being read as an input by other means than as_input_open. */
void as_input_note(as_ctx *ctx, const char *path);

/* --- names ------------------------------------------------------------------ */
/* "b.XY" of "dir/a.zip!sub/b.XY": after the last '/' or '!'; points into `name`. */
const char *as_base_name(const char *name);
/* "b" of the same: without folders and the last suffix. NULL without memory. */
const char *as_stem(as_arena *a, const char *name) AS_NODISCARD;
/* "xy" in lower case (at most 15 letters), "" when there is none. */
void as_suffix(const char *name, char out[16]);

/* --- containers (zip, tar, OLE2) and companion files ----------------------- */
typedef struct as_entry {
    const char *name;
    uint64_t size; /* unpacked */
} as_entry;

size_t as_members(const as_input *in, const as_entry **out); /* 0 for a plain file */

/* `out` lives as long as `in`; opening the same one twice gives the same input. A member's name
 * is taken as listed, else without regard to case. AS_E_MISSING when there is none of that name.
 * Containers nest at most 4 deep. Beside: the same folder only (for a member: beside it in the
 * container), the name as given, else without regard to case; a name with a separator is AS_E_SYNTAX. */
as_status as_open_member(as_ctx *ctx, const as_input *in, const char *name,
                         const as_input **out) AS_NODISCARD;
as_status as_open_beside(as_ctx *ctx, const as_input *in, const char *name,
                         const as_input **out) AS_NODISCARD;

/* --- binary: every read is checked, endianness is in the name --------------- */
/* Past the end: AS_E_TRUNCATED naming file, offset and what was needed. */
#define AS_BINARY(name, type) \
    as_status as_##name(as_ctx *ctx, const as_input *in, uint64_t at, type *out) AS_NODISCARD
AS_BINARY(u8, uint8_t);
AS_BINARY(i8, int8_t);
AS_BINARY(u16le, uint16_t);
AS_BINARY(u16be, uint16_t);
AS_BINARY(i16le, int16_t);
AS_BINARY(i16be, int16_t);
AS_BINARY(u32le, uint32_t);
AS_BINARY(u32be, uint32_t);
AS_BINARY(i32le, int32_t);
AS_BINARY(i32be, int32_t);
AS_BINARY(u64le, uint64_t);
AS_BINARY(u64be, uint64_t);
AS_BINARY(i64le, int64_t);
AS_BINARY(i64be, int64_t);
AS_BINARY(f32le, float);
AS_BINARY(f32be, float);
AS_BINARY(f64le, double);
AS_BINARY(f64be, double);
#undef AS_BINARY

/* n items of `size` bytes from `at` lie inside the file: call before allocating. */
as_status as_need_bytes(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, size_t size,
                        const char *what) AS_NODISCARD;

typedef enum {
    AS_U8, AS_I8, AS_U16LE, AS_U16BE, AS_I16LE, AS_I16BE, AS_U32LE, AS_U32BE, AS_I32LE, AS_I32BE,
    AS_U64LE, AS_U64BE, AS_I64LE, AS_I64BE, AS_F32LE, AS_F32BE, AS_F64LE, AS_F64BE
} as_number_type;
size_t as_number_size(as_number_type type);
/* n numbers as doubles, the first at `at`, each `stride` bytes after the last (0: side by side).
 * Checked before anything is written; `what` names them in the message. */
as_status as_numbers_at(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, size_t stride,
                        as_number_type type, double *out, const char *what) AS_NODISCARD;

/* The text in n bytes at `at`, up to the first NUL, trimmed, converted to UTF-8, in scratch. */
as_status as_text_at(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n,
                     const char **out) AS_NODISCARD;
/* The position as a message wants it: `file` and offset. */
as_where as_at_byte(const as_input *in, uint64_t at);

/* --- text: lines with their positions -------------------------------------- */
typedef struct as_line {
    const char *text; /* NUL-terminated, without blanks before the line end; lives as long as the
                         input */
    size_t length;
    as_where where;   /* column 0: the line as a whole */
} as_line;

typedef struct as_lines { /* a plain value: copy it to look ahead */
    const as_input *in;
    size_t at;
    uint32_t number; /* of the line last read */
    char decimal;    /* 0 as '.' */
    char separator;  /* between numbers: 0 for blanks and tabs only; else this one character, blanks
                        around it ignored, nothing between two of them being NaN */
    bool brief;      /* a line lasts until the next: the text of a large file is not copied */
    char *line;      /* where it stands then, in scratch */
    size_t room;
} as_lines;

/* next: there may be one more. need: there must be one, else AS_E_TRUNCATED at
 * the end of the file or AS_E_SYNTAX in the line, with `expected` in the message.
 * Lines end with \n, \r\n or a lone \r. */
as_more as_next_line(as_ctx *ctx, as_lines *it, as_line *out) AS_NODISCARD;
as_status as_need_line(as_ctx *ctx, as_lines *it, as_line *out, const char *expected) AS_NODISCARD;

/* One number at *cursor, in the iterator's decimal convention, never locale. AS_DONE at the end
 * of the line; AS_FAILED (AS_E_SYNTAX at its column) for anything else than a number. */
as_more as_next_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                       double *out) AS_NODISCARD;
as_status as_need_number(as_ctx *ctx, const as_lines *it, const as_line *line, size_t *cursor,
                         double *out, const char *expected) AS_NODISCARD;
/* How many numbers the line consists of; 0 when it is empty or has anything else. Records no
 * error. The values of the first `room` go to `out` (NULL: none). */
size_t as_line_numbers(const as_lines *it, const as_line *line, size_t room, double *out);

/* "KEY = 'value'" cut at the first separator; both sides trimmed, quotes removed. Without a
 * separator the line is the key, the value is empty and `at` is the line's end. */
typedef struct as_pair {
    const char *key, *value; /* in scratch */
    size_t at;               /* where the value begins in the line */
} as_pair;
as_status as_split(as_ctx *ctx, const as_line *line, char separator, as_pair *out) AS_NODISCARD;

/* The line cut into fields, trimmed, in scratch. Separator 0: runs of blanks and tabs. A field in
 * double quotes may hold the separator, "" being one quote. An empty line has no fields; an
 * empty field behind the last separator is kept. */
typedef struct as_field {
    const char *text;
    size_t length;
    size_t at;   /* where it begins in the line */
    bool quoted;
} as_field;
as_status as_fields(as_ctx *ctx, const as_line *line, char separator, as_field **out,
                    size_t *n) AS_NODISCARD;

/* The place of `length` bytes at `at` of a line, for as_fail. */
as_where as_in_line(const as_line *line, size_t at, size_t length);

/* ASCII only, no locale. */
bool as_starts(const char *text, const char *prefix); /* without regard to case */
bool as_same(const char *a, const char *b);           /* likewise, the whole text */
const char *as_find_text(const char *text, const char *part); /* likewise; NULL: not in it */
const char *as_trim(as_arena *a, const char *text, size_t length) AS_NODISCARD; /* a copy */

#endif
