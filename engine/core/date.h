/*
 * date: year, month and day, as far as a text has them. Two dates are compared in what both tell:
 * all of 2010 is neither before nor after June 2010.
 */
#ifndef MQ_DATE_H
#define MQ_DATE_H

struct mq_date {
    int part[3], parts; /* parts 0: the text is no date */
};

/* 2010, 2010-06, 2010/6/30, 201006, 2010年6月; what follows what can be read does not count. */
struct mq_date mq_date_of(const char *text);
/* -1, 0, 1; 0 if either is no date. */
int mq_date_compare(const struct mq_date *a, const struct mq_date *b);

#endif
