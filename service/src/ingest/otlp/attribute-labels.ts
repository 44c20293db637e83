import { decoding } from '../protobuf-fields.js';
import { attributeMessage } from './messages.js';
import { wide, type AnyValue, type Attribute } from './request.js';

/** Attributes of a resource that every series of it carries; the others (process ids, command lines, versions of SDKs) tell no deployments apart. */
const RESOURCE_LABELS =
  /^(?:service\.(?:name|namespace|version|instance\.id)|deployment\.environment(?:\.name)?|host\.name|k8s\.(?:cluster|namespace|deployment|statefulset|daemonset|replicaset|pod|container)\.name|container\.image\.(?:name|tags)|cloud\.(?:region|availability_zone)|faas\.(?:name|version))$/;

/** The attributes of a resource that become labels. */
export function resourceLabels(attributes: readonly Attribute[]): Readonly<Record<string, string>> {
  return attributeLabels(attributes.filter(({ key = '' }) => RESOURCE_LABELS.test(key)));
}

/** Attributes as labels: dots and whatever else no label may hold become `_`. */
export function attributeLabels(attributes: readonly Attribute[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { key = '', value } of attributes) {
    const text = textOf(value);
    if (text !== '') labels[labelName(key)] = text;
  }
  return labels;
}

/** Attributes as one text, in the order in which they came. */
export function attributeKey(attributes: readonly Uint8Array[]): string {
  let text = '';
  for (const { buffer, byteOffset, length } of attributes)
    text += Buffer.from(buffer, byteOffset, length).toString('latin1');
  return text;
}

/** @throws PayloadError `malformed` */
export function decodeAttributes(attributes: readonly Uint8Array[]): readonly Attribute[] {
  return decoding('OTLP attribute', () =>
    attributes.map((bytes): unknown => attributeMessage.decode(bytes) as unknown),
  ) as readonly Attribute[];
}

function labelName(key: string): string {
  return key
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^__+/, '_')
    .replace(/^(?=\d)/, '_');
}

/** Lists as JSON; what has a deeper structure is left out. */
function textOf(value: AnyValue | null | undefined): string {
  if (value?.value !== 'arrayValue') return scalarText(value);
  return JSON.stringify(value.arrayValue?.values.map(scalarText) ?? []);
}

function scalarText(value: AnyValue | null | undefined): string {
  switch (value?.value) {
    case 'stringValue':
      return value.stringValue ?? '';
    case 'boolValue':
      return String(value.boolValue);
    case 'intValue':
      return String(wide(value.intValue));
    case 'doubleValue':
      return String(value.doubleValue);
    case 'arrayValue':
    case undefined:
      return '';
  }
}
