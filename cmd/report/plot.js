/* Curves one can zoom into: columns against each other, drawn by dygraphs, with the values under the pointer. */
'use strict';

const DOTS = 400; /* curves of fewer points show them */

class Plot {
  constructor(box, spec, data) {
    Object.assign(this, { box, spec, data, log: spec.logY, hidden: new Set(), active: null, row: -1 });
    this.x = spec.x;
    this.y = spec.y;
    this.area = element('div', { class: 'plot', tabindex: 0, role: 'application', 'aria-roledescription': 'plot',
      'aria-label': 'Plot of ' + spec.title + '. Arrow keys read values, plus and minus zoom, 0 shows all.' });
    this.readout = element('output', { class: 'readout', 'aria-live': 'polite' });
    this.legend = element('div', { class: 'legend', role: 'group', 'aria-label': 'Series shown' });
    box.append(this.tools(), this.area, this.readout, this.legend);
    this.area.addEventListener('keydown', (e) => this.key(e));
    this.build();
  }

  column(name) { return this.spec.columns.find((c) => c.name === name); }

  tools() {
    const choice = (axis) => {
      const select = element('select', { 'aria-label': axis + ' axis', onchange: () => {
        this[axis] = select.value;
        this.build();
      } });
      for (const c of this.spec.columns.filter((k) => !k.text))
        select.append(element('option', { value: c.name, selected: c.name === this[axis] }, c.plain + (c.unit ? ' / ' + c.unit : '')));
      return element('label', {}, axis + ' ', select);
    };
    const log = element('input', { type: 'checkbox', onchange: () => { this.log = log.checked; this.build(); } });
    log.checked = this.log;
    const button = (text, label, action) => element('button', { type: 'button', 'aria-label': label, onclick: action }, text);
    const tools = element('div', { class: 'tools' });
    if (this.spec.columns.filter((c) => !c.text).length > 2) tools.append(choice('x'), choice('y'));
    tools.append(element('label', {}, log, ' log y'), button('+', 'zoom in', () => this.zoom(0.5)),
      button('−', 'zoom out', () => this.zoom(2)), button('all', 'show all', () => this.all()));
    return tools;
  }

  /* What is drawn: one curve per series, column and run. */
  curves() {
    const standard = this.y === this.spec.y && this.x === this.spec.x;
    const columns = [{ name: this.y, main: true }];
    if (standard && this.spec.series.length <= 4) for (const name of this.spec.over) columns.push({ name });
    if (standard) for (const name of this.spec.right) columns.push({ name, right: true });
    const out = [];
    this.spec.series.forEach((series, i) => {
      const rows = this.data[series.stream].get(series.number);
      if (!rows || !rows[this.x]) return;
      const x = numbers(rows[this.x]);
      const part = rows.branch || (this.x === 'cycle' ? null : rows.cycle) || null;
      const base = this.spec.over.map((name) => this.column(name)).find((c) => c.role === 'baseline');
      const runs = runsOf(x, part);
      for (const column of columns) {
        if (!rows[column.name]) continue;
        const turned = this.spec.negate.includes(column.name);
        const value = numbers(rows[column.name]).map((v) => (turned ? -v : v));
        const raised = base && this.column(column.name).role === 'component'; /* drawn upon the baseline, read without */
        const below = raised ? numbers(rows[base.name]) : null;
        const y = raised ? value.map((v, k) => v + below[k]) : value;
        const ink = this.spec.series.length > 1 ? i : columns.indexOf(column);
        runs.forEach((run) => out.push({ series, i, column, x, y, value, run, ink, at: new Map(),
          part: rows.branch ? plainText(rows.branch[run[0]]) : '' }));
      }
    });
    return out;
  }

  build() {
    if (this.graph) this.graph.destroy();
    const curves = this.curves();
    const sign = this.spec.reversed && this.x === this.spec.x ? -1 : 1;
    this.sign = sign;
    const logX = this.spec.logX && sign > 0 && this.x === this.spec.x;
    const at = new Map();
    const put = (key, k, v) => {
      let row = at.get(key);
      if (!row) { row = new Array(curves.length + 1).fill(null); row[0] = key; at.set(key, row); }
      row[k + 1] = v;
    };
    curves.forEach((c, k) => {
      for (const i of c.run) {
        if (logX && !(c.x[i] > 0)) continue;
        if (this.log && !(c.y[i] > 0)) continue;
        if (!Number.isFinite(c.y[i])) continue;
        put(sign * c.x[i], k, c.y[i]);
        c.at.set(sign * c.x[i], c.value[i]);
      }
    });
    const rows = [...at.values()].sort((a, b) => a[0] - b[0]);
    this.curve = curves;
    this.names = curves.map((c, k) => 'c' + k);
    this.area.textContent = '';
    if (rows.length === 0) {
      this.readout.textContent = 'These columns hold no values that can be shown together.';
      return;
    }
    this.graph = new Dygraph(this.area, rows, this.options(curves, logX));
    this.all();
    this.asInFigure();
    this.showLegend();
    this.readout.textContent = 'Drag to zoom, double-click to show all, move the pointer to read values.';
  }

  options(curves, logX) {
    const axis = (name) => {
      const c = this.column(name);
      return c.html + (c.unitHtml ? ' (' + c.unitHtml + ')' : '');
    };
    const right = curves.find((c) => c.column.right);
    const series = {};
    curves.forEach((c, k) => {
      const few = c.run.length * this.spec.series.length <= DOTS, role = this.column(c.column.name).role;
      const thin = !c.column.main && !c.column.right;
      series['c' + k] = {
        color: this.colour(c), axis: c.column.right ? 'y2' : 'y1',
        strokePattern: c.column.right || role === 'baseline' ? [5, 4] : null, strokeWidth: thin ? 1 : 1.5,
        drawPoints: few && c.column.main, pointSize: 2.5, visible: true,
      };
    });
    const text = (v) => readable(v);
    const grid = css('--line'), ink = css('--soft');
    return {
      labels: ['x', ...this.names], series, connectSeparatedPoints: true, legend: 'never', labelsDiv: element('div'),
      xlabel: axis(this.x), ylabel: (this.spec.negate.includes(this.y) ? '−' : '') + axis(this.y),
      y2label: right ? axis(right.column.name) : null, logscale: this.log, xRangePad: 6, yRangePad: 8,
      animatedZooms: false, highlightCircleSize: 4, gridLineColor: grid, axisLineColor: ink, rightGap: 12,
      visibility: curves.map((c) => !this.hidden.has(c.i)),
      highlightSeriesOpts: null,
      axes: {
        x: { logscale: logX, axisLabelFormatter: (v) => text(this.sign * v), valueFormatter: text, pixelsPerLabel: 45 },
        y: { axisLabelFormatter: text, axisLabelWidth: 62 },
        y2: { axisLabelFormatter: text, axisLabelWidth: 58, independentTicks: true, drawGrid: false },
      },
      highlightCallback: (event, x, points) => this.point(event, points),
      zoomCallback: () => { this.area.dataset.zoomed = this.graph.isZoomed('x') ? 'yes' : 'no'; },
    };
  }

  /* Of its series; where there is but one, of its column. */
  colour(c) {
    const n = this.spec.series.length;
    return n > 1 ? seriesColour(c.ink, n) : seriesColour(c.ink, 1 + Math.max(...this.curve.map((k) => k.ink)));
  }

  showLegend() {
    this.legend.textContent = '';
    if (this.spec.series.length === 1) { this.showColumns(); return; }
    this.spec.series.forEach((series, i) => {
      const box = element('input', { type: 'checkbox', onchange: () => {
        if (box.checked) this.hidden.delete(i); else this.hidden.add(i);
        this.curve.forEach((c, k) => { if (c.i === i) this.graph.setVisibility(k, box.checked); });
      } });
      box.checked = !this.hidden.has(i);
      const swatch = element('span', { class: 'swatch' });
      swatch.style.background = seriesColour(i, this.spec.series.length);
      this.legend.append(element('label', {}, box, swatch, element('span', { html: series.html })));
    });
  }

  /* One series: its columns instead. */
  showColumns() {
    const seen = new Map(this.curve.map((c) => [c.ink, c]));
    for (const c of [...seen.values()]) {
      const swatch = element('span', { class: 'swatch' }), column = this.column(c.column.name);
      swatch.style.background = this.colour(c);
      this.legend.append(element('label', {}, swatch, element('span', { html: c.column.main ? c.series.html : column.html })));
    }
  }

  /* The measured point nearest to the pointer, of all curves. */
  point(event, points) {
    if (event && event.offsetX !== undefined && points.length) {
      let best = null;
      for (const p of points) {
        const d = Math.abs(p.canvasy - event.offsetY);
        if (!best || d < best.d) best = { d, p };
      }
      this.say(Number(best.p.name.slice(1)), best.p.xval, best.p.yval);
    }
  }

  say(k, x, y) {
    const c = this.curve[k], column = this.column(c.column.name), abscissa = this.column(this.x);
    const value = (what, v) => what.html + ' = ' + readable(v) + (what.unitHtml ? ' ' + what.unitHtml : '');
    this.active = k;
    this.readout.innerHTML = '<b>' + c.series.html + '</b>' + (c.part ? ' (' + c.part + ')' : '') + '<br>' +
      value(abscissa, this.sign * x) + ', ' + value(column, c.at.has(x) ? c.at.get(x) : y);
  }

  zoom(factor) {
    const [a, b] = this.graph.xAxisRange(), log = this.graph.getOptionForAxis('logscale', 'x') && a > 0;
    const to = (v) => (log ? Math.log(v) : v), from = (v) => (log ? Math.exp(v) : v);
    const middle = this.row >= 0 && this.active !== null ? to(this.graph.getValue(this.row, 0)) : (to(a) + to(b)) / 2;
    const half = (to(b) - to(a)) / 2 * factor, [lo, hi] = this.graph.xAxisExtremes();
    const left = Math.max(to(lo), middle - half), right = Math.min(to(hi), middle + half);
    if (left <= to(lo) && right >= to(hi)) { this.all(); return; }
    this.graph.updateOptions({ dateWindow: [from(left), from(right)] });
    this.area.dataset.zoomed = 'yes';
  }

  pan(share) {
    const [a, b] = this.graph.xAxisRange(), [lo, hi] = this.graph.xAxisExtremes();
    let d = share * (b - a);
    d = Math.max(lo - a, Math.min(hi - b, d));
    this.graph.updateOptions({ dateWindow: [a + d, b + d] });
  }

  all() {
    if (!this.graph) return;
    this.graph.resetZoom();
    if (this.spec.equal && this.x === this.spec.x && this.y === this.spec.y) this.equalScales();
    this.area.dataset.zoomed = 'no';
  }

  /* The part of x that the figure shows, to begin with. */
  asInFigure() {
    if (!this.spec.view || this.x !== this.spec.x) return;
    const [lo, hi] = this.graph.xAxisExtremes();
    let ends = this.spec.view.map((v) => (v === null ? null : this.sign * v));
    if (this.sign < 0) ends.reverse();
    ends = [ends[0] === null ? lo : Math.max(lo, ends[0]), ends[1] === null ? hi : Math.min(hi, ends[1])];
    if (ends[0] < ends[1] && (ends[0] > lo || ends[1] < hi)) this.graph.updateOptions({ dateWindow: ends });
  }

  /* One ohm is as long along both axes. */
  equalScales() {
    const area = this.graph.getArea(), [a, b] = this.graph.xAxisRange(), [c, d] = this.graph.yAxisRange(0);
    const per = Math.max((b - a) / area.w, (d - c) / area.h);
    this.graph.updateOptions({ dateWindow: [(a + b - per * area.w) / 2, (a + b + per * area.w) / 2],
      valueRange: [c, c + per * area.h] });
  }

  /* From value to value along the active curve; up and down change the curve. */
  step(by) {
    const shown = this.curve.map((c, k) => k).filter((k) => !this.hidden.has(this.curve[k].i));
    if (this.active === null || !shown.includes(this.active)) this.active = shown[0];
    if (this.active === undefined) return;
    const [a, b] = this.graph.xAxisRange(), n = this.graph.numRows();
    let row = this.row;
    if (row < 0) row = by > 0 ? -1 : n;
    for (row += by; row >= 0 && row < n; row += by) {
      const x = this.graph.getValue(row, 0), y = this.graph.getValue(row, this.active + 1);
      if (y === null || Number.isNaN(y)) continue;
      if (x < a || x > b) { if ((x < a) === (by > 0)) continue; break; }
      this.row = row;
      this.graph.setSelection(row, 'c' + this.active);
      this.say(this.active, x, y);
      return;
    }
  }

  change(by) {
    const shown = this.curve.map((c, k) => k).filter((k) => !this.hidden.has(this.curve[k].i));
    const at = Math.max(0, shown.indexOf(this.active));
    this.active = shown[(at + by + shown.length) % shown.length];
    this.row = Math.max(-1, this.row - 1);
    this.step(1);
  }

  key(event) {
    if (!this.graph || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowRight: () => (event.shiftKey ? this.pan(0.1) : this.step(1)),
      ArrowLeft: () => (event.shiftKey ? this.pan(-0.1) : this.step(-1)),
      PageUp: () => { for (let i = 0; i < 20; i++) this.step(1); },
      PageDown: () => { for (let i = 0; i < 20; i++) this.step(-1); },
      ArrowUp: () => this.change(1), ArrowDown: () => this.change(-1),
      '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => this.all(), Escape: () => this.all(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  repaint() { this.build(); }
}
