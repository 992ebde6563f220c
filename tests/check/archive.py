#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives: made with the same bytes everywhere, taken by independent tools, attacked, altered, compared and
made again; figures and streams traced and made again from their own records."""
import gzip, hashlib, io, json, os, re, shutil, stat, subprocess, sys, tarfile, tempfile, zipfile
from lib.checked import check, finish

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')


def assay(*words, cwd=None, code=0, **env):
    p = subprocess.run([ASSAY] + list(words), cwd=cwd, env=dict(os.environ, **env), stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = p.stdout.decode('utf-8', 'replace'), p.stderr.decode('utf-8', 'replace')
    check(p.returncode == code, 'assay %s: exit %d, expected %d\n%s%s' % (' '.join(words), p.returncode, code, out, err))
    return out + err


def sha(path):
    return hashlib.sha256(open(path, 'rb').read()).hexdigest()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def tree(folder):
    return sorted(os.path.relpath(os.path.join(d, f), folder) for d, _, fs in os.walk(folder) for f in fs)


def members(path):
    if path.endswith('.zip'):
        with zipfile.ZipFile(path) as z:
            check(z.testzip() is None, path + ': zipfile finds a damaged member')
            return {i.filename: z.read(i) for i in z.infolist()}
    raw = open(path, 'rb').read()
    if path.endswith('.zst'):
        raw = subprocess.run(['zstd', '-dc', path], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as t:
        for m in t.getmembers():
            check(m.isfile() and (m.uid, m.gid, m.mode) == (0, 0, 0o644), '%s: owner and mode of %s' % (path, m.name))
        return {m.name: t.extractfile(m).read() for m in t.getmembers()}


MIX = '''recipe: 1
inputs:
  a: {file: %s}
  b: {file: %s}
steps:
  bare: {from: b, pipe: crop --x 5:7}
  less: {from: a, pipe: "crop --x 5:7 | subtract --other bare"}
  mean: {from: [a, less], pipe: "crop --x 5:7 | average"}
figures:
  less: {from: less, pipe: plot-lines, formats: [svg]}
  mean: {from: mean, pipe: plot-lines, formats: [svg]}
tables:
  area: {from: mean, pipe: "peak-area --window 5.5:6.2 | results"}
'''


# --- making ---------------------------------------------------------------------------------------------------
def test_pack(tmp):
    recipe = os.path.join(CORPUS, 'archive', 'small.yaml')
    kinds = [k for k in ('zip', 'tar.gz', 'tar.zst') if k != 'tar.zst' or shutil.which('zstd')]
    copy = os.path.join(tmp, 'elsewhere', 'deep', 'archive')
    shutil.copytree(os.path.join(CORPUS, 'archive'), copy)
    os.utime(os.path.join(copy, 'before.uxd'), (10**9, 10**9))
    first = None
    for kind in kinds:
        a, b = os.path.join(tmp, 'a.' + kind), os.path.join(tmp, 'b.' + kind)
        said = assay('pack', recipe, '-o', a, TZ='America/New_York', LC_ALL='C')
        check('17 files, of them 3 read and 8 made by 1 recipe; 1 claim, 0 not as expected' in said, said)
        os.umask(0o077)
        assay('pack', 'small.yaml', '-j', '3', '-o', b, cwd=copy, TZ='Asia/Tokyo', SOURCE_DATE_EPOCH='1700000000')
        os.umask(0o022)
        check(sha(a) == sha(b), kind + ': the bytes depend on place, time zone, time, umask or threads')
        here = members(a)
        check(list(here) == sorted(here), kind + ': names are not in order')
        first = first or here
        check(first == here, kind + ': another content than zip')
        assay('verify', a)
    for tool, words, file in [('zipinfo', ['-1'], 'a.zip'), ('tar', ['-tzf'], 'a.tar.gz'), ('unzip', ['-tq'], 'a.zip')]:
        if not shutil.which(tool):
            print('skipped: no %s here' % tool)
            continue
        p = subprocess.run([tool] + words + [os.path.join(tmp, file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check(p.returncode == 0 and (tool == 'unzip' or p.stdout.decode().split() == list(first)), '%s: %s' % (tool, p.stdout))
    check(open(os.path.join(tmp, 'a.tar.gz'), 'rb').read(8)[4:8] == bytes(4), 'a time in the header of gzip')
    return first


def test_bag(tmp, content):
    folder = os.path.join(tmp, 'unpacked')
    assay('unpack', os.path.join(tmp, 'a.zip'), '-o', folder)
    check({'small/' + f for f in tree(folder)} == set(content), 'unpacked files')
    for manifest in ('manifest-sha256.txt', 'tagmanifest-sha256.txt'):
        p = subprocess.run(['sha256sum', '-c', '--strict', '--quiet', manifest], cwd=folder)
        check(p.returncode == 0, manifest + ': sha256sum disagrees')
    listed = {line.split('  ', 1)[1] for line in open(os.path.join(folder, 'manifest-sha256.txt')).read().splitlines()}
    check(listed == {f for f in tree(folder) if f.startswith('data/')}, 'the manifest is not the payload')
    oxum = re.search(r'Payload-Oxum: (\d+)\.(\d+)', open(os.path.join(folder, 'bag-info.txt')).read())
    check(int(oxum[1]) == sum(os.path.getsize(os.path.join(folder, f)) for f in listed) and int(oxum[2]) == len(listed), 'oxum')
    try:
        import bagit
        check(bagit.Bag(folder).validate(), 'bagit.py')
    except ImportError:
        print('skipped: no Python module bagit here')
    assay('unpack', os.path.join(tmp, 'a.zip'), '-o', folder, code=2)  # it is there already
    check('17 identical' in assay('diff', os.path.join(tmp, 'a.tar.gz'), folder), 'an archive and its folder differ')
    return folder


# The validator of npm's ro-crate, through its API, with the context it brings instead of one from the network.
VALIDATOR = """
const fs = require('fs'), path = require('path');
const home = path.dirname(require.resolve('ro-crate'));
const context = JSON.parse(fs.readFileSync(path.join(home, 'lib', 'context.json')));
globalThis.fetch = async () => ({ ok: true, json: async () => context });
const { ROCrate, Validator } = require('ro-crate');
(async () => {
    const v = new Validator();
    v.parseJSON(JSON.parse(fs.readFileSync(process.argv[1])));
    await v.crate.resolveContext();
    await v.validate();
    const files = {};
    for (const f of JSON.parse(process.argv[2])) files[f] = { exists: true };
    v.checkFiles(files);
    console.log(JSON.stringify(v.results.filter(r => r.status !== 'success')));
})();
"""


def test_crate(tmp, folder, content):
    path = os.path.join(folder, 'data', 'ro-crate-metadata.json')
    crate = json.load(open(path))
    graph = {e['@id']: e for e in crate['@graph']}
    check(len(graph) == len(crate['@graph']), 'two entities of one @id')
    root = graph['./']
    check(graph['ro-crate-metadata.json']['about']['@id'] == './', 'descriptor')
    check(root['datePublished'] == '2022-03-15' and root['license']['@id'] == 'https://spdx.org/licenses/CC-BY-4.0', 'root')
    check(graph['small.yaml']['license']['@id'] == 'https://spdx.org/licenses/CC0-1.0', 'the licence of one file')
    described = {e['@id'] for e in crate['@graph'] if 'File' in e['@type']}
    there = {f[len('data/'):] for f in tree(folder) if f.startswith('data/')} - {'ro-crate-metadata.json'}
    check(described == there, 'files that the crate does not describe: %s' % (described ^ there))
    actions = [e for e in crate['@graph'] if e['@type'] == 'CreateAction']
    check({a['@id'] for a in actions} == {m['@id'] for m in root['mentions']}, 'runs that the root does not mention')
    check([a['instrument']['@id'] for a in actions] == ['#assay'] * 4, 'instruments')
    figure = graph['#small/run-figure-patterns']
    check({r['@id'] for r in figure['result']} == {'results/small/patterns.' + k for k in ('svg', 'png', 'pdf')}, 'results')
    check({o['@id'] for o in figure['object']} == {'#small/found', 'small.yaml'}, 'objects')
    step = graph['#small/run-step-found']
    check({o['@id'] for o in step['object']} == {'before.uxd', 'after.uxd', 'small.yaml'}, 'inputs of a step')
    check(step['description'] == 'assay crop --x 4.9:7.1 | assay peaks --snr 5', step['description'])
    for e in crate['@graph']:  # every reference within the crate leads somewhere
        for value in e.values():
            for v in value if isinstance(value, list) else [value]:
                if isinstance(v, dict) and '://' not in v['@id']:
                    check(v['@id'] in graph, 'a reference to ' + v['@id'])
    datacite = json.loads(content['small/data/datacite.json'])
    check([datacite['creators'][0][k] for k in ('name', 'nameType', 'givenName', 'familyName')] ==
          ['Carberry, Josiah', 'Personal', 'Josiah', 'Carberry'], 'DataCite: a person')
    check(all(datacite[k] for k in ('titles', 'publisher', 'publicationYear', 'types')), 'DataCite: mandatory fields')
    zenodo = json.loads(content['small/data/.zenodo.json'])
    check(zenodo['license'] == 'cc-by-4.0' and zenodo['creators'][0]['orcid'] == '0000-0002-1825-0097', 'Zenodo')
    try:
        import yaml
        cff = yaml.safe_load(content['small/data/CITATION.cff'])
        check(str(cff['cff-version']) == '1.2.0' and cff['authors'][0]['family-names'] == 'Carberry' and
              cff['authors'][1] == {'name': 'A group'} and cff['type'] == 'dataset', 'CITATION.cff')
    except ImportError:
        print('skipped: no Python module yaml here')
    node = shutil.which('node')
    p = node and subprocess.run([node, '-e', VALIDATOR, path, json.dumps(sorted(there))], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
    if not node or b'Cannot find module' in p.stderr:
        print('skipped: no node with the module ro-crate (NODE_PATH) here')
        return
    check(p.returncode == 0, 'ro-crate (npm): ' + p.stderr.decode())
    for fault in json.loads(p.stdout or b'[]'):
        check(fault['status'] == 'warning', 'ro-crate (npm): %s' % fault)
        print('ro-crate (npm): %s' % fault['message'])


def test_refused(tmp):
    folder = os.path.join(tmp, 'refused')
    data = open(os.path.join(CORPUS, 'archive', 'before.uxd'), 'rb').read()
    recipe = 'recipe: 1\ntitle: T\nabout: {%s}\ninputs: {a: {file: %s}}\ntables: {t: {from: a}}\n'
    good = "creators: [{name: 'A, B'}], license: CC0-1.0, date: 2022-03-15"
    write(os.path.join(folder, 'before.uxd'), data)
    for about, file, code, text in [
            ('note: x', 'before.uxd', 3, 'lack: creators license date'),
            (good.replace('2022-03-15', '15.3.2022'), 'before.uxd', 2, "date '15.3.2022' is no date"),
            (good.replace("'A, B'", "'A, B', orcid: 0000-0002-1825-0098"), 'before.uxd', 2, 'is no ORCID'),
            (good + ', doi: doi.org/10.1', 'before.uxd', 2, 'is no DOI'),
            (good + ', relation: sibling', 'before.uxd', 2, 'is no relation'),
            (good + ", licenses: [{files: 'x'}]", 'before.uxd', 2, 'has no license'),
            (good, os.path.join(folder, 'before.uxd'), 2, 'absolute name'),
            (good, 'absent.uxd', 5, 'absent.uxd')]:
        write(os.path.join(folder, 'r.yaml'), recipe % (about, file))
        said = assay('pack', 'r.yaml', '-o', 'x.zip', cwd=folder, code=code)
        check(text in said, '%s\n%s' % (text, said))
        check(not [f for f in os.listdir(folder) if f.startswith('x.zip')], 'something is left of a refused archive')
    write(os.path.join(folder, 'r.yaml'), recipe % (good, 'before.uxd'))
    write(os.path.join(folder, 'assay.json'), '{}')
    said = assay('pack', 'r.yaml', '--also', 'assay.json', '-o', 'x.zip', cwd=folder, code=2)
    check("'assay.json', is needed for another file" in said, said)
    check('should end in' in assay('pack', 'r.yaml', '-o', 'x.rar', cwd=folder, code=2), 'a suffix')
    check('--output is required' in assay('pack', 'r.yaml', cwd=folder, code=2), 'no output')
    said = assay('pack', 'r.yaml', '-o', 'x.zip', cwd=folder, SOURCE_DATE_EPOCH='soon', code=2)
    check("SOURCE_DATE_EPOCH 'soon'" in said, said)
    latin = os.fsencode(folder) + b'/caf\xe9.txt'
    open(latin, 'wb').close()
    said = assay('pack', 'r.yaml', '--also', os.fsdecode(latin), '-o', 'x.zip', cwd=folder, code=2)
    check('is no UTF-8' in said, said)
    os.remove(latin)
    odd = os.path.join(folder, 'odd names')  # blanks, a percent sign and letters beyond ASCII in names
    name = 'Probe µ 50%.uxd'
    write(os.path.join(odd, name), data)
    write(os.path.join(odd, 'r.yaml'), recipe % (good, "'%s'" % name))
    for kind in ('zip', 'tar.gz'):
        out = os.path.join(odd, 'x.' + kind)
        assay('pack', 'r.yaml', '-o', out, cwd=odd, LC_ALL='C')
        check('r/data/' + name in members(out), kind + ': a name beyond ASCII: %s' % list(members(out)))
        assay('verify', out, LC_ALL='C')
        assay('unpack', out, '-o', out + '.d', LC_ALL='C')
        check(os.path.exists(os.path.join(out + '.d', 'data', name)), kind + ': unpacked with another name')
        manifest = open(os.path.join(out + '.d', 'manifest-sha256.txt'), encoding='utf-8').read()
        check('  data/Probe µ 50%25.uxd\n' in manifest, kind + ': RFC 8493, 2.1.3: a percent sign is written %25')


# --- attacks --------------------------------------------------------------------------------------------------
def tar_of(path, entries):
    with tarfile.open(path, 'w:gz') as t:
        for e in entries:
            info = tarfile.TarInfo(e['name'])
            info.type = e.get('type', tarfile.REGTYPE)
            info.linkname = e.get('link', '')
            data = e.get('data', b'')
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def zip_of(path, entries):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            z.writestr(info, data)


def test_attacks(tmp):
    import warnings
    warnings.simplefilter('ignore')
    folder = os.path.join(tmp, 'attacks')
    os.mkdir(folder)
    file = stat.S_IFREG | 0o644
    bomb = bytes(80 << 20)
    cases = []
    for i, name in enumerate(['../out.txt', 'a/../../out.txt', '/tmp/assay-out.txt', 'C:/out.txt', 'a\\..\\out.txt', 'a/./b', 'a\x01b']):
        zip_of(os.path.join(folder, 'name%d.zip' % i), [(name, b'x', file)])
        tar_of(os.path.join(folder, 'name%d.tar.gz' % i), [{'name': name, 'data': b'x'}])
        cases += [('name%d.zip' % i, 3), ('name%d.tar.gz' % i, 3)]
    zip_of(os.path.join(folder, 'link.zip'), [('l', b'/etc', stat.S_IFLNK | 0o777), ('l/passwd', b'x', file)])
    tar_of(os.path.join(folder, 'link.tar.gz'), [{'name': 'l', 'type': tarfile.SYMTYPE, 'link': '../..'}, {'name': 'l/x', 'data': b'x'}])
    tar_of(os.path.join(folder, 'hard.tar.gz'), [{'name': 'l', 'type': tarfile.LNKTYPE, 'link': '/etc/passwd'}])
    tar_of(os.path.join(folder, 'fifo.tar.gz'), [{'name': 'f', 'type': tarfile.FIFOTYPE}])
    tar_of(os.path.join(folder, 'device.tar.gz'), [{'name': 'f', 'type': tarfile.CHRTYPE}])
    tar_of(os.path.join(folder, 'twice.tar.gz'), [{'name': 'a', 'data': b'1'}, {'name': 'a', 'data': b'2'}])
    tar_of(os.path.join(folder, 'folder.tar.gz'), [{'name': 'a', 'data': b'1'}, {'name': 'a-', 'data': b''}, {'name': 'a/b', 'data': b'2'}])
    zip_of(os.path.join(folder, 'twice.zip'), [('a', b'1', file), ('a', b'2', file)])
    cases += [(c, 3) for c in ('link.zip', 'link.tar.gz', 'hard.tar.gz', 'fifo.tar.gz', 'device.tar.gz', 'twice.tar.gz',
                               'folder.tar.gz', 'twice.zip')]
    tar_of(os.path.join(folder, 'bomb.tar.gz'), [{'name': 'a', 'data': bomb}])
    zip_of(os.path.join(folder, 'bomb.zip'), [('a%d' % i, bomb[:20 << 20], file) for i in range(5)])
    cases += [('bomb.tar.gz', 5), ('bomb.zip', 5)]
    whole = open(os.path.join(tmp, 'a.zip'), 'rb').read(), open(os.path.join(tmp, 'a.tar.gz'), 'rb').read()
    write(os.path.join(folder, 'cut.zip'), whole[0][:-100])
    write(os.path.join(folder, 'cut.tar.gz'), whole[1][:len(whole[1]) // 2])
    damaged = bytearray(whole[0])
    damaged[len(damaged) // 2] ^= 1
    write(os.path.join(folder, 'damaged.zip'), bytes(damaged))
    write(os.path.join(folder, 'text.zip'), b'no archive at all')
    write(os.path.join(folder, 'empty.zip'), b'')
    cases += [(c, 3) for c in ('cut.zip', 'cut.tar.gz', 'damaged.zip', 'text.zip', 'empty.zip')]
    before = set(tree(tmp))
    for name, code in cases:
        assay('unpack', '--any', name, cwd=folder, code=code)
    said = assay('verify', *[name for name, _ in cases], cwd=folder, code=1)
    check(said.count(': refused\n') + said.count('not good') == len(cases), said)
    check(set(tree(tmp)) == before and not os.path.exists('/tmp/assay-out.txt'), 'an attack left: %s' % (set(tree(tmp)) - before))
    print('%d attacks' % len(cases))


# --- alterations ------------------------------------------------------------------------------------------------
def test_verify(tmp, folder):
    faults = [('data/before.uxd', lambda d: d.replace(b'1', b'2', 1), 'has changed'),
              ('data/results/small/peaks.csv', None, 'is not there'),
              ('data/new.txt', lambda d: b'x', 'in no manifest'),
              ('bag-info.txt', lambda d: d.replace(b'Oxum: ', b'Oxum: 1'), 'Payload-Oxum says'),
              ('bagit.txt', lambda d: b'x\n', 'does not declare'),
              ('manifest-sha256.txt', lambda d: d + b'abc  data/x\n', 'is no line of a manifest'),
              ('manifest-sha256.txt', None, 'no manifest-sha256.txt'),
              ('fetch.txt', lambda d: b'http://x 1 data/x\n', 'lie elsewhere')]
    for path, change, text in faults:
        bad = os.path.join(tmp, 'bad')
        shutil.copytree(folder, bad)
        old = open(os.path.join(bad, path), 'rb').read() if os.path.exists(os.path.join(bad, path)) else b''
        if change:
            write(os.path.join(bad, path), change(old))
        else:
            os.remove(os.path.join(bad, path))
        said = assay('verify', bad, code=1)
        check(text in said, '%s: %s' % (path, said))
        if path == 'data/before.uxd':
            assay('replay', bad, code=3)
        shutil.rmtree(bad)
    crate = os.path.join(folder, 'data', 'ro-crate-metadata.json')
    whole = json.load(open(crate))

    def rebag(bad):
        names = [f for f in tree(bad) if f.startswith('data/')]
        write(os.path.join(bad, 'manifest-sha256.txt'), ''.join('%s  %s\n' % (sha(os.path.join(bad, f)), f) for f in names))
        os.remove(os.path.join(bad, 'tagmanifest-sha256.txt'))
        write(os.path.join(bad, 'bag-info.txt'), '')
    rules = [(lambda g: g[1].pop('license'), 'has no license'), (lambda g: g[1].update(datePublished='soon'), 'is no date'),
             (lambda g: g[1].update({'@id': 'x'}), 'root is not among'), (lambda g: g[0].update(conformsTo={'@id': 'x'}), 'conforms to'),
             (lambda g: g[2].update(contentSize='1'), 'has 1 bytes'), (lambda g: g[2].update(sha256='0' * 64), 'has the SHA-256'),
             (lambda g: g[1]['hasPart'].pop(), 'is no part'), (lambda g: g[1]['mentions'].pop(), 'does not mention'),
             (lambda g: g.append(dict(g[2])), 'have the @id'), (lambda g: g[-1].pop('@type'), 'no @id or no @type'),
             (lambda g: g[2].update(isBasedOn={'@id': '#nowhere'}), 'does not describe'),
             (lambda g: g.append({'@id': 'absent.csv', '@type': 'File'}), 'which is not there')]
    for change, text in rules:
        bad = os.path.join(tmp, 'bad')
        shutil.copytree(folder, bad)
        altered = json.loads(json.dumps(whole))
        change(altered['@graph'])
        write(os.path.join(bad, 'data', 'ro-crate-metadata.json'), json.dumps(altered))
        rebag(bad)
        said = assay('verify', bad, code=1)
        check(text in said, '%s: %s' % (text, said))
        shutil.rmtree(bad)
    report = json.loads(assay('verify', '--json', folder))
    check(report[0]['good'] is True and report[0]['actions'] == 4, 'verify --json')


def test_diff_and_replay(tmp, folder):
    check('8 identical' in assay('replay', os.path.join(tmp, 'a.tar.gz')), 'replay of an archive')
    check('8 identical' in assay('replay', os.path.join(folder, 'data')), 'replay of a crate without its bag')
    other = os.path.join(tmp, 'other')
    shutil.copytree(os.path.join(folder, 'data'), other)
    csv = os.path.join(other, 'results', 'small', 'peaks.csv')
    text = open(csv).read()
    number = re.search(r'\d\.\d{8,}', text).group(0)
    near = repr(float(number) * (1 + 1e-12))
    write(csv, text.replace(number, near, 1))
    said = assay('replay', other)
    check('equal      small/peaks.csv' in said and 'equal within' in said, said)
    write(csv, text.replace(number, repr(float(number) * 1.01), 1))
    said = assay('replay', other, code=1)
    check(re.search(r'different  small/peaks.csv: line \d+, column \w+: ', said), said)
    assay('replay', '--tolerance', '0.1', other)
    os.remove(csv)
    check('only in' in assay('replay', other, code=1), 'a result that is missing')
    report = json.loads(assay('diff', '--json', other, os.path.join(folder, 'data'), code=1))
    check([r['answer'] for r in report] == ['only'] and report[0]['file'] == 'results/small/peaks.csv', 'diff --json: %s' % report)
    write(os.path.join(other, 'small.yaml'), open(os.path.join(other, 'small.yaml')).read().replace('before.uxd', '../../outside.uxd'))
    shutil.copy(os.path.join(other, 'before.uxd'), os.path.join(tmp, 'outside.uxd'))
    assay('replay', other, code=5)  # laid out in a folder of its own, ../.. leads nowhere
    one, two = os.path.join(tmp, 'one.txt'), os.path.join(tmp, 'two.txt')
    for a, b, code, text in [('x 1.0\n', 'x 1\n', 0, 'equal'), ('x 1\n', 'x 2\n', 1, "line 1: '1' against '2'"),
                             ('a\nb\n', 'a\n', 1, 'ends after line 1'), ('Fig2 a\n', 'Fig3 a\n', 1, 'different'),
                             ('nan 1\n', 'nan 1\n', 0, 'identical'), ('1e-3,x', '0.001,x', 0, 'equal'),
                             ('-1\n', '1\n', 1, 'different'), ('2022-03\n', '2022-04\n', 1, 'different')]:
        write(one, a)
        write(two, b)
        said = assay('diff', '--all', one, two, code=code)
        check(text in said, '%r %r: %s' % (a, b, said))


# --- records ------------------------------------------------------------------------------------------------------
def test_records(tmp):
    xrd, recipe = os.path.join(CORPUS, 'xrd'), os.path.join(CORPUS, 'recipe')
    folder = os.path.join(tmp, 'records')
    os.mkdir(folder)

    def make(words, *files):
        assay(*(words.split() + list(files)), cwd=folder)
    small, before, after = os.path.join(xrd, 'small.xy'), os.path.join(recipe, 'before.uxd'), os.path.join(recipe, 'after.uxd')
    make('plot -o a.svg -o a.png -o a.pdf', small)
    make('set -o µ.ecsv', small, 'label=Probe µ (1)\\')
    make('plot-lines -o b.pdf -o b.svg -o b.png', 'µ.ecsv')
    make('crop --x 4.9:7.1 -o two.ecsv', before, after)
    make('plot-stack -o two.svg', 'two.ecsv')
    make('panels --columns 2 -o p.svg', 'plot-lines a.ecsv'.replace('a.', 'µ.'), 'plot-stack --offset 2 two.ecsv')
    make('normalize --method max -o n.ecsv', 'two.ecsv')
    make('subtract --other %s -o d.ecsv' % before, after)
    make('average -o m.ecsv', before, after)
    make('simulate-xrd --help')
    records = [json.loads(assay('trace', '--json', f, cwd=folder))[0]['record'] for f in ('a.svg', 'a.png', 'a.pdf')]
    check(records[0] == records[1] == records[2], 'the same figure says three things')
    check(records[0]['series'][0]['sha256'] == sha(small), 'the sum of the input')
    records = [json.loads(assay('trace', '--json', f, cwd=folder))[0]['record'] for f in ('b.svg', 'b.png', 'b.pdf')]
    check(records[0] == records[1] == records[2] and records[0]['series'][0]['label'] == 'Probe µ (1)\\', 'a label: %s' % records)
    for f in ('a.svg', 'a.png', 'a.pdf', 'b.pdf', 'µ.ecsv'):
        check('1 identical' in assay('replay', '--inputs', xrd, f, cwd=folder), 'replay of ' + f)
    for f in ('two.ecsv', 'two.svg', 'n.ecsv', 'd.ecsv'):
        check('1 identical' in assay('replay', '--inputs', recipe, f, cwd=folder), 'replay of ' + f)
    check('1 identical' in assay('replay', '--inputs', CORPUS, 'p.svg', cwd=folder), 'replay of panels')
    check('panel 2: plot-stack' in assay('trace', 'p.svg', cwd=folder), 'trace of panels')
    # few series of many: the record names all that went in
    line = os.path.join(CORPUS, 'raman', 'wire-line.txt')  # several spectra in one file
    make('plot-lines -o m.svg', 'm.ecsv')
    make('average --method median -o many.ecsv', line)
    make('average --by sample -o groups.ecsv', 'two.ecsv')
    for f in ('m.ecsv', 'm.svg', 'groups.ecsv'):
        check('1 identical' in assay('replay', '--inputs', recipe, f, cwd=folder), 'replay of ' + f)
    check('1 identical' in assay('replay', '--inputs', os.path.dirname(line), 'many.ecsv', cwd=folder), 'replay of many.ecsv')
    check(', \\"n\\": ' in open(os.path.join(folder, 'many.ecsv')).read(), 'series of one file are counted, not listed')
    said = assay('trace', 'm.svg', cwd=folder)
    check('took before of before.uxd' in said and 'took after of after.uxd' in said, said)
    said = assay('replay', '--inputs', os.path.dirname(before) + '/none', 'm.svg', cwd=folder, code=5)
    write(os.path.join(folder, 'mix.yaml'), MIX % (before, after))
    assay('run', '--cache', 'off', '-o', 'mixed', 'mix.yaml', cwd=folder)
    for f in ('less.svg', 'mean.svg', 'area.ecsv'):
        check('1 identical' in assay('replay', '--inputs', recipe, os.path.join('mixed', 'mix', f), cwd=folder), 'replay of ' + f)
    stream = open(os.path.join(folder, 'm.ecsv')).read()
    begin = stream.index(', inputs: "')
    end = stream.index('}"}', begin)
    write(os.path.join(folder, 'old.ecsv'), stream[:begin] + stream[end + 2:])  # as records were before
    said = assay('replay', '--inputs', recipe, 'old.ecsv', cwd=folder, code=3)
    check('one series of several' in said, said)
    for change in (('{\\"series\\"', '{\\"series'), ('\\"name\\": \\"after', '\\"n\\": 3, \\"name\\": \\"x.0'), ('\\"steps\\"', '\\"stepz\\"'),
                   ('[{\\"op', '[7, {\\"op'), ('\\"series\\": [', '\\"series\\": [[], '), ('\\"read\\"', '\\"average\\"')):
        check(change[0] in stream, 'nothing to change: %s' % change[0])
        write(os.path.join(folder, 'odd.ecsv'), stream.replace(*change))
        assay('replay', '--inputs', recipe, 'odd.ecsv', cwd=folder, code=3)
    said = assay('replay', 'a.svg', cwd=folder, code=3)
    check('is not found' in said and 'hint: --inputs' in said, said)
    impostor = os.path.join(folder, 'in')
    write(os.path.join(impostor, 'small.xy'), open(small).read() + '90 1\n')
    said = assay('replay', '--inputs', impostor, 'a.svg', cwd=folder, code=3)
    check('has the SHA-256' in said, said)
    with gzip.open(os.path.join(impostor, 'renamed.xy.gz'), 'wb') as f:
        f.write(open(small, 'rb').read())
    check('1 identical' in assay('replay', '--inputs', impostor, 'a.svg', cwd=folder), 'an input under another name, compressed')
    svg = open(os.path.join(folder, 'a.svg')).read()
    write(os.path.join(folder, 'c.svg'), svg.replace('</svg>', '<path d="M0 0"/></svg>'))
    check('different' in assay('replay', '--inputs', xrd, 'c.svg', cwd=folder, code=1), 'a line drawn by hand')
    write(os.path.join(folder, 'e.svg'), svg.replace('"assay"', '"maker"'))
    assay('trace', 'e.svg', cwd=folder, code=3)
    write(os.path.join(folder, 'f.svg'), re.sub('<metadata>.', '<metadata>', svg))
    write(os.path.join(folder, 'g.svg'), svg.replace('--offset', '--offzet'))
    said = assay('replay', '--inputs', xrd, 'g.svg', cwd=folder, code=3)
    check('options that are none' in said and '--offzet' in said, said)
    check('is no JSON' in assay('trace', 'f.svg', cwd=folder, code=3), 'a damaged record')
    check('no record' in assay('trace', small, cwd=folder, code=3), 'a file without a record')
    said = assay('trace', os.path.join(tmp, 'a.zip'))
    check(said.count('sha256') >= 8 and '!small/data/results/small/patterns.pdf: pdf, plot-lines' in said, said)
    said = assay('trace', os.path.join(tmp, 'a.zip') + '!small/data/results/small/peaks.ecsv')
    check(': stream by assay' in said and '| peaks ' in said, said)
    check("no file 'x'" in assay('trace', os.path.join(tmp, 'a.zip') + '!x', code=3), 'a member that is not there')


def test_published(tmp):
    """One recipe of chang2022 with the metadata of all: recipe and data keep their places, SOURCE_DATE_EPOCH dates it."""
    path = os.path.join(tmp, 'chang.tar.gz')
    assay('pack', '--about', os.path.join(SOURCE, 'datasets', 'chang2022', 'about.yaml'), '--name', 'chang2022', '-o', path,
          os.path.join(SOURCE, 'recipes', 'chang2022', 'fig2d.yaml'), SOURCE_DATE_EPOCH='1790000000')
    names = members(path)
    check('chang2022/data/recipes/chang2022/fig2d.yaml' in names, 'the place of the recipe: %s' % list(names))
    check(any(n.startswith('chang2022/data/datasets/chang2022/thermal/') for n in names), 'the place of the data')
    crate = json.loads(names['chang2022/data/ro-crate-metadata.json'])['@graph'][1]
    check(crate['datePublished'] == '2026-09-21' and crate['description'].startswith('Simulated, no measurement'), 'metadata')
    assay('verify', path)
    check('different' not in assay('replay', path), 'replay')


with tempfile.TemporaryDirectory() as top:
    os.environ['XDG_CACHE_HOME'] = os.path.join(top, 'cache')
    os.environ['TMPDIR'] = os.path.join(top, 'tmp')
    os.mkdir(os.environ['TMPDIR'])
    content = test_pack(top)
    unpacked = test_bag(top, content)
    test_crate(top, unpacked, content)
    test_refused(top)
    test_attacks(top)
    test_verify(top, unpacked)
    test_diff_and_replay(top, unpacked)
    test_records(top)
    test_published(top)
    check(os.listdir(os.environ['TMPDIR']) == [], 'temporary folders are left: %s' % os.listdir(os.environ['TMPDIR']))
sys.exit(finish())
