import { os } from "../../../src/main/core/implementer.ts";
import { now } from "./scripted-data.ts";

/** What a scripted core says of its machine; writes are kept. */
export function scriptedSystem(requests: { route: string; input: unknown }[]) {
  const keep = <Input>(route: string, input: Input): Input => (requests.push({ route, input }), input);
  return {
    doctor: os.system.doctor.handler(() => [
      { id: "machine", title: "Machine", state: "ok" as const, message: "2 cores, 8.0 GB of memory." },
      { id: "profile", title: "Profile folder", state: "ok" as const, message: "/home/ada/.local/share/croft, 41.2 GB free." },
      { id: "ocr", title: "OCR languages", state: "ok" as const, message: "Installed: deu, eng." },
    ]),
    backup: os.system.backup.handler(({ input }) => ({ file: keep("backup", input).file, bytes: 4_200_000 })),
    restore: os.system.restore.handler(({ input }) => ({ file: keep("restore", input).file })),
    storage: os.system.storage.handler(() => ({
      profile: "/home/ada/.local/share/croft",
      models: "/home/ada/.local/share/croft/models",
      free: 41.2e9,
      parts: [
        { id: "truth" as const, bytes: 18.2e6, files: 3 },
        { id: "index" as const, bytes: 44e6, files: 3 },
        { id: "files" as const, bytes: 2e6, files: 4 },
        { id: "snapshots" as const, bytes: 17e6, files: 2 },
        { id: "logs" as const, bytes: 300_000, files: 1 },
        { id: "models" as const, bytes: 1.15e9, files: 9 },
        { id: "other" as const, bytes: 1200, files: 2 },
      ],
    })),
    egress: os.system.egress.handler(() => [
      { at: now, purpose: "models" as const, host: "hub.example", outcome: "answered" as const },
      { at: now - 60_000, purpose: "url" as const, host: "192.168.1.4", outcome: "refused" as const },
    ]),
    diagnostics: os.system.diagnostics.handler(() => ({ name: "croft-diagnostics.json", text: "{}" })),
  };
}
