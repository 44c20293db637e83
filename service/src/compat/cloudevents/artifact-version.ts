/**
 * The version in a package URL, or the text itself where it is none.
 * @example artifactVersion('pkg:oci/cart@sha256%3A0b31?tag=2.14.0') // '2.14.0'
 */
export function artifactVersion(artifactId: string): string {
  if (!artifactId.startsWith('pkg:')) return artifactId;
  const [path = '', query = ''] = artifactId.split('#', 1)[0]?.split('?', 2) ?? [];
  const tag = new URLSearchParams(query).get('tag');
  if (tag !== null && tag !== '') return tag;
  const at = path.lastIndexOf('@');
  return at < 0 ? artifactId : decoded(path.slice(at + 1));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
