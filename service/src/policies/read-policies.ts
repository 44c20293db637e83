import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { FOR_PEOPLE, fieldErrors, type FieldError } from '../api/field-errors.js';
import { policyInput } from '../api/policy.js';
import type { Policy } from '../domain/policy.js';
import { checkReferences, type KnownNames } from './check-references.js';
import { inOrder, keyText, type Place, type PolicyProblem } from './problem.js';
import type { Templates } from './templates.js';
import { expandTemplates } from './use-templates.js';
import { parseYaml, type YamlDocument } from './yaml-documents.js';

/** A policy of a file, complete. */
export interface LoadedPolicy {
  readonly policy: Policy;
  /** Hex SHA-256 of the policy with its templates and every default filled in. */
  readonly hash: string;
  readonly place: Place;
}

export interface ReadPolicies {
  readonly policies: readonly LoadedPolicy[];
  readonly problems: readonly PolicyProblem[];
}

/** What policies may lean on; `known` undefined: not known here, and so not checked. */
export interface Surroundings {
  readonly templates: Templates;
  readonly known: KnownNames | undefined;
}

/** The policies of one file, one a document, and everything that is wrong with them. A lone policy's name defaults to the file's. */
export function readPolicies(text: string, file: string, surroundings: Surroundings): ReadPolicies {
  const { documents, problems } = parseYaml(text, file);
  const fallback = documents.length === 1 ? basename(file).replace(/\.(ya?ml|json)$/, '') : undefined;
  const read = documents.map((document) => readOne(document, fallback, surroundings));
  const none = documents.length === 0 && problems.length === 0 ? [nothing(file)] : [];
  return {
    policies: read.flatMap((each) => each.policies),
    problems: inOrder([...problems, ...none, ...read.flatMap((each) => each.problems)]),
  };
}

function nothing(file: string): PolicyProblem {
  return {
    ...{ file, line: 1, column: 1, key: '' },
    detail: 'this file holds no policy',
    remedy: 'write one, or remove the file',
  };
}

function readOne(
  document: YamlDocument,
  fallback: string | undefined,
  surroundings: Surroundings,
): ReadPolicies {
  const { value } = document;
  const problemOf = ({ path, ...about }: FieldError): PolicyProblem => ({
    ...document.placeOf(path, about.detail.startsWith('unknown field') ? 'key' : 'value'),
    key: keyText(path),
    ...about,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      policies: [],
      problems: [
        problemOf({
          path: [],
          detail: 'must be an object of fields',
          remedy: 'begin with "metrics:" or "use:"',
        }),
      ],
    };
  const { $schema: _forEditors, ...fields } = value as Readonly<Record<string, unknown>>;
  const { value: expanded, errors, writtenAt } = expandTemplates(fields, surroundings.templates);
  const parsed = policyInput.safeParse(
    { ...(fallback === undefined ? {} : { name: fallback }), ...expanded },
    FOR_PEOPLE,
  );
  const policy: Policy | undefined = parsed.success ? parsed.data : undefined;
  const found = [
    ...unnamed(fields, fallback),
    ...errors,
    ...(parsed.error === undefined ? [] : fieldErrors(parsed.error))
      // Metrics that are missing because their template is wrong are no error of their own.
      .filter(({ path }) => errors.length === 0 || path.length !== 1 || path[0] !== 'metrics')
      .map((error) => ({ ...orMissing(error, expanded), path: writtenAt(error.path) })),
    ...(policy === undefined || surroundings.known === undefined
      ? []
      : checkReferences(policy, surroundings.known).map((error) => ({
          ...error,
          path: writtenAt(error.path),
        }))),
  ];
  if (policy === undefined || found.length > 0)
    return { policies: [], problems: unique(found.map(problemOf)) };
  const hash = createHash('sha256').update(JSON.stringify(policy)).digest('hex');
  return { policies: [{ policy, hash, place: document.placeOf(['name'], 'value') }], problems: [] };
}

/** A choice that was not made is missing, not wrong. */
function orMissing(error: FieldError, document: unknown): FieldError {
  let value = document;
  for (const part of error.path)
    value = (value as Readonly<Record<string | number, unknown>> | null | undefined)?.[part];
  const isChoice = error.detail === 'is not one of the known values';
  return isChoice && value === undefined ? { ...error, detail: 'is missing' } : error;
}

function unnamed(fields: object, fallback: string | undefined): readonly FieldError[] {
  if (fallback !== undefined || Object.hasOwn(fields, 'name')) return [];
  return [
    { path: ['name'], detail: 'is missing', remedy: 'a file with several policies names each of them' },
  ];
}

/** A template that is used wrongly can be wrong in several of its metrics. */
function unique(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const text = JSON.stringify(problem);
    return !seen.has(text) && seen.add(text);
  });
}
