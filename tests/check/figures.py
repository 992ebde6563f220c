#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks into the files that unit_figures draws: PNG chunk by chunk, SVG as XML, PDF with poppler."""
import os, re, shutil, struct, subprocess, sys, tempfile, xml.etree.ElementTree as ET, zlib

ASSAY = os.environ.get('ASSAY', '')
UNIT = os.path.join(os.path.dirname(ASSAY), 'tests', 'unit_figures')
SVG = '{http://www.w3.org/2000/svg}'
problems, checks = [], 0


def check(ok, text):
    global checks
    checks += 1
    if not ok:
        problems.append(text)


def chunks(data):
    at = 8
    while at < len(data):
        n, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + n]
        yield kind.decode(), body, struct.unpack('>I', data[at + 8 + n:at + 12 + n])[0] == zlib.crc32(kind + body)
        at += 12 + n


def check_png(path):
    data = open(path, 'rb').read()
    check(data[:8] == b'\x89PNG\r\n\x1a\n', path + ': signature')
    found = list(chunks(data))
    kinds = [k for k, _, _ in found]
    check(all(ok for _, _, ok in found), path + ': CRC')
    check(kinds[0] == 'IHDR' and kinds[-1] == 'IEND', path + ': order of chunks')
    first = {k: b for k, b, _ in reversed(found)}
    width, height, depth, colour = struct.unpack('>IIBB', first['IHDR'][:10])
    check('sRGB' in first and 'pHYs' in first and 'iTXt' in first, path + ': %s' % kinds)
    check('tIME' not in first and 'tEXt' not in first, path + ': a date or unasked text')
    dpi = 110 if 'screen' in path else 600
    check(struct.unpack('>IIB', first['pHYs']) == (round(dpi / 0.0254), round(dpi / 0.0254), 1), path + ': resolution')
    check(b'<by> & a' in first['iTXt'] and first['iTXt'].startswith(b'assay\0'), path + ': provenance')
    rows = zlib.decompress(b''.join(b for k, b, _ in found if k == 'IDAT'))
    bits = depth * {3: 1, 2: 3}[colour]
    check(len(rows) == height * (1 + (width * bits + 7) // 8), path + ': size of the pixels')
    if colour == 3 and depth == 8:
        stride, entries = width + 1, len(first['PLTE']) // 3
        check(max(rows[i] for i in range(0, len(rows), 997) if i % stride) < entries, path + ': palette')


def check_svg(path):
    root = ET.parse(path).getroot()
    check(root.tag == SVG + 'svg' and root.get('width', '').endswith('mm'), path + ': root')
    words = ' '.join(''.join(t.itertext()) for t in root.iter(SVG + 'text'))
    check(len(words) > 20, path + ': text is text')
    meta = root.find(SVG + 'metadata')
    check(meta is not None and meta.text == '{"made": "<by> & a \\"test\\""}', path + ': provenance')
    source = re.sub('base64,[^"]*', '', open(path, encoding='utf-8').read())
    for bad in ('nan', 'inf', 'e+', 'e-0'):
        check(bad not in source.split('</metadata>')[1].replace('font', '').replace('fine', ''), path + ': ' + bad)
    box = [float(v) for v in root.get('viewBox').split()]
    for t in root.iter(SVG + 'text'):
        if t.get('x'):
            check(-1 <= float(t.get('x')) <= box[2] + 1 and -1 <= float(t.get('y')) <= box[3] + 1,
                  path + ': "%s" lies off the page' % ''.join(t.itertext()))
    sizes = {float(t.get('font-size')) for t in root.iter(SVG + 'text')}
    check(min(sizes) >= 4 and max(sizes) <= 12, path + ': sizes %s' % sizes)
    return ' '.join(''.join(t.itertext()) for t in root.iter(SVG + 'text') if not t.get('transform'))


def check_beside(path):
    """The name of the residuals' axis stands in the middle of their panel and is no longer than it."""
    root = ET.parse(path).getroot()
    panel = [c.find(SVG + 'rect') for c in root.iter(SVG + 'clipPath')][-1]
    top, high = float(panel.get('y')), float(panel.get('height'))
    name = next(t for t in root.iter(SVG + 'text') if t.get('transform') and ''.join(t.itertext()).startswith('Δ'))
    middle = float(re.search(r'translate\(\S+ ([0-9.]+)\)', name.get('transform')).group(1))
    check(abs(middle - top - high / 2) < 0.1, '%s: name at %g of a panel %g:%g' % (path, middle, top, top + high))
    least = 0.4 * float(name.get('font-size')) * len(''.join(name.itertext()))
    check(least < high, '%s: a name longer than %g in a panel %g high' % (path, least, high))


def check_pdf(path, words):
    out = subprocess.run(['pdftotext', path, '-'], check=True, stdout=subprocess.PIPE).stdout.decode()
    missing = [w for w in words.split() if w.isascii() and w.isalpha() and w not in out]
    check(len(missing) <= len(words.split()) // 10, path + ': not selectable: %s' % missing)
    fonts = subprocess.run(['pdffonts', path], check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()[2:]
    check(fonts and all(line.split()[-5:-2] == ['yes', 'yes', 'yes'] for line in fonts), path + ': fonts %s' % fonts)
    info = subprocess.run(['pdfinfo', path], check=True, stdout=subprocess.PIPE,
                          env=dict(os.environ, TZ='UTC')).stdout.decode()
    check('1970' in info and '{"made":' in info, path + ': date and provenance')


def main():
    if not os.path.exists(UNIT):
        print('skipped: there is no %s' % UNIT)
        return 77
    poppler = shutil.which('pdftotext') and shutil.which('pdffonts') and shutil.which('pdfinfo')
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([UNIT], check=True, env=dict(os.environ, AS_FIGURES_DIR=folder), stdout=subprocess.DEVNULL)
        names = sorted(f[:-4] for f in os.listdir(folder) if f.endswith('.svg'))
        check(len(names) > 30, 'few figures: %s' % names)
        for name in names:
            path = os.path.join(folder, name)
            words = check_svg(path + '.svg')
            check_png(path + '.png')
            if poppler:
                check_pdf(path + '.pdf', words)
        check_beside(os.path.join(folder, 'fit-unit.svg'))
        check_beside(os.path.join(folder, 'fit.svg'))
    print('\n'.join(problems))
    print('%d figures, %d checks, %d failed%s' % (len(names), checks, len(problems),
                                                  '' if poppler else '; PDF unchecked: no poppler-utils'))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
