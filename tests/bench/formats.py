#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading files of a million values in each format, beside what a Python or JavaScript user would take: formats.py [FORMAT...]

Ours three times: `assay check` (a whole process: detects, hashes, reads, compares everything), `assay read` (it prints the
stream too) and as_suite_read of libassay, in process. Peers that are libraries are timed in process too, their imports
left out: the ratio of one is to ours in process; xyconv is a process, its ratios are to check and to read. In every round
all run in turn, ratios are taken round by round, times are CPU. What is not installed is left out:

    JCAMP_PY, VAMAS_PY   paths of jcamp.py (nzhagen/jcamp) and vamas.py (LG4X-V2), which are in no distribution
    NODE_PATH            where jcampconverter, wdf-parser and spc-parser of npm lie
    ASSAY, LIBASSAY      ours (default build/assay and build/lib/libassay.so of a release build); ROUNDS (default 5)
"""
import ctypes, importlib.util, os, random, resource, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, '..', '..')
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'check', 'lib'))
from spectra_files import f32, opus, parameters, spc, status, wdf

ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
LIBASSAY = os.environ.get('LIBASSAY', os.path.join(SOURCE, 'build', 'lib', 'libassay.so'))
ROUNDS = int(os.environ.get('ROUNDS', '5'))
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
N = 1000000


# --- the files: the same in every run -----------------------------------------------------------
def counts(n, level, seed):
    """Whole numbers that scatter about their level as counts do."""
    draw, spread = random.Random(seed), level ** 0.5
    return [max(0, round(draw.gauss(level, spread))) for _ in range(n)]


def xrdml(path):
    with open(path, 'w') as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/1.5" '
                'status="Completed"><xrdMeasurement measurementType="Scan" status="Completed"><scan appendNumber="0" '
                'mode="Continuous" scanAxis="2Theta" status="Completed"><dataPoints><positions axis="2Theta" unit="deg">'
                '<startPosition>5.0</startPosition><endPosition>105.0</endPosition></positions>'
                '<commonCountingTime unit="seconds">1.0</commonCountingTime><intensities unit="counts">')
        f.write(' '.join(map(str, counts(N // 2, 270, 1) + counts(N // 2, 70, 2))))
        f.write('</intensities></dataPoints></scan></xrdMeasurement></xrdMeasurements>\n')


def difdup(y):
    """Ordinates as a squeezed one and differences, each a letter and digits; equal ones are counted."""
    def code(v, letters):
        text = str(abs(v))
        return letters[int(text[0]) + (9 if v < 0 else 0)] + text[1:]
    out, i = [code(y[0], '@ABCDEFGHIabcdefghi')], 1
    while i < len(y):
        step, run = y[i] - y[i - 1], 1
        while i + run < len(y) and y[i + run] - y[i + run - 1] == step:
            run += 1
        out.append(code(step, '%JKLMNOPQRjklmnopqr') + (code(run, '0STUVWXYZs') if run > 1 else ''))
        i += run
    return ''.join(out)


def jcamp(path, packed):
    y, line = counts(N // 2, 270, 1) + counts(N // 2, 70, 2), 24 if packed else 8
    x = lambda i: '%.4f' % (5 + 100 * i / (N - 1))
    with open(path, 'w', newline='\r\n') as f:
        f.write('##TITLE=bench\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n##ORIGIN=bench\n##OWNER=none\n##XUNITS=1/CM\n'
                '##YUNITS=ABSORBANCE\n##XFACTOR=1.0\n##YFACTOR=0.001\n##FIRSTX=5.0\n##LASTX=105.0\n##NPOINTS=%d\n##FIRSTY=%.3f\n'
                '##XYDATA=(X++(Y..Y))\n' % (N, y[0] / 1000))
        for i in range(0, N, line):
            f.write(x(i) + (difdup(y[i:i + line + 1]) if packed else ' ' + ' '.join(map(str, y[i:i + line]))) + '\n')
        f.write((x(N - 1) + difdup(y[-1:]) + '\n' if packed and (N - 1) % line == 0 else '') + '##END=\n')


def vamas(path, blocks=200):
    n = N // blocks
    lines = ['VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4'] + ['bench'] * 4
    lines += ['0', 'NORM', 'REGULAR', '1', '0', '0', '0', '0', '0', str(blocks)]
    for k in range(blocks):
        lines += ['block%d' % k, 'bench', '2020', '1', '1', '0', '0', '0', '0', '0', 'XPS', 'Al Ka', '1486.6', '100', '1E+37', '1E+37',
                  '0', '0', 'FAT', '20', '1E+37', '0', '0', '0', '0', '0', '0', 'C 1s', '', '-1', 'Binding Energy', 'eV', '298',
                  '-0.004', '1', 'Intensity', 'counts', 'pulse counting', '0.1', '1', '0', '0', '0', '0', '0', str(n), '0', '9999']
        lines += map(str, counts(n, 2900, k))
    with open(path, 'w', newline='\r\n') as f:
        f.write('\n'.join(lines + ['end of experiment']) + '\n')


def workbook(path):
    import openpyxl
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet('data')
    sheet.append(['2theta (deg)', 'I (counts)', 'sigma (counts)'])
    for i, v in enumerate(counts(N // 10, 270, 1)):
        sheet.append([5 + i / 1000, v, round(v ** 0.5, 3)])
    book.save(path)


def text(path):
    with open(path, 'w') as f:
        f.writelines('%.5f %d.00\n' % (5 + i * 1e-4, v) for i, v in enumerate(counts(N, 270, 1)))


def binary(path, make):
    with open(path, 'wb') as f:
        f.write(make())


def spectra(n, points):
    y = [float(v) for v in counts(points, 900, 1)]
    return [y[i % 97:] + y[:i % 97] for i in range(n)]


def opus_file():
    y = [v / 1024 for v in counts(N // 4, 300, 1)]
    return opus([(0x20, parameters(('INS', 'bench'))), (0x407, f32(y)), (0x417, status(y, 8000.0, 400.0)),
                 (0x100f, f32(y)), (0x101f, status(y, 8000.0, 400.0))])


# --- the peers, each in a process of its own: load, then time the call ------------------------------
PLAIN_JCAMP = r'''
import re
SQZ = {c: str(i) for i, c in enumerate('@ABCDEFGHI')} | {c: '-%d' % i for i, c in enumerate('abcdefghi', 1)}
DIF = {c: str(i) for i, c in enumerate('%JKLMNOPQR')} | {c: '-%d' % i for i, c in enumerate('jklmnopqr', 1)}
DUP = {c: str(i) for i, c in enumerate('STUVWXYZs', 1)}
TOKEN = re.compile(r'([@A-Ia-i%J-Rj-rS-Zs+-]?)([0-9.]+(?:[Ee][+-]?[0-9]+)?|)')
def call(path):
    y, table, in_dif = [], False, False
    for line in open(path):
        if line.startswith('##'):
            table = line.startswith('##XYDATA')
        elif table and ' ' in line:
            y += [float(v) for v in line.split()[1:]]
        elif table:
            x, *rest = [t for t in TOKEN.findall(line) if t[0] or t[1]]
            check = in_dif
            for first, digits in rest:
                if first in DIF:
                    step, in_dif = int(DIF[first] + digits), True
                    y.append(y[-1] + step)
                elif first in DUP:
                    y += [y[-1] + step * (k + 1) if in_dif else y[-1] for k in range(int(DUP[first] + digits) - 1)]
                elif check:
                    in_dif = check = False
                else:
                    y.append(int(SQZ.get(first, first) + digits))
                    in_dif = False
    return len(y)
'''
ELEMENT_TREE = '''
import xml.etree.ElementTree as E
def call(path):
    return sum(len([float(v) for v in e.text.split()]) for e in E.parse(path).iter() if e.text and len(e.text) > 99999)
'''


def named(path, code):
    """The module at `path`, where there is one, and what to call of it."""
    return 'import sys; sys.path.insert(0, %r)\n%s' % (os.path.dirname(path), code) if path else None


def node(module, code):
    return 'node', module, 'const m = require("%s"), f = require("fs"); %s' % (module, code)


def frombuffer(at, n):
    return 'import numpy\ndef call(path):\n    return numpy.frombuffer(open(path, "rb").read(), "<f4", %d, %d).astype(float).sum()' % (n, at)


PEERS = {
    'xrdml': {'ElementTree + float': ELEMENT_TREE,
              'xrayutilities': 'import xrayutilities as xu\ndef call(path): return xu.io.XRDMLFile(path)'},
    'jcamp': {'jcamp.py': named(os.environ.get('JCAMP_PY'), 'import jcamp\ndef call(path): return jcamp.jcamp_readfile(path)'),
              'plain Python': PLAIN_JCAMP,
              'jcampconverter': node('jcampconverter', 'call = p => m.convert(f.readFileSync(p, "latin1"))')},
    'vamas': {'vamas.py': named(os.environ.get('VAMAS_PY'), 'import vamas\ndef call(path): return vamas.VAMAS(path)')},
    'wdf': {'numpy, place known': frombuffer(528, 2500000), 'wdf-parser': node('wdf-parser', 'call = p => m.parse(f.readFileSync(p))')},
    'spc': {'numpy, place known': frombuffer(512, 1000000), 'spc-parser': node('spc-parser', 'call = p => m.parse(f.readFileSync(p))')},
    'opus': {'numpy, place known': frombuffer(200, 250000)},
    'xlsx': {'openpyxl, read only': 'import openpyxl\ndef call(path): return sum(1 for _ in openpyxl.load_workbook(path, read_only=True)["data"].values)',
             'pandas': 'import pandas\ndef call(path): return pandas.read_excel(path)'},
    'text': {'pandas': 'import pandas\ndef call(path): return pandas.read_csv(path, sep=" ", header=None).values',
             'numpy loadtxt': 'import numpy\ndef call(path): return numpy.loadtxt(path)'},
}
FILES = {  # name: how it is made, key of its peers, xyconv's name for it
    'xrdml.xrdml': (xrdml, 'xrdml', 'xrdml'),
    'affn.dx': (lambda p: jcamp(p, False), 'jcamp', None),
    'difdup.dx': (lambda p: jcamp(p, True), 'jcamp', None),
    'vamas.vms': (vamas, 'vamas', 'vamas'),
    'map.wdf': (lambda p: binary(p, lambda: wdf(spectra(2500, 1000), [100.0 + i for i in range(1000)])), 'wdf', None),
    'multi.spc': (lambda p: binary(p, lambda: spc(spectra(1000, 1000), first=100, last=4000, multi=True)), 'spc', None),
    'opus.0': (lambda p: binary(p, opus_file), 'opus', None),
    'book.xlsx': (workbook, 'xlsx', None),
    'text.xy': (text, 'text', 'text'),
}


def timed(code, path):
    """CPU of one call in process, in a child. None: what it needs is not installed."""
    if isinstance(code, tuple):
        script = ('const path = process.argv[1]; let call; %s; const a = process.cpuUsage(); call(path); '
                  'const b = process.cpuUsage(a); console.log((b.user + b.system) / 1e6)' % code[2])
        command = ['node', '-e', script, path]
    else:
        command = [PYTHON, '-c', code + '\nimport sys, time\nt = time.process_time(); call(sys.argv[1]); print(time.process_time() - t)', path]
    done = subprocess.run(command, capture_output=True, text=True)
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


class Suite(ctypes.Structure):
    _fields_ = [('from_', ctypes.c_char_p), ('n', ctypes.c_size_t), ('t', ctypes.c_void_p)]


def library():
    """CPU of as_suite_read and of freeing what it read."""
    lib = ctypes.CDLL(LIBASSAY)
    lib.as_suite_new.restype = ctypes.c_void_p
    lib.as_suite_free.argtypes = [ctypes.c_void_p]
    lib.as_suite_read.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(Suite)]

    def call(path):
        begin, suite, tables = time.process_time(), lib.as_suite_new(None, None), Suite()
        if lib.as_suite_read(suite, 1, (ctypes.c_char_p * 1)(path.encode()), ctypes.byref(tables)) or tables.n == 0:
            sys.exit('libassay does not read ' + path)
        lib.as_suite_free(suite)
        return time.process_time() - begin
    return call


def process(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(path, key, xyconv, in_process):
    runs = {'assay check': lambda: process([ASSAY, 'check', path]), 'assay read': lambda: process([ASSAY, 'read', path])}
    if in_process:
        runs['libassay'] = lambda: in_process(path)
    if xyconv and shutil.which('xyconv'):
        runs['xyconv'] = lambda: process(['xyconv', '-s', '-t', xyconv, path, '/dev/null'])
    for name, code in PEERS[key].items():
        if code and timed(code, path) is not None:
            runs[name] = lambda code=code: timed(code, path)
    times = {name: [] for name in runs}
    for round_ in range(ROUNDS + 1):  # the first warms the cache
        for name, run in runs.items():
            t = run()
            if round_:
                times[name].append(t)
    size = os.path.getsize(path) / 1e6
    for name, t in times.items():
        against = [] if name in ('assay check', 'assay read', 'libassay') else \
            ['assay check', 'assay read'] if name == 'xyconv' else ['libassay'] if in_process else ['assay check']
        ratios = ['%.1f x %s' % (statistics.median(a / b for a, b in zip(t, times[ours])), ours) for ours in against]
        m = statistics.median(t)
        print('\t'.join(['%s %.1f MB' % (os.path.basename(path), size), name, '%.1f ms' % (1e3 * m), '%.0f MB/s' % (size / m)] + ratios), flush=True)


def main(words):
    in_process = library() if os.path.exists(LIBASSAY) else None
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, key, xyconv) in FILES.items():
            if words and not any(w in name for w in words):
                continue
            if key == 'xlsx' and not importlib.util.find_spec('openpyxl'):
                continue
            path = os.path.join(folder, name)
            make(path)
            measure(path, key, xyconv, in_process)


main(sys.argv[1:])
