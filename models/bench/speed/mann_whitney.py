#!/usr/bin/env python3
"""Times scipy's Mann-Whitney test on windows that it reads from its input: at every look each metric's values so far against those before.

Input: {"before": [[…], …], "after": [[…], …], "rounds": 3}. Output: {"scipy": version, "lookMs": [[…], …], "p": [[…], …]}, a row a look from the
second on; the fastest of the rounds counts, so that the library is warm.
"""

import json
import sys
from time import perf_counter

try:
    import numpy as np
    import scipy
    from scipy.stats import mannwhitneyu
except ImportError as error:
    print(json.dumps({"missing": str(error)}))
    sys.exit(0)

asked = json.load(sys.stdin)
before = [np.array(line) for line in asked["before"]]
after = [np.array(line) for line in asked["after"]]


def look(to):
    started = perf_counter()
    p = [mannwhitneyu(line[:to], past).pvalue for line, past in zip(after, before)]
    return 1000 * (perf_counter() - started), [float(value) for value in p]


rows = []
for to in range(2, len(after[0]) + 1):
    rounds = [look(to) for _ in range(asked["rounds"])]
    rows.append((min(ms for ms, _ in rounds), rounds[0][1]))
print(json.dumps({"scipy": scipy.__version__, "lookMs": [ms for ms, _ in rows], "p": [p for _, p in rows]}))
