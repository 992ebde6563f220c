#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of codes and words that formats use, entry by entry, and the bytes that tell formats of one family apart, in files written
here: every type of axis of Galactic's .spc, every word of settings in a JASCO export in four languages, the day beside the clock of a
BioLogic .mpr, ENVI headers, spectra and images of PerkinElmer."""
import json, os, struct, subprocess, sys, tempfile
from lib import checked

SOURCE = os.environ.get('ASSAY_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ASSAY = os.environ.get('ASSAY', os.path.join(SOURCE, 'build', 'assay'))
CORPUS = os.path.join(SOURCE, 'tests', 'corpus')

X = {0: ('x', '1'), 1: ('wavenumber', 'cm-1'), 2: ('wavelength', 'um'), 3: ('wavelength', 'nm'), 4: ('time', 's'), 5: ('time', 'min'),
     6: ('frequency', 'Hz'), 7: ('frequency', 'kHz'), 8: ('frequency', 'MHz'), 9: ('mass_to_charge', '1'), 10: ('chemical_shift', 'ppm'),
     11: ('time', 'day'), 12: ('time', 'year'), 13: ('raman_shift', 'cm-1'), 14: ('photon_energy', 'eV'), 15: ('x', '1'), 16: ('diode', '1'),
     17: ('channel', '1'), 18: ('angle', 'deg'), 19: ('temperature', 'degF'), 20: ('temperature', 'degC'), 21: ('temperature', 'K'),
     22: ('point', '1'), 23: ('time', 'ms'), 24: ('time', 'us'), 25: ('time', 'ns'), 26: ('frequency', 'GHz'), 27: ('length', 'cm'),
     28: ('length', 'm'), 29: ('length', 'mm'), 30: ('time', 'h'), 255: ('point', '1')}
Y = {0: ('intensity', '1'), 1: ('interferogram', '1'), 2: ('absorbance', '1'), 3: ('kubelka_munk', '1'), 4: ('intensity', 'count'),
     5: ('intensity', 'V'), 6: ('angle', 'deg'), 7: ('current', 'mA'), 8: ('length', 'mm'), 9: ('intensity', 'mV'),
     10: ('log_reflectance', '1'), 11: ('intensity', '%'), 12: ('intensity', '1'), 13: ('relative_intensity', '1'), 14: ('energy', '1'),
     16: ('decibel', 'dB'), 19: ('temperature', 'degF'), 20: ('temperature', 'degC'), 21: ('temperature', 'K'), 22: ('refractive_index', '1'),
     23: ('extinction', '1'), 24: ('real', '1'), 25: ('imaginary', '1'), 26: ('complex', '1'), 128: ('transmittance', '%'),
     129: ('reflectance', '%'), 130: ('single_beam', '1'), 131: ('emission', '1')}
# label -> name of ours, value as it is written, as it is read
WORDS = {
    'sample': ('Sample name', 'Sample Name', '試料名', 'サンプル名', 'Probenname', '样品名称', '样品名'),
    'comment': ('Comment', 'コメント', 'Kommentar', '注释'),
    'operator': ('User', 'Operator', '測定者', 'オペレーター', 'Benutzer'),
    'exposure': ('Exposure', '露光時間'),
    'accumulations': ('Accumulation', '積算回数', 'Akkumulation', '累计次数'),
    'laser_wavelength': ('Laser wavelength', '励起波長', 'レーザー波長', 'レーザ波長'),
    'laser_power': ('Laser power', 'レーザー強度', 'レーザ強度'),
    'grating': ('Grating', 'グレーティング', '回折格子'),
    'objective': ('Objective lens', '対物レンズ'),
    'resolution': ('Resolution', '分解', 'Auflösung', '分辨率'),
    'light_source': ('Light Source', 'Light source', '光源', 'Lichtquelle'),
    'detector': ('Detector', '検出器', 'Detektor'),
    'apodization': ('Apodization', 'アポダイゼーション', 'Apodisation'),
    'z': ('Z position',),
}
UNITS = {'exposure': 's', 'laser_wavelength': 'nm', 'laser_power': 'mW', 'resolution': 'cm-1', 'z': 'um', 'accumulations': '1'}

JASCO = ('TITLE,\nDATA TYPE,RAMAN SPECTRUM\nORIGIN,JASCO\nXUNITS,1/CM\nYUNITS,\nFIRSTX,100\nLASTX,102\nNPOINTS,3\n'
         'XYDATA\n100,1\n101,2\n102,4\n\n##### Extended Information\n[Measurement]\n')


def spc(x, y, experiment=0, version=0x4b):
    n = 5
    if version == 0x4d: # the old form: a head of 256 bytes, counts and ends as singles
        h = bytearray(256)
        h[1] = version
        struct.pack_into('<h', h, 2, -128)
        struct.pack_into('<fff', h, 4, n, 1, n)
        h[16], h[17] = x, y
        return bytes(h) + struct.pack('<%df' % n, *range(1, n + 1))
    h = bytearray(512)
    h[1], h[2], h[3] = version, experiment, 0x80
    order = '>' if version == 0x4c else '<'
    struct.pack_into(order + 'IddI', h, 4, n, 1, n, 1)
    h[28], h[29] = x, y
    return bytes(h) + bytes(32) + struct.pack(order + '%df' % n, *range(1, n + 1))


def check(what, good, found=''):
    checked.check(good, '%s: found %s' % (what, found) if found else what)


def put(name, content):
    path = os.path.join(tmp, name)
    with open(path, 'wb') as f:
        f.write(content.encode() if isinstance(content, str) else content)
    return path


def run(*words):
    p = subprocess.run([ASSAY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def axes(path):
    """(name, unit) of x and y of every file, and its technique."""
    found = []
    for line in run('read', '--list', *path)[1].splitlines():
        x, y = line.split('\t')[-2:]
        found.append(((x.split(' ')[0], x.split(' ')[-1]), tuple(y.split(' '))))
    return found


def metadata(*paths):
    """What is said of each series, not of all."""
    return [json.loads(line[3:]) for line in run('read', *paths)[1].splitlines() if line.startswith('#> ')]


def technique(path):
    return run('read', path)[1].split('technique: ')[1].split('}')[0]


def of_format(path):
    return run('identify', path)[1].split('\t')[1]


with tempfile.TemporaryDirectory() as tmp:
    got = axes([put('x%d.spc' % code, spc(code, 2)) for code in X])
    for (code, want), is_ in zip(X.items(), got):
        check('spc: x of type %d' % code, is_ == (want, ('absorbance', '1')), is_)
    got = axes([put('y%d.spc' % code, spc(3, code)) for code in Y])
    for (code, want), is_ in zip(Y.items(), got):
        check('spc: y of type %d' % code, is_ == (('wavelength', 'nm'), want), is_)
    for version in (0x4b, 0x4c, 0x4d):
        path = put('v.spc', spc(13, 4, version=version))
        check('spc: version %x' % version, axes([path]) == [(('raman_shift', 'cm-1'), ('intensity', 'count'))] and
              run('read', path)[1].splitlines()[-6:-1] == ['0 %d %d' % (k, k) for k in range(1, 6)], run('read', path))
    for code in (31, 32, 254):
        check('spc: no x of type %d' % code, run('read', put('no.spc', spc(code, 2)))[0] == 3)
        check('spc: no y of type %d' % code, run('read', put('no.spc', spc(1, code if code != 254 else 15)))[0] == 3)
    for what, want in (((0, 2, 11), 'raman'), ((13, 4, 0), 'raman'), ((3, 2, 7), 'uvvis'), ((0, 4, 8), 'xrd'), ((1, 2, 0), 'ftir'),
                       ((255, 1, 0), 'ftir'), ((3, 2, 0), 'uvvis'), ((3, 3, 0), 'uvvis'), ((3, 128, 0), 'uvvis'), ((3, 4, 0), 'generic'),
                       ((4, 2, 0), 'generic')):
        check('spc: axes %d and %d, experiment %d' % what, technique(put('t.spc', spc(*what))) == want)

    files, wants = [put('plain.csv', JASCO)], [] # first one without: what all series of a stream have stands elsewhere
    for ours, labels in WORDS.items():
        for label in labels:
            files.append(put('j%d.csv' % len(files),
                             JASCO + '%s,%s\n' % (label, '7.5' if ours in UNITS else 'so')))
            wants.append((label, ours, {'value': 7.5, 'unit': UNITS[ours]} if ours in UNITS else 'so'))
    for (label, ours, want), series in zip(wants, metadata(*files)[1:]):
        is_ = series.get(ours)
        if isinstance(want, dict) and want['unit'] == '1' and not isinstance(is_, dict):
            want = want['value']
        check('jasco: %s' % label, is_ == want, series)

    sample = open(os.path.join(CORPUS, 'echem', 'gcpl.mpr'), 'rb').read()
    check('mpr: the day stands there', sample.count(b'03/05/24') >= 1)
    for day, want in ((b'03/05/24', '2024-03-05T14:07:21.250'), (b'03/04/24', '2024-03-05T14:07:21.250'), (b'03/06/24', '2024-03-05T14:07:21.250'),
                      (b'03/03/24', '2024-03-03'), (b'03/07/24', '2024-03-07'), (b'03/05/23', '2023-03-05'), (b'04/05/24', '2024-04-05')):
        series = metadata(put('day.mpr', sample.replace(b'03/05/24', day)))[0]
        check('mpr: the day %s beside the clock' % day.decode(), series.get('measured') == want, series)

    header = open(os.path.join(CORPUS, 'ftir', 'image.hdr')).read()
    put('image.img', open(os.path.join(CORPUS, 'ftir', 'image.img'), 'rb').read())
    for first, good in (('ENVI', True), ('ENVI ', True), ('ENVI \t', True), ('ENVIX', False), ('ENVI x', False), ('envi', False)):
        path = put('image.hdr', header.replace('ENVI', first, 1))
        check('envi: begins "%s"' % first, (run('read', path)[0] == 0) == good and (not good or of_format(path) == 'envi'), run('read', path)[2])

    image, spectrum = (open(os.path.join(CORPUS, 'ftir', name), 'rb').read() for name in ('pe.fsm', 'pe.sp'))
    for what, content, want in (
            ('an image', image, 'perkinelmer-fsm'), ('a spectrum', spectrum, 'perkinelmer-sp'),
            ('an image of another name, by its first block', image.replace(b'DataSet - 4D', b'DataSet - XX', 1), 'perkinelmer-fsm'),
            ('an image by its name', image[:44] + b'\x12\x13' + image[46:], 'perkinelmer-fsm'),
            ('an image by its name, right behind the mark', b'PEPE4D' + spectrum[6:], 'perkinelmer-fsm')):
        check('PerkinElmer: %s' % what, of_format(put('pe', content)) == want, run('identify', os.path.join(tmp, 'pe')))
    check('PerkinElmer: another mark', of_format(put('pe', b'PEPX' + spectrum[4:])) not in ('perkinelmer-sp', 'perkinelmer-fsm'))

sys.exit(checked.finish())
