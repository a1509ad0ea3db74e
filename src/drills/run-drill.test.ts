import { describe, expect, it } from 'vitest';
import { makeDiskWorld } from '../../test/support/make-world.ts';
import { needsTerraform } from '../../test/support/terraform.ts';
import { realClock } from '../ports/real/clock.ts';
import { realNetwork } from '../ports/real/network.ts';
import { realProcesses } from '../ports/real/processes.ts';
import { drills, runDrills, terraformForDrills } from './index.ts';
import type { DrillPorts } from './stage.ts';

describe('a drill with the real terraform', () => {
  it('says what became of state and lock, who wrote the state, and how one gets back', async (context) => {
    needsTerraform(context);
    const world = await makeDiskWorld();
    const ports: DrillPorts = {
      ...world,
      clock: realClock,
      network: realNetwork,
      processes: realProcesses(process.env),
      env: { ...process.env, TMPDIR: world.root },
    };
    const ids = ['refresh-token-used-up', 'lock-release-denied', 'static-keys-of-the-same-name'];
    const chosen = drills.filter(({ id }) => ids.includes(id));
    const told: string[] = [];
    const results = await runDrills(ports, await terraformForDrills(ports), chosen, {
      parallel: 3,
      done: ({ drill }) => told.push(drill),
    });
    expect(told.sort()).toEqual(ids.sort());
    const outcome = (id: string) => results.find(({ drill }) => drill === id);
    expect(outcome('refresh-token-used-up')).toMatchObject({
      outcome: 'refused',
      lock: 'free',
      made: 0,
      saw: expect.stringContaining('InvalidGrantException'),
      recovery: { clean: true, steps: [{ command: 'sign in' }, { command: 'terraform apply' }] },
    });
    expect(outcome('lock-release-denied')).toMatchObject({ outcome: 'stopped', lock: 'held', made: 1, saved: 1 });
    expect(outcome('lock-release-denied')?.recovery.steps[1]?.command).toMatch(
      /^terraform force-unlock -force [\w-]+$/,
    );
    expect(outcome('static-keys-of-the-same-name')?.wroteAs).toMatch(/:user\/deployment$/);
    expect(results.filter(({ asExpected }) => !asExpected)).toEqual([]);
    // Nothing is left behind.
    expect(await world.files.list(world.root)).toEqual([]);
  }, 30_000);
});
