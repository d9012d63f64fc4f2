import { type Logger, pino } from 'pino';

/**
 * The service's log: JSON lines on stderr for a machine, plain lines on a terminal. Nothing about a
 * person is ever given to it.
 */
export function createLog(level: string, plain: boolean): Logger {
  if (!plain)
    return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const write = (line: string) => {
    const {
      level: at,
      msg,
      err,
    } = JSON.parse(line) as { level: number; msg?: string; err?: { stack?: string } };
    const mark = at >= 50 ? '✕ ' : at >= 40 ? '▲ ' : '';
    process.stderr.write(`${mark}${msg ?? ''}${err?.stack === undefined ? '' : `\n${err.stack}`}\n`);
  };
  return pino({ level, base: null }, { write });
}
