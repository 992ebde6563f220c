#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report in headless Chromium: loads without network and without an error, zooms, reads values under the pointer and by
keys, is reached by Tab, fits a phone, and has contrast in light and dark. Needs chromium, Node and playwright-core
(npm install playwright-core anywhere, NODE_PATH=that/node_modules); skipped where one of them is not there."""
import os, shutil, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')
node, chromium = shutil.which('node'), shutil.which('chromium') or shutil.which('chromium-browser')
if not node or not chromium:
    print('skipped: needs node and chromium')
    sys.exit(77)
env = dict(os.environ)
npm = shutil.which('npm')
if 'NODE_PATH' not in env and npm:
    env['NODE_PATH'] = subprocess.run([npm, 'root', '-g'], stdout=subprocess.PIPE).stdout.decode().strip()
if subprocess.run([node, '-e', 'require("playwright-core")'], env=env, stderr=subprocess.DEVNULL).returncode:
    print('skipped: Node has no playwright-core; npm install playwright-core, NODE_PATH=.../node_modules')
    sys.exit(77)

KINDS = '''
recipe: 1
title: Kinds of figures
inputs:
  etching: {file: %(c)s/figures/etching.ecsv}
  impedance: {file: %(c)s/figures/impedance.ecsv}
  fitted: {file: %(c)s/figures/fit.ecsv}
  tg: {file: %(c)s/figures/thermogram.ecsv}
  cond: {file: %(c)s/figures/conductivity.ecsv}
  cycles: {file: %(c)s/figures/cycles.ecsv}
  cv: {file: %(c)s/echem/cv.mpt}
figures:
  map: {from: etching, pipe: plot-heatmap}
  nyquist: {from: impedance, pipe: plot-nyquist}
  fitted: {from: fitted, pipe: plot-fit}
  tg: {from: tg, pipe: plot-thermogram, size: nature-2col}
  arrhenius: {from: cond, pipe: plot-arrhenius}
  turning: {from: cv, pipe: plot-lines}
tables:
  rows: {from: cycles}
'''
with tempfile.TemporaryDirectory() as tmp:
    env['XDG_CACHE_HOME'] = os.path.join(tmp, 'cache')
    kinds, pages = os.path.join(tmp, 'kinds.yaml'), []
    with open(kinds, 'w') as f:
        f.write(KINDS % {'c': CORPUS})
    for name, recipe in (('small', os.path.join(CORPUS, 'recipe', 'small.yaml')), ('kinds', kinds),
                         ('fig2b', os.path.join(SOURCE, 'recipes', 'chang2022', 'fig2b.yaml'))):
        pages.append(os.path.join(tmp, name + '.html'))
        subprocess.run([ASSAY, 'report', recipe, '-o', pages[-1]], check=True, env=env)
    sys.exit(subprocess.run([node, os.path.join(HERE, 'lib', 'report_browser.js'), chromium] + pages, env=env).returncode)
