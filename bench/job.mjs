// The job both tools do, read from the model file, so that it is written once.
import { readFileSync } from 'node:fs';

// -> {amounts: [id], pairs: [{id, numerator, denominator}], whole: has keys and rules}
export function readJob(model) {
  const text = readFileSync(model, 'utf8');
  const amounts = [...text.matchAll(/\{id: (\w+), column: \[\w+\], type: amount/g)].map((m) => m[1]);
  const pairs = [...text.matchAll(/\{id: (\w+),.* formula: (\w+) \/ (\w+),/g)].map((m) => ({
    id: m[1],
    numerator: m[2],
    denominator: m[3],
  }));
  const named = new Set(pairs.flatMap((pair) => [pair.numerator, pair.denominator]));
  if (amounts.length !== 24 || amounts.some((amount) => !named.has(amount)))
    throw new Error(`${model}: 24 amounts, each in one formula "a / b", are expected`);
  return { amounts, pairs, whole: /type: key/.test(text) };
}

// Units of each level as SQL over the columns area_code and division of the cells.
export const levels = {
  nation: "''",
  province: "left(area_code::VARCHAR, 2) || '0000'",
  city: 'area_code',
  industry: 'division',
  province_industry: "left(area_code::VARCHAR, 2) || '0000|' || division",
};

// Records of a CSV text; quotes as in RFC 4180.
export function* records(text) {
  let record = [];
  let at = 0;
  while (at < text.length) {
    let field;
    if (text[at] === '"') {
      let end = at + 1;
      while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = text.slice(at).search(/[,\n]/);
      field = text.slice(at, at + end);
      at += end;
    }
    record.push(field);
    if (text[at++] === '\n') {
      yield record;
      record = [];
    }
  }
}
