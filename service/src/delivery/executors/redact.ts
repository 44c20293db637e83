const hidden = '[redacted]';

/** Shapes that secrets have in program output. Each pattern is linear: no nested repetition. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, hidden],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, hidden],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, hidden],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, hidden],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abposr]-|sk-)[A-Za-z0-9_-]{10,}/g, hidden],
  [/(:\/\/)[^\s/@]{1,256}@/g, `$1${hidden}@`],
  [
    /((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credential)s?["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',;]+/gi,
    `$1${hidden}`,
  ],
];

/**
 * Takes what looks like a secret out of text that people will read. A net, not a wall: programs should not print secrets.
 *
 * @example redact('token=abc123 done') // 'token=[redacted] done'
 */
export function redact(text: string): string {
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
