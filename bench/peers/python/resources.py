"""Runs a command and appends its seconds, CPU seconds and peak resident bytes to its standard error, as one JSON line."""

import json
import resource
import signal
import subprocess
import sys
import time

begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:])
# Whoever stops waiting for this process means the command.
signal.signal(signal.SIGTERM, lambda *_: child.terminate())
status = child.wait()
seconds = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
# Linux counts kibibytes, macOS bytes.
unit = 1 if sys.platform == "darwin" else 1024
figures = {"seconds": seconds, "cpuSeconds": used.ru_utime + used.ru_stime, "peakBytes": used.ru_maxrss * unit}
print("\n" + json.dumps({"resources": figures}), file=sys.stderr)
sys.exit(status if status >= 0 else 128 - status)
