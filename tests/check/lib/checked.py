# SPDX-License-Identifier: GPL-3.0-or-later
"""Counted checks of a script: check(good, text) as often as wanted, then sys.exit(finish())."""
done = failed = 0


def check(good, text):
    global done, failed
    done += 1
    if not good:
        failed += 1
        print('failed: ' + text)


def finish():
    """The exit status: 1 where a check failed or none was made."""
    print('%d checks, %d failed' % (done, failed))
    return 1 if failed or not done else 0
