import { acquireProfileLock } from "../../src/main/core/profile-lock.ts";

// A process that takes a profile's lock and keeps it until it is killed.
acquireProfileLock(process.argv[2] ?? "", "server");
process.send?.("held");
process.stdin.resume();
setInterval(() => {}, 60_000);
