/**
 * The few pictures between a camera that gives them and a detector that takes them.
 *
 * - `wait`: the giver waits while `bound` pictures lie here; none is lost;
 * - `newest-wins`: a picture that nobody fetched makes room for a newer one and is counted.
 *
 * One giver and one taker. What has been given is handed out before an end or a failure is told.
 */
export class PictureQueue<Picture> {
  readonly #bound: number;
  readonly #whenFull: 'wait' | 'newest-wins';
  readonly #letGo: (picture: Picture) => void;
  readonly #pictures: Picture[] = [];
  #state: 'open' | 'ended' = 'open';
  #failure: unknown;
  #dropped = 0;
  #changed: (() => void)[] = [];

  /** @param letGo frees a picture that nobody will take */
  constructor(bound: number, whenFull: 'wait' | 'newest-wins', letGo: (picture: Picture) => void) {
    this.#bound = bound;
    this.#whenFull = whenFull;
    this.#letGo = letGo;
  }

  /** Pictures that made room for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Resolves once the picture has found a place; after `discard` there is none, and it is let go. */
  async give(picture: Picture): Promise<void> {
    if (this.#whenFull === 'wait') {
      while (this.#state === 'open' && this.#pictures.length >= this.#bound) await this.#change();
    }
    if (this.#state === 'ended') return this.#letGo(picture);
    while (this.#pictures.length >= this.#bound) {
      this.#letGo(this.#pictures.shift()!);
      this.#dropped += 1;
    }
    this.#pictures.push(picture);
    this.#tell();
  }

  /** No more pictures will come; with a failure, the taker gets it after the last one. */
  end(failure?: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#failure = failure;
    this.#tell();
  }

  /** Ends at once: what lies here is let go, a waiting taker gets the end. */
  discard(): void {
    for (const picture of this.#pictures.splice(0)) this.#letGo(picture);
    this.#state = 'ended';
    this.#failure = undefined;
    this.#tell();
  }

  /** The next picture, or undefined at the end. @throws what `end` was given, once */
  async take(): Promise<Picture | undefined> {
    await this.ready();
    const picture = this.#pictures.shift();
    if (picture) {
      this.#tell();
      return picture;
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    return undefined;
  }

  /** Resolves when `take` would not have to wait. */
  async ready(): Promise<void> {
    while (this.#state === 'open' && this.#pictures.length === 0) await this.#change();
  }

  /** The picture `take` would give, without taking it. */
  get next(): Picture | undefined {
    return this.#pictures[0];
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
