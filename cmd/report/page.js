/* Plots are made when they come near the screen, and repainted when the colours of the system change. */
'use strict';

document.documentElement.classList.add('js');
const plots = [];

function openPlot(box) {
  if (box.dataset.open) return;
  box.dataset.open = 'yes';
  const spec = JSON.parse(box.querySelector('script').textContent);
  try {
    const data = spec.links.map((id) => readStream(linkText(document.getElementById(id))));
    plots.push(spec.heat ? new Heat(box, spec, data) : new Plot(box, spec, data));
  } catch (e) {
    box.append(element('p', { class: 'warned' }, 'This plot cannot be shown: ' + e.message));
    throw e;
  }
}

const boxes = [...document.querySelectorAll('.explore[data-plot]')];
if (typeof Dygraph === 'undefined') {
  for (const box of boxes) box.append(element('p', { class: 'soft' }, 'assay was built without dygraphs: no zoomable plot.'));
} else if ('IntersectionObserver' in window) {
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watch.unobserve(entry.target); openPlot(entry.target); }
  }, { rootMargin: '400px' });
  boxes.forEach((box) => watch.observe(box));
} else {
  boxes.forEach(openPlot);
}
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.forEach((p) => p.repaint()));
