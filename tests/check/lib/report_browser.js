// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader does with a report: node report_browser.js CHROMIUM PAGE... Exits 1 with what went wrong.
'use strict';
const { chromium } = require('playwright-core');

let wrong = 0;
function check(what, good, more) {
  if (good) return;
  wrong++;
  console.log('WRONG:', what, more === undefined ? '' : JSON.stringify(more));
}

async function open(browser, file, options) {
  const page = await browser.newPage(options);
  page.on('request', (r) => check('no network', /^(file|data):/.test(r.url()), r.url()));
  page.on('console', (m) => check('a quiet console', m.type() !== 'error' && m.type() !== 'warning', m.text()));
  page.on('pageerror', (e) => check('no error', false, e.message));
  await page.goto('file://' + file);
  return page;
}

async function showAll(page) {
  for (const box of await page.$$('.explore')) {
    await box.scrollIntoViewIfNeeded();
    await box.waitForSelector('.plot', { timeout: 5000 });
  }
}

// Zoom by drag, double-click back, values under the pointer.
async function pointer(page, plot) {
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  const at = (fx, fy) => [box.x + fx * box.width, box.y + fy * box.height];
  await page.mouse.move(...at(0.4, 0.5));
  await page.mouse.move(...at(0.5, 0.5), { steps: 4 });
  const said = await plot.evaluate((p) => p.parentElement.querySelector('.readout').textContent);
  check('values under the pointer', /=.*\d/.test(said), said);
  await page.mouse.move(...at(0.4, 0.5));
  await page.mouse.down();
  await page.mouse.move(...at(0.65, 0.52), { steps: 5 });
  await page.mouse.up();
  check('drag zooms', await plot.getAttribute('data-zoomed') === 'yes');
  await page.mouse.dblclick(...at(0.5, 0.5));
  await page.waitForTimeout(50);
  check('double-click shows all', await plot.getAttribute('data-zoomed') === 'no');
}

async function keyboard(page, plot) {
  const text = () => plot.evaluate((p) => p.parentElement.querySelector('.readout').textContent);
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  const first = await text();
  await page.keyboard.press('ArrowRight');
  check('arrows read values', /=.*\d/.test(first) && await text() !== first, first);
  await page.keyboard.press('+');
  check('+ zooms', await plot.getAttribute('data-zoomed') === 'yes');
  await page.keyboard.press('0');
  check('0 shows all', await plot.getAttribute('data-zoomed') === 'no');
}

// All that can be done is reached by Tab, and shows that it is.
async function tabbing(page) {
  await showAll(page);
  const n = await page.evaluate(() => [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')]
    .filter((e) => e.checkVisibility()).length);
  const seen = new Set();
  let first = null, outlined = true;
  for (let i = 0; i < n + 5; i++) {
    await page.keyboard.press('Tab');
    const [id, text, shown] = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e.dataset.tab) e.dataset.tab = String(Math.random());
      return [e.dataset.tab, e.textContent.slice(0, 40), e === document.body || getComputedStyle(e).outlineStyle !== 'none'];
    });
    if (!first) first = text;
    seen.add(id);
    outlined = outlined && shown;
  }
  check('the first stop skips to the content', /Skip/.test(first), first);
  check('all is reached by Tab', seen.size >= n, [seen.size, n]);
  check('the focus is seen', outlined);
}

// WCAG contrast of texts against what is behind them, 4.5 (3 for large or bold).
async function contrast(page) {
  return page.evaluate(() => {
    const parse = (c) => (c.match(/[\d.]+/g) || []).map(Number);
    const light = (c) => {
      const [r, g, b] = c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const poor = [];
    for (const e of document.querySelectorAll('main *, header *, nav *, footer *')) {
      if (!e.checkVisibility() || e.closest('svg') || e.closest('.plot')) continue;
      if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
      let b = e, back = [0, 0, 0, 0];
      while (b && (back.length === 4 && back[3] === 0)) { back = parse(getComputedStyle(b).backgroundColor); b = b.parentElement; }
      const l = [light(parse(getComputedStyle(e).color)), light(back)].sort((x, y) => y - x);
      const ratio = (l[0] + 0.05) / (l[1] + 0.05);
      if (ratio < 4.5) poor.push([e.tagName, e.className, e.textContent.trim().slice(0, 30), ratio.toFixed(2)]);
    }
    return poor.slice(0, 5);
  });
}

(async () => {
  const [path, ...files] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  for (const file of files) {
    const wide = await open(browser, file, { viewport: { width: 1280, height: 900 } });
    await showAll(wide);
    for (const plot of await wide.$$('.plot')) {
      await pointer(wide, plot);
      await keyboard(wide, plot);
    }
    for (const box of await wide.$$('.legend input')) {
      await box.click();
      await box.click();
    }
    for (const scheme of ['light', 'dark']) {
      await wide.emulateMedia({ colorScheme: scheme });
      await wide.waitForTimeout(100);
      const poor = await contrast(wide);
      check('contrast, ' + scheme, poor.length === 0, poor);
      const dark = await wide.evaluate(() => Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 128);
      check('colours follow the system: ' + scheme, dark === (scheme === 'dark'));
    }
    await wide.close();
    const fresh = await open(browser, file, { viewport: { width: 1280, height: 900 } });
    await tabbing(fresh);
    await fresh.close();
    const phone = await open(browser, file, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await showAll(phone);
    const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    check('no sideways scroll on a phone', widths[0] <= 360 && widths[1] <= 360, widths);
    await phone.close();
  }
  await browser.close();
  console.log(files.length + ' pages, ' + wrong + ' wrong');
  process.exit(wrong ? 1 : 0);
})().catch((e) => { console.log(e); process.exit(1); });
