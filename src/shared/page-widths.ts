/** Pixels in which pages are drawn; few, so that what was drawn once is found again. Apart from the schemas, which no page loads. */
export const pageWidths = [320, 480, 640, 960, 1280, 1920, 2560] as const;
