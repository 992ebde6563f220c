#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run --data: recipes made from a workbook of the shape that publishers give (a sheet per figure, pairs of columns of
unequal length under titles), filled here with simulated data: the same figures, numbers and verdicts as from the exports."""
import csv, json, os, subprocess, sys, tempfile
from lib.checked import check, finish

try:
    import openpyxl
except ImportError:
    print('skipped: no Python module openpyxl here')
    sys.exit(77)
ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
DATA, RECIPES = os.path.join(SOURCE, 'datasets', 'chang2022'), os.path.join(SOURCE, 'recipes', 'chang2022')


def assay(*words, cwd=None, code=0):
    p = subprocess.run([ASSAY] + list(words), cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(p.returncode == code, 'assay %s: exit %d, expected %d\n%s' % (' '.join(words), p.returncode, code, p.stderr.decode()))
    return p.stdout.decode() + p.stderr.decode()


def columns(path, *names):
    lines = [l.split() for l in assay('read', path).splitlines() if l and not l.startswith('#')]
    at = [lines[0].index(n) for n in names]
    return [[float(l[k]) for k in at] for l in lines[1:]]


def fill(sheet, groups):
    """A title, a row of groups, a row of names, then the pairs."""
    sheet.cell(1, 1, 'Source data, simulated: no measurement')
    for g, (title, names, rows) in enumerate(groups):
        sheet.cell(2, 4 * g + 1, title)
        for k, name in enumerate(names):
            sheet.cell(3, 4 * g + 1 + k, name)
        for r, row in enumerate(rows):
            for k, v in enumerate(row):
                sheet.cell(4 + r, 4 * g + 1 + k, v)


def results(path):
    with open(path) as f:
        return {(r['series'], r['item'], r['quantity']): (float(r['value'] or 'nan'), r['flag']) for r in csv.DictReader(f)}


MAP = '''data: 1
recipes:
  fig2b:
    sheet: Fig. 2b
    columns: two_theta:deg,intensity:count%s
    technique: xrd
    set: {wavelength: 1.5406 Angstrom, wavelength_alpha2: 1.54439 Angstrom, alpha2_ratio: 0.497, wavelength_kind: ka1_ka2}
    inputs:
      pristine: {range: A4:%s99999}
      activated: {range: E4:%s99999}
      quasi: {range: I4:%s99999%s}
  fig5j:
    sheet: Fig. 2b
    inputs: {}
    keep: [after_100, after_300, after_700]
'''

with tempfile.TemporaryDirectory() as tmp:
    os.environ['XDG_CACHE_HOME'] = os.path.join(tmp, 'cache')
    book, names = openpyxl.Workbook(), ('two_theta', 'intensity', 'sigma')
    book.active.title = 'Contents'
    book.active['A1'] = 'One sheet per figure'
    fill(book.create_sheet('Fig. 2b'), [(label, ('2θ (deg)', 'Intensity (counts)', 'Error'), columns(os.path.join(DATA, 'xrd', f), *names))
                                         for label, f in (('Pristine MOF', 'pristine.xrdml'), ('Activated MOF', 'activated.xrdml'),
                                                          ('Quasi-solid electrolyte', 'quasi-solid.xrdml'))])
    book.save(os.path.join(tmp, 'book.xlsx'))
    path, recipe = os.path.join(tmp, 'map.yaml'), os.path.join(RECIPES, 'fig2b.yaml')

    def write(sigma=True, more='', change=('', '')):
        parts = (',sigma:count', 'C', 'G', 'K') if sigma else ('', 'B', 'F', 'J')
        open(path, 'w').write((MAP % (parts + (more,))).replace(*change))

    def run(*more, code=0, name=recipe):
        return assay('run', name, '--data', 'book.xlsx', '--data-map', 'map.yaml', '-o', 'out', *more, cwd=tmp, code=code)
    write(sigma=False)  # nobody says how large the scatter of the counts is: no verdict
    check('y has no sigma' in run('--verify', code=1), 'no word of the missing sigma')
    write()
    said = run('--verify')
    check('4 claims, 0 not as expected' in said, said)
    both = assay('run', RECIPES, '--data', 'book.xlsx', '--data-map', 'map.yaml', '-o', 'folder', '--verify', cwd=tmp)
    check(sorted(os.listdir(os.path.join(tmp, 'folder'))) == ['fig2b', 'fig5j'], 'of a folder, others than the map knows: ' + both)
    # the recipe on one scan of each, as the workbook has them
    os.mkdir(os.path.join(tmp, 'single'))
    single = os.path.join(tmp, 'single', 'fig2b.yaml')
    open(single, 'w').write(open(recipe).read().replace('{,-2,-3}', '').replace('../../datasets', os.path.join(SOURCE, 'datasets')))
    assay('run', single, '-o', 'own', cwd=tmp)
    here, own = (results(os.path.join(tmp, d, 'fig2b', 'fig2b.csv')) for d in ('out', 'own'))
    check(here.keys() == own.keys() and len(own) > 30, 'other results: %s' % (here.keys() ^ own.keys()))
    far = [k for k in own if own[k][1] != here[k][1] or abs(own[k][0] - here[k][0]) > 1e-6 * abs(own[k][0])]
    check(not far, 'results that differ: %s' % [(k, own[k], here[k]) for k in far[:5]])
    head = open(os.path.join(tmp, 'out', 'fig2b', 'fig2b.ecsv')).read(3000)
    check('technique: xrd}' in head, 'the technique that the map states: %s' % head)
    about = json.load(open(os.path.join(tmp, 'out', 'fig2b', 'claims.json')))['about']
    check(about['data'] == 'read from book.xlsx', 'the answers still say whose data they were: %s' % about)
    record = assay('trace', '--json', os.path.join('out', 'fig2b', 'fig2b.svg'), cwd=tmp)
    series = json.loads(record)[0]['record']['series']  # each names what went into it too
    check([s.get('source') for s in series] == 3 * ['book.xlsx'], record)
    # packed: workbook and map are in the archive, which is made again without anything else
    data = ('--data', 'book.xlsx', '--data-map', 'map.yaml', '--about', os.path.join(SOURCE, 'tests/corpus/archive/about.yaml'))
    said = assay('pack', recipe, *data, '-o', 'book.zip', cwd=tmp)
    check('4 claims, 0 not as expected' in said, said)
    assay('verify', 'book.zip', cwd=tmp)
    os.mkdir(os.path.join(tmp, 'far'))
    os.rename(os.path.join(tmp, 'book.zip'), os.path.join(tmp, 'far', 'book.zip'))
    assay('unpack', 'book.zip', '-o', 'unpacked', cwd=os.path.join(tmp, 'far'))
    inside = [os.path.join(d, f) for d, _, files in os.walk(os.path.join(tmp, 'far', 'unpacked')) for f in files]
    check(sum(f.endswith('/book.xlsx') for f in inside) == 1 and sum(f.endswith('/map.yaml') for f in inside) == 1, inside)
    check(not any(f.endswith('.xrdml') for f in inside), 'the inputs that were not read are packed: %s' % inside)
    plan = json.load(open([f for f in inside if f.endswith('assay.json')][0]))
    check(plan['data'].endswith('book.xlsx') and plan['data_map'].endswith('map.yaml'), plan)
    pipeline = open([f for f in inside if f.endswith('pipeline.txt')][0]).read()
    check('sheet=Fig. 2b' in pipeline and 'book.xlsx' in pipeline, pipeline)
    os.rename(os.path.join(tmp, 'book.xlsx'), os.path.join(tmp, 'away.xlsx'))
    said = assay('replay', 'book.zip', cwd=os.path.join(tmp, 'far'))
    check('identical' in said, said)
    os.rename(os.path.join(tmp, 'away.xlsx'), os.path.join(tmp, 'book.xlsx'))
    said = assay('pack', RECIPES, *data, '-o', 'set.tar.gz', cwd=tmp)
    check('by 2 recipes' in said, 'of a folder, those that the map knows: ' + said)
    check('both or neither' in assay('pack', recipe, *data[:2], '-o', 'x.zip', cwd=tmp, code=2), 'no map')
    # what is not said is not guessed
    said = run(name=os.path.join(RECIPES, 'fig5j.yaml'))
    check('0 not as expected' in said, said)  # all inputs kept
    check("no entry for the recipe 'fig2c'" in run(code=2, name=os.path.join(RECIPES, 'fig2c.yaml')), 'a recipe without entry')
    for code, text, change in [(2, "has no key 'ranges'", ('{range: I4', '{ranges: I4')), (2, "the input 'quasi' of 'fig2b' has no place", ('      quasi: {range: I4:K99999}\n', '')),
                               (2, "has no input 'quasy'; did you mean quasi?", ('quasi:', 'quasy:')), (3, "no sheet 'Fig. 9'", ('sheet: Fig. 2b', 'sheet: Fig. 9')),
                               (2, 'is no range of cells', ('I4:K99999', 'I4')), (2, "'2'", ('data: 1', 'data: 2'))]:
        write(change=change)
        said = run(code=code)
        check(text in said, '%s: %s' % (text, said))
    check('both or neither' in assay('run', recipe, '--data', 'book.xlsx', cwd=tmp, code=2), 'no map')
    check('should end in .xlsx' in assay('run', recipe, '--data', 'a.csv', '--data-map', 'map.yaml', cwd=tmp, code=2), 'no workbook')
sys.exit(finish())
