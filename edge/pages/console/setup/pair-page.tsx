import { useEffect, useState } from 'preact/hooks';
import { send, type Trouble } from '../api.ts';
import type { Language } from '../words.ts';
import { say } from './words.ts';

/** As `POST /api/v1/camera/codes` answers. */
interface Code {
  readonly code: string;
  readonly seconds: number;
}

/** Browsers give a camera to these alone. */
const isSecure = () => location.protocol === 'https:' || /^(localhost|127\.|\[::1\])/.test(location.hostname);

/** Makes a code by which a browser becomes this camera. It is shown until it counts no more, and kept nowhere. */
export function PairPage({ camera, language }: { readonly camera: string; readonly language: Language }) {
  const [made, setMade] = useState<Code>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (made === undefined) return;
    const over = setTimeout(() => setMade(undefined), made.seconds * 1000);
    return () => clearTimeout(over);
  }, [made]);
  async function make(): Promise<void> {
    setAsking(true);
    const reply = await send<Code>('POST', '/api/v1/camera/codes', { camera });
    setAsking(false);
    setMade(reply.ok ? reply.value : undefined);
    setTrouble(reply.ok ? undefined : reply.trouble);
  }
  return (
    <div class="pair-page">
      <button type="button" disabled={isAsking} onClick={() => void make()}>
        {say(language, made === undefined ? 'pairPage' : 'pairAgain')}
      </button>
      <div role="status">
        {made !== undefined && (
          <>
            <p class="pair-code">{`${made.code.slice(0, 4)}-${made.code.slice(4)}`}</p>
            <p class="second">
              {say(language, 'pairHelp', {
                address: `${location.origin}/camera`,
                n: Math.round(made.seconds / 60),
              })}
            </p>
            {!isSecure() && <p class="refused">{say(language, 'pairInsecure')}</p>}
          </>
        )}
        {trouble !== undefined && (
          <p class="refused">
            {trouble.message} {trouble.remedy} <span class="code">{trouble.code}</span>
          </p>
        )}
      </div>
    </div>
  );
}
