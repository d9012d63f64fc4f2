import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { parseCaviar } from './caviar.ts';

const body = `<body>
  <head evaluation="1" gaze="316" occluded="no" size="7" xc="233" yc="210"/>
  <shoulders><right evaluation="1" xc="0" yc="0"/><left evaluation="1" xc="0" yc="0"/></shoulders>
  <feet>
    <right evaluation="1" occluded="no" size="2" xc="244" yc="190"/>
    <left evaluation="1" occluded="no" size="3" xc="268" yc="220"/>
  </feet>
</body>`;

const words = `<hypothesislist><hypothesis evaluation="1.0" id="1" prev="0.0">
  <movement evaluation="1.0">inactive</movement><role evaluation="1.0">browser</role>
  <context evaluation="1.0">browsing</context><situation evaluation="1.0">browsing</situation>
</hypothesis></hypothesislist>`;

const object = (box: string, inner = words): string =>
  `<object id="3"><orientation>164</orientation>${box}${body}<appearance>appear</appearance>${inner}</object>`;

const group = `<grouplist><group id="0"><orientation>50</orientation><box xc="1" yc="1" w="2" h="2"/>
  <members>0,1</members><appearance>appear</appearance>${words.replace('inactive', 'movement')}</group></grouplist>`;

const clip = (objects: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<dataset name="Meet_Crowd">
  <frame number="0"><objectlist/><grouplist/></frame>
  <frame number="1"><objectlist>${objects}</objectlist>${group}</frame>
</dataset>`;

const box = '<box h="40" w="50" xc="250" yc="206"/>';

describe('labels of CAVIAR', () => {
  it('give each frame its people, with boxes by their edges, and leave groups out', () => {
    const { name, frames } = parseCaviar(clip(object(box)), 'mc1gt.xml');
    expect(name).toBe('Meet_Crowd');
    expect(frames.map(({ number, people }) => [number, people.length])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(frames[1]!.people[0]).toEqual({
      id: '3',
      box: { left: 225, top: 186, right: 275, bottom: 226 },
      orientation: 164,
      appearance: 'appear',
      movement: 'inactive',
      role: 'browser',
      context: 'browsing',
      situation: 'browsing',
      head: { x: 233, y: 210 },
      feet: { x: 256, y: 205 },
    });
  });

  it('mean the same in whichever order a box has its attributes, and without a body', () => {
    const other = object('<box xc="250" yc="206" w="50" h="40"/>').replace(body, '');
    const [person] = parseCaviar(clip(other), 'mc1gt.xml').frames[1]!.people;
    expect(person!.box).toEqual({ left: 225, top: 186, right: 275, bottom: 226 });
    expect(person).not.toHaveProperty('head');
    expect(person).not.toHaveProperty('feet');
  });

  it('are refused, with the frame and what it lacks, where they are of another make', () => {
    const parse = (text: string) => () => parseCaviar(text, 'mc1gt.xml');
    expect(parse('<html></html>')).toThrow('Cannot read mc1gt.xml: it must have a dataset with a name');
    expect(parse(clip(object('')))).toThrow(/mc1gt\.xml: frame 1, object id="3": it must have a box/);
    expect(parse(clip(object('<box h="40" w="50" xc="250"/>')))).toThrow(/it must have a number yc/);
    expect(parse(clip(object(box, '')))).toThrow(/it must have a movement/);
    expect(parse(clip(object(box, words.replace('inactive', 'dancing'))))).toThrow(
      /movement must be one of inactive, active, walking, running, current value is dancing/,
    );
  });

  const folder = join(packageRoot, '..', 'shared', 'data', 'caviar');
  it.skipIf(!existsSync(folder))('of the three clips are all read', () => {
    const counts = ['mc1gt', 'mws1gt', 'mwt1gt'].map((name) => {
      const text = readFileSync(join(folder, `${name}.xml`), 'utf8');
      const { frames } = parseCaviar(text, name);
      expect(frames.flatMap(({ people }) => people)).toHaveLength(text.match(/<object /g)!.length);
      expect(frames.map(({ number }) => number)).toEqual(frames.map((_, i) => i));
      return frames.length;
    });
    expect(counts).toEqual([491, 623, 707]);
  });
});
