export { draftEntries, type Fact, type IntentDraft } from './draft.ts';
export { inferIntentDraft } from './infer-draft.ts';
export { askForMissing } from './questions.ts';
export { renderDraft } from './render-draft.ts';
export { readSurroundings, type Surroundings } from './surroundings.ts';
