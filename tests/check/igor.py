#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Igor binary waves of every version and both byte orders, made here from WaveMetrics' Technical Note 003."""
import os
import struct
import subprocess
import sys
import tempfile

ASSAY = os.environ["ASSAY"]
VALUES = [125.0, 240.5, 510.25, 140.0, 7.0]
START, STEP = 87.0, -0.5


def summed(header, n, at, order):
    """The header with the word at `at` such that the first n bytes add up to 0."""
    words = struct.unpack(order + "%dH" % (n // 2), header[:n])
    return header[:at] + struct.pack(order + "H", -sum(words) & 0xffff) + header[at + 2:]


def old_wave(version, order, code, values, note=b"Sample=gold"):
    form = {2: "f", 4: "d", 0x10: "h"}[code]
    data = struct.pack(order + "%d%s" % (len(values), form), *values)
    wave = struct.pack(order + "hL", code, 0) + b"gold".ljust(20, b"\0") + bytes(12) + b"eV\0\0" + \
        struct.pack(order + "L", len(values)) + bytes(2) + struct.pack(order + "dd", STEP, START)
    wave = wave.ljust(110, b"\0")
    size = 110 + len(data) + 16
    head = {1: struct.pack(order + "hLh", 1, size, 0),
            2: struct.pack(order + "hLLLh", 2, size, len(note), 0, 0),
            3: struct.pack(order + "hLLLLh", 3, size, len(note), 0, 0, 0)}[version]
    whole = head + wave + data + bytes(16) + (note if version > 1 else b"")
    return summed(whole, len(head) + 126, len(head) - 2, order)


def new_wave(order, code, values, note=b"Sample=gold"):
    form = {2: "f", 4: "d", 0x10: "h"}[code]
    data = struct.pack(order + "%d%s" % (len(values), form), *values)
    head = struct.pack(order + "hhLLL", 5, 0, 320 + len(data), 0, len(note)).ljust(64, b"\0")
    wave = bytearray(320)
    struct.pack_into(order + "L", wave, 12, len(values))
    struct.pack_into(order + "h", wave, 16, code)
    wave[28:32] = b"gold"
    struct.pack_into(order + "4L", wave, 68, len(values), 0, 0, 0)
    struct.pack_into(order + "d", wave, 84, STEP)
    struct.pack_into(order + "d", wave, 116, START)
    wave[152:154] = b"eV"
    return summed(head + bytes(wave) + data + note, 384, 2, order)


def read(path):
    return subprocess.run([ASSAY, "read", path], capture_output=True, text=True)


def rows(text):
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")][1:]
    return [(float(x), float(y)) for _, x, y, *_ in lines]


def main():
    want = [(START + i * STEP, y) for i, y in enumerate(VALUES)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "w.ibw")
        for order in "<>":
            for code in (2, 4):
                for version in (1, 2, 3, 5):
                    made = new_wave(order, code, VALUES) if version == 5 else \
                        old_wave(version, order, code, VALUES)
                    with open(path, "wb") as out:
                        out.write(made)
                    run = read(path)
                    got = rows(run.stdout) if run.returncode == 0 else run.stderr
                    if got != want:
                        failed += 1
                        print("version %d, order %s, type %d: %s" % (version, order, code, got))
                    if version > 1 and "gold" not in run.stdout:
                        failed += 1
                        print("version %d, order %s: the note is lost" % (version, order))
                    made = made[:len(made) - len(b"Sample=gold") - 8] if version > 1 else made[:-24]
                    with open(path, "wb") as out:
                        out.write(made)
                    cut = read(path)
                    if cut.returncode != 3 or cut.stdout:
                        failed += 1
                        print("version %d, order %s, cut: exit %d" % (version, order, cut.returncode))
            with open(path, "wb") as out:
                out.write(old_wave(2, order, 0x10, [1, 2, 3]))
            if [y for _, y in rows(read(path).stdout)] != [1, 2, 3]:
                failed += 1
                print("order %s: integers" % order)
            with open(path, "wb") as out:
                out.write(new_wave(order, 4, []))
            empty = read(path)
            if empty.returncode != 3 or "empty" not in empty.stderr:
                failed += 1
                print("order %s: an empty wave: exit %d" % (order, empty.returncode))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
