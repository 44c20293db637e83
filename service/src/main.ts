import { createProcessIo } from './cli/process-io.js';
import { runProgram } from './cli/run-program.js';
import { environment } from './config/environment.js';

await runProgram(process.argv.slice(2), createProcessIo(environment));
