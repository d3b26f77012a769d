#include "core/rake.h"

#include <math.h>
#include <stdlib.h>

static const double agreed = 1e-9;

struct raking {
    const struct mq_rake *rake;
    double *factor;
    double *sum; /* [most categories of a margin] */
    struct mq_error *error;
};

/* A category that is off by `share` of its total. */
struct distance {
    double share, sum;
    size_t margin, category;
};

static void find_sums(const struct raking *r, size_t margin)
{
    const struct mq_rake *rake = r->rake;
    for (size_t k = 0; k < rake->margin[margin].categories; k++)
        r->sum[k] = 0;
    for (size_t c = 0; c < rake->cells; c++)
        r->sum[rake->category[c * rake->margins + margin]] += rake->weight[c] * r->factor[c];
}

/* ---- what cannot be fitted ---- */

static double total_of(const struct mq_rake_margin *margin)
{
    double total = 0;
    for (size_t k = 0; k < margin->categories; k++)
        total += margin->total[k];
    return total;
}

static enum mq_status check_totals(const struct raking *r)
{
    const struct mq_rake *rake = r->rake;
    double first = total_of(&rake->margin[0]);
    for (size_t m = 1; m < rake->margins; m++) {
        double other = total_of(&rake->margin[m]);
        if (!(fabs(other - first) <= agreed * fmax(first, other)))
            return mq_fail(r->error, MQ_DATA, rake->path, 0, 0,
                           rake->chinese
                               ? "边际总数不一致%s：%s 合计 %.12g，%s 合计 "
                                 "%.12g；各边际应是同一总体的总数"
                               : "the totals of two margins differ%s: those of %s add up to %.12g, "
                                 "those of %s to %.12g; all margins are of one population",
                           rake->note, rake->margin[0].name, first, rake->margin[m].name, other);
    }
    return MQ_OK;
}

static enum mq_status check_category(const struct raking *r, size_t m, size_t k)
{
    const struct mq_rake *rake = r->rake;
    const struct mq_rake_margin *margin = &rake->margin[m];
    if (margin->total[k] > 0 && !(r->sum[k] > 0))
        return mq_fail(r->error, MQ_DATA, rake->path, 0, 0,
                       rake->chinese
                           ? "%s 的类别 %s 有总数 %.12g%s，但没有样本；请与相邻类别合并"
                           : "%s: category %s has a total of %.12g%s but nobody in the sample; "
                             "join it with a neighbouring category",
                       margin->name, margin->category[k], margin->total[k], rake->note);
    if (!(margin->total[k] > 0) && r->sum[k] > 0)
        return mq_fail(r->error, MQ_DATA, rake->path, 0, 0,
                       rake->chinese
                           ? "%s 的类别 %s 有样本，但总数为 %.12g%s；总数应大于零"
                           : "%s: category %s is in the sample but its total is %.12g%s; a "
                             "total is above 0",
                       margin->name, margin->category[k], margin->total[k], rake->note);
    return MQ_OK;
}

static enum mq_status check(const struct raking *r)
{
    for (size_t c = 0; c < r->rake->cells; c++)
        r->factor[c] = 1;
    for (size_t m = 0; m < r->rake->margins; m++) {
        find_sums(r, m);
        for (size_t k = 0; k < r->rake->margin[m].categories; k++)
            MQ_TRY(check_category(r, m, k));
    }
    return check_totals(r);
}

/* ---- fitting ---- */

static struct distance find_farthest(const struct raking *r)
{
    struct distance farthest = {0};
    for (size_t m = 0; m < r->rake->margins; m++) {
        const struct mq_rake_margin *margin = &r->rake->margin[m];
        find_sums(r, m);
        for (size_t k = 0; k < margin->categories; k++) {
            double share = margin->total[k] > 0 ? fabs(r->sum[k] / margin->total[k] - 1) : 0;
            if (!(share <= farthest.share))
                farthest = (struct distance){share, r->sum[k], m, k};
        }
    }
    return farthest;
}

static void fit_once(const struct raking *r)
{
    const struct mq_rake *rake = r->rake;
    for (size_t m = 0; m < rake->margins; m++) {
        find_sums(r, m);
        for (size_t c = 0; c < rake->cells; c++) {
            uint32_t k = rake->category[c * rake->margins + m];
            r->factor[c] *= rake->margin[m].total[k] / r->sum[k];
        }
    }
}

static enum mq_status refuse(const struct raking *r, const struct distance *farthest)
{
    const struct mq_rake *rake = r->rake;
    const struct mq_rake_margin *margin = &rake->margin[farthest->margin];
    return mq_fail(r->error, MQ_DATA, rake->path, 0, 0,
                   rake->chinese
                       ? "加权调整 %d 轮后仍未收敛%s：相差最大的是 %s 的类别 %s，为 %.6g，应为 "
                         "%.6g；各边际在样本中不能同时满足，请合并类别或去掉一个边际"
                       : "the weights do not settle in %d rounds%s: farthest off is %s, whose "
                         "category %s has %.6g instead of %.6g; the sample cannot meet all margins "
                         "at once, join categories or leave a margin out",
                   MQ_RAKE_ROUNDS, rake->note, margin->name, margin->category[farthest->category],
                   farthest->sum, margin->total[farthest->category]);
}

static enum mq_status fit(const struct raking *r, int *rounds)
{
    MQ_TRY(check(r));
    for (int round = 0;; round++) {
        struct distance farthest = find_farthest(r);
        *rounds = round;
        if (farthest.share <= agreed)
            return MQ_OK;
        if (round == MQ_RAKE_ROUNDS || !isfinite(farthest.share))
            return refuse(r, &farthest);
        fit_once(r);
    }
}

enum mq_status mq_rake(const struct mq_rake *rake, double *factor, int *rounds,
                       struct mq_error *error)
{
    struct raking r = {.rake = rake, .factor = factor, .error = error};
    int made = 0;
    size_t most = 0;
    for (size_t m = 0; m < rake->margins; m++)
        most = rake->margin[m].categories > most ? rake->margin[m].categories : most;
    r.sum = calloc(most + 1, sizeof *r.sum);
    if (!r.sum)
        return mq_fail_memory(error);
    enum mq_status status = fit(&r, &made);
    if (rounds)
        *rounds = made;
    free(r.sum);
    return status;
}
