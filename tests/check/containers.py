#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compressed files and containers: the same table from each, bombs and damage refused."""
import bz2, gzip, io, lzma, os, subprocess, sys, tarfile, tempfile, zipfile

ASSAY = os.environ['ASSAY']
failed = 0
ROWS = b'angle counts\n' + b''.join(b'%d %d\n' % (i, 100 + i * i % 37) for i in range(50))


def run(path, *more):
    p = subprocess.run([ASSAY, 'read', *more, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode('utf-8', 'replace')


def check(what, good, seen=''):
    global failed
    if not good:
        failed += 1
        print('failed: %s %s' % (what, seen))


def rows(out):
    return [l.split(' ', 1)[1] for l in out.splitlines() if l and l[0] != '#' and not l.startswith('series')]


def make_zip(path, members):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)


def wrapped(tmp):
    plain = os.path.join(tmp, 'a.xy')
    open(plain, 'wb').write(ROWS)
    code, want, err = run(plain)
    check('plain file', code == 0 and len(rows(want)) == 50, err)
    makers = {'gz': gzip.compress, 'bz2': bz2.compress, 'xz': lzma.compress}
    zstd = subprocess.run(['sh', '-c', 'command -v zstd'], stdout=subprocess.DEVNULL).returncode == 0
    if zstd:
        makers['zst'] = lambda d: subprocess.run(['zstd', '-c'], input=d, stdout=subprocess.PIPE).stdout
    for suffix, pack in makers.items():
        p = plain + '.' + suffix
        packed = pack(ROWS)
        open(p, 'wb').write(packed)
        code, out, err = run(p)
        check('a.xy.' + suffix, code == 0 and out == want, err)
        for cut in (len(packed) // 2, len(packed) - 1 if suffix != 'gz' else len(packed) - 9):
            open(p, 'wb').write(packed[:cut])
            code, out, err = run(p)
            check('cut a.xy.%s' % suffix, code == 3 and out == '' and err, '%d %s' % (code, err))
    open(plain + '.gz', 'wb').write(gzip.compress(gzip.compress(ROWS)))
    code, out, err = run(plain + '.gz')
    check('twice compressed', code == 0 and rows(out) == rows(want), err)


def containers(tmp):
    p = os.path.join(tmp, 'two.zip')
    make_zip(p, [('b/one.xy', ROWS), ('b/', b''), ('two.xy', ROWS), ('.DS_Store', b'\0\1'), ('read.me', b'Hello there.\n')])
    code, out, err = run(p)
    check('zip of two', code == 0 and len(rows(out)) == 100 and '"one"' in out and '"two"' in out, err)
    check('what is left out is named', 'two.zip!read.me' in err and 'left out' in err, err)
    check('source of a member', 'two.zip!b/one.xy' in out, out[:400])
    whole = open(p, 'rb').read()
    for cut in (30, len(whole) // 2, len(whole) - 10):
        q = os.path.join(tmp, 'cut.zip')
        open(q, 'wb').write(whole[:cut])
        code, out, err = run(q)
        check('zip cut at %d' % cut, code == 3 and out == '', '%d %s' % (code, err))
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode='w') as t:
        for name in ('x/one.xy', 'x/two.xy'):
            info = tarfile.TarInfo(name)
            info.size = len(ROWS)
            t.addfile(info, io.BytesIO(ROWS))
    for name, data in (('t.tar', b.getvalue()), ('t.tgz', gzip.compress(b.getvalue()))):
        p = os.path.join(tmp, name)
        open(p, 'wb').write(data)
        code, out, err = run(p)
        check(name, code == 0 and len(rows(out)) == 100, err)
    p = os.path.join(tmp, 'same.zip')
    make_zip(p, [('a/s.xy', ROWS), ('b/s.xy', ROWS)])
    code, out, err = run(p)
    names = [l.split('"name": "')[1].split('"')[0] for l in out.splitlines() if l.startswith('#> ')]
    check('equal stems get different names', code == 0 and len(set(names)) == 2, names)


def hostile(tmp):
    p = os.path.join(tmp, 'bomb.xy.xz')
    open(p, 'wb').write(lzma.compress(b'0' * (200 << 20), preset=0))
    code, out, err = run(p)
    check('xz bomb', code == 5 and out == '', '%d %s' % (code, err[:200]))
    p = os.path.join(tmp, 'bomb.zip')
    make_zip(p, [('a.xy', b'0' * (150 << 20))])
    code, out, err = run(p)
    check('zip bomb', code == 5 and out == '', '%d %s' % (code, err[:200]))
    inner = ROWS
    for i in range(8):
        b = io.BytesIO()
        with zipfile.ZipFile(b, 'w') as z:
            z.writestr('%d.zip' % i if i else 'a.xy', inner)
        inner = b.getvalue()
    p = os.path.join(tmp, 'nest.zip')
    open(p, 'wb').write(inner)
    code, out, err = run(p)
    check('zips in zips', code == 5 and out == '' and 'deep' in err, '%d %s' % (code, err[:200]))
    p = os.path.join(tmp, 'up.zip')
    make_zip(p, [('../../../../tmp/up.xy', ROWS), ('/etc/up.xy', ROWS)])
    code, out, err = run(p)
    check('names that lead out are only names', code == 0 and len(rows(out)) == 100, err)
    check('nothing is unpacked', not os.path.exists('/tmp/up.xy') and not os.path.exists('/etc/up.xy'))
    p = os.path.join(tmp, 'empty.zip')
    make_zip(p, [])
    code, out, err = run(p)
    check('empty zip', code == 3 and out == '', '%d %s' % (code, err))


with tempfile.TemporaryDirectory() as folder:
    wrapped(folder)
    containers(folder)
    hostile(folder)
print('%d failed' % failed)
sys.exit(1 if failed else 0)
