#!/usr/bin/env bash
# install.sh BUILD: installs into an empty folder, builds a program against it as a user would, runs both.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/usr" >/dev/null
libdir=$(dirname "$(find "$work/usr" -name mqci.pc)")/..
# the .pc file names the prefix of the configuration; a user of a moved tree overrides it
flags=$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --define-variable=prefix="$work/usr" --cflags --libs mqci)
cat >"$work/user.c" <<'C'
#include <mqci/mqci.h>
#include <stdio.h>
#include <string.h>
int main(int count, char **words)
{
    struct mq_output text = {0};
    struct mq_error error = {0};
    const char *data = words[2];
    char message[2048];
    if (count != 4 || mq_run(words[1], &data, 1, words[3], NULL, &text, &error) != MQ_OK) {
        fprintf(stderr, "%s\n", mq_error_text(&error, message, sizeof message));
        return 1;
    }
    puts(strstr(text.text, "80.99") ? "80.99" : text.text);
    mq_output_free(&text);
    return 0;
}
C
# shellcheck disable=SC2086
cc -std=c17 -Wall -Werror "$work/user.c" -o "$work/user" $flags
data=$work/usr/share/mqci/datasets model=$work/usr/share/mqci/models
[[ $(LD_LIBRARY_PATH=$libdir "$work/user" "$model/published-mqci.yaml" "$data/real/published-mqci.csv" "$work/out") == 80.99 ]]
[[ $("$work/usr/bin/mqci" --version | head -1) == "mqci $(cat VERSION)" ]]
# only the public interface is visible
nm -D --defined-only "$libdir/libmqci.so" | awk '{print $3}' | grep '^mq' | sort >"$work/seen"
grep -hoE '\bmq_[a-z_]+\(' include/mqci/*.h | tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/seen"
test -s "$work/usr/share/man/man1/mqci.1"
echo "installed, linked and run; $(wc -l <"$work/seen") functions are public"
