// The sums in Polars: polars.mjs MODEL TABLE OUT THREADS PACKAGES; files and seconds as in duckdb.mjs.
//
// TABLE has 30 fields in every row: Polars fills short rows and cuts long ones, and nobody can tell afterwards.
// Types are given and a cell that does not fit is a null, like a blank one. Where the generator spoils an amount it is
// therefore read in a way that shows it: as a text (separators, letters) or a double (decimals, too large), which is
// cheaper. Everything else is a 64-bit integer. The streaming engine is the faster one and needs less memory.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { levels, readJob, records } from './job.mjs';

const [model, table, out, threads, packages] = process.argv.slice(2);
process.env.POLARS_MAX_THREADS = threads; // heeded when Polars starts its threads
const pl = createRequire(resolve(packages, 'x.js'))('nodejs-polars');
const { amounts, pairs } = readJob(model);
const codes = resolve(dirname(model), '../datasets/codes');
const TEXTS = ['revenue', 'assets'], DOUBLES = ['rd_expenditure', 'output'];

const type = (amount) => (TEXTS.includes(amount) ? pl.String : DOUBLES.includes(amount) ? pl.Float64 : pl.Int64);
const schema = {
  usci: pl.String, name: pl.String, year: pl.Int32, area_code: pl.Int32, industry_code: pl.Int32, size: pl.String,
  ...Object.fromEntries(amounts.map((amount) => [amount, type(amount)])),
};
const { col, lit } = pl;
const number = (amount) => col(amount).cast(pl.Int64, false);
const good = [
  col('year').isNotNull(),
  ...TEXTS.map((amount) => col(amount).isNull().or(number(amount).isNotNull())),
  ...DOUBLES.map((amount) => col(amount).isNull().or(number(amount).cast(pl.Float64).eq(col(amount)))),
].reduce((all, one) => all.and(one));
const listed = (name, column) => {
  const list = [...records(readFileSync(join(codes, `${name}.csv`), 'utf8'))].slice(1).map(([code]) => Number(code));
  return pl.DataFrame({ [column]: pl.Series(column, list.filter(Number.isInteger), pl.Int32) }).lazy();
};
const leading = (name, power) => col(name).div(lit(power)).cast(pl.Int32);
const province = leading('area_code', 10000).cast(pl.String);
const unit = {
  nation: lit(''),
  province: pl.concatString([province, lit('0000')], ''),
  city: col('area_code').cast(pl.String),
  industry: col('division').cast(pl.String),
  province_industry: pl.concatString([province, lit('0000|'), col('division').cast(pl.String)], ''),
};
const columns = pairs.flatMap(({ numerator, denominator }) => [numerator, denominator]);

mkdirSync(out, { recursive: true });
const start = process.hrtime.bigint();
const cells = pl.scanCSV(table, { schema, ignoreErrors: true })
  .filter(good)
  .join(listed('region', 'area_code'), { on: 'area_code', how: 'semi' })
  .join(listed('industry', 'industry_code'), { on: 'industry_code', how: 'semi' })
  .withColumns(leading('industry_code', 100).alias('division'))
  .groupBy(['year', 'area_code', 'division'])
  .agg(pl.len().alias('rows'), ...columns.map((amount) => number(amount).sum().alias(amount)))
  .collectSync({ engine: 'streaming' });
for (const level of Object.keys(levels))
  cells.lazy().groupBy([col('year'), unit[level].alias('unit')])
    .agg(col('rows').sum(), ...columns.map((amount) => col(amount).sum()))
    .collectSync().writeCSV(join(out, `${level}.csv`));
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - start) / 1e9 }));
