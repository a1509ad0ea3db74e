import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    reporters: ['default', './test/support/closing-reporter.ts'],
    // One module graph a worker: loading it anew for each file cost more than half of the run. No test changes a module.
    isolate: false,
    // By default one core is left to the watcher, which there is none of.
    maxWorkers: '100%',
    // Scenarios start real clients.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test that needs the process's own environment says so by passing one.
    unstubEnvs: true,
  },
});

export default config;
