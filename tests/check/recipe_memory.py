#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe that reads a large stream holds a few of its spectra, and a run of which all is in the cache none; the cache knows a stream by
its bytes and by what is set, and the answers are those of the shell."""
import os, subprocess, sys, tempfile

ASSAY = os.environ['ASSAY']
ENV = {**os.environ, 'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'}
ROWS = 3000
RECIPE = '''recipe: 1
inputs: {map: {file: %s, set: {sample_mass: %s mg}}}
steps: {tops: {from: map, pipe: "crop --x 10:5000 | peak-area --window 700:1500 --item top"}}
figures: {f: {from: tops, pipe: plot-map --result top.area, formats: [svg]}}
tables: {t: {from: tops, pipe: results, formats: [ecsv]}}
'''


def check(what, good):
    print('%s: %s' % (what, 'good' if good else 'WRONG'))
    if not good:
        sys.exit(1)


def write(path, n, top):
    with open(path, 'w') as f:
        f.write('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n'
                '# - {name: raman_shift, unit: cm-1, datatype: float64, meta: {role: x}}\n'
                '# - {name: intensity, unit: count, datatype: float64, meta: {role: y}}\n'
                '# meta:\n#   assay: {stream: 1, kind: data, technique: raman}\n# schema: assay-stream-1\nseries raman_shift intensity\n')
        for k in range(n):
            f.write('#> {"series": %d, "name": "map.%d", "x": {"value": %d, "unit": "um"}, "y": {"value": %d, "unit": "um"}}\n' % (
                k, k, k % 10, k // 10))
            f.write(''.join('%d %d %g\n' % (k, i, top / (1 + ((i - 900 - k) / 20) ** 2) + (i * 7 % 5)) for i in range(ROWS)))
        f.write('#. {"series": %d}\n' % n)


def run(*words):
    """stderr and MiB at most."""
    with tempfile.TemporaryFile() as said:
        p = subprocess.Popen([ASSAY, *words], stdout=subprocess.DEVNULL, stderr=said, env=ENV)
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
    if p.returncode:
        sys.exit('%s: exit %d: %s' % (words, p.returncode, text))
    return text, used.ru_maxrss / 1024


with tempfile.TemporaryDirectory() as tmp:
    at = lambda name: os.path.join(tmp, name)

    def make(n, *more, mass=3, top=1000, file='map.ecsv'):
        write(at(file), n, top)
        with open(at('map.yaml'), 'w') as f:
            f.write(RECIPE % (file, mass))
        return run('run', '-j', '1', '-o', at('out'), *more, at('map.yaml'))

    def table():
        with open(at('out/map/t.ecsv')) as f:
            return f.read()

    few, many = (make(n, '--cache', 'off')[1] for n in (20, 400))
    check('20 spectra in %.0f MiB, 400 of together %.0f MiB in %.0f' % (few, 380 * ROWS * 16 / 2 ** 20, many), many - few < 8)
    rows = lambda text: [l for l in text.splitlines() if l[:1] != '#']
    chain = "'%s' set 'sample_mass=3 mg' '%s' | '%s' crop --x 10:5000 | '%s' peak-area --window 700:1500 --item top | '%s' results" % (
        ASSAY, at('map.ecsv'), ASSAY, ASSAY, ASSAY)
    check('the rows of the shell', rows(table()) == rows(subprocess.run(chain, shell=True, stdout=subprocess.PIPE, check=True).stdout.decode()))

    cold, _ = make(40, '--cache', at('cache'))
    first = table()
    check('cold', '1 step run' in cold)
    again, _ = make(40, '--cache', at('cache'))
    check('the same bytes again: %s' % again, '0 files written, 2 unchanged' in again and ' 1 step run' not in again and table() == first)
    os.remove(at('out/map/t.ecsv'))
    check('from the cache', '0 steps run, 1 from the cache' in make(40, '--cache', at('cache'))[0] and table() == first)
    check('another setting', '1 step run' in make(40, '--cache', at('cache'), mass=4)[0])
    check('another name', '1 step run' in make(40, '--cache', at('cache'), file='other.ecsv')[0])
    check('another content', '1 step run' in make(40, '--cache', at('cache'), top=2000)[0] and rows(table()) != rows(first))
    check('and the first', '0 steps run, 1 from the cache' in make(40, '--cache', at('cache'))[0] and table() == first)

    # what is wrong with a stream is said as of any other input, and nothing is kept of it
    whole = open(at('map.ecsv')).read()
    with open(at('map.ecsv'), 'w') as f:
        f.write(whole[:len(whole) // 2])
    p = subprocess.run([ASSAY, 'run', '-o', at('cut'), '--cache', at('cut-cache'), at('map.yaml')], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = p.stderr.decode()
    check('a cut stream: %s' % said.splitlines()[0], p.returncode == 3 and "reading the input 'map'" in said and
          not os.path.exists(at('cut/map/t.ecsv')) and not [f for _, _, fs in os.walk(at('cut-cache')) for f in fs if f.endswith('.ecsv')])
