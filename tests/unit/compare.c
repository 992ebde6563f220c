/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that should be the same: what counts as a number, what as near, and where they part. */
#include "check.h"
#include "compare.h"

static as_ctx *ctx;

static as_difference compare(const char *a, const char *b, double relative, double absolute)
{
    as_difference d;
    CHECK(as_compare(as_scratch(ctx), (const unsigned char *)a, strlen(a), (const unsigned char *)b,
                     strlen(b), relative, absolute, &d) == AS_OK);
    return d;
}

static bool equal(const char *a, const char *b, double relative, double absolute)
{
    const as_sameness there = compare(a, b, relative, absolute).same;
    CHECK(there == compare(b, a, relative, absolute).same); /* either way round */
    return there != AS_NOT_SAME;
}

static void test_numbers(void)
{
    CHECK(compare("a 1\n", "a 1\n", 0, 0).same == AS_SAME_BYTES);
    CHECK(compare("", "", 0, 0).same == AS_SAME_BYTES);
    CHECK(compare("x 1.0\n", "x 1\n", 0, 0).same == AS_SAME_NUMBERS);
    CHECK(equal("1e-3", "0.001", 0, 0));
    CHECK(equal("-1.5e+03,2", "-1500,2", 0, 0));
    CHECK(equal("1.0000000001", "1", 1e-9, 0));
    CHECK(!equal("1.00000001", "1", 1e-9, 0));
    CHECK(equal("0.00000001", "0", 1e-9, 1e-7)); /* nothing is near zero but by an absolute measure */
    CHECK(!equal("0.00000001", "0", 1e-9, 0));
    CHECK(!equal("-1", "1", 1e-9, 0));
    CHECK(!equal("1e300", "-1e300", 0.5, 0));
    NEAR(compare("1.1 2", "1 2", 0.5, 0).largest, 0.1 / 1.1, 1e-15);
    CHECK(compare("1 2 3\n4", "1 2 3\n4.0", 0, 0).numbers == 4);
}

static void test_words(void)
{
    CHECK(!equal("Fig2 1", "Fig3 1", 0.9, 0)); /* part of a name */
    CHECK(!equal("v_2", "v_3", 0.9, 0));
    CHECK(!equal("nan", "1", 0.9, 1e9));
    CHECK(!equal("1 m", "1 s", 0.9, 0));
    CHECK(!equal("1", "1 ", 0, 0)); /* blanks count */
    CHECK(!equal("a\n", "a\nb\n", 0, 0));
    CHECK(!equal("a", "", 0, 0));
    CHECK(!equal("1.", "1.x", 0, 0));
    CHECK(!equal("--1", "-1", 0, 0));
    CHECK(!equal("3e", "3f", 0.9, 0));
}

static void test_places(void)
{
    as_difference d = compare("# t 1\nx,y\n1,2\n3,4\n5,6\n", "# t 1\nx,y\n1,2\n3,4.5\n5,7\n", 1e-9, 0);
    CHECK(d.same == AS_NOT_SAME && d.differing == 2);
    CHECK(strcmp(d.where, "line 4, column y: '4' against '4.5'") == 0);
    d = compare("text\nno table 1\n", "text\nno table 2\n", 1e-9, 0);
    CHECK(strcmp(d.where, "line 2: '1' against '2'") == 0);
    d = compare("a\nb\nc\n", "a\n", 1e-9, 0);
    CHECK(strcmp(d.where, "the second ends after line 1, the other goes on") == 0);
}

static void test_bytes(void)
{
    static const unsigned char head[] = "\x89PNG\r\n\x1a\n";
    unsigned char one[64] = { 0 }, other[64] = { 0 };
    as_difference d;
    memcpy(one, head, 8);
    memcpy(other, head, 8);
    memcpy(one + 12, "iTXt", 4); /* no data, sum 0 */
    memcpy(other + 12, "iTXt", 4);
    one[16] = 1;
    memcpy(one + 24, "IDAT", 4);
    memcpy(other + 24, "IDAT", 4);
    CHECK(as_compare(as_scratch(ctx), one, 32, other, 32, 0, 0, &d) == AS_OK && d.same == AS_SAME_PICTURE);
    other[30] = 1;
    CHECK(as_compare(as_scratch(ctx), one, 32, other, 32, 0, 0, &d) == AS_OK && d.same == AS_NOT_SAME);
    CHECK(as_compare(as_scratch(ctx), one, 32, other, 31, 0, 0, &d) == AS_OK && d.same == AS_NOT_SAME);
    one[8] = 0xff; /* a length beyond the end */
    CHECK(as_compare(as_scratch(ctx), one, 32, other, 32, 0, 0, &d) == AS_OK && d.same == AS_NOT_SAME);
    CHECK(as_compare(as_scratch(ctx), one + 17, 3, one + 17, 2, 0, 0, &d) == AS_OK && d.same == AS_NOT_SAME);
}

int main(void)
{
    ctx = as_ctx_new(NULL, NULL);
    test_numbers();
    test_words();
    test_places();
    test_bytes();
    as_ctx_free(ctx);
    DONE();
}
