// The same sums? Cells are maps "period level unit" -> {rows, sums: {indicator: [numerator, denominator]}}.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levels, readJob, records } from './job.mjs';

function mqciCells(folder) {
  const cells = new Map();
  const lines = records(readFileSync(join(folder, 'indicators.csv'), 'utf8'));
  const header = lines.next().value;
  const at = Object.fromEntries(header.map((name, i) => [name, i]));
  for (const line of lines) {
    const key = `${line[at.period]} ${line[at.level]} ${line[at.unit]}`;
    if (!cells.has(key)) cells.set(key, { rows: Number(line[at.enterprises]), sums: {} });
    cells.get(key).sums[line[at.indicator]] = [line[at.numerator], line[at.denominator]].map(Number);
  }
  return cells;
}

function othersCells(folder, pairs) {
  const cells = new Map();
  for (const level of Object.keys(levels)) {
    const lines = records(readFileSync(join(folder, `${level}.csv`), 'utf8'));
    lines.next();
    for (const [period, unit, rows, ...sums] of lines)
      cells.set(`${period} ${level} ${unit}`, {
        rows: Number(rows),
        sums: Object.fromEntries(pairs.map(({ id }, i) => [id, [Number(sums[2 * i]), Number(sums[2 * i + 1])]])),
      });
  }
  return cells;
}

// -> what differs: both hold the same units with the same rows and sums, and the manifest agrees with the nation.
function differences(mqci, other) {
  const { pairs, whole } = readJob(mqci.model);
  const a = mqciCells(mqci.out);
  const b = other.mqci ? mqciCells(other.out) : othersCells(other.out, pairs);
  const wrong = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [x, y] = [a.get(key), b.get(key)];
    if (!x || !y || x.rows !== y.rows) wrong.push(`${key}: rows ${x?.rows} and ${y?.rows}`);
    else
      for (const { id } of pairs)
        if (x.sums[id]?.[0] !== y.sums[id][0] || x.sums[id]?.[1] !== y.sums[id][1])
          wrong.push(`${key} ${id}: ${x.sums[id]} and ${y.sums[id]}`);
  }
  const manifest = JSON.parse(readFileSync(join(mqci.out, 'manifest.json'), 'utf8'));
  const nation = [...b].filter(([key]) => key.split(' ')[1] === 'nation').map(([, cell]) => cell);
  const sum = (value) => nation.reduce((total, cell) => total + value(cell), 0);
  if (manifest.rows.accepted !== sum((cell) => cell.rows)) wrong.push(`accepted: ${manifest.rows.accepted} in the manifest`);
  for (const total of whole ? [] : manifest.control_totals) {
    const pair = pairs.find(({ numerator, denominator }) => [numerator, denominator].includes(total.input));
    const found = sum((cell) => cell.sums[pair.id][pair.numerator === total.input ? 0 : 1]);
    if (Number(total.accepted) !== found) wrong.push(`control total of ${total.input}: ${total.accepted} and ${found}`);
  }
  return wrong;
}

// Throws unless `other` has the sums of mqci -> {units, rows} of the manifest.
export function checkSame(mqci, other) {
  const wrong = differences(mqci, other);
  if (wrong.length)
    throw new Error(`${mqci.name} and ${other.name} differ in ${wrong.length} places:\n${wrong.slice(0, 12).join('\n')}`);
  const manifest = JSON.parse(readFileSync(join(mqci.out, 'manifest.json'), 'utf8'));
  return { units: mqciCells(mqci.out).size, rows: manifest.rows };
}
