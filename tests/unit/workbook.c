/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbooks: cells by address, tables by sheet. The .xls part reads a file of the shared corpus. */
#include "check.h"
#include "detect.h"
#include "workbook.h"

static void cells(as_ctx *ctx)
{
    const as_input *in;
    as_sheet *s;
    size_t n = 0, row, column;
    CHECK(as_input_open(ctx, "tests/corpus/generic/source-data.xlsx", &in) == AS_OK);
    CHECK(as_workbook_read(ctx, in, &s, &n) == AS_OK && n == 3);
    if (n != 3) return;
    const as_sheet *fig = as_sheet_named(s, n, "fig 3a");
    CHECK(fig && strcmp(as_sheet_text(fig, 1, 2), "Mass") == 0);
    CHECK(fig && as_sheet_number(fig, 3, 1) == 30 && isnan(as_sheet_number(fig, 1, 1)));
    CHECK(fig && as_sheet_text(fig, 99, 1)[0] == '\0' && isnan(as_sheet_number(fig, 3, 9)));
    CHECK(as_sheet_named(s, n, "none") == NULL);
    CHECK(as_cell_name("AB12", &row, &column) && row == 12 && column == 28);
    CHECK(!as_cell_name("12", &row, &column) && !as_cell_name("A", &row, &column));
    CHECK(!as_cell_name("ZZZZ1", &row, &column) && !as_cell_name("A1:", &row, &column));
}

static as_collection tables(as_ctx *ctx, const char *path, const char *option)
{
    const as_input *in;
    as_collection all = { 0 };
    const as_word word = { .text = option };
    const as_read_options how = { .words = &word, .n_words = option != NULL };
    if (as_input_open(ctx, path, &in) != AS_OK || as_read_all(ctx, in, &how, &all) != AS_OK)
        all.n = 0;
    return all;
}

static void sheets(as_ctx *ctx)
{
    static const char path[] = "tests/corpus/generic/source-data.xlsx";
    as_collection all = tables(ctx, path, NULL);
    CHECK(all.n == 4);
    if (all.n != 4) return;
    CHECK(strcmp(as_part_name(all.t[0]), "Fig 2b") == 0);
    CHECK(strcmp(all.t[1]->label, "Activated MOF") == 0 && all.t[2]->rows == 10);
    CHECK(strcmp(all.t[3]->technique, "thermal") == 0);
    all = tables(ctx, path, "--sheet=2");
    CHECK(all.n == 1 && strcmp(as_part_name(all.t[0]), "Fig 3a") == 0);
    all = tables(ctx, path, "--range=C4:D8");
    CHECK(all.n == 1 && all.t[0]->rows == 4);
    all = tables(ctx, path, "--sheet=none");
    CHECK(all.n == 0 && as_pending(ctx) == AS_E_MISSING);
    all = tables(ctx, path, "--range=D8:C4");
    CHECK(all.n == 0 && as_pending(ctx) == AS_E_USAGE);
    as_forget_error(ctx);
}

static void old_workbook(as_ctx *ctx)
{
    const char *shared = getenv("ASSAY_SHARED");
    const as_input *in;
    const char *path = as_format(as_scratch(ctx), "%s/corpus/sorption/generic-xls/generic.xls",
                                 shared ? shared : ".");
    if (as_input_open(ctx, path, &in) != AS_OK) {
        as_forget_error(ctx);
        printf("no shared corpus: .xls not tested\n");
        return;
    }
    const as_collection all = tables(ctx, path, NULL);
    CHECK(all.n == 1 && all.t[0]->rows == 27);
    if (all.n != 1) return;
    NEAR(all.t[0]->column[0]->v.f[0], 0.155838709677, 1e-9);
    NEAR(all.t[0]->column[1]->v.f[26], 11.199293307, 1e-9);
    CHECK(strcmp(all.t[0]->technique, "sorption") == 0);
}

int main(void)
{
    as_ctx *ctx = as_ctx_new(NULL, NULL);
    const as_frame frame = as_enter(ctx);
    cells(ctx);
    sheets(ctx);
    old_workbook(ctx);
    as_leave(ctx, frame);
    as_ctx_free(ctx);
    DONE();
}
