/** What `electron` holds inside a utility process; the app's own code never asks, libraries do. */
export const net = {};
export const systemPreferences = {};
export default { net, systemPreferences };
