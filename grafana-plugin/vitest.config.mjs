import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    server: { deps: { inline: [/@grafana\//] } },
    maxWorkers: 2,
    setupFiles: ['./vitest.setup.mjs'],
  },
});
