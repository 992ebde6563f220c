#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/sorption is what sets.tsv says; each file reads back with the amounts that went in; the median pore comes
out smaller where it is. `dataset-sorption.py --write` writes the files instead of comparing them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))
from simulated import DataSet, is_repeat, table  # noqa: E402

data_set = DataSet('sorption', 'simulate-sorption', ['--seed', '2022'],
                   {'pore_open': '0.65', 'bet_window': '0.04:0.2', 'ptfe_share': '10'})
check, median = data_set.check, {}


def examine(row, stream, true, data):
    read = data_set.assay('read', row['file'])
    check(b'simulated' in read.split(b'\nseries ')[0], row['file'] + ': read back, it is not said to be simulated')
    check(table(read)['uptake'] == table(stream)['uptake'], row['file'] + ': the amounts read back differ')
    sizes = data_set.results(data_set.assay('pores-hk', '--shape', 'cylinder', '--wall', 'aluminosilicate', '--window', '0:0.1', stdin=read))
    median[row['file']] = sizes['HK', 'median_pore_width']['value']
    if row['verdict_size'] in ('smaller', 'same'):
        shift = median[os.path.join(os.path.dirname(row['file']), 'activated.aif')] - median[row['file']]
        check(shift > 0.1 if row['verdict_size'] == 'smaller' else abs(shift) < 0.01,
              '%s: the median pore is smaller by %.4f nm' % (row['file'], shift))


data_set.each_file(examine)
for name in [r['file'] for r in data_set.rows('sets.tsv') if not is_repeat(r)]:
    data_set.check_repeats(name, 'pores-hk --shape cylinder --wall aluminosilicate --window 0:0.1 --u-dose 0.002'.split(),
                           ('HK total_pore_volume', 'HK mean_pore_width'))
    data_set.check_repeats(name, 'bet --select rouquerol --u-dose 0.002'.split(), ('BET bet_area', 'BET c_constant'))
sys.exit(data_set.finish())
