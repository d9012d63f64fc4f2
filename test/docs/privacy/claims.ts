/** A sentence of the page, and the tests that hold it. A sentence that no test holds is not here. */
export interface Claim {
  readonly says: string;
  readonly heldBy: readonly (readonly [file: string, title: string])[];
}

export const claims: Readonly<Record<string, readonly Claim[]>> = {
  'What is computed of a person': [
    {
      says: 'Of somebody in a picture there is a box, a score, how far off its edges may be, and of some where their head was turned; no field exists for a face, a picture, an embedding, age, sex, clothing or identity.',
      heldBy: [
        [
          'test/core/head/head-turn.test.ts',
          'has no field for a point or a picture, and neither has a person',
        ],
        ['test/docs/privacy.test.ts', 'has the fields of the core, no more and no less'],
      ],
    },
    {
      says: 'A head is looked at only where somebody may be lost, and what was cut out of the picture for it is gone when the next picture is asked for.',
      heldBy: [
        [
          'test/edge/cameras/close-up.test.ts',
          'gives close-ups of its own picture, until the next one is asked for or the camera is closed',
        ],
        ['test/service/see-heads.test.ts', 'is done of those who were asked for, and of nobody else'],
        [
          'test/edge/detectors/runners.test.ts',
          'leaves nothing behind, picture after picture, and nothing at all once it is closed',
        ],
      ],
    },
    {
      says: 'Of heads four figures are remembered, each for a while, and of nobody who has gone.',
      heldBy: [
        ['test/core/head/looks.test.ts', 'hold four figures each and nothing else, whatever the story'],
        ['test/core/head/looks.test.ts', 'remembers nobody who has gone'],
      ],
    },
    {
      says: 'After enough quiet nothing of a visit is remembered in memory, and nothing there can grow without end.',
      heldBy: [
        [
          'test/properties/story.test.ts',
          'after enough quiet nothing of it is remembered but how far names have been counted, and what is learnt of places',
        ],
        [
          'test/properties/story.test.ts',
          'nothing in it can grow without end: once memory is full, as much again makes it no fuller',
        ],
      ],
    },
    {
      says: 'The part of the code that understands people reaches no file, no network, no clock and no dice: the core imports nothing that does.',
      heldBy: [
        [
          'test/fence.test.ts',
          '%s decides: it imports the core alone, reads no clock, no dice, no machine, and keeps nothing',
        ],
        ['test/fence.test.ts', 'stands on what the imports really lead to'],
      ],
    },
  ],
  'What leaves the box': [
    {
      says: 'Prompts, their states and the lobby at a glance bear no visit, no position and no box, whatever happened and whoever tapped.',
      heldBy: [
        [
          'test/properties/story.test.ts',
          'says nothing about a person, whatever happened and whoever tapped',
        ],
        ['test/properties/story.test.ts', 'control: a visit, a position or a box among it would be noticed'],
      ],
    },
    {
      says: 'Every answer of the API and every line of the journal is closed: a field that its schema does not name does not leave and is not kept.',
      heldBy: [
        [
          'test/edge/http/app.test.ts',
          'a field no schema names does not leave: the reply fails instead, in our words, and is told',
        ],
        ['test/edge/journals/open-journal.test.ts', 'keeps nothing the contract does not name'],
      ],
    },
    {
      says: 'Dots on the floor leave for pages that show a token, and end when the token is taken back.',
      heldBy: [
        ['test/edge/http/console.test.ts', 'ends for whoever has their token taken back'],
        [
          'test/docs/privacy.test.ts',
          'a coordinate of somebody leaves for a token, goes from one box of the branch to another, or stays on the box',
        ],
      ],
    },
    {
      says: "What a branch tells the fleet of its bank is counts, of one to four no more than that and by the hour in fives, how the box is, and which of the bank's settings hold, without a name of a camera or a place; over the bridge of its broker goes nothing else.",
      heldBy: [
        [
          'test/edge/fleet/hour-figures.test.ts',
          'are in fives, of one to four only that, and fit the contract',
        ],
        [
          'test/edge/fleet/tell-fleet.test.ts',
          'has numbers of cameras and codes, and no name, no place and no sentence',
        ],
        [
          'test/edge/fleet/settings-of-bank.test.ts',
          'are tried, live and undone as they are ordered, and each is told',
        ],
        [
          'test/fleet/fleet.test.ts',
          "takes a branch's hours and days over its bridge, and nothing else of it",
        ],
      ],
    },
    {
      says: 'Where several boxes of a branch can decide, the one that does tells the others who is there, by number, place and moment, over its own broker; a watch and a box that only looks cannot read it.',
      heldBy: [
        ['test/service/hand-over.test.ts', 'has no field for anything more'],
        [
          'test/e2e/deciders.test.ts',
          'another goes on within three seconds where the one that does is killed, stands still or loses its network, and nothing is said twice',
        ],
      ],
    },
    {
      says: 'Where several boxes of a branch share the work, boxes round people go from one to the other over its own broker, and a watch cannot read them.',
      heldBy: [
        [
          'test/e2e/boxes.test.ts',
          'two look and one prompts; one that is killed makes its camera blind, and is heard again when it is back',
        ],
      ],
    },
    {
      says: 'The live page is not told who wears which watch.',
      heldBy: [['test/service/live.test.ts', 'leave out who wears which watch']],
    },
    {
      says: 'A webhook is posted what is on MQTT and nothing else, to addresses of the branch file alone, and a login in an address is shown nowhere.',
      heldBy: [
        [
          'test/edge/webhooks/webhooks.test.ts',
          'is posted a prompt and its states as on the wire, in order, signed so that a usual receiver takes it',
        ],
        ['test/edge/webhooks/webhooks.test.ts', 'with a login in its address logs in, and shows it nowhere'],
      ],
    },
    {
      says: "A camera's login is sent to the camera alone: not to the log, not to a page, not to another machine.",
      heldBy: [
        ['test/edge/cameras/source-address.test.ts', 'is handed to FFmpeg with its login and shown without'],
        ['test/edge/http/setup.test.ts', 'is told with its version and without logins'],
        ['test/edge/http/setup.test.ts', 'sends a login that was saved to no other machine'],
      ],
    },
    {
      says: 'The one picture that leaves is the empty lobby, for an installer who draws zones: it is put together of spots that nobody stood on. `lobby demo` shows its clip besides, whose people are drawn.',
      heldBy: [
        ['test/edge/setup/plate-of-clip.test.ts', 'is most of the picture, and never has anybody in it'],
        [
          'test/core/setup/plate.test.ts',
          'never shows whoever is found, and shows the rest around them meanwhile',
        ],
        ['test/docs/privacy.test.ts', 'is answered by one address with a picture, which is the empty lobby'],
      ],
    },
    {
      says: 'No sentence of the log or of an error has a place for a person, a visit, a box, a picture, a password or a token; one alone names a visit, to whoever asked for its story by that name.',
      heldBy: [['test/docs/privacy.test.ts', 'has no place in any sentence for what must not be in it']],
    },
  ],
  'What is kept': [
    {
      says: 'The journal names no place but a zone outside its scenes, and nobody.',
      heldBy: [['test/contract/journal.test.ts', 'names no place but a zone outside its scenes, and nobody']],
    },
    {
      says: 'Moments about people are kept to a second, unless the branch file says otherwise.',
      heldBy: [
        [
          'test/service/coarse-times.test.ts',
          'about people are kept to the second, every one of them, and how long it took as it was',
        ],
      ],
    },
    {
      says: 'At the privacy level `counts` nobody is shown on the floor and no place is kept; what was kept of places goes when the level becomes that.',
      heldBy: [
        [
          'test/e2e/privacy.test.ts',
          'is lowered by anybody on the box, at once: nobody is shown any more, and what was kept of places is gone',
        ],
      ],
    },
    {
      says: "The level is raised on the box alone, with an installer's token: not over the network, and not by another branch file.",
      heldBy: [
        [
          'test/e2e/privacy.test.ts',
          'is raised by no branch file that somebody sends: the box says so, and stays as it was',
        ],
        ['test/e2e/privacy.test.ts', 'is raised on the box with a token for an installer, and with no other'],
      ],
    },
    {
      says: 'The table of figures tells no count of one to four people, nor what would give it away, and the report to print no more in its sentences; the page, behind its token, tells what they are of a whole day.',
      heldBy: [
        [
          'test/core/figures/figures.test.ts',
          'tell none of one to four, and none can be reckoned from the others',
        ],
        [
          'test/edge/figures/ask-figures.test.ts',
          'as a table tell no count of one to four people, by hour, door, queue or ending, and nothing of their times',
        ],
        [
          'test/edge/figures/keep-reports.test.ts',
          'is made by itself at closing, as two pages, a table and counts for the broker, once',
        ],
      ],
    },
    {
      says: 'A visit has a name that means nothing in another run of the service, and whose number says neither who came first nor how many did.',
      heldBy: [
        ['test/service/visit-names.test.ts', 'does not say who came first'],
        [
          'test/service/visit-names.test.ts',
          'says nothing of a visit of another day: names of two runs have nothing in common',
        ],
        [
          'test/service/lobby.test.ts',
          'is one line for everything noticed, with its reason, by names that mean nothing in another run',
        ],
      ],
    },
    {
      says: 'Days that are older than the journal may keep are let go of, and the oldest go earlier when it has taken all its room.',
      heldBy: [
        [
          'test/edge/journals/open-journal.test.ts',
          'let go of days that are older than it may keep, and of days that have not come yet',
        ],
        [
          'test/edge/journals/open-journal.test.ts',
          'let go of the oldest days when it has taken all its room, after they are exported where that is wanted',
        ],
      ],
    },
    {
      says: 'The data folder and what is written into it are for the user of the service alone.',
      heldBy: [
        ['test/edge/data/open-data.test.ts', 'is made for this user alone'],
        ['test/edge/data/open-data.test.ts', 'is what the next run finds, for this user alone'],
        [
          'test/edge/journals/open-journal.test.ts',
          'is for this user alone, and empty once a restart has taken it in',
        ],
        [
          'test/edge/settings/branch-store.test.ts',
          'keeps each older text without its logins, and for this user alone',
        ],
      ],
    },
    {
      says: 'Tokens are kept as fingerprints, from which none can be made again.',
      heldBy: [
        [
          'test/edge/access/tokens.test.ts',
          'is known again after a restart, by its role, and is nowhere written',
        ],
        ['test/edge/access/tokens.test.ts', 'is not found by what looks like one, nor by its own hash'],
      ],
    },
    {
      says: 'A recording, which somebody asks for with `replay --record`, holds times, boxes, scores and heads, and nothing a picture could be made from.',
      heldBy: [['test/contract/recording.test.ts', 'holds nothing but times, boxes and scores']],
    },
  ],
  Memory: [
    {
      says: 'A picture of a camera is in memory until the next one: a core dump of the process would hold it. The unit of [operating](operating.md#start-at-boot) lets none be written (`LimitCORE=0`).',
      heldBy: [
        ['test/docs/privacy.test.ts', 'is kept out of core dumps by the unit of systemd'],
        [
          'test/edge/detectors/runners.test.ts',
          'leaves nothing behind, picture after picture, and nothing at all once it is closed',
        ],
      ],
    },
  ],
  'What this page rests on': [
    {
      says: 'Every field below is one of a schema the code itself goes by, with what it is for and how long it lives.',
      heldBy: [
        ['test/docs/privacy.test.ts', 'says of every field what it is for and how long it lives'],
        [
          'test/docs/privacy.test.ts',
          'control: a field nobody speaks of, and a thing without a lifetime, would be noticed',
        ],
      ],
    },
    {
      says: 'No field is wide enough for a picture or an embedding, but for those listed under [what could be wide](#what-could-be-wide), each with what bounds it.',
      heldBy: [
        ['test/docs/privacy.test.ts', 'is wide in no field but those that are listed, each with why'],
        [
          'test/docs/privacy.test.ts',
          'control: a picture, an embedding and an open text would be noticed, wherever they were put',
        ],
      ],
    },
  ],
};
