/**
 * Whom a scene is peopled with: a wardrobe drawn by chance, and the acts everybody's visit begins and ends with.
 */
import { chance } from '../chance.ts';
import type { Act, Looks, Person, Point } from '../scene.ts';
import type { Lobby } from './lobbies/lobby.ts';

/** From the lightest to the darkest skin, after the ten tones of the Monk scale. */
const SKIN = '#efd9c6 #ecd0b6 #e6c4a6 #d9b18c #c99a76 #a07e56 #825c43 #604134 #3a312a #2b2422'.split(' ');
const HAIR = '#15110e #1d1713 #2a1f18 #3b2a1e #4d3524 #6d4a2c #8a6a3f #b08d57 #7a3b22'.split(' ');
const GREY = '#8f8c88 #a9a6a1 #c9c6c0 #6f6c69'.split(' ');
const CLOTH =
  '#1f2328 #2b2f36 #3a4048 #28406b #35506e #5b6470 #7a8490 #a8322d #7c2f35 #4f7d5d #35503f #6a4468 #8b6a4a #b0885a #c9b48e #d9d4c8 #ece8e0 #c8743c #3f7f8c #c28aa0'.split(
    ' ',
  );
const DARK_CLOTH = '#17191d #22262d #2e3440 #3a3d45 #2a3550 #4a4c52 #3b3026 #4a4030 #5a6f8c #6a5d4b'.split(
  ' ',
);
const LIGHT_CLOTH = '#f2f0ea #e8ecef #dfe7f2 #efe6d8 #f3e3df'.split(' ');
const LEATHER = '#2c2420 #3c2b25 #4b3526 #6b4a32 #b98d5a #22262d #33414d #7c2f35 #8c8f86'.split(' ');
const SHOES = '#1d1a18 #221c18 #38291f #51382a #6d6a66 #d8d5cf #e4e2dc #2c2227'.split(' ');

/**
 * An adult's looks, the same for the same seed.
 *
 * Heights spread about 1.69 m by 0.09 m, 1.50 to 1.95 m; skin, hair, build and clothes are drawn from the
 * whole range each on its own, so that nothing about a person follows from another thing about them. Skirts
 * and long hair alone go together a little, as they do.
 *
 * @param over what the scene wants to be sure of
 */
export function dressed(seed: number, over: Partial<Looks> = {}): Looks {
  const random = chance(seed * 7919 + 17);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const inSkirt = random() < 0.24;
  const heightMetres = drawnHeight(random, inSkirt ? 1.65 : 1.7);
  const girth = rounded(0.85 + 0.45 * random() ** 1.6);
  const skin = one(SKIN);
  const grey = random() < 0.24;
  const hairColour = one(grey ? GREY : HAIR);
  const roll = random();
  const style = inSkirt
    ? roll < 0.55
      ? 'long'
      : roll < 0.8
        ? 'bun'
        : 'short'
    : roll < 0.56
      ? 'short'
      : roll < 0.78
        ? 'long'
        : roll < 0.87
          ? 'bun'
          : 'bald';
  const colour = one(CLOTH);
  const garment = random();
  const kind = garment < 0.34 ? 'shirt' : garment < 0.7 ? 'jacket' : 'coat';
  const isDress = inSkirt && random() < 0.55;
  const legs = one(DARK_CLOTH);
  const under = one(LIGHT_CLOTH);
  const shoes = one(SHOES);
  const bag = random();
  const bagKind = one([
    'handbag',
    'handbag',
    'backpack',
    'backpack',
    'briefcase',
    'shopping',
    'folder',
  ] as const);
  const leather = one(LEATHER);
  const covered = random();
  const hatKind = one(['cap', 'brimmed', 'scarf'] as const);
  const hatColour = one(CLOTH);
  return {
    heightMetres,
    girth,
    skin,
    hair: { style, colour: hairColour },
    top: isDress
      ? { kind: 'dress', colour }
      : { kind, colour, ...(kind === 'jacket' || random() < 0.3 ? { under } : {}) },
    legs: inSkirt ? { kind: 'skirt', colour: isDress ? colour : legs } : { kind: 'trousers', colour: legs },
    shoes,
    ...(bag < 0.62 && { carries: { kind: bagKind, colour: leather } }),
    ...(covered < 0.18 && { hat: { kind: hatKind, colour: hatColour } }),
    ...over,
  };
}

/** A child of five to eleven: 1.05 to 1.42 m, in bright clothes, now and then with a school bag. */
export function child(seed: number, over: Partial<Looks> = {}): Looks {
  const random = chance(seed * 104_729 + 29);
  const { skin, hair, shoes } = dressed(seed);
  const bright = '#d8483e #e0a33b #3f9bd1 #58a05c #d77fa6 #7a5fb0 #f0efe9'.split(' ');
  const colour = bright[Math.floor(random() * bright.length)]!;
  return {
    heightMetres: rounded(1.05 + 0.37 * random()),
    girth: rounded(0.88 + 0.2 * random()),
    skin,
    hair: {
      style: random() < 0.5 ? 'short' : 'long',
      colour: GREY.includes(hair.colour) ? HAIR[1]! : hair.colour,
    },
    top: { kind: random() < 0.7 ? 'shirt' : 'jacket', colour },
    legs: { kind: 'trousers', colour: DARK_CLOTH[Math.floor(random() * DARK_CLOTH.length)]! },
    shoes,
    ...(random() < 0.3 && { carries: { kind: 'backpack' as const, colour: '#3f7f8c' } }),
    ...over,
  };
}

/** A member of staff: dark suit or plain shirt, as half of the customers wear too. No uniform, no badge, no bag. */
export function staffLooks(seed: number, over: Partial<Looks> = {}): Looks {
  const random = chance(seed * 15_485 + 41);
  const { heightMetres, girth, skin, hair } = dressed(seed + 5000);
  const suits = '#1f2328 #28406b #3a4048 #2b2f36 #35506e'.split(' ');
  const colour = suits[Math.floor(random() * suits.length)]!;
  const inShirt = random() < 0.3;
  return {
    heightMetres,
    girth,
    skin,
    hair,
    top: inShirt
      ? { kind: 'shirt', colour: LIGHT_CLOTH[Math.floor(random() * LIGHT_CLOTH.length)]! }
      : { kind: 'jacket', colour, under: '#f2f0ea' },
    legs: { kind: random() < 0.25 ? 'skirt' : 'trousers', colour: inShirt ? '#2e3440' : colour },
    shoes: '#221c18',
    ...over,
  };
}

/** The mean of three draws is near enough to a bell, and has ends. */
function drawnHeight(random: () => number, mean: number): number {
  const bell = (random() + random() + random()) / 3 - 0.5;
  return rounded(Math.min(1.95, Math.max(1.5, mean + bell * 0.54)));
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

interface Visitor {
  /** Draws their looks, and their pace where it is not given. */
  seed: number;
  /** What the looks must have, whatever is drawn. */
  looks?: Partial<Looks>;
  /** Metres a second. Drawn from 0.95 to 1.45 unless told; 0.7 is an old person's, 1.6 somebody in a hurry. */
  speed?: number;
  /** Comes from the other end of the street. */
  fromOtherwise?: boolean;
  /** Leaves towards where `comeIn` comes from. */
  toOtherwise?: boolean;
  /** Still there at the end. */
  stays?: boolean;
}

/**
 * People for the scenes of a lobby: they come from out of sight by its ways, do their acts, and leave likewise.
 *
 * A walk to where the acts begin, and back to the door round the furniture, is the scene's to write.
 */
export function peopleIn({ ways }: Pick<Lobby, 'ways'>) {
  const customer = (id: string, at: number, acts: Act[], visitor: Visitor): Person => {
    const looks = dressed(visitor.seed, visitor.looks);
    const [from, ...comeIn] = visitor.fromOtherwise ? ways.comeInOtherwise : ways.comeIn;
    const goOut = visitor.toOtherwise ? ways.goOutOtherwise : ways.goOut;
    return {
      id,
      role: 'customer',
      looks,
      at,
      from: from!,
      speed: visitor.speed ?? drawnSpeed(visitor.seed),
      acts: onTheGo([walk(...comeIn), ...acts, ...(visitor.stays ? [] : [walk(...goOut)])]),
    };
  };

  return {
    customer,

    /** Two who came together: the second stays at the side of the first, and is there to the end. */
    couple(
      ids: readonly [string, string],
      at: number,
      acts: Act[],
      visitor: Visitor & { companion?: Looks; beside?: number; behind?: number },
    ): Person[] {
      const first = customer(ids[0], at, acts, visitor);
      const { companion = dressed(visitor.seed + 1000), beside = 0.6, behind = 0.1 } = visitor;
      const second: Person = {
        ...first,
        id: ids[1],
        looks: companion,
        at: at + 0.3,
        acts: [{ act: 'follow', person: ids[0], beside, behind }],
      };
      return [first, second];
    },

    /**
     * Comes out of the staff door and goes back behind it.
     *
     * @throws {RangeError} if the lobby has no staff door
     */
    staff(id: string, at: number, acts: Act[], { seed, looks, speed, stays }: Visitor): Person {
      if (!ways.staffIn || !ways.staffOut)
        throw new RangeError(`Cannot bring in ${id}: the lobby must have a staff door`);
      const [from, ...comeIn] = ways.staffIn;
      return {
        id,
        role: 'staff',
        looks: staffLooks(seed, looks),
        at,
        from: from!,
        speed: speed ?? 1.3,
        acts: onTheGo([walk(...comeIn), ...acts, ...(stays ? [] : [walk(...ways.staffOut)])]),
      };
    },
  };
}

function drawnSpeed(seed: number): number {
  return rounded(0.95 + 0.5 * chance(seed * 31 + 3)());
}

/** Walks that follow each other are one: nobody stops inside the door, in the way of the next. */
function onTheGo(acts: readonly Act[]): Act[] {
  const joined: Act[] = [];
  for (const act of acts) {
    const before = joined.at(-1);
    if (act.act === 'walk' && before?.act === 'walk') joined.splice(-1, 1, walk(...before.to, ...act.to));
    else joined.push(act);
  }
  return joined;
}

export const walk = (...to: Point[]): Act => ({ act: 'walk', to });
