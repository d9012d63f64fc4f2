import { useEffect, useState } from 'preact/hooks';
import { browserSource } from '../../../../src/contract/browser-camera-limits.ts';
import type { SetupCameras, SetupPayload } from '../../../../src/contract/setup.ts';
import { ask, type Trouble } from '../api.ts';
import type { PageParts } from '../page-parts.ts';
import { AddressFields, Try, type Typed, toSource, useTry } from './address.tsx';
import { PairPage } from './pair-page.tsx';
import type { CameraDraft } from './state.ts';
import { slugOf } from './wire.ts';
import { type SetupWord, say } from './words.ts';

interface Parts extends Pick<PageParts, 'language' | 'go' | 'live'> {
  readonly setup: SetupPayload;
  readonly timeOf: (at: string) => string;
  readonly onAdd: (camera: CameraDraft) => Promise<boolean>;
  readonly refused: Trouble | undefined;
}

type Listed = SetupCameras['cameras'][number];

const stateMarks: Readonly<Record<Listed['state'], readonly [mark: string, word: SetupWord, look: string]>> =
  {
    starting: ['▲', 'stateStarting', 'late'],
    live: ['●', 'stateLive', 'fine'],
    blind: ['▨', 'stateBlind', 'unseen'],
    quiet: ['✕', 'stateQuiet', 'gone'],
    lost: ['✕', 'stateLost', 'gone'],
  };

const missingWords: Readonly<Record<Listed['missing'][number], SetupWord>> = {
  floor: 'missFloor',
  'fifth-point': 'missFifth',
  zones: 'missZones',
  entrance: 'missEntrance',
  'walk-test': 'missWalk',
};

/** The step in which what is missing first is done. */
const stepFor: Readonly<Record<Listed['missing'][number], number>> = {
  floor: 2,
  'fifth-point': 2,
  zones: 3,
  entrance: 3,
  'walk-test': 4,
};

/** How the cameras are, read every two seconds while the page is open. */
export function useCameras(version: number): SetupCameras | undefined {
  const [cameras, setCameras] = useState<SetupCameras>();
  useEffect(() => {
    let isOpen = true;
    const read = async () => {
      const reply = await ask<SetupCameras>('/api/v1/setup/cameras');
      if (isOpen && reply.ok) setCameras(reply.value);
    };
    void read();
    const reading = setInterval(() => void read(), 2_000);
    return () => {
      isOpen = false;
      clearInterval(reading);
    };
  }, [version]);
  return cameras;
}

/** All cameras, what each still lacks, and a new one. */
export function CameraList({ language, go, setup, timeOf, onAdd, refused }: Parts) {
  const listed = useCameras(setup.version);
  return (
    <div class="camera-list">
      <section aria-labelledby="cameras-title">
        <h2 id="cameras-title">{say(language, 'cameras')}</h2>
        <p class="second">{say(language, 'camerasHelp')}</p>
        {setup.cameras.length === 0 && <p>{say(language, 'noCamera')}</p>}
        <ul class="camera-cards">
          {setup.cameras.map((camera) => {
            const found = listed?.cameras.find(({ id }) => id === camera.id);
            const [mark, word, look] = found === undefined ? ['·', undefined, ''] : stateMarks[found.state];
            const [first] = found?.missing ?? [];
            const opens =
              first === undefined
                ? say(language, 'openCamera')
                : `${stepFor[first]} ${say(language, `step${stepFor[first]}` as SetupWord)}`;
            return (
              <li key={camera.id} class="camera-card">
                <div class="camera-head">
                  <h3>{camera.id}</h3>
                  {found !== undefined && word !== undefined && (
                    <span class={`health-item ${look}`}>
                      <span aria-hidden="true">{mark}</span> {say(language, word)}
                    </span>
                  )}
                  <span class="spring" />
                  <button
                    type="button"
                    class="main-button"
                    aria-label={`${opens}: ${camera.id}`}
                    onClick={() =>
                      go('setup', `/${camera.id}?step=${first === undefined ? 1 : stepFor[first]}`)
                    }
                  >
                    {opens}
                    {first !== undefined && <span aria-hidden="true"> →</span>}
                  </button>
                </div>
                <p class="second address">{camera.source}</p>
                {camera.source === browserSource && <PairPage camera={camera.id} language={language} />}
                {found !== undefined && (
                  <>
                    <p>
                      {say(language, 'rateOf', {
                        rate: found.framesPerSecond.toFixed(1),
                        asked: found.asked,
                      })}
                      {found.picture !== undefined && ` · ${found.picture.width}×${found.picture.height}`}
                    </p>
                    <p>
                      {found.missing.length === 0
                        ? `✓ ${say(language, 'nothingMissing')}`
                        : `▲ ${say(language, 'stillMissing', {
                            what: found.missing
                              .map((one) => say(language, missingWords[one]))
                              .join(language === 'zh' ? '、' : ', '),
                          })}`}
                    </p>
                    {found.walked !== undefined && (
                      <p class="second">
                        {say(language, 'walkedAt', {
                          t: timeOf(found.walked.at),
                          n: found.walked.crossings,
                          missed: found.walked.missed,
                        })}
                      </p>
                    )}
                  </>
                )}
              </li>
            );
          })}
        </ul>
      </section>
      <AddCamera language={language} setup={setup} onAdd={onAdd} refused={refused} go={go} />
    </div>
  );
}

const nothingTyped: Typed = { source: '', user: '', password: '' };

function AddCamera(props: Pick<Parts, 'language' | 'setup' | 'onAdd' | 'refused' | 'go'>) {
  const { language, setup, onAdd, refused, go } = props;
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<Typed>(nothingTyped);
  const trial = useTry();
  const id = slugOf(name, `camera-${setup.cameras.length + 1}`);
  const isTaken = setup.cameras.some((camera) => camera.id === id);
  const canAdd = typed.source.trim() !== '' && !isTaken && setup.cannotSave === undefined;
  async function add(): Promise<void> {
    if (await onAdd({ id, ...toSource(typed), framesPerSecond: 5, floor: [] })) go('setup', `/${id}?step=1`);
  }
  return (
    <section class="panel add-camera" aria-labelledby="add-title">
      <h2 id="add-title">{say(language, 'addCamera')}</h2>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void trial.begin({ ...toSource(typed), framesPerSecond: 5 });
        }}
      >
        <label for="camera-name">{say(language, 'cameraName')}</label>
        <input
          id="camera-name"
          class="text"
          autocomplete="off"
          value={name}
          placeholder={id}
          aria-invalid={isTaken}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        {isTaken && <p class="refused">{say(language, 'cameraTaken')}</p>}
        <AddressFields language={language} typed={typed} onType={setTyped} />
        <div class="choices">
          <button type="submit" disabled={typed.source.trim() === '' || trial.isTrying}>
            {say(language, trial.result === undefined ? 'tryIt' : 'tryAgain')}
          </button>
          <button type="button" class="main-button" disabled={!canAdd} onClick={() => void add()}>
            {say(language, 'addIt')}
          </button>
        </div>
      </form>
      <Try trial={trial} language={language} />
      {refused !== undefined && (
        <p class="refused" role="alert">
          {refused.message} {refused.remedy} <span class="code">{refused.code}</span>
        </p>
      )}
      <p class="second">{say(language, 'addHelp')}</p>
    </section>
  );
}
