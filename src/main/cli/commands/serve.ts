import { once } from "node:events";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";

/** Ports have 16 bits. */
const LAST_PORT = 65_535;

export const serve = defineCommand({
  summary: "The headless server with the browser interface, on this machine only",
  args: [],
  options: { port: { type: "number", value: "N", description: "Port (any free one when left out)" } },
  examples: [
    ["croft serve", "Print the address and a link that opens the interface in one browser, once"],
    ["croft serve --port 4010 --json", "Print {address, link, token}; programs send the token as bearer"],
  ],
  async run({ values, profile, offline, output, signal }) {
    if ((values.port ?? 0) > LAST_PORT) {
      throw new AppError("INVALID_INPUT", `--port is at most ${LAST_PORT}; not ${values.port}.`, { hint: "See: croft serve --help" });
    }
    const { startServer } = await import("../../server.ts");
    const server = await startServer({ profile, offline, port: values.port ?? 0 });
    try {
      const { address, token } = server;
      const link = server.createLink();
      output.result({ address, link, token }, (paint) => `${paint("bold", address)}\n${link}`);
      output.notice("The link works once. Ctrl-C ends the server.");
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await server.close();
    }
    return 0;
  },
});
