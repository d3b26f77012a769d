// Reads the tables of a publication (csv, xlsx, docx, html, tex) and the charts of the page with other
// people's readers, and compares every number with scores.csv and indicators.csv of the run, rounded here.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import ExcelJS from "exceljs";
import mammoth from "mammoth";
import { parse } from "node-html-parser";
import Papa from "papaparse";

const [folder, run] = process.argv.slice(2);
const read = (...name) => fs.readFileSync(path.join(folder, ...name), "utf8");
const load = (name) =>
  Papa.parse(fs.readFileSync(path.join(run, name), "utf8"), { header: true, skipEmptyLines: true }).data;
const [, FEWEST = 3] = /min_enterprises: (\d+)/.exec(fs.readFileSync(path.join(run, "model.yaml"), "utf8")) ?? [];
const key = (...parts) => parts.join("\u0000");

// ---- what the tables should say ----
const scores = new Map(load("scores.csv").map((row) => [key(row.period, row.level, row.unit, row.node), row]));
const raw = new Map(load("indicators.csv").map((row) => [key(row.period, row.level, row.unit, row.indicator), row]));
const nodes = [...new Set([...scores.values()].map((row) => row.node))];
const titles = new Map([...scores.values()].map((row) => [row.node, row.name])); // replaced below by the model's
const model = fs.readFileSync(path.join(run, "model.yaml"), "utf8").split(/^indicators:/m)[1];
const parents = new Map();
for (const [, id, rest] of model.matchAll(/- id: (\w+)\n((?: {4}.*\n)*)/g)) {
  parents.set(id, /parent: (\w+)/.exec(rest)?.[1]);
  titles.set(id, /title: (.*)/.exec(rest)[1]);
}
assert.deepEqual([...parents.keys()].sort(), [...nodes].sort());
const children = (node) => nodes.filter((child) => parents.get(child) === node);
const leaves = nodes.filter((node) => !children(node).length);
const [root] = nodes;
const sides = children(root);

// Half away from zero on the 15 significant digits of the number, in whole numbers.
const rounded = (text, decimals) => {
  const [digits, power] = Number(text).toExponential(14).replace(/[-.]/, "").replace(".", "").split("e");
  const shift = 14 - Number(power) - decimals;
  const whole = BigInt(digits.replace("-", ""));
  const unit = 10n ** BigInt(Math.max(shift, 0));
  const steps = shift > 0 ? (whole + unit / 2n) / unit : whole * 10n ** BigInt(-shift);
  const all = String(steps).padStart(decimals + 1, "0");
  const value = decimals ? `${all.slice(0, -decimals)}.${all.slice(-decimals)}` : all;
  return Number(text) < 0 && steps ? `-${value}` : value;
};
assert.deepEqual([rounded("83.745", 2), rounded("-0.0049", 2), rounded("1e3", 1), rounded("0.09149", 3)],
  ["83.75", "0.00", "1000.0", "0.091"]);

const withheld = (period, level, unit, node) => {
  const row = scores.get(key(period, level, unit, node));
  if (Number(row.enterprises) < FEWEST) return true;
  if (!children(node).length)
    return row.value !== "" && Math.round(Number(row.coverage) * Number(row.enterprises)) < FEWEST;
  const present = children(node).filter((child) => scores.get(key(period, level, unit, child))?.value !== "");
  return present.length > 0 && present.every((child) => withheld(period, level, unit, child));
};
let shown = 0, hidden = 0;
const missing = { text: "a sign" };
const signs = ["…", "/", "△", "◇", "○", "▽", "×"];
// {text: exactly so} or {value: a number rounded to whatever decimals it is printed with}
const score = (period, level, unit, node = root) => {
  const row = scores.get(key(period, level, unit, node));
  if (!row) return { text: "" };
  if (withheld(period, level, unit, node)) return hidden++, { text: "*" };
  if (row.value === "") return missing;
  shown++;
  return { text: rounded(row.value, 2) };
};
const change = (now, before, decimals = 2) => {
  const absent = [now, before].find((cell) => !/\d/.test(cell.text));
  if (absent) return absent;
  const steps = Math.round((Number(now.text) - Number(before.text)) * 10 ** decimals);
  return { text: (steps > 0 ? "+" : "") + (steps / 10 ** decimals).toFixed(decimals) };
};
const value = (period, level, unit, node) => {
  if (withheld(period, level, unit, node)) return hidden++, { text: "*" };
  if (raw.get(key(period, level, unit, node)).value === "") return missing;
  shown++;
  return { value: raw.get(key(period, level, unit, node)).value };
};
const of = (column, period, level, unit, node = root) =>
  ({ text: withheld(period, level, unit, node) ? "*" : scores.get(key(period, level, unit, node))[column] });
const place = (row) => Number(of("rank", "2024", row.level, row.unit).text) || Infinity; // withheld ones come last
const units = (level) => [...scores.values()].filter((row) => row.period === "2024" && row.level === level && row.node === root);
const any = {};

const expected = new Map();
const pair = (level, unit, node) => {
  const both = [score("2024", level, unit, node), score("2023", level, unit, node)];
  return [...both, change(...both)];
};
const [top] = units("province");
expected.set("summary", nodes.filter((node) => children(node).length).map((node) =>
  [titles.get(node), any, ...pair("province", top.unit, node), of("band", "2024", "province", top.unit, node)]));
for (const level of ["city", "industry"]) {
  expected.set(level, units(level).sort((a, b) => place(a) - place(b) || 0).map((row) => [row.name, ...pair(level, row.unit),
    of("rank", "2024", level, row.unit), of("rank", "2023", level, row.unit), any,
    ...sides.map((side) => score("2024", level, row.unit, side)), of("band", "2024", level, row.unit)]));
  for (const [name, cell] of [["scores", score], ["values", value]])
    expected.set(`${level}_${name}`, units(level).map((row) =>
      [row.name, ...leaves.map((leaf) => cell("2024", level, row.unit, leaf))]));
}
expected.set("city_industry", units("industry").map((industry) => [industry.name,
  ...units("city").map((city) => score("2024", "city_industry", `${city.unit}|${industry.unit}`))]));
expected.set("indicators", leaves.map((leaf) => [titles.get(leaf), any, any,
  value("2024", "province", top.unit, leaf), value("2023", "province", top.unit, leaf), any,
  score("2024", "province", top.unit, leaf),
  { text: rounded(100 * scores.get(key("2024", "province", top.unit, leaf)).coverage, 1) }]));
assert.ok(shown > 500 && hidden > 10, `${shown} ${hidden}`);

// ---- comparing ----
const plain = (text) => text.replace(/[−\u2212]/g, "-").replace(/[\u3000\u200b\n]/g, "").trim();
const decimals = (text) => (text.split(".")[1] ?? "").length;
const same = (found, wanted, place) => {
  if (wanted === any) return;
  if (wanted === missing) return assert.ok(signs.includes(found), `${place}: ${found}`);
  if (typeof found === "number") { // of a workbook
    const so = wanted.value === undefined ? found === Number(wanted.text)
      : [2, 3, 4, 5, 6].some((digits) => found === Number(rounded(wanted.value, digits)));
    assert.ok(so, `${place}: ${found}, not ${wanted.text ?? wanted.value}`);
  } else if (wanted.value === undefined) assert.equal(plain(found), wanted.text, place);
  else {
    assert.ok(decimals(found) >= 2, place);
    assert.equal(plain(found), rounded(wanted.value, decimals(found)), place);
  }
};
// rows: id -> all rows of the table, those of the head and the notes too
const compare = (format, tables) => {
  let cells = 0;
  for (const [id, wanted] of expected) {
    const rows = (tables.get(id) ?? []).map((row) => row.map((cell) => cell ?? ""));
    const found = wanted.map(([name]) => rows.filter((row) => plain(String(row[0])) === name));
    wanted.forEach((row, i) => {
      assert.equal(found[i].length, 1, `${format} ${id}: ${row[0]} stands in ${found[i].length} rows`);
      row.slice(1).forEach((cell, j) => same(found[i][0][j + 1], cell, `${format} ${id}: ${row[0]}, ${j + 1}`));
      assert.equal(found[i][0].length, row.length, `${format} ${id}: ${row[0]}`);
      cells += row.length - 1;
    });
    const places = found.map(([row]) => rows.indexOf(row)); // in the order of ranks or codes
    assert.deepEqual(places, [...places].sort((a, b) => a - b), `${format} ${id}`);
  }
  console.log(`${format}: ${cells} cells of ${expected.size} tables as in scores.csv and indicators.csv`);
};

const csv = new Map([...expected.keys()].map((id) =>
  [id, Papa.parse(read("tables", `${id}.csv`).replace(/^\ufeff/, ""), { skipEmptyLines: true }).data]));
const numbers = new Map([...csv].map(([id, rows]) => [/^表\d+/.exec(rows[0][0])[0], id]));
assert.equal(numbers.size, expected.size);
compare("csv", csv);

// ---- xlsx ----
const book = new ExcelJS.Workbook();
await book.xlsx.readFile(path.join(folder, "tables.xlsx"));
const sheets = new Map();
for (const sheet of book.worksheets) {
  const id = numbers.get(/^表\d+/.exec(sheet.getCell("A1").text)?.[0]);
  if (!id) continue;
  const rows = [];
  sheet.eachRow((row) => {
    const wide = [];
    row.eachCell({ includeEmpty: true }, (cell, column) => {
      assert.equal(cell.formula, undefined);
      wide[column - 1] = cell.value ?? "";
      if (typeof cell.value === "number") assert.match(cell.numFmt, /^(0|0\.0|[+]?0\.0[0?]+(;.*)?)$/);
    });
    rows.push(Array.from(wide, (cell) => cell ?? ""));
  });
  sheets.set(id, rows.map((row) => row.slice(0, expected.get(id)[0].length)));
}
compare("xlsx", sheets);
for (const [id, rows] of sheets) // numbers are numbers
  for (const row of rows)
    row.slice(1).forEach((cell) => assert.ok(typeof cell === "number" || !/^[-+−]?\d+\.\d+$/.test(cell), `${id}: ${cell}`));

// ---- html and docx ----
const rowsOf = (table) => table.querySelectorAll("tr").map((row) =>
  row.querySelectorAll("td, th").map((cell) => cell.textContent));
const page = parse(read("index.html"), { blockTextElements: { script: true } });
compare("html", new Map(page.querySelectorAll("table[data-sheet]").map((table) => [table.getAttribute("data-sheet"), rowsOf(table)])));
for (const cell of page.querySelectorAll("td[data-v]")) { // what is sorted by is what is shown
  const text = plain(cell.textContent).replace("↑", "+").replace("↓", "-").replace("—", "0");
  if (/^[-+]?[\d.]+$/.test(text)) assert.equal(Number(cell.getAttribute("data-v")), Number(text));
}
const documentOf = async (name) => parse((await mammoth.convertToHtml({ path: path.join(folder, name) },
  { convertImage: mammoth.images.imgElement(async () => ({ src: "" })) })).value);
const word = new Map();
let last;
for (const part of (await documentOf("white-paper.docx")).childNodes) {
  last = numbers.get(/^表\d+/.exec(part.textContent)?.[0]) ?? last;
  if (part.rawTagName === "table" && last && !word.has(last)) word.set(last, rowsOf(part));
}
compare("docx", word);

// ---- LaTeX: a wide table comes in parts, each with the names ----
const tex = new Map();
for (const id of expected.keys()) {
  const rows = new Map();
  for (const line of read("tex", `${id}.tex`).split("\n")) {
    if (!line.endsWith("\\\\") || line.includes("\\multicolumn")) continue;
    const [name, ...cells] = line.slice(0, -2).split(/(?<!\\)&/).map((cell) =>
      cell.trim().replace(/^\\hspace\*?\{[^}]*\}/, "").replaceAll("$-$", "-").replaceAll("-{}", "-").replace(/\{([*[\]])\}/g, "$1").replaceAll("\\%", "%"));
    rows.set(name, [...(rows.get(name) ?? []), ...cells]);
  }
  tex.set(id, [...rows].map(([name, cells]) => [name, ...cells]));
}
compare("tex", tex);

// ---- charts of the page ----
const chart = (id) => JSON.parse(page.querySelector(`#f-${id}-chart-data`).rawText);
const compareChart = (id, cells, columns) => {
  const { rows, texts, values } = chart(id);
  assert.equal(texts.length, values.length);
  const wide = texts.length / rows.length;
  const wanted = new Map(expected.get(cells).map(([name, ...row]) => [name, row]));
  rows.forEach(({ name }, i) => columns.forEach((column, j) => {
    const cell = wanted.get(name)[column];
    const at = i * wide + j;
    assert.equal(plain(texts[at]), cell.text, `${id}: ${name}`);
    assert.equal(values[at], /\d/.test(cell.text) ? Number(cell.text) : null, `${id}: ${name}`);
  }));
  assert.equal(rows.length, wanted.size);
};
compareChart("city_industry-heatmap", "city_industry", units("city").map((_, j) => j));
compareChart("city-ranking", "city", [0, 1, 2]);
compareChart("industry-ranking", "industry", [0, 1, 2]);
console.log("charts: the heatmap and both rankings");

// ---- feedback: the first table of every city ----
const feedback = (format, tables) => {
  const cities = units("city").filter((city) => !withheld("2024", "city", city.unit, root)); // others have no page
  assert.equal(tables.length, cities.length);
  cities.forEach((city, i) => {
    const rows = tables[i].filter((row) => row.length >= 6 && plain(row[0]) !== "指标");
    assert.equal(rows.length, nodes.length);
    for (const [name, now, moved, place, above] of rows) {
      const node = nodes.find((id) => titles.get(id) === plain(name));
      const [wanted, , wantedChange] = pair("city", city.unit, node);
      const row = scores.get(key("2024", "city", city.unit, node));
      const where = `${format}, ${city.name}: ${name}`;
      same(now, wanted, where);
      same(moved, wantedChange, where);
      same(place, withheld("2024", "city", city.unit, node) ? { text: "*" } : { text: `${row.rank}/${row.of}` }, where);
      same(above, score("2024", "province", top.unit, node), where);
    }
  });
  console.log(`${format}: ${tables.length} units with ${nodes.length} nodes each`);
};
feedback("feedback in html", page.querySelectorAll('table[data-sheet$="-scores"]').map(rowsOf));
feedback("feedback in docx", (await documentOf("feedback.docx")).querySelectorAll("table")
  .map(rowsOf).filter((rows) => plain(rows[0][3]) === "位次" && rows.length > nodes.length));
