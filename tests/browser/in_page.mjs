/* Looks at the page from inside; each function is sent to the browser whole. */

/* Texts of every table of the story: heads per column, rows as they stand in the page. */
export function tables() {
    const read = table => ({
        id: table.dataset.sheet,
        title: table.querySelector('.title').textContent,
        unit: table.querySelector('.unit')?.textContent ?? '',
        groups: [...table.tHead.rows].length > 1
            ? [...table.tHead.querySelectorAll('[scope=colgroup]')].map(group => [group.textContent, group.colSpan]) : [],
        heads: [...table.tHead.querySelectorAll('[data-c]')].sort((a, b) => a.dataset.c - b.dataset.c)
            .map(head => head.textContent),
        rows: [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent)),
        notes: [...table.closest('.table').querySelectorAll('.note, .source')].map(note => note.textContent),
    });
    return [...document.querySelectorAll('main section > .table table.sheet')].map(read);
}

/* Elements whose text reaches beyond them, and words of charts beyond their drawing. */
export function clipped() {
    const bad = [];
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
        bad.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const element of document.querySelectorAll('body *')) {
        if (element.closest('svg, .scroll, .side') || !element.clientWidth || element.matches('.scroll, .skip, select, input'))
            continue;
        if (element.scrollWidth > element.clientWidth + 1)
            bad.push(`${element.tagName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`);
    }
    for (const cell of document.querySelectorAll('.table th, .table td, .numbers td, .held'))
        if (cell.scrollWidth > cell.clientWidth + 1)
            bad.push(`cell "${cell.textContent.slice(0, 30)}" ${cell.scrollWidth} > ${cell.clientWidth}`);
    for (const svg of document.querySelectorAll('.chart svg')) {
        const box = svg.getBoundingClientRect();
        for (const text of svg.querySelectorAll('text')) {
            const words = text.getBoundingClientRect();
            if (words.width && (words.left < box.left - 1 || words.right > box.right + 1 || words.top < box.top - 2 ||
                                words.bottom > box.bottom + 2))
                bad.push(`"${text.textContent}" leaves ${svg.closest('.chart').id}`);
        }
    }
    return bad;
}

/* Words of rankings and strips, keys among them, that stand on one another. */
export function overprinted() {
    const bad = [];
    for (const chart of document.querySelectorAll('.chart[data-kind=ranking], .chart[data-kind=strip]')) {
        const words = [...chart.querySelectorAll('svg text')].map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }))
            .filter(word => word.box.width);
        words.forEach((one, at) => {
            for (const two of words.slice(at + 1)) {
                const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
                const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
                if (wide > 2 && high > 6)
                    bad.push(`${chart.id}: "${one.text}" on "${two.text}"`);
            }
        });
    }
    return bad;
}

/* Clicks every column of every table through its three states; tells what came out wrong. */
export function sortAll() {
    const wrong = [];
    let clicks = 0;
    const printed = text => (/^[+\u2212-]?\d+(\.\d+)?$/.test(text) ? Number(text.replace('\u2212', '-')) : NaN);
    const moved = text => (/^[↑↓]\d+$/.test(text) ? (text[0] === '↑' ? 1 : -1) * Number(text.slice(1)) : text === '—' ? 0 : NaN);
    for (const table of document.querySelectorAll('table.sortable')) {
        const rows = () => [...table.tBodies[0].rows];
        const before = rows();
        for (const head of table.tHead.querySelectorAll('[data-c]')) {
            const cells = () => rows().map(row => row.cells[head.dataset.c].textContent.trim());
            const where = `${table.dataset.sheet}/${head.textContent}`;
            const button = head.querySelector('button');
            for (const state of ['ascending', 'descending', null]) {
                button.click();
                clicks++;
                if (head.getAttribute('aria-sort') !== state)
                    wrong.push(`${where}: aria-sort is ${head.getAttribute('aria-sort')}, not ${state}`);
                if (table.querySelectorAll('[aria-sort]').length !== (state ? 1 : 0))
                    wrong.push(`${where}: two columns claim to be sorted`);
                if (state === null) {
                    if (rows().some((row, at) => row !== before[at]))
                        wrong.push(`${where}: the printed order is not back`);
                    continue;
                }
                if (head.classList.contains('t'))
                    continue;
                const numbers = cells().map(text => (Number.isNaN(printed(text)) ? moved(text) : printed(text)));
                const known = numbers.filter(number => !Number.isNaN(number));
                if (known.some((number, at) => Number.isNaN(numbers[at])))
                    wrong.push(`${where}: cells without a number are not last`);
                const order = known.every((number, at) => at === 0 || (state === 'ascending' ? number >= known[at - 1]
                                                                                           : number <= known[at - 1]));
                if (!order)
                    wrong.push(`${where}: ${state} gives ${known}`);
            }
        }
    }
    return { wrong, clicks };
}

export const shownRows = () => [...document.querySelectorAll('table.sheet > tbody > tr')].filter(row => !row.hidden)
    .map(row => row.textContent);

/* Numbers written into the drawing of a figure. */
export const numbersDrawn = id => [...document.getElementById(id).querySelectorAll('svg text')]
    .map(text => text.textContent).filter(text => /^\d+\.\d+$/.test(text));
