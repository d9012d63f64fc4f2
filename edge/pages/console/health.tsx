import { useState } from 'preact/hooks';
import type { SettingsRefusal } from '../../../src/contract/fleet-settings.ts';
import { refusalsInWords } from '../../../src/contract/refusals-in-words.ts';
import type { HealthPayload } from '../../../src/contract/topics.ts';
import { Sheet } from './frame.tsx';
import { ageOf, boxNow, type LiveState } from './live/state.ts';
import { inWords } from './trouble.ts';
import { duration, type Language, say } from './words.ts';

type Orders = NonNullable<HealthPayload['bankOrders']>;
type Look = 'fine' | 'late' | 'unseen' | 'gone';
const marks: Readonly<Record<Look, string>> = { fine: '●', late: '▲', unseen: '▨', gone: '✕' };

interface Item {
  readonly id: string;
  readonly look: Look;
  readonly name: string;
  readonly figure: string;
  /** What became of the bank's orders, where one was refused. */
  readonly orders?: HealthPayload['bankOrders'];
  readonly trouble?: { readonly code: string; readonly message: string; readonly remedy: string } | undefined;
}

/** Whether all works, on every page: each part with a shape, its name and a figure; pressed, what to do. */
export function HealthBar({ state, language }: { state: LiveState; language: Language }) {
  const [opened, setOpened] = useState<string>();
  const { health, lobby } = state;
  const items = health === undefined ? [] : itemsOf(state, health, language);
  const age = ageOf(state);
  const shown = items.find(({ id }) => id === opened);
  const told = shown?.trouble && inWords(language, shown.trouble);
  return (
    <div class="health-bar">
      {items.map(({ id, look, name, figure }) => (
        <button
          key={id}
          type="button"
          class={`health-item ${look}`}
          aria-haspopup="dialog"
          onClick={() => setOpened(id)}
        >
          <span aria-hidden="true">{marks[look]}</span> {name} <span class="figure">{figure}</span>
        </button>
      ))}
      {lobby?.onDuty !== undefined && (
        <span class={`health-item ${lobby.onDuty === 0 ? 'late' : 'fine'}`}>
          <span aria-hidden="true">{marks[lobby.onDuty === 0 ? 'late' : 'fine']}</span>{' '}
          {say(language, 'watches', { n: lobby.onDuty })}
        </span>
      )}
      <span class="spring" />
      <span class={`age ${age.look}`}>
        {state.floor === undefined
          ? say(language, 'reading')
          : age.look === 'fresh'
            ? say(language, 'age', { t: age.seconds.toFixed(1) })
            : say(language, 'old', { t: Math.floor(age.seconds) })}
      </span>
      {shown !== undefined && (
        <Sheet
          title={`${shown.name} · ${shown.figure}`}
          language={language}
          onClose={() => setOpened(undefined)}
        >
          {shown.orders !== undefined ? (
            <RefusedOrders orders={shown.orders} language={language} />
          ) : told === undefined ? (
            <p>{say(language, 'fine')}</p>
          ) : (
            <>
              <p>
                {told.message}
                {language === 'zh' ? '。' : '.'}
              </p>
              <h3>{say(language, 'whatToDo')}</h3>
              <p>{told.remedy}</p>
              <p class="code">{shown.trouble?.code}</p>
            </>
          )}
        </Sheet>
      )}
    </div>
  );
}

function RefusedOrders({ orders, language }: { orders: Orders; language: Language }) {
  const refused = Object.entries(orders.refused) as [SettingsRefusal, number][];
  return (
    <>
      <p>{say(language, 'ordersRefusedSince')}</p>
      <ul>
        <li>
          {say(language, 'ordersTaken')}: {orders.taken}
        </li>
        {refused.map(([why, n]) => (
          <li key={why}>
            {refusalsInWords[why][language]}: {n} <span class="code">{why}</span>
          </li>
        ))}
      </ul>
      <p>{say(language, 'ordersRefusedMeans')}</p>
      <h3>{say(language, 'whatToDo')}</h3>
      <p>{say(language, 'ordersRefusedWhatToDo')}</p>
    </>
  );
}

/** One that was refused is news for a day; then it is a figure. */
const newsForMs = 86_400_000;

function itemOfOrders(state: LiveState, orders: Orders, language: Language): Item | undefined {
  if (orders.lastRefusedAt === undefined) return undefined;
  const n = Object.values(orders.refused).reduce((sum, one) => sum + one, 0);
  const isNews = boxNow(state) - Date.parse(orders.lastRefusedAt) < newsForMs;
  return {
    id: 'bank-orders',
    look: isNews ? 'late' : 'fine',
    name: say(language, 'bankOrders'),
    figure: say(language, 'ordersRefused', { n }),
    orders,
  };
}

function itemsOf(state: LiveState, health: HealthPayload, language: Language): readonly Item[] {
  const orders = health.bankOrders && itemOfOrders(state, health.bankOrders, language);
  return [
    ...health.cameras.map((camera): Item => {
      const { id, framesPerSecond, since, trouble } = camera;
      const forText = duration((boxNow(state) - Date.parse(since)) / 1000);
      const look: Look =
        camera.state === 'live'
          ? 'fine'
          : camera.state === 'starting'
            ? 'late'
            : camera.state === 'lost'
              ? 'gone'
              : 'unseen';
      const word = { blind: 'unseen', quiet: 'quietCamera', lost: 'lost', starting: 'starting' } as const;
      const figure =
        camera.state === 'live'
          ? say(language, 'perSecond', { n: framesPerSecond.toFixed(1) })
          : `${say(language, word[camera.state])} ${forText}`;
      return { id, look, name: id, figure, trouble };
    }),
    ...(health.settings === undefined
      ? []
      : [
          {
            id: 'settings',
            look: 'late',
            name: say(language, 'settingsFile'),
            figure: say(language, 'fileRefused'),
            trouble: health.settings,
          } satisfies Item,
        ]),
    ...(health.journal === undefined
      ? []
      : [
          {
            id: 'journal',
            look: 'late',
            name: say(language, 'journalFile'),
            figure: say(language, 'journalTrouble'),
            trouble: health.journal,
          } satisfies Item,
        ]),
    ...(orders === undefined ? [] : [orders]),
  ];
}
