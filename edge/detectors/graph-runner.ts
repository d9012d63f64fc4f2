/** A model loaded into a runtime: bytes of a picture in, named tables of numbers out. */
export interface GraphRunner {
  /** The runtime and what it runs on, for health: `onnxruntime (cpu, 1 thread)`. */
  readonly name: string;
  /**
   * @param rgb packed R, G, B bytes, row by row, of the model's input size
   * @returns each output's numbers by its name, row by row
   */
  run(rgb: Uint8Array): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}
