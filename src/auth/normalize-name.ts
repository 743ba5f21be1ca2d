/** One spelling of a name: "é" typed on one keyboard is two characters on another. */
export const normalizeName = (name: string) => name.normalize('NFC').trim();
