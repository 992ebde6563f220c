#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One measurement in several formats must be the same numbers: Netzsch NGB against the maker's own CSV of the run
(mass in percent with the correction taken off, temperature, time, gas flows, half a unit of the last digit), and one
impedance spectrum as Autolab DFR, CSV with decimal commas, Ivium IDF and PalmSens session."""
import os, subprocess, sys

ASSAY = os.environ['ASSAY']
CORPUS = os.path.join(os.environ.get('ASSAY_SHARED', ''), 'corpus')
# column of the first: (of the second; 0: f or frequency, largest difference, and that relative to the value)
THERMAL = {'mass_fraction': ('mass_fraction', 5.1e-6, 0), 'temperature': ('temperature', 5.1e-6, 0),
           'time': ('time', 5.1e-6, 0), 'gas_flow_purge2': ('gas_flow_purge2', 5.1e-6, 0),
           'gas_flow_protective': ('gas_flow_protective', 5.1e-6, 0)}


def impedance(f, real, imag, relative):
    return {'frequency': (f, 0, relative), 'z_real': (real, 0, relative), 'z_imag': (imag, 0, relative)}


PAIRS = [
    ('thermal/netzsch-ngb/BM_80CASH01_20CH.ngb-ds3', 'thermal/netzsch-txt/80CASH01_20CH.csv', THERMAL),
    ('thermal/netzsch-ngb/Portlandit_roh.ngb-ds3', 'thermal/netzsch-txt/Ca_OH_2_roh.csv', THERMAL),
    ('echem/autolab-dfr/data.dfr', 'echem/csv-eis/data-comma-decimal-separator.csv',
     impedance(0, 'z_real', 'z_imag', 1e-12)),
    ('echem/autolab-dfr/data.dfr', 'echem/ivium-idf/data.idf', impedance('frequency', 'z_real', 'z_imag', 1e-5)),
    ('echem/autolab-dfr/data.dfr', 'echem/pssession/data.pssession', impedance('frequency', 'z_real', 'z_imag', 1e-12)),
]


def read(path):
    p = subprocess.run([ASSAY, 'read', os.path.join(CORPUS, path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = [line for line in p.stdout.decode().splitlines() if not line.startswith('#')]
    if p.returncode or not lines:
        sys.exit('%s: exit %d %s' % (path, p.returncode, p.stderr.decode()[:300]))
    names = lines[0].split(' ')
    rows = [[float(v) for v in line.split(' ')] for line in lines[1:]]
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def compare(first, second, columns):
    a, b = read(first), read(second)
    bad = []
    for name, (other, absolute, relative) in columns.items():
        if other == 0:  # the generic reader calls a column "f" by that name
            other = 'frequency' if 'frequency' in b else 'f'
        if name not in a or other not in b:
            bad.append('%s or %s is missing' % (name, other))
        elif len(a[name]) != len(b[other]):
            bad.append('%s: %d values and %d' % (name, len(a[name]), len(b[other])))
        elif not all(abs(x - y) <= absolute + relative * abs(y) for x, y in zip(a[name], b[other])):
            bad.append('%s differs by up to %g' % (name, max(abs(x - y) for x, y in zip(a[name], b[other]))))
    return bad


def main():
    if not os.path.isdir(CORPUS):
        print('skipped: no corpus at ' + CORPUS)
        return 77
    failed = 0
    for first, second, columns in PAIRS:
        for text in compare(first, second, columns):
            failed += 1
            print('%s and %s: %s' % (first, second, text))
    print('%d pairs, %d differences' % (len(PAIRS), failed))
    return 1 if failed else 0


sys.exit(main())
