import { useEffect, useRef, useState } from 'preact/hooks';
import type { WhatIfPayload } from '../../../../../src/contract/what-if.ts';
import { ask, send, type Trouble } from '../../api.ts';

/** What is known of a question: how far it has come, the newest result, or why there is none. */
export interface Asking {
  readonly payload?: WhatIfPayload;
  readonly trouble?: Trouble;
  readonly isOpen: boolean;
}

const nothing: Asking = { isOpen: false };
const everyMs = 500;

/**
 * Asks the box, and asks on until it is done. A new question gives up the one before; a result stays until there is a
 * newer one.
 *
 * @param question what to post; `undefined`: nothing is asked
 * @param afterMs how long it must stay as it is before it is asked: somebody is typing
 * @returns what is known, giving it up, and asking it again
 */
export function useWhatIf(
  path: string,
  question: object | undefined,
  afterMs: number,
): readonly [Asking, () => void, () => void] {
  const [known, setKnown] = useState<Asking>(nothing);
  const [round, setRound] = useState(0);
  const open = useRef<string | undefined>(undefined);
  /** Ends the asking that is under way, also where the box has not answered yet that it began. */
  const end = useRef(() => {});
  const text = question === undefined ? undefined : JSON.stringify(question);

  function giveUp(): void {
    const { current } = open;
    open.current = undefined;
    if (current !== undefined) void send('DELETE', `/api/v1/what-if/${current}`);
  }

  useEffect(() => {
    if (text === undefined) {
      setKnown(nothing);
      return;
    }
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setKnown((before) => ({
      ...(before.payload === undefined ? {} : { payload: before.payload }),
      isOpen: true,
    }));
    const failed = (trouble: Trouble) => {
      open.current = undefined;
      setKnown({ trouble, isOpen: false });
    };
    async function begin(): Promise<void> {
      const reply = await send<WhatIfPayload>('POST', path, JSON.parse(text!));
      if (isOver) {
        if (reply.ok) void send('DELETE', `/api/v1/what-if/${reply.value.id}`);
        return;
      }
      if (reply.ok) take(reply.value);
      else failed(reply.trouble);
    }
    function take(payload: WhatIfPayload): void {
      const isOpen = payload.state === 'waiting' || payload.state === 'running';
      open.current = isOpen ? payload.id : undefined;
      if (payload.trouble !== undefined) {
        failed({ ...payload.trouble, status: 422 });
        return;
      }
      setKnown((before) => {
        // A result that is known is not sent again; an older question's stays until there is a newer one.
        const { result = before.payload?.result, suggestion = before.payload?.suggestion } = payload;
        const isSame = before.payload?.id === payload.id;
        return {
          payload: {
            ...payload,
            version:
              payload.result === undefined && !isSame && before.payload?.result !== undefined
                ? before.payload.version
                : payload.version,
            ...(result === undefined ? {} : { result }),
            ...(suggestion === undefined ? {} : { suggestion }),
          },
          isOpen,
        };
      });
      if (isOpen) timer = setTimeout(() => void goOn(payload), everyMs);
    }
    async function goOn({ id, step }: WhatIfPayload): Promise<void> {
      const reply = await ask<WhatIfPayload>(`/api/v1/what-if/${id}?have=${step}`);
      if (isOver) return;
      if (reply.ok) {
        take(reply.value);
        return;
      }
      // A link that is lost for a moment costs nothing: it is worked out all the same.
      if (reply.trouble.status === 0 || reply.trouble.status === 429) {
        timer = setTimeout(() => void goOn({ id, step } as WhatIfPayload), 4 * everyMs);
      } else failed(reply.trouble);
    }
    timer = setTimeout(() => void begin(), afterMs);
    const over = () => {
      isOver = true;
      clearTimeout(timer);
      giveUp();
    };
    end.current = over;
    return over;
  }, [path, text, round]);

  const cancel = () => {
    end.current();
    setKnown((before) =>
      before.payload === undefined
        ? { isOpen: false }
        : { payload: { ...before.payload, state: 'cancelled' }, isOpen: false },
    );
  };
  return [known, cancel, () => setRound((before) => before + 1)];
}
