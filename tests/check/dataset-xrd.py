#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""datasets/chang2022/xrd is what sets.tsv says: every byte is made again and compared; the manifest and truth.json
agree; every file says that it is simulated; each reads back with the counts that went in; the verdicts on (111) are
those that the truth leads one to expect. `dataset-xrd.py --write` writes the files instead of comparing them."""
import csv, hashlib, json, os, subprocess, sys, tempfile

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
FOLDER = os.path.join(SOURCE, 'datasets', 'chang2022', 'xrd')
PAPER = {'wavelength': '1.5406', 'scan_rate': '0.016', 'ptfe_share': '10'}  # what the paper's text states
SHOWN = ('111', '200', '220', '222')
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
    out = {}
    for line in assay('results', stdin=stream).decode().splitlines():
        if line.startswith('#') or line.startswith('series '):
            continue
        f = line.split()
        out[f[2], f[3]] = {'value': float(f[4]), 'u': float(f[5]), 'flag': f[8]}
    return out


def counts(stream):
    return [tuple(map(float, l.split()[1:3])) for l in stream.decode().splitlines() if l[:1].isdigit()]


def make(row):
    stream = assay('simulate-xrd', '--structure', 'hkust-1.structure', '--seed', '2022', *row['options'].split())
    return stream, assay('convert', '--to', row['format'], stdin=stream)


def truth_of(row, stream):
    r = results(stream)
    lines = {h: {'two_theta': round(r[h, 'true_position']['value'], 6), 'area': float('%.7g' % r[h, 'true_area']['value']),
                 'ratio_to_222': float('%.6g' % r[h, 'true_ratio']['value']),
                 'structure_factor': round(r[h, 'structure_factor']['value'], 3)} for h in SHOWN}
    return {'options': row['options'], 'reflections': lines, 'verdict_111': row['verdict_111']}


def main(write):
    truth, manifest = {}, ['file\tbytes\tsha256\torigin']
    for row in rows('sets.tsv'):
        stream, data = make(row)
        path = os.path.join(FOLDER, row['file'])
        check(b'simulated' in data, row['file'] + ' says that it is simulated')
        one = truth_of(row, stream)
        truth.setdefault(row['set'], {'simulated': 'no measurement; units deg, count*deg, electrons per cell',
                                      'files': {}})['files'][row['file']] = one
        manifest.append('%s\t%d\t%s\tassay simulate-xrd, sets.tsv' % (row['file'], len(data), hashlib.sha256(data).hexdigest()))
        if write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, 'wb').write(data)
        else:
            check(open(path, 'rb').read() == data, row['file'] + ': the bytes differ from what is made now')
        xy = ['--option', 'columns=two_theta:deg,intensity:count'] if row['format'] == 'xy' else ['--option', 'columns=two_theta:deg,intensity:count,sigma:count'] if row['format'] == 'xye' else []
        read = assay('read', path, *xy)
        if row['format'] in ('xrdml', 'ras'):
            check('simulated: "assay simulate-xrd, seed 2022' in read.decode(), row['file'] + ': simulated is lost on reading')
        check(same(counts(read), counts(stream)), row['file'] + ': the counts read back differ')
        if xy:  # the file does not state the radiation: the user does
            read = assay('set', 'wavelength=1.5406Angstrom', 'wavelength_alpha2=1.54439Angstrom', 'alpha2_ratio=0.497', stdin=read)
        found = results(assay('reflection', '--cell', 'cubic:26.343:F', '--hkl', '111,200,222', stdin=read))
        ratio, true = found['111', 'ratio'], one['reflections']['111']['ratio_to_222']
        check(abs(ratio['value'] - true) < 3.3 * ratio['u'], '%s: I111/I222 %r, true %g' % (row['file'], ratio, true))
        flag = found['111', 'verdict']['flag']
        check(flag == row['verdict_111'], '%s: verdict %s, expected %s' % (row['file'], flag, row['verdict_111']))
        if one['reflections']['111']['structure_factor'] == 0:
            limit = found['111', 'relative_upper_limit']['value']
            check(limit < 0.01, '%s: upper limit of I111/I222 is %g' % (row['file'], limit))
    for name, text in [('MANIFEST.tsv', '\n'.join(manifest) + '\n')] + [
            (('' if s == 'effect' else s + '/') + 'truth.json', json.dumps(t, indent=1, sort_keys=True) + '\n') for s, t in truth.items()]:
        path = os.path.join(FOLDER, name)
        if write:
            open(path, 'w', encoding='utf-8').write(text)
        elif name.endswith('.json'):
            check(near(json.load(open(path, encoding='utf-8')), json.loads(text)), name + ' differs from what is computed now')
        else:
            check(open(path, encoding='utf-8').read() == text, name + ' differs')
    origins = {r['parameter']: r for r in rows('origin.tsv')}
    check(all(r['origin'] in 'PTLDMA' for r in origins.values()), 'an origin without a known letter')
    stated = {k: r['value'] for k, r in origins.items() if r['origin'] == 'P'}
    check(stated == PAPER, 'values marked P are %r, the paper has %r' % (stated, PAPER))
    print('%d files, %d failed' % (len(manifest) - 1, len(failed)))
    return 1 if failed else 0


def same(a, b):
    """Equal y; x to the rounding of start + i * step."""
    return len(a) == len(b) and all(abs(p[0] - q[0]) < 1e-9 and p[1] == q[1] for p, q in zip(a, b))


def near(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(near(a[k], b[k]) for k in a)
    if isinstance(a, float) or isinstance(b, float):
        return abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 1e-6
    return a == b


if __name__ == '__main__':
    sys.exit(main('--write' in sys.argv))
