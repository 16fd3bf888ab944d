import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand, type Group } from "../command.ts";
import { columns, harmless } from "../text.ts";

const list = defineCommand({
  summary: "All recipes",
  args: [],
  options: {},
  examples: [["croft batch recipes list", "Name, version, fields, rules"]],
  async run({ open, output }) {
    const { client } = await open();
    const recipes = await client.batch.listRecipes({});
    output.result(recipes, () =>
      columns(
        recipes.map(({ name, version, fields, rules, title }) => [
          name,
          String(version),
          `${fields} fields`,
          `${rules} rules`,
          harmless(title),
        ]),
      ),
    );
    return 0;
  },
});

const show = defineCommand({
  summary: "A recipe as the file that can be shared",
  args: [{ name: "NAME", description: "The recipe" }],
  options: { revision: { type: "number", value: "N", description: "An older version" } },
  examples: [
    ["croft batch recipes show invoice > my-invoice.json", "To be changed, and imported"],
    ["croft batch recipes show invoice --revision 1", "As it was before"],
  ],
  async run({ args: [name = ""], values, open, output }) {
    const { client } = await open();
    const recipe = await client.batch.getRecipe({ name, ...(values.revision === undefined ? {} : { version: values.revision }) });
    output.result(recipe, () => JSON.stringify(recipe, null, 2));
    return 0;
  },
});

const validate = defineCommand({
  summary: "Whether a file is a recipe, and if not, why",
  args: [{ name: "FILE", description: "A recipe's file" }],
  options: {},
  examples: [["croft batch recipes validate my-invoice.json", "Exit code 4 when it is refused"]],
  async run({ args: [file = ""], open, output }) {
    const text = await readFile(resolve(file), "utf8").catch((cause: unknown) => {
      throw new AppError("NOT_FOUND", `${file} could not be read.`, { hint: "Check the path, and that you may read it.", cause });
    });
    const { client } = await open();
    const checked = await client.batch.validateRecipe({ text: text.slice(0, 1_000_000) });
    output.result({ ok: checked.ok, problems: checked.problems }, (paint) =>
      checked.ok
        ? "It is a recipe."
        : checked.problems.map(({ path, message }) => `${paint("red", harmless(path) || "recipe")}  ${harmless(message)}`).join("\n"),
    );
    return checked.ok ? 0 : 4;
  },
});

const importRecipe = defineCommand({
  summary: "Add a recipe from a file; a known name gets a new version",
  args: [{ name: "FILE", description: "A recipe's file" }],
  options: {},
  examples: [["croft batch recipes import my-invoice.json", "Use it by its name from then on"]],
  async run({ args: [file = ""], open, output }) {
    const { client } = await open();
    const recipe = await client.batch.importRecipe({ path: resolve(file) });
    output.result(recipe, () => `${recipe.name} ${recipe.version}`);
    return 0;
  },
});

const measure = defineCommand({
  summary: "How a recipe does on the documents that you reviewed",
  args: [{ name: "NAME", description: "The recipe" }],
  options: { revision: { type: "number", value: "N", description: "An older version" } },
  examples: [["croft batch recipes measure invoice", "Right, wrong and missing, by field"]],
  async run({ args: [name = ""], values, open, output }) {
    const { client } = await open();
    const measured = await client.batch.measureRecipe({ name, ...(values.revision === undefined ? {} : { version: values.revision }) });
    output.result(measured, () =>
      measured.fields.length === 0
        ? "Nobody has accepted or corrected a value yet."
        : columns(
            measured.fields.map(({ field, right, wrong, missing }) => [
              harmless(field),
              `${right} right`,
              `${wrong} wrong`,
              `${missing} missing`,
            ]),
          ),
    );
    return 0;
  },
});

const suggest = defineCommand({
  summary: "Propose fields from sample files",
  args: [{ name: "FILE", description: "Up to five samples", many: true }],
  options: { name: { type: "string", value: "NAME", description: "Name of the recipe" } },
  examples: [["croft batch recipes suggest sample.pdf > mine.json", "A beginning, to be changed and imported"]],
  async run({ args, values, open, output, signal }) {
    const { client } = await open();
    const recipe = await client.batch.suggestFields(
      { paths: args.map((path) => resolve(path)), ...(values.name === undefined ? {} : { name: values.name }) },
      { signal },
    );
    output.result(recipe, () => JSON.stringify(recipe, null, 2));
    return 0;
  },
});

export const recipes: Group = {
  summary: "What is read from documents, and how it is checked",
  commands: { list, show, validate, import: importRecipe, measure, suggest },
};
