import type { Page } from "playwright-core";

/** Milliseconds between the animation frames of the page while something goes on. */
export async function frames(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    let last = performance.now();
    const step = (now: number) => {
      times.push(now - last);
      last = now;
      if (Reflect.get(window, "frameTimes") === times) requestAnimationFrame(step);
    };
    Reflect.set(window, "frameTimes", times);
    requestAnimationFrame(step);
  });
  await work();
  const times: unknown = await page.evaluate(() => {
    const measured: unknown = Reflect.get(window, "frameTimes");
    Reflect.set(window, "frameTimes", undefined);
    return measured;
  });
  return Array.isArray(times) ? times.slice(1).map(Number) : [];
}
