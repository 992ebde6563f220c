#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sh blocks of README.md and docs/*.md run in order, each document in a folder of its own, and exit 0; links lead somewhere. Pictures
under docs/pictures/gallery are what their commands draw; --write puts new ones there."""
import filecmp, glob, os, re, shutil, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
BLOCK = re.compile(r'^```sh\n(.*?)^```', re.M | re.S)
failed = done = 0


def compare_pictures(document, text, folder):
    global failed
    for target in re.findall(r'\]\((pictures/gallery/[^)]+)\)', text):
        drawn, kept = os.path.join(folder, os.path.basename(target)), os.path.join(SOURCE, 'docs', target)
        if not os.path.exists(drawn):
            failed += 1
            print('%s: no command draws %s' % (document, target))
        elif '--write' in sys.argv:
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            shutil.copyfile(drawn, kept)
        elif not os.path.exists(kept) or not filecmp.cmp(drawn, kept, shallow=False):
            failed += 1
            print('%s: %s is not what its command draws: tests/check/docs.py --write' % (document, target))


def run_blocks(document, text, blocks):
    global failed, done
    with tempfile.TemporaryDirectory() as tmp:
        os.mkdir(os.path.join(tmp, 'build'))
        os.symlink(ASSAY, os.path.join(tmp, 'build', 'assay'))
        for name in ('tests', 'datasets', 'recipes', 'docs'):
            os.symlink(os.path.join(SOURCE, name), os.path.join(tmp, name))
        env = dict(os.environ, PATH=os.path.join(tmp, 'build') + ':' + os.environ['PATH'], LC_ALL='C.UTF-8',
                   XDG_CACHE_HOME=os.path.join(tmp, 'cache'))
        for block in blocks:
            done += 1
            p = subprocess.run(['bash', '-e', '-o', 'pipefail', '-c', block], cwd=tmp, env=env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
            cut = '| head' in block and p.returncode in (141, 5)  # head ends the command before it
            if p.returncode != 0 and not cut:
                failed += 1
                print('%s:\n%s  exit %d\n  %s' % (document, block, p.returncode, p.stderr.decode('utf-8', 'replace')[:800]))
        compare_pictures(document, text, tmp)


def check_links(document, text):
    global failed
    for target in re.findall(r'\]\(([^)#:]+)\)', text):
        if not os.path.exists(os.path.join(SOURCE, os.path.dirname(document), target)):
            failed += 1
            print('%s: no file %s' % (document, target))


for path in [os.path.join(SOURCE, 'README.md')] + sorted(glob.glob(os.path.join(SOURCE, 'docs', '*.md'))):
    text = open(path, encoding='utf-8').read()
    document = os.path.relpath(path, SOURCE)
    blocks = BLOCK.findall(text)
    if blocks:
        run_blocks(document, text, blocks)
    check_links(document, text)
print('%d blocks, %d failed' % (done, failed))
sys.exit(1 if failed or not done else 0)
