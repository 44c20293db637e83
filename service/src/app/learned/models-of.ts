import type { LearnedModels } from '../../engine/port.js';
import type { AppContext } from '../context.js';
import { AppError } from '../use-cases.js';

/** The tuned models of this server. @throws AppError `invalid` where this server keeps no models */
export function modelsOf({ learned }: AppContext): LearnedModels {
  if (learned !== undefined) return learned;
  throw new AppError('invalid', 'this server keeps no tuned models', {
    remedy: 'run it with a data folder',
  });
}
