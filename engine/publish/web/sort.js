/* Columns sorted by value: ascending, descending, then the printed order again. */
import { words } from './words.js';

/* NaN where the cell holds no number. */
function number(cell) {
    const text = cell.dataset.v ?? cell.textContent.trim().replace('\u2212', '-');
    return text === '' ? NaN : Number(text);
}

/* Cells without a number come last both ways; equal ones keep their printed order. */
function compare(a, b, direction, textual, collator) {
    const none = key => (textual ? key === '' : Number.isNaN(key));
    if (none(a.key) || none(b.key))
        return none(a.key) - none(b.key) || a.index - b.index;
    const order = textual ? collator.compare(a.key, b.key) : a.key - b.key;
    return direction * order || a.index - b.index;
}

function sort(table, printed, column, direction) {
    const body = table.tBodies[0];
    if (direction === 0)
        return body.append(...printed);
    const textual = table.querySelector(`thead [data-c="${column}"]`).classList.contains('t');
    const collator = new Intl.Collator(document.documentElement.lang);
    const keyed = printed.map((row, index) => {
        const cell = row.cells[column];
        return { row, index, key: textual ? cell.textContent.trim() : number(cell) };
    });
    keyed.sort((a, b) => compare(a, b, direction, textual, collator));
    body.append(...keyed.map(({ row }) => row));
}

export function makeSortable(table) {
    const heads = [...table.querySelectorAll('thead [data-c]')];
    const printed = [...table.tBodies[0].rows];
    if (printed.length < 2)
        return;
    for (const head of heads) {
        head.dataset.title = head.textContent;
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'sort';
        button.title = words.sortBy(head.dataset.title);
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => {
            const next = { ascending: 'descending', descending: '' }[head.getAttribute('aria-sort') ?? ''] ?? 'ascending';
            for (const other of heads)
                other.removeAttribute('aria-sort');
            if (next)
                head.setAttribute('aria-sort', next);
            sort(table, printed, Number(head.dataset.c), next === 'ascending' ? 1 : next ? -1 : 0);
        });
    }
}
