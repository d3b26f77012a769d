/*
 * identity: numbers that enterprises go by, and their check characters.
 *
 * The unified social credit code of GB 32100-2015 is 18 characters: registration department,
 * category, six digits of the registrar's area, nine characters of the organisation code, check
 * character. The organisation code of GB 11714-1997 is eight characters and a check character, with
 * or without a hyphen between. A text is judged as it stands: nothing is put right.
 */
#ifndef MQ_IDENTITY_H
#define MQ_IDENTITY_H

#include <string.h>

#include "core/core.h"

enum mq_identity {
    MQ_IDENTITY_VALID,
    MQ_IDENTITY_LOCAL_UNIT,   /* organisation code: eight characters of the parent and B */
    MQ_IDENTITY_OWN,          /* organisation code: PDY00001 to PDY99999, given out by users */
    MQ_IDENTITY_LENGTH,       /* too many or too few characters */
    MQ_IDENTITY_OLD,          /* 15 digits: a registration number from before 2015 */
    MQ_IDENTITY_RUINED,       /* 9.14403E+17: a spreadsheet made it a number */
    MQ_IDENTITY_CHARACTER,    /* one that may not stand at `position` */
    MQ_IDENTITY_WIDE,         /* full-width characters, the first at `position` */
    MQ_IDENTITY_LOWER,        /* lower-case letters, the first at `position` */
    MQ_IDENTITY_ORGANISATION, /* its organisation code fails its own check */
    MQ_IDENTITY_CHECK,        /* the check character is not `expected` */
    MQ_IDENTITIES
};

struct mq_identified {
    enum mq_identity verdict;
    size_t position; /* in characters from 1; 0: the whole */
    char expected;   /* the character that would check: the last two verdicts; else 0 */
};

/* `text` is trimmed. A wrong check character of the whole is told before one of the organisation
 * code: the first says that anything may be wrong. */
struct mq_identified mq_identify_credit_code(struct mq_text text);
struct mq_identified mq_identify_organisation(struct mq_text text);
bool mq_identity_good(enum mq_identity verdict); /* the first three */

/* What a verdict means, for people; a noun phrase without a full stop. */
const char *mq_identity_phrase(enum mq_identity verdict, bool chinese);

/* The check character of 17 and 8 characters; 0 if one is not of the alphabet. */
char mq_credit_code_check(const char *first17);
char mq_organisation_check(const char *first8);

/* Digits, perhaps a point and more digits, E+ and up to three digits, half-width or full-width:
 * what a spreadsheet leaves of a long code. The digits it has dropped are lost. */
bool mq_looks_ruined(struct mq_text text);

/* A glance at the last four bytes: false means that mq_looks_ruined would say so too. */
static inline bool mq_may_be_ruined(struct mq_text text)
{
    uint32_t last, plus;
    if (text.n < sizeof last)
        return false;
    memcpy(&last, text.s + text.n - sizeof last, sizeof last);
    plus = last ^ UINT32_C(0x2B2B2B2B); /* a zero byte for each plus */
    return ((((plus - UINT32_C(0x01010101)) & ~plus) | last) & UINT32_C(0x80808080)) != 0;
}

#endif
