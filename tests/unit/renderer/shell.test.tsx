import type { RouteObject } from "react-router";
import { createMemoryRouter, matchRoutes } from "react-router";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ConnectionState } from "../../../src/renderer/api/keep-connected.ts";
import { ComingPage } from "../../../src/renderer/features/coming/coming-page.tsx";
import { createRoutes } from "../../../src/renderer/routes.tsx";
import type { Command } from "../../../src/renderer/shell/commands.ts";
import { useCommands } from "../../../src/renderer/shell/commands.ts";
import { ConnectionBanner } from "../../../src/renderer/shell/connection-banner.tsx";
import { showKeys } from "../../../src/renderer/shell/keys.ts";
import { Rail } from "../../../src/renderer/shell/rail.tsx";
import { rankCommands } from "../../../src/renderer/shell/rank-commands.ts";
import { RestoreBanner } from "../../../src/renderer/shell/restore-banner.tsx";
import { ShortcutList } from "../../../src/renderer/shell/shortcuts.tsx";
import { StatusBar } from "../../../src/renderer/shell/status-bar.tsx";
import { TopBar } from "../../../src/renderer/shell/top-bar.tsx";
import { workspaceOf, workspaces } from "../../../src/renderer/shell/workspaces.ts";
import { themes, useAppearance } from "../../../src/renderer/view/appearance-store.ts";
import { useConnection } from "../../../src/renderer/view/connection-store.ts";
import { useLayout, useOverlay } from "../../../src/renderer/view/layout-store.ts";
import { isHarmless, markupOf, silentCroft, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { messages } from "../../../src/renderer/shell/messages.ts";

const say = wordsIn(messages, "en");

const given = vi.hoisted((): { routes: RouteObject[] } => ({ routes: [] }));

// A hash router needs a window; the addresses that it is given are what is checked here.
vi.mock(import("react-router"), async (original) => {
  const real = await original();
  return {
    ...real,
    createHashRouter: (routes) => {
      given.routes = routes;
      return real.createMemoryRouter(routes);
    },
  };
});

/** The frame's commands, as every reader of them gets them. */
function commandsOfFrame(): Command[] {
  let commands: Command[] = [];
  function Reader() {
    commands = useCommands();
    return null;
  }
  markupOf(<Reader />);
  return commands;
}

function routesOfWindow(): RouteObject[] {
  createRoutes().dispose();
  return given.routes;
}

describe("the addresses of the window", () => {
  const routes = routesOfWindow();
  const leafOf = (address: string) => matchRoutes(routes, address)?.at(-1)?.route;

  test.each(workspaces.map(({ id }) => id))("the rail's %s leads to a page, not back to the chat", (id) => {
    expect(leafOf(`/${id}`)?.path?.split("/")[0]).toBe(id);
  });

  test("every page of the window can be reached from the rail", () => {
    const known = new Set<string>(workspaces.map(({ id }) => id));
    const paths = (routes[0]?.children ?? []).flatMap(({ path }) => (path && path !== "*" ? [path.split("/")[0] ?? ""] : []));
    // The cards of the first start are reached from the palette and the settings.
    expect(paths.filter((path) => !known.has(path))).toEqual(["welcome"]);
    expect(paths).toHaveLength(known.size + 1);
  });

  test.each(["/nowhere", "/nowhere/at/all"])("%s leads to the chat instead of nothing", async (address) => {
    const router = createMemoryRouter(routes, { initialEntries: ["/models", address] });
    onTestFinished(() => router.dispose());
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/chat"), { timeout: 10_000 });
    expect(router.state.historyAction).toBe("REPLACE");
  });

  test("a conversation and a collection have addresses of their own", () => {
    expect(matchRoutes(routes, "/chat/t1")?.at(-1)?.params).toEqual({ thread: "t1" });
    expect(matchRoutes(routes, "/knowledge/c1")?.at(-1)?.params).toEqual({ collection: "c1" });
  });

  test.each(["/chat", "/knowledge", "/models", "/settings"])("the page of %s is found when it is first visited", async (address) => {
    const lazy = leafOf(address)?.lazy;
    if (typeof lazy !== "function") throw new Error(`${address} is not loaded when it is visited`);
    expect((await lazy()).Component).toBeTypeOf("function");
  });

  test("a view that fails has a page that says so", () => {
    expect(routes[0]?.errorElement).toBeDefined();
  });
});

describe("the rail", () => {
  const links = (markup: string) => [...markup.matchAll(/<a\b[^>]*>/g)].map(([link]) => link);
  const attribute = (element: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(element)?.[1];

  test("is a named landmark with one named link a workspace, in its order", () => {
    const markup = markupOf(<Rail />);
    expect(markup).toMatch(/^<nav[^>]*aria-label="Workspaces"/);
    expect(links(markup).map((link) => [attribute(link, "href"), attribute(link, "aria-label")])).toEqual(
      workspaces.map(({ id }) => [`/${id}`, say(id)]),
    );
  });

  test.each(workspaces)("marks $id as the page one is on, and no other", ({ id }) => {
    const current = links(markupOf(<Rail />, { at: `/${id}/inside` })).filter((link) => link.includes('aria-current="page"'));
    expect(current.map((link) => attribute(link, "aria-label"))).toEqual([say(id)]);
  });

  test("shows names when it is wide, and says what its button will do", () => {
    expect(wordsOf(markupOf(<Rail />))).toBe("");
    expect(markupOf(<Rail />)).toContain('aria-label="Widen the rail"');
    const wide = withInitial(useLayout, { railWide: true }, () => markupOf(<Rail />));
    expect(wordsOf(wide)).toBe(workspaces.map(({ id }) => say(id)).join(" "));
    expect(wide).toContain('aria-label="Narrow the rail"');
  });

  test("has an icon a workspace that no other workspace has", () => {
    expect(new Set(workspaces.map(({ icon }) => icon)).size).toBe(workspaces.length);
  });
});

test("the workspace of an address is told by its first part alone", () => {
  expect(workspaceOf("/chat/knowledge")?.id).toBe("chat");
  expect(workspaceOf("/settings")?.id).toBe("settings");
  for (const address of ["", "/", "/chats", "/Chat", "chat"]) expect(workspaceOf(address), address).toBeUndefined();
});

test("the top says where one is, and how to get everywhere", () => {
  expect(wordsOf(markupOf(<TopBar />, { at: "/models" }))).toBe(`Croft / Models Go to, or do ${showKeys("Mod+K")}`);
  expect(markupOf(<TopBar />)).toMatch(/^<div role="banner"/);
});

describe("commands", () => {
  const commands = commandsOfFrame();
  const withKeys = commands.filter(({ keys }) => keys !== undefined);

  test("have ids of their own, or the list would show one in place of the other", () => {
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    expect(commands.every(({ title, group }) => title !== "" && group !== "")).toBe(true);
  });

  test("never share a key: the second would never run", () => {
    expect(new Set(withKeys.map(({ keys }) => keys)).size).toBe(withKeys.length);
  });

  test("lead to every workspace by the number that the rail shows", () => {
    expect(commands.filter(({ id }) => id.startsWith("go.")).map(({ id, keys }) => [id, keys])).toEqual(
      workspaces.map(({ id }, index) => [`go.${id}`, `Mod+${index + 1}`]),
    );
    expect(workspaces.length).toBeLessThanOrEqual(9);
  });

  test.each(["jobs", "palette", "shortcuts"] as const)("%s opens its own layer", (id) => {
    useOverlay.getState().hide();
    commands.find((command) => command.id === id)?.run();
    expect(useOverlay.getState().open).toBe(id);
    useOverlay.getState().hide();
  });

  test.each(themes)("there is one for the theme %s, and it sets that theme", (theme) => {
    commands.find(({ id }) => id === `theme.${theme}`)?.run();
    expect(useAppearance.getState().theme).toBe(theme);
    useAppearance.getState().setTheme("auto");
  });

  test("list and rail are turned over and back", () => {
    const before = useLayout.getState();
    for (const [id, key] of [
      ["list", "listOpen"],
      ["rail", "railWide"],
    ] as const) {
      const run = () => commands.find((command) => command.id === id)?.run();
      run();
      expect(useLayout.getState()[key]).toBe(!before[key]);
      run();
      expect(useLayout.getState()[key]).toBe(before[key]);
    }
  });

  test("are all found by their own title, each first", () => {
    for (const command of commands) expect(rankCommands(commands, command.title)[0]?.title, command.id).toBe(command.title);
  });

  test("no command is found by words that no title has", () => {
    expect(rankCommands(commands, "xyzzy")).toEqual([]);
    expect(rankCommands(commands, "go xyzzy")).toEqual([]);
  });
});

describe("the list of shortcuts", () => {
  const commands = commandsOfFrame();
  const markup = markupOf(<ShortcutList commands={commands} />);
  const sections = [...markup.matchAll(/<section>(.*?)<\/section>/g)].map(([, section]) => section ?? "");
  const rows = (section: string | undefined) =>
    [...(section ?? "").matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, keys, title]) => [wordsOf(keys ?? ""), title]);

  test("has exactly the commands that have a key, under Everywhere: none is hidden, none is made up", () => {
    expect(rows(sections[0])).toEqual(commands.flatMap(({ keys, title }) => (keys ? [[showKeys(keys), title]] : [])));
    expect(wordsOf(sections[0] ?? "")).toMatch(/^Everywhere/);
  });

  test("has a heading for every place, and keys in every place", () => {
    expect(markup.match(/<h3/g)).toHaveLength(sections.length);
    expect(sections.length).toBeGreaterThan(2);
    for (const section of sections) expect(rows(section).length, section).toBeGreaterThan(0);
  });

  test("names no key twice in one place", () => {
    for (const section of sections) {
      const keys = rows(section).map(([key]) => key);
      expect(new Set(keys).size, keys.join()).toBe(keys.length);
    }
  });
});

describe("a restore that was asked for", () => {
  const banner = (more: object) => {
    const croft = silentCroft();
    const info = {
      version: "1",
      host: "server",
      platform: "linux",
      cores: 2,
      memory: { total: 1, free: 1, core: 1 },
      profile: "/p",
    } as const;
    croft.cache.setQueryData(croft.orpc.system.info.queryKey({ input: {} }), { ...info, offline: false, engines: [], ...more });
    return markupOf(<RestoreBanner />, { croft });
  };

  test("and was done, or never asked for, is not spoken of", () => {
    expect(banner({})).toBe("");
    expect(markupOf(<RestoreBanner />)).toBe("");
  });

  // Catches a backup that did not take the place of the profile, and nobody who is told.
  test("and was refused is told aloud, with the reason, what was kept, and the next step", () => {
    const markup = banner({ restoreRefused: { code: "NOT_FOUND", message: "There is no file <b>x</b>.", hint: "Choose another." } });
    expect(markup).toMatch(/^<div role="alert"/);
    expect(wordsOf(markup)).toContain("your profile is as it was: There is no file");
    expect(wordsOf(markup)).toContain("Choose another.");
    expect(markup).toContain('aria-label="Close"');
    expect(isHarmless(markup)).toBe(true);
  });
});

describe("the connection", () => {
  const banner = (state: ConnectionState) => withInitial(useConnection, { state }, () => markupOf(<ConnectionBanner />));
  const status = (state: ConnectionState) => withInitial(useConnection, { state }, () => wordsOf(markupOf(<StatusBar />)));

  test("that is there, or is only just being made, raises no alarm", () => {
    expect(banner("connected")).toBe("");
    expect(banner("connecting")).toBe("");
  });

  test("that was lost is told aloud, with what was kept", () => {
    expect(banner("reconnecting")).toMatch(/^<div role="alert"/);
    expect(wordsOf(banner("reconnecting"))).toContain("What was saved is kept");
  });

  test("that was refused says what to do, and does not pretend to try again", () => {
    expect(wordsOf(banner("refused"))).toContain("Open the address that the server printed");
    expect(wordsOf(banner("refused"))).not.toContain("Reconnecting");
  });

  test.each([
    ["connecting", "Connecting"],
    ["reconnecting", "Reconnecting"],
    ["refused", "Not connected"],
  ] as const)("%s is the word %s in the status bar", (state, word) => {
    expect(status(state)).toContain(word);
  });

  test("that is there takes no room in the status bar", () => {
    expect(status("connected")).not.toMatch(/onnect/);
  });
});

test("the status bar always tells of jobs and of what leaves this machine, even before core answered", () => {
  const markup = markupOf(<StatusBar />);
  expect(markup).toMatch(/^<div role="contentinfo" aria-label="Status"/);
  expect(wordsOf(markup)).toContain("No jobs");
  expect(wordsOf(markup)).toContain("Local only");
});

test.each(["agents", "datasets", "dashboard"] as const)("the page of %s says that it is not built yet", (workspace) => {
  const markup = markupOf(<ComingPage workspace={workspace} />);
  expect(markup).toMatch(/^<main[^>]*data-region/);
  expect(markup).toContain(`>${say(workspace)}</h1>`);
  expect(wordsOf(markup)).toContain("Not built yet");
  expect(markup).not.toMatch(/<button|<a\b|<input/);
});
