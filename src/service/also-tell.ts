import type { Publisher } from '../ports/publisher.ts';

/** Whoever is told beside the wrists, of what they care for. It must not throw. */
export type Listener = Partial<Pick<Publisher, 'prompt' | 'promptState' | 'lobby' | 'health'>>;

/** The same publisher, whose messages others hear too, after it and in the order given. */
export function alsoTell(publisher: Publisher, listeners: readonly Listener[]): Publisher {
  const told = <Kind extends keyof Listener>(kind: Kind, message: Parameters<Publisher[Kind]>[0]) => {
    const tell = (one: Listener) => (one[kind] as ((message: unknown) => void) | undefined)?.(message);
    tell(publisher);
    for (const one of listeners) tell(one);
  };
  return Object.assign(Object.create(publisher) as Publisher, {
    prompt: (prompt: Parameters<Publisher['prompt']>[0]) => told('prompt', prompt),
    promptState: (state: Parameters<Publisher['promptState']>[0]) => told('promptState', state),
    lobby: (lobby: Parameters<Publisher['lobby']>[0]) => told('lobby', lobby),
    health: (health: Parameters<Publisher['health']>[0]) => told('health', health),
  });
}
