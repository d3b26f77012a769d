/* Heat maps and tiles: a colour a number, and the number in it. */
import { room, tip } from './figure.js';
import { ink, none, onColor, quiet, ramp, shade } from './palette.js';
import { words } from './words.js';

const scale = (figure, more = {}) => ({
    type: 'continuous', min: figure.low, max: figure.high, calculable: false, orient: 'horizontal', left: 'center',
    top: 0, itemHeight: 160, itemWidth: 12, text: [`${words.higher} ${figure.high}`, `${figure.low} ${words.lower}`],
    textStyle: { color: ink, fontSize: 12 }, inRange: { color: ramp }, ...more,
});

const share = (figure, value) => (value - figure.low) / (figure.high - figure.low || 1);

/* The axis with the longer names stands at the side, where they can be read. */
function turned(figure) {
    const [rows, columns] = [figure.rows, figure.columns].map(items => Math.max(0, ...items.map(item => [...item.name].length)));
    return columns > rows;
}

export function heatmap(figure) {
    const turn = turned(figure);
    const across = (turn ? figure.rows : figure.columns).map(item => item.name);
    const side = (turn ? figure.columns : figure.rows).map(item => item.name);
    const cells = figure.values.map((value, at) => {
        const [row, column] = [Math.floor(at / figure.n), at % figure.n];
        return { value: turn ? [row, column, value] : [column, row, value], row, column, text: figure.texts[at] };
    });
    const numbers = cells.filter(cell => cell.value[2] !== null).map(cell => {
        return { ...cell, label: { color: onColor(shade(share(figure, cell.value[2]))) } };
    });
    const signs = cells.filter(cell => cell.value[2] === null && cell.text)
        .map(cell => ({ ...cell, value: cell.value.slice(0, 2) }));
    const drawSign = (params, api) => {
        const [x, y] = api.coord([api.value(0), api.value(1)]);
        const [width, height] = api.size([1, 1]);
        return {
            type: 'rect', shape: { x: x - width / 2, y: y - height / 2, width, height },
            style: { fill: none, stroke: '#ffffff' },
            textContent: { style: { text: signs[params.dataIndex].text, fill: quiet, fontSize: 11 } },
            textConfig: { position: 'inside' },
        };
    };
    const widest = room(side, 250);
    const narrow = Math.min(widest, 112);
    const upright = room(across, 400) > 60;
    const option = width => {
        const space = width - widest < across.length * 40 ? narrow : widest;
        const labelled = (width - space) / across.length > 30;
        return {
            ...figure.base(p => tip(`${figure.rows[p.data.row].name}　${figure.columns[p.data.column].name}`,
                figure.said(p.data.row, p.data.column))),
            visualMap: scale(figure, { seriesIndex: 0 }),
            grid: { left: space + 12, right: 8, top: 44, bottom: upright ? room(across, 260) + 12 : 40 },
            xAxis: figure.categoryAxis(across, { axisLabel: upright ? { rotate: 90, width: 260, overflow: 'truncate' }
                                                                     : { fontSize: 11, width: (width - space - 20) / across.length, overflow: 'break' } }),
            yAxis: figure.categoryAxis(side, { inverse: true, axisLabel: { width: space, overflow: 'break', lineHeight: 12,
                                                                      fontSize: space < widest ? 10 : 12 } }),
            series: [
                { type: 'heatmap', data: numbers, label: { show: labelled, fontSize: 11, formatter: p => p.data.text },
                  itemStyle: { borderColor: '#ffffff', borderWidth: 1 },
                  emphasis: { itemStyle: { borderColor: '#000000', borderWidth: 2 } } },
                { type: 'custom', data: signs, renderItem: drawSign },
            ],
        };
    };
    return {
        height: side.length * 25 + 84 + (upright ? room(across, 260) : 24),
        least: Math.max(300, narrow + 24 + across.length * 38), option,
    };
}

/* One series a class of values, so that the legend names them; one for all without classes. */
function tileSeries(figure, draw) {
    const point = (_, at) => ({ value: [figure.place[at][1], figure.place[at][0], figure.value(at, 0)], row: at });
    const all = figure.rows.map(point);
    if (!figure.bands.length)
        return [{ type: 'custom', renderItem: draw(all), data: all }];
    const classes = figure.bands.map((name, band) => ({ name, data: all.filter(tile => figure.band(tile.row, 0) === band) }));
    const rest = all.filter(tile => figure.band(tile.row, 0) < 0);
    return [...classes, ...(rest.length ? [{ name: '', data: rest }] : [])].map(({ name, data }, band) => ({
        type: 'custom', name, data, renderItem: draw(data), clip: false,
        itemStyle: { color: name ? shade(band / Math.max(figure.bands.length - 1, 1)) : none },
    }));
}

/* "宁夏回族自治区" -> "宁夏". */
const short = name => name.replace(/(?<=.)((维吾尔|壮族|回族)?自治区|特别行政区)$/, '');

export function tiles(figure) {
    const across = Math.max(...figure.place.map(place => place[1])) + 1;
    const down = Math.max(...figure.place.map(place => place[0])) + 1;
    const fill = row => {
        if (figure.value(row, 0) === null)
            return none;
        const band = figure.band(row, 0);
        return figure.bands.length && band >= 0 ? shade(band / Math.max(figure.bands.length - 1, 1))
                                                : shade(share(figure, figure.value(row, 0)));
    };
    const draw = data => (params, api) => {
        const { row } = data[params.dataIndex];
        const [x, y] = api.coord([api.value(0), api.value(1)]);
        const [width, height] = api.size([1, 1]).map(size => size - 4);
        const color = fill(row);
        const name = short(figure.rows[row].name);
        return {
            type: 'rect', shape: { x: x - width / 2, y: y - height / 2, width, height, r: 3 },
            style: { fill: color, stroke: '#9aa7b4', lineWidth: 0.5 },
            textContent: { style: { text: `${name}\n${figure.text(row, 0)}`, fill: onColor(color), fontSize: 12, lineHeight: 17,
                                    align: 'center', width: width - 4, overflow: 'break' } },
            textConfig: { position: 'inside' },
        };
    };
    const hidden = (count, more) => ({ type: 'value', show: false, min: -0.5, max: count - 0.5, ...more });
    const option = width => {
        const size = Math.min((width - 8) / across, 120);
        const margin = Math.max(4, (width - size * across) / 2);
        return {
            ...figure.base(p => tip(figure.rows[p.data.row].name, figure.said(p.data.row, 0), figure.bands[figure.band(p.data.row, 0)])),
            ...(figure.bands.length ? { legend: { top: 0, selectedMode: false, textStyle: { color: ink }, data: figure.bands } }
                                    : { visualMap: scale(figure) }),
            grid: { left: margin, right: margin, top: 44, bottom: 4 },
            xAxis: hidden(across), yAxis: hidden(down, { inverse: true }),
            series: tileSeries(figure, draw),
        };
    };
    return { height: down * 58 + 48, least: Math.max(300, across * 46), option };
}
