// Collects every test's outcome and the reason of every skip, as JSON in the file that CROFT_TEST_REPORT names.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export default class OutcomeReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = [];
    for (const module of modules) {
      const { moduleId: file } = module;
      const project = module.project.name;
      for (const test of module.children.allTests()) {
        const result = test.result();
        tests.push({ project, file, name: test.fullName, state: result.state, note: result.note });
      }
      // A module that cannot be loaded has no tests, and must not pass for that.
      for (const error of module.errors()) tests.push({ project, file, name: "loading the file", state: "failed", note: error.message });
    }
    for (const error of unhandledErrors)
      tests.push({ project: "", file: "", name: "unhandled error", state: "failed", note: error.message });
    const path = process.env.CROFT_TEST_REPORT;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(tests));
  }
}
