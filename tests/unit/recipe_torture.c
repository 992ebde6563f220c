/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes and claims changed at random, and read with every allocation failing in turn: each is
 * accepted or refused with a message, and nothing else happens.
 */
#include "check.h"
#include "recipe.h"

static const char recipe[] =
    "recipe: 1\n"
    "title: A test\n"
    "about: {doi: 10.1/2, authors: [{name: A}, {name: B}]}\n"
    "parameters: {lo: 4, top: '3'}\n"
    "inputs:\n"
    "  one: &one {file: ../a.xy, label: \"First \\u00e9 one\", set: {sample_length: 20 mm}}\n"
    "  two: {file: /b$(top).xy, read: --format delimited}\n"
    "steps:\n"
    "  late: {from: early, pipe: cat}\n"
    "  early:\n"
    "    from: [one, two]\n"
    "    pipe: >\n"
    "      crop --x $(lo):25 |\n"
    "      baseline-snip --window '1.5deg' --subtract\n"
    "figures:\n"
    "  f: {from: late, pipe: \"plot-stack --offset 1.1 --mark-hkl 111\", formats: [svg, pdf]}\n"
    "tables:\n"
    "  t: {from: [late, two]}\n"
    "claims:\n"
    "  - says: bigger\n"
    "    from: late\n"
    "    holds: one.\"111\".area > $(top) deg*count and not absent(two.a.area, below=1 % of "
    "one.a.area)\n"
    "    report: [mean(*.a.area over(cycle)), 'ratio(one.a.area, two.a.area) in %']\n"
    "    expect: not supported\n";

static const char claim[] =
    "within(one.a.area, 5.8~0.1 deg, tolerance=2 deg) or decreasing(*.\"a\".area, "
    "over(cycle)) and -1 < ln(two.0.a.area / 3 deg) <= sqrt(abs(max(*.a.area) / 1 deg))";

static uint64_t state = 1;
static uint32_t draw(uint32_t below) /* splitmix64 */
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 33) % below;
}

/* A few bytes changed, dropped, doubled or swapped for a piece from elsewhere. */
static size_t mutate(const char *from, size_t n, char *to, size_t room)
{
    static const char special[] = "{}[]:,'\"\\|>&*!%@#$()\n\t -.~<=0";
    memcpy(to, from, n);
    for (uint32_t left = 1 + draw(4); left > 0; left--) {
        const size_t at = draw((uint32_t)n), length = 1 + draw(12);
        const uint32_t what = draw(4);
        if (what == 0) to[at] = special[draw(sizeof special - 1)];
        if (what == 1) to[at] = (char)(1 + draw(255));
        if (what == 2 && at + length < n) {
            memmove(to + at, to + at + length, n - at - length);
            n -= length;
        }
        if (what == 3 && n + length < room) {
            const size_t piece = draw((uint32_t)(n - length));
            char copy[16];
            memcpy(copy, to + piece, length);
            memmove(to + at + length, to + at, n - at);
            memcpy(to + at, copy, length);
            n += length;
        }
    }
    to[n] = '\0';
    return n;
}

/* AS_ERR must come with a message. */
static void read_recipe(as_ctx *ctx, const char *text, size_t n)
{
    as_session s = { .ctx = ctx, .arena = as_scratch(ctx), .jobs = 1 };
    const as_input *in;
    as_recipe r;
    as_status status = as_input_of_bytes(ctx, "test.yaml", text, n, &in);
    if (status == AS_OK) status = as_recipe_read(ctx, as_scratch(ctx), in, NULL, &r);
    if (status == AS_OK) status = as_recipe_check(&s, &r);
    const bool said = status == AS_OK || (*as_pending_message(ctx) && as_pending(ctx) != AS_E_BUG);
    if (!said) printf("%s for:\n%.*s\n", as_pending_message(ctx), (int)n, text);
    CHECK(said);
}

static void read_claim(as_ctx *ctx, const char *text)
{
    as_table *t = as_table_new(ctx, 0);
    const as_result r = {
        .item = "a", .quantity = "area", .value = 3, .u = 0.1, .unit = as_unit_of("deg")
    };
    as_text source = as_text_of(text);
    as_expr *e;
    as_answer answer;
    if (t) t->name = "one";
    as_status status = t ? as_add_result(ctx, t, &r) : AS_ERR;
    const as_table *tables[1] = { t };
    if (status == AS_OK) status = as_claim_parse(ctx, as_scratch(ctx), &source, &e);
    if (status == AS_OK) status = as_claim_decide(ctx, as_scratch(ctx), e, 1, tables, &answer);
    CHECK(status == AS_OK || (*as_pending_message(ctx) && as_pending(ctx) != AS_E_BUG));
}

static void mutations(void)
{
    static char text[4096];
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    for (int i = 0; i < 4000; i++) {
        const as_frame frame = as_enter(ctx);
        if (i % 2)
            read_recipe(ctx, text, mutate(recipe, sizeof recipe - 1, text, sizeof text));
        else {
            mutate(claim, sizeof claim - 1, text, sizeof text);
            read_claim(ctx, text);
        }
        as_forget_error(ctx);
        as_leave(ctx, frame);
    }
    as_ctx_free(ctx);
}

/* Until the whole goes through: with the n-th allocation refused it is AS_E_NOMEM. */
static void refusals(bool of_claim)
{
    for (uint64_t n = 1; n < 20000; n += n < 300 ? 1 : 7) {
        as_ctx *ctx = as_ctx_new(NULL, NULL);
        as_ctx_fail_allocation(ctx, n);
        if (of_claim)
            read_claim(ctx, "one.a.area > 2 deg and within(one.a.area, 3~1 deg, 1 deg)");
        else
            read_recipe(ctx, recipe, sizeof recipe - 1);
        const bool refused = strstr(as_pending_message(ctx), "memory") != NULL;
        as_ctx_free(ctx);
        if (!refused) {
            CHECK(n > 10);
            return;
        }
    }
    CHECK(!"it never goes through");
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    read_recipe(ctx, recipe, sizeof recipe - 1);
    CHECK(strcmp(as_pending_message(ctx), "a function failed without saying why") ==
          0); /* nothing pending */
    as_ctx_free(ctx);
    refusals(true);
    refusals(false);
    mutations();
    DONE();
}
