# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of a simulated data set does. A folder of datasets/chang2022 holds
  sets.tsv      one file a line: set, file, format, ..., options of the generator
  origin.tsv    every parameter with its origin: P paper, L its figures, D derived from P, T truth table, M known, A assumed
  truth.json    per file what was put in: the generator's results named true_...
  MANIFEST.tsv  sizes and SHA-256
DataSet makes every file again and compares its bytes (--write writes them), then truth and manifest; what else a set must
show (it reads back, the analysis finds what was put in) is said by the function given to each_file()."""
import csv
import hashlib
import json
import os
import subprocess
import sys

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))


def parse_results(text):
    """{(item, quantity): {'value', 'u', 'flag'}} of the output of `assay results`; the fields' positions are its header's."""
    lines = [l.split(' ') for l in text.splitlines() if l and not l.startswith('#')]
    at = {name: k for k, name in enumerate(lines[0])} if lines else {}
    unquote = lambda s: s.replace('%20', ' ').replace('%25', '%')
    return {(unquote(l[at['item']]), l[at['quantity']]): {
        'value': float(l[at['value']]), 'u': float(l[at['u']]), 'flag': l[at['flag']]} for l in lines[1:]}


def table(stream):
    """{column: [values as text]} of a stream, its series one after the other; the column `series` numbers them."""
    lines = [l.split(' ') for l in stream.decode().splitlines() if l and not l.startswith('#')]
    return {name: [l[k] for l in lines[1:]] for k, name in enumerate(lines[0])}


def near(a, b):
    """Equal to the digits that truth.json keeps, on any processor."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(near(a[k], b[k]) for k in a)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a != a and b != b or abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 1e-6
    return a == b


def is_repeat(row):
    """Another noise of the file of the same name without -2 or -3: recipes hold the repeats against each other."""
    return os.path.splitext(row['file'])[0][-2:] in ('-2', '-3')


class DataSet:
    def __init__(self, technique, generator, common=(), paper=None, keep=lambda item, quantity: quantity.startswith('true_')):
        """generator: the operation's name, or None where sets.tsv has a column `generator`; paper: the values of origin.tsv that
        the paper's text states; keep: which of the generator's results are the truth."""
        self.folder = os.path.join(SOURCE, 'datasets', 'chang2022', technique)
        self.generator, self.common, self.paper, self.keep = generator, list(common), paper or {}, keep
        self.write, self.failed, self.truth = '--write' in sys.argv, 0, {}
        self.manifest = ['file\tbytes\tsha256\torigin']

    def check(self, good, text):
        if not good:
            self.failed += 1
            print('FAILED', text)

    def rows(self, name):
        with open(os.path.join(self.folder, name), encoding='utf-8') as f:
            return list(csv.DictReader([l for l in f if not l.startswith('#')], delimiter='\t', quoting=csv.QUOTE_NONE))

    def assay(self, *args, stdin=None):
        p = subprocess.run([ASSAY, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        if p.returncode:
            sys.exit('assay %s: %s' % (' '.join(args), p.stderr.decode()))
        return p.stdout

    def results(self, stream):
        return parse_results(self.assay('results', stdin=stream).decode())

    def check_repeats(self, file, analysis, names, least=1e-3):
        """Results of `analysis` (an operation and its options) of a file and its repeats, file-2 and file-3, scatter no more than
        their u says: names are 'ITEM QUANTITY'. What `repeats` gives."""
        stem, ending = os.path.splitext(file)
        stream = self.assay(*analysis, *(stem + k + ending for k in ('', '-2', '-3')))
        found = self.results(self.assay('repeats', '--by', '', stdin=stream))
        for name in names:
            p = found.get((name, 'p_value'), {'value': float('nan')})['value']
            self.check(p > least, '%s: three repeats of %s scatter with p = %g' % (file, name, p))
        return found

    def _bytes(self, name, data):
        path = os.path.join(self.folder, name)
        if self.write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as f:
                f.write(data)
        else:
            with open(path, 'rb') as f:
                self.check(f.read() == data, name + ': the bytes differ from what is made now')

    def each_file(self, examine, said=lambda row: True):
        """examine(row, stream, truth, data): the generator's stream, {item: {quantity: value}} put in, the file's bytes.
        said(row): whether the format has room to say that the file is simulated."""
        for row in self.rows('sets.tsv'):
            generator = self.generator or row['generator']
            stream = self.assay(generator, *self.common, *row['options'].split())
            data = self.assay('convert', '--to', *row['format'].split(), stdin=stream)
            self._bytes(row['file'], data)
            self.check(not said(row) or b'simulat' in data.lower(), row['file'] + ' says that it is simulated')
            truth = {}
            for (item, quantity), r in sorted(self.results(stream).items()):
                if self.keep(item, quantity):
                    truth.setdefault(item, {})[quantity] = float('%.7g' % r['value'])
            self.truth[row['file']] = {'set': row['set'], 'options': row['options'], 'true': truth}
            self.manifest.append('%s\t%d\t%s\tassay %s, sets.tsv' % (
                row['file'], len(data), hashlib.sha256(data).hexdigest(), generator))
            examine(row, stream, truth, data)

    def _truth(self):
        path = os.path.join(self.folder, 'truth.json')
        said = dict(simulated='no measurement', files=self.truth)
        if self.write:
            with open(path, 'w', encoding='utf-8') as f:
                json.dump(said, f, indent=1, sort_keys=True)
                f.write('\n')
        else:
            with open(path, encoding='utf-8') as f:
                self.check(near(json.load(f), said), 'truth.json differs from what is put in now')

    def finish(self):
        """Truth, manifest and origins; the exit status."""
        self._truth()
        self._bytes('MANIFEST.tsv', ('\n'.join(self.manifest) + '\n').encode())
        origins = self.rows('origin.tsv')
        self.check(all(r['origin'] in list('PTLDMA') for r in origins), 'an origin without a known letter')
        stated = {r['parameter']: r['value'] for r in origins if r['origin'] == 'P'}
        self.check(stated == self.paper, 'values marked P are %r, the paper has %r' % (stated, self.paper))
        print('%d files, %d failed' % (len(self.manifest) - 1, self.failed))
        return 1 if self.failed else 0
