/** The story that proves a move, told with real clients against the embedded AWS. */
export type {
  Check,
  Evidence,
  Figure,
  Matrix,
  MatrixCell,
  MatrixRole,
  MatrixRow,
  NetworkProof,
  Outcome,
  Rehearsal,
  StateAuthor,
  StateChange,
  StepId,
  StepResult,
  Tools,
  Verdict,
} from './rehearsal.ts';
export { type RehearseOptions, type RehearseResult, rehearse } from './rehearse.ts';
export { type StoryProgress, story } from './story.ts';
export { findTerraform, type TerraformCommand } from './terraform-client.ts';
