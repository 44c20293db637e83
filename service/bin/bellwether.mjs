#!/usr/bin/env node
// Starts the built program; says what to do when it was not built yet.
import { existsSync } from 'node:fs';

// Node's own code for a crash is 1, which here means "roll back".
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    console.error(error);
    process.exit(3);
  });

const main = new URL('../dist/src/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('Bellwether is not built yet: run "npm run build" in the project\'s root.');
  process.exit(3);
}
await import(main.href);
