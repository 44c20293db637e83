// The build contract of Grafana plugins: one AMD module a plugin, Grafana's own packages and React left outside.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import CopyPlugin from 'copy-webpack-plugin';
import ReplaceInFile from 'replace-in-file-webpack-plugin';
import Terser from 'terser-webpack-plugin';
import Virtual from 'webpack-virtual-modules';
import { SubresourceIntegrityPlugin } from 'webpack-subresource-integrity';

const root = import.meta.dirname;
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { id } = read('src/plugin.json');
const { version } = read('package.json');
// A fixed day makes two builds of one commit equal; a release sets it.
const today = process.env.BELLWETHER_BUILD_DAY ?? '2026-01-01';

export default {
  mode: 'production',
  context: join(root, 'src'),
  devtool: 'source-map',
  target: ['web', 'es2022'],
  entry: {
    module: './module.tsx',
    'datasource/module': './datasource/module.ts',
    'panel/module': './panel/module.ts',
  },
  externals: [
    { 'amd-module': 'module' },
    '@emotion/css',
    '@emotion/react',
    'i18next',
    'lodash',
    'moment',
    'react',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    'react-dom',
    'react-router',
    'rxjs',
    /^@grafana\/(ui|runtime|data)/i,
  ],
  module: {
    rules: [
      {
        test: /src\/(?:.*\/)?module\.tsx?$/,
        use: [{ loader: 'imports-loader', options: { imports: 'side-effects grafana-public-path' } }],
      },
      {
        test: /\.tsx?$/,
        exclude: /node_modules/,
        use: {
          loader: 'swc-loader',
          options: {
            jsc: {
              target: 'es2022',
              parser: { syntax: 'typescript', tsx: true },
              transform: { react: { runtime: 'automatic' } },
            },
          },
        },
      },
    ],
  },
  optimization: { minimizer: [new Terser({ extractComments: false })] },
  output: {
    clean: true,
    filename: '[name].js',
    chunkFilename: '[name].js?_cache=[contenthash]',
    library: { type: 'amd' },
    path: join(root, 'dist'),
    publicPath: `public/plugins/${id}/`,
    uniqueName: id,
    crossOriginLoading: 'anonymous',
  },
  performance: { hints: false },
  plugins: [
    new Virtual({
      'node_modules/grafana-public-path.js': `import amdMetaModule from 'amd-module';
__webpack_public_path__ = amdMetaModule && amdMetaModule.uri ? amdMetaModule.uri.slice(0, amdMetaModule.uri.lastIndexOf('/') + 1) : 'public/plugins/${id}/';`,
    }),
    new CopyPlugin({
      patterns: [
        { from: '../README.md' },
        { from: '../CHANGELOG.md' },
        { from: '../../LICENSE', to: '[name]', toType: 'template' },
        { from: '**/plugin.json' },
        { from: '**/*.{svg,png}', noErrorOnMissing: true },
      ].map((pattern) => ({ to: '.', ...pattern })),
    }),
    new ReplaceInFile([
      {
        dir: 'dist',
        test: [/plugin\.json$/, /README\.md$/],
        rules: [
          { search: /%VERSION%/g, replace: version },
          { search: /%TODAY%/g, replace: today },
          { search: /%PLUGIN_ID%/g, replace: id },
        ],
      },
    ]),
    new SubresourceIntegrityPlugin({ hashFuncNames: ['sha256'] }),
  ],
  resolve: {
    extensions: ['.js', '.ts', '.tsx'],
    extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
  },
};
