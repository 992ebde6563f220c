#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of every help page runs, exits 0 and prints or writes something."""
import os, subprocess, sys, tempfile

ASSAY, SOURCE = os.environ['ASSAY'], os.environ['ASSAY_SOURCE']


def run(command, folder, env):
    return subprocess.run(['bash', '-o', 'pipefail', '-c', '' + command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


def main():
    listed = subprocess.run([ASSAY, 'reference', '--what', 'examples'], check=True, stdout=subprocess.PIPE).stdout.decode()
    failed = done = 0
    with tempfile.TemporaryDirectory() as tmp:
        os.mkdir(os.path.join(tmp, 'bin'))
        os.mkdir(os.path.join(tmp, '.cache'))
        os.symlink(ASSAY, os.path.join(tmp, 'bin', 'assay'))
        for name in ('tests', 'datasets', 'recipes', 'docs'):
            os.symlink(os.path.join(SOURCE, name), os.path.join(tmp, name))
        env = dict(os.environ, PATH=os.path.join(tmp, 'bin') + ':' + os.environ['PATH'], LC_ALL='C.UTF-8',
                   XDG_CACHE_HOME=os.path.join(tmp, '.cache'))
        for line in listed.splitlines():
            name, command = line.split('\t', 1)
            before = set(os.listdir(tmp))
            p = run(command, tmp, env)
            done += 1
            # `| head` may end the command before it: its SIGPIPE is no failure of the example
            pipe_closed = '| head' in command and p.returncode in (141, 5) and p.stdout
            if (p.returncode != 0 and not pipe_closed) or not (p.stdout or set(os.listdir(tmp)) - before):
                failed += 1
                print('%s: $ %s\n  exit %d, %d bytes printed\n  %s' % (name, command, p.returncode, len(p.stdout),
                                                                    p.stderr.decode('utf-8', 'replace')[:500]))
    print('%d examples, %d failed' % (done, failed))
    return 1 if failed or not done else 0


if __name__ == '__main__':
    sys.exit(main())
