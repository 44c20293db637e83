/** The process's environment; the only place that reads it. */
export const environment: NodeJS.ProcessEnv = process.env;
