// The same job in DuckDB: duckdb.mjs MODEL TABLE OUT THREADS PACKAGES
// Writes OUT/<level>.csv: period, unit, rows, then numerator and denominator of every indicator.
// Prints {"seconds": ...}, measured from opening the database to the last file written: starting Node is not counted.
//
// Tuned as DuckDB's manual suggests: explicit types, no sniffing, no insertion order, no text columns carried along.
// Amounts are BIGINT, its fastest reader. BIGINT rounds "1.5" without a word where mqci refuses it; the one column in
// which the generator writes such cells is read as DOUBLE and filtered, which is cheaper than being right everywhere.
// Code lists are ENUM types: an unknown code is a row that cannot be read. A semi-join with the lists takes nearly twice as
// long and several times the memory, because nothing tells the planner that the file is the larger side.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { levels, readJob } from './job.mjs';

const [model, table, out, threads, packages] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(resolve(packages, 'x.js'))('@duckdb/node-api');
const { amounts, pairs, whole } = readJob(model);
const codes = resolve(dirname(model), '../datasets/codes');
const WITH_DECIMALS = 'rd_expenditure';

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const types = {
  usci: 'VARCHAR', name: 'VARCHAR', year: 'SMALLINT', area_code: 'region', industry_code: 'industry', size: 'VARCHAR',
  ...Object.fromEntries(amounts.map((amount) => [amount, amount === WITH_DECIMALS ? 'DOUBLE' : 'BIGINT'])),
};
const columns = Object.entries(types).map(([name, type]) => `'${name}': '${type}'`).join(', ');
const source = `read_csv(${quoted(table)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
  columns = {${columns}}, ${whole ? 'store_rejects = true, rejects_limit = 0' : 'ignore_errors = true'})`;
const lists = ['region', 'industry'].map((name) =>
  `CREATE TYPE ${name} AS ENUM (SELECT code FROM read_csv(${quoted(join(codes, `${name}.csv`))}, all_varchar = true))`);
const good = [
  'year IS NOT NULL', 'area_code IS NOT NULL', 'industry_code IS NOT NULL',
  `coalesce(${WITH_DECIMALS} = trunc(${WITH_DECIMALS}), true)`,
  ...(whole ? ["usci <> ''", 'coalesce(revenue > 0, true)', 'coalesce(passed_batches <= sampled_batches, true)'] : []),
].join(' AND ');

// missing: zero sums what is there; missing: complete only rows with both amounts.
const sums = pairs.map(({ id, numerator: n, denominator: d }) => whole
  ? `sum(CASE WHEN ${d} IS NOT NULL THEN ${n} END)::HUGEINT AS ${id}_n, sum(CASE WHEN ${n} IS NOT NULL THEN ${d} END)::HUGEINT AS ${id}_d,
     count(${n} + ${d}) AS ${id}_rows`
  : `sum(${n})::HUGEINT AS ${id}_n, sum(${d})::HUGEINT AS ${id}_d`).join(', ');
const cells = (from) => `CREATE TEMP TABLE cells AS
  SELECT year, area_code, left(industry_code::VARCHAR, 2) AS division, count(*) AS rows, ${sums} FROM ${from} GROUP BY ALL`;

// Copies of a row leave all but one, rows that contradict each other all go.
const wholeJob = [
  `CREATE TEMP TABLE accepted AS SELECT * EXCLUDE (name) FROM ${source} WHERE ${good}`,
  `CREATE TEMP TABLE findings AS SELECT count(*) FILTER (new_product_revenue > revenue) AS R03,
     count(*) FILTER (superior_output + first_output + qualified_output > output) AS R04,
     count(*) FILTER (exports > 0 AND sales_output <= 0) AS R05, count(*) FILTER (rd_personnel > employees) AS R06,
     count(*) FILTER (microelectronic_equipment > equipment) AS R07, count(*) FILTER (profit > revenue) AS R08 FROM accepted`,
  'CREATE TEMP TABLE twice AS SELECT usci, year FROM accepted GROUP BY ALL HAVING count(*) > 1',
  'CREATE TEMP TABLE copies AS SELECT DISTINCT * FROM accepted SEMI JOIN twice USING (usci, year)',
  'CREATE TEMP TABLE agreed AS SELECT usci, year FROM copies GROUP BY ALL HAVING count(*) = 1',
  cells(`(FROM accepted ANTI JOIN twice USING (usci, year) UNION ALL FROM copies SEMI JOIN agreed USING (usci, year))`),
  `COPY (FROM reject_errors) TO ${quoted(join(out, 'rejects.csv'))}`,
  `COPY findings TO ${quoted(join(out, 'findings.csv'))}`,
];
const sumsJob = [cells(`${source} WHERE ${good}`)];
const rolled = pairs.map(({ id }) => `sum(${id}_n), sum(${id}_d)`).join(', ');
const writes = Object.entries(levels).map(([level, unit]) =>
  `COPY (SELECT year, ${unit} AS unit, sum(rows), ${rolled} FROM cells GROUP BY ALL) TO ${quoted(join(out, `${level}.csv`))} (HEADER)`);

mkdirSync(out, { recursive: true });
const start = process.hrtime.bigint();
const database = await DuckDBInstance.create(':memory:', { threads, preserve_insertion_order: 'false' });
const connection = await database.connect();
for (const statement of [...lists, ...(whole ? wholeJob : sumsJob), ...writes]) await connection.run(statement);
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - start) / 1e9 }));
