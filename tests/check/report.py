#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""assay report: one well-formed page that loads nothing, holds figures, data, tables and verdicts, and is the same
every time. What a browser makes of it is asked by report_browser.py."""
import base64, hashlib, json, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ET

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')
X = '{http://www.w3.org/1999/xhtml}'
EVIL = '</script><img src=x onerror=alert(1)>&amp; "q" \\u003c'
KINDS = '''
recipe: 1
title: "TITLE"
about: {doi: 10.1000/x, figure: 1}
parameters: {below: 1 %%}
inputs:
  etching: {file: %(corpus)s/figures/etching.ecsv}
  impedance: {file: %(corpus)s/figures/impedance.ecsv}
  fitted: {file: %(corpus)s/figures/fit.ecsv}
  tg: {file: %(corpus)s/figures/thermogram.ecsv, label: "TITLE"}
  cycles: {file: %(corpus)s/figures/cycles.ecsv}
  weights: {file: %(corpus)s/figures/weights.ecsv}
  cv: {file: %(corpus)s/echem/cv.mpt}
figures:
  map: {from: etching, pipe: plot-heatmap}
  nyquist: {from: impedance, pipe: plot-nyquist}
  fit-of_all: {from: fitted, pipe: plot-fit}
  tg: {from: tg, pipe: plot-thermogram, title: "TITLE", size: nature-2col}
  cycling: {from: cycles, pipe: plot-cycling}
  bars: {from: weights, pipe: plot-bars}
  turning: {from: cv, pipe: plot-lines}
pages:
  both: {panels: [nyquist, cycling], title: Two of them}
tables:
  rows: {from: cycles}
'''
failed = 0


def check(what, good, more=''):
    global failed
    if not good:
        failed += 1
        print('WRONG: %s %s' % (what, more))


def run(*args, status=0, cwd=None):
    p = subprocess.run([ASSAY] + list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd)
    check('exit %d of %s' % (status, ' '.join(args)), p.returncode == status, p.stderr.decode())
    return p.stdout, p.stderr.decode()


def decode(href):
    return base64.b64decode(href.split('base64,', 1)[1], validate=True)


def check_plot(spec, links):
    """What a plot asks for stands in the data that its links hold, each series under a number of its own."""
    streams = [decode(links[i]).decode() for i in spec['links']]
    asked = [(s['stream'], s['number']) for s in spec['series']]
    check('%s: each series once' % spec['title'], len(asked) == len(set(asked)), asked)
    for stream, number in asked:
        check('%s: series %d is there' % (spec['title'], number), '\n#> {"series": %d,' % number in streams[stream])
    for name in [spec['x'], spec['y']] + spec['over'] + spec['right']:
        check('%s: column %s is there' % (spec['title'], name), name in [c['name'] for c in spec['columns']])


def read_page(path):
    data = open(path, 'rb').read()
    text = data.decode('utf-8')
    page = ET.fromstring(text.replace('<!DOCTYPE html>', ''))
    ids = [e.get('id') for e in page.iter() if e.get('id')]
    check('ids are unique in ' + path, len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1))
    for e in page.iter():
        for key in ('href', 'src', 'xlink:href', '{http://www.w3.org/1999/xlink}href', 'action', 'poster', 'srcset'):
            link = e.get(key)
            if link is None:
                continue
            if link.startswith('#'):
                check('%s leads somewhere' % link, link[1:] in ids)
            else:
                check('nothing is loaded: %s' % link[:80], link.startswith('data:') or
                      (e.tag == X + 'a' and link.startswith('https://doi.org/')))
    style = ''.join(e.text for e in page.iter(X + 'style'))
    check('style loads nothing', 'url(' not in style and '@import' not in style)
    policy = [m.get('content') for m in page.iter(X + 'meta') if m.get('http-equiv') == 'Content-Security-Policy'][0]
    scripts = re.findall(r'<script>(.*?)</script>', text, re.S)
    check('one script', len(scripts) == 1)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    check('the policy names the script and no other', "script-src 'sha256-%s';" % digest in policy, policy)
    check('the policy lets nothing else in', policy.startswith("default-src 'none'"))
    for p in page.iter('{http://www.w3.org/2000/svg}path'):
        check('a path goes on after l', not re.search(r'l\s*($|[MZz])', p.get('d')), p.get('d')[:80])
    links = {a.get('id'): a.get('href') for a in page.iter(X + 'a') if a.get('id')}
    for box in page.iter(X + 'script'):
        if box.get('type') == 'application/json':
            check_plot(json.loads(box.text), links)
    check('no link to a source map', 'sourceMappingURL' not in text)
    return page, text


def the(page, ident):
    return [e for e in page.iter() if e.get('id') == ident][0]


def words(e):
    return ' '.join(' '.join(e.itertext()).split())


with tempfile.TemporaryDirectory() as tmp:
    os.environ['XDG_CACHE_HOME'] = os.path.join(tmp, 'cache')
    small = os.path.join(CORPUS, 'recipe', 'small.yaml')
    one, two = os.path.join(tmp, 'one.html'), os.path.join(tmp, 'two.html')
    run('report', small, '-o', one)
    run('report', small, '-o', two, '-j', '2')
    check('the same bytes again, now from the cache', open(one, 'rb').read() == open(two, 'rb').read())
    run('report', small, '-o', two, '--cache', 'off')
    check('the same bytes without a cache', open(one, 'rb').read() == open(two, 'rb').read())
    page, text = read_page(one)
    check('no path of this machine', tmp not in text)
    check('measured data are not called simulated', 'imulated' not in words(page.find('.//' + X + 'main')))

    # claims: verdict, what was stated, what was found
    claim = words(the(page, 'claim-2'))
    for part in ('supported', 'the last reflection stays where it was', 'Stated unchanged', 'deg'):
        check('claim 2 says ' + part, part in claim, claim)
    check('claim 3 is undecided', 'undecided' in words(the(page, 'claim-3')))

    # figures and tables: their files are those of a run
    run('run', small, '-o', os.path.join(tmp, 'out'))
    made = lambda name: open(os.path.join(tmp, 'out', 'small', name), 'rb').read()
    links = {a.get('download'): a.get('href') for a in page.iter(X + 'a') if a.get('download')}
    check('the figure as the run makes it', decode(links['patterns.svg']) == made('patterns.svg'))
    check('the table as the run makes it', decode(links['peaks.ecsv']) == made('peaks.ecsv'))
    check('the recipe itself', decode(links['small.yaml']) == open(small, 'rb').read())
    with open(os.path.join(tmp, 'curves.ecsv'), 'wb') as f:
        f.write(decode(links['patterns-data.ecsv']))
    check('the data are a stream', b'series name' in run('results', os.path.join(tmp, 'curves.ecsv'))[0])
    check('the svg stands in the page', len(list(page.iter('{http://www.w3.org/2000/svg}svg'))) == 2)
    check('hashes of the inputs', hashlib.sha256(open(os.path.join(CORPUS, 'recipe', 'before.uxd'), 'rb').read())
          .hexdigest() in words(the(page, 'input-before')))
    check('every option with its value', '--window 1.5deg recipe' in words(the(page, 'how-figure-patterns')))
    check('defaults too', 'default' in words(the(page, 'step-found')))
    check('parameters', 'window 1.5deg' in words(the(page, 'pipeline')))
    run('report', small, '--set', 'window=1deg', '-o', two)
    check('--set', 'window 1deg' in words(the(read_page(two)[0], 'pipeline')))

    # kinds of figures; texts that would break out of the page
    recipe = os.path.join(tmp, 'kinds.yaml')
    with open(recipe, 'w') as f:
        f.write((KINDS % {'corpus': CORPUS}).replace('TITLE', EVIL.replace('\\', '\\\\').replace('"', '\\"')))
    run('report', recipe, '-o', one)
    page, text = read_page(one)
    check('texts stay texts', not list(page.iter(X + 'img')) and words(page.find('.//' + X + 'h1')) == EVIL)
    check('simulated data are marked', 'Simulated data.' in words(page) and
          all('simulated data' in words(the(page, 'figure-' + f)) for f in ('map', 'nyquist', 'tg')))
    plots = [e for e in page.iter(X + 'div') if e.get('data-plot')]
    check('a plot for each', len(plots) == 7, [p.get('data-plot') for p in plots])

    check('a page of two figures', 'Two of them' in words(the(page, 'page-both')))

    # a value that stands alone between missing ones is a path without a line
    with open(os.path.join(tmp, 'gap.xy'), 'w') as f:
        f.write('1 2\n2 nan\n3 4\n4 nan\n5 6\n6 7\n')
    with open(os.path.join(tmp, 'gap.yaml'), 'w') as f:
        f.write('recipe: 1\ninputs: {a: {file: gap.xy}}\nfigures: {f: {from: a, pipe: plot-lines}}\n')
    run('report', os.path.join(tmp, 'gap.yaml'), '-o', one)
    read_page(one)

    # numbers that are read have a true minus; those that are copied a hyphen, as words and dates have
    run('calc', 'intensity=intensity-1000', os.path.join(CORPUS, 'xrd', 'small.xy'), '-o', os.path.join(tmp, 'b.ecsv'))
    run('convert', '--to', 'csv', os.path.join(tmp, 'b.ecsv'), '-o', os.path.join(tmp, 'a.csv'))
    with open(os.path.join(tmp, 'minus.yaml'), 'w') as f:
        f.write('recipe: 1\ninputs: {a: {file: a.csv}}\nsteps:\n  m: {from: a, pipe: peaks --prominence 1}\n'
                'tables:\n  rows-2: {from: a}\n  values: {from: m, pipe: results}\n'
                'claims:\n  - says: all below\n    from: m\n    holds: a."1".height < 100 count\n'
                '    report: a."1".height\n')
    run('report', os.path.join(tmp, 'minus.yaml'), '-o', one)
    page, _ = read_page(one)
    for part in ('table-rows-2', 'table-values', 'claim-1'):
        said = words(the(page, part))
        check('a true minus in ' + part, re.search('\u2212[0-9]', said) and not re.search('(^| )-[0-9]', said), said[:900])
    check('its name keeps the hyphen', 'rows-2' in words(the(page, 'table-rows-2')))
    links = {a.get('download'): a.get('href') for a in page.iter(X + 'a') if a.get('download')}
    check('files stay ASCII', re.search(' -[0-9]', decode(links['rows-2.ecsv']).decode('ascii')))

    # an operation that makes several series of one
    run('report', os.path.join(SOURCE, 'recipes', 'chang2022', 'figS7a.yaml'), '-o', one)
    read_page(one)

    # what fails
    bad = os.path.join(tmp, 'bad.yaml')
    with open(bad, 'w') as f:
        f.write('recipe: 1\ninputs: {a: {file: %s/recipe/before.uxd}, b: {file: none.xy}}\nfigures:\n'
                '  good: {from: a, pipe: plot-lines}\n  bad: {from: b, pipe: plot-lines}\n' % CORPUS)
    os.remove(one)
    run('report', bad, '-o', one, status=5)
    check('no page of a recipe that failed', not os.path.exists(one))
    run('report', bad, '-o', one, '--keep-going')
    page, text = read_page(one)
    check('what failed is shown', 'Not made' in words(the(page, 'figure-bad')) and 'Not made' not in words(the(page, 'figure-good')))
    run('report', status=2)
    run('report', small, small, status=2)

    # a recipe made for each file
    each = os.path.join(tmp, 'each.yaml')
    with open(each, 'w') as f:
        f.write('recipe: 1\ninputs: {a: {each: %s/recipe/*.uxd}}\nfigures: {f: {from: a, pipe: plot-lines}}\n' % CORPUS)
    out, err = run('report', each, status=2)
    check('which file?', '--each after' in err, err)
    run('report', each, '--each', 'before', '-o', one)
    check('that file', 'before.uxd' in words(the(read_page(one)[0], 'input-a')))

print('%d wrong' % failed)
sys.exit(failed > 0)
