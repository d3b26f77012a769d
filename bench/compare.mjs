// Interleaved, checked timings of mqci and others; see --help and README.md.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contestants, evenTable, installed, ratios } from './contestants.mjs';
import { anonymousPeak, run } from './run.mjs';
import { checkSame } from './same.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..');
const help = `usage: bench/compare [options]
  --rows N,N,...   tables to time (default 1e5,1e6)
  --large          1e7 rows too (3.6 GB on disk, half an hour)
  --runs N         timed runs of every contestant (default 7)
  --threads N      for all tools (default: all processors)
  --scaling        mqci with one thread too
  --years A-B      years of the tables (default 2023-2024)
  --seed S         of the tables (default 7)
  --model NAME     only bench/bench-NAME.yaml: sums or whole (default both)
  --without T,...  leave out DuckDB, Polars, data.table or floor
  --check          compare the sums, and the form of the table in README.md; time nothing
  --readme         put the table into README.md
  --mqci PATH, --generator PATH, --floor PATH, --work DIR   (default build/release, build/bench)
`;

function options() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1e5,1e6' }, large: { type: 'boolean', default: false },
      runs: { type: 'string', default: '7' }, threads: { type: 'string', default: String(cpus().length) },
      scaling: { type: 'boolean', default: false }, without: { type: 'string', default: '' },
      years: { type: 'string', default: '2023-2024' }, seed: { type: 'string', default: '7' },
      model: { type: 'string' }, check: { type: 'boolean', default: false }, readme: { type: 'boolean', default: false },
      mqci: { type: 'string', default: join(root, 'build/release/mqci') },
      generator: { type: 'string', default: join(root, 'build/release/bench/gen_enterprises') },
      floor: { type: 'string', default: join(root, 'build/release/bench/floor') },
      work: { type: 'string', default: join(root, 'build/bench') }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  values.rows = values.rows.split(',').map(Number).concat(values.large ? [1e7] : []);
  values.runs = Number(values.runs);
  values.without = values.without.toLowerCase().split(',');
  return values;
}

const option = options();
const there = installed(option);
const out = (name) => join(option.work, `out-${process.pid}`, name); // two comparisons may run, though neither is worth much then

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

// Seconds that count: whole processes of mqci and floor; of others what stands between opening the table and the last file.
async function timed(contestant) {
  const { wall, cpu, out: said } = await run(contestant.command);
  if (!contestant.process) return { wall: JSON.parse(said).seconds, cpu };
  if (!contestant.mqci) return { wall, cpu };
  const reading = JSON.parse(readFileSync(join(contestant.out, 'manifest.json'), 'utf8')).run.reading_seconds;
  return { wall, cpu, reading, rest: wall - reading };
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
const power = (rows) => rows.toExponential(0).replace('e+', '·10^');

function secondsTable(all, size) {
  const head = ['', 'seconds: median (min–max)', 'reading', 'everything after', 'processor s', 'MB/s', 'anonymous MB'];
  return markdown(head, all.map(({ name, tool, mqci, runs, memory }) => {
    if (there[tool] === null) return [name, 'not installed', '', '', '', '', ''];
    const of = (what) => runs.map((r) => r[what]);
    return [name, spread(of('wall'), 3), mqci ? median(of('reading')).toFixed(3) : '', mqci ? median(of('rest')).toFixed(3) : '',
      median(of('cpu')).toFixed(2), (size / median(of('wall'))).toFixed(0), memory.toFixed(0)];
  }));
}

function ratiosTable(all) {
  const named = (name) => all.find((contestant) => contestant.name === name);
  const lines = ratios.map((pair) => [pair, ...pair.map(named)]).filter(([, x, y]) => x?.runs.length && y?.runs.length);
  return markdown(['paired by round', 'ratio: median (min–max)'],
    lines.map(([pair, x, y]) => [pair.join(' / '), spread(x.runs.map((r, round) => r.wall / y.runs[round].wall), 2)]));
}

// Ten times the rows: how many times the seconds? measured: [{rows, all}]
function linearityTable(measured) {
  const [large, small] = [1e7, 1e6].map((rows) => measured.find((one) => one.rows === rows)?.all);
  if (!large || !small) return [];
  const wall = (contestant) => median(contestant.runs.map((r) => r.wall));
  const lines = large.filter(({ runs }) => runs.length)
    .map((one) => [one.name, (wall(one) / wall(small.find(({ name }) => name === one.name))).toFixed(2)]);
  return [markdown(['seconds with 10^7 rows / with 10^6', 'ratio of medians'], lines)];
}

// ---- the comparison -------------------------------------------------------------------------------------------------

// -> {title, size, all}; throws if the sums are not the same
async function check(rows) {
  const path = await table(rows);
  const all = contestants({ option, table: path, even: evenTable(path), out })
    .filter(({ tool }) => !option.without.includes(tool.toLowerCase()))
    .map((contestant) => ({ ...contestant, runs: [], memory: 0 }));
  for (const contestant of all.filter(({ tool }) => there[tool] !== null)) {
    rmSync(contestant.out, { recursive: true, force: true });
    await run(contestant.command); // also warms the cache
  }
  let agreed;
  for (const contestant of all.filter(({ tool }) => there[tool] !== null)) {
    const mqci = all.find((one) => one.mqci && one.job === contestant.job);
    agreed = checkSame(mqci, contestant);
  }
  const size = statSync(path).size / 1e6;
  const title = `**${power(rows)} rows**, ${size.toFixed(0)} MB, ${agreed.rows.rejected} rejected in the ` +
    `${option.model ?? 'whole'} job, ${agreed.units} units, ${option.threads} threads: the same sums in all units`;
  console.error(title);
  return { title, size, all };
}

async function measure({ all }) {
  const present = all.filter(({ tool }) => there[tool] !== null);
  for (let round = 0; round < option.runs; round++)
    for (let k = 0; k < present.length; k++) {
      const contestant = present[(k + round) % present.length]; // nobody always comes first
      contestant.runs.push(await timed(contestant));
      console.error(`  round ${round + 1} ${contestant.name}: ${contestant.runs.at(-1).wall.toFixed(3)} s`);
    }
  for (const contestant of present) contestant.memory = await anonymousPeak(contestant.command);
}

// ---- README.md ------------------------------------------------------------------------------------------------------

const readme = join(here, 'README.md');
const block = /(<!-- table of bench\/compare -->\n)([^]*?)(<!-- end of the table -->)/;

// Throws unless the table in README.md has this program's rows and columns: `bench/compare --readme` makes it so.
function checkReadme(names) {
  const found = block.exec(readFileSync(readme, 'utf8'))?.[2] ?? '';
  const rows = found.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2).split(' | ')[0]);
  const missing = names.filter((name) => !rows.includes(name));
  const heads = [secondsTable([], 1), ratiosTable([])].map((text) => text.split('\n')[0]).filter((head) => !found.includes(head));
  if (missing.length || heads.length)
    throw new Error(`the table in README.md lacks ${[...missing, ...heads].join('; ')}: bench/compare --large --scaling --readme`);
}

const versions = async () => {
  const mqci = (await run([option.mqci, '--version'])).out.split('\n')[0];
  return [mqci, ...Object.values(there).filter(Boolean), `Node ${process.versions.node}`, `${cpus()[0].model}, ${cpus().length} processors`,
    `${option.runs} runs each`, `years ${option.years}, seed ${option.seed}`].join('; ');
};

try {
  process.on('exit', () => rmSync(out('.'), { recursive: true, force: true }));
  mkdirSync(out('.'), { recursive: true });
  const parts = [await versions()], measured = [];
  for (const rows of option.rows) {
    const one = await check(rows);
    if (!option.check) await measure(one);
    measured.push({ rows, ...one });
    parts.push(option.check ? one.title : [one.title, '', secondsTable(one.all, one.size), '', ratiosTable(one.all)].join('\n'));
  }
  if (!option.check) parts.push(...linearityTable(measured));
  const text = `${parts.join('\n\n')}\n`;
  process.stdout.write(`\n${text}`);
  if (option.check) checkReadme(measured.flatMap(({ all }) => all.map(({ name }) => name)));
  else writeFileSync(join(option.work, 'table.md'), text);
  if (option.readme && !option.check)
    writeFileSync(readme, readFileSync(readme, 'utf8').replace(block, (_, before, _old, after) => `${before}${text}${after}`));
} catch (error) {
  console.error(`bench/compare: ${error.message}`);
  process.exit(1);
}
