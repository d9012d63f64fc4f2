import protobuf from 'protobufjs';

/**
 * The part of the ONNX format that a small convolutional network needs, by the field numbers of `onnx.proto`.
 */
const onnx = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        producerVersion: { type: 'string', id: 3 },
        docString: { type: 'string', id: 6 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
        metadataProps: { rule: 'repeated', type: 'StringStringEntryProto', id: 14 },
      },
    },
    OperatorSetIdProto: {
      fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
    },
    StringStringEntryProto: {
      fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } },
    },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: { rule: 'repeated', type: 'int64', id: 8, options: { packed: false } },
        type: { type: 'int32', id: 20 },
      },
    },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1, options: { packed: false } },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    ValueInfoProto: {
      fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } },
    },
    TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
    TensorTypeProto: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'DimensionProto', id: 1 } } },
    DimensionProto: { fields: { dimValue: { type: 'int64', id: 1 } } },
  },
});

/** Element types, as numbered by ONNX. */
export const elementType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;

export type ElementType = keyof typeof elementType;

export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Node {
  readonly op: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** A whole number is written as an int, a list as ints, a text as bytes; a float has to say so. */
  readonly settings?: Readonly<
    Record<string, number | readonly number[] | string | { readonly float: number }>
  >;
}

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export interface Graph {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly tensors: readonly Tensor[];
  readonly nodes: readonly Node[];
  readonly notes: Readonly<Record<string, string>>;
}

/** Operators are those of set 13, which every ONNX Runtime since 1.7 knows. */
const operatorSet = 13;
const irVersion = 7;

function attribute(name: string, value: NonNullable<Node['settings']>[string]): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: value, type: 7 };
}

function valueInfo({ name, type, shape }: Value): object {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: elementType[type], shape: { dim } } } };
}

/** Writes a graph as the bytes of an ONNX file. The same graph gives the same bytes. */
export function encodeOnnx(graph: Graph): Uint8Array {
  const model = onnx.lookupType('ModelProto');
  return model
    .encode(
      model.create({
        irVersion,
        producerName: 'lobby-sense',
        docString: graph.description,
        opsetImport: [{ domain: '', version: operatorSet }],
        metadataProps: Object.entries(graph.notes).map(([key, value]) => ({ key, value })),
        graph: {
          name: graph.name,
          node: graph.nodes.map(({ op, from, to, settings = {} }) => ({
            opType: op,
            name: to[0],
            input: from,
            output: to,
            attribute: Object.entries(settings).map(([name, value]) => attribute(name, value)),
          })),
          initializer: graph.tensors.map(({ name, type, shape, bytes }) => ({
            name,
            dims: shape,
            dataType: elementType[type],
            rawData: bytes,
          })),
          input: graph.inputs.map(valueInfo),
          output: graph.outputs.map(valueInfo),
        },
      }),
    )
    .finish();
}
