/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises UTF-8, UTF-16, Shift-JIS and windows-1252 by their bytes and converts to UTF-8. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "code_page.h"
#include "input.h"

static const char utf8[] = "UTF-8", utf16le[] = "UTF-16LE", utf16be[] = "UTF-16BE",
                  ascii[] = "ASCII", western[] = "windows-1252", shift_jis[] = "Shift_JIS";

typedef struct counts {
    size_t nul[2]; /* at even and odd offsets */
    size_t control, high;
} counts;

/* Tab, line ends, form feed, ^Z of DOS and escape are no evidence against text. */
static bool is_control(unsigned char c)
{
    return (c < 32 && !(c >= 9 && c <= 13) && c != 26 && c != 27) || c == 127;
}

enum { BLOCK = 128 };

/* All of the block are printable ASCII or what stands between lines: the common case, at once. */
static bool is_plain_block(const unsigned char *p)
{
    unsigned char other = 0;
    for (size_t i = 0; i < BLOCK; i++) { /* compilers make vectors of it */
        const unsigned char from_blank = (unsigned char)(p[i] - 32),
                            from_tab = (unsigned char)(p[i] - 9);
        other |= (unsigned char)((from_blank > 126 - 32) & (from_tab > 13 - 9));
    }
    return other == 0;
}

static counts count(const unsigned char *data, size_t size)
{
    counts c = { { 0, 0 }, 0, 0 };
    size_t i = 0;
    while (i < size) {
        if (i + BLOCK <= size && is_plain_block(data + i)) {
            i += BLOCK;
            continue;
        }
        for (const size_t end = i + BLOCK < size ? i + BLOCK : size; i < end; i++) {
            c.nul[i & 1] += data[i] == 0;
            c.control += data[i] != 0 && is_control(data[i]);
            c.high += data[i] > 127;
        }
    }
    return c;
}

size_t as_utf8_length(const unsigned char *p, size_t left)
{
    const unsigned char c = p[0];
    size_t n;
    if (c < 0x80) return 1;
    if (c >= 0xc2 && c < 0xe0) n = 2;
    else if (c >= 0xe0 && c < 0xf0) n = 3;
    else if (c >= 0xf0 && c < 0xf5) n = 4;
    else return 0;
    if (n > left) return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f)) return 0;
    if ((c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f)) return 0;
    return n;
}

const char *as_utf8_of(as_arena *a, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    const size_t size = strlen(text);
    size_t i = 0, n = 0;
    for (; i < size && (n = as_utf8_length(p + i, size - i)) > 0; i += n) continue;
    if (i == size) return text;
    char *out = as_alloc(a, 3 * size + 1, 1), *to = out;
    for (i = 0; out && i < size; i += n ? n : 1) {
        n = as_utf8_length(p + i, size - i);
        memcpy(to, n ? (const char *)p + i : "\xef\xbf\xbd", n ? n : 3);
        to += n ? n : 3;
    }
    if (out) *to = '\0';
    return out;
}

static bool is_utf8(const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t n = as_utf8_length(data + i, size - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

/* Leads 81 to 9F are symbols and unused codes in windows-1252, where letters begin at C0; a
 * degree or micro sign there is a half-width katakana here, which proves nothing. */
static bool is_shift_jis(const unsigned char *data, size_t size)
{
    size_t strong = 0, other = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = data[i];
        if (c < 0x80) continue;
        if (c >= 0xa1 && c <= 0xdf) {
            other++;
            continue;
        }
        if (!((c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc)) || i + 1 >= size) return false;
        const unsigned char trail = data[++i];
        if (trail < 0x40 || trail == 0x7f || trail > 0xfc) return false;
        if (c <= 0x9f) strong++;
        else other++;
    }
    return strong >= 2 && strong > other;
}

as_encoding as_encoding_of(const unsigned char *data, size_t size)
{
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) return (as_encoding){ utf8, 3, false };
    if (size >= 2 && memcmp(data, "\xff\xfe", 2) == 0 && size % 2 == 0)
        return (as_encoding){ utf16le, 2, false };
    if (size >= 2 && memcmp(data, "\xfe\xff", 2) == 0 && size % 2 == 0)
        return (as_encoding){ utf16be, 2, false };
    while (size > 0 && (data[size - 1] == 0 || data[size - 1] == 26)) size--; /* padding */
    const counts c = count(data, size);
    const size_t nul = c.nul[0] + c.nul[1];
    if (size >= 8 && c.control == 0 && nul > size / 2 / 4 * 3) {
        if (c.nul[0] == 0) return (as_encoding){ .name = utf16le };
        if (c.nul[1] == 0) return (as_encoding){ .name = utf16be };
    }
    if ((nul + c.control) > size / 1000) return (as_encoding){ .name = NULL };
    if (c.high == 0) return (as_encoding){ .name = ascii };
    if (is_utf8(data, size)) return (as_encoding){ .name = utf8 };
    const char *stated = as_stated_code_page(data, size);
    if (stated) return (as_encoding){ .name = as_same(stated, shift_jis) ? shift_jis : stated };
    if (is_shift_jis(data, size)) return (as_encoding){ .name = shift_jis };
    const as_encoding guess = as_guess_code_page(data, size);
    return strcmp(guess.name, western) == 0 ? (as_encoding){ western, 0, guess.doubtful } : guess;
}

/* 80 to 9f of windows-1252; those without a meaning keep their number. */
static const uint16_t western_table[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

static size_t from_western(const unsigned char *in, size_t size, unsigned char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        const uint32_t code = in[i] >= 0x80 && in[i] < 0xa0 ? western_table[in[i] - 0x80] : in[i];
        if (code < 0x80) {
            out[n++] = (unsigned char)code;
        } else if (code < 0x800) {
            out[n++] = (unsigned char)(0xc0 | code >> 6);
            out[n++] = (unsigned char)(0x80 | (code & 0x3f));
        } else {
            out[n++] = (unsigned char)(0xe0 | code >> 12);
            out[n++] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
            out[n++] = (unsigned char)(0x80 | (code & 0x3f));
        }
    }
    return n;
}

/* Room: three bytes of UTF-8 for each byte or pair of bytes is enough for all of them. */
static size_t through_iconv(iconv_t cd, size_t unit, const unsigned char *in, size_t size,
                            unsigned char *out, size_t room)
{
    char *from = (char *)(uintptr_t)in, *to = (char *)out; /* iconv reads only */
    size_t left = size, free_room = room;
    while (left > 0 && iconv(cd, &from, &left, &to, &free_room) == (size_t)-1) {
        const size_t skip = errno == EINVAL ? left : unit < left ? unit : left;
        if (errno == E2BIG || free_room < 3) break;
        memcpy(to, "\xef\xbf\xbd", 3);
        to += 3;
        free_room -= 3;
        from += skip;
        left -= skip;
    }
    return (size_t)(to - (char *)out);
}

as_status as_decode(as_ctx *ctx, as_arena *a, as_encoding from, const unsigned char *data,
                    size_t size, unsigned char **out, size_t *out_size)
{
    data += from.bom;
    size -= from.bom;
    if (size > SIZE_MAX / 4) return as_fail(ctx, AS_E_LIMIT, NULL, "the file is too large");
    *out = as_alloc(a, 3 * size + AS_PAD, 1);
    if (!*out) return AS_ERR;
    if (from.name == western) {
        *out_size = from_western(data, size, *out);
        return AS_OK;
    }
    const char *name = from.name == shift_jis                      ? "CP932"
                       : strcmp(from.name, "UTF-8 with errors") == 0 ? utf8
                                                                     : from.name;
    const iconv_t cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return as_fail(ctx, AS_E_FORMAT, NULL, "text in %s: the system cannot convert it", name);
    const size_t unit = from.name == utf16le || from.name == utf16be ? 2 : 1;
    *out_size = through_iconv(cd, unit, data, size, *out, 3 * size);
    iconv_close(cd);
    memset(*out + *out_size, 0, AS_PAD);
    return AS_OK;
}
