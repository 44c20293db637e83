import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fieldErrors } from '../api/field-errors.js';
import { describeProblem, keyText } from './problem.js';
import { templateFile, type Template } from './template-schema.js';
import { parseYaml } from './yaml-documents.js';

export type Templates = ReadonlyMap<string, Template>;

let shipped: Templates | undefined;

/** The templates that come with the product, by name; read once. */
export function shippedTemplates(): Templates {
  shipped ??= loadTemplates(templateFolder());
  return shipped;
}

/** Beside the sources, or beside what was built from them. */
function templateFolder(): URL {
  const places = ['../../policies/templates/', '../../../policies/templates/'];
  const found = places.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place));
  if (found === undefined) throw new Error('the policy templates are missing from this installation');
  return found;
}

/** @throws Error that lists what is wrong with a template */
export function loadTemplates(folder: URL): Templates {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const templates = files
    .sort()
    .map((file) => readTemplate(readFileSync(new URL(file, folder), 'utf8'), file));
  return new Map(templates.map((template) => [template.template, template]));
}

function readTemplate(text: string, file: string): Template {
  const { documents, problems } = parseYaml(text, file);
  const [document] = documents;
  if (document === undefined || problems.length > 0)
    throw new Error(`${file} is no template: ${problems.map(describeProblem).join('\n') || 'it is empty'}`);
  const result = templateFile.safeParse(document.value);
  if (result.success) return result.data;
  const lines = fieldErrors(result.error).map(({ path, ...about }) =>
    describeProblem({ ...document.placeOf(path, 'value'), key: keyText(path), ...about }),
  );
  throw new Error(lines.join('\n'));
}
