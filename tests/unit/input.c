/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs: encodings to UTF-8, lines and numbers with their places, binary reads, compressions,
 * containers and companion files. */
#include "check.h"
#include "container.h"
#include "input.h"

static as_where last_where;
static char last_message[512];
static as_code last_code;
static void note(void *user, as_severity severity, as_code code, const as_where *where,
                 const char *message, const char *const *chain, size_t n)
{
    (void)user;
    (void)severity;
    (void)chain;
    (void)n;
    last_code = code;
    last_where = where ? *where : (as_where){ 0 };
    snprintf(last_message, sizeof last_message, "%s", message);
}

static const as_input *bytes(as_ctx *ctx, const char *name, const void *data, size_t size)
{
    const as_input *in = NULL;
    if (as_input_of_bytes(ctx, name, data, size, &in) != AS_OK) {
        as_flush_error(ctx);
        return NULL;
    }
    return in;
}
#define TEXT(ctx, text) bytes(ctx, "a.txt", text, sizeof(text) - 1)

static void encodings(as_ctx *ctx)
{
    static const struct { const char *data; size_t size; const char *encoding, *utf8; } cases[] = {
#define CASE(d, e, u) { d, sizeof(d) - 1, e, u }
        CASE("2theta 5.0\n", "ASCII", "2theta 5.0\n"),
        CASE("\xef\xbb\xbf" "2\xce\xb8\n", "UTF-8", "2\xce\xb8\n"),
        CASE("T/\xc2\xb0" "C\n", "UTF-8", "T/\xc2\xb0" "C\n"),
        CASE("T/\xb0" "C \x96 \x80\n", "windows-1252", "T/\xc2\xb0" "C \xe2\x80\x93 \xe2\x82\xac\n"),
        CASE("cm\xb2 \xe9t\xe9 \xfc" "ber\n", "windows-1252",
             "cm\xc2\xb2 \xc3\xa9t\xc3\xa9 \xc3\xbc" "ber\n"),
        CASE("\xc7\xbf\xb6\xc8 \xce\xc2\xb6\xc8\n", "GB18030",
             "\xe5\xbc\xba\xe5\xba\xa6 \xe6\xb8\xa9\xe5\xba\xa6\n"),
        CASE("\xd3\xe3\xee\xeb, \xc2\xf0\xe5\xec\xff\n", "windows-1251",
             "\xd0\xa3\xd0\xb3\xd0\xbe\xd0\xbb, \xd0\x92\xd1\x80\xd0\xb5\xd0\xbc\xd1\x8f\n"),
        CASE("\xcf\xd0\xce\xc1\xc0\n", "windows-1251",
             "\xd0\x9f\xd0\xa0\xd0\x9e\xd0\x91\xd0\x90\n"),
        CASE("\xf7\xd2\xc5\xcd\xd1\n", "KOI8-R",
             "\xd0\x92\xd1\x80\xd0\xb5\xd0\xbc\xd1\x8f\n"),
        CASE("\x82\xe0\xa5\xac\xef\n", "CP866",
             "\xd0\x92\xd1\x80\xd0\xb5\xd0\xbc\xd1\x8f\n"),
        CASE("D\xb3ugo\x9c\xe6\n", "windows-1250",
             "D\xc5\x82ugo\xc5\x9b\xc4\x87\n"),
        CASE("z\xe1\xf8""en\xed\n", "windows-1250",
             "z\xc3\xa1\xc5\x99""en\xc3\xad\n"),
        CASE("gr\xf6\xdf""e \xe9\n", "windows-1252",
             "gr\xc3\xb6\xc3\x9f""e \xc3\xa9\n"),
        CASE("5 \xb5m, 20 \xb0""C, cm\xb3/g\n", "windows-1252",
             "5 \xc2\xb5m, 20 \xc2\xb0""C, cm\xc2\xb3/g\n"),
        CASE("\xa5\xe9\xa5\xde\xa5\xf3\xa5\xb7\xa5\xd5\xa5\xc8\n", "EUC-JP",
             "\xe3\x83\xa9\xe3\x83\x9e\xe3\x83\xb3\xe3\x82\xb7\xe3\x83\x95\xe3\x83\x88\n"),
        CASE("\xc3\xf8\xc1\xa4 \xc1\xb6\xb0\xc7 \xc7\xa5\xc1\xd8 \xbd\xc3\xb7\xe1\n", "EUC-KR",
             "\xec\xb8\xa1\xec\xa0\x95 \xec\xa1\xb0\xea\xb1\xb4 \xed\x91\x9c\xec\xa4\x80 \xec\x8b\x9c\xeb\xa3\x8c\n"),
        CASE("TITLE\tx\nLOCALE\t1049\n\xcf\xe8\n", "windows-1251", "TITLE\tx\nLOCALE\t1049\n\xd0\x9f\xd0\xb8\n"),
        CASE("TITLE\tx\nLOCALE\t1032\n" "\xc3\xf9\xed" "\n", "windows-1253",
             "TITLE\tx\nLOCALE\t1032\n" "\xce\x93\xcf\x89\xce\xbd" "\n"),
        CASE("TITLE\tx\nLOCALE\t1037\n" "\xe6\xee\xef" "\n", "windows-1255",
             "TITLE\tx\nLOCALE\t1037\n" "\xd7\x96\xd7\x9e\xd7\x9f" "\n"),
        CASE("TITLE\tx\nLOCALE\t1028\n" "\xb1j\xab\xd7" "\n", "BIG5",
             "TITLE\tx\nLOCALE\t1028\n" "\xe5\xbc\xb7\xe5\xba\xa6" "\n"),
        CASE("<?xml version='1.0' encoding='ISO-8859-7'?><a>" "\xc3\xf9\xed" "</a>", "ISO-8859-7",
             "<?xml version='1.0' encoding='ISO-8859-7'?><a>" "\xce\x93\xcf\x89\xce\xbd" "</a>"),
        CASE("<?xml version='1.0' encoding='ISO-8859-8'?><a>" "\xe6\xee\xef" "</a>", "ISO-8859-8",
             "<?xml version='1.0' encoding='ISO-8859-8'?><a>" "\xd7\x96\xd7\x9e\xd7\x9f" "</a>"),
        CASE("<?xml version='1.0' encoding='windows-1255'?><a>" "\xe6\xee\xef" "</a>", "windows-1255",
             "<?xml version='1.0' encoding='windows-1255'?><a>" "\xd7\x96\xd7\x9e\xd7\x9f" "</a>"),
        CASE("<?xml version='1.0' encoding='BIG5'?><a>" "\xb1j" "</a>", "BIG5",
             "<?xml version='1.0' encoding='BIG5'?><a>" "\xe5\xbc\xb7" "</a>"),
        CASE("\xc3\xa4\xc3\xb6 \xc3", "UTF-8 with errors", "\xc3\xa4\xc3\xb6 \xef\xbf\xbd"),
        CASE("\x93\xe0\x97\x65\n", "Shift_JIS", "\xe5\x86\x85\xe5\xae\xb9\n"),
        CASE("\xff\xfeT\0=\0\xb0\0", "UTF-16LE", "T=\xc2\xb0"),
        CASE("\xfe\xff\0T\0=\0\xb0", "UTF-16BE", "T=\xc2\xb0"),
        CASE("1\0.\0005\0\r\0\n\0002\0", "UTF-16LE", "1.5\r\n2"),
        CASE("\0001\0.\0005\0\n\0002", "UTF-16BE", "1.5\n2"),
        CASE("12 13\n\x1a\0\0\0\0", "ASCII", "12 13\n"),
        CASE("<?xml version='1.0' encoding='GBK'?><a>\xb6\xc8</a>", "GBK",
             "<?xml version='1.0' encoding='GBK'?><a>\xe5\xba\xa6</a>"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const as_input *in = bytes(ctx, "a.txt", cases[i].data, cases[i].size);
        CHECK(in && in->is_text);
        if (!in || !in->is_text) continue;
        const bool same = strcmp(in->encoding, cases[i].encoding) == 0 &&
                          in->size == strlen(cases[i].utf8) &&
                          memcmp(in->data, cases[i].utf8, in->size) == 0;
        if (!same) printf("case %zu: %s '%.*s'\n", i, in->encoding, (int)in->size, in->data);
        CHECK(same);
        CHECK(in->raw_size == cases[i].size && memcmp(in->raw, cases[i].data, in->raw_size) == 0);
    }
    const as_input *in = bytes(ctx, "a.raw", "RAW1.01\0\1\2\3\4\5\6\7", 15);
    CHECK(in && !in->is_text && !in->encoding && in->size == 15);
    in = bytes(ctx, "empty", "", 0);
    CHECK(in && in->size == 0 && in->data[AS_PAD - 1] == 0);
}

static void lines(as_ctx *ctx)
{
    const as_input *in = TEXT(ctx, "one\ntwo\r\nthree\rfour\n\nsix");
    static const char *const want[] = { "one", "two", "three", "four", "", "six" };
    as_lines it = { .in = in };
    as_line line;
    for (size_t i = 0; i < 6; i++) {
        const as_lines ahead = it;
        CHECK(as_next_line(ctx, &it, &line) == AS_ITEM);
        CHECK(strcmp(line.text, want[i]) == 0 && line.length == strlen(want[i]));
        CHECK(line.where.line == i + 1 && strcmp(line.where.file, "a.txt") == 0);
        as_lines back = ahead;
        CHECK(as_next_line(ctx, &back, &line) == AS_ITEM && strcmp(line.text, want[i]) == 0);
    }
    CHECK(as_next_line(ctx, &it, &line) == AS_DONE);
    CHECK(as_need_line(ctx, &it, &line, "a value") == AS_ERR && as_pending(ctx) == AS_E_TRUNCATED);
    as_flush_error(ctx);
    CHECK(last_where.line == 7);
    CHECK(in->data[3] == '\n'); /* the input itself stays */
}

static void numbers(as_ctx *ctx)
{
    const as_input *in = TEXT(ctx, " 1.5\t-2e3  7\n1,5; 2 ;;4;\n1.5 x2 3\n1.5abc\n");
    as_lines it = { .in = in };
    as_line line;
    double v[8];
    size_t at = 0;
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_line_numbers(&it, &line, 8, v) == 3);
    CHECK(v[0] == 1.5 && v[1] == -2000 && v[2] == 7);
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_line_numbers(&it, &line, 8, v) == 0);
    it.decimal = ',';
    it.separator = ';';
    CHECK(as_line_numbers(&it, &line, 8, v) == 4);
    CHECK(v[0] == 1.5 && v[1] == 2 && isnan(v[2]) && v[3] == 4);
    it.decimal = '.';
    it.separator = 0;
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK);
    CHECK(as_next_number(ctx, &it, &line, &at, v) == AS_ITEM && v[0] == 1.5);
    CHECK(as_need_number(ctx, &it, &line, &at, v, "the intensity") == AS_ERR);
    as_flush_error(ctx);
    CHECK(last_where.line == 3 && last_where.column == 5 && last_where.span == 2);
    CHECK(strcmp(last_message, "'x2' found, expected the intensity") == 0);
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK);
    at = 0;
    CHECK(as_next_number(ctx, &it, &line, &at, v) == AS_FAILED && as_pending(ctx) == AS_E_SYNTAX);
    as_forget_error(ctx);
    at = line.length;
    CHECK(as_next_number(ctx, &it, &line, &at, v) == AS_DONE);
}

static void pairs(as_ctx *ctx)
{
    const as_input *in =
        TEXT(ctx, "_SAMPLE = 'a = b' \nKEY\nx,\"y, \"\"z\"\"\", w ,\n  a\t b  \"c d\"\n");
    as_lines it = { .in = in };
    as_line line;
    as_pair pair;
    as_field *f;
    size_t n;
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_split(ctx, &line, '=', &pair) == AS_OK);
    CHECK(strcmp(pair.key, "_SAMPLE") == 0 && strcmp(pair.value, "a = b") == 0 && pair.at == 10);
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_split(ctx, &line, '=', &pair) == AS_OK);
    CHECK(strcmp(pair.key, "KEY") == 0 && pair.value[0] == 0 && pair.at == 3);
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_fields(ctx, &line, ',', &f, &n) == AS_OK);
    CHECK(n == 4 && strcmp(f[1].text, "y, \"z\"") == 0 && f[1].quoted && f[1].at == 2);
    CHECK(n == 4 && strcmp(f[2].text, "w") == 0 && f[3].length == 0);
    CHECK(as_need_line(ctx, &it, &line, "") == AS_OK && as_fields(ctx, &line, 0, &f, &n) == AS_OK);
    CHECK(n == 3 && strcmp(f[1].text, "b") == 0 && strcmp(f[2].text, "c d") == 0);
    CHECK(as_starts("Raman Shift", "raman s") && !as_starts("Ra", "raman") && as_same("aB", "Ab"));
    CHECK(strcmp(as_trim(as_scratch(ctx), " \xc2\xa0 a b\t", 8), "a b") == 0);
    CHECK(as_find_text("the END", "end") && !as_find_text("the en", "end"));
}

/* As the search is defined: place by place. */
static const char *find_slowly(const char *text, const char *part)
{
    for (;; text++) {
        if (as_starts(text, part)) return text;
        if (!*text) return NULL;
    }
}

/* Parts of all kinds, at the edges of the blocks that the search takes, in texts of few letters. */
static void finding(void)
{
    static const char letters[] = "aAbZz_\n1 .eE", *const parts[] = {
        "", "a", "Z", "az", "aaz", "1.e", "\n_", "e1", "zzza", " ", "bZ1", "a.a.", "\n\n"
    };
    static char text[5000];
    uint32_t state = 1;
    for (size_t i = 0; i < 400; i++) {
        const size_t n = i < 200 ? i % 30 : 2040 + 3 * (i % 20) + 2048 * (i % 2);
        for (size_t k = 0; k < n; k++) {
            state = state * 1664525 + 1013904223;
            text[k] = i % 3 == 0 ? letters[state >> 28 & 3 ? 8 : (state >> 24) % 12]
                                 : letters[(state >> 24) % 12];
        }
        text[n] = '\0';
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
            CHECK(as_find_text(text, parts[p]) == find_slowly(text, parts[p]));
    }
}

static void binary(as_ctx *ctx)
{
    static const unsigned char data[] = { 0, 0, 0xc0, 0x3f, 0xff, 0xfe, 0x80, 0, 0, 0, 0, 0,
                                          0, 0, 0xf8, 0x3f, 'a', 0xb0, 0,   'x' };
    const as_input *in = bytes(ctx, "a.raw", data, sizeof data);
    float f;
    double d, many[3];
    uint16_t u;
    int16_t i;
    uint64_t big;
    const char *text;
    CHECK(as_f32le(ctx, in, 0, &f) == AS_OK && f == 1.5f);
    CHECK(as_f64le(ctx, in, 8, &d) == AS_OK && d == 1.5);
    CHECK(as_u16le(ctx, in, 4, &u) == AS_OK && u == 0xfeff);
    CHECK(as_i16be(ctx, in, 4, &i) == AS_OK && i == -2);
    CHECK(as_u64be(ctx, in, 12, &big) == AS_OK && big == 0x0000f83f61b00078u);
    CHECK(as_text_at(ctx, in, 16, 4, &text) == AS_OK && strcmp(text, "a\xc2\xb0") == 0);
    CHECK(as_numbers_at(ctx, in, 2, 3, 2, AS_U16BE, many, "") == AS_OK && many[1] == 0xfffe);
    CHECK(as_f64le(ctx, in, 13, &d) == AS_ERR && as_pending(ctx) == AS_E_TRUNCATED);
    as_flush_error(ctx);
    CHECK(last_where.offset == 13);
    CHECK(as_u8(ctx, in, UINT64_MAX, (uint8_t[1]){ 0 }) == AS_ERR);
    CHECK(as_need_bytes(ctx, in, 4, UINT64_MAX / 2, 4, "points") == AS_ERR);
    CHECK(as_numbers_at(ctx, in, 0, 3, 9, AS_U16BE, many, "points") == AS_OK);
    CHECK(as_numbers_at(ctx, in, 0, 3, 10, AS_U16BE, many, "points") == AS_ERR);
    as_forget_error(ctx);
}

static void names(as_ctx *ctx)
{
    char suffix[16];
    CHECK(strcmp(as_base_name("d/a.zip!s/b.XY"), "b.XY") == 0);
    CHECK(strcmp(as_stem(as_scratch(ctx), "d.e/b.c.XY"), "b.c") == 0);
    CHECK(strcmp(as_stem(as_scratch(ctx), "x/.hidden"), ".hidden") == 0);
    as_suffix("d.e/b.XY", suffix);
    CHECK(strcmp(suffix, "xy") == 0);
    as_suffix("d.e/b", suffix);
    CHECK(suffix[0] == 0);
    const as_input *in = TEXT(ctx, "1 2\n"), *out;
    CHECK(as_open_beside(ctx, in, "../x", &out) == AS_ERR && as_pending(ctx) == AS_E_SYNTAX);
    CHECK(as_open_beside(ctx, in, "no-such-file", &out) == AS_ERR);
    CHECK(as_pending(ctx) == AS_E_MISSING);
    CHECK(as_input_open(ctx, "no/such/file", &out) == AS_ERR && as_pending(ctx) == AS_E_IO);
    CHECK(as_input_open(ctx, ".", &out) == AS_ERR && as_pending(ctx) == AS_E_IO);
    as_forget_error(ctx);
}

/* "hello, world\n" in a stored zip of one member d/a.txt, and the same as gzip: by hand. */
static const unsigned char zip[] =
    "PK\3\4\24\0\0\0\0\0\0\0\41\0St$\364\15\0\0\0\15\0\0\0\7\0\0\0d/a.txthello, world\n"
    "PK\1\2\24\3\24\0\0\0\0\0\0\0\41\0St$\364\15\0\0\0\15\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\244\1"
    "\0\0\0\0d/a.txt"
    "PK\5\6\0\0\0\0\1\0\1\0\65\0\0\0\62\0\0\0\0\0";
static const unsigned char gzip[] = { 0x1f, 0x8b, 8,    0,    0,    0,    0, 0, 0, 3, 1, 13, 0,
                                      0xf2, 0xff, 'h',  'e',  'l',  'l',  'o', ',', ' ', 'w', 'o',
                                      'r',  'l',  'd',  '\n', 0x53, 0x74, 0x24, 0xf4, 13, 0, 0, 0 };

static void containers(as_ctx *ctx)
{
    const as_input *in = bytes(ctx, "d/x.zip", zip, sizeof zip - 1), *member, *again;
    const as_entry *entry;
    CHECK(in && as_members(in, &entry) == 1 && strcmp(entry[0].name, "d/a.txt") == 0);
    if (!in) return;
    CHECK(entry[0].size == 13);
    if (as_open_member(ctx, in, "D/A.TXT", &member) == AS_OK) {
        CHECK(member->size == 13 && member->is_text && memcmp(member->data, "hello", 5) == 0);
        CHECK(strcmp(member->name, "d/x.zip!d/a.txt") == 0);
        CHECK(as_open_member(ctx, in, "d/a.txt", &again) == AS_OK && again == member);
        CHECK(as_open_beside(ctx, member, "a.txt", &again) == AS_OK && again == member);
        CHECK(as_open_beside(ctx, member, "b.txt", &again) == AS_ERR);
        CHECK(as_pending(ctx) == AS_E_MISSING);
    } else {
        as_flush_error(ctx);
        printf("%s\n", last_message);
        CHECK(!"member");
    }
    CHECK(bytes(ctx, "x.zip", zip, 45) == NULL);
    CHECK(last_code == AS_E_TRUNCATED || last_code == AS_E_SYNTAX);
    in = bytes(ctx, "b.xy.gz", gzip, sizeof gzip);
    CHECK(in && in->size == 13 && in->is_text && strcmp(in->name, "b.xy") == 0);
    CHECK(bytes(ctx, "b.xy.gz", gzip, sizeof gzip - 12) == NULL);
    CHECK(last_code == AS_E_TRUNCATED || last_code == AS_E_SYNTAX);
}

static void heaps(as_ctx *ctx)
{
    as_heap h = { .most = 100 };
    size_t room;
    CHECK(as_heap_room(ctx, &h, &room) && room == 100);
    as_heap_used(&h, 99);
    CHECK(as_heap_room(ctx, &h, &room) && room == 1);
    as_heap_used(&h, 1);
    CHECK(!as_heap_room(ctx, &h, &room) && as_pending(ctx) == AS_E_LIMIT);
    as_forget_error(ctx);
}

/* Any allocation may fail: nothing leaks, nothing is used that is not there. */
static void torture(as_ctx *ctx)
{
    static const char text[] = "T/\xb0" "C\n1 2\n";
    for (uint64_t n = 1; n < 40; n++) {
        const as_frame frame = as_enter(ctx);
        const as_input *in;
        as_ctx_fail_allocation(ctx, n);
        if (as_input_of_bytes(ctx, "a", text, sizeof text - 1, &in) == AS_OK) {
            as_lines it = { .in = in };
            as_line line;
            as_field *f;
            size_t k;
            if (as_next_line(ctx, &it, &line) == AS_ITEM)
                (void)!as_fields(ctx, &line, ' ', &f, &k);
        }
        as_ctx_fail_allocation(ctx, 0);
        as_forget_error(ctx);
        as_leave(ctx, frame);
    }
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(note, NULL);
    const as_frame frame = as_enter(ctx);
    encodings(ctx);
    lines(ctx);
    numbers(ctx);
    finding();
    pairs(ctx);
    binary(ctx);
    names(ctx);
    containers(ctx);
    heaps(ctx);
    torture(ctx);
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
