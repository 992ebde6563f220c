#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/recipes.md shows is true: its recipe is one, its commands run, its keys are all of them."""
import json, os, re, shutil, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
text = open(os.path.join(SOURCE, 'docs', 'recipes.md')).read()
blocks = ['\n'.join(line[4:] for line in b.split('\n')) for b in re.findall(r'(?:(?<=\n\n)|^)((?:    .*\n)+)', text)]
failed = done = 0

with tempfile.TemporaryDirectory() as tmp:
    folder = os.path.join(tmp, 'recipe')
    shutil.copytree(os.path.join(SOURCE, 'tests', 'corpus', 'recipe'), folder)
    os.mkdir(os.path.join(tmp, 'bin'))
    os.symlink(ASSAY, os.path.join(tmp, 'bin', 'assay'))
    env = dict(os.environ, PATH=os.path.join(tmp, 'bin') + ':' + os.environ['PATH'],
               XDG_CACHE_HOME=os.path.join(tmp, 'cache'))
    for block in blocks:
        if block.startswith('recipe: 1'):
            open(os.path.join(folder, 'guide.yaml'), 'w').write(block)
            continue
        for command in block.split('\n'):
            if not re.match(r'(assay|make) ', command):
                continue
            p = subprocess.run(['bash', '-o', 'pipefail', '-c', command], cwd=folder, env=env,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            done += 1
            if p.returncode:
                failed += 1
                print('$ %s\nexit %d\n%s' % (command, p.returncode, p.stderr.decode()))
    made = set(os.listdir(os.path.join(folder, 'figures-out', 'guide')))
    for name in ('patterns.svg', 'patterns.png', 'peaks.csv', 'peaks.ecsv', 'claims.tsv', 'reported.tsv', 'claims.json'):
        if name not in made or name not in text:
            failed += 1
            print('%s is not made, or not in the guide' % name)

schema = json.loads(subprocess.run([ASSAY, 'schema'], check=True, stdout=subprocess.PIPE).stdout)
rows = '\n'.join(re.findall(r'^\| .*$', text, re.M))
keys = set(schema['allOf'][0]['properties'])
for part in ('input', 'step', 'figure', 'table', 'claim'):
    keys |= set(schema['$defs'][part]['properties'])
for key in sorted(keys):
    if not re.search(r'[`{ ,]%s[`},]' % key, rows):
        failed += 1
        print('the key %s is not in the tables of the guide' % key)
print('%d commands, %d keys, %d failed' % (done, len(keys), failed))
sys.exit(failed > 0 or done < 10)
