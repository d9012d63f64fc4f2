import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../src/contract/branch.ts';

const read = (...hooks: readonly string[]) =>
  parseBranch(
    [
      'branch: harbour',
      'cameras: [{ id: hall, source: clip.mp4 }]',
      'webhooks:',
      ...hooks.map((hook) => `  - ${hook}`),
    ].join('\n'),
    'branch.yaml',
  );

describe('Webhooks in a branch file', () => {
  it('are an address, where its secret is, and what it is for', () => {
    const { webhooks } = read(
      '{ url: "https://one.example/lobby", secretVariable: LOBBY_SECRET }',
      '{ url: "http://two.example", secretFile: secrets/two, roles: [deputy], kinds: [greet, attend] }',
    );
    expect(webhooks).toEqual([
      { url: 'https://one.example/lobby', secretVariable: 'LOBBY_SECRET' },
      { url: 'http://two.example', secretFile: 'secrets/two', roles: ['deputy'], kinds: ['greet', 'attend'] },
    ]);
    expect(parseBranch('branch: a\ncameras: [{ id: b, source: c }]', 'branch.yaml').webhooks).toEqual([]);
  });

  it.each([
    ['{ url: "ftp://one.example", secretVariable: A }', /must begin with https/],
    ['{ url: "https://one.example" }', /secretVariable or secretFile/],
    ['{ url: "https://one.example", secretVariable: A, secretFile: b }', /and not both/],
    ['{ url: "https://one.example", secretVariable: "whsec_aGk=" }', /the name of an environment variable/],
    ['{ url: "https://one.example", secretVariable: A, secret: whsec_aGk= }', /secret/],
    ['{ url: "https://one.example", secretVariable: A, roles: [customer] }', /roles/],
    ['{ url: "https://one.example", secretVariable: A, kinds: [] }', /kinds/],
  ])('refused: %s', (hook, problem) => {
    expect(() => read(hook)).toThrow(problem);
  });

  it.each([
    '{ url: "ftp://branch:hunter2@one.example", secretVariable: A }',
    '{ url: "https://branch:hunter2@one.example" }',
    '{ url: "https://one.example", secretVariable: "whsec_hunter2=" }',
    '{ url: "https://one.example", secretFile: ["whsec_hunter2="] }',
  ])('refused without repeating what may be secret: %s', (hook) => {
    expect(() => read(hook)).toThrow(/branch.yaml:4/);
    expect(() => read(hook)).not.toThrow(/hunter2/);
  });

  it('are eight at most', () => {
    const hook = '{ url: "https://one.example", secretVariable: A }';
    expect(read(...Array<string>(8).fill(hook)).webhooks).toHaveLength(8);
    expect(() => read(...Array<string>(9).fill(hook))).toThrow(/webhooks/);
  });
});
