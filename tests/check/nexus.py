#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""convert --to nexus, read back by h5py: every number, unit and word of the stream is there, by the rules of NXdata;
the bytes depend on the stream only."""
import hashlib, json, os, subprocess, sys, tempfile, time
from lib.checked import check, finish

try:
    import h5py
    import numpy as np
except ImportError:
    print('skipped: no Python module h5py here')
    sys.exit(77)
ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')


def assay(*words, stdin=None, code=0):
    p = subprocess.run([ASSAY] + list(words), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if b'built without HDF5' in p.stderr:
        print('skipped: ' + p.stderr.decode().strip())
        sys.exit(77)
    check(p.returncode == code, 'assay %s: exit %d\n%s' % (' '.join(words), p.returncode, p.stderr.decode()))
    return p.stdout


def text(d):
    return d[()].decode() if isinstance(d[()], bytes) else d[()]


def nexus(stream, path):
    assay('convert', '--to', 'nexus', '-o', path, stdin=stream)
    return h5py.File(path, 'r')


def rows_of(stream):
    """name of each column: values of all rows, nan as nan"""
    lines = [l for l in stream.decode().splitlines() if not l.startswith('#')]
    return {n: v for n, v in zip(lines[0].split(), zip(*[l.split() for l in lines[1:]]))}


def check_rules(f):
    """NXdata: signal and axes are there, one-dimensional and of one length; names are NeXus names."""
    import re
    check(f.attrs['NX_class'] == 'NXroot' and f.attrs['default'] in f, 'root')

    def visit(name, o):
        check(re.fullmatch(r'[a-zA-Z_][\w.]*', name.split('/')[-1]), 'a name that NeXus does not allow: ' + name)
        if isinstance(o, h5py.Group):
            check(o.attrs.get('NX_class', '').startswith('NX'), name + ' has no class')
        if o.attrs.get('NX_class') == 'NXdata':
            x, y = o[o.attrs['axes'][0]], o[o.attrs['signal']]
            check(x.shape == y.shape and o.attrs[o.attrs['axes'][0] + '_indices'] == 0, name)
            for a in o.attrs.get('auxiliary_signals', []):
                check(o[a].shape == y.shape, '%s: %s' % (name, a))
    f.visititems(visit)


with tempfile.TemporaryDirectory() as tmp:
    path = os.path.join(tmp, 'a.nxs')
    # columns, units, roles, standard deviations
    stream = assay('read', os.path.join(SOURCE, 'datasets', 'chang2022', 'xrd', 'pristine.xrdml'))
    f = nexus(stream, path)
    check_rules(f)
    rows, data = rows_of(stream), f['pristine/data']
    for name in ('two_theta', 'intensity', 'sigma'):
        stored = data['intensity_errors' if name == 'sigma' else name][()]
        check(np.array_equal(stored, np.array(rows[name], float)), 'column %s is not exact' % name)
    check(data['two_theta'].attrs['units'] == 'deg' and data['intensity'].attrs['units'] == 'count', 'units')
    meta = f['pristine/metadata']
    check(meta['wavelength'][()] == 1.5406 and meta['wavelength'].attrs['units'] == 'Angstrom', 'a quantity')
    check(text(meta['simulated']).startswith('assay simulate-xrd'), 'simulated data do not say so')
    check(text(f['pristine/process_1/operation']) == 'read' and f['pristine/process_1/sequence_index'][()] == 1, 'history')
    f.close()
    # the same bytes, at another time and from a file instead of a pipe
    first = hashlib.sha256(open(path, 'rb').read()).hexdigest()
    time.sleep(1.1)
    write = os.path.join(tmp, 's.ecsv')
    open(write, 'wb').write(stream)
    assay('convert', '--to', 'nexus', write, '-o', os.path.join(tmp, 'b.nxs'))
    check(first == hashlib.sha256(open(os.path.join(tmp, 'b.nxs'), 'rb').read()).hexdigest(), 'the bytes depend on time')
    # results with covariance, components
    recipe = os.path.join(CORPUS, 'recipe', 'before.uxd')
    peaks = assay('fit', '--model', 'gaussian(p) center=5.8 + linear', '--region', '5.2:6.4', recipe)
    f = nexus(peaks, path)
    check_rules(f)
    results = f['before/results']
    n = len(results['value'])
    check(n > 3 and all(len(results[k]) == n for k in ('item', 'quantity', 'unit', 'bound', 'flag', 'method', 'value_errors')), 'results')
    line = next(l for l in peaks.decode().splitlines() if l.startswith('#> '))
    stated = json.loads(line[3:])['results']
    check([s['value'] for s in stated if s['value'] is not None] == [v for v in results['value'][()] if not np.isnan(v)],
          'values of results')
    cov, u = results['covariance'][()], results['value_errors'][()]
    good = ~np.isnan(u)
    check(np.allclose(np.diag(cov)[good], u[good]**2, rtol=1e-12) and np.array_equal(cov, cov.T, equal_nan=True), 'covariance')
    check(len(f['before/data'].attrs['auxiliary_signals']) >= 2, 'model and components are no signals')
    f.close()
    # several series, of one name, with a label beyond ASCII; a name that begins with a digit; a text column
    two = assay('cat', recipe, recipe)
    f = nexus(two, path)
    check_rules(f)
    check(sorted(f) == ['before_0', 'before_1'], 'series of one name: %s' % sorted(f))
    f.close()
    odd = assay('set', os.path.join(CORPUS, 'xrd', 'small.xy'), 'name=1 µ/2', 'label=Probe µ', 'a/b=1mg~0.1mg')
    f = nexus(odd, path)
    check_rules(f)
    entry = f[f.attrs['default']]
    check(text(entry['title']) == 'Probe µ' and entry['metadata/a_b'].attrs['uncertainty'] == 0.1, 'odd names')
    f.close()
    f = nexus(assay('results', stdin=peaks), path)  # rows of results: text columns
    check(b'p' in list(f['before/data/item'][()]), 'a text column')
    f.close()
sys.exit(finish())
