#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed works away from the build: the program finds its modules, a C program compiles against the library with
pkg-config and gets the numbers that the command line gives, Python reaches the library through ctypes, and the Debian package
has all of it and names what it depends on."""
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile

from lib.checked import check, finish

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
BUILD = os.path.join(SOURCE, 'build')
SCAN, XML = (os.path.join(SOURCE, p) for p in ('tests/corpus/xrd/small.xy', 'datasets/chang2022/xrd/pristine.xrdml'))


def run(*args, **kw):
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)
    check(p.returncode == 0, '%s: %s' % (' '.join(args), p.stdout[-2000:]))
    return p.stdout


def program_works(root, folder):
    assay = os.path.join(root, 'bin', 'assay')
    check('two_theta' in run(assay, 'read', XML), 'XML is read')
    run(assay, 'plot', SCAN, '--output', os.path.join(folder, 'scan.png'))
    check(open(os.path.join(folder, 'scan.png'), 'rb').read(4) == b'\x89PNG', 'a figure is drawn')
    check(os.path.exists(os.path.join(root, 'share/man/man1/assay.1')), 'there are manual pages')


def positions(text):
    return [float(l.split()[3]) for l in text.splitlines() if l.split()[2:3] == ['position']]


def example_works(root, folder):
    found = os.path.join(root, 'lib', 'pkgconfig')
    env = dict(os.environ, PKG_CONFIG_PATH=found)
    flags = run('pkg-config', '--cflags', '--libs', 'assay', env=env).split()
    program = os.path.join(folder, 'peaks')
    run('cc', '-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', os.path.join(SOURCE, 'docs/examples/peaks.c'), *flags,
        '-Wl,-rpath,' + os.path.join(root, 'lib'), '-o', program)
    ours = run(program, SCAN, cwd=folder)
    check('</svg>' in open(os.path.join(folder, 'peaks.svg'), encoding='utf-8').read(), 'the example draws')
    script = '"$0" baseline-snip "$1" | "$0" peaks | "$0" results | grep -v "^#"'
    theirs = run('sh', '-c', script, os.path.join(root, 'bin', 'assay'), SCAN)
    expected = [float('%.6g' % float(l.split(' ')[4])) for l in theirs.splitlines() if l.split(' ')[3] == 'position']
    check(expected and positions(ours) == expected, 'positions %r, the command line has %r' % (positions(ours), expected))
    p = subprocess.run([program, os.path.join(SOURCE, 'LICENSE')], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(p.returncode == 1 and 'error:' in p.stderr, 'a file of no format is refused: %r' % p.stderr)


class Tables(ctypes.Structure):
    _fields_ = [('origin', ctypes.c_char_p), ('n', ctypes.c_size_t), ('t', ctypes.c_void_p)]


def python_reaches(root):
    """In a process of its own: a library that brings half of GTK's stack is not unloaded."""
    lib = ctypes.CDLL(os.path.join(root, 'lib', 'libassay.so'))
    lib.as_suite_new.restype = ctypes.c_void_p
    suite = ctypes.c_void_p(lib.as_suite_new(None, None))
    files, tables = (ctypes.c_char_p * 1)(XML.encode()), Tables()
    status = lib.as_suite_read(suite, ctypes.c_size_t(1), files, ctypes.byref(tables))
    print(status, tables.n)
    lib.as_suite_free(suite)


def package_works(folder):
    run('cpack', '--config', os.path.join(BUILD, 'CPackConfig.cmake'), '-B', folder, cwd=folder)
    packages = [f for f in os.listdir(folder) if f.endswith('.deb')]
    check(len(packages) == 1, 'packages: %r' % packages)
    package, root = os.path.join(folder, packages[0]), os.path.join(folder, 'unpacked')
    depends = run('dpkg-deb', '--field', package, 'Depends')
    for name in ('libgsl', 'libfftw3', 'libxml2', 'libarchive13', 'libcairo2', 'fonts-liberation'):
        check(name in depends, 'depends on %s: %s' % (name, depends))
    run('dpkg-deb', '--extract', package, root)
    program_works(os.path.join(root, 'usr'), folder)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == '--python':
        return python_reaches(sys.argv[2])
    if not os.path.exists(os.path.join(BUILD, 'lib', 'libassay.so')):
        print('skipped: no release build in build/')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.join(folder, 'root')
        run('cmake', '--install', BUILD, '--prefix', root)
        program_works(root, folder)
        example_works(root, folder)
        check(run(sys.executable, __file__, '--python', root).split() == ['0', '1'], 'ctypes reads one series')
        if shutil.which('dpkg-shlibdeps'):
            package_works(folder)
        else:
            print('no dpkg-shlibdeps: the package was not built')
    return finish()


if __name__ == '__main__':
    sys.exit(main())
