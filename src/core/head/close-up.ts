import type { PixelBox } from '../units.ts';

/**
 * How much wider than a person the picture of them is. The network was trained on people with some room around
 * them; 1.25 is what its authors use.
 */
const room = 1.25;

/**
 * The square around somebody that is looked at to see where their head is turned. It may reach beyond the picture.
 *
 * @returns in the pixels the box is in
 */
export function closeUpOf(box: PixelBox): PixelBox {
  const half = (Math.max(box.right - box.left, box.bottom - box.top) * room) / 2;
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2;
  return { left: x - half, top: y - half, right: x + half, bottom: y + half };
}
