"""Runs one command and tells what it took: measure.py TIMEOUT_S LIMIT_MIB COMMAND [ARGUMENT...]

What the command prints goes through. One line of JSON goes to file descriptor 3: exit status, seconds by the clock from
start to end, seconds of all its cores (user and system; threads and ended children included), and the most memory that
it had resident. All of them are the kernel's own account of that process (wait4), so that short peaks are seen and
nothing runs inside of it. A command over the time or memory limit is killed, its children too.
"""

import json
import os
import signal
import sys
import threading
import time

SAMPLE_S = 0.1
# The kernel counts ru_maxrss in KiB, macOS in bytes.
RSS_UNIT = 1 if sys.platform == 'darwin' else 1024


def resident_mib(pid):
    try:
        with open(f'/proc/{pid}/statm', 'rb') as file:
            return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 2**20
    except (OSError, IndexError):
        return 0


def be_first_to_go(pid):
    """Where memory runs out all the same, the kernel shall take this process and not another."""
    try:
        with open(f'/proc/{pid}/oom_score_adj', 'w') as file:
            file.write('1000')
    except OSError:
        pass


def main():
    timeout_s, limit_mib, command = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    killed = []
    ended = threading.Event()
    begin = time.perf_counter()
    # Spawned from this small process: a child's account begins with the memory of the one that started it.
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 3)], setpgroup=0)

    def kill(why):
        killed.append(why)
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass

    def watch():
        be_first_to_go(pid)
        while not ended.wait(SAMPLE_S):
            if time.perf_counter() - begin > timeout_s:
                return kill(f'over the time limit of {timeout_s:g} s')
            if resident_mib(pid) > limit_mib:
                return kill(f'over the memory limit of {limit_mib:g} MiB')

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kill('interrupted'))
    threading.Thread(target=watch, daemon=True).start()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    ended.set()
    account = {
        'status': os.waitstatus_to_exitcode(status),
        'killed': killed[0] if killed else None,
        'wallS': round(wall, 4),
        'cpuS': round(usage.ru_utime + usage.ru_stime, 4),
        'peakMiB': round(usage.ru_maxrss * RSS_UNIT / 2**20, 1),
    }
    with os.fdopen(3, 'w') as out:
        json.dump(account, out)


main()
