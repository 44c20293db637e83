import root from '../eslint.config.js';

/** The project's rules without what they leave out: this folder. */
const rules = root.filter(({ ignores, rules }) => ignores === undefined || rules !== undefined);

export default [
  // The tests against a Grafana server have dependencies of their own, which are not installed here; `e2e` checks their types.
  { ignores: ['dist/**', 'e2e/**', 'host/dist-*/**', '**/node_modules/**'] },
  ...rules,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // Grafana declares some of its enums in two packages, or keeps them to itself: no value of ours could satisfy this rule.
    rules: {
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(models|fixtures|service/(?!src/api/))',
              message: 'Of the rest of the project the plugin knows the types of service/src/api alone.',
            },
          ],
        },
      ],
    },
  },
  {
    // Tests of the host may use the service's own doubles of other people's servers.
    files: ['host/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(models|fixtures|service/(?!src/api/|test/))',
              message:
                'Of the rest of the project the host knows service/src/api and the doubles in service/test alone.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['host/page/**/*.js'],
    languageOptions: {
      globals: {
        window: 'readonly',
        document: 'readonly',
        location: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        URLSearchParams: 'readonly',
        requestAnimationFrame: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
];
