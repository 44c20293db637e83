import { watch, type FSWatcher } from 'chokidar';
import type { Policy } from '../domain/policy.js';
import { findPolicyFiles, type FoundFiles } from './policy-files.js';
import { createPolicyReader } from './policy-reader.js';
import { policySetOf, type PolicySet } from './policy-set.js';
import { describeProblem, type PolicyProblem } from './problem.js';
import type { Surroundings } from './read-policies.js';

/** Changes that come close together (an editor's, a checkout's) are one: two readings this far apart must find the same. */
const SETTLED_MS = 200;
/** File systems that tell nothing of changes (network mounts, some containers) are asked this often. */
const ASK_EVERY_MS = 5_000;

/** What a reload changed; hashes are those of {@link LoadedPolicy}. */
export interface PolicyChange {
  readonly changes: readonly {
    readonly policy: string;
    readonly change: 'added' | 'changed' | 'removed';
    readonly hash?: string;
    readonly file?: string;
  }[];
}

export interface PolicyBookParts {
  readonly folder: string;
  /** Policies of the configuration file; they never change while the service runs. */
  readonly configured: Readonly<Record<string, Policy>>;
  readonly configFile: string;
  readonly surroundings: Surroundings;
  /** Default: 5 seconds. */
  readonly askEveryMs?: number;
  /** A good state is in force; also when it only follows a bad one, with no change. */
  onReload(change: PolicyChange): void;
  /** The folder has errors; what was in force stays. */
  onInvalid(problems: readonly PolicyProblem[]): void;
}

/** The policies in force: those of the configuration and those of a folder, which is read again whenever it changes. */
export interface PolicyBook {
  get(name: string): Policy | undefined;
  names(): readonly string[];
  /** What is wrong with the folder now; empty when what it says is in force. */
  problems(): readonly PolicyProblem[];
  /** Every policy of the folder that is in force, as a change from nothing. */
  inForce(): PolicyChange;
  start(): void;
  /** Reads the folder if it changed; resolves once it has settled and what it holds was put in force or refused. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reads the folder for the first time.
 * @throws PolicyFolderError when anything in it is wrong: there is nothing older to keep
 */
export function openPolicyBook(parts: PolicyBookParts): PolicyBook {
  const { folder, configured, configFile } = parts;
  const taken = new Map(Object.keys(configured).map((name) => [name, `${configFile} (/policies/${name})`]));
  const reader = createPolicyReader(parts.surroundings);
  const first = findPolicyFiles(folder);
  let inForce = policySetOf(reader.readNow(first), first.problems, taken);
  if (inForce.problems.length > 0) throw new PolicyFolderError(folder, inForce.problems);
  let seen = first.digest;
  let problems: readonly PolicyProblem[] = [];
  let watcher: FSWatcher | undefined;
  let settling: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let reloading: Promise<void> | undefined;
  let isStopped = false;

  const soon = (): void => {
    clearTimeout(settling);
    if (!isStopped) settling = setTimeout(afterChange, SETTLED_MS);
  };
  const afterChange = (): void => {
    // A change that came behind the readings under way is not lost on them.
    if (reloading !== undefined) soon();
    else void reload();
  };
  const reload = (): Promise<void> =>
    (reloading ??= readSettled().finally(() => {
      reloading = undefined;
    }));
  /** A change that is under way is no state of the folder, even where half of it is valid. */
  const readSettled = async (): Promise<void> => {
    let before: string | undefined;
    for (;;) {
      const found = findPolicyFiles(folder);
      if (found.digest === seen) return;
      if (found.digest === before) return take(found);
      before = found.digest;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      if (isStopped) return;
    }
  };
  const take = async (found: FoundFiles): Promise<void> => {
    const next =
      emptied(inForce, found, folder) ?? policySetOf(await reader.readGently(found), found.problems, taken);
    if (isStopped) return;
    seen = found.digest;
    problems = next.problems;
    if (problems.length > 0) {
      parts.onInvalid(problems);
      return;
    }
    const change = changeBetween(inForce, next);
    inForce = next;
    parts.onReload(change);
  };

  return {
    get: (name) =>
      inForce.policies.get(name)?.policy ?? (Object.hasOwn(configured, name) ? configured[name] : undefined),
    names: () => [...Object.keys(configured), ...inForce.policies.keys()],
    problems: () => problems,
    inForce: () => changeBetween({ policies: new Map(), problems: [] }, inForce),
    reload,
    start() {
      watcher = watch(folder, { ignoreInitial: true, persistent: false })
        .on('all', soon)
        // A swapped link below a hidden name is told of nowhere else.
        .on('raw', soon)
        // What changed between the first reading and now.
        .on('ready', soon)
        .on('error', soon);
      asking = setInterval(() => void reload(), parts.askEveryMs ?? ASK_EVERY_MS);
      asking.unref();
    },
    async stop() {
      isStopped = true;
      await watcher?.close();
      // Not before: until it is closed, the watcher sets the first one again.
      clearTimeout(settling);
      clearInterval(asking);
      await reloading;
    },
  };
}

/** The policy folder is wrong at the start; the message has one line for each thing to mend. */
export class PolicyFolderError extends Error {
  constructor(
    folder: string,
    readonly problems: readonly PolicyProblem[],
  ) {
    const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
    super(`the policies in ${folder} are not valid:\n${lines.join('\n')}`);
  }
}

/** A folder that lost all of its files is more likely gone (a mount, a checkout under way) than meant so. */
function emptied(inForce: PolicySet, found: FoundFiles, folder: string): PolicySet | undefined {
  if (inForce.policies.size === 0 || found.files.length > 0 || found.problems.length > 0) return undefined;
  const problem: PolicyProblem = {
    ...{ file: folder, line: 1, column: 1, key: '' },
    detail: 'holds no policy file any more',
    remedy: 'bring them back; to do without any, restart the service',
  };
  return { policies: new Map(), problems: [problem] };
}

function changeBetween(before: PolicySet, after: PolicySet): PolicyChange {
  const came = [...after.policies].flatMap(([policy, { hash, place }]) => {
    const old = before.policies.get(policy);
    if (old?.hash === hash) return [];
    const change = old === undefined ? ('added' as const) : ('changed' as const);
    return [{ policy, change, hash, file: place.file }];
  });
  const went = [...before.policies.keys()].flatMap((policy) =>
    after.policies.has(policy) ? [] : [{ policy, change: 'removed' as const }],
  );
  return { changes: [...came, ...went] };
}
