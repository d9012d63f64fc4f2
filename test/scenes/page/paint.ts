import * as THREE from 'three';
import { chance } from '../chance.ts';

/** A texture painted on a canvas; nothing is loaded from anywhere. */
export function painted(
  width: number,
  height: number,
  paint: (brush: CanvasRenderingContext2D) => void,
): THREE.CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  paint(canvas.getContext('2d')!);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

const TILE_METRES = 0.6;

/** Large porcelain tiles, none quite like its neighbour, with darker edges where walls stand. */
export function floorTexture(widthMetres: number, depthMetres: number): THREE.CanvasTexture {
  const scale = 150;
  const random = chance(11);
  return painted(widthMetres * scale, depthMetres * scale, (brush) => {
    const tile = TILE_METRES * scale;
    brush.fillStyle = '#a39c90';
    brush.fillRect(0, 0, widthMetres * scale, depthMetres * scale);
    for (let x = 0; x < widthMetres * scale; x += tile) {
      for (let y = 0; y < depthMetres * scale; y += tile) {
        const shade = 196 + 9 * (random() - 0.5);
        brush.fillStyle = `rgb(${shade}, ${shade - 5}, ${shade - 15})`;
        brush.fillRect(x + 1, y + 1, tile - 2, tile - 2);
        // Veins and flecks, faint: without them a tile looks printed.
        for (let n = 0; n < 26; n++) {
          brush.fillStyle = `rgba(${random() > 0.5 ? '255,252,244' : '120,110,98'}, ${0.1 * random()})`;
          const size = 2 + 16 * random() ** 2;
          brush.beginPath();
          brush.ellipse(
            x + 2 + random() * (tile - 4),
            y + 2 + random() * (tile - 4),
            size,
            size * 0.4,
            random() * Math.PI,
            0,
            Math.PI * 2,
          );
          brush.fill();
        }
      }
    }
    const edge = 0.9 * scale;
    const sides: [number, number, number, number][] = [
      [0, 0, edge, 0],
      [0, 0, 0, edge],
      [widthMetres * scale, 0, widthMetres * scale - edge, 0],
      [0, depthMetres * scale, 0, depthMetres * scale - edge],
    ];
    for (const [x0, y0, x1, y1] of sides) {
      const shade = brush.createLinearGradient(x0, y0, x1, y1);
      shade.addColorStop(0, 'rgba(40, 32, 24, 0.38)');
      shade.addColorStop(0.3, 'rgba(40, 32, 24, 0.13)');
      shade.addColorStop(1, 'rgba(40, 32, 24, 0)');
      brush.fillStyle = shade;
      brush.fillRect(0, 0, widthMetres * scale, depthMetres * scale);
    }
  });
}

/** Plaster above a wainscot of narrow oak boards, a little darker at the top and into the corners. */
export function wallTexture(lengthMetres: number, heightMetres: number): THREE.CanvasTexture {
  const scale = 100;
  const random = chance(Math.round(lengthMetres * 10));
  const width = lengthMetres * scale;
  const height = heightMetres * scale;
  return painted(width, height, (brush) => {
    brush.fillStyle = '#e9e4da';
    brush.fillRect(0, 0, width, height);
    const boards = 1.05 * scale;
    for (let x = 0; x < width; x += 9) {
      const shade = random() * 14;
      brush.fillStyle = `rgb(${168 + shade}, ${132 + shade}, ${94 + shade})`;
      brush.fillRect(x, height - boards, 7, boards);
      brush.fillStyle = '#7d5f42';
      brush.fillRect(x + 7, height - boards, 2, boards);
    }
    brush.fillStyle = '#8d6c4b';
    brush.fillRect(0, height - boards - 4, width, 5);
    brush.fillStyle = '#4d4640';
    brush.fillRect(0, height - 12, width, 12);
    const fade = (x0: number, y0: number, x1: number, y1: number, strength: number): void => {
      const shade = brush.createLinearGradient(x0, y0, x1, y1);
      shade.addColorStop(0, `rgba(40, 30, 20, ${strength})`);
      shade.addColorStop(1, 'rgba(40, 30, 20, 0)');
      brush.fillStyle = shade;
      brush.fillRect(0, 0, width, height);
    };
    fade(0, 0, 0, 0.7 * scale, 0.22);
    fade(0, height, 0, height - 0.5 * scale, 0.22);
    fade(0, 0, 0.8 * scale, 0, 0.22);
    fade(width, 0, width - 0.8 * scale, 0, 0.22);
  });
}

/** The street as seen through a door: sky, houses across the road, a bright pavement. */
export function streetTexture(): THREE.CanvasTexture {
  const random = chance(5);
  return painted(1024, 512, (brush) => {
    const sky = brush.createLinearGradient(0, 0, 0, 300);
    sky.addColorStop(0, '#cfe2f1');
    sky.addColorStop(1, '#eef4f6');
    brush.fillStyle = sky;
    brush.fillRect(0, 0, 1024, 512);
    for (let x = 0; x < 1024; x += 150) {
      const top = 40 + 90 * random();
      const shade = 176 + 40 * random();
      brush.fillStyle = `rgb(${shade}, ${shade - 8}, ${shade - 20})`;
      brush.fillRect(x, top, 144, 400 - top);
      brush.fillStyle = 'rgba(96, 116, 132, 0.65)';
      for (let wx = x + 16; wx < x + 120; wx += 34)
        for (let wy = top + 22; wy < 320; wy += 48) brush.fillRect(wx, wy, 18, 28);
    }
    for (let n = 0; n < 7; n++) {
      const x = 1024 * random();
      brush.fillStyle = '#7d6a55';
      brush.fillRect(x - 4, 280, 8, 110);
      for (let leaf = 0; leaf < 40; leaf++) {
        brush.fillStyle = `rgba(${90 + 40 * random()}, ${130 + 40 * random()}, 84, 0.7)`;
        brush.beginPath();
        brush.arc(x + 90 * (random() - 0.5), 240 + 90 * (random() - 0.5), 14, 0, Math.PI * 2);
        brush.fill();
      }
    }
    brush.fillStyle = '#a9adb0';
    brush.fillRect(0, 372, 1024, 50);
    brush.fillStyle = '#dcdad4';
    brush.fillRect(0, 416, 1024, 96);
  });
}

/** White letters on a coloured board. */
export function signTexture(
  text: string,
  width: number,
  height: number,
  colour: string,
): THREE.CanvasTexture {
  return painted(width, height, (brush) => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, width, height);
    brush.strokeStyle = '#ffffff';
    brush.lineCap = brush.lineJoin = 'round';
    const tall = height * 0.42;
    const advance = 5.4;
    const wide = Math.min(tall / 6, (width * 0.92) / (text.length * advance));
    brush.lineWidth = Math.max(2, wide * 0.95);
    const left = width / 2 - (wide * (text.length * advance - (advance - 4))) / 2;
    for (const [n, letter] of [...text.toUpperCase()].entries()) {
      for (const stroke of (STROKES[letter] ?? UNKNOWN).split(' ').filter(Boolean)) {
        brush.beginPath();
        for (let at = 0; at < stroke.length; at += 2)
          brush.lineTo(
            left + wide * (n * advance + Number(stroke[at])),
            height / 2 + tall * (Number(stroke[at + 1]) / 6 - 0.5),
          );
        brush.stroke();
      }
    }
  });
}

/**
 * Letters as strokes on a grid of 4 by 6, x then y from the top left: signs look alike whatever fonts a
 * machine has.
 */
const STROKES: Record<string, string> = {
  A: '062046 1434',
  B: '06003041423303 3344453606',
  C: '4130100105163645',
  D: '06002042442606',
  E: '40000646 0333',
  F: '400006 0333',
  G: '413010010516364543 4323',
  H: '0006 4046 0343',
  I: '2026',
  J: '4045361605',
  K: '0006 4003 1246',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  0: '103041453616050110',
  1: '102026 1636',
  2: '0110304142060646',
  3: '011030414233133344453616',
  4: '36300444',
  5: '4000033344453606',
  6: '301001051636454433 3303',
  7: '004016',
  8: '103041423313020110 13040516364544 4433',
  9: '4313020110304145361605',
  '-': '1333',
  '·': '2324',
  '.': '2526',
  '&': '4602011021120304153644',
  ' ': '',
};
const UNKNOWN = '00400646 0046';

/** Somebody in a suit who points the way, as banks put up beside the door. */
export function standeeTexture(): THREE.CanvasTexture {
  return painted(288, 712, (brush) => {
    brush.clearRect(0, 0, 288, 712);
    const shape = (colour: string, ...points: number[]): void => {
      brush.fillStyle = colour;
      brush.beginPath();
      for (let n = 0; n < points.length; n += 2) brush.lineTo(points[n]!, points[n + 1]!);
      brush.fill();
    };
    const oval = (colour: string, x: number, y: number, rx: number, ry: number): void => {
      brush.fillStyle = colour;
      brush.beginPath();
      brush.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
      brush.fill();
    };
    shape('#2b3140', 98, 372, 190, 372, 184, 690, 148, 690, 145, 430, 139, 690, 104, 690);
    oval('#1b1a1a', 118, 696, 28, 13);
    oval('#1b1a1a', 170, 696, 28, 13);
    shape('#2f4a78', 88, 140, 122, 118, 168, 118, 202, 140, 214, 250, 196, 262, 192, 400, 96, 400, 94, 240);
    shape('#2f4a78', 88, 140, 70, 160, 56, 276, 78, 388, 96, 380, 84, 280, 100, 200);
    shape('#2f4a78', 202, 140, 226, 176, 270, 236, 254, 254, 206, 222);
    shape('#f1efe9', 124, 118, 166, 118, 146, 236);
    shape('#a8322d', 140, 128, 152, 128, 156, 214, 146, 232, 137, 214);
    oval('#d9a98a', 88, 392, 13, 17);
    oval('#d9a98a', 268, 240, 16, 12);
    shape('#d9a98a', 130, 90, 160, 90, 162, 124, 146, 134, 128, 124);
    oval('#3a2a1e', 145, 52, 43, 48);
    oval('#dfb193', 145, 64, 36, 46);
    oval('#3a2a1e', 145, 22, 38, 20);
    for (const x of [131, 159]) {
      oval('#ffffff', x, 62, 6, 4);
      oval('#2b211b', x, 62, 3.4, 3.8);
      oval('#3a2a1e', x, 52, 8, 2);
    }
    oval('#c98f74', 145, 76, 5, 7);
    oval('#ffffff', 145, 91, 12, 4.5);
  });
}

/** A soft round shadow to lie under whatever stands on the floor. */
export function blobTexture(): THREE.CanvasTexture {
  return painted(128, 128, (brush) => {
    const shade = brush.createRadialGradient(64, 64, 4, 64, 64, 64);
    shade.addColorStop(0, 'rgba(20, 14, 8, 0.62)');
    shade.addColorStop(0.45, 'rgba(20, 14, 8, 0.26)');
    shade.addColorStop(1, 'rgba(20, 14, 8, 0)');
    brush.fillStyle = shade;
    brush.fillRect(0, 0, 128, 128);
  });
}
