/* One box that shows only the rows of all tables that hold the words, and walks through them. */
import { words } from './words.js';

const plain = text => text.normalize('NFKC').toLowerCase().replaceAll('\u2212', '-').trim();

export function makeSearch(form, reveal) {
    const box = form.querySelector('input');
    const said = form.querySelector('output');
    const next = form.querySelector('button');
    let rows = null;
    let hits = [];
    let at = -1;

    const all = () => (rows ??= [...document.querySelectorAll('table.sheet > tbody > tr')]
        .map(row => ({ row, table: row.closest('.table'), text: plain(row.textContent) })));

    function filter() {
        const wanted = plain(box.value);
        const kept = new Map();
        hits = [];
        at = -1;
        document.querySelector('tr.hit')?.classList.remove('hit');
        for (const { row, table, text } of all()) {
            const keep = text.includes(wanted);
            row.hidden = !keep;
            kept.set(table, (kept.get(table) ?? 0) + keep);
            if (keep && wanted)
                hits.push(row);
        }
        for (const [table, count] of kept)
            table.classList.toggle('none', count === 0);
        const tables = [...kept.values()].filter(count => count).length;
        said.textContent = wanted ? words.found(hits.length, tables) : '';
        next.disabled = hits.length === 0;
    }

    /* In the order of the page, which sorting may have changed. */
    function jump() {
        if (!hits.length)
            return;
        document.querySelector('tr.hit')?.classList.remove('hit');
        if (at < 0)
            hits.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
        at = (at + 1) % hits.length;
        reveal(hits[at]);
        hits[at].classList.add('hit');
        hits[at].scrollIntoView({ block: 'center' });
    }

    box.addEventListener('input', filter);
    form.addEventListener('submit', event => {
        event.preventDefault();
        jump();
    });
    box.addEventListener('keydown', event => {
        if (event.key === 'Escape' && box.value) {
            box.value = '';
            filter();
        }
    });
    form.hidden = false;
    if (box.value)
        filter();
}
