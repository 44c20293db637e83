interface Named {
  readonly sources: readonly { readonly name: string }[];
  readonly samples: { readonly store: 'embedded' } | { readonly store: 'influx'; readonly source: string };
}

/** Names that policies may read by: not that of the database with the pushed samples, which are those of every project. */
export function readableSources({ sources, samples }: Named): readonly string[] {
  const names = sources.map(({ name }) => name);
  return samples.store === 'influx' ? names.filter((name) => name !== samples.source) : names;
}
