/*
 * Makes page.js and page.css of the page from the modules beside this file and ECharts, which npm
 * has put below the current folder: node build.mjs OUTPUT-FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(process.cwd(), 'node_modules');
const esbuild = createRequire(join(process.cwd(), 'package.json'))('esbuild');
const output = process.argv[2];
const read = (...path) => readFileSync(join(packages, ...path), 'utf8').trim();
const version = name => JSON.parse(read(name, 'package.json')).version;

/* What the licences of the bundled libraries ask to be kept with every copy. */
const notice = `/*!
Contains Apache ECharts ${version('echarts')}, licensed under the Apache License, Version 2.0
(https://www.apache.org/licenses/LICENSE-2.0). Its NOTICE:

${read('echarts', 'NOTICE')}

Contains ZRender ${version('zrender')}:

${read('zrender', 'LICENSE')}
*/`;

const bundle = entry => esbuild.buildSync({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    nodePaths: [packages],
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: entry.endsWith('.js') ? { js: notice } : {},
    write: false,
}).outputFiles[0].text.replaceAll('\r', '');

for (const entry of ['page.js', 'page.css']) {
    const text = bundle(entry);
    /* Inside a page these would end the element early or open a comment. */
    if (/<\/(script|style)|<!--/i.test(text))
        throw new Error(`${entry} cannot stand inside a page: it holds "</script", "</style" or "<!--"`);
    writeFileSync(join(output, entry), text);
}
