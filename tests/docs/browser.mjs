// Looks at every page of the site in Chromium, as readers do: light and dark, telephone and desk.
//   browser.mjs SITE [--shots FOLDER] [PAGE...]
// Prints one line for each thing that is wrong; exit status 1 if there is one.
import fs from 'node:fs';
import path from 'node:path';
import { axeOf, launch, serve, watched } from './site.mjs';

const words = process.argv.slice(2);
const root = path.resolve(words.shift());
const shots = words[0] === '--shots' ? words.splice(0, 2)[1] : '';
const axe = axeOf(root);

const wrong = [];
const fault = (page, what) => wrong.push(`${page}: ${what}`);

const { base, close } = await serve(root);
const browser = await launch(root);

const htmlFiles = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const file = path.join(folder, entry.name);
  if (entry.isDirectory()) return entry.name.startsWith('_') ? [] : htmlFiles(file);
  return file.endsWith('.html') ? [path.relative(root, file)] : [];
});
const pages = words.length ? words : htmlFiles(root);

async function open(context, page) {
  const tab = await watched(context, base, (what) => fault(page, what));
  await tab.goto(base + page, { waitUntil: 'load' });
  return tab;
}

// --- What is looked at on every page ---

const seen = () => {
  const visible = (element) => element.getClientRects().length > 0;
  const images = [...document.images].filter(visible);
  return {
    title: document.title,
    wide: document.documentElement.scrollWidth - innerWidth,
    cut: [...document.querySelectorAll('div.math')].filter((one) => {
      const formula = one.querySelector('.formula');
      return formula.scrollWidth > formula.clientWidth + 1;
    }).map((one) => one.id),
    formulas: document.querySelectorAll('div.math').length,
    drawn: document.querySelectorAll('div.math .katex math').length,
    unmarked: [...document.querySelectorAll('div.math')].filter((one) => !one.querySelector('a.checked')).length,
    broken: images.filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.src),
    noAlt: images.filter((image) => !image.alt || /\.(svg|png|gif)$/.test(image.alt)).map((image) => image.src),
    pairs: [...document.querySelectorAll('figure:not(.bench figure)')].filter((figure) =>
      [...figure.querySelectorAll('img')].filter(visible).length !== 1).length,
    raw: document.querySelector('article')?.innerText.match(/`[^`\n]*`|\beq:[a-z-]+/)?.[0],
    ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
  };
};

const anchors = new Map();
const links = [];

const still = await browser.newContext({ reducedMotion: 'reduce' });

async function look(page) {
  const tab = await open(still, page);
  await tab.evaluate(() => document.fonts.ready);
  for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 360], ['dark', 360]]) {
    await tab.emulateMedia({ colorScheme: scheme });
    await tab.setViewportSize({ width, height: 900 });
    await lookAs(tab, page, scheme, width);
  }
  await listen(tab, page);
  await tab.close();
}

// What axe would say a thousand times is left to be said once: spans that have nothing but a class and
// stand in the same box as one before, and what formulas are made of (their drawn half is hidden from a
// screen reader and has the text's colour for an eye). With all of it this takes three times as long.
const thin = () => {
  document.querySelectorAll('.katex-html').forEach((one) => one.remove());
  document.querySelectorAll('math').forEach((one) => one.replaceChildren('formula'));
  const met = new Set();
  for (const one of document.querySelectorAll('article span')) {
    const key = [one, one.parentElement, one.closest('.admonition, .highlight, dt, td')].map((e) => e?.className).join('|');
    if (met.has(key) && one.getAttributeNames().every((name) => name === 'class')) one.replaceWith(...one.childNodes);
    else met.add(key);
  }
  document.normalize();
};

// What a screen reader or a weak eye could not use. In the dark, colours alone are other ones.
async function listen(tab, page) {
  await tab.evaluate(thin);
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.evaluate(axe);
  for (const [scheme, runOnly] of [['light', ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']], ['dark', ['color-contrast']]]) {
    await tab.emulateMedia({ colorScheme: scheme });
    const { violations } = await tab.evaluate((rules) => window.axe.run({ runOnly: rules }), runOnly);
    violations.forEach((one) => fault(`${page} (${scheme})`, `${one.id}: ${one.help} (${one.nodes.length}): ${one.nodes[0].target}`));
  }
}

async function lookAs(tab, page, scheme, width) {
  const found = await tab.evaluate(seen);
  const where = `${page} (${scheme}, ${width} px)`;
  if (found.wide > 0) fault(where, `${found.wide} px wider than the window`);
  if (width > 1000 && !page.startsWith('reference')) found.cut.forEach((id) => fault(where, `${id}: the formula is wider than the page`));
  if (found.raw && page.startsWith('reference')) fault(where, `'${found.raw}' as it stands in the source`);
  if (found.drawn !== found.formulas) fault(where, `${found.formulas} equations, ${found.drawn} drawn`);
  if (found.unmarked) fault(where, `${found.unmarked} equations without the mark of their test`);
  found.broken.forEach((src) => fault(where, `image not loaded: ${src}`));
  found.noAlt.forEach((src) => fault(where, `image without words: ${src}`));
  if (found.pairs) fault(where, `${found.pairs} figures do not show one image`);
  if (width > 1000) {
    anchors.set(page, new Set(found.ids));
    if (scheme === 'light') found.links.forEach((link) => links.push([page, link]));
  }
  if (shots) {
    fs.mkdirSync(shots, { recursive: true });
    await tab.screenshot({ path: path.join(shots, `${page.replace(/\W/g, '_')}_${scheme}_${width}.png`), fullPage: true });
  }
}

// --- What is tried once ---

async function tryControls() {
  const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base.slice(0, -1) });
  const tab = await open(context, 'reading.html');
  const theme = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await theme();
  const toggles = tab.locator('.theme-toggle:visible').first();
  for (let i = 0; i < 2 && (await theme()) === before; i += 1) await toggles.click();
  if ((await theme()) === before) fault('theme toggle', 'changes nothing');

  await tab.locator('button.copybtn').first().click();
  const copied = await tab.evaluate(() => navigator.clipboard.readText());
  if (!copied.startsWith('./book run')) fault('copy button', `copied '${copied}'`);

  await tab.goto(`${base}search.html`);
  await tab.locator('.ask input').fill('posterior collapse');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('#search-results li', { timeout: 10000 }).catch(() => fault('search', 'finds nothing'));
  await tab.locator('#search-results .context').first().waitFor();
  const summaries = await tab.locator('#search-results').innerText();
  if (/\\[a-z]{2}|checked:/.test(summaries)) fault('search', `TeX in a summary: ${summaries.match(/.{20}(\\[a-z]{2}|checked:).{20}/)}`);
  const first = await tab.locator('#search-results li a').first().getAttribute('href').catch(() => null);
  if (!first?.includes('08_tighter_bounds') && !first?.includes('glossary')) fault('search', `posterior collapse leads to ${first}`);

  await tab.goto(`${base}index.html`);
  await tab.keyboard.press('Tab');
  const focused = await tab.evaluate(() => document.activeElement?.tagName);
  if (focused === 'BODY') fault('keyboard', 'Tab reaches nothing');
  await context.close();

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(`${base}02_jensen_elbo.html`);
  const text = await page.locator('article').innerText();
  if (text.length < 5000) fault('without scripts', `${text.length} letters of chapter 2`);
  await plain.close();
}

async function tryStillness() {
  for (const motion of ['reduce', 'no-preference']) {
    const context = await browser.newContext({ reducedMotion: motion });
    const tab = await open(context, '05_vae.html');
    await tab.waitForTimeout(500);
    const moving = await tab.locator('img[src$=".gif"]').count();
    if ((motion === 'reduce') !== (moving === 0)) fault('animation', `${motion}: ${moving} moving pictures`);
    await context.close();
  }
}

function checkLinks() {
  for (const [page, link] of links) {
    if (!link.startsWith(base)) continue;
    const [file, anchor] = link.slice(base.length).split('#');
    const target = file || 'index.html';
    if (!fs.existsSync(path.join(root, decodeURIComponent(target)))) fault(page, `link to ${target}, which is not there`);
    else if (anchor && anchors.has(target) && !anchors.get(target).has(decodeURIComponent(anchor))) fault(page, `link to ${target}#${anchor}, which is not there`);
  }
}

const jobs = [...pages];
for (const page of pages) {
  const size = fs.statSync(path.join(root, page)).size;
  if (size > 400e3 && !page.startsWith('reference') && page !== 'genindex.html') fault(page, `${Math.round(size / 1e3)} kB, wanted at most 400`);
}
await Promise.all(Array.from({ length: 3 }, async () => {
  for (let page = jobs.shift(); page; page = jobs.shift()) {
    await look(page).catch((error) => fault(page, error.message.split('\n')[0]));
  }
}));
if (!words.length) {
  await tryControls();
  await tryStillness();
  checkLinks();
}
await browser.close();
close();
wrong.forEach((line) => console.log(line));
console.log(`${pages.length} pages, ${wrong.length} faults`);
process.exit(wrong.length ? 1 : 0);
