/* A browser that remembers all that a page says, asks for and pops up. */
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export function driver(packages) {
    const require = createRequire(join(packages, 'package.json'));
    return { chromium: require('playwright-core').chromium,
             axe: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8') };
}

export const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

/* Opens the page of a publication; `said`, `asked` and `dialogs` fill while it lives. */
export async function open(browser, folder, viewport, hash = '') {
    const context = await browser.newContext({ viewport, locale: 'en-GB' });
    const page = await context.newPage();
    const seen = { page, said: [], asked: [], dialogs: [], close: () => context.close() };
    page.on('console', message => seen.said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', error => seen.said.push(`error: ${error.stack}`));
    page.on('request', request => seen.asked.push(request.url()));
    page.on('dialog', dialog => {
        seen.dialogs.push(dialog.message());
        dialog.dismiss();
    });
    seen.url = `file://${join(folder, 'page', 'index.html')}`;
    await page.goto(seen.url + hash);
    await page.waitForFunction(() => document.documentElement.classList.contains('live'));
    return seen;
}

export async function violations(page, axe) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    return found.violations.map(one => `${one.id} (${one.impact}): ${one.help}: ` +
        one.nodes.slice(0, 3).map(node => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(' | '));
}
