/* A figure as the program wrote it, and what all kinds of charts share. */
import { font, ink, quiet, rule } from './palette.js';
import { words } from './words.js';

export const minus = text => String(text).replace('-', '\u2212');

/* Texts come from data: they go into the page as text, never as markup. */
export function tip(...lines) {
    const box = document.createElement('div');
    for (const line of lines.filter(Boolean)) {
        const row = document.createElement('div');
        row.textContent = line;
        box.append(row);
    }
    return box;
}

export class Figure {
    constructor(data) {
        Object.assign(this, data);
        this.n = this.columns.length;
    }

    value(row, column) {
        return this.values[row * this.n + column];
    }

    text(row, column) {
        return this.texts[row * this.n + column];
    }

    band(row, column) {
        return this.cellBand ? this.cellBand[row * this.n + column] : -1;
    }

    /* "85.20 points", "91.5%", or why there is none. */
    said(row, column) {
        const text = this.text(row, column);
        if (this.value(row, column) === null)
            return text ? `${text} (${words.missing})` : words.missing;
        return this.withUnit(text);
    }

    withUnit(text) {
        const close = !this.unit || this.unit === '%' || /[\u3000-\u9fff]/.test(this.unit);
        return `${text}${close ? '' : ' '}${this.unit}`;
    }

    /* What holds for every chart. */
    base(formatter) {
        return {
            animation: false,
            textStyle: { fontFamily: font, color: ink, fontSize: 12 },
            tooltip: {
                trigger: 'item', confine: true, transitionDuration: 0, borderColor: rule, padding: [6, 10],
                textStyle: { fontFamily: font, fontSize: 13, color: ink }, formatter,
            },
        };
    }

    valueAxis(more = {}) {
        const range = { min: this.low ?? undefined, max: this.high ?? undefined, ...more };
        const decimals = Math.max(0, -Math.floor(Math.log10((range.max - range.min) / 5 || 1) + 1e-9));
        return {
            type: 'value', name: this.unit, nameTextStyle: { color: quiet, fontFamily: font }, splitNumber: 5,
            axisLabel: { color: quiet, fontFamily: font, hideOverlap: true, formatter: value => minus(value.toFixed(decimals)) },
            axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: rule } }, ...range,
        };
    }

    /* Below the chart; where lengths are compared, the axis tells that it does not start at 0. */
    lyingAxis(more = {}, lengths = false) {
        const low = more.min ?? this.low;
        return this.valueAxis({
            nameLocation: 'middle', nameGap: 28, name: lengths && low ? words.starts(this.unit, minus(low)) : this.unit, ...more,
        });
    }

    categoryAxis(names, more = {}) {
        return {
            type: 'category', data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: quiet } }, ...more,
            axisLabel: { color: ink, fontFamily: font, interval: 0, ...more.axisLabel },
        };
    }
}

/* Width in pixels of the widest name at 12 px, CJK counting double; at most `most`. */
export function room(names, most) {
    const widest = Math.max(0, ...names.map(name => [...name].reduce((sum, c) => sum + (c > '\u2e7f' ? 12 : 6.8), 0)));
    return Math.min(Math.ceil(widest) + 4, most);
}

/* Lines that a legend of these names takes across `width`. */
export function legendLines(names, width, sign) {
    let lines = 1;
    let used = 0;
    for (const name of names) {
        const need = sign + 16 + room([name], width);
        if (used && used + need > width) {
            lines++;
            used = 0;
        }
        used += need;
    }
    return lines;
}

/* The axis of names down the side, and the room it needs at the left. Names that would need three
 * lines are set smaller. */
export function sideAxis(figure, names, width, more = {}) {
    const space = room(names, Math.max(90, width * 0.36));
    const fontSize = room(names, Infinity) > 2 * (space - 12) ? 10 : 12;
    return {
        left: space + 12,
        axis: figure.categoryAxis(names, {
            inverse: true, ...more,
            axisLabel: { width: space, overflow: 'break', lineHeight: fontSize + 1, fontSize, ...more.axisLabel },
        }),
    };
}
