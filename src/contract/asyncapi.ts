import { z } from 'zod';
import { messages, topicsOf } from './topics.ts';

/**
 * The wire described for other programs, made from the one map of messages: an AsyncAPI 3 document, and one JSON
 * Schema a message. Nothing here can say anything that the contract does not.
 */

type MessageName = keyof typeof messages;
const names = Object.keys(messages) as MessageName[];

/** What each message is, in a line. */
const titles: Record<MessageName, { readonly title: string; readonly summary: string }> = {
  prompt: {
    title: 'Prompt',
    summary:
      'One short prompt for the wrist. It comes again under the same id when it grew or was passed on. After `expiresAt` it must neither show nor buzz.',
  },
  promptState: {
    title: 'Prompt state',
    summary:
      "How one prompt's life went on. `met`, `skipped`, `withdrawn` and `expired` end it: it leaves every wrist.",
  },
  ack: {
    title: 'Answer or receipt',
    summary:
      "A wearer's answer, or what the watch says by itself: that a prompt came, that it was shown. At most 4,096 bytes.",
  },
  duty: {
    title: 'Duty',
    summary:
      'A watch begins or ends duty, asks for quiet, or says where its wearer just was. The last will of a watch is one with `onDuty: false`.',
  },
  lobby: {
    title: 'Lobby',
    summary: 'The lobby at a glance, and the prompts still open: what a watch that has been away reads.',
  },
  health: {
    title: 'Health',
    summary: "The box's own state. Its last will is the same with `state: gone`.",
  },
  report: {
    title: 'Report of the day',
    summary:
      'The figures of the last day that is over, as counts: made by itself at closing. Counts of one to four say only `< 5`.',
  },
};

/** The JSON Schema (draft 7) of one message, on its own: nothing in it points elsewhere. */
export function jsonSchemaOf(name: MessageName): Record<string, unknown> {
  const { title, summary } = titles[name];
  const { $schema, ...schema } = z.toJSONSchema(messages[name].schema, { target: 'draft-7', io: 'input' });
  return { $schema, title, description: summary, ...schema };
}

/** The JSON Schema of each message by the message's name. */
export function jsonSchemas(): Record<MessageName, Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, jsonSchemaOf(name)])) as Record<
    MessageName,
    Record<string, unknown>
  >;
}

/** A topic with its parameters in braces. */
function addressOf(name: MessageName, branch: string): string {
  const topic = topicsOf(branch)[name];
  return typeof topic === 'string' ? topic : topic('{id}');
}

const parameters = {
  branch: { description: "The branch's id, as in its branch file." },
  id: { description: "The prompt's id." },
};

/**
 * The AsyncAPI 3.0 document of the wire, as the box sees it: it sends what is `from: 'box'` and receives the rest.
 *
 * @param branch whose topics are meant; absent: any, as a parameter
 *
 * @example
 * ```ts
 * describeWire('harbour').channels.ack.address; // 'lobby/v1/harbour/ack'
 * describeWire().channels.promptState.address; // 'lobby/v1/{branch}/prompt/{id}/state'
 * ```
 */
export function describeWire(branch = '{branch}') {
  const each = <Value>(value: (name: MessageName) => Value) =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<MessageName, Value>;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'lobby-sense',
      version: '1',
      description:
        'What travels by MQTT between the box in a branch and its watches. Every payload is a closed JSON object with `"v": 1`: unknown keys are refused. Nothing says anything about a person but how many there are and how long they have waited.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      mqtt: {
        host: '{host}:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: 'The broker inside the box, or the one the branch has.',
        variables: { host: { description: 'The address of the box, or of the broker.' } },
      },
      pages: {
        host: '{host}:8080',
        pathname: '/mqtt',
        protocol: 'ws',
        protocolVersion: '3.1.1',
        description: 'The same by WebSocket, subprotocol `mqtt`, for pages of the box itself.',
        variables: { host: { description: 'The address of the box.' } },
      },
    },
    channels: each((name) => {
      const address = addressOf(name, branch);
      const within = Object.entries(parameters).filter(([key]) => address.includes(`{${key}}`));
      return {
        address,
        title: titles[name].title,
        messages: { [name]: { $ref: `#/components/messages/${name}` } },
        ...(within.length === 0 ? {} : { parameters: Object.fromEntries(within) }),
      };
    }),
    operations: each((name) => {
      const { from, qos, retain } = messages[name];
      return {
        action: from === 'box' ? ('send' as const) : ('receive' as const),
        channel: { $ref: `#/channels/${name}` },
        summary: titles[name].summary,
        bindings: { mqtt: { qos, retain, bindingVersion: '0.2.0' } },
        messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
      };
    }),
    components: {
      messages: each((name) => ({
        name,
        title: titles[name].title,
        contentType: 'application/json',
        payload: { $ref: `#/components/schemas/${name}` },
      })),
      // Within the document each is a part, not a schema of its own.
      schemas: each((name) => {
        const { $schema: _, ...schema } = jsonSchemaOf(name);
        return schema;
      }),
    },
  };
}
