#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden tests of the command line: golden.py [--accept] FOLDER|FILE...

A case is one file NAME.case:

    # what it shows (any number of comment lines)
    $ assay crop --x 1:2 tests/corpus/small.xy | head -3
    --- stdout
    expected lines, exactly
    --- stderr
    expected lines; "..." as a line matches any number of lines, "*" inside a line any text
    --- exit 3

Sections may be absent: stdout and stderr are then empty and the exit status is 0. "--- stdout tol 1e-9"
compares numbers in equal places with that relative tolerance (and 1e-12 absolute) and all else exactly;
"--- stdout glob" matches like stderr. The command runs in sh -o pipefail where there is one, in the top
folder of the source, with `assay` being the binary under test and $TMP an empty folder.
--accept rewrites exact and tol sections from what was printed: read the diff before committing it.
"""
import fnmatch, os, re, subprocess, sys, tempfile

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
NUMBER = re.compile(r'[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)')


def parse(path):
    case = {'comment': [], 'command': [], 'sections': {}, 'exit': 0}
    section = None
    for line in open(path, encoding='utf-8').read().split('\n')[:-1]:
        if line.startswith('--- '):
            words = line[4:].split()
            if words[0] == 'exit':
                case['exit'] = int(words[1])
                section = None
            else:
                section = case['sections'][words[0]] = {'mode': words[1:], 'lines': []}
        elif section is not None:
            section['lines'].append(line)
        elif line.startswith('$ '):
            case['command'].append(line[2:])
        elif line.startswith('> ') and case['command']:
            case['command'].append(line[2:])
        else:
            case['comment'].append(line)
    return case


def glob_equal(want, got):
    if not want:
        return not got
    if want[0] == '...':
        return any(glob_equal(want[1:], got[i:]) for i in range(len(got) + 1))
    pattern = want[0].replace('[', '[[]').replace('?', '[?]')
    return bool(got) and fnmatch.fnmatchcase(got[0], pattern) and glob_equal(want[1:], got[1:])


def numbers_equal(want, got, tolerance):
    if len(want) != len(got):
        return False
    for w, g in zip(want, got):
        if NUMBER.sub('0', w) != NUMBER.sub('0', g):
            return False
        for a, b in zip(NUMBER.findall(w), NUMBER.findall(g)):
            a, b = float(a), float(b)
            if abs(a - b) > tolerance * max(abs(a), abs(b)) + 1e-12:
                return False
    return True


def agrees(section, got):
    mode = section['mode']
    if not mode:
        return section['lines'] == got
    if mode[0] == 'glob':
        return glob_equal(section['lines'], got)
    return numbers_equal(section['lines'], got, float(mode[1]))


def run(case):
    with tempfile.TemporaryDirectory() as tmp, tempfile.TemporaryDirectory() as bin:
        os.symlink(ASSAY, os.path.join(bin, 'assay'))
        env = dict(os.environ, PATH=bin + ':' + os.environ['PATH'], TMP=tmp, LC_ALL='C.UTF-8', XDG_CACHE_HOME=os.path.join(tmp, '.cache'))
        p = subprocess.run(['bash', '-o', 'pipefail', '-c', '\n'.join(case['command'])], cwd=SOURCE, env=env,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        lines = [s.decode('utf-8', 'replace').replace(tmp, '$TMP').split('\n') for s in (p.stdout, p.stderr)]
        for l in lines:
            if l[-1] == '':
                l.pop()
        return lines[0], lines[1], p.returncode


def accept(path, case, out, err, code):
    with open(path, 'w', encoding='utf-8') as f:
        for line in case['comment']:
            f.write(line + '\n')
        for i, line in enumerate(case['command']):
            f.write(('> ' if i else '$ ') + line + '\n')
        for name, got in (('stdout', out), ('stderr', err)):
            section = case['sections'].get(name, {'mode': ['glob'] if name == 'stderr' else [], 'lines': []})
            keep = section['mode'][:1] == ['glob'] and section['lines'] and glob_equal(section['lines'], got)
            lines = section['lines'] if keep else got
            if lines:
                f.write(' '.join(['---', name] + section['mode']) + '\n' + '\n'.join(lines) + '\n')
        if code:
            f.write('--- exit %d\n' % code)


def main(args):
    accepting = '--accept' in args
    paths = []
    for a in args:
        if os.path.isdir(a):
            paths += sorted(os.path.join(a, f) for f in os.listdir(a) if f.endswith('.case'))
        elif a != '--accept':
            paths.append(a)
    failed = 0
    for path in paths:
        case = parse(path)
        out, err, code = run(case)
        nothing = {'mode': [], 'lines': []}
        stderr = dict(case['sections'].get('stderr', nothing), mode=['glob'])
        good = agrees(case['sections'].get('stdout', nothing), out) and agrees(stderr, err) and code == case['exit']
        if good:
            continue
        if accepting:
            accept(path, case, out, err, code)
            print('accepted', path)
            continue
        failed += 1
        print('FAILED', path)
        print('\n'.join('    $ ' + c for c in case['command']))
        for name, got in (('stdout', out), ('stderr', err)):
            want = case['sections'].get(name, nothing)['lines']
            if want != got:
                print('  %s, expected:' % name)
                print('\n'.join('    |' + l for l in want[:40]))
                print('  got:')
                print('\n'.join('    |' + l for l in got[:40]))
        if code != case['exit']:
            print('  exit %d, expected %d' % (code, case['exit']))
    print('%d cases, %d failed' % (len(paths), failed))
    return 1 if failed or not paths else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
