/* Strips and profiles: where units lie, a line of dots a part of the index. */
import { legendLines, sideAxis, tip } from './figure.js';
import { ink, quiet, rule, series, strong } from './palette.js';

const points = (figure, column) => figure.rows
    .map((_, row) => ({ value: [figure.value(row, column), row], row, column }))
    .filter(point => point.value[0] !== null);

const lanes = { splitLine: { show: true, lineStyle: { color: rule } }, splitArea: { show: false } };

function chart(figure, all, perRow) {
    const names = figure.rows.map(row => row.name);
    const keys = all.filter(one => one.name).map(one => one.name);
    const option = width => {
        const lines = legendLines(keys, width, 16);
        const side = sideAxis(figure, names, width, lanes);
        return {
            ...figure.base(p => tip(figure.columns[p.data.column].name,
                `${names[p.data.row]}　${figure.said(p.data.row, p.data.column)}`)),
            legend: { top: 0, itemWidth: 16, textStyle: { color: ink }, data: keys },
            grid: { left: side.left, right: 24, top: 18 + 22 * lines, bottom: 46 },
            xAxis: figure.lyingAxis({ splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: quiet } } }),
            yAxis: side.axis,
            series: all,
        };
    };
    return { height: names.length * perRow + 92, option };
}

export function strip(figure) {
    const named = figure.columns.map((column, at) => ({ ...column, at })).filter(column => column.strong);
    const rest = {
        type: 'scatter', symbol: 'circle', symbolSize: 12,
        itemStyle: { color: 'rgba(93, 143, 194, 0.45)', borderColor: '#3f6f9f', borderWidth: 1 },
        data: figure.columns.flatMap((column, at) => (column.strong ? [] : points(figure, at))),
    };
    const special = named.map((column, i) => ({
        type: 'scatter', name: column.name, symbol: series[i % series.length].symbol.replace('empty', '').toLowerCase(),
        symbolSize: 13, z: 4, itemStyle: { color: series[i % series.length].color, borderColor: '#ffffff', borderWidth: 1, opacity: 1 },
        data: points(figure, column.at),
    }));
    return chart(figure, [rest, ...special], 38);
}

/* The unit itself is a filled dot, the units above it are open marks. */
export function profile(figure) {
    const marks = ['diamond', 'rect', 'triangle'];
    const all = figure.columns.map((column, at) => ({
        type: 'scatter', name: column.name, data: points(figure, at), z: column.strong ? 5 : 3,
        symbol: column.strong ? 'circle' : marks[at % marks.length], symbolSize: column.strong ? 13 : 11,
        itemStyle: column.strong ? { color: strong, opacity: 1 } : { color: '#ffffff', borderColor: series[at % series.length].color, borderWidth: 2, opacity: 1 },
        label: { show: column.strong, position: 'top', distance: 3, fontSize: 11, color: strong,
                 formatter: p => figure.text(p.data.row, at) },
    }));
    return chart(figure, all, 34);
}
