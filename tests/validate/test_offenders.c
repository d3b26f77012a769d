/* offenders.csv: failures by unit, the ten worst of each rule and level. */
#include "validate/world.h"

#define HEAD "rule,severity,level,unit,name,rows,failed,share\n"

static const char yaml[] =
    "mqci: 1\nid: o\nedition: \"1\"\ntitle: o\n"
    "codes: {areas: areas.csv}\n"
    "inputs:\n"
    "  - {id: k, column: [k], type: key}\n"
    "  - {id: a, column: [a], type: code, list: areas}\n"
    "  - {id: t, column: [t], type: code}\n"
    "  - {id: v, column: [v], type: amount, decimals: 0}\n"
    "scope: v != 99\n"
    "rules:\n"
    "  - {id: W1, check: v != 7}\n"
    "  - {id: R1, check: v != 8, severity: reject}\n"
    "  - {id: L1, check: v <= 4 * median_by(v)}\n"
    "  - {id: E1, edit: {method: fences, of: v}, severity: info}\n"
    "levels:\n"
    "  - {id: area, title: A, by: [a.county]}\n"
    "  - {id: part, title: P, by: [a.city]}\n"
    "  - {id: kind, title: K, by: [t]}\n"
    "  - {id: both, title: B, by: [a.county, t]}\n"
    "  - {id: all, title: All}\n"
    "indicators: [{id: x, title: X, formula: v, normalise: {method: none}}]\n";

static void open_world(struct world *world)
{
    static const char areas[] = "code,name,parent,level\n"
                                "C1,One,,city\nC2,\"Two, too\",,city\n"
                                "A1,North,C1,county\nA2,South,C1,county\nA3,West,C2,county\n"
                                "A4,East,C2,county\n";
    char path[320];
    world_open(world);
    world_write(world, "areas.csv", areas, sizeof areas - 1, path);
    world_model(world, yaml);
}

static char *offenders_of(struct world *world, int workers, size_t block)
{
    char path[320];
    struct mq_error error = {0};
    struct mq_buffer content = MQ_BUFFER_EMPTY;
    world_start(world, workers, block);
    world_read(world, NULL, NULL);
    assert_int_equal(mq_checker_late(world->checker, workers, NULL, NULL, NULL), MQ_OK);
    snprintf(path, sizeof path, "%s/offenders.csv", world->directory);
    for (int again = 0; again < 2; again++) {
        mq_buffer_clear(&content);
        assert_int_equal(mq_write_offenders(world->checker, path, &error), MQ_OK);
        assert_int_equal(mq_read_file(path, &content, &error), MQ_OK);
    }
    return content.data;
}

/* Unknown units, ragged rows and rows out of scope count nowhere. */
static void test_what_is_counted(void **state)
{
    (void)state;
    struct world world;
    open_world(&world);
    world_data(&world, "k,a,t,v\n"
                       "1,A1,x,7\n2,A1,x,5\n3,A2,y,7\n4,A3,y,7\n5,A3,y,5\n" /* W1 */
                       "6,A4,x,q\n7,A4,x,5\n"                               /* type.v */
                       "8,ZZ,x,7\n"                                         /* code.a; W1 of x */
                       "9,A1,,5\n"                                          /* code.t */
                       "10,A1,x,99\n11,A1,x,99,1\n"                         /* out of it */
                       "2,A1,x,6\n"                                         /* duplicate */
                       ",A2,y,5\n"                                          /* key.k */
                       "12,A2,y,8\n"                                        /* R1 */
                       "13,A3,y,60\n"                                       /* L1, E1 */
                       "14,C1,y,5\n");                                      /* has no county */
    char *found = offenders_of(&world, 1, 0);
    assert_string_equal(found,
                        HEAD "type.v,reject,area,A4,East,2,1,0.500000\n"
                             "type.v,reject,part,C2,\"Two, too\",5,1,0.200000\n"
                             "type.v,reject,kind,x,x,6,1,0.166667\n"
                             "code.a,reject,kind,x,x,6,1,0.166667\n"
                             "code.t,reject,area,A1,North,4,1,0.250000\n"
                             "code.t,reject,part,C1,One,8,1,0.125000\n"
                             "key.k,reject,area,A2,South,3,1,0.333333\n"
                             "key.k,reject,part,C1,One,8,1,0.125000\n"
                             "key.k,reject,kind,y,y,7,1,0.142857\n"
                             "scope,reject,area,A4,East,2,1,0.500000\n"
                             "scope,reject,part,C2,\"Two, too\",5,1,0.200000\n"
                             "scope,reject,kind,x,x,6,1,0.166667\n"
                             "duplicate,reject,area,A1,North,4,2,0.500000\n"
                             "duplicate,reject,part,C1,One,8,2,0.250000\n"
                             "duplicate,reject,kind,x,x,6,2,0.333333\n"
                             "W1,warn,area,A2,South,3,1,0.333333\n" /* the larger share, the code */
                             "W1,warn,area,A3,West,3,1,0.333333\n"
                             "W1,warn,area,A1,North,4,1,0.250000\n"
                             "W1,warn,part,C1,One,8,2,0.250000\n"
                             "W1,warn,part,C2,\"Two, too\",5,1,0.200000\n"
                             "W1,warn,kind,x,x,6,2,0.333333\n"
                             "W1,warn,kind,y,y,7,2,0.285714\n"
                             "R1,reject,area,A2,South,3,1,0.333333\n"
                             "R1,reject,part,C1,One,8,1,0.125000\n"
                             "R1,reject,kind,y,y,7,1,0.142857\n"
                             "L1,warn,area,A3,West,3,1,0.333333\n"
                             "L1,warn,part,C2,\"Two, too\",5,1,0.200000\n"
                             "L1,warn,kind,y,y,7,1,0.142857\n"
                             "E1,info,area,A3,West,3,1,0.333333\n"
                             "E1,info,part,C2,\"Two, too\",5,1,0.200000\n"
                             "E1,info,kind,y,y,7,1,0.142857\n");
    free(found);
    world_close(&world);
}

/* Codes that no list knows in great number, met by many workers at once: the ten worst. */
static void test_the_ten_worst_of_many(void **state)
{
    (void)state;
    enum { CODES = 700, ROWS = 9000 };
    struct world world;
    struct mq_buffer csv = MQ_BUFFER_EMPTY, expected = MQ_BUFFER_EMPTY;
    static uint64_t rows[CODES], failed[CODES];
    mq_buffer_text(&csv, "k,a,t,v\n");
    for (int i = 0; i < ROWS; i++) {
        uint64_t random = mq_hash64(&i, sizeof i, 3);
        int code = (int)(random % CODES * (random / CODES % 3) % CODES);
        bool fails = random / 5000 % 3 == 0;
        rows[code]++;
        failed[code] += fails;
        mq_buffer_format(&csv, "%d,A1,t%d,%d\n", i, code, fails ? 7 : 5);
    }
    uint64_t total = 0;
    for (int code = 0; code < CODES; code++)
        total += failed[code];
    mq_buffer_format(&expected, HEAD "W1,warn,area,A1,North,%d,%llu,0.", ROWS,
                     (unsigned long long)total);
    open_world(&world);
    world_data(&world, csv.data);
    char *first = NULL;
    for (int workers = 1; workers <= 7; workers += 2) {
        char *found = offenders_of(&world, workers, workers == 1 ? 0 : 4096);
        assert_memory_equal(found, expected.data, expected.length);
        if (first)
            assert_string_equal(found, first);
        const char *at = found;
        bool used[CODES] = {false};
        for (int place = 0; place < 10; place++) {
            int worst = -1;
            char name[16], best[16] = "", line[128];
            for (int code = 0; code < CODES; code++) {
                snprintf(name, sizeof name, "t%d", code);
                if (used[code] || !failed[code])
                    continue;
                if (worst < 0 || failed[code] > failed[worst] ||
                    (failed[code] == failed[worst] &&
                     (rows[code] < rows[worst] ||
                      (rows[code] == rows[worst] && strcmp(name, best) < 0)))) {
                    worst = code;
                    memcpy(best, name, sizeof best);
                }
            }
            used[worst] = true;
            snprintf(line, sizeof line, "W1,warn,kind,%s,%s,%llu,%llu,%.6f\n", best, best,
                     (unsigned long long)rows[worst], (unsigned long long)failed[worst],
                     (double)failed[worst] / (double)rows[worst]);
            at = strstr(at, "W1,warn,kind,");
            assert_non_null(at);
            assert_memory_equal(at, line, strlen(line));
            at += strlen(line);
        }
        assert_null(strstr(at, "W1,"));
        free(first);
        first = found;
        world_stop(&world);
    }
    free(first);
    mq_buffer_clear(&csv);
    mq_buffer_clear(&expected);
    world_close(&world);
}

static void test_no_level_of_one_code(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    world_model(&world, "mqci: 1\nid: o\nedition: \"1\"\ntitle: o\n"
                        "inputs: [{id: v, column: [v], type: amount, decimals: 0}]\n"
                        "rules: [{id: R1, check: v > 1}]\n"
                        "levels: [{id: all, title: All}]\n"
                        "indicators: [{id: x, title: X, formula: v, normalise: {method: none}}]\n");
    world_data(&world, "v\n1\n0\n");
    char *found = offenders_of(&world, 2, 0);
    assert_string_equal(found, HEAD);
    struct mq_error error = {0};
    assert_int_equal(mq_write_offenders(world.checker, "/dev/full", &error), MQ_IO);
    free(found);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_counted),
        cmocka_unit_test(test_the_ten_worst_of_many),
        cmocka_unit_test(test_no_level_of_one_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
