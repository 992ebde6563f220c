#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema of recipes is one, accepts every recipe of the project and refuses wrong ones."""
import glob, json, os, subprocess, sys

try:
    import jsonschema, yaml
except ImportError as missing:
    print('skipped: %s' % missing)
    sys.exit(77)
ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
SCHEMA = json.loads(subprocess.run([ASSAY, 'schema'], check=True, stdout=subprocess.PIPE).stdout)
kind = getattr(jsonschema, 'Draft202012Validator', None) or jsonschema.Draft7Validator
kind.check_schema(SCHEMA)
validator = kind(SCHEMA)

HEAD = {'recipe': 1, 'inputs': {'one': {'file': 'a.xy'}}}
WRONG = [
    {'recipe': 2}, {'recipe': 1, 'input': {}}, {'recipe': 1, 'inputs': []}, {'recipe': 1, 'inputs': {'a': {'label': 'x'}}},
    {'recipe': 1, 'inputs': {'a': {'file': 'x', 'lable': 'y'}}}, {'recipe': 1, 'inputs': {'a/b': {'file': 'x'}}},
    dict(HEAD, steps={'s': {'from': 'one'}}), dict(HEAD, steps={'s': {'from': [], 'pipe': 'cat'}}),
    dict(HEAD, steps={'s': {'from': 'one', 'pipe': 'corp --x 1:2'}}),
    dict(HEAD, figures={'f': {'from': 'one', 'pipe': 'cat'}}),
    dict(HEAD, figures={'f': {'from': 'one', 'pipe': 'plot', 'formats': ['jpg']}}),
    dict(HEAD, tables={'t': {'from': 'one', 'formats': 'xls'}}), dict(HEAD, claims={'c': 1}),
    dict(HEAD, claims=[{'says': 'x', 'from': 'one'}]),
    dict(HEAD, claims=[{'says': 'x', 'from': 'one', 'holds': '1 > 0', 'expect': 'maybe'}]),
]

failed = 0
recipes = [f for pattern in ('recipes/**/*.yaml', 'tests/corpus/recipe/*.yaml')
           for f in glob.glob(os.path.join(SOURCE, pattern), recursive=True)]
for path in recipes:
    with open(path) as f:
        for error in validator.iter_errors(yaml.safe_load(f)):
            failed += 1
            print('%s: %s at %s' % (path, error.message[:200], list(error.absolute_path)))
for wrong in WRONG:
    if validator.is_valid(wrong):
        failed += 1
        print('accepted: %s' % wrong)
print('%d recipes, %d wrong ones, %d failed' % (len(recipes), len(WRONG), failed))
sys.exit(failed > 0 or not recipes)
