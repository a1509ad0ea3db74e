import { describe, expect, it } from 'vitest';
import { parseIntent } from '../intent/index.ts';
import { gateOf } from './gate-of.ts';
import { stepOf } from './steps.ts';

const intent = parseIntent(
  'version: 1\norganization:\n  name: acme\naccounts:\n  dev: "111122223333"\n',
  'keyless.yaml',
);
const change = { path: 'main.tf', before: 'a', after: 'b', rules: ['P3'] };
const refusal = (rule: string, path: string) => ({ rule, path, line: 3, column: 1, reason: 'r', todo: 't' });

describe('gateOf', () => {
  it('asks for the pipelines that the rules left alone, each once', () => {
    const refusals = [refusal('G5', 'ci.yml'), refusal('G1', 'ci.yml'), refusal('other-pipelines', '.gitlab-ci.yml')];
    const gate = gateOf({ step: stepOf('identity'), changes: [change], refusals }, intent);
    expect(gate.at(-1)?.text).toContain('ci.yml:3, .gitlab-ci.yml:3.');
  });

  it('does not mind what other rules left alone, or steps that change nothing', () => {
    const always = gateOf({ step: stepOf('identity'), changes: [change], refusals: [] }, intent).length;
    expect(
      gateOf({ step: stepOf('identity'), changes: [change], refusals: [refusal('P3', 'a.tf')] }, intent),
    ).toHaveLength(always);
    expect(gateOf({ step: stepOf('identity'), changes: [], refusals: [refusal('G1', 'ci.yml')] }, intent)).toHaveLength(
      always,
    );
    expect(gateOf({ step: stepOf('guard'), changes: [change], refusals: [refusal('G1', 'ci.yml')] }, intent)).toEqual(
      [],
    );
  });
});
