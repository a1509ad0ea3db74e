/** Pipelines as their servers read them, with the range of every part: for audit's detectors and migration's edits. */
export * from './github-credentials.ts';
export * from './github-expression.ts';
export * from './github-matrix.ts';
export * from './github-terraform.ts';
export * from './github-workflow.ts';
export * from './shell-commands.ts';
export * from './shell-credentials.ts';
export * from './terraform-runs.ts';
export * from './yaml-credentials.ts';
export * from './yaml-reading.ts';
