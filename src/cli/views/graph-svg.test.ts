/** The drawing holds up at every size and with every name; its text is never markup. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddInventory } from '../../../test/support/odd-inventory.ts';
import { wellFormedTags } from '../../../test/support/well-formed-tags.ts';
import { type AuthenticationGraph, authenticationGraph, type Method } from '../../audit/index.ts';
import { renderGraphPicture } from './graph-picture.ts';
import { pageGraphStyle, renderGraphSvg } from './graph-svg.ts';

function graphOfMethods(
  count: number,
  path: (index: number) => string = (index) => `stacks/${index}/.envrc`,
  credentialName?: string,
): AuthenticationGraph {
  const methods = Array.from(
    { length: count },
    (_, index): Method => ({
      kind: 'shell-static-key',
      class: 'static',
      usedBy: 'person',
      path: path(index),
      line: 1,
      column: 1,
      subject: '.envrc',
      detail: 'A shell key.',
      credentialName: credentialName ?? `KEY_${index}`,
    }),
  );
  return authenticationGraph({ methods, credentials: [] });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

function boxesOf(svg: string): Box[] {
  const pattern =
    /<g class="node[^>]*translate\((-?[\d.]+) (-?[\d.]+)\)">[\s\S]*?<rect width="([\d.]+)" height="([\d.]+)"[\s\S]*?<\/g>/g;
  return [...svg.matchAll(pattern)].map(([whole, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
    text: [...whole.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text).join('|'),
  }));
}

describe('the drawn graph', () => {
  it('of no methods has its five headings and no box', () => {
    const svg = renderGraphSvg(graphOfMethods(0));
    expect(boxesOf(svg)).toEqual([]);
    expect([...svg.matchAll(/class="column"/g)].length).toBe(5);
  });

  it('of one method is one path; where no role is assumed, it says so', () => {
    expect(boxesOf(renderGraphSvg(graphOfMethods(1))).map(({ text }) => text)).toEqual([
      'Engineer',
      'stacks/0/.envrc',
      'KEY_0|static',
      'directly',
      'not told by the files',
    ]);
  });

  it('of two hundred methods stays readable: each column is folded, and says how many it does not show', () => {
    const svg = renderGraphSvg(graphOfMethods(200));
    const boxes = boxesOf(svg);
    const columns = Map.groupBy(boxes, ({ x }) => x);
    for (const column of columns.values()) expect(column.length).toBeLessThanOrEqual(pageGraphStyle.nodesPerColumn);
    expect(boxes.filter(({ text }) => text === 'and 177 more').length).toBe(2);
    expect(Number(/height="(\d+)" role/.exec(svg)?.[1])).toBeLessThan(2000);
  });

  it('never lays one box over another or outside the picture', () => {
    fc.assert(
      fc.property(oddInventory, (inventory) => {
        const svg = renderGraphSvg(authenticationGraph(inventory));
        const [, width, height] = /viewBox="-1 0 (\d+) (\d+)"/.exec(svg) as unknown as [string, string, string];
        const boxes = boxesOf(svg);
        for (const [index, a] of boxes.entries()) {
          expect(a.x + a.width).toBeLessThanOrEqual(Number(width));
          expect(a.y + a.height).toBeLessThanOrEqual(Number(height));
          for (const b of boxes.slice(index + 1)) {
            expect(a.x !== b.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
          }
        }
      }),
    );
  });

  it('cuts long paths from the front, lets long names go on in a second line, and keeps both whole in the title', () => {
    const long = `infrastructure/environments/production/${'deeply/'.repeat(6)}terraform.tfvars`;
    const svg = renderGraphSvg(graphOfMethods(1, () => long));
    expect(boxesOf(svg)[1]?.text).toBe('…/deeply/terraform.tfvars|.envrc');
    expect(svg).toContain(`<title>${long}\n.envrc</title>`);
    const name = renderGraphSvg(graphOfMethods(1, undefined, 'OrganizationAccountAccessRole_OF_EVERYBODY'));
    expect(boxesOf(name)[2]?.text).toBe('OrganizationAccountAccess|Role_OF_EVERYBODY|static');
    const wide = renderGraphSvg(graphOfMethods(1, () => `${'信'.repeat(30)}.tf`));
    expect(boxesOf(wide)[1]?.text).toMatch(/^信{4,8}…信{2,8}\.tf\|/);
  });

  it('is well-formed for every inventory, however odd', () => {
    fc.assert(
      fc.property(oddInventory, (inventory) => {
        const graph = authenticationGraph(inventory);
        expect(wellFormedTags(renderGraphSvg(graph)).problems).toEqual([]);
        const picture = renderGraphPicture([{ title: inventory.root, remark: '<b>', graph }]);
        expect(wellFormedTags(picture)).toEqual({
          problems: [],
          names: expect.not.arrayContaining(['script', 'img', 'b', 'foreignObject']),
        });
      }),
    );
  });
});
