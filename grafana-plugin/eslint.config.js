import root from '../eslint.config.js';

/** The project's rules without what they leave out: this folder. */
const rules = root.filter(({ ignores, rules }) => ignores === undefined || rules !== undefined);

export default [
  { ignores: ['dist/**', 'host/dist-*/**', '**/node_modules/**'] },
  ...rules,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
      },
    },
  },
];
