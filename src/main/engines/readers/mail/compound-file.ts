/** Ends of chains, and what is no sector (MS-CFB 2.1). */
const firstSpecial = 0xfffffffa;
const headerBytes = 512;
const entryBytes = 128;

/**
 * Walks every chain of a compound file (MS-CFB) once, before a parser does that has no end of its own: counts that the
 * file has no room for, and chains or folders that lead back to themselves. A file that is cut short passes.
 * @throws when the file would keep a parser busy for ever
 */
export function requireSoundChains(bytes: Uint8Array): void {
  if (bytes.length < headerBytes) throw new Error("no compound file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (offset: number) => (offset + 4 <= view.byteLength ? view.getUint32(offset, true) : firstSpecial);
  const sectorShift = view.getUint16(30, true);
  const miniShift = view.getUint16(32, true);
  if ((sectorShift !== 9 && sectorShift !== 12) || miniShift !== 6) throw new Error("sectors of no known size");
  const sectorBytes = 1 << sectorShift;
  const offsetOf = (sector: number) => (sector + 1) * sectorBytes;
  const sectors = Math.ceil(bytes.length / sectorBytes);
  for (const count of [at(44), at(64), at(72)]) if (count > sectors) throw new Error("more sectors are named than there are");

  /** Sectors from the first on; `next` gives what follows one. */
  function chain(first: number, next: (sector: number) => number, most: number): number[] {
    const found: number[] = [];
    for (let sector = first; sector < firstSpecial; sector = next(sector)) {
      if (found.length >= most) throw new Error("a chain of sectors leads back to itself");
      found.push(sector);
    }
    return found;
  }

  const perSector = sectorBytes / 4;
  const more = chain(at(68), (sector) => at(offsetOf(sector) + sectorBytes - 4), sectors);
  const tables = [
    ...Array.from({ length: 109 }, (_, index) => at(76 + index * 4)),
    ...more.flatMap((sector) => Array.from({ length: perSector - 1 }, (_, index) => at(offsetOf(sector) + index * 4))),
  ].filter((sector) => sector < sectors);
  const nextOf = (sector: number): number => {
    const table = tables[Math.floor(sector / perSector)];
    return table === undefined ? firstSpecial : at(offsetOf(table) + (sector % perSector) * 4);
  };
  const miniTables = chain(at(60), nextOf, sectors);
  const nextMini = (sector: number): number => {
    const table = miniTables[Math.floor(sector / perSector)];
    return table === undefined ? firstSpecial : at(offsetOf(table) + (sector % perSector) * 4);
  };

  const entries = chain(at(48), nextOf, sectors).flatMap((sector) =>
    Array.from({ length: sectorBytes / entryBytes }, (_, index) => offsetOf(sector) + index * entryBytes),
  );
  requireTree(entries, at);
  const cutoff = at(56);
  for (const [index, entry] of entries.entries()) {
    const type = entry + 66 < view.byteLength ? view.getUint8(entry + 66) : 0;
    const [first, size] = [at(entry + 116), at(entry + 120)];
    if (type === 5 && index === 0) chain(first, nextOf, sectors);
    if (type !== 2 || size === 0) continue;
    if (size >= cutoff) chain(first, nextOf, sectors);
    else chain(first, nextMini, miniTables.length * perSector);
  }
}

/** Folders and their siblings are a tree: each entry is reached once. */
function requireTree(entries: readonly number[], at: (offset: number) => number): void {
  const seen = new Set<number>();
  const open = [0];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const entry = entries[id];
    if (entry === undefined) continue;
    if (seen.has(id)) throw new Error("a folder lies in itself");
    seen.add(id);
    open.push(...[68, 72, 76].map((field) => at(entry + field)).filter((next) => next < entries.length));
  }
}
