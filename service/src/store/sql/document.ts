/** A stored document, to be taken as the type it was written from: unknown values of other releases pass untouched. */
export function fromDocument(row: { readonly document: string }): unknown {
  return JSON.parse(row.document);
}
