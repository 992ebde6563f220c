#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/xrd is what sets.tsv says; each file reads back with the counts that went in; the verdicts on (111) are
those that the truth leads one to expect. `dataset-xrd.py --write` writes the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

SHOWN = ('111', '200', '220', '222')
COLUMNS = {'xy': 'two_theta:deg,intensity:count', 'xye': 'two_theta:deg,intensity:count,sigma:count'}
data_set = DataSet('xrd', 'simulate-xrd', '--structure hkust-1.structure --seed 2022'.split(),
                   {'wavelength': '1.5406', 'scan_rate': '0.016', 'ptfe_share': '10'},
                   lambda item, quantity: item in SHOWN and quantity in ('true_position', 'true_area', 'true_ratio', 'structure_factor'))
check = data_set.check


def read_back(row):
    """Formats without room for the radiation have it stated by the user."""
    columns = COLUMNS.get(row['format'])
    if not columns:
        read = data_set.assay('read', row['file'])
        check(b'simulated: "assay simulate-xrd, seed 2022' in read, row['file'] + ': simulated is lost on reading')
        return read
    read = data_set.assay('read', row['file'], '--format', 'delimited', '--option', 'columns=' + columns)
    return data_set.assay('set', 'wavelength=1.5406Angstrom', 'wavelength_alpha2=1.54439Angstrom', 'alpha2_ratio=0.497',
                          stdin=read)


def same_counts(a, b):
    """Equal y; x to the rounding of start + i * step."""
    return len(a['two_theta']) == len(b['two_theta']) and a['intensity'] == b['intensity'] and all(
        abs(float(p) - float(q)) < 1e-9 for p, q in zip(a['two_theta'], b['two_theta']))


def examine(row, stream, true, data):
    read = read_back(row)
    check(same_counts(table(read), table(stream)), row['file'] + ': the counts read back differ')
    found = data_set.results(data_set.assay('reflection', '--cell', 'cubic:26.343:F', '--hkl', '111,200,222', stdin=read))
    ratio, expected = found['111', 'ratio'], true['111']['true_ratio']
    # the repeats are two dozen more: one of them is beyond 4 u by chance in one of 600 choices of the seed
    limit = 4 if is_repeat(row) else 3.3
    check(abs(ratio['value'] - expected) < limit * ratio['u'], '%s: I111/I222 %r, true %g' % (row['file'], ratio, expected))
    flag = found['111', 'verdict']['flag']
    check(flag == row['verdict_111'], '%s: verdict %s, expected %s' % (row['file'], flag, row['verdict_111']))
    if true['111']['structure_factor'] == 0:
        limit = found['111', 'relative_upper_limit']['value']
        check(limit < 0.01, '%s: upper limit of I111/I222 is %g' % (row['file'], limit))


data_set.each_file(examine)
for row in data_set.rows('sets.tsv'):
    if row['format'] != 'xrdml' or is_repeat(row):
        continue
    reflect = 'reflection --cell cubic:26.343:F --hkl 111,200,222'.split()
    mean = data_set.check_repeats(row['file'], reflect, ('111 area', '222 area', '222 position', '200 area'))['111', 'ratio']
    expected = data_set.truth[row['file']]['true']['111']['true_ratio']
    check(abs(mean['value'] - expected) < 3.3 * mean['u'], '%s: I111/I222 of three scans %r, true %g' % (row['file'], mean, expected))
sys.exit(data_set.finish())
