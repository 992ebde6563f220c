#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""recipes/examples on measured files that lie beside the suite: every claim comes out as expected, every figure passes
figure-check, and a recipe whose files are absent is skipped with a message and makes nothing, which is no failure."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, '..', 'shared', 'corpus')
RECIPES = sorted(glob.glob(os.path.join(SOURCE, 'recipes', 'examples', '*.yaml')))


def run(folder, *args):
    env = dict(os.environ, XDG_CACHE_HOME=os.path.join(folder, 'cache'))
    return subprocess.run([ASSAY, *args], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def absent(folder):
    """The same recipes where there is no corpus: one by one, and all by make. A corpus is looked for beside the folder that
    holds recipes/, and the one of temporary files may well have one for a neighbour: two folders further down none is."""
    root = os.path.join(folder, 'a', 'suite')
    examples = os.path.join(root, 'recipes', 'examples')
    os.makedirs(examples)
    shutil.copy(os.path.join(SOURCE, 'recipes', 'Makefile'), os.path.join(root, 'recipes'))
    for recipe in RECIPES:
        with open(recipe, encoding='utf-8') as f:
            text = f.read()
        there = os.path.join(examples, os.path.basename(recipe))
        with open(there, 'w', encoding='utf-8') as f:
            f.write(text)
        p = run(folder, 'run', '-o', os.path.join(folder, 'none'), there)
        if p.returncode or 'skipped' not in p.stderr:
            print('without its files: %s: exit %d\n%s' % (recipe, p.returncode, p.stderr))
            return 1
    p = subprocess.run(['make', '-C', os.path.dirname(examples), 'figures', 'ASSAY=' + ASSAY], text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if p.returncode:
        print('without any files, make: exit %d\n%s' % (p.returncode, p.stdout[-2000:]))
    return p.returncode != 0


with tempfile.TemporaryDirectory() as tmp:
    failed = absent(tmp)
    if not os.path.isdir(CORPUS):
        print('the measured files are not here: only the skipping was tested')
        sys.exit(1 if failed else 77)
    out = os.path.join(tmp, 'out')
    for recipe in RECIPES:
        p = run(tmp, 'run', '--verify', '-o', out, recipe)
        if p.returncode or 'skipped' in p.stderr:
            failed += 1
            print('%s: exit %d\n%s%s' % (os.path.basename(recipe), p.returncode, p.stdout[-2000:], p.stderr[-2000:]))
    figures = sorted(f for form in ('svg', 'pdf', 'png') for f in glob.glob(os.path.join(out, '*', '*.' + form)))
    p = run(tmp, 'figure-check', *figures)
    faults = [l for l in p.stdout.splitlines() if len(l.split(': ', 1)) == 2 and l.split(': ', 1)[1][17:19] == 'no']
    print('\n'.join(faults))
    print('%d recipes, %d figures, %d failed, %d faults of figures' % (len(RECIPES), len(figures), failed, len(faults)))
    sys.exit(1 if failed or p.returncode or not figures else 0)
