/* Trend, ranking and waterfall: how much, over time, one beside the other, and why. */
import { legendLines, room, sideAxis, tip } from './figure.js';
import { down, ink, plain, quiet, series, strong, up } from './palette.js';

export function trend(figure) {
    const names = figure.rows.map(row => row.name);
    /* Where there is room: of many periods only the last. */
    const labelled = (column, row) => (column.strong || figure.columns.length <= 3) &&
        (names.length <= 10 || row === names.length - 1);
    const lines = figure.columns.map((column, at) => {
        const look = series[at % series.length];
        return {
            type: 'line', name: column.name, symbol: look.symbol, symbolSize: column.strong ? 9 : 7, connectNulls: false,
            data: figure.rows.map((_, row) => ({ value: figure.value(row, at), label: { show: labelled(column, row) } })),
            itemStyle: { color: look.color },
            lineStyle: { color: look.color, type: look.dash, width: column.strong ? 3 : 1.8 },
            label: { position: 'top', color: look.color, formatter: p => figure.text(p.dataIndex, at) },
        };
    });
    const option = width => ({
        ...figure.base(p => tip(p.seriesName, `${names[p.dataIndex]}　${figure.said(p.dataIndex, p.seriesIndex)}`)),
        legend: { top: 0, itemWidth: 34, textStyle: { color: ink } },
        grid: { left: 8, right: 24, top: 34 + 22 * legendLines(lines.map(line => line.name), width, 34), bottom: 8, containLabel: true },
        xAxis: figure.categoryAxis(names, { boundaryGap: names.length < 8, axisLabel: { interval: 'auto' } }),
        yAxis: figure.valueAxis({ nameGap: 12 }),
        series: lines,
    });
    return { height: 360, option };
}

/* The line of the unit that all are measured against. */
function referenceLine(figure) {
    if (figure.reference === null)
        return undefined;
    return {
        silent: true, symbol: 'none', lineStyle: { color: '#a3423f', type: 'dashed', width: 1.5 },
        label: { position: 'start', color: '#8c3431', formatter: `${figure.referenceName} ${figure.referenceText}` },
        data: [{ xAxis: figure.reference }],
    };
}

export function ranking(figure) {
    const names = figure.rows.map(row => row.name);
    const said = figure.rows.map((_, row) => figure.text(row, 0) +
        (figure.n > 2 && figure.value(row, 2) !== null ? ` (${figure.text(row, 2)})` : ''));
    /* Dots on thin lines: the axis need not begin at 0, and the length of a bar would then mislead. */
    const stems = {
        type: 'bar', barWidth: 2, silent: true, markLine: referenceLine(figure), itemStyle: { color: plain },
        data: figure.rows.map((_, at) => figure.value(at, 0)),
    };
    const dots = (column, more, symbolSize, itemStyle) => ({
        type: 'scatter', name: figure.columns[column].name, symbol: 'circle', symbolSize, itemStyle: { opacity: 1, ...itemStyle },
        data: figure.rows.map((_, at) => figure.value(at, column)), ...more,
    });
    const now = dots(0, { z: 5 }, 12, { color: strong });
    const before = figure.n > 1 ? [dots(1, { z: 4 }, 10, { color: '#ffffff', borderColor: quiet, borderWidth: 2 })] : [];
    const option = width => {
        const side = sideAxis(figure, names, width);
        const numbers = figure.categoryAxis(said, { inverse: true, position: 'right', axisLine: { show: false } });
        return {
            ...figure.base(p => tip(figure.rows[p.dataIndex].name,
                ...figure.columns.map((column, at) => `${column.name}　${figure.said(p.dataIndex, at)}`))),
            legend: figure.n > 1 ? { top: 0, itemWidth: 16, textStyle: { color: ink }, data: [now.name, before[0].name] } : undefined,
            grid: { left: side.left, right: room(said, 120) + 12, top: 56, bottom: 46 },
            xAxis: figure.lyingAxis({}, true),
            yAxis: [side.axis, numbers],
            series: [stems, now, ...before],
        };
    };
    return { height: names.length * 26 + 104, option };
}

/* From the bars' ends: totals stand on the axis, contributions hang on the one before. */
function steps(figure) {
    const ends = [];
    let level = 0;
    figure.rows.forEach((row, at) => {
        const value = figure.value(at, 0) ?? 0;
        const whole = at === 0 || at === figure.rows.length - 1;
        ends.push(whole ? [null, value] : [level, level + value]);
        level = whole ? value : level + value;
    });
    return ends;
}

export function waterfall(figure) {
    const names = figure.rows.map(row => row.name);
    const ends = steps(figure);
    const inner = ends.flat().filter(value => value !== null);
    const low = Math.min(figure.low ?? Infinity, ...inner);
    const high = Math.max(figure.high ?? -Infinity, ...inner);
    const draw = (params, api) => {
        const row = api.value(0);
        const [from, to] = ends[row];
        const [left, y] = api.coord([Math.min(from ?? low, to), row]);
        const [right] = api.coord([Math.max(from ?? low, to), row]);
        const height = api.size([0, 1])[1] * 0.6;
        const color = from === null ? strong : to < from ? down : up;
        const bar = {
            type: 'rect', shape: { x: left, y: y - height / 2, width: Math.max(right - left, 1.5), height },
            style: { fill: color },
        };
        const label = {
            type: 'text', style: { text: figure.text(row, 0), x: right + 6, y, fill: ink, verticalAlign: 'middle',
                                   fontSize: 12, fontWeight: from === null ? 'bold' : 'normal' },
        };
        const next = ends[row + 1] && api.coord([to, row + 1])[1];
        const link = next && {
            type: 'line', shape: { x1: api.coord([to, row])[0], y1: y + height / 2, x2: api.coord([to, row])[0],
                                   y2: next - height / 2 },
            style: { stroke: quiet, lineDash: [3, 3] },
        };
        return { type: 'group', children: [bar, label, ...(link ? [link] : [])] };
    };
    const option = width => {
        const side = sideAxis(figure, names, width);
        return {
            ...figure.base(p => tip(names[p.dataIndex], figure.said(p.dataIndex, 0))),
            grid: { left: side.left, right: 72, top: 8, bottom: 46 },
            xAxis: figure.lyingAxis({ min: low, max: high }, true),
            yAxis: side.axis,
            series: [{ type: 'custom', renderItem: draw, encode: { x: 1, y: 0 },
                       data: ends.map((end, row) => [row, end[1]]) }],
        };
    };
    return { height: names.length * 34 + 56, option };
}
