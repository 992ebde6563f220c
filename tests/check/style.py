#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""House rules that a machine can check: who includes whom, forbidden calls, lengths, SPDX lines, leftovers."""
import os, re, subprocess, sys

ROOT = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
MAY_INCLUDE = {
    'datasets': {'datasets'},
    'parsers': {'datasets', 'parsers'},
    'processing': {'datasets', 'processing'},
    'figures': {'datasets', 'figures'},
    'cmd': {'datasets', 'parsers', 'processing', 'figures', 'cmd'},
}
TOP = {'CMakeLists.txt', 'README.md', 'cmd', 'parsers', 'processing', 'figures', 'datasets', 'tests', 'recipes', 'docs', 'LICENSE',
       'CHANGELOG.md', 'CONTRIBUTING.md', 'CITATION.cff', 'CMakePresets.json', 'bootstrap', '.clang-format', '.clang-tidy',
       '.editorconfig', '.gitignore', '.gitattributes', '.ci', '.zenodo.json'}
# Below cmd/: no printing, no exit, no locale-bound or unbounded functions, memory from arenas only.
BANNED = re.compile(r'\b(exit|abort|assert|printf|puts|putchar|perror|strtod|strtof|atof|atoi|atol|strtol|strtoul|strtoll|scanf|sscanf|'
                    r'fscanf|setlocale|strtok|sprintf|vsprintf|strcpy|strcat|gets|getenv|time|localtime|gmtime|rand|srand|random)\s*\(')
BANNED_ALLOC = re.compile(r'\b(malloc|calloc|realloc|free)\s*\(')
ALLOC_FILES = {'datasets/arena.c', 'datasets/heap.c'}  # heap.c: memory that libraries hand over
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_LINE = 100, 600, 120

problems = []


def say(path, line, text):
    problems.append('%s:%d: %s' % (path, line, text))


def tracked():
    try:
        out = subprocess.run(['git', 'ls-files', '--cached', '--others', '--exclude-standard'], cwd=ROOT, check=True,
                             stdout=subprocess.PIPE).stdout.decode()
        return [f for f in out.splitlines() if os.path.exists(os.path.join(ROOT, f))]
    except (OSError, subprocess.CalledProcessError):
        return [os.path.relpath(os.path.join(d, f), ROOT) for d, _, fs in os.walk(ROOT) for f in fs
                if '/build' not in d and '/.git' not in d]


def strip(text):
    """Comments and string contents out, so that prose is not taken for code; line numbers stay."""
    def blank(m):
        s = m.group(0)
        return re.sub(r'[^\n]', ' ', s) if s.startswith('/') else '""' if s.startswith('"') else "' '"
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def check_includes(path, text, homes):
    folder = path.split('/')[0]
    for number, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not m:
            continue
        name = m.group(1)
        if '/' in name:
            say(path, number, 'include "%s": headers are included by name' % name)
        home = homes.get(name)
        if os.path.exists(os.path.join(ROOT, folder, name)):
            continue
        if home and home not in MAY_INCLUDE[folder]:
            say(path, number, '%s/ must not include %s (%s/)' % (folder, name, home))


def check_functions(path, code):
    start = None
    for number, line in enumerate(code.splitlines(), 1):
        if line.startswith('{'):
            start = number
        elif line.startswith('}') and start is not None:
            if number - start > LONGEST_FUNCTION:
                say(path, start, 'a function of %d lines (at most %d)' % (number - start, LONGEST_FUNCTION))
            start = None


def check_c(path, text, homes):
    code = strip(text)
    folder = path.split('/')[0]
    lines = text.splitlines()
    if not lines or 'SPDX-License-Identifier: GPL-3.0-or-later' not in lines[0]:
        say(path, 1, 'no SPDX line first')
    if len(lines) > LONGEST_FILE:
        say(path, len(lines), 'a file of %d lines (at most %d): is it still one idea?' % (len(lines), LONGEST_FILE))
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE and folder != 'tests':
            say(path, number, 'a line of %d characters' % len(line))
        if line.rstrip() != line or '\t' in line:
            say(path, number, 'tab or trailing blank')
    if folder in MAY_INCLUDE:
        check_includes(path, text, homes)
        check_functions(path, code)
    if folder in MAY_INCLUDE and folder != 'cmd':
        for number, line in enumerate(code.splitlines(), 1):
            m = BANNED.search(line)
            if m and not re.search(r'[.>]%s\s*\(' % m.group(1), line):
                say(path, number, '%s() is not for code below cmd/' % m.group(1))
            m = BANNED_ALLOC.search(line)
            if m and path not in ALLOC_FILES:
                say(path, number, '%s(): memory comes from arenas' % m.group(1))


def check_words(path, text):
    # Spelt so that this file does not match itself.
    odd = re.compile('|'.join(['/w[o]rk/', '/h[o]me/[a-z]', 'T[O]DO', 'F[I]XME', 'X[X]X', 'n[o]t implemented']))
    for number, line in enumerate(text.splitlines(), 1):
        m = odd.search(line)
        if m:
            say(path, number, "'%s' should not stay" % m.group(0))


def check_def(folder, name, kind, symbol):
    path = os.path.join(ROOT, folder, name)
    seen = set()
    for m in re.finditer(r'^%s(?:_IN)?\(([a-z0-9_]+)' % kind, open(path).read(), re.M):
        seen.add(m.group(1))
        if not os.path.exists(os.path.join(ROOT, folder, m.group(1) + '.c')):
            say('%s/%s' % (folder, name), 1, 'no file %s.c' % m.group(1))
    for f in os.listdir(os.path.join(ROOT, folder)):
        if not f.endswith('.c'):
            continue
        text = open(os.path.join(ROOT, folder, f), encoding='utf-8').read()
        if re.search(r'^const %s %s_' % (symbol, symbol), text, re.M) and f[:-2] not in seen:
            say('%s/%s' % (folder, f), 1, 'defines an %s that %s does not name' % (symbol, name))


def main():
    files = tracked()
    for f in files:
        if f.split('/')[0] not in TOP:
            say(f, 1, 'not in the agreed layout of the top level')
    homes = {os.path.basename(f): f.split('/')[0] for f in files if f.endswith('.h') and f.split('/')[0] in MAY_INCLUDE}
    for f in files:
        try:
            text = open(os.path.join(ROOT, f), encoding='utf-8').read()
        except (UnicodeDecodeError, IsADirectoryError):
            continue
        if f.endswith(('.c', '.h')) and f.split('/')[0] in set(MAY_INCLUDE) | {'tests'}:
            check_c(f, text, homes)
        if not f.startswith(('datasets/chang2022', 'tests/corpus', 'LICENSE')):
            check_words(f, text)
    check_def('processing', 'ops.def', 'AS_OP', 'as_op')
    check_def('parsers', 'parsers.def', 'AS_PARSER', 'as_parser')
    check_def('figures', 'figures.def', 'AS_FIGURE', 'as_figure')
    print('\n'.join(problems))
    print('%d files, %d problems' % (len(files), len(problems)))
    return 1 if problems or not files else 0


if __name__ == '__main__':
    sys.exit(main())
