// Prints a page as PDF: print.mjs FILE.html OUT.pdf
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [page, out] = process.argv.slice(2).map((name) => path.resolve(name));
const require = createRequire(path.join(path.dirname(out), 'x.js'));
const { chromium } = require('playwright-core');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const tab = await browser.newPage({ colorScheme: 'light' });
await tab.goto(pathToFileURL(page).href, { waitUntil: 'load' });
// Paper cannot be unfolded.
await tab.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
await tab.pdf({
  path: out, format: 'A4', printBackground: true, outline: true, tagged: true,
  margin: { top: '18mm', bottom: '18mm', left: '16mm', right: '16mm' },
});
await browser.close();
