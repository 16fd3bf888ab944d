/**
 * No message port and no WebSocket has backpressure, so streams bring their own: core stops a stream after
 * `streamWindow` items that were not acknowledged, and a client acknowledges what its consumer has taken, in groups.
 * An acknowledgement is a frame `{ i: id of the call, t: 5, p: number of items }`, beside the frame types of oRPC (1 to 4).
 */
export const streamWindow = 32;
export const acknowledgeEvery = 8;
export const acknowledgeType = 5;
