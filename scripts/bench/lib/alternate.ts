/**
 * Runs two things in turn, the first in front in every second round, so that what the machine does meanwhile falls on
 * both alike.
 * @returns what they gave, round by round
 */
export async function alternate<Ours, Theirs>(
  rounds: number,
  ours: (round: number) => Promise<Ours>,
  theirs: (round: number) => Promise<Theirs>,
): Promise<{ ours: Ours[]; theirs: Theirs[] }> {
  const results: { ours: Ours[]; theirs: Theirs[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) results.ours.push(await ours(round));
    results.theirs.push(await theirs(round));
    if (round % 2 === 1) results.ours.push(await ours(round));
  }
  return results;
}
