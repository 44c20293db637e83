import type { LearnedModelId } from '../contract.js';

/** The model in `models/artifacts`; its card says what it is and how it was made. */
export const SHIPPED_MODEL: LearnedModelId = {
  model: 'window-mixer/1.0.0',
  sha256: '4b0e17f157248df3c52decb28881424b30410e7361f04fd309e78e1c7b26b530',
};
