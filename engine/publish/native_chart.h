/*
 * native_chart: figures as charts that word processors and spreadsheets draw themselves, so that
 * an author can restyle them and look at their numbers. mq_chart_is_native (draft.h) tells which.
 */
#ifndef MQ_NATIVE_CHART_H
#define MQ_NATIVE_CHART_H

#include "publish/draft.h"

/* Width of every chart on paper, and the height of the chart of a figure. Centimetres. */
#define MQ_CHART_WIDTH 16.0
double mq_chart_height(const struct mq_figure *figure);

/*
 * The two parts of a chart in a document, added to the buffers of the caller:
 *   chart_xml  word/charts/chartN.xml (application/vnd.openxmlformats-officedocument
 *              .drawingml.chart+xml). It names its workbook by the relationship "rId1" (type
 *              http://schemas.openxmlformats.org/officeDocument/2006/relationships/package) and
 *              holds copies of all names and numbers, so that it is drawn without opening it.
 *   workbook   word/embeddings/dataN.xlsx: the numbers on the worksheet "Sheet1".
 * The chart has neither title nor notes: captions are text of the document around it. The same
 * figure gives the same bytes. `scratch_directory` exists and may be written to; nothing stays.
 * MQ_INTERNAL if the figure is not native or memory is out; MQ_CANNOT_WRITE, MQ_IO on failures of
 * the scratch directory; the buffers then hold what they held before.
 */
enum mq_status mq_native_chart(const struct mq_figure *figure, bool chinese,
                               const char *scratch_directory, struct mq_buffer *chart_xml,
                               struct mq_buffer *workbook, struct mq_error *error);

#endif
