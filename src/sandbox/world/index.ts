/** The world that keyless.yaml makes. Loaded by those who use it only: it brings all that reads the file. */
export { renderAwsConfig } from './aws-config.ts';
export { buildWorld, closeOldWay, openNewWay } from './build-world.ts';
export { defaultIntent, defaultIntentText } from './default-intent.ts';
export { addLegacyRoles, addOutsiders } from './rehearsal-cast.ts';
