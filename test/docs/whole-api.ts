import { Registry } from 'prom-client';
import { buildApp } from '../../edge/http/app.ts';

/** Whatever is asked of it, it is there: routes are made with it, and none is ever asked. */
const anything: never = new Proxy(() => anything, {
  get: (_, key) => (key === 'then' ? undefined : key === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
}) as never;

export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}
export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description: string;
  readonly security?: readonly object[];
  readonly 'x-role'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
    readonly example?: unknown;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}
export interface Media {
  readonly schema?: object;
  readonly example?: unknown;
}

/** The document of the API with every route a box can have. */
export async function describeWholeApi(version = '1'): Promise<ApiDocument> {
  const app = await buildApp({
    branch: 'harbour',
    places: [],
    health: anything,
    lobby: anything,
    metrics: new Registry(),
    clock: anything,
    pagesFolder: import.meta.dirname,
    console: anything,
    pages: anything,
    version,
  });
  try {
    await app.ready();
    // As it comes over the wire: what is undefined is not there.
    return JSON.parse(JSON.stringify(app.swagger())) as ApiDocument;
  } finally {
    await app.close();
  }
}
