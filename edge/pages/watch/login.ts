export interface Login {
  readonly username: string;
  readonly password: string;
}

const kept = 'lobby.login';

/**
 * Reads the login that whoever set the watch up has put behind the page's address: `/watch#login=name:password`,
 * both percent-encoded. What is behind # stays in the browser: no server and no log sees it.
 *
 * @returns absent where there is none; an empty one, `#login=`, takes away what is kept
 */
export function readLogin(hash: string): Login | 'none' | undefined {
  const text = /^#login=(.*)$/.exec(hash)?.[1];
  if (text === undefined) return undefined;
  if (text === '') return 'none';
  const [, username, password] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (username === undefined || password === undefined) return undefined;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}

/** The login of this watch: from its address, which it is then taken out of, or from before. */
export function loginOfPage(): Login | undefined {
  try {
    const given = readLogin(location.hash);
    if (given !== undefined) {
      history.replaceState(null, '', location.pathname + location.search);
      if (given === 'none') localStorage.removeItem(kept);
      else localStorage.setItem(kept, JSON.stringify(given));
    }
    if (given === 'none') return undefined;
    const before = localStorage.getItem(kept);
    return given ?? (before === null ? undefined : (JSON.parse(before) as Login));
  } catch {
    // A browser that keeps nothing is asked again next time.
    const given = readLogin(location.hash);
    return given === 'none' ? undefined : given;
  }
}
