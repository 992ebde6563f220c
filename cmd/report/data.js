/* The data of a plot: the very ECSV that its link downloads, read into columns. */
'use strict';

/* The text behind a data: link in base64. */
function linkText(link) {
  const bytes = Uint8Array.from(atob(link.href.slice(link.href.indexOf(',') + 1)), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/* Rows of a stream: {series number: {column: array}}; text columns stay texts. */
function readStream(text) {
  const found = new Map();
  let names = null;
  for (const line of text.split('\n')) {
    if (line === '' || line[0] === '#') continue;
    const cells = line.split(' ');
    if (!names) { names = cells; continue; }
    const number = Number(cells[0]);
    let columns = found.get(number);
    if (!columns) {
      columns = names.map(() => []);
      found.set(number, columns);
    }
    for (let i = 1; i < names.length; i++) columns[i].push(cells[i]);
  }
  const out = new Map();
  for (const [number, columns] of found) {
    const by = {};
    names.forEach((name, i) => { if (i) by[name] = columns[i]; });
    out.set(number, by);
  }
  return out;
}

/* Numbers of a column; nan where a cell is none. */
function numbers(cells) {
  return cells.map((c) => (c === 'inf' ? Infinity : c === '-inf' ? -Infinity : c === 'nan' || c === '""' ? NaN : Number(c)));
}

function plainText(cell) {
  if (cell === '""') return '';
  try { return decodeURIComponent(cell); } catch (e) { return cell; }
}

/* Where x turns round for more than a hundredth of its span a new run begins (a voltammogram, an isotherm without a
 * named branch); jitter of x, as of a temperature, is no turn. Returns arrays of row numbers. */
function runsOf(x, part) {
  const rows = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i])) rows.push(i);
  let lo = Infinity, hi = -Infinity;
  for (const i of rows) { lo = Math.min(lo, x[i]); hi = Math.max(hi, x[i]); }
  const slack = 0.01 * (hi - lo);
  const runs = [];
  let run = [], way = 0, far = 0;
  for (const i of rows) {
    const cut = part && run.length && part[i] !== part[run[run.length - 1]];
    if (run.length === 0 || cut) {
      if (cut) { runs.push(run); run = []; }
      run.push(i);
      way = 0;
      far = x[i];
      continue;
    }
    const step = x[i] - far;
    if (way === 0 && Math.abs(step) > slack) way = Math.sign(step);
    if (way !== 0 && step * way < -slack) { /* turned: what came since the farthest point is the next run */
      const last = run.findIndex((k) => x[k] === far);
      runs.push(run.slice(0, last + 1));
      run = run.slice(last);
      way = -way;
    }
    run.push(i);
    if (way === 0 ? false : (x[i] - far) * way > 0) far = x[i];
  }
  if (run.length) runs.push(run);
  return runs.filter((r) => r.length > 0);
}

/* A number as one reads it: seven digits, no trailing zeros. */
function readable(v) {
  if (v === null || v === undefined || Number.isNaN(v)) return '–';
  const text = Number(v).toPrecision(7);
  return (Math.abs(v) !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e7) ? Number(text).toExponential() : String(Number(text)))
    .replace(/-/g, '−');
}

function element(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) e.addEventListener(key.slice(2), value);
    else if (key === 'html') e.innerHTML = value;
    else if (value !== false && value !== null) e.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children) e.append(child);
  return e;
}

function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

const viridis = ['440154', '482878', '3e4a89', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725'].map(
  (h) => [0, 2, 4].map((i) => parseInt(h.slice(i, i + 2), 16)));
/* [r, g, b] at f in 0..1. */
function mapColour(f) {
  const at = Math.min(Math.max(f, 0), 1) * (viridis.length - 1), i = Math.min(Math.floor(at), viridis.length - 2);
  return viridis[i].map((c, k) => Math.round(c + (viridis[i + 1][k] - c) * (at - i)));
}

/* Series i of n: the seven of the figures, more of them are shades of one map. */
function seriesColour(i, n) {
  return n <= 7 ? css('--c' + i) : 'rgb(' + mapColour(0.08 + 0.82 * i / (n - 1)).join(',') + ')';
}
