#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels in other scripts: drawn in PNG, PDF and SVG by fonts of the system, the same bytes each time; what no font has is named."""
import os
import shutil
import subprocess
import sys
import tempfile

from lib.checked import check, finish

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
FILE = os.path.join(SOURCE, 'tests/corpus/xrd/small.xy')


def plot(title, *paths):
    words = [ASSAY, 'plot-lines', FILE, '--title', title]
    for path in paths:
        words += ['-o', path]
    p = subprocess.run(words, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    check(p.returncode == 0, '%s: exit %d %s' % (title, p.returncode, p.stderr))
    return p.stderr


def there(character):
    """Whether a font of this system has it; None where that cannot be told."""
    if not shutil.which('fc-list'):
        return None
    return bool(subprocess.run(['fc-list', ':charset=%x' % ord(character)], stdout=subprocess.PIPE).stdout.strip())


def read(path):
    with open(path, 'rb') as f:
        return f.read()


LABELS = {'試': '試料 日本語 ﾗﾏﾝ', 'א': 'עברית (2)', 'ع': 'عربي', 'ह': 'हिन्दी', 'ก': 'การทดลอง', '⇌': 'A ⇌ B_{2}', '\u0301': 'e\u0301te\u0301 Gro\u0308\u00dfe'}
with tempfile.TemporaryDirectory() as tmp:
    with open(os.path.join(tmp, 'leaks'), 'w') as f:
        f.write('leak:libfontconfig\nleak:libpango\n')  # what they keep for the next label, until the process ends
    ENVIRONMENT = dict(os.environ, LSAN_OPTIONS='print_suppressions=0:suppressions=' + f.name)
    at = lambda name: os.path.join(tmp, name)
    plain = plot('Größe Ω·cm, образец № 5', at('own.png'), at('own.pdf'), at('own.svg'))
    check(plain == '', 'the own font has Latin, Greek and Cyrillic: %r' % plain)
    for i, (probe, label) in enumerate(LABELS.items()):
        files = [at('%d.%s' % (i, suffix)) for suffix in ('png', 'pdf', 'svg')]
        again = [at('again%d.%s' % (i, suffix)) for suffix in ('png', 'pdf', 'svg')]
        said = plot(label, *files)
        plot(label, *again)
        for a, b in zip(files, again):
            check(read(a) == read(b), '%s: other bytes the second time in %s' % (label, a[-3:]))
        check(label.split()[0] in read(files[2]).decode(), '%s is text in the SVG' % label)
        has = there(probe)
        if has is None or probe == '\u0301':
            continue
        check(('U+%04X' % ord(probe) in said or 'no font' in said) == (not has), '%s: a font %s, but: %r' % (label, 'is there' if has else 'is not there', said))
        if has and probe == '試' and shutil.which('pdftotext'):
            text = subprocess.run(['pdftotext', files[1], '-'], stdout=subprocess.PIPE, text=True).stdout
            check('試料 日本語' in text, 'pdftotext finds no %s' % label)
    said = plot('private \uf8a1 and \U000f1234', at('p.png'), at('p.svg'))
    if there('\uf8a1') is False and there('\U000f1234') is False:
        check('U+F8A1' in said and 'U+F1234' in said and 'boxes' in said, 'characters that no font has: %r' % said)
    a, b = at('long.png'), at('long.svg')
    said = plot('長い' * 80, a, b)
    check('too long' in said, 'a title of 160 ideographs: %r' % said)
sys.exit(finish())
