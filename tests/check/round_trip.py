#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `assay convert` writes, read again by `assay read`: every exporter, each with what it is for.

Numbers must be the same doubles, units and names of columns the same, and what a format has a place for (the keys
of the row) must come back. A format that loses more by its nature says so in its row: `keeps` names the columns,
`digits` its fixed number of digits, `units` False where it has units of its own, `by` what the reader must be told (one
x and many columns may be anybody's table). The last check is that no
exporter was forgotten: those that are write-only by their nature stand in WRITE_ONLY, with the reason."""
import json, math, os, re, subprocess, sys, tempfile
from lib.checked import check, finish

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')
PRISTINE = os.path.join(SOURCE, 'datasets', 'chang2022', 'xrd', 'pristine.xrdml')


def run(*words, stdin=None):
    p = subprocess.run([ASSAY, *words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return p.returncode, p.stdout, p.stderr.decode()


def value_of(text):
    return float('nan') if text in ('nan', '""') else float(text)


class Stream:
    """columns: name -> (unit, type); series: [(metadata, {name: cells})]"""
    def __init__(self, data):
        self.columns, self.series, common = {}, [], {}
        names = None
        for line in data.decode().splitlines():
            if line.startswith('# - {name: '):
                name = re.match(r'# - \{name: ([^,}]+)', line)[1].strip('"')
                unit = re.search(r', unit: "?([^",}]+)', line)
                self.columns[name] = (unit[1] if unit else '1', 'string' in line)
            elif line.startswith('#   common:'):
                common = line
            elif line.startswith('#> '):
                meta = json.loads(line[3:])
                self.series.append((meta, {n: [] for n in self.columns}))
            elif line.startswith('#') or not line.strip():
                continue
            elif names is None:
                names = line.split(' ')
            else:
                for name, cell in zip(names, line.split(' ')):
                    self.series[-1][1][name].append(cell)
        self.common = common or ''

    def says(self, i, key):
        """How the key is written, of series i."""
        own = self.series[i][0].get(key)
        if own is not None:
            return own['value'] if isinstance(own, dict) else own
        m = re.search(r'[{ ]%s: (\{value: ([^,}]+)|"((?:[^"\\]|\\.)*)"|[^,}]+)' % re.escape(key), self.common)
        return None if not m else (float(m[2]) if m[2] else m[3] if m[3] is not None else m[1])


def near(a, b, digits):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b if digits is None else math.isclose(a, b, rel_tol=0.6 * 10.0**(1 - digits), abs_tol=1e-12)


def same(what, before, after, keeps=None, digits=None, units=True, keys=(), renamed={}):
    names = [n for n in before.columns if n != 'series' and (keeps is None or n in keeps)]
    check(len(before.series) == len(after.series), '%s: %d series of %d' % (what, len(after.series), len(before.series)))
    for n in names:
        new = renamed.get(n, n)
        if new not in after.columns:
            check(False, '%s: column %s is gone (there are %s)' % (what, n, ', '.join(after.columns)))
            continue
        unit, text = before.columns[n]
        if units and not text:
            check(after.columns[new][0] == unit, '%s: %s in %s, was in %s' % (what, n, after.columns[new][0], unit))
        for i, (a, b) in enumerate(zip(before.series, after.series)):
            x, y = a[1][n], b[1][new]
            if not units and not text:
                x = [repr(value_of(v) * IN[unit]) for v in x]
                y = [repr(value_of(v) * IN[after.columns[new][0]]) for v in y]
            good = len(x) == len(y) and (x == y if text else all(
                near(value_of(p), value_of(q), digits) for p, q in zip(x, y)))
            first = next((k for k, (p, q) in enumerate(zip(x, y)) if p != q), None)
            check(good, '%s: %s of series %d differs (%d rows, %d before; row %s: %s, was %s)' % (
                what, n, i, len(y), len(x), first, y[first] if first is not None else '', x[first] if first is not None else ''))
    for key in keys:
        for i in range(min(len(before.series), len(after.series))):
            a, b = before.says(i, key), after.says(i, key)
            check(a is not None and (a == b or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-9))),
                  '%s: %s of series %d is %r, was %r' % (what, key, i, b, a))


def corpus(*words):
    return os.path.join(CORPUS, *words)


FIT = ['fit', '--model', 'gaussian(p) center=5.8 + linear', '--region', '5.2:6.4', corpus('recipe', 'before.uxd')]
# cyclers' formats have units of their own
IN = {'s': 1, 'min': 60, 'h': 3600, 'V': 1, 'mA': 1, 'A': 1000, 'mAh': 1, 'Ah': 1000, '1': 1}
READINGS = dict(keeps=['time', 'potential', 'current', 'cycle', 'step', 'capacity'], digits=7, units=False)
# exporter, its options, what makes the stream, and what its nature keeps
ROWS = [
    ('csv', [], ['read', corpus('stream', 'two.ecsv')], {}),
    ('csv', [], ['read', PRISTINE], {}),
    ('csv', [], FIT, {}),
    ('csv', ['--units'], ['read', corpus('thermal', 'rate-5.ecsv')], {}),
    ('csv', ['--decimal', 'comma'], ['read', corpus('stream', 'two.ecsv')], {}),
    ('csv', ['--wide'], ['read', corpus('xps', 'regions.vms')], dict(keeps=['binding_energy', 'kinetic_energy', 'intensity'])),
    ('csv', ['--wide', '--units'], ['read', PRISTINE], dict(keeps=['two_theta', 'intensity'], by=['--format', 'assay-csv'])),
    ('csv', [], ['cat', corpus('recipe', 'before.uxd'), corpus('recipe', 'before.uxd')], {}),
    ('csv', [], ['read', corpus('sorption', 'sample.aif')], {}),
    ('csv', ['--no-units'], ['read', corpus('sorption', 'sample.aif')], {}),
    ('csv', [], ['read', corpus('echem', 'peis.mpt')], {}),
    ('tsv', [], ['read', corpus('stream', 'two.ecsv')], {}),
    ('tsv', ['--wide'], ['read', PRISTINE], dict(keeps=['two_theta', 'intensity'], by=['--format', 'assay-csv'])),
    ('nexus', [], ['read', corpus('stream', 'two.ecsv')], dict(keys=['sample_mass'])),
    ('nexus', [], ['read', PRISTINE], dict(keys=['wavelength', 'sample', 'anode', 'step_time', 'simulated'])),
    ('nexus', [], FIT, dict(keys=['results', 'covariance'])),
    ('nexus', [], ['read', corpus('xps', 'regions.vms')], dict(keys=['region', 'pass_energy'])),
    ('nexus', [], ['read', corpus('sorption', 'sample.aif')], {}),
    ('ecsv-meta', [], ['read', corpus('stream', 'two.ecsv')], {}),
    ('ecsv-meta', [], FIT, {}),
    ('xy', [], ['read', corpus('xrd', 'small.xy')], {}),
    ('xy', [], ['read', corpus('stream', 'two.ecsv')], dict(keeps=['temperature', 'mass'])),
    ('xye', [], ['read', PRISTINE], {}),
    ('xrdml', [], ['read', PRISTINE], dict(keys=['wavelength', 'anode', 'step_time'])),
    ('ras', [], ['read', PRISTINE], dict(keys=['sample'])),
    ('jcamp', [], ['read', corpus('ftir', 'affn.jdx')], {}),
    ('jcamp', ['--form', 'difdup'], ['read', corpus('ftir', 'difdup.jdx')], {}),
    ('jcamp', [], ['read', PRISTINE], dict(keys=['wavelength'], digits=15)),  # x is counted from FIRSTX and LASTX
    ('jcamp', [], ['read', corpus('sorption', 'sample.aif')], dict(keeps=['pressure', 'uptake'])),
    ('jcamp', [], ['read', corpus('xps', 'multipak.csv')], dict(keeps=['binding_energy', 'intensity'], digits=15)),
    ('jcamp', [], ['read', corpus('echem', 'peis.mpt')], dict(keeps=['z_real', 'z_imag'], digits=15)),
    ('vamas', [], ['read', corpus('xps', 'regions.vms')], dict(keys=['pass_energy', 'region', 'sample'])),
    ('jasco', [], ['read', corpus('raman', 'jasco.csv')], {}),
    ('aif', [], ['read', corpus('sorption', 'sample.aif')], {}),
    ('netzsch', [], ['read', corpus('thermal', 'rate-5.ecsv')], {}),
    ('ta-ua', [], ['read', corpus('thermal', 'rate-5.ecsv')], {}),
    ('neware', [], ['read', corpus('echem', 'landt.csv')], READINGS),
    ('maccor', [], ['read', corpus('echem', 'maccor.txt')], READINGS),
    ('cycle-csv', [], ['read', corpus('echem', 'cycles.csv')], {}),
    ('biologic-mpt', [], ['read', corpus('echem', 'cv.mpt')], dict(keeps=['potential', 'current', 'time', 'cycle'])),
    ('biologic-mpt', [], ['read', corpus('echem', 'peis.mpt')], dict(keeps=['z_real', 'z_imag', 'frequency', 'time'])),
    ('nova-txt', [], ['read', corpus('echem', 'nova.txt')], dict(keeps=['potential', 'current', 'time'])),
]

WRITE_ONLY = {
    'latex': 'a table to be set: values and uncertainties are rounded together, units are typeset',
    'markdown': 'a table to be read: the same',
}


def main():
    code, listed, _ = run('list', '--kind', 'exporter')
    rows = [line.split('\t')[0].split()[2] if '\t' not in line else line.split('\t')[2] for line in listed.decode().splitlines()]
    with tempfile.TemporaryDirectory() as tmp:
        for name, options, source, how in ROWS:
            what = 'convert --to %s %s of %s' % (name, ' '.join(options), os.path.basename(source[-1]))
            code, stream, err = run(*source)
            check(code == 0, '%s: the source is not read: %s' % (what, err))
            path = os.path.join(tmp, 'a.' + name)
            code, _, err = run('convert', '--to', name, *options, '-o', path, stdin=stream)
            if 'built without HDF5' in err:
                print('left out: ' + what)
                continue
            check(code == 0, '%s: exit %d %s' % (what, code, err))
            if code:
                continue
            code, again, err = run('read', *how.pop('by', []), path)
            check(code == 0, '%s is not read again: %s' % (what, err))
            if code == 0:
                same(what, Stream(stream), Stream(again), **how)
    missing = set(rows) - {r[0] for r in ROWS} - set(WRITE_ONLY)
    check(len(rows) >= 19 and not missing, 'exporters without a row: %s' % sorted(missing))
    sys.exit(finish())


main()
