import { createHmac, randomBytes, scrypt as scryptWithCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Rate } from '../../src/service/bucket.ts';
import { createWrongTries } from '../access/wrong-tries.ts';

/** Who may come in to the embedded broker by a user name and a password. */
export interface WatchLogins {
  /**
   * @param from the address it comes from
   * @returns `busy`: too many ask at once for a password to be looked at now, or too many from there, or under that
   *          name, were wrong lately
   */
  check(username: string, password: string, from?: string): Promise<'right' | 'wrong' | 'busy'>;
}

const scrypt = promisify<string, Buffer, number, Buffer>(scryptWithCallback);
const hashBytes = 32;
const saltBytes = 16;
/** Each takes some 50 to 150 ms and 16 MB: whoever guesses many at once must not take the detector's place. */
const mostAtOnce = 2;
const mostLogins = 256;
/** Ten slips of the finger at once, and then two a minute: 2,900 guesses a day from one address. */
const wrongFromOne: Rate = { burst: 10, perSecond: 1 / 30 };
/** From however many addresses: 8,700 guesses a day at most at one name's password. */
const wrongUnderOne: Rate = { burst: 60, perSecond: 1 / 10 };
const linePattern = /^([A-Za-z0-9-]{1,40}):scrypt:([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})$/;
const hint = 'Make its lines with `lobby watch-password <file> <name>`.';

/** One line of the file. */
export async function watchLoginLine(username: string, password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await scrypt(password, salt, hashBytes);
  return `${username}:scrypt:${salt.toString('base64url')}:${hash.toString('base64url')}`;
}

/**
 * Reads the logins of watches: a line each, name and hashed password. Empty lines and those that begin with # are
 * passed over.
 *
 * A right password is known again by a keyed hash that dies with the process, so that a wrist that comes and goes
 * costs little; a wrong one always costs the whole reckoning, and so does a name nobody has. How many may be wrong is
 * bounded by address and by name; a wrist whose password is known is let in all the same, so that whoever guesses
 * cannot keep those out that are in already.
 *
 * @param now the machine's own time, which nobody sets
 * @throws {LobbyError} `LOBBY_FILE_INVALID`, also when nobody is named: then nobody could come in
 */
export async function parseWatchLogins(
  text: string,
  file: string,
  now: () => Seconds = () => performance.now() / 1000,
): Promise<WatchLogins> {
  const refuse = (problem: string) => new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint });
  const logins = new Map<string, { salt: Buffer; hash: Buffer }>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const found = linePattern.exec(line.trim());
    // The line itself is not repeated: it may hold a password as it is.
    if (found === null) throw refuse(`line ${index + 1} must be a name and a hashed password`);
    const [, username, salt, hash] = found;
    if (logins.has(username!)) throw refuse(`line ${index + 1} names ${username} again`);
    logins.set(username!, { salt: Buffer.from(salt!, 'base64url'), hash: Buffer.from(hash!, 'base64url') });
  }
  if (logins.size === 0) throw refuse('it must name somebody');
  if (logins.size > mostLogins) throw refuse(`it must name at most ${mostLogins}`);

  const nobody = { salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
  const key = randomBytes(32);
  const known = new Map<string, Buffer>();
  const addresses = createWrongTries(wrongFromOne);
  const names = createWrongTries(wrongUnderOne);
  let running = 0;
  return {
    async check(username, password, from = '') {
      const mark = createHmac('sha256', key).update(password).digest();
      const before = known.get(username);
      if (before !== undefined && timingSafeEqual(before, mark)) return 'right';
      if (addresses.isOver(from, now()) || names.isOver(username, now())) return 'busy';
      if (running >= mostAtOnce) return 'busy';
      running += 1;
      try {
        const login = logins.get(username);
        const { salt, hash } = login ?? nobody;
        const isRight = timingSafeEqual(await scrypt(password, salt, hashBytes), hash);
        if (login === undefined || !isRight) {
          addresses.wrong(from, now());
          // A name that nobody has has no password to guess, and may not push another's count out.
          if (login !== undefined) names.wrong(username, now());
          return 'wrong';
        }
        known.set(username, mark);
        return 'right';
      } finally {
        running -= 1;
      }
    },
  };
}
