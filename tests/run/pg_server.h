/* A PostgreSQL server of the test's own: a new cluster in a temporary folder, on loopback, gone
 * when the test ends in whatever way. */
#ifndef MQ_TEST_PG_SERVER_H
#define MQ_TEST_PG_SERVER_H

#include "program.h"

#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
    pid_t pid; /* 0: not running */
    char port[8], folder[64], programs[256];
    const struct passwd *user; /* the server refuses to run as root; NULL: as we are */
};
static struct server server;

/* A socket on a free port of loopback that listens and never answers. */
static inline int deaf_socket(char port[8])
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(listen(fd, 4), 0);
    snprintf(port, 8, "%d", ntohs(at.sin_port));
    return fd;
}

static inline void free_port(char port[8])
{
    close(deaf_socket(port));
}

static inline bool find_server(void)
{
    struct outcome found = run_shell("for d in \"$(pg_config --bindir 2> /dev/null)\" "
                                     "/usr/lib/postgresql/*/bin; do [ -x \"$d/initdb\" -a -x "
                                     "\"$d/postgres\" -a -x \"$d/psql\" ] && printf %%s \"$d\" && "
                                     "exit; done; exit 1");
    snprintf(server.programs, sizeof server.programs, "%.200s", found.out);
    bool is_there = found.status == 0;
    outcome_clear(&found);
    return is_there;
}

/* Runs a program of the server in its folder; it dies with us. */
static inline pid_t start_program(const char *name, const char *const *words)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", server.programs, name);
    fflush(NULL);
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    const struct passwd *user = server.user;
    int log = -1;
    if (user && (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        _exit(126);
    if (prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 && getppid() == parent && chdir(server.folder) == 0)
        log = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        _exit(126);
    const char *own[24] = {path}; /* initdb looks for its fellows beside its own name */
    for (size_t i = 1; words[i] && i < 23; i++)
        own[i] = words[i];
    execv(path, (char *const *)(uintptr_t)own);
    _exit(127);
}

static inline void stop_server(void)
{
    if (server.pid > 0) {
        kill(server.pid, SIGINT);
        waitpid(server.pid, NULL, 0);
    }
    server.pid = 0;
    if (server.folder[0]) {
        struct outcome gone = run_shell("rm -rf '%s'", server.folder);
        outcome_clear(&gone);
    }
    server.folder[0] = '\0';
}

static inline void show_log(void)
{
    struct outcome log = run_shell("tail -n 20 '%s/log'", server.folder);
    print_error("%s", log.out);
    outcome_clear(&log);
}

/* Makes the cluster, puts `rules` ahead of its pg_hba.conf, starts the server and waits for it;
 * PGHOST, PGPORT and PGUSER then lead to it. */
static inline void start_server(const char *rules)
{
    const char *base = getenv("TMPDIR");
    bool root = geteuid() == 0;
    server.user = !root ? NULL : getpwnam("postgres") ? getpwnam("postgres") : getpwnam("nobody");
    snprintf(server.folder, sizeof server.folder, "%.30s/mqci-pg-XXXXXX",
             base && !root && strlen(base) < 30 ? base : "/tmp");
    assert_non_null(mkdtemp(server.folder));
    atexit(stop_server);
    if (server.user)
        assert_int_equal(chown(server.folder, server.user->pw_uid, server.user->pw_gid), 0);
    int status = -1;
    pid_t made = start_program("initdb", (const char *const[]){"initdb", "-D", "data", "-U", "mqci",
                                                               "--auth=trust", "--encoding=UTF8",
                                                               "--locale=C", "--no-sync", NULL});
    waitpid(made, &status, 0);
    if (status != 0) {
        show_log();
        fail_msg("initdb fails");
    }
    struct outcome ruled = expect_shell(
        0, "cd '%s/data'; echo '%s' | cat - pg_hba.conf > hba && cat hba > pg_hba.conf",
        server.folder, rules);
    outcome_clear(&ruled);
    free_port(server.port);
    server.pid = start_program(
        "postgres",
        (const char *const[]){"postgres", "-D", "data", "-h", "127.0.0.1", "-p", server.port, "-k",
                              server.folder, "-c", "fsync=off", "-c", "max_connections=20", NULL});
    setenv("PGHOST", "127.0.0.1", 1);
    setenv("PGPORT", server.port, 1);
    setenv("PGUSER", "mqci", 1);
    setenv("PG", server.programs, 1);
    struct outcome ready =
        run_shell("for i in {1..300}; do $PG/pg_isready -q && exit; sleep 0.1; done; exit 1");
    if (ready.status != 0)
        show_log();
    assert_int_equal(ready.status, 0);
    outcome_clear(&ready);
}

/* Has psql run the statements in a database; returns what it prints, freed by the caller. */
static inline char *psql(const char *database, const char *statements)
{
    put_file(in_folder("statements.sql"), statements);
    struct outcome done = expect_shell(0,
                                       "PGCLIENTENCODING=UTF8 $PG/psql -X -q -A -t -v "
                                       "ON_ERROR_STOP=1 -d %s -f $TMP/statements.sql",
                                       database);
    free(done.err);
    return done.out;
}

static inline void run_sql(const char *database, const char *statements)
{
    free(psql(database, statements));
}

/* ---- the demonstration data in a database ---- */

/* Rows with as many fields as the header, without the header: ragged rows are refused in a file and
 * have no place in a table. */
static inline void put_even_rows(const char *from, const char *to)
{
    char *text = get_file(from), *write = text;
    size_t commas = 0, wanted = 0, row = 0;
    bool quoted = false;
    const char *start = text;
    for (const char *at = text; *at; at++) {
        quoted ^= *at == '"';
        commas += *at == ',' && !quoted;
        if (*at != '\n' || quoted)
            continue;
        size_t length = (size_t)(at + 1 - start);
        if (row++ == 0)
            wanted = commas;
        else if (commas == wanted) {
            memmove(write, start, length);
            write += length;
        }
        start = at + 1;
        commas = 0;
    }
    *write = '\0';
    put_file(to, text);
    free(text);
}

/* Columns with words or thousands separators in a few cells are text, two have numbers that bigint
 * has not. */
static inline void create_demo(const char *database)
{
    static const char *const texts[] = {"统一社会信用代码", "单位名称", "行政区划代码",
                                        "行业代码",         "营业收入", "资产总计"};
    char sql[8192], names[4096] = "", *header = get_file("datasets/demo/liaoning-2023.csv");
    size_t length = 0;
    char *rest = NULL;
    header[strcspn(header, "\r\n")] = '\0';
    length += (size_t)snprintf(sql, sizeof sql, "CREATE TABLE firms (n bigserial");
    for (char *name = strtok_r(header + 3, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        bool decimals = strcmp(name, "研究开发费用") == 0 || strcmp(name, "工业总产值") == 0;
        const char *type = decimals ? "numeric" : "bigint";
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            type = strcmp(name, texts[i]) == 0 ? "text" : type;
        length += (size_t)snprintf(sql + length, sizeof sql - length, ", %s %s", name, type);
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", names[0] ? "," : "",
                 name);
    }
    free(header);
    for (int year = 2023; year <= 2024; year++)
        length += (size_t)snprintf(sql + length, sizeof sql - length,
                                   "%s\n\\copy firms(%s) FROM '%s/even-%d.csv' CSV\n",
                                   year == 2023 ? ");" : "", names, test_folder(), year);
    assert_true(length < sizeof sql);
    run_sql(database, sql);
}

#endif
