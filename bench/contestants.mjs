// Who takes part, in which job, and what is timed of whom.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const script = (name) => join(here, name);

// -> the version, or null if it is not there
function npmVersion(work, name) {
  try {
    const load = createRequire(resolve(work, 'x.js'));
    load(name);
    return JSON.parse(readFileSync(join(work, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

function tableVersion() {
  const asked = ['--vanilla', '-e', 'cat(as.character(packageVersion("data.table")), as.character(getRversion()))'];
  const { status, stdout } = spawnSync('Rscript', asked, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(' ') : null;
}

// -> {contestant: "name and version", or null if it is not installed}
export function installed({ floor, work }) {
  const [duckdb, polars] = [npmVersion(work, '@duckdb/node-api'), npmVersion(work, 'nodejs-polars')];
  const table = tableVersion();
  return {
    floor: existsSync(floor) ? '' : null,
    DuckDB: duckdb && `DuckDB ${duckdb} (npm)`,
    Polars: polars && `Polars (nodejs-polars ${polars})`,
    'data.table': table && `data.table ${table[0]} in R ${table[1]}`,
  };
}

// -> [{name, tool, model, out, command, mqci, whole process?}]; `even`: the table without misshapen rows
export function contestants({ option, table, even, out }) {
  const { mqci, floor, threads, work } = option;
  const model = (name) => script(`bench-${name}.yaml`);
  const list = [];
  const add = (tool, job, command, more = {}) =>
    list.push({ name: `${tool} ${job}${more.suffix ?? ''}`, tool, job, model: model(job), command, ...more });
  for (const job of option.model ? [option.model] : ['sums', 'whole']) {
    const mine = (count, suffix) => {
      const to = out(`mqci-${job}-${count}`);
      add('mqci', job, [mqci, 'run', model(job), table, '-o', to, '-j', count, '--progress', 'never'],
        { out: to, mqci: true, process: true, suffix });
    };
    const node = (tool, from) => {
      const to = out(`${tool}-${job}`);
      add(tool, job, [process.execPath, script(`${tool.toLowerCase()}.mjs`), model(job), from, to, threads, work], { out: to });
    };
    mine(threads, '');
    if (option.scaling && threads !== '1') mine('1', ', 1 thread');
    node('DuckDB', table);
    if (job !== 'sums') continue;
    node('Polars', even);
    const to = out('data.table');
    add('data.table', job, ['Rscript', '--vanilla', script('datatable.R'), model(job), even, to, threads], { out: to });
    add('floor', job, [floor, table, out('floor'), threads], { out: out('floor'), process: true });
  }
  return list;
}

// Pairs whose ratio is worth a line, by name.
export const ratios = [
  ['DuckDB sums', 'mqci sums'], ['Polars sums', 'mqci sums'], ['data.table sums', 'mqci sums'], ['DuckDB whole', 'mqci whole'],
  ['DuckDB sums', 'mqci whole'], ['mqci sums', 'floor sums'], ['mqci whole', 'floor sums'],
  ['mqci sums, 1 thread', 'mqci sums'], ['mqci whole, 1 thread', 'mqci whole'],
];

// The table without the rows that have fewer or more than 30 fields, for tools that cannot tell which those are.
export function evenTable(table) {
  const path = table.replace(/\.csv$/, '-even.csv');
  if (existsSync(path)) return path;
  const [from, to] = [openSync(table), openSync(`${path}.partial`, 'w')];
  const room = Buffer.alloc(1 << 25);
  for (let held = 0, read; (read = readSync(from, room, held, room.length - held)) > 0; ) {
    const end = held + read;
    let start = 0, kept = 0, commas = 0, quoted = false; // rows are moved together at the beginning of the room
    for (let at = 0; at < end; at++) {
      const byte = room[at];
      if (byte === 34) quoted = !quoted;
      else if (byte === 44 && !quoted) commas++;
      else if (byte === 10 && !quoted) {
        if (commas === 29) {
          room.copyWithin(kept, start, at + 1);
          kept += at + 1 - start;
        }
        start = at + 1;
        commas = 0;
      }
    }
    writeSync(to, room, 0, kept);
    room.copyWithin(0, start, end);
    held = end - start;
  }
  [from, to].forEach((file) => closeSync(file));
  renameSync(`${path}.partial`, path);
  return path;
}
