/**
 * Draws what the tracker believes over a clip's picture, to be looked at:
 *
 *     npx tsx test/pictures/draw-tracks.ts <branch file> <clip> <seconds> <picture to write>
 *
 * Each person has a box with its visit and role, and the path of the last eight seconds. Zones are outlined.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { createCamera } from '../../edge/cameras/open-camera.ts';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import { project } from '../../src/core/geometry/homography.ts';
import type { PlanePoint } from '../../src/core/geometry/polygon.ts';
import { observe, replay } from '../../src/service/replay.ts';

const trailSeconds = 8;
const colours = ['#F8D93C', '#6C88FF', '#37E0AA', '#FF5A4D', '#FFFFFF', '#FF9F43', '#A78BFA', '#4DD0E1'];

const [branchFile, clip, until, out] = process.argv.slice(2) as [string, string, string, string];
const branch = parseBranch(readFileSync(branchFile, 'utf8'), branchFile);
const camera = branch.cameras[0]!;
const detector = await openDetector();
const stream = await createCamera({
  id: camera.id,
  source: clip,
  pace: 'every-frame',
  clock: systemClock,
}).open(
  { framesPerSecond: camera.framesPerSecond, input: detector.input, fit: detector.fit },
  new AbortController().signal,
);
const toPixel = (point: PlanePoint) =>
  camera.floor === undefined ? point : project(camera.floor.toPixel, point);
const trails = new Map<string, { at: number; x: number; y: number }[]>();
const shapes: string[] = [];

for (const { zone } of branch.zones) {
  const corners = zone.kind === 'entrance' ? [zone.door.from, zone.door.to] : zone.polygon;
  const points = corners
    .map(toPixel)
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');
  shapes.push(
    `<polygon points="${points}" fill="#FFFFFF22" stroke="#FFFFFF" stroke-width="2" stroke-dasharray="6 4"/>`,
    `<text x="${points.split(/[ ,]/)[0]}" y="${Number(points.split(/[ ,]/)[1]) - 6}" fill="#FFFFFF" font-size="14" stroke="#000" stroke-width="3" paint-order="stroke">${zone.id}</text>`,
  );
}
for await (const { state, observation } of replay(branch, observe(camera.id, stream, detector))) {
  const { at } = observation;
  for (const visit of state.visits.visits) {
    if (visit.seenAt !== at) continue;
    const trail = trails.get(visit.id) ?? [];
    trail.push({ at, ...toPixel(visit.at) });
    trails.set(visit.id, trail);
  }
  if (at < Number(until)) continue;
  for (const visit of state.visits.visits) {
    const colour = colours[Number(visit.id.slice(1)) % colours.length]!;
    const trail = (trails.get(visit.id) ?? []).filter((point) => at - point.at <= trailSeconds);
    const line = trail.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    shapes.push(
      `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="3" stroke-linejoin="round"/>`,
    );
    const tracks = state.tracks[0]!.state.tracks.filter((one) =>
      visit.sightings.some(({ track }) => track === one.id),
    );
    for (const { box, seenAt } of tracks) {
      if (seenAt !== at) continue;
      shapes.push(
        `<rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<text x="${box.left}" y="${box.top - 5}" fill="${colour}" font-size="14" font-family="sans-serif" stroke="#000" stroke-width="3" paint-order="stroke">${visit.id} ${visit.role}</text>`,
      );
    }
  }
  const still = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-ss',
      at.toFixed(3),
      '-i',
      clip,
      '-frames:v',
      '1',
      '-f',
      'image2pipe',
      '-c:v',
      'png',
      '-',
    ],
    {
      maxBuffer: 2 ** 26,
    },
  );
  const { width, height } = stream.camera;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">${shapes.join('')}</svg>`;
  await sharp(still)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 82 })
    .toFile(out);
  break;
}
await detector.close();
