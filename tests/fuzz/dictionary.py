#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dictionary.py SOURCE.c > NAME.dict: the words that a parser looks for, as a libFuzzer dictionary: the string literals of its
source that stand in comparisons, probes and tables; messages (with blanks and %) are left out."""
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def words(text):
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    text = re.sub(r'^#include.*$', '', text, flags=re.M)
    for m in LITERAL.finditer(text):
        word = m.group(1)
        if 1 < len(word) <= 40 and '%' not in word and word.count(' ') < 3:
            yield word


def escaped(word):
    """C escapes as bytes, bytes as libFuzzer wants them."""
    raw = word.encode().decode('unicode_escape').encode('latin-1', 'ignore')
    return ''.join(chr(b) if 32 < b < 127 and chr(b) not in '"\\' else '\\x%02x' % b for b in raw)


def main(path):
    with open(path, encoding='utf-8') as f:
        for word in sorted(set(words(f.read()))):
            try:
                print('"%s"' % escaped(word))
            except UnicodeDecodeError:
                pass


main(sys.argv[1])
