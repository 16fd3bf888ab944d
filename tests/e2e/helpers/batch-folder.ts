import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { invoicePdf } from "../../helpers/batch.ts";
import { jobEnd } from "../../helpers/core.ts";

/** Seven small invoices: two whose sums are wrong, one copy, one broken file. `close` is up to the caller. */
export async function makeInvoices(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "croft-invoices-"));
  const folder = join(parent, "invoices");
  await mkdir(folder);
  const files: Record<string, Buffer | string> = {
    "alder-1001.pdf": invoicePdf({}),
    "alder-1002.pdf": invoicePdf({
      number: "INV-1002",
      date: "2024-03-12",
      due: "2024-04-11",
      net: "250.00",
      tax: "50.00",
      total: "300.00",
    }),
    "alder-1002-copy.pdf": invoicePdf({
      number: "INV-1002",
      date: "2024-03-12",
      due: "2024-04-11",
      net: "250.00",
      tax: "50.00",
      total: "300.00",
    }),
    "birch-77.pdf": invoicePdf({ vendor: "Birch Marine Ltd", number: "BM-77", net: "80.00", tax: "16.00", total: "98.00" }),
    "birch-78.pdf": invoicePdf({
      vendor: "Birch Marine Ltd",
      number: "BM-78",
      net: "40.00",
      tax: "8.00",
      total: "48.00",
      iban: "GB29NWBK60161331926819",
    }),
    "cedar-9.pdf": invoicePdf({ vendor: "Cedar Rope Works Ltd", number: "CR-9", net: "500.00", tax: "100.00", total: "660.00" }),
    "torn.pdf": "%PDF-1.7\nthe rest of this file was lost",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** Reads the folder by rules alone and waits. @returns the id of the run */
export async function runInvoices(client: CroftClient, folder: string): Promise<string> {
  const { run, jobId } = await client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none" });
  await jobEnd(client, jobId);
  return run.id;
}
