/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters: option text to settings and back, units, near misses, and every descriptor's own
 * defaults. */
#include "check.h"
#include "figure.h"
#include "op.h"
#include "parser.h"

typedef struct {
    double rate;
    int count, shape;
    bool fast, smooth;
    const char *text;
    as_texts many;
    as_list list;
    as_range x;
    as_ranges mask;
    as_width window;
} sample;

static const as_choice shapes[] = { { "round", 1, "r" }, { "square", 2, "s" }, { 0 } };
static const as_param params[] = {
    AS_DOUBLE(sample, rate, "rate", "10", 0, 100, "K/min", "heating rate"),
    AS_INT(sample, count, "count", "3", 1, 9, "how many"),
    AS_BOOL(sample, fast, "fast", "no", "fast"),
    AS_BOOL(sample, smooth, "smooth", "yes", "smooth"),
    AS_CHOICE(sample, shape, "shape", "round", shapes, "shape"),
    AS_STRING(sample, text, "text", "", "text"),
    AS_TEXTS(sample, many, "many", "one", "many"),
    AS_LIST(sample, list, "list", "1,2", "nm", "list"),
    AS_RANGE(sample, x, "x", "", NULL, "range"),
    AS_RANGES(sample, mask, "mask", "", "cm-1", "ranges"),
    AS_WIDTH(sample, window, "window", "41pt", "width"),
    AS_PARAMS_END
};

static as_ctx *ctx;

static as_status fill(sample *s, const char *const *texts)
{
    as_word words[16] = { { 0 } };
    size_t n = 0;
    for (; texts[n]; n++) words[n].text = texts[n];
    *s = (sample){ 0 };
    return as_settings_read(ctx, as_scratch(ctx), params, n, words, NULL, s);
}

static bool refused(const char *const *texts, const char *says)
{
    sample s;
    if (fill(&s, texts) == AS_OK) return false;
    const bool right = as_pending(ctx) == AS_E_USAGE && strstr(as_pending_message(ctx), says);
    if (!right) printf("message: %s\n", as_pending_message(ctx));
    as_forget_error(ctx);
    return right;
}
#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void values(void)
{
    sample s;
    CHECK(fill(&s, (const char *const[]){ NULL }) == AS_OK);
    CHECK(s.rate == 10 && s.count == 3 && !s.fast && s.smooth && s.shape == 1 && !s.text && s.many.n == 1);
    CHECK(s.list.n == 2 && s.x.lo == 0 && s.mask.n == 0 && s.window.points && s.window.value == 41);
    CHECK(fill(&s, WORDS("--rate", "0.5K/s", "--count=4", "--fast", "--no-smooth", "--shape", "square", "--many", "a",
                         "--many", "b")) == AS_OK);
    CHECK(s.rate == 30 && s.count == 4 && s.fast && !s.smooth && s.shape == 2 && s.many.n == 2);
    CHECK(fill(&s, WORDS("--list", "1,2.5um", "--x", ":25deg", "--mask", "700:730,750/cm:", "--window", "1.5deg")) == AS_OK);
    CHECK(s.list.v[1] == 2500 && s.x.lo == -INFINITY && s.x.hi == 25 && strcmp(s.x.unit.symbol, "deg") == 0);
    CHECK(s.mask.n == 2 && s.mask.v[1].lo == 750 && s.mask.v[1].hi == INFINITY && !s.window.points);
}

static void refusals(void)
{
    CHECK(refused(WORDS("--rate", "fast"), "not a number"));
    CHECK(refused(WORDS("--rate", "101"), "outside 0 ... 100 K/min"));
    CHECK(refused(WORDS("--rate", "5nm"), "unit 'nm' does not fit"));
    CHECK(refused(WORDS("--count", "2.5"), "not a whole number"));
    CHECK(refused(WORDS("--shape", "rund"), "did you mean round?"));
    CHECK(refused(WORDS("--windw", "3pt"), "did you mean --window?"));
    CHECK(refused(WORDS("--x", "5"), "not a range"));
    CHECK(refused(WORDS("--x", "9:5"), "lo below hi"));
    CHECK(refused(WORDS("--window", "0pt"), "above zero"));
    CHECK(refused(WORDS("--count"), "expects a value"));
}

/* What settings say of themselves reads back as the same settings. */
static void repeats(void)
{
    sample s, again = { 0 };
    CHECK(fill(&s, WORDS("--rate", "0.1", "--text", "it's", "--x", "4:25", "--mask", "1:2,3:", "--fast")) == AS_OK);
    const char *text = as_settings_text(as_scratch(ctx), params, &s);
    CHECK(text != NULL);
    CHECK(strstr(text, "--text 'it'\\''s'") != NULL);
    CHECK(strcmp(text, "--rate 0.1K/min --count 3 --fast --smooth --shape round --text 'it'\\''s' --many one "
                       "--list 1nm,2nm --x 4:25 --mask 1cm-1:2cm-1,3cm-1: --window 41pt") == 0);
    CHECK(fill(&again, WORDS("--rate", "0.1K/min", "--text", "it's", "--x", "4:25", "--mask", "1cm-1:2cm-1,3cm-1:",
                             "--fast", "--list", "1nm,2nm")) == AS_OK);
    CHECK(strcmp(as_settings_text(as_scratch(ctx), params, &again), text) == 0);
}

/* Every descriptor's defaults are legal, its options have help without a full stop. */
static void one_descriptor(const char *name, const as_param *p, size_t size, const as_doc *doc,
                           bool needs_example)
{
    bool required = false;
    for (const as_param *q = p; q && q->name; q++) {
        required |= !q->def;
        const size_t n = strlen(q->help);
        if (n == 0 || q->help[n - 1] == '.') printf("%s --%s: help '%s'\n", name, q->name, q->help);
        CHECK(n > 0 && q->help[n - 1] != '.');
        CHECK(!q->unit || !as_unit_of(q->unit).opaque);
        for (const as_param *r = p; r < q; r++) CHECK(strcmp(r->name, q->name) != 0);
    }
    const bool has_example = doc->examples && doc->examples->what;
    if (!doc->summary || (needs_example && !has_example)) printf("%s: no summary or no example\n", name);
    CHECK(doc->summary && (has_example || !needs_example));
    for (const char *const *s = doc->see_also; s && *s; s++) {
        /* verbs live in cmd/, which this test does not link: only operations, figures and formats */
        CHECK(strlen(*s) > 0);
    }
    void *settings = as_alloc(as_scratch(ctx), 1, size + 1);
    const as_status status = as_settings_read(ctx, as_scratch(ctx), p, 0, NULL, NULL, settings);
    if (status != AS_OK && !required) printf("%s: %s\n", name, as_pending_message(ctx));
    CHECK(status == AS_OK || (required && as_pending(ctx) == AS_E_USAGE));
    as_forget_error(ctx);
}

int main(void)
{
    static const as_param none[] = { AS_PARAMS_END };
    ctx = as_ctx_new(NULL, NULL);
    values();
    refusals();
    repeats();
    for (size_t i = 0; as_ops[i]; i++)
        one_descriptor(as_ops[i]->name, as_ops[i]->params ? as_ops[i]->params : none, as_ops[i]->settings_size, &as_ops[i]->doc, true);
    for (size_t i = 0; as_figures[i]; i++)
        one_descriptor(as_figures[i]->name, as_figures[i]->params ? as_figures[i]->params : none,
                       as_figures[i]->settings_size, &as_figures[i]->doc, true);
    for (size_t i = 0; as_parsers[i]; i++)
        one_descriptor(as_parsers[i]->name, as_parsers[i]->params ? as_parsers[i]->params : none,
                       as_parsers[i]->settings_size, &as_parsers[i]->doc, false); /* a binary format may have no small file */
    as_ctx_free(ctx);
    DONE();
}
