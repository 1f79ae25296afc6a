// What wrangler makes of an imported .bin file.
declare module '*.bin' {
  const bytes: ArrayBuffer;
  export default bytes;
}
