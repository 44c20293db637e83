const LONGEST_MESSAGE = 400;

/** What a server said, fit to be shown: cut to 400 characters, and without the texts that no message may show. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
    .slice(0, LONGEST_MESSAGE);
}
