/* Pages to open, made by the program: the province of the demo, and one full of hostile names. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/* Texts that would do harm, or break the page, wherever they were not escaped. */
export const hostile = {
    title: `<script>alert(1)</script> & "quotes" of quality`,
    units: [`<script>alert(2)</script> & "quotes"`, `<img src=x onerror=alert(3)>`, `Beta & Sons' </script><!-- {{b}} {a|b}`,
            'Gamma', 'Delta &lt; &amp;', '{b}: {c}'],
};

const quoted = text => JSON.stringify(text);
const csv = text => `"${text.replaceAll('"', '""')}"`;

function hostileModel(folder) {
    const lines = hostile.units.map((name, at) => `${at + 1}0,${csv(name)},,area`);
    writeFileSync(join(folder, 'area.csv'), `code,name,parent,level\n${lines.join('\n')}\n`);
    const trades = ['Food <b>', 'Metal', 'Paper'].map((name, at) => `${at + 1}1,${csv(name)},,trade`);
    writeFileSync(join(folder, 'trade.csv'), `code,name,parent,level\n${trades.join('\n')}\n`);
    const parts = ['passed', 'returned'].map((id, at) => `  - id: ${id}_rate
    parent: index
    weight: 1/2
    title: ${quoted(at ? '<i>Return</i> rate' : 'Pass rate')}
    unit: "%"
    direction: ${at ? 'down' : 'up'}
    formula: 100 * ${id} / tested
    normalise: {method: efficacy, fail: ${at ? 40 : 0}, pass: ${at ? 0 : 100}, low: 60, high: 100, clip: true}
`).join('');
    writeFileSync(join(folder, 'model.yaml'), `mqci: 1
id: hostile
edition: "2024"
title: ${quoted(hostile.title)}
source: ${quoted('Survey of <b>units</b> & others')}
rounding: half_up
decimals: 2
codes: {area: area.csv, trade: trade.csv}
inputs:
  - {id: year, column: [year], type: period}
  - {id: area, column: [area], type: code, list: area}
  - {id: trade, column: [trade], type: code, list: trade}
  - {id: tested, column: [tested], type: amount, decimals: 0}
  - {id: passed, column: [passed], type: amount, decimals: 0}
  - {id: returned, column: [returned], type: amount, decimals: 0}
levels:
  - {id: whole, title: Whole}
  - {id: area, title: Area, by: [area.area]}
  - {id: trade, title: Trade, by: [trade.trade]}
  - {id: area_trade, title: Area and trade, by: [area.area, trade.trade]}
indicators:
  - {id: index, title: Quality index, combine: arithmetic}
${parts}`);
    const rows = [];
    for (const year of [2023, 2024])
        for (let area = 1; area <= hostile.units.length; area++)
            for (let trade = 1; trade <= 3; trade++)
                if ((area + trade) % 7)
                    for (let i = 0; i < 4; i++)
                        rows.push([year, `${area}0`, `${trade}1`, 100, 60 + ((area * 7 + trade * 5 + i + year) % 37),
                                   (area * 3 + trade + i) % 23].join(','));
    writeFileSync(join(folder, 'data.csv'), `year,area,trade,tested,passed,returned\n${rows.join('\n')}\n`);
    return [join(folder, 'model.yaml'), join(folder, 'data.csv')];
}

/* Runs and publishes; the page and the tables are of one result. */
function publish(mqci, folder, inputs) {
    execFileSync(mqci, ['run', ...inputs, '-o', join(folder, 'out')], { stdio: 'pipe' });
    for (const again of ['page', 'again'])
        execFileSync(mqci, ['publish', join(folder, 'out'), '-o', join(folder, again), '--formats', 'html,csv'], { stdio: 'pipe' });
    return folder;
}

export function makePublications(mqci, folder) {
    const of = name => {
        mkdirSync(join(folder, name));
        return join(folder, name);
    };
    const demo = ['models/mqci-liaoning.yaml', 'datasets/demo/liaoning-2023.csv', 'datasets/demo/liaoning-2024.csv'];
    const bad = of('hostile');
    return { demo: publish(mqci, of('demo'), demo), hostile: publish(mqci, bad, hostileModel(bad)) };
}

/* Records of a CSV as spreadsheets read them (RFC 4180). */
function records(text) {
    const rows = [[]];
    for (const [, value, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/g)) {
        rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
        if (end === '\r\n')
            rows.push([]);
        if (end === '')
            break;
    }
    rows.pop();
    return rows.map(row => row.map(cell => cell.replace(/^'(?=[=+\-@\t\r])/, '')));
}

/* id -> lines of tables/id.csv, heading and notes included. */
export function readTables(folder) {
    const tables = new Map();
    for (const file of readdirSync(join(folder, 'page', 'tables')))
        tables.set(file.replace(/\.csv$/, ''),
                   records(readFileSync(join(folder, 'page', 'tables', file), 'utf8').replace(/^\ufeff/, '')));
    return tables;
}
