/* mqci: the program. Exit codes are the statuses of the library. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>

volatile int interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL); /* a second Ctrl-C ends the program at once */
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that outgrows its limit is a write error, not a crash */
    signal(SIGPIPE, SIG_IGN);
}

static int act(struct arguments *arguments, struct talk_state *talk, struct mq_error *error)
{
    if (arguments->version) {
        printf("mqci %s\nLicense GPL-3.0-or-later\n", mq_version());
        return MQ_OK;
    }
    if (arguments->help) {
        print_help(arguments->verb ? find_verb(arguments->verb) : NULL);
        return MQ_OK;
    }
    arguments->run.stop = &interrupted;
    arguments->run.listener = (struct mq_listener){talk, talk_say, talk_progress};
    return (int)find_verb(arguments->verb)->act(arguments, error);
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct mq_error error = {0};
    watch_signals();
    if (argc == 1) {
        print_help(NULL);
        return MQ_USAGE;
    }
    int status = (int)parse_arguments(argc, argv, &arguments, &error);
    struct talk_state talk = {arguments.log_json, arguments.progress, arguments.color, false};
    if (status == MQ_OK)
        status = act(&arguments, &talk, &error);
    talk_end(&talk);
    if (status != MQ_OK) {
        char text[2048];
        talk_say(&talk, 0, arguments.verb ? arguments.verb : "",
                 mq_error_text(&error, text, sizeof text));
    }
    return status;
}
