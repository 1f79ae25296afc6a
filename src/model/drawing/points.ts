// What drawings are made of: places and extents in the plane, x to the right and y down.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
