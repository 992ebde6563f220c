#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams as others read them: astropy, pandas, awk, datamash, Miller, gnuplot, PyYAML; and back from astropy."""
import io, json, math, os, shutil, subprocess, sys, tempfile

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
failures, done, absent = [], [], []

# Two series with every kind of value; what the second lacks or has besides stands in its line.
STREAM = '''# %ECSV 1.0
# ---
# datatype:
# - {name: series, datatype: int32, description: number of the series}
# - {name: temperature, unit: degC, datatype: float64, description: of the sample, meta: {role: x}}
# - {name: mass, unit: mg, datatype: float64, description: of the sample, meta: {role: y}}
# - {name: gas, datatype: string}
# meta:
#   assay: {stream: 1, kind: data, technique: thermal}
#   common: {sample: "a: b", sample_mass: {value: 10.25, unit: mg, u: 0.01}, tiny: 1.0e-07}
#   history:
#   - {op: read, version: 0.1.0, settings: "--format delimited"}
# schema: assay-stream-1
series temperature mass gas
#> {"series": 0, "name": "first", "source": {"name": "a.csv", "sha256": "00"}}
0 25 10.25 N2
0 50.5 1e-07 dry%20air
0 75 nan ""
#> {"series": 1, "name": "second", "sample": null, "results": [{"item": "step 1", "quantity": "onset", "value": 51.5, "u": 0.5, "unit": "degC", "flag": "ok"}]}
1 25 3 N2
1 50 4 N2
#. {"series": 2}
'''


def check(name, condition, shown=''):
    done.append(name)
    if not condition:
        failures.append(name)
        print('failed: %s %s' % (name, shown))


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True)


def assay(*words, text=None):
    r = run(ASSAY, *words, text=text)
    if r.returncode:
        print(r.stderr)
    return r.stdout


def module(name):
    try:
        return __import__(name)
    except ImportError:
        absent.append(name)
        return None


def same(text):
    """Through a filter that changes nothing, the stream is the same but for the step."""
    out = assay('cat', text=text)
    strip = lambda s: [l for l in s.split('\n') if not l.startswith('#   - {op: ')]
    check('through assay cat', strip(out) == strip(text), out)
    check('twice through assay cat', assay('cat', text=out) != '')


def astropy(text):
    if not module('astropy'):
        return
    from astropy.table import Table
    t = Table.read(text.split('\n')[:-1], format='ascii.ecsv')
    check('astropy columns', t.colnames == ['series', 'temperature', 'mass', 'gas'] and len(t) == 5, t.colnames)
    check('astropy units', str(t['mass'].unit) == 'mg' and t['temperature'].meta['role'] == 'x')
    check('astropy values', t['mass'][1] == 1e-07 and math.isnan(t['mass'][2]) and t['gas'][1] == 'dry%20air')
    common = t.meta['common']
    check('astropy metadata', common['sample'] == 'a: b' and common['sample_mass']['u'] == 0.01 and common['tiny'] == 1e-07, common)
    check('astropy history', t.meta['history'][0]['op'] == 'read')
    back = io.StringIO()
    t.write(back, format='ascii.ecsv', delimiter=',')
    again = assay('cat', text=back.getvalue())
    rows = lambda s: [l for l in s.split('\n') if l and l[0] != '#']
    check('back from astropy', rows(again) == rows(text), again)


def pandas(text):
    pd = module('pandas')
    if not pd:
        return
    d = pd.read_csv(io.StringIO(text), comment='#', sep=' ')
    check('pandas', list(d.columns) == ['series', 'temperature', 'mass', 'gas'] and d.shape == (5, 4), d)
    check('pandas values', d['mass'][1] == 1e-07 and math.isnan(d['mass'][2]) and list(d['series']) == [0, 0, 0, 1, 1])


def yaml(text):
    module_ = module('yaml')
    if not module_:
        return
    lines = text.split('\n')
    head = '\n'.join(l[2:] for l in lines[1:] if l.startswith('# '))
    h = module_.safe_load(head)
    check('PyYAML', h['schema'] == 'assay-stream-1' and h['meta']['history'][0]['version'] == '0.1.0', h)
    series = [json.loads(l[3:]) for l in lines if l.startswith('#> ')]
    check('json', [s['series'] for s in series] == [0, 1] and series[1]['results'][0]['value'] == 51.5)


def tools(text):
    with tempfile.NamedTemporaryFile('w', suffix='.ecsv') as f:
        f.write(text)
        f.flush()
        for name, command, wanted in (
                ('awk', ['awk', '!/^#/ && $1 == 1 { s += $3 } END { print s }', f.name], '7'),
                ('datamash', ['sh', '-c', 'grep -v "^#" %s | datamash -W -H -g 1 count 2' % f.name], 'GroupBy(series)\tcount(temperature)\n0\t3\n1\t2'),
                ('mlr', ['mlr', '--c2p', '--ifs', 'space', '--skip-comments', 'stats1', '-a', 'sum', '-f', 'temperature', f.name], 'temperature_sum\n225.5'),
                ('gnuplot', ['gnuplot', '-e', 'stats "%s" using 2 skip 1 nooutput; print STATS_max' % f.name], '75.0')):
            if not shutil.which(name):
                absent.append(name)
                continue
            r = run(*command)
            got = (r.stdout + (r.stderr if name == 'gnuplot' else '')).strip()
            check(name, got.rstrip('0') == wanted.rstrip('0'), repr(got) + r.stderr)


def rows_dropped(text):
    """awk may drop rows as long as it keeps the lines that begin with #."""
    if not shutil.which('awk'):
        return
    kept = run('awk', '/^#/ || /^series/ || $2 > 30', text=text).stdout
    out = assay('cat', text=kept)
    check('rows dropped by awk', out.count('\n0 ') == 2 and out.count('\n1 ') == 1, out)
    for name, broken, message in (
            ('comments dropped', '\n'.join(l for l in text.split('\n') if not l.startswith('#>')), 'keep the lines that begin with #'),
            ('joined by cat', text + text, 'assay cat'), ('cut', text[:-20], 'ends early'), ('nothing', '', '')):
        r = run(ASSAY, 'cat', text=broken)
        check(name, r.returncode == 3 and message in r.stderr and not r.stdout.endswith('}\n'), r.stderr)


def long_stream():
    """Hundreds of series, larger than any buffer, in equal bytes however the pipe delivers them."""
    parts = [STREAM.split('#> ')[0]]
    for s in range(300):
        parts.append('#> {"series": %d, "name": "s%d"}\n' % (s, s))
        parts.extend('%d %r %d word%d\n' % (s, i / 8 + 0.125, i * s, i % 3) for i in range(100))
    text = ''.join(parts) + '#. {"series": 300}\n'
    whole = assay('cat', text=text)
    p = subprocess.Popen([ASSAY, 'cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    q = subprocess.Popen(['sh', '-c', 'dd bs=977 2>/dev/null'], stdin=subprocess.PIPE, stdout=p.stdin, text=True)
    p.stdin.close()
    import threading
    feeder = threading.Thread(target=lambda: (q.stdin.write(text), q.stdin.close()))
    feeder.start()
    piecewise = p.stdout.read()
    feeder.join()
    q.wait(), p.wait()
    check('long stream', whole.count('\n') == text.count('\n') + 1 and '\n299 12.5 29601 word0\n' in whole, whole[-200:])
    check('piece by piece', piecewise == whole)


text = STREAM
same(text)
astropy(text)
pandas(text)
yaml(text)
tools(text)
rows_dropped(text)
long_stream()
print('%d checks, %d failed%s' % (len(done), len(failures), '; absent: ' + ', '.join(absent) if absent else ''))
sys.exit(1 if failures else 0)
