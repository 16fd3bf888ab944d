import type { BatchResult, BatchRunResult, FieldValue } from "../../src/shared/contract/batch.ts";
import { allResults } from "../../scripts/eval/lib/batch/all-results.ts";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import { jobEnd } from "./core.ts";
import { makePdf } from "./make-pdf.ts";

/** What an invoice of the tests says; every number in it can be changed. */
export type InvoiceText = {
  vendor?: string;
  number?: string;
  date?: string;
  due?: string;
  net?: string;
  tax?: string;
  total?: string;
  iban?: string;
};

/** One page with labels on the left and values to their right. */
export function invoicePage(text: InvoiceText = {}) {
  const {
    vendor = "Alder & Finch Ltd",
    number = "INV-1001",
    date = "2024-03-05",
    due = "2024-04-04",
    net = "100.00",
    tax = "20.00",
    total = "120.00",
    iban,
  } = text;
  const rows: [string, string][] = [
    ["Invoice number:", number],
    ["Invoice date:", date],
    ["Due date:", due],
    ["Net total:", `£${net}`],
    ["VAT:", `£${tax}`],
    ["Total due:", `£${total}`],
    ...(iban === undefined ? [] : [["IBAN:", iban] as [string, string]]),
  ];
  return {
    texts: [
      { x: 50, y: 60, text: vendor, size: 16 },
      ...rows.flatMap(([label, value], row) => [
        { x: 50, y: 120 + row * 20, text: label },
        { x: 200, y: 120 + row * 20, text: value },
      ]),
    ],
  };
}

export const invoicePdf = (...pages: InvoiceText[]): Buffer => Buffer.from(makePdf((pages.length > 0 ? pages : [{}]).map(invoicePage)));

/** Runs a folder by rules alone and waits. @throws when the job did not end well */
export async function runFolder(
  client: CroftClient,
  folder: string,
  more: { recipe?: { name: string; version?: number }; name?: string; passwords?: string[] } = {},
): Promise<BatchRunResult> {
  const { jobId } = await client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none", ...more });
  const job = await jobEnd(client, jobId);
  if (job.state !== "done") throw new Error(`The job is ${job.state}: ${job.error?.code} ${job.error?.message}`);
  return job.result as BatchRunResult;
}

/** All documents of a run by the end of their path. */
export async function resultsOf(client: CroftClient, run: string): Promise<Map<string, BatchResult>> {
  const results = await allResults(client, run);
  return new Map(
    results.map((result) => [
      `${result.document.path.split("/").at(-1)}${result.document.part === undefined ? "" : `#${result.document.part}`}`,
      result,
    ]),
  );
}

/** A scalar field of a result. @throws when it is a list or missing */
export function fieldOf(result: Pick<BatchResult, "fields"> | undefined, name: string): FieldValue {
  const field = result?.fields[name];
  if (field === undefined || Array.isArray(field)) throw new Error(`there is no value ${name}`);
  return field;
}
