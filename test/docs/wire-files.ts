import { describeWire, jsonSchemas } from '../../src/contract/asyncapi.ts';

/** The files under docs that describe the wire for programs, each with its text: made from the contract, never by hand. */
export function wireFiles(): Readonly<Record<string, string>> {
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'docs/asyncapi.json': text(describeWire()),
    ...Object.fromEntries(
      Object.entries(jsonSchemas()).map(([name, schema]) => [`docs/schemas/${name}.json`, text(schema)]),
    ),
  };
}
