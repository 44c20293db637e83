// Bundles the host double over one version of Grafana's packages: node host/build.mjs [13|12]
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;
const version = process.argv[2] ?? '13';
const packages =
  version === '13' ? join(folder, '..', 'node_modules') : join(folder, `grafana-${version}`, 'node_modules');
if (!existsSync(packages)) {
  console.error(
    `The packages of Grafana ${version} are not installed: run "npm ci" in ${join(packages, '..')}.`,
  );
  process.exit(1);
}
const modules = realpathSync(packages);
const nested = (name) => {
  const inside = join(modules, '@grafana/ui/node_modules', name);
  return existsSync(inside) ? inside : join(modules, name);
};
const compat = join(nested('react-router-dom-v5-compat'), 'dist/index.js');

await build({
  entryPoints: { boot: join(folder, 'page/boot.js'), host: join(folder, 'page/host.js') },
  outdir: join(folder, `dist-${version}`),
  bundle: true,
  format: 'esm',
  splitting: true,
  target: 'es2022',
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.svg': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
  nodePaths: [modules],
  plugins: [
    {
      name: 'grafana-packages',
      setup(bundle) {
        // The page lies outside the second version's folder: its own imports are looked up there.
        bundle.onResolve({ filter: /^[^./]/ }, ({ path, importer, pluginData, kind, resolveDir }) => {
          if (pluginData === 'seen' || !importer.includes('/host/page/') || special(path)) return undefined;
          return bundle.resolve(path, {
            resolveDir: modules,
            kind,
            pluginData: 'seen',
            importer: resolveDir,
          });
        });
        bundle.onResolve({ filter: /^react-router-dom-v5$/ }, () => ({
          path: join(nested('react-router-dom'), 'esm/react-router-dom.js'),
        }));
        bundle.onResolve({ filter: /^react-router-dom-v5-compat$/ }, () => ({ path: compat }));
        // Scenes are made against a newer schema; of what an older one lacks they need the name alone to be loaded.
        bundle.onLoad({ filter: /table[/\\]panelcfg[/\\]x[/\\]types\.gen\.mjs$/ }, ({ path }) => {
          const contents = readFileSync(path, 'utf8');
          return contents.includes('defaultOptions')
            ? undefined
            : { contents: `${contents}\nexport const defaultOptions = {};\n`, loader: 'js' };
        });
        // Grafana gives scenes the router of its own pages, so that there is one context.
        bundle.onResolve({ filter: /^react-router-dom$/ }, ({ importer }) =>
          importer.includes('@grafana/scenes') ? { path: compat } : undefined,
        );
        bundle.onResolve({ filter: /^@grafana\/i18n\/internal$/ }, () => ({
          path: join(modules, '@grafana/i18n/dist/esm/i18n.mjs'),
        }));
        bundle.onResolve({ filter: /^grafana-deep\// }, ({ path }) => {
          const [, name, ...rest] = path.split('/');
          return { path: join(modules, '@grafana', name, 'dist/esm', `${rest.join('/')}.mjs`) };
        });
      },
    },
  ],
});

function special(path) {
  return /^react-router-dom|^grafana-deep\/|^@grafana\/i18n\/internal$/.test(path);
}
