/* Many series as colours over x and what changes between them, on a canvas: each pixel is the measured point nearest
 * to it, as in the figure. */
'use strict';

class Heat {
  constructor(box, spec, data) {
    Object.assign(this, { box, spec });
    const x = spec.columns.find((c) => c.name === spec.x), y = spec.columns.find((c) => c.name === spec.y);
    Object.assign(this, { xc: x, yc: y });
    this.rows = spec.series.map((s) => {
      const cells = data[s.stream].get(s.number);
      const pairs = numbers(cells[spec.x]).map((v, i) => [v, Number(cells[spec.y][i])]).filter((p) => p.every(Number.isFinite));
      pairs.sort((a, b) => a[0] - b[0]);
      return { series: s, at: s.at, x: pairs.map((p) => p[0]), y: pairs.map((p) => p[1]) };
    }).filter((r) => r.x.length).sort((a, b) => a.at - b.at);
    const all = (pick) => this.rows.map(pick);
    this.full = [Math.min(...all((r) => r.x[0])), Math.max(...all((r) => r.x[r.x.length - 1]))];
    const least = (f, values) => values.reduce((a, b) => f(a, b));
    this.low = least(Math.min, all((r) => least(Math.min, r.y)));
    this.high = least(Math.max, all((r) => least(Math.max, r.y)));
    this.window = this.full.slice();
    this.canvas = element('canvas', { class: 'plot', tabindex: 0, role: 'application', 'aria-roledescription': 'map',
      'aria-label': 'Map of ' + spec.title + '. Arrow keys read values, plus and minus zoom, 0 shows all.' });
    this.readout = element('output', { class: 'readout', 'aria-live': 'polite' });
    const button = (text, label, action) => element('button', { type: 'button', 'aria-label': label, onclick: action }, text);
    box.append(element('div', { class: 'tools' }, button('+', 'zoom in', () => this.zoom(0.5)),
      button('−', 'zoom out', () => this.zoom(2)), button('all', 'show all', () => this.all())), this.canvas, this.readout);
    this.listen();
    this.readout.textContent = 'Drag to zoom along x, double-click to show all, move the pointer to read values.';
    new ResizeObserver(() => this.repaint()).observe(this.canvas);
  }

  listen() {
    const c = this.canvas;
    c.addEventListener('pointermove', (e) => { if (this.from === undefined) this.pick(e.offsetX, e.offsetY); else this.drag(e); });
    c.addEventListener('pointerdown', (e) => { if (e.pointerType === 'mouse') this.from = e.offsetX; this.pick(e.offsetX, e.offsetY); });
    c.addEventListener('pointerup', (e) => this.drop(e));
    c.addEventListener('pointerleave', () => { this.from = undefined; });
    c.addEventListener('dblclick', () => this.all());
    c.addEventListener('keydown', (e) => this.key(e));
  }

  frame() {
    const w = this.canvas.clientWidth, h = this.canvas.clientHeight;
    return { w, h, left: 64, right: w - 92, top: 8, bottom: h - 46 };
  }

  toX(px) {
    const f = this.frame(), t = (px - f.left) / (f.right - f.left);
    return this.window[0] + (this.spec.reversed ? 1 - t : t) * (this.window[1] - this.window[0]);
  }

  toPixel(x) {
    const f = this.frame(), t = (x - this.window[0]) / (this.window[1] - this.window[0]);
    return f.left + (this.spec.reversed ? 1 - t : t) * (f.right - f.left);
  }

  /* The point of a row nearest to x. */
  nearest(row, x) {
    let lo = 0, hi = row.x.length - 1;
    while (hi - lo > 1) {
      const m = (lo + hi) >> 1;
      if (row.x[m] > x) hi = m; else lo = m;
    }
    return x - row.x[lo] <= row.x[hi] - x ? lo : hi;
  }

  rowAt(py) {
    const f = this.frame(), n = this.rows.length;
    return Math.min(n - 1, Math.max(0, n - 1 - Math.floor((py - f.top) / (f.bottom - f.top) * n)));
  }

  repaint() {
    const f = this.frame(), ratio = window.devicePixelRatio || 1;
    if (f.w === 0) return;
    this.canvas.width = f.w * ratio;
    this.canvas.height = f.h * ratio;
    const g = this.canvas.getContext('2d');
    g.scale(ratio, ratio);
    this.paintCells(g, f);
    this.paintAxes(g, f);
    if (this.cursor) {
      g.strokeStyle = css('--card');
      g.lineWidth = 3;
      const x = this.toPixel(this.cursor.x), h = (f.bottom - f.top) / this.rows.length, y = f.bottom - (this.cursor.row + 0.5) * h;
      g.strokeRect(x - 4, y - 4, 8, 8);
      g.strokeStyle = css('--ink');
      g.lineWidth = 1;
      g.strokeRect(x - 4, y - 4, 8, 8);
    }
  }

  paintCells(g, f) {
    const w = Math.max(1, Math.round(f.right - f.left)), n = this.rows.length;
    const image = new ImageData(w, n);
    for (let r = 0; r < n; r++) {
      const row = this.rows[n - 1 - r];
      for (let i = 0; i < w; i++) {
        const x = this.toX(f.left + i + 0.5), at = this.nearest(row, x);
        const inside = x >= row.x[0] && x <= row.x[row.x.length - 1];
        const c = mapColour((row.y[at] - this.low) / (this.high - this.low || 1));
        image.data.set([c[0], c[1], c[2], inside ? 255 : 0], 4 * (r * w + i));
      }
    }
    const small = document.createElement('canvas');
    small.width = w;
    small.height = n;
    small.getContext('2d').putImageData(image, 0, 0);
    g.imageSmoothingEnabled = false;
    g.drawImage(small, f.left, f.top, f.right - f.left, f.bottom - f.top);
  }

  paintAxes(g, f) {
    const ink = css('--ink');
    g.fillStyle = g.strokeStyle = ink;
    g.strokeRect(f.left, f.top, f.right - f.left, f.bottom - f.top);
    g.font = '12px "Liberation Sans", Arial, sans-serif';
    g.textAlign = 'center';
    g.textBaseline = 'top';
    const [lo, hi] = this.window, step = niceStep((hi - lo) / Math.max(2, (f.right - f.left) / 80));
    for (let k = Math.ceil(lo / step); k * step <= hi; k++) g.fillText(readable(k * step), this.toPixel(k * step), f.bottom + 5);
    g.fillText(this.xc.plain + (this.xc.unit ? ' (' + this.xc.unit + ')' : ''), (f.left + f.right) / 2, f.bottom + 24);
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    const n = this.rows.length, h = (f.bottom - f.top) / n, each = Math.max(1, Math.ceil(18 / h));
    for (let r = 0; r < n; r += each) g.fillText(readable(this.rows[r].at), f.left - 6, f.bottom - (r + 0.5) * h);
    g.save();
    g.translate(12, (f.top + f.bottom) / 2);
    g.rotate(-Math.PI / 2);
    g.textAlign = 'center';
    g.fillText(this.spec.along, 0, 0);
    g.restore();
    for (let i = 0; i < 64; i++) {
      g.fillStyle = 'rgb(' + mapColour(i / 63).join(',') + ')';
      g.fillRect(f.right + 14, f.bottom - (i + 1) / 64 * (f.bottom - f.top), 12, (f.bottom - f.top) / 64 + 1);
    }
    g.fillStyle = ink;
    g.textAlign = 'left';
    for (const t of [0, 0.5, 1]) g.fillText(readable(Number((this.low + t * (this.high - this.low)).toPrecision(3))), f.right + 30,
      f.bottom - t * (f.bottom - f.top - 12) - 6);
  }

  pick(px, py) {
    const f = this.frame();
    if (px < f.left || px > f.right || py < f.top || py > f.bottom) return;
    const row = this.rowAt(py), i = this.nearest(this.rows[row], this.toX(px));
    this.show(row, i);
  }

  show(row, i) {
    const r = this.rows[row];
    this.cursor = { row, i, x: r.x[i] };
    const unit = (c) => (c.unitHtml ? ' ' + c.unitHtml : '');
    this.readout.innerHTML = '<b>' + r.series.html + '</b><br>' + this.xc.html + ' = ' + readable(r.x[i]) + unit(this.xc) +
      ', ' + this.yc.html + ' = ' + readable(r.y[i]) + unit(this.yc);
    this.repaint();
  }

  drag(e) {
    this.repaint();
    const g = this.canvas.getContext('2d'), f = this.frame();
    g.fillStyle = 'rgba(128,128,128,.4)';
    g.fillRect(Math.min(this.from, e.offsetX), f.top, Math.abs(e.offsetX - this.from), f.bottom - f.top);
  }

  drop(e) {
    const from = this.from;
    this.from = undefined;
    if (from === undefined || Math.abs(e.offsetX - from) < 6) return;
    const ends = [this.toX(from), this.toX(e.offsetX)].sort((a, b) => a - b);
    this.look(ends[0], ends[1]);
  }

  look(lo, hi) {
    this.window = [Math.max(lo, this.full[0]), Math.min(hi, this.full[1])];
    this.canvas.dataset.zoomed = this.window[0] > this.full[0] || this.window[1] < this.full[1] ? 'yes' : 'no';
    this.repaint();
  }

  zoom(factor) {
    const middle = this.cursor ? this.cursor.x : (this.window[0] + this.window[1]) / 2;
    const half = (this.window[1] - this.window[0]) / 2 * factor;
    this.look(middle - half, middle + half);
  }

  all() { this.look(this.full[0], this.full[1]); }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const c = this.cursor || { row: 0, i: 0 };
    const way = this.spec.reversed ? -1 : 1;
    const to = (row, i) => {
      row = Math.min(this.rows.length - 1, Math.max(0, row));
      this.show(row, Math.min(this.rows[row].x.length - 1, Math.max(0, i)));
    };
    const actions = {
      ArrowRight: () => to(c.row, c.i + way), ArrowLeft: () => to(c.row, c.i - way), ArrowUp: () => to(c.row + 1, c.i),
      ArrowDown: () => to(c.row - 1, c.i), '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2),
      0: () => this.all(), Escape: () => this.all(),
    };
    if (!actions[e.key]) return;
    e.preventDefault();
    actions[e.key]();
  }
}

/* 1, 2 or 5 times a power of ten, at least `d`. */
function niceStep(d) {
  const p = 10 ** Math.floor(Math.log10(d));
  return [1, 2, 5, 10].map((m) => m * p).find((m) => m >= d * 0.999);
}
