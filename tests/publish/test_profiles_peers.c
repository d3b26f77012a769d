/* Peers on the feedback sheets are the nearest, worked out another way. */
#include "profiles_fixture.h"

/* ---- peers ---- */

/* 1 - 1/2 sum |p - q| straight from the units, with cells of at least `least` enterprises. */
static double likeness(const struct realistic *set, const char *a, const char *b, uint64_t least)
{
    double count[2][31] = {0}, sum[2] = {0}, apart = 0;
    const char *code[2] = {a, b};
    for (size_t i = 0; i < set->frame.units; i++) {
        const struct mq_unit *unit = &set->frame.unit[i];
        const char *bar = strchr(unit->code, '|');
        for (int s = 0; s < 2 && bar; s++)
            if (unit->period == set->frame.periods - 1 && unit->enterprises >= least &&
                strncmp(unit->code, code[s], (size_t)(bar - unit->code)) == 0) {
                count[s][atoi(bar + 1) - 13] += (double)unit->enterprises;
                sum[s] += (double)unit->enterprises;
            }
    }
    for (int k = 0; k < 31; k++)
        apart += fabs(count[0][k] / sum[0] - count[1][k] / sum[1]);
    return 1 - apart / 2;
}

static void alike(void **state)
{
    (void)state;
    for (int least = 0; least <= 9; least += 3) {
        struct realistic set;
        realistic_new(&(struct realistic_options){.periods = 2, .min_enterprises = least}, &set);
        struct mq_publication *publication = published(&set, NULL);
        const struct mq_sheet *ranking = realistic_sheet(publication->sheets, "city");
        const struct mq_profile *all = publication->profiles->profile;
        for (size_t i = 0; i < publication->profiles->count; i++) {
            const struct mq_sheet *peers = table(&all[i], "peers");
            double value[14], third = -1;
            size_t above = 0;
            assert_int_equal(peers->rows, 3);
            for (size_t k = 0; k < 14; k++)
                value[k] = likeness(&set, all[i].code, all[k].code, (uint64_t)least);
            for (size_t row = 0; row < 3; row++)
                for (size_t k = 0; k < 14; k++) {
                    if (strcmp(all[k].name, at(peers, row, 0)->text) != 0)
                        continue;
                    assert_true(k != i);
                    assert_close(at(peers, row, 1)->value, value[k], 0.0050001);
                    assert_true(row == 0 || value[k] <= third);
                    third = value[k];
                    assert_string_equal(at(peers, row, 2)->text,
                                        realistic_cell(ranking, all[k].name, "2024年")->text);
                    assert_string_equal(at(peers, row, 3)->text,
                                        realistic_cell(ranking, all[k].name, "位次")->text);
                }
            for (size_t k = 0; k < 14; k++)
                above += k != i && value[k] > third;
            assert_true(above <= 2); /* none nearer was left out */
            assert_contains(peers->note[0], "各行业的企业数比重");
            assert_int_equal(strstr(peers->note[0], "不足") != NULL, least > 1);
            assert_tells(&all[i], "结构最相近的是");
        }
        mq_publication_free(publication);
        realistic_clear(&set);
    }
}

/* "核心技术能力（+3.21）": the node two levels down in which the peer leads most. */
static void where_peers_lead(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 2}, &set);
    struct mq_publication *publication = published(&set, NULL);
    size_t led = 0, none = 0;
    for (size_t i = 0; i < 14; i++) {
        const struct mq_profile *all = publication->profiles->profile;
        const struct mq_sheet *own = table(&all[i], "scores"), *peers = table(&all[i], "peers");
        for (size_t row = 0; row < 3; row++) {
            const struct mq_sheet *other = NULL;
            for (size_t k = 0; k < 14; k++)
                if (strcmp(all[k].name, at(peers, row, 0)->text) == 0)
                    other = table(&all[k], "scores");
            long most = 0;
            char text[200] = "无";
            for (size_t node = 0; node < own->rows; node++) {
                long lead =
                    hundredths(at(other, node, 1)->value) - hundredths(at(own, node, 1)->value);
                if (set.model.node[node].depth != 2 || lead <= most)
                    continue;
                most = lead;
                snprintf(text, sizeof text, "%s（+%ld.%02ld）", set.model.node[node].title,
                         lead / 100, lead % 100);
            }
            assert_string_equal(at(peers, row, 4)->text, text);
            *(most ? &led : &none) += 1;
        }
    }
    assert_true(led > 10 && led + none == 42);
    mq_publication_free(publication);
    realistic_clear(&set);
}

/* Without a level of two axes: by the scores of the indicators. */
static void near_scores(void **state)
{
    (void)state;
    struct realistic set;
    realistic_new(&(struct realistic_options){.periods = 1, .no_matrix = true}, &set);
    struct mq_publication *publication = published(&set, NULL);
    const struct mq_profile *all = publication->profiles->profile;
    for (size_t i = 0; i < 14; i++) {
        const struct mq_sheet *own = table(&all[i], "scores"), *peers = table(&all[i], "peers");
        double best = INFINITY;
        const char *name = "";
        for (size_t k = 0; k < 14; k++) {
            double sum = 0;
            for (size_t node = 0; node < own->rows; node++)
                if (set.model.node[node].leaf)
                    sum += fabs(at(own, node, 1)->value -
                                at(table(&all[k], "scores"), node, 1)->value);
            if (k != i && sum / 12 < best) {
                best = sum / 12;
                name = all[k].name;
            }
        }
        assert_string_equal(at(peers, 0, 0)->text, name);
        assert_close(at(peers, 0, 1)->value, best, 0.0050001);
        assert_string_equal(peers->column[1].title, "平均差异");
        assert_tells(&all[i], "各指标最接近的是");
        assert_null(table(&all[i], "moves"));
        assert_false(tells(&all[i], "上年"));
    }
    mq_publication_free(publication);
    realistic_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike),
        cmocka_unit_test(where_peers_lead),
        cmocka_unit_test(near_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
