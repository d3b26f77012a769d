/*
 * records FILE...: the records of CSV files one a line, so that line tools can sort, cut and count
 * them: newlines inside quotes become byte 1, and in front stand the file's base name and the line
 * where the record starts, separated by tabs. The header is left out; a BOM and carriage returns at
 * line ends are dropped. Knows quotes only; for tests.
 */
#include <stdio.h>
#include <string.h>

static void print_records(FILE *file, const char *name)
{
    long line = 1, start = 1;
    int quoted = 0, length = 0, header = 1;
    for (int c; (c = getc(file)) != EOF;) {
        line += c == '\n';
        quoted ^= c == '"';
        if (c == '\r' || c == 0xef || c == 0xbb || c == 0xbf) {
            int next = c == '\r' ? getc(file) : 0;
            if (c == '\r' && next != '\n') { /* a lone one is data */
                ungetc(next, file);
            } else if (c == '\r') {
                c = next;
                line++;
            } else if (start == 1 && length == 0) {
                continue; /* the BOM */
            }
        }
        if (c == '\n' && !quoted) {
            if (length && !header)
                putchar('\n');
            header = header && length == 0;
            length = 0;
            start = line;
            continue;
        }
        if (length++ == 0 && !header)
            printf("%s\t%ld\t", name, start);
        if (!header)
            putchar(c == '\n' ? 1 : c);
    }
    if (length && !header)
        putchar('\n');
}

int main(int count, char **paths)
{
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (!file)
            return 1;
        const char *slash = strrchr(paths[i], '/');
        print_records(file, slash ? slash + 1 : paths[i]);
        fclose(file);
    }
    return 0;
}
