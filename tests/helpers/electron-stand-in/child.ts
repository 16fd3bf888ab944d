import childProcess from "node:child_process";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";
import { giveParentPort } from "./parent-port.ts";
import { pretendElectron } from "./pretend.ts";

pretendElectron();

const utilityElectron = new URL("./utility-electron.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron" ? { url: utilityElectron, shortCircuit: true } : next(specifier, context),
});

// The fuse that lets the program run as Node is off in our packages, so what forks itself gets no second Node.
childProcess.fork = () => {
  throw new Error("fork() needs the program to run as Node, which is switched off.");
};
syncBuiltinESMExports();

// Threads inherit the arguments of their process, and with them this file; they have ports of their own.
if (isMainThread) giveParentPort();
