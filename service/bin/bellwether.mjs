#!/usr/bin/env node
// Starts the built program; says what to do when it was not built yet.
import { existsSync } from 'node:fs';

const main = new URL('../dist/src/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('Bellwether is not built yet: run "npm run build" in the project\'s root.');
  process.exit(3);
}
await import(main.href);
