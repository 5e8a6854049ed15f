/** 8-bit pixels, row by row, channels interleaved. */
export interface Pixels {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array;
}
