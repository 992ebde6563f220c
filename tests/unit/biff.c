/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workbook stream built record by record: every kind of cell, strings across records, damage. */
#include "biff.h"
#include "check.h"

static unsigned char stream[4096];
static size_t size;

static void put(const void *bytes, size_t n)
{
    memcpy(stream + size, bytes, n);
    size += n;
}

static void u16(unsigned v)
{
    put((unsigned char[]){ (unsigned char)v, (unsigned char)(v >> 8) }, 2);
}

static void record(unsigned kind, const void *bytes, size_t n)
{
    u16(kind);
    u16((unsigned)n);
    put(bytes, n);
}
#define RECORD(kind, ...) record(kind, (unsigned char[]){ __VA_ARGS__ }, \
                                 sizeof((unsigned char[]){ __VA_ARGS__ }))

/* Globals with one sheet called "Tab" and the strings "ab" + Greek theta, cut by a CONTINUE from
 * where on it is 16 bit wide, and a rich "x". Then the sheet, with a chart inside. */
static void build(void)
{
    size = 0;
    RECORD(0x809, 0, 6, 5, 0, 0, 0, 0, 0);
    const size_t sheet = size;
    RECORD(0x85, 0, 0, 0, 0, 0, 0, 3, 0, 'T', 'a', 'b');
    RECORD(0x41e, 200, 0, 4, 0, 0, 'y', 'y', 'm', 'm');
    RECORD(0xe0, 0, 0, 0, 0);
    RECORD(0xe0, 0, 0, 200, 0);
    RECORD(0x22, 1, 0);
    RECORD(0xfc, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 'a', 'b');
    RECORD(0x3c, 1, 0xb8, 3, 1, 0, 8, 1, 0, 'x', 0, 0, 0, 0);
    record(0x0a, "", 0);
    stream[sheet + 4] = (unsigned char)size;
    stream[sheet + 5] = (unsigned char)(size >> 8);
    RECORD(0x809, 0, 6, 0x10, 0, 0, 0, 0, 0);
    RECORD(0x203, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f);          /* A2 = 1.5, a date */
    RECORD(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);                             /* A1 = abθ */
    RECORD(0xfd, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);                             /* B1 = x */
    RECORD(0x27e, 1, 0, 1, 0, 0, 0, 0x03, 0x4d, 0, 0);                      /* B2 = 49.28 */
    RECORD(0x809, 0, 6, 0x20, 0, 0, 0, 0, 0);
    RECORD(0x203, 9, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f);          /* of the chart */
    record(0x0a, "", 0);
    RECORD(0xbd, 2, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 1, 0); /* A3 = 1, B3 = 1.5 */
    RECORD(0x06, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0); /* A4 */
    RECORD(0x207, 2, 0, 0, 'o', 'k');
    RECORD(0x06, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0); /* B4 = 2 */
    RECORD(0x06, 3, 0, 2, 0, 0, 0, 2, 0, 7, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0);
    record(0x0a, "", 0);
}

static as_status read_stream(as_ctx *ctx, size_t n, as_biff_sheet **s, size_t *count)
{
    const as_input *in;
    CHECK(as_input_of_bytes(ctx, "a.xls!Workbook", stream, n, &in) == AS_OK);
    return as_biff_read(ctx, in, s, count);
}

static void cells(as_ctx *ctx)
{
    as_biff_sheet *s;
    size_t n = 0;
    build();
    CHECK(read_stream(ctx, size, &s, &n) == AS_OK && n == 1);
    if (n != 1) {
        printf("%s\n", as_pending_message(ctx));
        return;
    }
    CHECK(strcmp(s->name, "Tab") == 0 && s->n == 8);
    if (s->n != 8) return;
    CHECK(s->cell[0].text && strcmp(s->cell[0].text, "ab\xce\xb8") == 0);
    CHECK(s->cell[1].text && strcmp(s->cell[1].text, "x") == 0);
    NEAR(s->cell[2].number, 1.5, 0);
    CHECK(s->cell[2].kind == AS_CELL_DATE && s->cell[3].kind == AS_CELL_NUMBER && s->since_1904);
    NEAR(s->cell[3].number, 49.28, 1e-12);
    NEAR(s->cell[4].number, 1, 0);
    NEAR(s->cell[5].number, 1.5, 0);
    CHECK(s->cell[6].text && strcmp(s->cell[6].text, "ok") == 0);
    NEAR(s->cell[7].number, 2, 0);
}

/* Cut anywhere: an error, never a table. Any byte changed: an error or a table, no more. */
static void damage(as_ctx *ctx)
{
    as_biff_sheet *s;
    size_t n;
    build();
    for (size_t cut = 0; cut < size; cut++) {
        const as_frame frame = as_enter(ctx);
        CHECK(read_stream(ctx, cut, &s, &n) == AS_ERR);
        as_forget_error(ctx);
        as_leave(ctx, frame);
    }
    for (size_t i = 0; i < size; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            const as_frame frame = as_enter(ctx);
            stream[i] ^= (unsigned char)(1u << bit);
            (void)!read_stream(ctx, size, &s, &n);
            stream[i] ^= (unsigned char)(1u << bit);
            as_forget_error(ctx);
            as_leave(ctx, frame);
        }
}

/* A column that BIFF8 does not have, which no row has room for. */
static void far_column(as_ctx *ctx)
{
    as_biff_sheet *s;
    size_t n;
    build();
    const size_t sheet = stream[16] | (size_t)stream[17] << 8; /* where BOUNDSHEET says */
    stream[sheet + 12 + 4 + 3] = 0x40; /* behind BOF and the head of NUMBER: its column */
    CHECK(read_stream(ctx, size, &s, &n) == AS_ERR && as_pending(ctx) == AS_E_SYNTAX);
    as_forget_error(ctx);
}

static void dated(as_ctx *ctx, as_cell_kind kind, double days, bool since_1904, const char *want)
{
    const char *got;
    CHECK(as_cell_date(ctx, kind, days, since_1904, &got) == AS_OK);
    CHECK(want ? got && strcmp(got, want) == 0 : !got);
}

static void dates(as_ctx *ctx)
{
    static const struct { const char *code; as_cell_kind kind; } codes[] = {
        { "General", AS_CELL_NUMBER }, { "0.00E+00", AS_CELL_NUMBER }, { "#,##0.0\\ \"mm\"", AS_CELL_NUMBER },
        { "@", AS_CELL_NUMBER }, { "[Red]0.0;[Blue]d", AS_CELL_NUMBER }, { "", AS_CELL_NUMBER },
        { "\"day\" 0", AS_CELL_NUMBER }, { "Standard", AS_CELL_NUMBER }, { "\"open", AS_CELL_NUMBER },
        { "yyyy\\-mm\\-dd hh:mm", AS_CELL_DATE }, { "[$-409]d/mmm/yy;@", AS_CELL_DATE },
        { "yyyy\"年\"m\"月\"", AS_CELL_DATE }, { "mmm", AS_CELL_DATE },
        { "[h]:mm:ss", AS_CELL_TIME }, { "mm:ss.0", AS_CELL_TIME }, { "h:mm AM/PM", AS_CELL_TIME },
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        CHECK(as_kind_of_code(codes[i].code) == codes[i].kind);
    CHECK(as_kind_of_format(14) == AS_CELL_DATE && as_kind_of_format(22) == AS_CELL_DATE);
    CHECK(as_kind_of_format(21) == AS_CELL_TIME && as_kind_of_format(46) == AS_CELL_TIME);
    CHECK(as_kind_of_format(0) == AS_CELL_NUMBER && as_kind_of_format(49) == AS_CELL_NUMBER);
    dated(ctx, AS_CELL_DATE, 43894, false, "2020-03-04");
    dated(ctx, AS_CELL_DATE, 43894.5, false, "2020-03-04T12:00:00");
    dated(ctx, AS_CELL_DATE, 43894 - 1462, true, "2020-03-04");
    dated(ctx, AS_CELL_DATE, 43894.6041666667, false, "2020-03-04T14:30:00");
    dated(ctx, AS_CELL_TIME, 0.5, false, "12:00:00");
    dated(ctx, AS_CELL_TIME, 1.50000578703704, false, "36:00:00.5");
    dated(ctx, AS_CELL_TIME, 43894.5, false, "2020-03-04T12:00:00");
    dated(ctx, AS_CELL_DATE, 12.5, false, NULL);
    dated(ctx, AS_CELL_DATE, -1, false, NULL);
    dated(ctx, AS_CELL_DATE, 1e300, false, NULL);
    dated(ctx, AS_CELL_TIME, NAN, false, NULL);
    dated(ctx, AS_CELL_NUMBER, 43894, false, NULL);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    cells(ctx);
    dates(ctx);
    damage(ctx);
    far_column(ctx);
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
