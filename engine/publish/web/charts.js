/* Charts of the figures, drawn by ECharts as SVG from the numbers beside them in the page. */
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
    GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import { heatmap, tiles } from './areas.js';
import { profile, strip } from './dots.js';
import { Figure } from './figure.js';
import { ranking, trend, waterfall } from './lines.js';

use([BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent,
     TooltipComponent, VisualMapComponent, SVGRenderer]);

/* Each gives { height, least, option(width) } of a figure: pixels, and how narrow it may get. */
const kinds = { trend, ranking, strip, heatmap, waterfall, tiles, profile };
const paper = 660; /* pixels across the text of an A4 page */

class Chart {
    constructor(box) {
        this.box = box;
        this.figure = new Figure(JSON.parse(document.getElementById(`${box.id}-data`).textContent));
        this.plan = kinds[this.figure.kind](this.figure);
        box.style.height = `${this.plan.height}px`;
        box.style.minWidth = `${this.plan.least ?? 300}px`;
        this.chart = init(box, null, { renderer: 'svg' });
        this.draw();
        new ResizeObserver(() => this.fit()).observe(box);
    }

    draw(width = this.box.clientWidth) {
        this.width = width;
        this.chart.resize({ width, height: this.plan.height });
        this.chart.setOption(this.plan.option(width), { notMerge: true });
    }

    fit() {
        if (!this.printing && this.box.clientWidth && this.box.clientWidth !== this.width)
            this.draw();
    }

    print(on) {
        this.printing = on;
        if (on)
            this.draw(Math.max(paper, this.plan.least ?? 0));
        else
            this.fit();
    }
}

export function makeCharts() {
    const boxes = new Map();

    /* Draws what is on show below `root` and not drawn yet. */
    function show(root) {
        for (const box of root.querySelectorAll('.chart[data-kind]'))
            if (box.offsetParent && !boxes.has(box))
                boxes.set(box, new Chart(box));
    }

    function print(on) {
        if (on) {
            for (const box of document.querySelectorAll('.chart[data-kind]'))
                if (!boxes.has(box))
                    boxes.set(box, new Chart(box));
        }
        for (const chart of boxes.values())
            chart.print(on);
    }

    window.addEventListener('beforeprint', () => print(true));
    window.addEventListener('afterprint', () => print(false));
    return { show };
}
