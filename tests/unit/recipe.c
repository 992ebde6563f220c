/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes: what is read, and where each mistake is pointed at. */
#include "check.h"
#include "recipe.h"

static as_ctx *ctx;
static as_where last;
static char last_message[2048], last_line[512];

static void catch (void *user, as_severity severity, as_code code, const as_where *where,
                   const char *message, const char *const *chain, size_t n_chain)
{
    (void)user, (void)severity, (void)code, (void)chain, (void)n_chain;
    last = where ? *where : (as_where){ 0 };
    (void)snprintf(last_message, sizeof last_message, "%s", message);
    (void)snprintf(last_line, sizeof last_line, "%s",
                   where && where->line_text ? where->line_text : "");
}

static as_session session;

static as_status load(const char *text, const as_variables *set, as_recipe *r)
{
    const as_input *in;
    AS_TRY(as_input_of_bytes(ctx, "dir/test.yaml", text, strlen(text), &in));
    AS_TRY(as_recipe_read(ctx, as_scratch(ctx), in, set, r));
    return as_recipe_check(&session, r);
}

static void refused(const char *text, unsigned line, unsigned column, const char *why)
{
    as_recipe r;
    if (load(text, NULL, &r) == AS_OK) {
        printf("accepted:\n%s\n", text);
        CHECK(false);
        return;
    }
    const as_code code = as_pending(ctx);
    as_flush_error(ctx);
    const bool good = code == AS_E_USAGE && last.line == line && last.column == column &&
                      strstr(last_message, why);
    if (!good)
        printf("class %d at %u:%u: %s\n  |%s\n  expected %u:%u %s\n", (int)code, last.line,
               last.column, last_message, last_line, line, column, why);
    CHECK(good);
}

static const char whole[] =
    "recipe: 1\n"
    "title: A test\n"
    "about: {doi: 10.1/2, authors: [{name: A}, {name: B}]}\n"
    "parameters: {lo: 4, top: '3'}\n"
    "inputs:\n"
    "  one: {file: ../a.xy, label: First one, set: {sample_length: 20 mm}, read: --format xy}\n"
    "  two: {file: /b$(top).xy}\n"
    "steps:\n"
    "  late: {from: early, pipe: cat}\n"
    "  early:\n"
    "    from: [one, two]\n"
    "    pipe: >\n"
    "      crop --x $(lo):25 |\n"
    "      cat\n"
    "tables:\n"
    "  t: {from: late}\n"
    "claims:\n"
    "  - says: bigger\n"
    "    from: late\n"
    "    holds: one.\"111\".area > $(top) deg*count\n"
    "    report: [one.a.area, 'ratio(one.a.area, two.a.area) in %']\n"
    "    stated: 5 nm\n"
    "    expect: not supported\n";

static void reads_all(void)
{
    as_recipe r;
    const as_variable change = { "lo", "6" };
    const as_variables set = { 1, &change };
    CHECK(load(whole, &set, &r) == AS_OK);
    CHECK(strcmp(r.slug, "test") == 0 && strcmp(r.title, "A test") == 0);
    CHECK(r.about.n == 3 && strcmp(r.about.v[2].name, "authors.1.name") == 0 &&
          strcmp(r.about.v[2].value, "B") == 0);
    CHECK(r.n_inputs == 2 && r.n_steps == 2 && r.n_tables == 1 && r.n_claims == 1);
    CHECK(strcmp(r.input[0].file, "dir/../a.xy") == 0 && strcmp(r.input[1].file, "/b3.xy") == 0);
    CHECK(strcmp(r.input[0].label, "First one") == 0 &&
          strcmp(r.input[0].set[0].text, "sample_length=20 mm") == 0);
    CHECK(r.input[0].n_read == 2 && strcmp(r.input[0].read[1].text, "xy") == 0 &&
          r.input[0].read[1].where.column == 86);
    CHECK(strcmp(r.step[0].name, "early") == 0 &&
          strcmp(r.step[1].name, "late") == 0); /* put in order */
    CHECK(r.step[0].n_stages == 2 && strcmp(r.step[0].stage[0].word[2].text, "6:25") == 0);
    CHECK(r.step[0].stage[0].word[0].where.line == 13 &&
          r.step[0].stage[0].word[0].where.column == 7);
    CHECK(r.step[0].stage[1].word[0].where.line == 14 && r.step[0].wanted && r.step[1].wanted);
    CHECK(r.table[0].n_formats == 2 && r.table[0].n_stages == 0);
    CHECK(strcmp(r.claim[0].holds.s, "one.\"111\".area > 3 deg*count") == 0 &&
          r.claim[0].expect == AS_NOT_SUPPORTED);
    CHECK(r.claim[0].n_report == 2 && strcmp(r.claim[0].stated, "5 nm") == 0);
}

#define HEAD "recipe: 1\ninputs:\n  one: {file: a.xy}\n"
#define TAIL "tables: {t: {from: one}}\n"

static void yaml_errors(void)
{
    refused("", 0, 0, "empty");
    refused("recipe: [1\n", 2, 1, "did not find expected");
    refused("recipe: 1\n\tinputs: 2\n", 2, 1, "tabs");
    refused("- 1\n", 1, 1, "recipe is a list, expected a mapping");
    refused("recipe: 1\n--- \nrecipe: 1\n", 3, 1, "second document");
    refused("inputs: {}\n", 1, 1, "'recipe: 1' is missing");
    refused("recipe: 2\n", 1, 9, "recipe is '2', expected 1");
    refused("recipe: 1\ninput: {}\n", 2, 1, "did you mean 'inputs'?");
    refused("recipe: 1\nfoo: {}\n", 2, 1,
            "a recipe has no key 'foo', expected one of recipe, title");
    refused("recipe: 1\ninputs: {}\ninputs: {}\n", 3, 1, "stands here again (first in line 2)");
    refused("recipe: 1\ninputs: x\n", 2, 9, "inputs is text, expected a mapping");
    refused("recipe: 1\ninputs:\nsteps: {}\n", 2, 8, "inputs is empty, expected a mapping");
    refused("recipe: 1\ninputs: {one: {file: [a]}}\n", 2, 22, "file is a list, expected text");
    refused("recipe: 1\ninputs: {one: {label: x}}\n", 2, 15, "has one of the keys 'file' and 'each'");
    refused("recipe: 1\ninputs: {one: {file: x, lable: y}}\n", 2, 25, "did you mean 'label'?");
    refused("recipe: 1\ninputs: {2b: {file: x}}\n", 2, 10, "cannot name an input");
    refused("recipe: 1\ninputs: {a: {file: x}, a: {file: y}}\n", 2, 24, "stands here again");
    refused("recipe: 1\ninputs: {a: {file: x, set: {b: [1]}}}\n", 2, 32,
            "b is a list, expected text");
    refused("recipe: 1\ninputs: {a: {file: x$(y)}}\n", 2, 21, "no parameter 'y'");
    refused("recipe: 1\nparameters: {a: [1]}\n", 2, 17, "is not text");
    refused("recipe: 1\nabout: &a {b: *a}\n", 2, 8, "nested too deeply");
    refused("recipe: 1\nclaims: {a: b}\n", 2, 9, "claims is a mapping, expected a list");
    refused("recipe: 1\nclaims: [a]\n", 2, 10, "claim is text, expected a mapping");
}

static void graph_errors(void)
{
    refused(HEAD, 0, 0, "makes nothing");
    refused(HEAD "tables: {t: {from: [one, one]}}\n", 4, 26, "twice");
    refused(HEAD "tables: {t: {from: onne}}\n", 4, 20,
            "no input or step 'onne'; did you mean 'one'?");
    refused(HEAD "tables: {t: {from: xyz}}\n", 4, 20, "(there is: one)");
    refused(HEAD "tables: {t: {from: one}, u: {from: t}}\n", 4, 36, "'t' is a figure or table");
    refused(HEAD "steps: {one: {from: one, pipe: cat}}\n" TAIL, 4, 9,
            "has the name of an input (line 3)");
    refused(
        HEAD
        "steps: {a: {from: b, pipe: cat}, b: {from: c, pipe: cat}, c: {from: b, pipe: cat}}\n" TAIL,
        4, 34, "in a circle: b <- c <- b");
    refused(HEAD "steps: {a: {from: a, pipe: cat}}\n" TAIL, 4, 9, "in a circle: a <- a");
    refused(HEAD "tables: {t: {from: one, formats: [csv, csv]}}\n", 4, 40, "stands here twice");
    refused(HEAD "tables: {t: {from: one, formats: cvs}}\n", 4, 34,
            "formats is 'cvs', expected one of csv, tsv, ecsv");
    refused(HEAD "figures: {f: {from: one, formats: jpg, pipe: plot-lines}}\n", 4, 35,
            "expected one of svg, pdf, png");
}

static void stage_errors(void)
{
    refused(HEAD "tables: {t: {from: one, pipe: corp --x 1:2}}\n", 4, 31,
            "no operation 'corp'; did you mean 'crop'?");
    refused(HEAD "tables: {t: {from: one, pipe: frobnicate}}\n", 4, 31,
            "no operation 'frobnicate'");
    refused(HEAD "tables: {t: {from: one, pipe: read a.xy}}\n", 4, 31,
            "files are read by `inputs:`");
    refused(HEAD "tables: {t: {from: one, pipe: crop --y 1:2}}\n", 4, 36, "--y");
    refused(HEAD "tables: {t: {from: one, pipe: crop --x 1:abc}}\n", 4, 40, "abc");
    refused(HEAD "tables: {t: {from: one, pipe: crop --x 1:2 b.xy}}\n", 4, 44, "found 'b.xy'");
    refused(HEAD "tables: {t: {from: one, pipe: 'crop --x 1:2 | > x'}}\n", 4, 47, "redirections");
    refused(HEAD "tables: {t: {from: one, pipe: plot-lines}}\n", 4, 31,
            "only the last stage of a figure");
    refused(HEAD "figures: {f: {from: one, pipe: plot-lines | cat}}\n", 4, 32,
            "only the last stage");
    refused(HEAD "figures: {f: {from: one, pipe: cat}}\n", 4, 32, "draws nothing");
    refused(HEAD "figures: {f: {from: one, pipe: plot-liens}}\n", 4, 32,
            "did you mean 'plot-lines'?");
    refused(HEAD "figures: {f: {from: one, pipe: plot-lines --frob 1}}\n", 4, 43, "--frob");
    refused(HEAD "tables:\n  t:\n    from: one\n    pipe: |\n      cat |\n      crop --z 1\n", 9,
            12, "--z");
    refused(HEAD "tables:\n  t:\n    from: one\n    pipe: \"cat | \\\n      crop --z 1\"\n", 8, 12,
            "--z");
}

static void claim_errors(void)
{
    refused(HEAD "claims: [{says: x, from: one, holds: 1 > }]\n", 4, 41, "ends here");
    refused(HEAD "claims: [{says: x, from: one, holds: one.a.b + 1}]\n", 4, 38, "this is a number");
    refused(HEAD "claims: [{says: x, from: one, holds: 'onne.a.b > 1'}]\n", 4, 39,
            "did you mean 'one'?");
    refused(HEAD "claims: [{says: x, from: one, holds: two.a.b > 1}]\n", 4, 38,
            "no series 'two' comes in here");
    refused(HEAD "claims: [{says: x, from: one, holds: 1 > 0, report: [one.a]}]\n", 4, 54,
            "expected series.item");
    refused(HEAD "claims: [{says: x, from: one, holds: 1 > 0, expect: yes}]\n", 4, 53,
            "expected one of supported");
    refused(HEAD "claims:\n  - says: x\n    from: one\n    holds: >\n      1 > 0 and\n      "
                 "detect(one.a.b)\n",
            9, 7, "did you mean 'detected'?");
    refused(HEAD "claims:\n  - says: µ µ\n    from: one\n    holds: 'one.\"µ\".b > 1 and µ'\n", 7,
            32, "found 'µ'");
}

int main(void)
{
    ctx = as_ctx_new(catch, NULL);
    session = (as_session){ .ctx = ctx, .arena = as_scratch(ctx), .jobs = 1 };
    reads_all();
    yaml_errors();
    graph_errors();
    stage_errors();
    claim_errors();
    as_recipe r;
    const as_variable change = { "lou", "6" };
    const as_variables set = { 1, &change };
    CHECK(load(whole, &set, &r) == AS_ERR && strstr(as_pending_message(ctx), "did you mean 'lo'?"));
    as_ctx_free(ctx);
    DONE();
}
