#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/sorption is what sets.tsv says: every byte is made again and compared; manifest and truth.json agree;
every file says that it is simulated; each reads back with the amounts that went in; the median pore comes out smaller where
it is. `dataset-sorption.py --write` writes the files instead of comparing them."""
import csv, hashlib, json, os, subprocess, sys

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
FOLDER = os.path.join(SOURCE, 'datasets', 'chang2022', 'sorption')
PAPER = {'pore_open': '0.65', 'bet_window': '0.04:0.2', 'ptfe_share': '10'}  # what the paper's text states
failed = []


def check(good, text):
    if not good:
        failed.append(text)
        print('FAILED', text)


def rows(name):
    lines = [l for l in open(os.path.join(FOLDER, name), encoding='utf-8') if not l.startswith('#')]
    return list(csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE))


def assay(*args, stdin=None):
    p = subprocess.run([ASSAY, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FOLDER)
    if p.returncode:
        sys.exit('assay %s: %s' % (' '.join(args), p.stderr.decode()))
    return p.stdout


def results(stream):
    lines = [l.split(' ') for l in assay('results', stdin=stream).decode().splitlines() if l and not l.startswith('#')]
    return {(l[2], l[3]): (float(l[4]), float(l[5])) for l in lines[1:]}


def column(stream, name):
    lines = [l.split(' ') for l in stream.decode().splitlines() if l and not l.startswith('#')]
    return [float(l[lines[0].index(name)]) for l in lines[1:]]


def main(write):
    truth, manifest, median = {}, ['file\tbytes\tsha256\torigin'], {}
    for row in rows('sets.tsv'):
        stream = assay('simulate-sorption', '--seed', '2022', *row['options'].split())
        data = assay('convert', '--to', row['format'], stdin=stream)
        path = os.path.join(FOLDER, row['file'])
        check(b'simulate' in data, row['file'] + ' says that it is simulated')
        found = results(stream)
        truth.setdefault(row['set'], {'simulated': 'no measurement; units nm, cm3/g', 'files': {}})['files'][row['file']] = {
            'options': row['options'], 'verdict_size': row['verdict_size'],
            'pores': [[found[i, 'true_pore_width'][0], found[i, 'true_pore_volume'][0]] for i, q in sorted(found) if q == 'true_pore_width']}
        manifest.append('%s\t%d\t%s\tassay simulate-sorption, sets.tsv' % (row['file'], len(data), hashlib.sha256(data).hexdigest()))
        if write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, 'wb').write(data)
        else:
            check(open(path, 'rb').read() == data, row['file'] + ': the bytes differ from what is made now')
        read = assay('read', path)
        check(b'simulated' in read.split(b'\nseries ')[0], row['file'] + ': read back, it is not said to be simulated')
        check(column(read, 'uptake') == column(stream, 'uptake'), row['file'] + ': the amounts read back differ')
        sizes = results(assay('pores-hk', '--shape', 'cylinder', '--wall', 'aluminosilicate', '--window', '0:0.1', stdin=read))
        median[row['file']] = sizes['HK', 'median_pore_width']
        if row['verdict_size'] in ('smaller', 'same'):
            before = median[os.path.join(os.path.dirname(row['file']), 'activated.aif')][0]
            shift = before - median[row['file']][0]
            check(shift > 0.1 if row['verdict_size'] == 'smaller' else abs(shift) < 0.01,
                  '%s: the median pore is smaller by %.4f nm' % (row['file'], shift))
    for name, text in [('MANIFEST.tsv', '\n'.join(manifest) + '\n')] + [
            (('' if s == 'effect' else s + '/') + 'truth.json', json.dumps(t, indent=1, sort_keys=True) + '\n') for s, t in truth.items()]:
        path = os.path.join(FOLDER, name)
        if write:
            open(path, 'w', encoding='utf-8').write(text)
        else:
            check(open(path, encoding='utf-8').read() == text, name + ' differs')
    origins = {r['parameter']: r for r in rows('origin.tsv')}
    check(all(r['origin'] in 'PTLDMA' for r in origins.values()), 'an origin without a known letter')
    stated = {k: r['value'] for k, r in origins.items() if r['origin'] == 'P'}
    check(stated == PAPER, 'values marked P are %r, the paper has %r' % (stated, PAPER))
    print('%d files, %d failed' % (len(manifest) - 1, len(failed)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main('--write' in sys.argv))
