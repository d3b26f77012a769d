/* Tables of the generator of invented enterprises. */
#ifndef GEN_TABLES_H
#define GEN_TABLES_H

#include <stddef.h>

/* A province with its cities, or a city with its counties. */
struct gen_area {
    const char *code;    /* leading digits: "21", "2101" */
    const char *name;    /* short name, opens company names */
    double weight;       /* enterprises, any unit */
    double level;        /* technology and quality, standard deviations from the middle */
    double port;         /* multiplies the share of exporters */
    const char *parts;   /* two-digit endings of the units inside, separated by blanks */
    const char *special; /* divisions that are stronger here than elsewhere */
};
extern const struct gen_area gen_provinces[];
extern const size_t gen_provinces_count;
extern const struct gen_area gen_liaoning[];
extern const size_t gen_liaoning_count;

struct gen_industry {
    const char *code;    /* division */
    double weight[2];    /* share of enterprises: Liaoning, nation */
    double staff;        /* median employees */
    double output;       /* median revenue per employee, 千元 */
    double level;        /* technology and quality, standard deviations from the middle */
    double exporters;    /* share of enterprises that export */
    double research;     /* R&D expenditure of those that do any, % of revenue */
    double novelty;      /* new products of those that have any, % of revenue */
    const char *trade;   /* in company names */
    const char *classes; /* two-digit endings of the classes, separated by blanks */
};
extern const struct gen_industry gen_industries[];
extern const size_t gen_industries_count;

#endif
