#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay init: what it writes for files of every technique is a recipe that runs, whose claims hold, and that makes a
report; it is the same from another folder."""
import math, os, random, re, shutil, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')
# files, and what the recipe must name
SETS = [
    ('recipe/before.uxd recipe/after.uxd', ['peaks --snr 5', 'plot-stack', 'holds: ']),
    ('xrd/sample.ras xrd/small.xy xrd/attenuated.xrdml', ['plot-']),
    ('sorption/type2.csv sorption/sample.aif', ['plot-isotherm']),
    ('figures/pores.ecsv', ['plot-distribution']),
    ('thermal/two-steps.csv thermal/netzsch.txt thermal/dsc.csv', ['thermal-steps', 'plot-thermogram', 'mass_loss']),
    ('raman/fluorescence.ecsv raman/labspec-line.txt', ['baseline-arpls']),
    ('ftir/affn.jdx ftir/atr.ecsv', ['plot-lines']),
    ('xps/regions.vms xps/shirley.ecsv fit/c1s.csv', ['plot-lines']),
    ('xps/shirley.ecsv', ['baseline-shirley | peaks', 'plot-lines --peaks']),
    ('made/peak.csv', ['fit --model', 'shirley', 'plot-fit']),
    ('xps/film.ecsv', ['plot-lines', 'film.ecsv"\nsteps']),  # several series, without names: no label for all
    ('echem/eis.dta echem/blocking.ecsv', ['resistance', 'plot-nyquist']),
    ('echem/cv.mpt', ['plot-lines']),
    ('echem/cycler.csv figures/cycles.ecsv', ['plot-']),
    ('fit/decay.xy fit/one-peak.xy', ['plot-lines']),
    ('recipe/before.uxd sorption/sample.aif echem/eis.dta thermal/two-steps.csv', ['plot-stack', 'plot-isotherm', 'plot-nyquist']),
]
failed = 0


def check(what, good, more=''):
    global failed
    if not good:
        failed += 1
        print('WRONG: %s %s' % (what, more))


def run(args, folder, status=0):
    p = subprocess.run([ASSAY] + args, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check('exit %d of %s' % (status, ' '.join(args)), p.returncode == status, '%d %s' % (p.returncode, p.stderr.decode()))
    return p.stdout.decode(), p.stderr.decode()


def one_peak(folder):
    """A region with one peak on a step, which a proposed model fits."""
    dice = random.Random(1)
    os.makedirs(folder)
    with open(os.path.join(folder, 'peak.csv'), 'w') as f:
        f.write('Binding Energy (eV),Intensity (counts)\n')
        for i in range(201):
            t = (280 + 0.05 * i - 285) / 0.6
            y = 5000 * (0.7 * math.exp(-math.log(2) * t * t) + 0.3 / (1 + t * t)) + 150 * (1 + math.tanh(t)) + 400
            f.write('%.2f,%d\n' % (280 + 0.05 * i, y + dice.gauss(0, math.sqrt(y))))


with tempfile.TemporaryDirectory() as tmp:
    os.environ['XDG_CACHE_HOME'] = os.path.join(tmp, 'cache')
    shutil.copytree(CORPUS, os.path.join(tmp, 'corpus'))
    os.makedirs(os.path.join(tmp, 'a', 'b'))
    one_peak(os.path.join(tmp, 'corpus', 'made'))
    claims = 0
    for number, (files, wanted) in enumerate(SETS):
        names = ['corpus/' + f for f in files.split()]
        text, err = run(['init'] + names, tmp)
        for part in wanted:
            check('%s: %s' % (files, part), part in text, text)
        recipe = 'r%d.yaml' % number
        with open(os.path.join(tmp, recipe), 'w') as f:
            f.write(text)
        run(['run', '--verify', '--cache', 'off', '-o', 'out', recipe], tmp)
        claims += text.count('- says:')
        made = os.listdir(os.path.join(tmp, 'out', recipe[:-5]))
        check('figures of ' + files, any(m.endswith('.svg') for m in made), made)
        if number in (0, len(SETS) - 1):
            run(['report', '--cache', 'off', '-o', 'out/r.html', recipe], tmp)
    check('%d claims' % claims, claims >= 5)

    # written into another folder, from another folder
    run(['init', '../corpus/recipe/before.uxd', '-o', 'b/x.yaml'], os.path.join(tmp, 'a'))
    text = open(os.path.join(tmp, 'a', 'b', 'x.yaml')).read()
    check('names as seen from the recipe', '"../../corpus/recipe/before.uxd"' in text, text)
    run(['run', '--verify', '--cache', 'off', '-o', 'out', 'a/b/x.yaml'], tmp)

    # names that collide or are no names; labels that need quotes
    for name in ('1 "a".uxd', "1 'a'.uxd", 'ä: b.uxd'):
        shutil.copy(os.path.join(CORPUS, 'recipe', 'before.uxd'), os.path.join(tmp, name))
    text, err = run(['init', '1 "a".uxd', "1 'a'.uxd", 'ä: b.uxd', '--title', 'a: "b" # c'], tmp)
    with open(os.path.join(tmp, 'odd.yaml'), 'w') as f:
        f.write(text)
    check('three inputs', len(re.findall(r'^  [a-z0-9_]+:\n    file:', text, re.M)) == 3, text)
    run(['run', '--verify', '--cache', 'off', '-o', 'out', 'odd.yaml'], tmp)

    # refusals
    with open(os.path.join(tmp, 'none.bin'), 'wb') as f:
        f.write(bytes(range(256)))
    for args, status in ((['init'], 2), (['init', 'none.bin'], 3), (['init', 'missing.xy'], 5), (['init', '-'], 2)):
        out, err = run(args, tmp, status)
        check('nothing is printed', out == '')
print('%d sets, %d claims, %d wrong' % (len(SETS), claims, failed))
sys.exit(failed > 0)
