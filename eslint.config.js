import js from '@eslint/js';
import sonarjs from 'eslint-plugin-sonarjs';
import tseslint from 'typescript-eslint';

const pureRooms = ['models/src/**/*.ts', 'service/src/domain/**/*.ts'];
const impure = (object, property) => ({
  object,
  property,
  message: 'Time and randomness are parameters here, so that a verdict can be replayed.',
});

export default tseslint.config(
  // The plugin is linted by its own configuration: its types need its own install.
  { ignores: ['**/dist/**', '**/dist-*/**', '**/node_modules/**', 'coverage/**', 'grafana-plugin/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { sonarjs },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 300 }],
      'sonarjs/cognitive-complexity': ['error', 11],
      eqeqeq: 'error',
    },
  },
  {
    files: pureRooms,
    rules: {
      'no-restricted-globals': ['error', 'process', 'console', 'performance'],
      'no-restricted-properties': ['error', impure('Date', 'now'), impure('Math', 'random')],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is a parameter here.',
        },
      ],
    },
  },
  {
    files: ['service/src/**/*.ts'],
    ignores: ['service/src/config/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only service/src/config reads the environment.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', '**/bench/**/*.ts'],
    rules: { 'sonarjs/cognitive-complexity': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'writable' },
    },
  },
);
