/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and fixed texts out of binary data, every read checked against the bytes there are. */
#include <inttypes.h>
#include <string.h>

#include "encoding.h"
#include "input.h"

as_where as_at_byte(const as_input *in, uint64_t at)
{
    return (as_where){ .file = in->name, .offset = at };
}

as_status as_need_bytes(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, size_t size,
                        const char *what)
{
    const uint64_t left = at <= in->size ? in->size - at : 0;
    if (at <= in->size && (size == 0 || n <= left / size)) return AS_OK;
    const as_where where = as_at_byte(in, at);
    if (size <= 1 || n == 1)
        return as_fail(ctx, AS_E_TRUNCATED, &where,
                       "%" PRIu64 " bytes for %s expected, %" PRIu64 " left", n * size, what, left);
    return as_fail(ctx, AS_E_TRUNCATED, &where,
                   "%" PRIu64 " times %zu bytes for %s expected, %" PRIu64 " left", n, size, what,
                   left);
}

static uint64_t load_le(const unsigned char *p, size_t size)
{
    uint64_t v = 0;
    for (size_t i = size; i-- > 0;) v = v << 8 | p[i];
    return v;
}

static uint64_t load_be(const unsigned char *p, size_t size)
{
    uint64_t v = 0;
    for (size_t i = 0; i < size; i++) v = v << 8 | p[i];
    return v;
}

/* The pattern of bits as the type that has them. */
#define LOAD(name, type, bits, load)                                \
    static type load_##name(const unsigned char *p)                 \
    {                                                               \
        const bits b = (bits)load(p, sizeof(bits));                 \
        type v;                                                     \
        _Static_assert(sizeof v == sizeof b, "width of " #type);    \
        memcpy(&v, &b, sizeof v);                                   \
        return v;                                                   \
    }                                                               \
    as_status as_##name(as_ctx *ctx, const as_input *in, uint64_t at, type *out) \
    {                                                               \
        AS_TRY(as_need_bytes(ctx, in, at, 1, sizeof *out, #name));  \
        *out = load_##name(in->data + at);                          \
        return AS_OK;                                               \
    }
LOAD(u8, uint8_t, uint8_t, load_le)
LOAD(i8, int8_t, uint8_t, load_le)
LOAD(u16le, uint16_t, uint16_t, load_le)
LOAD(u16be, uint16_t, uint16_t, load_be)
LOAD(i16le, int16_t, uint16_t, load_le)
LOAD(i16be, int16_t, uint16_t, load_be)
LOAD(u32le, uint32_t, uint32_t, load_le)
LOAD(u32be, uint32_t, uint32_t, load_be)
LOAD(i32le, int32_t, uint32_t, load_le)
LOAD(i32be, int32_t, uint32_t, load_be)
LOAD(u64le, uint64_t, uint64_t, load_le)
LOAD(u64be, uint64_t, uint64_t, load_be)
LOAD(i64le, int64_t, uint64_t, load_le)
LOAD(i64be, int64_t, uint64_t, load_be)
LOAD(f32le, float, uint32_t, load_le)
LOAD(f32be, float, uint32_t, load_be)
LOAD(f64le, double, uint64_t, load_le)
LOAD(f64be, double, uint64_t, load_be)

size_t as_number_size(as_number_type type)
{
    switch (type) {
    case AS_U8: case AS_I8: return 1;
    case AS_U16LE: case AS_U16BE: case AS_I16LE: case AS_I16BE: return 2;
    case AS_U32LE: case AS_U32BE: case AS_I32LE: case AS_I32BE: case AS_F32LE: case AS_F32BE:
        return 4;
    case AS_U64LE: case AS_U64BE: case AS_I64LE: case AS_I64BE: case AS_F64LE: case AS_F64BE:
        return 8;
    }
    return 0;
}

as_status as_numbers_at(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, size_t stride,
                        as_number_type type, double *out, const char *what)
{
    const size_t size = as_number_size(type);
    if (stride == 0) stride = size;
    if (n == 0) return AS_OK;
    if (stride == size) {
        AS_TRY(as_need_bytes(ctx, in, at, n, size, what));
    } else { /* behind the last one nothing need follow */
        AS_TRY(as_need_bytes(ctx, in, at, n - 1, stride, what));
        AS_TRY(as_need_bytes(ctx, in, at + (n - 1) * stride, 1, size, what));
    }
    const unsigned char *p = in->data + at;
#define EACH(TYPE, name) \
    case TYPE: \
        for (uint64_t i = 0; i < n; i++) out[i] = (double)load_##name(p + i * stride); \
        break
    switch (type) {
        EACH(AS_U8, u8);
        EACH(AS_I8, i8);
        EACH(AS_U16LE, u16le);
        EACH(AS_U16BE, u16be);
        EACH(AS_I16LE, i16le);
        EACH(AS_I16BE, i16be);
        EACH(AS_U32LE, u32le);
        EACH(AS_U32BE, u32be);
        EACH(AS_I32LE, i32le);
        EACH(AS_I32BE, i32be);
        EACH(AS_U64LE, u64le);
        EACH(AS_U64BE, u64be);
        EACH(AS_I64LE, i64le);
        EACH(AS_I64BE, i64be);
        EACH(AS_F32LE, f32le);
        EACH(AS_F32BE, f32be);
        EACH(AS_F64LE, f64le);
        EACH(AS_F64BE, f64be);
    }
#undef EACH
    return AS_OK;
}

as_status as_text_at(as_ctx *ctx, const as_input *in, uint64_t at, uint64_t n, const char **out)
{
    AS_TRY(as_need_bytes(ctx, in, at, n, 1, "a text"));
    const unsigned char *p = in->data + at;
    const void *nul = memchr(p, 0, (size_t)n);
    const size_t length = nul ? (size_t)((const unsigned char *)nul - p) : (size_t)n;
    as_encoding from = as_encoding_of(p, length);
    if (!from.name || from.bom) from = as_encoding_of((const void *)"\xb5", 1);
    unsigned char *text;
    size_t size;
    AS_TRY(as_decode(ctx, as_scratch(ctx), from, p, length, &text, &size));
    *out = as_trim(as_scratch(ctx), (const char *)text, size);
    return *out ? AS_OK : AS_ERR;
}
