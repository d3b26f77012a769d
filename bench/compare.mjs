// Interleaved, checked timings of mqci and DuckDB; see --help and README.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { levels, readJob, records } from './job.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..');
const help = `usage: bench/compare [options]
  --rows N,N,...   tables to time (default 1e5,1e6)
  --large          1e7 rows too (1.8 GB on disk, some minutes)
  --runs N         timed runs of every contestant (default 7)
  --threads N      for both tools (default: all processors)
  --years A-B      years of the tables (default 2023-2024)
  --seed S         of the tables (default 7)
  --model NAME     only bench/bench-NAME.yaml: sums or whole (default both)
  --check          compare the sums, time nothing
  --mqci PATH, --generator PATH, --work DIR   (default build/release, build/bench)
`;

function options() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1e5,1e6' }, large: { type: 'boolean', default: false },
      runs: { type: 'string', default: '7' }, threads: { type: 'string', default: String(cpus().length) },
      years: { type: 'string', default: '2023-2024' }, seed: { type: 'string', default: '7' },
      model: { type: 'string' }, check: { type: 'boolean', default: false },
      mqci: { type: 'string', default: join(root, 'build/release/mqci') },
      generator: { type: 'string', default: join(root, 'build/release/bench/gen_enterprises') },
      work: { type: 'string', default: join(root, 'build/bench') }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  values.rows = values.rows.split(',').map(Number).concat(values.large ? [1e7] : []);
  values.runs = Number(values.runs);
  return values;
}

const option = options();

// ---- running things -------------------------------------------------------------------------------------------------

// -> {wall, cpu (user + system seconds), out}; fails loudly if the program fails.
function run(command, { sample } = {}) {
  return new Promise((done, fail) => {
    const start = process.hrtime.bigint();
    // bash's `time` tells the processor time of the program alone, on descriptor 3.
    const timed = ['-c', 'TIMEFORMAT="%3U %3S"; { time "$@" 2>&4; } 4>&2 2>&3', 'time', ...command];
    const child = sample ? spawn(command[0], command.slice(1)) : spawn('bash', timed, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let out = '', talk = '', times = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (talk += bytes));
    child.stdio[3]?.on('data', (bytes) => (times += bytes));
    const sampling = sample && setInterval(() => sample(child.pid), 10);
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(sampling);
      const wall = Number(process.hrtime.bigint() - start) / 1e9;
      if (code !== 0) return fail(new Error(`${command.join(' ')}\nended with ${code}\n${talk}${out}`));
      done({ wall, cpu: times.split(' ').reduce((sum, text) => sum + Number(text), 0), out });
    });
  });
}

// Highest anonymous resident memory of a process, MB (10^6 bytes), by looking every 10 ms.
async function anonymousPeak(command) {
  let peak = 0;
  await run(command, {
    sample(pid) {
      try {
        const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
        if (found) peak = Math.max(peak, (Number(found[1]) * 1024) / 1e6);
      } catch {
        // it has ended
      }
    },
  });
  return peak;
}

// ---- contestants ----------------------------------------------------------------------------------------------------

const out = (name) => join(option.work, `out-${process.pid}`, name); // two comparisons may run, though neither is worth much then

function contestants(table) {
  const models = option.model ? [option.model] : ['sums', 'whole'];
  return models.flatMap((name) => {
    const model = join(here, `bench-${name}.yaml`);
    return [
      { name: `mqci ${name}`, model, out: out(`mqci-${name}`), mqci: true,
        command: [option.mqci, 'run', model, table, '-o', out(`mqci-${name}`), '-j', option.threads, '--progress', 'never'] },
      { name: `DuckDB ${name}`, model, out: out(`duckdb-${name}`), mqci: false,
        command: [process.execPath, join(here, 'duckdb.mjs'), model, table, out(`duckdb-${name}`), option.threads, option.work] },
    ];
  });
}

// Seconds that count: the whole process of mqci; of DuckDB what stands between opening the database and the last file.
async function timed(contestant) {
  const { wall, cpu, out: said } = await run(contestant.command);
  if (!contestant.mqci) return { wall: JSON.parse(said).seconds, cpu, reading: NaN };
  const manifest = JSON.parse(readFileSync(join(contestant.out, 'manifest.json'), 'utf8'));
  return { wall, cpu, reading: manifest.run.reading_seconds };
}

// ---- the same sums? -------------------------------------------------------------------------------------------------

// Map "period level unit" -> {rows, sums: {indicator: [numerator, denominator]}}
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

function duckdbCells(folder, pairs) {
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

// Throws unless both hold the same units with the same rows and sums, and the manifest agrees with the nation.
function checkSame(mqci, duckdb) {
  const { pairs, whole } = readJob(mqci.model);
  const [a, b] = [mqciCells(mqci.out), duckdbCells(duckdb.out, pairs)];
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
  if (wrong.length)
    throw new Error(`${mqci.name} and ${duckdb.name} differ in ${wrong.length} places:\n${wrong.slice(0, 12).join('\n')}`);
  return { units: b.size, rows: manifest.rows };
}

// ---- tables ---------------------------------------------------------------------------------------------------------

async function table(rows) {
  const path = join(option.work, `nation-${rows}-${option.years}-${option.seed}.csv`);
  if (!existsSync(path)) {
    const command = [option.generator, '--rows', rows, '--years', option.years, '--seed', option.seed, '--region', 'nation',
      '--missing', '0.03', '--bad', '0.005', '--quoted', '0.03', '--headers', 'en', '-o', `${path}.partial`];
    await run(command.map(String));
    renameSync(`${path}.partial`, path);
  }
  return path;
}

// ---- figures --------------------------------------------------------------------------------------------------------

const sorted = (values) => [...values].sort((x, y) => x - y);
function median(values) {
  const v = sorted(values);
  return (v[Math.floor((v.length - 1) / 2)] + v[Math.floor(v.length / 2)]) / 2;
}
const spread = (values, digits) =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
const markdown = (head, rows) =>
  [head, head.map((_, i) => (i ? '--:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

// Pairs whose ratio is worth a line: [slower?, faster?] by name.
const ratios = [['DuckDB sums', 'mqci sums'], ['DuckDB whole', 'mqci whole'], ['DuckDB sums', 'mqci whole']];

async function compare(rows) {
  const path = await table(rows);
  const all = contestants(path);
  for (const contestant of all) {
    rmSync(contestant.out, { recursive: true, force: true });
    await run(contestant.command); // also warms the cache
  }
  const checked = [];
  for (let i = 0; i < all.length; i += 2) checked.push(checkSame(all[i], all[i + 1]));
  const { units, rows: count } = checked.at(-1);
  const size = statSync(path).size / 1e6;
  const title = `**${rows.toExponential(0).replace('e+', '·10^')} rows**, ${size.toFixed(0)} MB, ${count.rejected} rejected in the whole job, ` +
    `${units} units, ${option.threads} threads: the same sums in all units`;
  console.error(`${title}`);
  if (option.check) return title;

  const runs = all.map(() => []);
  for (let round = 0; round < option.runs; round++)
    for (let k = 0; k < all.length; k++) {
      const i = (k + round) % all.length; // nobody always comes first
      runs[i].push(await timed(all[i]));
      console.error(`  round ${round + 1} ${all[i].name}: ${runs[i].at(-1).wall.toFixed(3)} s`);
    }
  const memory = [];
  for (const contestant of all) memory.push(await anonymousPeak(contestant.command));

  const lines = all.map((contestant, i) => [
    contestant.name,
    spread(runs[i].map((r) => r.wall), 3),
    contestant.mqci ? median(runs[i].map((r) => r.reading)).toFixed(3) : '',
    median(runs[i].map((r) => r.cpu)).toFixed(2),
    (size / median(runs[i].map((r) => r.wall))).toFixed(0),
    memory[i].toFixed(0),
  ]);
  const pairs = ratios
    .map(([a, b]) => [a, b, ...[a, b].map((name) => runs[all.findIndex((c) => c.name === name)])])
    .filter(([, , x, y]) => x && y)
    .map(([a, b, x, y]) => [`${a} / ${b}`, spread(x.map((r, round) => r.wall / y[round].wall), 2)]);
  return [title, '', markdown(['', 'seconds: median (min–max)', 'of it reading', 'processor s', 'MB/s', 'anonymous MB'], lines), '',
    markdown(['paired by round', 'ratio: median (min–max)'], pairs)].join('\n');
}

const versions = async () => {
  const mqci = (await run([option.mqci, '--version'])).out.split('\n')[0];
  const duckdb = JSON.parse(readFileSync(join(option.work, 'node_modules/@duckdb/node-api/package.json'), 'utf8')).version;
  return `${mqci}; DuckDB ${duckdb} (npm); Node ${process.versions.node}; ${cpus()[0].model}, ${cpus().length} processors; ` +
    `${option.runs} runs each; years ${option.years}, seed ${option.seed}`;
};

try {
  process.on('exit', () => rmSync(out('.'), { recursive: true, force: true }));
  mkdirSync(out('.'), { recursive: true });
  const parts = [await versions()];
  for (const rows of option.rows) parts.push(await compare(rows));
  const text = `${parts.join('\n\n')}\n`;
  process.stdout.write(`\n${text}`);
  if (!option.check) writeFileSync(join(option.work, 'table.md'), text);
} catch (error) {
  console.error(`bench/compare: ${error.message}`);
  process.exit(1);
}
