/** Pipelines as their servers read them, with the range of every part: for audit's detectors and migration's edits. */
export * from './github-expression.ts';
export * from './github-workflow.ts';
export * from './yaml-reading.ts';
