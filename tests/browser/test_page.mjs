/*
 * The web page as its readers use it, in Debian's chromium: node test_page.mjs MQCI PACKAGES
 * Exit code 77 where there is no browser.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium, driver, open, sizes, violations } from './browser.mjs';
import * as look from './in_page.mjs';
import { hostile, makePublications, readTables } from './publications.mjs';

if (!chromium) {
    console.log('skipped: no chromium; install it with ./bootstrap deps');
    process.exit(77);
}
const [mqci, packages] = process.argv.slice(2).map(path => resolve(path));
const tools = driver(packages);
const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'mqci-browser-'));
const cjk = /[\u3001-\u9fff\uff01-\uffef]/;
let browser;
let made;

before(async () => {
    made = makePublications(mqci, folder);
    browser = await tools.chromium.launch({ executablePath: chromium, args: ['--no-sandbox'] });
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
});

/* Opens, does, and expects silence, no requests and no pop-ups. */
async function visit(name, viewport, body, hash) {
    const seen = await open(browser, made[name], viewport, hash);
    try {
        await body(seen.page);
        assert.deepEqual(seen.said, [], 'the page says something on the console');
        assert.deepEqual(seen.asked.map(url => url.split('#')[0]), [seen.url], 'the page asks for something else');
        assert.deepEqual(seen.dialogs, [], 'a script from the data ran');
    } finally {
        await seen.close();
    }
}

for (const name of ['demo', 'hostile']) {
    for (const [size, viewport] of Object.entries(sizes))
        test(`${name}, ${size}: quiet, alone, accessible, nothing cut off`, () => visit(name, viewport, async page => {
            assert.deepEqual(await violations(page, tools.axe), []);
            assert.deepEqual(await page.evaluate(look.clipped), []);
            assert.deepEqual(await page.evaluate(look.overprinted), []);
        }));

    test(`${name}: every cell, heading, unit and note is that of tables/*.csv`, () => visit(name, sizes.desktop, async page => {
        const wanted = readTables(made[name]);
        const found = await page.evaluate(look.tables);
        assert.deepEqual(found.map(table => table.id).sort(), [...wanted.keys()].sort());
        let cells = 0;
        for (const table of found) {
            const lines = wanted.get(table.id);
            const at = 1 + (table.unit ? 1 : 0) + (table.groups.length ? 1 : 0);
            assert.equal(lines[0].join(), table.title);
            if (table.unit)
                assert.equal(lines[1].join(), table.unit);
            for (const [group] of table.groups)
                assert.ok(lines[at - 1].includes(group), `${table.id}: no group ${group}`);
            assert.deepEqual(table.heads, lines[at], table.id);
            const same = (text, csv) => (/^-\d/.test(csv) ? text.replace('\u2212', '-') : text);
            for (const [row, texts] of table.rows.entries()) {
                assert.deepEqual(texts.map((text, i) => same(text, lines[at + 1 + row][i])), lines[at + 1 + row], `${table.id}, row ${row + 1}`);
                cells += texts.length;
            }
            assert.deepEqual(table.notes.map(note => [note]), lines.slice(at + 1 + table.rows.length), table.id);
        }
        assert.ok(cells > (name === 'demo' ? 1500 : 50), `${cells} cells only`);
    }));

    test(`${name}: every column sorts by value both ways, then back`, () => visit(name, sizes.desktop, async page => {
        const { wrong, clicks } = await page.evaluate(look.sortAll);
        assert.deepEqual(wrong, []);
        assert.ok(clicks > 30, `${clicks} clicks`);
    }));

    test(`${name}: paper shows all tables and charts, without what only a screen needs`, () => visit(name, sizes.desktop, async page => {
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('.side').isVisible(), false);
        assert.equal(await page.locator('.profile:visible').count(), await page.locator('.profile').count());
        await page.emulateMedia({ media: null });
        const file = join(made[name], 'page.pdf');
        writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
        const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
        const words = new Set(text.split(/[\s()]+/));
        for (const [id, lines] of readTables(made[name]))
            for (const cell of lines.flat().filter(cell => /^-?\d+\.\d+$/.test(cell)))
                assert.ok(words.has(cell.replace('-', '\u2212')), `${cell} of ${id} is not on paper`);
        const undrawn = await page.evaluate(() => [...document.querySelectorAll('.chart:not(:has(svg))')].map(chart => chart.id));
        assert.deepEqual(undrawn, [], 'charts that paper does not have');
    }));

    test(`${name}: the same bytes twice`, () => {
        const [one, two] = ['page', 'again'].map(run => readFileSync(join(made[name], run, 'index.html')));
        assert.ok(one.equals(two));
        assert.ok(one.length < 2_000_000, `${one.length} bytes`);
    });

    test(`${name}: one profile a unit, chosen by the list and by the address`, () => visit(name, sizes.desktop, async page => {
        const profiles = page.locator('.profile');
        const count = await profiles.count();
        assert.equal(count, name === 'demo' ? 14 : hostile.units.length);
        assert.equal(await page.locator('.profile:visible').count(), 1);
        const id = await profiles.nth(count - 1).getAttribute('id');
        await page.selectOption('#unit', id);
        assert.equal(await profiles.nth(count - 1).isVisible(), true);
        assert.equal(await page.locator('.profile:visible').count(), 1);
        assert.equal(new URL(page.url()).hash, `#${id}`);
        const second = await profiles.nth(1).getAttribute('id');
        await page.goto(`${page.url().split('#')[0]}#${second}`);
        assert.equal(await profiles.nth(1).isVisible(), true);
        assert.equal(await page.inputValue('#unit'), second);
    }, '#main'));
}

test('a click sorts the ranking of cities, the arrow says how', () => visit('demo', sizes.phone, async page => {
    const head = page.locator('table[data-sheet=city] th[data-c="9"]');
    const names = () => page.locator('table[data-sheet=city] tbody th').allTextContents();
    const printed = await names();
    const lines = readTables(made.demo).get('city');
    const first = lines.findIndex(line => line[0] === printed[0]);
    const score = new Map(lines.slice(first, first + printed.length).map(line => [line[0], Number(line[8])]));
    const button = page.locator('table[data-sheet=city] th[data-c="8"] button');
    await button.click();
    const up = await names();
    assert.deepEqual(up.map(name => score.get(name)), [...score.values()].sort((a, b) => a - b));
    await button.click();
    assert.deepEqual((await names()).map(name => score.get(name)), [...score.values()].sort((a, b) => b - a));
    assert.equal(await head.getAttribute('aria-sort'), null);
}));

test('the search keeps the rows that hold the words, counts them and walks through them', () => visit('demo', sizes.desktop, async page => {
    const all = await page.evaluate(look.shownRows);
    for (const words of ['大连市', '+0.5', 'no such row']) {
        await page.fill('#find', words);
        const kept = all.filter(text => text.includes(words));
        assert.deepEqual(await page.evaluate(look.shownRows), kept, words);
        const said = await page.locator('form.search output').textContent();
        assert.ok(kept.length ? said.includes(` ${kept.length} `) : said === '没有找到', said);
    }
    await page.fill('#find', '大连市');
    await page.press('#find', 'Enter');
    assert.equal(await page.locator('tr.hit').count(), 1);
    assert.ok((await page.locator('tr.hit').textContent()).includes('大连市'));
    assert.equal(await page.locator('tr.hit').isVisible(), true);
    await page.press('#find', 'Escape');
    assert.deepEqual(await page.evaluate(look.shownRows), all);
}));

test('the keyboard alone: skip link first, then to a column, and it sorts', () => visit('demo', sizes.desktop, async page => {
    const focused = () => page.evaluate(() => document.activeElement.className);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    for (let i = 0; i < 60 && (await focused()) !== 'sort'; i++)
        await page.keyboard.press('Tab');
    assert.equal(await focused(), 'sort');
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.closest('th').getAttribute('aria-sort')), 'ascending');
}));

test('the heat map has a cell for every number of its table, and says what it is', () => visit('demo', sizes.desktop, async page => {
    const wanted = readTables(made.demo).get('city_industry').slice(3).flat().filter(cell => /^\d+\.\d+$/.test(cell));
    assert.deepEqual((await page.evaluate(look.numbersDrawn, 'f-city_industry-heatmap')).sort(), wanted.sort());
    assert.ok(wanted.length > 300);
    const chart = page.locator('#f-city_industry-heatmap .chart');
    assert.equal(await chart.getAttribute('role'), 'img');
    assert.ok((await chart.getAttribute('aria-label')).length > 20);
    await chart.scrollIntoViewIfNeeded();
    const cell = page.locator('#f-city_industry-heatmap svg text', { hasText: /^\d+\.\d+$/ }).first();
    const text = await cell.textContent();
    await cell.hover({ force: true });
    await page.waitForFunction(words => document.querySelector('#f-city_industry-heatmap .chart > div + div')?.textContent.includes(words), text);
}));

test('the numbers of every figure can be opened as a table', () => visit('demo', sizes.phone, async page => {
    for (const figure of await page.locator('section > figure').all()) {
        await figure.locator('summary').press('Enter');
        assert.equal(await figure.locator('table.numbers').isVisible(), true);
    }
    assert.ok(await page.locator('section > figure').count() >= 6);
    assert.deepEqual(await page.evaluate(look.clipped), []);
}));

test('an English publication speaks English alone, and shows hostile names as text', () => visit('hostile', sizes.desktop, async page => {
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.equal(await page.locator('h1').textContent(), hostile.title);
    assert.ok((await page.title()).startsWith(hostile.title));
    const text = await page.evaluate(() => document.body.innerText);
    assert.equal(cjk.exec(text)?.[0], undefined);
    for (const name of hostile.units)
        assert.ok(text.includes(name), name);
    assert.equal(await page.locator('main img, main i, main b').count(), 0);
    await page.fill('#find', 'Gamma');
    assert.match(await page.locator('form.search output').textContent(), /^\d+ rows? in \d+ tables?$/);
    const button = page.locator('table.sortable button').first();
    assert.match(await button.getAttribute('title'), /^Sort by /);
}));
