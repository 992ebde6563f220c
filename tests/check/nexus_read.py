#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""NeXus files made by h5py as others make them: attributes of today, marks of older files, chains of defaults, several
dimensions, edges of bins, errors, scaling, links; and what must be refused: cut, damaged, empty, data in other files."""
import os, random, subprocess, sys, tempfile
from lib.checked import check, finish

try:
    import h5py
    import numpy as np
except ImportError:
    print('skipped: no Python module h5py here')
    sys.exit(77)
ASSAY = os.environ['ASSAY']
# libhdf5 keeps memory of files that it refuses
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0:max_allocation_size_mb=2000'
X, Y = np.linspace(10, 80, 71), np.arange(71)**2 % 97 + 3.0


def run(*words):
    p = subprocess.run([ASSAY] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if b'built without HDF5' in p.stderr:
        print('skipped: ' + p.stderr.decode().strip())
        sys.exit(77)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def group(parent, name, kind, **attrs):
    g = parent.create_group(name)
    g.attrs['NX_class'] = kind
    for k, v in attrs.items():
        g.attrs[k] = v
    return g


def field(parent, name, v, **attrs):
    d = parent.create_dataset(name, data=v)
    for k, v in attrs.items():
        d.attrs[k] = v
    return d


class Read:
    """What `read` says of the file that `make` fills."""
    def __init__(self, make, *words, code=0, track=False):
        with tempfile.TemporaryDirectory() as tmp:
            self.path = os.path.join(tmp, 'a.nxs')
            with h5py.File(self.path, 'w', track_order=track) as f:
                make(f)
            got, self.out, self.err = run('read', *words, self.path)
        check(got == code, '%s: exit %d, expected %d\n%s' % (make.__name__, got, code, self.err))
        lines = self.out.splitlines()
        self.head = [l for l in lines if l.startswith('# ')]
        self.series = [l for l in lines if l.startswith('#> ')]
        rows = [l.split() for l in lines if not l.startswith('#')]
        self.names = rows[0] if rows else []
        self.rows = np.array([[float(c) if c[0] in '-+.0123456789ni' else np.nan for c in r] for r in rows[1:]])

    def column(self, name):
        return self.rows[:, self.names.index(name)] if name in self.names else None

    def has(self, text):
        return any(text in l for l in self.head + self.series)


def modern(f):
    f.attrs['default'] = 'scan'
    e = group(f, 'scan', 'NXentry', default='plot')
    field(e, 'title', 'a powder')
    field(e, 'definition', 'NXmonopd')
    field(e, 'start_time', '2024-05-01T12:00:00+02:00')
    field(e, 'run', 17)
    group(e, 'sample', 'NXsample')['name'] = 'LaB6'
    i = group(e, 'instrument', 'NXinstrument')
    i['name'] = 'D2B'
    field(group(i, 'crystal', 'NXcrystal'), 'wavelength', 1.594, units='angstrom')
    d = group(e, 'plot', 'NXdata', signal='counts', axes=['polar_angle'], polar_angle_indices=0)
    field(d, 'counts', Y.astype('u2'), units='counts')
    field(d, 'counts_errors', np.sqrt(Y))
    field(d, 'polar_angle', X.astype('f4'), units='degree')
    field(d, 'monitor', Y * 3, units='counts')
    other = group(e, 'beside', 'NXdata', signal='y')
    field(other, 'y', Y[:5])


def older(f):
    e = group(f, 'entry1', 'NXentry')
    d = group(e, 'data1', 'NXdata')
    field(d, 'tth', X, axis=1, primary=1, units='degrees', long_name='2theta')
    field(d, 'counts', Y, signal=1, units='counts')
    field(d, 'errors', np.sqrt(Y))


def oldest(f):  # the signal names its axes, all marks are texts
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata')
    field(d, 'I', Y, signal='1', axes='[tth]', units='counts/s')
    field(d, 'tth', X, units='deg', long_name='two_theta')


def chain(f):  # default leads through a group that is no NXdata; the data are a link
    f.attrs['default'] = 'e'
    e = group(f, 'e', 'NXentry', default='process')
    p = group(e, 'process', 'NXprocess', default='result')
    det = group(group(e, 'instrument', 'NXinstrument'), 'det', 'NXdetector')
    field(det, 'data', Y, units='counts')
    d = group(p, 'result', 'NXdata', signal='data', axes='energy')
    d['data'] = h5py.SoftLink('/e/instrument/det/data')
    field(d, 'energy', X * 10, units='eV')


def stack(f):  # three spectra, one for each temperature; packed, big-endian, scaled
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='z', axes=['temperature', 'raman_shift'])
    v = np.stack([Y, 2 * Y, 3 * Y])
    d.create_dataset('z', data=v.astype('>i4'), chunks=(1, 20), compression='gzip', shuffle=True)
    field(d, 'z_errors', np.sqrt(v))
    field(d, 'temperature', [300., 350, 400], units='K')
    field(d, 'raman_shift', X * 20, units='1/cm')
    field(d, 'scaling_factor', 0.5)
    field(d, 'offset', 1.0)


def bins(f):
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='n', axes=['time_of_flight'])
    field(d, 'n', Y, units='counts')
    field(d, 'time_of_flight', np.append(X, 81.) - 0.5, units='us')


def bare(f):  # no entry, no axis, fixed texts
    d = group(f, 'data', 'NXdata')
    d.attrs['signal'] = np.bytes_('n')
    field(d, 'n', Y)
    field(d, 'place', np.array([b'p%02d   ' % i for i in range(71)]))


def two(f):
    for name, k in (('zeta', 1), ('alpha', 2)):
        d = group(group(f, name, 'NXentry'), 'data', 'NXdata', signal='y', axes='two_theta')
        field(d, 'y', Y * k, units='counts')
        field(d, 'two_theta', X, units='deg')


def good():
    r = Read(modern)
    check(len(r.series) == 1 and r.names[1:4] == ['two_theta', 'intensity', 'sigma'], 'columns: %s' % r.names)
    check(np.array_equal(r.column('two_theta'), X.astype('f4').astype(float)) and np.array_equal(r.column('intensity'), Y)
          and np.array_equal(r.column('sigma'), np.sqrt(Y)) and np.array_equal(r.column('monitor'), 3 * Y), 'numbers')
    for text in ('technique: xrd', 'a powder', 'sample: LaB6', 'instrument: D2B', 'wavelength: {value: 1.594, unit: Angstrom}',
                 '2024-05-01T12:00:00+02:00', 'vendor.run', 'name: two_theta, unit: deg', 'name: intensity, unit: count'):
        check(r.has(text), 'not said: ' + text)
    for make in (older, oldest):
        r = Read(make)
        check(r.names[1:3] == ['two_theta', 'intensity'] and np.array_equal(r.column('intensity'), Y)
              and np.array_equal(r.column('two_theta'), X), '%s: %s' % (make.__name__, r.names))
    check(Read(older).column('sigma') is not None, 'errors of older files')
    check(r.has('name: intensity, unit: count/s'), 'a rate')
    r = Read(chain)
    check(np.array_equal(r.rows[:, 1], X * 10) and np.array_equal(r.column('intensity'), Y), 'a chain of defaults')
    r = Read(stack)
    check(len(r.series) == 3 and np.array_equal(r.rows[:, 2], np.concatenate([Y, 2 * Y, 3 * Y]) * 0.5 + 1)
          and all('"temperature": {"value": %d, "unit": "K"}' % t in s for t, s in zip((350, 400), r.series[1:]))
          and r.has('temperature: {value: 300, unit: K}'), 'a stack: %s' % r.series)
    check(r.names[1] == 'raman_shift' and r.has('technique: raman'), 'technique of a stack')
    r = Read(bins)
    check(np.allclose(r.rows[:, 1], X) and 'edges of bins' in r.err, 'edges of bins')
    r = Read(bare)
    check(r.names[1] == 'index' and np.array_equal(r.rows[:, 1], np.arange(71)) and '0 3 12 p03' in r.out, 'no axis')
    check('"zeta"' not in Read(two).series[0] and Read(two).rows[0][2] == 6, 'entries by name')
    check(Read(two, track=True).rows[0][2] == 3, 'entries in the order they were made')


def no_signal(f):
    field(group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='gone'), 'y', Y)


def no_data(f):
    group(f, 'entry', 'NXentry')


def plain_hdf(f):
    f['numbers'] = Y


def text_signal(f):
    field(group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y'), 'y', ['a', 'b'])


def wrong_axis(f):
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y', axes='x')
    field(d, 'y', Y)
    field(d, 'x', X[:-1])


def wrong_errors(f):
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y')
    field(d, 'y', Y)
    field(d, 'y_errors', Y[:-1])


def empty(f):
    field(group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y'), 'y', Y[:0])


def deep(f):
    field(group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y'), 'y', np.zeros((2, 2, 2, 2, 2)))


def circle(f):  # default points back, a group holds itself
    e = group(f, 'entry', 'NXentry', default='loop')
    e['loop'] = e
    f.attrs['default'] = 'entry'


def huge(f):  # 8 TB that no byte of the file stands for
    group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y').create_dataset('y', shape=(10**12,), dtype='f8', chunks=(1000,))


def elsewhere(f):
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y')
    d['y'] = h5py.ExternalLink('/etc/hostname', '/y')


def outside(f):  # raw bytes of another file
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y')
    d.create_dataset('y', shape=(4,), dtype='u1', external=[('/etc/passwd', 0, 4)])


def virtual(f):
    d = group(group(f, 'entry', 'NXentry'), 'data', 'NXdata', signal='y')
    layout = h5py.VirtualLayout(shape=(4,), dtype='f8')
    layout[:] = h5py.VirtualSource('/tmp/other.h5', 'y', shape=(4,))
    d.create_virtual_dataset('y', layout)


def bad():
    for make, words in ((no_signal, 'no signal'), (no_data, 'no NXdata'), (plain_hdf, 'no NXdata'), (text_signal, 'expected numbers'),
                        (wrong_axis, "axis '"), (wrong_errors, 'shape'), (empty, 'no values'), (deep, '5 dimensions'),
                        (circle, 'no NXdata'), (elsewhere, 'no signal'), (outside, 'other files'), (virtual, 'other files')):
        r = Read(make, code=3)
        check(words in r.err and not r.out, '%s: %s' % (make.__name__, r.err))
    r = Read(huge, code=5)
    check('limit' in r.err, 'huge: ' + r.err)


def damaged(tmp):
    """Cut or with bytes changed: read or refused, never more."""
    path = os.path.join(tmp, 'a.nxs')
    with h5py.File(path, 'w') as f:
        modern(f)
    data, rng = open(path, 'rb').read(), random.Random(2022)
    for i in range(60):
        bad = bytearray(data)
        if i % 3 == 0:
            bad = bad[:rng.randrange(9, len(bad))]
        else:
            for _ in range(1 + i % 4):
                bad[rng.randrange(8, len(bad))] = rng.randrange(256)
        open(path, 'wb').write(bad)
        code, out, err = run('read', path)
        check(code in (0, 3, 5) and 'Sanitizer' not in err and (code == 0 or not out), 'damaged %d: exit %d %s' % (i, code, err[:400]))
        if i % 3 == 0:
            check(code == 3, 'cut at %d: exit %d' % (len(bad), code))


good()
bad()
with tempfile.TemporaryDirectory() as tmp:
    damaged(tmp)
sys.exit(finish())
