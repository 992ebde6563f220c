#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/thermal is what sets.tsv says: every byte is made again and compared; every file says that it is
simulated and reads back with the masses that went in; steps and onsets found in it are those put in.
`dataset-thermal.py --write` writes the files instead of comparing them."""
import csv, hashlib, json, os, subprocess, sys

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
FOLDER = os.path.join(SOURCE, 'datasets', 'chang2022', 'thermal')
PAPER = {'solvent_1_percent_liquid': '100', 'solvent_1_percent_quasi_solid': '200', 'salt_begin_quasi_solid': '400'}
COMMON = '--seed 2022 --range 30:700 --step 1K --dta 0.2'.split()
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
    found = {}
    for l in assay('results', stdin=stream).decode().splitlines():
        f = l.split()
        if l[:1].isdigit():
            found[f[2].replace('%20', ' ').replace('%25', '%'), f[3]] = float(f[4])
    return found


def columns(stream):
    lines = [l for l in stream.decode().splitlines() if not l.startswith('#')]
    at = [lines[0].split().index(n) for n in ('temperature', 'mass', 'dta')]
    return [[float(l.split()[i]) for i in at] for l in lines[1:]]


def near(a, b, tolerance):
    return len(a) == len(b) and all(abs(x - y) <= tolerance for p, q in zip(a, b) for x, y in zip(p, q))


def steps_agree(row, path, true):
    """Noise, drift and buoyancy allow 2 K; the derivative rounds the end of zero order; under a salt step of 1.7 % the begin of
    the framework's loss is steep enough to move its maximum by 3 K."""
    found = results(assay('thermal-steps', '--share', '1%', '--least-rate', '0.005', path))
    names = [l.split('=')[0] for l in row['options'].split('--loss ')[1:]]
    for k, name in enumerate(names):
        item = 'step %d' % (k + 1)
        zero = name + '=zero' in row['options']
        got = found.get((item, 'mass_loss'), float('nan'))
        check(abs(got - true[name, 'true_mass_loss']) < (1 if len(names) == 3 else 0.3), '%s %s: loss %g' % (row['file'], item, got))
        for quantity, tolerance in (('onset', 12 if zero else 2), ('peak_temperature', 12 if zero else 5 if row['set'] == 'mass-balance' else 2)):
            got = found.get((item, quantity), float('nan'))
            check(abs(got - true[name, 'true_' + quantity]) < tolerance, '%s %s: %s %g, put in %g' % (
                row['file'], item, quantity, got, true[name, 'true_' + quantity]))
    for loss in ('1 % loss', '5 % loss', '10 % loss'):
        got = found[loss, 'temperature_at_loss']
        check(abs(got - true[loss, 'true_temperature_at_loss']) < 2, '%s %s: %g' % (row['file'], loss, got))


def main(write):
    truth, manifest = {}, ['file\tbytes\tsha256\torigin']
    for row in rows('sets.tsv'):
        stream = assay('simulate-thermal', *COMMON, *row['options'].split())
        data = assay('convert', '--to', row['format'], stdin=stream)
        path = os.path.join(FOLDER, row['file'])
        if write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, 'wb').write(data)
        else:
            check(open(path, 'rb').read() == data, row['file'] + ': the bytes differ from what is made now')
        true = results(stream)
        truth[row['file']] = {'set': row['set'], 'true': {'%s: %s' % k: round(v, 4) for k, v in sorted(true.items())}}
        manifest.append('%s\t%d\t%s\tassay simulate-thermal, sets.tsv' % (row['file'], len(data), hashlib.sha256(data).hexdigest()))
        read = assay('read', path)
        check('simulated: "assay simulate-thermal, seed 2022' in read.decode(), row['file'] + ': simulated is lost on reading')
        check('heating_rate: {value: 10, unit: K/min' in read.decode(), row['file'] + ': the heating rate is lost on reading')
        check(near(columns(read), columns(stream), 1e-9), row['file'] + ': the values read back differ')
        steps_agree(row, path, true)
    text = {'MANIFEST.tsv': '\n'.join(manifest) + '\n', 'truth.json': json.dumps(truth, indent=1, sort_keys=True) + '\n'}
    for name, content in text.items():
        path = os.path.join(FOLDER, name)
        if write:
            open(path, 'w', encoding='utf-8').write(content)
        elif name == 'MANIFEST.tsv':
            check(open(path, encoding='utf-8').read() == content, name + ' differs')
        else:
            old = json.load(open(path, encoding='utf-8'))
            check(old.keys() == truth.keys() and all(
                old[f]['true'].keys() == truth[f]['true'].keys() and
                all(abs(old[f]['true'][k] - v) < 2e-4 or v != v for k, v in truth[f]['true'].items()) for f in truth), name + ' differs')
    origins = {r['parameter']: r for r in rows('origin.tsv')}
    check(all(r['origin'] in list('PLDMA') for r in origins.values()), 'an origin without a known letter')
    stated = {k: r['value'] for k, r in origins.items() if r['origin'] == 'P'}
    check(stated == PAPER, 'values marked P are %r, the paper has %r' % (stated, PAPER))
    print('%d files, %d failed' % (len(manifest) - 1, len(failed)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main('--write' in sys.argv))
