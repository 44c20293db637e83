import type { FoundFiles, PolicyFile } from './policy-files.js';
import { readPolicies, type ReadPolicies, type Surroundings } from './read-policies.js';

/** A policy file with what is in it. */
export interface ReadFile {
  readonly path: string;
  readonly read: ReadPolicies;
}

/** Reads the files of a folder again and again, each only when it changed. */
export interface PolicyReader {
  /** Reads all at once. */
  readNow(found: FoundFiles): readonly ReadFile[];
  /** Lets others run between two files, so that a folder of hundreds holds no request up. */
  readGently(found: FoundFiles): Promise<readonly ReadFile[]>;
}

/** @param surroundings the same for every reading */
export function createPolicyReader(surroundings: Surroundings): PolicyReader {
  let known: ReadonlyMap<string, PolicyFile & ReadFile> = new Map();
  const readOne = (file: PolicyFile): PolicyFile & ReadFile => {
    const before = known.get(file.path);
    if (before?.text === file.text) return before;
    return { ...file, read: readPolicies(file.text, file.path, surroundings) };
  };
  /** Files that are gone are forgotten. */
  const remember = (files: readonly (PolicyFile & ReadFile)[]): readonly ReadFile[] => {
    known = new Map(files.map((file) => [file.path, file]));
    return files;
  };
  return {
    readNow: ({ files }) => remember(files.map(readOne)),
    async readGently({ files }) {
      const read: (PolicyFile & ReadFile)[] = [];
      for (const file of files) {
        const one = readOne(file);
        if (known.get(file.path) !== one) await new Promise((resolve) => setImmediate(resolve));
        read.push(one);
      }
      return remember(read);
    },
  };
}
