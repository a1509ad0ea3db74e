/** Failure on purpose: what happens to Terraform when credentials, network or lock fail, and how one gets back. */
export { drills } from './catalogue.ts';
export {
  type Drill,
  type DrillResult,
  type Interruption,
  type Outcome,
  outcomes,
  outcomeTexts,
  type Recovery,
  type RecoveryStep,
} from './drill.ts';
export { type MessageId, messageText } from './messages.ts';
export { runDrill, terraformForDrills } from './run-drill.ts';
export { runDrills } from './run-drills.ts';
export type { DrillPorts } from './stage.ts';
export { secondsBetweenInterrupts } from './terraform-run.ts';
