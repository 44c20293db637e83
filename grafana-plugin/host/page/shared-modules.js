// The packages that Grafana shares with plugins, given to them through SystemJS as Grafana does.
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import 'systemjs/dist/extras/named-register.js';
import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as data from '@grafana/data';
import * as runtime from '@grafana/runtime';
import * as ui from '@grafana/ui';
import * as lodash from 'lodash';
import * as moment from 'moment';
import * as react from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as rxjs from 'rxjs';
import * as router from 'react-router-dom-v5-compat';

const modules = {
  '@emotion/css': emotionCss,
  '@emotion/react': emotionReact,
  '@grafana/data': data,
  '@grafana/runtime': runtime,
  '@grafana/ui': ui,
  lodash,
  moment,
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  rxjs,
  'react-router': router,
};

/** Registers them. @returns SystemJS */
export function shareModules() {
  const { System } = window;
  const imports = {};
  for (const [name, namespace] of Object.entries(modules)) {
    System.set(`package:${name}`, live(namespace));
    imports[name] = `package:${name}`;
  }
  System.addImportMap({ imports });
  return System;
}

/** SystemJS copies what is not tagged a module, and a copy misses what Grafana sets later, such as its page component. */
function live(namespace) {
  const tag = Symbol.toStringTag;
  return new Proxy(Object.create(null, { [tag]: { value: 'Module' } }), {
    get: (target, name) => {
      if (name === tag) return 'Module';
      if (name === '__esModule') return true;
      return name === 'default' ? (namespace.default ?? namespace) : namespace[name];
    },
    has: (target, name) => name in namespace,
    ownKeys: () => [...Reflect.ownKeys(namespace).filter((name) => name !== tag), tag],
    getOwnPropertyDescriptor: (target, name) =>
      name === tag
        ? Reflect.getOwnPropertyDescriptor(target, name)
        : { configurable: true, enumerable: true, writable: true, value: namespace[name] },
  });
}
