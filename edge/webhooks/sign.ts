import { createHmac } from 'node:crypto';

/** A secret as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64. */
const pattern = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/;
const leastBytes = 24;
const mostBytes = 64;

/** @returns the key, or `undefined` where the text is no secret of that form */
export function readSecret(text: string): Buffer | undefined {
  const key = Buffer.from(pattern.exec(text.trim())?.[1] ?? '', 'base64');
  return key.length >= leastBytes && key.length <= mostBytes ? key : undefined;
}

/**
 * The three headers of one attempt (standardwebhooks.com): the receiver makes the signature anew from the raw body,
 * compares, and refuses what is old.
 *
 * @param id the same for each attempt at one message, so that the receiver can tell a repetition
 * @param at seconds since 1970
 */
export function sign(key: Buffer, id: string, at: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
