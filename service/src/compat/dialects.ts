import type { HookKind } from '../domain/hook.js';
import { argoRollouts } from './argo/dialect.js';
import type { HookDialect } from './change-event.js';
import { cloudEvents } from './cloudevents/dialect.js';
import { flagger } from './flagger/dialect.js';
import { github } from './github/dialect.js';
import { gitlab } from './gitlab/dialect.js';
import { migrations } from './migrations/dialect.js';
import { terraform } from './terraform/dialect.js';

/** How each kind of hook is understood. */
export const dialects: Readonly<Record<HookKind, HookDialect>> = {
  'argo-rollouts': argoRollouts,
  cloudevents: cloudEvents,
  flagger,
  github,
  gitlab,
  migrations,
  terraform,
};
