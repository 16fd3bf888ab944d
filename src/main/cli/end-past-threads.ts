/** Longer than anything takes that still has to be written once the profile is closed. */
const graceMs = 10_000;

/**
 * Sees to it that a command ends whose work is done. A thread that computes in native code and does not come back keeps
 * the process; to end that thread, or to exit normally, would abort it in the middle. The profile is closed by then and
 * nothing is left to lose, so the process is killed.
 */
export function endPastThreads(note: (text: string) => void, afterMs = graceMs): void {
  setTimeout(() => {
    // Whoever reads slowly, a pager for one, is no thread that hangs.
    if (process.stdout.writableLength > 0 || process.stderr.writableLength > 0) return endPastThreads(note, afterMs);
    note("A computation did not end when it was told to. Croft ends without it; nothing that was stored is lost.");
    process.kill(process.pid, "SIGKILL");
  }, afterMs).unref();
}
