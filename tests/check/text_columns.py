#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A column that holds text where numbers would count is as good as none: what comes out is what comes out without it, or a refusal;
never numbers made of it. And data sheets that say nonsense beside the numbers are refused."""
import math, os, subprocess, sys, tempfile
from lib import checked

ASSAY = os.environ['ASSAY']


def stream(columns, rows, meta, technique):
    return ('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: series, datatype: int32}\n' +
            ''.join('# - {name: %s, %sdatatype: %s, meta: {role: %s}}\n' % (n, 'unit: %s, ' % u if u else '', t, r) for n, u, t, r in columns) +
            '# meta:\n#   assay: {stream: 1, kind: data, technique: %s}\n# schema: assay-stream-1\nseries %s\n#> {"series": 0, "name": "a"%s}\n' % (
                technique, ' '.join(c[0] for c in columns), meta) +
            ''.join('0 %s\n' % ' '.join(str(v) for v in row) for row in rows) + '#. {"series": 1}\n')


def run(command, text):
    p = subprocess.run("'%s' %s | '%s' results" % (ASSAY, command, ASSAY), shell=True, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = [line.split()[2:] for line in p.stdout.decode().splitlines() if line[:1] != '#'][1:]
    return rows, p.stderr.decode()


# what is measured: columns and numbers, the technique, metadata; what is asked; a column of numbers that tells more
HEAT = lambda i: 1 + 0.01 * i + 5 * math.exp(-((i - 150) / 10) ** 2)
DSC = ((('temperature', 'degC', 'float64', 'x'), ('heat_flow', 'mW', 'float64', 'y')), [(50 + i / 2, HEAT(i)) for i in range(300)], 'thermal',
       ', "sample_mass": {"value": 5, "unit": "mg"}, "heating_rate": {"value": 10, "unit": "K/min"}')
TG = ((('temperature', 'degC', 'float64', 'x'), ('mass', 'mg', 'float64', 'y')), [(50 + i, 10 - 4 / (1 + math.exp((150 - i) / 8))) for i in range(300)],
      'thermal', ', "heating_rate": {"value": 10, "unit": "K/min"}')
ISO = ((('pressure', 'kPa', 'float64', 'x'), ('uptake', 'mmol/g', 'float64', 'y')), [(2 + 3 * i, 0.08 * (2 + 3 * i) / (1 + 0.02 * (2 + 3 * i))) for i in range(25)],
       'sorption', ', "adsorbate": "N2", "temperature": {"value": 77.3, "unit": "K"}, "saturation_pressure": {"value": 101.3, "unit": "kPa"}')
LSV = ((('potential', 'V', 'float64', 'x'), ('current', 'mA', 'float64', 'y')), [(3 + i / 100, 0.001 + 1e-3 * math.exp((i - 180) / 8)) for i in range(200)],
       'echem', ', "electrode_area": {"value": 1.5, "unit": "cm2"}')
CASES = [
    (DSC, 'dsc-peak --range 90:160', 'time', 'min'), (DSC, 'dsc-peak --range 90:160', 'specific_heat_flow', 'W/g'),
    (DSC, 'dsc-peak --range 90:160', 'dsc', 'W/g'), (DSC, 'glass-transition --below 60:90 --above 170:190', 'time', 'min'),
    (TG, 'thermal-steps', 'time', 'min'), (TG, 'thermal-steps', 'mass_fraction', '%'),
    (ISO, 'bet --window 0.05:0.3', 'relative_pressure', ''), (ISO, 'bet --window 0.05:0.3', 'saturation_pressure', 'kPa'),
    (ISO, 'isotherm-fit --model langmuir', 'relative_pressure', ''), (ISO, 't-plot --select window --window 0.35:0.5nm', 'saturation_pressure', 'kPa'),
    (LSV, 'lsv-window', 'current_density', 'mA/cm2'), (LSV, 'lsv-window', 'time', 's'),
]


def is_same(a, b):
    return len(a) == len(b) and all(x == y for x, y in zip(a, b))


for (columns, rows, technique, meta), command, name, unit in CASES:
    command = command.replace('| assay', "| '%s'" % ASSAY)
    without, said = run(command, stream(columns, rows, meta, technique))
    checked.check(without and not all(row[3] == 'nan' for row in without), '%s works: %s %s' % (command, without, said))
    words = stream((*columns, (name, '', 'string', 'other')), [(*row, 'w%d' % k) for k, row in enumerate(rows)], meta, technique)
    with_words, said = run(command, words)
    checked.check(is_same(with_words, without) or (not with_words and name in said), '%s with words as %s: %s, not %s; %s' % (command, name, with_words, without, said))

# what is needed
for (columns, rows, technique, meta), command, name in ((DSC, 'dsc-peak --range 90:160', 'heat_flow'), (DSC, 'dsc-peak --range 90:160', 'temperature'),
                                                        (TG, 'thermal-steps', 'mass'), (TG, 'dtg', 'temperature'), (ISO, 'bet --window 0.05:0.3', 'uptake'),
                                                        (ISO, 'bet --window 0.05:0.3', 'pressure'), (LSV, 'lsv-window', 'current'),
                                                        (LSV, 'lsv-window', 'potential')):
    at = [c[0] for c in columns].index(name)
    text = stream([(n, '', 'string', 'other') if k == at else (n, u, t, 'x' if k == 1 - at else r) for k, (n, u, t, r) in enumerate(columns)],
                  [['w%d' % i if k == at else v for k, v in enumerate(row)] for i, row in enumerate(rows)], meta, technique)
    found, said = run(command, text)
    checked.check(all(row[3] == 'nan' for row in found) and ('holds text' in said or 'no column' in said), '%s of words as %s: %s %s' % (command, name, found, said))

# without times the rate of heating makes them
columns, rows, technique, meta = DSC
for rate in ('0', '-10'):
    found, said = run('dsc-peak --range 90:160', stream(columns, rows, meta.replace('"value": 10', '"value": ' + rate), technique))
    checked.check(all(row[2] in ('nan', '""') or row[3] == 'nan' or 'failed' in row for row in found) and 'heating_rate is %s' % rate in said, 'a rate of %s: %s %s' % (rate, found, said))
sys.exit(checked.finish())
