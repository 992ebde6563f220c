/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay help start, options, stream, units, status. */
#include <string.h>

#include "topics.h"

static const char *const start_also[] = { "options", "stream", "list", "init", NULL };
static const char *const options_also[] = { "units", "stream", NULL };
static const char *const stream_also[] = { "info", "convert", "results", "options", NULL };
static const char *const units_also[] = { "set", "convert-x", "convert-y", "options", NULL };
static const char *const status_also[] = { "check", "run", NULL };

const as_topic as_topics[] = {
    { "start",
      { .summary = "first steps",
        .description =
            "A pipeline begins with files, goes through operations and ends with a figure, a "
            "table or a stream. Every operation and figure takes instrument files directly: "
            "`read` is only needed for its own options.\n\n"
            "1. What is in the file: `assay info FILE`. 2. What can be done: `assay list`, or "
            "`assay help WORD` with a group (baseline, peaks, sorption ...) or any word. 3. One "
            "step after the other, joined by `|`. 4. A figure with `-o NAME.png`, the numbers "
            "with `info`, a table with `tabulate` and `convert`. 5. The same as a recipe: `assay "
            "init FILE...`.",
        .examples = (const as_example[]){
            { "what is in a file", "assay info tests/corpus/xrd/small.xy | head -5" },
            { "take the baseline off and draw",
              "assay baseline-arpls --subtract tests/corpus/raman/fluorescence.ecsv | assay "
              "plot -o spectrum.png" },
            { "find bands, print them as a table",
              "assay baseline-arpls --subtract tests/corpus/raman/fluorescence.ecsv | assay "
              "peaks --snr 20 | assay tabulate | assay convert --to markdown" },
            { 0 } },
        .see_also = start_also } },
    { "options",
      { .summary = "how options and their values are written",
        .description =
            "`--window 1.5deg` and `--window=1.5deg` are the same; options stand before or behind "
            "files; `--` ends them. -o is --output, -j --jobs, -h --help. A yes-or-no option is "
            "`--subtract` or `--no-subtract`. The page of a name shows the default in brackets, "
            "or that the option is required.\n\n"
            "NUMBER: 1.5, 2e-3; where the page names a unit, any unit of its dimension may "
            "follow: 0.1mm for um.\n\n"
            "LO:HI: a range, both ends in it; `4:` and `:25` are open at one end; a unit may "
            "follow each end. Several are joined by commas. Where numbers of series or cycles are "
            "asked for, one may stand alone: 0:3,7.\n\n"
            "WIDTH: along x in its unit, 1.5deg, or in points, 41pt; a bare number is points.\n\n"
            "COLUMN: a name such as intensity, or a role: x, y, sigma, baseline, model, mask.\n\n"
            "CHOICE: one of the words the page lists. TEXT: quote what holds blanks, brackets or "
            "stars. FILE: `-` is stdin.",
        .examples = (const as_example[]){
            { "a range in another unit", "assay crop --x 0.1rad:0.3rad tests/corpus/xrd/small.xy | tail -n 2" },
            { "a width in degrees",
              "assay baseline-snip --window 1.5deg --subtract tests/corpus/xrd/small.xy | tail "
              "-n 2" },
            { 0 } },
        .see_also = options_also } },
    { "stream",
      { .summary = "what stands between the pipes",
        .description =
            "Text: a header of lines with #, then rows of numbers behind the number of their "
            "series, then a line that says how many series there were, so that a cut stream is "
            "refused. It is an ECSV table, which astropy reads; awk and gnuplot skip the header. "
            "Metadata, units, results with uncertainties and every step so far travel in it.\n\n"
            "`info` shows a stream to people, `results` turns its results into rows, `convert` "
            "writes csv, xy, instrument formats, Markdown and LaTeX. docs/stream.md has the whole.",
        .examples = (const as_example[]){
            { "only the rows", "assay crop --x 10:10.2 tests/corpus/xrd/small.xy | grep -v '^#'" },
            { "csv for a spreadsheet", "assay convert --to csv tests/corpus/xrd/small.xy | head -3" },
            { 0 } },
        .see_also = stream_also } },
    { "units",
      { .summary = "units, and what to do where a file states none",
        .description =
            "Units are written as in cm-1, mmol/g, mA/cm2, kJ/mol, degC, um, %; 1 is a pure "
            "number. Values are converted within a dimension and refused across. A file that "
            "states no unit leaves none: supply it with `set` (metadata) or `calc --unit`. A "
            "value may carry its standard uncertainty behind ~.",
        .examples = (const as_example[]){
            { "metadata with unit and uncertainty",
              "assay set temperature=25degC thickness=38um~1um tests/corpus/xrd/small.xy | "
              "assay info | head -8" },
            { "counts in thousands",
              "assay calc 'intensity=intensity/1000' --unit count tests/corpus/xrd/small.xy | "
              "tail -n 2" },
            { 0 } },
        .see_also = units_also } },
    { "status",
      { .summary = "exit status, warnings and errors",
        .description =
            "0: right. 1: the answer is no (check, run --verify, diff, figure-check). 2: usage. "
            "3: bad, cut or unknown input. 4: a numeric method failed for some series; the others "
            "are written, with --keep-going the status is 0. 5: system or limit. 70: a bug.\n\n"
            "Messages go to stderr as FILE:LINE: error: what was found, what was expected. A "
            "warning also stays in the stream's results as a flag where it concerns a number. "
            "`--diagnostics json` is for programs.",
        .examples = (const as_example[]){
            { "for a script", "assay check tests/corpus/xrd/small.xy && echo whole" },
            { 0 } },
        .see_also = status_also } },
    { 0 }
};

const as_topic *as_topic_find(const char *name)
{
    for (const as_topic *t = as_topics; t->name; t++)
        if (strcmp(t->name, name) == 0) return t;
    return NULL;
}
