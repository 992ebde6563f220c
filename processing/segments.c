/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segments: a temperature programme cut into its heatings, coolings and holds, so that "the second
 * heating" can be asked for. The instrument's own numbers decide where the file has them; else the
 * slope of temperature against time does.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "linear_fit.h"
#include "op.h"

typedef struct {
    as_texts pick;
    int source;
    double window, rate, least;
} segments_settings;

enum { AUTO, OF_FILE, OF_SLOPE };

static const as_choice sources[] = { { "auto", AUTO, "the file's numbers, else the slope" },
                                     { "file", OF_FILE, "the column segment" },
                                     { "slope", OF_SLOPE, "of temperature against time" },
                                     { 0 } };
static const as_param params[] = {
    AS_TEXTS(
        segments_settings, pick, "pick", "",
        "which: a number, heating, cooling, isothermal, or one of them by its number: 'heating 2'"),
    AS_CHOICE(segments_settings, source, "by", "auto", sources, "what tells segments apart"),
    AS_DOUBLE(segments_settings, window, "window", "1", 0, 1e6, "min",
              "over which the slope is taken"),
    AS_DOUBLE(segments_settings, rate, "rate", "0.5", 0, 1e6, "K/min",
              "below it the temperature is held"),
    AS_DOUBLE(segments_settings, least, "least", "2", 0, 1e6, "min",
              "shorter pieces belong to the one before"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "K", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "s", .help = "since the start" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_META, .name = "segment", .help = "heating 1, isothermal 1, heating 2 ..." },
    { .kind = AS_NEED_META,
      .name = "heating_rate",
      .unit = "K/min",
      .help = "mean slope; negative when cooling" },
    { 0 }
};

typedef enum { HOLD, HEATING, COOLING } direction;
static const char *const direction_names[] = { "isothermal", "heating", "cooling" };

typedef struct segment {
    size_t begin, end;
    direction way;
    double slope, u; /* K/min */
} segment;

typedef struct programme {
    size_t n, n_segments;
    double *minutes, *kelvins;
    segment *segment;
} programme;

/* The slope over `window` minutes around each row, towards the ends over what is there; rows without a
 * temperature, as at the begin of TRIOS' runs, go by those that have one. False: there are none. */
static bool direction_at(const programme *p, size_t i, const segments_settings *set, direction *out)
{
    const double window = set->window, rate = set->rate;
    size_t a = i, b = i;
    while (a > 0 && p->minutes[i] - p->minutes[a] < window / 2) a--;
    while (b + 1 < p->n && p->minutes[b] - p->minutes[i] < window / 2) b++;
    while (a < b && isnan(p->kelvins[a])) a++;
    while (b > a && isnan(p->kelvins[b])) b--;
    const double slope = (p->kelvins[b] - p->kelvins[a]) / (p->minutes[b] - p->minutes[a]);
    if (isnan(slope)) return false;
    *out = slope > rate ? HEATING : slope < -rate ? COOLING : HOLD;
    return true;
}

/* Appends rows [begin, end); a piece shorter than `least` goes to the one before. */
static void add_piece(programme *p, size_t begin, size_t end, direction way, double least)
{
    segment *last = p->n_segments ? &p->segment[p->n_segments - 1] : NULL;
    const bool short_one = p->minutes[end - 1] - p->minutes[begin] < least;
    if (last && (last->way == way || short_one)) {
        last->end = end;
        return;
    }
    p->segment[p->n_segments++] = (segment){ .begin = begin, .end = end, .way = way };
}

static void cut_by_slope(programme *p, const segments_settings *set)
{
    size_t begin = 0, known = 0;
    direction way = HOLD, now;
    while (known < p->n && !direction_at(p, known, set, &way)) known++;
    for (size_t i = known + 1; i < p->n; i++) {
        if (!direction_at(p, i, set, &now) || now == way) continue;
        add_piece(p, begin, i, way, set->least);
        begin = i;
        way = now;
    }
    add_piece(p, begin, p->n, way, set->least);
}

static void cut_by_number(programme *p, const double *number)
{
    for (size_t i = 0; i < p->n; i++) {
        const bool same = i > 0 && (number[i] == number[i - 1] || isnan(number[i]));
        if (same)
            p->segment[p->n_segments - 1].end = i + 1;
        else
            p->segment[p->n_segments++] = (segment){ .begin = i, .end = i + 1 };
    }
}

/* The mean slope and, where the file numbered the segments, which way it goes. */
static as_status find_slope(as_ctx *ctx, const programme *p, segment *s, double rate, bool numbered)
{
    size_t n = 0;
    as_linear_fit fit;
    s->slope = s->u = NAN;
    double *shifted = AS_NEW_N(as_scratch(ctx), double, s->end - s->begin);
    double *kelvins = AS_NEW_N(as_scratch(ctx), double, s->end - s->begin);
    if (!shifted || !kelvins) return AS_ERR;
    for (size_t i = s->begin; i < s->end; i++) {
        if (isnan(p->kelvins[i])) continue;
        shifted[n] = p->minutes[i] - p->minutes[s->begin];
        kelvins[n++] = p->kelvins[i];
    }
    if (n < 3) return AS_OK;
    if (as_fit_polynomial(ctx, as_scratch(ctx), n, 1, shifted, kelvins, NULL, false, &fit) != AS_OK) {
        as_forget_error(ctx); /* all at one time */
        return AS_OK;
    }
    s->slope = fit.p[1];
    s->u = fit.u[1];
    if (numbered) s->way = s->slope > rate ? HEATING : s->slope < -rate ? COOLING : HOLD;
    return AS_OK;
}

static as_status programme_of(as_ctx *ctx, const as_table *t, const segments_settings *set,
                              programme *p)
{
    const as_column *temperature = as_need_column(ctx, t, "temperature"),
                    *time = as_need_column(ctx, t, "time");
    const as_column *number = as_find_name(t, "segment");
    const as_unit kelvin = as_unit_of("K"), minute = as_unit_of("min");
    if (!temperature || !time) return AS_ERR;
    const bool numbered = set->source != OF_SLOPE && number && number->type == AS_F64;
    if (set->source == OF_FILE && !numbered)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "the file numbers no segments: no column segment; try --by slope");
    *p = (programme){ .n = t->rows };
    p->minutes = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    p->kelvins = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    p->segment = AS_NEW_N(as_scratch(ctx), segment, t->rows + 1);
    if (!p->minutes || !p->kelvins || !p->segment) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        p->minutes[i] = as_unit_convert(time->v.f[i], &time->unit, &minute);
        p->kelvins[i] = as_unit_convert(temperature->v.f[i], &temperature->unit, &kelvin);
        if (i && !(p->minutes[i] >= p->minutes[i - 1]))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "time runs backwards at row %zu: a programme cannot be cut", i + 1);
    }
    if (p->n == 0) return AS_OK;
    if (numbered)
        cut_by_number(p, number->v.f);
    else
        cut_by_slope(p, set);
    for (size_t i = 0; i < p->n_segments; i++)
        AS_TRY(find_slope(ctx, p, &p->segment[i], set->rate, numbered));
    return AS_OK;
}

static bool wanted(const as_texts *pick, size_t number, const char *name, direction way)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    for (size_t i = 0; i < pick->n; i++)
        if (strcmp(pick->v[i], name) == 0 || strcmp(pick->v[i], direction_names[way]) == 0 ||
            strcmp(pick->v[i], digits) == 0)
            return true;
    return pick->n == 0;
}

static as_status copy_columns(as_ctx *ctx, const as_table *from, const segment *s, as_table *to)
{
    for (size_t c = 0; c < from->n_columns; c++) {
        const as_column *old = from->column[c];
        const bool number = old->type == AS_F64;
        as_column *now = number ? as_add_column(ctx, to, old->name, old->role, old->unit)
                                : as_add_text(ctx, to, old->name, old->role);
        if (!now) return AS_ERR;
        now->label = old->label ? as_strdup(to->arena, old->label) : NULL;
        for (size_t i = 0; i < to->rows && number; i++) now->v.f[i] = old->v.f[s->begin + i];
        for (size_t i = 0; i < to->rows && !number; i++)
            now->v.s[i] =
                old->v.s[s->begin + i] ? as_strdup(to->arena, old->v.s[s->begin + i]) : NULL;
    }
    return AS_OK;
}

/* Only holds are asked for: over a temperature that stands still nothing can be drawn. All series
 * of a stream have one x. */
static bool only_holds(const as_texts *pick)
{
    bool only = pick->n > 0;
    for (size_t i = 0; i < pick->n; i++) only = only && strncmp(pick->v[i], "isothermal", 10) == 0;
    return only;
}

static void set_x(as_table *t, bool time)
{
    as_column *x = as_find_name(t, time ? "time" : "temperature");
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i]->role == AS_ROLE_X) t->column[i]->role = AS_ROLE_OTHER;
    if (x->role != AS_ROLE_Y) x->role = AS_ROLE_X;
}

static as_status emit(as_run *run, const as_table *from, const segment *s, const char *name)
{
    as_ctx *ctx = run->ctx;
    as_table *t = as_table_derive(ctx, from, s->end - s->begin);
    if (!t) return AS_ERR;
    AS_TRY(copy_columns(ctx, from, s, t));
    set_x(t, only_holds(&((const segments_settings *)run->settings)->pick));
    AS_TRY(as_set_meta(ctx, t, "segment", name, NULL, NULL));
    if (s->way == HOLD && as_get_meta(t, "heating_rate")) AS_TRY(as_drop_meta(t, "heating_rate"));
    if (isfinite(s->slope) && s->way != HOLD)
        AS_TRY(as_set_number(ctx, t, "heating_rate", s->slope, s->u, as_unit_of("K/min"), NULL));
    t->label = as_format(t->arena, "%s, %s",
                         from->label  ? from->label
                         : from->name ? from->name
                                      : "series",
                         name);
    return t->label ? as_emit(run->out, ctx, t) : AS_ERR;
}

static as_status series(as_run *run, as_table *owned)
{
    const segments_settings *set = run->settings;
    programme p;
    size_t count[3] = { 0, 0, 0 }, sent = 0;
    AS_TRY(programme_of(run->ctx, owned, set, &p));
    const char *all = "";
    for (size_t i = 0; i < p.n_segments; i++) {
        const segment *s = &p.segment[i];
        const char *name =
            as_format(as_scratch(run->ctx), "%s %zu", direction_names[s->way], ++count[s->way]);
        all = name && all ? as_format(as_scratch(run->ctx), "%s%s%s", all, i ? ", " : "", name)
                          : NULL;
        if (!name || !all) return AS_ERR;
        if (!wanted(&set->pick, i + 1, name, s->way)) continue;
        AS_TRY(emit(run, owned, s, name));
        sent++;
    }
    if (sent) return AS_OK;
    return as_fail(run->ctx, AS_E_MISSING, NULL, "no segment is called '%s'; there are: %s",
                   set->pick.n ? set->pick.v[0] : "", *all ? all : "none");
}

static const as_example examples[] = {
    { "heating, hold and cooling of one run as series",
      "assay segments tests/corpus/thermal/programme.csv" },
    { "the second heating of a DSC run",
      "assay segments --pick 'heating 2' tests/corpus/thermal/programme.csv" },
    { 0 }
};
static const char *const see_also[] = { "thermal-steps", "dsc-peak", "glass-transition", "crop",
                                        NULL };

const as_op as_op_segments = {
    .name = "segments",
    .group = "thermal",
    .effect = AS_DERIVES,
    .settings_size = sizeof(segments_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "cut a temperature programme into heatings, coolings and holds",
             .description = "Each segment becomes a series, named by what it does and its number: "
                            "heating 1, isothermal 1, "
                            "heating 2. Its x is temperature, or time where only holds are picked; "
                            "both columns stay. Where the "
                            "file numbers its segments that decides; else the slope of temperature "
                            "against time over `--window`: below `--rate` "
                            "the temperature is held, and pieces shorter than `--least` belong to "
                            "the one before. "
                            "`heating_rate` is the slope of a straight line through the segment, "
                            "with its uncertainty.",
             .examples = examples,
             .see_also = see_also },
};
