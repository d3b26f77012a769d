// Reads data/ and tex/ of a publication with other people's readers and compares every number with
// scores.csv of the run, rounded here.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import datapackage from "datapackage";
import jsonstat from "jsonstat-toolkit";
import Papa from "papaparse";
import { parse } from "@unified-latex/unified-latex-util-parse";

const [folder, scoresFile] = process.argv.slice(2);
const read = (...name) => fs.readFileSync(path.join(folder, ...name), "utf8");
const table = (text) => Papa.parse(text, { header: true, skipEmptyLines: true }).data;
const FEWEST = 3; // disclosure of the model
const measures = ["score", "rank", "change", "value"];

// Away from zero at two decimals, on 15 significant digits.
const rounded = (text) => {
  const value = Number(Number(text).toPrecision(15));
  return ((Math.sign(value) * Math.floor(Math.abs(value) * 100 + 0.5 + 1e-7)) / 100).toFixed(2);
};
const key = (...parts) => parts.join("\u0000");

// ---- plain csv, against scores.csv ----
const scores = table(fs.readFileSync(scoresFile, "utf8"));
const levels = [...new Set(scores.map((row) => row.level))];
const published = new Map();
for (const level of levels)
  for (const row of table(read("data", `${level}.csv`)))
    published.set(key(row.level, row.period, row.unit, row.node), row);
assert.equal(published.size, scores.length);
let shown = 0, hidden = 0;
for (const row of scores) {
  const found = published.get(key(row.level, row.period, row.unit, row.node));
  assert.ok(found, `${row.level} ${row.unit} ${row.node}`);
  assert.equal(found.name, row.name);
  if (Number(row.enterprises) < FEWEST) {
    for (const measure of measures) assert.equal(found[measure], "");
    assert.equal(found.status, "withheld");
    hidden++;
  } else if (found.status !== "withheld" && row.value !== "") {
    assert.equal(found.score, rounded(row.value));
    assert.equal(found.rank, row.rank);
    shown++;
  } else assert.equal(found.score, "");
}
assert.ok(shown > 1000 && hidden > 10);
console.log(`csv: ${shown} scores as in scores.csv, ${hidden} withheld ones absent`);

// ---- data package ----
const pack = await datapackage.Package.load(path.join(folder, "data", "datapackage.json"));
assert.deepEqual(pack.errors.map((error) => error.message), []);
assert.ok(pack.valid);
let rows = 0;
for (const resource of pack.resources) {
  assert.ok(resource.valid && resource.tabular);
  for (const row of await resource.read({ keyed: true })) {
    const wanted = published.get(key(row.level, row.period, row.unit, row.node));
    for (const measure of measures)
      assert.equal(row[measure], wanted[measure] === "" ? null : Number(wanted[measure]));
    rows++;
  }
}
assert.equal(rows, published.size);
console.log(`data package: ${rows} rows valid`);

// ---- JSON-stat ----
const load = (name) => jsonstat(JSON.parse(read("data", name)));
const collection = load("collection.json");
assert.equal(collection.class, "collection");
assert.equal(collection.length, levels.length);
let cells = 0;
for (const item of collection.link.item) {
  const dataset = load(item.href);
  const level = item.href.replace(".json", "");
  assert.equal(dataset.class, "dataset");
  assert.deepEqual(dataset.id, ["time", "unit", "node", "measure"]);
  assert.equal(dataset.n, dataset.size.reduce((a, b) => a * b));
  assert.equal(dataset.value.length, dataset.n);
  assert.equal(dataset.Dimension("unit").role === "geo", level === "city" || level === "province");
  for (const time of dataset.Dimension("time").id)
    for (const unit of dataset.Dimension("unit").id)
      for (const node of dataset.Dimension("node").id)
        for (const measure of measures) {
          const cell = dataset.Data({ time, unit, node, measure });
          const row = published.get(key(level, time, unit, node));
          const wanted = row && row[measure] !== "" ? Number(row[measure]) : null;
          assert.equal(cell.value, wanted);
          const rests = [null, "renormalised", "imputed", "imputed_renormalised"].includes(cell.status);
          assert.equal(cell.value !== null, rests); // a number, or a reason why there is none
          cells++;
        }
}
console.log(`JSON-stat: ${cells} cells in ${levels.length} datasets`);

// ---- SDMX-CSV ----
const observations = table(read("data", "sdmx.csv"));
const columns = Object.keys(observations[0]);
assert.deepEqual(columns.slice(0, 3), ["STRUCTURE", "STRUCTURE_ID", "ACTION"]);
const seen = new Set();
for (const row of observations) {
  const unit = columns.filter((name) => name.startsWith("UNIT_") && name !== "UNIT_MEASURE")
    .map((name) => row[name]).filter((code) => !code.startsWith("_")).join("|");
  const wanted = published.get(key(row.LEVEL, row.TIME_PERIOD, unit, row.INDICATOR))[row.MEASURE.toLowerCase()];
  assert.equal(row.OBS_VALUE, wanted === "" ? "NaN" : wanted);
  assert.equal(["A", "I"].includes(row.OBS_STATUS), wanted !== "");
  seen.add(key(row.LEVEL, row.TIME_PERIOD, unit, row.INDICATOR, row.MEASURE));
}
assert.equal(seen.size, observations.length); // no key twice
console.log(`SDMX-CSV: ${observations.length} observations`);

// ---- LaTeX ----
const environments = (node, found = []) => {
  if (Array.isArray(node)) node.forEach((child) => environments(child, found));
  else if (node && typeof node === "object") {
    if (node.type === "environment") found.push(String(node.env));
    Object.values(node).forEach((child) => typeof child === "object" && environments(child, found));
  }
  return found;
};
let tables = 0;
for (const file of fs.readdirSync(path.join(folder, "tex"))) {
  if (!file.endsWith(".tex") || file === "numbers.tex") continue;
  const text = read("tex", file);
  const found = environments(parse(text));
  const begun = [...text.matchAll(/\\begin\{(\w+)\}/g)].map((match) => match[1]);
  assert.deepEqual([...found].sort(), begun.sort(), file); // all close, and nest
  tables += found.filter((name) => name === "tabular" || name === "longtable").length;
}
assert.ok(tables >= 10);
let names = 0;
for (const [, name, text] of read("tex", "numbers.tex").matchAll(/^\\mqcidefine\{([^}]*)\}\{(.*)\}$/gm)) {
  const [place, period = "2024"] = name.split("@");
  const [node, level, unit, measure = "score"] = place.split(".");
  const digits = text.replace("$-$", "-").replace("+", "");
  assert.equal(digits, published.get(key(level, period, unit, node))[measure], name);
  names++;
}
assert.ok(names > 1000);
console.log(`LaTeX: ${tables} tables parsed, ${names} named numbers`);
